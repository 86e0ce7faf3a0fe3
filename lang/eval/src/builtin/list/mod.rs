//! Methods of lists.

use rustc_hash::FxHashMap;

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Value};

mod order;
mod search;

pub(crate) use order::TABLE as ORDER;
pub(crate) use search::TABLE as SEARCH;

pub(crate) static TABLE: BuiltinTable = &[
    ("list.length", |call| Ok(Value::Int(length(call)? as i64))),
    ("list.isEmpty", |call| Ok(Value::Bool(length(call)? == 0))),
    ("list.first", |call| at(call, Some(0))),
    ("list.last", |call| at(call, length(call)?.checked_sub(1))),
    ("list.get", |call| at(call, usize::try_from(call.int(1)?).ok())),
    ("list.map", map),
    ("list.mapIndexed", map_indexed),
    ("list.filter", filter),
    ("list.filterMap", filter_map),
    ("list.flatMap", flat_map),
    ("list.flatten", flatten),
    ("list.compact", compact),
    ("list.fold", fold),
    ("list.reduce", reduce),
    ("list.reverse", reverse),
    ("list.groupBy", group_by),
    ("list.countBy", count_by),
    ("list.zip", zip),
    ("list.enumerate", enumerate),
    ("list.take", |call| cut(call, |count, length| (0, count.min(length)))),
    ("list.takeLast", |call| cut(call, |count, length| (length.saturating_sub(count), length))),
    ("list.drop", |call| cut(call, |count, length| (count.min(length), length))),
    ("list.dropLast", |call| cut(call, |count, length| (0, length.saturating_sub(count)))),
    ("list.takeWhile", |call| Ok(Value::List(&call.list(0)?[..while_holds(call)?]))),
    ("list.dropWhile", |call| Ok(Value::List(&call.list(0)?[while_holds(call)?..]))),
    ("list.slice", slice),
    ("list.chunks", chunks),
    ("list.windows", windows),
    ("list.partition", partition),
    ("list.concat", concat),
    ("list.intersperse", intersperse),
    ("list.join", join),
    ("list.toMap", to_map),
    ("list.keyBy", key_by),
];

/// The number of items, without computing those of a keyed list.
fn length(call: &Call<'_, '_>) -> Eval<usize> {
    match call.arg(0) {
        Value::List(items) => Ok(items.len()),
        Value::Map(map) => Ok(call.eval.entries(map)?.len()),
        other => call.mistyped(other, "a list"),
    }
}

/// The item at an index; null if there is none.
fn at<'a>(call: &Call<'_, 'a>, index: Option<usize>) -> Eval<Value<'a>> {
    let Some(index) = index else { return Ok(Value::Null) };
    match call.arg(0) {
        Value::List(items) => Ok(items.get(index).copied().unwrap_or(Value::Null)),
        Value::Map(map) if index < call.eval.entries(map)?.len() => call.eval.entry(map, index),
        _ => Ok(Value::Null),
    }
}

/// Appends items to a list, within the memory budget.
pub(super) fn extend<'a>(call: &Call<'_, 'a>, list: &mut Vec<Value<'a>>, more: &[Value<'a>]) -> Eval<()> {
    call.eval.charge(more.len())?;
    call.eval.check_memory((list.len() + more.len()) * size_of::<Value<'_>>())?;
    list.extend_from_slice(more);
    Ok(())
}

fn map<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    call.collect(call.list(0)?, |_, item| call.apply(call.arg(1), &[item]))
}

fn map_indexed<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    call.collect(call.list(0)?, |index, item| call.apply(call.arg(1), &[Value::Int(index as i64), item]))
}

fn filter<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    call.retain(call.list(0)?, |item| call.test(call.arg(1), &[item]))
}

fn filter_map<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let items = call.list(0)?;
    call.room(items.len())?;
    let mut kept = Vec::new();
    for item in items {
        let value = call.apply(call.arg(1), &[*item])?;
        if !value.is_null() {
            kept.push(value);
        }
    }
    call.list_of(&kept)
}

fn flat_map<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut joined = Vec::new();
    for item in call.list(0)? {
        let items = call.apply(call.arg(1), &[*item])?;
        extend(call, &mut joined, call.eval.items(call.span, items)?)?;
    }
    call.list_of(&joined)
}

fn flatten<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut joined = Vec::new();
    for items in call.list(0)? {
        extend(call, &mut joined, call.eval.items(call.span, *items)?)?;
    }
    call.list_of(&joined)
}

fn compact<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    call.retain(call.list(0)?, |item| Ok(!item.is_null()))
}

fn fold<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut result = call.arg(1);
    for item in call.list(0)? {
        result = call.apply(call.arg(2), &[result, *item])?;
    }
    Ok(result)
}

