//! `forgec completions`.

use clap::CommandFactory;
use forge_driver::pipeline::Outcome;

use crate::args::Cli;

/// Arguments of `completions`.
#[derive(clap::Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// Shell
    shell: clap_complete::Shell,
}

impl CompletionsArgs {
    pub(super) fn run(&self) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "forgec", &mut script);
        Outcome { output: String::from_utf8_lossy(&script).into_owned(), ..Outcome::default() }
    }
}
