//! Conversion to keyed lists.

use forge_base::Name;
use forge_check::hir::KeyedShape;
use forge_check::ty::{KeyedTy, Ty};

use super::Conversion;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{Eval, Map, Value};

impl<'a> Evaluator<'a> {
    /// How a keyed list of a type finds the keys of its elements.
    pub(crate) fn keyed_shape(&self, keyed: &'a KeyedTy) -> &'a KeyedShape {
        let item = match self.plain_type(&keyed.item) {
            Ty::Schema(id) => Some(self.program.schema(*id)),
            _ => None,
        };
        let index = |name: Name| item.and_then(|schema| schema.field_index(name));
        let keys = keyed.keys.iter().map(|key| (*key, index(*key))).collect();
        let item = item.filter(|schema| !schema.is_abstract).map(|schema| schema.id);
        self.arena.alloc(KeyedShape { keys, item })
    }

    /// The type without aliases and refinements.
    pub(super) fn plain_type(&self, ty: &'a Ty) -> &'a Ty {
        match ty {
            Ty::Alias(id) => self.plain_type(&self.program.alias(*id).ty),
            Ty::Refined(refined) => self.plain_type(&refined.base),
            ty => ty,
        }
    }

    pub(super) fn convert_keyed(&self, keyed: &'a KeyedTy, map: &'a Map<'a>, cx: Conversion<'a>) -> Eval<Value<'a>> {
        let mut elements = Vec::new();
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            let here = self.key_step(cx, entry.key).at(self.entry_span(map, index));
            elements.push(self.convert(self.entry(map, index)?, &keyed.item, here)?);
        }
        let shape = match map.keyed {
            Some(shape) if map.has_keys(&keyed.keys) => shape,
            _ => self.keyed_shape(keyed),
        };
        Ok(self.keyed_of(shape, self.arena.alloc_slice_copy(&elements)))
    }

    /// A map as a keyed list: its keys are the key fields of the elements.
    pub(super) fn convert_to_keyed(&self, keyed: &'a KeyedTy, map: &'a Map<'a>, cx: Conversion<'a>) -> Eval<Value<'a>> {
        let [name] = keyed.keys.as_slice() else {
            return Err(self.mismatch(Value::Map(map), &Ty::Any, cx));
        };
        let mut elements = Vec::new();
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            let here = self.key_step(cx, entry.key).at(self.entry_span(map, index));
            let value = self.entry(map, index)?;
            elements.push(self.convert_element(value, &keyed.item, (*name, entry.key), here)?);
        }
        Ok(self.keyed_of(self.keyed_shape(keyed), self.arena.alloc_slice_copy(&elements)))
    }

    /// Converts an element of a keyed list, whose key field is set to the key unless the element sets it itself.
    pub(super) fn convert_element(
        &self,
        value: Value<'a>,
        ty: &'a Ty,
        given: (Name, Key<'a>),
        cx: Conversion<'a>,
    ) -> Eval<Value<'a>> {
        let Value::Map(map) = value else { return self.convert(value, ty, cx) };
        match self.plain_type(ty) {
            Ty::Schema(id) => self.convert_to_object(map, *id, Some(given), cx).map(Value::Object),
            Ty::Union(types) => match self.select_member(map, types)? {
                Some(member) => self.convert_element(value, member, given, cx),
                None => self.convert(value, ty, cx),
            },
            Ty::Record(_) | Ty::Map(_) => {
                let key = Key::Str(given.0.as_str());
                let mut entries = Vec::new();
                if self.find_entry(map, key)?.is_none() {
                    entries.push((key, self.key_value(given.1), Some(cx.span)));
                }
                for (index, entry) in self.entries(map)?.iter().enumerate() {
                    entries.push((entry.key, self.entry(map, index)?, self.entry_span(map, index)));
                }
                self.convert(self.map_with_spans(entries), ty, cx)
            }
            _ => self.convert(value, ty, cx),
        }
    }
}
