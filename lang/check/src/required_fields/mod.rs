//! Required fields that literals do not set.
//!
//! An instance must have a value for each required field, at any depth. What is set is read off the bodies alone: those of
//! the schema's ancestors, of the literal, and of the refinements that directly follow it. So a default in a schema may
//! be incomplete as long as the schema is not instantiated; then the whole missing path is reported.
//!
//! A literal that is the value of an item in a body is checked with the literal around that body; all others are
//! checked on their own. If it is not known statically whether a field is set, as inside an `if`, nothing is reported:
//! the evaluator reports missing fields.

#[cfg(test)]
mod tests;
mod visitor;

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::BinaryOp;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::decl::{Decls, FieldDecl, Late};
use crate::hir::{Body, BodyItem, BodyItemKind, Const, Elem, Expr, ExprKind, Key, KeyedShape, Shape};
use crate::ids::SchemaId;
use crate::subtype::is_nullable;

pub(crate) use visitor::{check_expr, check_schema_body};

/// How deep defaults are followed; recursive defaults are left to the evaluator.
const MAX_DEPTH: usize = 24;

/// A required field that nothing sets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RequiredPath {
    /// From a field of the literal down to the missing field.
    pub(crate) names: Vec<Name>,
    /// The span that declares the missing field.
    pub(crate) declared: Span,
    /// The entry around it whose key is not the value of its key field.
    rekeyed: Option<Rekeyed>,
}

/// An entry of a keyed list under a key that is not the value of its key field: `volumeMounts { data = { mountPath = "/data" } }`.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Rekeyed {
    /// The key field.
    field: Name,
    /// The key.
    key: Name,
    /// What the entry sets its key field to.
    value: String,
}

/// Returns the body of a schema; `None` if it has errors, which suppresses reports about its instances.
pub(crate) type SchemaBodies<'a> = dyn Fn(SchemaId) -> Option<Arc<Body>> + Sync + 'a;

/// The required fields that are unset in an instance of `schema` with `layers` (the literal, then each refinement), in the order
/// of declaration.
pub(crate) fn missing(
    decls: &Decls,
    bodies: &SchemaBodies<'_>,
    schema: SchemaId,
    layers: &[&Body],
) -> Vec<RequiredPath> {
    let mut cx =
        RequiredFieldsCx { decls, bodies, path: Vec::new(), around: Vec::new(), found: Vec::new(), rekeyed: None };
    cx.schema(schema, layers, &[]);
    cx.found
}

/// The required fields that are unset in what `layers` add to a value that is complete itself.
fn missing_in_changes(decls: &Decls, bodies: &SchemaBodies<'_>, layers: &[&Body]) -> Vec<RequiredPath> {
    let mut cx =
        RequiredFieldsCx { decls, bodies, path: Vec::new(), around: Vec::new(), found: Vec::new(), rekeyed: None };
    cx.changes(layers);
    cx.found
}

/// What is known statically about a field or entry.
#[derive(Clone)]
enum KnownValue<'a> {
    /// Nothing sets it.
    Unset,
    /// It is null: a refinement creates it from its type.
    Null,
    /// It has a complete value, with changes to it.
    Complete(Vec<&'a Body>),
    /// It is built from these bodies.
    Made(Shape, Vec<&'a Body>),
    /// It is a literal keyed list, with changes to it.
    Elements(Arc<KeyedShape>, &'a [Elem], Vec<&'a Body>),
}

/// A key as a segment of a path; for computed keys also the span, which tells them apart.
type EntryKey = (Name, Option<Span>);

/// The entries of a map or keyed list by key, with the number of key fields that the key sets.
type Entries<'a> = IndexMap<EntryKey, (KnownValue<'a>, usize), FxBuildHasher>;

struct RequiredFieldsCx<'a> {
    decls: &'a Decls,
    bodies: &'a SchemaBodies<'a>,
    path: Vec<Name>,
    /// The literals around the current one.
    around: Vec<*const Body>,
    found: Vec<RequiredPath>,
    rekeyed: Option<Rekeyed>,
}

