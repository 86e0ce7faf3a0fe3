//! Views of types: through aliases, refinements and unions.

use super::union::union;
use crate::decl::Decls;
use crate::ids::{SchemaId, TypeId};
use crate::ty::Ty;

/// The type without aliases and refinements at the top. Members of unions, items and fields are unchanged.
pub(crate) fn unfold(decls: &Decls, ty: &Ty) -> Ty {
    head(decls, ty).clone()
}

/// As [`unfold`], borrowed. A generic parameter is used like its bound. Terminates, since cycles of aliases are cut when they are declared.
pub(crate) fn head<'a>(decls: &'a Decls, ty: &'a Ty) -> &'a Ty {
    let mut ty = ty;
    loop {
        match ty {
            Ty::Alias(id) => ty = &decls.alias(*id).ty,
            Ty::Refined(refined) => ty = &refined.base,
            Ty::Param(_, _, Some(bound)) => ty = bound,
            _ => return ty,
        }
    }
}

/// The members of a type seen as a union: aliases resolved, nested unions flattened; a single member for any other
/// type. Refinements of members are kept, those of whole unions are dropped.
pub(crate) fn members(decls: &Decls, ty: &Ty) -> Vec<Ty> {
    if let Ty::Union(members) = head(decls, ty)
        && !members.iter().any(|member| matches!(head(decls, member), Ty::Union(_)))
    {
        return members.to_vec();
    }
    let mut found = Vec::new();
    add_members(decls, ty, &mut found);
    found
}

fn add_members(decls: &Decls, ty: &Ty, found: &mut Vec<Ty>) {
    match head(decls, ty) {
        Ty::Union(members) => members.iter().for_each(|member| add_members(decls, member, found)),
        _ if found.contains(ty) => {}
        _ => found.push(ty.clone()),
    }
}

/// Whether the type includes null.
pub(crate) fn is_nullable(decls: &Decls, ty: &Ty) -> bool {
    match head(decls, ty) {
        Ty::Null | Ty::Any | Ty::Error => true,
        Ty::Union(members) => members.iter().any(|member| is_nullable(decls, member)),
        _ => false,
    }
}

/// The type without null.
pub(crate) fn strip_null(decls: &Decls, ty: &Ty) -> Ty {
    match head(decls, ty) {
        Ty::Null => Ty::Never,
        Ty::Union(members) if members.iter().any(|member| may_be_null(decls, member)) => {
            union(members.iter().map(|member| strip_null(decls, member)))
        }
        _ => ty.clone(),
    }
}

/// Whether a member of the type is `Null` itself.
fn may_be_null(decls: &Decls, ty: &Ty) -> bool {
    match head(decls, ty) {
        Ty::Null => true,
        Ty::Union(members) => members.iter().any(|member| may_be_null(decls, member)),
        _ => false,
    }
}

/// Whether `child` is `parent` or extends it.
pub(crate) fn is_subschema(decls: &Decls, child: SchemaId, parent: SchemaId) -> bool {
    child == parent || decls.schema(child).ancestors.contains(&parent)
}

/// Whether a value of this type may contain a secret.
pub(crate) fn holds_secret(decls: &Decls, ty: &Ty) -> bool {
    holds(ty, &|leaf| match leaf {
        Ty::Secret => true,
        Ty::Schema(id) => decls.type_contents.secret.contains(&TypeId::Schema(*id)),
        Ty::Alias(id) => decls.type_contents.secret.contains(&TypeId::Alias(*id)),
        _ => false,
    })
}

/// Whether values of this type contain neither functions nor secrets.
pub(crate) fn is_plain_data(decls: &Decls, ty: &Ty) -> bool {
    let is_plain =
        |id: TypeId| !decls.type_contents.secret.contains(&id) && !decls.type_contents.function.contains(&id);
    !holds(ty, &|leaf| match leaf {
        Ty::Secret | Ty::Fn(_) | Ty::Param(..) => true,
        Ty::Schema(id) => !is_plain(TypeId::Schema(*id)),
        Ty::Alias(id) => !is_plain(TypeId::Alias(*id)),
        _ => false,
    })
}

/// Whether a part of the type is [`Ty::Error`].
pub(crate) fn is_poisoned(ty: &Ty) -> bool {
    holds(ty, &|leaf| match leaf {
        Ty::Error => true,
        Ty::Fn(function) => function.params.iter().any(is_poisoned) || is_poisoned(&function.ret),
        _ => false,
    })
}

fn holds(ty: &Ty, leaf: &impl Fn(&Ty) -> bool) -> bool {
    match ty {
        Ty::Union(members) => members.iter().any(|member| holds(member, leaf)),
        Ty::List(item) => holds(item, leaf),
        Ty::Keyed(keyed) => holds(&keyed.item, leaf),
        Ty::Map(pair) => holds(&pair.1, leaf),
        Ty::Record(fields) => fields.iter().any(|(_, ty)| holds(ty, leaf)),
        Ty::Refined(refined) => holds(&refined.base, leaf),
        _ => leaf(ty),
    }
}
