//! Interned identifiers: a [`Name`] is a `u32`, equal exactly when the texts are equal.
//!
//! The table is global and only grows: a program's distinct identifiers are few and live as long as it does.

use std::sync::{LazyLock, RwLock};

use rustc_hash::FxHashMap;

/// An interned string. Cheap to copy and compare; ordered by text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

#[derive(Default)]
struct Table {
    ids: FxHashMap<&'static str, u32>,
    texts: Vec<&'static str>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(RwLock::default);

impl Name {
    /// Interns `text`.
    pub fn new(text: &str) -> Name {
        let read = TABLE.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(&id) = read.ids.get(text) {
            return Name(id);
        }
        drop(read);
        let mut table = TABLE.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(&id) = table.ids.get(text) {
            return Name(id);
        }
        let id = table.texts.len() as u32;
        let text: &'static str = Box::leak(text.into());
        table.texts.push(text);
        table.ids.insert(text, id);
        Name(id)
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        let table = TABLE.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        table.texts[self.0 as usize]
    }

    /// Whether the name is private to its module: it begins with an underscore.
    pub fn is_private(self) -> bool {
        self.as_str().starts_with('_')
    }

    /// Whether the name begins with an upper-case letter, as those of types and schemas do.
    pub fn is_upper(self) -> bool {
        self.as_str().chars().next().is_some_and(|c| c.is_ascii_uppercase())
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.as_str())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}
