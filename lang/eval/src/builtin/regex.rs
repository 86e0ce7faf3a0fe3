//! `std.regex`, and the methods of strings that take patterns.

use std::rc::Rc;

use ::regex::{Captures, Regex};
use forge_base::{Code, Diag, pattern};

use super::call::{BuiltinTable, Call, Pair};
use crate::display::show;
use crate::matcher::Matcher;
use crate::value::{Eval, Value};

/// The cost of compiling a pattern, in steps.
const COMPILE_STEPS: usize = 50_000;

pub(crate) static TABLE: BuiltinTable = &[
    ("regex.isValid", |call| Ok(Value::Bool(pattern::compile(call.str(0)?).is_ok()))),
    ("regex.matches", matches),
    ("regex.matchesAll", matches_all),
    ("regex.find", find),
    ("regex.findAll", find_all),
    ("regex.captures", captures),
    ("regex.capturesAll", captures_all),
    ("regex.replace", replace),
    ("regex.replaceWith", replace_with),
    ("regex.split", split),
    ("regex.escape", |call| call.text(&::regex::escape(call.str(0)?))),
];

/// Why a pattern does not compile, in one line.
fn reason(error: &::regex::Error) -> String {
    match error {
        ::regex::Error::CompiledTooBig(limit) => format!("it would need more than {} MiB", limit >> 20),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default().trim();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    }
}

/// The compiled form of the second argument.
fn pattern<'a>(call: &Call<'_, 'a>) -> Eval<Rc<Matcher>> {
    let pattern = call.str(1)?;
    if let Some(known) = call.eval.matchers.get(pattern) {
        return Ok(known);
    }
    call.eval.charge(COMPILE_STEPS)?;
    match pattern::compile(pattern) {
        Ok(compiled) => {
            let matcher = Rc::new(Matcher::new(compiled));
            call.eval.matchers.insert(pattern, Rc::clone(&matcher));
            Ok(matcher)
        }
        Err(error) => call.raise(
            Diag::error(Code::BAD_REGEX, format!("{} is not a valid regular expression", show(call.arg(1))))
                .at(call.span, reason(&error)),
        ),
    }
}

/// The string to search and the pattern.
fn search<'a>(call: &Call<'_, 'a>) -> Eval<(&'a str, Rc<Matcher>)> {
    let text = call.str(0)?;
    call.eval.charge(text.len() / 16)?;
    Ok((text, pattern(call)?))
}

pub(super) fn matches<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, regex) = search(call)?;
    Ok(Value::Bool(regex.is_match(text)))
}

fn matches_all<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, regex) = search(call)?;
    Ok(Value::Bool(match regex.anchored() {
        Ok(anchored) => anchored.is_match(text),
        Err(error) => return call.fail_as(Code::BAD_REGEX, "the pattern is too large", reason(&error)),
    }))
}

pub(super) fn find<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, matcher) = search(call)?;
    let regex = matcher.regex();
    Ok(regex.find(text).map_or(Value::Null, |found| Value::Str(found.as_str())))
}

fn find_all<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, matcher) = search(call)?;
    let regex = matcher.regex();
    let found: Vec<_> = regex.find_iter(text).map(|found| Value::Str(found.as_str())).collect();
    call.list_of(&found)
}

/// The groups of a match: by number, and by name if they have one.
fn groups<'a>(call: &Call<'_, 'a>, regex: &Regex, captures: &Captures<'a>) -> Eval<Value<'a>> {
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    for (number, name) in regex.capture_names().enumerate() {
        let Some(group) = captures.get(number) else { continue };
        let value = Value::Str(group.as_str());
        pairs.push((call.eval.arena.alloc_str(&number.to_string()), value));
        if let Some(name) = name {
            pairs.push((call.eval.arena.alloc_str(name), value));
        }
    }
    call.map_of(pairs)
}

pub(super) fn captures<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, matcher) = search(call)?;
    let regex = matcher.regex();
    regex.captures(text).map_or(Ok(Value::Null), |captures| groups(call, regex, &captures))
}

fn captures_all<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, matcher) = search(call)?;
    let regex = matcher.regex();
    let maps = regex.captures_iter(text).map(|captures| groups(call, regex, &captures)).collect::<Eval<Vec<_>>>()?;
    call.list_of(&maps)
}

