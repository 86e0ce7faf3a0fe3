//! `forgec explain`.

use forge_driver::Session;
use forge_driver::pipeline::{self, Outcome};

/// Arguments of `explain`.
#[derive(clap::Args, Debug)]
pub(crate) struct ExplainArgs {
    /// Error code, such as F0412, or the code of a check
    code: String,
}

impl ExplainArgs {
    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        pipeline::explain(session, &self.code)
    }
}
