//! Methods of keyed lists that plain ones do not have.

use super::{BuiltinTable, Call};
use crate::error;
use crate::value::{Eval, Key, Map, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("keyed.get", get),
    ("keyed.containsKey", |call| Ok(Value::Bool(!places(call)?.is_empty()))),
    ("keyed.keys", keys),
    ("keyed.toList", |call| Ok(Value::List(call.list(0)?))),
    ("keyed.toMap", |call| call.map_of_distinct(call.pairs(0)?, "elements")),
];

/// The key that the arguments behind the list name: the first key, or all parts.
fn wanted<'a>(call: &Call<'_, 'a>) -> Eval<Key<'a>> {
    let part = |value: &Value<'a>| match Key::from_value(*value) {
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

/// The places of the elements that a key names: several only for the first of several key fields.
fn places<'a>(call: &Call<'_, 'a>) -> Eval<Vec<usize>> {
    let map = list(call)?;
    let key = wanted(call)?;
    let several = map.keyed.is_some_and(|shape| shape.keys.len() > 1);
    if !several || matches!(key, Key::Tuple(_)) {
        return Ok(call.eval.find_entry(map, key)?.into_iter().collect());
    }
    let entries = call.eval.entries(map)?.iter().enumerate();
    Ok(entries.filter(|(_, entry)| entry.key.first() == key).map(|(place, _)| place).collect())
}

fn list<'a>(call: &Call<'_, 'a>) -> Eval<&'a Map<'a>> {
    match call.arg(0) {
        Value::Map(map) => Ok(map),
        other => call.mistyped(other, "a keyed list"),
    }
}

fn get<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let map = list(call)?;
    match places(call)?.as_slice() {
        [] => Ok(Value::Null),
        [place] => call.eval.entry(map, *place),
        [first, rest @ ..] => {
            let example = call.eval.entries(map)?[*first].key;
            call.raise(error::ambiguous_get(call.span, wanted(call)?, example, rest.len() + 1))
        }
    }
}

fn keys<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let entries = call.eval.entries(list(call)?)?;
    let keys: Vec<_> = entries.iter().map(|entry| call.eval.key_value(entry.key.first())).collect();
    call.list_of(&keys)
}
