//! Evaluates checked programs.
//!
//! The model is documented in [`forge_check::hir`]: objects are chains of layers, and a field is computed once, against the complete
//! object. An [`Evaluator`] holds the state of one evaluation. All values live in one arena and are freed with it. An evaluator is
//! single-threaded; to use several cores, several evaluators run parts of the same program side by side, since evaluations are
//! independent of each other.
//!
//! | module | declares |
//! |---|---|
//! | `value`, `key`, `data` | values, frames and slots; keys; plain data from outside |
//! | `error`, `error_log`, `stack` | diagnostics; recorded errors; the values that are being computed |
//! | `evaluator` | the state of an evaluation, its budgets, options and inputs |
//! | `expr`, `call`, `operator`, `pattern`, `list`, `iterate` | expressions |
//! | `object`, `late`, `checks`, `map` | layers, fields, late fields, delayed checks; entries of maps and keyed lists |
//! | `coerce`, `from_data` | type tests and conversions |
//! | `provenance`, `cause`, `operands`, `cycle`, `difference` | which items set a value, and what messages say about it |
//! | `place`, `instance` | where a failed condition is reported, and the path of the value that it is about |
//! | `emission` | what a build writes: the resources and trees of files in a value |
//! | `builtin` | the built-in functions, one file per module |
//!
//! Never here: file access other than through [`Options::world`], clocks, environment variables, randomness, panics on user input.

mod call;
mod cause;
mod checks;
mod convert;
mod cycle;
mod data;
mod difference;
mod display;
mod emission;
mod error;
mod error_log;
mod evaluator;
mod expr;
#[cfg(test)]
mod fixture;
mod from_data;
mod instance;
mod iterate;
mod key;
mod late;
mod layer;
mod list;
mod map;
mod matcher;
mod object;
mod operands;
mod operator;
mod pattern;
mod place;
mod provenance;
mod stack;
mod test;
mod type_name;
mod type_test;
mod value;

pub mod builtin;

pub use builtin::{DataFormat, ParseError, parse_data};
pub use bumpalo::Bump;
pub use cause::{Cause, Origin};
pub use data::Data;
pub use display::{push as push_text, show};
pub use emission::{Emitted, VisitEmitted};
pub use evaluator::{Evaluator, MAX_DEPTH, MAX_MEMORY, MAX_STEPS, Options, Waivers, WriteYaml};
pub use key::{Key, is_identifier};
pub use provenance::{Change, Setter};
pub use test::TestRun;
pub use value::{Entry, ErrorId, Eval, Frame, Function, Map, Object, Quantity, SchemaInfo, Secret, Value};
