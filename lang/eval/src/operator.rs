//! Operators, ranges, and string interpolation.

use forge_base::Span;
use forge_check::hir::{Expr, ExprKind, StrPart};
use forge_syntax::ast::BinaryOp;
use smallvec::SmallVec;

use crate::error::{self, NumericKind};
use crate::evaluator::Evaluator;
use crate::value::{Eval, Frame, Value};

mod arithmetic;
mod compare;

impl<'a> Evaluator<'a> {
    /// Evaluates an operator and the chain of operators in its left operand without recursion: sums may be very long.
    pub(crate) fn binary(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        let mut spine: SmallVec<[(&'a Expr, BinaryOp, &'a Expr); 4]> = SmallVec::new();
        let mut first = expr;
        while let ExprKind::Binary { op, left, right } = &first.kind {
            spine.push((first, *op, right));
            first = left;
        }
        let mut value = self.eval(first, frame)?;
        while let Some((whole, op, right)) = spine.pop() {
            value = match self.operate(whole.span, op, value, right, frame) {
                Ok(value) => value,
                Err(error) => {
                    self.explain_operands(error, whole.span, std::slice::from_ref(whole), frame);
                    return Err(error);
                }
            };
        }
        Ok(value)
    }

    fn operate(
        &self,
        span: Span,
        op: BinaryOp,
        left: Value<'a>,
        right: &'a Expr,
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        match (op, left) {
            (BinaryOp::And, Value::Bool(false)) | (BinaryOp::Or, Value::Bool(true)) => Ok(left),
            (BinaryOp::And | BinaryOp::Or, _) => self.eval_condition(right, frame).map(Value::Bool),
            (BinaryOp::Coalesce, Value::Null) => self.eval(right, frame),
            (BinaryOp::Coalesce, _) => Ok(left),
            (BinaryOp::In, Value::Int(number)) if matches!(right.kind, ExprKind::Range { .. }) => {
                let ExprKind::Range { start, end, inclusive } = &right.kind else { return Ok(Value::Null) };
                let Value::Int(start) = self.eval(start, frame)? else { return Ok(Value::Bool(false)) };
                let Value::Int(end) = self.eval(end, frame)? else { return Ok(Value::Bool(false)) };
                Ok(Value::Bool(start <= number && if *inclusive { number <= end } else { number < end }))
            }
            _ => {
                let right = self.eval(right, frame)?;
                self.operate_on(span, op, left, right)
            }
        }
    }

    /// Applies an operator to two evaluated values.
    pub fn operate_on(&self, span: Span, op: BinaryOp, left: Value<'a>, right: Value<'a>) -> Eval<Value<'a>> {
        match op {
            BinaryOp::Eq => self.equal(left, right).map(Value::Bool),
            BinaryOp::Ne => self.equal(left, right).map(|equal| Value::Bool(!equal)),
            BinaryOp::Lt => self.compare(span, left, right).map(|order| Value::Bool(order.is_lt())),
            BinaryOp::Le => self.compare(span, left, right).map(|order| Value::Bool(order.is_le())),
            BinaryOp::Gt => self.compare(span, left, right).map(|order| Value::Bool(order.is_gt())),
            BinaryOp::Ge => self.compare(span, left, right).map(|order| Value::Bool(order.is_ge())),
            BinaryOp::In => self.contains(span, left, right).map(Value::Bool),
            _ => self.arithmetic(span, op, left, right),
        }
    }

    /// The items of a list or keyed list.
    pub fn items(&self, span: Span, value: Value<'a>) -> Eval<&'a [Value<'a>]> {
        match value {
            Value::List(items) => Ok(items),
            Value::Map(map) => Ok(self.arena.alloc_slice_copy(&self.map_values(map)?)),
            other => Err(self.raise(error::not_iterable(span, other.kind_name()))),
        }
    }

    /// The bounds of a range expression: its first number, and the number after its last.
    pub(crate) fn bounds(&self, range: &'a Expr, frame: &'a Frame<'a>) -> Eval<(i64, i64)> {
        let ExprKind::Range { start, end, inclusive } = &range.kind else {
            return Err(self.raise(error::internal(range.span, "the bounds of another expression than a range")));
        };
        match (self.eval(start, frame)?, self.eval(end, frame)?) {
            (Value::Int(start), Value::Int(end)) if *inclusive => match end.checked_add(1) {
                Some(after) => Ok((start, after)),
                None => Err(self.raise(error::overflow(range.span, format!("{start}..={end}"), NumericKind::Int))),
            },
            (Value::Int(start), Value::Int(end)) => Ok((start, end)),
            (start, end) => {
                let what = format!("a range goes from {} to {}", start.kind_name(), end.kind_name());
                Err(self.raise(error::internal(range.span, &what)))
            }
        }
    }

    /// A range as a list.
    pub(crate) fn range(&self, range: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        let (start, end) = self.bounds(range, frame)?;
        let count = usize::try_from(i128::from(end) - i128::from(start)).unwrap_or(0);
        self.check_memory(count.saturating_mul(size_of::<Value<'_>>()))?;
        self.charge(count)?;
        Ok(Value::List(self.arena.alloc_slice_fill_with(count, |i| Value::Int(start + i as i64))))
    }

    pub(crate) fn interpolate(&self, parts: &'a [StrPart], frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        let mut values: SmallVec<[Value<'a>; 8]> = SmallVec::new();
        for part in parts {
            values.push(match part {
                StrPart::Text(text) => Value::Str(text),
                StrPart::Expr(expr) => self.eval(expr, frame)?,
            });
        }
        let size = values.iter().map(|value| if let Value::Str(text) = value { text.len() } else { 8 }).sum();
        self.check_memory(size)?;
        let mut text = bumpalo::collections::String::with_capacity_in(size, self.arena);
        for value in values {
            crate::display::push(&mut text, value);
        }
        Ok(Value::Str(text.into_bump_str()))
    }
}
