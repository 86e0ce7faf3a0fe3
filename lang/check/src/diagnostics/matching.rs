//! `match`, loops, indexing.

use forge_base::{Code, Diag, Span, suggest};
use forge_syntax::ast::{ForHead, Match};

use super::list;
use crate::ty::Ty;

/// A `match` that leaves values out.
pub(crate) fn not_exhaustive(missing: &[String], matched: &Match, span: Span) -> Diag {
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    let headline = match missing {
        [other] if other == "_" => String::from("this `match` leaves values out"),
        [one] if one.len() < 40 => format!("this `match` leaves out `{one}`"),
        _ => format!("this `match` leaves out {} cases", missing.len()),
    };
    let arms: Vec<String> = missing.iter().map(|case| format!("{case} => ")).collect();
    let (at, arms) = match matched.arms.last() {
        Some(arm) => (arm.span.at_end(), format!(", {}", arms.join(", "))),
        // Before the brace that closes it.
        None => (Span { start: span.end.saturating_sub(1), end: span.end.saturating_sub(1), ..span }, arms.join(", ")),
    };
    Diag::error(Code::NOT_EXHAUSTIVE, headline)
        .at(
            matched.value.span,
            if names == ["_"] {
                String::from("no arm takes the other values")
            } else {
                format!("no arm takes {}", list(&names))
            },
        )
        .maybe_fix("add what is missing", at, arms)
}

/// An arm that no value reaches, and the one that takes all that it could, if one does.
pub(crate) fn unreachable_arm(span: Span, earlier: Option<Span>) -> Diag {
    let diag = Diag::error(Code::UNREACHABLE_ARM, "this arm is never reached").unnecessary();
    match earlier {
        Some(earlier) => diag.at(span, "nothing is left for it").label(earlier, "this arm takes it before"),
        None => diag.at(span, "the arms before it take everything that it takes"),
    }
}

/// A pattern that never fits.
pub(crate) fn impossible_pattern(shown: &str, span: Span) -> Diag {
    Diag::error(Code::BAD_PATTERN, "this pattern can never match").at(span, format!("no `{shown}` is like this"))
}

/// The same for a text that is like a case that nothing takes.
pub(crate) fn misspelled_pattern(diag: Diag, span: Span, case: &str) -> Diag {
    diag.help(format!("did you mean `{case}`?")).fix(format!("write `{case}`"), span, case)
}

/// A range pattern whose ends are no constants.
pub(crate) fn range_pattern(span: Span) -> Diag {
    Diag::error(Code::BAD_PATTERN, "a range in a pattern has whole numbers at its ends")
        .at(span, "this is no constant range")
}

/// A loop over something without items.
pub(crate) fn not_iterable(shown: &str, is_any: bool, span: Span) -> Diag {
    let diag = Diag::error(Code::NOT_ITERABLE, format!("`{shown}` has no items to walk"))
        .at(span, "a list, a map or a keyed list is expected here");
    if is_any { diag.help("narrow free-form data first, with `is`, `match`, `.asList()` or `.asMap()`") } else { diag }
}

/// A loop over a map with one variable.
pub(crate) fn map_needs_two(head: &ForHead) -> Diag {
    let diag = Diag::error(Code::NOT_ITERABLE, "a loop over a map takes a key and a value")
        .at(head.iter.span, "this is a map");
    match head.vars.first() {
        Some(var) => diag.label(var.span, "only one name here").fix(
            format!("write `_, {}`", var.name),
            var.span.at_start(),
            "_, ",
        ),
        None => diag,
    }
}

/// A spread of something that cannot be taken over here.
pub(crate) fn not_spreadable(shown: &str, wanted: &str, span: Span) -> Diag {
    Diag::error(Code::NOT_ITERABLE, format!("`...` takes {wanted} here, not `{shown}`"))
        .at(span, format!("this is `{shown}`"))
}

/// An index into something without items.
pub(crate) fn not_indexable(shown: &str, ty: &Ty, span: Span) -> Diag {
    let diag = Diag::error(Code::NOT_INDEXABLE, format!("`{shown}` cannot be indexed"))
        .at(span, "only lists, maps and keyed lists have items");
    match ty {
        Ty::Any => diag.help("`.at([…])` reads free-form data and gives null where nothing is"),
        Ty::Schema(_) => diag.help("a field is read with a dot: `value.field`"),
        Ty::Str | Ty::LitStr(_) => diag.help("`.slice(…)` takes a part of a string, `.chars()` makes a list of it"),
        _ => diag,
    }
}

/// More keys than there are key fields.
pub(crate) fn too_many_keys(wanted: usize, span: Span) -> Diag {
    let noun = if wanted == 1 { "key" } else { "keys" };
    Diag::error(Code::NOT_INDEXABLE, format!("this takes {wanted} {noun}")).at(span, "too many keys")
}

/// A constant key that a record does not have.
pub(crate) fn unknown_key(key: &str, span: Span, names: &[&str]) -> Diag {
    let diag = Diag::error(Code::UNKNOWN_MEMBER, format!("this record has no field `{key}`"));
    match suggest::nearest(key, names.iter().copied()) {
        Some(near) => {
            diag.at(span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, format!("{near:?}"))
        }
        None => diag.at(span, "no such field").note(format!("it has {}", list(names))),
    }
}
