//! Objects of schemas: layers, slots, and how a field gets its value.

use std::cell::{Cell, OnceCell};

use bumpalo::Bump;
use forge_base::{Name, Span};
use forge_check::SchemaId;
use forge_check::hir::{self, Body, BodyItem, BodyItemKind, Key, Program, Shape};
use smallvec::SmallVec;

use crate::error;
use crate::evaluator::{Evaluator, FailedSlot, StackEntry};
use crate::frame::{Frame, Local, Super};
use crate::value::{CheckState, EntrySource, Eval, Instance, Layer, Map, Object, Slot, Value};

/// A schema and its ancestors.
pub struct SchemaInfo<'a> {
    /// The schema.
    pub schema: &'a hir::Schema,
    /// From the root down to the schema itself.
    pub(crate) ancestors: &'a [&'a hir::Schema],
    has_checks: bool,
}

impl<'a> SchemaInfo<'a> {
    pub(crate) fn new(arena: &'a Bump, program: &'a Program, id: SchemaId) -> SchemaInfo<'a> {
        let schema = program.schema(id);
        let ancestors = arena.alloc_slice_fill_iter(schema.ancestors.iter().map(|id| program.schema(*id)));
        SchemaInfo { schema, has_checks: ancestors.iter().any(|schema| !schema.checks.is_empty()), ancestors }
    }

    /// Whether it is `other` or extends it.
    pub fn extends(&self, other: SchemaId) -> bool {
        self.schema.ancestors.contains(&other)
    }

    /// The index of a field.
    pub fn field_index(&self, name: Name) -> Option<u32> {
        self.schema.by_name.get(&name).copied()
    }
}

