//! Equality, order and containment.

use std::cmp::Ordering;

use forge_base::Span;
use forge_syntax::ast::BinaryOp;

use crate::error;
use crate::evaluator::Evaluator;
use crate::value::{Eval, Value};

impl<'a> Evaluator<'a> {
    /// Whether two values are equal. Evaluates all parts of both.
    pub fn equal(&self, left: Value<'a>, right: Value<'a>) -> Eval<bool> {
        Ok(match (left, right) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Float(_) | Value::Int(_), Value::Float(_) | Value::Int(_)) => float_of(left) == float_of(right),
            (Value::Quantity(_), Value::Quantity(_) | Value::Int(_)) | (Value::Int(_), Value::Quantity(_)) => {
                left.nanos() == right.nanos()
            }
            (Value::Secret(_), Value::Secret(_)) => return Err(self.raise(error::secret_compared(self.current_span()))),
            (Value::List(_) | Value::Map(_) | Value::Object(_), Value::List(_) | Value::Map(_) | Value::Object(_)) => {
                self.nest(|| self.equal_structures(left, right))?
            }
            _ => false,
        })
    }

    fn equal_structures(&self, left: Value<'a>, right: Value<'a>) -> Eval<bool> {
        self.charge(1)?;
        Ok(match (left, right) {
            (Value::List(a), Value::List(b)) => self.equal_lists(a, b)?,
            (Value::Map(a), Value::Map(b)) if a.keyed.is_none() && b.keyed.is_none() => {
                let (entries, others) = (self.entries(a)?, self.entries(b)?);
                if entries.len() != others.len() {
                    return Ok(false);
                }
                for (index, entry) in entries.iter().enumerate() {
                    let Some(other) = self.get(b, entry.key)? else { return Ok(false) };
                    if !self.equal(self.entry(a, index)?, other)? {
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
                for ((_, own), (_, other)) in self.fields(a).zip(self.fields(b)) {
                    if !self.equal(own?, other?)? {
                        return Ok(false);
                    }
                }
                self.equal(Value::Map(self.extra(a)), Value::Map(self.extra(b)))?
            }
            _ => false,
        })
    }

    fn equal_lists(&self, a: &[Value<'a>], b: &[Value<'a>]) -> Eval<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        self.charge(a.len())?;
        for (a, b) in a.iter().zip(b) {
            if !self.equal(*a, *b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The order of two values.
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
                Some(left.nanos().cmp(&right.nanos()))
            }
            (Value::List(a), Value::List(b)) => return self.nest(|| self.compare_lists(span, a, b)),
            _ => None,
        };
        match order {
            Some(order) => Ok(order),
            None => Err(self.raise(error::bad_operands(span, BinaryOp::Lt, left.kind_name(), right.kind_name()))),
        }
    }

    fn compare_lists(&self, span: Span, a: &[Value<'a>], b: &[Value<'a>]) -> Eval<Ordering> {
        self.charge(a.len().min(b.len()) + 1)?;
        for (a, b) in a.iter().zip(b) {
            let order = self.compare(span, *a, *b)?;
            if order.is_ne() {
                return Ok(order);
            }
        }
        Ok(a.len().cmp(&b.len()))
    }

    pub(super) fn contains(&self, span: Span, item: Value<'a>, whole: Value<'a>) -> Eval<bool> {
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
            (item, Value::Map(map)) => match item.as_key() {
                Some(key) => Ok(self.find_entry(map, key)?.is_some()),
                None => self.contains(span, item, Value::List(self.items(span, whole)?)),
            },
            _ => Err(self.raise(error::bad_operands(span, BinaryOp::In, item.kind_name(), whole.kind_name()))),
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
