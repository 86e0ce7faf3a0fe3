//! Decides which strings can be plain scalars, and quotes the others.
//!
//! [`style`] classifies each byte once with a table. Only if a byte or the start of the string requires it, it checks for words
//! (`yes`, `null`), numbers (`0x1F`, `1_000`, `12:30`), dates and the indicators of YAML.

/// How a string is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// In double quotes.
    Quoted,
    /// As a block scalar, or in double quotes where a block scalar is not possible.
    Block,
}

/// Flags of bytes inside a string.
const COLON: u8 = 1;
const HASH: u8 = 1 << 1;
const SPACE: u8 = 1 << 2;
const NEWLINE: u8 = 1 << 3;
const TAB: u8 = 1 << 4;
const CONTROL: u8 = 1 << 5;
const HIGH: u8 = 1 << 6;

/// Flags of the first byte of a string.
const INDICATOR: u8 = 1;
const NUMBER: u8 = 1 << 1;
const WORD: u8 = 1 << 2;
const NEEDS_MORE: u8 = 1 << 3;

static INSIDE: [u8; 256] = inside();
static FIRST: [u8; 256] = first();

const fn inside() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b':' => COLON,
            b'#' => HASH,
            b' ' => SPACE,
            b'\n' => NEWLINE,
            b'\t' => TAB,
            0..=0x1F | 0x7F => CONTROL,
            0x80.. => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    table
}

const fn first() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' => INDICATOR,
            b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => INDICATOR,
            b'-' => NUMBER | NEEDS_MORE,
            b'?' | b':' => NEEDS_MORE,
            b'0'..=b'9' | b'+' | b'.' => NUMBER,
            b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' | b'=' | b'<' => WORD,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// The style in which every reader reads exactly this string.
#[inline]
pub(super) fn style(text: &str) -> Style {
    let bytes = text.as_bytes();
    let &[first, ..] = bytes else { return Style::Quoted };
    let flags = bytes.iter().fold(0, |flags, &byte| flags | INSIDE[usize::from(byte)]);
    if flags | FIRST[usize::from(first)] == 0 {
        return Style::Plain;
    }
    careful_style(bytes, flags)
}

/// The style of a string that is not empty and whose bytes have these flags.
fn careful_style(bytes: &[u8], flags: u8) -> Style {
    let (first, last) = (bytes[0], bytes[bytes.len() - 1]);
    if flags & CONTROL != 0 || (flags & HIGH != 0 && has_unprintable(bytes)) {
        return Style::Quoted;
    }
    if flags & NEWLINE != 0 {
        let has_content = bytes.iter().any(|&byte| byte != b'\n');
        return if first != b'\t' && has_content { Style::Block } else { Style::Quoted };
    }
    let kind = FIRST[usize::from(first)];
    let is_unsafe = flags & TAB != 0
        || kind & INDICATOR != 0
        || last == b' '
        || last == b':'
        || (flags & SPACE != 0 && flags & (COLON | HASH) != 0 && has_indicator(bytes))
        || (kind & NEEDS_MORE != 0 && matches!(bytes.get(1), None | Some(b' ')))
        || (kind & WORD != 0 && is_word(bytes))
        || (kind & NUMBER != 0 && (is_number(bytes) || is_date(bytes) || is_marker(bytes)));
    if is_unsafe { Style::Quoted } else { Style::Plain }
}

/// Whether a colon or `#` has an adjacent space, which makes it an indicator.
fn has_indicator(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b": " || pair == b" #")
}

/// Whether it starts like a document separator. Some tools split files there without parsing the YAML.
fn is_marker(bytes: &[u8]) -> bool {
    bytes.starts_with(b"---") || (bytes.starts_with(b"...") && matches!(bytes.get(3), None | Some(b' ')))
}

