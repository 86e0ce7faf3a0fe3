//! Operators, ranges, comparison and strings.

use std::cmp::Ordering;

use forge_base::quantity::is_representable;
use forge_base::{Duration, Span, decimal};
use forge_check::hir::{Arm, Const, Expr, ExprKind, Pattern, StrPart};
use forge_syntax::ast::BinaryOp;
use smallvec::SmallVec;

use crate::error;
use crate::evaluator::Evaluator;
use crate::frame::{Frame, Local};
use crate::value::{Eval, Quantity, Value};

impl<'a> Evaluator<'a> {
    /// An operator and the chain of operators in its left operand, without recursion: sums may be as long as a file.
    pub(crate) fn binary(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        let mut spine: SmallVec<[(&'a Expr, BinaryOp, &'a Expr); 4]> = SmallVec::new();
        let mut first = expr;
        while let ExprKind::Binary { op, left, right } = &first.kind {
            spine.push((first, *op, right));
            first = left;
        }
        let mut value = self.eval(first, frame)?;
        while let Some((whole, op, right)) = spine.pop() {
            value = self.operate(whole.span, op, value, right, frame)?;
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
            (BinaryOp::And | BinaryOp::Or, _) => self.truth(right, frame).map(Value::Bool),
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

    /// An operator on two finished values.
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

    fn arithmetic(&self, span: Span, op: BinaryOp, left: Value<'a>, right: Value<'a>) -> Eval<Value<'a>> {
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
                self.join_values(span, left, right)
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

    fn join_values(&self, span: Span, left: Value<'a>, right: Value<'a>) -> Eval<Value<'a>> {
        match (left, right) {
            (Value::List(a), Value::List(b)) => self.concat(a, b).map(Value::List),
            (Value::Map(map), _) if map.keyed.is_none() => self.append(span, left, right),
            _ => {
                let (a, b) = (self.items(span, left)?, self.items(span, right)?);
                self.concat(a, b).map(Value::List)
            }
        }
    }

    /// A list or keyed list as a list.
    pub fn items(&self, span: Span, value: Value<'a>) -> Eval<&'a [Value<'a>]> {
        match value {
            Value::List(items) => Ok(items),
            Value::Map(map) => Ok(self.arena.alloc_slice_copy(&self.map_values(map)?)),
            other => Err(self.raise(error::not_iterable(span, other.kind_name()))),
        }
    }

    /// Floats are always finite.
    fn float_arithmetic(&self, span: Span, op: BinaryOp, a: f64, b: f64) -> Eval<Value<'a>> {
        let result = match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a * b,
            _ if b == 0.0 => return Err(self.raise(error::division_by_zero(span, a))),
            BinaryOp::Div => a / b,
            _ => a % b,
        };
        match result.is_finite() {
            true => Ok(Value::Float(result)),
            false => Err(self.raise(error::overflow(span, op.sign(), a, b))),
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
        result.map(Value::Int).ok_or_else(|| self.raise(error::overflow(span, op.sign(), a, b)))
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
            None => Err(self.raise(error::overflow(span, op.sign(), a, b))),
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
            None => Err(self.raise(error::overflow(span, op.sign(), a, self.show(by)))),
        }
    }

