//! List literals, indexing and members by name.

use forge_base::{Name, Span};
use forge_check::hir::{self, Elem, Expr};

use crate::error;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{EntrySource, Eval, Frame, Local, Map, Value, has_composite_key};

impl<'a> Evaluator<'a> {
    pub(crate) fn list(&self, items: &'a [Elem], frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        self.elements(items, frame).map(Value::List)
    }

    pub(crate) fn keyed_list(
        &self,
        shape: &'a hir::KeyedShape,
        items: &'a [Elem],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let elements = self.elements(items, frame)?;
        Ok(Value::Map(self.new_map(Some(shape), EntrySource::Elements(elements))))
    }

    fn elements(&self, items: &'a [Elem], frame: &'a Frame<'a>) -> Eval<&'a [Value<'a>]> {
        if let [Elem::Item(only)] = items {
            return Ok(self.arena.alloc_slice_copy(&[self.eval(only, frame)?]));
        }
        let mut values = Vec::with_capacity(items.len());
        let before = self.external_bytes();
        let collected = self.collect(items, frame, &mut values);
        self.restore_external(before);
        collected?;
        self.check_memory(values.len() * size_of::<Value<'_>>())?;
        Ok(self.arena.alloc_slice_copy(&values))
    }

    fn collect(&self, items: &'a [Elem], frame: &'a Frame<'a>, into: &mut Vec<Value<'a>>) -> Eval<()> {
        for item in items {
            match item {
                Elem::Item(value) => {
                    let value = self.eval(value, frame)?;
                    self.make_room(into, 1)?;
                    into.push(value);
                }
                Elem::Spread(value) => match self.eval(value, frame)? {
                    Value::Null => {}
                    list => {
                        let more = self.items(value.span, list)?;
                        self.charge(more.len())?;
                        self.make_room(into, more.len())?;
                        into.extend_from_slice(more);
                    }
                },
                Elem::Let(item) => frame.slots[item.slot as usize].set(Local::Lazy(item)),
                Elem::If { cond, then, otherwise } => {
                    let branch = if self.eval_condition(cond, frame)? { then } else { otherwise };
                    self.collect(branch, frame, into)?;
                }
                Elem::For { head, body } => {
                    self.iterate(head, &[], frame, &mut |inner| self.collect(body, inner, into))?;
                }
            }
        }
        Ok(())
    }

    /// Grows a list within the memory budget, which counts its capacity until the list is complete.
    #[inline]
    fn make_room(&self, list: &mut Vec<Value<'a>>, more: usize) -> Eval<()> {
        if list.capacity() - list.len() >= more { Ok(()) } else { self.grow(list, more) }
    }

    #[cold]
    fn grow(&self, list: &mut Vec<Value<'a>>, more: usize) -> Eval<()> {
        self.reserve_external(more.max(list.len()).saturating_mul(size_of::<Value<'_>>()))?;
        list.reserve(more);
        Ok(())
    }

    pub(crate) fn index(
        &self,
        expr: &'a Expr,
        recv: &'a Expr,
        index: &'a [Expr],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let whole = self.eval(recv, frame)?;
        let key = match index {
            [one] => self.eval(one, frame)?,
            several => {
                let parts = several.iter().map(|part| self.eval(part, frame)).collect::<Eval<Vec<_>>>()?;
                Value::List(self.arena.alloc_slice_copy(&parts))
            }
        };
        match (whole, key) {
            (Value::List(items), Value::Int(position)) => {
                match usize::try_from(position).ok().and_then(|position| items.get(position)) {
                    Some(item) => Ok(*item),
                    None => Err(self.raise(error::out_of_range(expr.span, position, items.len()))),
                }
            }
            (Value::Map(map), key) => {
                let Some(wanted) = self.key_of(key) else {
                    return Err(self.raise(error::bad_entry_key(expr.span, key.kind_name())));
                };
                self.reject_ambiguous(expr, map, wanted)?;
                match self.get(map, wanted)? {
                    Some(value) => Ok(value),
                    None => {
                        let keys = self.entries(map)?.iter().map(|entry| entry.key);
                        Err(self.raise(error::no_such_key(expr.span, wanted, keys)))
                    }
                }
            }
            (other, _) => Err(self.raise(error::not_indexable(expr.span, other.kind_name()))),
        }
    }

    /// Reports a first key that several elements share.
    fn reject_ambiguous(&self, expr: &Expr, map: &'a Map<'a>, key: Key<'a>) -> Eval<()> {
        if matches!(key, Key::Tuple(_)) || !has_composite_key(map.keyed) {
            return Ok(());
        }
        let mut sharing = self.entries(map)?.iter().map(|entry| entry.key).filter(|other| other.first() == key);
        match (sharing.next(), sharing.count()) {
            (Some(first), more @ 1..) => Err(self.raise(error::ambiguous_get(expr.span, key, more + 1, first))),
            _ => Ok(()),
        }
    }

    /// Converts a value to a key: a scalar, or a list of scalars for a composite key.
    pub fn key_of(&self, value: Value<'a>) -> Option<Key<'a>> {
        match value {
            Value::List(parts) => {
                let keys = parts.iter().map(Value::as_key).collect::<Option<Vec<_>>>()?;
                Some(Key::Tuple(self.arena.alloc_slice_copy(&keys)))
            }
            value => value.as_key(),
        }
    }

    /// The field or entry with a name. Errors are reported at `span`.
    pub fn member(&self, value: Value<'a>, name: Name, span: Option<Span>) -> Eval<Value<'a>> {
        let found = match value {
            Value::Object(object) => match object.schema.field_index(name) {
                Some(field) => Some(self.field(object, field)?),
                None if object.schema.schema.is_open => self.get(self.extra(object), Key::Str(name.as_str()))?,
                None => None,
            },
            Value::Map(map) => self.get(map, Key::Str(name.as_str()))?,
            _ => None,
        };
        found.ok_or_else(|| {
            let span = span.or_else(|| self.current_span());
            self.raise(error::no_member(span, name, value.kind_name()))
        })
    }
}
