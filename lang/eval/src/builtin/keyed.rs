//! Methods that only keyed lists have.

use super::call::{BuiltinTable, Call};
use crate::error;
use crate::key::Key;
use crate::value::{Eval, Map, Value, has_composite_key};

pub(crate) static TABLE: BuiltinTable = &[
    ("keyed.get", get),
    ("keyed.containsKey", |call| Ok(Value::Bool(!indices(call)?.is_empty()))),
    ("keyed.keys", keys),
    ("keyed.toList", |call| Ok(Value::List(call.list(0)?))),
    ("keyed.toMap", |call| call.map_of_distinct(call.pairs(0)?, "elements")),
];

/// The key that the arguments after the list name: a first key, or a whole key.
fn wanted_key<'a>(call: &Call<'_, 'a>) -> Eval<Key<'a>> {
    let part = |value: &Value<'a>| match value.as_key() {
        Some(key) => Ok(key),
        None => call.mistyped(*value, "a key"),
    };
    match &call.args[1..] {
        [one @ Value::List(_)] => call.eval.key_of(*one).map_or_else(|| call.mistyped(*one, "a key"), Ok),
        [one] => part(one),
        parts => {
            let keys = parts.iter().map(part).collect::<Eval<Vec<_>>>()?;
            Ok(Key::Tuple(call.eval.arena.alloc_slice_copy(&keys)))
        }
    }
}

/// The indices of the elements with a key; several only if the key is the first of several key fields.
fn indices<'a>(call: &Call<'_, 'a>) -> Eval<Vec<usize>> {
    let map = list(call)?;
    let key = wanted_key(call)?;
    if !has_composite_key(map.keyed) || matches!(key, Key::Tuple(_)) {
        return Ok(call.eval.find_entry(map, key)?.into_iter().collect());
    }
    let entries = call.eval.entries(map)?.iter().enumerate();
    Ok(entries.filter(|(_, entry)| entry.key.first() == key).map(|(index, _)| index).collect())
}

fn list<'a>(call: &Call<'_, 'a>) -> Eval<&'a Map<'a>> {
    match call.arg(0) {
        Value::Map(map) => Ok(map),
        other => call.mistyped(other, "a keyed list"),
    }
}

fn get<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let map = list(call)?;
    match indices(call)?.as_slice() {
        [] => Ok(Value::Null),
        [index] => call.eval.entry(map, *index),
        [first, rest @ ..] => {
            let example = call.eval.entries(map)?[*first].key;
            call.raise(error::ambiguous_get(call.span, wanted_key(call)?, rest.len() + 1, example))
        }
    }
}

fn keys<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let entries = call.eval.entries(list(call)?)?;
    let keys: Vec<_> = entries.iter().map(|entry| call.eval.key_value(entry.key.first())).collect();
    call.list_of(&keys)
}
