//! Assembles a module from its queries.

use std::sync::Arc;

use forge_base::Diag;
use forge_syntax::ast::ItemKind;

use super::db::{CheckDb, QueryStack};
use super::output::Output;
use super::query::{self, CheckedTest};
use crate::decl::ModuleDecls;
use crate::hir::{self, TestItem};
use crate::ids::{FnId, GlobalId, ModuleId, RefineId, RefineScope, SchemaId};
use crate::limit;
use crate::lint;
use crate::reference::Uses;
use crate::required_fields;
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
    let tests = builder.tests(id);
    let refinements = builder.refinements(id);
    let code = hir::Module {
        id,
        path: decls.source.path,
        file: decls.source.file,
        globals,
        fns,
        schemas,
        aliases: decls.aliases.clone(),
        refinements,
        local_refinements: db.local_refinements(id),
        tests,
    };
    let ModuleBuilder { mut diags, lints, uses, types, .. } = builder;
    lint::waive_warnings(&decls.source.ast, &mut diags);
    let mut found = Vec::new();
    lint::lint_uses(&db.decls, id, &uses, &mut found);
    if !decls.source.has_syntax_errors && !decls.has_errors && !diags.iter().chain(&found).any(Diag::is_error) {
        lint::lint_names(&db.decls, id, &uses, lints, &mut found);
    }
    found.into_iter().for_each(|diag| limit::keep(&mut diags, diag));
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
        out.diags.iter().for_each(|diag| limit::keep(&mut self.diags, diag.clone()));
        self.lints.extend(out.lints.iter().cloned());
        self.uses.extend(out.uses.clone());
        self.types.extend(out.types.iter().cloned());
    }

    /// Whether the module has so many errors that the rest is not checked. It is not evaluated then.
    fn is_full(&self) -> bool {
        limit::is_full(&self.diags)
    }

    /// Reports the literals in a checked expression that lack required fields.
    fn check_complete(&mut self, expr: &hir::Expr) {
        let bodies = bodies(self.db);
        required_fields::check_expr(&self.db.decls, &bodies, expr, &mut self.diags);
    }

    fn globals(&mut self, module: ModuleId) -> Vec<Arc<hir::Global>> {
        let mut globals = Vec::with_capacity(self.decls.globals.len());
        for index in 0..self.decls.globals.len() as u32 {
            if self.is_full() {
                break;
            }
            let result = self.db.global(GlobalId { module, index }, QueryStack::new);
            self.take(&result.out);
            if let Some(value) = &result.code.value {
                self.check_complete(value);
            }
            globals.push(result.code.clone());
        }
        globals
    }

    fn fns(&mut self, module: ModuleId) -> Vec<Arc<hir::Fn>> {
        let mut fns = Vec::with_capacity(self.decls.fns.len());
        for index in 0..self.decls.fns.len() as u32 {
            if self.is_full() {
                break;
            }
            let result = self.db.function(FnId { module, index }, QueryStack::new);
            self.take(&result.out);
            for default in result.code.params.iter().filter_map(|param| param.default.as_ref()) {
                self.check_complete(default);
            }
            if let Some(body) = &result.code.body {
                self.check_complete(body);
            }
            fns.push(result.code.clone());
        }
        fns
    }

    fn schemas(&mut self, module: ModuleId) -> Vec<Arc<hir::Schema>> {
        let mut schemas = Vec::with_capacity(self.decls.schemas.len());
        for index in 0..self.decls.schemas.len() as u32 {
            if self.is_full() {
                break;
            }
            let result = self.db.schema(SchemaId { module, index });
            self.take(&result.out);
            let bodies = bodies(self.db);
            required_fields::check_schema_body(&self.db.decls, &bodies, &result.code.body, &mut self.diags);
            let mut checks = Vec::new();
            result.code.checks.iter().for_each(|item| item.visit(&mut |check| checks.push(check)));
            checks.into_iter().for_each(|check| self.check_complete(&check.cond));
            schemas.push(result.code.clone());
        }
        schemas
    }

    /// The conditions of refinements in declarations.
    fn refinements(&mut self, module: ModuleId) -> Vec<Arc<hir::Refinement>> {
        let mut refinements = Vec::with_capacity(self.decls.refinements.len());
        for (index, decl) in (0..).zip(&self.decls.refinements) {
            let id = RefineId { module, scope: RefineScope::Declarations, index };
            let result = self.db.declared_condition(id, decl);
            self.take(&result.out);
            refinements.push(result.code.clone());
        }
        refinements
    }

    fn check_test_items(&mut self, items: &mut [TestItem]) {
        for item in items {
            match item {
                TestItem::Assert(check) => self.check_complete(&check.cond),
                TestItem::Fails { found, operand, .. } => {
                    let bodies = bodies(self.db);
                    required_fields::check_expr(&self.db.decls, &bodies, operand, found);
                }
                TestItem::For { head, lets, items } => {
                    self.check_complete(&head.iter);
                    lets.iter().for_each(|decl| self.check_complete(&decl.value));
                    self.check_test_items(items);
                }
                TestItem::Snapshot { value, .. } => self.check_complete(value),
            }
        }
    }

    fn tests(&mut self, module: ModuleId) -> Vec<hir::Test> {
        let mut tests = Vec::new();
        for (index, item) in self.decls.source.ast.items.iter().enumerate() {
            let ItemKind::Test(test) = &item.kind else { continue };
            let CheckedTest { mut code, out } = query::check_test(self.db, module, index, test);
            self.take(&out);
            code.lets.iter().for_each(|decl| self.check_complete(&decl.value));
            self.check_test_items(&mut code.items);
            tests.push(code);
        }
        tests
    }
}

/// The bodies of schemas without errors.
fn bodies(db: &CheckDb) -> impl Fn(SchemaId) -> Option<Arc<hir::Body>> + Sync + '_ {
    |id| {
        let result = db.schema(id);
        (!result.is_broken).then(|| result.code.body.clone())
    }
}
