//! What braces construct for a type.

use std::sync::Arc;

use super::view::{members, strip_null, unfold};
use crate::decl::Decls;
use crate::shape::{KeyedShape, Shape};
use crate::ty::{KeyedTy, Ty};

/// What a refinement creates if there is no value yet, if the type determines it.
pub(crate) fn fresh_shape(decls: &Decls, ty: &Ty) -> Option<Shape> {
    let members = members(decls, &strip_null(decls, ty));
    let mut shapes = members.iter().filter_map(|member| match unfold(decls, member) {
        Ty::Schema(id) => Some((!decls.schema(id).is_abstract).then_some(Shape::Schema(id))),
        Ty::Map(_) | Ty::Record(_) | Ty::Any => Some(Some(Shape::Map)),
        Ty::Keyed(keyed) => Some(Some(Shape::Keyed(keyed_shape(decls, &keyed)))),
        _ => None,
    });
    match (shapes.next(), shapes.next()) {
        (Some(shape), None) => shape,
        _ => None,
    }
}

/// How a keyed list identifies its elements.
pub(crate) fn keyed_shape(decls: &Decls, keyed: &KeyedTy) -> Arc<KeyedShape> {
    let item = match unfold(decls, &keyed.item) {
        Ty::Schema(id) => Some(id),
        _ => None,
    };
    let keys = keyed.keys.iter().map(|key| {
        let index = item.and_then(|id| decls.schema(id).field_index(*key));
        (*key, index)
    });
    let instance = item.filter(|id| !decls.schema(*id).is_abstract);
    Arc::new(KeyedShape { keys: keys.collect(), item: instance })
}
