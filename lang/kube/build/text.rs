//! Text scanning: Rust string literals, and deprecation notices in documentation.

/// The first string literal in `line`, unescaped.
pub(crate) fn quoted(line: &str) -> Option<String> {
    let mut chars = line[line.find('"')? + 1..].chars();
    let mut out = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(out),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => {}
                'u' => {
                    let digits: String = chars.by_ref().skip(1).take_while(|&c| c != '}').collect();
                    out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
}

/// The text between `open` and the next `close`.
pub(crate) fn between<'a>(line: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let rest = &line[line.find(open)? + open.len()..];
    Some(&rest[..rest.find(close)?])
}

/// The advice in a deprecation notice: the sentence that follows the word "Deprecated".
pub(crate) fn deprecation(doc: &str) -> Option<String> {
    let at = ["Deprecated", "DEPRECATED"].iter().filter_map(|word| begins_sentence(doc, word)).min()?;
    let rest = doc[at + "Deprecated".len()..].trim_start_matches([':', '.', ',', ' ', '-', '\n']);
    let end = sentence_end(rest);
    let sentence = rest[..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = sentence.trim_end_matches('.');
    Some(if !sentence.contains(' ') { "it will be removed".to_owned() } else { sentence.to_owned() })
}

/// Finds `word` at the start of the documentation, or at the start of a sentence if a colon follows.
fn begins_sentence(doc: &str, word: &str) -> Option<usize> {
    doc.match_indices(word).map(|(at, _)| at).find(|&at| {
        let next = doc[at + word.len()..].chars().next();
        let before = doc[..at].trim_end_matches(' ');
        match next {
            Some(':') => before.is_empty() || before.ends_with(['.', '\n', ')']),
            Some(c) => at == 0 && matches!(c, '.' | ',' | ' ' | '\n'),
            None => at == 0,
        }
    })
}

fn sentence_end(text: &str) -> usize {
    let stops = [". ", ".\n", "\n\n"];
    stops.iter().filter_map(|stop| text.find(stop)).min().unwrap_or(text.len())
}
