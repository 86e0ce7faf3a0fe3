//! The own names of a module: ids for everything, types still unknown.

use forge_base::{Code, Diag, Name, Span};
use forge_syntax::ast::{self, Ident, ItemKind};
use rustc_hash::FxHashMap;

use super::marks::read_marks;
use crate::Source;
use crate::decl::{AliasDecl, Def, FnDecl, GlobalDecl, Marks, ModuleDecls, SchemaDecl};
use crate::ids::{AliasId, FnId, GlobalId, SchemaId};
use crate::lint::Uses;
use crate::ty::Ty;

/// Declares the items of one module.
pub(super) fn declare(source: &Source) -> (ModuleDecls, Vec<Diag>) {
    let module = ModuleDecls {
        source: source.clone(),
        scope: FxHashMap::default(),
        places: FxHashMap::default(),
        globals: Vec::new(),
        fns: Vec::new(),
        schemas: Vec::new(),
        aliases: Vec::new(),
        refinements: Vec::new(),
        uses: Uses::default(),
        has_errors: false,
    };
    let mut cx = Declare { module, diags: Vec::new() };
    let tree = source.ast.clone();
    for (place, item) in tree.items.iter().enumerate() {
        let marks = read_marks(&item.annotations, &mut cx.diags);
        cx.item(place, &item.kind, marks);
    }
    for (place, item) in tree.items.iter().enumerate() {
        if let ItemKind::Schema(schema) = &item.kind {
            cx.methods(place, &schema.body);
        }
    }
    cx.tests(&tree);
    (cx.module, cx.diags)
}

struct Declare {
    module: ModuleDecls,
    diags: Vec<Diag>,
}

impl Declare {
    fn item(&mut self, place: usize, kind: &ItemKind, marks: Marks) {
        match kind {
            ItemKind::Type(decl) => self.alias(place, decl, marks),
            ItemKind::Schema(decl) => self.schema(place, decl, marks),
            ItemKind::Fn(decl) => self.function(place, decl, marks),
            ItemKind::Let(_) | ItemKind::Input(_) | ItemKind::Declare(_) | ItemKind::Set(_) => {
                self.global(place, kind.declared(), marks);
            }
            _ => {}
        }
    }

    /// Binds a name unless it is taken, which is reported; says whether it was free.
    fn bind(&mut self, ident: Ident, def: Def) {
        if ident.name.as_str().is_empty() {
            return;
        }
        if let Some(first) = self.module.places.get(&ident.name) {
            self.diags.push(twice(ident, *first));
            return;
        }
        self.module.places.insert(ident.name, ident.span);
        self.module.scope.insert(ident.name, def);
    }

    fn global(&mut self, item: usize, name: Option<Ident>, marks: Marks) {
        let Some(ident) = name else { return };
        let id = GlobalId { module: self.module.source.id, index: self.module.globals.len() as u32 };
        self.module.globals.push(GlobalDecl { name: ident.name, span: ident.span, item, ty: None, marks });
        self.bind(ident, Def::Global(id));
    }

    fn alias(&mut self, item: usize, decl: &ast::TypeDecl, marks: Marks) {
        let Some(ident) = decl.name else { return };
        let id = AliasId { module: self.module.source.id, index: self.module.aliases.len() as u32 };
        self.module.aliases.push(AliasDecl { name: ident.name, span: ident.span, item, ty: Ty::Error, marks });
        self.bind(ident, Def::Alias(id));
    }

    fn function(&mut self, item: usize, decl: &ast::FnDecl, marks: Marks) {
        let Some(ident) = decl.name else { return };
        let id = FnId { module: self.module.source.id, index: self.module.fns.len() as u32 };
        if decl.body.is_none() && !self.module.source.is_std {
            self.diags.push(
                Diag::error(Code::MISSING_VALUE, format!("`{}` has no body", ident.name))
                    .at(ident.span, "a function needs `= value` behind its parameters"),
            );
        }
        self.module.fns.push(function(ident, (item, None), None, decl, marks));
        self.bind(ident, Def::Fn(id));
    }

    fn schema(&mut self, item: usize, decl: &ast::SchemaDecl, marks: Marks) {
        let Some(ident) = decl.name else { return };
        let id = SchemaId { module: self.module.source.id, index: self.module.schemas.len() as u32 };
        self.module.schemas.push(SchemaDecl {
            name: ident.name,
            span: ident.span,
            item,
            parent: None,
            lineage: vec![id],
            is_abstract: decl.abstract_.is_some(),
            is_open: decl.open.is_some(),
            fields: Vec::new(),
            by_name: FxHashMap::default(),
            methods: Vec::new(),
            marks,
        });
        self.bind(ident, Def::Schema(id));
    }

    /// Snapshots and `--filter` know tests by their names.
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

    /// The methods of a schema, and names that its body declares twice.
    fn methods(&mut self, place: usize, body: &ast::Body) {
        let schema = self.module.schemas.binary_search_by_key(&place, |schema| schema.item).ok();
        let schema = schema.map(|index| SchemaId { module: self.module.source.id, index: index as u32 });
        // With whether it is a field.
        let mut seen: FxHashMap<Name, (Ident, bool)> = FxHashMap::default();
        for (at, item) in body.items.iter().enumerate() {
            let (ItemKind::Declare(_) | ItemKind::Fn(_) | ItemKind::Let(_)) = &item.kind else { continue };
            let Some(ident) = item.kind.declared() else { continue };
            let is_field = matches!(item.kind, ItemKind::Declare(_));
            match seen.get(&ident.name) {
                Some((first, true)) if is_field => self.diags.push(field_twice(ident, first.span)),
                Some((first, _)) => self.diags.push(twice(ident, first.span)),
                None => _ = seen.insert(ident.name, (ident, is_field)),
            }
            if let ItemKind::Fn(decl) = &item.kind {
                let marks = read_marks(&item.annotations, &mut self.diags);
                self.module.fns.push(function(ident, (place, Some(at)), schema, decl, marks));
            }
        }
    }
}

fn function(
    ident: Ident,
    item: (usize, Option<usize>),
    schema: Option<SchemaId>,
    decl: &ast::FnDecl,
    marks: Marks,
) -> FnDecl {
    FnDecl {
        name: ident.name,
        span: ident.span,
        item,
        schema,
        generics: decl.generics.iter().map(|generic| generic.name).collect(),
        params: Vec::new(),
        ret: None,
        is_bodiless: decl.body.is_none(),
        marks,
    }
}

/// Two declarations of one field.
fn field_twice(second: Ident, first: Span) -> Diag {
    Diag::error(Code::DUPLICATE_FIELD, format!("field `{}` is declared twice", second.name))
        .at(second.span, "declared again here")
        .label(first, "first declared here")
}

/// Two declarations of one name.
pub(super) fn twice(second: Ident, first: Span) -> Diag {
    Diag::error(Code::DUPLICATE_NAME, format!("`{}` is declared twice", second.name))
        .at(second.span, "declared again here")
        .label(first, "first declared here")
}
