//! Interned identifiers: a [`Name`] is a pointer to its string, equal exactly when the strings are equal.
//!
//! The table is shared by the whole process and only grows: a program has few distinct identifiers, and they live as long as it does.

use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::FxHashMap;

/// An interned string. Cheap to copy, compare and read; ordered by its characters.
#[derive(Clone, Copy)]
pub struct Name(&'static &'static str);

static INTERNER: LazyLock<Mutex<Interner>> = LazyLock::new(|| Mutex::new(Interner::new()));

/// How many names a small program has.
const INITIAL_NAMES: usize = 448;
/// How many bytes are allocated at once.
const CHUNK_BYTES: usize = 8192;

/// All names. The strings are stored in chunks: one allocation each would be two thousand allocations for a small program.
struct Interner {
    names: FxHashMap<&'static str, Name>,
    /// Free space for strings.
    bytes: &'static mut [u8],
    /// Free space for what names point to.
    slots: &'static mut [&'static str],
}

impl Interner {
    fn new() -> Interner {
        let names = FxHashMap::with_capacity_and_hasher(INITIAL_NAMES, rustc_hash::FxBuildHasher);
        Interner { names, bytes: &mut [], slots: &mut [] }
    }

    fn add(&mut self, text: &str) -> Name {
        let text = self.copy(text);
        if self.slots.is_empty() {
            self.slots = Vec::leak(vec![""; CHUNK_BYTES / size_of::<&str>()]);
        }
        let (slot, rest) = std::mem::take(&mut self.slots).split_first_mut().expect("a chunk was just allocated");
        self.slots = rest;
        *slot = text;
        let name = Name(slot);
        self.names.insert(text, name);
        name
    }

    fn copy(&mut self, text: &str) -> &'static str {
        if text.len() > self.bytes.len() {
            if text.len() > CHUNK_BYTES / 8 {
                return String::leak(text.to_owned());
            }
            self.bytes = Vec::leak(vec![0; CHUNK_BYTES]);
        }
        let (copy, rest) = std::mem::take(&mut self.bytes).split_at_mut(text.len());
        self.bytes = rest;
        copy.copy_from_slice(text.as_bytes());
        std::str::from_utf8(copy).expect("it is a copy of a `str`")
    }
}

impl Name {
    /// Interns `text`.
    pub fn new(text: &str) -> Name {
        let mut interner = INTERNER.lock().unwrap_or_else(PoisonError::into_inner);
        match interner.names.get(text) {
            Some(&name) => name,
            None => interner.add(text),
        }
    }

    /// The name of `text` if it was interned before. What was interned depends on everything that the process did: use this only to look
    /// a name up in a set or map of names.
    pub fn get(text: &str) -> Option<Name> {
        INTERNER.lock().unwrap_or_else(PoisonError::into_inner).names.get(text).copied()
    }

    /// The string.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether the name is private to its module: it starts with an underscore.
    pub fn is_private(self) -> bool {
        self.0.starts_with('_')
    }

    /// Whether the name starts with an upper-case letter, as those of types and schemas do.
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