impl RequiredFieldsCx<'_> {
    /// Checks an instance; `given` are the fields that its key sets.
    fn schema(&mut self, id: SchemaId, layers: &[&Body], given: &[Name]) {
        let decls = self.decls;
        let schema = decls.schema(id);
        let ancestors: Option<Vec<Arc<Body>>> =
            schema.ancestors.iter().map(|ancestor| (self.bodies)(*ancestor)).collect();
        let Some(ancestors) = ancestors else { return };
        if self.path.len() > MAX_DEPTH {
            return;
        }
        let all: Vec<&Body> = ancestors.iter().map(|body| &**body).chain(layers.iter().copied()).collect();
        for (index, field) in schema.fields.iter().enumerate() {
            if !given.contains(&field.name) {
                self.field(index as u32, field, &all);
            }
        }
    }

    fn field(&mut self, index: u32, field: &FieldDecl, layers: &[&Body]) {
        let mut state = KnownValue::Unset;
        for body in layers {
            // Items of a body take precedence over its spreads.
            for pass in [Pass::Defaults, Pass::Items] {
                for position in body.items_of(index) {
                    let item = &body.items[*position as usize];
                    apply_to_field(item, index, pass, Certainty::Certain, &mut state);
                }
            }
        }
        match state {
            KnownValue::Unset if field.late != Late::No || is_nullable(self.decls, &field.ty) => {}
            KnownValue::Unset => {
                let mut names = self.path.clone();
                names.push(field.name);
                self.found.push(RequiredPath { names, declared: field.span, rekeyed: self.rekeyed.clone() });
            }
            state => self.inside(field.name, &state, &[]),
        }
    }

    /// Checks the inside of a value that is set.
    fn inside(&mut self, name: Name, state: &KnownValue<'_>, given: &[Name]) {
        self.path.push(name);
        match state {
            KnownValue::Unset | KnownValue::Null => {}
            KnownValue::Complete(layers) => self.changes(layers),
            KnownValue::Made(Shape::Schema(id), layers) => {
                // A default that contains itself is a cycle of values, which the evaluator reports.
                let literal = layers.first().map_or(std::ptr::null(), |body| std::ptr::from_ref(*body));
                if !self.around.contains(&literal) {
                    self.around.push(literal);
                    self.schema(*id, layers, given);
                    self.around.pop();
                }
            }
            KnownValue::Made(Shape::Map, layers) => self.entries(None, Entries::default(), layers),
            KnownValue::Made(Shape::Keyed(shape), layers) => self.entries(Some(shape), Entries::default(), layers),
            KnownValue::Elements(shape, items, layers) => self.entries(Some(shape), elements(shape, items), layers),
        }
        self.path.pop();
    }

    fn entries<'a>(&mut self, shape: Option<&KeyedShape>, mut entries: Entries<'a>, layers: &[&'a Body]) {
        for body in layers {
            for item in &body.items {
                apply_to_entries(item, Certainty::Certain, &mut entries);
            }
        }
        let mut each = Vec::new();
        layers.iter().flat_map(|body| &body.items).for_each(|item| each_bodies(item, &mut each));
        for ((name, _), (state, keys)) in &mut entries {
            if let KnownValue::Made(Shape::Schema(_), layers) = state {
                layers.splice(0..0, each.iter().copied());
            }
            let given: Vec<Name> = match shape {
                Some(shape) => shape.keys.iter().take(*keys).map(|(name, _)| *name).collect(),
                None => Vec::new(),
            };
            let outer = self.rekeyed.take();
            self.rekeyed =
                shape.filter(|_| *keys == 1).and_then(|shape| rekeyed(shape, *name, state)).or(outer.clone());
            self.inside(*name, state, &given);
            self.rekeyed = outer;
        }
    }

    /// Checks what bodies add to a value that is complete itself.
    fn changes(&mut self, layers: &[&Body]) {
        let mut fields: IndexMap<u32, Name, FxBuildHasher> = IndexMap::default();
        layers.iter().flat_map(|body| &body.items).for_each(|item| field_names(item, &mut fields));
        for (index, name) in fields {
            let mut state = KnownValue::Complete(Vec::new());
            for body in layers {
                for position in body.items_of(index) {
                    let item = &body.items[*position as usize];
                    apply_to_field(item, index, Pass::Items, Certainty::Certain, &mut state);
                }
            }
            self.inside(name, &state, &[]);
        }
        self.entries(None, Entries::default(), layers);
    }
}

