//! The driver: packages, sessions and pipelines, everything between a command and the stages of the compiler.
//!
//! [`Session`] finds and parses modules. [`pipeline`] has one function for each command, from its options to an
//! [`Outcome`](pipeline::Outcome) that the command line prints. Only [`world::OsWorld`] reads files, and only [`output`] writes them.

mod deny;
pub mod embedded;
mod evaluate;
mod exports;
mod import;
pub mod input;
mod library;
mod load;
pub mod manifest;
pub mod output;
pub mod package;
pub mod pipeline;
mod pruned;
mod read;
pub mod session;
mod target;
pub mod world;

pub use deny::Denied;
pub use load::{Loaded, sort_diags};
pub use package::{Package, PackageId, STD};
pub use session::{Loading, Parsed, Session};
pub use world::{MemoryWorld, OsWorld};

/// The parser's diagnostics for a source.
pub fn parse(file: forge_base::FileId, text: &str) -> Vec<forge_base::Diag> {
    forge_syntax::parse(file, text).diags
}
