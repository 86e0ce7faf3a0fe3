//! Values as text: for interpolation, and short for messages.

use std::fmt::Write;

use crate::evaluator::Evaluator;
use crate::value::{Slot, Value};

/// Appends a scalar as interpolation writes it.
pub fn push(text: &mut impl Write, value: Value<'_>) {
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Null => text.write_str("null"),
        Value::Bool(value) => write!(text, "{value}"),
        Value::Int(value) => write!(text, "{value}"),
        Value::Float(value) => push_float(text, value),
        Value::Str(value) => text.write_str(value),
        Value::Quantity(value) => match value.literal {
            Some(literal) => text.write_str(literal),
            None => write!(text, "{}", value.to_base()),
        },
        Value::Duration(value) => write!(text, "{value}"),
        other => text.write_str(other.kind_name()),
    };
}

/// A float in the shortest form that reads back equal, always with a point or exponent.
fn push_float(text: &mut impl Write, value: f64) -> std::fmt::Result {
    write!(text, "{value:?}")
}

/// The most characters that a value takes in a message.
const SHOWN: usize = 80;

impl Evaluator<'_> {
    /// A value in the form of the source, shortened, for messages. Reads nothing that has not been read.
    pub fn show(&self, value: Value<'_>) -> String {
        let mut text = String::new();
        self.show_into(&mut text, value, 2);
        if text.chars().count() > SHOWN {
            text = text.chars().take(SHOWN - 1).collect();
            text.push('…');
        }
        text
    }

    fn show_into(&self, text: &mut String, value: Value<'_>, depth: u32) {
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
                    if text.len() > SHOWN {
                        text.push('…');
                        break;
                    }
                    self.show_into(text, *item, depth - 1);
                }
                text.push(']');
            }
            Value::List(_) => text.push_str("[…]"),
            Value::Map(map) => self.show_map(text, map, depth),
            Value::Object(object) => {
                let _ = write!(text, "{} {{ … }}", object.schema_name());
            }
            Value::Function(_) => text.push_str("a function"),
            Value::Secret(_) => text.push_str("a secret"),
            scalar => push(text, scalar),
        }
    }

    fn show_map(&self, text: &mut String, map: &crate::value::Map<'_>, depth: u32) {
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
            if text.len() > SHOWN || depth == 0 {
                text.push('…');
                break;
            }
            let _ = write!(text, "{} = ", entry.key);
            match entry.slot.get() {
                Slot::Done(value) => self.show_into(text, value, depth - 1),
                _ => text.push('…'),
            }
        }
        text.push_str(" }");
    }
}
