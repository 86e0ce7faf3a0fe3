//! Version ranges: alternatives separated by `||`, each a list of bounds that must all be satisfied.

use std::cmp::Ordering;

use semver::{Prerelease, Version};

/// A range.
#[derive(Debug)]
pub(super) struct VersionRange(Vec<Vec<Bound>>);

/// One bound.
#[derive(Debug)]
struct Bound {
    op: Comparator,
    version: Version,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Comparator {
    Below,
    AtMost,
    Equal,
    AtLeast,
    Above,
}

/// A version in which parts may be missing: `1`, `1.x`, `*`.
struct Partial {
    major: Option<u64>,
    minor: Option<u64>,
    patch: Option<u64>,
    pre: Prerelease,
}

impl VersionRange {
    pub(super) fn parse(text: &str) -> Option<VersionRange> {
        text.split("||").map(|part| alternative(part.trim())).collect::<Option<_>>().map(VersionRange)
    }

    /// Whether a version is in the range. A pre-release only is if a bound names a pre-release of the same three numbers.
    pub(super) fn matches(&self, version: &Version) -> bool {
        self.0.iter().any(|bounds| {
            let is_allowed = version.pre.is_empty() || bounds.iter().any(|bound| bound.names_prerelease_of(version));
            is_allowed && bounds.iter().all(|bound| bound.holds(version))
        })
    }
}

impl Bound {
    fn names_prerelease_of(&self, other: &Version) -> bool {
        let Version { major, minor, patch, pre, .. } = &self.version;
        !pre.is_empty() && (*major, *minor, *patch) == (other.major, other.minor, other.patch)
    }

