//! `forgec why`.

use forge_driver::Session;
use forge_driver::pipeline::{self, Outcome, WhyOptions};

use crate::args::{EvaluationArgs, GlobalOptions};
use crate::progress::Progress;

/// Arguments of `why`.
#[derive(clap::Args, Debug)]
pub(crate) struct WhyArgs {
    /// Path of a value, such as `web.deployment.spec.replicas` or `Deployment/web.spec`, or FILE:LINE of the output or the program
    #[arg(value_name = "VALUE")]
    what: String,
    /// File, folder or module path of the module that is built [default: .]
    target: Option<String>,
    #[command(flatten)]
    evaluation: EvaluationArgs,
}

impl WhyArgs {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let _progress = Progress::start("building");
        let options = WhyOptions {
            what: self.what.clone(),
            target: self.target.clone(),
            inputs: self.evaluation.inputs(),
            limits: self.evaluation.limits(global),
        };
        pipeline::why(session, &options)
    }
}
