//! Merges the versions: what is equal in all of them is kept once.

use super::Table;
use crate::model::{Body, Decl, Deprecated, Field};

/// Adds the declarations of one more version, newer than all before.
pub(super) fn add(merged: &mut Table, newer: Table) {
    for (key, decl) in newer {
        match merged.get_mut(&key) {
            Some(known) => add_decl(known, decl),
            None => {
                merged.insert(key, decl);
            }
        }
    }
}

fn add_decl(known: &mut Decl, newer: Decl) {
    known.mask |= newer.mask;
    known.doc = newer.doc;
    add_deprecation(&mut known.deprecated, newer.deprecated);
    match (&mut known.body, newer.body) {
        (Body::Schema(fields), Body::Schema(newer)) | (Body::Kind(_, fields), Body::Kind(_, newer)) => {
            newer.into_iter().for_each(|field| add_field(fields, field));
        }
        (body, newer) => *body = newer,
    }
}

fn add_field(fields: &mut Vec<Field>, newer: Field) {
    let same =
        |field: &&mut Field| (&field.name, &field.ty, field.required) == (&newer.name, &newer.ty, newer.required);
    if let Some(known) = fields.iter_mut().find(same) {
        known.mask |= newer.mask;
        known.doc = newer.doc;
        add_deprecation(&mut known.deprecated, newer.deprecated);
    } else {
        fields.push(newer);
    }
}

fn add_deprecation(known: &mut Option<Deprecated>, newer: Option<Deprecated>) {
    let Some(mut newer) = newer else { return };
    newer.mask |= known.as_ref().map_or(0, |known| known.mask);
    *known = Some(newer);
}

/// Puts the fields into the order of the alphabet again, which the sources have.
pub(super) fn settle(decl: &mut Decl) {
    decl.fields_mut().sort_by(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()).then(a.mask.cmp(&b.mask)));
}
