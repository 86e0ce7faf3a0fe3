//! Binary operators.

use std::sync::Arc;

use forge_base::Span;
use forge_syntax::ast::{self, BinaryOp, ExprKind};

use super::access_path::Narrowing;
use super::cx::{Expectation, InferCx, OriginKind};
use super::expr::{Typed, broken, make};
use crate::hir;
use crate::subtype::{self, Assignability};
use crate::ty::Ty;

/// The kinds of operands that arithmetic distinguishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum OperandKind {
    Int,
    Float,
    Quantity,
    Duration,
    Str,
    Bool,
    Other,
}

impl<'a> InferCx<'a> {
    /// `left op right`. Chains are handled without recursion.
    pub(crate) fn infer_binary(
        &mut self,
        expr: &'a ast::Expr,
        binary: &'a ast::Binary,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        match binary.op {
            BinaryOp::And | BinaryOp::Or => return self.infer_logic_value(expr, binary.op),
            BinaryOp::Coalesce => return self.infer_coalesce(binary, expr.span, expected),
            _ => {}
        }
        let mut chain = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary(binary) = &first.kind {
            if matches!(binary.op, BinaryOp::And | BinaryOp::Or | BinaryOp::Coalesce) {
                break;
            }
            chain.push((&**binary, first.span));
            first = &binary.left;
        }
        let list_hint =
            expected.filter(|expected| is_list_hint(&self.unfold(&expected.ty)) && binary.op == BinaryOp::Add);
        let (mut value, mut ty) = self.infer_with(first, list_hint);
        for (binary, span) in chain.into_iter().rev() {
            (value, ty) = self.infer_operation(binary, value, ty, span, list_hint);
        }
        (value, ty)
    }

    fn infer_operation(
        &mut self,
        binary: &'a ast::Binary,
        left: hir::Expr,
        left_ty: Ty,
        span: Span,
        hint: Option<&Expectation<'a>>,
    ) -> Typed {
        let hint = match (hint, self.unfold(&left_ty)) {
            (Some(hint), _) => Some(hint.clone()),
            (None, Ty::List(item)) if binary.op == BinaryOp::Add && self.fresh_shape(&item).is_some() => {
                Some(Expectation::new(left_ty.clone(), binary.left.span, OriginKind::Item))
            }
            _ => None,
        };
        let (right, right_ty) = self.infer_with(&binary.right, hint.as_ref());
        if left_ty == Ty::Error || right_ty == Ty::Error {
            return (broken(span).0, if gives_bool(binary.op) { Ty::Bool } else { Ty::Error });
        }
        let ty = match binary.op {
            BinaryOp::Eq | BinaryOp::Ne => {
                let is_constant = is_const(&left) && is_const(&right);
                let same_kind = subtype::widen_literal(&left_ty) == subtype::widen_literal(&right_ty);
                let ty = self.equality(binary, &left_ty, &right_ty);
                if ty.is_some() && !(is_constant && same_kind) {
                    self.warn_never_equal(binary, &left_ty, &right_ty);
                }
                ty
            }
            BinaryOp::In => self.membership(binary, &left_ty, &right_ty),
            op => match self.null_operand(binary, &left_ty, &right_ty) {
                true => None,
                false => match op {
                    BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => self.order(&left_ty, &right_ty),
                    _ => self.arithmetic(op, &left_ty, &right_ty),
                }
                .or_else(|| self.report_operands(binary, &left_ty, &right_ty)),
            },
        };
        let Some(ty) = ty else {
            return (broken(span).0, if gives_bool(binary.op) { Ty::Bool } else { Ty::Error });
        };
        (make(hir::ExprKind::Binary { op: binary.op, left: Box::new(left), right: Box::new(right) }, span), ty)
    }

    /// Reports an operand that may be null.
    fn null_operand(&mut self, binary: &ast::Binary, left: &Ty, right: &Ty) -> bool {
        for (ty, span) in [(left, binary.left.span), (right, binary.right.span)] {
            if self.may_be_null(ty) {
                let shown = self.show(ty);
                self.report(crate::diagnostics::maybe_null_operand(binary.op.sign(), &shown, span));
                return true;
            }
        }
        false
    }

    fn report_operands(&mut self, binary: &ast::Binary, left: &Ty, right: &Ty) -> Option<Ty> {
        if self.is_secret(left) || self.is_secret(right) {
            let span = if self.is_secret(left) { binary.left.span } else { binary.right.span };
            self.report(crate::diagnostics::secret_operand(binary.op.sign(), span));
            return None;
        }
        for (operand, other) in [(&binary.left, right), (&binary.right, left)] {
            if let (ast::ExprKind::Quantity(quantity), Ty::Duration) = (&operand.kind, self.unfold(other))
                && let Some(diag) = crate::diagnostics::ambiguous_unit(quantity, operand.span)
            {
                self.report(diag);
                return None;
            }
        }
        let amount = [(&binary.left, right), (&binary.right, left)]
            .into_iter()
            .find(|(operand, other)| crate::diagnostics::is_quoted_amount(operand, &self.unfold(other)))
            .map(|(operand, _)| operand);
        let left = self.show(&subtype::widen_literal(left));
        let right = self.show(&subtype::widen_literal(right));
        let diag = crate::diagnostics::bad_operands(binary, &left, &right);
        self.report(match amount {
            Some(amount) => crate::diagnostics::quoted_amount(diag, amount),
            None => diag,
        });
        None
    }

    fn kind_of(&self, ty: &Ty) -> OperandKind {
        let mut kind = None;
        for member in subtype::members(self.decls, ty) {
            let own = match self.unfold(&member) {
                Ty::Int | Ty::LitInt(_) => OperandKind::Int,
                Ty::Float => OperandKind::Float,
                Ty::Quantity => OperandKind::Quantity,
                Ty::Duration => OperandKind::Duration,
                Ty::Str | Ty::LitStr(_) => OperandKind::Str,
                Ty::Bool | Ty::LitBool(_) => OperandKind::Bool,
                Ty::Param(name, ..) if name.as_str() == "Ordered" || name.as_str() == "Number" => OperandKind::Int,
                _ => OperandKind::Other,
            };
            kind = match (kind, own) {
                (None, own) => Some(own),
                (Some(known), own) if known == own => Some(own),
                (Some(OperandKind::Int | OperandKind::Float), OperandKind::Int | OperandKind::Float) => {
                    Some(OperandKind::Float)
                }
                _ => return OperandKind::Other,
            };
        }
        kind.unwrap_or(OperandKind::Other)
    }

    fn arithmetic(&mut self, op: BinaryOp, left: &Ty, right: &Ty) -> Option<Ty> {
        use OperandKind::{Duration, Float, Int, Quantity, Str};
        let ty = match (op, self.kind_of(left), self.kind_of(right)) {
            (BinaryOp::Div, Int | Float, Int | Float) => Ty::Float,
            (_, Int, Int) => Ty::Int,
            (_, Int | Float, Int | Float) => Ty::Float,
            (BinaryOp::Add, Str, Str) => Ty::Str,
            (BinaryOp::Add | BinaryOp::Sub, Quantity, Quantity | Int) => Ty::Quantity,
            (BinaryOp::Add | BinaryOp::Sub, Int, Quantity) => Ty::Quantity,
            (BinaryOp::Add | BinaryOp::Sub, Duration, Duration) => Ty::Duration,
            (BinaryOp::Mul, Quantity, Int | Float) | (BinaryOp::Mul, Int | Float, Quantity) => Ty::Quantity,
            (BinaryOp::Mul, Duration, Int | Float) | (BinaryOp::Mul, Int | Float, Duration) => Ty::Duration,
            (BinaryOp::Div, Quantity, Quantity) | (BinaryOp::Div, Duration, Duration) => Ty::Float,
            (BinaryOp::Div, Quantity, Int | Float) => Ty::Quantity,
            (BinaryOp::Div, Duration, Int | Float) => Ty::Duration,
            (BinaryOp::Rem, Quantity, Quantity) => Ty::Quantity,
            (BinaryOp::Rem, Duration, Duration) => Ty::Duration,
            (BinaryOp::Add, ..) => return self.list_sum(left, right),
            _ => return None,
        };
        Some(ty)
    }

    /// Concatenation of two lists; keyed lists count as lists.
    fn list_sum(&self, left: &Ty, right: &Ty) -> Option<Ty> {
        let (left, right) = (self.item_of(left)?, self.item_of(right)?);
        Some(Ty::List(Arc::new(subtype::join(self.decls, &left, &right))))
    }

    /// The items of a list or keyed list.
    fn item_of(&self, ty: &Ty) -> Option<Ty> {
        match self.unfold(ty) {
            Ty::List(item) => Some((*item).clone()),
            Ty::Keyed(keyed) => Some(keyed.item.clone()),
            _ => None,
        }
    }

    fn order(&self, left: &Ty, right: &Ty) -> Option<Ty> {
        use OperandKind::{Duration, Float, Int, Quantity, Str};
        match (self.kind_of(left), self.kind_of(right)) {
            (Int | Float, Int | Float)
            | (Quantity | Int, Quantity)
            | (Quantity, Int)
            | (Duration, Duration)
            | (Str, Str) => Some(Ty::Bool),
            _ => None,
        }
    }

    fn equality(&mut self, binary: &ast::Binary, left: &Ty, right: &Ty) -> Option<Ty> {
        for (ty, span) in [(left, binary.left.span), (right, binary.right.span)] {
            let is_null_test = *left == Ty::Null || *right == Ty::Null;
            if !is_null_test && subtype::holds_secret(self.decls, ty) {
                self.report(crate::diagnostics::secret_operand(binary.op.sign(), span));
                return None;
            }
            if matches!(self.unfold(ty), Ty::Fn(_)) {
                self.report(crate::diagnostics::compared_function(span));
                return None;
            }
        }
        Some(Ty::Bool)
    }

    fn warn_never_equal(&mut self, binary: &ast::Binary, left: &Ty, right: &Ty) {
        if !self.may_be_equal(left, right) {
            let (left, right) = (self.show(left), self.show(right));
            self.report(crate::diagnostics::never_equal(binary, &left, &right));
        }
    }

    /// Whether some value may be of both types.
    fn may_be_equal(&self, left: &Ty, right: &Ty) -> bool {
        let (lefts, rights) = (subtype::members(self.decls, left), subtype::members(self.decls, right));
        lefts.iter().any(|a| rights.iter().any(|b| self.overlaps(a, b)))
    }

    fn overlaps(&self, left: &Ty, right: &Ty) -> bool {
        let (a, b) = (self.unfold(left), self.unfold(right));
        if matches!(a, Ty::Any | Ty::Error | Ty::Never | Ty::Param(..) | Ty::Var(_))
            || matches!(b, Ty::Any | Ty::Error | Ty::Never | Ty::Param(..) | Ty::Var(_))
        {
            return true;
        }
        match (&a, &b) {
            (Ty::List(_) | Ty::Keyed(_), Ty::List(_) | Ty::Keyed(_))
            | (Ty::Map(_) | Ty::Record(_), Ty::Map(_) | Ty::Record(_) | Ty::Schema(_))
            | (Ty::Schema(_), Ty::Map(_) | Ty::Record(_)) => true,
            (Ty::Schema(a), Ty::Schema(b)) => {
                subtype::is_subschema(self.decls, *a, *b) || subtype::is_subschema(self.decls, *b, *a)
            }
            (Ty::Union(_), _) | (_, Ty::Union(_)) => self.may_be_equal(&a, &b),
            _ => {
                subtype::assignability(self.decls, &a, &b) != Assignability::No
                    || subtype::assignability(self.decls, &b, &a) != Assignability::No
                    || (self.order(&a, &b).is_some() && subtype::widen_literal(&a) != subtype::widen_literal(&b))
            }
        }
    }

    /// `x in xs`.
    fn membership(&mut self, binary: &ast::Binary, left: &Ty, right: &Ty) -> Option<Ty> {
        if self.is_secret(left) || self.is_secret(right) {
            self.report(crate::diagnostics::secret_operand("in", binary.left.span));
            return None;
        }
        let item = match self.unfold(right) {
            Ty::List(item) => (*item).clone(),
            Ty::Keyed(keyed) => {
                let keys = self.key_types(&keyed);
                let first = keys.into_iter().next().unwrap_or(Ty::Error);
                subtype::union([first, keyed.item.clone()])
            }
            Ty::Map(pair) => pair.0.clone(),
            Ty::Record(_) | Ty::Str | Ty::LitStr(_) => Ty::Str,
            _ if self.kind_of(right) == OperandKind::Str => Ty::Str,
            _ => return self.report_operands(binary, left, right),
        };
        let wants_text =
            matches!(self.unfold(right), Ty::Map(_) | Ty::Record(_)) || self.kind_of(right) == OperandKind::Str;
        if wants_text && self.kind_of(left) != OperandKind::Str {
            return self.report_operands(binary, left, right);
        }
        if item != Ty::Never && !wants_text && !self.may_be_equal(left, &item) {
            return self.report_operands(binary, left, right);
        }
        Some(Ty::Bool)
    }

    /// `left ?? right`.
    fn infer_coalesce(&mut self, binary: &'a ast::Binary, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let left_expected = expected.map(|expected| {
            let ty = subtype::union([expected.ty.clone(), Ty::Null]);
            Expectation { ty, ..expected.clone() }
        });
        let (left, left_ty) = self.infer_with(&binary.left, left_expected.as_ref());
        let path = self.access_path(&binary.left);
        let mark = self.narrowings.len();
        if let Some(path) = path {
            self.assume(&[Narrowing::new(path, Ty::Null)]);
        }
        let fallback = match expected {
            Some(expected) => Some(expected.clone()),
            None => {
                let bare = subtype::strip_null(self.decls, &left_ty);
                let is_literal = matches!(binary.right.kind, ExprKind::Object(_) | ExprKind::List(_));
                (is_literal && !matches!(bare, Ty::Error | Ty::Never))
                    .then(|| Expectation::new(bare, binary.left.span, OriginKind::Item))
            }
        };
        let (right, right_ty) = self.infer_with(&binary.right, fallback.as_ref());
        self.narrowings.truncate(mark);
        if left_ty == Ty::Error || right_ty == Ty::Error {
            return broken(span);
        }
        if !self.may_be_null(&left_ty) && self.unfold(&left_ty) != Ty::Any {
            let shown = self.show(&left_ty);
            self.report(crate::diagnostics::never_null(&shown, binary));
        }
        let bare = subtype::strip_null(self.decls, &left_ty);
        let ty = subtype::join(self.decls, &bare, &right_ty);
        let ty =
            if subtype::assignability(self.decls, &right_ty, &bare) == Assignability::Yes { bare.clone() } else { ty };
        let kind = hir::ExprKind::Binary { op: binary.op, left: Box::new(left), right: Box::new(right) };
        (self.convert_parts(make(kind, span), &[bare, right_ty], &ty, &ty), ty)
    }
}

fn gives_bool(op: BinaryOp) -> bool {
    op.is_comparison() || matches!(op, BinaryOp::In | BinaryOp::And | BinaryOp::Or)
}

fn is_const(expr: &hir::Expr) -> bool {
    matches!(expr.kind, hir::ExprKind::Const(_))
}

fn is_list_hint(ty: &Ty) -> bool {
    matches!(ty, Ty::List(_) | Ty::Keyed(_))
}
