//! Builds the entries of a map: applies the items of each layer to the entries of the layers below.

use std::cell::Cell;

use forge_base::{Diag, Span};
use forge_check::hir::{self, BodyItem, BodyItemKind};
use rustc_hash::FxHashMap;

use crate::error::{self, KeyOperation};
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{
    EachLayer, Entry, EntrySource, Eval, Frame, LayerRelation, Local, Override, OverrideChain, Place, SchemaInfo, Slot,
    Super, Value, has_composite_key,
};

/// Applies layers from the lowest up. Keys keep the order in which they were first set.
pub(super) struct EntryBuilder<'e, 'a> {
    eval: &'e Evaluator<'a>,
    keyed: Option<&'a hir::KeyedShape>,
    /// `None` for deleted entries.
    entries: Vec<Option<(Key<'a>, &'a OverrideChain<'a>)>>,
    /// The defaults for all elements, the lowest layer first.
    each: Vec<EachLayer<'a>>,
    indices: FxHashMap<Key<'a>, usize>,
    /// How the current layer has used each key.
    used_keys: FxHashMap<Key<'a>, (Span, KeyUse)>,
    /// In a layer with spreads or appends: the changes, which are applied after all spreads since the order of items is irrelevant.
    delayed: Option<Vec<(&'a BodyItem, &'a Frame<'a>, Option<&'a Place<'a>>)>>,
    /// The place of the map, if the items of the current layer were checked against a wider type.
    place: Option<&'a Place<'a>>,
    /// The open schema whose undeclared entries are built, without its fields.
    pub(super) declared: Option<&'a SchemaInfo<'a>>,
}

/// A part of a layer: items in a frame.
pub(super) struct Part<'a> {
    pub(super) items: &'a [BodyItem],
    pub(super) frame: &'a Frame<'a>,
    /// See [`EntryBuilder`].
    pub(super) place: Option<&'a Place<'a>>,
}

/// How a layer uses a key.
#[derive(Clone, Copy, PartialEq)]
enum KeyUse {
    /// Sets, appends or deletes it.
    Own,
    /// Appends to it: further items may refine it.
    Appended,
    /// Only refines it: further items may refine other parts.
    Refined,
    /// Takes it from a spread: the layer's own items take precedence.
    Spread,
}

impl<'e, 'a> EntryBuilder<'e, 'a> {
    pub(super) fn new(eval: &'e Evaluator<'a>, keyed: Option<&'a hir::KeyedShape>) -> EntryBuilder<'e, 'a> {
        EntryBuilder {
            eval,
            keyed,
            entries: Vec::new(),
            each: Vec::new(),
            indices: FxHashMap::default(),
            used_keys: FxHashMap::default(),
            delayed: None,
            place: None,
            declared: None,
        }
    }

    /// Takes over the defaults of the map below.
    pub(super) fn start_each(&mut self, each: &[EachLayer<'a>]) {
        self.each.extend_from_slice(each);
    }

    /// The defaults that the layers give to all elements.
    pub(super) fn each(&self) -> &'a [EachLayer<'a>] {
        self.eval.arena.alloc_slice_copy(&self.each)
    }

    pub(super) fn finish(self) -> &'a [Entry<'a>] {
        let entries: Vec<_> = self.entries.into_iter().flatten().collect();
        self.eval.arena.alloc_slice_fill_iter(entries.into_iter().map(|(key, chain)| Entry {
            key,
            slot: Cell::new(Slot::Empty),
            chain: Some(chain),
        }))
    }

    pub(super) fn chain_at(&self, key: Key<'a>) -> Option<&'a OverrideChain<'a>> {
        let index = *self.indices.get(&key)?;
        self.entries[index].map(|(_, chain)| chain)
    }

    /// Overrides an entry.
    pub(super) fn insert(&mut self, key: Key<'a>, last: Override<'a>, span: Option<Span>) {
        self.insert_related(key, last, span, LayerRelation::Overrides);
    }

    /// Sets an entry, without what was below.
    pub(super) fn replace(&mut self, key: Key<'a>, last: Override<'a>, span: Option<Span>) {
        if let Some(index) = self.indices.get(&key) {
            let relation = LayerRelation::Overrides;
            let chain = &*self.eval.arena.alloc(OverrideChain { last, span, relation, below: None });
            self.entries[*index] = Some((key, chain));
            return;
        }
        self.insert(key, last, span);
    }

    fn insert_related(&mut self, key: Key<'a>, last: Override<'a>, span: Option<Span>, relation: LayerRelation) {
        let below = self.chain_at(key);
        let chain = &*self.eval.arena.alloc(OverrideChain { last, span, relation, below });
        match self.indices.get(&key) {
            Some(&index) => self.entries[index] = Some((key, chain)),
            None => {
                self.indices.insert(key, self.entries.len());
                self.entries.push(Some((key, chain)));
            }
        }
    }

