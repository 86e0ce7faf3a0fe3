//! Assembles a module from its queries.

use std::sync::Arc;

use forge_base::{Diag, Name};
use forge_syntax::ast::ItemKind;

use super::db::{CheckDb, Query, QueryStack};
use super::query::{self, CheckedTest};
use super::{InferCx, Output};
use crate::decl::{Decls, ModuleDecls, SchemaDecl};
use crate::hir::{self, GlobalKind, SchemaRole, TestItem};
use crate::ids::{AliasId, FnId, GlobalId, ModuleId, RefineId, SchemaId};
use crate::lint::{self, Uses};
use crate::noise;
use crate::required_fields;
use crate::subtype;
use crate::ty::Ty;

/// A checked module.
#[derive(Debug)]
pub(crate) struct CheckedModule {
    /// The module.
    pub(crate) code: hir::Module,
    /// Errors and warnings.
    pub(crate) diags: Vec<Diag>,
    /// Uses of names.
    pub(crate) uses: Uses,
    /// Types of expressions, if facts are collected.
    pub(crate) types: Vec<(forge_base::Span, Ty)>,
}

/// Runs all queries of a module.
pub(crate) fn build(db: &CheckDb, id: ModuleId) -> CheckedModule {
    let decls = db.decls.module(id);
    let mut builder =
        ModuleBuilder { db, decls, diags: Vec::new(), lints: Vec::new(), uses: Uses::default(), types: Vec::new() };
    let globals = builder.globals(id);
    let fns = builder.fns(id);
    let schemas = builder.schemas(id);
    let aliases = aliases(decls, id);
    let tests = builder.tests(id);
    let refinements = builder.refinements(id);
    let code = hir::Module {
        id,
        path: decls.source.path,
        file: decls.source.file,
        globals,
        fns,
        schemas,
        aliases,
        refinements,
        tests,
    };
    let ModuleBuilder { mut diags, lints, uses, types, .. } = builder;
    let mut found = Vec::new();
    lint::lint_uses(&db.decls, id, &uses, &mut found);
    if !decls.source.has_syntax_errors && !decls.has_errors && !diags.iter().chain(&found).any(Diag::is_error) {
        lint::lint_names(&db.decls, id, &uses, lints, &mut found);
    }
    found.into_iter().for_each(|diag| noise::keep(&mut diags, diag));
    CheckedModule { code, diags, uses, types }
}

struct ModuleBuilder<'a> {
    db: &'a CheckDb,
    decls: &'a ModuleDecls,
    diags: Vec<Diag>,
    lints: Vec<Diag>,
    uses: Uses,
    types: Vec<(forge_base::Span, Ty)>,
}