/// Whether some reader reads the word as a boolean, null, or a merge key. Some readers ignore case.
fn is_word(bytes: &[u8]) -> bool {
    let words: &[&[u8]] = match bytes.len() {
        1 => &[b"y", b"n", b"~", b"="],
        2 => &[b"no", b"on", b"<<"],
        3 => &[b"yes", b"off"],
        4 => &[b"true", b"null"],
        5 => &[b"false"],
        _ => &[],
    };
    words.iter().any(|word| bytes.eq_ignore_ascii_case(word))
}

/// Whether it is a number in YAML 1.1, YAML 1.2 or Go. Go ignores every `_`, so this does too.
fn is_number(bytes: &[u8]) -> bool {
    let unsigned = bytes.strip_prefix(b"+").or_else(|| bytes.strip_prefix(b"-")).unwrap_or(bytes);
    if unsigned.eq_ignore_ascii_case(b".inf") || unsigned.eq_ignore_ascii_case(b".nan") {
        return true;
    }
    let mut rest = unsigned.iter().copied().filter(|&byte| byte != b'_').peekable();
    let begins_with_zero = rest.peek() == Some(&b'0');
    let whole = skip_digits(&mut rest);
    if whole == 1
        && begins_with_zero
        && let Some(is_digit) = rest.peek().and_then(|&letter| digits_of(letter))
    {
        return unsigned.len() > 2 && rest.skip(1).all(is_digit);
    }
    let mut is_sexagesimal = false;
    while whole > 0 && rest.next_if_eq(&b':').is_some() {
        is_sexagesimal = true;
        let has_tens = rest.next_if(|byte| matches!(byte, b'0'..=b'5')).is_some();
        let has_ones = rest.next_if(u8::is_ascii_digit).is_some();
        if !has_tens && !has_ones {
            return false;
        }
    }
    let fraction = if rest.next_if_eq(&b'.').is_some() { skip_digits(&mut rest) } else { 0 };
    if whole + fraction == 0 {
        return false;
    }
    if !is_sexagesimal && rest.next_if(|byte| matches!(byte, b'e' | b'E')).is_some() {
        let _ = rest.next_if(|byte| matches!(byte, b'+' | b'-'));
        if skip_digits(&mut rest) == 0 {
            return false;
        }
    }
    rest.next().is_none()
}

/// Skips digits and counts them.
fn skip_digits(rest: &mut std::iter::Peekable<impl Iterator<Item = u8>>) -> usize {
    let mut count = 0;
    while rest.next_if(u8::is_ascii_digit).is_some() {
        count += 1;
    }
    count
}

/// The digits that may follow `0x`, `0o` or `0b`.
fn digits_of(letter: u8) -> Option<fn(u8) -> bool> {
    match letter {
        b'x' | b'X' => Some(|byte| byte.is_ascii_hexdigit()),
        b'o' | b'O' => Some(|byte| matches!(byte, b'0'..=b'7')),
        b'b' | b'B' => Some(|byte| matches!(byte, b'0' | b'1')),
        _ => None,
    }
}

/// Whether it is a date (`2026-11-21`, `2026-1-2`), alone or followed by a time.
fn is_date(bytes: &[u8]) -> bool {
    let Some((year, rest)) = bytes.split_at_checked(4) else { return false };
    if !year.iter().all(u8::is_ascii_digit) {
        return false;
    }
    match skip_date_part(rest).and_then(skip_date_part) {
        Some([]) => true,
        Some([b'T' | b't' | b' ', rest @ ..]) => rest.trim_ascii_start().first().is_some_and(u8::is_ascii_digit),
        _ => false,
    }
}

/// The rest after a dash and one or two digits.
fn skip_date_part(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [b'-', a, b, rest @ ..] if a.is_ascii_digit() && b.is_ascii_digit() => Some(rest),
        [b'-', a, rest @ ..] if a.is_ascii_digit() => Some(rest),
        _ => None,
    }
}

