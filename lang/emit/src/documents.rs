//! Values as YAML documents, and texts of documents put behind each other.

use forge_base::Span;
use forge_eval::{Eval, Evaluator, Value};

use crate::walk::{NoTrace, Walker};
use crate::yaml::{SEPARATOR, Yaml};

/// Writes values as YAML documents with `---` between them; `span` is blamed for what has no written form. The evaluator stands
/// below this crate and is given this function for the builtins that write YAML.
pub fn write_yaml<'a>(eval: &Evaluator<'a>, values: &[Value<'a>], span: Span) -> Eval<String> {
    documents(eval, values, Some(span))
}

/// Values as YAML documents. What has no written form is blamed on `span`, or without one on the item that set it.
pub(crate) fn documents<'a>(eval: &Evaluator<'a>, values: &[Value<'a>], span: Option<Span>) -> Eval<String> {
    let mut yaml = Yaml::new();
    for (place, value) in values.iter().enumerate() {
        yaml.document(place > 0);
        Walker::new(eval, &mut yaml, &mut NoTrace).value(*value, span)?;
    }
    Ok(yaml.finish())
}

/// Puts documents behind those of a stream. One that is empty and has no room for more becomes them.
pub fn append(stream: &mut String, documents: String) {
    if stream.capacity() == 0 {
        *stream = documents;
    } else {
        separate(stream, &documents);
        stream.push_str(&documents);
    }
}

/// Writes what has to stand between a stream, which ends with a line break, and the documents of `next`.
pub fn separate(stream: &mut String, next: &str) {
    if !stream.is_empty() && !next.starts_with(SEPARATOR) {
        stream.push_str(SEPARATOR);
    }
}
