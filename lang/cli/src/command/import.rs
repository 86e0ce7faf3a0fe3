//! `forgec import`.

use clap::{Args, Subcommand};
use forge_driver::Session;
use forge_driver::pipeline::{self, ImportFormat, ImportOptions, LossPolicy, Outcome};

use crate::args::GlobalArgs;
use crate::deferred::DeferredArgs;

/// Arguments of `import`.
#[derive(Args, Debug)]
pub(crate) struct ImportCommand {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    format: ImportFormatArgs,
}

/// The format to import, with its arguments.
#[derive(Subcommand, Debug)]
enum ImportFormatArgs {
    /// CustomResourceDefinitions: a module for each version of a group
    Crd(DeferredArgs<ImportArgs>),
    /// A JSON Schema: a module with a schema for each definition
    JsonSchema(DeferredArgs<ImportArgs>),
    /// The values of a Helm chart, from its folder or files: a module with the schema `Values`
    HelmValues(DeferredArgs<ImportArgs>),
    /// Kubernetes manifests: a module that builds exactly these manifests
    Yaml(DeferredArgs<ImportArgs>),
}

/// Arguments of all imports.
#[derive(Args, Debug)]
struct ImportArgs {
    /// Files and folders
    #[arg(required = true)]
    paths: Vec<String>,
    /// Write modules to this folder or file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    out: Option<String>,
    /// Leave out what Forge cannot express, with a warning for each part
    #[arg(long)]
    lossy: bool,
    /// Overwrite files that were not written by an import
    #[arg(long)]
    force: bool,
}

impl ImportCommand {
    /// The global options after the format and before it.
    pub(super) fn global_args(&self) -> Vec<&GlobalArgs> {
        let (ImportFormatArgs::Crd(args)
        | ImportFormatArgs::JsonSchema(args)
        | ImportFormatArgs::HelmValues(args)
        | ImportFormatArgs::Yaml(args)) = &self.format;
        vec![&args.global, &self.global]
    }

    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        let (format, args) = match &self.format {
            ImportFormatArgs::Crd(args) => (ImportFormat::Crd, args),
            ImportFormatArgs::JsonSchema(args) => (ImportFormat::JsonSchema, args),
            ImportFormatArgs::HelmValues(args) => (ImportFormat::HelmValues, args),
            ImportFormatArgs::Yaml(args) => (ImportFormat::Yaml, args),
        };
        let options = ImportOptions {
            format,
            paths: args.paths.clone(),
            out: args.out.clone(),
            loss: if args.lossy { LossPolicy::Accept } else { LossPolicy::Reject },
            force: args.force,
        };
        pipeline::import(session, &options)
    }
}
