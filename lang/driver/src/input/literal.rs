//! Numbers on the command line, read as the parser reads them.

use forge_base::FileId;
use forge_eval::Data;
use forge_syntax::ast::{Element, Expr, ExprKind, UnaryOp};

/// The file of values that are not part of a program. No message refers to it.
const NO_FILE: FileId = FileId(0);

/// The number that a value is in source; `None` if it is not a number.
///
/// # Errors
/// If it looks like a number but source does not accept it; the reason is a phrase.
pub(super) fn number(text: &str) -> Result<Option<Data>, String> {
    let text = text.trim();
    if !text.strip_prefix('-').unwrap_or(text).starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(None);
    }
    reject_leading_zero(text)?;
    let (expr, diags) = forge_syntax::parse_expr(NO_FILE, text);
    if !diags.is_empty() {
        return Ok(None);
    }
    Ok(data(&expr).filter(|data| matches!(data, Data::Int(_) | Data::Float(_))))
}

/// A quantity or duration without the underscores that may separate digits in source.
pub(super) fn amount(text: &str) -> Result<String, String> {
    let text = text.trim();
    reject_leading_zero(text)?;
    let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let is_separator = |at: usize| bytes[at] == b'_' && at > 0 && digit(bytes.get(at - 1)) && digit(bytes.get(at + 1));
    Ok(text.char_indices().filter(|&(at, _)| !is_separator(at)).map(|(_, c)| c).collect())
}

/// A list of constants, if the value is one in source.
pub(super) fn list(text: &str) -> Option<Data> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let (expr, diags) = forge_syntax::parse_expr(NO_FILE, text);
    if diags.is_empty() { data(&expr) } else { None }
}

/// The value of an expression of literals, except quantities and durations: data holds these as strings.
fn data(expr: &Expr) -> Option<Data> {
    Some(match &expr.kind {
        ExprKind::Null => Data::Null,
        ExprKind::Bool(value) => Data::Bool(*value),
        ExprKind::Int(number) => Data::Int(*number),
        ExprKind::Float(number) => Data::Float(*number),
        ExprKind::Str(text) => Data::Str(text.plain()?.to_owned()),
        ExprKind::Unary(UnaryOp::Neg, operand) => match data(operand)? {
            Data::Int(number) => Data::Int(number.checked_neg()?),
            Data::Float(number) => Data::Float(-number),
            _ => return None,
        },
        ExprKind::List(items) => {
            let item = |item: &Element| match item {
                Element::Item(expr) => data(expr),
                _ => None,
            };
            Data::List(items.iter().map(item).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Source rejects `0644`, which is octal in some languages and decimal in others.
fn reject_leading_zero(text: &str) -> Result<(), String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split(|c: char| !c.is_ascii_digit() && c != '_').next().unwrap_or_default();
    let rest = whole.trim_start_matches('0');
    if whole.len() < 2 || !whole.starts_with('0') {
        return Ok(());
    }
    let decimal = if rest.is_empty() { "0" } else { rest };
    Err(match rest.chars().all(|c| ('0'..='7').contains(&c)) && !rest.is_empty() && whole.len() == digits.len() {
        true => format!("a number has no leading zero; write `0o{rest}` (octal) or `{rest}`"),
        false => format!("a number has no leading zero; write `{decimal}{}`", &digits[whole.len()..]),
    })
}
