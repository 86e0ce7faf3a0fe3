//! Maps, records and keyed lists: how layers become entries, and how an entry gets its value.

use std::cell::{Cell, OnceCell};

use forge_base::Span;
use forge_check::hir::{self, Body, BodyItem, BodyItemKind};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::error;
use crate::evaluator::{Activity, Evaluator};
use crate::frame::{Frame, Local, Super};
use crate::value::{Chain, Entry, Eval, Key, Map, Object, Slot, Source, Step, Value};

/// From this many entries on a look-up uses an index.
const INDEX_FROM: usize = 9;

impl<'a> Evaluator<'a> {
    /// A new map.
    pub(crate) fn new_map(
        &self,
        keyed: Option<&'a hir::KeyedShape>,
        base: Option<&'a Map<'a>>,
        source: Source<'a>,
    ) -> &'a Map<'a> {
        self.arena.alloc(Map {
            keyed,
            base,
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
        self.map_of_entries(None, entries)
    }

    fn map_of_entries(&self, keyed: Option<&'a hir::KeyedShape>, entries: &'a [Entry<'a>]) -> Value<'a> {
        let map = self.new_map(keyed, None, Source::Data);
        let _ = map.entries.set(Ok(entries));
        Value::Map(map)
    }

    /// A map of entries of other maps, unread; they keep their keys and where they were set. Keys must differ.
    pub(crate) fn map_of_places(&self, places: impl Iterator<Item = (&'a Map<'a>, usize)>) -> Eval<Value<'a>> {
        let mut chosen = Vec::new();
        for (map, place) in places {
            let (map, place) = self.first_home(map, place)?;
            let step = Step::Entry(map, place);
            let chain = &*self.arena.alloc(Chain { step, span: self.entry_span(map, place), below: None });
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
        Ok(self.map_of_entries(None, entries))
    }

    /// Where an entry came from before it was chosen for a map: a row of such maps is no long chain.
    fn first_home(&self, map: &'a Map<'a>, place: usize) -> Eval<(&'a Map<'a>, usize)> {
        let entry = &self.entries(map)?[place];
        match (map.source, entry.chain) {
            (Source::Data, Some(Chain { step: Step::Entry(home, place), below: None, .. })) if map.keyed.is_none() => {
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
            (None, Source::Body(body, outer)) if body.is_plain && !has_several_keys(map.keyed) => {
                Ok(self.plain_entries(map, body, outer))
            }
            _ => self.nest(|| self.expand(map)),
        };
        // An expansion that needed these very entries has failed as a cycle and left its result here.
        let _ = map.entries.set(result);
        *map.entries.get_or_init(|| result)
    }

    fn plain_entries(&self, map: &'a Map<'a>, body: &'a Body, outer: &'a Frame<'a>) -> &'a [Entry<'a>] {
        let frame = self.frame(Some(outer), Value::Map(map), body.slots);
        self.install(&body.lets, frame);
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
            Slot::Failed(raised) => Err(raised),
            Slot::Running => Err(self.cycle(Activity::Entry(map, place))),
            Slot::Empty => {
                entry.slot.set(Slot::Running);
                let result = self.within(Activity::Entry(map, place), || self.compute_entry(map, entry, place));
                self.fill(&entry.slot, result);
                result
            }
        }
    }

    fn compute_entry(&self, map: &'a Map<'a>, entry: &'a Entry<'a>, place: usize) -> Eval<Value<'a>> {
        let value = match (entry.chain, map.source) {
            (Some(chain), _) => self.resolve_chain(map, chain)?,
            (None, Source::Body(body, _)) => match &body.items[place].kind {
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
            let found = self.key_part(value, key, self.entry_place(map, place))?;
            if found != entry.key {
                let place = self.entry_place(map, place);
                return Err(self.raise(error::key_mismatch(place, key.0, entry.key, found)));
            }
        }
        Ok(value)
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
    pub(crate) fn resolve_chain(&self, map: &'a Map<'a>, chain: &'a Chain<'a>) -> Eval<Value<'a>> {
        let mut pending: SmallVec<[(&'a BodyItem, &'a Frame<'a>); 4]> = SmallVec::new();
        let mut next = Some(chain);
        let mut value = None;
        while let Some(chain) = next {
            match chain.step {
                Step::Value(found) => value = Some(found),
                Step::Entry(from, place) => value = Some(self.entry(from, place)?),
                Step::Field(object, field) => value = Some(self.field(object, field)?),
                Step::Item(item, frame) => {
                    if let BodyItemKind::Set { value: expr, super_slot, .. } = &item.kind {
                        if let Some(slot) = super_slot {
                            frame.slots[*slot as usize].set(match chain.below {
                                Some(below) => Local::Super(self.arena.alloc(Super::Entry(map, below))),
                                None => Local::Value(Value::Null),
                            });
                        }
                        value = Some(self.eval(expr, frame)?);
                    } else {
                        pending.push((item, frame));
                        next = chain.below;
                        continue;
                    }
                }
            }
            break;
        }
        while let Some((item, frame)) = pending.pop() {
            value = Some(self.apply(item, value, frame)?);
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

    fn entry_place(&self, map: &'a Map<'a>, place: usize) -> Span {
        self.entry_span(map, place).or_else(|| self.place()).unwrap_or(Span::new(forge_base::FileId(0), 0, 0))
    }

    /// The place that set an entry, if a source text did.
    pub(crate) fn entry_span(&self, map: &'a Map<'a>, place: usize) -> Option<Span> {
        match (self.entries(map).ok()?.get(place)?.chain, map.source) {
            (Some(chain), _) => chain.span,
            (None, Source::Body(body, _)) => body.items.get(place).map(|item| item.span),
            (None, _) => None,
        }
    }

    fn expand(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        let mut bodies: SmallVec<[(&'a Body, Option<&'a Frame<'a>>); 4]> = SmallVec::new();
        let mut root = map;
        loop {
            if let Source::Body(body, outer) = root.source {
                bodies.push((body, Some(outer)));
            }
            match root.base {
                Some(base) => root = base,
                None => break,
            }
        }
        let mut builder = Builder { eval: self, keyed: map.keyed, ..Builder::new(self) };
        match root.source {
            Source::Data => {
                for (place, entry) in self.entries(root)?.iter().enumerate() {
                    builder.insert(entry.key, Step::Entry(root, place), None);
                }
            }
            Source::Elements(elements) => builder.elements(elements)?,
            Source::Extra(object) => return self.expand_extra(object, builder),
            Source::Fresh | Source::Body(..) => {}
        }
        for (body, outer) in bodies.into_iter().rev() {
            let frame = self.frame(outer, Value::Map(map), body.slots);
            self.install(&body.lets, frame);
            builder.layer(&body.items, frame)?;
        }
        Ok(builder.finish())
    }

    fn expand_extra(&self, object: &'a Object<'a>, mut builder: Builder<'_, 'a>) -> Eval<&'a [Entry<'a>]> {
        for layer in self.instance(object).layers {
            if layer.body.entries.is_empty() {
                continue;
            }
            let frame = self.layer_frame(layer, Value::Object(object));
            builder.begin_layer();
            for &place in &layer.body.entries {
                builder.item(&layer.body.items[place as usize], frame)?;
            }
        }
        Ok(builder.finish())
    }

    pub(crate) fn extra_map(&self, object: &'a Object<'a>) -> Eval<&'a Map<'a>> {
        let instance = self.instance(object);
        Ok(instance.extra.get_or_init(|| self.new_map(None, None, Source::Extra(object))))
    }
}

fn has_several_keys(keyed: Option<&hir::KeyedShape>) -> bool {
    keyed.is_some_and(|shape| shape.keys.len() > 1)
}

/// Walks layers from the lowest up and keeps the order of keys.
struct Builder<'e, 'a> {
    eval: &'e Evaluator<'a>,
    keyed: Option<&'a hir::KeyedShape>,
    entries: Vec<Option<(Key<'a>, &'a Chain<'a>)>>,
    places: FxHashMap<Key<'a>, usize>,
    /// What the current layer has done to a key already.
    touched: FxHashMap<Key<'a>, (Span, Touch)>,
    /// Where the layer spreads: the changes that wait for it, since the order of items means nothing.
    later: Option<Vec<(&'a BodyItem, &'a Frame<'a>)>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Touch {
    Own,
    /// Only refined so far: further paths may go into other parts.
    Refined,
    Spread,
}

impl<'e, 'a> Builder<'e, 'a> {
    fn new(eval: &'e Evaluator<'a>) -> Builder<'e, 'a> {
        Builder {
            eval,
            keyed: None,
            entries: Vec::new(),
            places: FxHashMap::default(),
            touched: FxHashMap::default(),
            later: None,
        }
    }

    fn finish(self) -> &'a [Entry<'a>] {
        let entries: Vec<_> = self.entries.into_iter().flatten().collect();
        self.eval.arena.alloc_slice_fill_iter(entries.into_iter().map(|(key, chain)| Entry {
            key,
            slot: Cell::new(Slot::Empty),
            chain: Some(chain),
        }))
    }

    fn chain_at(&self, key: Key<'a>) -> Option<&'a Chain<'a>> {
        let place = *self.places.get(&key)?;
        self.entries[place].map(|(_, chain)| chain)
    }

    fn insert(&mut self, key: Key<'a>, step: Step<'a>, span: Option<Span>) {
        let below = self.chain_at(key);
        self.insert_above(key, step, span, below);
    }

    fn insert_above(&mut self, key: Key<'a>, step: Step<'a>, span: Option<Span>, below: Option<&'a Chain<'a>>) {
        let chain = &*self.eval.arena.alloc(Chain { step, span, below });
        match self.places.get(&key) {
            Some(&place) => self.entries[place] = Some((key, chain)),
            None => {
                self.places.insert(key, self.entries.len());
                self.entries.push(Some((key, chain)));
            }
        }
    }

    fn elements(&mut self, elements: &'a [Value<'a>]) -> Eval<()> {
        let Some(shape) = self.keyed else { return Ok(()) };
        for element in elements {
            let place = self.eval.origin(*element).or_else(|| self.eval.place());
            let span = place.unwrap_or(Span::new(forge_base::FileId(0), 0, 0));
            let key = self.eval.element_key(shape, *element, span)?;
            if let Some(other) = self.chain_at(key) {
                return Err(self.eval.raise(error::duplicate_key(key, other.span, span)));
            }
            self.insert(key, Step::Value(*element), Some(span));
        }
        Ok(())
    }

    fn begin_layer(&mut self) {
        self.touched.clear();
    }

    fn layer(&mut self, items: &'a [BodyItem], frame: &'a Frame<'a>) -> Eval<()> {
        self.begin_layer();
        if items.iter().any(spreads) {
            self.later = Some(Vec::new());
        }
        items.iter().try_for_each(|item| self.item(item, frame))?;
        let later = self.later.take().unwrap_or_default();
        later.into_iter().try_for_each(|(item, frame)| self.item(item, frame))
    }

    fn item(&mut self, item: &'a BodyItem, frame: &'a Frame<'a>) -> Eval<()> {
        let changes = matches!(
            item.kind,
            BodyItemKind::Refine { .. } | BodyItemKind::Append { .. } | BodyItemKind::Delete { .. }
        );
        if changes && let Some(later) = &mut self.later {
            later.push((item, frame));
            return Ok(());
        }
        match &item.kind {
            BodyItemKind::Set { key, .. } => self.set(item, key, frame),
            BodyItemKind::Refine { key, invent, .. } => self.change(item, key, *invent, frame),
            BodyItemKind::Append { key, .. } => self.change(item, key, false, frame),
            BodyItemKind::Delete { key } => self.delete(item, key, frame),
            BodyItemKind::Spread { value } => self.spread(item, value, frame),
            BodyItemKind::If { cond, memo, then, otherwise } => {
                let branch = if self.eval.remembered(cond, *memo, frame)? { then } else { otherwise };
                branch.iter().try_for_each(|item| self.item(item, frame))
            }
            BodyItemKind::For { head, lets, items } => {
                let eval = self.eval;
                eval.iterate(head, lets, frame, &mut |inner| items.iter().try_for_each(|item| self.item(item, inner)))
            }
        }
    }

    /// The key that an item names; `None` for a schema field, which is no business of an open schema's further entries.
    fn key(&self, key: &'a hir::Key, frame: &'a Frame<'a>, span: Span) -> Eval<Option<Key<'a>>> {
        match key {
            hir::Key::Field(..) => Ok(None),
            hir::Key::Name(name) => Ok(Some(Key::Str(name))),
            hir::Key::Int(number) => Ok(Some(Key::Int(*number))),
            hir::Key::Computed(expr) => {
                let value = self.eval.eval(expr, frame)?;
                match Key::from_value(value) {
                    Some(key) => Ok(Some(key)),
                    None => Err(self.eval.raise(error::bad_entry_key(span, value.kind_name()))),
                }
            }
            hir::Key::Tuple(parts) => {
                let mut keys = Vec::with_capacity(parts.len());
                for part in parts {
                    let value = self.eval.eval(part, frame)?;
                    let Some(key) = Key::from_value(value) else {
                        return Err(self.eval.raise(error::bad_entry_key(span, value.kind_name())));
                    };
                    keys.push(key);
                }
                Ok(Some(Key::Tuple(self.eval.arena.alloc_slice_copy(&keys))))
            }
        }
    }

    /// Notes that the layer's own text does something to a key; twice is an error.
    fn touch(&mut self, key: Key<'a>, span: Span, touch: Touch) -> Eval<()> {
        match (self.touched.insert(key, (span, touch)), touch) {
            (Some((_, Touch::Refined)), Touch::Refined) => Ok(()),
            (Some((other, Touch::Own | Touch::Refined)), _) => {
                Err(self.eval.raise(error::duplicate_key(key, Some(other), span)))
            }
            _ => Ok(()),
        }
    }

    fn set(&mut self, item: &'a BodyItem, key: &'a hir::Key, frame: &'a Frame<'a>) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        if has_several_keys(self.keyed) && !matches!(key, Key::Tuple(_)) {
            return self.set_by_first_key(item, key, frame);
        }
        self.touch(key, item.span, Touch::Own)?;
        self.insert(key, Step::Item(item, frame), Some(item.span));
        Ok(())
    }

    /// `80 = { … }` in a list with several key fields: the element itself says the rest of its key.
    fn set_by_first_key(&mut self, item: &'a BodyItem, first: Key<'a>, frame: &'a Frame<'a>) -> Eval<()> {
        let BodyItemKind::Set { value, super_slot, .. } = &item.kind else { return Ok(()) };
        let matching: Vec<_> = self.entries.iter().flatten().filter(|(key, _)| key.first() == first).collect();
        let below = match matching.as_slice() {
            [(_, chain)] => Some(*chain),
            _ => None,
        };
        if let Some(slot) = super_slot {
            let local = match below {
                Some(chain) => Local::Super(self.eval.arena.alloc(Super::Entry(self.eval.empty_map(), chain))),
                None => Local::Value(Value::Null),
            };
            frame.slots[*slot as usize].set(local);
        }
        let element = self.eval.eval(value, frame)?;
        let Some(shape) = self.keyed else { return Ok(()) };
        let key = self.eval.element_key(shape, element, item.span)?;
        if key.first() != first {
            return Err(self.eval.raise(error::key_mismatch(item.span, shape.keys[0].0, first, key.first())));
        }
        self.touch(key, item.span, Touch::Own)?;
        let below = self.chain_at(key);
        self.insert_above(key, Step::Value(element), Some(item.span), below);
        Ok(())
    }

    fn change(&mut self, item: &'a BodyItem, key: &'a hir::Key, invent: bool, frame: &'a Frame<'a>) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        let key = self.existing(key, item.span)?;
        if self.chain_at(key).is_none() && !invent {
            return Err(self.eval.raise(self.missing(key, item.span, error::Missing::Refined)));
        }
        let touch = if matches!(item.kind, BodyItemKind::Refine { .. }) { Touch::Refined } else { Touch::Own };
        self.touch(key, item.span, touch)?;
        self.insert(key, Step::Item(item, frame), Some(item.span));
        Ok(())
    }

    fn delete(&mut self, item: &'a BodyItem, key: &'a hir::Key, frame: &'a Frame<'a>) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        let key = self.existing(key, item.span)?;
        if self.chain_at(key).is_none() {
            return Err(self.eval.raise(self.missing(key, item.span, error::Missing::Deleted)));
        }
        self.touch(key, item.span, Touch::Own)?;
        if let Some(place) = self.places.remove(&key) {
            self.entries[place] = None;
        }
        Ok(())
    }

    /// The full key of the element that a first key names, where keys have several parts.
    fn existing(&self, key: Key<'a>, span: Span) -> Eval<Key<'a>> {
        if !has_several_keys(self.keyed) || matches!(key, Key::Tuple(_)) {
            return Ok(key);
        }
        let matching: Vec<_> = self.entries.iter().flatten().filter(|(found, _)| found.first() == key).collect();
        match matching.as_slice() {
            [] => Ok(key),
            [(found, _)] => Ok(*found),
            [(first, _), ..] => Err(self.eval.raise(error::ambiguous_key(span, key, *first, matching.len()))),
        }
    }

    fn missing(&self, key: Key<'a>, span: Span, what: error::Missing) -> forge_base::Diag {
        let keys = self.entries.iter().flatten().map(|(key, _)| *key);
        error::missing_key(span, key, keys, what, self.keyed.is_some())
    }

    fn spread(&mut self, item: &'a BodyItem, value: &'a hir::Expr, frame: &'a Frame<'a>) -> Eval<()> {
        match self.eval.eval(value, frame)? {
            Value::Map(from) => {
                for (place, entry) in self.eval.entries(from)?.iter().enumerate() {
                    self.take_over(entry.key, Step::Entry(from, place), item.span)?;
                }
                Ok(())
            }
            Value::Object(object) => {
                let fields: &'a [hir::Field] = &object.schema.schema.fields;
                for (index, field) in fields.iter().enumerate() {
                    if !self.eval.field(object, index as u32)?.is_null() {
                        let key = Key::Str(field.name.as_str());
                        self.take_over(key, Step::Field(object, index as u32), item.span)?;
                    }
                }
                Ok(())
            }
            Value::List(elements) if self.keyed.is_some() => {
                let Some(shape) = self.keyed else { return Ok(()) };
                for element in elements {
                    let key = self.eval.element_key(shape, *element, item.span)?;
                    self.take_over(key, Step::Value(*element), item.span)?;
                }
                Ok(())
            }
            Value::Null => Ok(()),
            other => Err(self.eval.raise(error::not_spreadable(item.span, other.kind_name()))),
        }
    }

    /// An entry of a spread: what the body says itself wins, two spreads must not meet.
    fn take_over(&mut self, key: Key<'a>, step: Step<'a>, span: Span) -> Eval<()> {
        match self.touched.get(&key) {
            Some((_, Touch::Own | Touch::Refined)) => return Ok(()),
            Some((other, Touch::Spread)) => {
                return Err(self.eval.raise(error::duplicate_key(key, Some(*other), span)));
            }
            None => {}
        }
        self.touched.insert(key, (span, Touch::Spread));
        self.insert(key, step, Some(span));
        Ok(())
    }
}

/// Whether an item takes over the entries of another map.
fn spreads(item: &BodyItem) -> bool {
    match &item.kind {
        BodyItemKind::Spread { .. } => true,
        BodyItemKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(spreads),
        BodyItemKind::For { items, .. } => items.iter().any(spreads),
        _ => false,
    }
}

impl<'a> Evaluator<'a> {
    fn empty_map(&self) -> &'a Map<'a> {
        self.new_map(None, None, Source::Fresh)
    }

    /// Calls `each` with a frame for every item that a `for` walks and its guard lets through.
    pub(crate) fn iterate(
        &self,
        head: &'a hir::For,
        lets: &'a [hir::Let],
        outer: &'a Frame<'a>,
        each: &mut dyn FnMut(&'a Frame<'a>) -> Eval<()>,
    ) -> Eval<()> {
        let mut visit = |first: Value<'a>, second: Value<'a>| {
            let frame = self.frame(Some(outer), Value::Null, head.slots);
            match head.vars.as_slice() {
                [one] => set_var(frame, *one, second),
                [one, two] => {
                    set_var(frame, *one, first);
                    set_var(frame, *two, second);
                }
                _ => {}
            }
            self.install(lets, frame);
            match &head.guard {
                Some(guard) if !self.truth(guard, frame)? => Ok(()),
                _ => each(frame),
            }
        };
        if let hir::ExprKind::Range { start, end, inclusive } = &head.iter.kind {
            let (start, end) = self.bounds(head.iter.span, start, end, *inclusive, outer)?;
            for (place, number) in (start..end).enumerate() {
                self.charge(1)?;
                visit(Value::Int(place as i64), Value::Int(number))?;
            }
            return Ok(());
        }
        match self.eval(&head.iter, outer)? {
            Value::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    visit(Value::Int(place as i64), *item)?;
                }
                Ok(())
            }
            Value::Map(map) => {
                for (place, entry) in self.entries(map)?.iter().enumerate() {
                    let value = self.entry(map, place)?;
                    visit(self.key_value(entry.key), value)?;
                }
                Ok(())
            }
            Value::Object(object) => {
                for (field, value) in self.fields(object) {
                    visit(Value::Str(field.name.as_str()), value?)?;
                }
                Ok(())
            }
            other => Err(self.raise(error::not_iterable(head.iter.span, other.kind_name()))),
        }
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

    /// What `base += more` makes.
    pub(crate) fn append(&self, span: Span, base: Value<'a>, more: Value<'a>) -> Eval<Value<'a>> {
        match (base, more) {
            (Value::List(a), Value::List(b)) => self.concat(a, b).map(Value::List),
            (Value::Map(a), more) if a.keyed.is_some() => self.append_elements(span, a, more),
            (Value::Map(a), Value::Map(b)) => self.merge(span, a, b).map(Value::Map),
            (base, _) => Err(self.raise(error::not_appendable(span, base.kind_name()))),
        }
    }

    /// Two lists as one.
    pub(crate) fn concat(&self, a: &[Value<'a>], b: &[Value<'a>]) -> Eval<&'a [Value<'a>]> {
        self.check_memory((a.len() + b.len()) * size_of::<Value<'_>>())?;
        Ok(self.arena.alloc_slice_fill_with(a.len() + b.len(), |i| if i < a.len() { a[i] } else { b[i - a.len()] }))
    }

    fn append_elements(&self, span: Span, base: &'a Map<'a>, more: Value<'a>) -> Eval<Value<'a>> {
        let mut builder = Builder { keyed: base.keyed, ..Builder::new(self) };
        for (place, entry) in self.entries(base)?.iter().enumerate() {
            builder.insert(entry.key, Step::Entry(base, place), self.entry_span(base, place));
        }
        let elements = match more {
            Value::List(items) => items.to_vec(),
            Value::Map(map) => self.map_values(map)?,
            other => return Err(self.raise(error::not_appendable(span, other.kind_name()))),
        };
        builder.elements(self.arena.alloc_slice_copy(&elements))?;
        Ok(self.map_of_entries(base.keyed, builder.finish()))
    }

    /// A map with the entries of both; a key of both is an error.
    fn merge(&self, span: Span, base: &'a Map<'a>, more: &'a Map<'a>) -> Eval<&'a Map<'a>> {
        let mut builder = Builder::new(self);
        for (place, entry) in self.entries(base)?.iter().enumerate() {
            builder.insert(entry.key, Step::Entry(base, place), self.entry_span(base, place));
        }
        for (place, entry) in self.entries(more)?.iter().enumerate() {
            if let Some(other) = builder.chain_at(entry.key) {
                let here = self.entry_span(more, place).unwrap_or(span);
                return Err(self.raise(error::duplicate_key(entry.key, other.span, here)));
            }
            builder.insert(entry.key, Step::Entry(more, place), self.entry_span(more, place));
        }
        match self.map_of_entries(None, builder.finish()) {
            Value::Map(map) => Ok(map),
            _ => Ok(base),
        }
    }

    /// A keyed list of finished elements that have its keys.
    pub fn keyed_of(&self, shape: &'a hir::KeyedShape, elements: &'a [Value<'a>]) -> Value<'a> {
        Value::Map(self.new_map(Some(shape), None, Source::Elements(elements)))
    }
}

fn set_var<'a>(frame: &'a Frame<'a>, slot: Option<u32>, value: Value<'a>) {
    if let Some(slot) = slot {
        frame.slots[slot as usize].set(Local::Value(value));
    }
}
