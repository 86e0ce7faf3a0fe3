//! Renders a module as Forge source together with its syntax tree, so that all spans are exact.
//!
//! [`render`] is the entry point. `select` decides what is rendered; `Renderer` writes it with a [`SourceBuilder`] and
//! builds the tree in the same pass. Invariant: the tree is the one that the parser builds from the source.

mod imports;
mod select;
mod types;

use forge_base::{FileId, Name, Span};
use forge_syntax::ast;
use forge_syntax::write::{SchemaModifier, SourceBuilder};

use crate::table::{self, DeclKind, Deprecation, ModuleId, ResourceKind, VersionSet};
use crate::version::Version;
use imports::Imports;
pub use select::Selection;
use select::{FieldDefault, SelectedDecl, SelectedField};

/// A rendered module.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The source.
    pub source: String,
    /// The syntax tree of the source.
    pub ast: ast::Module,
}

/// Renders a module for a target version; `None` if there is no such module.
pub fn render(path: &str, target: Version, file: FileId, selection: Selection<'_>) -> Option<Rendered> {
    let module = table::module(path)?;
    let selected = select::select(module, target, &selection);
    let (docs, capacity) = match selection {
        Selection::Whole => (Docs::Include, 1 << 16),
        Selection::Pruned { .. } => (Docs::Omit, 1 << 12),
    };
    let mut out = SourceBuilder::with_capacity(file, capacity);
    let doc = match docs {
        Docs::Include => out.module_doc(&module_doc(module)),
        Docs::Omit => None,
    };
    let imports = Imports::of(module, &selected);
    let mut items = imports.render(&mut out);
    items.reserve(selected.len());
    let renderer = Renderer { imports, docs };
    for decl in &selected {
        out.blank_line();
        items.push(renderer.declaration(&mut out, decl));
    }
    let span = Span::new(file, 0, out.offset());
    let ast = ast::Module { file, doc, items, span };
    Some(Rendered { source: out.finish(), ast })
}

fn module_doc(module: ModuleId) -> String {
    let kind = module.decls().find_map(|decl| match decl.read().kind {
        DeclKind::Resource(kind) => Some(kind),
        _ => None,
    });
    match kind {
        Some(kind) if kind.group.is_empty() => format!("The core API of Kubernetes, version {}.", kind.version),
        Some(kind) => format!("The API `{}`, version {}.", kind.group, kind.version),
        None => "The declarations that all kinds share.".to_owned(),
    }
}

/// Whether to render documentation.
#[derive(Clone, Copy)]
enum Docs {
    Include,
    Omit,
}

struct Renderer {
    imports: Imports,
    docs: Docs,
}

impl Renderer {
    fn declaration(&self, out: &mut SourceBuilder, decl: &SelectedDecl) -> ast::Item {
        let docs: Vec<&str> = match self.docs {
            Docs::Include => decl.id.docs().take(decl.docs + 1).collect(),
            Docs::Omit => Vec::new(),
        };
        let doc = docs.first().and_then(|doc| out.doc(doc.trim()));
        let annotations = annotations(out, decl.deprecated, decl.unavailable);
        out.line(|out| {
            let start = out.offset();
            let kind = match &decl.kind {
                DeclKind::Alias(ty) => {
                    let (name, ty) = out.type_alias(Name::new(decl.name), |out| self.imports.ty(out, *ty));
                    ast::ItemKind::Type(ast::TypeDecl { name: Some(name), ty })
                }
                kind => self.schema(out, decl, kind, &docs),
            };
            ast::Item { kind, doc, annotations, span: out.span_from(start) }
        })
    }

    fn schema(&self, out: &mut SourceBuilder, decl: &SelectedDecl, kind: &DeclKind, docs: &[&str]) -> ast::ItemKind {
        let modifier = match kind {
            DeclKind::Abstract => SchemaModifier::Abstract,
            _ => SchemaModifier::None,
        };
        let parent = match kind {
            DeclKind::Resource(_) => self.imports.resource(),
            _ => Vec::new(),
        };
        let parts = out.schema(modifier, Name::new(decl.name), &parent, |out| {
            let mut items = Vec::with_capacity(decl.fields.len() + 2);
            if let DeclKind::Resource(kind) = kind {
                items.extend(identity(out, decl.name, kind));
            }
            for field in &decl.fields {
                let doc = docs.get(field.doc).copied().unwrap_or_default();
                items.push(self.field(out, field, doc));
            }
            items
        });
        ast::ItemKind::Schema(ast::SchemaDecl {
            abstract_: parts.modifier,
            open: None,
            name: Some(parts.name),
            parent: (!parts.parent.is_empty()).then_some(parts.parent),
            body: ast::Body { items: parts.items, span: parts.body },
        })
    }

    fn field(&self, out: &mut SourceBuilder, field: &SelectedField, doc: &str) -> ast::Item {
        let doc = out.doc(doc.trim());
        let annotations = annotations(out, field.deprecated, field.unavailable);
        out.line(|out| {
            let start = out.offset();
            let (name, ty) = out.field(field.name, |out| match field.required || field.default.is_some() {
                true => self.imports.ty(out, field.ty),
                false => self.imports.optional(out, field.ty),
            });
            let value = match field.default {
                None => None,
                Some(FieldDefault::Text(text)) => Some(out.value(|out| out.string_expr(text))),
                Some(FieldDefault::Empty) => out.value(|out| self.imports.empty_instance(out, field.ty)),
            };
            let kind = ast::ItemKind::Declare(ast::FieldDecl { late: None, name, ty, value });
            ast::Item { kind, doc, annotations, span: out.span_from(start) }
        })
    }
}

/// The constant fields `apiVersion` and `kind`.
fn identity(out: &mut SourceBuilder, name: &'static str, kind: &ResourceKind) -> [ast::Item; 2] {
    let api_version =
        if kind.group.is_empty() { kind.version.to_owned() } else { format!("{}/{}", kind.group, kind.version) };
    [constant(out, "apiVersion", &api_version), constant(out, "kind", name)]
}

/// `name: "value" = "value"`.
fn constant(out: &mut SourceBuilder, name: &'static str, value: &str) -> ast::Item {
    out.line(|out| {
        let start = out.offset();
        let (name, ty) = out.field(name, |out| types::string(out, value));
        let value = Some(out.value(|out| out.string_expr(value)));
        let kind = ast::ItemKind::Declare(ast::FieldDecl { late: None, name, ty, value });
        ast::Item { kind, doc: None, annotations: Vec::new(), span: out.span_from(start) }
    })
}

fn annotations(
    out: &mut SourceBuilder,
    deprecated: Option<Deprecation>,
    unavailable: Option<VersionSet>,
) -> Vec<ast::Annotation> {
    let deprecated = deprecated.map(|deprecated| out.annotation("deprecated", &[deprecated.text]));
    let unavailable = unavailable.map(|versions| out.annotation("unavailable", &[&select::availability(versions)]));
    deprecated.into_iter().chain(unavailable).collect()
}
