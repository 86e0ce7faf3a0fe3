//! One function a command: from options to an [`Outcome`], which the command line prints and turns into an exit code.

mod build;
mod check;
mod debug;
mod doc;
mod eval;
mod explain;
mod fmt;
mod import;
mod junit;
mod new;
mod prepare;
mod snapshot;
mod test;
mod why;

pub use build::{BuildOptions, Destination, build};
pub use check::{CheckOptions, check};
pub use debug::{DebugOptions, Stage, TypedName, TypesOptions, debug, types};
pub use doc::{DocForm, DocOptions, doc};
pub use eval::{EvalOptions, Notation, eval};
pub use explain::explain;
pub use fmt::{FmtOptions, FmtSource, fmt};
pub use forge_import::LossPolicy;
pub use import::{ImportFormat, ImportOptions, import};
pub use new::{NewOptions, new};
pub use snapshot::Snapshots;
pub use test::{TestOptions, test};
pub use why::{WhyOptions, why};

use forge_base::{Code, Diag, Files};

/// How a command ended. The numbers are the exit codes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// Nothing is wrong; there may be warnings.
    Success = 0,
    /// The program is wrong.
    ProgramError = 1,
    /// It could not be tried.
    CommandError = 2,
}

/// What a command has to say.
#[derive(Clone, Default, Debug)]
pub struct Outcome {
    /// The texts that messages point into.
    pub files: Files,
    /// Errors, warnings and hints, for standard error.
    pub diags: Vec<Diag>,
    /// For standard output.
    pub output: String,
    /// A closing line for people, for standard error.
    pub summary: Option<String>,
}

impl Outcome {
    /// An outcome that is one message.
    pub fn failed(files: Files, diag: Diag) -> Outcome {
        Outcome { files, diags: vec![diag], ..Outcome::default() }
    }

    /// What the errors amount to: those of phase 08 are about the command, all others about the program.
    pub fn exit(&self) -> Exit {
        let errors = self.diags.iter().filter(|diag| diag.is_error());
        errors
            .map(|diag| if is_about_the_command(diag.code) { Exit::CommandError } else { Exit::ProgramError })
            .max()
            .unwrap_or(Exit::Success)
    }
}

fn is_about_the_command(code: Code) -> bool {
    code.to_string().starts_with("F08")
}

/// What an evaluation may spend, and what it is given.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Steps.
    pub steps: u64,
    /// Bytes.
    pub memory: usize,
    /// Threads; 0 means as many as there are cores.
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
    fn errors_about_the_command_weigh_more_than_those_of_the_program() {
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
