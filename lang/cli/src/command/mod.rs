//! The commands, one in each file.

mod build;
mod check;
mod completions;
mod debug;
mod doc;
mod eval;
mod explain;
mod fix;
mod fmt;
mod import;
mod man;
mod new;
mod test;
mod why;

use clap::Subcommand;
use forge_driver::Session;
use forge_driver::pipeline::Outcome;

use crate::args::{GlobalArgs, GlobalOptions};
use crate::deferred::DeferredArgs;
use crate::run::session;

/// A command.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Compile a module to YAML
    Build(DeferredArgs<build::BuildArgs>),
    /// Check a package: its types, and everything that a build would reject
    Check(DeferredArgs<check::CheckArgs>),
    /// Evaluate a module or an expression
    Eval(DeferredArgs<eval::EvalArgs>),
    /// Apply the fixes of messages that are certainly right
    Fix(DeferredArgs<fix::FixArgs>),
    /// Format source files
    Fmt(DeferredArgs<fmt::FmtArgs>),
    /// Run the tests of a package
    Test(DeferredArgs<test::TestArgs>),
    /// Explain where a value comes from
    Why(DeferredArgs<why::WhyArgs>),
    /// Convert CRDs, JSON Schema, Helm values or manifests to Forge
    Import(import::ImportCommand),
    /// Show the documentation of a module or declaration
    Doc(DeferredArgs<doc::DocArgs>),
    /// Explain an error code
    Explain(DeferredArgs<explain::ExplainArgs>),
    /// Create a new package
    New(DeferredArgs<new::NewArgs>),
    /// Print an intermediate result of the compiler
    Debug(DeferredArgs<debug::DebugArgs>),
    /// Generate a shell completion script
    Completions(DeferredArgs<completions::CompletionsArgs>),
    /// Generate manual pages
    #[command(hide = true)]
    Man(DeferredArgs<man::ManArgs>),
}

impl Command {
    /// The global options after the command.
    pub(crate) fn global_args(&self) -> Vec<&GlobalArgs> {
        match self {
            Command::Build(args) => vec![&args.global],
            Command::Check(args) => vec![&args.global],
            Command::Eval(args) => vec![&args.global],
            Command::Fix(args) => vec![&args.global],
            Command::Fmt(args) => vec![&args.global],
            Command::Test(args) => vec![&args.global],
            Command::Why(args) => vec![&args.global],
            Command::Import(args) => args.global_args(),
            Command::Doc(args) => vec![&args.global],
            Command::Explain(args) => vec![&args.global],
            Command::New(args) => vec![&args.global],
            Command::Debug(args) => vec![&args.global],
            Command::Completions(args) => vec![&args.global],
            Command::Man(args) => vec![&args.global],
        }
    }

    /// Runs the command.
    pub(crate) fn run(&self, global: &GlobalOptions) -> Outcome {
        match self {
            Command::Build(args) => with_session(global, |session| args.run(session, global)),
            Command::Check(args) => with_session(global, |session| args.run(session, global)),
            Command::Eval(args) => with_session(global, |session| args.run(session, global)),
            Command::Fix(args) => with_session(global, |session| args.run(session, global)),
            Command::Fmt(args) => with_session(global, |session| args.run(session, global)),
            Command::Test(args) => with_session(global, |session| args.run(session, global)),
            Command::Why(args) => with_session(global, |session| args.run(session, global)),
            Command::Import(args) => with_session(global, |session| args.run(session)),
            Command::Doc(args) => with_session(global, |session| args.run(session, global)),
            Command::Explain(args) => with_session(global, |session| args.run(session)),
            Command::New(args) => with_session(global, |session| args.run(session)),
            Command::Debug(args) => with_session(global, |session| args.run(session)),
            Command::Completions(args) => args.run(),
            Command::Man(args) => args.run(),
        }
    }
}

fn with_session(global: &GlobalOptions, work: impl FnOnce(&mut Session) -> Outcome) -> Outcome {
    match session(global) {
        Ok(mut session) => {
            let outcome = work(&mut session);
            // The process is about to exit: dropping the session takes time and serves no purpose.
            std::mem::forget(session);
            outcome
        }
        Err(outcome) => *outcome,
    }
}
