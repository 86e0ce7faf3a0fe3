//! Output folders: which files belong in one, and how it is written and compared.
//!
//! Everything is rendered before the first byte is written. The list in `.forge-manifest.json` records which files `forgec` wrote and
//! with which content: only those are ever changed or removed.

mod diff;
mod folder;
mod owned;
mod tree;

pub use diff::{Paint, unified};
pub use folder::{Overwrite, Written, compare, create_file, is_output_folder, replace_file, write};
pub use tree::{OutputFile, Tree};
