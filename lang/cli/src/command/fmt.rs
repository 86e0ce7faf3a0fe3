//! `forgec fmt`.

use std::io::{self, Read};

use forge_base::{Code, Diag, Files};
use forge_driver::Session;
use forge_driver::pipeline::{self, FmtOptions, FmtSource, Outcome};

use crate::args::GlobalOptions;
use crate::printer::paint;

/// Arguments of `fmt`.
#[derive(clap::Args, Debug)]
pub(crate) struct FmtArgs {
    /// Files and folders, or `-` for standard input [default: the working directory]
    paths: Vec<String>,
    /// Check formatting only: print differences and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

impl FmtArgs {
    pub(super) fn run(&self, session: &mut Session, global: &GlobalOptions) -> Outcome {
        let source = match self.source() {
            Ok(source) => source,
            Err(error) => {
                let headline = format!("cannot read standard input: {error}");
                return Outcome::failed(Files::default(), Diag::error(Code::BAD_USAGE, headline));
            }
        };
        pipeline::fmt(session, &FmtOptions { source, check: self.check, paint: paint(global) })
    }

    fn source(&self) -> io::Result<FmtSource> {
        if self.paths.iter().all(|path| path != "-") {
            return Ok(FmtSource::Paths(self.paths.clone()));
        }
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        Ok(FmtSource::Text(text))
    }
}
