//! Values as the short-lived data of finished resources, which borrows its strings from the evaluation.

use forge_base::{Code, Diag};
use forge_eval::{Bump, ErrorId, Eval, Evaluator, Key, Map, Object, Value};
use forge_kube::resource::Data;

/// The data that is written for a value, in its own arena.
///
/// # Errors
/// Where a part cannot be computed. Functions and secrets count as null: the writer has rejected them already.
pub(crate) fn of_value<'d, 'a: 'd>(eval: &Evaluator<'a>, arena: &'d Bump, value: Value<'a>) -> Eval<&'d Data<'d>> {
    let mut builder =
        DataBuilder { eval, arena, items: Vec::with_capacity(ROOM), entries: Vec::with_capacity(ROOM), depth: 0 };
    Ok(arena.alloc(builder.data(value)?))
}

/// The initial capacity for the items and entries of unfinished lists and mappings.
const ROOM: usize = 32;

/// The maximum depth of data; the writers reject deeper values.
const MAX_DEPTH: u32 = 500;

struct DataBuilder<'b, 'a, 'd> {
    eval: &'b Evaluator<'a>,
    arena: &'d Bump,
    /// Items of unfinished lists, the innermost list last.
    items: Vec<Data<'d>>,
    /// Entries of unfinished mappings, the innermost mapping last.
    entries: Vec<(&'d str, Data<'d>)>,
    depth: u32,
}

impl<'d, 'a: 'd> DataBuilder<'_, 'a, 'd> {
    fn data(&mut self, value: Value<'a>) -> Eval<Data<'d>> {
        Ok(match value {
            Value::Null | Value::Function(_) => Data::Null,
            Value::Bool(value) => Data::Bool(value),
            Value::Int(number) => Data::Int(number),
            Value::Float(number) => Data::Float(number),
            Value::Str(text) => Data::Str(text),
            Value::Quantity(quantity) => match quantity.literal {
                Some(literal) => Data::Str(literal),
                None => self.text(value),
            },
            Value::Duration(_) => self.text(value),
            Value::Secret(secret) => secret.public_value().map_or(Data::Null, Data::Public),
            Value::List(_) | Value::Map(_) | Value::Object(_) => {
                if self.depth > MAX_DEPTH {
                    return Err(self.too_deep());
                }
                self.depth += 1;
                let data = match value {
                    Value::List(items) => self.list(items),
                    Value::Map(map) => self.map(map),
                    Value::Object(object) => self.object(object),
                    _ => Ok(Data::Null),
                };
                self.depth -= 1;
                data?
            }
        })
    }

    fn text(&self, value: Value<'a>) -> Data<'d> {
        let mut text = String::new();
        forge_eval::push_text(&mut text, value);
        Data::Str(self.arena.alloc_str(&text))
    }

    fn list(&mut self, items: &'a [Value<'a>]) -> Eval<Data<'d>> {
        let start = self.items.len();
        for item in items {
            let item = self.data(*item)?;
            self.items.push(item);
        }
        Ok(self.finish_list(start))
    }

    fn map(&mut self, map: &'a Map<'a>) -> Eval<Data<'d>> {
        let entries = self.eval.entries(map)?;
        if map.keyed.is_some() {
            let start = self.items.len();
            for index in 0..entries.len() {
                let item = self.eval.entry(map, index)?;
                let item = self.data(item)?;
                self.items.push(item);
            }
            return Ok(self.finish_list(start));
        }
        let start = self.entries.len();
        self.map_entries(map)?;
        Ok(self.finish_map(start))
    }

    fn map_entries(&mut self, map: &'a Map<'a>) -> Eval<()> {
        for (index, entry) in self.eval.entries(map)?.iter().enumerate() {
            let key = match entry.key {
                Key::Str(key) => key,
                other => self.arena.alloc_str(&other.to_string()),
            };
            let value = self.eval.entry(map, index)?;
            let value = self.data(value)?;
            self.entries.push((key, value));
        }
        Ok(())
    }

    fn object(&mut self, object: &'a Object<'a>) -> Eval<Data<'d>> {
        let start = self.entries.len();
        let schema = object.schema.schema;
        for (index, field) in (0..).zip(&schema.fields) {
            let Some(value) = self.eval.part(object, index) else { continue };
            let value = value?;
            if value.is_null() || !self.eval.is_written(object, index) {
                continue;
            }
            let value = self.data(value)?;
            self.entries.push((field.name.as_str(), value));
        }
        if schema.is_open {
            let extra = self.eval.extra(object);
            self.map_entries(extra)?;
        }
        Ok(self.finish_map(start))
    }

    fn finish_list(&mut self, start: usize) -> Data<'d> {
        let items = self.arena.alloc_slice_copy(&self.items[start..]);
        self.items.truncate(start);
        Data::List(items)
    }

    fn finish_map(&mut self, start: usize) -> Data<'d> {
        let entries = self.arena.alloc_slice_copy(&self.entries[start..]);
        self.entries.truncate(start);
        Data::Map(entries)
    }

    #[cold]
    fn too_deep(&self) -> ErrorId {
        let headline = format!("the value nests more than {MAX_DEPTH} levels deep");
        self.eval.raise(Diag::error(Code::TOO_DEEP_EVALUATION, headline))
    }
}
