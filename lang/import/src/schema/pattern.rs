//! Translates regular expressions from RE2 and ECMAScript to the syntax of Rust's `regex`.
//!
//! They differ in a few points: in RE2 and ECMAScript, `[[]` and `[&&]` contain plain characters, a brace that does not
//! start a repetition is literal, and `\d`, `\w` and `\s` match ASCII only.

use regex::RegexBuilder;

/// The same limit as in the evaluator.
const SIZE_LIMIT: usize = 8 << 20;

/// Translates a pattern; the error says why it cannot be compiled.
pub(crate) fn translate(pattern: &str) -> Result<String, String> {
    let mine = rewrite(pattern);
    RegexBuilder::new(&mine).size_limit(SIZE_LIMIT).build().map(|_| mine).map_err(|error| {
        let text = error.to_string();
        let last = text.lines().last().unwrap_or_default().trim();
        last.strip_prefix("error: ").unwrap_or(last).to_owned()
    })
}

fn rewrite(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len());
    let mut at = 0;
    let mut context = Context::Pattern;
    while at < chars.len() {
        let c = chars[at];
        let next = chars.get(at + 1).copied();
        match c {
            '\\' => {
                out.push_str(&escape(next, context));
                at += 1;
            }
            '[' if context == Context::Pattern => {
                context = Context::Class;
                out.push('[');
                // A leading `]` is literal.
                if next == Some('^') {
                    out.push('^');
                    at += 1;
                }
                if chars.get(at + 1) == Some(&']') {
                    out.push_str("\\]");
                    at += 1;
                }
            }
            '[' if next == Some(':') => {
                let end = (at..chars.len()).find(|&end| chars[end] == ']').unwrap_or(chars.len() - 1);
                out.extend(&chars[at..=end]);
                at = end;
            }
            '[' => out.push_str("\\["),
            ']' => {
                context = Context::Pattern;
                out.push(']');
            }
            '&' | '~' if context == Context::Class && next == Some(c) => {
                out.push('\\');
                out.push(c);
            }
            '-' if context == Context::Class && next == Some('-') => out.push_str("\\-"),
            '{' if context == Context::Pattern && !is_repetition(&chars[at..]) => out.push_str("\\{"),
            c => out.push(c),
        }
        at += 1;
    }
    out
}

/// Where an escape sequence is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Pattern,
    /// Inside a character class, which a class escape extends.
    Class,
}

fn escape(c: Option<char>, context: Context) -> String {
    match (c, context) {
        (Some('d'), Context::Pattern) => String::from("[0-9]"),
        (Some('d'), Context::Class) => String::from("0-9"),
        (Some('w'), Context::Pattern) => String::from("[0-9A-Za-z_]"),
        (Some('w'), Context::Class) => String::from("0-9A-Za-z_"),
        (Some('s'), Context::Pattern) => String::from("[\\t\\n\\f\\r ]"),
        (Some('s'), Context::Class) => String::from("\\t\\n\\f\\r "),
        (Some('D'), _) => String::from("[^0-9]"),
        (Some('W'), _) => String::from("[^0-9A-Za-z_]"),
        (Some('S'), _) => String::from("[^\\t\\n\\f\\r ]"),
        (Some('/'), _) => String::from("/"),
        (Some('"' | '\'' | '@' | ':' | '=' | ',' | ';' | '!' | '%' | '<' | '>' | '_' | ' ' | '`'), _) => {
            c.map(String::from).unwrap_or_default()
        }
        // `\Z` matches only at the end of the text.
        (Some('Z'), Context::Pattern) => String::from("\\z"),
        (Some(c), _) => format!("\\{c}"),
        (None, _) => String::from("\\"),
    }
}

/// Whether the leading brace starts a repetition: `{2}`, `{2,}` or `{2,3}`.
fn is_repetition(chars: &[char]) -> bool {
    let Some(end) = chars.iter().position(|&c| c == '}') else { return false };
    let inner: String = chars[1..end].iter().collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match inner.split_once(',') {
        Some((low, high)) => is_number(low) && (high.is_empty() || is_number(high)),
        None => is_number(&inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_keep_the_meaning_that_their_engine_gives_them() {
        let is = |theirs: &str, mine: &str| assert_eq!(translate(theirs).as_deref(), Ok(mine), "{theirs}");
        is(r"^\d+$", "^[0-9]+$");
        is(r"^[\w.-]+$", "^[0-9A-Za-z_.-]+$");
        is(r"^[[]$", r"^[\[]$");
        is(r"^[]a]$", r"^[\]a]$");
        is(r"^[[:alnum:]]$", "^[[:alnum:]]$");
        is(r"a{2,3}b", "a{2,3}b");
        is(r"^${name}$", r"^$\{name}$");
        is(r"[a&&b]", r"[a\&&b]");
        is(r"^\/a\_b$", "^/a_b$");
    }

    #[test]
    fn what_no_linear_engine_has_is_told() {
        assert!(translate("^(?!x)").unwrap_err().contains("look-around"));
        assert!(translate(r"(a)\1").is_err());
    }
}
