//! Unions, and the type that covers two others.

use crate::decl::Decls;
use crate::ty::Ty;

/// The union of `members`: flat, without duplicates, Null last; the member itself if there is only one.
pub fn union(members: impl IntoIterator<Item = Ty>) -> Ty {
    let mut flat = Vec::new();
    let mut has_null = false;
    for member in members {
        add_member(&mut flat, &mut has_null, &member);
    }
    if flat.contains(&Ty::Error) {
        return Ty::Error;
    }
    if has_null {
        flat.push(Ty::Null);
    }
    match flat.len() {
        0 => Ty::Never,
        1 => flat.swap_remove(0),
        _ => Ty::Union(flat.into()),
    }
}

fn add_member(flat: &mut Vec<Ty>, has_null: &mut bool, member: &Ty) {
    match member {
        Ty::Never => {}
        Ty::Null => *has_null = true,
        Ty::Union(inner) => inner.iter().for_each(|ty| add_member(flat, has_null, ty)),
        _ if flat.contains(member) => {}
        _ => flat.push(member.clone()),
    }
}

/// The type of `if c { a } else { b }` and of the items of a list when nothing is expected of them.
pub fn join(_decls: &Decls, a: &Ty, b: &Ty) -> Ty {
    union([a.clone(), b.clone()])
}

/// `String` for `"a"`, `Int` for `1`, `Bool` for `true`; other types as they are. A union of literals is kept: somebody wrote it.
pub fn widen_literal(ty: &Ty) -> Ty {
    match ty {
        Ty::LitStr(_) => Ty::Str,
        Ty::LitInt(_) => Ty::Int,
        Ty::LitBool(_) => Ty::Bool,
        _ => ty.clone(),
    }
}
