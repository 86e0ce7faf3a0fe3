//! Functions as values: lambdas, and named functions used as values.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind};

use super::cx::{Expectation, FrameKind, InferCx, OriginKind};
use super::expr::{Typed, broken, make};
use crate::decl::Decls;
use crate::hir;
use crate::ids::FnId;
use crate::subtype;
use crate::ty::{FnTy, Ty};

/// The syntax tree of a function.
pub(crate) fn fn_ast(decls: &Decls, id: FnId) -> Option<&ast::FnDecl> {
    let (item, inner) = decls.function(id).item;
    let item = decls.ast(id.module).items.get(item)?;
    match (&item.kind, inner) {
        (ItemKind::Fn(function), None) => Some(function),
        (ItemKind::Schema(schema), Some(inner)) => match &schema.body.items.get(inner)?.kind {
            ItemKind::Fn(function) => Some(function),
            _ => None,
        },
        _ => None,
    }
}

impl<'a> InferCx<'a> {
    /// `x => …`.
    pub(crate) fn infer_lambda(
        &mut self,
        lambda: &'a ast::Lambda,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        let target = expected.and_then(|expected| self.fn_target(&expected.ty));
        if let Some(target) = &target
            && target.params.len() != lambda.params.len()
        {
            let shown = self.show(&Ty::Fn(target.clone()));
            self.report(crate::diagnostics::lambda_params(&shown, target.params.len(), lambda, span));
            return broken(span);
        }
        let ret_expected = match (&target, expected) {
            (Some(target), Some(expected)) if !subtype::has_var(&target.ret) => {
                Some(expected.of_item(target.ret.clone()))
            }
            _ => None,
        };
        // An expected type with an error has been reported, so that the types of the parameters are unknown.
        let unknown = expected.filter(|expected| self.unfold(&expected.ty) == Ty::Error).map(|_| Ty::Error);
        let ((params, body, ret), frame) = self.framed(FrameKind::Call, |cx| {
            let mut params = Vec::with_capacity(lambda.params.len());
            for (index, param) in lambda.params.iter().enumerate() {
                let given = target.as_ref().and_then(|target| target.params.get(index)).or(unknown.as_ref());
                let ty = cx.lambda_param(lambda, index, given);
                cx.bind(param.name.name, param.name.span, ty.clone());
                params.push(hir::Param { name: param.name.name, ty, default: None });
            }
            let (body, ret) = cx.infer_branch(&lambda.body, ret_expected.as_ref());
            (params, body, ret)
        });
        let ret = if ret_expected.is_some() { ret } else { subtype::widen_literal(&ret) };
        let types = params.iter().map(|param| param.ty.clone()).collect();
        let code =
            hir::Fn { name: Name::new("lambda"), span, params, ret: ret.clone(), slots: frame.slots, body: Some(body) };
        let ty = Ty::Fn(Arc::new(FnTy { params: types, ret }));
        (make(hir::ExprKind::Lambda(Arc::new(code)), span), ty)
    }

    fn lambda_param(&mut self, lambda: &'a ast::Lambda, index: usize, given: Option<&Ty>) -> Ty {
        if let Some(written) = &lambda.params[index].ty {
            return self.resolve_ty(written);
        }
        match given {
            Some(ty) if !subtype::has_var(ty) => ty.clone(),
            _ => {
                // One error per lambda.
                let is_broken = matches!(lambda.body.value.kind, ast::ExprKind::Error);
                if !is_broken && lambda.params[..index].iter().all(|param| param.ty.is_some()) {
                    self.report(crate::diagnostics::lambda_needs_types(&lambda.params[index], &lambda.params));
                }
                Ty::Error
            }
        }
    }

    /// The function type among the members of an expected type.
    fn fn_target(&self, ty: &Ty) -> Option<Arc<FnTy>> {
        subtype::members(self.decls, ty).iter().find_map(|member| match self.unfold(member) {
            Ty::Fn(function) => Some(function),
            _ => None,
        })
    }

    /// A named function as a value. Built-in functions become lambdas that call them.
    pub(crate) fn infer_fn_value(&mut self, id: FnId, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let decl = self.decls.function(id);
        let mut solver = subtype::Solver::new();
        let args = solver.fresh(decl.generics.len());
        let mut ty = subtype::substitute(&self.fn_ty(id), &args);
        if let Some(target) = expected.and_then(|expected| self.fn_target(&expected.ty))
            && let Ty::Fn(own) = &ty
        {
            for (from, to) in target.params.iter().zip(&own.params) {
                solver.constrain(self.decls, from, to);
            }
        }
        ty = solver.apply(&ty);
        if solver.is_open(&ty) {
            self.report(crate::diagnostics::generic_value(decl.name, span));
            return broken(span);
        }
        if !self.is_builtin(id) {
            return (make(hir::ExprKind::Fn(id), span), ty);
        }
        let count = match expected.and_then(|expected| self.fn_target(&expected.ty)) {
            Some(target) => target.params.len().min(decl.params.len()),
            None => decl.params.len(),
        };
        let given = (0..count as u32).map(|slot| make(hir::ExprKind::Local { up: 0, slot }, span));
        let mut args: Vec<hir::Expr> = given.collect();
        if let Some(ast) = self.fn_ast(id) {
            let defaults: Vec<&'a ast::Expr> =
                ast.params.iter().skip(count).filter_map(|param| param.default.as_ref()).collect();
            args.extend(defaults.into_iter().map(|default| self.infer(default).0));
        }
        let body = make(hir::ExprKind::CallBuiltin { name: self.builtin_name(id), args }, span);
        let params = decl.params.iter().take(count);
        let params = params.map(|param| hir::Param { name: param.name, ty: param.ty.clone(), default: None }).collect();
        let ret = match &ty {
            Ty::Fn(own) => own.ret.clone(),
            _ => Ty::Error,
        };
        let slots = count as u32;
        let code = hir::Fn { name: decl.name, span, params, ret: ret.clone(), slots, body: Some(body) };
        if let Ty::Fn(own) = &ty {
            let params = own.params.iter().take(count).cloned().collect();
            ty = Ty::Fn(Arc::new(FnTy { params, ret }));
        }
        (make(hir::ExprKind::Lambda(Arc::new(code)), span), ty)
    }

    /// The expectation for the body of a function with a return type.
    pub(crate) fn result_expectation(ty: Ty, written: Span) -> Expectation<'a> {
        Expectation::new(ty, written, OriginKind::Result)
    }
}
