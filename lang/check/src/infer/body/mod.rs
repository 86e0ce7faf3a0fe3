//! Bodies: the items between braces become a layer.

pub(in crate::infer) mod cx;
mod entry;
mod replaced;
mod spread;

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind, PathSegment};

use self::cx::{BodyCx, BodyEntry, BodyMode, BodyTarget, EntryUse};
use crate::hir::{self, BodyItem, BodyItemKind, Shape};
use crate::infer::checks::only_checks;
use crate::infer::cx::{EntryKeys, Expectation, FrameKind, InferCx, ItemAction, Origin, OriginKind, SuperItem, This};
use crate::subtype;
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// The layer for a body, and whether one of its items has an error.
    pub(crate) fn body(&mut self, body: &'a ast::Body, mut body_cx: BodyCx<'a>) -> (hir::Body, bool) {
        self.check_duplicates(&body.items);
        let this = This::Value(body_cx.this.clone());
        let (items, frame) = self.framed(FrameKind::Body(this), |cx| {
            let first = cx.locals.len();
            cx.declare_lets(&body.items);
            cx.set_frame_level();
            let mut items = Vec::with_capacity(body.items.len());
            if let Some(keys) = &body_cx.keys
                && let Some(segment) = keys.segment
            {
                cx.take_keys(segment, &keys.keyed, body, &body_cx, &mut items);
            }
            cx.body_items(&body.items, &mut body_cx, &mut items);
            cx.finish_lets(first);
            items
        });
        let target = body_cx.target.of_code();
        (hir::Body::new(items, frame.lets, frame.slots, body.span, target), body_cx.is_broken)
    }

    /// The items of a body, or of an `if` or `for` inside it.
    pub(crate) fn body_items(&mut self, items: &'a [ast::Item], body_cx: &mut BodyCx<'a>, out: &mut Vec<BodyItem>) {
        for item in items {
            match &item.kind {
                ItemKind::Set(set) => {
                    self.item(&set.path.segments, ItemAction::Set(&set.value), set.path.span, body_cx, out)
                }
                ItemKind::Append(set) => {
                    self.item(&set.path.segments, ItemAction::Append(&set.value), set.path.span, body_cx, out);
                }
                ItemKind::Refine(refine) => {
                    let action = ItemAction::Refine(&refine.body, refine.ty.as_ref());
                    self.item(&refine.path.segments, action, refine.path.span, body_cx, out);
                }
                ItemKind::Delete(path) => self.item(&path.segments, ItemAction::Delete, path.span, body_cx, out),
                ItemKind::Declare(field) => self.declared_item(field, body_cx, out),
                ItemKind::Spread(value) => self.spread_item(value, body_cx, out),
                ItemKind::Each(body) => self.each_item(body, item.span, body_cx, out),
                ItemKind::If(branch) => self.if_item(branch, item.span, body_cx, out),
                ItemKind::For(walk) => self.for_item(walk, item.span, body_cx, out),
                ItemKind::Error { .. } => body_cx.is_broken = true,
                _ => {}
            }
        }
    }

    /// `name: T = default` in a schema.
    fn declared_item(&mut self, field: &'a ast::FieldDecl, body_cx: &mut BodyCx<'a>, out: &mut Vec<BodyItem>) {
        let (Some(value), BodyTarget::Schema(id)) = (&field.value, &body_cx.target) else { return };
        let schema = self.decls.schema(*id);
        let Some(index) = schema.field_index(field.name.name) else {
            // A declaration in an invalid position.
            self.infer(value);
            return;
        };
        let decl = &schema.fields[index as usize];
        let entry = BodyEntry {
            key: hir::Key::Field(index, field.name.name),
            ty: decl.ty.clone(),
            narrowed: decl.ty.clone(),
            origin: Origin { span: decl.ty_span, kind: OriginKind::Field(decl.name) },
            replaced: self.replaced(*id, index, body_cx.mode),
            is_known: true,
            keyed: None,
        };
        self.set_item(entry, value, field.name.span, out);
        // Items of the body that set the field conditionally take precedence over its default.
        if let Some(BodyItem { kind: BodyItemKind::Set { is_default, .. }, .. }) = out.last_mut() {
            *is_default = true;
        }
    }

    /// One item of a body, or the rest of a path.
    fn item(
        &mut self,
        segments: &'a [PathSegment],
        action: ItemAction<'a>,
        span: Span,
        body_cx: &mut BodyCx<'a>,
        out: &mut Vec<BodyItem>,
    ) {
        let Some((first, rest)) = segments.split_first() else { return };
        let usage = match action {
            ItemAction::Delete if rest.is_empty() => EntryUse::Delete,
            _ => EntryUse::Change,
        };
        let Some(entry) = self.entry(first, body_cx, usage) else {
            body_cx.is_broken |= !self.is_foreign(first, body_cx);
            return self.check_orphan(action);
        };
        match action {
            ItemAction::Set(value) if rest.is_empty() => {
                // A key field identifies the element, whatever its default.
                let is_key = |name| body_cx.keys.as_ref().is_some_and(|keys| keys.keyed.keys.contains(name));
                if let (BodyTarget::Schema(id), hir::Key::Field(_, name)) = (&body_cx.target, &entry.key)
                    && !is_key(name)
                {
                    self.warn_unused_override(*id, *name, value, body_cx.mode, span);
                }
                self.set_item(entry, value, span, out);
            }
            ItemAction::Append(value) if rest.is_empty() => self.append_item(entry, value, span, out),
            ItemAction::Delete if rest.is_empty() => {
                out.push(BodyItem { kind: BodyItemKind::Delete { key: entry.key }, span });
            }
            _ => self.refine_item(entry, first, rest, action, span, body_cx, out),
        }
    }

    /// Whether a name is similar to none of the schema's fields, so that it is not a typo for one of them.
    fn is_foreign(&self, segment: &PathSegment, body_cx: &BodyCx<'a>) -> bool {
        let (BodyTarget::Schema(id), ast::Key::Name(name)) = (&body_cx.target, &segment.key) else { return false };
        let fields = &self.decls.schema(*id).fields;
        forge_base::suggest::nearest(name.as_str(), fields.iter().map(|field| field.name.as_str())).is_none()
            && !fields.iter().any(|field| field.name == *name)
    }

    /// Checks the value of an item without a valid target.
    fn check_orphan(&mut self, action: ItemAction<'a>) {
        match action {
            ItemAction::Set(value) | ItemAction::Append(value) => drop(self.infer(value)),
            ItemAction::Refine(body, _) => drop(self.body(body, BodyCx::broken())),
            ItemAction::Delete => {}
        }
    }

    /// `key = value`.
    fn set_item(&mut self, entry: BodyEntry<'a>, value: &'a ast::Expr, span: Span, out: &mut Vec<BodyItem>) {
        let frame = self.frames.len() - 1;
        let opens_super = entry.replaced.is_some();
        if !matches!(entry.ty, Ty::Var(_)) {
            self.record_ty(span, &entry.ty);
        }
        if let Some((ty, may_be_absent)) = entry.replaced {
            self.supers.push(SuperItem { frame, slot: None, ty, may_be_absent });
        }
        let value = match &entry.ty {
            Ty::Error => self.infer(value).0,
            // The value type of an untyped map is inferred from its values.
            Ty::Var(_) => {
                let (value, ty) = self.infer(value);
                self.record_value_ty(ty);
                value
            }
            ty => {
                let mut expected = Expectation::with_origin(ty.clone(), entry.origin);
                expected.keys = entry.keyed.map(|(segment, keyed)| EntryKeys { segment: Some(segment), keyed });
                self.check(value, &expected)
            }
        };
        let super_slot = if opens_super { self.supers.pop().and_then(|item| item.slot) } else { None };
        out.push(BodyItem { kind: BodyItemKind::Set { key: entry.key, value, super_slot, is_default: false }, span });
    }

    /// Records the type of a value in a map whose type is being inferred.
    pub(crate) fn record_value_ty(&mut self, ty: Ty) {
        if let Some(types) = self.map_value_types.last_mut() {
            types.push(ty);
        }
    }

    /// `key += value`.
    fn append_item(&mut self, entry: BodyEntry<'a>, value: &'a ast::Expr, span: Span, out: &mut Vec<BodyItem>) {
        let bare = subtype::strip_null(self.decls, &entry.ty);
        let fits = |ty: &Ty| matches!(ty, Ty::List(_) | Ty::Map(_) | Ty::Keyed(_) | Ty::Any | Ty::Error | Ty::Var(_));
        if !subtype::members(self.decls, &bare).iter().any(|member| fits(&self.unfold(member))) {
            let shown = self.show(&bare);
            self.report(crate::diagnostics::not_appendable(&shown, span));
            self.infer(value);
            return;
        }
        let value = match self.unfold(&bare) {
            Ty::Error | Ty::Var(_) => self.infer(value).0,
            _ => {
                // A condition on the whole value is tested when the field is computed.
                let ty = match self.unfold(&bare) {
                    whole @ (Ty::List(_) | Ty::Map(_) | Ty::Keyed(_)) => whole,
                    _ => bare,
                };
                self.check(value, &Expectation::with_origin(ty, entry.origin))
            }
        };
        out.push(BodyItem { kind: BodyItemKind::Append { key: entry.key, value }, span });
    }

    /// `key { … }`, and the first segment of a longer path.
    #[expect(clippy::too_many_arguments, reason = "a path has a beginning, a rest and an end")]
    fn refine_item(
        &mut self,
        entry: BodyEntry<'a>,
        first: &'a PathSegment,
        rest: &'a [PathSegment],
        action: ItemAction<'a>,
        span: Span,
        body_cx: &mut BodyCx<'a>,
        out: &mut Vec<BodyItem>,
    ) {
        let now = match &entry.narrowed {
            Ty::Var(_) => Ty::Any,
            now => subtype::strip_null(self.decls, now),
        };
        let now = match action {
            ItemAction::Refine(_, Some(stated)) if rest.is_empty() => match self.stated_ty(now, stated, first.span) {
                Some(now) => now,
                None => {
                    body_cx.is_broken = true;
                    return self.check_orphan(action);
                }
            },
            _ => now,
        };
        if let Ty::Var(_) = entry.narrowed {
            self.record_value_ty(Ty::Any);
        }
        if let (BodyTarget::Map(..) | BodyTarget::Any, ItemAction::Set(_)) = (&body_cx.target, action)
            && let Some(diag) = self.dotted_key(&now, first, rest)
        {
            body_cx.is_broken = true;
            self.report(diag);
            return self.check_orphan(action);
        }
        let Some((target, this)) = self.refine_target(&now, first.span, Some(first)) else {
            body_cx.is_broken = true;
            return self.check_orphan(action);
        };
        // A missing entry of free-form data is created.
        let is_free =
            matches!(body_cx.target, BodyTarget::Any | BodyTarget::Open) || (!entry.is_known && now == Ty::Any);
        let fresh = match (entry.is_known, is_free) {
            (_, true) if matches!(now, Ty::Schema(_)) => self.fresh_shape(&now),
            (_, true) => Some(Shape::Map),
            (true, _) => self.fresh_shape(&now),
            (false, _) => None,
        };
        // The layers below are known for schemas only, and only if the field has no default of its own.
        let mode = match target {
            BodyTarget::Schema(_) if body_cx.mode != BodyMode::Refine && !self.has_default(body_cx, first) => {
                BodyMode::Literal
            }
            _ => BodyMode::Refine,
        };
        let mut inner = BodyCx::new(target, this, mode);
        inner.origin = Some(entry.origin);
        if let Some(name) = first.key.constant() {
            inner = inner.with_places(body_cx.places.iter().map(|place| place.then(name)).collect());
        }
        // A field of a record literal is built by its refinement.
        let is_new_record = matches!(body_cx.target, BodyTarget::Record(_)) && body_cx.mode == BodyMode::Literal;
        let record = match &inner.target {
            BodyTarget::Record(fields) if is_new_record => Some(fields.clone()),
            _ => None,
        };
        if record.is_some() {
            inner.mode = BodyMode::Literal;
        }
        let (mut body, is_broken) = match (rest, action) {
            ([], ItemAction::Refine(body, _)) => self.body(body, inner),
            _ => self.path_body(rest, action, inner),
        };
        if let (Some(fields), [], ItemAction::Refine(written, _), false) = (record, rest, action, is_broken) {
            body = self.complete_record(body, &fields, written, &[]);
        }
        body_cx.is_broken |= is_broken;
        // A record that was built from nothing has none of its fields yet.
        let create_missing = is_free || matches!(body_cx.target, BodyTarget::Record(_)) && fresh.is_some();
        let kind = BodyItemKind::Refine { key: entry.key, body: Arc::new(body), fresh, create_missing };
        out.push(BodyItem { kind, span });
    }

    /// `each { … }`.
    fn each_item(&mut self, body: &'a ast::Body, span: Span, body_cx: &mut BodyCx<'a>, out: &mut Vec<BodyItem>) {
        let keyword = Span { end: body.span.start, ..span };
        let target = match &body_cx.target {
            BodyTarget::Keyed(keyed) => self.each_target(&keyed.item.clone(), keyword),
            BodyTarget::Map(_, value) => self.each_target(&value.clone(), keyword),
            BodyTarget::Error => None,
            _ => {
                let shown = self.show(&body_cx.this);
                self.report(crate::diagnostics::each_without_elements(&shown, keyword));
                None
            }
        };
        let Some((target, this)) = target else {
            body_cx.is_broken = true;
            self.body(body, BodyCx::broken());
            return;
        };
        let (body, is_broken) = self.body(body, BodyCx::new(target, this, BodyMode::Refine));
        body_cx.is_broken |= is_broken;
        out.push(BodyItem { kind: BodyItemKind::Each { body: Arc::new(body) }, span });
    }

    /// What the body of an `each` for elements of a type changes.
    fn each_target(&mut self, element: &Ty, keyword: Span) -> Option<(BodyTarget, Ty)> {
        let element = subtype::strip_null(self.decls, element);
        match self.refine_target(&element, keyword, None)? {
            found @ (BodyTarget::Schema(_) | BodyTarget::Map(..) | BodyTarget::Error, _) => Some(found),
            _ => {
                let shown = self.show(&element);
                self.report(crate::diagnostics::each_of_plain(&shown, keyword));
                None
            }
        }
    }

    /// The type of what `name: T { … }` refines: proved, or tested when the body is applied. Reports a type that it cannot have.
    fn stated_ty(&mut self, now: Ty, stated: &'a ast::TypeExpr, span: Span) -> Option<Ty> {
        let ty = self.resolve_ty(stated);
        if ty == Ty::Error || now == Ty::Error {
            return None;
        }
        if now != Ty::Any && subtype::assignability(self.decls, &now, &ty) == subtype::Assignability::Yes {
            return Some(now);
        }
        let is_possible = subtype::narrow(self.decls, &now, &ty) != Ty::Never;
        if let (Ty::Schema(id), true) = (self.unfold(&ty), is_possible) {
            return Some(Ty::Schema(id));
        }
        let (now, ty) = (self.show(&now), self.show(&ty));
        self.report(crate::diagnostics::wrong_stated_type(&now, &ty, span, stated.span, is_possible));
        None
    }

    /// `app.kubernetes.io = …` in a map whose entries have no fields: a key with dots.
    fn dotted_key(&self, entry: &Ty, first: &PathSegment, rest: &[PathSegment]) -> Option<forge_base::Diag> {
        let members = subtype::members(self.decls, entry);
        let is_scalar = members.iter().all(|member| {
            matches!(self.unfold(member), Ty::Str | Ty::Int | Ty::Float | Ty::Bool | Ty::LitStr(_) | Ty::Quantity)
        });
        let is_name = |segment: &PathSegment| matches!(segment.key, ast::Key::Name(_));
        if !is_scalar || members.is_empty() || !is_name(first) || !rest.iter().all(is_name) {
            return None;
        }
        let span = rest.iter().fold(first.span, |span, segment| span.to(segment.span));
        Some(crate::diagnostics::dotted_key(self.source_of(span), &self.show(entry), span))
    }

    /// Desugars the rest of a path to a body.
    fn path_body(
        &mut self,
        rest: &'a [PathSegment],
        action: ItemAction<'a>,
        mut body_cx: BodyCx<'a>,
    ) -> (hir::Body, bool) {
        let span = rest.iter().fold(rest[0].span, |span, segment| span.to(segment.span));
        self.push_frame(FrameKind::Body(This::Value(body_cx.this.clone())));
        let mut items = Vec::with_capacity(1);
        self.item(rest, action, span, &mut body_cx, &mut items);
        let frame = self.pop_frame();
        let target = body_cx.target.of_code();
        (hir::Body::new(items, frame.lets, frame.slots, span, target), body_cx.is_broken)
    }

    /// `if cond { … } else { … }` among items.
    fn if_item(&mut self, branch: &'a ast::IfItem, span: Span, body_cx: &mut BodyCx<'a>, out: &mut Vec<BodyItem>) {
        let (cond, narrowings) = self.infer_condition(&branch.cond, "the condition of an `if` must be a `Bool`");
        let memo = self.new_slot();
        let mut then = Vec::new();
        self.scoped(|cx| {
            cx.assume(&narrowings.if_true);
            cx.inner_items(&branch.then, body_cx, &mut then);
        });
        let mut otherwise = Vec::new();
        if let Some(body) = &branch.otherwise {
            self.scoped(|cx| {
                cx.assume(&narrowings.if_false);
                cx.inner_items(body, body_cx, &mut otherwise);
            });
        }
        out.push(BodyItem { kind: BodyItemKind::If { cond, memo, then, otherwise }, span });
    }

    /// The items of an `if` or `for`, with `let`s of their own.
    fn inner_items(&mut self, body: &'a ast::Body, body_cx: &mut BodyCx<'a>, out: &mut Vec<BodyItem>) {
        self.check_duplicates(&body.items);
        for item in &body.items {
            if let ItemKind::Declare(field) = &item.kind {
                self.report(crate::diagnostics::declared_inside(field.name));
            }
        }
        let first = self.locals.len();
        self.declare_lets(&body.items);
        self.body_items(&body.items, body_cx, out);
        self.finish_lets(first);
    }

    /// `for … in … { … }` among items.
    fn for_item(&mut self, walk: &'a ast::ForItem, span: Span, body_cx: &mut BodyCx<'a>, out: &mut Vec<BodyItem>) {
        if let BodyTarget::Schema(id) = body_cx.target {
            if body_cx.mode == BodyMode::Schema && only_checks(&walk.body.items) {
                return;
            }
            let schema = self.decls.schema(id);
            if !schema.is_open {
                self.report(crate::diagnostics::for_in_schema(schema.name, walk.head.iter.span, span));
                body_cx.is_broken = true;
                return;
            }
        }
        let (head, (items, lets)) = self.for_loop(&walk.head, |cx| {
            let mut items = Vec::new();
            cx.inner_items(&walk.body, body_cx, &mut items);
            (items, std::mem::take(&mut cx.frame().lets))
        });
        out.push(BodyItem { kind: BodyItemKind::For { head: Box::new(head), lets, items }, span });
    }
}

/// The name that a path starts with, if it is constant.
pub(crate) fn first_name(path: &ast::Path) -> Option<Name> {
    path.segments.first()?.key.constant()
}

/// The names that the items of a body set or refine.
pub(crate) fn set_names(body: &ast::Body) -> Vec<Name> {
    let names = body.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Set(set) | ItemKind::Append(set) => first_name(&set.path),
        ItemKind::Refine(refine) => first_name(&refine.path),
        _ => None,
    });
    names.collect()
}
