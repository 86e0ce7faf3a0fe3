//! Units: what is checked in one go.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind};

use super::body::{Mode, Target, Task};
use super::scope::{FrameKind, This};
use super::session::{FnUnit, SchemaUnit, Session, Trail, Unit, ValueUnit};
use super::{Infer, Output, Reason, Want};
use crate::decl::RefineDecl;
use crate::hir::{self, TestItem};
use crate::ids::{FnId, GlobalId, ModuleId, RefineId, SchemaId};
use crate::relate;
use crate::ty::Ty;

/// A checked test.
#[derive(Debug)]
pub(crate) struct TestUnit {
    /// The test.
    pub(crate) code: hir::Test,
    /// What was found on the way, without what `fails` captures.
    pub(crate) out: Output,
}

/// The value of a global.
pub(crate) fn check_global(session: &Session, id: GlobalId, trail: Trail) -> ValueUnit {
    let mut cx = Infer::new(session, id.module, trail);
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
            let want = Want::new(ty.clone(), span, Reason::Annotation(decl.name));
            (Some(cx.check(value, &want)), ty.clone())
        }
        (Some(value), None) => {
            let (value, ty) = cx.infer_widened(value);
            (Some(value), cx.bounded(ty, decl.span))
        }
        // An input that may be null need not be given.
        (None, Some(ty)) if relate::is_nullable(cx.decls, ty) => (Some(null(decl.span)), ty.clone()),
        (None, ty) => (None, ty.clone().unwrap_or(Ty::Error)),
    };
    cx.note_ty(decl.span, &ty);
    let frame = cx.pop_frame();
    ValueUnit { ty, value, slots: frame.slots, out: cx.out }
}

/// The condition of a refinement.
pub(crate) fn check_condition(session: &Session, id: RefineId, decl: &RefineDecl, trail: Trail) -> ValueUnit {
    let mut cx = Infer::new(session, id.module, trail);
    cx.push_frame(FrameKind::Root);
    cx.bind(Name::new("it"), decl.cond.span, decl.base.clone());
    let (value, _) = cx.infer_condition(&decl.cond, "the condition of a type is a `Bool`");
    let frame = cx.pop_frame();
    let out = std::mem::take(&mut cx.out);
    drop(cx);
    ValueUnit { ty: Ty::Bool, value: Some(value), slots: frame.slots, out }
}

/// A function or method.
pub(crate) fn check_fn(session: &Session, id: FnId, trail: Trail) -> FnUnit {
    let mut cx = Infer::new(session, id.module, trail);
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
    for (place, param) in decl.params.iter().enumerate() {
        let default = tree.and_then(|tree| tree.params.get(place)).and_then(|param| param.default.as_ref());
        let default = default.map(|default| {
            let want = Want::new(param.ty.clone(), param.span, Reason::Param(param.name));
            cx.check(default, &want)
        });
        // Defaults see the parameters before them, so slots and checks go hand in hand.
        let span = tree.and_then(|tree| tree.params.get(place)).map_or(param.span, |param| param.name.span);
        cx.bind(param.name, span, param.ty.clone());
        params.push(hir::Param { name: param.name, ty: param.ty.clone(), default });
    }
    let (body, ret) = fn_body(&mut cx, tree, decl.ret.as_ref());
    let frame = cx.pop_frame();
    let doc = fn_doc(&cx, id);
    let code = hir::Fn { name: decl.name, span: decl.span, params, ret, slots: frame.slots, body, doc };
    FnUnit { code, out: cx.out }
}

fn fn_body<'a>(cx: &mut Infer<'a>, tree: Option<&'a ast::FnDecl>, ret: Option<&Ty>) -> (Option<hir::Expr>, Ty) {
    let Some(body) = tree.and_then(|tree| tree.body.as_ref()) else {
        return (None, ret.cloned().unwrap_or(Ty::Error));
    };
    match ret {
        Some(ret) => {
            let span = tree.and_then(|tree| tree.ret.as_ref()).map_or(body.span, |ty| ty.span);
            (Some(cx.check(body, &Infer::result_want(ret.clone(), span))), ret.clone())
        }
        None => {
            let (value, ty) = cx.infer_widened(body);
            (Some(value), cx.bounded(ty, body.span))
        }
    }
}

