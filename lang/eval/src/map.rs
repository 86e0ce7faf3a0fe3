//! Maps, records and keyed lists: how layers become entries, and how an entry gets its value.

use std::cell::{Cell, OnceCell};

use forge_base::{Name, Span};
use forge_check::hir::{self, Body, BodyItemKind};
use smallvec::SmallVec;

use crate::error;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::object::PendingChange;
use crate::stack::StackEntry;
use crate::value::{
    Entry, EntrySource, Eval, Frame, LayerRelation, LayerSource, Local, Map, Object, Override, OverrideChain, Place,
    Slot, Super, Value, has_composite_key,
};

mod append;
mod builder;
mod each;

use builder::{EntryBuilder, Part, is_declared};

/// The number of literals, each of which spreads the next, from which they are expanded together.
const LONG_CHAIN: usize = 8;

/// The number of entries from which a lookup uses an index.
const INDEX_FROM: usize = 9;

impl<'a> Evaluator<'a> {
    /// A new map that is not derived from another.
    pub(crate) fn new_map(&self, keyed: Option<&'a hir::KeyedShape>, source: EntrySource<'a>) -> &'a Map<'a> {
        self.alloc_map(keyed, None, source, LayerRelation::Overrides, None)
    }

    /// A map with one more layer than its base.
    pub(crate) fn new_map_layer(
        &self,
        base: &'a Map<'a>,
        source: EntrySource<'a>,
        relation: LayerRelation,
        place: Option<&'a Place<'a>>,
    ) -> &'a Map<'a> {
        self.alloc_map(base.keyed, Some(base), source, relation, place)
    }

    fn alloc_map(
        &self,
        keyed: Option<&'a hir::KeyedShape>,
        base: Option<&'a Map<'a>>,
        source: EntrySource<'a>,
        relation: LayerRelation,
        place: Option<&'a Place<'a>>,
    ) -> &'a Map<'a> {
        self.arena.alloc(Map {
            keyed,
            base,
            relation,
            source,
            place,
            entries: OnceCell::new(),
            index: OnceCell::new(),
            frame: Cell::new(None),
            each: Cell::new(&[]),
        })
    }

