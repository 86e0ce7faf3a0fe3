//! Relations between types: subtyping and assignability, joins, narrowing, and the solver for inference variables.

mod assignability;
mod construct;
mod join;
mod narrow;
mod solver;
#[cfg(test)]
mod tests;
mod union;
mod view;

pub(crate) use assignability::{Assignability, assignability, closest};
pub(crate) use construct::{fresh_shape, keyed_shape};
pub(crate) use join::{join, widen_literal};
pub(crate) use narrow::{narrow, subtract};
pub(crate) use solver::{Solver, has_var, substitute};
pub(crate) use union::union;
pub(crate) use view::{head, holds_secret, is_nullable, is_poisoned, is_subschema, members, strip_null, unfold};
