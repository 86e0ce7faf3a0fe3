//! Values as types: tests for `is`, and conversions and conditions where the checker could not prove them.

use forge_base::{Span, quantity};
use forge_check::hir;
use forge_check::ty::{KeyedTy, RefinedTy, Ty};

use crate::error;
use crate::evaluator::Evaluator;
use crate::frame::Local;
use crate::value::{Eval, Key, Value};

impl<'a> Evaluator<'a> {
    /// Whether a value is of a type. Reads as much of it as the type asks about.
    pub fn has_type(&self, value: Value<'a>, ty: &'a Ty) -> Eval<bool> {
        match value {
            Value::List(_) | Value::Map(_) => self.nest(|| {
                self.charge(1)?;
                self.has_type_within(value, ty)
            }),
            _ => self.has_type_within(value, ty),
        }
    }

    fn has_type_within(&self, value: Value<'a>, ty: &'a Ty) -> Eval<bool> {
        Ok(match (ty, value) {
            (Ty::Any, value) => !matches!(value, Value::Function(_) | Value::Secret(_)),
            (Ty::Null, Value::Null)
            | (Ty::Bool, Value::Bool(_))
            | (Ty::Int, Value::Int(_))
            | (Ty::Float, Value::Float(_))
            | (Ty::Str, Value::Str(_))
            | (Ty::Quantity, Value::Quantity(_))
            | (Ty::Duration, Value::Duration(_))
            | (Ty::Secret, Value::Secret(_))
            | (Ty::Fn(_), Value::Function(_)) => true,
            (Ty::LitStr(name), Value::Str(text)) => name.as_str() == text,
            (Ty::LitInt(number), Value::Int(value)) => *number == value,
            (Ty::LitBool(wanted), Value::Bool(value)) => *wanted == value,
            (Ty::Schema(id), Value::Object(object)) => object.schema.extends(*id),
            (Ty::Union(types), value) => {
                for ty in types.iter() {
                    if self.has_type(value, ty)? {
                        return Ok(true);
                    }
                }
                false
            }
            (Ty::Alias(id), value) => self.has_type(value, &self.program.alias(*id).ty)?,
            (Ty::Refined(refined), value) => self.has_type(value, &refined.base)? && self.satisfies(refined, value)?,
            (Ty::List(item), Value::List(_)) => self.all_have_type(value, item)?,
            (Ty::List(item), Value::Map(map)) if map.keyed.is_some() => self.all_have_type(value, item)?,
            (Ty::Keyed(keyed), Value::Map(map)) if map.keyed.is_some() => self.all_have_type(value, &keyed.item)?,
            (Ty::Map(types), Value::Map(map)) if map.keyed.is_none() => {
                for (place, entry) in self.entries(map)?.iter().enumerate() {
                    let key = self.key_value(entry.key);
                    if !self.has_type(key, &types.0)? || !self.has_type(self.entry(map, place)?, &types.1)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Ty::Record(fields), Value::Map(map)) if map.keyed.is_none() => {
                if self.entries(map)?.len() != fields.len() {
                    return Ok(false);
                }
                for (name, ty) in fields.iter() {
                    match self.get(map, Key::Str(name.as_str()))? {
                        Some(value) if self.has_type(value, ty)? => {}
                        _ => return Ok(false),
                    }
                }
                true
            }
            _ => false,
        })
    }

    fn all_have_type(&self, list: Value<'a>, ty: &'a Ty) -> Eval<bool> {
        for item in self.items(Span::new(forge_base::FileId(0), 0, 0), list)? {
            if !self.has_type(*item, ty)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a condition holds for a value of its base type.
    fn satisfies(&self, refined: &'a RefinedTy, value: Value<'a>) -> Eval<bool> {
        let refinement = self.program.refinement(refined.id);
        let frame = self.new_frame(None, Value::Null, refinement.slots);
        frame.slots[0].set(Local::Value(value));
        self.eval_condition(&refinement.cond, frame)
    }

    /// A value as `ty`: numbers are widened, conditions tested. `span` is where the value comes from, `because` where the type does.
    pub fn coerce(&self, value: Value<'a>, ty: &'a Ty, span: Span, because: Span) -> Eval<Value<'a>> {
        match value {
            Value::List(_) | Value::Map(_) => self.nest(|| {
                self.charge(1)?;
                self.coerce_within(value, ty, span, because)
            }),
            _ => self.coerce_within(value, ty, span, because),
        }
    }

    fn coerce_within(&self, value: Value<'a>, ty: &'a Ty, span: Span, because: Span) -> Eval<Value<'a>> {
        match (ty, value) {
            (Ty::Float, Value::Int(number)) => Ok(Value::Float(number as f64)),
            (Ty::Quantity, Value::Int(number)) => {
                Ok(self.quantity(i128::from(number) * quantity::UNIT, quantity::Format::Decimal))
            }
            (Ty::Alias(id), value) => self.coerce(value, &self.program.alias(*id).ty, span, because),
            (Ty::Refined(refined), value) => {
                let value = self.coerce(value, &refined.base, span, because)?;
                if self.satisfies(refined, value)? {
                    return Ok(value);
                }
                let refinement: &'a hir::Refinement = self.program.refinement(refined.id);
                let frame = self.new_frame(None, Value::Null, refinement.slots);
                frame.slots[0].set(Local::Value(value));
                let operands = self.operands(&refinement.cond, frame);
                Err(self.raise(error::refinement_failed(self, refinement, value, operands, span, because)))
            }
            (Ty::Union(types), value) => self.coerce_union(types, value, span, because),
            (Ty::List(item), Value::List(items)) => {
                let converted =
                    items.iter().map(|value| self.coerce(*value, item, span, because)).collect::<Eval<Vec<_>>>()?;
                Ok(Value::List(self.arena.alloc_slice_copy(&converted)))
            }
            (Ty::List(item), Value::Map(map)) if map.keyed.is_some() => {
                let values = self.map_values(map)?;
                let converted =
                    values.iter().map(|value| self.coerce(*value, item, span, because)).collect::<Eval<Vec<_>>>()?;
                Ok(Value::List(self.arena.alloc_slice_copy(&converted)))
            }
            (Ty::Keyed(keyed), Value::Map(map)) if map.keyed.is_some() => {
                self.coerce_keyed(keyed, map, value, span, because)
            }
            (Ty::Map(types), Value::Map(map)) if map.keyed.is_none() => {
                let mut entries = Vec::new();
                for (place, entry) in self.entries(map)?.iter().enumerate() {
                    let here = self.entry_span(map, place).unwrap_or(span);
                    self.coerce(self.key_value(entry.key), &types.0, here, because)?;
                    let value = self.coerce(self.entry(map, place)?, &types.1, here, because)?;
                    if let Key::Str(key) = entry.key {
                        entries.push((key, value));
                    }
                }
                Ok(self.map_of(entries.into_iter()))
            }
            (Ty::Record(fields), Value::Map(map)) if map.keyed.is_none() => {
                let mut entries = Vec::new();
                for (name, ty) in fields.iter() {
                    let value = self.member(Value::Map(map), *name, span)?;
                    entries.push((name.as_str(), self.coerce(value, ty, span, because)?));
                }
                Ok(self.map_of(entries.into_iter()))
            }
            (_, value) => Ok(value),
        }
    }

    fn coerce_union(&self, types: &'a [Ty], value: Value<'a>, span: Span, because: Span) -> Eval<Value<'a>> {
        for ty in types {
            if self.has_type(value, ty)? {
                return Ok(value);
            }
        }
        // None fits as it is: the first that fits in kind says what is wrong, or widens the number.
        for ty in types {
            if self.has_kind_of(value, ty) {
                return self.coerce(value, ty, span, because);
            }
        }
        Ok(value)
    }

