//! Resolves plain YAML scalars like kubectl does.

use crate::node::Value;

/// Resolves a plain scalar.
pub(crate) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Value::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Value::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Value::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Value::Float(f64::NAN),
        _ => {}
    }
    let begins_number = text.as_bytes().first().is_some_and(|&b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'));
    if !begins_number {
        return Value::Str(text.to_owned());
    }
    number(text).unwrap_or_else(|| Value::Str(text.to_owned()))
}

fn number(text: &str) -> Option<Value> {
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix(['-', '+']) {
        Some(rest) => (if plain.starts_with('-') { -1 } else { 1 }, rest),
        None => (1, plain.as_str()),
    };
    let radix = |prefixes: [&str; 2], radix| {
        let rest = prefixes.iter().find_map(|prefix| digits.strip_prefix(prefix))?;
        let is_digits = !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix));
        is_digits.then(|| i128::from_str_radix(rest, radix).ok()).flatten()
    };
    let is_decimal = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let whole = radix(["0x", "0X"], 16)
        .or_else(|| radix(["0o", "0O"], 8))
        .or_else(|| radix(["0b", "0B"], 2))
        .or_else(|| if digits.len() > 1 && digits.starts_with('0') { radix(["0", "0"], 8) } else { None })
        .or_else(|| if is_decimal { digits.parse().ok() } else { None });
    if let Some(whole) = whole {
        return Some(i64::try_from(sign * whole).map_or(Value::Float((sign * whole) as f64), Value::Int));
    }
    is_float(digits).then(|| plain.parse().ok().map(Value::Float)).flatten()
}

/// Whether this is a decimal number with an optional fraction and exponent.
fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, "")) => is_number(whole),
        Some(("", part)) => is_number(part),
        Some((whole, part)) => is_number(whole) && is_number(part),
        None => is_number(mantissa),
    };
    let exponent_fits = |text: &str| is_number(text.strip_prefix(['-', '+']).unwrap_or(text));
    mantissa_fits && exponent.is_none_or(exponent_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_what_kubectl_takes_them_for() {
        let is = |text: &str, value: Value| assert_eq!(resolve(text), value, "{text}");
        is("y", Value::Bool(true));
        is("off", Value::Bool(false));
        is("0123", Value::Int(83));
        is("0o17", Value::Int(15));
        is("089", Value::Int(89));
        is("1_000", Value::Int(1000));
        is("-0x1f", Value::Int(-31));
        is("1e3", Value::Float(1000.0));
        is("1.", Value::Float(1.0));
        is(".5", Value::Float(0.5));
        is("12345678901234567890", Value::Float(12345678901234567890.0));
        for text in ["12:30", "1.2.3", "2024-01-01", "100m", "-", "+", ".", "::1", "1e", "0x", "e3", "nulls"] {
            is(text, Value::Str(text.to_owned()));
        }
    }
}
