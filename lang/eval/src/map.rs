//! Maps, records and keyed lists: how layers become entries, and how an entry gets its value.

use std::cell::{Cell, OnceCell};

use forge_base::Span;
use forge_check::hir::{self, Body, BodyItem, BodyItemKind};
use smallvec::SmallVec;

use crate::error;
use crate::evaluator::{Evaluator, StackEntry};
use crate::frame::{Frame, Local, Super};
use crate::value::{Entry, EntrySource, Eval, Key, Map, Object, Override, OverrideChain, Slot, Value};

mod append;
mod builder;

use builder::EntryBuilder;

/// From this many entries on a look-up uses an index.
const INDEX_FROM: usize = 9;

impl<'a> Evaluator<'a> {
    /// A new map.
    pub(crate) fn new_map(
        &self,
        keyed: Option<&'a hir::KeyedShape>,
        base: Option<&'a Map<'a>>,
        source: EntrySource<'a>,
    ) -> &'a Map<'a> {
        self.new_map_on(keyed, base, source, false)
    }

    /// A new map. `same_body`: its layer and that of its base come from one body.
    pub(crate) fn new_map_on(
        &self,
        keyed: Option<&'a hir::KeyedShape>,
        base: Option<&'a Map<'a>>,
        source: EntrySource<'a>,
        same_body: bool,
    ) -> &'a Map<'a> {
        self.arena.alloc(Map {
            keyed,
            base,
            same_body,
            source,
            entries: OnceCell::new(),
            index: OnceCell::new(),
            frame: Cell::new(None),
        })
    }

