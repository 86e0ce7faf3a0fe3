//! Methods of strings that parse: patterns, numbers, units.

use super::super::call::{BuiltinTable, Call};
use super::super::int::radix;
use super::super::number::{parse_float, parse_radix};
use super::super::regex::{captures, find, matches};
use crate::value::{Eval, Quantity, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("string.matches", matches),
    ("string.find", find),
    ("string.captures", captures),
    ("string.toInt", |call| Ok(parse_radix(call.str(0)?, radix(call)?).map_or(Value::Null, Value::Int))),
    ("string.toFloat", |call| Ok(parse_float(call.str(0)?).map_or(Value::Null, Value::Float))),
    ("string.toBool", to_bool),
    ("string.toQuantity", to_quantity),
    ("string.toDuration", to_duration),
];

fn to_bool<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(match call.str(0)? {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => Value::Null,
    })
}

fn to_quantity<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let text = call.str(0)?;
    let Ok(quantity) = forge_base::Quantity::parse(text) else { return Ok(Value::Null) };
    let quantity = Quantity { nanos: quantity.nanos, format: quantity.format, literal: Some(text) };
    Ok(Value::Quantity(call.eval.arena.alloc(quantity)))
}

fn to_duration<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(forge_base::Duration::parse(call.str(0)?).map_or(Value::Null, Value::Duration))
}
