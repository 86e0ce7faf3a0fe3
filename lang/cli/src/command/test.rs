//! `forgec test`.

use std::path::PathBuf;

use forge_driver::Session;
use forge_driver::pipeline::{self, Outcome, Snapshots, TestOptions};

use crate::args::{EvaluationArgs, GlobalOptions, LintArgs};
use crate::progress::Progress;

/// Arguments of `test`.
#[derive(clap::Args, Debug)]
pub(crate) struct TestArgs {
    /// File, folder or module path [default: the package that contains the working directory]
    target: Option<String>,
    /// Run only tests whose names contain TEXT
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Overwrite stored snapshots with the current values
    #[arg(long)]
    update: bool,
    /// Do not write snapshots, not even new ones
    #[arg(long, conflicts_with = "update")]
    frozen: bool,
    /// Write the results to FILE in JUnit XML format
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    evaluation: EvaluationArgs,
    #[command(flatten)]
    lints: LintArgs,
}

impl TestArgs {
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
            inputs: self.evaluation.inputs(),
            limits: self.evaluation.limits(global),
        };
        session.set_denied(self.lints.deny.clone());
        pipeline::test(session, &options)
    }
}
