//! String interpolation: only values of types with a string form are allowed.

use std::sync::Arc;

use forge_base::Span;
use forge_syntax::ast;

use super::cx::InferCx;
use super::expr::{Typed, make};
use crate::hir;
use crate::subtype;
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// `"… \(expr) …"`.
    pub(crate) fn infer_interpolation(&mut self, literal: &'a ast::StrLit, span: Span) -> Typed {
        let mut parts = Vec::with_capacity(literal.parts.len());
        for part in &literal.parts {
            match part {
                ast::StrPart::Text(text) => parts.push(hir::StrPart::Text(Arc::from(&**text))),
                ast::StrPart::Expr(expr) => {
                    let (value, ty) = self.infer(expr);
                    let value = match self.is_printable(&ty) {
                        true => value,
                        false => {
                            self.report_unprintable(&ty, expr.span);
                            make(hir::ExprKind::Error, expr.span)
                        }
                    };
                    parts.push(hir::StrPart::Expr(value));
                }
            }
        }
        (make(hir::ExprKind::Str(parts), span), Ty::Str)
    }

    /// Whether values of a type have a string form.
    pub(crate) fn is_printable(&self, ty: &Ty) -> bool {
        subtype::members(self.decls, ty).iter().all(|member| {
            matches!(
                self.unfold(member),
                Ty::Error
                    | Ty::Never
                    | Ty::Bool
                    | Ty::Int
                    | Ty::Float
                    | Ty::Str
                    | Ty::Quantity
                    | Ty::Duration
                    | Ty::LitStr(_)
                    | Ty::LitInt(_)
                    | Ty::LitBool(_)
            )
        })
    }

    fn report_unprintable(&mut self, ty: &Ty, span: Span) {
        if self.is_secret(ty) {
            return self.report(crate::diagnostics::secret_leak(span, "String"));
        }
        let shown = self.show(ty);
        let diag = if self.may_be_null(ty) && self.is_printable(&subtype::strip_null(self.decls, ty)) {
            crate::diagnostics::maybe_null_text(&shown, span)
        } else {
            crate::diagnostics::unprintable(&shown, &self.unfold(ty), span)
        };
        self.report(diag);
    }
}
