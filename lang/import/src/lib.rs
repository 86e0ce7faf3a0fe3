//! Forge source out of what others wrote: CRDs, JSON Schema, Helm values, manifests.
//!
//! Each kind of input has one door: [`crds`], and so on. A door takes texts and gives formatted source and messages whose places
//! are in those texts; it reads and writes no files. Inside, texts become nodes with places ([`yaml`]), schemas become types
//! (`schema`), equal types become one (`model`), and `print` writes them.
//!
//! Nothing is dropped silently: what Forge cannot express is an error, or a warning where the caller accepts the loss.

mod cond;
mod crd;
mod helm;
mod json_schema;
mod manifest;
mod model;
mod name;
pub mod node;
mod print;
mod scalar;
mod schema;
mod text;
pub mod yaml;

use std::sync::Arc;

use forge_base::{Code, Diag, FileId};

pub use crd::crds;
pub use helm::{Chart, helm_values};
pub use json_schema::json_schema;
pub use manifest::{Manifests, Shape, Types, read_manifests};
pub use schema::Loss;

/// A text to import.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its id, for places.
    pub file: FileId,
    /// Its name without folders and extension; names of types may come from it.
    pub name: String,
    /// What it says.
    pub text: Arc<str>,
}

/// A module that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Output {
    /// Its path below the output folder.
    pub path: String,
    /// Formatted source.
    pub text: String,
}

/// What came of an import.
#[derive(Clone, Default, Debug)]
pub struct Imported {
    /// The modules, sorted by path.
    pub outputs: Vec<Output>,
    /// What is wrong with the input, and what could not be expressed.
    pub diags: Vec<Diag>,
}

/// What was written is not Forge: never the user's fault.
fn mistake(path: &str, reason: &str) -> Diag {
    Diag::error(Code::INTERNAL, format!("the import wrote a module that cannot be read: `{path}`"))
        .note(reason.to_owned())
}
