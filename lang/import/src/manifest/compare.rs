//! Compares the output of a build with the manifests.

use forge_base::{Duration, Quantity};

use super::shape::{Shape, TypeProvider};
use crate::node::{Entry, Node, Value};
use crate::value;

/// Compares two documents as data. Null fields are equivalent to missing ones; quantities and durations are compared by
/// value.
pub(super) fn compare(
    mine: &Node,
    theirs: &Node,
    shape: &Shape,
    types: &impl TypeProvider,
    path: &mut String,
    found: &mut Vec<String>,
) {
    let before = path.len();
    let step = |path: &mut String, name: &str, a: &Node, b: &Node, shape: &Shape, found: &mut Vec<String>| {
        path.push_str(name);
        compare(a, b, shape, types, path, found);
        path.truncate(before);
    };
    match (&mine.value, &theirs.value) {
        (Value::Map(a), Value::Map(b)) => {
            let is_schema = matches!(shape, Shape::Schema(_));
            let counts = |node: &Node| !(is_schema && node.value == Value::Null);
            for entry in a.iter().filter(|entry| counts(&entry.node)) {
                let inner = shape.below(types, &entry.key);
                match theirs.get(&entry.key) {
                    Some(other) => step(path, &format!(".{}", entry.key), &entry.node, other, &inner, found),
                    None => found.push(format!("{path}.{} is missing", entry.key)),
                }
            }
            // A resource inside of another, such as a claim template, need not state what it is.
            let is_identity = |entry: &Entry| is_schema && matches!(entry.key.as_str(), "apiVersion" | "kind");
            let is_added =
                |entry: &&Entry| mine.get(&entry.key).is_none_or(|node| !counts(node)) && !is_identity(entry);
            for entry in b.iter().filter(is_added) {
                found.push(format!("{path}.{} is added", entry.key));
            }
        }
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            let inner = match shape {
                Shape::List(item) | Shape::Keyed(item, _) => (**item).clone(),
                _ => Shape::Plain,
            };
            let keys = if let Shape::Keyed(_, keys) = shape { keys.as_slice() } else { &[] };
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                let b = without_defaults(&a.node, &b.node, keys);
                step(path, &format!("[{at}]"), &a.node, &b, &inner, found);
            }
        }
        (a, b) if a == b || same_amount(a, b, shape) => {}
        _ => found.push(format!("{path} was {}, is {}", value::expr(mine), value::expr(theirs))),
    }
}

/// Removes the key fields that the manifest leaves to the API server's defaults, such as `protocol: TCP`.
fn without_defaults(mine: &Node, theirs: &Node, keys: &[String]) -> Node {
    let is_default = |entry: &Entry| keys.contains(&entry.key) && mine.get(&entry.key).is_none();
    match &theirs.value {
        Value::Map(entries) if entries.iter().any(is_default) => {
            let entries = entries.iter().filter(|entry| !is_default(entry)).cloned().collect();
            Node { span: theirs.span, value: Value::Map(entries) }
        }
        _ => theirs.clone(),
    }
}

fn same_amount(a: &Value, b: &Value, shape: &Shape) -> bool {
    let text = |value: &Value| match value {
        Value::Str(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    };
    let (Some(a_text), Some(b_text)) = (text(a), text(b)) else { return false };
    match shape {
        Shape::Quantity => {
            let amount = |text: &str| Quantity::parse(text).ok().map(|amount| amount.canonical());
            amount(&a_text).is_some() && amount(&a_text) == amount(&b_text)
        }
        Shape::Duration => {
            let span = |text: &str| Duration::parse(text).ok();
            span(&a_text).is_some() && span(&a_text) == span(&b_text)
        }
        _ => matches!((a, b), (Value::Int(x), Value::Float(y)) | (Value::Float(y), Value::Int(x)) if *x as f64 == *y),
    }
}
