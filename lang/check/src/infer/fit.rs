//! Whether a value fits where it stands, and what makes it fit.

use forge_base::Span;

use super::expr::make;
use super::{Infer, Reason, Want};
use crate::hir::{self, Const};
use crate::infer::constant::Proof;
use crate::relate::{self, Assign};
use crate::ty::Ty;

impl<'a> Infer<'a> {
    /// `value` of type `ty` where `want` is expected: as it is, converted, or reported.
    pub(crate) fn fit(&mut self, value: hir::Expr, ty: &Ty, want: &Want<'a>) -> hir::Expr {
        if *ty == Ty::Error || want.ty == Ty::Error || matches!(value.kind, hir::ExprKind::Error) {
            return value;
        }
        match relate::assign(self.decls, ty, &want.ty) {
            Assign::Yes => {
                self.lint_known_values(&value, want);
                value
            }
            Assign::Coerce => self.convert(value, want),
            Assign::No => {
                let span = value.span;
                if !relate::is_poisoned(ty) && !relate::is_poisoned(&want.ty) {
                    self.report_mismatch(&value, ty, want);
                }
                make(hir::ExprKind::Error, span)
            }
        }
    }

    /// A union such as `"Always" | "Never" | String` knows some texts and takes all; one that it does not know may be a slip.
    fn lint_known_values(&mut self, value: &hir::Expr, want: &Want<'a>) {
        let hir::ExprKind::Const(Const::Str(text)) = &value.kind else { return };
        if !matches!(want.ty, Ty::Union(_) | Ty::Alias(_)) {
            return;
        }
        let members = relate::members(self.decls, &want.ty);
        let known: Vec<&str> = members
            .iter()
            .filter_map(|member| match member {
                Ty::LitStr(known) => Some(known.as_str()),
                _ => None,
            })
            .collect();
        if known.is_empty() || known.contains(&&**text) || !members.contains(&Ty::Str) {
            return;
        }
        let diag = crate::message::unknown_value(text, &known, value.span);
        let diag = self.with_reason(diag, value.span, want);
        self.out.lints.push(diag);
    }

    /// A value that needs a conversion or a test; for constants both happen now.
    fn convert(&mut self, value: hir::Expr, want: &Want<'a>) -> hir::Expr {
        let span = value.span;
        if let hir::ExprKind::Const(known) = &value.kind {
            match self.prove(known, &want.ty) {
                Proof::Holds(known) => return make(hir::ExprKind::Const(known), span),
                Proof::Fails(id) => {
                    let known = known.clone();
                    self.report_refinement(&known, id, span, want);
                    return make(hir::ExprKind::Error, span);
                }
                Proof::Unknown => {}
            }
        }
        let kind = hir::ExprKind::Coerce { value: Box::new(value), ty: want.ty.clone(), because: want.because };
        make(kind, span)
    }

    fn report_refinement(&mut self, value: &Const, id: crate::ids::RefineId, span: Span, want: &Want<'a>) {
        let Some(decl) = self.session.refinement(id) else { return };
        let source = &self.decls.module(id.module).source;
        let text = source.text.get(decl.cond.span.range()).unwrap_or("").to_owned();
        let diag = crate::message::refinement_failed(value, &text, decl.name, decl.cond.span, span);
        let diag = match value {
            Const::Str(text) => crate::message::with_interpolation(diag, text),
            _ => diag,
        };
        let diag = self.with_reason(diag, span, want);
        self.report(diag);
    }

    /// Says where the expectation comes from, if that is another place.
    pub(crate) fn with_reason(&self, diag: forge_base::Diag, at: Span, want: &Want<'a>) -> forge_base::Diag {
        let ty = self.show(&want.ty);
        match want.reason {
            Reason::Place(text) => diag.note(text),
            _ if want.because == at => diag,
            Reason::Field(name) => diag.label(want.because, format!("`{name}` is declared as `{ty}` here")),
            Reason::Param(name) => diag.label(want.because, format!("parameter `{name}` is declared as `{ty}` here")),
            Reason::Annotation(name) => diag.label(want.because, format!("`{name}` is declared as `{ty}` here")),
            Reason::Result => diag.label(want.because, format!("the result is declared as `{ty}` here")),
            Reason::Item => diag.label(want.because, format!("`{ty}` is expected because of this")),
        }
    }

