//! Prints documents as bindings, with their values in the form that their types require and their comments above them.

use std::collections::{BTreeMap, BTreeSet};

use forge_base::FileId;
use forge_syntax::write::{SourceBuilder, can_be_quoted, field_name, map_key};

use super::shape::{Shape, TypeProvider};
use crate::node::{Comment, Comments, Document, Entry, Node, Value};
use crate::value;

/// The maximum length of an object on one line, and of its entries.
const MAX_INLINE_OBJECT: (usize, usize) = (80, 3);
/// The maximum length of a list on one line.
const MAX_INLINE_LIST: usize = 90;

/// A document with the name and the type of its binding.
pub(super) struct Binding<'d> {
    pub(super) document: &'d Document,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) shape: Shape,
}

/// The source of a module. `labels` are the labels that all documents share.
pub(super) fn module(
    types: &impl TypeProvider,
    imports: &BTreeMap<String, BTreeSet<String>>,
    labels: &[(String, String)],
    bindings: &[Binding<'_>],
) -> String {
    let mut out = SourceBuilder::new(FileId(0));
    for (module, kinds) in imports {
        out.import_names(module, kinds.iter().map(String::as_str));
    }
    if !labels.is_empty() {
        out.blank_line();
        out.line(|out| {
            out.push("let labels: {LabelKey: LabelValue} = ");
            out.body(|out| {
                for (key, value) in labels {
                    out.line(|out| {
                        out.push(&map_key(key));
                        out.value(|out| out.string(value));
                    });
                }
            });
        });
    }
    let printer = ManifestPrinter { types, labels };
    for binding in bindings {
        out.blank_line();
        printer.binding(&mut out, binding);
    }
    out.finish()
}

/// Where an entry is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    /// In an object: null means that the field is not set, and an object is refined.
    Object,
    /// In a map: every entry is set.
    Map,
}

impl Parent {
    fn of(shape: &Shape) -> Parent {
        if matches!(shape, Shape::Schema(_)) { Parent::Object } else { Parent::Map }
    }

    fn key(self, key: &str) -> String {
        match self {
            Parent::Object if can_be_quoted(key) => field_name(key).into_owned(),
            _ => map_key(key).into_owned(),
        }
    }

    fn omits(self, node: &Node) -> bool {
        self == Parent::Object && node.value == Value::Null
    }
}

struct ManifestPrinter<'t, T> {
    types: &'t T,
    labels: &'t [(String, String)],
}

