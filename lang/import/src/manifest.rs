//! Kubernetes manifests as a module: one binding a document, typed by its kind.
//!
//! What the types are, the caller knows ([`Types`]): it has the modules of Kubernetes. The caller also builds the result and asks
//! [`Manifests::differences`] whether that is what the manifests said.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use forge_base::{Code, Diag};

use crate::model::Type;
use crate::node::{Comment, Comments, Document, Entry, Node, Value};
use crate::schema::Loss;
use crate::{Imported, Input, Output, print, text, yaml};

/// As much of a type as printing needs.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// Anything else: values are written as they are.
    Plain,
    /// A `Quantity`.
    Quantity,
    /// A `Duration`.
    Duration,
    /// A list.
    List(Box<Shape>),
    /// A list whose elements are told apart by these fields.
    Keyed(Box<Shape>, Vec<String>),
    /// A map.
    Map(Box<Shape>),
    /// A schema, by a number of the caller's.
    Schema(usize),
}

/// What is known of the types of resources.
pub trait Types {
    /// The module that declares a kind, below nothing, such as `std.k8s.apps.v1`, and its type.
    fn kind(&self, api_version: &str, kind: &str) -> Option<(String, Shape)>;
    /// The type of a field of a schema.
    fn field(&self, schema: usize, name: &str) -> Shape;
}

/// Documents that were read, in order.
#[derive(Clone, Debug)]
pub struct Manifests {
    documents: Vec<Document>,
}

/// Reads manifests. Lists are taken apart.
pub fn read_manifests(inputs: &[Input], diags: &mut Vec<Diag>) -> Manifests {
    let mut documents = Vec::new();
    for input in inputs {
        let (found, mut wrong) = yaml::read(input.file, &input.text);
        diags.append(&mut wrong);
        found.into_iter().for_each(|document| flatten(document, &mut documents));
    }
    if documents.is_empty() && diags.is_empty() {
        diags.push(Diag::error(Code::NOTHING_TO_IMPORT, "there is no manifest in the input"));
    }
    Manifests { documents }
}

fn flatten(document: Document, found: &mut Vec<Document>) {
    let items = match (document.root.text_of("kind"), document.root.get("items")) {
        (Some("List"), Some(items)) => items.items().to_vec(),
        _ => return found.push(document),
    };
    for item in items {
        flatten(Document { root: item.node, comments: item.comments.above }, found);
    }
}

impl Manifests {
    /// The kinds that occur: `apiVersion` and `kind`.
    pub fn kinds(&self) -> BTreeSet<(String, String)> {
        self.documents.iter().filter_map(|document| kind_of(&document.root)).collect()
    }

    /// The module. Documents of unknown kinds are errors, or left out with a warning.
    pub fn print(&mut self, types: &impl Types, loss: Loss, path: &str) -> Imported {
        let mut imported = Imported::default();
        self.documents.retain(|document| is_known(document, types, loss, &mut imported.diags));
        let labels = shared_labels(&self.documents);
        let mut printer = Printer { types, out: String::new(), labels: &labels };
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut taken: BTreeSet<String> = BTreeSet::from([String::from("labels")]);
        let mut body = String::new();
        for document in &self.documents {
            let Some((api, kind)) = kind_of(&document.root) else { continue };
            let Some((module, shape)) = types.kind(&api, &kind) else { continue };
            imports.entry(module).or_default().insert(kind.clone());
            let name = binding(&document.root, &kind, &mut taken);
            printer.out.clear();
            printer.document(document, &name, &kind, &shape);
            _ = write!(body, "\n{}", printer.out);
        }
        let mut out = String::new();
        for (module, kinds) in imports {
            _ = writeln!(out, "import {module}.{{{}}}", kinds.into_iter().collect::<Vec<_>>().join(", "));
        }
        if !labels.is_empty() {
            out.push_str("\nlet labels: {LabelKey: LabelValue} = {\n");
            for (key, value) in &labels {
                _ = writeln!(out, "{} = {}", text::key(key), text::string(value));
            }
            out.push_str("}\n");
        }
        out.push_str(&body);
        match print::finish(&out) {
            Ok(text) => imported.outputs.push(Output { path: path.to_owned(), text }),
            Err(reason) => imported.diags.push(crate::mistake(path, &reason)),
        }
        imported
    }

