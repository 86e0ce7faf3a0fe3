//! Arguments that several commands share. Each command declares its own arguments in its file below [`crate::command`].

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};
use forge_driver::Denied;
use forge_driver::pipeline::{InputSource, Limits};

use crate::command::Command;

/// Compiler for Forge, a typed configuration language that compiles to Kubernetes YAML
#[derive(Parser, Debug)]
#[command(name = "forgec", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    /// Global options before the command.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Global options as they are written, before or after the command. clap's own global arguments would be built for every command.
#[derive(Args, Debug)]
pub(crate) struct GlobalArgs {
    /// Format of diagnostics [default: text]
    #[arg(long, value_enum, help_heading = "Global options")]
    format: Option<Format>,
    /// Change to DIR before running the command
    #[arg(short = 'C', long = "directory", value_name = "DIR", help_heading = "Global options")]
    directory: Option<PathBuf>,
    /// When to use colors [default: auto]
    #[arg(long, value_enum, help_heading = "Global options")]
    color: Option<Color>,
    /// Number of threads [default: number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Global options")]
    jobs: Option<u16>,
}

/// Global options with their defaults.
#[derive(Debug)]
pub(crate) struct GlobalOptions {
    /// The format of diagnostics.
    pub(crate) format: Format,
    /// The working directory.
    pub(crate) directory: Option<PathBuf>,
    /// When to use colors.
    pub(crate) color: Color,
    /// The number of threads.
    pub(crate) jobs: Option<u16>,
}

impl GlobalOptions {
    /// Merges options that were written in several positions; the first one takes precedence.
    pub(crate) fn new(args: &[&GlobalArgs]) -> GlobalOptions {
        fn first<T: Clone>(args: &[&GlobalArgs], option: impl Fn(&GlobalArgs) -> &Option<T>) -> Option<T> {
            args.iter().find_map(|args| option(args).clone())
        }
        GlobalOptions {
            format: first(args, |args| &args.format).unwrap_or(Format::Text),
            directory: first(args, |args| &args.directory),
            color: first(args, |args| &args.color).unwrap_or(Color::Auto),
            jobs: first(args, |args| &args.jobs),
        }
    }
}

/// The format of diagnostics.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// Human-readable text
    Text,
    /// A JSON document
    Json,
    /// A SARIF 2.1.0 document
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

/// Inputs and limits of an evaluation.
#[derive(Args, Clone, Debug)]
pub(crate) struct EvaluationArgs {
    /// Set an input of the module; can be repeated
    #[arg(short, long = "input", value_name = "NAME=VALUE", value_parser = input)]
    inputs: Vec<(String, String)>,
    /// Read inputs from a YAML, JSON or TOML file; can be repeated. Inputs set with `--input` take precedence
    #[arg(long = "inputs", value_name = "FILE")]
    input_files: Vec<PathBuf>,
    /// Maximum number of evaluation steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_steps: Option<u64>,
    /// Maximum memory for values, in MiB
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pub(crate) max_memory: Option<u64>,
}

impl EvaluationArgs {
    /// All inputs.
    pub(crate) fn inputs(&self) -> Vec<InputSource> {
        let files = self.input_files.iter().cloned().map(InputSource::File);
        files.chain(self.inputs.iter().cloned().map(InputSource::from)).collect()
    }

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

/// Warnings that fail a command.
#[derive(Args, Clone, Debug)]
pub(crate) struct LintArgs {
    /// Treat warnings as errors: all with `warnings`, or those with a CODE such as F0905; can be repeated
    #[arg(long, value_name = "WARNINGS", value_parser = Denied::parse)]
    pub(crate) deny: Vec<Denied>,
}

fn input(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(String::from("expected `name=value`")),
    }
}