/// The bodies of `each` that an item is or contains.
fn each_bodies<'a>(item: &'a BodyItem, bodies: &mut Vec<&'a Body>) {
    match &item.kind {
        BodyItemKind::Each { body } => bodies.push(body),
        BodyItemKind::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).for_each(|item| each_bodies(item, bodies));
        }
        _ => {}
    }
}

fn field_names(item: &BodyItem, names: &mut IndexMap<u32, Name, FxBuildHasher>) {
    match &item.kind {
        BodyItemKind::Set { key: Key::Field(index, name), .. }
        | BodyItemKind::Refine { key: Key::Field(index, name), .. } => {
            names.insert(*index, *name);
        }
        BodyItemKind::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).for_each(|item| field_names(item, names));
        }
        _ => {}
    }
}

fn is_field(key: &Key, field: u32) -> bool {
    matches!(key, Key::Field(index, _) if *index == field)
}

/// Which items of a body are applied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Those that other items take precedence over.
    Defaults,
    /// All others.
    Items,
}

/// Whether an item is evaluated in any case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Certain,
    /// It is inside an `if` or `for`.
    Conditional,
}

/// Applies one item (or those inside it) to a field.
fn apply_to_field<'a>(item: &'a BodyItem, field: u32, pass: Pass, certainty: Certainty, state: &mut KnownValue<'a>) {
    match &item.kind {
        BodyItemKind::Set { key, value, super_slot, is_default }
            if is_field(key, field) && *is_default == (pass == Pass::Defaults) =>
        {
            set(value, *super_slot, certainty, state);
        }
        BodyItemKind::Refine { key, body, fresh, .. } if is_field(key, field) && pass == Pass::Items => {
            refine(body, fresh.as_ref(), state);
        }
        BodyItemKind::Append { key, .. } if is_field(key, field) && pass == Pass::Items => {
            if matches!(state, KnownValue::Unset | KnownValue::Null) {
                *state = KnownValue::Complete(Vec::new());
            }
        }
        BodyItemKind::If { then, otherwise, .. } => {
            then.iter()
                .chain(otherwise)
                .for_each(|item| apply_to_field(item, field, pass, Certainty::Conditional, state));
        }
        _ => {}
    }
}

/// Applies one item to a map or keyed list.
fn apply_to_entries<'a>(item: &'a BodyItem, certainty: Certainty, entries: &mut Entries<'a>) {
    match &item.kind {
        BodyItemKind::Set { key, value, super_slot, .. } => {
            let Some((name, keys)) = entry_name(key, item.span) else { return };
            let (state, known) = entries.entry(name).or_insert((KnownValue::Unset, keys));
            *known = keys.max(*known);
            set(value, *super_slot, certainty, state);
        }
        BodyItemKind::Refine { key, body, fresh, .. } => {
            let Some((name, keys)) = entry_name(key, item.span) else { return };
            // An unknown entry is set elsewhere, or the evaluator reports that it is missing.
            let (state, _) = entries.entry(name).or_insert((KnownValue::Complete(Vec::new()), keys));
            refine(body, fresh.as_ref(), state);
        }
        BodyItemKind::Delete { key } => {
            if let Some((name, _)) = entry_name(key, item.span) {
                entries.shift_remove(&name);
            }
        }
        BodyItemKind::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).for_each(|item| apply_to_entries(item, Certainty::Conditional, entries));
        }
        BodyItemKind::For { items, .. } => {
            items.iter().for_each(|item| apply_to_entries(item, Certainty::Conditional, entries))
        }
        BodyItemKind::Append { .. } | BodyItemKind::Spread { .. } | BodyItemKind::Each { .. } => {}
    }
}

/// A key as a segment of a path, and the number of key fields that it sets. `None` for fields of a schema.
fn entry_name(key: &Key, span: Span) -> Option<(EntryKey, usize)> {
    let known = |text: &str, keys: usize| Some(((Name::new(text), None), keys));
    match key {
        Key::Field(..) => None,
        Key::Name(text) => known(text, 1),
        Key::Int(value) => known(&value.to_string(), 1),
        Key::Computed(_) => Some(((Name::new("…"), Some(span)), 1)),
        Key::Tuple(parts) => {
            let texts: Vec<String> =
                parts.iter().map(|part| constant(part).unwrap_or_else(|| String::from("…"))).collect();
            known(&format!("({})", texts.join(", ")), parts.len())
        }
    }
}

