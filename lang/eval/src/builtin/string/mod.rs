//! Methods of strings. Positions and lengths count characters.

use super::call::{BuiltinTable, Call};
use super::substring::{after, before, offset};
use crate::value::{Eval, Value};

mod parse;

pub(crate) use parse::TABLE as PARSE;

pub(crate) static TABLE: BuiltinTable = &[
    ("string.length", |call| Ok(Value::Int(length(call.str(0)?) as i64))),
    ("string.isEmpty", |call| Ok(Value::Bool(call.str(0)?.is_empty()))),
    ("string.chars", chars),
    ("string.split", split),
    ("string.lines", |call| list(call, call.str(0)?.lines())),
    ("string.trim", |call| Ok(Value::Str(call.str(0)?.trim()))),
    ("string.trimStart", |call| Ok(Value::Str(call.str(0)?.trim_start()))),
    ("string.trimEnd", |call| Ok(Value::Str(call.str(0)?.trim_end()))),
    ("string.upper", |call| call.text(&call.str(0)?.to_uppercase())),
    ("string.lower", |call| call.text(&call.str(0)?.to_lowercase())),
    ("string.capitalize", |call| call.text(&capitalized(call.str(0)?))),
    ("string.replace", |call| replace(call, usize::MAX)),
    ("string.replaceFirst", |call| replace(call, 1)),
    ("string.startsWith", |call| Ok(Value::Bool(call.str(0)?.starts_with(call.str(1)?)))),
    ("string.endsWith", |call| Ok(Value::Bool(call.str(0)?.ends_with(call.str(1)?)))),
    ("string.contains", |call| Ok(Value::Bool(call.str(0)?.contains(call.str(1)?)))),
    ("string.indexOf", index_of),
    ("string.slice", slice),
    ("string.take", |call| Ok(Value::Str(before(call.str(0)?, call.count(1, "count")?)))),
    ("string.drop", |call| Ok(Value::Str(after(call.str(0)?, call.count(1, "count")?)))),
    ("string.takeLast", take_last),
    ("string.dropLast", drop_last),
    ("string.padStart", |call| pad(call, Side::Start)),
    ("string.padEnd", |call| pad(call, Side::End)),
    ("string.repeat", repeat),
    ("string.reverse", |call| call.text(&call.str(0)?.chars().rev().collect::<String>())),
    ("string.removePrefix", remove_prefix),
    ("string.removeSuffix", remove_suffix),
    ("string.indent", indent),
    ("string.dedent", |call| call.text(&dedent(call.str(0)?))),
];

/// The number of characters of a string.
pub(super) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// A list of substrings of a string that is in the arena already.
fn list<'a>(call: &Call<'_, 'a>, parts: impl Iterator<Item = &'a str>) -> Eval<Value<'a>> {
    let values: Vec<_> = parts.map(Value::Str).collect();
    call.eval.charge(values.len())?;
    call.list_of(&values)
}

fn chars<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let text = call.str(0)?;
    list(call, text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]))
}

fn split<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, separator) = (call.str(0)?, needle(call, "separator")?);
    match call.arg(2) {
        Value::Null => list(call, text.split(separator)),
        _ => list(call, text.splitn(call.size(2, "limit")?, separator)),
    }
}

/// A string to search for, which must not be empty.
fn needle<'a>(call: &Call<'_, 'a>, name: &str) -> Eval<&'a str> {
    match call.str(1)? {
        "" => call.fail(format!("`{name}` is empty"), "must have at least one character"),
        text => Ok(text),
    }
}

/// Converts the first character to upper case.
pub(super) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn replace<'a>(call: &Call<'_, 'a>, limit: usize) -> Eval<Value<'a>> {
    let (text, old, new) = (call.str(0)?, needle(call, "old")?, call.str(2)?);
    let count = text.matches(old).take(limit).count();
    if count == 0 {
        return Ok(Value::Str(text));
    }
    call.eval.check_memory((text.len() - count * old.len()).saturating_add(count.saturating_mul(new.len())))?;
    call.text(&text.replacen(old, new, count))
}

fn index_of<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let text = call.str(0)?;
    let found = text.find(call.str(1)?);
    Ok(found.map_or(Value::Null, |offset| Value::Int(length(&text[..offset]) as i64)))
}