    /// Adds the elements of a list, whose keys are read from them.
    pub(super) fn elements(&mut self, elements: &'a [Value<'a>]) -> Eval<()> {
        let Some(shape) = self.keyed else { return Ok(()) };
        for element in elements {
            let span = self.eval.origin(*element).or_else(|| self.eval.current_span());
            let key = self.eval.element_key(shape, *element, span)?;
            if let Some(other) = self.chain_at(key) {
                return Err(self.eval.raise(error::duplicate_key(key, other.span, span)));
            }
            self.insert(key, Override::Value(*element), span);
        }
        Ok(())
    }

    pub(super) fn begin_layer(&mut self) {
        self.used_keys.clear();
    }

    /// Applies a layer that consists of parts of one body.
    pub(super) fn layer(&mut self, parts: &[Part<'a>]) -> Eval<()> {
        self.begin_layer();
        if parts.iter().any(|part| part.items.iter().any(delays_changes)) {
            self.delayed = Some(Vec::new());
        }
        for part in parts {
            self.place = part.place;
            part.items.iter().try_for_each(|item| self.item(item, part.frame))?;
        }
        let mut delayed = self.delayed.take().unwrap_or_default();
        delayed.sort_by_key(|(item, ..)| !matches!(item.kind, BodyItemKind::Append { .. }));
        for (item, frame, place) in delayed {
            self.place = place;
            self.item(item, frame)?;
        }
        self.place = None;
        Ok(())
    }

    pub(super) fn item(&mut self, item: &'a BodyItem, frame: &'a Frame<'a>) -> Eval<()> {
        let changes = matches!(
            item.kind,
            BodyItemKind::Refine { .. } | BodyItemKind::Append { .. } | BodyItemKind::Delete { .. }
        );
        if changes && let Some(delayed) = &mut self.delayed {
            delayed.push((item, frame, self.place));
            return Ok(());
        }
        match &item.kind {
            BodyItemKind::Set { key, .. } => self.set(item, key, frame),
            BodyItemKind::Refine { .. } | BodyItemKind::Append { .. } => self.change(item, frame),
            BodyItemKind::Delete { key } => self.delete(item, key, frame),
            BodyItemKind::Spread { value } => self.spread(item, value, frame),
            BodyItemKind::Each { body } => {
                self.each.push(EachLayer { body, frame });
                Ok(())
            }
            BodyItemKind::If { cond, memo, then, otherwise } => {
                let branch = if self.eval.memoized(cond, *memo, frame)? { then } else { otherwise };
                branch.iter().try_for_each(|item| self.item(item, frame))
            }
            BodyItemKind::For { head, lets, items } => {
                let eval = self.eval;
                eval.iterate(head, lets, frame, &mut |inner| items.iter().try_for_each(|item| self.item(item, inner)))
            }
        }
    }

    /// The key that an item names; `None` for a schema field, which is not an entry.
    fn key(&self, key: &'a hir::Key, frame: &'a Frame<'a>, span: Span) -> Eval<Option<Key<'a>>> {
        match key {
            hir::Key::Field(..) => Ok(None),
            hir::Key::Name(name) => {
                let is_field = self.declared.is_some_and(|schema| is_declared(schema, Key::Str(name)));
                Ok((!is_field).then_some(Key::Str(name)))
            }
            hir::Key::Int(number) => Ok(Some(Key::Int(*number))),
            hir::Key::Computed(expr) => self.computed_key(expr, frame, span).map(Some),
            hir::Key::Tuple(parts) => {
                let keys = parts.iter().map(|part| self.computed_key(part, frame, span)).collect::<Eval<Vec<_>>>()?;
                Ok(Some(Key::Tuple(self.eval.arena.alloc_slice_copy(&keys))))
            }
        }
    }

    fn computed_key(&self, expr: &'a hir::Expr, frame: &'a Frame<'a>, span: Span) -> Eval<Key<'a>> {
        let value = self.eval.eval(expr, frame)?;
        value.as_key().ok_or_else(|| self.eval.raise(error::bad_entry_key(span, value.kind_name())))
    }

    /// Records that an item of the layer uses a key.
    ///
    /// # Errors
    /// If the layer has used the key before, unless both items only refine it. Returns how the item relates to the one before.
    fn use_key(&mut self, key: Key<'a>, span: Span, key_use: KeyUse) -> Eval<LayerRelation> {
        match (self.used_keys.insert(key, (span, key_use)), key_use) {
            (Some((_, KeyUse::Refined)), KeyUse::Refined) => Ok(LayerRelation::SameBody),
            (Some((_, KeyUse::Appended)), KeyUse::Refined) => Ok(LayerRelation::Overrides),
            (Some((other, KeyUse::Own | KeyUse::Appended | KeyUse::Refined)), _) => {
                Err(self.eval.raise(error::duplicate_key(key, Some(other), Some(span))))
            }
            _ => Ok(LayerRelation::Overrides),
        }
    }

    fn set(&mut self, item: &'a BodyItem, key: &'a hir::Key, frame: &'a Frame<'a>) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        if has_composite_key(self.keyed) && !matches!(key, Key::Tuple(_)) {
            return self.set_by_first_key(item, key, frame);
        }
        self.use_key(key, item.span, KeyUse::Own)?;
        let place = self.entry_place(key, item.span)?;
        self.insert(key, Override::Item(item, frame, place), Some(item.span));
        Ok(())
    }

    /// The place of an entry, if the items of the layer were checked against a wider type.
    fn entry_place(&self, key: Key<'a>, span: Span) -> Eval<Option<&'a Place<'a>>> {
        match self.place {
            Some(place) => self.eval.entry_place(place, key, span).map(Some),
            None => Ok(None),
        }
    }

    /// `80 = { … }` in a list with several key fields: the rest of the key is read from the element.
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
        let element = match self.entry_place(first, item.span)? {
            Some(place) => self.eval.place_value(element, *place, item.span)?,
            None => element,
        };
        let Some(shape) = self.keyed else { return Ok(()) };
        let key = self.eval.element_key(shape, element, Some(item.span))?;
        if key.first() != first {
            let field = shape.keys[0].0;
            let set_at = self.eval.key_span(element, field);
            return Err(self.eval.raise(error::key_mismatch(Some(item.span), set_at, field, first, key.first())));
        }
        self.use_key(key, item.span, KeyUse::Own)?;
        self.insert(key, Override::Value(element), Some(item.span));
        Ok(())
    }

    /// Applies a refinement or an append.
    fn change(&mut self, item: &'a BodyItem, frame: &'a Frame<'a>) -> Eval<()> {
        let (key, must_exist, key_use) = match &item.kind {
            BodyItemKind::Refine { key, create_missing, .. } => (key, !create_missing, KeyUse::Refined),
            BodyItemKind::Append { key, .. } => (key, true, KeyUse::Appended),
            _ => return Ok(()),
        };
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        let key = self.whole_key(key, item.span)?;
        let place = self.entry_place(key, item.span)?;
        // Only free-form maps get the entries that a refinement names.
        if must_exist || place.is_some() || self.keyed.is_some() {
            self.require(key, item.span, KeyOperation::Refine)?;
        }
        let relation = self.use_key(key, item.span, key_use)?;
        self.insert_related(key, Override::Item(item, frame, place), Some(item.span), relation);
        Ok(())
    }

    fn delete(&mut self, item: &'a BodyItem, key: &'a hir::Key, frame: &'a Frame<'a>) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        let key = self.whole_key(key, item.span)?;
        self.require(key, item.span, KeyOperation::Delete)?;
        self.use_key(key, item.span, KeyUse::Own)?;
        if let Some(index) = self.indices.remove(&key) {
            self.entries[index] = None;
        }
        Ok(())
    }

    /// The whole key of the element with a first key, if there are several key fields.
    fn whole_key(&self, key: Key<'a>, span: Span) -> Eval<Key<'a>> {
        if !has_composite_key(self.keyed) || matches!(key, Key::Tuple(_)) {
            return Ok(key);
        }
        let matching: Vec<_> = self.entries.iter().flatten().filter(|(found, _)| found.first() == key).collect();
        match matching.as_slice() {
            [] => Ok(key),
            [(found, _)] => Ok(*found),
            [(first, _), ..] => {
                let example = format!("{first} {{ … }}");
                Err(self.eval.raise(error::ambiguous_key(span, key, matching.len(), example)))
            }
        }
    }

    /// Checks that a key exists.
    fn require(&self, key: Key<'a>, span: Span, operation: KeyOperation) -> Eval<()> {
        match self.chain_at(key) {
            Some(_) => Ok(()),
            None => Err(self.eval.raise(self.missing(key, span, operation))),
        }
    }

    fn missing(&self, key: Key<'a>, span: Span, operation: KeyOperation) -> Diag {
        let noun = if self.keyed.is_some() { "element" } else { "entry" };
        let diag = error::missing_key(span, key, operation, noun);
        let mut keys = self.entries.iter().flatten().map(|(key, _)| *key).peekable();
        match self.replacing_sign(span) {
            Some(sign) if keys.peek().is_none() => error::with_replacing_sign(diag, sign),
            _ => error::with_keys(diag, key, keys),
        }
    }

    /// The `=` before the braces around an item: it replaces all keys, so that none is left to refine.
    fn replacing_sign(&self, item: Span) -> Option<Span> {
        let text = self.eval.files.get(item.file)?.text.get(..item.start as usize)?;
        let mut depth = 0;
        let open = text.rfind(|c| {
            depth += i32::from(c == '}') - i32::from(c == '{');
            depth < 0
        })?;
        let before = text[..open].trim_end();
        let is_sign = before.ends_with('=') && !before.ends_with("==") && !before.ends_with("+=");
        is_sign.then(|| Span::new(item.file, before.len() - 1, before.len()))
    }

    fn spread(&mut self, item: &'a BodyItem, value: &'a hir::Expr, frame: &'a Frame<'a>) -> Eval<()> {
        let value = self.eval.eval(value, frame)?;
        let value = match (self.place, value) {
            (Some(place), Value::Map(_) | Value::List(_)) => self.eval.place_value(value, *place, item.span)?,
            _ => value,
        };
        match value {
            Value::Map(from) => {
                for (index, entry) in self.eval.entries(from)?.iter().enumerate() {
                    self.add_spread_entry(entry.key, Override::Entry(from, index), item.span)?;
                }
                Ok(())
            }
            Value::Object(object) => {
                let fields: &'a [hir::FieldDecl] = &object.schema.schema.fields;
                for (index, field) in (0..).zip(fields) {
                    if !self.eval.field(object, index)?.is_null() {
                        let key = Key::Str(field.name.as_str());
                        self.add_spread_entry(key, Override::Field(object, index), item.span)?;
                    }
                }
                Ok(())
            }
            Value::List(elements) if self.keyed.is_some() => {
                let Some(shape) = self.keyed else { return Ok(()) };
                for element in elements {
                    let key = self.eval.element_key(shape, *element, Some(item.span))?;
                    self.add_spread_entry(key, Override::Value(*element), item.span)?;
                }
                Ok(())
            }
            Value::Null => Ok(()),
            other => Err(self.eval.raise(error::not_spreadable(item.span, other.kind_name()))),
        }
    }

    /// Adds an entry of a spread. The body's own items take precedence; two spreads with one key are an error.
    fn add_spread_entry(&mut self, key: Key<'a>, last: Override<'a>, span: Span) -> Eval<()> {
        match self.used_keys.get(&key) {
            Some((_, KeyUse::Own | KeyUse::Appended | KeyUse::Refined)) => return Ok(()),
            Some((other, KeyUse::Spread)) => {
                return Err(self.eval.raise(error::duplicate_key(key, Some(*other), Some(span))));
            }
            None => {}
        }
        if let Some(refined) = self.chain_at(key).and_then(|chain| self.refined_at(chain)) {
            return Err(self.eval.raise(error::spread_over_refined(key, refined, span)));
        }
        self.used_keys.insert(key, (span, KeyUse::Spread));
        self.insert(key, last, Some(span));
        Ok(())
    }

    /// The item of a lower layer that refined an entry, or built it with braces: a spread would reset what it says.
    fn refined_at(&self, chain: &OverrideChain<'a>) -> Option<Span> {
        match chain.last {
            Override::Item(item, ..) => braces_of(item),
            Override::Entry(from, index) => match (self.eval.entries(from).ok()?.get(index)?.chain, from.source) {
                (Some(chain), _) => self.refined_at(chain),
                (None, EntrySource::Body(body, _)) => braces_of(body.items.get(index)?),
                (None, _) => None,
            },
            _ => None,
        }
    }
}

