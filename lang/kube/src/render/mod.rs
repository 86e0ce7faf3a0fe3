//! Writes a module as Forge source and builds its tree at the same time, so that the tree's places are exact.
//!
//! It starts at [`render`]: [`pick`] decides what is written, [`Page`] writes it. The tree is what the parser would
//! make of the text; a test holds that for every module.

mod docs;
mod page;
mod pick;
mod types;

use forge_base::{FileId, Name, Span};
use forge_syntax::ast;

use crate::Scope;
use crate::table::{self, Deprecated, Kind, Mask, Sort};
use crate::version::Version;
use page::Page;
use pick::{Field, Picked};

/// A module's source.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Its tree.
    pub ast: ast::Module,
}

/// How much of a module is wanted.
pub enum Wanted<'a> {
    /// Everything, with docs.
    Whole,
    /// Only what is named, without docs.
    Lean {
        /// Whether a declaration is wanted.
        declaration: &'a dyn Fn(&str) -> bool,
        /// Whether fields of a name are wanted. Of the others, required ones are written with the type `Any`, and those
        /// by which elements of lists are told apart as they are.
        field: &'a dyn Fn(&str) -> bool,
    },
}

/// The Forge source of a module for a target version: text and tree. `None` if there is no such module.
pub fn render(path: &str, target: Version, file: FileId, wanted: Wanted<'_>) -> Option<Rendered> {
    let module = table::module(path)?;
    let picked = pick::pick(module, target, &wanted);
    let whole = matches!(wanted, Wanted::Whole);
    let mut page = Page::new(file, module, if whole { 1 << 16 } else { 1 << 12 });
    let doc = whole.then(|| page.module_doc(&docs::of_module(module)));
    let mut items = Vec::with_capacity(picked.len() + 8);
    page.imports(&picked, &mut items);
    for declaration in &picked {
        page.gap();
        items.push(page.declaration(declaration, whole));
    }
    let span = Span::new(file, 0, page.text.len());
    Some(Rendered { ast: ast::Module { file, doc, items, span, garbled: ast::Garbled::default() }, text: page.text })
}

impl Page {
    fn declaration(&mut self, picked: &Picked, whole: bool) -> ast::Item {
        let docs: Vec<&str> = if whole { picked.id.docs().take(picked.docs + 1).collect() } else { Vec::new() };
        let doc = docs.first().and_then(|doc| self.doc(doc, 0));
        let annotations = self.annotations(picked.deprecated, picked.missing, 0);
        let start = self.text.len();
        let kind = match &picked.sort {
            Sort::Alias(ty) => {
                self.push("type ");
                let name = Some(self.bare_ident(Name::new(picked.name)));
                self.push(" = ");
                ast::ItemKind::Type(ast::TypeDecl { name, ty: self.ty(*ty) })
            }
            sort => self.schema(picked, sort, &docs),
        };
        let span = self.span(start);
        self.push("\n");
        ast::Item { kind, doc, annotations, span }
    }

    fn schema(&mut self, picked: &Picked, sort: &Sort, docs: &[&str]) -> ast::ItemKind {
        let abstract_ = matches!(sort, Sort::Abstract).then(|| self.word("abstract "));
        self.push("schema ");
        let name = Some(self.bare_ident(Name::new(picked.name)));
        let is_resource = matches!(sort, Sort::Kind(kind) if kind.scope != Scope::Local);
        let parent = is_resource.then(|| {
            self.push(" extends ");
            self.resource()
        });
        self.push(" ");
        let open = self.text.len();
        self.push("{");
        let mut items = Vec::with_capacity(picked.fields.len() + 2);
        if let Sort::Kind(kind) = sort {
            self.push("\n");
            items.extend(self.identity(picked.name, kind));
        }
        for field in &picked.fields {
            if items.is_empty() {
                self.push("\n");
            }
            let doc = docs.get(field.doc).copied().unwrap_or_default();
            items.push(self.field(field, doc));
        }
        self.push("}");
        let body = ast::Body { items, span: self.span(open) };
        ast::ItemKind::Schema(ast::SchemaDecl { abstract_, open: None, name, parent, body })
    }

    /// `apiVersion` and `kind`.
    fn identity(&mut self, name: &'static str, kind: &Kind) -> [ast::Item; 2] {
        let api_version =
            if kind.group.is_empty() { kind.version.to_owned() } else { format!("{}/{}", kind.group, kind.version) };
        [self.constant("apiVersion", &api_version), self.constant("kind", name)]
    }

    /// `name: "value" = "value"`.
    fn constant(&mut self, name: &'static str, value: &str) -> ast::Item {
        self.push("  ");
        let start = self.text.len();
        let name = self.ident(name);
        self.push(": ");
        let ty = self.string_type(value);
        self.push(" = ");
        let value = Some(self.string(value));
        let kind = ast::ItemKind::Declare(ast::FieldDecl { name, ty, value });
        let span = self.span(start);
        self.push("\n");
        ast::Item { kind, doc: None, annotations: Vec::new(), span }
    }

    fn field(&mut self, field: &Field, doc: &str) -> ast::Item {
        let doc = self.doc(doc, 2);
        let annotations = self.annotations(field.deprecated, field.missing, 2);
        self.push("  ");
        let start = self.text.len();
        let name = self.ident(field.name);
        self.push(": ");
        let ty = match field.ty {
            None => self.name_type("Any"),
            Some(ty) if field.required || field.default.is_some() => self.ty(ty),
            Some(ty) => self.optional(ty),
        };
        let value = field.default.map(|value| {
            self.push(" = ");
            self.string(value)
        });
        let kind = ast::ItemKind::Declare(ast::FieldDecl { name, ty, value });
        let span = self.span(start);
        self.push("\n");
        ast::Item { kind, doc, annotations, span }
    }

    fn annotations(&mut self, old: Option<Deprecated>, missing: Option<Mask>, indent: usize) -> Vec<ast::Annotation> {
        let old = old.map(|old| self.annotation("deprecated", old.text, indent));
        let missing = missing.map(|mask| self.annotation("unavailable", &pick::availability(mask), indent));
        old.into_iter().chain(missing).collect()
    }
}
