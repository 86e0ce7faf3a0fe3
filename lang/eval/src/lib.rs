//! Runs checked programs.
//!
//! The model is in [`forge_check::hir`]: objects are chains of layers, a field is computed once, against the finished object.
//! Here an [`Evaluator`] holds the state of one evaluation. Everything it makes lives in one arena and goes with it. It is
//! single-threaded; to use several cores, several evaluators run parts of the same program side by side, since no
//! evaluation can see another.
//!
//! Never here: reading files other than through [`Options::world`], clocks, environment, randomness, panics on user input.

mod call;
mod cause;
mod coerce;
mod data;
mod difference;
mod error;
mod evaluator;
mod frame;
mod iterate;
mod list;
mod map;
mod object;
mod operator;
mod options;
mod pattern;
mod provenance;
mod test;
mod text;
mod value;

pub mod builtin;

pub use bumpalo::Bump;
pub use cause::{Cause, Origin};
pub use error::CheckKind;
pub use evaluator::Evaluator;
pub use frame::Frame;
pub use object::SchemaInfo;
pub use options::{Data, MAX_DEPTH, MAX_MEMORY, MAX_STEPS, Options, WriteYaml};
pub use provenance::{Change, Setter};
pub use test::TestRun;
pub use text::push as push_text;
pub use value::{Entry, ErrorId, Eval, Function, Key, Map, Object, Quantity, Secret, Value, is_identifier};
