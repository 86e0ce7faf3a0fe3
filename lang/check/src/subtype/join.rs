//! The join of two types.

use std::sync::Arc;

use forge_base::Name;

use super::assignability::{Assignability, assignability};
use super::union::union;
use super::view::members;
use crate::decl::Decls;
use crate::ty::{KeyedTy, Ty};

/// The type of `if c { a } else { b }`, and of the items of a list, without an expected type.
///
/// Both types are assignable to it, but an `Int` may have to be coerced to `Float`: see `assignability`. Two different
/// literals join to their base type rather than to a union that is not in the source.
pub(crate) fn join(decls: &Decls, a: &Ty, b: &Ty) -> Ty {
    match (a, b) {
        _ if a == b => a.clone(),
        (Ty::Error, _) | (_, Ty::Error) => Ty::Error,
        (Ty::Never | Ty::Var(_), other) | (other, Ty::Never | Ty::Var(_)) => other.clone(),
        (Ty::LitStr(_), Ty::LitStr(_)) | (Ty::LitInt(_), Ty::LitInt(_)) | (Ty::LitBool(_), Ty::LitBool(_)) => {
            widen_literal(a)
        }
        (Ty::Float, Ty::Int | Ty::LitInt(_)) | (Ty::Int | Ty::LitInt(_), Ty::Float) => Ty::Float,
        _ if assignability(decls, a, b) == Assignability::Yes => b.clone(),
        _ if assignability(decls, b, a) == Assignability::Yes => a.clone(),
        (Ty::List(a), Ty::List(b)) => Ty::List(Arc::new(join(decls, a, b))),
        (Ty::Keyed(a), Ty::Keyed(b)) if a.keys == b.keys => {
            Ty::Keyed(Arc::new(KeyedTy { item: join(decls, &a.item, &b.item), keys: a.keys.clone() }))
        }
        (Ty::Keyed(keyed), Ty::List(list)) | (Ty::List(list), Ty::Keyed(keyed)) => {
            Ty::List(Arc::new(join(decls, &keyed.item, list)))
        }
        (Ty::Map(a), Ty::Map(b)) => Ty::Map(Arc::new((join(decls, &a.0, &b.0), join(decls, &a.1, &b.1)))),
        (Ty::Record(first), Ty::Record(second)) => {
            join_records(decls, first, second).unwrap_or_else(|| union([a.clone(), b.clone()]))
        }
        _ => join_members(decls, a, b),
    }
}

/// Field by field, if both have the same fields.
fn join_records(decls: &Decls, a: &[(Name, Ty)], b: &[(Name, Ty)]) -> Option<Ty> {
    if a.len() != b.len() {
        return None;
    }
    let joined: Option<Vec<(Name, Ty)>> = a
        .iter()
        .map(|(name, ty)| {
            let (_, other) = b.iter().find(|(other, _)| other == name)?;
            Some((*name, join(decls, ty, other)))
        })
        .collect();
    joined.map(|fields| Ty::Record(fields.into()))
}

/// The members of both, without those that another member covers. Single literals join to their base type
/// as in `join`.
fn join_members(decls: &Decls, a: &Ty, b: &Ty) -> Ty {
    let is_union = |ty: &Ty| members(decls, ty).iter().filter(|member| **member != Ty::Null).count() > 1;
    let (a_is_union, b_is_union) = (is_union(a), is_union(b));
    let mut all = members(decls, a);
    for member in members(decls, b) {
        if all.iter().any(|other| assignability(decls, &member, other) == Assignability::Yes) {
            continue;
        }
        all.retain(|other| assignability(decls, other, &member) != Assignability::Yes);
        let alike = |other: &Ty| !a_is_union && !b_is_union && widen_literal(other) == widen_literal(&member);
        match all.iter_mut().find(|other| alike(other)) {
            Some(other) => *other = widen_literal(&member),
            None => all.push(member),
        }
    }
    union(all)
}

/// `String` for `"a"`, `Int` for `1`, `Bool` for `true`; other types as they are. A union of literals is kept, since it
/// is written in the source.
pub(crate) fn widen_literal(ty: &Ty) -> Ty {
    match ty {
        Ty::LitStr(_) => Ty::Str,
        Ty::LitInt(_) => Ty::Int,
        Ty::LitBool(_) => Ty::Bool,
        _ => ty.clone(),
    }
}
