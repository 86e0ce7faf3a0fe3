//! Methods of lists that search for items.

use super::super::call::{BuiltinTable, Call};
use super::super::value_set::ValueSet;
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("list.any", |call| Ok(Value::Bool(position(call, |holds| holds)?.is_some()))),
    ("list.all", |call| Ok(Value::Bool(position(call, |holds| !holds)?.is_none()))),
    ("list.none", |call| Ok(Value::Bool(position(call, |holds| holds)?.is_none()))),
    ("list.count", count),
    ("list.find", |call| Ok(position(call, |holds| holds)?.map_or(Value::Null, |(_, item)| item))),
    ("list.findIndex", |call| Ok(position(call, |holds| holds)?.map_or(Value::Null, |(index, _)| Value::Int(index)))),
    ("list.indexOf", |call| Ok(index_of(call)?.map_or(Value::Null, Value::Int))),
    ("list.contains", |call| Ok(Value::Bool(index_of(call)?.is_some()))),
    ("list.containsAll", contains_all),
    ("list.unique", unique),
    ("list.uniqueBy", unique_by),
    ("list.duplicates", duplicates),
    ("list.intersect", |call| common(call, |is_common| is_common)),
    ("list.without", |call| common(call, |is_common| !is_common)),
];

/// The first item for which `is_wanted` accepts the result of the function, with its index.
fn position<'a>(call: &Call<'_, 'a>, is_wanted: fn(bool) -> bool) -> Eval<Option<(i64, Value<'a>)>> {
    for (index, item) in call.list(0)?.iter().enumerate() {
        if is_wanted(call.test(call.arg(1), &[*item])?) {
            return Ok(Some((index as i64, *item)));
        }
    }
    Ok(None)
}

fn count<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut count = 0;
    for item in call.list(0)? {
        count += i64::from(call.test(call.arg(1), &[*item])?);
    }
    Ok(Value::Int(count))
}

fn index_of(call: &Call<'_, '_>) -> Eval<Option<i64>> {
    for (index, item) in call.list(0)?.iter().enumerate() {
        if call.eval.equal(*item, call.arg(1))? {
            return Ok(Some(index as i64));
        }
    }
    Ok(None)
}

fn contains_all<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let set = ValueSet::of(call.eval, call.list(0)?)?;
    for item in call.list(1)? {
        if !set.contains(*item)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn unique<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut set = ValueSet::new(call.eval);
    call.retain(call.list(0)?, |item| Ok(set.insert(item)?.is_none()))
}

fn unique_by<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut set = ValueSet::new(call.eval);
    call.retain(call.list(0)?, |item| Ok(set.insert(call.apply(call.arg(1), &[item])?)?.is_none()))
}

/// The items that occur more than once, in the order of their first occurrence.
fn duplicates<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut set = ValueSet::new(call.eval);
    let mut found: Vec<(Value<'a>, bool)> = Vec::new();
    for item in call.list(0)? {
        match set.insert(*item)? {
            None => found.push((*item, false)),
            Some(number) => found[number].1 = true,
        }
    }
    let repeated: Vec<_> = found.into_iter().filter_map(|(item, is_repeated)| is_repeated.then_some(item)).collect();
    call.list_of(&repeated)
}

/// The items for which `is_wanted` accepts whether they are in the other list.
fn common<'a>(call: &Call<'_, 'a>, is_wanted: fn(bool) -> bool) -> Eval<Value<'a>> {
    let set = ValueSet::of(call.eval, call.list(1)?)?;
    call.retain(call.list(0)?, |item| Ok(is_wanted(set.contains(item)?)))
}
