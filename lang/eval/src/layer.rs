//! The layers of objects: which items of a body belong to which field of the actual schema.
//!
//! A body is checked against a static type, which may be wider than the schema of the object that it is applied to. Items whose key is
//! a field's index belong to that field: an index means the same in a schema and all that extend it. Items whose key is a name were
//! checked against `Any`, a union or an open schema: they belong to the field with that name, if the actual schema has one, and
//! their values are converted to its type.

use forge_base::{Name, Span};
use forge_check::hir::{self, Body, BodyItem, BodyItemKind, BodyTarget, FieldDecl};
use forge_check::{deleted_field, deleted_nullable_field, dynamic_field, for_in_schema, unknown_field};

use crate::error;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{Eval, Frame, Layer, LayerSource, Object, Place, SchemaInfo, Value};

impl<'a> Layer<'a> {
    /// Its code, if it is a body.
    pub(crate) fn body(&self) -> Option<&'a Body> {
        match self.source {
            LayerSource::Body(body, _) => Some(body),
            LayerSource::Data(_) => None,
        }
    }

    /// The items that set or change a field, perhaps under an `if`.
    pub(crate) fn items_of(&self, field: u32, name: Name) -> impl Iterator<Item = &'a BodyItem> + use<'a> {
        let body = self.body();
        let indexed = body.map_or(&[][..], |body| body.items_of(field));
        let entries = body.map_or(&[][..], Body::entries);
        let named = entries.iter().filter(move |index| !indexed.contains(index));
        let items = body.map_or(&[][..], |body| &body.items);
        let named = named.map(|&index| &items[index as usize]).filter(move |item| names_field(item, field, name));
        indexed.iter().map(|&index| &items[index as usize]).chain(named)
    }
}

/// Whether a key is that of a field.
pub(crate) fn is_key_of(key: &hir::Key, field: u32, name: Name) -> bool {
    match key {
        hir::Key::Field(index, _) => *index == field,
        hir::Key::Name(text) => **text == *name.as_str(),
        hir::Key::Int(_) | hir::Key::Computed(_) | hir::Key::Tuple(_) => false,
    }
}

/// Whether an item, or one inside it, may set or change a field.
pub(crate) fn names_field(item: &BodyItem, field: u32, name: Name) -> bool {
    match &item.kind {
        BodyItemKind::Set { key, .. }
        | BodyItemKind::Refine { key, .. }
        | BodyItemKind::Append { key, .. }
        | BodyItemKind::Delete { key } => is_key_of(key, field, name),
        BodyItemKind::If { then, otherwise, .. } => {
            then.iter().chain(otherwise).any(|item| names_field(item, field, name))
        }
        BodyItemKind::Spread { .. } => true,
        BodyItemKind::Each { .. } | BodyItemKind::For { .. } => false,
    }
}

/// The place of a field, if an item with this key was checked against a wider type.
pub(crate) fn place_of<'a>(key: Option<&hir::Key>, declared: &'a FieldDecl) -> Option<Place<'a>> {
    match key {
        Some(hir::Key::Field(..)) => None,
        _ => Some(Place { ty: &declared.ty, origin: declared.ty_span, key: None }),
    }
}

impl<'a> Evaluator<'a> {
    /// Checks that a body can be a layer of an object: that it was checked against the object's schema or one that it extends, or
    /// that the schema has the fields which the items name.
    pub(crate) fn check_layer(&self, object: &'a Object<'a>, body: &'a Body, span: Span) -> Eval<()> {
        match body.target {
            BodyTarget::Schema(id) | BodyTarget::Expected(id) => {
                if id != object.schema.schema.id && !object.schema.extends(id) {
                    let expected = self.program.schema(id);
                    return Err(self.raise(error::other_schema(expected, object, span)));
                }
                Ok(())
            }
            BodyTarget::Entries if body.entries().is_empty() => Ok(()),
            BodyTarget::Entries => self.check_names(object.schema, &body.items),
        }
    }

    /// Checks that a schema has the fields that items name.
    pub(crate) fn check_names(&self, schema: &SchemaInfo<'a>, items: &'a [BodyItem]) -> Eval<()> {
        items.iter().try_for_each(|item| self.check_name(schema, item))
    }

    fn check_name(&self, schema: &SchemaInfo<'a>, item: &'a BodyItem) -> Eval<()> {
        let declared = &schema.schema;
        let key = match &item.kind {
            BodyItemKind::Set { key, .. }
            | BodyItemKind::Refine { key, .. }
            | BodyItemKind::Append { key, .. }
            | BodyItemKind::Delete { key } => key,
            BodyItemKind::If { then, otherwise, .. } => {
                self.check_names(schema, then)?;
                return self.check_names(schema, otherwise);
            }
            BodyItemKind::For { head, .. } if !declared.is_open => {
                return Err(self.raise(for_in_schema(declared.name, head.iter.span, item.span)));
            }
            BodyItemKind::Spread { .. } | BodyItemKind::Each { .. } | BodyItemKind::For { .. } => return Ok(()),
        };
        let hir::Key::Name(text) = key else {
            return match declared.is_open {
                true => Ok(()),
                false => Err(self.raise(dynamic_field(declared.name, item.span))),
            };
        };
        let field = schema.field_named(text).map(|index| &declared.fields[index as usize]);
        match field {
            Some(field) if matches!(item.kind, BodyItemKind::Delete { .. }) => Err(self.raise(match field.nullable {
                true => deleted_nullable_field(declared.name, field.name, item.span),
                false => deleted_field(declared.name, field.name, item.span),
            })),
            Some(_) => Ok(()),
            None if declared.is_open => Ok(()),
            None => Err(self.raise(self.unknown_name(schema, text, item.span))),
        }
    }

    /// The error of a name that a schema does not declare.
    #[cold]
    pub(crate) fn unknown_name(&self, schema: &SchemaInfo<'a>, name: &str, span: Span) -> forge_base::Diag {
        let declared = &schema.schema;
        let name = Name::new(name);
        let names: Vec<&'static str> = declared.fields.iter().map(|field| field.name.as_str()).collect();
        let diag = unknown_field(&format!("`{}`", declared.name), name, span, &names, declared.span);
        match diag.labels.iter().any(|label| label.span == declared.span) {
            true => diag,
            false => diag.label(declared.span, format!("`{}` is declared here", declared.name)),
        }
    }

    /// What a spread contains for a field, if anything: the spread of a body that was checked against a wider type.
    pub(crate) fn spread_field(
        &self,
        spread: &'a hir::Expr,
        frame: &'a Frame<'a>,
        schema: &SchemaInfo<'a>,
        name: Name,
    ) -> Eval<Option<Value<'a>>> {
        let value = self.eval(spread, frame)?;
        let known = |name: &str| schema.schema.is_open || schema.field_named(name).is_some();
        match value {
            Value::Object(object) => {
                let fields: &'a [FieldDecl] = &object.schema.schema.fields;
                if let Some(other) = fields.iter().find(|field| !known(field.name.as_str())) {
                    return Err(self.raise(self.unknown_name(schema, other.name.as_str(), spread.span)));
                }
                object.schema.field_index(name).map(|index| self.field(object, index)).transpose()
            }
            Value::Map(map) if map.keyed.is_none() => {
                for entry in self.entries(map)? {
                    if let Key::Str(text) = entry.key
                        && !known(text)
                    {
                        return Err(self.raise(self.unknown_name(schema, text, spread.span)));
                    }
                }
                self.get(map, Key::Str(name.as_str()))
            }
            other => Err(self.raise(error::not_spreadable(spread.span, other.kind_name()))),
        }
    }
}
