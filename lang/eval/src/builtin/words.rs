//! Splits identifiers and sentences into words.

/// The words of an identifier or sentence: runs of letters and digits, split before capitals that start a word.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).flat_map(humps).collect()
}

/// The parts of `maxHTTPSize2`: `max`, `HTTP`, `Size2`.
fn humps(run: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = run.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..chars.len() {
        let (offset, c) = chars[at];
        let before = chars[at - 1].1;
        let is_new = c.is_uppercase()
            && (!before.is_uppercase() || chars.get(at + 1).is_some_and(|(_, next)| next.is_lowercase()));
        if is_new {
            parts.push(&run[start..offset]);
            start = offset;
        }
    }
    if start < run.len() {
        parts.push(&run[start..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_punctuation_separate_words() {
        for (text, expected) in [
            ("", &[][..]),
            ("HTTPServer max-size", &["HTTP", "Server", "max", "size"]),
            ("maxHTTPSize2 x_y", &["max", "HTTP", "Size2", "x", "y"]),
            ("--a..b--", &["a", "b"]),
            ("v2Beta", &["v2", "Beta"]),
            ("ÄrgerÜber", &["Ärger", "Über"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
