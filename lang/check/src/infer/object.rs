//! Braces as values: literals, instances and refinements.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ExprKind, ItemKind};

use super::body::cx::{BodyCx, BodyMode, BodyTarget};
use super::body::{first_name, set_names};
use super::cx::{EntryKeys, Expectation, InferCx, OriginKind};
use super::expr::{Typed, broken, make};
use crate::hir::{self, Shape};
use crate::ids::{Def, SchemaId};
use crate::subtype;
use crate::ty::Ty;

/// The type of a braced literal.
enum LiteralTarget {
    /// No braced type is expected.
    Free,
    /// This type, without aliases and refinements.
    One(Ty),
    /// Ambiguous, which has been reported.
    Ambiguous,
}

impl<'a> InferCx<'a> {
    /// `{ … }`.
    pub(crate) fn infer_object(&mut self, body: &'a ast::Body, expected: Option<&Expectation<'a>>) -> Typed {
        let Some(expected) = expected.filter(|expected| !subtype::has_var(&expected.ty)) else {
            return self.infer_untyped_object(body);
        };
        match self.select_target(&expected.ty, body) {
            LiteralTarget::Free => self.infer_untyped_object(body),
            LiteralTarget::One(ty) => self.literal(&ty, body, body.span, Some(expected)),
            LiteralTarget::Ambiguous => {
                self.body(body, BodyCx::broken());
                broken(body.span)
            }
        }
    }

    /// A literal without an expected type. Nothing is known of the fields that an error node may set, nor whether an object was meant.
    fn infer_untyped_object(&mut self, body: &'a ast::Body) -> Typed {
        let (value, ty) = self.infer_free_object(body);
        (value, if has_error_item(body) { Ty::Error } else { ty })
    }

    /// The type of a literal if `ty` is expected.
    fn select_target(&mut self, ty: &Ty, body: &'a ast::Body) -> LiteralTarget {
        let members = subtype::members(self.decls, ty);
        let mut candidates: Vec<Ty> = members
            .iter()
            .map(|member| self.unfold(member))
            .filter(|ty| matches!(ty, Ty::Schema(_) | Ty::Map(_) | Ty::Record(_) | Ty::Keyed(_) | Ty::Any | Ty::Error))
            .collect();
        if candidates.iter().filter(|ty| matches!(ty, Ty::Schema(_))).count() > 1 {
            return match self.discriminated(&candidates, body) {
                Some(ty) => LiteralTarget::One(ty),
                None => self.report_ambiguous(&candidates, body),
            };
        }
        if candidates.len() > 1 {
            let fitting: Vec<Ty> = candidates.iter().filter(|ty| self.may_build(ty, body)).cloned().collect();
            match fitting.as_slice() {
                [] => {
                    let named: Vec<Ty> =
                        candidates.iter().filter(|ty| self.is_selected_by(ty, body)).cloned().collect();
                    return match <[Ty; 1]>::try_from(named) {
                        Ok([one]) => LiteralTarget::One(one),
                        Err(_) => self.report_ambiguous(&candidates, body),
                    };
                }
                [one] => return LiteralTarget::One(one.clone()),
                _ => candidates = fitting,
            }
            if let Some(one) = self.only_concrete(&candidates) {
                return LiteralTarget::One(one);
            }
            return self.report_ambiguous(&candidates, body);
        }
        candidates.pop().map_or(LiteralTarget::Free, LiteralTarget::One)
    }

