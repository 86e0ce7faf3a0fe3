//! `std.text`: identifiers and prose.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::call::{BuiltinTable, Call};
use super::digest;
use super::string::{capitalized, length};
use super::substring::before;
use super::words::words;
use crate::display::show;
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("text.words", |call| call.list_of_texts(words(call.str(0)?))),
    ("text.kebabCase", |call| joined(call, "-", |_, word| word.to_lowercase())),
    ("text.snakeCase", |call| joined(call, "_", |_, word| word.to_lowercase())),
    ("text.screamingCase", |call| joined(call, "_", |_, word| word.to_uppercase())),
    ("text.camelCase", |call| {
        joined(call, "", |index, word| if index == 0 { word.to_lowercase() } else { title(word) })
    }),
    ("text.pascalCase", |call| joined(call, "", |_, word| title(word))),
    ("text.slug", slug_of),
    ("text.shorten", shorten),
    ("text.truncate", truncate),
    ("text.wrap", wrap),
    ("text.shellQuote", |call| call.text(&shell_quoted(call.str(0)?))),
    ("text.quote", |call| call.text(&serde_json::Value::from(call.str(0)?).to_string())),
    ("text.plural", plural),
    ("text.enumeration", |call| call.text(&enumerated(&call.texts(0)?, call.str(1)?))),
];

/// Joins the words of a string after changing each by its index and text.
fn joined<'a>(call: &Call<'_, 'a>, separator: &str, change: fn(usize, &str) -> String) -> Eval<Value<'a>> {
    let words = words(call.str(0)?).into_iter().enumerate();
    call.text(&words.map(|(index, word)| change(index, word)).collect::<Vec<_>>().join(separator))
}

/// A word with its first letter, and only that, in upper case.
fn title(word: &str) -> String {
    capitalized(&word.to_lowercase())
}

fn slug_of<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let max = match call.int(1)? {
        max @ 1..=63 => max as usize,
        max => return call.fail(format!("`max` is {max}"), "must be 1 to 63, the maximum length of a DNS label"),
    };
    match slug(call.str(0)?, max).as_str() {
        "" => {
            let shown = show(call.arg(0));
            call.fail(format!("{shown} cannot become a name"), "a name needs a letter from a to z or a digit")
        }
        slug => call.text(slug),
    }
}

/// Lower case without accents; other characters become single `-`, but not at the start or end.
fn slug(text: &str, max: usize) -> String {
    let mut slug = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let letters = match c {
            'a'..='z' | '0'..='9' => {
                slug.push(c);
                continue;
            }
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'đ' | 'ð' => "d",
            'ł' => "l",
            'þ' => "th",
            'ı' => "i",
            '\'' | '’' => continue,
            _ if slug.is_empty() || slug.ends_with('-') => continue,
            _ => "-",
        };
        slug.push_str(letters);
    }
    slug.truncate(max);
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

fn shorten<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    /// The length of `-` and eight digits.
    const SUFFIX: usize = 9;
    let (text, max) = (call.str(0)?, call.int(1)?);
    let Some(max) = usize::try_from(max).ok().filter(|max| *max > SUFFIX) else {
        return call.fail(format!("`max` is {max}"), "must be 10 or more, to leave room for `-` and eight digits");
    };
    if length(text) <= max {
        return Ok(Value::Str(text));
    }
    let digest = digest::sha256(text.as_bytes());
    call.text(&format!("{}-{}", before(text, max - SUFFIX), &digest[..8]))
}

fn truncate<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, max, ending) = (call.str(0)?, call.count(1, "max")?, call.str(2)?);
    let Some(kept) = max.checked_sub(length(ending)) else {
        let shown = show(call.arg(2));
        return call
            .fail(format!("`ending` is {shown}, which is longer than {max}"), "must be at most `max` characters long");
    };
    if length(text) <= max { Ok(Value::Str(text)) } else { call.text(&format!("{}{ending}", before(text, kept))) }
}

fn wrap<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, width) = (call.str(0)?, call.size(1, "width")?);
    let lines: Vec<_> = text.split('\n').map(|line| wrapped(line, width)).collect();
    call.text(&lines.join("\n"))
}

/// Breaks a line at white space. A line that is short enough is unchanged.
fn wrapped(line: &str, width: usize) -> String {
    if length(line) <= width {
        return line.to_owned();
    }
    let (mut result, mut filled) = (String::new(), 0);
    for word in line.split_whitespace() {
        let size = length(word);
        if filled > 0 && filled + 1 + size > width {
            result.push('\n');
            filled = 0;
        } else if filled > 0 {
            result.push(' ');
            filled += 1;
        }
        result.push_str(word);
        filled += size;
    }
    result
}

/// Quotes a string as one word of a POSIX shell.
fn shell_quoted(text: &str) -> String {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn plural<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (count, one, many) = (call.int(0)?, call.str(1)?, call.str_or_null(2)?);
    call.text(&match (count, many) {
        (1, _) => format!("1 {one}"),
        (count, Some(many)) => format!("{count} {many}"),
        (count, None) => format!("{count} {one}s"),
    })
}

fn enumerated(items: &[&str], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_dns_labels() {
        for (text, max, expected) in [
            ("Größe: Grafana, v12", 63, "grosse-grafana-v12"),
            ("  --Hello,  World!-- ", 63, "hello-world"),
            ("abcdef-ghi", 7, "abcdef"),
            ("Ærø's Łódź", 63, "aeros-lodz"),
            ("ﬁne ① x", 63, "fine-1-x"),
            ("!!!", 63, ""),
            ("Москва", 63, ""),
        ] {
            assert_eq!(slug(text, max), expected, "{text}");
        }
    }

    #[test]
    fn lines_are_broken_at_white_space_only() {
        for (line, width, expected) in [
            ("a bc def", 4, "a bc\ndef"),
            ("abcdef gh", 3, "abcdef\ngh"),
            ("short  line", 20, "short  line"),
            ("", 1, ""),
        ] {
            assert_eq!(wrapped(line, width), expected, "{line}");
        }
    }

    #[test]
    fn shell_words_are_quoted_where_needed() {
        for (text, expected) in
            [("", "''"), ("it's", r"'it'\''s'"), ("a-b_c/d.e:f=g", "a-b_c/d.e:f=g"), ("a b", "'a b'"), ("~", "'~'")]
        {
            assert_eq!(shell_quoted(text), expected);
        }
    }

    #[test]
    fn sentences_list_items() {
        assert_eq!(enumerated(&["a", "b", "c"], "and"), "a, b and c");
        assert_eq!(enumerated(&["a", "b"], "or"), "a or b");
        assert_eq!((enumerated(&[], "and"), enumerated(&["a"], "and")), (String::new(), "a".into()));
    }
}
