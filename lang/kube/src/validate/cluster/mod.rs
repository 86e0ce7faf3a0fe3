//! Rules across resources.
//!
//! Other programs may deploy objects too: an operator, an init container, a person. A dangling reference or a missing
//! port is therefore never an error. It is a warning where this program appears to own the target: it defines the
//! namespace, or other objects of that kind in it, and no resource that may bring in objects from elsewhere.

mod cx;
mod dangling;
mod dependency;
mod duplicate;
mod namespace;
mod object_ref;
mod selection;

use super::summary::ObjectSummary;
use super::violation::Violation;
use cx::ClusterCx;
pub use object_ref::ObjectRef;

/// Checks resources against each other. The violations refer to them by index in `objects`.
pub fn check_cluster(objects: &[&ObjectSummary]) -> Vec<Violation<ObjectRef>> {
    let cx = ClusterCx::new(objects);
    let mut violations = Vec::new();
    duplicate::check(&cx, &mut violations);
    dangling::check(&cx, &mut violations);
    selection::check(&cx, &mut violations);
    namespace::check(&cx, &mut violations);
    dependency::check(&cx, &mut violations);
    violations
}
