//! YAML values as Forge expressions.

use forge_base::Quantity;
use forge_syntax::write::{float_literal, map_key, string_literal};

use crate::model::{Literal, Schema, SchemaArena, Type};
use crate::node::{Entry, Node, Value};

/// A literal.
pub(crate) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Str(value) => string_literal(value),
    }
}

/// A value as an expression on one line.
pub(crate) fn expr(node: &Node) -> String {
    match &node.value {
        Value::Null => String::from("null"),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float_literal(*value),
        Value::Str(text) => string_literal(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| expr(&item.node)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| (map_key(&entry.key).into_owned(), expr(&entry.node)));
            object(entries)
        }
    }
}

/// An object or map literal on one line.
pub(crate) fn object(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let entries: Vec<String> = entries.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
    if entries.is_empty() { String::from("{}") } else { format!("{{ {} }}", entries.join(", ")) }
}

/// A value of a type as an expression on one line: a quantity or duration becomes a literal, an integer a float where the
/// type is `Float`.
pub(crate) fn typed_expr(node: &Node, ty: &Type, arena: &SchemaArena) -> String {
    match (ty, &node.value) {
        (Type::Where(base, _), _) => typed_expr(node, base, arena),
        (Type::Quantity, Value::Str(found)) => quantity(found),
        (Type::Duration, Value::Str(found)) => duration(found),
        (Type::Float, Value::Int(number)) => float_literal(*number as f64),
        (Type::List(item) | Type::Keyed(item, _), Value::List(items)) => {
            let items: Vec<String> = items.iter().map(|found| typed_expr(&found.node, item, arena)).collect();
            format!("[{}]", items.join(", "))
        }
        (Type::Map(_, value), Value::Map(entries)) => object(
            entries.iter().map(|entry| (map_key(&entry.key).into_owned(), typed_expr(&entry.node, value, arena))),
        ),
        (Type::Schema(id), _) => typed_object(node, arena.get(*id), arena),
        _ => expr(node),
    }
}

fn typed_object(node: &Node, schema: &Schema, arena: &SchemaArena) -> String {
    if let Some(alias) = &schema.alias {
        return typed_expr(node, alias, arena);
    }
    let Value::Map(entries) = &node.value else { return expr(node) };
    let field = |entry: &Entry| match schema.fields.iter().find(|field| field.name == entry.key) {
        Some(field) => typed_expr(&entry.node, &field.ty, arena),
        None => expr(&entry.node),
    };
    object(entries.iter().map(|entry| (map_key(&entry.key).into_owned(), field(entry))))
}

/// A quantity as a literal, or as a conversion from a string if there is no such literal.
pub(crate) fn quantity(text: &str) -> String {
    let suffix = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let digits = &text[..text.len() - suffix.len()];
    let is_suffix = matches!(
        suffix,
        "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei"
    );
    let is_number = !digits.is_empty()
        && !digits.starts_with('.')
        && !digits.ends_with('.')
        && (digits.len() == 1 || !digits.starts_with('0') || digits.starts_with("0."));
    // Only a literal with a unit may have a fraction: half a core is `500m`.
    let has_bare_fraction = suffix.is_empty() && digits.contains('.');
    if is_suffix && is_number && !has_bare_fraction {
        return text.to_owned();
    }
    match Quantity::parse(text) {
        Ok(amount) if has_bare_fraction => amount.canonical(),
        _ => format!("{}.toQuantity() ?? 0", string_literal(text)),
    }
}

/// A duration as a literal or a sum of literals, or as a conversion from a string if there is no such sum.
pub(crate) fn duration(text: &str) -> String {
    let mut rest = text;
    let mut parts = Vec::new();
    while let Some((count, unit, tail)) = duration_part(rest) {
        parts.push((count, unit));
        rest = tail;
    }
    if !rest.is_empty() || parts.is_empty() {
        return format!("{}.toDuration() ?? 0s", string_literal(text));
    }
    if let [(count, unit)] = parts[..] {
        return format!("{count}{unit}");
    }
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count != "0").map(|(count, unit)| format!("{count}{unit}")).collect();
    if parts.is_empty() { format!("{}.toDuration() ?? 0s", string_literal(text)) } else { parts.join(" + ") }
}

/// The number, the unit in Forge, and the rest of a duration such as `1h30m`.
fn duration_part(text: &str) -> Option<(&str, &'static str, &str)> {
    let (count, tail) = text.split_at(text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    let (unit, tail) = tail.split_at(tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len());
    let unit = match unit {
        "h" => "h",
        "m" => "min",
        "s" => "s",
        "ms" => "ms",
        _ => return None,
    };
    let is_number = count == "0" || !(count.is_empty() || count.starts_with('0'));
    is_number.then_some((count, unit, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_become_literals_where_possible() {
        for (text, expected) in [("500m", "500m"), ("1.5Gi", "1.5Gi"), ("0.5", "500m"), ("2", "2"), ("0", "0")] {
            assert_eq!(quantity(text), expected);
        }
        assert_eq!(quantity("1e3"), "\"1e3\".toQuantity() ?? 0");
        assert_eq!(quantity("010"), "\"010\".toQuantity() ?? 0");
    }

    #[test]
    fn durations_become_sums_of_literals_where_possible() {
        for (text, expected) in
            [("30s", "30s"), ("1h30m", "1h + 30min"), ("1h0m0s", "1h"), ("0s", "0s"), ("5ms", "5ms")]
        {
            assert_eq!(duration(text), expected);
        }
        for text in ["", "1.5h", "010s", "1d", "0h0m"] {
            assert_eq!(duration(text), format!("\"{text}\".toDuration() ?? 0s"));
        }
    }
}