fn constant(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Const(Const::Str(text)) => Some(text.to_string()),
        ExprKind::Const(Const::Int(value)) => Some(value.to_string()),
        ExprKind::Coerce { value, .. } => constant(value),
        _ => None,
    }
}

fn set<'a>(value: &'a Expr, super_slot: Option<u32>, certainty: Certainty, state: &mut KnownValue<'a>) {
    // Of two possible values, the unconditional one is checked.
    if certainty == Certainty::Conditional && !matches!(state, KnownValue::Unset | KnownValue::Null) {
        return;
    }
    *state = value_state(value, super_slot, state);
}

fn refine<'a>(body: &'a Body, fresh: Option<&Shape>, state: &mut KnownValue<'a>) {
    match state {
        KnownValue::Made(_, layers) | KnownValue::Elements(_, _, layers) | KnownValue::Complete(layers) => {
            layers.push(body)
        }
        KnownValue::Unset | KnownValue::Null => {
            *state = match fresh {
                Some(shape) => KnownValue::Made(shape.clone(), vec![body]),
                None => KnownValue::Complete(vec![body]),
            };
        }
    }
}

/// What is known about a value that replaces `before`.
fn value_state<'a>(value: &'a Expr, super_slot: Option<u32>, before: &KnownValue<'a>) -> KnownValue<'a> {
    match &value.kind {
        ExprKind::Object { shape, body } => KnownValue::Made(shape.clone(), vec![body]),
        ExprKind::KeyedList { shape, items } => KnownValue::Elements(shape.clone(), items, Vec::new()),
        ExprKind::Coerce { value, .. } => value_state(value, super_slot, before),
        ExprKind::Const(Const::Null) => KnownValue::Null,
        // If the left side is not null it is a complete value.
        ExprKind::Binary { op: BinaryOp::Coalesce, right, .. } => value_state(right, super_slot, before),
        ExprKind::Local { up: 0, slot } if Some(*slot) == super_slot => before.clone(),
        ExprKind::Derive { base, body, fresh } => {
            let mut state = value_state(base, super_slot, before);
            refine(body, fresh.as_ref(), &mut state);
            state
        }
        _ => KnownValue::Complete(Vec::new()),
    }
}

/// The elements of a literal keyed list.
fn elements<'a>(shape: &KeyedShape, items: &'a [Elem]) -> Entries<'a> {
    let mut entries = Entries::default();
    for (index, item) in items.iter().enumerate() {
        let Elem::Item(value) = item else { continue };
        let state = value_state(value, None, &KnownValue::Unset);
        let key = match &state {
            KnownValue::Made(_, layers) => layers.iter().find_map(|body| first_key(shape, body)),
            _ => None,
        };
        // The literal sets its key fields itself, so the key sets none of them.
        let name = key.unwrap_or_else(|| format!("[{index}]"));
        entries.insert((Name::new(&name), None), (state, 0));
    }
    entries
}

/// Whether an entry sets its key field to something other than its key.
fn rekeyed(shape: &KeyedShape, key: Name, state: &KnownValue<'_>) -> Option<Rekeyed> {
    let KnownValue::Made(_, layers) = state else { return None };
    let value = layers.iter().find_map(|body| first_key(shape, body)).filter(|value| value != key.as_str())?;
    let (field, _) = shape.keys.first()?;
    Some(Rekeyed { field: *field, key, value })
}

fn first_key(shape: &KeyedShape, body: &Body) -> Option<String> {
    let (wanted, _) = shape.keys.first()?;
    body.items.iter().find_map(|item| match &item.kind {
        BodyItemKind::Set { key: Key::Field(_, name), value, .. } if name == wanted => constant(value),
        BodyItemKind::Set { key: Key::Name(name), value, .. } if **name == *wanted.as_str() => constant(value),
        _ => None,
    })
}
