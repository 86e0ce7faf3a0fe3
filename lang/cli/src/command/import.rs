//! `forgec import`.

use clap::{Args as ClapArgs, Subcommand};
use forge_driver::Session;
use forge_driver::pipeline::{self, ImportFormat, ImportOptions, Loss, Outcome};

use crate::args::Given;
use crate::lazy::Lazy;

/// Arguments of `import`.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    given: Given,
    #[command(subcommand)]
    format: Format,
}

/// What is imported.
#[derive(Subcommand, Debug)]
enum Format {
    /// CustomResourceDefinitions: one module for each version of a group
    Crd(Lazy<Shared>),
    /// A JSON Schema: one module with a schema for each definition
    JsonSchema(Lazy<Shared>),
    /// The values of a Helm chart, from its folder or files: one module with the schema `Values`
    HelmValues(Lazy<Shared>),
    /// Kubernetes manifests: one module that builds exactly them
    Yaml(Lazy<Shared>),
}

/// What all imports share.
#[derive(ClapArgs, Debug)]
struct Shared {
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
    pub(super) fn given(&self) -> Vec<&Given> {
        let (Format::Crd(shared) | Format::JsonSchema(shared) | Format::HelmValues(shared) | Format::Yaml(shared)) =
            &self.format;
        vec![&shared.given, &self.given]
    }

    pub(super) fn run(&self, session: &mut Session) -> Outcome {
        let (format, shared) = match &self.format {
            Format::Crd(shared) => (ImportFormat::Crd, shared),
            Format::JsonSchema(shared) => (ImportFormat::JsonSchema, shared),
            Format::HelmValues(shared) => (ImportFormat::HelmValues, shared),
            Format::Yaml(shared) => (ImportFormat::Yaml, shared),
        };
        let options = ImportOptions {
            format,
            paths: shared.paths.clone(),
            out: shared.out.clone(),
            loss: if shared.lossy { Loss::Accepted } else { Loss::Refused },
            force: shared.force,
        };
        pipeline::import(session, &options)
    }
}
