//! Explains failed conditions and operations: the values of their operands, and where these were set.

use forge_base::{Code, Diag, Span};
use forge_check::hir::{Expr, ExprKind};

use crate::display::show;
use crate::error::{self, Operand};
use crate::evaluator::Evaluator;
use crate::value::{ErrorId, Frame, Value};

/// The maximum number of operands in a message.
const MAX_OPERANDS: usize = 8;

/// The errors of single operations, which are explained by their operands.
const OPERATIONS: [Code; 4] = [Code::INT_OVERFLOW, Code::DIVISION_BY_ZERO, Code::INDEX_OUT_OF_RANGE, Code::NO_SUCH_KEY];

impl<'a> Evaluator<'a> {
    /// The subexpressions of a condition with their values, without constants.
    pub(crate) fn operands(&self, cond: &'a Expr, frame: &'a Frame<'a>) -> Vec<Operand> {
        let mut operands = Vec::new();
        let mut whole = cond;
        while let ExprKind::Not(inner) | ExprKind::Coerce { value: inner, .. } = &whole.kind {
            whole = inner;
        }
        match &whole.kind {
            // The value of the whole condition is known.
            ExprKind::CallBuiltin { args, .. } => {
                args.iter().for_each(|arg| self.collect_operands(arg, frame, &mut operands));
            }
            _ => self.collect_operands(whole, frame, &mut operands),
        }
        let mut known = Vec::new();
        operands.retain(|operand: &Operand| {
            let is_new = !known.contains(&operand.text);
            known.push(operand.text.clone());
            is_new
        });
        operands.truncate(MAX_OPERANDS);
        operands
    }

    /// Adds to the error of an operation at `span` the values of its operands.
    #[cold]
    pub(crate) fn explain_operands(&self, error: ErrorId, span: Span, exprs: &'a [Expr], frame: &'a Frame<'a>) {
        let is_operation = |diag: &Diag| OPERATIONS.contains(&diag.code) && diag.span() == Some(span);
        if !self.errors.matches(error, is_operation) {
            return;
        }
        let mut operands: Vec<Operand> = Vec::new();
        for operand in exprs.iter().flat_map(|expr| self.operands(expr, frame)) {
            if operands.iter().all(|known| known.text != operand.text) {
                operands.push(operand);
            }
        }
        self.errors.amend(error, |diag| Some(error::with_operands(diag.clone(), operands)));
    }

    /// Adds to a failed refinement of the value of `expr` the values of its operands.
    #[cold]
    pub(crate) fn explain_value(&self, error: ErrorId, value: Value<'a>, expr: &'a Expr, frame: &'a Frame<'a>) {
        if matches!(value, Value::Object(_) | Value::Map(_) | Value::List(_)) {
            return;
        }
        let mut operands = self.operands(expr, frame);
        // The headline has the value itself.
        operands.retain(|operand| operand.set_at.is_some() || operand.value != show(value));
        self.errors.amend(error, |diag| match diag.code {
            Code::REFINEMENT_FAILED => Some(error::with_operands(diag.clone(), operands)),
            _ => None,
        });
    }

    fn collect_operands(&self, expr: &'a Expr, frame: &'a Frame<'a>, operands: &mut Vec<Operand>) {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Lambda(_) | ExprKind::Fn(_) | ExprKind::Range { .. } => {}
            ExprKind::Not(value) | ExprKind::Neg(value) => self.collect_operands(value, frame, operands),
            ExprKind::Coerce { value, .. }
            | ExprKind::Convert { value, .. }
            | ExprKind::NonNull(value)
            | ExprKind::Is { value, .. } => {
                self.collect_operands(value, frame, operands);
            }
            ExprKind::Binary { left, right, .. } => {
                self.collect_operands(left, frame, operands);
                self.collect_operands(right, frame, operands);
            }
            ExprKind::CallBuiltin { args, .. } => {
                operands.extend(self.operand(expr, frame));
                args.iter().for_each(|arg| self.collect_operands(arg, frame, operands));
            }
            _ => operands.extend(self.operand(expr, frame)),
        }
    }

    /// An expression with its value; `None` for a literal or if it cannot be evaluated.
    fn operand(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Option<Operand> {
        let file = self.files.get(expr.span.file)?;
        let text = file.slice(expr.span).split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return None;
        }
        let value = self.eval(expr, frame).ok()?;
        let shown = show(value);
        let is_literal =
            shown.split_whitespace().eq(text.split_whitespace()) || shown.replace(' ', "") == text.replace(' ', "");
        (!is_literal).then(|| Operand { text, value: shown, set_at: self.set_at(expr, value, frame) })
    }

    /// The span that set the value of an expression.
    pub(crate) fn set_at(&self, expr: &'a Expr, value: Value<'a>, frame: &'a Frame<'a>) -> Option<Span> {
        match &expr.kind {
            ExprKind::Field { recv, field, .. } => match self.eval(recv, frame) {
                Ok(Value::Object(object)) => self.setter_of(object, *field),
                _ => None,
            },
            ExprKind::Global(id) => Some(self.program.global(*id).span),
            // A chain with `?.`, an index, or `.get(…)`: its value is the value that it read last.
            ExprKind::Entry { .. } | ExprKind::Index { .. } | ExprKind::Block { .. } | ExprKind::CallBuiltin { .. } => {
                let shown = show(value);
                let causes = self.causes(expr, frame);
                let last = causes.into_iter().rev().find(|cause| show(cause.value) == shown)?;
                self.setters(last.origin).first().map(|setter| setter.span)
            }
            _ => None,
        }
    }
}
