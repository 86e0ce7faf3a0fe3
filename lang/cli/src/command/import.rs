//! `forgec import`.

use clap::{Args as ClapArgs, Subcommand};
use forge_driver::Session;
use forge_driver::pipeline::{self, ImportFormat, ImportOptions, LossPolicy, Outcome};

use crate::args::GlobalArgs;
use crate::deferred::DeferredArgs;

/// Arguments of `import`.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    given: GlobalArgs,
    #[command(subcommand)]
    format: ImportFormatArgs,
}

/// What is imported.
#[derive(Subcommand, Debug)]
enum ImportFormatArgs {
    /// CustomResourceDefinitions: one module for each version of a group
    Crd(DeferredArgs<ImportArgs>),
    /// A JSON Schema: one module with a schema for each definition
    JsonSchema(DeferredArgs<ImportArgs>),
    /// The values of a Helm chart, from its folder or files: one module with the schema `Values`
    HelmValues(DeferredArgs<ImportArgs>),
    /// Kubernetes manifests: one module that builds exactly them
    Yaml(DeferredArgs<ImportArgs>),
}

/// What all imports share.
#[derive(ClapArgs, Debug)]
struct ImportArgs {
    /// Files and folders
    #[arg(required = true)]
    paths: Vec<String>,
    /// Where modules are written; standard output if it is not given
    #[arg(short, long, value_name = "PATH")]
    out: Option<String>,
    /// Leave out what Forge cannot express, with a warning
    #[arg(long)]
    lossy: bool,
    /// Overwrite files that were not made by an import
    #[arg(long)]
    force: bool,
}

impl Args {
    /// What all commands share: behind the format, or before it.
    pub(super) fn given(&self) -> Vec<&GlobalArgs> {
        let (ImportFormatArgs::Crd(shared)
        | ImportFormatArgs::JsonSchema(shared)
        | ImportFormatArgs::HelmValues(shared)
        | ImportFormatArgs::Yaml(shared)) = &self.format;
        vec![&shared.given, &self.given]
    }

    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        let (format, shared) = match &self.format {
            ImportFormatArgs::Crd(shared) => (ImportFormat::Crd, shared),
            ImportFormatArgs::JsonSchema(shared) => (ImportFormat::JsonSchema, shared),
            ImportFormatArgs::HelmValues(shared) => (ImportFormat::HelmValues, shared),
            ImportFormatArgs::Yaml(shared) => (ImportFormat::Yaml, shared),
        };
        let options = ImportOptions {
            format,
            paths: shared.paths.clone(),
            out: shared.out.clone(),
            loss: if shared.lossy { LossPolicy::Accept } else { LossPolicy::Reject },
            force: shared.force,
        };
        pipeline::import(session, &options)
    }
}
