//! Durations in the notation of Go and Kubernetes.

use std::fmt;

use crate::decimal;

/// A span of time in whole nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Duration {
    /// May be negative.
    pub nanos: i64,
}

/// Why a string is not a duration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DurationError {
    /// It is not a sequence of numbers with units.
    Malformed,
    /// It is beyond ±292 years.
    TooLarge,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DurationError::Malformed => "not numbers with units such as `1h30m`; units are ns us ms s m min h d",
            DurationError::TooLarge => "longer than 292 years",
        })
    }
}

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Units with their nanoseconds, in the order in which they are tried. There are two characters for micro.
const UNITS: [(&str, i64); 10] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{B5}s", 1_000),
    ("\u{3BC}s", 1_000),
    ("ms", 1_000_000),
    ("min", MINUTE),
    ("s", SECOND),
    ("m", MINUTE),
    ("h", HOUR),
    ("d", 24 * HOUR),
];

impl Duration {
    /// Parses one or more numbers with units, as Go does: `1h30m`, `-1.5s`, `0`; also `5min` and `7d`. Fractions of a nanosecond are
    /// truncated.
    pub fn parse(text: &str) -> Result<Duration, DurationError> {
        let is_negative = text.starts_with('-');
        let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
        if rest == "0" {
            return Ok(Duration { nanos: 0 });
        }
        if rest.is_empty() {
            return Err(DurationError::Malformed);
        }
        let mut total: i128 = 0;
        while !rest.is_empty() {
            let (nanos, after) = part(rest)?;
            total = total.checked_add(nanos).ok_or(DurationError::TooLarge)?;
            rest = after;
        }
        let total = if is_negative { -total } else { total };
        i64::try_from(total).map(|nanos| Duration { nanos }).map_err(|_| DurationError::TooLarge)
    }
}

/// The first number with a unit, in nanoseconds, and the rest of the string.
fn part(text: &str) -> Result<(i128, &str), DurationError> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or(DurationError::Malformed)?;
    let (number, rest) = text.split_at(end);
    let &(unit, factor) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit)).ok_or(DurationError::Malformed)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return Err(DurationError::Malformed);
    }
    let digits = format!("{whole}{fraction}");
    let product = decimal::product(&digits, whole.len() as i64, i128::from(factor)).ok_or(DurationError::TooLarge)?;
    Ok((product.whole, &rest[unit.len()..]))
}

impl fmt::Display for Duration {
    /// The shortest form that Go parses: `1h`, `1m30s`, `1.5s`, `100ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.nanos.unsigned_abs();
        if self.nanos < 0 {
            f.write_str("-")?;
        }
        let hours = nanos / HOUR.unsigned_abs();
        let minutes = nanos % HOUR.unsigned_abs() / MINUTE.unsigned_abs();
        let rest = nanos % MINUTE.unsigned_abs();
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        match rest {
            0 if nanos > 0 => Ok(()),
            1..1_000 if rest == nanos => write_decimal(f, rest, 0, "ns"),
            1_000..1_000_000 if rest == nanos => write_decimal(f, rest, 3, "us"),
            1_000_000..1_000_000_000 if rest == nanos => write_decimal(f, rest, 6, "ms"),
            _ => write_decimal(f, rest, 9, "s"),
        }
    }
}

/// Writes `number` times 10^-`places` without trailing zeros.
fn write_decimal(f: &mut fmt::Formatter<'_>, number: u64, places: usize, unit: &str) -> fmt::Result {
    let scale = 10u64.pow(places as u32);
    write!(f, "{}", number / scale)?;
    if !number.is_multiple_of(scale) {
        let fraction = format!("{:0places$}", number % scale);
        write!(f, ".{}", fraction.trim_end_matches('0'))?;
    }
    f.write_str(unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_shortest_form_of_go_is_printed() {
        for (text, expected) in [
            ("1h", "1h"),
            ("60min", "1h"),
            ("5min", "5m"),
            ("90s", "1m30s"),
            ("1500ms", "1.5s"),
            ("250ms", "250ms"),
            ("7d", "168h"),
            ("0", "0s"),
            ("-0s", "0s"),
            ("1h30m", "1h30m"),
            ("-1.5h", "-1h30m"),
            ("+.5s", "500ms"),
            ("1.s", "1s"),
            ("2us", "2us"),
            ("2.5\u{3BC}s", "2.5us"),
            ("2\u{B5}s", "2us"),
            ("1h0m0.5s", "1h0.5s"),
            ("1m0.000001s", "1m0.000001s"),
            ("1ns", "1ns"),
            ("0.0000000001s", "0s"),
            ("0.33333333333333333333333333333333s", "333.333333ms"),
            ("2562047h47m16.854775807s", "2562047h47m16.854775807s"),
            ("-2562047h47m16.854775808s", "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(Duration::parse(text).map(|duration| duration.to_string()), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn malformed_strings_are_rejected() {
        for text in ["", "5", "h", "1x", "1.2.3s", "-", "1h-2m", ".s", "1 h", "1H", "--1s", "1h ", "1sec"] {
            assert_eq!(Duration::parse(text), Err(DurationError::Malformed), "{text}");
        }
    }

    #[test]
    fn more_than_292_years_are_rejected() {
        for text in ["2562047h47m16.854775808s", "106752d", "99999999999999999999999999999999999999999h"] {
            assert_eq!(Duration::parse(text), Err(DurationError::TooLarge), "{text}");
        }
    }

    proptest! {
        #[test]
        fn printed_durations_parse_to_the_same_value(nanos in any::<i64>(), divisor in prop::sample::select(vec![1, 1_000, SECOND, MINUTE, HOUR])) {
            for nanos in [nanos, nanos / divisor, nanos / divisor * divisor] {
                let duration = Duration { nanos };
                prop_assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
            }
        }

        #[test]
        fn no_string_panics(text in "\\PC{0,12}|[-+]?([0-9.]{0,40}(ns|us|ms|s|m|min|h|d)){0,4}") {
            let _ = Duration::parse(&text);
        }
    }
}