fn fn_doc(cx: &Infer<'_>, id: FnId) -> Option<Arc<str>> {
    let (item, inner) = cx.decls.function(id).item;
    let item = cx.decls.ast(id.module).items.get(item)?;
    let item = match (&item.kind, inner) {
        (ItemKind::Schema(schema), Some(inner)) => schema.body.items.get(inner)?,
        _ => item,
    };
    item.doc.as_ref().map(|doc| Arc::from(&*doc.text))
}

/// The tree of a schema.
pub(crate) fn schema_ast<'a>(cx: &Infer<'a>, id: SchemaId) -> Option<&'a ast::SchemaDecl> {
    let decls = cx.decls;
    match &decls.ast(id.module).items.get(decls.schema(id).item)?.kind {
        ItemKind::Schema(schema) => Some(schema),
        _ => None,
    }
}

/// A schema's own body and checks.
pub(crate) fn check_schema(session: &Session, id: SchemaId) -> SchemaUnit {
    let decl = session.decls.schema(id);
    let mut cx = Infer::new(session, id.module, Trail::new(Unit::Other(decl.span)));
    let mut task = Task::new(Target::Schema(id), Ty::Schema(id), Mode::Schema);
    let mut items = Vec::new();
    let mut checks = Vec::new();
    cx.push_frame(FrameKind::Body(This::Schema(id)));
    let mut span = decl.span;
    if let Some(tree) = schema_ast(&cx, id) {
        span = tree.body.span;
        cx.check_duplicates(&tree.body.items);
        cx.declare_lets(&tree.body.items, false);
        cx.set_frame_level();
        cx.body_items(&tree.body.items, &mut task, &mut items);
        for item in &tree.body.items {
            if let ItemKind::Check(check) = &item.kind {
                checks.push(claim(&mut cx, check, item.span));
            }
        }
        cx.finish_lets(0);
    }
    let frame = cx.pop_frame();
    let body = Arc::new(hir::Body::new(items, frame.lets, frame.slots, span));
    SchemaUnit { body, checks, is_broken: task.is_broken, out: cx.out }
}

/// `check` or `assert`.
fn claim<'a>(cx: &mut Infer<'a>, check: &'a ast::CheckItem, span: Span) -> hir::Check {
    let (cond, facts) = cx.infer_condition(&check.cond, "what is checked is a `Bool`");
    let message = check.message.as_ref().map(|message| {
        cx.scoped(|cx| {
            cx.assume(&facts.no);
            cx.check_place(message, Ty::Str, "the message is a `String`")
        })
    });
    hir::Check { cond, message, span }
}

/// A test.
pub(crate) fn check_test(session: &Session, module: ModuleId, test: &ast::TestDecl) -> TestUnit {
    let mut cx = Infer::new(session, module, Trail::new(Unit::Other(test.name_span)));
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
                let with =
                    fails.with.as_ref().map(|with| cx.check_place(with, Ty::Str, "the expected text is a `String`"));
                items.push(TestItem::Fails { found, operand, with, span: item.span });
            }
            ItemKind::Snapshot(value) => {
                let source = &cx.decls.module(module).source;
                let text = Arc::from(source.text.get(value.span.range()).unwrap_or(""));
                let (value, ty) = cx.infer(value);
                if relate::holds_secret(cx.decls, &ty) {
                    cx.report(crate::message::secret_leak(value.span, "Any"));
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
    TestUnit { code, out: cx.out }
}

/// An expression in the scope of a module.
pub(crate) fn check_expr<'a>(session: &'a Session, module: ModuleId, expr: &'a ast::Expr) -> ValueUnit {
    let mut cx = Infer::new(session, module, Trail::new(Unit::Other(expr.span)));
    cx.push_frame(FrameKind::Root);
    let (value, ty) = cx.infer_widened(expr);
    let frame = cx.pop_frame();
    ValueUnit { ty, value: Some(value), slots: frame.slots, out: cx.out }
}

fn null(span: Span) -> hir::Expr {
    hir::Expr { kind: hir::ExprKind::Const(hir::Const::Null), span }
}
