//! The input and the result of a build.

use forge_base::{Diag, Files};
use forge_check::ModuleId;
use forge_check::hir::Program;
use forge_eval::Options;
use forge_kube::Version;

use crate::validate::LocatedViolation;

/// The module to build and everything the build reads.
#[derive(Clone, Copy)]
pub struct BuildTarget<'t> {
    /// The checked program.
    pub program: &'t Program,
    /// The sources, for messages.
    pub files: &'t Files,
    /// Limits and inputs.
    pub options: &'t Options<'t>,
    /// The module.
    pub module: ModuleId,
    /// The maximum number of threads; 0 means one per core.
    pub jobs: usize,
    /// The Kubernetes version to validate resources for; `None` skips validation.
    pub rules: Option<Version>,
}

/// The result of building a module.
#[derive(Default, Debug)]
pub struct ModuleOutput {
    /// The documents of the stream and the files, in the order of the module.
    pub parts: Vec<OutputPart>,
    /// The number of output units that were found: 0 for a module without output.
    pub units: usize,
    /// The number of resources that were validated.
    pub resources: usize,
    /// Errors and warnings of the evaluation. If there are errors, `parts` is incomplete and must not be used.
    pub diags: Vec<Diag>,
    /// Violations of validation rules; empty if the evaluation failed.
    pub violations: Vec<LocatedViolation>,
}

/// A part of the output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OutputPart {
    /// Consecutive YAML documents of the stream. [`forge_emit::documents::append`] joins several of them.
    Documents(String),
    /// A file of a `std.output.Tree`.
    File {
        /// Its path below the output folder, as written.
        path: String,
        /// Its content.
        text: String,
    },
}
