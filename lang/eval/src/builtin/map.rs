//! Methods of maps and records.
//!
//! Methods that only select or order entries do not compute them, and the entries keep their provenance.

use std::cmp::Ordering;

use forge_base::{Code, Diag};
use rustc_hash::{FxHashMap, FxHashSet};

use super::call::{BuiltinTable, Call, Pair};
use super::list;
use super::sort::sort;
use crate::display::show;
use crate::key::Key;
use crate::value::{Eval, Map, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("map.length", |call| Ok(Value::Int(call.eval.entries(call.map(0)?)?.len() as i64))),
    ("map.isEmpty", |call| Ok(Value::Bool(call.eval.entries(call.map(0)?)?.is_empty()))),
    ("map.get", |call| Ok(call.eval.get(call.map(0)?, Key::Str(call.str(1)?))?.unwrap_or(Value::Null))),
    ("map.containsKey", contains_key),
    ("map.containsValue", contains_value),
    ("map.keys", keys),
    ("map.values", |call| call.list_of(&call.eval.map_values(call.map(0)?)?)),
    ("map.entries", entries),
    ("map.map", to_list),
    ("map.flatMap", flat_map),
    ("map.mapValues", map_values),
    ("map.mapKeys", map_keys),
    ("map.filter", filter),
    ("map.compact", compact),
    ("map.fold", fold),
    ("map.any", |call| Ok(Value::Bool(first(call, |holds| holds)?.is_some()))),
    ("map.all", |call| Ok(Value::Bool(first(call, |holds| !holds)?.is_none()))),
    ("map.count", |call| Ok(Value::Int(matching(call)?.len() as i64))),
    ("map.find", |call| first(call, |holds| holds)?.map_or(Ok(Value::Null), |pair| entry(call, pair))),
    ("map.merge", merge),
    ("map.mergeWith", merge_with),
    ("map.without", |call| choose(call, |is_listed| !is_listed)),
    ("map.only", |call| choose(call, |is_listed| is_listed)),
    ("map.sortKeys", sort_keys),
    ("map.sortBy", sort_by),
    ("map.invert", invert),
];

impl<'a> Call<'_, 'a> {
    /// A map value; two pairs with one key are an error. `noun` is what the pairs are called.
    pub(super) fn map_of_distinct(&self, pairs: Vec<Pair<'a>>, noun: &str) -> Eval<Value<'a>> {
        let mut seen = FxHashMap::default();
        for (key, value) in &pairs {
            if let Some(other) = seen.insert(*key, *value) {
                let (first, second) = (show(other), show(*value));
                return self.raise(
                    Diag::error(Code::DUPLICATE_KEY, format!("two {noun} have the key `{key}`"))
                        .at(self.span, "keys must be unique")
                        .note(format!("the first has the value {first}, the second {second}")),
                );
            }
        }
        self.map_of(pairs)
    }
}

fn contains_key<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Bool(call.eval.find_entry(call.map(0)?, Key::Str(call.str(1)?))?.is_some()))
}

fn contains_value<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    for (_, value) in call.pairs(0)? {
        if call.eval.equal(value, call.arg(1))? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn keys<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let entries = call.eval.entries(call.map(0)?)?;
    let keys: Vec<_> = entries.iter().map(|entry| call.eval.key_value(entry.key)).collect();
    call.list_of(&keys)
}

/// An entry as a record.
fn entry<'a>(call: &Call<'_, 'a>, (key, value): Pair<'a>) -> Eval<Value<'a>> {
    call.map_of(vec![("key", Value::Str(key)), ("value", value)])
}

fn entries<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let records = call.pairs(0)?.into_iter().map(|pair| entry(call, pair)).collect::<Eval<Vec<_>>>()?;
    call.list_of(&records)
}

/// The result of the function for an entry.
fn applied<'a>(call: &Call<'_, 'a>, (key, value): Pair<'a>) -> Eval<Value<'a>> {
    call.apply(call.arg(1), &[Value::Str(key), value])
}

fn to_list<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let values = call.pairs(0)?.into_iter().map(|pair| applied(call, pair)).collect::<Eval<Vec<_>>>()?;
    call.list_of(&values)
}

fn flat_map<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut joined = Vec::new();
    for pair in call.pairs(0)? {
        let items = applied(call, pair)?;
        list::extend(call, &mut joined, call.eval.items(call.span, items)?)?;
    }
    call.list_of(&joined)
}

