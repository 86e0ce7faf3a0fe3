//! Values that may be null where null is not allowed.

use forge_base::{Code, Diag, Span, TextEdit};
use forge_syntax::ast::{Binary, Ident};

fn maybe_null(shown: &str, span: Span, headline: String) -> Diag {
    Diag::error(Code::MAYBE_NULL, headline).at(span, format!("this is `{shown}`"))
}

/// A value that may be null where null is not accepted.
pub(crate) fn maybe_null_value(span: Span, shown: &str, wanted: &str) -> Diag {
    maybe_null(shown, span, format!("this may be null, but `{wanted}` is expected"))
        .help("test it with `!= null`, or give a default with `??`")
        .maybe_fix("add a default with `??`", span.at_end(), " ?? ")
}

/// A member of a value that may be null. `dots` are this dot and the later ones of the chain that follow such a value.
pub(crate) fn maybe_null_member(name: Ident, shown: &str, recv: Span, dots: &[Span]) -> Diag {
    let edits = dots.iter().map(|dot| TextEdit { span: *dot, text: String::from("?.") }).collect();
    let title = if dots.len() > 1 { "write `?.` for each of these dots" } else { "write `?.`" };
    let diag = maybe_null(shown, recv, format!("cannot read `.{}` of a value that may be null", name.name));
    let rest = dots.iter().skip(1).map(|dot| (*dot, "what precedes this may be null as well"));
    rest.fold(diag, |diag, (dot, text)| diag.label(dot, text))
        .help("`?.` returns null if the value is null; `??` gives a default")
        .maybe_multipart_fix(title, edits)
}

/// `null!`.
pub(crate) fn null_asserted(span: Span) -> Diag {
    Diag::error(Code::MAYBE_NULL, "this value is always null").at(span, "`!` asserts that it is not null")
}

/// A member of null.
pub(crate) fn always_null(name: Ident, recv: Span) -> Diag {
    Diag::error(Code::MAYBE_NULL, format!("cannot read `.{}` of null", name.name)).at(recv, "this is always null here")
}

/// An index into a value that may be null.
pub(crate) fn maybe_null_index(shown: &str, recv: Span) -> Diag {
    maybe_null(shown, recv, String::from("cannot index a value that may be null"))
        .help("test it with `!= null`, or give a default with `??`")
}

/// An operand that may be null.
pub(crate) fn maybe_null_operand(sign: &str, shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, format!("cannot apply `{sign}` to a value that may be null"))
        .help("test it with `!= null`, or give a default with `??`")
}

/// A part of a string that may be null.
pub(crate) fn maybe_null_text(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("cannot interpolate a value that may be null")).maybe_fix(
        "give a default",
        span.at_end(),
        " ?? \"\"",
    )
}

/// A loop over a value that may be null.
pub(crate) fn maybe_null_loop(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("cannot iterate over a value that may be null")).maybe_fix(
        "iterate over an empty list if it is null",
        span.at_end(),
        " ?? []",
    )
}

/// A spread of a value that may be null.
pub(crate) fn maybe_null_spread(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("cannot spread a value that may be null"))
        .help("add `?? []` or `?? {}` to spread nothing if it is null")
}

/// A refinement of a value that may be null.
pub(crate) fn maybe_null_refined(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("cannot refine a value that may be null"))
        .help("give a default to refine: `(value ?? S {}) { … }`")
}

/// `??` after a value that is never null.
pub(crate) fn never_null(shown: &str, binary: &Binary) -> Diag {
    let rest = Span { start: binary.left.span.end, end: binary.right.span.end, ..binary.left.span };
    Diag::warning(Code::NEVER_TRUE, "`??` after a value that is never null")
        .at(binary.right.span, "never used")
        .label(binary.left.span, format!("this is `{shown}`"))
        .maybe_fix("remove it", rest, "")
        .unnecessary()
}
