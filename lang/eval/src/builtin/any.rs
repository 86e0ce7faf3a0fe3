//! Methods of `Any`, which read free-form data.

use super::call::{BuiltinTable, Call};
use super::to_data;
use crate::key::Key;
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("any.asBool", |call| Ok(only_if(call.arg(0), |value| matches!(value, Value::Bool(_))))),
    ("any.asInt", |call| Ok(only_if(call.arg(0), |value| matches!(value, Value::Int(_))))),
    ("any.asFloat", as_float),
    ("any.asString", |call| Ok(only_if(call.arg(0), |value| matches!(value, Value::Str(_))))),
    ("any.asList", as_list),
    ("any.asMap", as_map),
    ("any.at", at),
    ("any.kind", |call| Ok(Value::Str(kind(call.arg(0))))),
];

/// A value that satisfies `test`; null otherwise.
fn only_if<'a>(value: Value<'a>, test: fn(Value<'a>) -> bool) -> Value<'a> {
    if test(value) { value } else { Value::Null }
}

fn as_float<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(match call.arg(0) {
        Value::Int(number) => Value::Float(number as f64),
        value => only_if(value, |value| matches!(value, Value::Float(_))),
    })
}

fn as_list<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    match call.arg(0) {
        value @ Value::List(_) => Ok(value),
        Value::Map(map) if map.keyed.is_some() => call.list(0).map(Value::List),
        _ => Ok(Value::Null),
    }
}

fn as_map<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    match call.arg(0) {
        Value::Map(map) if map.keyed.is_some() => Ok(Value::Null),
        value @ Value::Map(_) => Ok(value),
        Value::Object(object) => call.map_of(to_data::fields(call.eval, object)?),
        _ => Ok(Value::Null),
    }
}

fn at<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut value = call.arg(0);
    for step in call.list(1)? {
        value = match (value, step) {
            (Value::List(items), Value::Int(index)) => item(items, *index),
            (Value::Map(map), Value::Int(index)) if map.keyed.is_some() => item(&call.eval.map_values(map)?, *index),
            (Value::Map(map), Value::Str(key)) => call.eval.get(map, Key::Str(key))?.unwrap_or(Value::Null),
            (Value::Object(object), Value::Str(key)) => to_data::field(call.eval, object, key)?.unwrap_or(Value::Null),
            _ => return Ok(Value::Null),
        };
    }
    Ok(value)
}

fn item<'a>(items: &[Value<'a>], index: i64) -> Value<'a> {
    usize::try_from(index).ok().and_then(|index| items.get(index)).copied().unwrap_or(Value::Null)
}

fn kind<'a>(value: Value<'a>) -> &'a str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Bool",
        Value::Int(_) => "Int",
        Value::Float(_) => "Float",
        Value::Str(_) => "String",
        Value::Quantity(_) => "Quantity",
        Value::Duration(_) => "Duration",
        Value::List(_) => "List",
        Value::Map(map) if map.keyed.is_some() => "List",
        Value::Map(_) => "Map",
        Value::Object(object) => object.schema_name().as_str(),
        Value::Function(_) => "Function",
        Value::Secret(_) => "Secret",
    }
}
