//! Objects of schemas: layers, slots, and how a field gets its value.

use std::cell::{Cell, OnceCell};

use forge_base::Span;
use forge_check::hir::{self, Body, BodyItem, BodyItemKind, Key, Shape};
use smallvec::SmallVec;

use crate::error;
use crate::evaluator::Evaluator;
use crate::layer::{is_key_of, names_field, place_of};
use crate::stack::StackEntry;
use crate::value::{
    CheckState, EntrySource, Eval, Frame, Instance, Layer, LayerRelation, LayerSource, Local, Map, Object, Place,
    SchemaInfo, Slot, Super, Value,
};

/// An item of a body and the frame of the body.
type FramedItem<'a> = (&'a BodyItem, &'a Frame<'a>);

/// A change of a value.
#[derive(Clone, Copy)]
pub(crate) struct PendingChange<'a> {
    pub(crate) item: &'a BodyItem,
    pub(crate) frame: &'a Frame<'a>,
    /// How it relates to the change below.
    pub(crate) relation: LayerRelation,
    /// The place of the value, if the item was checked against a wider type.
    pub(crate) place: Option<Place<'a>>,
}

/// The items of one body that set or change a field.
#[derive(Default)]
struct FieldItems<'a> {
    /// One item, or several that refine different parts.
    explicit: SmallVec<[FramedItem<'a>; 2]>,
    /// An item that the explicit ones take precedence over: of a spread or a declaration.
    default: Option<FramedItem<'a>>,
}

impl<'a> Evaluator<'a> {
    /// A new object that is not derived from another.
    pub(crate) fn new_object(&self, schema: &'a SchemaInfo<'a>, layer: Option<LayerSource<'a>>) -> &'a Object<'a> {
        self.object_layer(schema, None, layer, LayerRelation::Overrides)
    }

    /// An object with one more layer than its base.
    pub(crate) fn object_layer(
        &self,
        schema: &'a SchemaInfo<'a>,
        base: Option<&'a Object<'a>>,
        layer: Option<LayerSource<'a>>,
        relation: LayerRelation,
    ) -> &'a Object<'a> {
        self.arena.alloc(Object { schema, base, layer, relation, instance: OnceCell::new() })
    }

    /// The value that a refinement starts from if there is none yet.
    fn fresh(&self, shape: &'a Shape) -> Value<'a> {
        match shape {
            Shape::Schema(id) => Value::Object(self.new_object(self.schema(*id), None)),
            Shape::Map => Value::Map(self.new_map(None, EntrySource::Fresh)),
            Shape::Keyed(keyed) => Value::Map(self.new_map(Some(keyed), EntrySource::Fresh)),
        }
    }

    /// Refines a value: `base { … }`. Null is refined like a new value of shape `fresh`.
    pub(crate) fn derive(
        &self,
        base: Value<'a>,
        body: &'a Body,
        fresh: Option<&'a Shape>,
        frame: &'a Frame<'a>,
        span: Span,
    ) -> Eval<Value<'a>> {
        let base = match (base, fresh) {
            (Value::Null, Some(shape)) => self.fresh(shape),
            (base, _) => base,
        };
        self.derive_from(base, body, frame, span, LayerRelation::Overrides, None)
    }