impl ModuleBuilder<'_> {
    fn take(&mut self, out: &Output) {
        out.diags.iter().for_each(|diag| noise::keep(&mut self.diags, diag.clone()));
        self.lints.extend(out.lints.iter().cloned());
        self.uses.extend(out.uses.clone());
        self.types.extend(out.types.iter().cloned());
    }

    /// Whether the module has so many errors that the rest is not checked. It is not evaluated then.
    fn is_full(&self) -> bool {
        noise::is_full(&self.diags)
    }

    /// Reports the literals in a checked expression that lack required fields.
    fn check_complete(&mut self, expr: &hir::Expr) {
        let bodies = bodies(self.db);
        required_fields::check_expr(&self.db.decls, &bodies, expr, &mut self.diags);
    }

    fn globals(&mut self, module: ModuleId) -> Vec<hir::Global> {
        let mut globals = Vec::with_capacity(self.decls.globals.len());
        for (index, decl) in self.decls.globals.iter().enumerate() {
            if self.is_full() {
                break;
            }
            let query = self.db.global(GlobalId { module, index: index as u32 }, QueryStack::new);
            self.take(&query.out);
            if let Some(value) = &query.value {
                self.check_complete(value);
            }
            let item = self.decls.source.ast.items.get(decl.item);
            globals.push(hir::Global {
                name: decl.name,
                span: decl.span,
                kind: match item.map(|item| &item.kind) {
                    Some(ItemKind::Let(_)) => GlobalKind::Let,
                    Some(ItemKind::Input(_)) => GlobalKind::Input,
                    _ => GlobalKind::Field,
                },
                ty: query.ty.clone(),
                value: query.value.clone(),
                slots: query.slots,
                doc: item.and_then(|item| item.doc.as_ref()).map(|doc| Arc::from(&*doc.text)),
            });
        }
        globals
    }

    fn fns(&mut self, module: ModuleId) -> Vec<hir::Fn> {
        let mut fns = Vec::with_capacity(self.decls.fns.len());
        for index in 0..self.decls.fns.len() as u32 {
            if self.is_full() {
                break;
            }
            let query = self.db.function(FnId { module, index }, QueryStack::new);
            self.take(&query.out);
            for default in query.code.params.iter().filter_map(|param| param.default.as_ref()) {
                self.check_complete(default);
            }
            if let Some(body) = &query.code.body {
                self.check_complete(body);
            }
            fns.push(query.code.clone());
        }
        fns
    }

    fn schemas(&mut self, module: ModuleId) -> Vec<hir::Schema> {
        let mut schemas = Vec::with_capacity(self.decls.schemas.len());
        for (index, decl) in self.decls.schemas.iter().enumerate() {
            if self.is_full() {
                break;
            }
            let id = SchemaId { module, index: index as u32 };
            let query = self.db.schema(id);
            self.take(&query.out);
            let bodies = bodies(self.db);
            required_fields::check_schema_body(&self.db.decls, &bodies, &query.body, &mut self.diags);
            for check in &query.checks {
                self.check_complete(&check.cond);
            }
            let cx = InferCx::new(self.db, module, QueryStack::new(Query::Other(decl.span)));
            let methods = decl.methods.iter().map(|(name, id, layer)| hir::Method {
                name: *name,
                code: (!self.db.decls.function(*id).is_extern).then_some((*id, *layer)),
            });
            let item = self.decls.source.ast.items.get(decl.item);
            schemas.push(hir::Schema {
                id,
                name: decl.name,
                span: decl.span,
                parent: decl.parent,
                ancestors: decl.ancestors.clone(),
                is_abstract: decl.is_abstract,
                is_open: decl.is_open,
                role: role_of(&self.db.decls, decl),
                fields: decl.fields.iter().map(|field| field_of(&cx, field)).collect(),
                by_name: decl.by_name.clone(),
                body: query.body.clone(),
                checks: query.checks.clone(),
                methods: methods.collect(),
                validations: decl.annotations.validations.clone(),
                doc: item.and_then(|item| item.doc.as_ref()).map(|doc| Arc::from(&*doc.text)),
            });
        }
        schemas
    }

    /// Conditions of declarations and of bodies. An unused id has a condition that is always true.
    fn refinements(&mut self, module: ModuleId) -> Vec<hir::Refinement> {
        let declared = self.decls.refinements.len() as u32;
        let mut refinements = Vec::new();
        let whole = QueryStack::new(Query::Other(self.decls.source.ast.span));
        for index in 0..self.db.refinement_count(module) {
            let id = RefineId { module, index };
            let (Some(decl), Some(query)) = (self.db.refinement(id), self.db.condition(id, &whole, 0)) else {
                refinements.push(unused_refinement(id, self.decls));
                continue;
            };
            if index < declared {
                self.take(&query.out);
            }
            let text = self.decls.source.text.get(decl.cond.span.range()).unwrap_or("");
            refinements.push(hir::Refinement {
                id,
                name: decl.name,
                base: decl.base.clone(),
                cond: query.value.clone().unwrap_or(super::expr::constant(hir::Const::Bool(true), decl.cond.span)),
                slots: query.slots,
                text: Arc::from(text),
                span: decl.cond.span,
            });
        }
        refinements
    }

    fn tests(&mut self, module: ModuleId) -> Vec<hir::Test> {
        let mut tests = Vec::new();
        for item in &self.decls.source.ast.items {
            let ItemKind::Test(test) = &item.kind else { continue };
            let CheckedTest { mut code, out } = query::check_test(self.db, module, test);
            self.take(&out);
            code.lets.iter().for_each(|decl| self.check_complete(&decl.value));
            for item in &mut code.items {
                match item {
                    TestItem::Assert(check) => self.check_complete(&check.cond),
                    TestItem::Fails { found, operand, .. } => {
                        let bodies = bodies(self.db);
                        required_fields::check_expr(&self.db.decls, &bodies, operand, found);
                    }
                    TestItem::Snapshot { value, .. } => self.check_complete(value),
                }
            }
            tests.push(code);
        }
        tests
    }
}

