//! Access to files. All of it goes through [`World`], which tests and editors can replace.

use std::path::{Path, PathBuf};

/// Why a file could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorldError {
    /// The path does not exist.
    NotFound,
    /// Reading it is not permitted.
    Denied,
    /// It is a folder instead of a file, or the other way round.
    WrongKind,
    /// Its bytes are not UTF-8.
    NotUtf8,
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge,
    /// Another error, with the message of the operating system.
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

/// The maximum size of a file that is read.
pub const MAX_FILE_BYTES: u64 = 256 << 20;

/// An entry of a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DirEntry {
    /// Its file name.
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// The environment of the compiler.
pub trait World: Send + Sync {
    /// Reads a file.
    fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, WorldError>;

    /// Lists the entries of a folder, sorted by name.
    fn list(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError>;

    /// The path with all links resolved; an error if it does not exist.
    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError>;

    /// Whether the path, with links followed, is a regular file.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether the path, with links followed, is a folder.
    fn is_dir(&self, path: &Path) -> bool;

    /// Whether the path exists in any form, even as a pipe or a broken link.
    fn exists(&self, path: &Path) -> bool {
        self.is_file(path) || self.is_dir(path)
    }

    /// Reads a UTF-8 file.
    fn read(&self, path: &Path) -> Result<String, WorldError> {
        String::from_utf8(self.read_bytes(path)?).map_err(|_| WorldError::NotUtf8)
    }
}
