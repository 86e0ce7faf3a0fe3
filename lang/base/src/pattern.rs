//! Regular expressions, compiled once in a process: the checker matches constants with the patterns that the evaluator uses later.

use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use regex::{Error, Regex, RegexBuilder};
use regex_automata::nfa::thompson;
use regex_automata::nfa::thompson::backtrack::{BoundedBacktracker, Cache};
use rustc_hash::FxHashMap;

/// The maximum size of a compiled pattern in bytes.
const SIZE_LIMIT: usize = 8 << 20;
/// The maximum size in bytes of a [`SmallMatcher`].
const SMALL_MATCHER_BYTES: usize = 256 << 10;
/// The maximum number of cached patterns; a program has far fewer.
const MAX_CACHED: usize = 128;

static CACHE: LazyLock<Mutex<FxHashMap<Box<str>, Arc<Pattern>>>> = LazyLock::new(Mutex::default);

/// A compiled pattern. Matching takes time linear in the string.
#[derive(Debug)]
pub struct Pattern {
    text: Box<str>,
    small: Option<SmallMatcher>,
    full: OnceLock<Regex>,
}

/// Matches a few short strings: a [`Regex`] is faster but takes longer to compile.
#[derive(Debug)]
struct SmallMatcher {
    engine: BoundedBacktracker,
    cache: Mutex<Cache>,
}

/// Compiles a pattern, or returns the cached result.
pub fn compile(pattern: &str) -> Result<Arc<Pattern>, Error> {
    if let Some(known) = CACHE.lock().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return Ok(Arc::clone(known));
    }
    let made = Arc::new(Pattern::new(pattern)?);
    let mut known = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MAX_CACHED {
        known.clear();
    }
    known.insert(pattern.into(), Arc::clone(&made));
    Ok(made)
}

impl Pattern {
    fn new(pattern: &str) -> Result<Pattern, Error> {
        let small = SmallMatcher::new(pattern);
        let full = if small.is_some() { OnceLock::new() } else { OnceLock::from(full(pattern)?) };
        Ok(Pattern { text: pattern.into(), small, full })
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches anywhere in a string.
    pub fn is_match(&self, text: &str) -> bool {
        let small = if self.full.get().is_none() { self.small.as_ref() } else { None };
        small.and_then(|small| small.is_match(text)).unwrap_or_else(|| self.regex().is_match(text))
    }

    /// A matcher for many strings, captures and replacements. Threads that match at the same time should clone it: a clone shares the
    /// compiled pattern and has its own scratch space.
    pub fn regex(&self) -> &Regex {
        self.full.get_or_init(|| full(&self.text).expect("the pattern was compiled before and is small"))
    }
}

impl SmallMatcher {
    /// `None` if the pattern is invalid or large.
    fn new(pattern: &str) -> Option<SmallMatcher> {
        let limits = thompson::Config::new().nfa_size_limit(Some(SMALL_MATCHER_BYTES));
        let engine = BoundedBacktracker::builder().thompson(limits).build(pattern).ok()?;
        let cache = Mutex::new(engine.create_cache());
        Some(SmallMatcher { engine, cache })
    }

    /// `None` if the string is too long.
    fn is_match(&self, text: &str) -> Option<bool> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        self.engine.try_is_match(&mut cache, text).ok()
    }
}

fn full(pattern: &str) -> Result<Regex, Error> {
    RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_compiled_or_an_error() {
        assert!(compile("^a+$").unwrap().is_match("aaa"));
        assert!(compile("^a+$").unwrap().is_match("a"));
        assert!(compile("(").is_err());
        assert!(matches!(compile("((a{1000}){1000}){1000}"), Err(Error::CompiledTooBig(_))));
    }

    #[test]
    fn both_matchers_find_the_same() {
        let patterns = [
            "",
            "a|b",
            "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$",
            r"\bé\b",
            r"(?i)ß",
            r"^\p{Lu}+$",
            "x*$",
            r"(?m)^b",
            r"\d{3}",
            "[^a]",
        ];
        let texts = ["", "a", "ab-c", "-", "é", "xéx", "SS", "ẞ", "ÄÖ", "xxa", "a\nb", "٣٣٣", "123", "\u{10FFFF}"];
        for pattern in patterns {
            let small = Pattern::new(pattern).unwrap();
            let full = Pattern::new(pattern).unwrap();
            full.regex();
            for text in texts {
                assert_eq!(small.is_match(text), full.is_match(text), "{pattern:?} in {text:?}");
            }
            assert!(small.full.get().is_none(), "{pattern:?}");
        }
    }

    #[test]
    fn a_long_text_and_a_large_pattern_are_matched() {
        let long = "a".repeat(3_000_000) + "b";
        assert!(compile("a{200}b$").unwrap().is_match(&long));
        let large = Pattern::new("(a{100}){200}").unwrap();
        assert!(large.small.is_none() && large.is_match(&long));
    }
}
