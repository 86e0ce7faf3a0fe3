//! `std.output`.

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[("output._emitted", emitted)];

/// The resources that a build of a value writes.
fn emitted<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let found = call.eval.resources(call.arg(0))?;
    call.eval.charge(found.len())?;
    Ok(Value::List(call.eval.arena.alloc_slice_copy(&found)))
}
