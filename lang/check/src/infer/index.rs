//! `recv[index]`.

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ExprKind};

use super::cx::{Expectation, InferCx, OriginKind};
use super::expr::{Typed, broken, make};
use crate::hir;
use crate::subtype;
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// `recv[index]`: an item of a list, the value of a key.
    pub(crate) fn infer_index(&mut self, index: &'a ast::Index, span: Span) -> Typed {
        let (recv, ty) = self.infer(&index.recv);
        if ty != Ty::Error && self.may_be_null(&ty) {
            let shown = self.show(&ty);
            self.report(crate::diagnostics::maybe_null_index(&shown, index.recv.span));
            index.index.iter().for_each(|key| drop(self.infer(key)));
            return broken(span);
        }
        let (wanted, result) = match self.unfold(&ty) {
            Ty::List(item) => (vec![Ty::Int], (*item).clone()),
            Ty::Map(pair) => (vec![pair.0.clone()], pair.1.clone()),
            Ty::Keyed(keyed) => (self.key_types(&keyed), keyed.item.clone()),
            Ty::Record(fields) => return self.index_record(recv, &fields, index, span),
            Ty::Error => {
                index.index.iter().for_each(|key| drop(self.infer(key)));
                return broken(span);
            }
            _ => {
                index.index.iter().for_each(|key| drop(self.infer(key)));
                let shown = self.show(&ty);
                self.report(crate::diagnostics::not_indexable(&shown, &self.unfold(&ty), index.recv.span));
                return broken(span);
            }
        };
        if index.index.len() > wanted.len() {
            index.index.iter().for_each(|key| drop(self.infer(key)));
            self.report(crate::diagnostics::too_many_keys(wanted.len(), span));
            return broken(span);
        }
        let mut keys = Vec::with_capacity(index.index.len());
        for (key, ty) in index.index.iter().zip(wanted) {
            keys.push(self.check_key(key, &ty));
        }
        let value = make(hir::ExprKind::Index { recv: Box::new(recv), index: keys }, span);
        match index.index.as_slice() {
            [key] => self.read_known_entry(&index.recv, key, value, result),
            _ => (value, result),
        }
    }

    /// The value of an entry, with its own type if that is known. A later layer may have replaced it, so the type is tested.
    pub(crate) fn read_known_entry(
        &mut self,
        collection: &'a ast::Expr,
        key: &'a ast::Expr,
        value: hir::Expr,
        ty: Ty,
    ) -> Typed {
        let ExprKind::Str(text) = &key.kind else { return (value, ty) };
        let Some(text) = text.plain() else { return (value, ty) };
        let declared = subtype::strip_null(self.decls, &ty);
        let places = self.places_of(collection);
        let Some(known) = self.known_entry(&places, Name::new(text), &declared) else { return (value, ty) };
        let known = if declared == ty { known } else { subtype::union([known, Ty::Null]) };
        let span = value.span;
        let kind = hir::ExprKind::Coerce { value: Box::new(value), ty: known.clone(), origin: span };
        (make(kind, span), known)
    }

    /// A key to look up. Any string is allowed, even one that the refinement of the keys excludes.
    fn check_key(&mut self, key: &'a ast::Expr, ty: &Ty) -> hir::Expr {
        let base = match self.unfold(ty) {
            Ty::Union(_) => ty.clone(),
            base => base,
        };
        let literals_only = matches!(base, Ty::Union(_));
        let (value, own) = self.infer(key);
        if literals_only && matches!(self.unfold(&own), Ty::Str) {
            return value;
        }
        let expected = Expectation::new(base, key.span, OriginKind::Required("this is the type of the keys"));
        self.coerce(value, &own, &expected)
    }

    fn index_record(
        &mut self,
        recv: hir::Expr,
        fields: &[(forge_base::Name, Ty)],
        index: &'a ast::Index,
        span: Span,
    ) -> Typed {
        if let [key] = index.index.as_slice() {
            if let ExprKind::Str(literal) = &key.kind {
                if let Some((name, ty)) = fields.iter().find(|(name, _)| Some(name.as_str()) == literal.plain()) {
                    let kind = hir::ExprKind::Entry { recv: Box::new(recv), name: *name, optional: false };
                    return (make(kind, span), ty.clone());
                }
            } else {
                let key = self.check_required(key, Ty::Str, "the keys of a record are strings");
                let ty = subtype::union(fields.iter().map(|(_, ty)| subtype::widen_literal(ty)));
                return (make(hir::ExprKind::Index { recv: Box::new(recv), index: vec![key] }, span), ty);
            }
        }
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let diag = match index.index.as_slice() {
            [key] => match &key.kind {
                ExprKind::Str(literal) => {
                    crate::diagnostics::unknown_key(literal.plain().unwrap_or("…"), key.span, &names)
                }
                _ => crate::diagnostics::too_many_keys(1, span),
            },
            _ => crate::diagnostics::too_many_keys(1, span),
        };
        self.report(diag);
        broken(span)
    }
}
