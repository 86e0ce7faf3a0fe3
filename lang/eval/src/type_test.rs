//! Type tests: for `is`, and for the conversions that depend on the value.

use forge_check::ty::{RefinedTy, Ty};

use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{Eval, Frame, Local, Value};

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
            (Ty::Keyed(keyed), Value::Map(map)) if map.has_keys(&keyed.keys) => {
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
    pub(crate) fn satisfies(&self, refined: &'a RefinedTy, value: Value<'a>) -> Eval<bool> {
        let refinement = self.program.refinement(refined.id);
        self.eval_condition(&refinement.cond, self.refinement_frame(refined, value))
    }

    /// The frame of a refinement's condition, in which `it` is the value.
    pub(crate) fn refinement_frame(&self, refined: &'a RefinedTy, value: Value<'a>) -> &'a Frame<'a> {
        let frame = self.new_frame(None, Value::Null, self.program.refinement(refined.id).slots);
        frame.slots[0].set(Local::Value(value));
        frame
    }
}
