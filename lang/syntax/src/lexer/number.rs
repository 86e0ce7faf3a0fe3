//! Numbers, quantities and durations: where they end, what kind they are, and what is wrong with the rest.

use forge_base::{Code, Diag};

use super::Lexer;
use crate::token::TokenKind;

/// The suffixes of quantities.
const QUANTITY: &[&str] = &["n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/// The suffixes of durations.
const DURATION: &[&str] = &["ns", "us", "ms", "s", "min", "h", "d"];

/// A number's text, cut into its parts.
struct Parts<'a> {
    fraction: bool,
    exponent: bool,
    suffix: &'a str,
    len: usize,
}

fn digits(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|b| b.is_ascii_digit() || *b == b'_') {
        at += 1;
    }
    at
}

fn word(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        at += 1;
    }
    at
}

fn cut(rest: &str) -> Parts<'_> {
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = digits(bytes, 0);
    let fraction = bytes.get(at) == Some(&b'.') && digit(at + 1);
    if fraction {
        at = digits(bytes, at + 1);
    }
    let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
    let exponent = matches!(bytes.get(at), Some(b'e' | b'E')) && digit(at + 1 + usize::from(signed));
    if exponent {
        at = digits(bytes, at + 1 + usize::from(signed));
    }
    let len = word(bytes, at);
    Parts { fraction, exponent, suffix: &rest[at..len], len }
}

impl Lexer<'_> {
    /// Reads the number that begins at `start`: where it ends and its kind.
    pub(super) fn number(&mut self, start: usize) -> (usize, TokenKind) {
        let rest = &self.text[start..];
        let bytes = rest.as_bytes();
        if bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'o' | b'b' | b'X' | b'O' | b'B')) {
            return self.radix_number(start, word(bytes, 2));
        }
        let parts = cut(rest);
        let end = start + parts.len;
        let kind = match parts.suffix {
            "" if parts.fraction || parts.exponent => TokenKind::Float,
            "" => return (end, self.plain_int(start, end)),
            suffix if !parts.exponent && QUANTITY.contains(&suffix) => TokenKind::Quantity,
            suffix if !parts.exponent && DURATION.contains(&suffix) => TokenKind::Duration,
            _ => {
                self.bad_suffix(start, end, &parts);
                TokenKind::BadNumber
            }
        };
        (end, kind)
    }

    fn radix_number(&mut self, start: usize, len: usize) -> (usize, TokenKind) {
        let text = &self.text[start..start + len];
        let radix = match text.as_bytes()[1] {
            b'x' => 16,
            b'o' => 8,
            _ => 0,
        };
        let fits = radix > 0 && text.len() > 2 && text[2..].chars().all(|c| c == '_' || c.is_digit(radix));
        if fits && text[2..].chars().any(|c| c != '_') {
            return (start + len, TokenKind::Int);
        }
        let diag = Diag::error(Code::BAD_NUMBER, format!("`{text}` is not a number"))
            .at(self.span(start, start + len), "whole numbers are written as `42`, `1_000`, `0xff` or `0o644`");
        self.diags.push(diag);
        (start + len, TokenKind::BadNumber)
    }

    /// Rejects a leading zero, which other languages read as octal.
    fn plain_int(&mut self, start: usize, end: usize) -> TokenKind {
        let text = &self.text[start..end];
        if text.len() > 1 && text.starts_with('0') && text.bytes().any(|b| b != b'0' && b != b'_') {
            let plain = text.trim_start_matches(['0', '_']);
            let mut diag = Diag::error(Code::BAD_NUMBER, format!("`{text}` begins with a zero"))
                .at(self.span(start, end), "some readers take this for an octal number");
            if text.bytes().all(|b| matches!(b, b'0'..=b'7' | b'_')) {
                diag =
                    diag.maybe_fix(format!("write the octal `0o{plain}`"), self.span(start, end), format!("0o{plain}"));
            }
            diag = diag.maybe_fix(format!("write the decimal `{plain}`"), self.span(start, end), plain);
            self.diags.push(diag);
            return TokenKind::BadNumber;
        }
        TokenKind::Int
    }

    fn bad_suffix(&mut self, start: usize, end: usize, parts: &Parts<'_>) {
        let text = &self.text[start..end];
        let span = self.span(start, end);
        let mut diag = Diag::error(Code::BAD_NUMBER, format!("`{text}` is not a number"));
        if let Some(sum) = compound(text) {
            diag = diag.at(span, "a duration has one number and one unit").fix(format!("write `{sum}`"), span, sum);
        } else if parts.exponent {
            diag = diag.at(span, "a number with an exponent takes no unit");
        } else {
            diag = diag
                .at(span, format!("`{}` is not a unit", parts.suffix))
                .note("units of quantities: n u m k M G T P E, Ki Mi Gi Ti Pi Ei")
                .note("units of durations: ns us ms s min h d");
            if let Some(unit) = near_unit(parts.suffix) {
                let number = &text[..text.len() - parts.suffix.len()];
                diag = diag.maybe_fix(format!("write `{number}{unit}`"), span, format!("{number}{unit}"));
            }
        }
        self.diags.push(diag);
    }
}

/// `1h + 30min` for `1h30m`.
fn compound(text: &str) -> Option<String> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit()).filter(|&at| at > 0)?;
        let unit = rest[number..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| number + at);
        let name = match &rest[number..unit] {
            "m" => "min",
            name => DURATION.iter().copied().find(|d| *d == name)?,
        };
        pieces.push(format!("{}{name}", &rest[..number]));
        rest = &rest[unit..];
    }
    (pieces.len() > 1).then(|| pieces.join(" + "))
}

/// The unit that a wrong one likely means.
fn near_unit(suffix: &str) -> Option<&'static str> {
    Some(match suffix {
        "K" | "kb" | "kB" | "KB" => "k",
        "ki" | "kib" | "KiB" | "kiB" => "Ki",
        "mb" | "MB" => "M",
        "mi" | "mib" | "MiB" => "Mi",
        "gb" | "GB" | "g" => "G",
        "gi" | "gib" | "GiB" => "Gi",
        "t" | "tb" | "TB" => "T",
        "ti" | "TiB" => "Ti",
        "sec" | "secs" | "second" | "seconds" => "s",
        "mins" | "minute" | "minutes" => "min",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "d",
        "msec" => "ms",
        _ => return None,
    })
}