    /// The schema that a discriminant field selects, or the map if the literal can be none of the schemas. That a literal has the
    /// fields of only one schema does not select it: the others may get these fields later.
    fn discriminated(&self, candidates: &[Ty], body: &ast::Body) -> Option<Ty> {
        let open: Vec<&Ty> = candidates.iter().filter(|ty| !self.is_contradicted(ty, body)).collect();
        let named: Vec<&Ty> = open.iter().copied().filter(|ty| self.is_selected_by(ty, body)).collect();
        if let [one] = named.as_slice() {
            return Some((*one).clone());
        }
        if let [one] = open.as_slice() {
            return Some((*one).clone());
        }
        let mut fitting = candidates.iter().filter(|ty| self.may_build(ty, body));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) if !matches!(one, Ty::Schema(_)) => Some(one.clone()),
            _ => candidates.iter().find(|ty| matches!(ty, Ty::Error)).cloned(),
        }
    }

    fn only_concrete(&self, candidates: &[Ty]) -> Option<Ty> {
        let mut concrete = candidates.iter().filter(|ty| !matches!(ty, Ty::Any | Ty::Map(_)));
        match (concrete.next(), concrete.next()) {
            (Some(one), None) => Some(one.clone()),
            _ => None,
        }
    }

    fn report_ambiguous(&mut self, candidates: &[Ty], body: &'a ast::Body) -> LiteralTarget {
        if has_error_item(body) {
            return LiteralTarget::Ambiguous;
        }
        let names: Vec<String> = candidates.iter().map(|ty| self.show(ty)).collect();
        if let Some((name, value, takes)) = self.wrong_discriminant(candidates, body) {
            self.report(crate::diagnostics::wrong_discriminant(name, value, &takes, &names));
            return LiteralTarget::Ambiguous;
        }
        let near = self.nearest_candidate(candidates, body);
        self.report(crate::diagnostics::ambiguous_literal(&names, near.as_deref(), body.span));
        LiteralTarget::Ambiguous
    }

    /// A discriminant field that is set to a value that no candidate has, and the values that they have.
    fn wrong_discriminant(&self, candidates: &[Ty], body: &'a ast::Body) -> Option<(Name, &'a ast::Expr, Vec<Name>)> {
        body.items.iter().find_map(|item| {
            let ItemKind::Set(set) = &item.kind else { return None };
            let ExprKind::Str(text) = &set.value.kind else { return None };
            let (name, text) = (first_name(&set.path).filter(|_| set.path.segments.len() == 1)?, text.plain()?);
            let tag = |ty: &Ty| match self.field_of(ty, name).map(|field| self.unfold(&field)) {
                Some(Ty::LitStr(own)) => Some(own),
                _ => None,
            };
            let takes = candidates.iter().map(tag).collect::<Option<Vec<Name>>>()?;
            (!takes.iter().any(|own| own.as_str() == text)).then_some((name, &set.value, takes))
        })
    }

    /// The candidate with the most of the literal's fields.
    fn nearest_candidate(&self, candidates: &[Ty], body: &ast::Body) -> Option<String> {
        let mut fitting = candidates.iter().filter(|ty| self.may_build(ty, body));
        if let (Some(one), None) = (fitting.next(), fitting.next()) {
            return Some(self.show(one));
        }
        let names = set_names(body);
        let count = |ty: &Ty| names.iter().filter(|name| self.field_of(ty, **name).is_some()).count();
        let best = candidates.iter().max_by_key(|ty| count(ty))?;
        let is_tie = candidates.iter().filter(|ty| count(ty) == count(best)).count() > 1;
        (count(best) > 0 && !is_tie).then(|| self.show(best))
    }

    /// Whether a literal may be of one member of a union: it has all fields, and constants match literal types.
    fn may_build(&self, ty: &Ty, body: &ast::Body) -> bool {
        let is_open = match ty {
            Ty::Schema(id) => self.decls.schema(*id).is_open,
            Ty::Record(_) => false,
            _ => return true,
        };
        body.items.iter().all(|item| match &item.kind {
            ItemKind::Set(set) => {
                let Some(name) = first_name(&set.path) else { return true };
                let Some(field) = self.field_of(ty, name) else { return is_open };
                match (set.path.segments.len(), &set.value.kind) {
                    (1, ExprKind::Str(text)) => match text.plain() {
                        Some(text) => self.accepts_str(&field, text),
                        None => true,
                    },
                    (1, ExprKind::Bool(value)) => {
                        subtype::narrow(self.decls, &field, &Ty::LitBool(*value)) != Ty::Never
                    }
                    _ => true,
                }
            }
            ItemKind::Refine(refine) => {
                first_name(&refine.path).is_none_or(|name| is_open || self.field_of(ty, name).is_some())
            }
            _ => true,
        })
    }

    /// Whether a literal sets a discriminant field of `ty` to a different constant.
    fn is_contradicted(&self, ty: &Ty, body: &ast::Body) -> bool {
        self.constants(ty, body).any(|takes| !takes)
    }

    /// Whether a literal sets a discriminant field of `ty` to one of its constants.
    fn is_selected_by(&self, ty: &Ty, body: &ast::Body) -> bool {
        self.constants(ty, body).any(|takes| takes)
    }

    /// For each discriminant field of `ty` that a literal sets to a constant: whether it is one of the field's constants.
    fn constants<'b>(&'b self, ty: &'b Ty, body: &'b ast::Body) -> impl Iterator<Item = bool> + 'b {
        body.items.iter().filter_map(move |item| {
            let ItemKind::Set(set) = &item.kind else { return None };
            let name = first_name(&set.path).filter(|_| set.path.segments.len() == 1)?;
            let value = match &set.value.kind {
                ExprKind::Str(text) => Ty::LitStr(Name::new(text.plain()?)),
                ExprKind::Int(value) => Ty::LitInt(*value),
                ExprKind::Bool(value) => Ty::LitBool(*value),
                _ => return None,
            };
            let field = self.field_of(ty, name)?;
            let takes: Vec<Ty> =
                subtype::members(self.decls, &field).iter().map(|member| self.unfold(member)).collect();
            let is_constant = |ty: &Ty| matches!(ty, Ty::LitStr(_) | Ty::LitInt(_) | Ty::LitBool(_) | Ty::Null);
            takes.iter().all(is_constant).then(|| takes.contains(&value))
        })
    }

    /// Whether a type accepts a string: false if it consists of literals that do not include it.
    fn accepts_str(&self, ty: &Ty, text: &str) -> bool {
        let members = subtype::members(self.decls, ty);
        let is_literal = |member: &Ty| matches!(member, Ty::LitStr(_) | Ty::Null);
        !members.iter().all(is_literal)
            || members.iter().any(|member| matches!(member, Ty::LitStr(own) if own.as_str() == text))
    }

    /// A literal of a type without aliases and refinements.
    fn literal(&mut self, ty: &Ty, body: &'a ast::Body, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let keys = expected.and_then(|expected| expected.keys.clone());
        match ty {
            Ty::Schema(id) => self.instance(*id, body, span, expected),
            Ty::Any => {
                let code =
                    self.body(body, BodyCx::new(BodyTarget::Any, Ty::Any, BodyMode::Literal).with_origin_of(expected));
                (object(Shape::Map, code.0, span), Ty::Any)
            }
            Ty::Map(pair) => {
                let target = BodyTarget::Map(pair.0.clone(), pair.1.clone());
                let code = self.body(body, BodyCx::new(target, ty.clone(), BodyMode::Literal).with_origin_of(expected));
                (object(Shape::Map, code.0, span), ty.clone())
            }
            Ty::Keyed(keyed) => {
                let shape = Shape::Keyed(self.keyed_shape(keyed));
                let code = self.body(
                    body,
                    BodyCx::new(BodyTarget::Keyed(keyed.clone()), ty.clone(), BodyMode::Literal)
                        .with_origin_of(expected),
                );
                (object(shape, code.0, span), ty.clone())
            }
            Ty::Record(fields) => {
                let target = BodyTarget::Record(fields.clone());
                let given: Vec<Name> = keys.as_ref().map(EntryKeys::given).unwrap_or_default();
                let body_cx =
                    BodyCx::new(target, ty.clone(), BodyMode::Literal).with_origin_of(expected).with_keys(keys);
                let (code, is_broken) = self.body(body, body_cx);
                let code = if is_broken { code } else { self.complete_record(code, fields, body, &given) };
                (object(Shape::Map, code, span), ty.clone())
            }
            _ => {
                self.body(body, BodyCx::broken());
                broken(span)
            }
        }
    }

    /// The body of a record literal with null for the fields that it does not set; reports those that are required.
    pub(crate) fn complete_record(
        &mut self,
        code: hir::Body,
        fields: &[(Name, Ty)],
        body: &'a ast::Body,
        given: &[Name],
    ) -> hir::Body {
        let unset = self.check_record_complete(fields, body, given);
        if unset.is_empty() {
            return code;
        }
        let mut items = code.items;
        items.extend(unset.into_iter().map(|name| null_item(name, code.span)));
        hir::Body::new(items, code.lets, code.slots, code.span, code.target)
    }

    /// Reports required fields of a record that a literal does not set; returns the unset fields that may be null.
    fn check_record_complete(&mut self, fields: &[(Name, Ty)], body: &ast::Body, given: &[Name]) -> Vec<Name> {
        let has_spread = body.items.iter().any(|item| {
            matches!(item.kind, ItemKind::Spread(_) | ItemKind::If(_) | ItemKind::For(_) | ItemKind::Error { .. })
        });
        if has_spread {
            return Vec::new();
        }
        let names = set_names(body);
        let unset = fields.iter().filter(|(name, _)| !names.contains(name) && !given.contains(name));
        let (nullable, missing): (Vec<_>, Vec<_>) = unset.partition(|(_, ty)| subtype::is_nullable(self.decls, ty));
        if !missing.is_empty() {
            let missing: Vec<&str> = missing.iter().map(|(name, _)| name.as_str()).collect();
            self.report(crate::diagnostics::record_lacks(&missing, body.span));
        }
        nullable.into_iter().map(|(name, _)| *name).collect()
    }

    /// `S { … }`, or `{ … }` where an `S` is expected.
    fn instance(&mut self, id: SchemaId, body: &'a ast::Body, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let schema = self.decls.schema(id);
        if schema.is_abstract {
            let children = self.concrete_children(id);
            self.report(crate::diagnostics::abstract_instance(schema.name, &children, span));
            self.body(body, BodyCx::broken());
            return broken(span);
        }
        let keys = expected.and_then(|expected| expected.keys.clone());
        let (mut code, is_broken) =
            self.body(body, BodyCx::new(BodyTarget::Schema(id), Ty::Schema(id), BodyMode::Literal).with_keys(keys));
        if span == body.span {
            code.target = hir::BodyTarget::Expected(id);
        }
        if is_broken {
            // A broken item may set the missing fields, so that they are not reported.
            return (make(hir::ExprKind::Error, span), Ty::Schema(id));
        }
        (object(Shape::Schema(id), code, span), Ty::Schema(id))
    }

    /// Concrete schemas in scope that extend an abstract one.
    fn concrete_children(&self, parent: SchemaId) -> Vec<&'static str> {
        let scope = &self.decls.module(self.module).scope;
        let mut names: Vec<&'static str> = scope
            .iter()
            .filter(|(_, def)| match def {
                Def::Schema(id) => {
                    subtype::is_subschema(self.decls, *id, parent) && !self.decls.schema(*id).is_abstract
                }
                _ => false,
            })
            .map(|(name, _)| name.as_str())
            .collect();
        names.sort_unstable();
        names
    }

    /// `base { … }`.
    pub(crate) fn infer_derive(
        &mut self,
        derive: &'a ast::Derive,
        span: Span,
        expected: Option<&Expectation<'a>>,
    ) -> Typed {
        match self.visible_def(&derive.base) {
            Some(Def::Schema(id)) => {
                self.use_def(&derive.base);
                return self.instance(id, &derive.body, span, expected);
            }
            Some(Def::Alias(id)) => {
                self.use_def(&derive.base);
                let named = Ty::Alias(id);
                return match self.select_target(&named, &derive.body) {
                    LiteralTarget::One(ty) => {
                        let (value, _) = self.literal(&ty, &derive.body, span, expected);
                        let to = Expectation::new(named.clone(), derive.base.span, OriginKind::Item);
                        (self.coerce(value, &ty, &to), named)
                    }
                    LiteralTarget::Ambiguous => broken(span),
                    LiteralTarget::Free => {
                        let shown = self.show(&named);
                        self.report(crate::diagnostics::type_without_fields(&shown, derive.base.span));
                        broken(span)
                    }
                };
            }
            _ => {}
        }
        self.derive_value(derive, span, expected)
    }

    /// A refinement of a value.
    fn derive_value(&mut self, derive: &'a ast::Derive, span: Span, expected: Option<&Expectation<'a>>) -> Typed {
        let hint = expected.filter(|_| is_literal_base(&derive.base));
        let (base, ty) = self.infer_with(&derive.base, hint);
        if ty == Ty::Error {
            // An instance with errors in its items still has a type.
            self.body(&derive.body, BodyCx::broken());
            return broken(span);
        }
        let bare = subtype::strip_null(self.decls, &ty);
        let mut fresh = None;
        if self.may_be_null(&ty) {
            fresh = self.fresh_shape(&bare);
            if fresh.is_none() || !self.is_field_read(&derive.base) {
                let shown = self.show(&ty);
                self.report(crate::diagnostics::maybe_null_refined(&shown, derive.base.span));
                self.body(&derive.body, BodyCx::broken());
                return broken(span);
            }
        }
        let Some((target, ty)) = self.refine_target(&bare, derive.base.span, None) else {
            self.body(&derive.body, BodyCx::broken());
            return broken(span);
        };
        // A changed copy of a value of type `T: Bound` is a `T`.
        let ty = if matches!(bare, Ty::Param(..)) { bare } else { ty };
        let body_cx = BodyCx::new(target, ty.clone(), BodyMode::Refine).with_places(self.places_of(&derive.base));
        let (code, is_broken) = self.body(&derive.body, body_cx);
        if is_broken || matches!(base.kind, hir::ExprKind::Error) {
            return (make(hir::ExprKind::Error, span), ty);
        }
        (make(hir::ExprKind::Derive { base: Box::new(base), body: Arc::new(code), fresh }, span), ty)
    }

    /// Whether an expression reads a field of a schema, which is created from its type if it is null.
    fn is_field_read(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Member(_) => true,
            ExprKind::Name(name) => matches!(self.resolve_name(*name), super::name::ResolvedName::Field { .. }),
            ExprKind::Super => self.supers.last().is_some_and(|item| !item.may_be_absent),
            _ => false,
        }
    }

    /// The target of a refinement of a value of type `ty`, and the type of the result; reports values that cannot be refined.
    pub(crate) fn refine_target(
        &mut self,
        ty: &Ty,
        span: Span,
        item: Option<&ast::PathSegment>,
    ) -> Option<(BodyTarget, Ty)> {
        let members = subtype::members(self.decls, ty);
        let found: Vec<Ty> =
            members.iter().map(|member| self.unfold(member)).filter(|ty| target_of(ty).is_some()).collect();
        match found.as_slice() {
            [] => {}
            [one] => return target_of(one).map(|target| (target, one.clone())),
            _ => return Some((BodyTarget::OneOf(found), ty.clone())),
        }
        let shown = self.show(ty);
        let is_list = members.iter().any(|member| matches!(self.unfold(member), Ty::List(_)));
        let diag = match is_list {
            true => crate::diagnostics::list_refined(&shown, item, span),
            false => crate::diagnostics::not_refinable(&shown, item, span),
        };
        self.report(diag);
        None
    }

    /// What a refinement creates if there is no value yet.
    pub(crate) fn fresh_shape(&self, ty: &Ty) -> Option<Shape> {
        subtype::fresh_shape(self.decls, ty)
    }

    /// The schema that a type is, if it is one.
    pub(crate) fn schema_of(&self, ty: &Ty) -> Option<SchemaId> {
        match self.unfold(ty) {
            Ty::Schema(id) => Some(id),
            _ => None,
        }
    }
}