    /// Reports a value that cannot stand where it stands, in the words that fit its kind of wrong.
    fn report_mismatch(&mut self, value: &hir::Expr, ty: &Ty, want: &Want<'a>) {
        let span = value.span;
        let is_hidden = self.unfold(&want.ty) == Ty::Any && relate::holds_secret(self.decls, ty);
        if self.is_secret(ty) || is_hidden {
            return self.report(crate::message::secret_leak(span, &self.show(&want.ty)));
        }
        if self.is_secret(&want.ty) && matches!(self.unfold(ty), Ty::Str | Ty::LitStr(_)) {
            let diag = self.with_reason(crate::message::plain_secret(span), span, want);
            return self.report(diag);
        }
        if let (hir::ExprKind::Const(Const::Quantity(quantity)), Ty::Duration) =
            (&value.kind, self.unfold(&relate::strip_null(self.decls, &want.ty)))
            && let Some(diag) = crate::message::ambiguous_unit(quantity, span)
        {
            let diag = self.with_reason(diag, span, want);
            return self.report(diag);
        }
        let bare = relate::strip_null(self.decls, ty);
        if self.may_be_null(ty) && bare != Ty::Never && relate::assign(self.decls, &bare, &want.ty) != Assign::No {
            let diag = crate::message::maybe_null_value(span, &self.show(ty), &self.show(&want.ty));
            let diag = self.with_reason(diag, span, want);
            return self.report(diag);
        }
        let diag = self.mismatch(value, ty, want);
        let diag = self.with_reason(diag, span, want);
        self.report(diag);
    }

    fn mismatch(&self, value: &hir::Expr, ty: &Ty, want: &Want<'a>) -> forge_base::Diag {
        let wanted = relate::strip_null(self.decls, &want.ty);
        let shown = crate::message::Mismatch {
            wanted: self.show(&want.ty),
            found: self.show(&relate::widen_literal(ty)),
            value: match &value.kind {
                hir::ExprKind::Const(known) => Some(known),
                _ => None,
            },
            field: match want.reason {
                Reason::Field(name) | Reason::Param(name) | Reason::Annotation(name) => Some(name),
                _ => None,
            },
            is_item: self.is_item(ty, &wanted),
            fields: self.fields_for(ty, &wanted),
            span: value.span,
        };
        let members = relate::members(self.decls, &wanted);
        let literals: Vec<Ty> = members
            .iter()
            .filter(|member| matches!(member, Ty::LitStr(_) | Ty::LitInt(_) | Ty::LitBool(_)))
            .cloned()
            .collect();
        let mut diag = crate::message::mismatch(&shown, &self.unfold(&wanted), &literals);
        if members.len() > 1
            && literals.is_empty()
            && let Some(near) = relate::closest(self.decls, ty, &want.ty)
        {
            diag = diag.note(format!("`{}` comes closest", self.show(&near)));
        }
        diag
    }

    /// Whether a list is expected and this could be one of its items; or a keyed list, and this is a plain one of such items.
    fn is_item(&self, ty: &Ty, wanted: &Ty) -> bool {
        let fits = |ty: &Ty, item: &Ty| *ty != Ty::Null && relate::assign(self.decls, ty, item) != Assign::No;
        match (self.unfold(wanted), self.unfold(ty)) {
            (Ty::List(item), Ty::Record(_)) => matches!(self.unfold(&item), Ty::Schema(_) | Ty::Record(_) | Ty::Map(_)),
            (Ty::List(item), _) => fits(ty, &item),
            (Ty::Keyed(keyed), Ty::List(item)) => fits(&item, &keyed.item),
            _ => false,
        }
    }

    /// The fields of the schema that is expected where something without fields was found.
    fn fields_for(&self, ty: &Ty, wanted: &Ty) -> Vec<&'static str> {
        let is_plain = matches!(
            self.unfold(&relate::widen_literal(ty)),
            Ty::Str | Ty::Int | Ty::Float | Ty::Bool | Ty::Quantity | Ty::Duration | Ty::List(_)
        );
        match self.unfold(wanted) {
            Ty::Schema(id) if is_plain => {
                self.decls.schema(id).fields.iter().map(|field| field.name.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a type is a secret or has one in it.
    pub(crate) fn is_secret(&self, ty: &Ty) -> bool {
        matches!(self.unfold(&relate::strip_null(self.decls, ty)), Ty::Secret)
    }
}
