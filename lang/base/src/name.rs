//! Interned identifiers: a [`Name`] is a pointer to its text, equal exactly when the texts are equal.
//!
//! The table is global and only grows: a program's distinct identifiers are few and live as long as it does.

use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::FxHashMap;

/// An interned string. Cheap to copy, compare and read; ordered by text.
#[derive(Clone, Copy)]
pub struct Name(&'static &'static str);

/// Each text with its name and how many names there were before it.
static TABLE: LazyLock<Mutex<FxHashMap<&'static str, (Name, usize)>>> = LazyLock::new(Mutex::default);

impl Name {
    /// Interns `text`.
    pub fn new(text: &str) -> Name {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&(known, _)) = table.get(text) {
            return known;
        }
        let text: &'static str = Box::leak(text.into());
        let name = Name(Box::leak(Box::new(text)));
        let before = table.len();
        table.insert(text, (name, before));
        name
    }

    /// Whether some text has been read that holds this name. Once it is, it stays so.
    pub fn is_known(text: &str) -> bool {
        TABLE.lock().unwrap_or_else(PoisonError::into_inner).contains_key(text)
    }

    /// How many names there are.
    pub fn count() -> usize {
        TABLE.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether the name was known when there were `count` names.
    pub fn is_among_first(text: &str, count: usize) -> bool {
        TABLE.lock().unwrap_or_else(PoisonError::into_inner).get(text).is_some_and(|(_, before)| *before < count)
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether the name is private to its module: it begins with an underscore.
    pub fn is_private(self) -> bool {
        self.0.starts_with('_')
    }

    /// Whether the name begins with an upper-case letter, as those of types and schemas do.
    pub fn is_upper(self) -> bool {
        self.0.as_bytes().first().is_some_and(u8::is_ascii_uppercase)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_usize(std::ptr::from_ref(self.0) as usize);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> std::cmp::Ordering {
        self.0.cmp(other.0)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}