    fn holds(&self, version: &Version) -> bool {
        let order = version.cmp_precedence(&self.version);
        match self.op {
            Comparator::Below => order == Ordering::Less,
            Comparator::AtMost => order != Ordering::Greater,
            Comparator::Equal => order == Ordering::Equal,
            Comparator::AtLeast => order != Ordering::Less,
            Comparator::Above => order == Ordering::Greater,
        }
    }
}

/// Bounds separated by spaces or commas, or `a - b`.
fn alternative(text: &str) -> Option<Vec<Bound>> {
    if let Some((low, high)) = text.split_once(" - ") {
        let (low, high) = (Partial::parse(low.trim())?, Partial::parse(high.trim())?);
        let mut bounds = at_least(&low)?;
        bounds.extend(at_most(&high)?);
        return Some(bounds);
    }
    let mut bounds = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let operator_length = rest.len() - rest.trim_start_matches(['<', '>', '=', '^', '~']).len();
        let (operator, after) = rest.split_at(operator_length);
        let after = after.trim_start();
        let end = after.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(after.len());
        bounds.extend(bound(operator, &Partial::parse(&after[..end])?)?);
        rest = after[end..].trim_start();
        if rest.is_empty() {
            return Some(bounds);
        }
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

impl Partial {
    fn parse(text: &str) -> Option<Partial> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (numbers, pre) = text.split_once('-').map_or((text, ""), |(numbers, pre)| (numbers, pre));
        let mut parts = [None; 3];
        let mut is_open = false;
        for (index, part) in numbers.split('.').enumerate() {
            let part = number(part)?;
            // No number may follow an open part: `1.x.3` is invalid.
            if is_open && part.is_some() {
                return None;
            }
            is_open |= part.is_none();
            *parts.get_mut(index)? = part;
        }
        let [major, minor, patch] = parts;
        let is_whole = patch.is_some();
        if !pre.is_empty() && !is_whole || pre.is_empty() && text.contains('-') {
            return None;
        }
        Some(Partial { major, minor, patch, pre: Prerelease::new(pre).ok()? })
    }

    /// The lowest version that matches.
    fn floor(&self) -> Version {
        let mut version = Version::new(self.major.unwrap_or(0), self.minor.unwrap_or(0), self.patch.unwrap_or(0));
        version.pre = self.pre.clone();
        version
    }

    /// The first release after all that match; `Some(None)` if all versions match.
    fn after(&self) -> Option<Option<Version>> {
        Some(match (self.major, self.minor, self.patch) {
            (None, ..) => None,
            (Some(major), None, _) => Some(Version::new(major.checked_add(1)?, 0, 0)),
            (Some(major), Some(minor), None) => Some(Version::new(major, minor.checked_add(1)?, 0)),
            (Some(major), Some(minor), Some(patch)) => Some(Version::new(major, minor, patch.checked_add(1)?)),
        })
    }

    fn is_whole(&self) -> bool {
        self.patch.is_some()
    }
}

/// A part of a partial version: a number, or `x`, `X`, `*` for any.
fn number(part: &str) -> Option<Option<u64>> {
    match part {
        "x" | "X" | "*" => Some(None),
        "0" => Some(Some(0)),
        digits if digits.starts_with(|c: char| matches!(c, '1'..='9')) => digits.parse().ok().map(Some),
        _ => None,
    }
}

fn at_least(version: &Partial) -> Option<Vec<Bound>> {
    Some(vec![Bound { op: Comparator::AtLeast, version: version.floor() }])
}

fn at_most(version: &Partial) -> Option<Vec<Bound>> {
    if version.is_whole() {
        return Some(vec![Bound { op: Comparator::AtMost, version: version.floor() }]);
    }
    Some(version.after()?.map(|version| Bound { op: Comparator::Below, version }).into_iter().collect())
}

fn bound(operator: &str, version: &Partial) -> Option<Vec<Bound>> {
    match operator {
        "" | "=" if version.is_whole() => Some(vec![Bound { op: Comparator::Equal, version: version.floor() }]),
        "" | "=" => both(version, version.after()?),
        ">=" => at_least(version),
        "<=" => at_most(version),
        "<" => Some(vec![Bound { op: Comparator::Below, version: version.floor() }]),
        ">" if version.is_whole() => Some(vec![Bound { op: Comparator::Above, version: version.floor() }]),
        // Above `1.2` starts at `1.3.0`; nothing is above `*`.
        ">" => match version.after()? {
            Some(version) => Some(vec![Bound { op: Comparator::AtLeast, version }]),
            None => Some(vec![Bound { op: Comparator::Below, version: Version::new(0, 0, 0) }]),
        },
        "~" | "~>" => {
            let open = Partial { patch: None, pre: Prerelease::EMPTY, ..*version };
            both(version, open.after()?)
        }
        "^" => both(version, compatible(version)?),
        _ => None,
    }
}

fn both(low: &Partial, high: Option<Version>) -> Option<Vec<Bound>> {
    let mut bounds = at_least(low)?;
    bounds.extend(high.map(|version| Bound { op: Comparator::Below, version }));
    Some(bounds)
}

/// The first release that is incompatible with `version`: the first number that is not 0 is incremented.
fn compatible(version: &Partial) -> Option<Option<Version>> {
    let kept = match (version.major, version.minor, version.patch) {
        (Some(0), Some(0), patch @ Some(_)) => Partial { patch, ..whole(version) },
        (Some(0), Some(_), _) => Partial { patch: None, ..whole(version) },
        _ => Partial { minor: None, patch: None, ..whole(version) },
    };
    kept.after()
}

fn whole(version: &Partial) -> Partial {
    Partial { pre: Prerelease::EMPTY, ..*version }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(range: &str, version: &str) -> bool {
        VersionRange::parse(range).unwrap().matches(&Version::parse(version).unwrap())
    }

    #[test]
    fn ranges_match_the_versions_that_npm_matches() {
        for (range, inside, outside) in [
            ("^1.2.3", &["1.2.3", "1.9.0"][..], &["1.2.2", "2.0.0", "2.0.0-rc.1", "1.3.0-rc.1"][..]),
            ("^0.2.3", &["0.2.3", "0.2.9"], &["0.3.0"]),
            ("^0.0.3", &["0.0.3"], &["0.0.4"]),
            ("^0.0", &["0.0.9"], &["0.1.0"]),
            ("^0", &["0.9.0"], &["1.0.0"]),
            ("~1.2", &["1.2.9"], &["1.3.0"]),
            ("~1.2.3", &["1.2.3"], &["1.2.2", "1.3.0"]),
            ("~1", &["1.9.0"], &["2.0.0"]),
            (">=1.2 <2", &["1.2.0"], &["1.1.0", "2.0.0"]),
            (">= 1.2, < 2", &["1.2.0"], &["1.1.0", "2.0.0"]),
            ("1.x || >=3.0.0", &["1.5.0", "3.1.0"], &["2.0.0"]),
            ("1.2 - 1.4", &["1.2.0", "1.4.9"], &["1.1.9", "1.5.0"]),
            ("1.2.0 - 1.4.0", &["1.4.0"], &["1.4.1"]),
            ("*", &["1.0.0"], &["1.0.0-rc.1"]),
            (">=1.0.0-rc.1", &["1.0.0-rc.2", "1.1.0"], &["1.1.0-rc.1", "1.0.0-alpha"]),
            ("1.2.3", &["1.2.3", "1.2.3+b"], &["1.2.4"]),
            ("=1.2", &["1.2.7"], &["1.3.0"]),
            (">1.2", &["1.3.0"], &["1.2.9"]),
            ("<=1.2", &["1.2.9"], &["1.3.0"]),
            ("v1.2.3", &["1.2.3"], &["1.2.4"]),
            (">*", &[], &["1.0.0"]),
        ] {
            for version in inside {
                assert!(matches(range, version), "{range} matches {version}");
            }
            for version in outside {
                assert!(!matches(range, version), "{range} does not match {version}");
            }
        }
    }

    #[test]
    fn malformed_ranges_are_rejected() {
        for text in ["newest", "", "1.2.3.4", ">>1", "1.x.3", "^", "1 || ", "1,,2", "01.2", "1.2-rc.1", "1.2.3-"] {
            assert!(VersionRange::parse(text).is_none(), "{text:?}");
        }
    }
}
