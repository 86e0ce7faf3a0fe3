//! Interned identifiers: a [`Name`] is a pointer to its text, equal exactly when the texts are equal.
//!
//! The table is global and only grows: a program's distinct identifiers are few and live as long as it does.

use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::FxHashMap;

/// An interned string. Cheap to copy, compare and read; ordered by text.
#[derive(Clone, Copy)]
pub struct Name(&'static &'static str);

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(|| Mutex::new(Table::new()));

/// How many names a small program has.
const NAMES: usize = 448;
/// How many bytes of names are allocated at once.
const CHUNK: usize = 8192;

/// All names. Their texts stand one behind the other, since a program's first thousand names would cost it two thousand allocations.
struct Table {
    /// Each text with its name and how many names there were before it.
    known: FxHashMap<&'static str, (Name, usize)>,
    /// Room for texts.
    bytes: &'static mut [u8],
    /// Room for what names point to.
    places: &'static mut [&'static str],
}

impl Table {
    fn new() -> Table {
        let known = FxHashMap::with_capacity_and_hasher(NAMES, rustc_hash::FxBuildHasher);
        Table { known, bytes: &mut [], places: &mut [] }
    }

    fn add(&mut self, text: &str) -> Name {
        let text = self.copy(text);
        if self.places.is_empty() {
            self.places = Vec::leak(vec![""; CHUNK / size_of::<&str>()]);
        }
        let (place, rest) = std::mem::take(&mut self.places).split_first_mut().expect("there is room");
        self.places = rest;
        *place = text;
        let name = Name(place);
        self.known.insert(text, (name, self.known.len()));
        name
    }

    fn copy(&mut self, text: &str) -> &'static str {
        if text.len() > self.bytes.len() {
            if text.len() > CHUNK / 8 {
                return String::leak(text.to_owned());
            }
            self.bytes = Vec::leak(vec![0; CHUNK]);
        }
        let (place, rest) = std::mem::take(&mut self.bytes).split_at_mut(text.len());
        self.bytes = rest;
        place.copy_from_slice(text.as_bytes());
        std::str::from_utf8(place).expect("it is a copy of a text")
    }
}

impl Name {
    /// Interns `text`.
    pub fn new(text: &str) -> Name {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        match table.known.get(text) {
            Some(&(known, _)) => known,
            None => table.add(text),
        }
    }

    /// Whether some text has been read that holds this name. Once it is, it stays so.
    pub fn is_known(text: &str) -> bool {
        TABLE.lock().unwrap_or_else(PoisonError::into_inner).known.contains_key(text)
    }

    /// How many names there are.
    pub fn count() -> usize {
        TABLE.lock().unwrap_or_else(PoisonError::into_inner).known.len()
    }

    /// Whether the name was known when there were `count` names.
    pub fn is_among_first(text: &str, count: usize) -> bool {
        TABLE.lock().unwrap_or_else(PoisonError::into_inner).known.get(text).is_some_and(|(_, before)| *before < count)
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
