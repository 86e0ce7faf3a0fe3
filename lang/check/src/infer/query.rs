//! The queries: globals, functions, schemas, conditions, tests and single expressions.

use std::sync::Arc;

use forge_base::{Name, Severity, Span};
use forge_syntax::ast::{self, ItemKind};

use super::body::cx::{BodyCx, BodyMode, BodyTarget};
use super::cx::{Expectation, FrameKind, InferCx, OriginKind, This};
use super::db::{CheckDb, Query, QueryResult, QueryStack, checked_once, lock};
use super::output::Output;
use crate::decl::RefineDecl;
use crate::hir::{self, TestItem};
use crate::ids::{FnId, GlobalId, ModuleId, RefineId, RefineScope, SchemaId};
use crate::subtype;
use crate::ty::Ty;

/// A checked test.
#[derive(Debug)]
pub(crate) struct CheckedTest {
    /// The test.
    pub(crate) code: hir::Test,
    /// Diagnostics and uses, without those that `fails` captures.
    pub(crate) out: Output,
}

/// The value of a global.
fn check_global(db: &CheckDb, id: GlobalId, stack: QueryStack) -> QueryResult<hir::Global> {
    let mut cx = InferCx::new(db, id.module, stack);
    let decl = &cx.decls.module(id.module).globals[id.index as usize];
    cx.push_frame(FrameKind::Root);
    let item = cx.decls.ast(id.module).items.get(decl.item);
    let (value, written) = match item.map(|item| &item.kind) {
        Some(ItemKind::Set(set)) => (Some(&set.value), None),
        Some(ItemKind::Let(decl)) => (Some(&decl.value), decl.ty.as_ref()),
        Some(ItemKind::Declare(field)) => (field.value.as_ref(), Some(&field.ty)),
        Some(ItemKind::Input(input)) => (input.default.as_ref(), Some(&input.ty)),
        _ => (None, None),
    };
    let (value, ty) = match (value, &decl.ty) {
        (Some(value), Some(ty)) => {
            let span = written.map_or(decl.span, |ty| ty.span);
            let expected = Expectation::new(ty.clone(), span, OriginKind::Annotation(decl.name));
            (Some(cx.check(value, &expected)), ty.clone())
        }
        (Some(value), None) => {
            let (value, ty) = cx.infer_widened(value);
            (Some(value), cx.bounded(ty, decl.span))
        }
        // An input that may be null is optional.
        (None, Some(ty)) if subtype::is_nullable(cx.decls, ty) => (Some(null(decl.span)), ty.clone()),
        (None, ty) => (None, ty.clone().unwrap_or(Ty::Error)),
    };
    cx.record_ty(decl.span, &ty);
    let frame = cx.pop_frame();
    QueryResult::new(hir::Global { decl: decl.clone(), ty, value, slots: frame.slots }, cx.out)
}

/// The condition of a refinement.
fn check_condition(db: &CheckDb, id: RefineId, decl: &RefineDecl, stack: QueryStack) -> QueryResult<hir::Refinement> {
    let span = decl.cond.span;
    let mut cx = InferCx::new(db, id.module, stack);
    cx.push_frame(FrameKind::Root);
    cx.bind(Name::new("it"), span, decl.base.clone());
    let (cond, _) = cx.infer_condition(&decl.cond, "the condition of a type must be a `Bool`");
    let frame = cx.pop_frame();
    let out = std::mem::take(&mut cx.out);
    drop(cx);
    let text = Arc::from(db.decls.module(id.module).source.text.get(span.range()).unwrap_or(""));
    QueryResult::new(hir::Refinement { name: decl.name, cond, slots: frame.slots, text, span }, out)
}