    fn has_kind_of(&self, value: Value<'a>, ty: &'a Ty) -> bool {
        match (ty, value) {
            (Ty::Alias(id), value) => self.has_kind_of(value, &self.program.alias(*id).ty),
            (Ty::Refined(refined), value) => self.has_kind_of(value, &refined.base),
            (Ty::Float | Ty::Quantity | Ty::Int, Value::Int(_))
            | (Ty::Str, Value::Str(_))
            | (Ty::Float, Value::Float(_))
            | (Ty::Quantity, Value::Quantity(_))
            | (Ty::Duration, Value::Duration(_))
            | (Ty::Bool, Value::Bool(_))
            | (Ty::List(_), Value::List(_)) => true,
            (Ty::Keyed(_), Value::Map(map)) => map.keyed.is_some(),
            (Ty::Map(_) | Ty::Record(_), Value::Map(map)) => map.keyed.is_none(),
            (Ty::Schema(id), Value::Object(object)) => object.schema.extends(*id),
            _ => false,
        }
    }

    fn coerce_keyed(
        &self,
        keyed: &'a KeyedTy,
        map: &'a crate::value::Map<'a>,
        value: Value<'a>,
        span: Span,
        because: Span,
    ) -> Eval<Value<'a>> {
        let Some(shape) = map.keyed else { return Ok(value) };
        let mut elements = Vec::new();
        for place in 0..self.entries(map)?.len() {
            let here = self.entry_span(map, place).unwrap_or(span);
            elements.push(self.coerce(self.entry(map, place)?, &keyed.item, here, because)?);
        }
        Ok(self.keyed_of(shape, self.arena.alloc_slice_copy(&elements)))
    }
}
