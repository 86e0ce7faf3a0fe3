//! Assigns ids to the names that a module declares; types are not resolved yet.

use std::sync::Arc;

use forge_base::{Code, Diag, Name, Span};
use forge_syntax::ast::{self, Ident, ItemKind};
use forge_syntax::visit::{self, Visitor};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::annotations::{Annotations, read_annotations};
use crate::decl::{AliasDecl, FnDecl, GenericDecl, GlobalDecl, GlobalKind, ModuleDecls, SchemaDecl, SchemaRole};
use crate::ids::{AliasId, Def, FnId, GlobalId, SchemaId};
use crate::reference::Uses;
use crate::source::Source;
use crate::ty::Ty;

/// Declares the items of one module.
pub(super) fn declare(source: &Source) -> (ModuleDecls, Vec<Diag>) {
    let module = ModuleDecls {
        source: source.clone(),
        scope: FxHashMap::default(),
        exports: FxHashMap::default(),
        name_spans: FxHashMap::default(),
        globals: Vec::new(),
        fns: Vec::new(),
        schemas: Vec::new(),
        aliases: Vec::new(),
        refinements: Vec::new(),
        uses: Uses::default(),
        has_errors: false,
        lost: FxHashSet::default(),
        is_incomplete: false,
    };
    let mut cx = Declarer { module, diags: Vec::new() };
    let tree = source.ast.clone();
    for (index, item) in tree.items.iter().enumerate() {
        let annotations = read_annotations(&item.annotations, &mut cx.diags);
        cx.item(index, &item.kind, annotations);
    }
    for (index, item) in tree.items.iter().enumerate() {
        if let ItemKind::Schema(schema) = &item.kind {
            cx.methods(index, &schema.body);
        }
    }
    cx.tests(&tree);
    let mut lost = LostNames::default();
    if source.has_syntax_errors {
        visit::walk_module(&mut lost, &tree);
    }
    (cx.module.lost, cx.module.is_incomplete) = (lost.names, lost.any);
    (cx.module, cx.diags)
}

/// Collects what error nodes may declare.
#[derive(Default)]
struct LostNames {
    names: FxHashSet<Name>,
    any: bool,
}

impl Visitor for LostNames {
    fn visit_item(&mut self, item: &ast::Item) {
        match &item.kind {
            ItemKind::Error { names } => {
                self.any |= names.iter().any(|name| name.as_str().is_empty());
                self.names.extend(names);
            }
            ItemKind::Type(ast::TypeDecl { name: None, .. })
            | ItemKind::Schema(ast::SchemaDecl { name: None, .. })
            | ItemKind::Fn(ast::FnDecl { name: None, .. })
            | ItemKind::Let(ast::LetDecl { name: None, .. })
            | ItemKind::Input(ast::InputDecl { name: None, .. }) => self.any = true,
            ItemKind::Import(ast::Import { binds: ast::ImportBinds::Names(names), .. })
            | ItemKind::Export(ast::Import { binds: ast::ImportBinds::Names(names), .. }) => {
                self.any |= names.iter().any(|name| name.name.name.as_str().is_empty());
            }
            _ => {}
        }
        visit::walk_item(self, item);
    }
}

struct Declarer {
    module: ModuleDecls,
    diags: Vec<Diag>,
}

impl Declarer {
    fn item(&mut self, index: usize, kind: &ItemKind, annotations: Annotations) {
        match kind {
            ItemKind::Type(decl) => self.alias(index, decl, annotations),
            ItemKind::Schema(decl) => self.schema(index, decl, annotations),
            ItemKind::Fn(decl) => self.function(index, decl, annotations),
            ItemKind::Let(_) | ItemKind::Input(_) | ItemKind::Declare(_) | ItemKind::Set(_) => {
                self.global(index, kind, annotations);
            }
            _ => {}
        }
    }

    /// Binds a name, or reports that it is taken.
    fn bind(&mut self, ident: Ident, def: Def) {
        if ident.name.as_str().is_empty() {
            return;
        }
        if let Some(first) = self.module.name_spans.get(&ident.name) {
            self.diags.push(duplicate_name(ident, *first));
            return;
        }
        self.module.name_spans.insert(ident.name, ident.span);
        self.module.scope.insert(ident.name, def);
    }

    fn global(&mut self, item: usize, item_kind: &ItemKind, annotations: Annotations) {
        let Some(ident) = item_kind.declared() else { return };
        let kind = match item_kind {
            ItemKind::Let(_) => GlobalKind::Let,
            ItemKind::Input(_) => GlobalKind::Input,
            _ => GlobalKind::Field,
        };
        let id = GlobalId { module: self.module.source.id, index: self.module.globals.len() as u32 };
        let decl = GlobalDecl { name: ident.name, span: ident.span, kind, item, ty: None, annotations };
        self.module.globals.push(Arc::new(decl));
        self.bind(ident, Def::Global(id));
    }

