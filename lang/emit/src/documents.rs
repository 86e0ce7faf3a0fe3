//! Writes values as YAML documents and joins texts of documents.

use forge_base::Span;
use forge_eval::{Eval, Evaluator, Value};

use crate::walk::{NoTrace, Walker};
use crate::yaml::{SEPARATOR, Yaml};

/// Writes values as YAML documents, separated by `---`, for the builtins that write YAML: the evaluator cannot depend on this crate,
/// so its caller passes this function to it. Errors about values that cannot be written are reported at `span`.
pub fn write_yaml<'a>(eval: &Evaluator<'a>, values: &[Value<'a>], span: Span) -> Eval<String> {
    documents(eval, values, Some(span))
}

/// Writes values as YAML documents, separated by `---`. Errors about values that cannot be written are reported at `span`, or
/// without one at the item that set the value.
pub fn documents<'a>(eval: &Evaluator<'a>, values: &[Value<'a>], span: Option<Span>) -> Eval<String> {
    let mut yaml = Yaml::new();
    for value in values {
        yaml.begin_document();
        Walker::new(eval, &mut yaml, &mut NoTrace).value(*value, span)?;
    }
    Ok(yaml.finish())
}

/// Appends documents to a stream. An empty stream without capacity is replaced, which saves a copy.
pub fn append(stream: &mut String, documents: String) {
    if stream.capacity() == 0 {
        *stream = documents;
    } else {
        separate(stream, &documents);
        stream.push_str(&documents);
    }
}

/// Appends the separator that is needed between a stream, which ends with a line break, and the documents `next`.
pub fn separate(stream: &mut String, next: &str) {
    if !stream.is_empty() && !next.starts_with(SEPARATOR) {
        stream.push_str(SEPARATOR);
    }
}
