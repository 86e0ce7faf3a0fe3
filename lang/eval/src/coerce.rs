//! Type tests for `is`, and the conversions and refinements that the checker could not prove.

use forge_base::{Span, quantity};
use forge_check::ty::{KeyedTy, RefinedTy, Ty};

use crate::display::show;
use crate::error;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{Eval, Frame, Local, Map, Value};

impl<'a> Evaluator<'a> {
    /// Whether a value has a type. Evaluates only the parts that the type constrains.
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
            (Ty::List(item), Value::List(items)) => self.all_have_type(items, item)?,
            (Ty::List(item), Value::Map(map)) if map.keyed.is_some() => {
                self.all_have_type(&self.map_values(map)?, item)?
            }
            (Ty::Keyed(keyed), Value::Map(map)) if map.keyed.is_some() => {
                self.all_have_type(&self.map_values(map)?, &keyed.item)?
            }
            (Ty::Map(types), Value::Map(map)) if map.keyed.is_none() => {
                for (index, entry) in self.entries(map)?.iter().enumerate() {
                    let key = self.key_value(entry.key);
                    if !self.has_type(key, &types.0)? || !self.has_type(self.entry(map, index)?, &types.1)? {
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

    fn all_have_type(&self, items: &[Value<'a>], ty: &'a Ty) -> Eval<bool> {
        for item in items {
            if !self.has_type(*item, ty)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a value of the base type satisfies the condition of a refinement.
    fn satisfies(&self, refined: &'a RefinedTy, value: Value<'a>) -> Eval<bool> {
        let refinement = self.program.refinement(refined.id);
        self.eval_condition(&refinement.cond, self.refinement_frame(refined, value))
    }

    /// The frame of a refinement's condition, in which `it` is the value.
    fn refinement_frame(&self, refined: &'a RefinedTy, value: Value<'a>) -> &'a Frame<'a> {
        let frame = self.new_frame(None, Value::Null, self.program.refinement(refined.id).slots);
        frame.slots[0].set(Local::Value(value));
        frame
    }

    /// Converts a value to `ty`: widens numbers and checks refinements. `span` is the span of the value, `origin` that of the type.
    pub fn coerce(&self, value: Value<'a>, ty: &'a Ty, span: Span, origin: Span) -> Eval<Value<'a>> {
        match value {
            Value::List(_) | Value::Map(_) => self.nest(|| {
                self.charge(1)?;
                self.coerce_within(value, ty, span, origin)
            }),
            _ => self.coerce_within(value, ty, span, origin),
        }
    }

    fn coerce_within(&self, value: Value<'a>, ty: &'a Ty, span: Span, origin: Span) -> Eval<Value<'a>> {
        match (ty, value) {
            (Ty::Float, Value::Int(number)) => Ok(Value::Float(number as f64)),
            (Ty::Quantity, Value::Int(number)) => {
                Ok(self.quantity(i128::from(number) * quantity::UNIT, quantity::Format::Decimal))
            }
            (Ty::Alias(id), value) => self.coerce(value, &self.program.alias(*id).ty, span, origin),
            (Ty::Refined(refined), value) => {
                let value = self.coerce(value, &refined.base, span, origin)?;
                if self.satisfies(refined, value)? {
                    return Ok(value);
                }
                let refinement = self.program.refinement(refined.id);
                let operands = self.operands(&refinement.cond, self.refinement_frame(refined, value));
                Err(self.raise(error::refinement_failed(refinement, &show(value), operands, span, origin)))
            }
            (Ty::Union(types), value) => self.coerce_union(types, value, span, origin),
            (Ty::List(item), Value::List(items)) => {
                let converted =
                    items.iter().map(|value| self.coerce(*value, item, span, origin)).collect::<Eval<Vec<_>>>()?;
                Ok(Value::List(self.arena.alloc_slice_copy(&converted)))
            }
            (Ty::List(item), Value::Map(map)) if map.keyed.is_some() => {
                let values = self.map_values(map)?;
                let converted =
                    values.iter().map(|value| self.coerce(*value, item, span, origin)).collect::<Eval<Vec<_>>>()?;
                Ok(Value::List(self.arena.alloc_slice_copy(&converted)))
            }
            (Ty::Keyed(keyed), Value::Map(map)) if map.keyed.is_some() => {
                self.coerce_keyed(keyed, map, value, span, origin)
            }
            (Ty::Map(types), Value::Map(map)) if map.keyed.is_none() => {
                let mut entries = Vec::new();
                for (index, entry) in self.entries(map)?.iter().enumerate() {
                    let here = self.entry_span(map, index).unwrap_or(span);
                    self.coerce(self.key_value(entry.key), &types.0, here, origin)?;
                    let value = self.coerce(self.entry(map, index)?, &types.1, here, origin)?;
                    if let Key::Str(key) = entry.key {
                        entries.push((key, value));
                    }
                }
                Ok(self.map_of(entries.into_iter()))
            }
            (Ty::Record(fields), Value::Map(map)) if map.keyed.is_none() => {
                let mut entries = Vec::new();
                for (name, ty) in fields.iter() {
                    let value = self.member(Value::Map(map), *name, Some(span))?;
                    entries.push((name.as_str(), self.coerce(value, ty, span, origin)?));
                }
                Ok(self.map_of(entries.into_iter()))
            }
            (_, value) => Ok(value),
        }
    }

    fn coerce_union(&self, types: &'a [Ty], value: Value<'a>, span: Span, origin: Span) -> Eval<Value<'a>> {
        for ty in types {
            if self.has_type(value, ty)? {
                return Ok(value);
            }
        }
        // No member fits: the first of the same kind reports the error, or widens the number.
        for ty in types {
            if self.has_kind_of(value, ty) {
                return self.coerce(value, ty, span, origin);
            }
        }
        Ok(value)
    }

    /// Whether a value and a type are of the same kind, whatever their refinements and elements.
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
        map: &'a Map<'a>,
        value: Value<'a>,
        span: Span,
        origin: Span,
    ) -> Eval<Value<'a>> {
        let Some(shape) = map.keyed else { return Ok(value) };
        let mut elements = Vec::new();
        for index in 0..self.entries(map)?.len() {
            let here = self.entry_span(map, index).unwrap_or(span);
            elements.push(self.coerce(self.entry(map, index)?, &keyed.item, here, origin)?);
        }
        Ok(self.keyed_of(shape, self.arena.alloc_slice_copy(&elements)))
    }
}
