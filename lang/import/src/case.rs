//! Conversion of names to the conventions of Forge.

/// Converts `some-name.x` to `SomeNameX`.
pub(crate) fn upper_camel(name: &str) -> String {
    let mut out = String::new();
    let mut starts = true;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            starts = true;
        } else if starts {
            out.push(c.to_ascii_uppercase());
            starts = false;
        } else {
            out.push(c);
        }
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) { format!("N{out}") } else { out }
}

/// Converts `some-name.x` to `someNameX`.
pub(crate) fn lower_camel(name: &str) -> String {
    let upper = upper_camel(name);
    let capitals = upper.chars().take_while(char::is_ascii_uppercase).count();
    // `URLMap` becomes `urlMap`, `Widget` becomes `widget`, `URL` becomes `url`.
    let lowered = if capitals == upper.len() { capitals } else { capitals.saturating_sub(1).max(1) };
    upper.char_indices().map(|(at, c)| if at < lowered { c.to_ascii_lowercase() } else { c }).collect()
}

/// Converts a name to a segment of a module path.
pub(crate) fn module_name(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_lowercase()) { name } else { format!("m{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_follows_the_words() {
        assert_eq!(upper_camel("foo-bar.baz"), "FooBarBaz");
        assert_eq!(upper_camel("1st"), "N1st");
        assert_eq!(lower_camel("URLMap"), "urlMap");
        assert_eq!(lower_camel("HelmRelease-web"), "helmReleaseWeb");
        assert_eq!(lower_camel("URL"), "url");
    }
}
