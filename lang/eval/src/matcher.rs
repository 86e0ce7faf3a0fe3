//! Regular expressions, compiled once per evaluation.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use forge_base::pattern::{self, Pattern};
use regex::Regex;
use rustc_hash::FxHashMap;

/// The maximum number of compiled patterns that are kept.
const MAX_CACHED: usize = 128;

/// After this many matches a pattern is compiled to a faster form, which costs more to compile.
const SLOW_MATCHES: u32 = 50;

/// A pattern in one evaluation.
pub(crate) struct Matcher {
    pattern: Arc<Pattern>,
    uses: Cell<u32>,
    regex: OnceCell<Regex>,
    /// The pattern that only matches whole strings.
    anchored: OnceCell<Rc<Matcher>>,
}

impl Matcher {
    pub(crate) fn new(pattern: Arc<Pattern>) -> Matcher {
        Matcher { pattern, uses: Cell::new(0), regex: OnceCell::new(), anchored: OnceCell::new() }
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        if self.uses.get() < SLOW_MATCHES {
            self.uses.set(self.uses.get() + 1);
            return self.pattern.is_match(text);
        }
        self.regex().is_match(text)
    }

    pub(crate) fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| self.pattern.regex().clone())
    }

    /// The pattern that only matches whole strings. In verbose mode a line break ends a comment at the end of the pattern.
    pub(crate) fn anchored(&self) -> Result<Rc<Matcher>, regex::Error> {
        if let Some(known) = self.anchored.get() {
            return Ok(Rc::clone(known));
        }
        let text = self.pattern.text();
        let compiled = pattern::compile(&format!(r"\A(?:{text})\z"))
            .or_else(|_| pattern::compile(&format!("\\A(?:{text}\n)\\z")))?;
        let matcher = Rc::new(Matcher::new(compiled));
        Ok(Rc::clone(self.anchored.get_or_init(|| matcher)))
    }
}

/// The matchers of one evaluation by pattern.
#[derive(Default)]
pub(crate) struct MatcherCache<'a>(RefCell<FxHashMap<&'a str, Rc<Matcher>>>);

impl<'a> MatcherCache<'a> {
    pub(crate) fn get(&self, pattern: &str) -> Option<Rc<Matcher>> {
        self.0.borrow().get(pattern).cloned()
    }

    pub(crate) fn insert(&self, pattern: &'a str, matcher: Rc<Matcher>) {
        let mut known = self.0.borrow_mut();
        if known.len() >= MAX_CACHED {
            known.clear();
        }
        known.insert(pattern, matcher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchored_patterns_match_whole_strings() {
        for (pattern, text, matches) in
            [("a|ab", "ab", true), ("(?x) a # b", "a", true), ("a", "a\n", false), ("a\nb", "a\nb", true)]
        {
            let matcher = Matcher::new(pattern::compile(pattern).unwrap());
            assert_eq!(matcher.anchored().unwrap().is_match(text), matches, "{pattern:?} on {text:?}");
        }
    }

    #[test]
    fn both_compiled_forms_match_the_same_strings() {
        let matcher = Matcher::new(pattern::compile("^a+$").unwrap());
        for _ in 0..2 * SLOW_MATCHES {
            assert!(matcher.is_match("aaa") && !matcher.is_match("aab"));
        }
    }
}
