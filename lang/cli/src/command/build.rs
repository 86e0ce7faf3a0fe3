//! `forgec build`.

use std::path::PathBuf;

use forge_driver::Session;
use forge_driver::output::Overwrite;
use forge_driver::pipeline::{self, BuildOptions, Destination, Outcome};

use crate::args::{EvaluationArgs, GlobalOptions, LintArgs};
use crate::printer::paint;
use crate::progress::Progress;

/// Arguments of `build`.
#[derive(clap::Args, Debug)]
pub(crate) struct BuildArgs {
    /// File, folder or module path of the module
    #[arg(default_value = ".")]
    target: String,
    /// Write the output to files in DIR instead of standard output
    #[arg(short, long, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,
    /// Check that DIR is up to date: print differences and exit with 1 if there are any
    #[arg(long, requires = "out")]
    check: bool,
    /// Overwrite generated files that were edited by hand
    #[arg(long, requires = "out", conflicts_with = "check")]
    force: bool,
    #[command(flatten)]
    evaluation: EvaluationArgs,
    #[command(flatten)]
    lints: LintArgs,
}

impl BuildArgs {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let _progress = Progress::start("building");
        let overwrite = if self.force { Overwrite::Force } else { Overwrite::Refuse };
        let destination = match &self.out {
            None => Destination::Stdout,
            Some(folder) if self.check => Destination::Compare(folder.clone(), paint(global)),
            Some(folder) => Destination::Folder(folder.clone(), overwrite),
        };
        let options = BuildOptions {
            target: self.target.clone(),
            inputs: self.evaluation.inputs(),
            limits: self.evaluation.limits(global),
            destination,
        };
        session.set_denied(self.lints.deny.clone());
        pipeline::build(session, &options)
    }
}
