//! Kubernetes manifests as a module: one binding a document, typed by its kind.
//!
//! What the types are, the caller knows ([`Types`]): it has the modules of Kubernetes. The caller also builds the result and asks
//! [`Manifests::differences`] whether that is what the manifests said.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use forge_base::{Code, Diag, Span};

use crate::node::{Document, Node};
use crate::schema::Loss;
use crate::{Imported, Input, Output, text, yaml};

mod compare;
mod print;

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

impl Shape {
    /// The type of what an object or map of this type holds behind a key.
    fn below(&self, types: &impl Types, key: &str) -> Shape {
        match self {
            Shape::Schema(id) => types.field(*id, key),
            Shape::Map(value) => (**value).clone(),
            _ => Shape::Plain,
        }
    }
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
    /// The names that printing gave them.
    names: Vec<String>,
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
    Manifests { documents, names: Vec::new() }
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
        let mut printer = print::Printer { types, out: String::new(), labels: &labels };
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut taken: BTreeSet<String> = BTreeSet::from([String::from("labels")]);
        let mut body = String::new();
        self.names.clear();
        for document in &self.documents {
            let Some((api, kind)) = kind_of(&document.root) else { continue };
            let Some((module, shape)) = types.kind(&api, &kind) else { continue };
            imports.entry(module).or_default().insert(kind.clone());
            let name = binding(&document.root, &kind, &mut taken);
            self.names.push(text::field_name(&name));
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
        match crate::print::finish(&out) {
            Ok(text) => imported.outputs.push(Output { path: path.to_owned(), text }),
            Err(reason) => imported.diags.push(crate::mistake(path, &reason)),
        }
        imported
    }

    /// The document that the text at `offset` of the printed module was made from.
    pub fn document_at(&self, module: &str, offset: usize) -> Option<usize> {
        let end = module.get(offset..)?.find('\n').map_or(module.len(), |at| offset + at);
        let is_head = |line: &&str| !line.starts_with([' ', '}', '/']) && line.ends_with('{');
        let head = module[..end].lines().rfind(is_head)?;
        let name = head.split(" = ").next()?;
        self.names.iter().position(|known| known == name)
    }

    /// Where a document says what it is.
    pub fn span_of(&self, document: usize) -> Option<Span> {
        let root = &self.documents.get(document)?.root;
        Some(root.get("kind").map_or(root.span, |node| node.span))
    }

    /// Leaves a document out.
    pub fn remove(&mut self, document: usize) {
        self.documents.remove(document);
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
            compare::compare(&mine.root, &theirs.root, &shape, types, &mut path, &mut found);
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
