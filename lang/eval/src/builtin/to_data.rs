//! Converts values to plain data, to write them as JSON, YAML or TOML.

use forge_base::Name;

use super::call::{Call, Pair};
use crate::data::Data;
use crate::display::show;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{Eval, Object, Value};

/// The maximum depth of data.
pub(super) const MAX_NESTING: u32 = 500;

/// The fields of an object that are not null, and the extra entries if its schema is open.
pub(super) fn fields<'a>(eval: &Evaluator<'a>, object: &'a Object<'a>) -> Eval<Vec<Pair<'a>>> {
    let mut pairs = Vec::new();
    for (field, value) in eval.fields(object) {
        let value = value?;
        let index = object.schema.field_index(field.name);
        if !value.is_null() && index.is_some_and(|index| eval.is_written(object, index)) {
            pairs.push((field.name.as_str(), value));
        }
    }
    if object.schema.schema.is_open {
        let extra = eval.extra(object);
        for (index, entry) in eval.entries(extra)?.iter().enumerate() {
            if let Key::Str(key) = entry.key {
                pairs.push((key, eval.entry(extra, index)?));
            }
        }
    }
    Ok(pairs)
}

/// A field of an object, or an extra entry if its schema is open.
pub(super) fn field<'a>(eval: &Evaluator<'a>, object: &'a Object<'a>, name: &'a str) -> Eval<Option<Value<'a>>> {
    match object.schema.field_index(Name::new(name)) {
        Some(index) => eval.field(object, index).map(Some),
        None if object.schema.schema.is_open => eval.get(eval.extra(object), Key::Str(name)),
        None => Ok(None),
    }
}

impl<'a> Call<'_, 'a> {
    /// Converts a value to plain data. Fields that are null are omitted.
    pub(super) fn data(&self, value: Value<'a>) -> Eval<Data> {
        let before = self.eval.external_bytes();
        let data = self.data_within(value, MAX_NESTING);
        self.eval.restore_external(before);
        data
    }

    fn data_within(&self, value: Value<'a>, depth: u32) -> Eval<Data> {
        if depth == 0 {
            return self.fail(format!("the value nests more than {MAX_NESTING} levels deep"), "too deep to be written");
        }
        self.eval.charge(1)?;
        self.eval.reserve_external(size_of::<Data>())?;
        Ok(match value {
            Value::Null => Data::Null,
            Value::Bool(value) => Data::Bool(value),
            Value::Int(number) => Data::Int(number),
            Value::Float(number) if number.is_finite() => Data::Float(number),
            Value::Str(text) => {
                self.eval.reserve_external(text.len())?;
                Data::Str(text.to_owned())
            }
            Value::Quantity(_) | Value::Duration(_) => {
                let mut text = String::new();
                crate::display::push(&mut text, value);
                Data::Str(text)
            }
            Value::List(items) => self.data_of_items(items, depth)?,
            Value::Map(map) if map.keyed.is_some() => self.data_of_items(&self.eval.map_values(map)?, depth)?,
            Value::Map(map) => {
                let mut pairs = Vec::new();
                for (index, entry) in self.eval.entries(map)?.iter().enumerate() {
                    pairs.push((self.key_text(entry.key), self.eval.entry(map, index)?));
                }
                self.data_of_pairs(pairs, depth)?
            }
            Value::Object(object) => self.data_of_pairs(fields(self.eval, object)?, depth)?,
            Value::Float(_) | Value::Function(_) | Value::Secret(_) => {
                return self.fail(format!("{} cannot be written", show(value)), "written here");
            }
        })
    }

    fn data_of_items(&self, items: &[Value<'a>], depth: u32) -> Eval<Data> {
        items.iter().map(|item| self.data_within(*item, depth - 1)).collect::<Eval<_>>().map(Data::List)
    }

    fn data_of_pairs(&self, pairs: Vec<Pair<'a>>, depth: u32) -> Eval<Data> {
        let entries = pairs.into_iter().map(|(key, value)| Ok((key.to_owned(), self.data_within(value, depth - 1)?)));
        entries.collect::<Eval<_>>().map(Data::Map)
    }
}
