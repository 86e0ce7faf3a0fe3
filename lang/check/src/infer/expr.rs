//! Inference of expressions: one arm per kind. Larger constructs have a module of their own.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ExprKind, UnaryOp};

use super::cx::{Expectation, InferCx, OriginKind};
use crate::facts::Collect;
use crate::hir::{self, Const};
use crate::subtype;
use crate::ty::Ty;

/// Longer strings are not typed as literals.
const MAX_LITERAL: usize = 100;

/// Code and its type.
pub(crate) type Typed = (hir::Expr, Ty);

/// The code and type of an expression with errors.
pub(crate) fn broken(span: Span) -> Typed {
    (hir::Expr { kind: hir::ExprKind::Error, span }, Ty::Error)
}

/// An expression.
pub(crate) fn make(kind: hir::ExprKind, span: Span) -> hir::Expr {
    hir::Expr { kind, span }
}

/// A constant.
pub(crate) fn constant(value: Const, span: Span) -> hir::Expr {
    make(hir::ExprKind::Const(value), span)
}

impl<'a> InferCx<'a> {
    /// Infers the type of `expr`.
    pub(crate) fn infer(&mut self, expr: &'a ast::Expr) -> Typed {
        self.infer_with(expr, None)
    }

    /// Infers the type of `expr`, with literals widened: `String` for `"a"`.
    pub(crate) fn infer_widened(&mut self, expr: &'a ast::Expr) -> Typed {
        let (value, ty) = self.infer(expr);
        (value, subtype::widen_literal(&ty))
    }

    /// Checks `expr` against the expected type, and reports a mismatch.
    pub(crate) fn check(&mut self, expr: &'a ast::Expr, expected: &Expectation<'a>) -> hir::Expr {
        let (value, ty) = self.infer_with(expr, Some(expected));
        self.coerce(value, &ty, expected)
    }

    /// Checks `expr` against the type that its construct requires, such as `Bool` for a condition; `why` explains it.
    pub(crate) fn check_required(&mut self, expr: &'a ast::Expr, ty: Ty, why: &'static str) -> hir::Expr {
        self.check(expr, &Expectation::new(ty, expr.span, OriginKind::Required(why)))
    }

    /// Infers the type of `expr`, with an expected type as a hint: the result may be of a different type.
    pub(crate) fn infer_with(&mut self, expr: &'a ast::Expr, expected: Option<&Expectation<'a>>) -> Typed {
        if self.is_too_deep(expr.span) {
            return broken(expr.span);
        }
        self.depth += 1;
        let (value, ty) = self.infer_kind(expr, expected);
        self.depth -= 1;
        self.record_ty(expr.span, &ty);
        (value, ty)
    }

    /// Records the type of the expression or name at `span`, if facts are collected.
    pub(crate) fn record_ty(&mut self, span: Span, ty: &Ty) {
        if self.db.collect == Collect::Facts {
            self.out.types.push((span, ty.clone()));
        }
    }