/// The items of one layer that say something of one field.
#[derive(Default)]
pub(crate) struct FieldItems<'a> {
    /// One item, or several that refine different parts.
    explicit: SmallVec<[(&'a BodyItem, &'a Frame<'a>); 2]>,
    default: Option<(&'a BodyItem, &'a Frame<'a>)>,
}

impl<'a> Evaluator<'a> {
    /// A new object.
    pub(crate) fn new_object(
        &self,
        schema: &'a SchemaInfo<'a>,
        base: Option<&'a Object<'a>>,
        layer: Option<(&'a Body, &'a Frame<'a>)>,
    ) -> &'a Object<'a> {
        self.arena.alloc(Object { schema, base, layer, same_body: false, instance: OnceCell::new() })
    }

    /// What a refinement builds where nothing is there yet.
    pub(crate) fn fresh(&self, shape: &'a Shape) -> Value<'a> {
        match shape {
            Shape::Schema(id) => Value::Object(self.new_object(self.schema(*id), None, None)),
            Shape::Map => Value::Map(self.new_map(None, None, EntrySource::Fresh)),
            Shape::Keyed(keyed) => Value::Map(self.new_map(Some(keyed), None, EntrySource::Fresh)),
        }
    }

    /// A changed copy of a value.
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
        self.derive_from(base, body, frame, span, false)
    }

    /// The same for a base that is not null. `same_body`: the changes below come from the same body.
    fn derive_from(
        &self,
        base: Value<'a>,
        body: &'a Body,
        frame: &'a Frame<'a>,
        span: Span,
        same_body: bool,
    ) -> Eval<Value<'a>> {
        match base {
            Value::Object(object) => Ok(Value::Object(self.arena.alloc(Object {
                schema: object.schema,
                base: Some(object),
                layer: Some((body, frame)),
                same_body,
                instance: OnceCell::new(),
            }))),
            Value::Map(map) => {
                Ok(Value::Map(self.new_map_on(map.keyed, Some(map), EntrySource::Body(body, frame), same_body)))
            }
            other => Err(self.raise(error::not_refinable(span, other.kind_name()))),
        }
    }

    /// The layers and slots of an object.
    pub(crate) fn instance(&self, object: &'a Object<'a>) -> &'a Instance<'a> {
        object.instance.get_or_init(|| self.make_instance(object))
    }

    fn make_instance(&self, object: &'a Object<'a>) -> &'a Instance<'a> {
        let mut own: SmallVec<[(&'a Body, &'a Frame<'a>, bool); 4]> = SmallVec::new();
        let mut next = Some(object);
        while let Some(object) = next {
            own.extend(object.layer.map(|(body, frame)| (body, frame, object.same_body)));
            next = object.base;
        }
        let ancestors = object.schema.ancestors;
        let layers = self.arena.alloc_slice_fill_with(ancestors.len() + own.len(), |i| {
            let (body, outer, same_body) = match ancestors.get(i) {
                Some(schema) => (&*schema.body, None, false),
                None => {
                    let (body, frame, same_body) = own[own.len() - 1 - (i - ancestors.len())];
                    (body, Some(frame), same_body)
                }
            };
            Layer { body, outer, same_body, frame: Cell::new(None) }
        });
        let count = object.schema.schema.fields.len();
        let slots = self.arena.alloc_slice_fill_with(count, |_| Cell::new(Slot::Empty));
        let checks = Cell::new(if object.schema.has_checks { CheckState::Pending } else { CheckState::Passed });
        self.arena.alloc(Instance { layers, slots, running: Cell::new(0), checks, extra: OnceCell::new() })
    }

    /// The frame of a layer's body for the object that it belongs to.
    #[inline]
    pub(crate) fn layer_frame(&self, layer: &'a Layer<'a>, this: Value<'a>) -> &'a Frame<'a> {
        if let Some(frame) = layer.frame.get() {
            return frame;
        }
        let frame = self.new_frame(layer.outer, this, layer.body.slots);
        self.bind_lets(&layer.body.lets, frame);
        layer.frame.set(Some(frame));
        frame
    }

    /// The value of a field.
    #[inline]
    pub fn field(&self, object: &'a Object<'a>, field: u32) -> Eval<Value<'a>> {
        let instance = self.instance(object);
        match instance.slots[field as usize].get() {
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

    fn finish_field(&self, object: &'a Object<'a>, field: u32, value: Option<Value<'a>>) -> Eval<Value<'a>> {
        let declared = &object.schema.schema.fields[field as usize];
        let value = match value {
            Some(value) => value,
            None if declared.nullable => Value::Null,
            None => return Err(self.raise(error::required_unset(self, object, declared))),
        };
        match &declared.verify {
            None => Ok(value),
            Some(ty) => {
                let span = self.setter_of(object, field).unwrap_or(declared.span);
                self.coerce(value, ty, span, declared.span)
            }
        }
    }

    /// A field's value as the first `below` layers make it; `None` where none of them sets it.
    pub(crate) fn resolve_field(&self, object: &'a Object<'a>, field: u32, below: usize) -> Eval<Option<Value<'a>>> {
        let instance = self.instance(object);
        let mut pending: SmallVec<[(&'a BodyItem, &'a Frame<'a>, bool); 4]> = SmallVec::new();
        let mut value = None;
        let mut end = below;
        while end > 0 {
            // Layers of one body are looked at together, since the order of its items means nothing.
            let mut start = end - 1;
            while instance.layers[start].same_body {
                start -= 1;
            }
            let mut found = FieldItems::default();
            for layer in &instance.layers[start..end] {
                let places = layer.body.items_of(field);
                if places.is_empty() {
                    continue;
                }
                let frame = self.layer_frame(layer, Value::Object(object));
                for &place in places {
                    self.find(&layer.body.items[place as usize], field, frame, &mut found)?;
                }
            }
            end = start;
            let is_set = |item: &BodyItem| matches!(item.kind, BodyItemKind::Set { .. });
            if !found.explicit.iter().any(|(item, _)| is_set(item)) {
                let changes = found.explicit.drain(..).enumerate().rev();
                pending.extend(changes.map(|(place, (item, frame))| (item, frame, place > 0)));
                found.explicit.extend(found.default);
            }
            let Some((item, frame)) = found.explicit.first() else { continue };
            let BodyItemKind::Set { value: expr, super_slot, .. } = &item.kind else { continue };
            if let Some(slot) = super_slot {
                let which = &*self.arena.alloc(Super::Field(object, field, start));
                frame.slots[*slot as usize].set(Local::Super(which));
            }
            value = Some(self.eval(expr, frame)?);
            break;
        }
        while let Some((item, frame, same_body)) = pending.pop() {
            value = Some(self.apply(item, value, frame, same_body)?);
        }
        Ok(value)
    }

    /// Looks in an item, and where it is an `if` in the branch that is taken, for what it says of a field.
    fn find(&self, item: &'a BodyItem, field: u32, frame: &'a Frame<'a>, found: &mut FieldItems<'a>) -> Eval<()> {
        let (key, is_default) = match &item.kind {
            BodyItemKind::Set { key, is_default, .. } => (key, *is_default),
            BodyItemKind::Refine { key, .. } | BodyItemKind::Append { key, .. } | BodyItemKind::Delete { key } => {
                (key, false)
            }
            BodyItemKind::If { cond, memo, then, otherwise } => {
                if !then.iter().chain(otherwise).any(|item| names_field(item, field)) {
                    return Ok(());
                }
                let branch = if self.memoized(cond, *memo, frame)? { then } else { otherwise };
                return branch.iter().try_for_each(|item| self.find(item, field, frame, found));
            }
            BodyItemKind::Spread { .. } | BodyItemKind::For { .. } => return Ok(()),
        };
        if !matches!(key, Key::Field(index, _) if *index == field) {
            return Ok(());
        }
        let refines = |item: &BodyItem| matches!(item.kind, BodyItemKind::Refine { .. });
        let other = match is_default {
            true => found.default.replace((item, frame)),
            false => found.explicit.iter().copied().find(|(other, _)| !(refines(other) && refines(item))),
        };
        if let (Some((other, _)), Key::Field(_, name)) = (other, key) {
            return Err(self.raise(error::set_twice(*name, other.span, item.span)));
        }
        if !is_default {
            found.explicit.push((item, frame));
        }
        Ok(())
    }

    /// A condition's value, evaluated once a frame.
    pub(crate) fn memoized(&self, cond: &'a hir::Expr, memo: u32, frame: &'a Frame<'a>) -> Eval<bool> {
        let cell = &frame.slots[memo as usize];
        match cell.get() {
            Local::Value(Value::Bool(value)) => Ok(value),
            Local::Failed(error) => Err(error),
            _ => {
                let result = self.eval_condition(cond, frame);
                match result {
                    Ok(value) => cell.set(Local::Value(Value::Bool(value))),
                    Err(error) => {
                        cell.set(Local::Failed(error));
                        self.note_failed(FailedSlot::Local(cell, Local::Unset));
                    }
                }
                result
            }
        }
    }

    /// What a refinement or an append makes of the value below it. `same_body`: what was applied last stands in the same body.
    pub(crate) fn apply(
        &self,
        item: &'a BodyItem,
        below: Option<Value<'a>>,
        frame: &'a Frame<'a>,
        same_body: bool,
    ) -> Eval<Value<'a>> {
        match &item.kind {
            BodyItemKind::Refine { body, fresh, key, .. } => {
                let base = match (below, fresh) {
                    (Some(value), _) if !value.is_null() => value,
                    (_, Some(shape)) => self.fresh(shape),
                    (_, None) => return Err(self.raise(error::nothing_to_refine(item.span, key))),
                };
                self.derive_from(base, body, frame, item.span, same_body)
            }
            BodyItemKind::Append { value, .. } => {
                let more = self.eval(value, frame)?;
                match below {
                    None | Some(Value::Null) => Ok(more),
                    Some(base) => self.append(item.span, base, more),
                }
            }
            BodyItemKind::Delete { .. } => Ok(Value::Null),
            _ => Err(self.raise(error::internal(item.span, "an item that sets nothing was applied"))),
        }
    }

    /// Runs the checks of an object once it is safe: while one of its fields is being computed they would only find a cycle.
    #[cold]
    fn run_checks(&self, object: &'a Object<'a>, instance: &'a Instance<'a>) -> Eval<()> {
        if instance.running.get() > 0 {
            return Ok(());
        }
        instance.checks.set(CheckState::Running);
        let (floor, mark) = (self.eval_stack.borrow().len(), self.failed_count());
        let mut result = Ok(());
        for (layer, schema) in instance.layers.iter().zip(object.schema.ancestors) {
            for check in &schema.checks {
                let frame = self.layer_frame(layer, Value::Object(object));
                match (self.check(check, frame, error::CheckKind::Check(object)), result) {
                    (Ok(()), _) => {}
                    (Err(error), _) if self.reaches_below(error, floor) => {
                        // The check needs what is being computed right now, though that needs no check.
                        self.reset_failed_since(mark);
                        instance.checks.set(CheckState::Pending);
                        self.defer_checks(object);
                        return Ok(());
                    }
                    (Err(error), Ok(())) => result = Err(error),
                    (Err(error), Err(first)) => self.join_errors(first, error),
                }
            }
        }
        instance.checks.set(match result {
            Ok(()) => CheckState::Passed,
            Err(error) => CheckState::Failed(error),
        });
        result
    }

    /// Runs the checks of an object if they have not been run.
    pub(crate) fn finish_checks(&self, object: &'a Object<'a>) -> Eval<()> {
        let instance = self.instance(object);
        match instance.checks.get() {
            CheckState::Pending => self.run_checks(object, instance),
            CheckState::Failed(error) => Err(error),
            CheckState::Passed | CheckState::Running => Ok(()),
        }
    }

    /// Runs a `check` or `assert`.
    pub fn check(&self, check: &'a hir::Check, frame: &'a Frame<'a>, kind: error::CheckKind<'a>) -> Eval<()> {
        if self.eval_condition(&check.cond, frame)? {
            return Ok(());
        }
        let message = match &check.message {
            None => None,
            Some(message) => match self.eval(message, frame)? {
                Value::Str(text) => Some(text.to_owned()),
                other => Some(self.show(other)),
            },
        };
        let mut operands = self.operands(&check.cond, frame);
        let difference = self.first_difference(&check.cond, frame);
        if difference.is_some() {
            // The whole values would be cut short.
            operands.retain(|operand| operand.set_at.is_some() || !operand.value.ends_with('}'));
        }
        let diag = error::check_failed(self, check, message, operands, kind);
        Err(self.raise(match difference {
            Some(difference) => diag.note(difference),
            None => diag,
        }))
    }

    /// The fields of an object that have been declared, with their values; null where nothing is set.
    pub fn fields(&self, object: &'a Object<'a>) -> impl Iterator<Item = (&'a hir::Field, Eval<Value<'a>>)> + '_ {
        let fields: &'a [hir::Field] = &object.schema.schema.fields;
        fields.iter().enumerate().map(move |(i, field)| (field, self.field(object, i as u32)))
    }

    /// The entries of an object of an open schema that are not declared fields.
    pub fn extra(&self, object: &'a Object<'a>) -> Eval<&'a Map<'a>> {
        // An open schema's further entries are a map of their own that shares the object's layers.
        self.extra_map(object)
    }
}

fn names_field(item: &BodyItem, field: u32) -> bool {
    match &item.kind {
        BodyItemKind::Set { key, .. }
        | BodyItemKind::Refine { key, .. }
        | BodyItemKind::Append { key, .. }
        | BodyItemKind::Delete { key } => matches!(key, Key::Field(index, _) if *index == field),
        BodyItemKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(|item| names_field(item, field)),
        BodyItemKind::Spread { .. } | BodyItemKind::For { .. } => false,
    }
}