    /// How a build's output differs from the manifests, if it does: where and how.
    pub fn differences(&self, built: &Manifests, types: &impl Types) -> Vec<String> {
        let mut found = Vec::new();
        if self.documents.len() != built.documents.len() {
            found.push(format!("{} documents became {}", self.documents.len(), built.documents.len()));
            return found;
        }
        for (at, (mine, theirs)) in self.documents.iter().zip(&built.documents).enumerate() {
            let shape = kind_of(&mine.root).and_then(|(api, kind)| types.kind(&api, &kind));
            let shape = shape.map_or(Shape::Plain, |(_, shape)| shape);
            let name = mine.root.at(&["metadata", "name"]).and_then(Node::text).unwrap_or_default();
            let mut path = format!("document {} (`{name}`)", at + 1);
            compare(&mine.root, &theirs.root, &shape, types, &mut path, &mut found);
        }
        found
    }
}

fn is_known(document: &Document, types: &impl Types, loss: Loss, diags: &mut Vec<Diag>) -> bool {
    let root = &document.root;
    let Some((api, kind)) = kind_of(root) else {
        let headline = "a document is no Kubernetes resource";
        diags.push(Diag::error(Code::BAD_IMPORT, headline).at(root.span, "it has no `apiVersion` and `kind`"));
        return false;
    };
    if types.kind(&api, &kind).is_some() {
        return true;
    }
    let headline = format!("no module knows the kind `{kind}` of `{api}`");
    let span = root.get("kind").map_or(root.span, |node| node.span);
    let diag = match loss {
        Loss::Refused => Diag::error(Code::BAD_IMPORT, headline),
        Loss::Accepted => Diag::warning(Code::LEFT_OUT, headline),
    };
    let help = "make a module of its definition with `forgec import crd`, or pass over it with `--lossy`";
    diags.push(diag.at(span, "this document").help(help));
    false
}

fn kind_of(root: &Node) -> Option<(String, String)> {
    Some((root.text_of("apiVersion")?.to_owned(), root.text_of("kind")?.to_owned()))
}

/// Labels with one value in all documents, if there are several documents.
fn shared_labels(documents: &[Document]) -> Vec<(String, String)> {
    let labels = |document: &Document| -> Vec<(String, String)> {
        let node = document.root.at(&["metadata", "labels"]);
        let entries = node.map(Node::entries).unwrap_or_default();
        entries.iter().filter_map(|entry| Some((entry.key.clone(), entry.node.text()?.to_owned()))).collect()
    };
    let [first, rest @ ..] = documents else { return Vec::new() };
    if rest.is_empty() {
        return Vec::new();
    }
    let mut shared = labels(first);
    for document in rest {
        let other = labels(document);
        shared.retain(|label| other.contains(label));
    }
    shared
}

/// A name for the field that holds the document: its own name, then its kind.
fn binding(root: &Node, kind: &str, taken: &mut BTreeSet<String>) -> String {
    let named = root.at(&["metadata", "name"]).and_then(Node::text).unwrap_or_default();
    let wish = text::lower_camel(&format!("{named}-{kind}"));
    let namespace = root.at(&["metadata", "namespace"]).and_then(Node::text).unwrap_or_default();
    let longer = text::lower_camel(&format!("{namespace}-{named}-{kind}"));
    let numbered = (2..).map(|count| format!("{wish}{count}"));
    let free = [wish.clone(), longer].into_iter().chain(numbered).find(|name| !taken.contains(name));
    let name = free.unwrap_or(wish);
    taken.insert(name.clone());
    name
}

