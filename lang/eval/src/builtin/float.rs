//! Methods of `Float`.

use super::call::{BuiltinTable, Call};
use super::number::{exact_int, nearest_int, round_to};
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("float.abs", |call| Ok(Value::Float(call.float(0)?.abs()))),
    ("float.min", |call| Ok(Value::Float(call.float(0)?.min(call.float(1)?)))),
    ("float.max", |call| Ok(Value::Float(call.float(0)?.max(call.float(1)?)))),
    ("float.clamp", clamp),
    ("float.floor", |call| whole(call, f64::floor)),
    ("float.ceil", |call| whole(call, f64::ceil)),
    ("float.round", |call| whole(call, f64::round)),
    ("float.trunc", |call| whole(call, f64::trunc)),
    ("float.roundTo", to_digits),
    ("float.toInt", |call| Ok(exact_int(call.float(0)?).map_or(Value::Null, Value::Int))),
    ("float.toString", to_string),
];

fn clamp<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (low, high) = (call.float(1)?, call.float(2)?);
    // Written so that NaN bounds are rejected too.
    if low <= high { Ok(Value::Float(call.float(0)?.clamp(low, high))) } else { call.bad_bounds() }
}

fn whole<'a>(call: &Call<'_, 'a>, round: fn(f64) -> f64) -> Eval<Value<'a>> {
    let number = call.float(0)?;
    match nearest_int(round(number)) {
        Some(number) => Ok(Value::Int(number)),
        None => call.overflow(&format!("{number:?}")),
    }
}

fn to_digits<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    match call.int(1)? {
        digits @ 0..=15 => Ok(Value::Float(round_to(call.float(0)?, digits as usize))),
        digits => call.fail(format!("`digits` is {digits}"), "must be 0 to 15"),
    }
}

fn to_string<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut text = String::new();
    crate::display::push(&mut text, Value::Float(call.float(0)?));
    call.text(&text)
}