fn map_values<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pairs = call.pairs(0)?.into_iter().map(|pair| Ok((pair.0, applied(call, pair)?)));
    call.map_of(pairs.collect::<Eval<_>>()?)
}

fn map_keys<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pairs = call.pairs(0)?.into_iter().map(|pair| Ok((call.as_str(applied(call, pair)?)?, pair.1)));
    call.map_of_distinct(pairs.collect::<Eval<_>>()?, "entries")
}

/// The indices of the entries for which the function returns true.
fn matching(call: &Call<'_, '_>) -> Eval<Vec<usize>> {
    let mut indices = Vec::new();
    for (index, (key, value)) in call.pairs(0)?.into_iter().enumerate() {
        if call.test(call.arg(1), &[Value::Str(key), value])? {
            indices.push(index);
        }
    }
    Ok(indices)
}

/// The map with some of its entries, in the order of `indices`.
fn select<'a>(call: &Call<'_, 'a>, map: &'a Map<'a>, indices: impl IntoIterator<Item = usize>) -> Eval<Value<'a>> {
    call.eval.select_entries(indices.into_iter().map(|index| (map, index)))
}

fn filter<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    select(call, call.map(0)?, matching(call)?)
}

fn compact<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pairs = call.pairs(0)?.into_iter().enumerate();
    select(call, call.map(0)?, pairs.filter(|(_, (_, value))| !value.is_null()).map(|(index, _)| index))
}

fn fold<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut result = call.arg(1);
    for (key, value) in call.pairs(0)? {
        result = call.apply(call.arg(2), &[result, Value::Str(key), value])?;
    }
    Ok(result)
}

/// The first entry for which `is_wanted` accepts the result of the function. Later entries are not computed.
fn first<'a>(call: &Call<'_, 'a>, is_wanted: fn(bool) -> bool) -> Eval<Option<Pair<'a>>> {
    let map = call.map(0)?;
    for (index, entry) in call.eval.entries(map)?.iter().enumerate() {
        let pair = (call.key_text(entry.key), call.eval.entry(map, index)?);
        if is_wanted(call.test(call.arg(1), &[Value::Str(pair.0), pair.1])?) {
            return Ok(Some(pair));
        }
    }
    Ok(None)
}

fn merge<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    // The entries of the first map are not needed yet: it may be the result of many merges.
    match call.arg(0) {
        Value::Map(map) => Ok(Value::Map(call.eval.merged(map, call.map(1)?))),
        other => call.mistyped(other, "a map"),
    }
}

fn merge_with<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (map, other) = (call.map(0)?, call.map(1)?);
    let mut pairs = call.pairs(0)?;
    for (key, value) in &mut pairs {
        if let Some(second) = call.eval.get(other, Key::Str(key))? {
            *value = call.apply(call.arg(2), &[*value, second])?;
        }
    }
    for pair in call.pairs(1)? {
        if call.eval.find_entry(map, Key::Str(pair.0))?.is_none() {
            pairs.push(pair);
        }
    }
    call.map_of(pairs)
}

/// The entries for which `is_wanted` accepts whether their key is in a list.
fn choose<'a>(call: &Call<'_, 'a>, is_wanted: fn(bool) -> bool) -> Eval<Value<'a>> {
    let map = call.map(0)?;
    let keys: FxHashSet<&str> = call.texts(1)?.into_iter().collect();
    let entries = call.eval.entries(map)?.iter().enumerate();
    let chosen = entries.filter(|(_, entry)| is_wanted(keys.contains(call.key_text(entry.key))));
    select(call, map, chosen.map(|(index, _)| index))
}

fn sort_keys<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let map = call.map(0)?;
    let entries = call.eval.entries(map)?;
    let mut indices: Vec<_> = (0..entries.len()).collect();
    indices.sort_by_key(|index| entries[*index].key);
    select(call, map, indices)
}

fn sort_by<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut keyed = Vec::new();
    for (index, pair) in call.pairs(0)?.into_iter().enumerate() {
        keyed.push((applied(call, pair)?, index));
    }
    sort(&mut keyed, &mut |a, b| -> Eval<Ordering> {
        call.eval.charge(1)?;
        call.eval.compare(call.span, a.0, b.0)
    })?;
    select(call, call.map(0)?, keyed.into_iter().map(|(_, index)| index))
}

fn invert<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pairs = call.pairs(0)?.into_iter().map(|(key, value)| Ok((call.as_str(value)?, Value::Str(key))));
    call.map_of_distinct(pairs.collect::<Eval<_>>()?, "entries")
}
