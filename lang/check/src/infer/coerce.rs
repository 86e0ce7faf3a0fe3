//! Coercion of a value to the expected type.

use forge_base::Span;

use super::constant::{Proof, const_ty};
use super::cx::{Expectation, InferCx, OriginKind};
use super::expr::make;
use crate::hir::{self, Const};
use crate::subtype::{self, Assignability};
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// Coerces `value` of type `ty` to `expected`: unchanged, converted, or reported as a mismatch.
    pub(crate) fn coerce(&mut self, value: hir::Expr, ty: &Ty, expected: &Expectation<'a>) -> hir::Expr {
        if *ty == Ty::Error || expected.ty == Ty::Error || matches!(value.kind, hir::ExprKind::Error) {
            return value;
        }
        match subtype::assignability(self.decls, ty, &expected.ty) {
            Assignability::Yes => {
                self.lint_known_values(&value, expected);
                value
            }
            Assignability::Coerce => self.convert(value, expected),
            Assignability::No => {
                let span = value.span;
                if !subtype::is_poisoned(ty) && !subtype::is_poisoned(&expected.ty) {
                    self.report_mismatch(&value, ty, expected);
                }
                make(hir::ExprKind::Error, span)
            }
        }
    }

    /// A union such as `"Always" | "Never" | String` lists known values and accepts any string; an unknown value may be a typo.
    fn lint_known_values(&mut self, value: &hir::Expr, expected: &Expectation<'a>) {
        let hir::ExprKind::Const(Const::Str(text)) = &value.kind else { return };
        if !matches!(expected.ty, Ty::Union(_) | Ty::Alias(_)) {
            return;
        }
        let members = subtype::members(self.decls, &expected.ty);
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
        let diag = crate::diagnostics::unknown_value(text, &known, value.span);
        let diag = self.with_origin(diag, value.span, expected);
        self.out.lints.push(diag);
    }

    /// Converts or tests a value: constants now, other values at run time.
    fn convert(&mut self, value: hir::Expr, expected: &Expectation<'a>) -> hir::Expr {
        let span = value.span;
        if let hir::ExprKind::Const(known) = &value.kind {
            match self.prove(known, &expected.ty) {
                Proof::Holds(known) => return make(hir::ExprKind::Const(known), span),
                Proof::Fails(id) => {
                    let known = known.clone();
                    match &known {
                        Const::Str(_) if self.lists_strings(&expected.ty) => {
                            let diag = self.mismatch(&value, &const_ty(&known), expected);
                            let diag = self.with_origin(diag, span, expected);
                            self.report(diag);
                        }
                        _ => self.report_refinement(&known, id, span, expected),
                    }
                    return make(hir::ExprKind::Error, span);
                }
                Proof::Unknown => {}
            }
        }
        let kind =
            hir::ExprKind::Coerce { value: Box::new(value), ty: expected.ty.clone(), origin: expected.origin.span };
        make(kind, span)
    }

    /// Whether a type lists the strings that it accepts, beside others that satisfy a condition.
    fn lists_strings(&self, ty: &Ty) -> bool {
        subtype::members(self.decls, ty).iter().any(|member| matches!(member, Ty::LitStr(_)))
    }

    fn report_refinement(&mut self, value: &Const, id: crate::ids::RefineId, span: Span, expected: &Expectation<'a>) {
        let Some(decl) = self.db.refinement(id) else { return };
        let source = &self.decls.module(id.module).source;
        let text = source.text.get(decl.cond.span.range()).unwrap_or("").to_owned();
        let diag = crate::diagnostics::refinement_failed(value, &text, decl.name, decl.cond.span, span);
        let diag = match value {
            Const::Str(text) => crate::diagnostics::with_interpolation(diag, text),
            _ => diag,
        };
        let diag = self.with_origin(diag, span, expected);
        self.report(diag);
    }

    /// Adds a label for the origin of the expectation, if it is not `at` itself.
    pub(crate) fn with_origin(&self, diag: forge_base::Diag, at: Span, expected: &Expectation<'a>) -> forge_base::Diag {
        let ty = self.show(&expected.ty);
        match expected.origin.kind {
            OriginKind::Required(text) => diag.note(text),
            _ if expected.origin.span == at => diag,
            OriginKind::Field(name) => diag.label(expected.origin.span, format!("`{name}` is declared as `{ty}` here")),
            OriginKind::Param(name) => {
                diag.label(expected.origin.span, format!("parameter `{name}` is declared as `{ty}` here"))
            }
            OriginKind::Annotation(name) => {
                diag.label(expected.origin.span, format!("`{name}` is declared as `{ty}` here"))
            }
            OriginKind::Result => diag.label(expected.origin.span, format!("the result is declared as `{ty}` here")),
            OriginKind::Item => diag.label(expected.origin.span, format!("`{ty}` is expected because of this")),
        }
    }

    /// Reports a mismatch with the most specific diagnostic.
    fn report_mismatch(&mut self, value: &hir::Expr, ty: &Ty, expected: &Expectation<'a>) {
        let span = value.span;
        let is_hidden = self.unfold(&expected.ty) == Ty::Any && subtype::holds_secret(self.decls, ty);
        if self.is_secret(ty) || is_hidden {
            return self.report(crate::diagnostics::secret_leak(span, &self.show(&expected.ty)));
        }
        if self.is_secret(&expected.ty) && matches!(self.unfold(ty), Ty::Str | Ty::LitStr(_)) {
            let diag = self.with_origin(crate::diagnostics::plain_secret(span), span, expected);
            return self.report(diag);
        }
        if let (hir::ExprKind::Const(Const::Quantity(quantity)), Ty::Duration) =
            (&value.kind, self.unfold(&subtype::strip_null(self.decls, &expected.ty)))
            && let Some(diag) = crate::diagnostics::ambiguous_unit(quantity, span)
        {
            let diag = self.with_origin(diag, span, expected);
            return self.report(diag);
        }
        let bare = subtype::strip_null(self.decls, ty);
        if self.may_be_null(ty)
            && bare != Ty::Never
            && subtype::assignability(self.decls, &bare, &expected.ty) != Assignability::No
        {
            let diag = crate::diagnostics::maybe_null_value(span, &self.show(ty), &self.show(&expected.ty));
            let diag = self.with_origin(diag, span, expected);
            return self.report(diag);
        }
        let diag = self.mismatch(value, ty, expected);
        let diag = self.with_origin(diag, span, expected);
        self.report(diag);
    }

    fn mismatch(&self, value: &hir::Expr, ty: &Ty, expected: &Expectation<'a>) -> forge_base::Diag {
        let wanted = subtype::strip_null(self.decls, &expected.ty);
        let (wanted_text, found_text) =
            crate::display::show_apart(self.decls, &expected.ty, &subtype::widen_literal(ty));
        let shown = crate::diagnostics::Mismatch {
            wanted: wanted_text,
            found: found_text,
            value: match &value.kind {
                hir::ExprKind::Const(known) => Some(known),
                _ => None,
            },
            field: match expected.origin.kind {
                OriginKind::Field(name) | OriginKind::Param(name) | OriginKind::Annotation(name) => Some(name),
                _ => None,
            },
            is_item: self.is_item(ty, &wanted),
            fields: self.fields_for(ty, &wanted),
            span: value.span,
        };
        let members = subtype::members(self.decls, &wanted);
        let literals: Vec<Ty> = members
            .iter()
            .filter(|member| matches!(member, Ty::LitStr(_) | Ty::LitInt(_) | Ty::LitBool(_)))
            .cloned()
            .collect();
        let mut diag = crate::diagnostics::mismatch(&shown, &self.unfold(&wanted), &literals);
        if let Some(diag) = self.missing_call(&diag, ty, value.span, |ret| {
            subtype::assignability(self.decls, ret, &expected.ty) != Assignability::No
        }) {
            return diag;
        }
        if self.is_list_among_items(ty, value.span, &expected.ty) {
            return crate::diagnostics::list_among_items(diag, self.source_of(value.span), value.span);
        }
        if members.len() > 1
            && literals.is_empty()
            && let Some(near) = subtype::closest(self.decls, ty, &expected.ty)
        {
            diag = diag.note(format!("`{}` is the closest match", self.show(&near)));
        }
        diag
    }

    /// The source at a span of this module.
    pub(crate) fn source_of(&self, span: Span) -> &'a str {
        self.decls.module(self.module).source.text.get(span.range()).unwrap_or("")
    }

    /// The diagnostic about a function in place of its result, if it takes no arguments and `fits` its result.
    pub(crate) fn missing_call(
        &self,
        diag: &forge_base::Diag,
        ty: &Ty,
        span: Span,
        fits: impl Fn(&Ty) -> bool,
    ) -> Option<forge_base::Diag> {
        match self.unfold(ty) {
            Ty::Fn(function) if function.params.is_empty() && fits(&function.ret) => {
                Some(crate::diagnostics::missing_call(diag.clone(), self.source_of(span), span))
            }
            _ => None,
        }
    }

    /// Whether the value at `span` is an element of a list, and a list itself whose items fit as elements.
    fn is_list_among_items(&self, ty: &Ty, span: Span, item: &Ty) -> bool {
        let text = &self.decls.module(self.module).source.text;
        let before = text.get(..span.start as usize).unwrap_or("").trim_end();
        let own = match self.unfold(ty) {
            Ty::List(own) => (*own).clone(),
            Ty::Keyed(keyed) => keyed.item.clone(),
            _ => return false,
        };
        before.ends_with(['[', ',']) && subtype::assignability(self.decls, &own, item) != Assignability::No
    }

    /// Whether a list is expected and `ty` could be one of its items, or a keyed list is expected and `ty` is a plain
    /// list of its items.
    fn is_item(&self, ty: &Ty, wanted: &Ty) -> bool {
        let fits =
            |ty: &Ty, item: &Ty| *ty != Ty::Null && subtype::assignability(self.decls, ty, item) != Assignability::No;
        match (self.unfold(wanted), self.unfold(ty)) {
            (Ty::List(item), Ty::Record(_)) => matches!(self.unfold(&item), Ty::Schema(_) | Ty::Record(_) | Ty::Map(_)),
            (Ty::List(item), _) => fits(ty, &item),
            (Ty::Keyed(keyed), Ty::List(item)) => fits(&item, &keyed.item),
            _ => false,
        }
    }

    /// The fields of the expected schema, if the value has no fields.
    fn fields_for(&self, ty: &Ty, wanted: &Ty) -> Vec<&'static str> {
        let is_plain = matches!(
            self.unfold(&subtype::widen_literal(ty)),
            Ty::Str | Ty::Int | Ty::Float | Ty::Bool | Ty::Quantity | Ty::Duration | Ty::List(_)
        );
        match self.unfold(wanted) {
            Ty::Schema(id) if is_plain => {
                self.decls.schema(id).fields.iter().map(|field| field.name.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a type is `Secret`, possibly null.
    pub(crate) fn is_secret(&self, ty: &Ty) -> bool {
        matches!(self.unfold(&subtype::strip_null(self.decls, ty)), Ty::Secret)
    }
}
