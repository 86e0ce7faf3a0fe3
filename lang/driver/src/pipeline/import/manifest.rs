//! `forgec import yaml`: converts manifests to a module, and verifies it by building it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::world::DirEntry;
use forge_base::{Code, Diag, Files, Severity, World, WorldError};
use forge_check::{Program, SchemaId, Ty};
use forge_import::{Imported, Input, LossPolicy, Manifests, Shape, TypeProvider, read_manifests};

use crate::pipeline::{BuildOptions, Destination, Limits, Outcome, build};
use crate::session::Session;

/// The path of the module while it is verified; the file is never written.
const TRIAL_FILE: &str = "imported_manifests.forge";
/// The maximum number of differences that are reported.
const MAX_SHOWN: usize = 8;

/// Converts manifests to a module. Succeeds only if building the module reproduces them.
pub(super) fn import(session: &Session, inputs: &[Input], loss: LossPolicy) -> Imported {
    let mut diags = Vec::new();
    let mut manifests = read_manifests(inputs, &mut diags);
    if diags.iter().any(Diag::is_error) {
        return Imported { diags, ..Imported::default() };
    }
    let types = KubeTypes::load(session, &manifests.kinds());
    loop {
        let mut imported = manifests.print(&types, loss, "main.forge");
        diags.append(&mut imported.diags);
        let is_fine = !diags.iter().any(Diag::is_error);
        let mismatch = match imported.outputs.first() {
            Some(output) if is_fine => verify(session, &output.text, &manifests, &types),
            _ => Mismatch::default(),
        };
        let is_whole_import = mismatch.documents.is_empty();
        diags.extend(mismatch.diags.into_iter().map(|diag| match is_whole_import {
            true => diag.help("fix the manifest, or remove the document"),
            false => document_diag(diag, loss),
        }));
        if loss == LossPolicy::Reject || mismatch.documents.is_empty() {
            return Imported { diags, ..imported };
        }
        // From the last to the first, so that the indices of the others stay valid.
        mismatch.documents.into_iter().rev().for_each(|document| manifests.remove(document));
    }
}

/// How a module differs from its manifests.
#[derive(Default)]
struct Mismatch {
    diags: Vec<Diag>,
    /// The documents that are affected, in order; empty if they are not known.
    documents: BTreeSet<usize>,
}

/// Adds help to the error of one document; where losses are accepted, makes it a warning.
fn document_diag(diag: Diag, loss: LossPolicy) -> Diag {
    match loss {
        LossPolicy::Reject => diag.help("fix the manifest, or skip the document with `--lossy`"),
        LossPolicy::Accept => Diag {
            code: Code::LEFT_OUT,
            severity: Severity::Warning,
            headline: String::from("skipped a document that is not a valid program"),
            ..diag
        },
    }
}

/// Builds the module and compares the output with the manifests.
fn verify(session: &Session, text: &str, manifests: &Manifests, types: &KubeTypes) -> Mismatch {
    let (mut trial, target) = trial(session, text);
    let options =
        BuildOptions { target, inputs: Vec::new(), limits: Limits::default(), destination: Destination::Stdout };
    let outcome = build(&mut trial, &options);
    if outcome.diags.iter().any(Diag::is_error) {
        return errors_by_document(&outcome, text, manifests);
    }
    let mut files = Files::default();
    let file = files.add("built.yaml", outcome.output.as_str());
    let built = Input { file, name: String::from("built"), text: outcome.output.into() };
    let built = read_manifests(&[built], &mut Vec::new());
    let differences = manifests.differences(&built, types);
    let diag = (!differences.is_empty()).then(|| with_notes("the build does not reproduce the manifests", differences));
    Mismatch { diags: diag.into_iter().collect(), documents: BTreeSet::new() }
}

/// The errors of the module as a program: one diagnostic for each document, or one for all if a location is unknown.
fn errors_by_document(outcome: &Outcome, text: &str, manifests: &Manifests) -> Mismatch {
    let mut by_document: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
    for diag in outcome.diags.iter().filter(|diag| diag.is_error()) {
        let document = diag.span().and_then(|span| manifests.document_at(text, span.start as usize));
        by_document.entry(document).or_default().push(describe(diag, &outcome.files));
    }
    if by_document.contains_key(&None) {
        let notes = by_document.into_values().flatten().collect();
        let diags = vec![with_notes("the manifests are not a valid program", notes)];
        return Mismatch { diags, documents: BTreeSet::new() };
    }
    let mut mismatch = Mismatch::default();
    for (document, notes) in by_document {
        let Some(document) = document else { continue };
        let mut diag = with_notes("this document is not a valid program", notes);
        if let Some(span) = manifests.span_of(document) {
            diag = diag.at(span, "this document");
        }
        mismatch.diags.push(diag);
        mismatch.documents.insert(document);
    }
    mismatch
}

fn with_notes(headline: &str, notes: Vec<String>) -> Diag {
    let mut diag = Diag::error(Code::IMPORT_DIFFERS, headline);
    let more = notes.len().saturating_sub(MAX_SHOWN);
    diag.notes = notes.into_iter().take(MAX_SHOWN).collect();
    if more > 0 {
        diag.notes.push(format!("and {more} more"));
    }
    diag
}