    fn quantity_arithmetic(&self, span: Span, op: BinaryOp, left: Value<'a>, right: Value<'a>) -> Eval<Value<'a>> {
        let (a, b) = (nanos_of(left), nanos_of(right));
        let format = match (left, right) {
            (Value::Quantity(quantity), _) | (_, Value::Quantity(quantity)) => quantity.format,
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        };
        let nanos = match (op, a, b) {
            (BinaryOp::Add, Some(a), Some(b)) => a.checked_add(b),
            (BinaryOp::Sub, Some(a), Some(b)) => a.checked_sub(b),
            (BinaryOp::Div, Some(a), Some(b)) if matches!(right, Value::Quantity(_)) => {
                return if b == 0 {
                    Err(self.raise(error::division_by_zero(span, self.show(left))))
                } else {
                    Ok(ratio(a, b))
                };
            }
            (BinaryOp::Mul | BinaryOp::Div, ..) => return self.scale_quantity(span, op, left, right, format),
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        };
        match nanos.filter(|nanos| is_representable(*nanos)) {
            Some(nanos) => Ok(self.quantity(nanos, format)),
            None => Err(self.raise(error::overflow(span, op.sign(), self.show(left), self.show(right)))),
        }
    }

    fn scale_quantity(
        &self,
        span: Span,
        op: BinaryOp,
        left: Value<'a>,
        right: Value<'a>,
        format: forge_base::quantity::Format,
    ) -> Eval<Value<'a>> {
        let (quantity, by) = match (left, right) {
            (Value::Quantity(quantity), by) => (quantity, by),
            (by, Value::Quantity(quantity)) if op == BinaryOp::Mul => (quantity, by),
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        };
        let nanos = match (op, by) {
            (BinaryOp::Div, by) if is_zero(by) => {
                return Err(self.raise(error::division_by_zero(span, self.show(left))));
            }
            (BinaryOp::Mul, Value::Int(by)) => quantity.nanos.checked_mul(i128::from(by)),
            (BinaryOp::Div, Value::Int(by)) => Some(quantity.nanos / i128::from(by)),
            (BinaryOp::Mul, Value::Float(by)) => decimal::times(quantity.nanos, by),
            (BinaryOp::Div, Value::Float(by)) => decimal::divide(quantity.nanos, by),
            _ => return Err(self.raise(error::bad_operands(span, op, left.kind_name(), right.kind_name()))),
        };
        match nanos.filter(|nanos| is_representable(*nanos)) {
            Some(nanos) => Ok(self.quantity(nanos, format)),
            None => Err(self.raise(error::overflow(span, op.sign(), self.show(left), self.show(right)))),
        }
    }

    /// A computed quantity.
    pub fn quantity(&self, nanos: i128, format: forge_base::quantity::Format) -> Value<'a> {
        Value::Quantity(self.arena.alloc(Quantity { nanos, format, literal: None }))
    }

    pub(crate) fn negate(&self, span: Span, value: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        match self.eval(value, frame)? {
            Value::Int(number) => match number.checked_neg() {
                Some(number) => Ok(Value::Int(number)),
                None => Err(self.raise(error::overflow(span, "-", 0, number))),
            },
            Value::Float(number) => Ok(Value::Float(-number)),
            Value::Duration(duration) => match duration.nanos.checked_neg() {
                Some(nanos) => Ok(Value::Duration(Duration { nanos })),
                None => Err(self.raise(error::overflow(span, "-", 0, duration))),
            },
            Value::Quantity(quantity) => Ok(self.quantity(-quantity.nanos, quantity.format)),
            other => Err(self.raise(error::bad_operand(span, "-", other.kind_name()))),
        }
    }

    /// Whether two values are the same data. Reads all of both.
    pub fn equal(&self, left: Value<'a>, right: Value<'a>) -> Eval<bool> {
        Ok(match (left, right) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Float(_) | Value::Int(_), Value::Float(_) | Value::Int(_)) => float_of(left) == float_of(right),
            (Value::Quantity(_), Value::Quantity(_) | Value::Int(_)) | (Value::Int(_), Value::Quantity(_)) => {
                nanos_of(left) == nanos_of(right)
            }
            (Value::Secret(_), Value::Secret(_)) => return Err(self.raise(error::secret_compared(self.place()))),
            (Value::List(_) | Value::Map(_) | Value::Object(_), Value::List(_) | Value::Map(_) | Value::Object(_)) => {
                self.nest(|| self.equal_structures(left, right))?
            }
            _ => false,
        })
    }

    fn equal_structures(&self, left: Value<'a>, right: Value<'a>) -> Eval<bool> {
        Ok(match (left, right) {
            (Value::List(a), Value::List(b)) => self.equal_lists(a, b)?,
            (Value::Map(a), Value::Map(b)) if a.keyed.is_none() && b.keyed.is_none() => {
                let (entries, others) = (self.entries(a)?, self.entries(b)?);
                if entries.len() != others.len() {
                    return Ok(false);
                }
                for (place, entry) in entries.iter().enumerate() {
                    let Some(other) = self.get(b, entry.key)? else { return Ok(false) };
                    if !self.equal(self.entry(a, place)?, other)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Value::Map(a), Value::List(_) | Value::Map(_)) if a.keyed.is_some() => {
                let other = match right {
                    Value::List(items) => items.to_vec(),
                    Value::Map(map) if map.keyed.is_some() => self.map_values(map)?,
                    _ => return Ok(false),
                };
                self.equal_lists(&self.map_values(a)?, &other)?
            }
            (Value::List(_), Value::Map(_)) => self.equal(right, left)?,
            (Value::Object(a), Value::Object(b)) => {
                if std::ptr::eq(a, b) {
                    return Ok(true);
                }
                if a.schema.schema.id != b.schema.schema.id {
                    return Ok(false);
                }
                for index in 0..a.schema.schema.fields.len() as u32 {
                    if !self.equal(self.field(a, index)?, self.field(b, index)?)? {
                        return Ok(false);
                    }
                }
                self.equal(Value::Map(self.extra(a)?), Value::Map(self.extra(b)?))?
            }
            _ => false,
        })
    }

    fn equal_lists(&self, a: &[Value<'a>], b: &[Value<'a>]) -> Eval<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !self.equal(*a, *b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Which of two values comes first.
    pub fn compare(&self, span: Span, left: Value<'a>, right: Value<'a>) -> Eval<Ordering> {
        let order = match (left, right) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(&b)),
            (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(&b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(&b)),
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                float_of(left).partial_cmp(&float_of(right))
            }
            (Value::Quantity(_), Value::Quantity(_) | Value::Int(_)) | (Value::Int(_), Value::Quantity(_)) => {
                Some(nanos_of(left).cmp(&nanos_of(right)))
            }
            (Value::List(a), Value::List(b)) => {
                for (a, b) in a.iter().zip(b) {
                    let order = self.compare(span, *a, *b)?;
                    if order.is_ne() {
                        return Ok(order);
                    }
                }
                Some(a.len().cmp(&b.len()))
            }
            _ => None,
        };
        match order {
            Some(order) => Ok(order),
            None => Err(self.raise(error::bad_operands(span, BinaryOp::Lt, left.kind_name(), right.kind_name()))),
        }
    }

    fn contains(&self, span: Span, item: Value<'a>, whole: Value<'a>) -> Eval<bool> {
        match (item, whole) {
            (Value::Str(part), Value::Str(text)) => Ok(text.contains(part)),
            (item, Value::List(items)) => {
                for other in items {
                    if self.equal(item, *other)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (item, Value::Map(map)) => match crate::value::Key::from_value(item) {
                Some(key) => Ok(self.find_entry(map, key)?.is_some()),
                None => self.contains(span, item, Value::List(self.items(span, whole)?)),
            },
            _ => Err(self.raise(error::bad_operands(span, BinaryOp::In, item.kind_name(), whole.kind_name()))),
        }
    }

    /// The first number of a range and the one behind its last.
    pub(crate) fn bounds(
        &self,
        span: Span,
        start: &'a Expr,
        end: &'a Expr,
        inclusive: bool,
        frame: &'a Frame<'a>,
    ) -> Eval<(i64, i64)> {
        match (self.eval(start, frame)?, self.eval(end, frame)?) {
            (Value::Int(start), Value::Int(end)) => {
                let behind = if inclusive { end.checked_add(1) } else { Some(end) };
                match behind {
                    Some(behind) => Ok((start, behind)),
                    None => Err(self.raise(error::overflow(span, "..=", start, end))),
                }
            }
            (start, end) => {
                let message = format!("a range goes from {} to {}", start.kind_name(), end.kind_name());
                Err(self.raise(error::internal(span, &message)))
            }
        }
    }

    pub(crate) fn range(
        &self,
        span: Span,
        start: &'a Expr,
        end: &'a Expr,
        inclusive: bool,
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let (start, end) = self.bounds(span, start, end, inclusive, frame)?;
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
            crate::text::push(&mut text, value);
        }
        Ok(Value::Str(text.into_bump_str()))
    }

    pub(crate) fn eval_match(
        &self,
        expr: &'a Expr,
        value: &'a Expr,
        arms: &'a [Arm],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let value = self.eval(value, frame)?;
        for arm in arms {
            let mut fits = false;
            for pattern in &arm.patterns {
                if self.fits(pattern, value, frame)? {
                    fits = true;
                    break;
                }
            }
            let guarded = match &arm.guard {
                Some(guard) if fits => self.truth(guard, frame)?,
                _ => fits,
            };
            if guarded {
                return self.eval(&arm.value, frame);
            }
        }
        let shown = self.show(value);
        Err(self.raise(error::internal(expr.span, &format!("no arm of a `match` fits {shown}"))))
    }

    pub(crate) fn fits(&self, pattern: &'a Pattern, value: Value<'a>, frame: &'a Frame<'a>) -> Eval<bool> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Const(Const::Null) => Ok(value.is_null()),
            Pattern::Const(constant) => self.equal(value, self.constant(constant)),
            Pattern::Range(first, last) => {
                Ok(matches!(value, Value::Int(number) if (*first..=*last).contains(&number)))
            }
            Pattern::Is(ty) => self.is_of(value, ty),
            Pattern::Bind(slot) => {
                frame.slots[*slot as usize].set(Local::Value(value));
                Ok(true)
            }
        }
    }
}

fn float_of(value: Value<'_>) -> f64 {
    match value {
        Value::Int(number) => number as f64,
        Value::Float(number) => number,
        _ => f64::NAN,
    }
}

fn nanos_of(value: Value<'_>) -> Option<i128> {
    match value {
        Value::Int(number) => Some(i128::from(number) * 1_000_000_000),
        Value::Quantity(quantity) => Some(quantity.nanos),
        _ => None,
    }
}

/// How often `b`, which is not zero, goes into `a`.
fn ratio<'a>(a: i128, b: i128) -> Value<'a> {
    Value::Float(decimal::ratio(a, b).unwrap_or(f64::NAN))
}

fn is_zero(value: Value<'_>) -> bool {
    matches!(value, Value::Int(0)) || matches!(value, Value::Float(number) if number == 0.0)
}

fn narrow(nanos: Option<i128>) -> Option<i64> {
    i64::try_from(nanos?).ok()
}
