//! The inputs and results of all importers.

use std::sync::Arc;

use forge_base::{Code, Diag, FileId};

/// What to do with parts of the input that cannot be represented.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum LossPolicy {
    /// Report an error.
    #[default]
    Reject,
    /// Leave them out with a warning.
    Accept,
}

/// An input file.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its id, for spans.
    pub file: FileId,
    /// Its name without folders and extension, from which type names may be derived.
    pub name: String,
    /// Its contents.
    pub text: Arc<str>,
}

/// A generated module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Output {
    /// Its path below the output folder.
    pub path: String,
    /// Formatted source.
    pub text: String,
}

/// The result of an import.
#[derive(Clone, Default, Debug)]
pub struct Imported {
    /// The modules, sorted by path.
    pub outputs: Vec<Output>,
    /// Errors in the input, and what could not be represented.
    pub diags: Vec<Diag>,
}

/// Reports that a generated module does not parse, which is a bug in this crate.
pub(crate) fn internal_error(path: &str, reason: &str) -> Diag {
    Diag::error(Code::INTERNAL, format!("the generated module `{path}` does not parse")).note(reason.to_owned())
}
