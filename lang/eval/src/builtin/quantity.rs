//! Methods of `Quantity`.

use forge_base::quantity::{Format, UNIT};

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("quantity.toInt", to_int),
    ("quantity.toFloat", |call| Ok(Value::Float(call.quantity(0)?.nanos as f64 / UNIT as f64))),
    ("quantity.value", |call| whole(call, UNIT)),
    ("quantity.millis", |call| whole(call, UNIT / 1000)),
    ("quantity.abs", abs),
    ("quantity.min", |call| Ok(call.arg(usize::from(call.quantity(1)?.nanos < call.quantity(0)?.nanos)))),
    ("quantity.max", |call| Ok(call.arg(usize::from(call.quantity(1)?.nanos > call.quantity(0)?.nanos)))),
    ("quantity.clamp", clamp),
    ("quantity.toBinary", |call| Ok(call.eval.quantity(call.quantity(0)?.nanos, Format::Binary))),
    ("quantity.toDecimal", |call| Ok(call.eval.quantity(call.quantity(0)?.nanos, Format::Decimal))),
    ("quantity.toString", |call| call.text(&call.quantity(0)?.to_base().to_string())),
];

fn to_int<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let nanos = call.quantity(0)?.nanos;
    let units = (nanos % UNIT == 0).then(|| i64::try_from(nanos / UNIT).ok()).flatten();
    Ok(units.map_or(Value::Null, Value::Int))
}

/// The number of units of a size, rounded away from zero.
fn whole<'a>(call: &Call<'_, 'a>, unit: i128) -> Eval<Value<'a>> {
    let quantity = call.quantity(0)?;
    let count = quantity.nanos / unit + (quantity.nanos % unit).signum();
    match i64::try_from(count) {
        Ok(count) => Ok(Value::Int(count)),
        Err(_) => call.overflow(&format!("{} as an Int", quantity.to_base())),
    }
}

fn abs<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let quantity = call.quantity(0)?;
    if quantity.nanos < 0 {
        return Ok(call.eval.quantity(-quantity.nanos, quantity.format));
    }
    Ok(call.arg(0))
}

fn clamp<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (number, low, high) = (call.quantity(0)?.nanos, call.quantity(1)?.nanos, call.quantity(2)?.nanos);
    if low > high {
        return call.bad_bounds();
    }
    Ok(call.arg(if number < low {
        1
    } else if number > high {
        2
    } else {
        0
    }))
}
