//! Which schemas and named types may contain secrets or functions: propagated once from the types that contain them directly.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::decl::{Decls, TypeContents};
use crate::ids::{AliasId, SchemaId, TypeId};
use crate::ty::Ty;

/// Fills [`Decls::type_contents`].
pub(super) fn find_contents(decls: &mut Decls) {
    let mut cx = ContentsBuilder::default();
    for module in decls.modules.iter().flatten() {
        for (index, schema) in module.schemas.iter().enumerate() {
            let id = TypeId::Schema(SchemaId { module: module.source.id, index: index as u32 });
            schema.fields.iter().for_each(|field| cx.ty(id, &field.ty));
        }
        for (index, alias) in module.aliases.iter().enumerate() {
            cx.ty(TypeId::Alias(AliasId { module: module.source.id, index: index as u32 }), &alias.ty);
        }
    }
    let contents = TypeContents { secret: cx.holders_of(&cx.secret), function: cx.holders_of(&cx.function) };
    decls.type_contents = contents;
}

#[derive(Default)]
struct ContentsBuilder {
    secret: Vec<TypeId>,
    function: Vec<TypeId>,
    /// Maps a type to the types that contain it.
    holders: FxHashMap<TypeId, Vec<TypeId>>,
}

impl ContentsBuilder {
    fn ty(&mut self, holder: TypeId, ty: &Ty) {
        match ty {
            Ty::Secret => self.secret.push(holder),
            Ty::Fn(_) => self.function.push(holder),
            Ty::Schema(id) => self.holders.entry(TypeId::Schema(*id)).or_default().push(holder),
            Ty::Alias(id) => self.holders.entry(TypeId::Alias(*id)).or_default().push(holder),
            Ty::Union(members) => members.iter().for_each(|member| self.ty(holder, member)),
            Ty::List(item) => self.ty(holder, item),
            Ty::Keyed(keyed) => self.ty(holder, &keyed.item),
            Ty::Map(pair) => self.ty(holder, &pair.1),
            Ty::Record(fields) => fields.iter().for_each(|(_, field)| self.ty(holder, field)),
            Ty::Refined(refined) => self.ty(holder, &refined.base),
            _ => {}
        }
    }

    fn holders_of(&self, from: &[TypeId]) -> FxHashSet<TypeId> {
        let mut found: FxHashSet<TypeId> = from.iter().copied().collect();
        let mut todo = from.to_vec();
        while let Some(id) = todo.pop() {
            for holder in self.holders.get(&id).into_iter().flatten() {
                if found.insert(*holder) {
                    todo.push(*holder);
                }
            }
        }
        found
    }
}
