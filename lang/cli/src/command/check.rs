//! `forgec check`.

use forge_driver::Session;
use forge_driver::pipeline::{self, CheckOptions, Outcome};

use crate::progress::Progress;

/// Arguments of `check`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// File, folder or module path; the package around the working directory if it is not given
    target: Option<String>,
}

impl Args {
    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        let _progress = Progress::start("checking");
        pipeline::check(session, &CheckOptions { target: self.target.clone() })
    }
}
