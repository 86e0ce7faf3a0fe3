//! Methods of maps and records.
//!
//! Where entries are only chosen or ordered, the new map holds them unread: they keep their places in the source, and what
//! is never looked at is never computed.

use std::cmp::Ordering;

use forge_base::{Code, Diag};
use rustc_hash::{FxHashMap, FxHashSet};

use super::argument::Pair;
use super::sort::sort;
use super::{BuiltinTable, Call, list};
use crate::value::{Eval, Key, Map, Value};

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
    ("map.any", |call| Ok(Value::Bool(first(call, true)?.is_some()))),
    ("map.all", |call| Ok(Value::Bool(first(call, false)?.is_none()))),
    ("map.count", |call| Ok(Value::Int(matching(call)?.len() as i64))),
    ("map.find", |call| first(call, true)?.map_or(Ok(Value::Null), |pair| entry(call, pair))),
    ("map.merge", merge),
    ("map.mergeWith", merge_with),
    ("map.without", |call| choose(call, false)),
    ("map.only", |call| choose(call, true)),
    ("map.sortKeys", sort_keys),
    ("map.sortBy", sort_by),
    ("map.invert", invert),
];

impl<'a> Call<'_, 'a> {
    /// Pairs as a map; two with one key are an error. `noun` names them.
    pub(super) fn map_of_distinct(&self, pairs: Vec<Pair<'a>>, noun: &str) -> Eval<Value<'a>> {
        let mut seen = FxHashMap::default();
        for (key, value) in &pairs {
            if let Some(other) = seen.insert(*key, *value) {
                let (first, second) = (self.eval.show(other), self.eval.show(*value));
                return self.raise(
                    Diag::error(Code::DUPLICATE_KEY, format!("two {noun} have the key `{key}`"))
                        .at(self.span, "each key may be there once")
                        .note(format!("the first gives {first}, the second {second}")),
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

/// What the function gives for an entry.
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

/// The places of the entries for which the function holds.
fn matching(call: &Call<'_, '_>) -> Eval<Vec<usize>> {
    let mut places = Vec::new();
    for (place, (key, value)) in call.pairs(0)?.into_iter().enumerate() {
        if call.test(call.arg(1), &[Value::Str(key), value])? {
            places.push(place);
        }
    }
    Ok(places)
}

/// The map with only some of its entries, in the order of `places`.
fn select<'a>(call: &Call<'_, 'a>, map: &'a Map<'a>, places: impl IntoIterator<Item = usize>) -> Eval<Value<'a>> {
    call.eval.select_entries(places.into_iter().map(|place| (map, place)))
}

fn filter<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    select(call, call.map(0)?, matching(call)?)
}

fn compact<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pairs = call.pairs(0)?.into_iter().enumerate();
    select(call, call.map(0)?, pairs.filter(|(_, (_, value))| !value.is_null()).map(|(place, _)| place))
}

fn fold<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut result = call.arg(1);
    for (key, value) in call.pairs(0)? {
        result = call.apply(call.arg(2), &[result, Value::Str(key), value])?;
    }
    Ok(result)
}

/// The first entry for which the function gives `wanted`. Entries behind it are not read.
fn first<'a>(call: &Call<'_, 'a>, wanted: bool) -> Eval<Option<Pair<'a>>> {
    let map = call.map(0)?;
    for (place, entry) in call.eval.entries(map)?.iter().enumerate() {
        let pair = (call.key_text(entry.key), call.eval.entry(map, place)?);
        if call.test(call.arg(1), &[Value::Str(pair.0), pair.1])? == wanted {
            return Ok(Some(pair));
        }
    }
    Ok(None)
}

fn merge<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (map, other) = (call.map(0)?, call.map(1)?);
    let mut places = Vec::new();
    for (place, entry) in call.eval.entries(map)?.iter().enumerate() {
        places.push(call.eval.find_entry(other, entry.key)?.map_or((map, place), |found| (other, found)));
    }
    for (place, entry) in call.eval.entries(other)?.iter().enumerate() {
        if call.eval.find_entry(map, entry.key)?.is_none() {
            places.push((other, place));
        }
    }
    call.eval.select_entries(places.into_iter())
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

/// The entries whose keys are in a list, or those whose keys are not.
fn choose<'a>(call: &Call<'_, 'a>, wanted: bool) -> Eval<Value<'a>> {
    let map = call.map(0)?;
    let keys: FxHashSet<&str> = call.texts(1)?.into_iter().collect();
    let entries = call.eval.entries(map)?.iter().enumerate();
    let places = entries.filter(|(_, entry)| keys.contains(call.key_text(entry.key)) == wanted);
    select(call, map, places.map(|(place, _)| place))
}

fn sort_keys<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let map = call.map(0)?;
    let entries = call.eval.entries(map)?;
    let mut places: Vec<_> = (0..entries.len()).collect();
    places.sort_by_key(|place| entries[*place].key);
    select(call, map, places)
}

fn sort_by<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut keyed = Vec::new();
    for (place, pair) in call.pairs(0)?.into_iter().enumerate() {
        keyed.push((applied(call, pair)?, place));
    }
    sort(&mut keyed, &mut |a, b| -> Eval<Ordering> {
        call.eval.charge(1)?;
        call.eval.compare(call.span, a.0, b.0)
    })?;
    select(call, call.map(0)?, keyed.into_iter().map(|(_, place)| place))
}

fn invert<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pairs = call.pairs(0)?.into_iter().map(|(key, value)| Ok((call.as_str(value)?, Value::Str(key))));
    call.map_of_distinct(pairs.collect::<Eval<_>>()?, "entries")
}
