//! Names, in backticks where they need them.

use std::borrow::Cow;

use super::string_literal;

/// Words that start another kind of item in a body.
const ITEM_WORDS: [&str; 7] = ["if", "for", "let", "check", "fn", "delete", "super"];
/// Words that have another meaning in an expression.
const EXPR_WORDS: [&str; 15] =
    ["if", "for", "let", "check", "fn", "delete", "match", "true", "false", "null", "self", "super", "it", "in", "is"];

/// Whether a name needs no backticks after a dot.
pub fn is_plain_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().any(|c| c != '_')
}

/// Whether a field can be declared or set without backticks.
pub fn is_plain_field(name: &str) -> bool {
    is_plain_name(name) && !ITEM_WORDS.contains(&name)
}

/// Whether a name can be written at all, at least in backticks.
pub fn can_be_quoted(name: &str) -> bool {
    !name.is_empty() && !name.contains(['`', '\n', '\r'])
}

/// Whether a character is invisible in an editor: control characters, line separators, directional marks, a byte order
/// mark.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A field name in a declaration or on the left side of an item.
pub fn field_name(name: &str) -> Cow<'_, str> {
    if is_plain_field(name) { Cow::Borrowed(name) } else { quoted(name) }
}

/// A field name after a dot.
pub fn member_name(name: &str) -> Cow<'_, str> {
    if is_plain_name(name) { Cow::Borrowed(name) } else { quoted(name) }
}

/// A field name as an expression.
pub fn variable_name(name: &str) -> Cow<'_, str> {
    if is_plain_name(name) && !EXPR_WORDS.contains(&name) { Cow::Borrowed(name) } else { quoted(name) }
}

/// A key of a map: a name, or a string literal where the name would need backticks.
pub fn map_key(key: &str) -> Cow<'_, str> {
    if is_plain_field(key) { Cow::Borrowed(key) } else { Cow::Owned(string_literal(key)) }
}

fn quoted(name: &str) -> Cow<'_, str> {
    Cow::Owned(format!("`{name}`"))
}

#[cfg(test)]
mod tests {
    use forge_base::FileId;

    use super::*;

    #[test]
    fn names_are_plain_exactly_where_the_parser_accepts_them() {
        for name in ["a", "type", "match", "self", "x1_y"] {
            assert!(is_plain_field(name), "{name}");
            assert_eq!(crate::parse(FileId(0), &format!("schema S {{\n  {name}: Int\n}}\n")).diags, [], "{name}");
        }
        assert!(ITEM_WORDS.into_iter().chain(["", "_", "Upper", "a-b", "1a"]).all(|name| !is_plain_field(name)));
        assert!(is_plain_name("if"));
    }

    #[test]
    fn names_are_quoted_only_where_necessary() {
        assert_eq!(field_name("type"), "type");
        assert_eq!(field_name("if"), "`if`");
        assert_eq!(field_name("a-b"), "`a-b`");
        assert_eq!(field_name("Upper"), "`Upper`");
        assert_eq!(member_name("if"), "if");
        assert_eq!(variable_name("match"), "`match`");
        assert_eq!(map_key("app.kubernetes.io/name"), "\"app.kubernetes.io/name\"");
    }
}
