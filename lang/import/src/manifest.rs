//! Kubernetes manifests: a module with one binding per document, typed by its kind.
//!
//! The caller provides the types ([`TypeProvider`]), since it has access to the Kubernetes modules. It also builds the
//! result and compares it with the manifests ([`Manifests::differences`]).

use std::collections::{BTreeMap, BTreeSet};

use forge_base::{Code, Diag, Span};
use forge_syntax::write::field_name;

use crate::interface::{Imported, Input, LossPolicy, Output, internal_error};
use crate::node::{Document, Node};
use crate::{case, yaml};

mod compare;
mod print;
mod shape;

use print::Binding;
pub use shape::{Shape, TypeProvider};

/// Parsed manifests, in order.
#[derive(Clone, Debug)]
pub struct Manifests {
    documents: Vec<Document>,
    /// The names of their bindings, once printed.
    names: Vec<String>,
}

/// Parses manifests. The items of a `List` become separate documents.
pub fn read_manifests(inputs: &[Input], diags: &mut Vec<Diag>) -> Manifests {
    let mut documents = Vec::new();
    for input in inputs {
        let (found, mut errors) = yaml::read(input.file, &input.text);
        diags.append(&mut errors);
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
    /// All pairs of `apiVersion` and `kind`.
    pub fn kinds(&self) -> BTreeSet<(String, String)> {
        self.documents.iter().filter_map(|document| kind_of(&document.root)).collect()
    }

    /// Prints the module. A document of an unknown kind is an error, or is left out with a warning.
    pub fn print(&mut self, types: &impl TypeProvider, loss: LossPolicy, path: &str) -> Imported {
        let mut imported = Imported::default();
        self.documents.retain(|document| is_known(document, types, loss, &mut imported.diags));
        self.names.clear();
        let mut bindings = Vec::new();
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut taken: BTreeSet<String> = BTreeSet::from([String::from("labels")]);
        for document in &self.documents {
            let Some((api, kind)) = kind_of(&document.root) else { continue };
            let Some((module, shape)) = types.kind(&api, &kind) else { continue };
            let (import, kind) = local_name(kind);
            imports.entry(module).or_default().insert(import);
            let name = binding(&document.root, kind.trim_start_matches("Kube"), &mut taken);
            self.names.push(field_name(&name).into_owned());
            bindings.push(Binding { document, name, kind, shape });
        }
        let labels = shared_labels(&self.documents);
        match crate::print::formatted(&print::module(types, &imports, &labels, &bindings)) {
            Ok(text) => imported.outputs.push(Output { path: path.to_owned(), text }),
            Err(reason) => imported.diags.push(internal_error(path, &reason)),
        }
        imported
    }

    /// The document from which the source at `offset` of the printed module was generated.
    pub fn document_at(&self, module: &str, offset: usize) -> Option<usize> {
        let end = module.get(offset..)?.find('\n').map_or(module.len(), |at| offset + at);
        let is_head = |line: &&str| !line.starts_with([' ', '}', '/']) && line.ends_with('{');
        let head = module[..end].lines().rfind(is_head)?;
        let name = head.split(" = ").next()?;
        self.names.iter().position(|known| known == name)
    }

    /// The span of the `kind` of a document.
    pub fn span_of(&self, document: usize) -> Option<Span> {
        let root = &self.documents.get(document)?.root;
        Some(root.get("kind").map_or(root.span, |node| node.span))
    }

    /// Removes a document.
    pub fn remove(&mut self, document: usize) {
        self.documents.remove(document);
    }

    /// The differences between the manifests and the output of a build.
    pub fn differences(&self, built: &Manifests, types: &impl TypeProvider) -> Vec<String> {
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

fn is_known(document: &Document, types: &impl TypeProvider, loss: LossPolicy, diags: &mut Vec<Diag>) -> bool {
    let root = &document.root;
    let Some((api, kind)) = kind_of(root) else {
        let headline = "the document is not a Kubernetes resource";
        diags.push(Diag::error(Code::BAD_IMPORT, headline).at(root.span, "it has no `apiVersion` and `kind`"));
        return false;
    };
    if types.kind(&api, &kind).is_some() {
        return true;
    }
    let headline = format!("no module declares the kind `{kind}` of `{api}`");
    let span = root.get("kind").map_or(root.span, |node| node.span);
    let diag = match loss {
        LossPolicy::Reject => Diag::error(Code::BAD_IMPORT, headline),
        LossPolicy::Accept => Diag::warning(Code::LEFT_OUT, headline),
    };
    let known = types.api_versions(&kind);
    let diag = diag.at(span, "this document");
    diags.push(match known.iter().find(|known| is_renamed(&api, known)) {
        Some(known) => {
            let at = root.get("apiVersion").map_or(span, |node| node.span);
            diag.label(at, format!("did you mean `{known}`?")).help(format!(
                "`{kind}` is a kind of `{known}`; change the `apiVersion` and what differs between the two"
            ))
        }
        None => diag.help("import its definition with `forgec import crd`, or skip the document with `--lossy`"),
    });
    false
}

/// What is imported for a kind, and its name in the module: another one where its own would hide a built-in type or one of the prelude.
fn local_name(kind: String) -> (String, String) {
    match kind.as_str() {
        "Secret" | "Image" => (format!("{kind} as Kube{kind}"), format!("Kube{kind}")),
        _ => (kind.clone(), kind),
    }
}

/// Groups whose kinds are in another group now.
const OLD_GROUPS: [&str; 2] = ["extensions", ""];

/// Whether a kind of `api` is likely the one of `known`: in another version of the same group, or in a group that has moved or is missing.
fn is_renamed(api: &str, known: &str) -> bool {
    let group = |api: &str| api.split_once('/').map_or(String::new(), |(group, _)| group.to_owned());
    let (theirs, ours) = (group(api), group(known));
    let is_built_in = ours.is_empty() || !ours.contains('.') || ours.ends_with(".k8s.io");
    theirs == ours
        || is_built_in
            && (OLD_GROUPS.contains(&theirs.as_str()) || !theirs.contains('.') || theirs.ends_with(".k8s.io"))
}

fn kind_of(root: &Node) -> Option<(String, String)> {
    Some((root.text_of("apiVersion")?.to_owned(), root.text_of("kind")?.to_owned()))
}

/// Labels that have the same value in all documents; none if there is only one document.
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

/// Chooses a name for the binding of a document, from its name and kind.
fn binding(root: &Node, kind: &str, taken: &mut BTreeSet<String>) -> String {
    let named = root.at(&["metadata", "name"]).and_then(Node::text).unwrap_or_default();
    let wish = case::lower_camel(&format!("{named}-{kind}"));
    let namespace = root.at(&["metadata", "namespace"]).and_then(Node::text).unwrap_or_default();
    let longer = case::lower_camel(&format!("{namespace}-{named}-{kind}"));
    let numbered = (2..).map(|count| format!("{wish}{count}"));
    let free = [wish.clone(), longer].into_iter().chain(numbered).find(|name| !taken.contains(name));
    let name = free.unwrap_or(wish);
    taken.insert(name.clone());
    name
}
