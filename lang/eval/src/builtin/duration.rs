//! Methods of `Duration`.

use std::fmt::Write;

use forge_base::Duration;

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Value};

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

pub(crate) static TABLE: BuiltinTable = &[
    ("duration.days", |call| whole(call, DAY)),
    ("duration.hours", |call| whole(call, HOUR)),
    ("duration.minutes", |call| whole(call, MINUTE)),
    ("duration.seconds", |call| whole(call, SECOND)),
    ("duration.milliseconds", |call| whole(call, MILLISECOND)),
    ("duration.toSeconds", |call| Ok(Value::Float(call.duration(0)?.nanos as f64 / SECOND as f64))),
    ("duration.abs", abs),
    ("duration.min", |call| Ok(Value::Duration(call.duration(0)?.min(call.duration(1)?)))),
    ("duration.max", |call| Ok(Value::Duration(call.duration(0)?.max(call.duration(1)?)))),
    ("duration.clamp", clamp),
    ("duration.toString", |call| call.text(&call.duration(0)?.to_string())),
    ("duration.toPrometheus", to_prometheus),
    ("duration.toIso", |call| call.text(&iso(call.duration(0)?))),
];

fn whole<'a>(call: &Call<'_, 'a>, unit: i64) -> Eval<Value<'a>> {
    Ok(Value::Int(call.duration(0)?.nanos / unit))
}

fn abs<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let nanos = call.duration(0)?.nanos;
    match nanos.checked_abs() {
        Some(nanos) => Ok(Value::Duration(Duration { nanos })),
        None => call.overflow("the duration"),
    }
}

fn clamp<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (low, high) = (call.duration(1)?, call.duration(2)?);
    if low > high { call.bad_bounds() } else { Ok(Value::Duration(call.duration(0)?.clamp(low, high))) }
}

fn to_prometheus<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let duration = call.duration(0)?;
    match prometheus(duration) {
        Some(text) => call.text(&text),
        None if duration.nanos < 0 => {
            call.fail(format!("Prometheus cannot represent {duration}"), "it has no negative durations")
        }
        None => call.fail(format!("Prometheus cannot represent {duration}"), "it has no fractions of a millisecond"),
    }
}

/// Formats as `1d2h3m4s5ms`, without the parts that are zero.
fn prometheus(duration: Duration) -> Option<String> {
    let mut rest = duration.nanos;
    if rest < 0 || rest % MILLISECOND != 0 {
        return None;
    }
    let mut text = String::new();
    for (unit, name) in [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (MILLISECOND, "ms")] {
        if rest >= unit {
            // Writing to a string cannot fail.
            let _ = write!(text, "{}{name}", rest / unit);
            rest %= unit;
        }
    }
    Some(if text.is_empty() { "0s".into() } else { text })
}

/// Formats as `PT1H30M`. The largest unit is the hour, since a day does not always have 24 hours.
fn iso(duration: Duration) -> String {
    let mut text = String::from(if duration.nanos < 0 { "-PT" } else { "PT" });
    let nanos = duration.nanos.unsigned_abs();
    let (hours, rest) = (nanos / HOUR as u64, nanos % HOUR as u64);
    let (minutes, rest) = (rest / MINUTE as u64, rest % MINUTE as u64);
    let (seconds, fraction) = (rest / SECOND as u64, rest % SECOND as u64);
    // Writing to a string cannot fail.
    if hours > 0 {
        let _ = write!(text, "{hours}H");
    }
    if minutes > 0 {
        let _ = write!(text, "{minutes}M");
    }
    if fraction > 0 {
        let digits = format!("{fraction:09}");
        let _ = write!(text, "{seconds}.{}S", digits.trim_end_matches('0'));
    } else if seconds > 0 || nanos == 0 {
        let _ = write!(text, "{seconds}S");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duration(text: &str) -> Duration {
        Duration::parse(text).unwrap()
    }

    #[test]
    fn prometheus_has_days_but_no_fractions() {
        for (text, expected) in [("7d", "7d"), ("90min", "1h30m"), ("0s", "0s"), ("1500ms", "1s500ms"), ("25h", "1d1h")]
        {
            assert_eq!(prometheus(duration(text)).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(prometheus(duration("1us")), None);
        assert_eq!(prometheus(duration("-1s")), None);
    }

    #[test]
    fn iso_has_no_days_and_writes_fractions() {
        for (text, expected) in
            [("0s", "PT0S"), ("1500ms", "PT1.5S"), ("25h", "PT25H"), ("-90s", "-PT1M30S"), ("1h", "PT1H")]
        {
            assert_eq!(iso(duration(text)), expected, "{text}");
        }
        assert_eq!(iso(Duration { nanos: i64::MIN }), "-PT2562047H47M16.854775808S");
    }
}