    /// A map of finished values. Keys must differ.
    pub fn map_of(&self, entries: impl ExactSizeIterator<Item = (&'a str, Value<'a>)>) -> Value<'a> {
        let entries = self.arena.alloc_slice_fill_iter(entries.map(|(key, value)| Entry {
            key: Key::Str(key),
            slot: Cell::new(Slot::Done(value)),
            chain: None,
        }));
        self.data_map(None, entries)
    }

    fn data_map(&self, keyed: Option<&'a hir::KeyedShape>, entries: &'a [Entry<'a>]) -> Value<'a> {
        let map = self.new_map(keyed, None, EntrySource::Data);
        let _ = map.entries.set(Ok(entries));
        Value::Map(map)
    }

    /// A map of entries of other maps, unread; they keep their keys and where they were set. Keys must differ.
    pub(crate) fn select_entries(&self, places: impl Iterator<Item = (&'a Map<'a>, usize)>) -> Eval<Value<'a>> {
        let mut chosen = Vec::new();
        for (map, place) in places {
            let (map, place) = self.original_entry(map, place)?;
            let step = Override::Entry(map, place);
            let chain = &*self.arena.alloc(OverrideChain {
                step,
                span: self.entry_span(map, place),
                same_body: false,
                below: None,
            });
            let source = &self.entries(map)?[place];
            // What has been read already needs no second slot to be filled.
            let slot = if let done @ Slot::Done(_) = source.slot.get() { done } else { Slot::Empty };
            chosen.push((source.key, slot, chain));
        }
        self.check_memory(chosen.len() * size_of::<Entry<'_>>())?;
        let entries = self.arena.alloc_slice_fill_iter(chosen.into_iter().map(|(key, slot, chain)| Entry {
            key,
            slot: Cell::new(slot),
            chain: Some(chain),
        }));
        Ok(self.data_map(None, entries))
    }

    /// Where an entry came from before it was chosen for a map: a row of such maps is no long chain.
    fn original_entry(&self, map: &'a Map<'a>, place: usize) -> Eval<(&'a Map<'a>, usize)> {
        let entry = &self.entries(map)?[place];
        match (map.source, entry.chain) {
            (EntrySource::Data, Some(OverrideChain { step: Override::Entry(home, place), below: None, .. }))
                if map.keyed.is_none() =>
            {
                Ok((home, *place))
            }
            _ => Ok((map, place)),
        }
    }

    /// The entries of a map, unread.
    #[inline]
    pub fn entries(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        match map.entries.get() {
            Some(entries) => *entries,
            None => self.make_entries(map),
        }
    }

    fn make_entries(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        let result = match (map.base, map.source) {
            (None, EntrySource::Body(body, outer)) if body.is_plain && !has_several_keys(map.keyed) => {
                Ok(self.plain_entries(map, body, outer))
            }
            _ => self.nest(|| self.expand(map)),
        };
        // An expansion that needed these very entries has failed as a cycle and left its result here.
        let _ = map.entries.set(result);
        *map.entries.get_or_init(|| result)
    }

    fn plain_entries(&self, map: &'a Map<'a>, body: &'a Body, outer: &'a Frame<'a>) -> &'a [Entry<'a>] {
        let frame = self.new_frame(Some(outer), Value::Map(map), body.slots);
        self.bind_lets(&body.lets, frame);
        map.frame.set(Some(frame));
        self.arena.alloc_slice_fill_iter(body.items.iter().map(|item| {
            let (key, slot) = match &item.kind {
                BodyItemKind::Set { key: hir::Key::Name(name), value, .. } => (
                    Key::Str(name),
                    match &value.kind {
                        hir::ExprKind::Const(constant) if map.keyed.is_none() => Slot::Done(self.constant(constant)),
                        _ => Slot::Empty,
                    },
                ),
                _ => (Key::Str(""), Slot::Empty),
            };
            Entry { key, slot: Cell::new(slot), chain: None }
        }))
    }

    /// The place of a key.
    pub fn find_entry(&self, map: &'a Map<'a>, key: Key<'a>) -> Eval<Option<usize>> {
        let entries = self.entries(map)?;
        if has_several_keys(map.keyed) && !matches!(key, Key::Tuple(_)) {
            return Ok(entries.iter().position(|entry| entry.key.first() == key));
        }
        if entries.len() < INDEX_FROM {
            return Ok(entries.iter().position(|entry| entry.key == key));
        }
        let index = map.index.get_or_init(|| {
            let places = self.arena.alloc_slice_fill_with(entries.len(), |i| i as u32);
            places.sort_by_key(|&place| entries[place as usize].key);
            places
        });
        Ok(index.binary_search_by(|&place| entries[place as usize].key.cmp(&key)).ok().map(|at| index[at] as usize))
    }

    /// The value of an entry by its place.
    #[inline]
    pub fn entry(&self, map: &'a Map<'a>, place: usize) -> Eval<Value<'a>> {
        let entry = &self.entries(map)?[place];
        match entry.slot.get() {
            Slot::Done(value) => Ok(value),
            Slot::Failed(error) => Err(error),
            Slot::Running => Err(self.cycle(StackEntry::Entry(map, place))),
            Slot::Empty => {
                entry.slot.set(Slot::Running);
                let result = self.with_entry(StackEntry::Entry(map, place), || self.compute_entry(map, entry, place));
                self.fill(&entry.slot, result);
                result
            }
        }
    }

    fn compute_entry(&self, map: &'a Map<'a>, entry: &'a Entry<'a>, place: usize) -> Eval<Value<'a>> {
        let value = match (entry.chain, map.source) {
            (Some(chain), _) => self.resolve_chain(map, chain)?,
            (None, EntrySource::Body(body, _)) => match &body.items[place].kind {
                BodyItemKind::Set { value, .. } => {
                    let frame = map.frame.get().expect("plain entries are made with their frame");
                    self.eval(value, frame)?
                }
                _ => return Err(self.raise(error::internal(body.span, "a plain body holds another item"))),
            },
            (None, _) => Value::Null,
        };
        if let Some(shape) = map.keyed
            && let [key] = shape.keys.as_slice()
        {
            let found = self.key_part(value, key, self.entry_span_or_current(map, place))?;
            if found != entry.key {
                let place = self.entry_span_or_current(map, place);
                let set_at = self.key_span(value, key.0);
                return Err(self.raise(error::key_mismatch(place, set_at, key.0, entry.key, found)));
            }
        }
        Ok(value)
    }

    /// Where an element sets a field of its key.
    #[cold]
    pub(crate) fn key_span(&self, element: Value<'a>, field: forge_base::Name) -> Option<Span> {
        let Value::Object(object) = element else { return None };
        self.setter_of(object, object.schema.field_index(field)?)
    }

    /// The value of a key by name, if the map has it.
    pub fn get(&self, map: &'a Map<'a>, key: Key<'a>) -> Eval<Option<Value<'a>>> {
        match self.find_entry(map, key)? {
            Some(place) => self.entry(map, place).map(Some),
            None => Ok(None),
        }
    }

    /// All values in order.
    pub fn map_values(&self, map: &'a Map<'a>) -> Eval<Vec<Value<'a>>> {
        (0..self.entries(map)?.len()).map(|place| self.entry(map, place)).collect()
    }

    /// The value that a chain of steps makes.
    pub(crate) fn resolve_chain(&self, map: &'a Map<'a>, chain: &'a OverrideChain<'a>) -> Eval<Value<'a>> {
        let mut pending: SmallVec<[(&'a BodyItem, &'a Frame<'a>, bool); 4]> = SmallVec::new();
        let mut next = Some(chain);
        let mut value = None;
        while let Some(chain) = next {
            match chain.step {
                Override::Value(found) => value = Some(found),
                Override::Entry(from, place) => value = Some(self.entry(from, place)?),
                Override::Field(object, field) => value = Some(self.field(object, field)?),
                Override::Item(item, frame) => {
                    if let BodyItemKind::Set { value: expr, super_slot, .. } = &item.kind {
                        if let Some(slot) = super_slot {
                            frame.slots[*slot as usize].set(match chain.below {
                                Some(below) => Local::Super(self.arena.alloc(Super::Entry(map, below))),
                                None => Local::Value(Value::Null),
                            });
                        }
                        value = Some(self.eval(expr, frame)?);
                    } else {
                        pending.push((item, frame, chain.same_body));
                        next = chain.below;
                        continue;
                    }
                }
            }
            break;
        }
        while let Some((item, frame, same_body)) = pending.pop() {
            value = Some(self.apply(item, value, frame, same_body)?);
        }
        Ok(value.unwrap_or(Value::Null))
    }

    /// The key that an element's fields say.
    pub(crate) fn element_key(&self, shape: &'a hir::KeyedShape, value: Value<'a>, place: Span) -> Eval<Key<'a>> {
        match shape.keys.as_slice() {
            [key] => self.key_part(value, key, place),
            keys => {
                let parts = keys.iter().map(|key| self.key_part(value, key, place)).collect::<Eval<Vec<_>>>()?;
                Ok(Key::Tuple(self.arena.alloc_slice_copy(&parts)))
            }
        }
    }

    fn key_part(
        &self,
        value: Value<'a>,
        (name, index): &'a (forge_base::Name, Option<u32>),
        place: Span,
    ) -> Eval<Key<'a>> {
        let found = match (value, index) {
            (Value::Object(object), Some(index)) => self.field(object, *index)?,
            (value, _) => self.member(value, *name, place)?,
        };
        match Key::from_value(found) {
            Some(key) => Ok(key),
            None => Err(self.raise(error::bad_key(place, *name, found.kind_name()))),
        }
    }

    fn entry_span_or_current(&self, map: &'a Map<'a>, place: usize) -> Span {
        self.entry_span(map, place).or_else(|| self.current_span()).unwrap_or(Span::new(forge_base::FileId(0), 0, 0))
    }

    /// The place that set an entry, if a source text did.
    pub fn entry_span(&self, map: &'a Map<'a>, place: usize) -> Option<Span> {
        match (self.entries(map).ok()?.get(place)?.chain, map.source) {
            (Some(chain), _) => chain.span,
            (None, EntrySource::Body(body, _)) => body.items.get(place).map(|item| item.span),
            (None, _) => None,
        }
    }

    fn expand(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        let mut bodies: SmallVec<[(&'a Body, Option<&'a Frame<'a>>, bool); 4]> = SmallVec::new();
        let mut root = map;
        loop {
            if let EntrySource::Body(body, outer) = root.source {
                bodies.push((body, Some(outer), root.same_body));
            }
            match root.base {
                Some(base) => root = base,
                None => break,
            }
        }
        let mut builder = EntryBuilder::new(self, map.keyed);
        match root.source {
            EntrySource::Data => {
                for (place, entry) in self.entries(root)?.iter().enumerate() {
                    builder.insert(entry.key, Override::Entry(root, place), None);
                }
            }
            EntrySource::Elements(elements) => builder.elements(elements)?,
            EntrySource::Extra(object) => return self.expand_extra(object, builder),
            EntrySource::Fresh | EntrySource::Body(..) => {}
        }
        // Layers of one body are built together, since the order of its items means nothing.
        let mut parts: SmallVec<[(&'a [BodyItem], &'a Frame<'a>); 4]> = SmallVec::new();
        for (body, outer, same_body) in bodies.into_iter().rev() {
            if !same_body {
                builder.layer(&parts)?;
                parts.clear();
            }
            let frame = self.new_frame(outer, Value::Map(map), body.slots);
            self.bind_lets(&body.lets, frame);
            parts.push((&body.items, frame));
        }
        builder.layer(&parts)?;
        Ok(builder.finish())
    }

    fn expand_extra(&self, object: &'a Object<'a>, mut builder: EntryBuilder<'_, 'a>) -> Eval<&'a [Entry<'a>]> {
        for layer in self.instance(object).layers {
            if layer.body.entries.is_empty() {
                continue;
            }
            let frame = self.layer_frame(layer, Value::Object(object));
            if !layer.same_body {
                builder.begin_layer();
            }
            for &place in &layer.body.entries {
                builder.item(&layer.body.items[place as usize], frame)?;
            }
        }
        Ok(builder.finish())
    }

    pub(crate) fn extra_map(&self, object: &'a Object<'a>) -> Eval<&'a Map<'a>> {
        let instance = self.instance(object);
        Ok(instance.extra.get_or_init(|| self.new_map(None, None, EntrySource::Extra(object))))
    }

    fn empty_map(&self) -> &'a Map<'a> {
        self.new_map(None, None, EntrySource::Fresh)
    }

    /// A key as a value.
    pub fn key_value(&self, key: Key<'a>) -> Value<'a> {
        match key {
            Key::Str(text) => Value::Str(text),
            Key::Int(number) => Value::Int(number),
            Key::Tuple(parts) => {
                let values: Vec<_> = parts.iter().map(|part| self.key_value(*part)).collect();
                Value::List(self.arena.alloc_slice_copy(&values))
            }
        }
    }

    /// A keyed list of finished elements that have its keys.
    pub fn keyed_of(&self, shape: &'a hir::KeyedShape, elements: &'a [Value<'a>]) -> Value<'a> {
        Value::Map(self.new_map(Some(shape), None, EntrySource::Elements(elements)))
    }
}

fn has_several_keys(keyed: Option<&hir::KeyedShape>) -> bool {
    keyed.is_some_and(|shape| shape.keys.len() > 1)
}