/// A function or method.
fn check_fn(db: &CheckDb, id: FnId, stack: QueryStack) -> QueryResult<hir::Fn> {
    let mut cx = InferCx::new(db, id.module, stack);
    let decl = cx.decls.function(id);
    cx.generics = &decl.generics;
    if let Some(schema) = decl.schema {
        cx.push_frame(FrameKind::Body(This::Schema(schema)));
        if let Some(body) = schema_ast(&cx, schema) {
            cx.borrow_lets(&body.body.items);
        }
        cx.set_frame_level();
    }
    cx.push_frame(FrameKind::Call);
    let tree = cx.fn_ast(id);
    let mut params = Vec::with_capacity(decl.params.len());
    for (index, param) in decl.params.iter().enumerate() {
        let default = tree.and_then(|tree| tree.params.get(index)).and_then(|param| param.default.as_ref());
        let default = default.map(|default| {
            let expected = Expectation::new(param.ty.clone(), param.span, OriginKind::Param(param.name));
            cx.check(default, &expected)
        });
        // Defaults may use preceding parameters, so each parameter is bound after its default is checked.
        let span = tree.and_then(|tree| tree.params.get(index)).map_or(param.span, |param| param.name.span);
        cx.bind(param.name, span, param.ty.clone());
        params.push(hir::Param { name: param.name, ty: param.ty.clone(), default });
    }
    let (body, ret) = fn_body(&mut cx, tree, decl.ret.as_ref());
    let frame = cx.pop_frame();
    let code = hir::Fn { name: decl.name, span: decl.span, params, ret, slots: frame.slots, body };
    QueryResult::new(code, cx.out)
}

fn fn_body<'a>(cx: &mut InferCx<'a>, tree: Option<&'a ast::FnDecl>, ret: Option<&Ty>) -> (Option<hir::Expr>, Ty) {
    let Some(body) = tree.and_then(|tree| tree.body.as_ref()) else {
        return (None, ret.cloned().unwrap_or(Ty::Error));
    };
    match ret {
        Some(ret) => {
            let span = tree.and_then(|tree| tree.ret.as_ref()).map_or(body.span, |ty| ty.span);
            (Some(cx.check(body, &InferCx::result_expectation(ret.clone(), span))), ret.clone())
        }
        None => {
            let (value, ty) = cx.infer_widened(body);
            (Some(value), cx.bounded(ty, body.span))
        }
    }
}

/// The syntax tree of a schema.
fn schema_ast<'a>(cx: &InferCx<'a>, id: SchemaId) -> Option<&'a ast::SchemaDecl> {
    let decls = cx.decls;
    match &decls.ast(id.module).items.get(decls.schema(id).item)?.kind {
        ItemKind::Schema(schema) => Some(schema),
        _ => None,
    }
}

/// A schema's own body and checks.
fn check_schema(db: &CheckDb, id: SchemaId) -> QueryResult<hir::Schema> {
    let decl = &db.decls.module(id.module).schemas[id.index as usize];
    let mut cx = InferCx::new(db, id.module, QueryStack::new(Query::Schema(id)));
    let mut body_cx = BodyCx::new(BodyTarget::Schema(id), Ty::Schema(id), BodyMode::Schema);
    let mut items = Vec::new();
    let mut checks = Vec::new();
    cx.push_frame(FrameKind::Body(This::Schema(id)));
    let mut span = decl.span;
    if let Some(tree) = schema_ast(&cx, id) {
        span = tree.body.span;
        cx.check_duplicates(&tree.body.items);
        cx.declare_lets(&tree.body.items);
        cx.set_frame_level();
        cx.body_items(&tree.body.items, &mut body_cx, &mut items);
        cx.check_items(&tree.body.items, &mut checks);
        cx.finish_lets(0);
    }
    let frame = cx.pop_frame();
    let body = Arc::new(hir::Body::new(items, frame.lets, frame.slots, span, hir::BodyTarget::Schema(id)));
    let code = hir::Schema { decl: decl.clone(), body, checks };
    QueryResult { is_broken: body_cx.is_broken, ..QueryResult::new(code, cx.out) }
}

/// A test.
pub(crate) fn check_test(db: &CheckDb, module: ModuleId, item: usize, test: &ast::TestDecl) -> CheckedTest {
    let mut cx = InferCx::new(db, module, QueryStack::new(Query::Test(module, item as u32)));
    cx.push_frame(FrameKind::Root);
    cx.declare_lets(&test.body.items);
    cx.set_frame_level();
    let items = test_items(&mut cx, &test.body.items);
    cx.finish_lets(0);
    let frame = cx.pop_frame();
    let code =
        hir::Test { name: Arc::from(&*test.name), span: test.name_span, slots: frame.slots, lets: frame.lets, items };
    CheckedTest { code, out: cx.out }
}