impl<T: TypeProvider> ManifestPrinter<'_, T> {
    fn binding(&self, out: &mut SourceBuilder, binding: &Binding<'_>) {
        let Binding { document, name, kind, shape } = binding;
        let entries = document.root.entries();
        // The first key is not printed, so its comments belong to the document.
        let first = entries.first().map(|entry| entry.comments.above.as_slice()).unwrap_or_default();
        if first.len() != document.comments.len() {
            comments(out, &document.comments);
        }
        comments(out, first);
        out.line(|out| {
            out.push(&format!("{} = {kind} ", field_name(name)));
            out.body(|out| {
                for entry in entries.iter().filter(|entry| !matches!(entry.key.as_str(), "apiVersion" | "kind")) {
                    let shape = shape.below(self.types, &entry.key);
                    match entry.key.as_str() {
                        "metadata" => self.metadata(out, entry, &shape),
                        _ => self.entry(out, entry, &shape, Parent::Object),
                    }
                }
            });
        });
    }

    fn metadata(&self, out: &mut SourceBuilder, entry: &Entry, shape: &Shape) {
        all_comments(out, &entry.comments);
        out.line(|out| {
            out.push("metadata ");
            out.body(|out| {
                for inner in entry.node.entries() {
                    if inner.key == "labels" && !self.labels.is_empty() {
                        self.labels(out, inner);
                    } else {
                        self.entry(out, inner, &shape.below(self.types, &inner.key), Parent::Object);
                    }
                }
            });
        });
    }

    /// Prints the labels of a document: the shared ones, and its own.
    fn labels(&self, out: &mut SourceBuilder, labels: &Entry) {
        let is_shared = |label: &&Entry| {
            self.labels.iter().any(|(key, value)| *key == label.key && label.node.text() == Some(value))
        };
        let own: Vec<&Entry> = labels.node.entries().iter().filter(|label| !is_shared(label)).collect();
        all_comments(out, &labels.comments);
        out.line(|out| {
            out.push("labels = ");
            if own.is_empty() {
                out.push("labels");
                return;
            }
            out.body(|out| {
                out.line(|out| out.push("...labels"));
                own.into_iter().for_each(|label| self.entry(out, label, &Shape::Plain, Parent::Map));
            });
        });
    }

    /// Prints a key with its value. Map entries are set; object fields of a schema type are refined.
    fn entry(&self, out: &mut SourceBuilder, entry: &Entry, shape: &Shape, parent: Parent) {
        if parent.omits(&entry.node) {
            return;
        }
        all_comments(out, &entry.comments);
        let is_refined =
            parent == Parent::Object && matches!(shape, Shape::Schema(_)) && !entry.node.entries().is_empty();
        out.line(|out| {
            out.push(&parent.key(&entry.key));
            out.push(if is_refined { " " } else { " = " });
            self.value(out, &entry.node, shape);
        });
    }

    fn value(&self, out: &mut SourceBuilder, node: &Node, shape: &Shape) {
        match (&node.value, shape) {
            (Value::Map(entries), shape) => match self.inline_object(entries, shape) {
                Some(line) => _ = out.push(&line),
                None => {
                    out.body(|out| {
                        for entry in entries {
                            self.entry(out, entry, &shape.below(self.types, &entry.key), Parent::of(shape));
                        }
                    });
                }
            },
            (Value::List(items), Shape::Keyed(item, keys)) if !items.is_empty() => {
                match distinguishing_keys(node, keys) {
                    Some(keys) => self.keyed(out, node, item, keys),
                    None => self.list(out, node, item),
                }
            }
            (Value::List(_), Shape::List(item) | Shape::Keyed(item, _)) => self.list(out, node, item),
            (Value::List(_), _) => self.list(out, node, &Shape::Plain),
            (Value::Str(text), Shape::Plain | Shape::List(_) | Shape::Keyed(..) | Shape::Map(_) | Shape::Schema(_)) => {
                out.string_or_block(text);
            }
            _ => _ = out.push(&scalar(node, shape)),
        }
    }

    /// A mapping on one line, if it is short and has no comments.
    fn inline_object(&self, entries: &[Entry], shape: &Shape) -> Option<String> {
        let is_inline = |entry: &Entry| is_one_line_scalar(&entry.node) && has_no_comments(&entry.comments);
        if !entries.iter().all(is_inline) {
            return None;
        }
        let parent = Parent::of(shape);
        let printed = entries.iter().filter(|entry| !parent.omits(&entry.node));
        let parts: Vec<(String, String)> = printed
            .map(|entry| (parent.key(&entry.key), scalar(&entry.node, &shape.below(self.types, &entry.key))))
            .collect();
        let (max_length, max_entries) = MAX_INLINE_OBJECT;
        let is_short = parts.len() <= max_entries;
        Some(value::object(parts)).filter(|line| is_short && line.len() < max_length)
    }

    fn list(&self, out: &mut SourceBuilder, node: &Node, item: &Shape) {
        let items = node.items();
        let width: usize = items.iter().map(|item| value::expr(&item.node).len() + 2).sum();
        let is_inline = items.iter().all(|item| is_one_line_scalar(&item.node) && has_no_comments(&item.comments));
        if is_inline && width < MAX_INLINE_LIST {
            let items: Vec<String> = items.iter().map(|found| scalar(&found.node, item)).collect();
            out.push(&format!("[{}]", items.join(", ")));
            return;
        }
        out.list(|out| {
            for found in items {
                all_comments(out, &found.comments);
                out.line(|out| self.value(out, &found.node, item));
            }
        });
    }

    /// Prints a keyed list as a body; `keys` are the fields that the keys of the body set.
    fn keyed(&self, out: &mut SourceBuilder, node: &Node, item: &Shape, keys: &[String]) {
        out.body(|out| {
            for found in node.items() {
                all_comments(out, &found.comments);
                out.line(|out| {
                    out.push(&element_key(&found.node, keys));
                    out.value(|out| {
                        out.body(|out| {
                            for entry in found.node.entries().iter().filter(|entry| !keys.contains(&entry.key)) {
                                self.entry(out, entry, &item.below(self.types, &entry.key), Parent::Object);
                            }
                        })
                    });
                });
            }
        });
    }
}

fn comments(out: &mut SourceBuilder, comments: &[Comment]) {
    comments.iter().for_each(|comment| out.comment(&comment.text));
}

/// Prints the comments above an entry, and the comment at the end of its line.
fn all_comments(out: &mut SourceBuilder, around: &Comments) {
    comments(out, &around.above);
    around.right.iter().for_each(|comment| out.comment(comment));
}

fn has_no_comments(comments: &Comments) -> bool {
    comments.above.is_empty() && comments.right.is_none()
}

fn is_one_line_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Map(_) | Value::List(_)) && node.text().is_none_or(|text| !text.contains('\n'))
}

/// A scalar on one line.
fn scalar(node: &Node, shape: &Shape) -> String {
    match (shape, &node.value) {
        (Shape::Quantity, Value::Str(text)) => value::quantity(text),
        (Shape::Quantity, Value::Float(number)) => value::quantity(&number.to_string()),
        (Shape::Duration, Value::Str(text)) => value::duration(text),
        _ => value::expr(node),
    }
}

/// The key of an element of a keyed list. A single string key is written like a map key.
fn element_key(node: &Node, keys: &[String]) -> String {
    let values: Vec<&Node> = keys.iter().filter_map(|key| node.get(key)).collect();
    match values.as_slice() {
        [Node { value: Value::Str(text), .. }] if keys.len() == 1 => map_key(text).into_owned(),
        [only] => value::expr(only),
        values => format!("({})", values.iter().map(|node| value::expr(node)).collect::<Vec<_>>().join(", ")),
    }
}

/// The leading key fields that distinguish the elements of a list; `None` if the keys are not unique.
fn distinguishing_keys<'k>(node: &Node, keys: &'k [String]) -> Option<&'k [String]> {
    let items = node.items();
    let first: Option<Vec<&Value>> = items.iter().map(|item| Some(&item.node.get(&keys[0])?.value)).collect();
    let first = first?;
    let is_unique = first.iter().enumerate().all(|(at, value)| !first[..at].contains(value));
    let has_all = items.iter().all(|item| keys.iter().all(|key| item.node.get(key).is_some()));
    match (is_unique, has_all) {
        (true, _) => Some(&keys[..1]),
        (false, true) if keys.len() > 1 => Some(keys),
        _ => None,
    }
}
