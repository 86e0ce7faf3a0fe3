//! Merges Kubernetes versions: declarations and fields that are equal in several versions are stored once.

use crate::model::{Decl, DeclKind, DeclTable, Deprecation, Field};

/// Merges the declarations of a version newer than all merged so far.
pub(super) fn add(merged: &mut DeclTable, newer: DeclTable) {
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
    known.versions |= newer.versions;
    known.doc = newer.doc;
    add_deprecation(&mut known.deprecated, newer.deprecated);
    match (&mut known.kind, newer.kind) {
        (DeclKind::Schema(fields), DeclKind::Schema(newer))
        | (DeclKind::Resource(_, fields), DeclKind::Resource(_, newer)) => {
            newer.into_iter().for_each(|field| add_field(fields, field));
        }
        (body, newer) => *body = newer,
    }
}

fn add_field(fields: &mut Vec<Field>, newer: Field) {
    let same =
        |field: &&mut Field| (&field.name, &field.ty, field.required) == (&newer.name, &newer.ty, newer.required);
    if let Some(known) = fields.iter_mut().find(same) {
        known.versions |= newer.versions;
        known.doc = newer.doc;
        add_deprecation(&mut known.deprecated, newer.deprecated);
    } else {
        fields.push(newer);
    }
}

fn add_deprecation(known: &mut Option<Deprecation>, newer: Option<Deprecation>) {
    let Some(mut newer) = newer else { return };
    newer.versions |= known.as_ref().map_or(0, |known| known.versions);
    *known = Some(newer);
}

/// Restores the alphabetical field order of the sources.
pub(super) fn settle(decl: &mut Decl) {
    decl.fields_mut()
        .sort_by(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()).then(a.versions.cmp(&b.versions)));
}
