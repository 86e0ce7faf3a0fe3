//! Messages, comments and pages avoid the phrases of `wording.txt`.

use std::fs;
use std::path::{Path, PathBuf};

use forge_tests::root;

/// What has not been rewritten yet, as prefixes of the places that the test prints.
const UNFINISHED: &[&str] = &[];

/// A phrase to avoid.
struct Phrase<'a> {
    text: &'a str,
    instead: &'a str,
    /// Longer phrases in which it is fine.
    unless: Vec<&'a str>,
}

#[test]
fn messages_comments_and_pages_avoid_the_phrases_of_the_list() {
    let list = fs::read_to_string(root().join("tests/docs/wording.txt")).unwrap();
    let phrases = read(&list);
    let mut problems = Vec::new();
    for path in files(&root()) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (part, text) in parts(&name, &text) {
            let place = format!("{part}{name}");
            if !UNFINISHED.iter().any(|prefix| place.starts_with(prefix)) {
                problems.extend(find(&text, &phrases).iter().map(|problem| format!("{place}: {problem}")));
            }
        }
    }
    assert!(problems.is_empty(), "phrases of tests/docs/wording.txt:\n{}", problems.join("\n"));
}

/// The phrases of the list: `phrase | phrase => instead | unless: phrase, phrase`.
fn read(list: &str) -> Vec<Phrase<'_>> {
    let mut phrases = Vec::new();
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (texts, rest) = line.split_once(" => ").unwrap();
        let (instead, unless) = rest.split_once(" | unless: ").unwrap_or((rest, ""));
        let unless: Vec<&str> = unless.split(", ").filter(|text| !text.is_empty()).collect();
        phrases.extend(texts.split(" | ").map(|text| Phrase { text, instead, unless: unless.clone() }));
    }
    phrases
}

/// The files that people write: everything but what is built, generated or taken over.
fn files(folder: &Path) -> Vec<PathBuf> {
    const SKIPPED: &[&str] = &["target", ".git", "node_modules", "schema-sources", "corpus", "proptest-regressions"];
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_skipped = path.file_name().is_some_and(|name| SKIPPED.iter().any(|skipped| name == *skipped));
        if path.is_dir() && !is_skipped {
            found.extend(files(&path));
        } else if path
            .extension()
            .is_some_and(|it| ["md", "forge", "rs", "toml", "py", "sh"].iter().any(|own| it == *own))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The English of a file, with a prefix for its place.
fn parts(name: &str, text: &str) -> Vec<(&'static str, String)> {
    match name.rsplit_once('.') {
        Some((_, "md")) => vec![("", prose(text))],
        Some((_, "rs")) => {
            let (strings, comments) = rust(text);
            vec![("strings of ", strings.join("\n.\n")), ("comments of ", without_code(&comments))]
        }
        _ => {
            let unmarked = |line: &str| format!("{}\n", line.trim_start().trim_start_matches(['/', '!', '#']));
            vec![("", without_code(&text.lines().map(unmarked).collect::<String>()))]
        }
    }
}

/// A Markdown page without its code blocks.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut fence = None;
    for line in text.lines() {
        let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(open) if ticks >= open => fence = None,
            None => prose.extend([line, "\n"]),
            Some(_) => {}
        }
    }
    without_code(&prose)
}

/// Replaces each code span by `…`.
fn without_code(text: &str) -> String {
    let line = |line: &str| {
        let spans = line.split('`').enumerate();
        spans.map(|(at, span)| if at % 2 == 1 { "…" } else { span }).collect::<String>()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The string literals and the comments of a Rust file.
fn rust(text: &str) -> (Vec<String>, String) {
    let (mut strings, mut comments) = (Vec::new(), String::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            comments.extend([rest[..end].trim_start_matches(['/', '!']), "\n"]);
            end
        } else if let Some(hashes) = raw_string(rest, text) {
            let start = hashes + 2;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = rest[start..].find(&close).map_or(rest.len(), |end| start + end);
            strings.push(rest[start..end].to_owned());
            (end + close.len()).min(rest.len())
        } else if first == '"' {
            let end = string_end(rest);
            strings.push(rest[1..end].to_owned());
            (end + 1).min(rest.len())
        } else if first == '\'' {
            char_literal(rest)
        } else {
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    (strings, comments)
}

/// The number of `#` of the raw string that `rest`, the end of `text`, starts with.
fn raw_string(rest: &str, text: &str) -> Option<usize> {
    let before = text[..text.len() - rest.len()].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() && c != 'b') {
        return None;
    }
    let hashes = rest.strip_prefix('r')?.bytes().take_while(|&byte| byte == b'#').count();
    rest[1 + hashes..].starts_with('"').then_some(hashes)
}

/// Where the string literal that `rest` starts with is closed.
fn string_end(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == '"' && !is_escaped {
            return at;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    rest.len()
}

/// The length of the character literal or of the quote of a lifetime.
fn char_literal(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let start = at + escaped.len_utf8();
            rest[start..].find('\'').map_or(rest.len(), |end| start + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// The phrases that occur in `text`, each with its context.
fn find(text: &str, phrases: &[Phrase<'_>]) -> Vec<String> {
    let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for phrase in phrases {
        for (at, _) in text.match_indices(phrase.text) {
            let end = at + phrase.text.len();
            let is_whole = !joins(text[..at].chars().next_back(), phrase.text.chars().next())
                && !joins(phrase.text.chars().next_back(), text[end..].chars().next());
            let is_fine = phrase.unless.iter().any(|longer| {
                longer.match_indices(phrase.text).any(|(offset, _)| {
                    at.checked_sub(offset)
                        .and_then(|start| text.get(start..))
                        .is_some_and(|rest| rest.starts_with(longer))
                })
            });
            if is_whole && !is_fine {
                found.push(format!("`{}` (write: {}) in: {}", phrase.text, phrase.instead, around(&text, at, end)));
            }
        }
    }
    found
}

/// Whether two neighboring characters are of one word.
fn joins(left: Option<char>, right: Option<char>) -> bool {
    [left, right].iter().all(|c| c.is_some_and(|c| c.is_alphanumeric() || c == '_'))
}

fn around(text: &str, start: usize, end: usize) -> &str {
    let start = text.floor_char_boundary(start.saturating_sub(40));
    let end = text.ceil_char_boundary((end + 40).min(text.len()));
    &text[start..end]
}

#[test]
fn phrases_are_found_as_whole_words_and_not_in_longer_ones_that_are_fine() {
    let phrases = read("was red => was blue | unless: there was red, was red hot\nup => down\n");
    assert_eq!(find("This was\nred", &phrases).len(), 1);
    assert_eq!(find("There was red; it was red hot, was reddish.", &phrases), [""; 0]);
    assert_eq!(find("Look up. Upwards!", &phrases).len(), 1);
}

#[test]
fn strings_and_comments_of_rust_are_told_apart() {
    let (strings, comments) = rust("let a = ('\"', 'b', \"x \\\" y\", r#\"raw \"z\"\"#); // \"c\"\nfn f<'a>() {}");
    assert_eq!(strings, ["x \\\" y", "raw \"z\""]);
    assert_eq!(comments, " \"c\"\n");
}

#[test]
fn code_is_not_prose() {
    assert_eq!(prose("a `b c` d\n```forge\nx\n```\ne\n"), "a … d\ne");
}
