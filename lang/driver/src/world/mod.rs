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

/// `path` as people read it: relative to `cwd` where it is below it or where that is shorter.
pub fn shown(path: &Path, cwd: &Path) -> PathBuf {
    match path.strip_prefix(cwd) {
        Ok(rest) if rest.as_os_str().is_empty() => PathBuf::from("."),
        Ok(rest) => rest.to_path_buf(),
        Err(_) => {
            let around = beside(path, cwd);
            if around.as_os_str().len() < path.as_os_str().len() { around } else { path.to_path_buf() }
        }
    }
}

/// The way from `cwd` to `path`, up with `..` and down again.
fn beside(path: &Path, cwd: &Path) -> PathBuf {
    let shared = path.components().zip(cwd.components()).take_while(|(a, b)| a == b).count();
    let up = cwd.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
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

    #[test]
    fn paths_beside_the_working_directory_are_shown_by_the_shorter_way() {
        assert_eq!(shown(Path::new("/src/shared/b.forge"), Path::new("/src/shop")), Path::new("../shared/b.forge"));
        assert_eq!(shown(Path::new("/a/b.forge"), Path::new("/w/x/y/z")), Path::new("/a/b.forge"));
    }
}
