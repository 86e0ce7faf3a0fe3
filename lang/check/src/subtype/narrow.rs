//! Narrowing of types by tests.

use super::assignability::{Assignability, assignability};
use super::union::union;
use super::view::{head, members, unfold};
use crate::decl::Decls;
use crate::ty::Ty;

/// The type of a value of type `ty` if `value is test` is true; [`Ty::Never`] if that is impossible.
pub(crate) fn narrow(decls: &Decls, ty: &Ty, test: &Ty) -> Ty {
    match (unfold(decls, ty), unfold(decls, test)) {
        (Ty::Error, _) | (_, Ty::Error) => return Ty::Error,
        (Ty::Any, _) => return test.clone(),
        (_, Ty::Any) => return ty.clone(),
        _ => {}
    }
    let plain = head(decls, ty);
    let is_named = |ty: &Ty| matches!(ty, Ty::Alias(_) | Ty::Refined(_));
    if is_named(ty) && !is_named(test) && !matches!(plain, Ty::Union(_)) && !matches!(test, Ty::Union(_)) {
        // Aliases and refinements of the type make no difference.
        let narrowed = narrow_one(decls, plain, test);
        return if narrowed == *plain { ty.clone() } else { narrowed };
    }
    if assignability(decls, ty, test) == Assignability::Yes {
        return ty.clone();
    }
    let tests = members(decls, test);
    let mut kept = Vec::new();
    for member in members(decls, ty) {
        for test in &tests {
            kept.push(narrow_one(decls, &member, test));
        }
    }
    union(kept)
}

/// As `narrow`, for types that are not unions.
fn narrow_one(decls: &Decls, ty: &Ty, test: &Ty) -> Ty {
    if assignability(decls, ty, test) == Assignability::Yes {
        return ty.clone();
    }
    if assignability(decls, test, ty) == Assignability::Yes {
        return test.clone();
    }
    match (ty, test) {
        (Ty::Any, _) => test.clone(),
        // Whether the value satisfies the condition is unknown; if it does it is of both types.
        (_, Ty::Refined(refined)) => match narrow(decls, ty, &refined.base) {
            narrowed if narrowed == *ty => ty.clone(),
            Ty::Never => Ty::Never,
            _ => test.clone(),
        },
        (Ty::Refined(refined), _) => narrow(decls, &refined.base, test),
        (Ty::Alias(_), _) | (_, Ty::Alias(_)) => {
            narrow_one(decls, &resolve_alias(decls, ty), &resolve_alias(decls, test))
        }
        _ => Ty::Never,
    }
}

fn resolve_alias(decls: &Decls, ty: &Ty) -> Ty {
    match ty {
        Ty::Alias(id) => decls.alias(*id).ty.clone(),
        other => other.clone(),
    }
}

/// The type of a value of type `ty` if `value is test` is false; [`Ty::Never`] if that is impossible.
pub(crate) fn subtract(decls: &Decls, ty: &Ty, test: &Ty) -> Ty {
    match (unfold(decls, ty), unfold(decls, test)) {
        (Ty::Error, _) | (_, Ty::Error) => return Ty::Error,
        (Ty::Any, _) => return ty.clone(),
        _ => {}
    }
    if assignability(decls, ty, test) == Assignability::Yes {
        return Ty::Never;
    }
    let tests = members(decls, test);
    let before = members(decls, ty);
    let after: Vec<Ty> =
        before.iter().map(|member| tests.iter().fold(member.clone(), |ty, test| take(decls, &ty, test))).collect();
    if before == after { ty.clone() } else { union(after) }
}

fn take(decls: &Decls, ty: &Ty, test: &Ty) -> Ty {
    match (ty, test) {
        _ if assignability(decls, ty, test) == Assignability::Yes => Ty::Never,
        (Ty::Bool, Ty::LitBool(value)) => Ty::LitBool(!value),
        _ => ty.clone(),
    }
}