fn reduce<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let Some((first, rest)) = call.list(0)?.split_first() else { return Ok(Value::Null) };
    let mut result = *first;
    for item in rest {
        result = call.apply(call.arg(1), &[result, *item])?;
    }
    Ok(result)
}

fn reverse<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let items = call.list(0)?;
    call.collect(items, |index, _| Ok(items[items.len() - 1 - index]))
}

/// The items grouped by key, in the order in which the keys first occur.
fn groups<'a>(call: &Call<'_, 'a>) -> Eval<Vec<(&'a str, Vec<Value<'a>>)>> {
    let mut indices: FxHashMap<&'a str, usize> = FxHashMap::default();
    let mut groups: Vec<(&'a str, Vec<Value<'a>>)> = Vec::new();
    for item in call.list(0)? {
        let key = call.as_str(call.apply(call.arg(1), &[*item])?)?;
        let index = *indices.entry(key).or_insert(groups.len());
        if index == groups.len() {
            groups.push((key, Vec::new()));
        }
        groups[index].1.push(*item);
    }
    Ok(groups)
}

fn group_by<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let groups = groups(call)?;
    let lists = groups.iter().map(|(key, items)| Ok((*key, call.list_of(items)?)));
    call.map_of(lists.collect::<Eval<_>>()?)
}

fn count_by<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let groups = groups(call)?;
    call.map_of(groups.into_iter().map(|(key, items)| (key, Value::Int(items.len() as i64))).collect())
}

fn zip<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (items, others) = (call.list(0)?, call.list(1)?);
    let count = items.len().min(others.len());
    call.collect(&items[..count], |index, item| call.map_of(vec![("first", item), ("second", others[index])]))
}

fn enumerate<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    call.collect(call.list(0)?, |index, item| call.map_of(vec![("index", Value::Int(index as i64)), ("value", item)]))
}

/// The part of a list between the bounds that `bounds` computes from the count and the length.
fn cut<'a>(call: &Call<'_, 'a>, bounds: fn(usize, usize) -> (usize, usize)) -> Eval<Value<'a>> {
    let items = call.list(0)?;
    let (start, end) = bounds(call.count(1, "count")?, items.len());
    Ok(Value::List(&items[start..end]))
}

/// The number of items before the first for which the function returns false.
fn while_holds(call: &Call<'_, '_>) -> Eval<usize> {
    let items = call.list(0)?;
    for (index, item) in items.iter().enumerate() {
        if !call.test(call.arg(1), &[*item])? {
            return Ok(index);
        }
    }
    Ok(items.len())
}

fn slice<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let items = call.list(0)?;
    let start = call.count(1, "start")?.min(items.len());
    let end = call.count_or_null(2, "end")?.unwrap_or(items.len()).min(items.len());
    Ok(Value::List(items.get(start..end).unwrap_or(&[])))
}

fn chunks<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let lists: Vec<_> = call.list(0)?.chunks(call.size(1, "size")?).map(Value::List).collect();
    call.list_of(&lists)
}

fn windows<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let lists: Vec<_> = call.list(0)?.windows(call.size(1, "size")?).map(Value::List).collect();
    call.list_of(&lists)
}

fn partition<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (mut matching, mut rest) = (Vec::new(), Vec::new());
    for item in call.list(0)? {
        if call.test(call.arg(1), &[*item])? { matching.push(*item) } else { rest.push(*item) }
    }
    call.map_of(vec![("matching", call.list_of(&matching)?), ("rest", call.list_of(&rest)?)])
}

fn concat<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    call.eval.concat(call.list(0)?, call.list(1)?).map(Value::List)
}

fn intersperse<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut spaced = Vec::new();
    for (index, item) in call.list(0)?.iter().enumerate() {
        if index > 0 {
            spaced.push(call.arg(1));
        }
        spaced.push(*item);
    }
    call.list_of(&spaced)
}

fn join<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (texts, separator) = (call.texts(0)?, call.str(1)?);
    let size: usize = texts.iter().map(|text| text.len() + separator.len()).sum();
    call.eval.check_memory(size)?;
    call.text(&texts.join(separator))
}

fn to_map<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    entries(call, |item| call.apply(call.arg(2), &[item]))
}

fn key_by<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    entries(call, Ok)
}

/// A map with one entry per item, under the key that the first function returns.
fn entries<'a>(call: &Call<'_, 'a>, value: impl Fn(Value<'a>) -> Eval<Value<'a>>) -> Eval<Value<'a>> {
    let mut pairs = Vec::new();
    for item in call.list(0)? {
        pairs.push((call.as_str(call.apply(call.arg(1), &[*item])?)?, value(*item)?));
    }
    call.map_of_distinct(pairs, "items")
}
