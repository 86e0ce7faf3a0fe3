//! Relations between types: subtyping and assignability, joins, narrowing, and the solver for inference variables.

mod assignability;
mod join;
mod narrow;
mod shape;
mod solver;
#[cfg(test)]
mod tests;

pub use assignability::{Assignability, assignability, closest};
pub use join::{join, union, widen_literal};
pub use narrow::{narrow, subtract};
pub use shape::{
    head, holds_secret, is_nullable, is_plain_data, is_poisoned, is_subschema, members, strip_null, unfold,
};
pub use solver::{Solver, substitute};
