//! Patterns for paths: `*` and `?` within a segment, `**` for any folders, `[…]`, and `{a,b}`.

/// The maximum number of patterns that braces expand to.
const MAX_ALTERNATIVES: usize = 1000;

/// One segment of a pattern.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum PathSegment {
    /// `**`: any number of folders.
    Folders,
    /// A name without wildcards.
    Name(String),
    /// A name with wildcards.
    Pattern(Vec<NameToken>),
}

/// One element of a pattern for a name.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum NameToken {
    /// This character.
    Char(char),
    /// `?`
    Any,
    /// `*`
    Many,
    /// `[a-z]` or `[!a-z]`
    Class { ranges: Vec<(char, char)>, negated: bool },
}

/// Expands the braces of a pattern and parses the results.
///
/// # Errors
/// A message for users if the pattern is malformed.
pub(super) fn parse(pattern: &str) -> Result<Vec<Vec<PathSegment>>, String> {
    let mut done = Vec::new();
    let mut pending = vec![pattern.to_owned()];
    while let Some(next) = pending.pop() {
        match first_braces(&next)? {
            None => done.push(next.split('/').map(segment).collect::<Result<_, _>>()?),
            Some((start, end, commas)) => {
                let mut from = start + 1;
                for comma in commas.into_iter().chain([end]) {
                    pending.push(format!("{}{}{}", &next[..start], &next[from..comma], &next[end + 1..]));
                    from = comma + 1;
                }
            }
        }
        if done.len() + pending.len() > MAX_ALTERNATIVES {
            return Err(format!("its braces expand to more than {MAX_ALTERNATIVES} patterns"));
        }
    }
    Ok(done)
}

/// The offsets of the first pair of braces, and of the commas directly in it.
fn first_braces(text: &str) -> Result<Option<(usize, usize, Vec<usize>)>, String> {
    let (mut start, mut depth, mut commas, mut in_class) = (0, 0, Vec::new(), false);
    for (at, c) in text.char_indices() {
        match c {
            '[' => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            '{' => {
                depth += 1;
                if depth == 1 {
                    start = at;
                }
            }
            '}' if depth == 0 => return Err("unmatched `}`".into()),
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some((start, at, commas)));
                }
            }
            ',' if depth == 1 => commas.push(at),
            _ => {}
        }
    }
    if depth > 0 { Err("unclosed `{`".into()) } else { Ok(None) }
}

fn segment(text: &str) -> Result<PathSegment, String> {
    if text == "**" {
        return Ok(PathSegment::Folders);
    }
    if !text.contains(['*', '?', '[', ']']) {
        return Ok(PathSegment::Name(text.to_owned()));
    }
    let mut tokens = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' if tokens.last() == Some(&NameToken::Many) => continue,
            '*' => NameToken::Many,
            '?' => NameToken::Any,
            '[' => class(&mut chars)?,
            c => NameToken::Char(c),
        });
    }
    Ok(PathSegment::Pattern(tokens))
}

/// The rest of `[…]`.
fn class(chars: &mut std::str::Chars<'_>) -> Result<NameToken, String> {
    let mut inside: Vec<char> = Vec::new();
    loop {
        match chars.next() {
            None => return Err("unclosed `[`".into()),
            // A leading `]` is a literal.
            Some(']') if !matches!(inside.as_slice(), [] | ['!' | '^']) => break,
            Some(c) => inside.push(c),
        }
    }
    let negated = matches!(inside.first(), Some('!' | '^'));
    let mut rest = &inside[usize::from(negated)..];
    let mut ranges = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        if let ['-', last, after @ ..] = after {
            ranges.push((*first, *last));
            rest = after;
        } else {
            ranges.push((*first, *first));
            rest = after;
        }
    }
    Ok(NameToken::Class { ranges, negated })
}

impl PathSegment {
    /// Whether a name matches. A leading dot must be explicit in the pattern.
    pub(super) fn matches(&self, name: &str) -> bool {
        match self {
            PathSegment::Folders => !name.starts_with('.'),
            PathSegment::Name(expected) => expected == name,
            PathSegment::Pattern(tokens) => {
                (!name.starts_with('.') || tokens.first() == Some(&NameToken::Char('.'))) && matches_name(tokens, name)
            }
        }
    }
}

/// Backtracks only to the last `*`, so the time is at most the product of both lengths.
fn matches_name(tokens: &[NameToken], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let (mut token_index, mut at, mut retry) = (0, 0, None);
    while at < name.len() {
        match tokens.get(token_index) {
            Some(NameToken::Many) => {
                retry = Some((token_index, at));
                token_index += 1;
                continue;
            }
            Some(token) if token.accepts(name[at]) => {
                (token_index, at) = (token_index + 1, at + 1);
                continue;
            }
            _ => {}
        }
        let Some((star, from)) = retry else { return false };
        retry = Some((star, from + 1));
        (token_index, at) = (star + 1, from + 1);
    }
    tokens[token_index..].iter().all(|token| *token == NameToken::Many)
}

impl NameToken {
    fn accepts(&self, c: char) -> bool {
        match self {
            NameToken::Char(expected) => *expected == c,
            NameToken::Any | NameToken::Many => true,
            NameToken::Class { ranges, negated } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *negated
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_matches(pattern: &str, name: &str) -> bool {
        segment(pattern).unwrap().matches(name)
    }

    #[test]
    fn names_match_as_in_a_shell() {
        for (pattern, inside, outside) in [
            ("*.json", &["a.json", "a.b.json"][..], &["json", ".json", "a.jsonx"][..]),
            ("a?c", &["abc", "aüc"], &["ac", "abbc"]),
            ("[a-c]x", &["ax", "cx"], &["dx", "x"]),
            ("[!a-c]x", &["dx"], &["ax"]),
            ("[]]", &["]"], &["a"]),
            ("*", &["a"], &[".a"]),
            (".*", &[".a"], &["a"]),
            ("a*b*c", &["abc", "aXbYc", "abbcc"], &["ab", "acb"]),
            ("plain", &["plain"], &["plainx"]),
        ] {
            for name in inside {
                assert!(name_matches(pattern, name), "{pattern} {name}");
            }
            for name in outside {
                assert!(!name_matches(pattern, name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn many_stars_do_not_backtrack_exponentially() {
        assert!(!name_matches(&("*a".repeat(50) + "b"), &"a".repeat(5000)));
    }

    #[test]
    fn braces_expand_to_several_patterns() {
        let expanded = parse("{a,b/{c,d}}.x").unwrap();
        let name = |text: &str| PathSegment::Name(text.into());
        assert_eq!(expanded.len(), 3);
        for parts in [vec![name("a.x")], vec![name("b"), name("c.x")], vec![name("b"), name("d.x")]] {
            assert!(expanded.contains(&parts), "{parts:?}");
        }
    }

    #[test]
    fn malformed_patterns_are_rejected() {
        for pattern in ["{a", "a}", "[a", "{{a,b}", &"{a,b}".repeat(20)] {
            assert!(parse(pattern).is_err(), "{pattern}");
        }
    }
}
