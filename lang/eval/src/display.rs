//! Values as text: for interpolation, and abbreviated for messages.

use std::fmt::Write;

use crate::value::{Map, Slot, Value};

/// Appends a scalar as interpolation writes it. A float always has a decimal point or an exponent.
pub fn push(text: &mut impl Write, value: Value<'_>) {
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Null => text.write_str("null"),
        Value::Bool(value) => write!(text, "{value}"),
        Value::Int(value) => write!(text, "{value}"),
        Value::Float(value) => write!(text, "{value:?}"),
        Value::Str(value) => text.write_str(value),
        Value::Quantity(value) => match value.literal {
            Some(literal) => text.write_str(literal),
            None => write!(text, "{}", value.to_base()),
        },
        Value::Duration(value) => write!(text, "{value}"),
        other => text.write_str(other.kind_name()),
    };
}

/// The maximum number of characters of a value in a message.
const MAX_SHOWN: usize = 80;

/// A value as the source writes it, abbreviated, for messages. Evaluates nothing: what is not computed yet is shown as `…`.
pub fn show(value: Value<'_>) -> String {
    let mut text = String::new();
    show_into(&mut text, value, 2);
    if text.chars().count() > MAX_SHOWN {
        text = text.chars().take(MAX_SHOWN - 1).collect();
        text.push('…');
    }
    text
}

fn show_into(text: &mut String, value: Value<'_>, depth: u32) {
    match value {
        Value::Str(value) => {
            let _ = write!(text, "{value:?}");
        }
        Value::List([]) => text.push_str("[]"),
        Value::List(items) if depth > 0 => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    text.push_str(", ");
                }
                if text.len() > MAX_SHOWN {
                    text.push('…');
                    break;
                }
                show_into(text, *item, depth - 1);
            }
            text.push(']');
        }
        Value::List(_) => text.push_str("[…]"),
        Value::Map(map) => show_map(text, map, depth),
        Value::Object(object) => {
            let _ = write!(text, "{} {{ … }}", object.schema_name());
        }
        Value::Function(_) => text.push_str("a function"),
        Value::Secret(_) => text.push_str("a secret"),
        scalar => push(text, scalar),
    }
}

fn show_map(text: &mut String, map: &Map<'_>, depth: u32) {
    let Some(Ok(entries)) = map.entries.get() else {
        return text.push_str("{ … }");
    };
    if entries.is_empty() {
        return text.push_str("{}");
    }
    text.push_str("{ ");
    for (i, entry) in entries.iter().enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        if text.len() > MAX_SHOWN || depth == 0 {
            text.push('…');
            break;
        }
        let _ = write!(text, "{} = ", entry.key);
        match entry.slot.get() {
            Slot::Done(value) => show_into(text, value, depth - 1),
            _ => text.push('…'),
        }
    }
    text.push_str(" }");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_shown_as_in_the_source() {
        for (value, expected) in [
            (Value::Null, "null"),
            (Value::Float(2.0), "2.0"),
            (Value::Str("a\"b"), r#""a\"b""#),
            (Value::List(&[]), "[]"),
            (Value::List(&[Value::Int(1), Value::Str("x")]), r#"[1, "x"]"#),
            (Value::List(&[Value::List(&[Value::List(&[Value::Int(1)])])]), "[[[…]]]"),
        ] {
            assert_eq!(show(value), expected);
        }
    }

    #[test]
    fn long_values_are_abbreviated() {
        let text = "x".repeat(200);
        let shown = show(Value::Str(&text));
        assert_eq!(shown.chars().count(), MAX_SHOWN);
        assert!(shown.starts_with("\"xxx") && shown.ends_with("x…"));
        let items = [Value::Int(1_000_000); 50];
        assert!(show(Value::List(&items)).ends_with('…'));
    }
}
