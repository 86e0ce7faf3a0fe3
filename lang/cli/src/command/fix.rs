//! `forgec fix`.

use forge_driver::Session;
use forge_driver::pipeline::{self, FixMode, FixOptions, Outcome};

use crate::args::{EvaluationArgs, GlobalOptions};
use crate::printer::paint;
use crate::progress::Progress;

/// Arguments of `fix`.
#[derive(clap::Args, Debug)]
pub(crate) struct FixArgs {
    /// File, folder or module path [default: the package that contains the working directory]
    target: Option<String>,
    /// Print the differences and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    evaluation: EvaluationArgs,
}

impl FixArgs {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let _progress = Progress::start("checking");
        let options = FixOptions {
            target: self.target.clone(),
            mode: if self.dry_run { FixMode::Preview(paint(global)) } else { FixMode::Write },
            inputs: self.evaluation.inputs(),
            limits: self.evaluation.limits(global),
        };
        pipeline::fix(session, &options)
    }
}