/// The items of a test, or of a loop in it.
fn test_items<'a>(cx: &mut InferCx<'a>, items: &'a [ast::Item]) -> Vec<TestItem> {
    let mut out = Vec::new();
    for item in items {
        match &item.kind {
            ItemKind::Assert(check) => {
                let check = cx.assertion(check, item.span, Severity::Error);
                out.push(TestItem::Assert(check));
            }
            ItemKind::Fails(fails) => {
                let outer = std::mem::take(&mut cx.out.diags);
                let (operand, _) = cx.infer(&fails.operand);
                let found = std::mem::replace(&mut cx.out.diags, outer);
                let with = fails
                    .with
                    .as_ref()
                    .map(|with| cx.check_required(with, Ty::Str, "the expected message must be a `String`"));
                out.push(TestItem::Fails { found, operand, with, span: item.span });
            }
            ItemKind::Snapshot(value) => {
                let source = &cx.decls.module(cx.module).source;
                let text = Arc::from(source.text.get(value.span.range()).unwrap_or(""));
                let (value, ty) = cx.infer(value);
                if subtype::holds_secret(cx.decls, &ty) {
                    cx.report(crate::diagnostics::secret_leak(value.span, "Any"));
                }
                out.push(TestItem::Snapshot { value, text, span: item.span });
            }
            ItemKind::For(walk) => {
                let (head, (items, lets)) = cx.for_loop(&walk.head, |cx| {
                    let first = cx.locals.len();
                    cx.declare_lets(&walk.body.items);
                    let items = test_items(cx, &walk.body.items);
                    cx.finish_lets(first);
                    (items, std::mem::take(&mut cx.frame().lets))
                });
                out.push(TestItem::For { head: Box::new(head), lets, items });
            }
            _ => {}
        }
    }
    out
}

fn null(span: Span) -> hir::Expr {
    hir::Expr { kind: hir::ExprKind::Const(hir::Const::Null), span }
}

impl CheckDb {
    /// The value of a global. `stack` creates the stack for its query if it has to run.
    pub(crate) fn global(
        &self,
        id: GlobalId,
        stack: impl FnOnce(Query) -> QueryStack,
    ) -> Arc<QueryResult<hir::Global>> {
        let cell = &self.module(id.module).globals[id.index as usize];
        checked_once(cell, || check_global(self, id, stack(Query::Global(id))))
    }

    /// A function or method.
    pub(crate) fn function(&self, id: FnId, stack: impl FnOnce(Query) -> QueryStack) -> Arc<QueryResult<hir::Fn>> {
        let cell = &self.module(id.module).fns[id.index as usize];
        checked_once(cell, || check_fn(self, id, stack(Query::Fn(id))))
    }

    /// The own body of a schema.
    pub(crate) fn schema(&self, id: SchemaId) -> Arc<QueryResult<hir::Schema>> {
        let cell = &self.module(id.module).schemas[id.index as usize];
        checked_once(cell, || check_schema(self, id))
    }

    /// The condition of a refinement in a declaration, without a caller.
    pub(crate) fn declared_condition(&self, id: RefineId, decl: &RefineDecl) -> Arc<QueryResult<hir::Refinement>> {
        let cell = &self.module(id.module).conditions[id.index as usize];
        checked_once(cell, || check_condition(self, id, decl, QueryStack::new(Query::Condition(id))))
    }

    /// The condition of a refinement, for a caller `depth` expressions deep; `None` while it is on the stack itself.
    pub(crate) fn condition(
        &self,
        id: RefineId,
        stack: &QueryStack,
        depth: u32,
    ) -> Option<Arc<QueryResult<hir::Refinement>>> {
        let query = Query::Condition(id);
        let cells = self.module(id.module);
        if let RefineScope::Declarations = id.scope {
            let cell = &cells.conditions[id.index as usize];
            let decl = &self.decls.module(id.module).refinements[id.index as usize];
            if cell.get().is_none() && stack.cycle_from(query).is_some() {
                return None;
            }
            return Some(checked_once(cell, || check_condition(self, id, decl, stack.with(query, depth))));
        }
        let decl = match lock(&cells.local_refinements).get(&id)? {
            (_, Some(result)) => return Some(result.clone()),
            (decl, None) => decl.clone(),
        };
        if stack.cycle_from(query).is_some() {
            return None;
        }
        let result = Arc::new(check_condition(self, id, &decl, stack.with(query, depth)));
        let mut local = lock(&cells.local_refinements);
        Some(local.get_mut(&id)?.1.get_or_insert(result).clone())
    }
}
