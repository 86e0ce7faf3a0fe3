//! CronJob schedules, parsed like the cron library that Kubernetes uses.

use super::syntax;

/// One of the five fields: its name, minimum, maximum, and the names of its values.
type CronField = (&'static str, u32, u32, &'static [&'static str]);

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: [CronField; 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &MONTHS),
    ("day of the week", 0, 6, &DAYS),
];
const NAMED: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// The problem with a schedule, if there is one.
pub(super) fn schedule_problem(text: &str) -> Option<String> {
    if syntax::is_placeholder(text) {
        return None;
    }
    if text.contains("TZ") {
        return Some(String::from("the time zone belongs in `timeZone`, not in the schedule"));
    }
    if text.starts_with('@') {
        let is_known = NAMED.contains(&text) || text.strip_prefix("@every ").is_some_and(is_go_duration);
        return (!is_known).then(|| match forge_base::suggest::nearest(text, NAMED) {
            Some(near) => format!("did you mean `{near}`?"),
            None => String::from("expected five fields or a name such as `@daily`"),
        });
    }
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        let found = parts.len();
        return Some(format!("expected five fields (minute, hour, day, month, day of the week), found {found}"));
    }
    parts.iter().zip(FIELDS).find_map(|(part, field)| {
        part.split(',')
            .find_map(|range| range_problem(range, field))
            .map(|problem| format!("the {}: {problem}", field.0))
    })
}

fn range_problem(text: &str, (_, least, most, names): CronField) -> Option<String> {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    if let Some(step) = step
        && !step.parse::<u32>().is_ok_and(|step| step > 0)
    {
        return Some(format!("`{step}` is not a valid step"));
    }
    if range == "*" || range == "?" {
        return None;
    }
    let value = |text: &str| {
        let named = names.iter().zip(least..).find(|(name, _)| name.eq_ignore_ascii_case(text));
        named.map(|(_, number)| number).or_else(|| text.parse().ok())
    };
    let bounds: Vec<&str> = range.split('-').collect();
    let (low, high) = match bounds[..] {
        [one] => (value(one), if step.is_some() { Some(most) } else { value(one) }),
        [low, high] => (value(low), value(high)),
        _ => (None, None),
    };
    match (low, high) {
        (Some(low), Some(high)) if low < least || high > most => {
            Some(format!("`{range}` is not between {least} and {most}"))
        }
        (Some(low), Some(high)) if low > high => Some(format!("`{range}` ends before it starts")),
        (Some(_), Some(_)) => None,
        _ => Some(format!("`{range}` is not a number")),
    }
}

fn is_go_duration(text: &str) -> bool {
    let mut rest = text.trim_start_matches(['+', '-']);
    if rest == "0" {
        return true;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let units = ["ns", "us", "µs", "ms", "s", "m", "h"];
        let after = &rest[digits..];
        let unit = units.iter().filter(|unit| after.starts_with(**unit)).max_by_key(|unit| unit.len());
        match unit {
            Some(unit) if digits > 0 => rest = &after[unit.len()..],
            _ => return false,
        }
    }
    !text.is_empty()
}

/// The problem with a time zone name, if there is one. Whether the zone exists is left to the cluster.
pub(super) fn time_zone_problem(text: &str) -> Option<String> {
    if syntax::is_placeholder(text) {
        return None;
    }
    if text.is_empty() {
        return Some(String::from("omit it to use the time zone of the cluster"));
    }
    if text.eq_ignore_ascii_case("local") {
        return Some(String::from("`Local` is not allowed; use a zone such as `Europe/Berlin`"));
    }
    let is_fine = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+'));
    let is_path = text.starts_with('/') || text.contains("..");
    (!is_fine || is_path).then(|| String::from("expected a zone name such as `Europe/Berlin`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_as_the_controller_reads_them() {
        for right in ["*/5 * * * *", "0 4 * * sun", "0 0 1,15 JAN-MAR ?", "@daily", "@every 1h30m", "5/15 * * * *"] {
            assert_eq!(schedule_problem(right), None, "{right}");
        }
        for invalid in [
            "",
            "* * * *",
            "60 * * * *",
            "* * * * 7",
            "*/0 * * * *",
            "5-1 * * * *",
            "@dayly",
            "@every x",
            "a * * * *",
            "CRON_TZ=UTC * * * * *",
        ] {
            assert!(schedule_problem(invalid).is_some(), "{invalid}");
        }
    }

    #[test]
    fn time_zones_are_names() {
        assert!(
            ["UTC", "Europe/Berlin", "Etc/GMT+3", "America/Port-au-Prince"]
                .iter()
                .all(|zone| time_zone_problem(zone).is_none())
        );
        assert!(["", "Local", "../etc/passwd", "Europe Berlin"].iter().all(|zone| time_zone_problem(zone).is_some()));
    }
}
