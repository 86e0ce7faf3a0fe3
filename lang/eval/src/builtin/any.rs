//! Methods of `Any`, which read free-form data, and the merging of such data.

use rustc_hash::FxHashMap;

use super::call::{BuiltinTable, Call, Pair};
use super::to_data;
use crate::key::Key;
use crate::value::{Entry, Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("any.asBool", |call| Ok(only_if(call.arg(0), |value| matches!(value, Value::Bool(_))))),
    ("any.asInt", |call| Ok(only_if(call.arg(0), |value| matches!(value, Value::Int(_))))),
    ("any.asFloat", as_float),
    ("any.asString", |call| Ok(only_if(call.arg(0), |value| matches!(value, Value::Str(_))))),
    ("any.asList", as_list),
    ("any.asMap", as_map),
    ("any.at", at),
    ("any.kind", |call| Ok(Value::Str(kind(call.arg(0))))),
    ("any.leaves", leaves),
    ("prelude.deepMerge", |call| deep_merge(call, call.arg(0), call.arg(1), to_data::MAX_NESTING)),
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

/// The parts of a value without parts of their own, with their paths.
fn leaves<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut found = Vec::new();
    add_leaves(call, call.arg(0), &mut Vec::new(), &mut found)?;
    call.list_of(&found)
}

fn add_leaves<'a>(
    call: &Call<'_, 'a>,
    value: Value<'a>,
    path: &mut Vec<Value<'a>>,
    found: &mut Vec<Value<'a>>,
) -> Eval<()> {
    call.eval.charge(1)?;
    if path.len() > to_data::MAX_NESTING as usize {
        return call.fail("the value nests too deeply", "too deep for a list of its leaves");
    }
    let parts: Vec<(Value<'a>, Value<'a>)> = match value {
        Value::List(items) => items.iter().enumerate().map(|(index, item)| (Value::Int(index as i64), *item)).collect(),
        Value::Map(map) if map.keyed.is_some() => {
            let items = call.eval.map_values(map)?;
            items.into_iter().enumerate().map(|(index, item)| (Value::Int(index as i64), item)).collect()
        }
        value => match pairs_of(call, value)? {
            Some(pairs) => pairs.into_iter().map(|(key, value)| (Value::Str(key), value)).collect(),
            None => Vec::new(),
        },
    };
    if parts.is_empty() {
        let path = call.list_of(path)?;
        found.push(call.map_of(vec![("path", path), ("value", value)])?);
    }
    for (step, part) in parts {
        path.push(step);
        add_leaves(call, part, path, found)?;
        path.pop();
    }
    Ok(())
}

/// The entries of a map, or the fields of an object.
fn pairs_of<'a>(call: &Call<'_, 'a>, value: Value<'a>) -> Eval<Option<Vec<Pair<'a>>>> {
    match value {
        Value::Map(map) if map.keyed.is_none() => {
            let entries = call.eval.entries(map)?;
            let pair =
                |(index, entry): (usize, &Entry<'a>)| Ok((call.key_text(entry.key), call.eval.entry(map, index)?));
            entries.iter().enumerate().map(pair).collect::<Eval<Vec<_>>>().map(Some)
        }
        Value::Object(object) => to_data::fields(call.eval, object).map(Some),
        _ => Ok(None),
    }
}

/// The entries of both maps; where both have a map, it is merged as well, and any other value is that of the second.
fn deep_merge<'a>(call: &Call<'_, 'a>, below: Value<'a>, above: Value<'a>, depth: u32) -> Eval<Value<'a>> {
    call.eval.charge(1)?;
    if depth == 0 {
        return call.fail("the values nest too deeply", "too deep to be merged");
    }
    let (Some(below), Some(above)) = (pairs_of(call, below)?, pairs_of(call, above)?) else { return Ok(above) };
    let mut indices: FxHashMap<&str, usize> = below.iter().enumerate().map(|(index, (key, _))| (*key, index)).collect();
    let mut merged = below;
    for (key, value) in above {
        match indices.get(key) {
            Some(&index) => merged[index].1 = deep_merge(call, merged[index].1, value, depth - 1)?,
            None => {
                indices.insert(key, merged.len());
                merged.push((key, value));
            }
        }
    }
    call.map_of(merged)
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
