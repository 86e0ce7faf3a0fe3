//! `forgec explain`.

use forge_driver::pipeline::{self, Outcome};

/// Arguments of `explain`.
#[derive(clap::Args, Debug)]
pub(crate) struct ExplainArgs {
    /// Error code, such as F0412
    code: String,
}

impl ExplainArgs {
    pub(super) fn run(&self) -> Outcome {
        pipeline::explain(&self.code)
    }
}
