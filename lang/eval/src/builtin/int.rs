//! Methods of `Int`.

use super::call::{BuiltinTable, Call};
use super::number::in_radix;
use crate::display::show;
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("int.abs", |call| checked(call, call.int(0)?.checked_abs(), "abs")),
    ("int.sign", |call| Ok(Value::Int(call.int(0)?.signum()))),
    ("int.min", |call| Ok(Value::Int(call.int(0)?.min(call.int(1)?)))),
    ("int.max", |call| Ok(Value::Int(call.int(0)?.max(call.int(1)?)))),
    ("int.clamp", clamp),
    ("int.div", div),
    ("int.mod", modulo),
    ("int.pow", pow),
    ("int.isEven", |call| Ok(Value::Bool(call.int(0)? % 2 == 0))),
    ("int.isOdd", |call| Ok(Value::Bool(call.int(0)? % 2 != 0))),
    ("int.bitAnd", |call| Ok(Value::Int(call.int(0)? & call.int(1)?))),
    ("int.bitOr", |call| Ok(Value::Int(call.int(0)? | call.int(1)?))),
    ("int.bitXor", |call| Ok(Value::Int(call.int(0)? ^ call.int(1)?))),
    ("int.bitNot", |call| Ok(Value::Int(!call.int(0)?))),
    ("int.shiftLeft", shift_left),
    ("int.shiftRight", |call| Ok(Value::Int(call.int(0)? >> bits(call)?))),
    ("int.toFloat", |call| Ok(Value::Float(call.int(0)? as f64))),
    ("int.toQuantity", to_quantity),
    ("int.toString", to_string),
];

/// A result that may not fit in 64 bits.
fn checked<'a>(call: &Call<'_, 'a>, result: Option<i64>, name: &str) -> Eval<Value<'a>> {
    match result {
        Some(number) => Ok(Value::Int(number)),
        None => {
            let shown: Vec<_> = call.args[1..].iter().map(|arg| show(*arg)).collect();
            call.overflow(&format!("`{}.{name}({})`", show(call.arg(0)), shown.join(", ")))
        }
    }
}

fn clamp<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (low, high) = (call.int(1)?, call.int(2)?);
    if low > high { call.bad_bounds() } else { Ok(Value::Int(call.int(0)?.clamp(low, high))) }
}

fn div<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    match (call.int(0)?, call.int(1)?) {
        (number, 0) => call.division_by_zero(number),
        (number, divisor) => checked(call, number.checked_div(divisor), "div"),
    }
}

fn modulo<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    match (call.int(0)?, call.int(1)?) {
        (number, 0) => call.division_by_zero(number),
        (number, divisor) => {
            let remainder = number.wrapping_rem(divisor);
            let differs = remainder != 0 && (remainder < 0) != (divisor < 0);
            Ok(Value::Int(if differs { remainder + divisor } else { remainder }))
        }
    }
}

fn pow<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (base, exponent) = (call.int(0)?, call.count(1, "exponent")?);
    let result = match (base, u32::try_from(exponent)) {
        (0 | 1, _) if exponent > 0 => Some(base),
        (-1, _) => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        (_, Ok(exponent)) => base.checked_pow(exponent),
        (_, Err(_)) => None,
    };
    checked(call, result, "pow")
}

/// The number of bits to shift by.
fn bits(call: &Call<'_, '_>) -> Eval<u32> {
    match call.int(1)? {
        count @ 0..=63 => Ok(count as u32),
        count => call.fail(format!("`count` is {count}"), "an Int can be shifted by 0 to 63 bits"),
    }
}

fn shift_left<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (number, count) = (call.int(0)?, bits(call)?);
    let shifted = number << count;
    checked(call, (shifted >> count == number).then_some(shifted), "shiftLeft")
}

fn to_quantity<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let quantity = forge_base::Quantity::from_int(call.int(0)?);
    Ok(call.eval.quantity(quantity.nanos, quantity.format))
}

/// The argument `radix`.
pub(super) fn radix(call: &Call<'_, '_>) -> Eval<u32> {
    match call.arg(1) {
        Value::Null => Ok(10),
        Value::Int(radix @ 2..=36) => Ok(radix as u32),
        other => call.fail(format!("`radix` is {}", show(other)), "must be 2 to 36"),
    }
}

fn to_string<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    call.text(&in_radix(call.int(0)?, radix(call)?))
}
