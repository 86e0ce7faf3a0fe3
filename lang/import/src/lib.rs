//! Converts CRDs, JSON Schema, Helm values and manifests to Forge source.
//!
//! Each input format has one entry point, such as [`crds`]. It takes the contents of files and returns formatted source and
//! diagnostics; it does not access the file system. Inputs are parsed to nodes with spans (`yaml`), schemas are
//! converted to types (`schema`), equal types are merged (`model`), and `print` writes them.
//!
//! Nothing is dropped silently: what Forge cannot express is an error, or a warning if the caller accepts the loss.

mod case;
mod cond;
mod crd;
mod helm;
mod interface;
mod json_schema;
mod manifest;
mod model;
mod name;
mod node;
mod print;
mod scalar;
mod schema;
mod value;
mod yaml;

pub use crd::crds;
pub use helm::{Chart, helm_values};
pub use interface::{Imported, Input, LossPolicy, Output};
pub use json_schema::json_schema;
pub use manifest::{Manifests, Shape, TypeProvider, read_manifests};
