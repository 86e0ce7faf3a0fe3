//! Plain data as values of a type.

use forge_base::{Span, quantity};
use forge_check::ty::Ty;

use crate::data::Data;
use crate::error;
use crate::evaluator::Evaluator;
use crate::value::{Eval, Quantity, Value};

impl<'a> Evaluator<'a> {
    /// Converts data to a value of type `ty`; a string becomes a Quantity or Duration if the type is one. Refinements are not checked.
    pub fn value_from_data(&self, data: &Data, ty: &'a Ty, span: Span) -> Eval<Value<'a>> {
        let wrong = || self.raise(error::bad_data(span, &data.describe(), &type_phrase(ty)));
        Ok(match (ty, data) {
            (Ty::Alias(id), _) => return self.value_from_data(data, &self.program.alias(*id).ty, span),
            (Ty::Refined(refined), _) => return self.value_from_data(data, &refined.base, span),
            (Ty::Union(types), _) => return self.union_from_data(data, types, span),
            (Ty::Any, Data::Null) | (Ty::Null, Data::Null) => Value::Null,
            (Ty::Any | Ty::Bool, Data::Bool(value)) => Value::Bool(*value),
            (Ty::LitBool(wanted), Data::Bool(value)) if wanted == value => Value::Bool(*value),
            (Ty::Any | Ty::Int, Data::Int(value)) => Value::Int(*value),
            (Ty::LitInt(wanted), Data::Int(value)) if wanted == value => Value::Int(*value),
            (Ty::Float, Data::Int(value)) => Value::Float(*value as f64),
            (Ty::Any | Ty::Float, Data::Float(value)) => Value::Float(*value),
            (Ty::Any | Ty::Str, Data::Str(text)) => Value::Str(self.arena.alloc_str(text)),
            (Ty::LitStr(wanted), Data::Str(text)) if wanted.as_str() == text => Value::Str(wanted.as_str()),
            (Ty::Quantity, Data::Str(text)) => match forge_base::Quantity::parse(text) {
                Ok(quantity) => Value::Quantity(self.arena.alloc(Quantity {
                    nanos: quantity.nanos,
                    format: quantity.format,
                    literal: Some(self.arena.alloc_str(text)),
                })),
                Err(_) => return Err(wrong()),
            },
            (Ty::Quantity, Data::Int(value)) => {
                self.quantity(i128::from(*value) * quantity::UNIT, quantity::Format::Decimal)
            }
            (Ty::Duration, Data::Str(text)) => match forge_base::Duration::parse(text) {
                Ok(duration) => Value::Duration(duration),
                Err(_) => return Err(wrong()),
            },
            (Ty::Any, Data::List(items)) => {
                let values = items.iter().map(|item| self.value_from_data(item, ty, span)).collect::<Eval<Vec<_>>>()?;
                Value::List(self.arena.alloc_slice_copy(&values))
            }
            (Ty::List(item), Data::List(items)) => {
                let values =
                    items.iter().map(|data| self.value_from_data(data, item, span)).collect::<Eval<Vec<_>>>()?;
                Value::List(self.arena.alloc_slice_copy(&values))
            }
            (Ty::Any, Data::Map(entries)) => self.map_from_data(entries, ty, span)?,
            (Ty::Map(types), Data::Map(entries)) => self.map_from_data(entries, &types.1, span)?,
            (Ty::Record(fields), Data::Map(entries)) => {
                let mut values = Vec::new();
                for (name, ty) in fields.iter() {
                    let data =
                        entries.iter().find(|(key, _)| key == name.as_str()).map_or(&Data::Null, |(_, data)| data);
                    values.push((name.as_str(), self.value_from_data(data, ty, span)?));
                }
                self.map_of(values.into_iter())
            }
            _ => return Err(wrong()),
        })
    }

    fn union_from_data(&self, data: &Data, types: &'a [Ty], span: Span) -> Eval<Value<'a>> {
        for ty in types {
            if let Ok(value) = self.value_from_data(data, ty, span) {
                return Ok(value);
            }
        }
        let phrases: Vec<_> = types.iter().map(type_phrase).collect();
        Err(self.raise(error::bad_data(span, &data.describe(), &phrases.join(" or "))))
    }

    fn map_from_data(&self, entries: &[(String, Data)], ty: &'a Ty, span: Span) -> Eval<Value<'a>> {
        let mut values = Vec::with_capacity(entries.len());
        for (key, data) in entries {
            values.push((&*self.arena.alloc_str(key), self.value_from_data(data, ty, span)?));
        }
        Ok(self.map_of(values.into_iter()))
    }
}

/// A phrase for a type, for messages.
fn type_phrase(ty: &Ty) -> String {
    match ty {
        Ty::Bool => "a Bool (`true` or `false`)".into(),
        Ty::Int => "an Int".into(),
        Ty::Float => "a Float".into(),
        Ty::Str => "a String".into(),
        Ty::Quantity => "a Quantity such as `1Gi`".into(),
        Ty::Duration => "a Duration such as `30s`".into(),
        Ty::Null => "null".into(),
        Ty::LitStr(name) => format!("{:?}", name.as_str()),
        Ty::LitInt(number) => number.to_string(),
        Ty::LitBool(value) => value.to_string(),
        Ty::List(_) | Ty::Keyed(_) => "a list".into(),
        Ty::Map(_) | Ty::Record(_) => "a map".into(),
        _ => "a value of another type".into(),
    }
}
