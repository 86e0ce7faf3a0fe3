//! What the entry of a tree is written as: a string as it is, and every other value as YAML documents.
//!
//! Resources in a value are found like in a field of a module, so each of them is a document and is validated. Without any, the value
//! is plain data.

use std::fmt::Write as _;

use forge_base::{Code, Diag, Name, Span};
use forge_check::hir::{Program, SchemaRole};
use forge_check::{SchemaId, Ty};
use forge_eval::{Eval, Evaluator, Key, Map, Object, Value};
use rustc_hash::FxHashSet;

/// The content of a file.
pub(crate) enum FileContent<'a> {
    /// The entry contains no document: there is no file.
    Nothing,
    /// A string.
    Text { comment: Option<&'a str>, text: &'a str },
    /// YAML documents.
    Documents { comment: Option<&'a str>, values: Vec<Value<'a>> },
}

impl<'a> FileContent<'a> {
    /// The number of lines of the comment.
    pub(crate) fn comment_lines(&self) -> usize {
        match self {
            FileContent::Nothing => 0,
            FileContent::Text { comment, .. } | FileContent::Documents { comment, .. } => {
                comment.map_or(0, |comment| comment.lines().count())
            }
        }
    }

    fn with_comment(self, comment: Option<&'a str>) -> FileContent<'a> {
        match self {
            FileContent::Nothing => FileContent::Nothing,
            FileContent::Text { text, .. } => FileContent::Text { comment, text },
            FileContent::Documents { values, .. } => FileContent::Documents { comment, values },
        }
    }
}

/// The lines of a comment, each after `#`.
pub(crate) fn comment_text(comment: Option<&str>) -> String {
    let mut text = String::new();
    for line in comment.unwrap_or_default().lines() {
        _ = writeln!(text, "{}", format!("# {line}").trim_end());
    }
    text
}

/// The content of the file at `path`.
///
/// # Errors
/// If the value cannot be computed, or mixes resources with other values.
pub(crate) fn file_content<'a>(eval: &Evaluator<'a>, path: &str, value: Value<'a>) -> Eval<FileContent<'a>> {
    match value {
        Value::Null => Ok(FileContent::Nothing),
        Value::Str(text) => Ok(FileContent::Text { comment: None, text }),
        Value::Object(object) if object.schema.schema.role == SchemaRole::File => {
            let content = file_content(eval, path, named_field(eval, object, "content")?)?;
            Ok(match named_field(eval, object, "comment")? {
                Value::Str(comment) => content.with_comment(Some(comment)),
                _ => content,
            })
        }
        _ => {
            let values = documents(eval, path, value)?;
            Ok(match values.is_empty() {
                true => FileContent::Nothing,
                false => FileContent::Documents { comment: None, values },
            })
        }
    }
}

fn named_field<'a>(eval: &Evaluator<'a>, object: &'a Object<'a>, name: &str) -> Eval<Value<'a>> {
    object.schema.field_index(Name::new(name)).map_or(Ok(Value::Null), |field| eval.field(object, field))
}

/// The YAML documents of a value.
fn documents<'a>(eval: &Evaluator<'a>, path: &str, value: Value<'a>) -> Eval<Vec<Value<'a>>> {
    let parts = match value {
        Value::List(items) => items.iter().map(|item| Part { value: *item, span: eval.origin(*item) }).collect(),
        Value::Map(map) if map.keyed.is_some() || !is_manifest(eval, value)? => entries(eval, map)?,
        _ => {
            let found = part_content(eval, value)?;
            return Ok(match found {
                PartContent::Resources(values) => values,
                PartContent::Nothing => Vec::new(),
                PartContent::Empty | PartContent::Data => vec![value],
            });
        }
    };
    let contents = parts.iter().map(|part| part_content(eval, part.value)).collect::<Eval<Vec<_>>>()?;
    let holds_resources = contents.iter().any(|content| matches!(content, PartContent::Resources(_)));
    if !holds_resources {
        return Ok(match value {
            Value::Map(map) if map.keyed.is_none() => vec![value],
            _ => {
                let is_written = |content: &PartContent<'_>| !matches!(content, PartContent::Nothing);
                let written = parts.iter().zip(&contents).filter(|(_, content)| is_written(content));
                written.map(|(part, _)| part.value).collect()
            }
        });
    }
    let mut values = Vec::new();
    for (part, content) in parts.into_iter().zip(contents) {
        match content {
            PartContent::Resources(found) => values.extend(found),
            PartContent::Nothing | PartContent::Empty => {}
            PartContent::Data => return Err(eval.raise(mixed(path, part.span))),
        }
    }
    Ok(values)
}

