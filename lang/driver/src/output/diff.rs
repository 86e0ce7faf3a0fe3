//! Differences between texts in unified format.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

/// Whether output is colored.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Paint {
    /// Plain text.
    #[default]
    Plain,
    /// Terminal colors.
    Color,
}

impl Paint {
    fn line(self, text: &str, color: &str) -> String {
        match self {
            Paint::Plain => text.to_owned(),
            Paint::Color => format!("\u{1b}[{color}m{text}\u{1b}[0m"),
        }
    }
}

/// The difference as `diff -u` prints it; empty if there is none. A side that does not exist is named `/dev/null`.
pub fn unified(old: Option<&str>, new: Option<&str>, name: &str, paint: Paint) -> String {
    if old == new {
        return String::new();
    }
    let mut text = String::new();
    let before = if old.is_some() { format!("a/{name}") } else { String::from("/dev/null") };
    let after = if new.is_some() { format!("b/{name}") } else { String::from("/dev/null") };
    _ = writeln!(text, "{}", paint.line(&format!("--- {before}"), "1"));
    _ = writeln!(text, "{}", paint.line(&format!("+++ {after}"), "1"));
    let diff = TextDiff::from_lines(old.unwrap_or(""), new.unwrap_or(""));
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        _ = writeln!(text, "{}", paint.line(&hunk.header().to_string(), "36"));
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches(['\n', '\r']);
            let line = match change.tag() {
                ChangeTag::Delete => paint.line(&format!("-{line}"), "31"),
                ChangeTag::Insert => paint.line(&format!("+{line}"), "32"),
                ChangeTag::Equal => format!(" {line}"),
            };
            _ = writeln!(text, "{line}");
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(unified(Some("a\n"), Some("a\n"), "x", Paint::Plain), "");
    }

    #[test]
    fn a_changed_line_is_shown_with_what_is_around_it() {
        let diff = unified(Some("a\nb\nc\n"), Some("a\nB\nc\n"), "x", Paint::Plain);
        assert_eq!(diff, "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
    }

    #[test]
    fn a_new_file_comes_from_nothing() {
        let diff = unified(None, Some("a\n"), "x", Paint::Plain);
        assert_eq!(diff, "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n");
    }
}
