//! Values as finished resources: trees of a short life, which borrow their texts from the evaluation.

use forge_base::Code;
use forge_eval::{Bump, Eval, Evaluator, Key, Map, Object, Secret, Value};
use forge_kube::resource::Data;

/// What is written of a value, in an arena of its own.
///
/// # Errors
/// Where a part cannot be computed. What has no written form has been refused by whoever wrote it, and counts as null here.
pub(crate) fn tree<'d, 'a: 'd>(eval: &Evaluator<'a>, arena: &'d Bump, value: Value<'a>) -> Eval<&'d Data<'d>> {
    let mut builder =
        Builder { eval, arena, items: Vec::with_capacity(ROOM), entries: Vec::with_capacity(ROOM), depth: 0 };
    Ok(arena.alloc(builder.data(value)?))
}

/// How many parts of a tree are mostly open at once.
const ROOM: usize = 32;

/// How deeply trees nest at most; the writers refuse deeper ones.
const MAX_DEPTH: u32 = 500;

struct Builder<'b, 'a, 'd> {
    eval: &'b Evaluator<'a>,
    arena: &'d Bump,
    /// Items of lists that are being read, the innermost list last.
    items: Vec<Data<'d>>,
    /// Entries of mappings that are being read, the innermost mapping last.
    entries: Vec<(&'d str, Data<'d>)>,
    depth: u32,
}

impl<'d, 'a: 'd> Builder<'_, 'a, 'd> {
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
            Value::Secret(secret) => public(secret),
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
        let from = self.items.len();
        for item in items {
            let item = self.data(*item)?;
            self.items.push(item);
        }
        Ok(self.finish_list(from))
    }

    fn map(&mut self, map: &'a Map<'a>) -> Eval<Data<'d>> {
        let entries = self.eval.entries(map)?;
        if map.keyed.is_some() {
            let from = self.items.len();
            for place in 0..entries.len() {
                let item = self.eval.entry(map, place)?;
                let item = self.data(item)?;
                self.items.push(item);
            }
            return Ok(self.finish_list(from));
        }
        let from = self.entries.len();
        self.map_entries(map)?;
        Ok(self.finish_map(from))
    }

    fn map_entries(&mut self, map: &'a Map<'a>) -> Eval<()> {
        for (place, entry) in self.eval.entries(map)?.iter().enumerate() {
            let key = match entry.key {
                Key::Str(key) => key,
                other => self.arena.alloc_str(&other.to_string()),
            };
            let value = self.eval.entry(map, place)?;
            let value = self.data(value)?;
            self.entries.push((key, value));
        }
        Ok(())
    }

    fn object(&mut self, object: &'a Object<'a>) -> Eval<Data<'d>> {
        let from = self.entries.len();
        let schema = object.schema.schema;
        for (index, field) in (0..).zip(&schema.fields) {
            let value = self.eval.field(object, index)?;
            if value.is_null() {
                continue;
            }
            let value = self.data(value)?;
            self.entries.push((field.name.as_str(), value));
        }
        if schema.is_open {
            let extra = self.eval.extra(object)?;
            self.map_entries(extra)?;
        }
        Ok(self.finish_map(from))
    }

    fn finish_list(&mut self, from: usize) -> Data<'d> {
        let items = self.arena.alloc_slice_copy(&self.items[from..]);
        self.items.truncate(from);
        Data::List(items)
    }

    fn finish_map(&mut self, from: usize) -> Data<'d> {
        let entries = self.arena.alloc_slice_copy(&self.entries[from..]);
        self.entries.truncate(from);
        Data::Map(entries)
    }

    #[cold]
    fn too_deep(&self) -> forge_eval::Raised {
        let headline = format!("the value nests more than {MAX_DEPTH} levels deep");
        self.eval.raise(forge_base::Diag::error(Code::TOO_DEEP_EVALUATION, headline))
    }
}

/// What is written of a secret that is none.
fn public<'a>(secret: &Secret<'a>) -> Data<'a> {
    match crate::walk::public_text(secret) {
        Some(text) => Data::Public(text),
        None => Data::Null,
    }
}
