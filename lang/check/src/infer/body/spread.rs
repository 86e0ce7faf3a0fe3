//! `...value` in a body.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast;

use super::{Target, Task};
use crate::hir::{self, BodyItem, BodyItemKind};
use crate::ids::SchemaId;
use crate::infer::expr::make;
use crate::infer::{Infer, Reason, Want};
use crate::relate::{self, Assign};
use crate::ty::Ty;

impl<'a> Infer<'a> {
    /// `...value`.
    pub(super) fn spread_item(&mut self, expr: &'a ast::Expr, task: &mut Task<'a>, out: &mut Vec<BodyItem>) {
        let hint = match &task.target {
            Target::Map(key, value) => Some(Ty::Map(Arc::new((key.clone(), value.clone())))),
            Target::Keyed(keyed) => Some(Ty::Keyed(keyed.clone())),
            _ => None,
        };
        let hint = hint.map(|ty| Want::new(ty, expr.span, Reason::Item));
        let (value, ty) = self.infer_with(expr, hint.as_ref());
        if ty == Ty::Error {
            task.is_broken = true;
            return;
        }
        if self.may_be_null(&ty) {
            let shown = self.show(&ty);
            self.report(crate::message::maybe_null_spread(&shown, expr.span));
            task.is_broken = true;
            return;
        }
        if let Target::Schema(id) = task.target {
            return self.spread_into_schema(id, value, &ty, task, out);
        }
        let span = value.span;
        let Some(value) = self.spread_value(value, &ty, task) else {
            task.is_broken = true;
            return;
        };
        out.push(BodyItem { kind: BodyItemKind::Spread { value }, span });
    }

    /// The fields of what can be spread by name.
    fn spread_fields(&self, ty: &Ty) -> Option<Vec<(Name, Ty)>> {
        match self.unfold(ty) {
            Ty::Record(fields) => Some(fields.to_vec()),
            Ty::Schema(id) => {
                Some(self.decls.schema(id).fields.iter().map(|field| (field.name, field.ty.clone())).collect())
            }
            _ => None,
        }
    }

    fn spread_value(&mut self, value: hir::Expr, ty: &Ty, task: &Task<'a>) -> Option<hir::Expr> {
        let span = value.span;
        let because = task.because.unwrap_or((span, Reason::Item));
        match &task.target {
            Target::Map(key, item) => {
                let whole = Ty::Map(Arc::new((key.clone(), item.clone())));
                let want = Want::new(whole.clone(), because.0, because.1);
                match self.spread_fields(ty) {
                    Some(fields) => self.spread_fields_as(value, &fields, item, &want),
                    None => Some(self.fit(value, ty, &want)),
                }
            }
            Target::Keyed(keyed) => {
                let want = Want::new(Ty::Keyed(keyed.clone()), because.0, because.1);
                Some(self.fit(value, ty, &want))
            }
            Target::Record(fields) => self.spread_into_record(value, ty, &fields.clone()),
            Target::Any => match self.unfold(ty) {
                Ty::Map(_) | Ty::Record(_) | Ty::Schema(_) | Ty::Any => {
                    let want = Want::new(Ty::Any, because.0, because.1);
                    Some(self.fit(value, ty, &want))
                }
                _ => self.not_spreadable(ty, "a map", span),
            },
            Target::Open => match (self.unfold(ty), self.spread_fields(ty)) {
                (Ty::Map(pair), _) => {
                    self.note_open_value(pair.1.clone());
                    Some(value)
                }
                (_, Some(fields)) => {
                    fields.into_iter().for_each(|(_, ty)| self.note_open_value(ty));
                    Some(value)
                }
                (Ty::Any, _) => {
                    self.note_open_value(Ty::Any);
                    Some(value)
                }
                _ => self.not_spreadable(ty, "a map", span),
            },
            Target::Schema(_) | Target::Error => None,
        }
    }