struct Printer<'t, T> {
    types: &'t T,
    out: String,
    labels: &'t [(String, String)],
}

impl<T: Types> Printer<'_, T> {
    fn document(&mut self, document: &Document, name: &str, kind: &str, shape: &Shape) {
        let own = document.root.entries().first().map(|entry| entry.comments.above.len()).unwrap_or_default();
        let head = if own == document.comments.len() { &[][..] } else { &document.comments };
        self.comments(head);
        // The first key is not written, so what stands above it belongs to the document.
        let first = document.root.entries().first().map(|entry| entry.comments.above.as_slice()).unwrap_or_default();
        self.comments(first);
        _ = writeln!(self.out, "{} = {kind} {{", text::field_name(name));
        for entry in document.root.entries() {
            if !matches!(entry.key.as_str(), "apiVersion" | "kind") {
                let shape = self.shape_of(shape, &entry.key);
                if entry.key == "metadata" {
                    self.metadata(entry, &shape);
                } else {
                    self.entry(entry, &shape, false);
                }
            }
        }
        self.out.push_str("}\n");
    }

    fn shape_of(&self, shape: &Shape, key: &str) -> Shape {
        match shape {
            Shape::Schema(id) => self.types.field(*id, key),
            Shape::Map(value) => (**value).clone(),
            _ => Shape::Plain,
        }
    }

    fn metadata(&mut self, entry: &Entry, shape: &Shape) {
        self.above(&entry.comments);
        self.out.push_str("metadata {\n");
        for inner in entry.node.entries() {
            let shared = |label: &Entry| {
                self.labels.iter().any(|(key, value)| *key == label.key && label.node.text() == Some(value))
            };
            if inner.key != "labels" || self.labels.is_empty() {
                let shape = self.shape_of(shape, &inner.key);
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
                    let inner = self.shape_of(shape, &entry.key);
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
            (Value::Str(found), Shape::Quantity) => self.unit(found, &Type::Quantity, node),
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
            let ty = match self.shape_of(shape, &entry.key) {
                Shape::Quantity => Some(Type::Quantity),
                Shape::Duration => Some(Type::Duration),
                _ => None,
            };
            let unit = ty.and_then(|ty| print::unit_text(entry.node.text()?, &ty));
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
                let inner = self.shape_of(item, &entry.key);
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

/// Compares as data. Fields that are null are like none; amounts are equal by what they amount to.
fn compare(mine: &Node, theirs: &Node, shape: &Shape, types: &impl Types, path: &mut String, found: &mut Vec<String>) {
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
                let inner = match shape {
                    Shape::Schema(id) => types.field(*id, &entry.key),
                    Shape::Map(value) => (**value).clone(),
                    _ => Shape::Plain,
                };
                match theirs.get(&entry.key) {
                    Some(other) => step(path, &format!(".{}", entry.key), &entry.node, other, &inner, found),
                    None => found.push(format!("{path}.{} is lost", entry.key)),
                }
            }
            for entry in b.iter().filter(|entry| mine.get(&entry.key).is_none_or(|node| !counts(node))) {
                found.push(format!("{path}.{} is new", entry.key));
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
        _ => found.push(format!("{path} was {}, is {}", text::value(mine), text::value(theirs))),
    }
}

/// An element without the parts of its key that the manifest leaves to the server, such as `protocol: TCP`.
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
            let amount = |text: &str| forge_base::Quantity::parse(text).ok().map(|amount| amount.canonical());
            amount(&a_text).is_some() && amount(&a_text) == amount(&b_text)
        }
        Shape::Duration => {
            let span = |text: &str| forge_base::Duration::parse(text).ok();
            span(&a_text).is_some() && span(&a_text) == span(&b_text)
        }
        _ => matches!((a, b), (Value::Int(x), Value::Float(y)) | (Value::Float(y), Value::Int(x)) if *x as f64 == *y),
    }
}