/// Whether text that is not ASCII contains a character that is not printable.
fn has_unprintable(bytes: &[u8]) -> bool {
    bytes.windows(2).enumerate().any(|(at, pair)| match pair {
        [0xC2, 0x80..=0x9F] => true,
        [0xE2, 0x80] => matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)),
        [0xEF, 0xBB] => bytes.get(at + 2) == Some(&0xBF),
        [0xEF, 0xBF] => matches!(bytes.get(at + 2), Some(0xBE | 0xBF)),
        _ => false,
    })
}

/// Whether a character can be written without an escape: readers reject the others or read them as line breaks. Tabs and line
/// breaks are excluded, since that depends on their position.
pub(super) fn is_printable(c: char) -> bool {
    !matches!(c, '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Writes `text` in double quotes, on one line.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.reserve(text.len() + 3);
    out.push('"');
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if is_printable(c) && c != '"' && c != '\\' {
            continue;
        }
        out.push_str(&text[done..at]);
        push_escape(out, c);
        done = at + c.len_utf8();
    }
    out.push_str(&text[done..]);
    out.push('"');
}

fn push_escape(out: &mut String, c: char) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.push('\\');
    match c {
        '"' | '\\' => out.push(c),
        '\n' => out.push('n'),
        '\t' => out.push('t'),
        '\r' => out.push('r'),
        c => {
            let number = c as u32;
            let digits = if number < 0x100 { 2 } else { 4 };
            out.push(if digits == 2 { 'x' } else { 'u' });
            let digit = |index: u32| char::from(HEX[(number >> (4 * index)) as usize & 0xF]);
            out.extend((0..digits).rev().map(digit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Style, style};

    /// Strings without spaces, separated by spaces.
    const QUOTED: &str = "y N yes No ON off true NULL yEs ~ = << 0 -1 +1 0123 089 0o17 0b11 0x1F 0x_ 1_000 +_1 1e3 1234567e8 1. .5 \
        -.5e3 .inf -.INF .NaN 12:30 09:05 12:30:45.5 2026-11-21 2026-1-2T3:04:05Z --- ---a ... - ? : a: #a *a &a !a @a `a %a [a \
        {a 'a \"a | > ,a \u{85} \u{FEFF}a a\u{2028}b \r a\u{7F} a\tb \u{1} \n \n\n \ta\nb";
    const PLAIN: &str = "a nginx:1.25 1.2.3 100m 1Gi ::1 :a -a --flag=x ?a a#b a:b 0x 0o8 0b2 8080:80 1e yess nul . .. ._ \
        .a + 2026-11-21-rc 20261-1-1x < == é 日本 \u{A0} http://a/b?c#d a]b a\"b 10.0.0.0/8 1,000 5d41402a 12:60 😀";

    #[test]
    fn strings_that_some_reader_misreads_are_quoted() {
        let with_spaces = ["", " ", "- a", ": a", "a: b", "a #b", " a", "a ", "2026-11-21 10:00:00", "--- a", "... a"];
        for text in QUOTED.split(' ').chain(with_spaces) {
            assert_eq!(style(text), Style::Quoted, "{text:?}");
        }
    }

    #[test]
    fn strings_that_all_readers_read_stay_plain() {
        for text in PLAIN.split(' ').chain(["a, b", "a b", "a - b", "no way", "12 monkeys", "2026-11-21 at noon"]) {
            assert_eq!(style(text), Style::Plain, "{text:?}");
        }
    }

    #[test]
    fn strings_of_several_lines_are_blocks_unless_they_need_escapes() {
        for text in ["a\nb", "a\n", " a\nb", "\na", "a\n\tb", "a: b\n", "é\n#"] {
            assert_eq!(style(text), Style::Block, "{text:?}");
        }
        for text in ["a\r\nb", "a\n\u{85}", "\u{FEFF}a\n", "a\0\n"] {
            assert_eq!(style(text), Style::Quoted, "{text:?}");
        }
    }
}
