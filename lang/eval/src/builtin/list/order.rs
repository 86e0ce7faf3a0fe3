//! Methods of lists that compare and add items.

use std::cmp::Ordering;

use forge_syntax::ast::BinaryOp;

use super::super::call::{BuiltinTable, Call};
use super::super::sort::sort;
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("list.sort", |call| sort_keyed(call, Ok)),
    ("list.sortBy", |call| sort_keyed(call, |item| call.apply(call.arg(1), &[item]))),
    ("list.sortWith", sort_with),
    ("list.min", |call| extreme(call, Ordering::Less, Ok)),
    ("list.max", |call| extreme(call, Ordering::Greater, Ok)),
    ("list.minBy", |call| extreme(call, Ordering::Less, |item| call.apply(call.arg(1), &[item]))),
    ("list.maxBy", |call| extreme(call, Ordering::Greater, |item| call.apply(call.arg(1), &[item]))),
    ("list.sum", |call| add_up(call, Ok)),
    ("list.sumBy", |call| add_up(call, |item| call.apply(call.arg(1), &[item]))),
    ("list.product", product),
];

fn sort_keyed<'a>(call: &Call<'_, 'a>, key: impl Fn(Value<'a>) -> Eval<Value<'a>>) -> Eval<Value<'a>> {
    let items = call.list(0)?;
    call.room(2 * items.len())?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        keyed.push((key(*item)?, *item));
    }
    sort(&mut keyed, &mut |a, b| {
        call.eval.charge(1)?;
        call.eval.compare(call.span, a.0, b.0)
    })?;
    let sorted: Vec<_> = keyed.into_iter().map(|(_, item)| item).collect();
    call.list_of(&sorted)
}

fn sort_with<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut items = call.list(0)?.to_vec();
    sort(&mut items, &mut |a, b| {
        call.eval.charge(1)?;
        Ok(call.as_int(call.apply(call.arg(1), &[*a, *b])?)?.cmp(&0))
    })?;
    call.list_of(&items)
}

/// The first item whose key is less (or greater) than all others.
fn extreme<'a>(call: &Call<'_, 'a>, side: Ordering, key: impl Fn(Value<'a>) -> Eval<Value<'a>>) -> Eval<Value<'a>> {
    let Some((first, rest)) = call.list(0)?.split_first() else { return Ok(Value::Null) };
    let mut best = (key(*first)?, *first);
    for item in rest {
        let found = key(*item)?;
        if call.eval.compare(call.span, found, best.0)? == side {
            best = (found, *item);
        }
    }
    Ok(best.1)
}

fn add_up<'a>(call: &Call<'_, 'a>, number: impl Fn(Value<'a>) -> Eval<Value<'a>>) -> Eval<Value<'a>> {
    let Some((first, rest)) = call.list(0)?.split_first() else { return Ok(Value::Int(0)) };
    let mut sum = number(*first)?;
    for item in rest {
        sum = call.eval.operate_on(call.span, BinaryOp::Add, sum, number(*item)?)?;
    }
    Ok(sum)
}

fn product<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut product = Value::Int(1);
    for item in call.list(0)? {
        product = call.eval.operate_on(call.span, BinaryOp::Mul, product, *item)?;
    }
    Ok(product)
}