    /// Adds a layer to a value that is not null.
    fn derive_from(
        &self,
        base: Value<'a>,
        body: &'a Body,
        frame: &'a Frame<'a>,
        span: Span,
        relation: LayerRelation,
        place: Option<Place<'a>>,
    ) -> Eval<Value<'a>> {
        match base {
            Value::Object(object) => {
                self.check_layer(object, body, span)?;
                let layer = LayerSource::Body(body, Some(frame));
                Ok(Value::Object(self.object_layer(object.schema, Some(object), Some(layer), relation)))
            }
            Value::Map(map) => {
                let place = place.and_then(|place| self.container_place(place, map));
                Ok(Value::Map(self.new_map_layer(map, EntrySource::Body(body, frame), relation, place)))
            }
            other => Err(self.raise(error::not_refinable(span, other))),
        }
    }

    /// The layers and slots of an object.
    pub(crate) fn instance(&self, object: &'a Object<'a>) -> &'a Instance<'a> {
        object.instance.get_or_init(|| self.make_instance(object))
    }

    fn make_instance(&self, object: &'a Object<'a>) -> &'a Instance<'a> {
        let mut own: SmallVec<[(LayerSource<'a>, LayerRelation); 4]> = SmallVec::new();
        let mut next = Some(object);
        while let Some(object) = next {
            own.extend(object.layer.map(|source| (source, object.relation)));
            next = object.base;
        }
        let ancestors = object.schema.ancestors;
        let layers = self.arena.alloc_slice_fill_with(ancestors.len() + own.len(), |i| {
            let (source, relation) = match ancestors.get(i) {
                Some(schema) => (LayerSource::Body(&schema.body, None), LayerRelation::Overrides),
                None => own[own.len() - 1 - (i - ancestors.len())],
            };
            Layer { source, relation, frame: Cell::new(None) }
        });
        let count = object.schema.schema.fields.len();
        let slots = self.arena.alloc_slice_fill_with(count, |_| Cell::new(Slot::Empty));
        let checks = Cell::new(if object.schema.has_checks { CheckState::Pending } else { CheckState::Passed });
        self.arena.alloc(Instance { layers, slots, running: Cell::new(0), checks, extra: OnceCell::new() })
    }

    /// The frame of a layer's body for its object.
    #[inline]
    pub(crate) fn layer_frame(&self, layer: &'a Layer<'a>, this: Value<'a>) -> &'a Frame<'a> {
        if let Some(frame) = layer.frame.get() {
            return frame;
        }
        let frame = match layer.source {
            LayerSource::Body(body, outer) => {
                let frame = self.new_frame(outer, this, body.slots);
                self.bind_lets(&body.lets, frame);
                frame
            }
            LayerSource::Data(_) => self.new_frame(None, this, 0),
        };
        layer.frame.set(Some(frame));
        frame
    }

    /// The value of a field.
    #[inline]
    pub fn field(&self, object: &'a Object<'a>, field: u32) -> Eval<Value<'a>> {
        let instance = self.instance(object);
        let Some(slot) = instance.slots.get(field as usize) else {
            let what = format!("`{}` has no field {field}", object.schema_name());
            return Err(self.raise(error::internal(object.span(), &what)));
        };
        match slot.get() {
            Slot::Done(value) => match instance.checks.get() {
                CheckState::Failed(error) => Err(error),
                CheckState::Pending => self.run_pending_checks(self.run_checks(object, instance).map(|()| value)),
                CheckState::Passed | CheckState::Running => Ok(value),
            },
            Slot::Failed(error) => Err(error),
            Slot::Running => Err(self.cycle(StackEntry::Field(object, field))),
            Slot::Empty => self.compute_field(object, instance, field),
        }
    }

    fn compute_field(&self, object: &'a Object<'a>, instance: &'a Instance<'a>, field: u32) -> Eval<Value<'a>> {
        let slot = &instance.slots[field as usize];
        slot.set(Slot::Running);
        instance.running.set(instance.running.get() + 1);
        let result = self.with_entry(StackEntry::Field(object, field), || {
            let value = self.resolve_field(object, field, instance.layers.len())?;
            self.finish_field(object, field, value)
        });
        instance.running.set(instance.running.get() - 1);
        self.fill(slot, result);
        let checked = result.and_then(|value| match instance.checks.get() {
            CheckState::Passed | CheckState::Running => Ok(value),
            CheckState::Failed(error) => Err(error),
            CheckState::Pending => self.run_checks(object, instance).map(|()| value),
        });
        self.run_pending_checks(checked)
    }

    /// Applies to a field's value what its declaration requires.
    fn finish_field(&self, object: &'a Object<'a>, field: u32, value: Option<Value<'a>>) -> Eval<Value<'a>> {
        let declared = &object.schema.schema.fields[field as usize];
        let value = match value {
            Some(value) => value,
            None if declared.late != hir::Late::No => return Err(self.late_unset(object, declared)),
            None if declared.nullable => Value::Null,
            None => {
                let span = object.span().or_else(|| self.current_span());
                return Err(self.raise(error::required_unset(object, declared, span)));
            }
        };
        if !declared.verify {
            return Ok(value);
        }
        let span = self.setter_of(object, field).unwrap_or(declared.span);
        self.coerce(value, &declared.ty, span, declared.span)
    }

    /// A field's value from the first `below` layers; `None` if none of them sets it.
    pub(crate) fn resolve_field(&self, object: &'a Object<'a>, field: u32, below: usize) -> Eval<Option<Value<'a>>> {
        let instance = self.instance(object);
        let declared = &object.schema.schema.fields[field as usize];
        let mut pending: SmallVec<[PendingChange<'a>; 4]> = SmallVec::new();
        let mut value = None;
        let mut end = below;
        while end > 0 {
            // The layers of one body are merged, since the order of its items is irrelevant.
            let mut start = end - 1;
            while instance.layers[start].relation == LayerRelation::SameBody {
                start -= 1;
            }
            if let LayerSource::Data(data) = instance.layers[start].source {
                end = start;
                value = self.data_field(data, declared)?;
                if value.is_some() { break } else { continue }
            }
            let mut items = FieldItems::default();
            self.collect_items(object, field, &instance.layers[start..end], &mut items)?;
            end = start;
            if !items.explicit.iter().any(|(item, _)| matches!(item.kind, BodyItemKind::Set { .. })) {
                // Appended elements may be refined in the same body.
                items.explicit.sort_by_key(|(item, _)| !matches!(item.kind, BodyItemKind::Append { .. }));
                let changes = items.explicit.drain(..).enumerate().rev();
                pending.extend(changes.map(|(index, (item, frame))| PendingChange {
                    item,
                    frame,
                    relation: relation_at(index),
                    place: place_of(key_of(item), declared),
                }));
                items.explicit.extend(items.default);
            }
            let Some((item, frame)) = items.explicit.first() else { continue };
            let found = match &item.kind {
                BodyItemKind::Set { value: expr, super_slot, .. } => {
                    if let Some(slot) = super_slot {
                        let meaning = &*self.arena.alloc(Super::Field(object, field, start));
                        frame.slots[*slot as usize].set(Local::Super(meaning));
                    }
                    Some(self.eval(expr, frame)?)
                }
                BodyItemKind::Spread { value } => self.spread_field(value, frame, object.schema, declared.name)?,
                _ => continue,
            };
            value = match (found, place_of(key_of(item), declared)) {
                (Some(found), Some(place)) => Some(self.place_value(found, place, value_span(item))?),
                (found, _) => found,
            };
            break;
        }
        self.apply_all(&mut pending, value)
    }

    /// Applies changes, the last of which is applied first.
    pub(crate) fn apply_all(
        &self,
        pending: &mut SmallVec<[PendingChange<'a>; 4]>,
        mut value: Option<Value<'a>>,
    ) -> Eval<Option<Value<'a>>> {
        while let Some(change) = pending.pop() {
            value = Some(self.apply(change, value)?);
        }
        Ok(value)
    }

    /// Collects the items of layers of one body that set or change a field.
    fn collect_items(
        &self,
        object: &'a Object<'a>,
        field: u32,
        layers: &'a [Layer<'a>],
        items: &mut FieldItems<'a>,
    ) -> Eval<()> {
        let name = object.schema.schema.fields[field as usize].name;
        for layer in layers {
            for item in layer.items_of(field, name) {
                let frame = self.layer_frame(layer, Value::Object(object));
                self.collect_item(item, (object, field), frame, items)?;
            }
        }
        Ok(())
    }

    /// Adds an item, or those in the taken branch of an `if`, if they set or change a field.
    fn collect_item(
        &self,
        item: &'a BodyItem,
        (object, field): (&'a Object<'a>, u32),
        frame: &'a Frame<'a>,
        items: &mut FieldItems<'a>,
    ) -> Eval<()> {
        let name = object.schema.schema.fields[field as usize].name;
        let is_default = match &item.kind {
            BodyItemKind::Set { is_default, .. } => *is_default,
            BodyItemKind::Refine { .. } | BodyItemKind::Append { .. } | BodyItemKind::Delete { .. } => false,
            BodyItemKind::If { cond, memo, then, otherwise } => {
                if !then.iter().chain(otherwise).any(|item| names_field(item, field, name)) {
                    return Ok(());
                }
                let branch = if self.memoized(cond, *memo, frame)? { then } else { otherwise };
                return branch.iter().try_for_each(|item| self.collect_item(item, (object, field), frame, items));
            }
            BodyItemKind::Spread { value } => match self.spread_field(value, frame, object.schema, name)? {
                Some(_) => true,
                None => return Ok(()),
            },
            BodyItemKind::Each { .. } | BodyItemKind::For { .. } => return Ok(()),
        };
        if key_of(item).is_some_and(|key| !is_key_of(key, field, name)) {
            return Ok(());
        }
        let refines = |item: &BodyItem| matches!(item.kind, BodyItemKind::Refine { .. });
        let appends = |item: &BodyItem| matches!(item.kind, BodyItemKind::Append { .. });
        let agree = |a: &BodyItem, b: &BodyItem| refines(a) && (refines(b) || appends(b)) || appends(a) && refines(b);
        let conflicting = match is_default {
            true => items.default.replace((item, frame)),
            false => items.explicit.iter().copied().find(|(other, _)| !agree(other, item)),
        };
        if let Some((other, _)) = conflicting {
            return Err(self.raise(error::set_twice(name, other.span, item.span)));
        }
        if !is_default {
            items.explicit.push((item, frame));
        }
        Ok(())
    }

    /// The value of a condition, which is evaluated once per frame.
    pub(crate) fn memoized(&self, cond: &'a hir::Expr, memo: u32, frame: &'a Frame<'a>) -> Eval<bool> {
        let cell = &frame.slots[memo as usize];
        match cell.get() {
            Local::Value(Value::Bool(value)) => Ok(value),
            Local::Failed(error) => Err(error),
            _ => {
                let result = self.eval_condition(cond, frame);
                self.fill_local(cell, Local::Unset, result.map(Value::Bool));
                result
            }
        }
    }

    /// Applies a refinement, an append or a deletion to the value below it.
    fn apply(&self, change: PendingChange<'a>, below: Option<Value<'a>>) -> Eval<Value<'a>> {
        let PendingChange { item, frame, relation, place } = change;
        match &item.kind {
            BodyItemKind::Refine { body, fresh, key, .. } => {
                let base = match (below, place, fresh) {
                    (Some(value), ..) if !value.is_null() => Some(value),
                    (_, Some(place), _) => self.fresh_in(place.ty),
                    (_, None, fresh) => fresh.as_ref().map(|shape| self.fresh(shape)),
                };
                let Some(base) = base else { return Err(self.raise(error::nothing_to_refine(item.span, key))) };
                self.derive_from(base, body, frame, item.span, relation, place)
            }
            BodyItemKind::Append { value, .. } => {
                let more = self.eval(value, frame)?;
                let more = match place {
                    Some(place) => self.place_value(more, place, value.span)?,
                    None => more,
                };
                match below {
                    None | Some(Value::Null) => Ok(more),
                    Some(base) => self.append(item.span, base, more),
                }
            }
            BodyItemKind::Delete { .. } => Ok(Value::Null),
            _ => Err(self.raise(error::internal(item.span, "an item that changes nothing was applied"))),
        }
    }

    /// The value of a field, without running the checks of the object: for keys of elements, to which a list may still add defaults.
    pub(crate) fn unchecked_field(&self, object: &'a Object<'a>, field: u32) -> Eval<Value<'a>> {
        let instance = self.instance(object);
        let checks = instance.checks.replace(CheckState::Running);
        let value = self.field(object, field);
        instance.checks.set(checks);
        value
    }

    /// The declared fields that are part of an object, with their values; null where nothing is set. See [`Evaluator::part`].
    pub fn fields(&self, object: &'a Object<'a>) -> impl Iterator<Item = (&'a hir::FieldDecl, Eval<Value<'a>>)> + '_ {
        let fields: &'a [hir::FieldDecl] = &object.schema.schema.fields;
        fields.iter().enumerate().filter_map(move |(i, field)| Some((field, self.part(object, i as u32)?)))
    }

    /// The entries of an object of an open schema that are not declared fields: a map that shares the object's layers.
    pub fn extra(&self, object: &'a Object<'a>) -> &'a Map<'a> {
        self.instance(object).extra.get_or_init(|| self.new_map(None, EntrySource::Extra(object)))
    }
}

