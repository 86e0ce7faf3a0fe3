//! Substrings by positions, which count characters.

/// The byte offset of the character at a position; the length of the text if the position is beyond its end.
pub(super) fn offset(text: &str, position: usize) -> usize {
    if text.is_ascii() {
        return position.min(text.len());
    }
    text.char_indices().nth(position).map_or(text.len(), |(offset, _)| offset)
}

/// The first characters.
pub(super) fn before(text: &str, count: usize) -> &str {
    &text[..offset(text, count)]
}

/// The text after its first characters.
pub(super) fn after(text: &str, count: usize) -> &str {
    &text[offset(text, count)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_are_cut_to_the_end() {
        assert_eq!((before("aé😀", 2), after("aé😀", 2)), ("aé", "😀"));
        assert_eq!((before("abc", 9), after("abc", 9)), ("abc", ""));
        assert_eq!((before("é", 0), after("é", 5)), ("", ""));
    }
}
