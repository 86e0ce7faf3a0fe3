//! How names and texts are written in a source, for whoever makes one.

use std::fmt::Write as _;

/// Names that begin other items in a body.
const ITEM_WORDS: [&str; 7] = ["if", "for", "let", "check", "fn", "delete", "super"];

/// Whether a name can stand behind a dot without backticks.
pub fn is_plain_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().any(|c| c != '_')
}

/// Whether a field can be declared or set by its name without backticks.
pub fn is_plain_field(name: &str) -> bool {
    is_plain_name(name) && !ITEM_WORDS.contains(&name)
}

/// Writes what stands between the quotes of a string literal on one line.
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

/// What nobody would see in a source: controls, line separators, directions, a byte order mark.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use forge_base::FileId;

    use super::*;
    use crate::ast::ItemKind;

    #[test]
    fn names_are_plain_where_the_parser_takes_them_so() {
        for name in ["a", "type", "match", "self", "x1_y"] {
            assert!(is_plain_field(name), "{name}");
            assert_eq!(crate::parse(FileId(0), &format!("schema S {{\n  {name}: Int\n}}\n")).diags, [], "{name}");
        }
        assert!(ITEM_WORDS.into_iter().chain(["", "_", "Upper", "a-b", "1a"]).all(|name| !is_plain_field(name)));
        assert!(is_plain_name("if"));
    }

    #[test]
    fn an_escaped_text_is_read_back() {
        let text = "a\"b\\c\nd\te\r\u{0}\u{202E}ü";
        let mut source = String::from("a = \"");
        push_escaped(&mut source, text);
        source.push_str("\"\n");
        let parsed = crate::parse(FileId(0), &source);
        assert_eq!(parsed.diags, []);
        let ItemKind::Set(set) = &parsed.module.items[0].kind else { panic!("it is set") };
        let crate::ast::ExprKind::Str(read) = &set.value.kind else { panic!("it is a text") };
        assert_eq!(read.plain(), Some(text));
    }
}
