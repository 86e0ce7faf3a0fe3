//! Methods of `Any`: short ways into free-form data.

use super::{BuiltinTable, Call, to_data};
use crate::value::{Eval, Key, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("any.asBool", |call| Ok(keep(call.arg(0), matches!(call.arg(0), Value::Bool(_))))),
    ("any.asInt", |call| Ok(keep(call.arg(0), matches!(call.arg(0), Value::Int(_))))),
    ("any.asFloat", as_float),
    ("any.asString", |call| Ok(keep(call.arg(0), matches!(call.arg(0), Value::Str(_))))),
    ("any.asList", as_list),
    ("any.asMap", as_map),
    ("any.at", at),
    ("any.kind", |call| Ok(Value::Str(kind(call.arg(0))))),
];

fn keep(value: Value<'_>, fits: bool) -> Value<'_> {
    if fits { value } else { Value::Null }
}

fn as_float<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(match call.arg(0) {
        Value::Int(number) => Value::Float(number as f64),
        value => keep(value, matches!(value, Value::Float(_))),
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
        value @ Value::Map(map) => Ok(keep(value, map.keyed.is_none())),
        Value::Object(object) => call.map_of(to_data::fields(call.eval, object)?),
        _ => Ok(Value::Null),
    }
}

fn at<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut value = call.arg(0);
    for step in call.list(1)? {
        value = match (value, step) {
            (Value::List(items), Value::Int(place)) => item(items, *place),
            (Value::Map(map), Value::Int(place)) if map.keyed.is_some() => item(&call.eval.map_values(map)?, *place),
            (Value::Map(map), Value::Str(key)) => call.eval.get(map, Key::Str(key))?.unwrap_or(Value::Null),
            (Value::Object(object), Value::Str(key)) => to_data::field(call.eval, object, key)?.unwrap_or(Value::Null),
            _ => return Ok(Value::Null),
        };
    }
    Ok(value)
}

fn item<'a>(items: &[Value<'a>], place: i64) -> Value<'a> {
    usize::try_from(place).ok().and_then(|place| items.get(place)).copied().unwrap_or(Value::Null)
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
