//! Regular expressions, compiled once for the whole process: the checker proves constants with those that the evaluator uses later.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::{Error, Regex, RegexBuilder};
use rustc_hash::FxHashMap;

/// How large a compiled pattern may be, in bytes.
const SIZE_LIMIT: usize = 8 << 20;
/// How many compiled patterns are kept; a program has far fewer.
const KEPT: usize = 512;

static KNOWN: LazyLock<Mutex<FxHashMap<Box<str>, Arc<Regex>>>> = LazyLock::new(Mutex::default);

/// The compiled form of a pattern. Matching takes time that is linear in the text. Who matches often, beside other threads that do,
/// clones the [`Regex`]: a clone shares the code and has room of its own to run in.
pub fn compile(pattern: &str) -> Result<Arc<Regex>, Error> {
    if let Some(regex) = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return Ok(Arc::clone(regex));
    }
    let regex = Arc::new(RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).build()?);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(pattern.into(), Arc::clone(&regex));
    Ok(regex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_compiled_or_says_why_not() {
        assert!(compile("^a+$").unwrap().is_match("aaa"));
        assert!(compile("^a+$").unwrap().is_match("a"));
        assert!(compile("(").is_err());
        assert!(matches!(compile("((a{1000}){1000}){1000}"), Err(Error::CompiledTooBig(_))));
    }
}
