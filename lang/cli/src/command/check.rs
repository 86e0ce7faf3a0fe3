//! `forgec check`.

use forge_driver::Session;
use forge_driver::pipeline::{self, CheckOptions, CheckScope, Outcome};

use crate::args::{EvaluationArgs, GlobalOptions, LintArgs};
use crate::progress::Progress;

/// Arguments of `check`.
#[derive(clap::Args, Debug)]
pub(crate) struct CheckArgs {
    /// File, folder or module path [default: the package that contains the working directory]
    target: Option<String>,
    /// Check names and types only, and evaluate nothing
    #[arg(long)]
    types: bool,
    #[command(flatten)]
    evaluation: EvaluationArgs,
    #[command(flatten)]
    lints: LintArgs,
}

impl CheckArgs {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let _progress = Progress::start("checking");
        let options = CheckOptions {
            target: self.target.clone(),
            scope: if self.types { CheckScope::Types } else { CheckScope::Everything },
            inputs: self.evaluation.inputs(),
            limits: self.evaluation.limits(global),
        };
        session.set_denied(self.lints.deny.clone());
        pipeline::check(session, &options)
    }
}
