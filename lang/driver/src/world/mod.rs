//! The implementations of [`World`](forge_base::World): the disk, and files in memory for tests.
//!
//! [`OsWorld`] is the only code of the compiler that reads files, and [`crate::output`] the only code that writes them.

mod memory;
mod os;
mod overlay;

pub use memory::MemoryWorld;
pub use os::OsWorld;
pub(crate) use overlay::OverlayWorld;

use std::path::{Component, Path, PathBuf};

/// `path` without `.` and `..`. Links are not followed, and the result never goes above the root.
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

/// `path` as it is displayed: relative to `cwd` if it is below it or if that is shorter.
pub fn shown(path: &Path, cwd: &Path) -> PathBuf {
    match path.strip_prefix(cwd) {
        Ok(rest) if rest.as_os_str().is_empty() => PathBuf::from("."),
        Ok(rest) => rest.to_path_buf(),
        Err(_) => {
            let relative = relative_to(path, cwd);
            if relative.as_os_str().len() < path.as_os_str().len() { relative } else { path.to_path_buf() }
        }
    }
}

/// The path from `cwd` to `path`, which starts with `..`.
fn relative_to(path: &Path, cwd: &Path) -> PathBuf {
    let shared = path.components().zip(cwd.components()).take_while(|(a, b)| a == b).count();
    let up = cwd.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_resolved_lexically() {
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
    fn paths_outside_the_working_directory_are_shown_in_the_shorter_form() {
        assert_eq!(shown(Path::new("/src/shared/b.forge"), Path::new("/src/shop")), Path::new("../shared/b.forge"));
        assert_eq!(shown(Path::new("/a/b.forge"), Path::new("/w/x/y/z")), Path::new("/a/b.forge"));
    }
}