fn slice<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, start) = (call.str(0)?, call.count(1, "start")?);
    let rest = after(text, start);
    Ok(Value::Str(match call.count_or_null(2, "end")? {
        None => rest,
        Some(end) => before(rest, end.saturating_sub(start)),
    }))
}

/// The byte offset that is `count` characters before the end.
fn from_end(call: &Call<'_, '_>) -> Eval<usize> {
    let text = call.str(0)?;
    Ok(offset(text, length(text).saturating_sub(call.count(1, "count")?)))
}

fn take_last<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Str(&call.str(0)?[from_end(call)?..]))
}

fn drop_last<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Str(&call.str(0)?[..from_end(call)?]))
}

#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

fn pad<'a>(call: &Call<'_, 'a>, side: Side) -> Eval<Value<'a>> {
    let (text, width) = (call.str(0)?, call.int(1)?);
    let fill = match call.arg(2) {
        Value::Null => " ",
        value => call.as_str(value)?,
    };
    if fill.is_empty() {
        return call.fail("`fill` is empty", "must have at least one character");
    }
    let missing = usize::try_from(width).unwrap_or(0).saturating_sub(length(text));
    call.eval.check_memory(missing.saturating_mul(4))?;
    let filling: String = fill.chars().cycle().take(missing).collect();
    call.text(&match side {
        Side::Start => filling + text,
        Side::End => format!("{text}{filling}"),
    })
}

fn repeat<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, count) = (call.str(0)?, call.count(1, "count")?);
    call.eval.check_memory(text.len().saturating_mul(count))?;
    call.text(&text.repeat(if text.is_empty() { 0 } else { count }))
}

fn remove_prefix<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let text = call.str(0)?;
    Ok(Value::Str(text.strip_prefix(call.str(1)?).unwrap_or(text)))
}

fn remove_suffix<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let text = call.str(0)?;
    Ok(Value::Str(text.strip_suffix(call.str(1)?).unwrap_or(text)))
}

fn indent<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, count) = (call.str(0)?, call.count(1, "count")?);
    let lines = text.split('\n').filter(|line| !is_empty_line(line)).count();
    call.eval.check_memory(text.len().saturating_add(lines.saturating_mul(count)))?;
    call.text(&indented(text, count))
}

fn is_empty_line(line: &str) -> bool {
    line.is_empty() || line == "\r"
}

fn indented(text: &str, count: usize) -> String {
    let indentation = " ".repeat(if text.is_empty() { 0 } else { count });
    let lines: Vec<_> = text
        .split('\n')
        .map(|line| if is_empty_line(line) { line.to_owned() } else { format!("{indentation}{line}") })
        .collect();
    lines.join("\n")
}

/// Removes the white space that all lines start with, except blank ones.
fn dedent(text: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut common: Option<&str> = None;
    for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
        let start = &line[..indentation(line)];
        let shared = match common {
            None => start.len(),
            Some(known) => known.bytes().zip(start.bytes()).take_while(|(a, b)| a == b).count(),
        };
        common = Some(&start[..shared]);
    }
    let common = common.unwrap_or("");
    let lines: Vec<_> = text
        .split('\n')
        .map(|line| match line.strip_prefix(common) {
            Some(rest) => rest,
            // Only a blank line may have less.
            None => &line[indentation(line)..],
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indenting_leaves_empty_lines_alone() {
        assert_eq!(indented("a\n\n  b\n", 2), "  a\n\n    b\n");
        assert_eq!(indented("a\r\n\r\nb", 1), " a\r\n\r\n b");
        assert_eq!(indented("", 4), "");
    }

    #[test]
    fn dedenting_removes_what_all_lines_share() {
        for (text, expected) in [
            ("    a\n\n      b", "a\n\n  b"),
            ("  a\n    b", "a\n  b"),
            ("\ta\n\t\tb", "a\n\tb"),
            ("\ta\n  b", "\ta\n  b"),
            ("a\n  b", "a\n  b"),
            ("  a\n \n  b\n", "a\n\nb\n"),
            ("", ""),
        ] {
            assert_eq!(dedent(text), expected, "{text:?}");
        }
    }

    #[test]
    fn one_character_may_become_two() {
        assert_eq!(capitalized("ßa"), "SSa");
        assert_eq!(capitalized(""), "");
    }
}
