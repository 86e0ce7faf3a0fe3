//! The disk.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use forge_base::world::{DirEntry, MAX_FILE_BYTES};
use forge_base::{World, WorldError};

/// Reads files from disk. Only regular files are opened, so that a pipe or a device never blocks the compiler.
#[derive(Clone, Copy, Default, Debug)]
pub struct OsWorld;

fn reason(error: io::Error) -> WorldError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => WorldError::NotFound,
        io::ErrorKind::PermissionDenied => WorldError::Denied,
        io::ErrorKind::IsADirectory => WorldError::WrongKind,
        _ => WorldError::Other(error.to_string()),
    }
}

impl World for OsWorld {
    fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, WorldError> {
        // Checked before opening: opening a pipe blocks until there is a writer.
        if !fs::metadata(path).map_err(reason)?.is_file() {
            return Err(WorldError::WrongKind);
        }
        let mut file = File::open(path).map_err(reason)?;
        let metadata = file.metadata().map_err(reason)?;
        if !metadata.is_file() {
            return Err(WorldError::WrongKind);
        }
        if metadata.len() > MAX_FILE_BYTES {
            return Err(WorldError::TooLarge);
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
        // The file may grow while it is read.
        (&mut file).take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(reason)?;
        if bytes.len() as u64 > MAX_FILE_BYTES { Err(WorldError::TooLarge) } else { Ok(bytes) }
    }

    fn list(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(reason)? {
            let entry = entry.map_err(reason)?;
            // A file name that is not UTF-8 can be neither a module nor mentioned in a program.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = entry.file_type().map_err(reason)?;
            let is_dir = if kind.is_symlink() { entry.path().is_dir() } else { kind.is_dir() };
            entries.push(DirEntry { name, is_dir });
        }
        entries.sort();
        Ok(entries)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        fs::canonicalize(path).map_err(reason)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn exists(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_read_as_a_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(OsWorld.read_bytes(folder.path()), Err(WorldError::WrongKind));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_read() {
        assert_eq!(OsWorld.read_bytes(Path::new("/dev/zero")), Err(WorldError::WrongKind));
    }

    #[test]
    fn entries_are_sorted_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b", "a", "c"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let names: Vec<_> = OsWorld.list(folder.path()).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert_eq!(OsWorld.read(&path), Err(WorldError::NotUtf8));
    }
}
