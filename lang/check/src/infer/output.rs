//! What a query reports besides its result.

use forge_base::{Diag, Span};

use crate::reference::Uses;
use crate::ty::Ty;

/// The output of a query besides its code.
#[derive(Default, Debug)]
pub(crate) struct Output {
    /// Errors and warnings.
    pub(crate) diags: Vec<Diag>,
    /// Warnings for modules without errors.
    pub(crate) lints: Vec<Diag>,
    /// Uses of names.
    pub(crate) uses: Uses,
    /// Types of expressions, if facts are collected.
    pub(crate) types: Vec<(Span, Ty)>,
}

/// A state of an [`Output`] to roll back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    diags: usize,
    lints: usize,
    types: usize,
}

impl Output {
    /// The current state.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { diags: self.diags.len(), lints: self.lints.len(), types: self.types.len() }
    }

    /// Drops everything after `mark` except uses.
    pub(crate) fn rollback(&mut self, mark: Checkpoint) {
        self.diags.truncate(mark.diags);
        self.lints.truncate(mark.lints);
        self.types.truncate(mark.types);
    }
}
