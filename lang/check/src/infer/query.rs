//! The queries: globals, functions, schemas, conditions, tests and single expressions.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind};

use super::body::{BodyCx, BodyMode, BodyTarget};
use super::db::{CheckDb, CheckedFn, CheckedSchema, CheckedValue, Query, QueryStack};
use super::scope::{FrameKind, This};
use super::{Expectation, InferCx, OriginKind, Output};
use crate::decl::RefineDecl;
use crate::hir::{self, TestItem};
use crate::ids::{FnId, GlobalId, ModuleId, RefineId, SchemaId};
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
pub(crate) fn check_global(db: &CheckDb, id: GlobalId, stack: QueryStack) -> CheckedValue {
    let mut cx = InferCx::new(db, id.module, stack);
    let decl = cx.decls.global(id);
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
    cx.note_ty(decl.span, &ty);
    let frame = cx.pop_frame();
    CheckedValue { ty, value, slots: frame.slots, out: cx.out }
}

/// The condition of a refinement.
pub(crate) fn check_condition(db: &CheckDb, id: RefineId, decl: &RefineDecl, stack: QueryStack) -> CheckedValue {
    let mut cx = InferCx::new(db, id.module, stack);
    cx.push_frame(FrameKind::Root);
    cx.bind(Name::new("it"), decl.cond.span, decl.base.clone());
    let (value, _) = cx.infer_condition(&decl.cond, "the condition of a type must be a `Bool`");
    let frame = cx.pop_frame();
    let out = std::mem::take(&mut cx.out);
    drop(cx);
    CheckedValue { ty: Ty::Bool, value: Some(value), slots: frame.slots, out }
}

/// A function or method.
pub(crate) fn check_fn(db: &CheckDb, id: FnId, stack: QueryStack) -> CheckedFn {
    let mut cx = InferCx::new(db, id.module, stack);
    let decl = cx.decls.function(id);
    cx.generics = &decl.generics;
    if let Some(schema) = decl.schema {
        cx.push_frame(FrameKind::Body(This::Schema(schema)));
        if let Some(body) = schema_ast(&cx, schema) {
            cx.declare_lets(&body.body.items, true);
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
    let doc = fn_doc(&cx, id);
    let code = hir::Fn { name: decl.name, span: decl.span, params, ret, slots: frame.slots, body, doc };
    CheckedFn { code, out: cx.out }
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

fn fn_doc(cx: &InferCx<'_>, id: FnId) -> Option<Arc<str>> {
    let (item, inner) = cx.decls.function(id).item;
    let item = cx.decls.ast(id.module).items.get(item)?;
    let item = match (&item.kind, inner) {
        (ItemKind::Schema(schema), Some(inner)) => schema.body.items.get(inner)?,
        _ => item,
    };
    item.doc.as_ref().map(|doc| Arc::from(&*doc.text))
}

/// The syntax tree of a schema.
pub(crate) fn schema_ast<'a>(cx: &InferCx<'a>, id: SchemaId) -> Option<&'a ast::SchemaDecl> {
    let decls = cx.decls;
    match &decls.ast(id.module).items.get(decls.schema(id).item)?.kind {
        ItemKind::Schema(schema) => Some(schema),
        _ => None,
    }
}

/// A schema's own body and checks.
pub(crate) fn check_schema(db: &CheckDb, id: SchemaId) -> CheckedSchema {
    let decl = db.decls.schema(id);
    let mut cx = InferCx::new(db, id.module, QueryStack::new(Query::Other(decl.span)));
    let mut body_cx = BodyCx::new(BodyTarget::Schema(id), Ty::Schema(id), BodyMode::Schema);
    let mut items = Vec::new();
    let mut checks = Vec::new();
    cx.push_frame(FrameKind::Body(This::Schema(id)));
    let mut span = decl.span;
    if let Some(tree) = schema_ast(&cx, id) {
        span = tree.body.span;
        cx.check_duplicates(&tree.body.items);
        cx.declare_lets(&tree.body.items, false);
        cx.set_frame_level();
        cx.body_items(&tree.body.items, &mut body_cx, &mut items);
        for item in &tree.body.items {
            if let ItemKind::Check(check) = &item.kind {
                checks.push(claim(&mut cx, check, item.span));
            }
        }
        cx.finish_lets(0);
    }
    let frame = cx.pop_frame();
    let body = Arc::new(hir::Body::new(items, frame.lets, frame.slots, span));
    CheckedSchema { body, checks, is_broken: body_cx.is_broken, out: cx.out }
}

/// `check` or `assert`.
fn claim<'a>(cx: &mut InferCx<'a>, check: &'a ast::CheckItem, span: Span) -> hir::Check {
    let (cond, narrowings) = cx.infer_condition(&check.cond, "the condition of a check must be a `Bool`");
    let message = check.message.as_ref().map(|message| {
        cx.scoped(|cx| {
            cx.assume(&narrowings.if_false);
            cx.check_required(message, Ty::Str, "the message must be a `String`")
        })
    });
    hir::Check { cond, message, span }
}

/// A test.
pub(crate) fn check_test(db: &CheckDb, module: ModuleId, test: &ast::TestDecl) -> CheckedTest {
    let mut cx = InferCx::new(db, module, QueryStack::new(Query::Other(test.name_span)));
    cx.push_frame(FrameKind::Root);
    cx.declare_lets(&test.body.items, false);
    cx.set_frame_level();
    let mut items = Vec::new();
    for item in &test.body.items {
        match &item.kind {
            ItemKind::Assert(check) => {
                let check = claim(&mut cx, check, item.span);
                items.push(TestItem::Assert(check));
            }
            ItemKind::Fails(fails) => {
                let outer = std::mem::take(&mut cx.out.diags);
                let (operand, _) = cx.infer(&fails.operand);
                let found = std::mem::replace(&mut cx.out.diags, outer);
                let with = fails
                    .with
                    .as_ref()
                    .map(|with| cx.check_required(with, Ty::Str, "the expected message must be a `String`"));
                items.push(TestItem::Fails { found, operand, with, span: item.span });
            }
            ItemKind::Snapshot(value) => {
                let source = &cx.decls.module(module).source;
                let text = Arc::from(source.text.get(value.span.range()).unwrap_or(""));
                let (value, ty) = cx.infer(value);
                if subtype::holds_secret(cx.decls, &ty) {
                    cx.report(crate::diagnostics::secret_leak(value.span, "Any"));
                }
                items.push(TestItem::Snapshot { value, text, span: item.span });
            }
            _ => {}
        }
    }
    cx.finish_lets(0);
    let frame = cx.pop_frame();
    let code =
        hir::Test { name: Arc::from(&*test.name), span: test.name_span, slots: frame.slots, lets: frame.lets, items };
    CheckedTest { code, out: cx.out }
}

/// An expression in the scope of a module.
pub(crate) fn check_expr<'a>(db: &'a CheckDb, module: ModuleId, expr: &'a ast::Expr) -> CheckedValue {
    let mut cx = InferCx::new(db, module, QueryStack::new(Query::Other(expr.span)));
    cx.push_frame(FrameKind::Root);
    let (value, ty) = cx.infer_widened(expr);
    let frame = cx.pop_frame();
    CheckedValue { ty, value: Some(value), slots: frame.slots, out: cx.out }
}

fn null(span: Span) -> hir::Expr {
    hir::Expr { kind: hir::ExprKind::Const(hir::Const::Null), span }
}
