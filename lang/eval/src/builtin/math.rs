//! `std.math`. Floating-point functions come from `libm`, so that results are the same on every platform.

use std::cmp::Ordering;

use super::call::{BuiltinTable, Call};
use crate::display::show;
use crate::value::{Eval, Value};

pub(crate) static TABLE: BuiltinTable = &[
    ("math.sqrt", |call| of_one(call, "sqrt", libm::sqrt)),
    ("math.pow", pow),
    ("math.exp", |call| of_one(call, "exp", libm::exp)),
    ("math.ln", |call| of_one(call, "ln", libm::log)),
    ("math.log2", |call| of_one(call, "log2", libm::log2)),
    ("math.log10", |call| of_one(call, "log10", libm::log10)),
    ("math.ceilDiv", |call| divide(call, |fraction| i64::from(fraction.is_gt()))),
    ("math.floorDiv", |call| divide(call, |fraction| -i64::from(fraction.is_lt()))),
    ("math.gcd", |call| fitting(call, "gcd", gcd(call.int(0)?, call.int(1)?))),
    ("math.lcm", lcm),
    ("math.isPowerOfTwo", |call| Ok(Value::Bool(call.int(0)? > 0 && call.int(0)?.count_ones() == 1))),
    ("math.nextPowerOfTwo", next_power_of_two),
    ("math.median", |call| Ok(median(&mut numbers(call)?).map_or(Value::Null, Value::Float))),
    ("math.mean", mean),
];

/// A finite result, or an error.
fn finite<'a>(call: &Call<'_, 'a>, name: &str, result: f64) -> Eval<Value<'a>> {
    if result.is_finite() {
        return Ok(Value::Float(result));
    }
    let shown: Vec<_> = call.args.iter().map(|arg| show(*arg)).collect();
    let why = if result.is_nan() { "is not a number" } else { "is infinite" };
    call.fail(format!("`{name}({})` {why}", shown.join(", ")), "a Float is always finite")
}

fn of_one<'a>(call: &Call<'_, 'a>, name: &str, function: fn(f64) -> f64) -> Eval<Value<'a>> {
    finite(call, name, function(call.float(0)?))
}

fn pow<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    finite(call, "pow", libm::pow(call.float(0)?, call.float(1)?))
}

/// A quotient, rounded toward zero and adjusted by the sign of the fraction that was cut off.
fn divide<'a>(call: &Call<'_, 'a>, adjustment: fn(Ordering) -> i64) -> Eval<Value<'a>> {
    let (a, b) = (call.int(0)?, call.int(1)?);
    match (a.checked_div(b), a.checked_rem(b)) {
        _ if b == 0 => call.division_by_zero(a),
        (Some(quotient), Some(remainder)) => {
            let fraction = (remainder.signum() * b.signum()).cmp(&0);
            Ok(Value::Int(quotient + adjustment(fraction)))
        }
        _ => call.overflow(&format!("{a} divided by {b}")),
    }
}

fn gcd(a: i64, b: i64) -> u64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn fitting<'a>(call: &Call<'_, 'a>, name: &str, number: u64) -> Eval<Value<'a>> {
    match i64::try_from(number) {
        Ok(number) => Ok(Value::Int(number)),
        Err(_) => {
            let shown: Vec<_> = call.args.iter().map(|arg| show(*arg)).collect();
            call.overflow(&format!("`{name}({})`", shown.join(", ")))
        }
    }
}

fn lcm<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (a, b) = (call.int(0)?, call.int(1)?);
    let result = match gcd(a, b) {
        0 => Some(0),
        divisor => (a.unsigned_abs() / divisor).checked_mul(b.unsigned_abs()),
    };
    fitting(call, "lcm", result.unwrap_or(u64::MAX))
}

fn next_power_of_two<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let number = call.int(0)?.max(1).unsigned_abs();
    fitting(call, "nextPowerOfTwo", number.next_power_of_two())
}

fn numbers(call: &Call<'_, '_>) -> Eval<Vec<f64>> {
    call.list(0)?.iter().map(|item| call.as_float(*item)).collect()
}

fn median(numbers: &mut [f64]) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    // Halved first, so that the sum of two large numbers cannot become infinite.
    Some(if numbers.len() % 2 == 1 { upper } else { numbers[middle - 1] / 2.0 + upper / 2.0 })
}

fn mean<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let numbers = numbers(call)?;
    if numbers.is_empty() {
        return Ok(Value::Null);
    }
    finite(call, "mean", numbers.iter().sum::<f64>() / numbers.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisors_are_never_negative() {
        assert_eq!((gcd(12, 18), gcd(-4, 6), gcd(0, 0), gcd(0, -5)), (6, 2, 0, 5));
        assert_eq!(gcd(i64::MIN, 0), 1 << 63);
    }

    #[test]
    fn the_median_of_an_even_count_is_a_mean() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [2.0, 1.0]), Some(1.5));
        assert_eq!(median(&mut []), None);
    }
}
