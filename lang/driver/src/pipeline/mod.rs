//! One function for each command: from its options to an [`Outcome`], which the command line prints and turns into an exit code.

mod build;
mod check;
mod debug;
mod doc;
mod eval;
mod explain;
mod fix;
mod fmt;
mod import;
mod junit;
mod new;
mod prepare;
mod snapshot;
mod test;
mod why;

pub use build::{BuildOptions, Destination, build};
pub use check::{CheckOptions, CheckScope, check};
pub use debug::{DebugOptions, Stage, TypedName, TypesOptions, debug, types};
pub use doc::{DocForm, DocOptions, doc};
pub use eval::{EvalOptions, Notation, eval};
pub use explain::explain;
pub use fix::{FixMode, FixOptions, fix};
pub use fmt::{FmtOptions, FmtSource, fmt};
pub use forge_import::LossPolicy;
pub use import::{ImportFormat, ImportOptions, import};
pub use new::{NewOptions, new};
pub use snapshot::Snapshots;
pub use test::{TestOptions, test};
pub use why::{WhyOptions, why};

use forge_base::{Code, Diag, Files};

pub use crate::input::InputSource;
use crate::session::Session;

/// How a command ended. The discriminants are the exit codes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// There are no errors.
    Success = 0,
    /// The program has errors.
    ProgramError = 1,
    /// The command could not be run.
    CommandError = 2,
}

/// The result of a command.
#[derive(Clone, Default, Debug)]
pub struct Outcome {
    /// The files that diagnostics point into.
    pub files: Files,
    /// Diagnostics, for standard error.
    pub diags: Vec<Diag>,
    /// For standard output.
    pub output: String,
    /// A closing line, for standard error.
    pub summary: Option<String>,
}

impl Outcome {
    /// An outcome that consists of one diagnostic.
    pub fn failed(files: Files, diag: Diag) -> Outcome {
        Outcome { files, diags: vec![diag], ..Outcome::default() }
    }

    /// Adds diagnostics, after the warnings that count as errors have become such. If there are errors, nothing is printed.
    pub(crate) fn with_diags(mut self, session: &Session, diags: Vec<Diag>) -> Outcome {
        self.diags.extend(diags);
        session.deny(&mut self.diags);
        if self.diags.iter().any(Diag::is_error) {
            self.output.clear();
        }
        self
    }

    /// How the command ended: errors of phase 08 are about the command, all others about the program.
    pub fn exit(&self) -> Exit {
        let errors = self.diags.iter().filter(|diag| diag.is_error());
        errors
            .map(|diag| if is_command_error(diag.code) { Exit::CommandError } else { Exit::ProgramError })
            .max()
            .unwrap_or(Exit::Success)
    }
}

fn is_command_error(code: Code) -> bool {
    code.to_string().starts_with("F08")
}

/// The limits of an evaluation.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The maximum number of steps.
    pub steps: u64,
    /// The maximum size of values in bytes.
    pub memory: usize,
    /// The number of threads; 0 means one for each core.
    pub jobs: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: forge_eval::MAX_STEPS, memory: forge_eval::MAX_MEMORY, jobs: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_command_take_precedence_over_those_of_the_program() {
        let with = |codes: &[Code]| {
            let diags = codes.iter().map(|&code| Diag::error(code, "x")).collect();
            Outcome { diags, ..Outcome::default() }.exit()
        };
        assert_eq!(with(&[]), Exit::Success);
        assert_eq!(with(&[Code::MISMATCH]), Exit::ProgramError);
        assert_eq!(with(&[Code::MISSING_INPUT, Code::MISMATCH]), Exit::CommandError);
        let warned = Outcome { diags: vec![Diag::warning(Code::UNUSED_LET, "x")], ..Outcome::default() };
        assert_eq!(warned.exit(), Exit::Success);
    }
}
