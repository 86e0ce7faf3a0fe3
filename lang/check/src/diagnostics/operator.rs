//! Operators.

use forge_base::{Code, Diag, Quantity, Span};
use forge_syntax::ast::{Binary, BinaryOp, Expr, ExprKind, Is};

use crate::ty::Ty;

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

/// Whether an operand is a string that would be an amount of the type of the other operand.
pub(crate) fn is_quoted_amount(operand: &Expr, other: &Ty) -> bool {
    let ExprKind::Str(text) = &operand.kind else { return false };
    let Some(text) = text.plain() else { return false };
    match other {
        Ty::Quantity => Quantity::parse(text).is_ok() && text.starts_with(|c: char| c.is_ascii_digit()),
        Ty::Int => text.parse::<i64>().is_ok(),
        _ => false,
    }
}

/// Adds that an amount is written without quotes.
pub(crate) fn quoted_amount(mut diag: Diag, operand: &Expr) -> Diag {
    let ExprKind::Str(text) = &operand.kind else { return diag };
    let text = text.plain().unwrap_or_default();
    diag.help = None;
    diag.fix(format!("write `{text}`, without the quotes"), operand.span, text)
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
