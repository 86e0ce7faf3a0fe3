//! `forgec test`.

use std::path::PathBuf;

use forge_driver::Session;
use forge_driver::pipeline::{self, Outcome, Snapshots, TestOptions};

use crate::args::{EvaluationArgs, GlobalOptions};
use crate::progress::Progress;

/// Arguments of `test`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// File, folder or module path; the package around the working directory if it is not given
    target: Option<String>,
    /// Only tests whose name contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Take the snapshots as they are now for right
    #[arg(long)]
    update: bool,
    /// Write no snapshot at all, not even a new one
    #[arg(long, conflicts_with = "update")]
    frozen: bool,
    /// Write the results into this file, in JUnit's format
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    evaluation: EvaluationArgs,
}

impl Args {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let _progress = Progress::start("testing");
        let snapshots = match (self.update, self.frozen) {
            (true, _) => Snapshots::Update,
            (_, true) => Snapshots::Compare,
            _ => Snapshots::Add,
        };
        let options = TestOptions {
            target: self.target.clone(),
            filter: self.filter.clone(),
            snapshots,
            junit: self.junit.clone(),
            inputs: self.evaluation.inputs.clone(),
            limits: self.evaluation.limits(global),
        };
        pipeline::test(session, &options)
    }
}
