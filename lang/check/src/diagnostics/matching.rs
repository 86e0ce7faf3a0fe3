//! `match`, loops, indexing.

use forge_base::{Code, Diag, Span, suggest};
use forge_syntax::ast::{ForHead, Match};
use forge_syntax::write::string_literal;

use super::list;
use crate::ty::Ty;

/// A `match` that is not exhaustive.
pub(crate) fn not_exhaustive(missing: &[String], matched: &Match, span: Span) -> Diag {
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    let headline = match missing {
        [other] if other == "_" => String::from("this `match` is not exhaustive"),
        [one] if one.len() < 40 => format!("this `match` does not cover `{one}`"),
        _ => format!("this `match` does not cover {} cases", missing.len()),
    };
    let arms: Vec<String> = missing.iter().map(|case| format!("{case} => ")).collect();
    let (at, arms) = match matched.arms.last() {
        Some(arm) => (arm.span.at_end(), format!(", {}", arms.join(", "))),
        // Before the closing brace.
        None => (Span { start: span.end.saturating_sub(1), end: span.end.saturating_sub(1), ..span }, arms.join(", ")),
    };
    Diag::error(Code::NOT_EXHAUSTIVE, headline)
        .at(
            matched.value.span,
            if names == ["_"] {
                String::from("no arm covers the other values")
            } else {
                format!("no arm covers {}", list(&names))
            },
        )
        .maybe_fix("add the missing arms", at, arms)
}

/// An unreachable arm, and the earlier arm that covers it, if a single one does.
pub(crate) fn unreachable_arm(span: Span, earlier: Option<Span>) -> Diag {
    let diag = Diag::error(Code::UNREACHABLE_ARM, "this arm is unreachable").unnecessary();
    match earlier {
        Some(earlier) => diag.at(span, "no value is left for this arm").label(earlier, "this arm already covers it"),
        None => diag.at(span, "the preceding arms cover all its values"),
    }
}

/// A pattern that never matches.
pub(crate) fn impossible_pattern(shown: &str, span: Span) -> Diag {
    Diag::error(Code::BAD_PATTERN, "this pattern can never match").at(span, format!("no `{shown}` matches this"))
}

/// Adds the missing case that a pattern was probably meant to be.
pub(crate) fn misspelled_pattern(diag: Diag, span: Span, case: &str) -> Diag {
    diag.help(format!("did you mean `{case}`?")).fix(format!("write `{case}`"), span, case)
}

/// A range pattern without constant bounds.
pub(crate) fn range_pattern(span: Span) -> Diag {
    Diag::error(Code::BAD_PATTERN, "range patterns need constant integer bounds")
        .at(span, "the bounds are not constant integers")
}

/// A loop over a value that is not iterable.
pub(crate) fn not_iterable(shown: &str, ty: &Ty, span: Span) -> Diag {
    let diag = Diag::error(Code::NOT_ITERABLE, format!("cannot iterate over `{shown}`"))
        .at(span, "expected a list, a map or a keyed list");
    match ty {
        Ty::Any => diag.help("narrow free-form data first, with `is`, `match`, `.asList()` or `.asMap()`"),
        _ => diag,
    }
}

/// A loop over a map with one variable.
pub(crate) fn map_needs_two(head: &ForHead) -> Diag {
    let diag = Diag::error(Code::NOT_ITERABLE, "a loop over a map needs two variables: key and value")
        .at(head.iter.span, "this is a map");
    match head.vars.first() {
        Some(var) => diag.label(var.span, "only one variable").fix(
            format!("write `_, {}`", var.name),
            var.span.at_start(),
            "_, ",
        ),
        None => diag,
    }
}

/// A spread of a value of the wrong type.
pub(crate) fn not_spreadable(shown: &str, wanted: &str, span: Span) -> Diag {
    Diag::error(Code::NOT_ITERABLE, format!("`...` expects {wanted} here, found `{shown}`"))
        .at(span, format!("this is `{shown}`"))
}

/// An index into a value that cannot be indexed.
pub(crate) fn not_indexable(shown: &str, ty: &Ty, span: Span) -> Diag {
    let diag = Diag::error(Code::NOT_INDEXABLE, format!("`{shown}` cannot be indexed"))
        .at(span, "only lists, maps and keyed lists can be indexed");
    match ty {
        Ty::Any => diag.help("`.at([…])` reads free-form data and returns null if there is nothing"),
        Ty::Schema(_) => diag.help("a field is read with a dot: `value.field`"),
        Ty::Str | Ty::LitStr(_) => {
            diag.help("`.slice(…)` returns part of a string, `.chars()` its characters as a list")
        }
        _ => diag,
    }
}

/// More keys than key fields.
pub(crate) fn too_many_keys(wanted: usize, span: Span) -> Diag {
    let noun = if wanted == 1 { "key" } else { "keys" };
    Diag::error(Code::NOT_INDEXABLE, format!("this takes {wanted} {noun}")).at(span, "too many keys")
}

/// A constant index that is not a field of the record.
pub(crate) fn unknown_key(key: &str, span: Span, names: &[&str]) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_MEMBER, format!("this record has no field `{key}`"));
    match suggest::nearest(key, names.iter().copied()) {
        Some(near) => {
            diag.at(span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, string_literal(near))
        }
        None => diag.at(span, "no such field").note(format!("it has {}", list(names))),
    }
}
