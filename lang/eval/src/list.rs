//! List literals, indexing and members by name.

use forge_base::{Name, Span};
use forge_check::hir::{self, Elem, Expr};

use crate::error;
use crate::evaluator::Evaluator;
use crate::frame::{Frame, Local};
use crate::value::{EntrySource, Eval, Key, Map, Value};

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
        Ok(Value::Map(self.new_map(Some(shape), None, EntrySource::Elements(elements))))
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

    /// Lets a list grow within the budget of memory, which counts its room until the list is done.
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
            (Value::List(items), Value::Int(place)) => {
                match usize::try_from(place).ok().and_then(|place| items.get(place)) {
                    Some(item) => Ok(*item),
                    None => Err(self.raise(error::out_of_range(expr.span, place, items.len()))),
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

    /// A first key that several elements share is no key.
    fn reject_ambiguous(&self, expr: &Expr, map: &'a Map<'a>, key: Key<'a>) -> Eval<()> {
        if matches!(key, Key::Tuple(_)) || map.keyed.is_none_or(|shape| shape.keys.len() < 2) {
            return Ok(());
        }
        let mut sharing = self.entries(map)?.iter().map(|entry| entry.key).filter(|other| other.first() == key);
        match (sharing.next(), sharing.count()) {
            (Some(first), more @ 1..) => Err(self.raise(error::ambiguous_get(expr.span, key, first, more + 1))),
            _ => Ok(()),
        }
    }

    /// A value as a key: a scalar, or a list of scalars for a whole key.
    pub fn key_of(&self, value: Value<'a>) -> Option<Key<'a>> {
        match value {
            Value::List(parts) => {
                let keys = parts.iter().map(|part| Key::from_value(*part)).collect::<Option<Vec<_>>>()?;
                Some(Key::Tuple(self.arena.alloc_slice_copy(&keys)))
            }
            value => Key::from_value(value),
        }
    }

    pub(crate) fn entry_by_name(
        &self,
        expr: &'a Expr,
        recv: &'a Expr,
        name: Name,
        optional: bool,
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        match self.eval(recv, frame)? {
            Value::Null if optional => Ok(Value::Null),
            value => self.member(value, name, expr.span),
        }
    }

    /// A field or entry by name.
    pub fn member(&self, value: Value<'a>, name: Name, span: Span) -> Eval<Value<'a>> {
        let found = match value {
            Value::Object(object) => match object.schema.field_index(name) {
                Some(field) => Some(self.field(object, field)?),
                None if object.schema.schema.is_open => self.get(self.extra(object)?, Key::Str(name.as_str()))?,
                None => None,
            },
            Value::Map(map) => self.get(map, Key::Str(name.as_str()))?,
            _ => None,
        };
        found.ok_or_else(|| self.raise(error::no_member(span, name, value.kind_name())))
    }
}
