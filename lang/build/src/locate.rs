//! Finds the source span that set a part of a resource. Used for messages only.

use forge_base::{Name, Span};
use forge_eval::{Evaluator, Key, Value};
use forge_kube::resource::{Path, PathSegment};

/// The span that set the innermost part of `path` for which a span is known.
pub(crate) fn setter<'a>(eval: &Evaluator<'a>, root: Value<'a>, path: &Path) -> Option<Span> {
    let mut found = eval.origin(root);
    let mut value = root;
    for segment in &path.0 {
        let Some((next, span)) = step(eval, value, segment) else { break };
        found = span.or(found);
        value = next;
    }
    found
}

/// The part of a value that a path segment names, and the span that set it.
fn step<'a>(eval: &Evaluator<'a>, value: Value<'a>, segment: &PathSegment) -> Option<(Value<'a>, Option<Span>)> {
    match (value, segment) {
        (Value::Object(object), PathSegment::Key(key)) => match object.schema.field_index(Name::new(key)) {
            Some(field) => Some((eval.field(object, field).ok()?, eval.setter_of(object, field))),
            None => step(eval, Value::Map(eval.extra(object)), segment),
        },
        (Value::Map(map), segment) => {
            let entries = eval.entries(map).ok()?;
            let index = match segment {
                PathSegment::Index(index) => *index,
                PathSegment::Key(key) => entries.iter().position(|entry| match entry.key {
                    Key::Str(text) => *text == **key,
                    other => other.to_string() == **key,
                })?,
            };
            Some((eval.entry(map, index).ok()?, eval.entry_setter(map, index)))
        }
        (Value::List(items), PathSegment::Index(index)) => {
            let item = *items.get(*index)?;
            Some((item, eval.origin(item)))
        }
        _ => None,
    }
}
