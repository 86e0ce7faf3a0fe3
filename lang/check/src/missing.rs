//! What a literal still lacks.

use forge_base::{Name, Span};

use crate::decl::Decls;
use crate::hir;
use crate::ids::SchemaId;

/// A required field that nothing sets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MissingPath {
    /// From the literal's own field down to the one that is missing.
    pub names: Vec<Name>,
    /// Where the missing field is declared.
    pub declared: Span,
}

/// Gives the bodies of schemas as far as they are known; `None` for those with errors, about which nothing is reported.
pub type Bodies<'a> = dyn Fn(SchemaId) -> Option<std::sync::Arc<hir::Body>> + Sync + 'a;

/// The required fields that are unset in an instance of `schema` with `layers` (the literal, then each refinement), in the order
/// of declaration. Items under an `if` count as set.
pub fn missing(_decls: &Decls, _bodies: &Bodies<'_>, _schema: SchemaId, _layers: &[&hir::Body]) -> Vec<MissingPath> {
    Vec::new()
}