    fn alias(&mut self, item: usize, decl: &ast::TypeDecl, annotations: Annotations) {
        let Some(ident) = decl.name else { return };
        let id = AliasId { module: self.module.source.id, index: self.module.aliases.len() as u32 };
        self.module.aliases.push(Arc::new(AliasDecl {
            name: ident.name,
            span: ident.span,
            item,
            ty: Ty::Error,
            annotations,
        }));
        self.bind(ident, Def::Alias(id));
    }

    fn function(&mut self, item: usize, decl: &ast::FnDecl, annotations: Annotations) {
        let Some(ident) = decl.name else { return };
        let id = FnId { module: self.module.source.id, index: self.module.fns.len() as u32 };
        if decl.body.is_none() && !self.module.source.is_std() {
            self.diags.push(
                Diag::error(Code::MISSING_VALUE, format!("`{}` has no body", ident.name))
                    .at(ident.span, "a function needs `= value` after its parameters"),
            );
        }
        self.module.fns.push(function(ident, (item, None), None, decl, annotations));
        self.bind(ident, Def::Fn(id));
    }

    fn schema(&mut self, item: usize, decl: &ast::SchemaDecl, annotations: Annotations) {
        let Some(ident) = decl.name else { return };
        let id = SchemaId { module: self.module.source.id, index: self.module.schemas.len() as u32 };
        self.module.schemas.push(Arc::new(SchemaDecl {
            id,
            name: ident.name,
            span: ident.span,
            item,
            parent: None,
            ancestors: vec![id],
            is_abstract: decl.abstract_.is_some(),
            is_open: decl.open.is_some(),
            role: SchemaRole::Plain,
            fields: Vec::new(),
            by_name: FxHashMap::default(),
            methods: Vec::new(),
            is_incomplete: decl.body.items.iter().any(|item| matches!(item.kind, ItemKind::Error { .. })),
            annotations,
        }));
        self.bind(ident, Def::Schema(id));
    }

    /// Test names must be unique: snapshots and `--filter` refer to tests by name.
    fn tests(&mut self, tree: &ast::Module) {
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for item in &tree.items {
            let ItemKind::Test(test) = &item.kind else { continue };
            match seen.get(&*test.name) {
                Some(first) => self.diags.push(
                    Diag::error(Code::DUPLICATE_NAME, format!("test `{}` is declared twice", test.name))
                        .at(test.name_span, "declared again here")
                        .label(*first, "first declared here"),
                ),
                None => _ = seen.insert(&test.name, test.name_span),
            }
        }
    }

    /// Declares the methods of a schema, and reports names that its body declares twice.
    fn methods(&mut self, item_index: usize, body: &ast::Body) {
        let schema = self.module.schemas.binary_search_by_key(&item_index, |schema| schema.item).ok();
        let schema = schema.map(|index| SchemaId { module: self.module.source.id, index: index as u32 });
        // The first declaration of each name, and whether it is a field.
        let mut seen: FxHashMap<Name, (Ident, bool)> = FxHashMap::default();
        for (at, item) in body.items.iter().enumerate() {
            let (ItemKind::Declare(_) | ItemKind::Fn(_) | ItemKind::Let(_)) = &item.kind else { continue };
            let Some(ident) = item.kind.declared() else { continue };
            let is_field = matches!(item.kind, ItemKind::Declare(_));
            match seen.get(&ident.name) {
                Some((first, true)) if is_field => self.diags.push(duplicate_field(ident, first.span)),
                Some((first, _)) => self.diags.push(duplicate_name(ident, first.span)),
                None => _ = seen.insert(ident.name, (ident, is_field)),
            }
            if let ItemKind::Fn(decl) = &item.kind {
                let annotations = read_annotations(&item.annotations, &mut self.diags);
                self.module.fns.push(function(ident, (item_index, Some(at)), schema, decl, annotations));
            }
        }
    }
}

fn function(
    ident: Ident,
    item: (usize, Option<usize>),
    schema: Option<SchemaId>,
    decl: &ast::FnDecl,
    annotations: Annotations,
) -> FnDecl {
    FnDecl {
        name: ident.name,
        span: ident.span,
        item,
        schema,
        generics: decl.generics.iter().map(|param| GenericDecl { name: param.name.name, bound: None }).collect(),
        params: Vec::new(),
        ret: None,
        is_extern: decl.body.is_none(),
        annotations,
    }
}

/// Two declarations of one field.
fn duplicate_field(second: Ident, first: Span) -> Diag {
    Diag::error(Code::DUPLICATE_FIELD, format!("field `{}` is declared twice", second.name))
        .at(second.span, "declared again here")
        .label(first, "first declared here")
}

/// Two declarations of one name.
pub(super) fn duplicate_name(second: Ident, first: Span) -> Diag {
    Diag::error(Code::DUPLICATE_NAME, format!("`{}` is declared twice", second.name))
        .at(second.span, "declared again here")
        .label(first, "first declared here")
}