    fn infer_kind(&mut self, expr: &'a ast::Expr, expected: Option<&Expectation<'a>>) -> Typed {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Error => broken(span),
            ExprKind::Null => (constant(Const::Null, span), Ty::Null),
            ExprKind::Bool(value) => (constant(Const::Bool(*value), span), Ty::LitBool(*value)),
            ExprKind::Int(value) => (constant(Const::Int(*value), span), Ty::LitInt(*value)),
            ExprKind::Float(value) => (constant(Const::Float(*value), span), Ty::Float),
            ExprKind::Quantity(value) => (constant(Const::Quantity(Arc::new((**value).clone())), span), Ty::Quantity),
            ExprKind::Duration(value) => (constant(Const::Duration(*value), span), Ty::Duration),
            ExprKind::Str(literal) => self.infer_string(literal, span, expected),
            ExprKind::Name(name) => self.infer_name(*name, span, expected),
            ExprKind::SelfRef => self.infer_self(span),
            ExprKind::Super => self.infer_super(span),
            ExprKind::List(elements) => self.infer_list(elements, span, expected),
            ExprKind::Object(body) => self.infer_object(body, expected),
            ExprKind::Derive(derive) => self.infer_derive(derive, span, expected),
            ExprKind::Member(member) => self.infer_member(member, span, expected),
            ExprKind::Index(index) => {
                let (value, ty) = self.infer_index(index, span);
                let path = self.access_path(expr);
                (value, self.narrowed_ty(path.as_ref(), ty))
            }
            ExprKind::Call(call) => self.infer_call(call, span, expected),
            ExprKind::Unary(op, operand) => self.infer_unary(*op, operand, span, expected),
            ExprKind::Binary(binary) => self.infer_binary(expr, binary, expected),
            ExprKind::Is(is) => self.infer_is(is, span),
            ExprKind::As(cast) => self.infer_as(cast, span),
            ExprKind::NonNull(value) => self.infer_non_null(value, span),
            ExprKind::Range(range) => self.infer_range(range, span),
            ExprKind::Lambda(lambda) => self.infer_lambda(lambda, span, expected),
            ExprKind::If(branch) => self.infer_if(branch, span, expected),
            ExprKind::Match(arms) => self.infer_match(arms, span, expected),
        }
    }

    /// A string. Without interpolation it has a literal type, unless `String` is expected.
    fn infer_string(&mut self, literal: &'a ast::StrLit, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let Some(text) = literal.plain() else { return self.infer_interpolation(literal, span) };
        let value = constant(Const::Str(Arc::from(text)), span);
        let is_plain = expected.is_some_and(|expected| matches!(self.unfold(&expected.ty), Ty::Str));
        if is_plain || text.len() > MAX_LITERAL { (value, Ty::Str) } else { (value, Ty::LitStr(Name::new(text))) }
    }

    fn infer_unary(
        &mut self,
        op: UnaryOp,
        operand: &'a ast::Expr,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        if op == UnaryOp::Not {
            let (value, _) = self.infer_condition_parts(operand, "!");
            return (make(hir::ExprKind::Not(Box::new(value)), span), Ty::Bool);
        }
        let (value, ty) = self.infer_with(operand, expected);
        if let hir::ExprKind::Const(Const::Int(number)) = value.kind
            && let Some(negative) = number.checked_neg()
        {
            return (constant(Const::Int(negative), span), Ty::LitInt(negative));
        }
        if let hir::ExprKind::Const(Const::Float(number)) = value.kind {
            return (constant(Const::Float(-number), span), Ty::Float);
        }
        match self.unfold(&ty) {
            Ty::Error => broken(span),
            Ty::Int | Ty::LitInt(_) => (make(hir::ExprKind::Neg(Box::new(value)), span), Ty::Int),
            known @ (Ty::Float | Ty::Quantity | Ty::Duration) => {
                (make(hir::ExprKind::Neg(Box::new(value)), span), known)
            }
            _ => {
                let found = self.show(&ty);
                let diag = crate::diagnostics::bad_operand("-", &found, operand.span);
                self.report(diag);
                broken(span)
            }
        }
    }

    fn infer_is(&mut self, is: &'a ast::Is, span: Span) -> Typed {
        let (value, from) = self.infer_widened(&is.value);
        let ty = self.resolve_ty(&is.ty);
        self.warn_useless_is(&from, &ty, is);
        (make(hir::ExprKind::Is { value: Box::new(value), ty }, span), Ty::Bool)
    }

    /// `x as T`.
    fn infer_as(&mut self, cast: &'a ast::As, span: Span) -> Typed {
        let (value, from) = self.infer_widened(&cast.value);
        let ty = self.resolve_ty(&cast.ty);
        if from == Ty::Error || ty == Ty::Error {
            return (make(hir::ExprKind::Error, span), ty);
        }
        if let Some(diag) = self.impossible_conversion(&from, &ty, cast) {
            self.report(diag);
            return (make(hir::ExprKind::Error, span), ty);
        }
        (make(hir::ExprKind::Convert { value: Box::new(value), ty: ty.clone(), origin: cast.ty.span }, span), ty)
    }

    /// The error of a conversion that never succeeds. What data contains is only known when it is computed.
    fn impossible_conversion(&self, from: &Ty, to: &Ty, cast: &ast::As) -> Option<forge_base::Diag> {
        let shown = (self.show(from), self.show(to));
        let is_data = |ty: &Ty| {
            matches!(
                self.unfold(ty),
                Ty::Any | Ty::Map(_) | Ty::Record(_) | Ty::List(_) | Ty::Keyed(_) | Ty::Str | Ty::LitStr(_) | Ty::Never
            )
        };
        let has_data = subtype::members(self.decls, from).iter().any(is_data);
        match self.unfold(to) {
            Ty::Fn(_) | Ty::Param(..) => Some(crate::diagnostics::not_convertible(&shown.0, &shown.1, cast)),
            _ if has_data || subtype::narrow(self.decls, from, to) != Ty::Never => None,
            _ if subtype::assignability(self.decls, from, to) != subtype::Assignability::No => None,
            _ => Some(crate::diagnostics::not_convertible(&shown.0, &shown.1, cast)),
        }
    }

    /// `x!`.
    fn infer_non_null(&mut self, operand: &'a ast::Expr, span: Span) -> Typed {
        let (value, ty) = self.infer(operand);
        let bare = subtype::strip_null(self.decls, &ty);
        if bare == Ty::Never && ty != Ty::Never {
            self.report(crate::diagnostics::null_asserted(operand.span));
            return broken(span);
        }
        (make(hir::ExprKind::NonNull(Box::new(value)), span), bare)
    }

    fn warn_useless_is(&mut self, from: &Ty, test: &Ty, is: &ast::Is) {
        if *from == Ty::Error || *test == Ty::Error {
            return;
        }
        if subtype::narrow(self.decls, from, test) == Ty::Never {
            let (from, test) = (self.show(from), self.show(test));
            self.report(crate::diagnostics::is_never(&from, &test, is));
        } else if *from != Ty::Never && subtype::subtract(self.decls, from, test) == Ty::Never {
            let (from, test) = (self.show(from), self.show(test));
            self.report(crate::diagnostics::is_always(&from, &test, is));
        }
    }

    fn infer_range(&mut self, range: &'a ast::Range, span: Span) -> Typed {
        let start = self.check_required(&range.start, Ty::Int, "the start of a range must be an `Int`");
        let end = self.check_required(&range.end, Ty::Int, "the end of a range must be an `Int`");
        let kind = hir::ExprKind::Range { start: Box::new(start), end: Box::new(end), inclusive: range.inclusive };
        (make(kind, span), Ty::List(Arc::new(Ty::Int)))
    }
}
