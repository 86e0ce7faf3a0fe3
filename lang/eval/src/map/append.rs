//! Concatenates lists and merges maps, for `+=` and `+`.

use forge_base::Span;

use super::builder::EntryBuilder;
use crate::error;
use crate::evaluator::Evaluator;
use crate::value::{Eval, Map, Override, Value};

impl<'a> Evaluator<'a> {
    /// The value of `base += more`.
    pub(crate) fn append(&self, span: Span, base: Value<'a>, more: Value<'a>) -> Eval<Value<'a>> {
        match (base, more) {
            (Value::List(a), Value::List(b)) => self.concat(a, b).map(Value::List),
            (Value::Map(a), more) if a.keyed.is_some() => self.append_elements(span, a, more).map(Value::Map),
            (Value::Map(a), Value::Map(b)) => self.merge(span, a, b).map(Value::Map),
            (base, _) => Err(self.raise(error::not_appendable(span, base.kind_name()))),
        }
    }

    /// Concatenates two lists.
    pub(crate) fn concat(&self, a: &[Value<'a>], b: &[Value<'a>]) -> Eval<&'a [Value<'a>]> {
        self.check_memory((a.len() + b.len()) * size_of::<Value<'_>>())?;
        Ok(self.arena.alloc_slice_fill_with(a.len() + b.len(), |i| if i < a.len() { a[i] } else { b[i - a.len()] }))
    }

    fn append_elements(&self, span: Span, base: &'a Map<'a>, more: Value<'a>) -> Eval<&'a Map<'a>> {
        let mut builder = EntryBuilder::new(self, base.keyed);
        self.insert_all(&mut builder, base)?;
        let elements = match more {
            Value::List(items) => items.to_vec(),
            Value::Map(map) => self.map_values(map)?,
            other => return Err(self.raise(error::not_appendable(span, other.kind_name()))),
        };
        builder.elements(self.arena.alloc_slice_copy(&elements))?;
        let map = self.data_map(base.keyed, builder.finish());
        map.each.set(base.each.get());
        Ok(map)
    }

    /// A map with the entries of both; a key of both is an error.
    fn merge(&self, span: Span, base: &'a Map<'a>, more: &'a Map<'a>) -> Eval<&'a Map<'a>> {
        let mut builder = EntryBuilder::new(self, None);
        self.insert_all(&mut builder, base)?;
        for (index, entry) in self.entries(more)?.iter().enumerate() {
            let here = self.entry_span(more, index);
            if let Some(other) = builder.chain_at(entry.key) {
                return Err(self.raise(error::duplicate_key(entry.key, other.span, here.or(Some(span)))));
            }
            builder.insert(entry.key, Override::Entry(more, index), here);
        }
        let map = self.data_map(None, builder.finish());
        map.each.set(base.each.get());
        Ok(map)
    }

    pub(super) fn insert_all(&self, builder: &mut EntryBuilder<'_, 'a>, map: &'a Map<'a>) -> Eval<()> {
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            builder.insert(entry.key, Override::Entry(map, index), self.entry_span(map, index));
        }
        Ok(())
    }
}
