//! Builds a module: what is written, by which thread, and whether an API server would accept it.
//!
//! `unit` finds what a module writes, resources and trees of files, in the order of the module; `content` decides what a file of a tree
//! contains. [`build`] distributes the units over threads, writes each with `forge_emit` and validates it with `forge_kube` in the same pass. Source spans of violations are looked up at the
//! end, and only if there are violations.
//!
//! Never here: files, packages, and the bytes of YAML.

mod content;
mod data;
mod locate;
mod output;
mod rules;
mod schedule;
mod unit;
mod validate;

pub use output::{BuildTarget, ModuleOutput, OutputPart};
pub use schedule::build;
pub use unit::{OutputValues, file_spans, output_values};
pub use validate::LocatedViolation;
