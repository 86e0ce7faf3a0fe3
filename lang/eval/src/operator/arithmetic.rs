//! Arithmetic on numbers, quantities and durations; `+` also concatenates strings and lists and merges maps.

use forge_base::quantity::{Format, is_representable};
use forge_base::{Duration, Span, decimal};
use forge_check::hir::Expr;
use forge_syntax::ast::BinaryOp;

use crate::display::show;
use crate::error::{self, NumericKind};
use crate::evaluator::Evaluator;
use crate::value::{Eval, Frame, Quantity, Value};

impl<'a> Evaluator<'a> {
    pub(super) fn arithmetic(&self, span: Span, op: BinaryOp, left: Value<'a>, right: Value<'a>) -> Eval<Value<'a>> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => self.int_arithmetic(span, op, a, b),
            (Value::Float(a), Value::Float(b)) => self.float_arithmetic(span, op, a, b),
            (Value::Int(a), Value::Float(b)) => self.float_arithmetic(span, op, a as f64, b),
            (Value::Float(a), Value::Int(b)) => self.float_arithmetic(span, op, a, b as f64),
            (Value::Str(a), Value::Str(b)) if op == BinaryOp::Add => {
                self.check_memory(a.len() + b.len())?;
                let mut text = bumpalo::collections::String::with_capacity_in(a.len() + b.len(), self.arena);
                text.push_str(a);
                text.push_str(b);
                Ok(Value::Str(text.into_bump_str()))
            }
            (Value::List(_) | Value::Map(_), Value::List(_) | Value::Map(_)) if op == BinaryOp::Add => {
                self.concat_values(span, left, right)
            }
            (Value::Duration(a), Value::Duration(b)) => self.duration_arithmetic(span, op, a, b),
            (Value::Duration(a), Value::Int(_) | Value::Float(_))
            | (Value::Int(_) | Value::Float(_), Value::Duration(a))
                if op == BinaryOp::Mul || (op == BinaryOp::Div && matches!(left, Value::Duration(_))) =>
            {
                let other = if matches!(left, Value::Duration(_)) { right } else { left };
                self.scale_duration(span, op, a, other)
            }
            (Value::Quantity(_), _) | (_, Value::Quantity(_)) => self.quantity_arithmetic(span, op, left, right),
            _ => Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        }
    }

    fn concat_values(&self, span: Span, left: Value<'a>, right: Value<'a>) -> Eval<Value<'a>> {
        match (left, right) {
            (Value::List(a), Value::List(b)) => self.concat(a, b).map(Value::List),
            (Value::Map(map), _) if map.keyed.is_none() => self.append(span, left, right),
            _ => {
                let (a, b) = (self.items(span, left)?, self.items(span, right)?);
                self.concat(a, b).map(Value::List)
            }
        }
    }

    /// Floats are always finite: an infinite result is an error.
    fn float_arithmetic(&self, span: Span, op: BinaryOp, a: f64, b: f64) -> Eval<Value<'a>> {
        let result = match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a * b,
            _ if b == 0.0 => return Err(self.raise(error::division_by_zero(span, format!("{a:?}")))),
            BinaryOp::Div => a / b,
            _ => a % b,
        };
        match result.is_finite() {
            true => Ok(Value::Float(result)),
            false => Err(self.raise(error::overflow(span, format!("{a:?} {} {b:?}", op.sign()), NumericKind::Float))),
        }
    }

    fn int_arithmetic(&self, span: Span, op: BinaryOp, a: i64, b: i64) -> Eval<Value<'a>> {
        let result = match op {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Sub => a.checked_sub(b),
            BinaryOp::Mul => a.checked_mul(b),
            BinaryOp::Div if b == 0 => return Err(self.raise(error::division_by_zero(span, a))),
            BinaryOp::Div => return Ok(Value::Float(a as f64 / b as f64)),
            BinaryOp::Rem if b == 0 => return Err(self.raise(error::division_by_zero(span, a))),
            BinaryOp::Rem => Some(a.wrapping_rem(b)),
            _ => None,
        };
        result
            .map(Value::Int)
            .ok_or_else(|| self.raise(error::overflow(span, format!("{a} {} {b}", op.sign()), NumericKind::Int)))
    }

    fn duration_arithmetic(&self, span: Span, op: BinaryOp, a: Duration, b: Duration) -> Eval<Value<'a>> {
        let result = match op {
            BinaryOp::Add => a.nanos.checked_add(b.nanos),
            BinaryOp::Sub => a.nanos.checked_sub(b.nanos),
            BinaryOp::Div if b.nanos == 0 => return Err(self.raise(error::division_by_zero(span, a))),
            BinaryOp::Div => return Ok(ratio(i128::from(a.nanos), i128::from(b.nanos))),
            BinaryOp::Rem if b.nanos == 0 => return Err(self.raise(error::division_by_zero(span, a))),
            BinaryOp::Rem => Some(a.nanos.wrapping_rem(b.nanos)),
            _ => return Err(self.raise(error::bad_operands(span, op, "a Duration", "a Duration"))),
        };
        match result {
            Some(nanos) => Ok(Value::Duration(Duration { nanos })),
            None => Err(self.raise(error::overflow(span, format!("{a} {} {b}", op.sign()), NumericKind::Duration))),
        }
    }

    fn scale_duration(&self, span: Span, op: BinaryOp, a: Duration, by: Value<'a>) -> Eval<Value<'a>> {
        let nanos = match (op, by) {
            (BinaryOp::Mul, Value::Int(by)) => a.nanos.checked_mul(by),
            (BinaryOp::Div, by) if is_zero(by) => return Err(self.raise(error::division_by_zero(span, a))),
            (BinaryOp::Div, Value::Int(by)) => a.nanos.checked_div(by),
            (BinaryOp::Mul, Value::Float(by)) => narrow(decimal::times(i128::from(a.nanos), by)),
            (BinaryOp::Div, Value::Float(by)) => narrow(decimal::divide(i128::from(a.nanos), by)),
            _ => None,
        };
        match nanos {
            Some(nanos) => Ok(Value::Duration(Duration { nanos })),
            None => {
                let what = format!("{a} {} {}", op.sign(), show(by));
                Err(self.raise(error::overflow(span, what, NumericKind::Duration)))
            }
        }
    }

    fn quantity_arithmetic(&self, span: Span, op: BinaryOp, left: Value<'a>, right: Value<'a>) -> Eval<Value<'a>> {
        let (a, b) = (left.nanos(), right.nanos());
        let format = match (left, right) {
            (Value::Quantity(quantity), _) | (_, Value::Quantity(quantity)) => quantity.format,
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        };
        let nanos = match (op, a, b) {
            (BinaryOp::Add, Some(a), Some(b)) => a.checked_add(b),
            (BinaryOp::Sub, Some(a), Some(b)) => a.checked_sub(b),
            (BinaryOp::Div, Some(a), Some(b)) if matches!(right, Value::Quantity(_)) => {
                return if b == 0 {
                    Err(self.raise(error::division_by_zero(span, show(left))))
                } else {
                    Ok(ratio(a, b))
                };
            }
            (BinaryOp::Mul | BinaryOp::Div, ..) => self.scale_quantity(span, op, left, right)?,
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        };
        match nanos.filter(|nanos| is_representable(*nanos)) {
            Some(nanos) => Ok(self.quantity(nanos, format)),
            None => {
                let what = format!("{} {} {}", show(left), op.sign(), show(right));
                Err(self.raise(error::overflow(span, what, NumericKind::Quantity)))
            }
        }
    }

    /// The nanos of a quantity multiplied or divided by a number; `None` on overflow.
    fn scale_quantity(&self, span: Span, op: BinaryOp, left: Value<'a>, right: Value<'a>) -> Eval<Option<i128>> {
        let (quantity, by) = match (left, right) {
            (Value::Quantity(quantity), by) => (quantity, by),
            (by, Value::Quantity(quantity)) if op == BinaryOp::Mul => (quantity, by),
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        };
        Ok(match (op, by) {
            (BinaryOp::Div, by) if is_zero(by) => {
                return Err(self.raise(error::division_by_zero(span, show(left))));
            }
            (BinaryOp::Mul, Value::Int(by)) => quantity.nanos.checked_mul(i128::from(by)),
            (BinaryOp::Div, Value::Int(by)) => Some(quantity.nanos / i128::from(by)),
            (BinaryOp::Mul, Value::Float(by)) => decimal::times(quantity.nanos, by),
            (BinaryOp::Div, Value::Float(by)) => decimal::divide(quantity.nanos, by),
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        })
    }

    /// A computed quantity.
    pub fn quantity(&self, nanos: i128, format: Format) -> Value<'a> {
        Value::Quantity(self.arena.alloc(Quantity { nanos, format, literal: None }))
    }

    pub(crate) fn negate(&self, span: Span, value: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        match self.eval(value, frame)? {
            Value::Int(number) => match number.checked_neg() {
                Some(number) => Ok(Value::Int(number)),
                None => Err(self.raise(error::overflow(span, format!("-({number})"), NumericKind::Int))),
            },
            Value::Float(number) => Ok(Value::Float(-number)),
            Value::Duration(duration) => match duration.nanos.checked_neg() {
                Some(nanos) => Ok(Value::Duration(Duration { nanos })),
                None => Err(self.raise(error::overflow(span, format!("-({duration})"), NumericKind::Duration))),
            },
            Value::Quantity(quantity) => Ok(self.quantity(-quantity.nanos, quantity.format)),
            other => Err(self.raise(error::bad_operand(span, "-", other.kind_name()))),
        }
    }
}

/// `a / b`; `b` must not be zero.
fn ratio<'a>(a: i128, b: i128) -> Value<'a> {
    Value::Float(decimal::ratio(a, b).unwrap_or(f64::NAN))
}

fn is_zero(value: Value<'_>) -> bool {
    matches!(value, Value::Int(0)) || matches!(value, Value::Float(number) if number == 0.0)
}

fn narrow(nanos: Option<i128>) -> Option<i64> {
    i64::try_from(nanos?).ok()
}
