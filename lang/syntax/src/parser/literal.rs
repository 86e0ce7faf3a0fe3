//! The values of literals: numbers, quantities, durations and strings.

use forge_base::{Code, Diag, Duration, Quantity, Span, quantity};

use super::Parser;
use crate::ast::*;
use crate::token::TokenKind;

const NANOS: i128 = 1_000_000_000;

/// The literal `i64::MIN` is a minus sign and this.
const MIN_MAGNITUDE: u64 = 1 << 63;

impl Parser<'_> {
    /// The magnitude of a whole number.
    fn magnitude(&self, at: u32) -> Option<u64> {
        let text = self.token_text(at as usize).replace('_', "");
        let (digits, radix) = match text.as_bytes() {
            [b'0', b'x', ..] => (&text[2..], 16),
            [b'0', b'o', ..] => (&text[2..], 8),
            _ => (text.as_str(), 10),
        };
        u64::from_str_radix(digits, radix).ok()
    }

    /// A whole number. The one that only fits with a minus sign before it is taken if there is one.
    pub(crate) fn int(&mut self, at: u32, l: u32, r: u32) -> Expr {
        let kind = match self.magnitude(at) {
            Some(value) if value < MIN_MAGNITUDE => ExprKind::Int(value as i64),
            Some(MIN_MAGNITUDE) if self.behind_sign(at as usize) => ExprKind::Int(i64::MIN),
            _ => {
                self.report_too_large(at);
                ExprKind::Error
            }
        };
        self.expr(kind, l, r)
    }

    /// Whether the token follows a minus sign that does not subtract.
    fn behind_sign(&self, at: usize) -> bool {
        use TokenKind::*;
        let before = |n: usize| at.checked_sub(n).map(|i| self.tree[i].kind);
        let operand = matches!(before(2), Some(Ident | Quoted | Int | Float | StrClose | RParen | RBracket | RBrace));
        before(1) == Some(Minus) && !operand
    }

    /// A whole number as a key or a type.
    pub(crate) fn int_key(&mut self, at: u32, negative: bool) -> i64 {
        match self.magnitude(at) {
            Some(value) if value < MIN_MAGNITUDE => {
                if negative {
                    -(value as i64)
                } else {
                    value as i64
                }
            }
            Some(MIN_MAGNITUDE) if negative => i64::MIN,
            _ => {
                self.report_too_large(at);
                0
            }
        }
    }

    fn report_too_large(&mut self, at: u32) {
        let text = self.token_text(at as usize);
        let diag = Diag::error(Code::BAD_NUMBER, format!("`{text}` is too large"))
            .at(self.token_span(at as usize), "whole numbers go from -9223372036854775808 to 9223372036854775807");
        self.diags.push(diag);
    }

    pub(crate) fn float(&mut self, at: u32, l: u32, r: u32) -> Expr {
        let text = self.token_text(at as usize).replace('_', "");
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => self.expr(ExprKind::Float(value), l, r),
            _ => {
                let diag = Diag::error(Code::BAD_NUMBER, format!("`{text}` is too large"))
                    .at(self.at(l, r), "beyond what a 64-bit Float holds");
                self.diags.push(diag);
                self.expr(ExprKind::Error, l, r)
            }
        }
    }

    pub(crate) fn quantity(&mut self, at: u32, l: u32, r: u32) -> Expr {
        let text = self.token_text(at as usize).replace('_', "");
        let (number, suffix) = split_unit(&text);
        let (unit, format) = quantity_unit(suffix);
        match scaled(number, unit).filter(|nanos| quantity::is_representable(*nanos)) {
            Some(nanos) => {
                let value = Quantity { nanos, format, literal: Some(text.as_str().into()) };
                self.expr(ExprKind::Quantity(Box::new(value)), l, r)
            }
            None => self.bad_unit_number(
                &text,
                "a quantity is a multiple of `1n` and less than 2^63, as in Kubernetes",
                l,
                r,
            ),
        }
    }

    pub(crate) fn duration(&mut self, at: u32, l: u32, r: u32) -> Expr {
        let text = self.token_text(at as usize).replace('_', "");
        let (number, suffix) = split_unit(&text);
        let unit = match suffix {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => NANOS,
            "min" => 60 * NANOS,
            "h" => 3_600 * NANOS,
            _ => 86_400 * NANOS,
        };
        match scaled(number, unit).and_then(|nanos| i64::try_from(nanos).ok()) {
            Some(nanos) => self.expr(ExprKind::Duration(Duration { nanos }), l, r),
            None => self.bad_unit_number(&text, "a duration is a multiple of `1ns` and at most 292 years", l, r),
        }
    }

    fn bad_unit_number(&mut self, text: &str, why: &str, l: u32, r: u32) -> Expr {
        let diag = Diag::error(Code::BAD_NUMBER, format!("`{text}` cannot be held exactly")).at(self.at(l, r), why);
        self.diags.push(diag);
        self.expr(ExprKind::Error, l, r)
    }

    /// A string. Without its closing quotes it may hold anything that follows it.
    pub(crate) fn str_expr(&mut self, open: u32, l: u32, r: u32) -> Expr {
        let literal = self.string(open);
        if self.is_open(open) { self.error(self.at(l, r)) } else { self.expr(ExprKind::Str(literal), l, r) }
    }

    /// The string that opens at entry `open`.
    pub(crate) fn string(&mut self, open: u32) -> StrLit {
        let open = open as usize;
        let close = self.tree[open].matching as usize;
        let span = self.range_span(open, close + 1);
        let opening = self.token_text(open);
        let hashes = opening.bytes().take_while(|&b| b == b'#').count();
        let mut parts = Vec::new();
        if opening.ends_with("\"\"\"") {
            self.multi_line(open, close, hashes, &mut parts);
        } else {
            let mut at = open + 1;
            while at < close {
                if self.tree[at].kind == TokenKind::StrText {
                    let entry = self.tree[at];
                    let mut text = String::new();
                    self.unescape(entry.start as usize, self.token_text(at), hashes, &mut text);
                    push_text(&mut parts, text);
                } else {
                    parts.push(StrPart::Expr(self.interpolated(at)));
                }
                at = self.tree[at].matching as usize + 1;
            }
        }
        StrLit { parts, span }
    }

    fn interpolated(&mut self, open: usize) -> Expr {
        let close = self.tree[open].matching as usize;
        let span = self.range_span(open, close + 1);
        if self.dry_run {
            return self.error(span);
        }
        let known = self.diags.len();
        let value = self.interpolated_in(open, span);
        if self.is_open(open as u32) {
            // That it is not closed is reported, and it may hold what follows the string.
            self.diags.truncate(known);
            return self.error(span);
        }
        value
    }

    fn interpolated_in(&mut self, open: usize, span: Span) -> Expr {
        match self.segments(open).as_slice() {
            &[(start, end)] => self.expr_in(start, end),
            segments => {
                let what = if segments.is_empty() { "without an expression" } else { "of several expressions" };
                let diag = Diag::error(Code::MISSING_VALUE, format!("interpolation {what}"))
                    .at(span, "expected one expression")
                    .help("for the two characters themselves write `\\\\(`");
                self.diags.push(diag);
                self.error(span)
            }
        }
    }

    /// Appends `text` with its escapes resolved; `offset` is where it is. In raw strings nothing is an escape.
    fn unescape(&mut self, offset: usize, text: &str, hashes: usize, out: &mut String) {
        if hashes > 0 || !text.contains('\\') {
            out.push_str(text);
            return;
        }
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            out.push_str(&rest[..at]);
            let here = offset + (text.len() - rest.len()) + at;
            rest = &rest[at + 1..];
            let Some(escape) = rest.chars().next() else {
                self.report_escape(here, 1, "\\");
                return;
            };
            let plain = match escape {
                'n' => Some('\n'),
                't' => Some('\t'),
                '"' => Some('"'),
                '\\' => Some('\\'),
                _ => None,
            };
            if let Some(plain) = plain {
                out.push(plain);
                rest = &rest[1..];
            } else if escape == 'u' && rest[1..].starts_with('{') {
                rest = self.unicode_escape(here, rest, out);
            } else {
                self.report_escape(here, 1 + escape.len_utf8(), &format!("\\{escape}"));
                out.push(escape);
                rest = &rest[escape.len_utf8()..];
            }
        }
        out.push_str(rest);
    }

    /// Reads `u{1F600}` at the start of `rest`.
    fn unicode_escape<'t>(&mut self, here: usize, rest: &'t str, out: &mut String) -> &'t str {
        let digits = rest[2..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let closed = rest.as_bytes().get(2 + digits) == Some(&b'}');
        let code = u32::from_str_radix(&rest[2..2 + digits], 16).ok().and_then(char::from_u32);
        let len = 2 + digits + usize::from(closed);
        match code {
            Some(c) if closed => out.push(c),
            _ => {
                let shown = &rest[..len];
                let diag = Diag::error(Code::BAD_ESCAPE, format!("`\\{shown}` is not a character"))
                    .at(self.at(here as u32, (here + 1 + len) as u32), "write the number of a character: `\\u{1F600}`");
                self.diags.push(diag);
            }
        }
        &rest[len..]
    }

    fn report_escape(&mut self, here: usize, len: usize, shown: &str) {
        if self.diags.is_full() {
            return;
        }
        let span = self.at(here as u32, (here + len) as u32);
        let shown: String = shown.chars().filter(|c| !c.is_control()).collect();
        let mut diag = Diag::error(Code::BAD_ESCAPE, format!("`{shown}` is not an escape"))
            .at(span, "escapes are `\\n \\t \\\" \\\\ \\u{…}` and `\\(expr)`")
            .maybe_fix("write a backslash", self.at(here as u32, here as u32 + 1), "\\\\");
        if shown == "\\r" {
            diag = diag.maybe_fix("write `\\u{d}`", span, "\\u{d}");
        }
        let diag = diag.help("text with many backslashes is easier to read as `#\"…\"#`");
        self.diags.push(diag);
    }

    /// Strips the indentation that is before the closing quotes from each line, and the first and last line end.
    fn multi_line(&mut self, open: usize, close: usize, hashes: usize, parts: &mut Vec<StrPart>) {
        let closing = self.tree[close];
        let unclosed = closing.start == closing.end;
        let before = &self.text[self.tree[open].end as usize..closing.start as usize];
        let last_line = before.rfind('\n').map(|at| &before[at + 1..]);
        let indent = match last_line {
            Some(line) if line.trim_matches([' ', '\t']).is_empty() => line,
            _ => "",
        };
        let mut first = true;
        let mut at = open + 1;
        let mut bad_line = None;
        let known = self.diags.len();
        while at < close {
            let entry = self.tree[at];
            if entry.kind == TokenKind::StrText {
                let is_last = at + 1 == close;
                self.multi_line_text(at, (first, is_last), indent, hashes, parts, &mut bad_line);
            } else {
                if first {
                    self.report_first_line(at);
                }
                parts.push(StrPart::Expr(self.interpolated(at)));
            }
            first = false;
            at = entry.matching as usize + 1;
        }
        if let Some(line) = bad_line {
            self.report_indentation(line, close);
        }
        let own_line = last_line.is_some_and(|line| line.trim_matches([' ', '\t']).is_empty());
        if !own_line && !unclosed && self.diags.len() == known {
            self.report_quotes_line(close);
        }
    }

    /// One part of text of a multi-line string. `ends` says whether it is the first and whether it is the last part.
    fn multi_line_text(
        &mut self,
        at: usize,
        ends: (bool, bool),
        indent: &str,
        hashes: usize,
        parts: &mut Vec<StrPart>,
        bad_line: &mut Option<usize>,
    ) {
        let (first, last) = ends;
        let piece = self.token_text(at);
        let mut offset = self.tree[at].start as usize;
        let mut text = String::with_capacity(piece.len());
        let lines = piece.split('\n').count();
        for (number, line) in piece.split('\n').enumerate() {
            let content = line.strip_suffix('\r').filter(|_| number + 1 < lines).unwrap_or(line);
            let is_first = first && number == 0;
            let is_last = last && number + 1 == lines;
            if is_first {
                if !content.trim_matches([' ', '\t']).is_empty() {
                    self.report_first_line(at);
                    self.unescape(offset, content, hashes, &mut text);
                }
            } else if number == 0 {
                self.unescape(offset, content, hashes, &mut text);
            } else {
                let closes = is_last && content == indent;
                // The line end before the first line and the one before the closing quotes are not text.
                if !(closes || first && number == 1) {
                    text.push('\n');
                }
                self.indented_line(offset, content, indent, hashes, &mut text, bad_line);
            }
            offset += line.len() + 1;
        }
        push_text(parts, text);
    }

    fn indented_line(
        &mut self,
        offset: usize,
        line: &str,
        indent: &str,
        hashes: usize,
        out: &mut String,
        bad_line: &mut Option<usize>,
    ) {
        if let Some(rest) = line.strip_prefix(indent) {
            self.unescape(offset + indent.len(), rest, hashes, out);
        } else if line.trim_matches([' ', '\t']).is_empty() {
            // A blank line may be shorter than the indentation.
        } else {
            bad_line.get_or_insert(offset);
            let rest = line.trim_start_matches([' ', '\t']);
            self.unescape(offset + line.len() - rest.len(), rest, hashes, out);
        }
    }

    fn report_quotes_line(&mut self, close: usize) {
        let span = self.token_span(close);
        let diag = Diag::error(Code::BAD_INDENTATION, "the closing `\"\"\"` must be on a line of its own")
            .at(span, "text precedes it on its line")
            .note("its indentation is removed from each line");
        self.diags.push(diag);
    }

    fn report_first_line(&mut self, at: usize) {
        let span = self.token_span(at);
        let end = self.first_line_of(span);
        let diag = Diag::error(Code::BAD_INDENTATION, "the text of a `\"\"\"` string begins on the next line")
            .at(end, "text on the line of the opening quotes");
        self.diags.push(diag);
    }

    fn first_line_of(&self, span: Span) -> Span {
        let text = &self.text[span.range()];
        let len = text.find('\n').unwrap_or(text.len());
        self.at(span.start, span.start + text[..len].trim_end().len() as u32)
    }

    fn report_indentation(&mut self, line: usize, close: usize) {
        let rest = &self.text[line..];
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let width = rest[indent..].chars().next().map_or(0, char::len_utf8);
        let diag = Diag::error(Code::BAD_INDENTATION, "line indented less than the closing quotes")
            .at(self.at(line as u32, (line + indent + width) as u32), "begins further left than the closing `\"\"\"`")
            .label(self.token_span(close), "the indentation of this line is removed from each line");
        self.diags.push(diag);
    }
}

/// Appends text; pieces of text that meet become one.
fn push_text(parts: &mut Vec<StrPart>, text: String) {
    if text.is_empty() {
        return;
    }
    if let Some(StrPart::Text(last)) = parts.last_mut() {
        *last = format!("{last}{text}").into();
    } else {
        // Most strings are one part.
        if parts.is_empty() {
            parts.reserve_exact(1);
        }
        parts.push(StrPart::Text(text.into()));
    }
}

fn split_unit(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()))
}

/// How many nano-units a suffix is for, and its family.
fn quantity_unit(suffix: &str) -> (i128, quantity::Format) {
    use quantity::Format::{Binary, Decimal};
    let binary = |power: u32| (NANOS << (10 * power), Binary);
    let decimal = |power: u32| (NANOS * 10i128.pow(power), Decimal);
    match suffix {
        "n" => (1, Decimal),
        "u" => (1_000, Decimal),
        "m" => (1_000_000, Decimal),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        _ => binary(6),
    }
}

/// A decimal number times a unit, if the product is whole.
fn scaled(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let power = 10i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let product = digits.checked_mul(unit)?;
    (product % power == 0).then(|| product / power)
}