fn has_error_item(body: &ast::Body) -> bool {
    body.items.iter().any(|item| matches!(item.kind, ItemKind::Error { .. }))
}

/// `name = null`.
fn null_item(name: Name, span: Span) -> hir::BodyItem {
    let key = hir::Key::Name(Arc::from(name.as_str()));
    let value = make(hir::ExprKind::Const(hir::Const::Null), span);
    hir::BodyItem { kind: hir::BodyItemKind::Set { key, value, super_slot: None, is_default: false }, span }
}

fn object(shape: Shape, body: hir::Body, span: Span) -> hir::Expr {
    make(hir::ExprKind::Object { shape, body: Arc::new(body) }, span)
}

fn target_of(ty: &Ty) -> Option<BodyTarget> {
    match ty {
        Ty::Schema(id) => Some(BodyTarget::Schema(*id)),
        Ty::Map(pair) => Some(BodyTarget::Map(pair.0.clone(), pair.1.clone())),
        Ty::Keyed(keyed) => Some(BodyTarget::Keyed(keyed.clone())),
        Ty::Record(fields) => Some(BodyTarget::Record(fields.clone())),
        Ty::Any => Some(BodyTarget::Any),
        Ty::Error => Some(BodyTarget::Error),
        _ => None,
    }
}

/// Whether the expectation for a refinement applies to its base.
fn is_literal_base(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Object(_) | ExprKind::Derive(_) | ExprKind::If(_) | ExprKind::Match(_) => true,
        ExprKind::Binary(binary) => binary.op == ast::BinaryOp::Coalesce,
        _ => false,
    }
}
