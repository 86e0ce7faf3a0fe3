//! `if`, blocks with `let`s, and the joining of branches.

use forge_base::Span;
use forge_syntax::ast;

use super::expr::{Typed, make};
use super::{Infer, Want};
use crate::hir;
use crate::relate::{self, Assign};
use crate::ty::Ty;

impl<'a> Infer<'a> {
    /// `if cond { a } else { b }`.
    pub(crate) fn infer_if(&mut self, branch: &'a ast::If, span: Span, want: Option<&Want<'a>>) -> Typed {
        let (cond, facts) = self.infer_condition(&branch.cond, "the condition of an `if` is a `Bool`");
        let then = self.scoped(|cx| {
            cx.assume(&facts.yes);
            cx.infer_branch(&branch.then, want)
        });
        let otherwise = self.scoped(|cx| {
            cx.assume(&facts.no);
            cx.infer_branch(&branch.otherwise, want)
        });
        let types = [then.1, otherwise.1];
        let ty = self.join_branches(&types, want);
        let kind = hir::ExprKind::If { cond: Box::new(cond), then: Box::new(then.0), otherwise: Box::new(otherwise.0) };
        (self.converted(make(kind, span), &types, &ty, &ty), ty)
    }

    /// A branch: read against what is expected, so that each branch that does not fit is reported where it stands.
    pub(crate) fn infer_branch(&mut self, block: &'a ast::Block, want: Option<&Want<'a>>) -> Typed {
        let (value, ty) = self.infer_block(block, want);
        match want {
            Some(want) if !has_vars(&want.ty) => {
                let value = self.fit_tail(value, &ty, want);
                let ty = if matches!(value.kind, hir::ExprKind::Error) { Ty::Error } else { want.ty.clone() };
                (value, ty)
            }
            _ => (value, ty),
        }
    }

    /// A block: its `let`s, then its value.
    pub(crate) fn infer_block(&mut self, block: &'a ast::Block, want: Option<&Want<'a>>) -> Typed {
        self.scoped(|cx| {
            let mut lets = Vec::with_capacity(block.lets.len());
            for decl in &block.lets {
                lets.extend(cx.block_let(decl));
            }
            let (value, ty) = cx.infer_with(&block.value, want);
            if lets.is_empty() {
                return (value, ty);
            }
            (make(hir::ExprKind::Block { lets, value: Box::new(value) }, block.span), ty)
        })
    }

    /// Fits the value of a block where it stands, so that messages point at the value.
    fn fit_tail(&mut self, value: hir::Expr, ty: &Ty, want: &Want<'a>) -> hir::Expr {
        match value.kind {
            hir::ExprKind::Block { lets, value: inner } => {
                let inner = self.fit_tail(*inner, ty, want);
                make(hir::ExprKind::Block { lets, value: Box::new(inner) }, value.span)
            }
            _ => self.fit(value, ty, want),
        }
    }

    /// The type of a value that comes from one of several branches.
    pub(crate) fn join_branches(&self, types: &[Ty], want: Option<&Want<'a>>) -> Ty {
        if types.contains(&Ty::Error) {
            return Ty::Error;
        }
        if let Some(want) = want
            && types.iter().all(|ty| *ty == want.ty)
        {
            return want.ty.clone();
        }
        let mut joined = Ty::Never;
        for ty in types {
            joined = relate::join(self.decls, &joined, ty);
        }
        joined
    }

    /// Whether a value of `ty` fits where `want` is expected, in whatever way.
    pub(crate) fn fits(&self, ty: &Ty, want: &Ty) -> bool {
        relate::assign(self.decls, ty, want) != Assign::No
    }
}

/// Whether inference variables are left in a type.
pub(crate) fn has_vars(ty: &Ty) -> bool {
    match ty {
        Ty::Var(_) => true,
        Ty::List(item) => has_vars(item),
        Ty::Keyed(keyed) => has_vars(&keyed.item),
        Ty::Map(pair) => has_vars(&pair.0) || has_vars(&pair.1),
        Ty::Union(members) => members.iter().any(has_vars),
        Ty::Record(fields) => fields.iter().any(|(_, ty)| has_vars(ty)),
        Ty::Fn(function) => function.params.iter().any(has_vars) || has_vars(&function.ret),
        _ => false,
    }
}