/// A diagnostic with the source line that it points to.
fn describe(diag: &Diag, files: &Files) -> String {
    let label = diag.primary.as_ref().map(|label| format!(": {}", label.text)).unwrap_or_default();
    let line = diag.span().and_then(|span| {
        let file = files.get(span.file)?;
        let before = file.text.get(..span.start as usize)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        file.text[start..].lines().next().map(|line| format!(" (`{}`)", line.trim()))
    });
    format!("{}: {}{label}{}", diag.code, diag.headline, line.unwrap_or_default())
}

/// A session in which the source is a file of the working directory.
fn trial(session: &Session, text: &str) -> (Session, String) {
    let path = session.cwd().join(TRIAL_FILE);
    let world = Overlay { inner: Arc::clone(session.world()), path, text: text.to_owned() };
    (Session::new(Arc::new(world), session.cwd()), String::from(TRIAL_FILE))
}

/// A world with one additional file.
struct Overlay {
    inner: Arc<dyn World>,
    path: PathBuf,
    text: String,
}

impl World for Overlay {
    fn read_bytes(&self, path: &Path) -> Result<Vec<u8>, WorldError> {
        if path == self.path { Ok(self.text.clone().into_bytes()) } else { self.inner.read_bytes(path) }
    }

    fn list(&self, path: &Path) -> Result<Vec<DirEntry>, WorldError> {
        self.inner.list(path)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        if path == self.path { Ok(self.path.clone()) } else { self.inner.canonical(path) }
    }

    fn is_file(&self, path: &Path) -> bool {
        path == self.path || self.inner.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.inner.is_dir(path)
    }

    fn exists(&self, path: &Path) -> bool {
        path == self.path || self.inner.exists(path)
    }
}

/// The types of the modules of Kubernetes, as the checker has them.
struct KubeTypes {
    program: Program,
    /// The schemas that shapes refer to by index.
    known: RefCell<Vec<SchemaId>>,
}

impl KubeTypes {
    /// Loads the modules that declare these kinds.
    fn load(session: &Session, kinds: &BTreeSet<(String, String)>) -> KubeTypes {
        let modules: BTreeSet<&str> =
            kinds.iter().filter_map(|(api, kind)| forge_kube::kind(api, kind)).map(|info| info.module).collect();
        let text: String =
            modules.iter().enumerate().map(|(index, module)| format!("import std.{module} as m{index}\n")).collect();
        let (mut trial, target) = trial(session, &text);
        let loaded = trial.find_module(&target).map(|id| trial.load(&[id])).unwrap_or_default();
        KubeTypes { program: loaded.check().program, known: RefCell::default() }
    }

    fn shape(&self, ty: &Ty, depth: u32) -> Shape {
        if depth > 32 {
            return Shape::Plain;
        }
        let inner = |ty: &Ty| Box::new(self.shape(ty, depth + 1));
        match ty {
            Ty::Quantity => Shape::Quantity,
            Ty::Duration => Shape::Duration,
            Ty::List(item) => Shape::List(inner(item)),
            Ty::Keyed(keyed) => {
                Shape::Keyed(inner(&keyed.item), keyed.keys.iter().map(|key| key.as_str().to_owned()).collect())
            }
            Ty::Map(map) => Shape::Map(inner(&map.1)),
            Ty::Schema(id) => self.schema(*id),
            Ty::Alias(id) => self.shape(&self.program.alias(*id).ty, depth + 1),
            Ty::Refined(refined) => self.shape(&refined.base, depth + 1),
            Ty::Union(members) => {
                let mut rest = members.iter().filter(|member| **member != Ty::Null);
                match (rest.next(), rest.next()) {
                    (Some(only), None) => self.shape(only, depth + 1),
                    _ => Shape::Plain,
                }
            }
            _ => Shape::Plain,
        }
    }

    fn schema(&self, id: SchemaId) -> Shape {
        let mut known = self.known.borrow_mut();
        let index = known.iter().position(|other| *other == id).unwrap_or_else(|| {
            known.push(id);
            known.len() - 1
        });
        Shape::Schema(index)
    }
}

impl TypeProvider for KubeTypes {
    fn kind(&self, api_version: &str, kind: &str) -> Option<(String, Shape)> {
        let info = forge_kube::kind(api_version, kind)?;
        let path = format!("std.{}", info.module);
        let module = self.program.modules.iter().flatten().find(|module| module.path.as_str() == path)?;
        let schema = module.schemas.iter().find(|schema| schema.name.as_str() == kind)?;
        Some((path, self.schema(schema.id)))
    }

    fn api_versions(&self, kind: &str) -> Vec<String> {
        let mut found: Vec<forge_kube::KindInfo> =
            forge_kube::kinds().filter(|info| info.kind == kind && info.is_in(forge_kube::Version::DEFAULT)).collect();
        found.sort_by_key(|info| std::cmp::Reverse(crate::exports::stability(info.module)));
        found.into_iter().map(|info| info.api_version.to_owned()).collect()
    }

    fn field(&self, schema: usize, name: &str) -> Shape {
        let Some(id) = self.known.borrow().get(schema).copied() else { return Shape::Plain };
        let schema = self.program.schema(id);
        match schema.fields.iter().find(|field| field.name.as_str() == name) {
            Some(field) => self.shape(&field.ty, 0),
            None => Shape::Plain,
        }
    }
}
