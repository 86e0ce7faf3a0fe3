//! Keys of maps and keyed lists.

/// A key of a map or keyed list.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// Of all maps and most keyed lists.
    Str(&'a str),
    /// Of keyed lists.
    Int(i64),
    /// Of keyed lists with several key fields.
    Tuple(&'a [Key<'a>]),
}

impl<'a> Key<'a> {
    /// The first part of a tuple, or the key itself.
    pub fn first(self) -> Key<'a> {
        match self {
            Key::Tuple(parts) => parts.first().copied().unwrap_or(self),
            _ => self,
        }
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Key<'_>) -> bool {
        self.cmp(other) == std::cmp::Ordering::Equal
    }
}

impl Eq for Key<'_> {}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Key<'_>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Key<'_>) -> std::cmp::Ordering {
        use std::cmp::Ordering;
        match (self, other) {
            (Key::Str(a), Key::Str(b)) => a.cmp(b),
            (Key::Int(a), Key::Int(b)) => a.cmp(b),
            (Key::Tuple(a), Key::Tuple(b)) => a.cmp(b),
            (Key::Int(_), _) | (Key::Str(_), Key::Tuple(_)) => Ordering::Less,
            (Key::Tuple(_), _) | (Key::Str(_), Key::Int(_)) => Ordering::Greater,
        }
    }
}

impl std::hash::Hash for Key<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Key::Str(text) => text.hash(state),
            Key::Int(number) => number.hash(state),
            Key::Tuple(parts) => parts.hash(state),
        }
    }
}

/// As the source writes it: quoted unless it is an identifier.
impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Str(text) if is_identifier(text) => f.write_str(text),
            Key::Str(text) => write!(f, "{text:?}"),
            Key::Int(number) => write!(f, "{number}"),
            Key::Tuple(parts) => {
                f.write_str("(")?;
                for (i, part) in parts.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    match part {
                        Key::Str(text) => write!(f, "{text:?}")?,
                        part => write!(f, "{part}")?,
                    }
                }
                f.write_str(")")
            }
        }
    }
}

/// Whether a key can be written without quotes.
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && !text.as_bytes()[0].is_ascii_digit()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_are_written_as_in_the_source() {
        for (key, expected) in [
            (Key::Str("web"), "web"),
            (Key::Str("my-app"), "\"my-app\""),
            (Key::Str("8080"), "\"8080\""),
            (Key::Int(80), "80"),
            (Key::Tuple(&[Key::Int(80), Key::Str("TCP")]), "(80, \"TCP\")"),
        ] {
            assert_eq!(key.to_string(), expected);
        }
    }

    #[test]
    fn keys_of_different_types_have_a_total_order() {
        let mut keys = [Key::Tuple(&[Key::Int(1)]), Key::Str("a"), Key::Int(2), Key::Int(1)];
        keys.sort();
        assert_eq!(keys, [Key::Int(1), Key::Int(2), Key::Str("a"), Key::Tuple(&[Key::Int(1)])]);
    }
}