    fn not_spreadable(&mut self, ty: &Ty, wanted: &'static str, span: Span) -> Option<hir::Expr> {
        let shown = self.show(ty);
        self.report(crate::message::not_spreadable(&shown, wanted, span));
        None
    }

    fn spread_fields_as(
        &mut self,
        value: hir::Expr,
        fields: &[(Name, Ty)],
        item: &Ty,
        want: &Want<'a>,
    ) -> Option<hir::Expr> {
        let mut worst = Assign::Yes;
        for (name, ty) in fields {
            let fits = relate::assign(self.decls, ty, item);
            if fits == Assign::No {
                let (found, wanted) = (self.show(ty), self.show(item));
                self.report(crate::message::spread_field_type(*name, &found, &wanted, value.span));
                return None;
            }
            worst = worst.min(fits);
        }
        if worst == Assign::Yes {
            return Some(value);
        }
        let span = value.span;
        let kind = hir::ExprKind::Coerce { value: Box::new(value), ty: want.ty.clone(), because: want.because };
        Some(make(kind, span))
    }

    fn spread_into_record(&mut self, value: hir::Expr, ty: &Ty, fields: &[(Name, Ty)]) -> Option<hir::Expr> {
        let Some(own) = self.spread_fields(ty) else { return self.not_spreadable(ty, "a record", value.span) };
        for (name, ty) in &own {
            let Some((_, wanted)) = fields.iter().find(|(other, _)| other == name) else {
                let names: Vec<&'static str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                self.report(crate::message::unknown_record_field(*name, value.span, &names));
                return None;
            };
            if relate::assign(self.decls, ty, wanted) == Assign::No {
                let (found, wanted) = (self.show(ty), self.show(wanted));
                self.report(crate::message::spread_field_type(*name, &found, &wanted, value.span));
                return None;
            }
        }
        Some(value)
    }

    /// Into a schema: each field on its own, so that the body's own items win.
    fn spread_into_schema(
        &mut self,
        id: SchemaId,
        value: hir::Expr,
        ty: &Ty,
        task: &mut Task<'a>,
        out: &mut Vec<BodyItem>,
    ) {
        let span = value.span;
        let schema = self.decls.schema(id);
        let source = self.schema_of(ty);
        let Some(fields) = self.spread_fields(ty) else {
            self.not_spreadable(ty, "an object or record", span);
            task.is_broken = true;
            return;
        };
        let slot = self.new_slot();
        self.frame().lets.push(hir::Let { slot, name: Name::new("spread"), value });
        for (place, (name, ty)) in fields.iter().enumerate() {
            let Some(&index) = schema.by_name.get(name) else {
                let names: Vec<&'static str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
                let own = format!("`{}`", schema.name);
                self.report(crate::message::unknown_field(&own, *name, span, &names, schema.span));
                task.is_broken = true;
                continue;
            };
            let field = &schema.fields[index as usize];
            let recv = Box::new(make(hir::ExprKind::Local { up: 0, slot }, span));
            let read = match source {
                Some(_) => hir::ExprKind::Field { recv, field: place as u32, name: *name, optional: false },
                None => hir::ExprKind::Entry { recv, name: *name, optional: false },
            };
            let want = Want::new(field.ty.clone(), field.ty_span, Reason::Field(*name));
            let value = self.fit(make(read, span), ty, &want);
            let key = hir::Key::Field(index, *name);
            out.push(BodyItem { kind: BodyItemKind::Set { key, value, super_slot: None, weak: true }, span });
        }
        self.check_spread_clash(span, &fields, task);
    }

    /// Two spreads that hold one key.
    fn check_spread_clash(&mut self, span: Span, fields: &[(Name, Ty)], task: &mut Task<'a>) {
        for (name, _) in fields {
            match task.spreads.iter().find(|(other, _)| other == name) {
                Some((_, earlier)) => {
                    let earlier = *earlier;
                    self.report(crate::message::spread_twice(*name, span, earlier));
                    return;
                }
                None => task.spreads.push((*name, span)),
            }
        }
    }
}
