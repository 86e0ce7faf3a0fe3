//! Operators.

use forge_base::{Code, Diag, Span};
use forge_syntax::ast::{Binary, BinaryOp, Is};

use forge_base::english::article;

/// Operands of incompatible types.
pub(crate) fn bad_operands(binary: &Binary, left: &str, right: &str) -> Diag {
    let sign = binary.op.sign();
    let headline = match left.len() + right.len() < 50 {
        true => format!("cannot apply `{sign}` to `{left}` and `{right}`"),
        false => format!("cannot apply `{sign}` to these operands"),
    };
    let diag = Diag::error(Code::BAD_OPERANDS, headline)
        .at(binary.op_span, "this operator")
        .label(binary.left.span, format!("this is {} `{left}`", article(left)))
        .label(binary.right.span, format!("this is {} `{right}`", article(right)));
    match (binary.op, left, right) {
        (BinaryOp::Add, "String", _) | (BinaryOp::Add, _, "String") => {
            diag.help("string interpolation is written `\"\\(value)\"`")
        }
        (BinaryOp::Add, left, right) if left.starts_with('{') || right.starts_with('{') => {
            diag.help("merge maps with `{ ...a, ...b }`")
        }
        (BinaryOp::In, ..) => diag.help("`in` tests for an item of a list, a key of a map, or a substring"),
        _ => diag,
    }
}

/// An operand of the wrong type.
pub(crate) fn bad_operand(sign: &str, found: &str, span: Span) -> Diag {
    Diag::error(Code::BAD_OPERANDS, format!("cannot apply `{sign}` to `{found}`"))
        .at(span, format!("this is {} `{found}`", article(found)))
}

/// A comparison with a constant result.
pub(crate) fn never_equal(binary: &Binary, left: &str, right: &str) -> Diag {
    let always = if binary.op == BinaryOp::Eq { "false" } else { "true" };
    Diag::warning(Code::NEVER_TRUE, format!("this comparison is always {always}"))
        .at(binary.op_span, "no value has both types")
        .label(binary.left.span, format!("this is `{left}`"))
        .label(binary.right.span, format!("this is `{right}`"))
}

/// An `is` that is always false.
pub(crate) fn is_never(from: &str, test: &str, is: &Is) -> Diag {
    Diag::warning(Code::NEVER_TRUE, "this test is always false")
        .at(is.ty.span, format!("no `{from}` is {} `{test}`", article(test)))
        .label(is.value.span, format!("this is `{from}`"))
}

/// A comparison of functions.
pub(crate) fn compared_function(span: Span) -> Diag {
    Diag::error(Code::BAD_OPERANDS, "functions cannot be compared").at(span, "this is a function")
}

/// An `is` that is always true.
pub(crate) fn is_always(from: &str, test: &str, is: &Is) -> Diag {
    Diag::warning(Code::NEVER_TRUE, "this test is always true")
        .at(is.ty.span, format!("every `{from}` is {} `{test}`", article(test)))
        .label(is.value.span, format!("this is `{from}`"))
}
