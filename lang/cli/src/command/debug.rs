//! `forgec debug`.

use clap::ValueEnum;
use forge_driver::Session;
use forge_driver::pipeline::{self, DebugOptions, Outcome};

/// Arguments of `debug`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// What to show
    #[arg(value_enum)]
    stage: Stage,
    /// File, folder or module path
    #[arg(default_value = ".")]
    target: String,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Stage {
    /// The tokens
    Tokens,
    /// The tree
    Ast,
    /// The types of what the module declares
    Types,
}

impl Args {
    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        let stage = match self.stage {
            Stage::Tokens => pipeline::Stage::Tokens,
            Stage::Ast => pipeline::Stage::Ast,
            Stage::Types => pipeline::Stage::Types,
        };
        pipeline::debug(session, &DebugOptions { stage, target: self.target.clone() })
    }
}
