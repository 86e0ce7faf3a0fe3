//! Documents as bindings: each value as its type wants it, with the comments that stood above it.

use std::fmt::Write as _;

use super::{Shape, Types};
use crate::model::Type;
use crate::node::{Comment, Comments, Document, Entry, Node, Value};
use crate::{print, text};

/// Writes documents as bindings, one behind the other. Lines are indented later.
pub(super) struct Printer<'t, T> {
    pub(super) types: &'t T,
    pub(super) out: String,
    /// The labels that all documents have; a `let` holds them.
    pub(super) labels: &'t [(String, String)],
}

impl<T: Types> Printer<'_, T> {
    /// A document as a binding of this name.
    pub(super) fn document(&mut self, document: &Document, name: &str, kind: &str, shape: &Shape) {
        let own = document.root.entries().first().map(|entry| entry.comments.above.len()).unwrap_or_default();
        let head = if own == document.comments.len() { &[][..] } else { &document.comments };
        self.comments(head);
        // The first key is not written, so what stands above it belongs to the document.
        let first = document.root.entries().first().map(|entry| entry.comments.above.as_slice()).unwrap_or_default();
        self.comments(first);
        _ = writeln!(self.out, "{} = {kind} {{", text::field_name(name));
        for entry in document.root.entries() {
            if !matches!(entry.key.as_str(), "apiVersion" | "kind") {
                let shape = shape.below(self.types, &entry.key);
                if entry.key == "metadata" {
                    self.metadata(entry, &shape);
                } else {
                    self.entry(entry, &shape, false);
                }
            }
        }
        self.out.push_str("}\n");
    }

    fn metadata(&mut self, entry: &Entry, shape: &Shape) {
        self.above(&entry.comments);
        self.out.push_str("metadata {\n");
        for inner in entry.node.entries() {
            let shared = |label: &Entry| {
                self.labels.iter().any(|(key, value)| *key == label.key && label.node.text() == Some(value))
            };
            if inner.key != "labels" || self.labels.is_empty() {
                let shape = shape.below(self.types, &inner.key);
                self.entry(inner, &shape, false);
                continue;
            }
            let own: Vec<&Entry> = inner.node.entries().iter().filter(|label| !shared(label)).collect();
            self.above(&inner.comments);
            if own.is_empty() {
                self.out.push_str("labels = labels\n");
                continue;
            }
            self.out.push_str("labels = {\n...labels\n");
            own.into_iter().for_each(|label| self.entry(label, &Shape::Plain, true));
            self.out.push_str("}\n");
        }
        self.out.push_str("}\n");
    }

    fn comments(&mut self, comments: &[Comment]) {
        for comment in comments {
            _ = writeln!(self.out, "//{}", comment.text.trim_end());
        }
    }

    fn above(&mut self, comments: &Comments) {
        self.comments(&comments.above);
        if let Some(right) = &comments.right {
            _ = writeln!(self.out, "//{right}");
        }
    }

    /// A key with its value. Entries of maps are set; fields that are objects are gone into.
    fn entry(&mut self, entry: &Entry, shape: &Shape, is_map: bool) {
        if entry.node.value == Value::Null && !is_map {
            return;
        }
        self.above(&entry.comments);
        let key =
            if is_map || !text::can_be_name(&entry.key) { text::key(&entry.key) } else { text::field_name(&entry.key) };
        let is_body = matches!(shape, Shape::Schema(_)) && matches!(entry.node.value, Value::Map(_)) && !is_map;
        self.out.push_str(&key);
        self.out.push_str(if is_body && !entry.node.entries().is_empty() { " " } else { " = " });
        self.value(&entry.node, shape);
        self.out.push('\n');
    }

    fn value(&mut self, node: &Node, shape: &Shape) {
        match (&node.value, shape) {
            (Value::Map(entries), _) if entries.is_empty() => self.out.push_str("{}"),
            (Value::Map(entries), shape) => {
                if let Some(line) = self.one_line(entries, shape) {
                    self.out.push_str(&line);
                    return;
                }
                let is_map = !matches!(shape, Shape::Schema(_));
                self.out.push_str("{\n");
                for entry in entries {
                    let inner = shape.below(self.types, &entry.key);
                    self.entry(entry, &inner, is_map);
                }
                self.out.push('}');
            }
            (Value::List(items), Shape::Keyed(item, keys)) if !items.is_empty() => match keyed(node, keys) {
                Some(taken) => self.keyed(node, item, &keys[..taken]),
                None => self.list(node, item),
            },
            (Value::List(_), Shape::List(item) | Shape::Keyed(item, _)) => self.list(node, item),
            (Value::List(_), _) => self.list(node, &Shape::Plain),
            (Value::Str(_) | Value::Float(_), Shape::Quantity) => {
                let found = scalar_text(node).unwrap_or_default();
                self.unit(&found, &Type::Quantity, node);
            }
            (Value::Str(found), Shape::Duration) => self.unit(found, &Type::Duration, node),
            (Value::Str(found), _) => match text::block_string(found) {
                Some(block) => self.block(&block),
                None => self.out.push_str(&text::string(found)),
            },
            _ => self.out.push_str(&text::value(node)),
        }
    }

    /// A string of several lines, as deep as the braces around it.
    fn block(&mut self, block: &str) {
        let margin = "  ".repeat(self.depth() + 1);
        for (at, line) in block.lines().enumerate() {
            let margin = if at == 0 || line.is_empty() { "" } else { &margin };
            self.out.push_str(if at == 0 { "" } else { "\n" });
            self.out.push_str(margin);
            self.out.push_str(line);
        }
    }

    /// How many braces are open: all that are not on one line end one.
    fn depth(&self) -> usize {
        let opened = self.out.lines().filter(|line| line.ends_with(['{', '['])).count();
        let closed = self.out.lines().filter(|line| matches!(line.trim(), "}" | "]")).count();
        opened.saturating_sub(closed + 1)
    }

    /// A mapping in one line, if it is short and has no comments.
    fn one_line(&self, entries: &[Entry], shape: &Shape) -> Option<String> {
        let mut parts = Vec::new();
        for entry in entries {
            let is_scalar = !matches!(entry.node.value, Value::Map(_) | Value::List(_));
            let is_line = entry.node.text().is_none_or(|text| !text.contains('\n'));
            if !is_scalar || !is_line || entry.comments.right.is_some() || !entry.comments.above.is_empty() {
                return None;
            }
            let is_map = !matches!(shape, Shape::Schema(_));
            if entry.node.value == Value::Null && !is_map {
                continue;
            }
            let key = if is_map { text::key(&entry.key) } else { text::field_name(&entry.key) };
            let ty = match shape.below(self.types, &entry.key) {
                Shape::Quantity => Some(Type::Quantity),
                Shape::Duration => Some(Type::Duration),
                _ => None,
            };
            let unit = ty.and_then(|ty| print::unit_text(&scalar_text(&entry.node)?, &ty));
            parts.push(format!("{key} = {}", unit.unwrap_or_else(|| text::value(&entry.node))));
        }
        let line = format!("{{ {} }}", parts.join(", "));
        (line.len() < 80 && parts.len() <= 3).then_some(line)
    }

    fn unit(&mut self, found: &str, ty: &Type, node: &Node) {
        let text = print::unit_text(found, ty).unwrap_or_else(|| text::value(node));
        self.out.push_str(&text);
    }

    fn list(&mut self, node: &Node, item: &Shape) {
        let is_short = node.items().iter().all(|item| {
            !matches!(item.node.value, Value::Map(_) | Value::List(_))
                && item.comments.above.is_empty()
                && item.comments.right.is_none()
                && item.node.text().is_none_or(|text| !text.contains('\n'))
        });
        let width: usize = node.items().iter().map(|item| text::value(&item.node).len() + 2).sum();
        if is_short && width < 90 {
            self.out.push('[');
            for (at, found) in node.items().iter().enumerate() {
                self.out.push_str(if at == 0 { "" } else { ", " });
                self.value(&found.node, item);
            }
            self.out.push(']');
            return;
        }
        self.out.push_str("[\n");
        for found in node.items() {
            self.above(&found.comments);
            self.value(&found.node, item);
            self.out.push('\n');
        }
        self.out.push(']');
    }

    /// A keyed list as a body; `keys` are the fields that the keys themselves give.
    fn keyed(&mut self, node: &Node, item: &Shape, keys: &[String]) {
        self.out.push_str("{\n");
        for found in node.items() {
            self.above(&found.comments);
            // Alone, a key is written like a field's name.
            let write_key = if keys.len() == 1 { key_text } else { text::value };
            let parts: Vec<String> = keys.iter().filter_map(|key| found.node.get(key)).map(write_key).collect();
            match parts.as_slice() {
                [only] => self.out.push_str(only),
                parts => _ = write!(self.out, "({})", parts.join(", ")),
            }
            self.out.push_str(" = {\n");
            for entry in found.node.entries().iter().filter(|entry| !keys.contains(&entry.key)) {
                let inner = item.below(self.types, &entry.key);
                self.entry(entry, &inner, false);
            }
            self.out.push_str("}\n");
        }
        self.out.push('}');
    }
}

fn key_text(node: &Node) -> String {
    match &node.value {
        Value::Str(found) => text::key(found),
        _ => text::value(node),
    }
}

/// The text of an amount that is written as a string or with a fraction; a whole number is one as it is.
fn scalar_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Float(number) => Some(number.to_string()),
        _ => node.text().map(str::to_owned),
    }
}

/// How many of the key fields a list's elements are told apart by; none if they are not.
fn keyed(node: &Node, keys: &[String]) -> Option<usize> {
    let items = node.items();
    let first: Option<Vec<&Value>> = items.iter().map(|item| Some(&item.node.get(&keys[0])?.value)).collect();
    let first = first?;
    let is_unique = first.iter().enumerate().all(|(at, value)| !first[..at].contains(value));
    let has_all = items.iter().all(|item| keys.iter().all(|key| item.node.get(key).is_some()));
    match (is_unique, has_all) {
        (true, _) => Some(1),
        (false, true) if keys.len() > 1 => Some(keys.len()),
        _ => None,
    }
}
