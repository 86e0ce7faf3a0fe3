//! What checking records about the source, for editors and tests.

use forge_base::Span;

use crate::reference::Target;
use crate::ty::Ty;

/// Types and references in one module.
#[derive(Clone, Default, Debug)]
pub struct Facts {
    /// The types of expressions, inner expressions first.
    pub types: Vec<(Span, Ty)>,
    /// What each name refers to.
    pub references: Vec<(Span, Target)>,
}

/// Whether [`Facts`] are collected.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Collect {
    /// No: for builds.
    #[default]
    Nothing,
    /// Yes: for editors, `forgec debug types` and tests.
    Facts,
}
