//! `...value` in a body.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast;

use crate::hir::{self, BodyItem, BodyItemKind};
use crate::ids::SchemaId;
use crate::infer::body::cx::{BodyCx, BodyTarget};
use crate::infer::cx::{Expectation, InferCx, Origin, OriginKind};
use crate::infer::expr::make;
use crate::subtype::{self, Assignability};
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// `...value`.
    pub(super) fn spread_item(&mut self, expr: &'a ast::Expr, body_cx: &mut BodyCx<'a>, out: &mut Vec<BodyItem>) {
        let hint = match &body_cx.target {
            BodyTarget::Map(key, value) => Some(Ty::Map(Arc::new((key.clone(), value.clone())))),
            BodyTarget::Keyed(keyed) => Some(Ty::Keyed(keyed.clone())),
            _ => None,
        };
        let hint = hint.map(|ty| Expectation::new(ty, expr.span, OriginKind::Item));
        let (value, ty) = self.infer_with(expr, hint.as_ref());
        if ty == Ty::Error {
            body_cx.is_broken = true;
            return;
        }
        if self.may_be_null(&ty) {
            let shown = self.show(&ty);
            self.report(crate::diagnostics::maybe_null_spread(&shown, expr.span));
            body_cx.is_broken = true;
            return;
        }
        if let BodyTarget::Schema(id) = body_cx.target {
            return self.spread_into_schema(id, value, &ty, body_cx, out);
        }
        let span = value.span;
        let Some(value) = self.spread_value(value, &ty, body_cx) else {
            body_cx.is_broken = true;
            return;
        };
        out.push(BodyItem { kind: BodyItemKind::Spread { value }, span });
    }

    /// The fields of a record or object.
    fn spread_fields(&self, ty: &Ty) -> Option<Vec<(Name, Ty)>> {
        match self.unfold(ty) {
            Ty::Record(fields) => Some(fields.to_vec()),
            Ty::Schema(id) => {
                Some(self.decls.schema(id).fields.iter().map(|field| (field.name, field.ty.clone())).collect())
            }
            _ => None,
        }
    }

    fn spread_value(&mut self, value: hir::Expr, ty: &Ty, body_cx: &BodyCx<'a>) -> Option<hir::Expr> {
        let span = value.span;
        let origin = body_cx.origin.unwrap_or(Origin { span, kind: OriginKind::Item });
        match &body_cx.target {
            BodyTarget::Map(key, item) => {
                let whole = Ty::Map(Arc::new((key.clone(), item.clone())));
                let expected = Expectation::with_origin(whole.clone(), origin);
                match self.spread_fields(ty) {
                    Some(fields) => self.spread_fields_as(value, &fields, item, &expected),
                    None => Some(self.coerce(value, ty, &expected)),
                }
            }
            BodyTarget::Keyed(keyed) => {
                let expected = Expectation::with_origin(Ty::Keyed(keyed.clone()), origin);
                Some(self.coerce(value, ty, &expected))
            }
            BodyTarget::Record(fields) => self.spread_into_record(value, ty, &fields.clone()),
            BodyTarget::Any | BodyTarget::OneOf(_) => match self.unfold(ty) {
                Ty::Map(_) | Ty::Record(_) | Ty::Schema(_) | Ty::Any => {
                    let expected = Expectation::with_origin(Ty::Any, origin);
                    Some(self.coerce(value, ty, &expected))
                }
                _ => self.not_spreadable(ty, "a map", span),
            },
            BodyTarget::Open => match (self.unfold(ty), self.spread_fields(ty)) {
                (Ty::Map(pair), _) => {
                    self.record_value_ty(pair.1.clone());
                    Some(value)
                }
                (_, Some(fields)) => {
                    fields.into_iter().for_each(|(_, ty)| self.record_value_ty(ty));
                    Some(value)
                }
                (Ty::Any, _) => {
                    self.record_value_ty(Ty::Any);
                    Some(value)
                }
                _ => self.not_spreadable(ty, "a map", span),
            },
            BodyTarget::Schema(_) | BodyTarget::Error => None,
        }
    }

    fn not_spreadable(&mut self, ty: &Ty, wanted: &'static str, span: Span) -> Option<hir::Expr> {
        let shown = self.show(ty);
        self.report(crate::diagnostics::not_spreadable(&shown, wanted, span));
        None
    }

    fn spread_fields_as(
        &mut self,
        value: hir::Expr,
        fields: &[(Name, Ty)],
        item: &Ty,
        expected: &Expectation<'a>,
    ) -> Option<hir::Expr> {
        let mut worst = Assignability::Yes;
        for (name, ty) in fields {
            let fits = subtype::assignability(self.decls, ty, item);
            if fits == Assignability::No {
                let (found, wanted) = (self.show(ty), self.show(item));
                self.report(crate::diagnostics::spread_field_type(*name, &found, &wanted, value.span));
                return None;
            }
            worst = worst.min(fits);
        }
        if worst == Assignability::Yes {
            return Some(value);
        }
        let span = value.span;
        let kind =
            hir::ExprKind::Coerce { value: Box::new(value), ty: expected.ty.clone(), origin: expected.origin.span };
        Some(make(kind, span))
    }

    fn spread_into_record(&mut self, value: hir::Expr, ty: &Ty, fields: &[(Name, Ty)]) -> Option<hir::Expr> {
        let Some(own) = self.spread_fields(ty) else { return self.not_spreadable(ty, "a record", value.span) };
        for (name, ty) in &own {
            let Some((_, wanted)) = fields.iter().find(|(other, _)| other == name) else {
                let names: Vec<&'static str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                self.report(crate::diagnostics::unknown_record_field(*name, value.span, &names));
                return None;
            };
            if subtype::assignability(self.decls, ty, wanted) == Assignability::No {
                let (found, wanted) = (self.show(ty), self.show(wanted));
                self.report(crate::diagnostics::spread_field_type(*name, &found, &wanted, value.span));
                return None;
            }
        }
        Some(value)
    }

    /// Spreads into a schema: sets each field on its own, as a default, so that other items of the body take precedence.
    fn spread_into_schema(
        &mut self,
        id: SchemaId,
        value: hir::Expr,
        ty: &Ty,
        body_cx: &mut BodyCx<'a>,
        out: &mut Vec<BodyItem>,
    ) {
        let span = value.span;
        let schema = self.decls.schema(id);
        let source = self.schema_of(ty);
        let Some(fields) = self.spread_fields(ty) else {
            self.not_spreadable(ty, "an object or record", span);
            body_cx.is_broken = true;
            return;
        };
        let slot = self.new_slot();
        self.frame().lets.push(hir::Let { slot, name: Name::new("spread"), value });
        for (position, (name, ty)) in fields.iter().enumerate() {
            let Some(index) = schema.field_index(*name) else {
                let names: Vec<&'static str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
                let own = format!("`{}`", schema.name);
                self.report(crate::diagnostics::unknown_field(&own, *name, span, &names, schema.span));
                body_cx.is_broken = true;
                continue;
            };
            let field = &schema.fields[index as usize];
            let recv = Box::new(make(hir::ExprKind::Local { up: 0, slot }, span));
            let read = match source {
                Some(_) => hir::ExprKind::Field { recv, field: position as u32, name: *name, optional: false },
                None => hir::ExprKind::Entry { recv, name: *name, optional: false },
            };
            let expected = Expectation::new(field.ty.clone(), field.ty_span, OriginKind::Field(*name));
            let value = self.coerce(make(read, span), ty, &expected);
            let key = hir::Key::Field(index, *name);
            out.push(BodyItem { kind: BodyItemKind::Set { key, value, super_slot: None, is_default: true }, span });
        }
        self.check_spread_clash(span, &fields, body_cx);
    }

    /// Reports a key that two spreads contain.
    fn check_spread_clash(&mut self, span: Span, fields: &[(Name, Ty)], body_cx: &mut BodyCx<'a>) {
        for (name, _) in fields {
            match body_cx.spreads.iter().find(|(other, _)| other == name) {
                Some((_, earlier)) => {
                    let earlier = *earlier;
                    self.report(crate::diagnostics::duplicate_spread_key(*name, span, earlier));
                    return;
                }
                None => body_cx.spreads.push((*name, span)),
            }
        }
    }
}
