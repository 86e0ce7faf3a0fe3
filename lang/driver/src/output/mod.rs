//! A folder of generated files: what belongs into it, how it is written, and how it is compared.
//!
//! Everything is rendered before the first byte is written. The folder's own list, `.forge-manifest.json`, says which files
//! this program wrote and with which content: those and only those are ever changed or removed.

mod diff;
mod folder;
mod owned;
mod tree;

pub use diff::{Paint, unified};
pub use folder::{Overwrite, Written, compare, create_file, is_folder, replace_file, write};
pub use tree::{OutputFile, Tree};
