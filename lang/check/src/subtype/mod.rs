//! How types relate: which value may stand where, what two types have in common, what a test leaves of a type.

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
