//! The left-hand side of an item: the field or entry that it names, and its type.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, Key, PathSegment};

use crate::hir::{self, BodyItem, BodyItemKind, Const};
use crate::ids::SchemaId;
use crate::infer::access_path::AccessPath;
use crate::infer::body::cx::{BodyCx, BodyEntry, BodyMode, BodyTarget, EntryUse};
use crate::infer::body::set_names;
use crate::infer::cx::{Expectation, InferCx, Origin, OriginKind};
use crate::infer::expr::constant;
use crate::infer::suggest_path::Access;
use crate::subtype;
use crate::ty::{KeyedTy, Ty};

impl<'a> InferCx<'a> {
    /// The field or entry that the first segment of a path names; reports an error and returns `None` if there is none.
    pub(super) fn entry(
        &mut self,
        segment: &'a PathSegment,
        body_cx: &BodyCx<'a>,
        usage: EntryUse,
    ) -> Option<BodyEntry<'a>> {
        match &body_cx.target {
            BodyTarget::Schema(id) => self.field_entry(*id, segment, body_cx, usage),
            BodyTarget::Map(key, value) => {
                let hir_key = self.map_key(segment, key)?;
                let entry = self.untyped_entry(hir_key, value.clone(), segment, body_cx);
                Some(self.with_known_ty(entry, segment, body_cx))
            }
            BodyTarget::Keyed(keyed) => {
                let entry = self.keyed_entry(&keyed.clone(), segment, body_cx)?;
                Some(self.with_known_ty(entry, segment, body_cx))
            }
            BodyTarget::Record(fields) => self.record_entry(&fields.clone(), segment, body_cx, usage),
            BodyTarget::Any => {
                let key = self.map_key(segment, &Ty::Str)?;
                Some(self.untyped_entry(key, Ty::Any, segment, body_cx))
            }
            BodyTarget::OneOf(members) => self.member_entry(&members.clone(), segment, body_cx),
            BodyTarget::Open => {
                let key = self.map_key(segment, &Ty::Str)?;
                let mut entry = self.untyped_entry(key, Ty::Var(u32::MAX), segment, body_cx);
                entry.replaced = None;
                Some(entry)
            }
            BodyTarget::Error => {
                self.check_key_parts(segment);
                None
            }
        }
    }

    /// An entry of one of several types: a member must have it, and all that have it may agree on its type.
    fn member_entry(
        &mut self,
        members: &[Ty],
        segment: &'a PathSegment,
        body_cx: &BodyCx<'a>,
    ) -> Option<BodyEntry<'a>> {
        let key = self.map_key(segment, &Ty::Str)?;
        let hir::Key::Name(text) = &key else { return Some(self.untyped_entry(key, Ty::Any, segment, body_cx)) };
        let name = Name::new(text);
        let mut types = members.iter().filter_map(|member| match member {
            Ty::Map(pair) => Some(pair.1.clone()),
            Ty::Keyed(keyed) => Some(keyed.item.clone()),
            Ty::Schema(id) if self.decls.schema(*id).is_open => Some(self.field_of(member, name).unwrap_or(Ty::Any)),
            Ty::Any => Some(Ty::Any),
            _ => self.field_of(member, name),
        });
        let Some(first) = types.next() else {
            let shown = self.show(&body_cx.this);
            let names: Vec<&'static str> = members.iter().flat_map(|member| self.field_names(member)).collect();
            self.report(crate::diagnostics::unknown_member_field(&shown, name, segment.span, &names));
            return None;
        };
        let ty = if types.all(|ty| ty == first) { first } else { Ty::Any };
        Some(self.untyped_entry(key, ty, segment, body_cx))
    }

    fn field_names(&self, ty: &Ty) -> Vec<&'static str> {
        match ty {
            Ty::Schema(id) => self.decls.schema(*id).fields.iter().map(|field| field.name.as_str()).collect(),
            Ty::Record(fields) => fields.iter().map(|(name, _)| name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The entry with the type that it is known to have below this body.
    fn with_known_ty(&self, entry: BodyEntry<'a>, segment: &PathSegment, body_cx: &BodyCx<'a>) -> BodyEntry<'a> {
        let known = segment.key.constant().and_then(|key| self.known_entry(&body_cx.places, key, &entry.ty));
        match known {
            Some(known) => BodyEntry { narrowed: known, ..entry },
            None => entry,
        }
    }

    fn check_key_parts(&mut self, segment: &'a PathSegment) {
        match &segment.key {
            Key::Str(literal) if literal.plain().is_none() => drop(self.infer_interpolation(literal, segment.span)),
            Key::Tuple(parts) => parts.iter().for_each(|part| drop(self.infer(part))),
            _ => {}
        }
    }

    fn untyped_entry(&mut self, key: hir::Key, ty: Ty, segment: &PathSegment, body_cx: &BodyCx<'a>) -> BodyEntry<'a> {
        let replaced = match body_cx.mode {
            BodyMode::Refine => Some((subtype::union([ty.clone(), Ty::Null]), true)),
            BodyMode::Literal | BodyMode::Schema => None,
        };
        let origin = Origin { span: body_cx.origin.map_or(segment.span, |origin| origin.span), kind: OriginKind::Item };
        BodyEntry { key, narrowed: ty.clone(), ty, origin, replaced, is_known: false, keyed: None }
    }

    fn field_entry(
        &mut self,
        id: SchemaId,
        segment: &'a PathSegment,
        body_cx: &BodyCx<'a>,
        usage: EntryUse,
    ) -> Option<BodyEntry<'a>> {
        let schema = self.decls.schema(id);
        let Some(name) = segment.key.constant() else {
            if schema.is_open {
                let key = self.map_key(segment, &Ty::Str)?;
                return Some(self.untyped_entry(key, Ty::Any, segment, body_cx));
            }
            self.check_key_parts(segment);
            self.report(crate::diagnostics::dynamic_field(schema.name, segment.span));
            return None;
        };
        let Some(index) = schema.field_index(name) else {
            return self.other_field(id, name, segment, body_cx);
        };
        self.out.uses.field(segment.span, id, index);
        let field = &schema.fields[index as usize];
        if usage == EntryUse::Delete {
            self.report(match field.nullable {
                true => crate::diagnostics::deleted_nullable_field(schema.name, name, segment.span),
                false => crate::diagnostics::deleted_field(schema.name, name, segment.span),
            });
            return None;
        }
        let frame = self.frames.len() - 1;
        let narrowed = self.narrowed_ty(Some(&AccessPath::of_field(frame, name)), field.ty.clone());
        Some(BodyEntry {
            key: hir::Key::Field(index, name),
            ty: field.ty.clone(),
            narrowed,
            origin: Origin { span: field.ty_span, kind: OriginKind::Field(name) },
            replaced: self.replaced(id, index, body_cx.mode),
            is_known: true,
            keyed: None,
        })
    }

    /// A name that the schema does not declare.
    fn other_field(
        &mut self,
        id: SchemaId,
        name: Name,
        segment: &'a PathSegment,
        body_cx: &BodyCx<'a>,
    ) -> Option<BodyEntry<'a>> {
        let schema = self.decls.schema(id);
        if schema.is_open {
            let key = hir::Key::Name(Arc::from(name.as_str()));
            return Some(self.untyped_entry(key, Ty::Any, segment, body_cx));
        }
        if name.as_str().is_empty() || schema.is_incomplete {
            return None;
        }
        if let Some(method) = schema.methods.iter().find(|own| own.name == name) {
            let declared = self.decls.function(method.function).span;
            self.report(crate::diagnostics::method_set(schema.name, name, segment.span, declared));
            return None;
        }
        let names: Vec<&'static str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
        let own = self.show(&Ty::Schema(id));
        let diag = crate::diagnostics::unknown_field(&format!("`{own}`"), name, segment.span, &names, schema.span);
        let diag = self.suggest_path(diag, id, name, segment.span, Access::Set);
        self.report(match body_cx.mode {
            BodyMode::Schema if diag.fixes.is_empty() && diag.help.is_none() => {
                diag.help(format!("declare a new field with its type: `{name}: Type = …`"))
            }
            _ => diag,
        });
        None
    }

    fn record_entry(
        &mut self,
        fields: &Arc<[(Name, Ty)]>,
        segment: &'a PathSegment,
        body_cx: &BodyCx<'a>,
        usage: EntryUse,
    ) -> Option<BodyEntry<'a>> {
        let Some(name) = segment.key.constant() else {
            self.check_key_parts(segment);
            self.report(crate::diagnostics::dynamic_record_field(segment.span));
            return None;
        };
        let Some((_, ty)) = fields.iter().find(|(own, _)| *own == name) else {
            if name.as_str().is_empty() {
                return None;
            }
            let names: Vec<&'static str> = fields.iter().map(|(name, _)| name.as_str()).collect();
            self.report(crate::diagnostics::unknown_record_field(name, segment.span, &names));
            return None;
        };
        if usage == EntryUse::Delete {
            self.report(crate::diagnostics::deleted_record_field(name, segment.span));
            return None;
        }
        let ty = subtype::widen_literal(ty);
        Some(BodyEntry {
            key: hir::Key::Name(Arc::from(name.as_str())),
            narrowed: ty.clone(),
            replaced: (body_cx.mode == BodyMode::Refine).then(|| (ty.clone(), false)),
            ty,
            origin: Origin { span: body_cx.origin.map_or(segment.span, |origin| origin.span), kind: OriginKind::Item },
            is_known: true,
            keyed: None,
        })
    }

    /// A key of a map.
    fn map_key(&mut self, segment: &'a PathSegment, ty: &Ty) -> Option<hir::Key> {
        match &segment.key {
            Key::Name(name) if name.as_str().is_empty() => None,
            Key::Name(name) => self.constant_key(name.as_str(), segment.span, ty),
            Key::Str(literal) => match literal.plain() {
                Some(text) => self.constant_key(text, segment.span, ty),
                None => Some(hir::Key::Computed(Box::new(self.computed_key(literal, segment.span, ty)))),
            },
            Key::Int(number) => {
                self.report(crate::diagnostics::number_key(&number.to_string(), segment.span));
                None
            }
            Key::Tuple(parts) if parts.len() == 1 => {
                let expected =
                    Expectation::new(ty.clone(), segment.span, OriginKind::Required("this is the type of the keys"));
                Some(hir::Key::Computed(Box::new(self.check(&parts[0], &expected))))
            }
            Key::Tuple(_) => {
                self.check_key_parts(segment);
                self.report(crate::diagnostics::tuple_key(segment.span));
                None
            }
        }
    }

    fn constant_key(&mut self, text: &str, span: Span, ty: &Ty) -> Option<hir::Key> {
        if *ty != Ty::Str {
            let value = constant(Const::Str(Arc::from(text)), span);
            let expected = Expectation::new(ty.clone(), span, OriginKind::Required("this is the type of the keys"));
            if let hir::ExprKind::Error = self.coerce(value, &Ty::LitStr(Name::new(text)), &expected).kind {
                return None;
            }
        }
        Some(hir::Key::Name(Arc::from(text)))
    }

    fn computed_key(&mut self, literal: &'a ast::StrLit, span: Span, ty: &Ty) -> hir::Expr {
        let (value, own) = self.infer_interpolation(literal, span);
        let expected = Expectation::new(ty.clone(), span, OriginKind::Required("this is the type of the keys"));
        self.coerce(value, &own, &expected)
    }

    fn keyed_entry(
        &mut self,
        keyed: &Arc<KeyedTy>,
        segment: &'a PathSegment,
        body_cx: &BodyCx<'a>,
    ) -> Option<BodyEntry<'a>> {
        let types = self.key_types(keyed);
        let first = types.first().cloned().unwrap_or(Ty::Error);
        let key = match &segment.key {
            Key::Int(number) => {
                let value = constant(Const::Int(*number), segment.span);
                let expected =
                    Expectation::new(first, segment.span, OriginKind::Required("this is the type of the key field"));
                match self.coerce(value, &Ty::LitInt(*number), &expected).kind {
                    hir::ExprKind::Error => return None,
                    _ => hir::Key::Int(*number),
                }
            }
            Key::Tuple(parts) if parts.len() != types.len() => {
                self.check_key_parts(segment);
                self.report(crate::diagnostics::wrong_key_count(&keyed.keys, parts.len(), segment.span));
                return None;
            }
            Key::Tuple(parts) => {
                let mut values = Vec::with_capacity(parts.len());
                for ((part, ty), key) in parts.iter().zip(types).zip(&keyed.keys) {
                    values.push(self.check(part, &Expectation::new(ty, part.span, OriginKind::Field(*key))));
                }
                match <[hir::Expr; 1]>::try_from(values) {
                    Ok([one]) => hir::Key::Computed(Box::new(one)),
                    Err(values) => hir::Key::Tuple(values),
                }
            }
            _ => self.map_key(segment, &first)?,
        };
        let item = keyed.item.clone();
        let mut entry = self.untyped_entry(key, item, segment, body_cx);
        entry.keyed = Some((segment, keyed.clone()));
        Some(entry)
    }

    /// Sets the key fields of a literal element from its entry's key, unless the element sets them itself.
    pub(super) fn take_keys(
        &mut self,
        segment: &'a PathSegment,
        keyed: &Arc<KeyedTy>,
        body: &'a ast::Body,
        body_cx: &BodyCx<'a>,
        out: &mut Vec<BodyItem>,
    ) {
        let own = set_names(body);
        let types = self.key_types(keyed);
        let mark = self.out.checkpoint();
        let values: Vec<hir::Expr> = match &segment.key {
            Key::Tuple(parts) => {
                let parts = parts.iter().zip(&types);
                parts
                    .map(|(part, ty)| self.check(part, &Expectation::new(ty.clone(), part.span, OriginKind::Item)))
                    .collect()
            }
            Key::Name(name) => vec![constant(Const::Str(Arc::from(name.as_str())), segment.span)],
            Key::Int(number) => vec![constant(Const::Int(*number), segment.span)],
            Key::Str(literal) => match (literal.plain(), types.first()) {
                (Some(text), _) => vec![constant(Const::Str(Arc::from(text)), segment.span)],
                (None, Some(ty)) => vec![self.computed_key(literal, segment.span, ty)],
                (None, None) => Vec::new(),
            },
        };
        self.out.rollback(mark);
        for (name, value) in keyed.keys.iter().zip(values) {
            if own.contains(name) {
                continue;
            }
            let key = match &body_cx.target {
                BodyTarget::Schema(id) => match self.decls.schema(*id).field_index(*name) {
                    Some(index) => hir::Key::Field(index, *name),
                    None => continue,
                },
                BodyTarget::Record(_) => hir::Key::Name(Arc::from(name.as_str())),
                _ => continue,
            };
            let kind = BodyItemKind::Set { key, value, super_slot: None, is_default: false };
            out.push(BodyItem { kind, span: segment.span });
        }
    }
}
