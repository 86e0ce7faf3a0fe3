//! Kubernetes: its schemas as modules of the language, and the validation of finished resources.
//!
//! The build script makes two tables from what the pinned crates say; [`table`] reads them in place, [`render()`]
//! writes a module of them as text and tree, [`kind`] answers what a resource is. Nothing is read at run time and
//! nothing is computed before it is asked for.

mod kinds;
mod reach;
mod render;
pub mod resource;
mod table;
pub mod validate;
pub mod version;

pub use kinds::{KindInfo, Scope, kind, kinds};
pub use reach::{Place, reach};
pub use render::{Rendered, Wanted, render};
pub use resource::Resource;
pub use version::Version;

/// Paths of all modules below `std`, such as `k8s.apps.v1`, sorted.
pub fn modules() -> impl Iterator<Item = &'static str> {
    table::modules().map(|module| module.path())
}

/// The names that a module declares, in its order; none if there is no such module.
pub fn declarations(path: &str) -> impl Iterator<Item = &'static str> {
    table::module(path).into_iter().flat_map(|module| module.decls()).map(|decl| decl.name())
}

/// Whether there is a module of that path below `std`.
pub fn has_module(path: &str) -> bool {
    table::module(path).is_some()
}
