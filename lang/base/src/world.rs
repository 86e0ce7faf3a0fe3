//! The only door to files, so that tests and editors can put another world behind it.

use std::path::{Path, PathBuf};

/// Why a file could not be had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorldError {
    /// There is nothing at this path.
    NotFound,
    /// It is there but may not be read.
    Denied,
    /// It is a folder where a file is wanted, or the other way round.
    WrongKind,
    /// Its bytes are not UTF-8.
    NotUtf8,
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge,
    /// Anything else, in the system's words.
    Other(String),
}

impl std::fmt::Display for WorldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WorldError::NotFound => f.write_str("no such file"),
            WorldError::Denied => f.write_str("permission denied"),
            WorldError::WrongKind => f.write_str("not a regular file"),
            WorldError::NotUtf8 => f.write_str("not UTF-8 text"),
            WorldError::TooLarge => f.write_str("larger than 256 MiB"),
            WorldError::Other(text) => f.write_str(text),
        }
    }
}

/// The largest file that is read.
pub const MAX_FILE_BYTES: u64 = 256 << 20;

/// What a folder entry is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DirEntry {
    /// The last part of its path.
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// Everything that the compiler may ask of its surroundings.
pub trait World: Send + Sync {
    /// The bytes of a file.
    fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, WorldError>;

    /// The entries of a folder, sorted by name.
    fn list(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError>;

    /// The real path with all links followed; an error where there is nothing.
    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError>;

    /// Whether a regular file is there (links followed).
    fn is_file(&self, path: &Path) -> bool;

    /// Whether a folder is there (links followed).
    fn is_dir(&self, path: &Path) -> bool;

    /// Whether anything is there, be it a pipe or a link that leads nowhere.
    fn exists(&self, path: &Path) -> bool {
        self.is_file(path) || self.is_dir(path)
    }

    /// The text of a file.
    fn read(&self, path: &Path) -> Result<String, WorldError> {
        String::from_utf8(self.read_bytes(path)?).map_err(|_| WorldError::NotUtf8)
    }
}
