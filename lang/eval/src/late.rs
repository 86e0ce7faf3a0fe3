//! Late fields: what reads one that is unset waits until a refinement sets it.
//!
//! Values never change, so waiting means: a default, check or method of an object that lacks a late field has no value in this object,
//! but may have one in a refined copy. An object is written and forced without the fields that wait, and its checks that wait are left
//! out. Anything outside of the object that needs such a value fails.

use forge_base::{Code, Diag, Span};
use forge_check::hir::{self, Body, BodyItem, BodyItemKind, ExprKind, Key, Late};

use crate::evaluator::Evaluator;
use crate::value::{EntrySource, ErrorId, Eval, Frame, LayerSource, Map, Object, Value};

impl<'a> Evaluator<'a> {
    /// The error of reading a late field that is not set.
    #[cold]
    pub(crate) fn late_unset(&self, object: &'a Object<'a>, field: &'a hir::FieldDecl) -> ErrorId {
        let headline = format!("`{}` of `{}` is not set yet", field.name, object.schema_name());
        let diag = Diag::error(Code::LATE_UNSET, headline).label(field.span, "declared `late` here");
        let diag = match self.late_setter(object, field) {
            Some((schema, span)) => diag.note(format!("`{schema}` sets it, at {}", self.files.location(span))),
            None => diag.help(format!("set it in a copy: `value {{ {} = … }}`", field.name)),
        };
        let error = self.errors.record(diag);
        self.errors.set_waits_for(error, object);
        error
    }

    /// A schema whose body sets a late field of values inside, and where it does.
    fn late_setter(&self, object: &Object<'_>, field: &hir::FieldDecl) -> Option<(forge_base::Name, Span)> {
        let index = object.schema.field_index(field.name)?;
        let schemas = self.program.modules.iter().flatten().flat_map(|module| &module.schemas);
        schemas
            .filter(|schema| !object.schema.extends(schema.id))
            .find_map(|schema| Some((schema.name, setter_inside(&schema.body, index, field)?)))
    }

    /// Completes the error of reading a late field at an expression outside of the object that lacks it. The first location in the package
    /// that is built is kept.
    #[cold]
    pub(crate) fn locate_late(&self, error: ErrorId, span: Span, frame: &'a Frame<'a>) {
        let Some(object) = self.errors.waits_for(error) else { return };
        if is_inside(frame, object) {
            return;
        }
        self.errors.amend(error, |diag| match diag.span() {
            Some(known) if self.is_own(known) || !self.is_own(span) => None,
            _ => Some(diag.clone().at(span, "this needs it")),
        });
    }

    /// Whether an error is that of a late field which `object`, or an object around it, lacks.
    pub(crate) fn waits(&self, error: ErrorId, object: &'a Object<'a>) -> bool {
        let Some(owner) = self.errors.waits_for(error) else { return false };
        let mut next = Some(object);
        while let Some(object) = next {
            let is_within = match object.layer {
                Some(LayerSource::Body(_, Some(frame))) => is_inside(frame, owner),
                _ => false,
            };
            if is_within || std::ptr::eq(object, owner) {
                return true;
            }
            next = object.base;
        }
        false
    }

    /// Whether an entry of a map waits for a late field of an object around the map.
    pub fn entry_waits(&self, error: ErrorId, map: &'a Map<'a>) -> bool {
        let Some(owner) = self.errors.waits_for(error) else { return false };
        let mut next = Some(map);
        while let Some(map) = next {
            match map.source {
                EntrySource::Body(_, frame) if is_inside(frame, owner) => return true,
                EntrySource::Extra(object) if self.waits(error, object) => return true,
                _ => next = map.base,
            }
        }
        false
    }

    /// A field as a part of its object: `None` if it is late and refers to another object, null if it is unset or waits for a late field.
    pub fn part(&self, object: &'a Object<'a>, field: u32) -> Option<Eval<Value<'a>>> {
        if object.schema.schema.fields[field as usize].late == Late::Reference {
            return None;
        }
        Some(match self.field(object, field) {
            Err(error) if self.waits(error, object) => Ok(Value::Null),
            result => result,
        })
    }
}

/// Whether a frame belongs to the body of `object` or is inside of it.
fn is_inside<'a>(frame: &'a Frame<'a>, object: &'a Object<'a>) -> bool {
    let mut next = Some(frame);
    while let Some(frame) = next {
        if matches!(frame.this, Value::Object(this) if std::ptr::eq(this, object)) {
            return true;
        }
        next = frame.parent;
    }
    false
}

/// Where the bodies inside a body set a field.
fn setter_inside(body: &Body, index: u32, field: &hir::FieldDecl) -> Option<Span> {
    body.items.iter().find_map(|item| setter_of_item(item, index, field))
}

fn setter_of_item(item: &BodyItem, index: u32, field: &hir::FieldDecl) -> Option<Span> {
    let names = |key: &Key| matches!(key, Key::Field(found, name) if *found == index && *name == field.name);
    match &item.kind {
        BodyItemKind::Set { key, .. } if names(key) => Some(item.span),
        BodyItemKind::Set { value, .. } => match &value.kind {
            ExprKind::Object { body, .. } | ExprKind::Derive { body, .. } => setter_inside(body, index, field),
            _ => None,
        },
        BodyItemKind::Refine { body, .. } | BodyItemKind::Each { body } => setter_inside(body, index, field),
        BodyItemKind::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).find_map(|item| setter_of_item(item, index, field))
        }
        BodyItemKind::For { items, .. } => items.iter().find_map(|item| setter_of_item(item, index, field)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    const SCHEMAS: &str = "schema Cluster { domain: String, let here = self, webs: [Web by name] = [], bound: [Web by name] = [for w in webs { w { cluster = here } }] }
schema Web { name: String, late cluster: Cluster, host: String = \"\\(name).\\(cluster.domain)\", check host != \"bad.x\", \"bad host\" }
";

    #[test]
    fn a_default_waits_until_the_late_field_is_set() {
        let fixture = program(&format!(
            "{SCHEMAS}c = Cluster {{ domain = \"x\", webs {{ a = {{}} }} }}
a = c.bound[\"a\"].host
b = c.webs[\"a\"]
d = c.webs[\"a\"].host"
        ));
        assert_eq!(fixture.value("a"), "\"a.x\"");
        assert_eq!(fixture.value("b"), "Web { name = \"a\", host = null }");
        assert_eq!(fixture.errors("d"), ["6:5 `cluster` of `Web` is not set yet"]);
    }

    #[test]
    fn a_check_waits_until_the_late_field_is_set() {
        let fixture = program(&format!(
            "{SCHEMAS}c = Cluster {{ domain = \"x\", webs {{ bad = {{}} }} }}
a = c.webs
b = c.bound"
        ));
        assert_eq!(fixture.value("a"), "{ bad = Web { name = \"bad\", host = null } }");
        assert_eq!(fixture.errors("b").len(), 1);
    }

    #[test]
    fn late_data_is_part_of_the_value_once_it_is_set() {
        let fixture = program(
            "schema S { late n: Int, m: Int = n + 1 }
let s = S {}
a = s
b = s { n = 1 }
c = s.n",
        );
        assert_eq!(fixture.value("a"), "S { n = null, m = null }");
        assert_eq!(fixture.value("b"), "S { n = 1, m = 2 }");
        assert_eq!(fixture.errors("c"), ["5:5 `n` of `S` is not set yet"]);
    }
}