/// The span of the value of an item that sets one.
fn value_span(item: &BodyItem) -> Span {
    match &item.kind {
        BodyItemKind::Set { value, .. } | BodyItemKind::Spread { value } => value.span,
        _ => item.span,
    }
}

/// The key of an item that has one.
fn key_of(item: &BodyItem) -> Option<&Key> {
    match &item.kind {
        BodyItemKind::Set { key, .. }
        | BodyItemKind::Refine { key, .. }
        | BodyItemKind::Append { key, .. }
        | BodyItemKind::Delete { key } => Some(key),
        BodyItemKind::Spread { .. }
        | BodyItemKind::Each { .. }
        | BodyItemKind::If { .. }
        | BodyItemKind::For { .. } => None,
    }
}

/// How a change relates to the one below, by its index among the changes of one body.
fn relation_at(index: usize) -> LayerRelation {
    if index > 0 { LayerRelation::SameBody } else { LayerRelation::Overrides }
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    #[test]
    fn later_layers_override_earlier_ones() {
        let fixture = program(
            "schema Base { n: Int = 1, m: Int = 1, k: Int = 1 }
             schema Child extends Base { m = 2, k = 2 }
             a = Child { k = 3 }
             b = a { n = 4 } { n = 5 }",
        );
        assert_eq!(fixture.value("a"), "Child { n = 1, m = 2, k = 3 }");
        assert_eq!(fixture.value("b"), "Child { n = 5, m = 2, k = 3 }");
    }

    #[test]
    fn a_field_is_computed_once_from_the_final_object() {
        let fixture = program(
            "schema S { base: Int = 1, twice: Int = base * 2 }
             a = S { base = 5 }
             b = a { base = 7 }",
        );
        assert_eq!(fixture.value("a"), "S { base = 5, twice = 10 }");
        assert_eq!(fixture.value("b"), "S { base = 7, twice = 14 }");
        fixture.run(|eval| {
            let before = eval.steps();
            let read = || twice(eval);
            assert_eq!(read(), 14);
            let first = eval.steps() - before;
            assert_eq!(read(), 14);
            assert_eq!(eval.steps() - before, first, "the second read takes no step");
        });
    }

    /// The field `twice` of the global `b`.
    fn twice(eval: &crate::Evaluator<'_>) -> i64 {
        let id = forge_check::GlobalId { module: forge_check::ModuleId(0), index: 1 };
        match eval.global(id) {
            Ok(crate::Value::Object(object)) => match eval.field(object, 1) {
                Ok(crate::Value::Int(number)) => number,
                _ => 0,
            },
            _ => 0,
        }
    }

    #[test]
    fn super_is_the_value_of_the_layers_below() {
        let fixture = program(
            "schema A { n: Int = 1, xs: [Int] = [1] }
             schema B extends A { n = super + 10, xs = [...super, 2] }
             a = B { n = super + 100 } { xs = [...super, 3] }",
        );
        assert_eq!(fixture.value("a"), "B { n = 111, xs = [1, 2, 3] }");
    }

    #[test]
    fn refinements_and_appends_are_applied_in_the_order_of_layers() {
        let fixture = program(
            "schema In { n: Int = 0, m: Int = 0 }
             schema A { inner: In = In { n = 1 }, xs: [Int] = [1] }
             schema B extends A { inner { m = 2 }, xs += [2] }
             a = B { inner { n = 3 } } { xs += [3] }",
        );
        assert_eq!(fixture.value("a"), "B { inner = In { n = 3, m = 2 }, xs = [1, 2, 3] }");
    }

    #[test]
    fn setting_a_field_discards_the_changes_of_lower_layers() {
        let fixture = program(
            "schema In { n: Int = 0, m: Int = 0 }
             schema A { inner: In = In { n = 1 } }
             schema B extends A { inner { n = 5 } }
             a = B { inner = In { m = 7 } }",
        );
        assert_eq!(fixture.value("a"), "B { inner = In { n = 0, m = 7 } }");
    }

    #[test]
    fn parts_that_one_body_refines_are_merged() {
        let fixture = program(
            "schema In { n: Int = 0, m: Int = 0 }
             schema S { inner: In = In {} }
             a = S { inner.n = 1, inner.m = 2 }
             b = S { inner.m = 2, inner.n = 1 }",
        );
        assert_eq!(fixture.value("a"), "S { inner = In { n = 1, m = 2 } }");
        assert_eq!(fixture.value("a"), fixture.value("b"));
    }

    #[test]
    fn a_part_that_one_body_refines_twice_is_an_error() {
        let fixture = program(
            "schema In { n: Int = 0, m: Int = 0 }
             schema S { on: Bool = true, inner: In = In {} }
             a = S {
               if self.on { inner.n = 1 }
               inner.n = 2
             }",
        );
        assert_eq!(fixture.errors("a"), ["5:22 `n` is set twice in one body"]);
    }

    #[test]
    fn a_required_field_without_a_value_is_an_error() {
        let fixture = program(
            "schema S { on: Bool = false, n: Int }
             a = S { if self.on { n = 1 } }",
        );
        assert_eq!(fixture.errors("a"), ["2:20 `n` of `S` is required but not set"]);
    }
}
