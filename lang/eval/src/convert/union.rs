//! Conversion to a union: the member that a value belongs to.

use forge_check::ty::Ty;

use super::Conversion;
use crate::error;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{Eval, Map, Value};

impl<'a> Evaluator<'a> {
    pub(super) fn convert_union(
        &self,
        value: Value<'a>,
        ty: &'a Ty,
        types: &'a [Ty],
        cx: Conversion<'a>,
    ) -> Eval<Value<'a>> {
        for ty in types {
            if self.has_type(value, ty)? {
                return Ok(value);
            }
        }
        if let Value::Map(map) = value
            && map.keyed.is_none()
        {
            return match self.select_member(map, types)? {
                Some(member) => self.convert(value, member, cx),
                None => {
                    let diag = error::no_member_selected(&self.type_name(ty), cx.span, cx.origin);
                    Err(self.raise(self.with_path(diag, cx)))
                }
            };
        }
        if let Value::Str(text) = value
            && cx.path.is_some()
            && let Some(parsed) = types.iter().find_map(|ty| self.parse_scalar(text, self.plain_type(ty)))
        {
            return Ok(parsed);
        }
        // No member fits: the first of the same kind reports the error, or widens the number.
        match (value, types.iter().find(|ty| self.has_kind_of(value, ty))) {
            (Value::Str(text), Some(_)) if types.iter().any(|ty| matches!(ty, Ty::LitStr(_))) => {
                let diag = error::not_listed(text, &listed(types), cx.span, cx.origin);
                Err(self.raise(self.with_path(diag, cx)))
            }
            (_, Some(member)) => self.convert(value, member, cx),
            (_, None) => Err(self.mismatch(value, ty, cx)),
        }
    }

    /// Whether a value and a type are of the same kind, whatever their refinements and elements.
    fn has_kind_of(&self, value: Value<'a>, ty: &'a Ty) -> bool {
        match (ty, value) {
            (Ty::Alias(id), value) => self.has_kind_of(value, &self.program.alias(*id).ty),
            (Ty::Refined(refined), value) => self.has_kind_of(value, &refined.base),
            (Ty::Union(types), value) => types.iter().any(|ty| self.has_kind_of(value, ty)),
            (Ty::Float | Ty::Quantity | Ty::Int, Value::Int(_))
            | (Ty::Str, Value::Str(_))
            | (Ty::Float, Value::Float(_))
            | (Ty::Quantity, Value::Quantity(_))
            | (Ty::Duration, Value::Duration(_))
            | (Ty::Bool, Value::Bool(_))
            | (Ty::List(_) | Ty::Keyed(_), Value::List(_)) => true,
            (Ty::Keyed(_) | Ty::List(_), Value::Map(map)) => map.keyed.is_some(),
            (Ty::Map(_) | Ty::Record(_), Value::Map(map)) => map.keyed.is_none(),
            (Ty::Schema(id), Value::Object(object)) => {
                object.schema.extends(*id) || self.rebuild(object, self.schema(*id)).is_some()
            }
            _ => false,
        }
    }

    /// The member of a union that a map with these entries builds: the only one that a constant field selects, the only one that no
    /// constant field excludes, or the only one that has all the fields.
    pub(super) fn select_member(&self, map: &'a Map<'a>, types: &'a [Ty]) -> Eval<Option<&'a Ty>> {
        let mut candidates = Vec::new();
        self.add_candidates(types, &mut candidates);
        let mut selected = Vec::new();
        let mut open = Vec::new();
        for ty in &candidates {
            match self.is_selected(map, ty)? {
                Some(true) => {
                    selected.push(*ty);
                    open.push(*ty);
                }
                Some(false) => {}
                None => open.push(*ty),
            }
        }
        if let [one] = selected.as_slice() {
            return Ok(Some(one));
        }
        if let [one] = open.as_slice() {
            return Ok(Some(one));
        }
        let mut fitting = Vec::new();
        for ty in open {
            if self.has_all_fields(map, ty)? {
                fitting.push(ty);
            }
        }
        Ok(if let [one] = fitting.as_slice() { Some(one) } else { None })
    }

    fn add_candidates(&self, types: &'a [Ty], into: &mut Vec<&'a Ty>) {
        for ty in types {
            match self.plain_type(ty) {
                Ty::Union(types) => self.add_candidates(types, into),
                Ty::Schema(_) | Ty::Map(_) | Ty::Record(_) | Ty::Keyed(_) | Ty::Any => into.push(ty),
                _ => {}
            }
        }
    }

    /// Whether a field with constant values has one of them in the map (`true`) or another value (`false`).
    fn is_selected(&self, map: &'a Map<'a>, ty: &'a Ty) -> Eval<Option<bool>> {
        let Ty::Schema(id) = self.plain_type(ty) else { return Ok(None) };
        let mut found = None;
        for field in &self.program.schema(*id).fields {
            if !self.is_constant(&field.ty) {
                continue;
            }
            if let Some(value) = self.get(map, Key::Str(field.name.as_str()))? {
                if !self.has_type(value, &field.ty)? {
                    return Ok(Some(false));
                }
                found = Some(true);
            }
        }
        Ok(found)
    }

    /// Whether a type consists of constants.
    fn is_constant(&self, ty: &'a Ty) -> bool {
        match self.plain_type(ty) {
            Ty::LitStr(_) | Ty::LitInt(_) | Ty::LitBool(_) | Ty::Null => true,
            Ty::Union(types) => types.iter().all(|ty| self.is_constant(ty)),
            _ => false,
        }
    }

    fn has_all_fields(&self, map: &'a Map<'a>, ty: &'a Ty) -> Eval<bool> {
        let mut keys = self.entries(map)?.iter().map(|entry| entry.key);
        Ok(match self.plain_type(ty) {
            Ty::Schema(id) => {
                let schema = self.schema(*id);
                schema.schema.is_open
                    || keys.all(|key| matches!(key, Key::Str(text) if schema.field_named(text).is_some()))
            }
            Ty::Record(fields) => keys.all(|key| fields.iter().any(|(name, _)| key == Key::Str(name.as_str()))),
            _ => true,
        })
    }
}

/// The strings that a union lists.
fn listed(types: &[Ty]) -> Vec<&str> {
    let text = |ty: &Ty| match ty {
        Ty::LitStr(name) => Some(name.as_str()),
        _ => None,
    };
    types.iter().filter_map(text).collect()
}
