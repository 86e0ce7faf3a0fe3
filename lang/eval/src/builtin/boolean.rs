//! Methods of `Bool`.

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable =
    &[("bool.toString", to_string), ("bool.toInt", to_int), ("bool.implies", implies)];

fn to_string<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Str(if call.bool(0)? { "true" } else { "false" }))
}

fn to_int<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Int(call.bool(0)?.into()))
}

fn implies<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Bool(!call.bool(0)? || call.bool(1)?))
}
