//! Runs literate test cases: programs in Markdown pages with their expected diagnostics, values and output.
//!
//! `tests/spec/README.md` describes the format. [`page::read`] finds the cases of a page; [`run::run`] runs one and returns the
//! differences from what it expects.

pub mod expect;
pub mod page;
pub mod run;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// All Markdown files in and below a folder of the repository, sorted; none if the folder does not exist.
pub fn pages(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
