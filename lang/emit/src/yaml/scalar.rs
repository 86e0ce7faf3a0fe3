//! How a string is written: plain where every reader takes it for itself, quoted or as a block where not.

/// How a string is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// In double quotes.
    Quoted,
    /// As a literal block.
    Block,
}

/// What a byte means for the style.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Always fine.
    Fine,
    /// `:` and `#`: depends on their neighbors.
    Sign,
    /// Part of a character beyond ASCII.
    Wide,
    /// The end of a line.
    Newline,
    /// A tab: fine inside a block, needs quotes elsewhere.
    Tab,
    /// A control character.
    Control,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Fine; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'\n' => Class::Newline,
            b'\t' => Class::Tab,
            0..0x20 | 0x7f => Class::Control,
            b':' | b'#' => Class::Sign,
            0x80..=0xff => Class::Wide,
            _ => Class::Fine,
        };
        byte += 1;
    }
    table
}

/// How a value is written.
pub(super) fn style(text: &str) -> Style {
    let bytes = text.as_bytes();
    let mut is_plain = !bytes.is_empty();
    let mut has_lines = false;
    let mut is_wide = false;
    for (at, &byte) in bytes.iter().enumerate() {
        match CLASSES[byte as usize] {
            Class::Fine => {}
            Class::Sign => is_plain &= is_fine_sign(bytes, at),
            Class::Wide => is_wide = true,
            Class::Newline => has_lines = true,
            Class::Tab => is_plain = false,
            Class::Control => return Style::Quoted,
        }
    }
    if is_wide && text.chars().any(needs_escape) {
        return Style::Quoted;
    }
    if has_lines {
        return if matches!(bytes[0], b' ' | b'\t' | b'\n') { Style::Quoted } else { Style::Block };
    }
    if is_plain && begins_plain(bytes) && bytes[bytes.len() - 1] != b' ' && !is_special(bytes) {
        Style::Plain
    } else {
        Style::Quoted
    }
}

/// Appends a string in one line: a key.
pub(super) fn push_line(out: &mut String, text: &str) {
    match style(text) {
        Style::Plain => out.push_str(text),
        Style::Quoted | Style::Block => push_quoted(out, text),
    }
}

/// A colon must not end the text or stand before a blank, a hash must not stand behind one.
fn is_fine_sign(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b':' => bytes.get(at + 1).is_some_and(|next| *next != b' '),
        _ => at > 0 && bytes[at - 1] != b' ',
    }
}

/// Whether the first bytes are those of a plain scalar.
fn begins_plain(bytes: &[u8]) -> bool {
    match bytes[0] {
        b' ' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
        | b'@' | b'`' | b'?' => false,
        b'-' => bytes.len() > 1 && bytes[1] != b' ' && !bytes.starts_with(b"---"),
        b':' => bytes.len() > 1 && bytes[1] != b' ',
        b'.' => !bytes.starts_with(b"..."),
        _ => true,
    }
}

/// Whether some reader takes the text for something else than a string: a truth value, null, a number, a date, a merge key.
fn is_special(bytes: &[u8]) -> bool {
    match bytes[0] {
        b'0'..=b'9' | b'+' | b'-' | b'.' => is_number(bytes) || is_date(bytes),
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' if bytes.len() <= 5 => is_word(bytes),
        b'~' | b'=' => bytes.len() == 1,
        b'<' => bytes == b"<<",
        _ => false,
    }
}

fn is_word(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 9] = [b"y", b"n", b"yes", b"no", b"on", b"off", b"true", b"false", b"null"];
    WORDS.iter().any(|word| bytes.eq_ignore_ascii_case(word))
}

fn is_number(bytes: &[u8]) -> bool {
    let digits = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    match digits {
        [b'0', b'x' | b'X', rest @ ..] => {
            rest.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b'_' | b'.' | b'p' | b'P' | b'+' | b'-'))
        }
        [b'0', b'o' | b'O' | b'b' | b'B', rest @ ..] => rest.iter().all(|b| b.is_ascii_digit() || *b == b'_'),
        [b'.', rest @ ..] if [&b"inf"[..], b"nan"].iter().any(|word| rest.eq_ignore_ascii_case(word)) => true,
        [b'0'..=b'9' | b'.', ..] => is_decimal(digits) || is_sexagesimal(digits),
        _ => false,
    }
}

/// Digits and underscores with at most one point, and perhaps an exponent.
fn is_decimal(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|b| !matches!(b, b'0'..=b'9' | b'_' | b'.')).unwrap_or(bytes.len());
    if bytes[..end].iter().filter(|b| **b == b'.').count() > 1 {
        return false;
    }
    match &bytes[end..] {
        [] => true,
        [b'e' | b'E', b'+' | b'-', rest @ ..] | [b'e' | b'E', rest @ ..] => {
            !rest.is_empty() && rest.iter().all(|b| b.is_ascii_digit() || *b == b'_')
        }
        _ => false,
    }
}

/// `12:30:45.5`: a number to the base 60 for YAML 1.1.
fn is_sexagesimal(bytes: &[u8]) -> bool {
    let mut parts = bytes.split(|b| *b == b':');
    let is_digits = |part: &[u8]| !part.is_empty() && part.iter().all(|b| b.is_ascii_digit() || *b == b'_');
    if !parts.next().is_some_and(is_digits) {
        return false;
    }
    let mut rest = parts.peekable();
    if rest.peek().is_none() {
        return false;
    }
    while let Some(part) = rest.next() {
        let whole = match (rest.peek(), part.iter().position(|b| *b == b'.')) {
            (None, Some(point)) => &part[..point],
            _ => part,
        };
        if !is_digits(whole) || whole.len() > 2 {
            return false;
        }
    }
    true
}

/// `2026-11-21`, perhaps with a time behind it.
fn is_date(bytes: &[u8]) -> bool {
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let digits = |from: usize| bytes[from..].iter().take(2).take_while(|b| b.is_ascii_digit()).count();
    let month = digits(5);
    let behind = 5 + month;
    if month == 0 || bytes.get(behind) != Some(&b'-') {
        return false;
    }
    let day = digits(behind + 1);
    day > 0 && matches!(bytes.get(behind + 1 + day), None | Some(b'T' | b't' | b' '))
}

/// Characters that are invisible, break lines, or that readers refuse.
fn needs_escape(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}'
        | '\u{fffe}' | '\u{ffff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
}

/// Appends a string in double quotes.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut done = 0;
    for (at, c) in text.char_indices() {
        let escape = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\t' => "\\t",
            '\r' => "\\r",
            '\0' => "\\0",
            c if needs_escape(c) => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        if escape.is_empty() {
            push_code(out, c as u32);
        } else {
            out.push_str(escape);
        }
        done = at + c.len_utf8();
    }
    out.push_str(&text[done..]);
    out.push('"');
}

fn push_code(out: &mut String, code: u32) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = if code <= 0xff { write!(out, "\\x{code:02X}") } else { write!(out, "\\u{code:04X}") };
}
