//! `if`, blocks with `let`s, and the joining of branches.

use forge_base::Span;
use forge_syntax::ast;

use super::cx::{Expectation, InferCx};
use super::expr::{Typed, make};
use crate::hir;
use crate::subtype::{self, Assignability};
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// `if cond { a } else { b }`.
    pub(crate) fn infer_if(&mut self, branch: &'a ast::If, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let (cond, narrowings) = self.infer_condition(&branch.cond, "the condition of an `if` must be a `Bool`");
        let then = self.scoped(|cx| {
            cx.assume(&narrowings.if_true);
            cx.infer_branch(&branch.then, expected)
        });
        let otherwise = self.scoped(|cx| {
            cx.assume(&narrowings.if_false);
            cx.infer_branch(&branch.otherwise, expected)
        });
        let types = [then.1, otherwise.1];
        let ty = self.join_branches(&types, expected);
        let kind = hir::ExprKind::If { cond: Box::new(cond), then: Box::new(then.0), otherwise: Box::new(otherwise.0) };
        (self.convert_parts(make(kind, span), &types, &ty, &ty), ty)
    }

    /// A branch, checked against the expectation, so that a mismatch is reported at the branch that causes it.
    pub(crate) fn infer_branch(&mut self, block: &'a ast::Block, expected: Option<&Expectation<'a>>) -> Typed {
        let (value, ty) = self.infer_block(block, expected);
        match expected {
            Some(expected) if !subtype::has_var(&expected.ty) => {
                let value = self.coerce_tail(value, &ty, expected);
                let ty = if matches!(value.kind, hir::ExprKind::Error) { Ty::Error } else { expected.ty.clone() };
                (value, ty)
            }
            _ => (value, ty),
        }
    }

    /// A block: its `let`s, then its value.
    pub(crate) fn infer_block(&mut self, block: &'a ast::Block, expected: Option<&Expectation<'a>>) -> Typed {
        self.scoped(|cx| {
            let mut lets = Vec::with_capacity(block.lets.len());
            for decl in &block.lets {
                lets.extend(cx.block_let(decl));
            }
            let (value, ty) = cx.infer_with(&block.value, expected);
            if lets.is_empty() {
                return (value, ty);
            }
            (make(hir::ExprKind::Block { lets, value: Box::new(value) }, block.span), ty)
        })
    }

    /// Coerces the value inside a block, so that diagnostics point at the value.
    fn coerce_tail(&mut self, value: hir::Expr, ty: &Ty, expected: &Expectation<'a>) -> hir::Expr {
        match value.kind {
            hir::ExprKind::Block { lets, value: inner } => {
                let inner = self.coerce_tail(*inner, ty, expected);
                make(hir::ExprKind::Block { lets, value: Box::new(inner) }, value.span)
            }
            _ => self.coerce(value, ty, expected),
        }
    }

    /// The type of an expression with several branches.
    pub(crate) fn join_branches(&self, types: &[Ty], expected: Option<&Expectation<'a>>) -> Ty {
        if types.contains(&Ty::Error) {
            return Ty::Error;
        }
        if let Some(expected) = expected
            && types.iter().all(|ty| *ty == expected.ty)
        {
            return expected.ty.clone();
        }
        let mut joined = Ty::Never;
        for ty in types {
            joined = subtype::join(self.decls, &joined, ty);
        }
        joined
    }

    /// Whether `ty` is assignable to `expected`, possibly with a coercion.
    pub(crate) fn fits(&self, ty: &Ty, expected: &Ty) -> bool {
        subtype::assignability(self.decls, ty, expected) != Assignability::No
    }
}
