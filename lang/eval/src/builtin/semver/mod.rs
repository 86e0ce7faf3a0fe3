//! `std.semver`: versions, and ranges in the syntax of npm.

use std::cmp::Ordering;

use ::semver::{BuildMetadata, Prerelease, Version};

use super::call::{BuiltinTable, Call};
use crate::value::{Eval, Value};

mod range;

use range::VersionRange;

pub(crate) static TABLE: BuiltinTable = &[
    ("semver.isVersion", |call| Ok(Value::Bool(parse(call.str(0)?).is_some()))),
    ("semver.isRange", |call| Ok(Value::Bool(VersionRange::parse(call.str(0)?).is_some()))),
    ("semver.parts", parts),
    ("semver.major", |call| Ok(Value::Int(version(call, 0)?.major as i64))),
    ("semver.minor", |call| Ok(Value::Int(version(call, 0)?.minor as i64))),
    ("semver.patch", |call| Ok(Value::Int(version(call, 0)?.patch as i64))),
    ("semver.prerelease", |call| call.text_or_null(named(&version(call, 0)?.pre))),
    ("semver.compare", |call| Ok(Value::Int(version(call, 0)?.cmp_precedence(&version(call, 1)?) as i64))),
    ("semver.satisfies", |call| Ok(Value::Bool(range(call, 1)?.matches(&version(call, 0)?)))),
    ("semver.best", best),
    ("semver.max", |call| extreme(call, Ordering::Greater)),
    ("semver.min", |call| extreme(call, Ordering::Less)),
    ("semver.sort", sort),
    ("semver.bump", bump),
    ("semver.coerce", |call| call.text_or_null(coerced(call.str(0)?).map(|version| version.to_string()).as_deref())),
];

/// Parses a version with three numbers, optionally after a `v`.
fn parse(text: &str) -> Option<Version> {
    let version = Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()?;
    // The numbers must fit in Ints of the language.
    let fits = [version.major, version.minor, version.patch].iter().all(|number| i64::try_from(*number).is_ok());
    fits.then_some(version)
}

fn read(call: &Call<'_, '_>, text: &str) -> Eval<Version> {
    match parse(text) {
        Some(version) => Ok(version),
        None => call.fail(format!("{text:?} is not a version"), "a version has three numbers, such as `1.2.3`"),
    }
}

fn version(call: &Call<'_, '_>, index: usize) -> Eval<Version> {
    read(call, call.str(index)?)
}

fn range(call: &Call<'_, '_>, index: usize) -> Eval<VersionRange> {
    let text = call.str(index)?;
    match VersionRange::parse(text) {
        Some(range) => Ok(range),
        None => call.fail(format!("{text:?} is not a version range"), "a range looks like `^1.2` or `>=1.2 <2`"),
    }
}

/// The name of a pre-release; `None` for a release.
fn named(pre: &Prerelease) -> Option<&str> {
    (!pre.is_empty()).then_some(pre.as_str())
}

fn parts<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let version = version(call, 0)?;
    let build = (!version.build.is_empty()).then_some(version.build.as_str());
    call.map_of(vec![
        ("major", Value::Int(version.major as i64)),
        ("minor", Value::Int(version.minor as i64)),
        ("patch", Value::Int(version.patch as i64)),
        ("prerelease", call.text_or_null(named(&version.pre))?),
        ("build", call.text_or_null(build)?),
    ])
}

/// The versions of a list, each with its text.
fn versions<'a>(call: &Call<'_, 'a>) -> Eval<Vec<(Version, &'a str)>> {
    call.texts(0)?.into_iter().map(|text| Ok((read(call, text)?, text))).collect()
}

/// The first version that is less (or greater) than all others.
fn outermost<'a>(versions: Vec<(Version, &'a str)>, side: Ordering) -> Value<'a> {
    let outer =
        versions.into_iter().reduce(|best, next| if next.0.cmp_precedence(&best.0) == side { next } else { best });
    outer.map_or(Value::Null, |(_, text)| Value::Str(text))
}

fn best<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let range = range(call, 1)?;
    let mut versions = versions(call)?;
    versions.retain(|(version, _)| range.matches(version));
    Ok(outermost(versions, Ordering::Greater))
}

fn extreme<'a>(call: &Call<'_, 'a>, side: Ordering) -> Eval<Value<'a>> {
    Ok(outermost(versions(call)?, side))
}

fn sort<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut versions = versions(call)?;
    versions.sort_by(|a, b| a.0.cmp_precedence(&b.0));
    let sorted: Vec<_> = versions.into_iter().map(|(_, text)| Value::Str(text)).collect();
    call.list_of(&sorted)
}

fn bump<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, part) = (call.str(0)?, call.str(1)?);
    let prefix = if text.starts_with('v') { "v" } else { "" };
    match bumped(version(call, 0)?, part) {
        Some(next) => call.text(&format!("{prefix}{next}")),
        None => call.overflow(&format!("the release after {text}")),
    }
}

/// The next release. A pre-release of that release becomes the release itself.
fn bumped(version: Version, part: &str) -> Option<Version> {
    let is_pre = !version.pre.is_empty();
    let next = |number: u64, step: u64| number.checked_add(step).filter(|next| i64::try_from(*next).is_ok());
    let Version { major, minor, patch, .. } = version;
    let (major, minor, patch) = match part {
        "major" => (next(major, u64::from(!(is_pre && minor == 0 && patch == 0)))?, 0, 0),
        "minor" => (major, next(minor, u64::from(!(is_pre && patch == 0)))?, 0),
        _ => (major, minor, next(patch, u64::from(!is_pre))?),
    };
    Some(Version { major, minor, patch, pre: Prerelease::EMPTY, build: BuildMetadata::EMPTY })
}

/// Parses a version in which numbers may be missing: they are 0.
fn coerced(text: &str) -> Option<Version> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let missing = match numbers.split('.').count() {
        1 => ".0.0",
        2 => ".0",
        _ => "",
    };
    parse(&format!("{numbers}{missing}{rest}")).filter(|_| !text.starts_with('v'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prerelease_becomes_its_own_release() {
        for (version, part, expected) in [
            ("1.2.3", "patch", "1.2.4"),
            ("1.2.3-rc.1", "patch", "1.2.3"),
            ("1.2.3-rc.1", "minor", "1.3.0"),
            ("1.2.0-rc.1", "minor", "1.2.0"),
            ("2.0.0-rc.1+b", "major", "2.0.0"),
            ("1.2.3", "major", "2.0.0"),
        ] {
            assert_eq!(bumped(parse(version).unwrap(), part).unwrap().to_string(), expected, "{version} {part}");
        }
    }

    #[test]
    fn missing_numbers_are_zero() {
        for (text, expected) in [("1", "1.0.0"), ("v1.2", "1.2.0"), ("1.2.3", "1.2.3"), ("1.2-rc.1", "1.2.0-rc.1")] {
            assert_eq!(coerced(text).unwrap().to_string(), expected);
        }
        for text in ["latest", "", "1.2.3.4", "01", "vv1", "1.x"] {
            assert_eq!(coerced(text), None, "{text}");
        }
    }

    #[test]
    fn versions_have_three_numbers() {
        for text in ["1.2", "1.02.3", "1.2.3.4", "", "V1.2.3", "9223372036854775808.0.0"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
