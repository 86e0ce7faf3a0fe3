//! Layers on their way to entries: what each item does to the entries below it.

use std::cell::Cell;

use forge_base::Span;
use forge_check::hir::{self, BodyItem, BodyItemKind};
use rustc_hash::FxHashMap;

use super::has_several_keys;
use crate::error;
use crate::evaluator::Evaluator;
use crate::frame::{Frame, Local, Super};
use crate::value::{Entry, Eval, Key, Override, OverrideChain, Slot, Value};

/// Walks layers from the lowest up and keeps the order of keys.
pub(super) struct EntryBuilder<'e, 'a> {
    eval: &'e Evaluator<'a>,
    keyed: Option<&'a hir::KeyedShape>,
    entries: Vec<Option<(Key<'a>, &'a OverrideChain<'a>)>>,
    places: FxHashMap<Key<'a>, usize>,
    /// What the current layer has done to a key already.
    used_keys: FxHashMap<Key<'a>, (Span, KeyUse)>,
    /// Where the layer spreads: the changes that wait for it, since the order of items means nothing.
    later: Option<Vec<(&'a BodyItem, &'a Frame<'a>)>>,
}

#[derive(Clone, Copy, PartialEq)]
enum KeyUse {
    Own,
    /// Only refined so far: further paths may go into other parts.
    Refined,
    Spread,
}

impl<'e, 'a> EntryBuilder<'e, 'a> {
    pub(super) fn new(eval: &'e Evaluator<'a>, keyed: Option<&'a hir::KeyedShape>) -> EntryBuilder<'e, 'a> {
        EntryBuilder {
            eval,
            keyed,
            entries: Vec::new(),
            places: FxHashMap::default(),
            used_keys: FxHashMap::default(),
            later: None,
        }
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
        let place = *self.places.get(&key)?;
        self.entries[place].map(|(_, chain)| chain)
    }

    pub(super) fn insert(&mut self, key: Key<'a>, step: Override<'a>, span: Option<Span>) {
        let below = self.chain_at(key);
        self.insert_above(key, OverrideChain { step, span, same_body: false, below });
    }

    fn insert_above(&mut self, key: Key<'a>, chain: OverrideChain<'a>) {
        let chain = &*self.eval.arena.alloc(chain);
        match self.places.get(&key) {
            Some(&place) => self.entries[place] = Some((key, chain)),
            None => {
                self.places.insert(key, self.entries.len());
                self.entries.push(Some((key, chain)));
            }
        }
    }

    pub(super) fn elements(&mut self, elements: &'a [Value<'a>]) -> Eval<()> {
        let Some(shape) = self.keyed else { return Ok(()) };
        for element in elements {
            let place = self.eval.origin(*element).or_else(|| self.eval.current_span());
            let span = place.unwrap_or(Span::new(forge_base::FileId(0), 0, 0));
            let key = self.eval.element_key(shape, *element, span)?;
            if let Some(other) = self.chain_at(key) {
                return Err(self.eval.raise(error::duplicate_key(key, other.span, span)));
            }
            self.insert(key, Override::Value(*element), Some(span));
        }
        Ok(())
    }

    pub(super) fn begin_layer(&mut self) {
        self.used_keys.clear();
    }

    /// Builds a layer out of the parts of one body.
    pub(super) fn layer(&mut self, parts: &[(&'a [BodyItem], &'a Frame<'a>)]) -> Eval<()> {
        self.begin_layer();
        if parts.iter().any(|(items, _)| items.iter().any(spreads)) {
            self.later = Some(Vec::new());
        }
        for (items, frame) in parts {
            items.iter().try_for_each(|item| self.item(item, frame))?;
        }
        let later = self.later.take().unwrap_or_default();
        later.into_iter().try_for_each(|(item, frame)| self.item(item, frame))
    }

    pub(super) fn item(&mut self, item: &'a BodyItem, frame: &'a Frame<'a>) -> Eval<()> {
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
            BodyItemKind::Refine { key, create_missing, .. } => self.change(item, key, *create_missing, frame),
            BodyItemKind::Append { key, .. } => self.change(item, key, false, frame),
            BodyItemKind::Delete { key } => self.delete(item, key, frame),
            BodyItemKind::Spread { value } => self.spread(item, value, frame),
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

    /// Notes that the layer's own text does something to a key; twice is an error, unless both go into parts of it. Says whether it
    /// is such a second time.
    fn use_key(&mut self, key: Key<'a>, span: Span, key_use: KeyUse) -> Eval<bool> {
        match (self.used_keys.insert(key, (span, key_use)), key_use) {
            (Some((_, KeyUse::Refined)), KeyUse::Refined) => Ok(true),
            (Some((other, KeyUse::Own | KeyUse::Refined)), _) => {
                Err(self.eval.raise(error::duplicate_key(key, Some(other), span)))
            }
            _ => Ok(false),
        }
    }

    fn set(&mut self, item: &'a BodyItem, key: &'a hir::Key, frame: &'a Frame<'a>) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        if has_several_keys(self.keyed) && !matches!(key, Key::Tuple(_)) {
            return self.set_by_first_key(item, key, frame);
        }
        self.use_key(key, item.span, KeyUse::Own)?;
        self.insert(key, Override::Item(item, frame), Some(item.span));
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
            let field = shape.keys[0].0;
            let set_at = self.eval.key_span(element, field);
            return Err(self.eval.raise(error::key_mismatch(item.span, set_at, field, first, key.first())));
        }
        self.use_key(key, item.span, KeyUse::Own)?;
        let below = self.chain_at(key);
        let step = Override::Value(element);
        self.insert_above(key, OverrideChain { step, span: Some(item.span), same_body: false, below });
        Ok(())
    }

    fn change(
        &mut self,
        item: &'a BodyItem,
        key: &'a hir::Key,
        create_missing: bool,
        frame: &'a Frame<'a>,
    ) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        let key = self.existing(key, item.span)?;
        if self.chain_at(key).is_none() && !create_missing {
            return Err(self.eval.raise(self.missing(key, item.span, error::KeyOperation::Refine)));
        }
        let key_use = if matches!(item.kind, BodyItemKind::Refine { .. }) { KeyUse::Refined } else { KeyUse::Own };
        let same_body = self.use_key(key, item.span, key_use)?;
        let below = self.chain_at(key);
        self.insert_above(
            key,
            OverrideChain { step: Override::Item(item, frame), span: Some(item.span), same_body, below },
        );
        Ok(())
    }

    fn delete(&mut self, item: &'a BodyItem, key: &'a hir::Key, frame: &'a Frame<'a>) -> Eval<()> {
        let Some(key) = self.key(key, frame, item.span)? else { return Ok(()) };
        let key = self.existing(key, item.span)?;
        if self.chain_at(key).is_none() {
            return Err(self.eval.raise(self.missing(key, item.span, error::KeyOperation::Delete)));
        }
        self.use_key(key, item.span, KeyUse::Own)?;
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

    fn missing(&self, key: Key<'a>, span: Span, operation: error::KeyOperation) -> forge_base::Diag {
        let mut keys = self.entries.iter().flatten().map(|(key, _)| *key).peekable();
        let replaces = if keys.peek().is_none() { self.sign_before(span) } else { None };
        error::missing_key(span, key, keys, operation, self.keyed.is_some(), replaces)
    }

    /// The `=` before the braces around an item: they begin anew, so that nothing is there to be refined.
    fn sign_before(&self, item: Span) -> Option<Span> {
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
        match self.eval.eval(value, frame)? {
            Value::Map(from) => {
                for (place, entry) in self.eval.entries(from)?.iter().enumerate() {
                    self.add_spread_entry(entry.key, Override::Entry(from, place), item.span)?;
                }
                Ok(())
            }
            Value::Object(object) => {
                let fields: &'a [hir::Field] = &object.schema.schema.fields;
                for (index, field) in fields.iter().enumerate() {
                    if !self.eval.field(object, index as u32)?.is_null() {
                        let key = Key::Str(field.name.as_str());
                        self.add_spread_entry(key, Override::Field(object, index as u32), item.span)?;
                    }
                }
                Ok(())
            }
            Value::List(elements) if self.keyed.is_some() => {
                let Some(shape) = self.keyed else { return Ok(()) };
                for element in elements {
                    let key = self.eval.element_key(shape, *element, item.span)?;
                    self.add_spread_entry(key, Override::Value(*element), item.span)?;
                }
                Ok(())
            }
            Value::Null => Ok(()),
            other => Err(self.eval.raise(error::not_spreadable(item.span, other.kind_name()))),
        }
    }

    /// An entry of a spread: what the body says itself wins, two spreads must not meet.
    fn add_spread_entry(&mut self, key: Key<'a>, step: Override<'a>, span: Span) -> Eval<()> {
        match self.used_keys.get(&key) {
            Some((_, KeyUse::Own | KeyUse::Refined)) => return Ok(()),
            Some((other, KeyUse::Spread)) => {
                return Err(self.eval.raise(error::duplicate_key(key, Some(*other), span)));
            }
            None => {}
        }
        self.used_keys.insert(key, (span, KeyUse::Spread));
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
