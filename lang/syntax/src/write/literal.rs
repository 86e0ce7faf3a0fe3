//! Literals.

use std::fmt::Write as _;

use super::is_invisible;

/// Appends a string to a one-line string literal, without the quotes.
pub fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_invisible(c) => _ = write!(out, "\\u{{{:X}}}", c as u32),
            c => out.push(c),
        }
    }
}

/// Appends a string literal on one line; a raw one if it would otherwise need escapes for quotes or backslashes.
pub fn push_string_literal(out: &mut String, text: &str) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
        ["\"", text, "\""].into_iter().for_each(|part| out.push_str(part));
        return;
    }
    let hashes = if text.contains(['\\', '"']) && !text.contains(is_invisible) { raw_hashes(text) } else { None };
    match hashes {
        Some(hashes) => [hashes, "\"", text, "\"", hashes].into_iter().for_each(|part| out.push_str(part)),
        None => {
            out.push('"');
            push_escaped(out, text);
            out.push('"');
        }
    }
}

/// The number signs of a raw string literal; `None` if too many would be needed, or if the literal would start like a block
/// string.
fn raw_hashes(text: &str) -> Option<&'static str> {
    if text == "\"" || text.starts_with("\"\"") {
        return None;
    }
    let is_free = |hashes: &&str| !text.contains(&format!("\"{hashes}")) && !text.contains(&format!("\\{hashes}"));
    ["#", "##"].into_iter().find(is_free)
}

/// A string literal on one line; a raw one if it would otherwise need escapes for quotes or backslashes.
pub fn string_literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string_literal(&mut out, text);
    out
}

/// A block string literal with its lines unindented; `None` if the string has one line, or would not be safe to edit as a
/// block.
pub fn block_string(text: &str) -> Option<String> {
    let is_block = text.contains('\n') && !text.contains(|c: char| c != '\n' && c != '\t' && is_invisible(c));
    let hashes = if text.contains(['\\', '"']) {
        ["#", "##", "###"]
            .into_iter()
            .find(|h| !text.contains(&format!("\\{h}")) && !text.contains(&format!("\"\"\"{h}")))?
    } else {
        ""
    };
    // Editors tend to strip trailing whitespace, and leading tabs mix with the indentation.
    let is_fragile = text.lines().any(|line| line.ends_with([' ', '\t']) || line.starts_with('\t'));
    (is_block && !is_fragile).then(|| format!("{hashes}\"\"\"\n{text}\n\"\"\"{hashes}"))
}

/// A `Float` literal.
pub fn float_literal(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.1}");
    }
    let text = format!("{number:?}");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

#[cfg(test)]
mod tests {
    use forge_base::FileId;

    use super::*;
    use crate::ast::{ExprKind, ItemKind};

    fn read_back(literal: &str) -> String {
        let parsed = crate::parse(FileId(0), &format!("a = {literal}\n"));
        assert_eq!(parsed.diags, [], "{literal}");
        let ItemKind::Set(set) = &parsed.module.items[0].kind else { panic!("it is set") };
        let ExprKind::Str(read) = &set.value.kind else { panic!("it is a string") };
        read.plain().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_string_literal_is_read_back() {
        let text = "a\"b\\c\nd\te\r\u{0}\u{202E}ü";
        let mut escaped = String::from("\"");
        push_escaped(&mut escaped, text);
        escaped.push('"');
        assert_eq!(read_back(&escaped), text);
        for text in [
            "",
            "a",
            r"^\d+$",
            r##"a"#b"##,
            r"\(x)",
            "a\n\"b\"",
            "\u{202E}x",
            r###"\#"##"###,
            "\"",
            "\"\"",
            "\"\"x",
            "\"\"\"",
            "a\"\"",
            text,
        ] {
            assert_eq!(read_back(&string_literal(text)), text);
        }
    }

    #[test]
    fn string_literals_are_raw_where_that_is_easier_to_read() {
        assert_eq!(string_literal("a"), r#""a""#);
        assert_eq!(string_literal(r"^\d+$"), r##"#"^\d+$"#"##);
        assert_eq!(string_literal(r##"a"#b"##), r###"##"a"#b"##"###);
        assert_eq!(string_literal("a\n\"b\""), r#""a\n\"b\"""#);
        assert_eq!(string_literal("\u{202E}x"), "\"\\u{202E}x\"");
        assert_eq!(string_literal(r"\(x)"), r##"#"\(x)"#"##);
    }

    #[test]
    fn block_strings_are_read_back() {
        for text in ["a\nb", "a \"b\"\nc\\d", "a\n\n  b\n"] {
            assert_eq!(read_back(&block_string(text).unwrap_or_default()), text);
        }
        assert!(["one line", "a \nb", "\ta\nb", "a\u{0}\nb"].iter().all(|text| block_string(text).is_none()));
    }
}
