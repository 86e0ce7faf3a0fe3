//! One file a command.

mod build;
mod check;
mod completions;
mod debug;
mod doc;
mod eval;
mod explain;
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

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Compile a module to YAML, on standard output or into a folder
    Build(DeferredArgs<build::Args>),
    /// Check names and types of a package
    Check(DeferredArgs<check::Args>),
    /// Print all fields of a module, or an expression in its scope
    Eval(DeferredArgs<eval::Args>),
    /// Format files
    Fmt(DeferredArgs<fmt::Args>),
    /// Run tests
    Test(DeferredArgs<test::Args>),
    /// Tell where a value comes from and what it replaced
    Why(DeferredArgs<why::Args>),
    /// Turn CRDs, JSON Schema, Helm values and manifests into Forge
    Import(import::Args),
    /// Show the source and documentation of a module or a declaration
    Doc(DeferredArgs<doc::Args>),
    /// Explain an error code
    Explain(DeferredArgs<explain::Args>),
    /// Make a new package
    New(DeferredArgs<new::Args>),
    /// Show what a stage of the compiler made of a module
    Debug(DeferredArgs<debug::Args>),
    /// Print a completion script for a shell
    Completions(DeferredArgs<completions::Args>),
    /// Write manual pages into a folder
    #[command(hide = true)]
    Man(DeferredArgs<man::Args>),
}

impl Command {
    /// What all commands share, as it was given behind this one.
    pub(crate) fn given(&self) -> Vec<&GlobalArgs> {
        match self {
            Command::Build(args) => vec![&args.given],
            Command::Check(args) => vec![&args.given],
            Command::Eval(args) => vec![&args.given],
            Command::Fmt(args) => vec![&args.given],
            Command::Test(args) => vec![&args.given],
            Command::Why(args) => vec![&args.given],
            Command::Import(args) => args.given(),
            Command::Doc(args) => vec![&args.given],
            Command::Explain(args) => vec![&args.given],
            Command::New(args) => vec![&args.given],
            Command::Debug(args) => vec![&args.given],
            Command::Completions(args) => vec![&args.given],
            Command::Man(args) => vec![&args.given],
        }
    }

    /// Does it.
    pub(crate) fn run(&self, global: &GlobalOptions) -> Outcome {
        match self {
            Command::Build(args) => with_session(global, |session| args.run(session, global)),
            Command::Check(args) => with_session(global, |session| args.run(session)),
            Command::Eval(args) => with_session(global, |session| args.run(session, global)),
            Command::Fmt(args) => with_session(global, |session| args.run(session, global)),
            Command::Test(args) => with_session(global, |session| args.run(session, global)),
            Command::Why(args) => with_session(global, |session| args.run(session, global)),
            Command::Import(args) => with_session(global, |session| args.run(session)),
            Command::Doc(args) => with_session(global, |session| args.run(session, global)),
            Command::Explain(args) => args.run(),
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
            // The process ends: to take apart what the session holds would only take time.
            std::mem::forget(session);
            outcome
        }
        Err(outcome) => *outcome,
    }
}