    /// A map of computed values. Keys must be unique.
    pub fn map_of(&self, entries: impl ExactSizeIterator<Item = (&'a str, Value<'a>)>) -> Value<'a> {
        let entries = self.arena.alloc_slice_fill_iter(entries.map(|(key, value)| Entry {
            key: Key::Str(key),
            slot: Cell::new(Slot::Done(value)),
            chain: None,
        }));
        Value::Map(self.data_map(None, entries))
    }

    /// A map of computed values with the spans that set them.
    pub(crate) fn map_with_spans(&self, entries: Vec<(Key<'a>, Value<'a>, Option<Span>)>) -> Value<'a> {
        let entries = self.arena.alloc_slice_fill_iter(entries.into_iter().map(|(key, value, span)| {
            let relation = LayerRelation::Overrides;
            let chain = span.map(|_| {
                &*self.arena.alloc(OverrideChain { last: Override::Value(value), span, relation, below: None })
            });
            Entry { key, slot: Cell::new(Slot::Done(value)), chain }
        }));
        Value::Map(self.data_map(None, entries))
    }

    fn data_map(&self, keyed: Option<&'a hir::KeyedShape>, entries: &'a [Entry<'a>]) -> &'a Map<'a> {
        let map = self.new_map(keyed, EntrySource::Data);
        let _ = map.entries.set(Ok(entries));
        map
    }

    /// A map of entries of other maps, without computing them; they keep their keys and their provenance. Keys must be unique.
    pub(crate) fn select_entries(&self, selected: impl Iterator<Item = (&'a Map<'a>, usize)>) -> Eval<Value<'a>> {
        let mut chosen = Vec::new();
        for (map, index) in selected {
            let (map, index) = self.original_entry(map, index)?;
            let span = self.entry_span(map, index);
            let (last, relation) = (Override::Entry(map, index), LayerRelation::Overrides);
            let chain = &*self.arena.alloc(OverrideChain { last, span, relation, below: None });
            let source = &self.entries(map)?[index];
            // A computed value is copied, so that it needs no second computation.
            let slot = if let done @ Slot::Done(_) = source.slot.get() { done } else { Slot::Empty };
            chosen.push((source.key, slot, chain));
        }
        self.check_memory(chosen.len() * size_of::<Entry<'_>>())?;
        let entries = self.arena.alloc_slice_fill_iter(chosen.into_iter().map(|(key, slot, chain)| Entry {
            key,
            slot: Cell::new(slot),
            chain: Some(chain),
        }));
        Ok(Value::Map(self.data_map(None, entries)))
    }

    /// The entry that a selected entry was selected from: repeated selections do not form a long chain.
    fn original_entry(&self, map: &'a Map<'a>, index: usize) -> Eval<(&'a Map<'a>, usize)> {
        let entry = &self.entries(map)?[index];
        match (map.source, entry.chain) {
            (EntrySource::Data, Some(OverrideChain { last: Override::Entry(from, index), below: None, .. }))
                if map.keyed.is_none() =>
            {
                Ok((from, *index))
            }
            _ => Ok((map, index)),
        }
    }

    /// The entries of a map, without computing them.
    #[inline]
    pub fn entries(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        match map.entries.get() {
            Some(entries) => *entries,
            None => self.make_entries(map),
        }
    }

    /// A map with the entries of both; those of `other` replace those of `map`. Reading it is linear in the number of merges, however
    /// many came before.
    pub(crate) fn merged(&self, map: &'a Map<'a>, other: &'a Map<'a>) -> &'a Map<'a> {
        self.alloc_map(None, Some(map), EntrySource::Merged(other), LayerRelation::Overrides, None)
    }

    fn make_entries(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        let result = match (map.base, map.source) {
            (Some(_), EntrySource::Merged(_)) => self.nest(|| self.expand_merged(map)),
            (None, EntrySource::Body(body, outer)) if body.is_plain() && !has_composite_key(map.keyed) => {
                Ok(self.plain_entries(map, body, outer))
            }
            (None, EntrySource::Body(body, _)) if builder::leading_spread(body).is_some() => {
                self.nest(|| self.expand_literal(map))
            }
            _ => self.nest(|| self.expand(map)),
        };
        // If the expansion needed these very entries, that failed as a cycle and left its result here.
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

    /// The index of the entry with a key.
    pub fn find_entry(&self, map: &'a Map<'a>, key: Key<'a>) -> Eval<Option<usize>> {
        let entries = self.entries(map)?;
        if has_composite_key(map.keyed) && !matches!(key, Key::Tuple(_)) {
            return Ok(entries.iter().position(|entry| entry.key.first() == key));
        }
        if entries.len() < INDEX_FROM {
            return Ok(entries.iter().position(|entry| entry.key == key));
        }
        let sorted = map.index.get_or_init(|| {
            let indices = self.arena.alloc_slice_fill_with(entries.len(), |i| i as u32);
            indices.sort_by_key(|&index| entries[index as usize].key);
            indices
        });
        let found = sorted.binary_search_by(|&index| entries[index as usize].key.cmp(&key));
        Ok(found.ok().map(|at| sorted[at] as usize))
    }

    /// The value of the entry at an index.
    #[inline]
    pub fn entry(&self, map: &'a Map<'a>, index: usize) -> Eval<Value<'a>> {
        let entry = &self.entries(map)?[index];
        match entry.slot.get() {
            Slot::Done(value) => Ok(value),
            Slot::Failed(error) => Err(error),
            Slot::Running => Err(self.cycle(StackEntry::Entry(map, index))),
            Slot::Empty => {
                entry.slot.set(Slot::Running);
                let result = self.with_entry(StackEntry::Entry(map, index), || self.compute_entry(map, entry, index));
                self.fill(&entry.slot, result);
                result
            }
        }
    }

    fn compute_entry(&self, map: &'a Map<'a>, entry: &'a Entry<'a>, index: usize) -> Eval<Value<'a>> {
        let value = match (entry.chain, map.source) {
            (Some(chain), _) => self.resolve_chain(map, chain)?,
            (None, EntrySource::Body(body, _)) => match &body.items[index].kind {
                BodyItemKind::Set { value, .. } => {
                    let frame = map.frame.get().expect("plain entries are made with their frame");
                    self.eval(value, frame)?
                }
                _ => return Err(self.raise(error::internal(body.span, "a plain body contains another item"))),
            },
            (None, _) => Value::Null,
        };
        let value = match map.keyed {
            Some(shape) => self.element_value(value, shape, entry.key, self.entry_span(map, index))?,
            None => value,
        };
        let value = self.with_each(map, entry, value)?;
        if let Some(shape) = map.keyed
            && let [key] = shape.keys.as_slice()
        {
            let found = self.key_part(value, key, self.entry_span(map, index))?;
            if found != entry.key {
                let span = self.entry_span(map, index).or_else(|| self.current_span());
                let set_at = self.key_span(value, key.0);
                return Err(self.raise(error::key_mismatch(span, set_at, key.0, entry.key, found)));
            }
        }
        Ok(value)
    }

    /// The span that set a key field of an element.
    #[cold]
    pub(crate) fn key_span(&self, element: Value<'a>, field: Name) -> Option<Span> {
        let Value::Object(object) = element else { return None };
        self.setter_of(object, object.schema.field_index(field)?)
    }

    /// The value of the entry with a key, if the map has one.
    pub fn get(&self, map: &'a Map<'a>, key: Key<'a>) -> Eval<Option<Value<'a>>> {
        match self.find_entry(map, key)? {
            Some(index) => self.entry(map, index).map(Some),
            None => Ok(None),
        }
    }

    /// All values in order.
    pub fn map_values(&self, map: &'a Map<'a>) -> Eval<Vec<Value<'a>>> {
        (0..self.entries(map)?.len()).map(|index| self.entry(map, index)).collect()
    }

    /// The value that a chain of overrides produces.
    pub(crate) fn resolve_chain(&self, map: &'a Map<'a>, chain: &'a OverrideChain<'a>) -> Eval<Value<'a>> {
        let mut pending: SmallVec<[PendingChange<'a>; 4]> = SmallVec::new();
        let mut next = Some(chain);
        let mut value = None;
        while let Some(chain) = next {
            match chain.last {
                Override::Value(found) => value = Some(found),
                Override::Entry(from, index) => value = Some(self.entry(from, index)?),
                Override::Field(object, field) => value = Some(self.field(object, field)?),
                Override::Item(item, frame, place) => {
                    if let BodyItemKind::Set { value: expr, super_slot, .. } = &item.kind {
                        if let Some(slot) = super_slot {
                            frame.slots[*slot as usize].set(match chain.below {
                                Some(below) => Local::Super(self.arena.alloc(Super::Entry(map, below))),
                                None => Local::Value(Value::Null),
                            });
                        }
                        let found = self.eval(expr, frame)?;
                        value = Some(match place {
                            Some(place) => self.place_value(found, *place, expr.span)?,
                            None => found,
                        });
                    } else {
                        let place = place.copied();
                        pending.push(PendingChange { item, frame, relation: chain.relation, place });
                        next = chain.below;
                        continue;
                    }
                }
            }
            break;
        }
        let value = self.apply_all(&mut pending, value)?;
        Ok(value.unwrap_or(Value::Null))
    }

    /// The key of an element, read from its fields. Errors are reported at `span`.
    pub(crate) fn element_key(
        &self,
        shape: &'a hir::KeyedShape,
        value: Value<'a>,
        span: Option<Span>,
    ) -> Eval<Key<'a>> {
        match shape.keys.as_slice() {
            [key] => self.key_part(value, key, span),
            keys => {
                let parts = keys.iter().map(|key| self.key_part(value, key, span)).collect::<Eval<Vec<_>>>()?;
                Ok(Key::Tuple(self.arena.alloc_slice_copy(&parts)))
            }
        }
    }

    fn key_part(&self, value: Value<'a>, (name, index): &'a (Name, Option<u32>), span: Option<Span>) -> Eval<Key<'a>> {
        let found = match (value, index) {
            (Value::Object(object), Some(index)) => self.unchecked_field(object, *index)?,
            (value, _) => self.member(value, *name, span)?,
        };
        match found.as_key() {
            Some(key) => Ok(key),
            None => {
                let span = span.or_else(|| self.current_span());
                Err(self.raise(error::bad_key(span, *name, found.kind_name())))
            }
        }
    }

    /// The span that set an entry, if it was set in a source file.
    pub fn entry_span(&self, map: &'a Map<'a>, index: usize) -> Option<Span> {
        match (self.entries(map).ok()?.get(index)?.chain, map.source) {
            (Some(chain), _) => chain.span,
            (None, EntrySource::Body(body, _)) => body.items.get(index).map(|item| item.span),
            (None, _) => None,
        }
    }

    /// Applies the layers of a map in order.
    fn expand(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        let mut bodies: SmallVec<[(&'a Map<'a>, &'a Body, &'a Frame<'a>); 4]> = SmallVec::new();
        let mut root = map;
        loop {
            if let EntrySource::Body(body, outer) = root.source {
                bodies.push((root, body, outer));
            }
            match root.base {
                Some(base) if !matches!(root.source, EntrySource::Merged(_)) => root = base,
                _ => break,
            }
        }
        let mut builder = EntryBuilder::new(self, map.keyed);
        match root.source {
            EntrySource::Data | EntrySource::Merged(_) => {
                for (index, entry) in self.entries(root)?.iter().enumerate() {
                    builder.insert(entry.key, Override::Entry(root, index), None);
                }
                builder.start_each(root.each.get());
            }
            EntrySource::Elements(elements) => builder.elements(elements)?,
            EntrySource::Extra(object) => return self.expand_extra(object, builder),
            EntrySource::Fresh | EntrySource::Body(..) => {}
        }
        // The layers of one body are merged, since the order of its items is irrelevant.
        let mut parts: SmallVec<[Part<'a>; 4]> = SmallVec::new();
        for (layer, body, outer) in bodies.into_iter().rev() {
            if layer.relation == LayerRelation::Overrides {
                builder.layer(&parts)?;
                parts.clear();
            }
            let frame = self.new_frame(Some(outer), Value::Map(map), body.slots);
            self.bind_lets(&body.lets, frame);
            parts.push(Part { items: &body.items, frame, place: layer.place });
        }
        builder.layer(&parts)?;
        map.each.set(builder.each());
        Ok(builder.finish())
    }

    /// Applies the layers of a map whose braces are the only ones.
    fn expand_literal(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        let (chain, root) = self.spread_chain(map)?;
        if chain.len() < LONG_CHAIN {
            return self.expand(map);
        }
        let mut builder = EntryBuilder::new(self, None);
        for (index, entry) in self.entries(root)?.iter().enumerate() {
            builder.insert(entry.key, Override::Entry(root, index), self.entry_span(root, index));
        }
        for (body, frame) in chain.into_iter().rev() {
            self.charge(1)?;
            builder.begin_layer();
            body.items[1..].iter().try_for_each(|item| builder.item(item, frame))?;
        }
        Ok(builder.finish())
    }

    /// The braces of `{ ...m, … }`, of those that `m` is, and so on, the outermost first; and the map that the innermost spreads. Maps
    /// that are built step by step are long chains, of which only the whole is read.
    fn spread_chain(&self, map: &'a Map<'a>) -> Eval<(Vec<(&'a Body, &'a Frame<'a>)>, &'a Map<'a>)> {
        let mut chain = Vec::new();
        let mut next = map;
        while let (None, None, None, EntrySource::Body(body, outer)) =
            (next.keyed, next.base, next.entries.get(), next.source)
        {
            let Some(spread) = builder::leading_spread(body) else { break };
            let frame = self.new_frame(Some(outer), Value::Map(next), body.slots);
            self.bind_lets(&body.lets, frame);
            let Value::Map(inner) = self.eval(spread, frame)? else { break };
            chain.push((body, frame));
            next = inner;
        }
        Ok((chain, next))
    }

    /// The entries of a chain of merges.
    fn expand_merged(&self, map: &'a Map<'a>) -> Eval<&'a [Entry<'a>]> {
        let mut parts = Vec::new();
        let mut root = map;
        while let (EntrySource::Merged(other), Some(base), None) = (root.source, root.base, root.entries.get()) {
            parts.push(other);
            root = base;
        }
        parts.push(root);
        let mut builder = EntryBuilder::new(self, None);
        for part in parts.into_iter().rev() {
            for (index, entry) in self.entries(part)?.iter().enumerate() {
                self.charge(1)?;
                let (from, at) = self.original_entry(part, index)?;
                builder.replace(entry.key, Override::Entry(from, at), self.entry_span(from, at));
            }
        }
        Ok(builder.finish())
    }

    fn expand_extra(&self, object: &'a Object<'a>, mut builder: EntryBuilder<'_, 'a>) -> Eval<&'a [Entry<'a>]> {
        builder.declared = Some(object.schema);
        for layer in self.instance(object).layers {
            let body = match layer.source {
                LayerSource::Body(body, _) => body,
                LayerSource::Data(data) => {
                    self.insert_undeclared(&mut builder, object, data.map)?;
                    continue;
                }
            };
            if body.entries().is_empty() {
                continue;
            }
            let frame = self.layer_frame(layer, Value::Object(object));
            if layer.relation == LayerRelation::Overrides {
                builder.begin_layer();
            }
            for &index in body.entries() {
                builder.item(&body.items[index as usize], frame)?;
            }
        }
        Ok(builder.finish())
    }

    /// Adds the entries of data that are not declared fields.
    fn insert_undeclared(
        &self,
        builder: &mut EntryBuilder<'_, 'a>,
        object: &'a Object<'a>,
        map: &'a Map<'a>,
    ) -> Eval<()> {
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            if !is_declared(object.schema, entry.key) {
                builder.insert(entry.key, Override::Entry(map, index), self.entry_span(map, index));
            }
        }
        Ok(())
    }

    fn empty_map(&self) -> &'a Map<'a> {
        self.new_map(None, EntrySource::Fresh)
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

    /// A keyed list of computed elements, whose keys are read from them.
    pub fn keyed_of(&self, shape: &'a hir::KeyedShape, elements: &'a [Value<'a>]) -> Value<'a> {
        Value::Map(self.new_map(Some(shape), EntrySource::Elements(elements)))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    #[test]
    fn layers_of_maps_keep_the_order_of_keys() {
        let fixture = program(
            "let base: {String: Int} = { b = 1, a = 2 }
             x = base { c = 3, b = 4 }
             y = x { delete a }",
        );
        assert_eq!(fixture.value("x"), "{ b = 4, a = 2, c = 3 }");
        assert_eq!(fixture.value("y"), "{ b = 4, c = 3 }");
    }

    #[test]
    fn the_items_of_a_body_take_precedence_over_its_spreads_in_any_order() {
        let fixture = program(
            "let more: {String: Int} = { a = 1, b = 2 }
             x: {String: Int} = { a = 9, ...more }
             y: {String: Int} = { ...more, a = 9 }",
        );
        assert_eq!(fixture.value("x"), "{ a = 9, b = 2 }");
        assert_eq!(fixture.value("y"), "{ a = 9, b = 2 }");
    }

    #[test]
    fn changes_apply_to_the_entries_of_spreads_of_the_same_body() {
        let fixture = program(
            "let more: {String: {String: Int}} = { a = { n = 1 } }
             x: {String: {String: Int}} = { a { m = 2 }, ...more }",
        );
        assert_eq!(fixture.value("x"), "{ a = { n = 1, m = 2 } }");
    }

    #[test]
    fn parts_of_an_entry_that_one_body_refines_are_merged() {
        let fixture = program(
            "let flag = true
             let base: {String: {String: Int}} = { a = { n = 1 } }
             x = base { a.m = 2, a.k = 3 }
             y = base { a.n = 2, if flag { a { n = 3 } } }",
        );
        assert_eq!(fixture.value("x"), "{ a = { n = 1, m = 2, k = 3 } }");
        assert_eq!(fixture.errors("y"), ["4:48 the key `n` is set twice"]);
    }

    #[test]
    fn two_spreads_with_one_key_are_an_error() {
        let fixture = program(
            "let a: {String: Int} = { k = 1 }
             x: {String: Int} = { ...a, ...a }",
        );
        assert_eq!(fixture.errors("x"), ["2:44 the key `k` is set twice"]);
    }

    #[test]
    fn refining_a_missing_entry_lists_the_keys() {
        let fixture = program(
            "let base: {String: {String: Int}} = { web = { n = 1 } }
             x = base { wbe { n = 2 } }",
        );
        assert_eq!(fixture.errors("x"), ["2:25 there is no entry `wbe` to refine"]);
    }

    #[test]
    fn entries_are_computed_when_they_are_read() {
        let fixture = program(
            "let big = 9223372036854775807
             let m: {String: Int} = { bad = big + 1, good = 1 }
             x = m[\"good\"]
             y = m[\"bad\"]",
        );
        assert_eq!(fixture.value("x"), "1");
        assert_eq!(fixture.errors("y"), ["2:45 `9223372036854775807 + 1` does not fit in an Int"]);
    }

    #[test]
    fn large_maps_are_searched_by_an_index() {
        let entries: Vec<String> = (0..40).rev().map(|n| format!("k{n} = {n}")).collect();
        let fixture = program(&format!(
            "let m: {{String: Int}} = {{ {} }}\nx = [m[\"k0\"], m[\"k17\"], m[\"k39\"]]",
            entries.join(", ")
        ));
        assert_eq!(fixture.value("x"), "[0, 17, 39]");
    }

    #[test]
    fn maps_that_are_built_step_by_step_take_steps_linear_in_their_length() {
        for step in ["{ ...m, \"k\\(n)\" = n }", "m { \"k\\(n)\" = n }"] {
            let steps = |length: usize| {
                let list: Vec<String> = (0..length).map(|n| n.to_string()).collect();
                let source = format!(
                    "let f: ({{String: Int}}, Int) -> {{String: Int}} = (m, n) => {step}
                     let none: {{String: Int}} = {{}}
                     a = {calls}none{ends}",
                    calls = "f(".repeat(length),
                    ends = list.iter().map(|n| format!(", {n})")).collect::<String>(),
                );
                let fixture = program(&source);
                fixture.run(|eval| {
                    let id = forge_check::GlobalId { module: forge_check::ModuleId(0), index: 2 };
                    match eval.global(id) {
                        Ok(crate::Value::Map(map)) => assert_eq!(eval.entries(map).map(<[_]>::len), Ok(length)),
                        _ => unreachable!("the program gives a map"),
                    }
                    eval.steps()
                })
            };
            let (short, long) = (steps(40), steps(160));
            assert!(long <= short * 5, "{step}: {short} steps for 40, {long} for 160");
        }
    }

    #[test]
    fn a_chain_of_literals_has_the_entries_of_all() {
        let fixture = program(
            "fn add(m: {String: Int}, k: String, n: Int): {String: Int} = { ...m, \"\\(k)\" = n }
             let base: {String: Int} = { a = 1, b = self[\"a\"] + 1 }
             x = add(add(add(add(add(add(add(add(add(base, \"c\", 1), \"a\", 2), \"d\", 3), \"d\", 4), \"e\", 5), \"f\", 6), \"g\", 7), \"h\", 8), \"c\", 9)",
        );
        assert_eq!(fixture.value("x"), "{ a = 2, b = 2, c = 9, d = 4, e = 5, f = 6, g = 7, h = 8 }");
    }
}
