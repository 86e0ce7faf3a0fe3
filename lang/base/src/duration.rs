//! Durations as Go and Kubernetes write them.

use std::fmt;

/// A span of time in whole nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Duration {
    /// May be negative.
    pub nanos: i64,
}

/// Why a text is no duration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DurationError {
    /// It is not a row of numbers with units.
    Malformed,
    /// It is beyond ±292 years.
    TooLarge,
}

/// Units in the order in which they are looked for, with their nanoseconds.
const UNITS: [(&str, i128); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("min", 60_000_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

impl Duration {
    /// Reads one or more numbers with units, as Go does: `1h30m`, `-1.5s`, `0`; also `5min` and `7d`.
    pub fn parse(text: &str) -> Result<Duration, DurationError> {
        let negative = text.starts_with('-');
        let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
        if rest == "0" {
            return Ok(Duration { nanos: 0 });
        }
        if rest.is_empty() {
            return Err(DurationError::Malformed);
        }
        let mut total: i128 = 0;
        while !rest.is_empty() {
            let (nanos, behind) = part(rest)?;
            total = total.checked_add(nanos).ok_or(DurationError::TooLarge)?;
            rest = behind;
        }
        let total = if negative { -total } else { total };
        i64::try_from(total).map(|nanos| Duration { nanos }).map_err(|_| DurationError::TooLarge)
    }
}

/// The first number and unit of a text, in nanoseconds, and what is behind.
fn part(text: &str) -> Result<(i128, &str), DurationError> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or(DurationError::Malformed)?;
    let (number, rest) = text.split_at(end);
    let &(unit, factor) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit)).ok_or(DurationError::Malformed)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || fraction.len() > 18 {
        return Err(DurationError::Malformed);
    }
    let parse = |digits: &str| match digits {
        "" => Ok(0i128),
        digits if digits.len() > 20 => Err(DurationError::TooLarge),
        digits => digits.parse().map_err(|_| DurationError::Malformed),
    };
    let nanos = parse(whole)?.checked_mul(factor).ok_or(DurationError::TooLarge)?;
    let more = parse(fraction)? * factor / 10i128.pow(fraction.len() as u32);
    Ok((nanos + more, &rest[unit.len()..]))
}

impl fmt::Display for Duration {
    /// The shortest form that Go reads: `1h`, `1m30s`, `1.5s`, `100ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.nanos.unsigned_abs();
        if nanos == 0 {
            return f.write_str("0s");
        }
        if self.nanos < 0 {
            f.write_str("-")?;
        }
        let (hours, rest) = (nanos / 3_600_000_000_000, nanos % 3_600_000_000_000);
        let (minutes, rest) = (rest / 60_000_000_000, rest % 60_000_000_000);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        if rest == 0 {
            return Ok(());
        }
        let is_alone = hours == 0 && minutes == 0;
        let (unit, name) = match rest {
            rest if is_alone && rest < 1_000 => (1, "ns"),
            rest if is_alone && rest < 1_000_000 => (1_000, "us"),
            rest if is_alone && rest < 1_000_000_000 => (1_000_000, "ms"),
            _ => (1_000_000_000, "s"),
        };
        write!(f, "{}", rest / unit)?;
        if rest % unit != 0 {
            let fraction = format!("{:0width$}", rest % unit, width = (unit as f64).log10().round() as usize);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
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
            ("1h30m", "1h30m"),
            ("-1.5h", "-1h30m"),
            ("2us", "2us"),
            ("1h0m0.5s", "1h0.5s"),
            ("1ns", "1ns"),
        ] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn malformed_texts_are_refused() {
        for text in ["", "5", "h", "1x", "1.2.3s", "-", "1h-2m", ".s"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        for nanos in [1, 999, 1_001, 1_000_000_001, 59_999_999_999, 3_600_000_000_001, i64::MAX, -1, i64::MIN + 1] {
            let duration = Duration { nanos };
            assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
        }
    }
}
