//! The English grammar of messages.

/// The indefinite article of `shown`: `a` or `an`.
pub fn article(shown: &str) -> &'static str {
    let first = shown.trim_start_matches(['`', '"', '(', '[']).chars().next().unwrap_or('x');
    if "AEIOaeio".contains(first) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_agrees_with_the_first_letter() {
        for (shown, expected) in [("Int", "an"), ("String", "a"), ("`array`", "an"), ("[Object]", "an"), ("", "a")] {
            assert_eq!(article(shown), expected, "{shown}");
        }
    }
}
