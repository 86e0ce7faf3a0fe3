//! The foundation of all stages of the compiler: spans, files, names, units, the [`World`] and diagnostics.
//!
//! Nothing here depends on the language. The stages return diagnostics as data, [`Diag`]; only [`render`] turns them into text. No crate
//! below the driver reads a file or the clock except through [`World`].

pub mod code;
pub mod decimal;
pub mod diag;
pub mod diags;
pub mod duration;
pub mod english;
pub mod file;
pub mod memory;
pub mod name;
pub mod pattern;
pub mod quantity;
pub mod render;
pub mod span;
pub mod stack;
pub mod suggest;
pub mod world;

pub use code::{AnyCode, Code};
pub use diag::{Diag, Fix, Label, Severity, TextEdit};
pub use diags::Diags;
pub use duration::Duration;
pub use file::{Files, SourceFile};
pub use name::Name;
pub use quantity::Quantity;
pub use span::{FileId, Span};
pub use world::{World, WorldError};
