//! The two worlds: the disk, and a tree in memory for tests.
//!
//! [`OsWorld`] is the only code of the compiler that reads files. Writing is done by [`crate::output`] alone.

mod memory;
mod os;

pub use memory::MemoryWorld;
pub use os::OsWorld;

use std::path::{Component, Path, PathBuf};

/// `path` with `.` and `..` worked out by text alone: no link is followed, and nothing goes above the root.
pub fn normalize(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

/// `path` as people read it: relative to `cwd` where it is below it, with forward slashes.
pub fn shown(path: &Path, cwd: &Path) -> PathBuf {
    match path.strip_prefix(cwd) {
        Ok(rest) if rest.as_os_str().is_empty() => PathBuf::from("."),
        Ok(rest) => rest.to_path_buf(),
        Err(_) => path.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_worked_out_by_text() {
        assert_eq!(normalize(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(normalize(Path::new("/../a")), Path::new("/a"));
    }

    #[test]
    fn paths_below_the_working_directory_are_shown_relative_to_it() {
        assert_eq!(shown(Path::new("/w/a/b.forge"), Path::new("/w")), Path::new("a/b.forge"));
        assert_eq!(shown(Path::new("/x/b.forge"), Path::new("/w")), Path::new("/x/b.forge"));
        assert_eq!(shown(Path::new("/w"), Path::new("/w")), Path::new("."));
    }
}
