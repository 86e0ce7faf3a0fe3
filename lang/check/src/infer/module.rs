//! Puts the units of a module together.

use std::sync::Arc;

use forge_base::Diag;
use forge_syntax::ast::ItemKind;

use super::session::{Session, Trail, Unit};
use super::unit::{self, TestUnit};
use super::{Infer, Output};
use crate::decl::ModuleDecls;
use crate::hir::{self, GlobalKind, TestItem};
use crate::ids::{AliasId, FnId, GlobalId, ModuleId, RefineId, SchemaId};
use crate::lint::{self, Uses};
use crate::missing;
use crate::noise;
use crate::relate;
use crate::ty::Ty;

/// A module as it is checked.
#[derive(Debug)]
pub(crate) struct Built {
    /// The module.
    pub(crate) code: hir::Module,
    /// Errors and warnings.
    pub(crate) diags: Vec<Diag>,
    /// References.
    pub(crate) uses: Uses,
    /// Types of expressions, if they are wanted.
    pub(crate) types: Vec<(forge_base::Span, Ty)>,
}

/// Checks all units of a module.
pub(crate) fn build(session: &Session, id: ModuleId) -> Built {
    let decls = session.decls.module(id);
    let mut builder =
        Builder { session, decls, diags: Vec::new(), lints: Vec::new(), uses: Uses::default(), types: Vec::new() };
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
    let Builder { mut diags, lints, uses, types, .. } = builder;
    let mut found = Vec::new();
    lint::lint_uses(&session.decls, id, &uses, &mut found);
    if !decls.source.has_syntax_errors && !decls.has_errors && !diags.iter().chain(&found).any(Diag::is_error) {
        lint::lint_names(&session.decls, id, &uses, lints, &mut found);
    }
    found.into_iter().for_each(|diag| noise::keep(&mut diags, diag));
    Built { code, diags, uses, types }
}

struct Builder<'a> {
    session: &'a Session,
    decls: &'a ModuleDecls,
    diags: Vec<Diag>,
    lints: Vec<Diag>,
    uses: Uses,
    types: Vec<(forge_base::Span, Ty)>,
}

impl Builder<'_> {
    fn take(&mut self, out: &Output) {
        out.diags.iter().for_each(|diag| noise::keep(&mut self.diags, diag.clone()));
        self.lints.extend(out.lints.iter().cloned());
        self.uses.extend(out.uses.clone());
        self.types.extend(out.types.iter().cloned());
    }

    /// Whether so much is wrong that the rest of the module is not looked at. Nothing of it is evaluated then.
    fn is_full(&self) -> bool {
        noise::is_full(&self.diags)
    }

    /// Reports the literals in a finished expression that lack required fields.
    fn check_complete(&mut self, expr: &hir::Expr) {
        let bodies = bodies(self.session);
        missing::check_expr(&self.session.decls, &bodies, expr, &mut self.diags);
    }

    fn globals(&mut self, module: ModuleId) -> Vec<hir::Global> {
        let mut globals = Vec::with_capacity(self.decls.globals.len());
        for (index, decl) in self.decls.globals.iter().enumerate() {
            if self.is_full() {
                break;
            }
            let unit = self.session.global(GlobalId { module, index: index as u32 }, Trail::new);
            self.take(&unit.out);
            if let Some(value) = &unit.value {
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
                ty: unit.ty.clone(),
                value: unit.value.clone(),
                slots: unit.slots,
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
            let unit = self.session.function(FnId { module, index }, Trail::new);
            self.take(&unit.out);
            for default in unit.code.params.iter().filter_map(|param| param.default.as_ref()) {
                self.check_complete(default);
            }
            if let Some(body) = &unit.code.body {
                self.check_complete(body);
            }
            fns.push(unit.code.clone());
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
            let unit = self.session.schema(id);
            self.take(&unit.out);
            let bodies = bodies(self.session);
            missing::check_schema_body(&self.session.decls, &bodies, &unit.body, &mut self.diags);
            for check in &unit.checks {
                self.check_complete(&check.cond);
            }
            let cx = Infer::new(self.session, module, Trail::new(Unit::Other(decl.span)));
            let methods = decl.methods.iter().map(|(name, id, place)| hir::Method {
                name: *name,
                code: (!self.session.decls.function(*id).is_bodiless).then_some((*id, *place)),
            });
            let item = self.decls.source.ast.items.get(decl.item);
            schemas.push(hir::Schema {
                id,
                name: decl.name,
                span: decl.span,
                parent: decl.parent,
                lineage: decl.lineage.clone(),
                is_abstract: decl.is_abstract,
                is_open: decl.is_open,
                fields: decl.fields.iter().map(|field| field_of(&cx, field)).collect(),
                by_name: decl.by_name.clone(),
                body: unit.body.clone(),
                checks: unit.checks.clone(),
                methods: methods.collect(),
                validations: decl.marks.validations.clone(),
                doc: item.and_then(|item| item.doc.as_ref()).map(|doc| Arc::from(&*doc.text)),
            });
        }
        schemas
    }

    /// Conditions of declarations and of bodies. A place that nobody uses has a condition that always holds.
    fn refinements(&mut self, module: ModuleId) -> Vec<hir::Refinement> {
        let declared = self.decls.refinements.len() as u32;
        let mut refinements = Vec::new();
        let whole = Trail::new(Unit::Other(self.decls.source.ast.span));
        for index in 0..self.session.refinement_count(module) {
            let id = RefineId { module, index };
            let (Some(decl), Some(unit)) = (self.session.refinement(id), self.session.condition(id, &whole, 0)) else {
                refinements.push(unused_refinement(id, self.decls));
                continue;
            };
            if index < declared {
                self.take(&unit.out);
            }
            let text = self.decls.source.text.get(decl.cond.span.range()).unwrap_or("");
            refinements.push(hir::Refinement {
                id,
                name: decl.name,
                base: decl.base.clone(),
                cond: unit.value.clone().unwrap_or(super::expr::constant(hir::Const::Bool(true), decl.cond.span)),
                slots: unit.slots,
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
            let TestUnit { mut code, out } = unit::check_test(self.session, module, test);
            self.take(&out);
            code.lets.iter().for_each(|decl| self.check_complete(&decl.value));
            for item in &mut code.items {
                match item {
                    TestItem::Assert(check) => self.check_complete(&check.cond),
                    TestItem::Fails { found, operand, .. } => {
                        let bodies = bodies(self.session);
                        missing::check_expr(&self.session.decls, &bodies, operand, found);
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
pub(crate) fn bodies(session: &Session) -> impl Fn(SchemaId) -> Option<Arc<hir::Body>> + Sync + '_ {
    |id| {
        let unit = session.schema(id);
        (!unit.is_broken).then(|| unit.body.clone())
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

fn field_of(cx: &Infer<'_>, field: &crate::decl::FieldDecl) -> hir::Field {
    let needs_verify = field.is_narrowed || has_whole_condition(cx, &field.ty, 0);
    hir::Field {
        name: field.name,
        span: field.span,
        ty: field.ty.clone(),
        nullable: relate::is_nullable(cx.decls, &field.ty),
        fresh: cx.fresh_shape(&field.ty),
        verify: needs_verify.then(|| field.ty.clone()),
        validations: field.marks.validations.clone(),
        doc: field.doc.clone(),
    }
}

/// Whether a type has a condition on something that refinements change piece by piece.
fn has_whole_condition(cx: &Infer<'_>, ty: &Ty, depth: u32) -> bool {
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
