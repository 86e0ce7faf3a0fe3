//! Values that may be null where none is wanted.

use forge_base::{Code, Diag, Span};
use forge_syntax::ast::{Binary, Ident};

fn maybe_null(shown: &str, span: Span, headline: String) -> Diag {
    Diag::error(Code::MAYBE_NULL, headline).at(span, format!("this is `{shown}`"))
}

/// A value for a place that takes no null.
pub(crate) fn maybe_null_value(span: Span, shown: &str, wanted: &str) -> Diag {
    maybe_null(shown, span, format!("this may be null, but `{wanted}` is expected"))
        .help("test it with `!= null`, or say what holds instead of null")
        .maybe_fix("add a default with `??`", span.at_end(), " ?? ")
}

/// A member of a value that may be null.
pub(crate) fn maybe_null_member(name: Ident, shown: &str, recv: Span) -> Diag {
    let dot = Span { start: recv.end, end: name.span.start, ..recv };
    maybe_null(shown, recv, format!("`.{}` of a value that may be null", name.name))
        .help("`?.` gives null where the value is null; `??` says what holds instead")
        .maybe_fix("write `?.`", dot, "?.")
}

/// A member of null.
pub(crate) fn always_null(name: Ident, recv: Span) -> Diag {
    Diag::error(Code::MAYBE_NULL, format!("`.{}` of null", name.name)).at(recv, "this is always null here")
}

/// An index into a value that may be null.
pub(crate) fn maybe_null_index(shown: &str, recv: Span) -> Diag {
    maybe_null(shown, recv, String::from("`[…]` of a value that may be null"))
        .help("test it with `!= null`, or say what holds instead with `??`")
}

/// An operand that may be null.
pub(crate) fn maybe_null_operand(sign: &str, shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, format!("`{sign}` with a value that may be null"))
        .help("test it with `!= null`, or say what holds instead with `??`")
}

/// A part of a string that may be null.
pub(crate) fn maybe_null_text(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("a value that may be null in a string")).maybe_fix(
        "say what stands there instead",
        span.at_end(),
        " ?? \"\"",
    )
}

/// A loop over a value that may be null.
pub(crate) fn maybe_null_loop(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("a loop over a value that may be null")).maybe_fix(
        "loop over nothing where it is null",
        span.at_end(),
        " ?? []",
    )
}

/// A spread of a value that may be null.
pub(crate) fn maybe_null_spread(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("`...` of a value that may be null"))
        .help("`?? []` or `?? {}` says that there is nothing to take over then")
}

/// A refinement of a value that may be null.
pub(crate) fn maybe_null_refined(shown: &str, span: Span) -> Diag {
    maybe_null(shown, span, String::from("refinement of a value that may be null"))
        .help("name what is refined where it is null: `(value ?? S {}) { … }`")
}

/// `??` behind a value that is never null.
pub(crate) fn never_null(shown: &str, binary: &Binary) -> Diag {
    let rest = Span { start: binary.left.span.end, end: binary.right.span.end, ..binary.left.span };
    Diag::warning(Code::NEVER_TRUE, "`??` behind a value that is never null")
        .at(binary.right.span, "never used")
        .label(binary.left.span, format!("this is `{shown}`"))
        .maybe_fix("leave it out", rest, "")
        .unnecessary()
}