/// An item of a list, or an entry of a map.
struct Part<'a> {
    value: Value<'a>,
    span: Option<Span>,
}

fn entries<'a>(eval: &Evaluator<'a>, map: &'a Map<'a>) -> Eval<Vec<Part<'a>>> {
    let part = |index: usize| Ok(Part { value: eval.entry(map, index)?, span: eval.entry_setter(map, index) });
    (0..eval.entries(map)?.len()).map(part).collect()
}

/// What a part of a file contains.
enum PartContent<'a> {
    Resources(Vec<Value<'a>>),
    /// Null, or an object whose resources are all null.
    Nothing,
    /// An empty list or map.
    Empty,
    /// Something else.
    Data,
}

fn part_content<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Eval<PartContent<'a>> {
    if is_manifest(eval, value)? {
        return Ok(PartContent::Resources(vec![value]));
    }
    let found = eval.resources(value)?;
    if !found.is_empty() {
        return Ok(PartContent::Resources(found));
    }
    Ok(match value {
        Value::Null => PartContent::Nothing,
        Value::Object(object) if may_hold_resources(eval.program, object.schema.schema.id) => PartContent::Nothing,
        Value::List(items) if items.iter().all(|item| item.is_null()) => PartContent::Empty,
        Value::Map(map) if eval.entries(map)?.is_empty() => PartContent::Empty,
        _ => PartContent::Data,
    })
}

/// Whether a value is a mapping with `apiVersion` and `kind`, which is validated like a resource.
fn is_manifest<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Eval<bool> {
    let Value::Map(map) = value else { return Ok(false) };
    if map.keyed.is_some() {
        return Ok(false);
    }
    for name in ["apiVersion", "kind"] {
        let Some(index) = eval.find_entry(map, Key::Str(name))? else { return Ok(false) };
        if !matches!(eval.entry(map, index)?, Value::Str(_)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a field of a schema, or of a schema in one of its fields, may hold a resource.
fn may_hold_resources(program: &Program, id: SchemaId) -> bool {
    fn search(program: &Program, ty: &Ty, seen: &mut FxHashSet<SchemaId>) -> bool {
        match ty {
            Ty::Schema(id) => {
                let schema = program.schema(*id);
                schema.role == SchemaRole::Resource
                    || seen.insert(*id) && schema.fields.iter().any(|field| search(program, &field.ty, seen))
            }
            Ty::Alias(id) => search(program, &program.alias(*id).ty, seen),
            Ty::Refined(refined) => search(program, &refined.base, seen),
            Ty::Union(types) => types.iter().any(|ty| search(program, ty, seen)),
            Ty::List(item) => search(program, item, seen),
            Ty::Keyed(keyed) => search(program, &keyed.item, seen),
            Ty::Map(types) => search(program, &types.1, seen),
            Ty::Record(fields) => fields.iter().any(|(_, ty)| search(program, ty, seen)),
            _ => false,
        }
    }
    search(program, &Ty::Schema(id), &mut FxHashSet::default())
}

fn mixed(path: &str, span: Option<Span>) -> Diag {
    Diag::error(Code::NOT_EMITTABLE, format!("`{path}` mixes resources with a value that contains none"))
        .at_opt(span, "not a Kubernetes resource, nor a value that contains one")
        .note("if a file contains resources, each of its documents is one")
        .help("leave it out, or write it to a file of its own")
}
