//! `forgec build`.

use std::path::PathBuf;

use forge_driver::Session;
use forge_driver::output::Overwrite;
use forge_driver::pipeline::{self, BuildOptions, Destination, Outcome};

use crate::args::{EvaluationArgs, GlobalOptions};
use crate::printer::paint;
use crate::progress::Progress;

/// Arguments of `build`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// File, folder or module path
    #[arg(default_value = ".")]
    target: String,
    /// Write into this folder instead of standard output
    #[arg(short, long, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write nothing; show how the folder differs, and end with 1 if it does
    #[arg(long, requires = "out")]
    check: bool,
    /// Overwrite files of the folder that were edited by hand
    #[arg(long, requires = "out", conflicts_with = "check")]
    force: bool,
    #[command(flatten)]
    evaluation: EvaluationArgs,
}

impl Args {
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
            inputs: self.evaluation.inputs.clone(),
            limits: self.evaluation.limits(global),
            destination,
        };
        pipeline::build(session, &options)
    }
}
