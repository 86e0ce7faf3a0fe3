//! Documentation comments.

use super::{WIDTH, is_invisible};

/// The lines of a documentation comment: wrapped to the line width, without invisible characters.
///
/// `indent` is the indentation of the comment and `marker` its `///` or `//!`.
pub(super) fn lines(text: &str, marker: &str, indent: usize) -> Vec<String> {
    let width = WIDTH - indent - marker.len() - 1;
    let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}');
    let text = text.trim_end().trim_start_matches(is_break);
    if text.is_empty() {
        return Vec::new();
    }
    text.split(is_break).flat_map(|line| wrap(&clean(line), width)).collect()
}

fn clean(line: &str) -> String {
    let clean: String = line.chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
    clean.trim_end().to_owned()
}

/// Breaks a line at spaces so that each part has at most `width` characters where possible. Continuation lines keep the
/// indentation.
fn wrap(line: &str, width: usize) -> Vec<String> {
    let margin = &line[..line.len() - line.trim_start().len()];
    let mut parts = Vec::new();
    let mut rest = line.to_owned();
    while let Some((limit, _)) = rest.char_indices().nth(width) {
        let cut = rest[margin.len()..limit].rfind(' ').or_else(|| rest[margin.len()..].find(' '));
        let Some(cut) = cut.map(|cut| cut + margin.len()) else { break };
        parts.push(rest[..cut].trim_end().to_owned());
        rest = format!("{margin}{}", rest[cut..].trim_start());
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_and_invisible_characters_replaced() {
        let long = format!("  {}", "word ".repeat(60));
        let wrapped = lines(&long, "///", 2);
        assert!(wrapped.len() == 3 && wrapped.iter().all(|line| line.len() <= 114 && line.starts_with("  word")));
        assert_eq!(lines("\na\u{0}b\r\n\nc \n", "///", 0), ["a b", "", "", "c"]);
        assert_eq!(lines(" \n", "///", 0), [""; 0]);
        assert_eq!(lines(&"x".repeat(200), "///", 0), ["x".repeat(200)]);
    }
}
