//! The Kubernetes API as Forge modules, and validation of finished resources.
//!
//! The build script generates two tables from pinned crates. [`table`] reads them in place, [`render()`] renders a
//! module as source and syntax tree, and [`kind`] looks up the metadata of a kind. Nothing is read at run time, and
//! nothing is computed before it is needed.

mod kinds;
mod reachable;
mod render;
pub mod resource;
mod scope;
mod table;
pub mod validate;
mod version;

pub use kinds::{KindInfo, kind, kinds};
pub use reachable::{DeclPath, reachable};
pub use render::{Rendered, Selection, render};
pub use resource::Resource;
pub use scope::Scope;
pub use version::Version;

/// The paths of all modules below `std`, such as `k8s.apps.v1`, sorted.
pub fn modules() -> impl Iterator<Item = &'static str> {
    table::modules().map(|module| module.path())
}

/// The names declared in a module, in order; empty if there is no such module.
pub fn declarations(path: &str) -> impl Iterator<Item = &'static str> {
    table::module(path).into_iter().flat_map(|module| module.decls()).map(|decl| decl.name())
}

/// Whether a module exists at this path below `std`.
pub fn has_module(path: &str) -> bool {
    table::module(path).is_some()
}
