//! Files in memory, for tests and playgrounds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use forge_base::world::DirEntry;
use forge_base::{World, WorldError};

use super::normalize;

/// Files by absolute path. A folder exists while it contains a file. There are no links.
#[derive(Clone, Default, Debug)]
pub struct MemoryWorld {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryWorld {
    /// A world without files.
    pub fn new() -> MemoryWorld {
        MemoryWorld::default()
    }

    /// Adds a file, or replaces an existing one.
    pub fn add(&mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(normalize(path.as_ref()), bytes.into());
    }

    /// Like [`MemoryWorld::add`], for chained calls.
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> MemoryWorld {
        self.add(path, bytes);
        self
    }
}

impl World for MemoryWorld {
    fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, WorldError> {
        match self.files.get(&normalize(path)) {
            Some(bytes) => Ok(bytes.clone()),
            None if self.is_dir(path) => Err(WorldError::WrongKind),
            None => Err(WorldError::NotFound),
        }
    }

    fn list(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError> {
        let folder = normalize(path);
        let mut entries = BTreeSet::new();
        for file in self.files.keys() {
            let Ok(rest) = file.strip_prefix(&folder) else { continue };
            let mut parts = rest.components();
            if let Some(first) = parts.next() {
                let name = first.as_os_str().to_string_lossy().into_owned();
                entries.insert(DirEntry { name, is_dir: parts.next().is_some() });
            }
        }
        if entries.is_empty() { Err(WorldError::NotFound) } else { Ok(entries.into_iter().collect()) }
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        let path = normalize(path);
        if self.is_file(&path) || self.is_dir(&path) { Ok(path) } else { Err(WorldError::NotFound) }
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(&normalize(path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        let folder = normalize(path);
        self.files.keys().any(|file| file.starts_with(&folder) && *file != folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_exists_while_it_contains_a_file() {
        let world = MemoryWorld::new().with("/w/a/b.forge", "x = 1").with("/w/c.forge", "");
        assert!(world.is_dir(Path::new("/w/a")) && !world.is_dir(Path::new("/w/c.forge")));
        let entries = world.list(Path::new("/w")).unwrap();
        assert_eq!(
            entries,
            [DirEntry { name: "a".into(), is_dir: true }, DirEntry { name: "c.forge".into(), is_dir: false }]
        );
    }

    #[test]
    fn reading_fails_with_a_reason() {
        let world = MemoryWorld::new().with("/w/a/b.forge", "x = 1");
        assert_eq!(world.read(Path::new("/w/a/../a/b.forge")).unwrap(), "x = 1");
        assert_eq!(world.read(Path::new("/w/a")), Err(WorldError::WrongKind));
        assert_eq!(world.read(Path::new("/w/z")), Err(WorldError::NotFound));
    }
}
