//! Pieces of Forge source: names, strings, documentation, values.

use std::fmt::Write as _;

use forge_syntax::write::{is_invisible, is_plain_field, is_plain_name, push_escaped};

use crate::model::Literal;
use crate::node::{Node, Value};

/// Names that mean something else at the beginning of an expression.
const EXPR_WORDS: [&str; 14] =
    ["if", "for", "let", "check", "fn", "delete", "match", "true", "false", "null", "self", "super", "it", "in"];
/// Documentation is broken into lines of this many characters.
const DOC_WIDTH: usize = 100;

/// The name of a field where one is declared or set.
pub(crate) fn field_name(name: &str) -> String {
    if is_plain_field(name) { name.to_owned() } else { format!("`{name}`") }
}

/// The name of a field where an expression stands.
pub(crate) fn expr_name(name: &str) -> String {
    if is_plain_name(name) && !EXPR_WORDS.contains(&name) && name != "is" {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

/// The name of a field behind a dot.
pub(crate) fn member_name(name: &str) -> String {
    if is_plain_name(name) { name.to_owned() } else { format!("`{name}`") }
}

/// Whether it can be a field's name even in backticks.
pub(crate) fn can_be_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['`', '\n', '\r'])
}

/// A key of a map.
pub(crate) fn key(name: &str) -> String {
    if is_plain_field(name) { name.to_owned() } else { string(name) }
}

/// A string literal on one line; raw where that is easier to read.
pub(crate) fn string(text: &str) -> String {
    let is_raw = text.contains(['\\', '"']) && !text.contains(|c: char| c.is_control() || c == '\u{2028}');
    if is_raw {
        for hashes in ["#", "##"] {
            if !text.contains(&format!("\"{hashes}")) && !text.contains(&format!("\\{hashes}")) {
                return format!("{hashes}\"{text}\"{hashes}");
            }
        }
    }
    let mut out = String::from("\"");
    push_escaped(&mut out, text);
    out.push('"');
    out
}

/// A string literal of several lines, if the text has some.
pub(crate) fn block_string(text: &str) -> Option<String> {
    let is_block = text.contains('\n') && !text.contains(|c: char| c != '\n' && c != '\t' && is_invisible(c));
    let (open, close) = if text.contains(['\\', '"']) {
        let hashes = ["#", "##", "###"]
            .into_iter()
            .find(|h| !text.contains(&format!("\\{h}")) && !text.contains(&format!("\"\"\"{h}")))?;
        (format!("{hashes}\"\"\""), format!("\"\"\"{hashes}"))
    } else {
        (String::from("\"\"\""), String::from("\"\"\""))
    };
    // White space at the ends of lines is easily lost in editors; tabs at their beginnings mix with the indentation.
    let is_fragile = text.lines().any(|line| line.ends_with([' ', '\t']) || line.starts_with('\t'));
    (is_block && !is_fragile).then(|| format!("{open}\n{text}\n{close}"))
}

/// A number as a `Float`.
pub(crate) fn float(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.1}");
    }
    let text = format!("{number:?}");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

/// A literal.
pub(crate) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Str(value) => string(value),
    }
}

/// A value as an expression, in one line.
pub(crate) fn value(node: &Node) -> String {
    match &node.value {
        Value::Null => String::from("null"),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float(*value),
        Value::Str(text) => string(text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| value(&item.node)).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) if entries.is_empty() => String::from("{}"),
        Value::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|entry| format!("{} = {}", key(&entry.key), value(&entry.node))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// Lines of documentation, each with `mark` before it and wrapped where it is long.
pub(crate) fn doc(text: &str, mark: &str, indent: &str) -> String {
    let mut out = String::new();
    let text = text.trim_end().replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    for line in text.trim_start_matches('\n').lines() {
        let clean: String = line.chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
        for piece in wrap(clean.trim_end()) {
            let space = if piece.is_empty() { "" } else { " " };
            _ = writeln!(out, "{indent}{mark}{space}{piece}");
        }
    }
    out
}

fn wrap(line: &str) -> Vec<String> {
    if line.chars().count() <= DOC_WIDTH + 20 {
        return vec![line.to_owned()];
    }
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let mut lines = vec![indent.clone()];
    let mut width = indent.len();
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if width > indent.len() && width + 1 + length > DOC_WIDTH {
            lines.push(indent.clone());
            width = indent.len();
        }
        if let Some(last) = lines.last_mut() {
            if width > indent.len() {
                last.push(' ');
                width += 1;
            }
            last.push_str(word);
            width += length;
        }
    }
    lines
}

/// `some-name.x` as `SomeNameX`.
pub(crate) fn upper_camel(name: &str) -> String {
    let mut out = String::new();
    let mut starts = true;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            starts = true;
        } else if starts {
            out.push(c.to_ascii_uppercase());
            starts = false;
        } else {
            out.push(c);
        }
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) { format!("N{out}") } else { out }
}

/// `some-name.x` as `someNameX`.
pub(crate) fn lower_camel(name: &str) -> String {
    let upper = upper_camel(name);
    let capitals = upper.chars().take_while(char::is_ascii_uppercase).count();
    // `URLMap` becomes `urlMap`, `Widget` becomes `widget`, `URL` becomes `url`.
    let lowered = if capitals == upper.len() { capitals } else { capitals.saturating_sub(1).max(1) };
    upper.char_indices().map(|(at, c)| if at < lowered { c.to_ascii_lowercase() } else { c }).collect()
}

/// A part of a module's path.
pub(crate) fn module_name(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_lowercase()) { name } else { format!("m{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_raw_where_that_is_easier_to_read() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string(r"^\d+$"), r##"#"^\d+$"#"##);
        assert_eq!(string(r##"a"#b"##), r###"##"a"#b"##"###);
        assert_eq!(string("a\n\"b\""), r#""a\n\"b\"""#);
        assert_eq!(string("\u{202E}x"), "\"\\u{202E}x\"");
        assert_eq!(string(r"\(x)"), r##"#"\(x)"#"##);
    }

    #[test]
    fn names_are_quoted_only_where_they_must_be() {
        assert_eq!(field_name("type"), "type");
        assert_eq!(field_name("if"), "`if`");
        assert_eq!(field_name("a-b"), "`a-b`");
        assert_eq!(field_name("Upper"), "`Upper`");
        assert_eq!(expr_name("match"), "`match`");
        assert_eq!(key("app.kubernetes.io/name"), "\"app.kubernetes.io/name\"");
    }

    #[test]
    fn camel_case_follows_the_words() {
        assert_eq!(upper_camel("foo-bar.baz"), "FooBarBaz");
        assert_eq!(upper_camel("1st"), "N1st");
        assert_eq!(lower_camel("URLMap"), "urlMap");
        assert_eq!(lower_camel("HelmRelease-web"), "helmReleaseWeb");
        assert_eq!(lower_camel("URL"), "url");
    }

    #[test]
    fn long_documentation_is_wrapped_and_odd_characters_are_taken_out() {
        let long = "word ".repeat(60);
        assert!(doc(&long, "///", "").lines().all(|line| line.len() <= 110));
        assert_eq!(doc("a\u{0}b\r\n\nc", "///", ""), "/// a b\n///\n///\n/// c\n");
    }
}
