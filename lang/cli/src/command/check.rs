//! `forgec check`.

use forge_driver::Session;
use forge_driver::pipeline::{self, CheckOptions, Outcome};

use crate::progress::Progress;

/// Arguments of `check`.
#[derive(clap::Args, Debug)]
pub(crate) struct CheckArgs {
    /// File, folder or module path [default: the package that contains the working directory]
    target: Option<String>,
}

impl CheckArgs {
    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        let _progress = Progress::start("checking");
        pipeline::check(session, &CheckOptions { target: self.target.clone() })
    }
}
