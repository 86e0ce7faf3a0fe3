//! The command line's grammar: what all commands share. Each command adds its own arguments in its own file.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};
use forge_driver::pipeline::Limits;

use crate::command::Command;

/// Compiles Forge, a typed declarative configuration language, to Kubernetes YAML.
#[derive(Parser, Debug)]
#[command(name = "forgec", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    /// Before the command.
    #[command(flatten)]
    pub(crate) given: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What all commands share, as it is given before the command or behind it. Arguments that clap itself calls global would be built
/// for all commands.
#[derive(Args, Debug)]
pub(crate) struct GlobalArgs {
    /// How diagnostics are written [default: text]
    #[arg(long, value_enum, help_heading = "GlobalOptions options")]
    format: Option<Format>,
    /// Work as if started in this folder
    #[arg(short = 'C', long = "directory", value_name = "DIR", help_heading = "GlobalOptions options")]
    directory: Option<PathBuf>,
    /// When to use colors [default: auto]
    #[arg(long, value_enum, help_heading = "GlobalOptions options")]
    color: Option<Color>,
    /// How many threads to use; as many as there are cores if it is not given
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "GlobalOptions options")]
    jobs: Option<u16>,
}

/// What all commands share.
#[derive(Debug)]
pub(crate) struct GlobalOptions {
    /// How diagnostics are written.
    pub(crate) format: Format,
    /// Where to work.
    pub(crate) directory: Option<PathBuf>,
    /// When to use colors.
    pub(crate) color: Color,
    /// How many threads to use.
    pub(crate) jobs: Option<u16>,
}

impl GlobalOptions {
    /// From what was given in several places, of which the first counts more.
    pub(crate) fn new(places: &[&GlobalArgs]) -> GlobalOptions {
        fn first<T: Clone>(places: &[&GlobalArgs], of: impl Fn(&GlobalArgs) -> &Option<T>) -> Option<T> {
            places.iter().find_map(|given| of(given).clone())
        }
        GlobalOptions {
            format: first(places, |given| &given.format).unwrap_or(Format::Text),
            directory: first(places, |given| &given.directory),
            color: first(places, |given| &given.color).unwrap_or(Color::Auto),
            jobs: first(places, |given| &given.jobs),
        }
    }
}

/// How diagnostics are written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// For people, on standard error
    Text,
    /// One JSON document on standard error
    Json,
    /// One SARIF 2.1.0 document on standard error
    Sarif,
}

/// When to use colors.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What an evaluation is given and may spend.
#[derive(Args, Clone, Debug)]
pub(crate) struct EvaluationArgs {
    /// Set an input of the module; may be given several times
    #[arg(short, long = "input", value_name = "NAME=VALUE", value_parser = input)]
    pub(crate) inputs: Vec<(String, String)>,
    /// Stop after this many steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_steps: Option<u64>,
    /// Stop when values take more than this many MiB
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pub(crate) max_memory: Option<u64>,
}

impl EvaluationArgs {
    /// The limits of an evaluation.
    pub(crate) fn limits(&self, global: &GlobalOptions) -> Limits {
        let limits = Limits { jobs: global.jobs.map_or(0, usize::from), ..Limits::default() };
        Limits {
            steps: self.max_steps.unwrap_or(limits.steps),
            memory: self.max_memory.map_or(limits.memory, |mebibytes| (mebibytes as usize).saturating_mul(1 << 20)),
            ..limits
        }
    }
}

fn input(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(String::from("write it as `name=value`")),
    }
}
