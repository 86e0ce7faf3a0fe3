//! `forgec man`, for packagers.

use std::path::PathBuf;

use clap::CommandFactory;
use forge_base::{Code, Diag, Files};
use forge_driver::pipeline::Outcome;

use crate::args::Cli;

/// Arguments of `man`.
#[derive(clap::Args, Debug)]
pub(crate) struct ManArgs {
    /// Output folder
    folder: PathBuf,
}

impl ManArgs {
    pub(super) fn run(&self) -> Outcome {
        match std::fs::create_dir_all(&self.folder)
            .and_then(|()| clap_mangen::generate_to(Cli::command(), &self.folder))
        {
            Ok(()) => Outcome::default(),
            Err(error) => {
                let headline = format!("cannot write into `{}`: {error}", self.folder.display());
                Outcome::failed(Files::default(), Diag::error(Code::CANNOT_WRITE, headline))
            }
        }
    }
}