/// Where an item refines an entry, or builds it with braces.
fn braces_of(item: &BodyItem) -> Option<Span> {
    match &item.kind {
        BodyItemKind::Refine { .. } => Some(item.span),
        BodyItemKind::Set { value, .. } => {
            matches!(value.kind, hir::ExprKind::Object { .. } | hir::ExprKind::Derive { .. }).then_some(item.span)
        }
        _ => None,
    }
}

/// Whether a key is the name of a declared field.
pub(super) fn is_declared(schema: &SchemaInfo<'_>, key: Key<'_>) -> bool {
    matches!(key, Key::Str(text) if schema.field_named(text).is_some())
}

/// The value of a spread that begins a body which contains no other, if reading it is cheap.
pub(super) fn leading_spread(body: &hir::Body) -> Option<&hir::Expr> {
    let (first, rest) = body.items.split_first()?;
    match &first.kind {
        BodyItemKind::Spread { value } if matches!(value.kind, hir::ExprKind::Local { .. }) => {
            (!rest.iter().any(delays_changes)).then_some(value)
        }
        _ => None,
    }
}

/// Whether the changes of a layer with this item wait for the others: it spreads another map, or appends.
fn delays_changes(item: &BodyItem) -> bool {
    match &item.kind {
        BodyItemKind::Spread { .. } | BodyItemKind::Append { .. } => true,
        BodyItemKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(delays_changes),
        BodyItemKind::For { items, .. } => items.iter().any(delays_changes),
        _ => false,
    }
}