/// The bodies of schemas without errors.
pub(crate) fn bodies(db: &CheckDb) -> impl Fn(SchemaId) -> Option<Arc<hir::Body>> + Sync + '_ {
    |id| {
        let query = db.schema(id);
        (!query.is_broken).then(|| query.body.clone())
    }
}

fn aliases(decls: &ModuleDecls, module: ModuleId) -> Vec<hir::Alias> {
    let aliases = decls.aliases.iter().enumerate().map(|(index, decl)| hir::Alias {
        id: AliasId { module, index: index as u32 },
        name: decl.name,
        span: decl.span,
        ty: decl.ty.clone(),
        doc: decls.source.ast.items.get(decl.item).and_then(|item| item.doc.as_ref()).map(|doc| Arc::from(&*doc.text)),
    });
    aliases.collect()
}

fn unused_refinement(id: RefineId, decls: &ModuleDecls) -> hir::Refinement {
    let span = decls.source.ast.span;
    let cond = super::expr::constant(hir::Const::Bool(true), span);
    hir::Refinement { id, name: None, base: Ty::Any, cond, slots: 1, text: Arc::from("true"), span }
}

/// What a build does with the objects of a schema.
fn role_of(decls: &Decls, schema: &SchemaDecl) -> SchemaRole {
    let has = |name: &str| schema.by_name.contains_key(&Name::new(name));
    let is_tree = |id: &SchemaId| {
        decls.schema(*id).name.as_str() == "Tree" && decls.module(id.module).source.path.as_str() == "std.output"
    };
    if has("apiVersion") && has("kind") {
        SchemaRole::Resource
    } else if schema.ancestors.iter().any(is_tree) {
        SchemaRole::FileTree
    } else {
        SchemaRole::Plain
    }
}

fn field_of(cx: &InferCx<'_>, field: &crate::decl::FieldDecl) -> hir::Field {
    let needs_verify = field.is_narrowed || has_whole_condition(cx, &field.ty, 0);
    hir::Field {
        name: field.name,
        span: field.span,
        ty: field.ty.clone(),
        nullable: subtype::is_nullable(cx.decls, &field.ty),
        fresh: cx.fresh_shape(&field.ty),
        verify: needs_verify.then(|| field.ty.clone()),
        validations: field.annotations.validations.clone(),
        doc: field.doc.clone(),
    }
}

/// Whether a type has a condition on a value that refinements change in parts.
fn has_whole_condition(cx: &InferCx<'_>, ty: &Ty, depth: u32) -> bool {
    if depth > 32 {
        return false;
    }
    let inner = |ty: &Ty| has_whole_condition(cx, ty, depth + 1);
    match ty {
        Ty::Alias(id) => inner(&cx.decls.alias(*id).ty),
        Ty::Refined(refined) => {
            let base = cx.unfold(&refined.base);
            let is_whole = matches!(
                base,
                Ty::List(_) | Ty::Keyed(_) | Ty::Map(_) | Ty::Record(_) | Ty::Schema(_) | Ty::Any | Ty::Union(_)
            );
            is_whole || inner(&refined.base)
        }
        Ty::Union(members) => members.iter().any(inner),
        Ty::List(item) => inner(item),
        Ty::Keyed(keyed) => inner(&keyed.item),
        Ty::Map(pair) => inner(&pair.1),
        Ty::Record(fields) => fields.iter().any(|(_, ty)| inner(ty)),
        _ => false,
    }
}
