//! `forgec new`.

use forge_driver::Session;
use forge_driver::pipeline::{self, NewOptions, Outcome};

/// Arguments of `new`.
#[derive(clap::Args, Debug)]
pub(crate) struct NewArgs {
    /// Folder to create; its last part is the name of the package
    path: String,
}

impl NewArgs {
    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        pipeline::new(session, &NewOptions { path: self.path.clone() })
    }
}