fn replace<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, matcher) = search(call)?;
    let regex = matcher.regex();
    let parts = template(call.str(2)?);
    rewrite(call, text, regex, |captures, into| {
        for part in &parts {
            into.push_str(match part {
                TemplatePart::Text(text) => text,
                TemplatePart::Number(number) => captures.get(*number).map_or("", |group| group.as_str()),
                TemplatePart::Name(name) => captures.name(name).map_or("", |group| group.as_str()),
            });
        }
        Ok(())
    })
}

fn replace_with<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, matcher) = search(call)?;
    let regex = matcher.regex();
    rewrite(call, text, regex, |captures, into| {
        let whole = captures.get(0).map_or("", |group| group.as_str());
        into.push_str(call.as_str(call.apply(call.arg(2), &[Value::Str(whole)])?)?);
        Ok(())
    })
}

/// Replaces each match in `text` by what `replacement` appends.
fn rewrite<'a>(
    call: &Call<'_, 'a>,
    text: &'a str,
    regex: &Regex,
    mut replacement: impl FnMut(&Captures<'a>, &mut String) -> Eval<()>,
) -> Eval<Value<'a>> {
    let mut result = String::new();
    let mut done = 0;
    for captures in regex.captures_iter(text) {
        let Some(found) = captures.get(0) else { continue };
        result.push_str(&text[done..found.start()]);
        replacement(&captures, &mut result)?;
        done = found.end();
        call.eval.check_memory(result.len())?;
    }
    result.push_str(&text[done..]);
    call.text(&result)
}

/// A part of a replacement.
#[derive(Debug, PartialEq)]
enum TemplatePart<'t> {
    Text(&'t str),
    Number(usize),
    Name(&'t str),
}

/// Splits a replacement into `$1`, `${name}`, `$$`, and text. Any other `$` is text.
fn template(mut text: &str) -> Vec<TemplatePart<'_>> {
    let mut parts = Vec::new();
    while let Some(at) = text.find('$') {
        parts.push(TemplatePart::Text(&text[..at]));
        let rest = &text[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let braced = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        text = if let Some(after) = rest.strip_prefix('$') {
            parts.push(TemplatePart::Text("$"));
            after
        } else if let Some((name, after)) = braced {
            parts.push(name.parse().map_or(TemplatePart::Name(name), TemplatePart::Number));
            after
        } else if let Ok(number) = rest[..digits].parse() {
            parts.push(TemplatePart::Number(number));
            &rest[digits..]
        } else {
            parts.push(TemplatePart::Text("$"));
            rest
        };
    }
    parts.push(TemplatePart::Text(text));
    parts.retain(|part| *part != TemplatePart::Text(""));
    parts
}

fn split<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (text, matcher) = search(call)?;
    let regex = matcher.regex();
    let pieces: Vec<_> = regex.split(text).map(Value::Str).collect();
    call.list_of(&pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_refer_to_groups_or_are_text() {
        assert_eq!(template("$2-$1"), [TemplatePart::Number(2), TemplatePart::Text("-"), TemplatePart::Number(1)]);
        assert_eq!(template("$$1"), [TemplatePart::Text("$"), TemplatePart::Text("1")]);
        assert_eq!(
            template("$1a${name}"),
            [TemplatePart::Number(1), TemplatePart::Text("a"), TemplatePart::Name("name")]
        );
        assert_eq!(
            template("a$ ${x"),
            [
                TemplatePart::Text("a"),
                TemplatePart::Text("$"),
                TemplatePart::Text(" "),
                TemplatePart::Text("$"),
                TemplatePart::Text("{x")
            ]
        );
        assert_eq!(template(""), []);
    }

    #[test]
    fn reasons_are_one_line() {
        for (pattern, expected) in [
            ("(", "unclosed group"),
            (r"(a)\1", "backreferences are not supported"),
            ("(?=a)", "look-around, including look-ahead and look-behind, is not supported"),
            ("[a-z]{1000}{1000}", "it would need more than 8 MiB"),
        ] {
            assert_eq!(reason(&pattern::compile(pattern).unwrap_err()), expected, "{pattern}");
        }
    }
}
