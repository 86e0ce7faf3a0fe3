//! `forgec debug`.

use clap::ValueEnum;
use forge_driver::Session;
use forge_driver::pipeline::{self, DebugOptions, Outcome};

/// Arguments of `debug`.
#[derive(clap::Args, Debug)]
pub(crate) struct DebugArgs {
    /// The stage whose result is printed
    #[arg(value_enum)]
    stage: Stage,
    /// File, folder or module path of the module
    #[arg(default_value = ".")]
    target: String,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Stage {
    /// Tokens
    Tokens,
    /// Syntax tree
    Ast,
    /// Types of the module's declarations
    Types,
}

impl DebugArgs {
    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        let stage = match self.stage {
            Stage::Tokens => pipeline::Stage::Tokens,
            Stage::Ast => pipeline::Stage::Ast,
            Stage::Types => pipeline::Stage::Types,
        };
        pipeline::debug(session, &DebugOptions { stage, target: self.target.clone() })
    }
}
