//! Braced literals without an expected type: records if all keys are names, otherwise maps.
//!
//! The fields of a record may read each other through `self` in any order: their types are inferred on first use.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind, Key};

use rustc_hash::FxHashMap;

use super::body::cx::{BodyCx, BodyMode, BodyTarget};
use super::cx::{FieldState, FrameKind, InferCx, ItemAction, RecordField, RecordItem, This};
use super::expr::{Typed, broken, make};
use crate::hir::{self, BodyItem, BodyItemKind, Shape};
use crate::ty::Ty;

/// Fields in the order in which they are first set.
#[derive(Default)]
struct FieldList {
    list: Vec<(Name, Ty)>,
    indices: FxHashMap<Name, usize>,
}

impl FieldList {
    fn set(&mut self, name: Name, ty: Ty) {
        match self.indices.entry(name) {
            Entry::Occupied(index) => self.list[*index.get()].1 = ty,
            Entry::Vacant(free) => {
                free.insert(self.list.len());
                self.list.push((name, ty));
            }
        }
    }
}

impl<'a> InferCx<'a> {
    /// `{ … }` without an expected type.
    pub(crate) fn infer_free_object(&mut self, body: &'a ast::Body) -> Typed {
        match self.parts_of(body) {
            Some(parts) => {
                let (code, ty) = self.infer_record(&body.items, parts, body.span);
                (make(hir::ExprKind::Object { shape: Shape::Map, body: Arc::new(code) }, body.span), ty)
            }
            None => self.infer_map(body),
        }
    }

    /// The items of a literal, if it is a record: spread values must have known fields.
    fn parts_of(&mut self, body: &'a ast::Body) -> Option<Vec<RecordItem<'a>>> {
        let parts = record_parts(body)?;
        for item in &body.items {
            if let ItemKind::Spread(expr) = &item.kind {
                let ty = self.ty_of_checked(expr);
                if !matches!(self.unfold(&ty), Ty::Record(_) | Ty::Schema(_)) {
                    return None;
                }
            }
        }
        Some(parts)
    }

    /// A map: some keys are computed or not names, or some entries are conditional.
    fn infer_map(&mut self, body: &'a ast::Body) -> Typed {
        self.map_value_types.push(Vec::new());
        let body_cx = BodyCx::new(BodyTarget::Open, Ty::Map(Arc::new((Ty::Str, Ty::Any))), BodyMode::Literal);
        let (code, is_broken) = self.body(body, body_cx);
        let types = self.map_value_types.pop().unwrap_or_default();
        if is_broken {
            return broken(body.span);
        }
        let common = self.join_all(&types);
        let ty = Ty::Map(Arc::new((Ty::Str, common.clone())));
        let value = make(hir::ExprKind::Object { shape: Shape::Map, body: Arc::new(code) }, body.span);
        (self.convert_parts(value, &types, &common, &ty), ty)
    }

    /// The body of a record and its type.
    fn infer_record(&mut self, items: &'a [ast::Item], parts: Vec<RecordItem<'a>>, span: Span) -> (hir::Body, Ty) {
        self.check_duplicates(items);
        let this = This::Record(group(&parts));
        let (spreads, frame) = self.framed(FrameKind::Body(this), |cx| {
            let first = cx.locals.len();
            cx.declare_lets(items);
            cx.set_frame_level();
            let mut spreads = Vec::new();
            for item in items {
                if let ItemKind::Spread(expr) = &item.kind {
                    spreads.push(cx.record_spread(expr));
                }
            }
            let frame = cx.frames.len() - 1;
            for index in 0..cx.record(frame).len() {
                cx.force_record_index(frame, index);
            }
            cx.finish_lets(first);
            spreads
        });
        let mut code: Vec<BodyItem> = Vec::with_capacity(items.len());
        let mut fields = FieldList::default();
        for (item, own) in spreads {
            code.extend(item);
            own.into_iter().for_each(|(name, ty)| fields.set(name, ty));
        }
        if let FrameKind::Body(This::Record(found)) = frame.kind {
            for field in found {
                let FieldState::Done(ty, item) = field.state else { continue };
                code.extend(item);
                fields.set(field.name, ty);
            }
        }
        (hir::Body::new(code, frame.lets, frame.slots, span, hir::BodyTarget::Entries), Ty::Record(fields.list.into()))
    }

    /// `...value` in a record: its fields.
    fn record_spread(&mut self, expr: &'a ast::Expr) -> (Option<BodyItem>, Vec<(Name, Ty)>) {
        let (value, ty) = self.infer(expr);
        let fields: Vec<(Name, Ty)> = match self.unfold(&ty) {
            Ty::Error => return (None, Vec::new()),
            Ty::Record(fields) => fields.to_vec(),
            Ty::Schema(id) => self.decls.schema(id).fields.iter().map(|field| (field.name, field.ty.clone())).collect(),
            _ => {
                let shown = self.show(&ty);
                self.report(crate::diagnostics::not_spreadable(&shown, "a record", expr.span));
                return (None, Vec::new());
            }
        };
        (Some(BodyItem { kind: BodyItemKind::Spread { value }, span: expr.span }), fields)
    }

    /// Whether the frame's object is a record whose type is being inferred.
    pub(crate) fn is_open_record(&self, frame: usize) -> bool {
        matches!(self.frames[frame].kind, FrameKind::Body(This::Record(_)))
    }

    fn record(&mut self, frame: usize) -> &mut Vec<RecordField<'a>> {
        match &mut self.frames[frame].kind {
            FrameKind::Body(This::Record(fields)) => fields,
            _ => &mut self.no_fields,
        }
    }

    fn record_names_of(&mut self, frame: usize) -> Vec<Name> {
        self.record(frame).iter().map(|field| field.name).collect()
    }

    /// The names of a record's fields, for messages.
    pub(crate) fn record_names(&mut self, frame: usize) -> Vec<&'static str> {
        self.record(frame).iter().map(|field| field.name.as_str()).collect()
    }

    /// The type of a field that is read through `self`.
    pub(crate) fn record_field_ty(&mut self, frame: usize, name: ast::Ident) -> Option<Ty> {
        let field = self.record(frame).iter().find(|field| field.name == name.name)?;
        if let FieldState::Running = field.state {
            let span = field.span;
            self.report(crate::diagnostics::record_cycle(name.name, span, name.span));
            return Some(Ty::Error);
        }
        Some(self.force_record_field(frame, name.name))
    }

    /// The type of the record, for `self` as a value: needs the types of all its fields.
    pub(crate) fn record_so_far(&mut self, frame: usize, span: Span) -> Ty {
        let mut fields = Vec::new();
        for name in self.record_names_of(frame) {
            let ident = ast::Ident { name, span };
            let ty = self.record_field_ty(frame, ident).unwrap_or(Ty::Error);
            if ty == Ty::Error {
                return Ty::Error;
            }
            fields.push((name, ty));
        }
        Ty::Record(fields.into())
    }

    fn force_record_field(&mut self, frame: usize, name: Name) -> Ty {
        let index = self.record(frame).iter().position(|field| field.name == name);
        index.map_or(Ty::Error, |index| self.force_record_index(frame, index))
    }

    fn force_record_index(&mut self, frame: usize, index: usize) -> Ty {
        let field = &mut self.record(frame)[index];
        match &field.state {
            FieldState::Done(ty, _) => return ty.clone(),
            FieldState::Running => return Ty::Error,
            FieldState::Pending => field.state = FieldState::Running,
        }
        let (name, parts, span) = (field.name, field.parts.clone(), field.span);
        let level = self.frames[frame].level;
        let (item, ty) = self.at_level(level, |cx| cx.record_item(name, &parts, span));
        self.record(frame)[index].state = FieldState::Done(ty.clone(), item);
        ty
    }

    /// The item that sets a field of a record.
    fn record_item(&mut self, name: Name, parts: &[RecordItem<'a>], span: Span) -> (Option<BodyItem>, Ty) {
        let key = hir::Key::Name(Arc::from(name.as_str()));
        if let [RecordItem { segments: [], action: ItemAction::Set(value), .. }] = parts {
            let (value, ty) = self.infer_widened(value);
            let kind = BodyItemKind::Set { key, value, super_slot: None, is_default: false };
            return (Some(BodyItem { kind, span }), ty);
        }
        let mut nested: Vec<RecordItem<'a>> = Vec::new();
        let mut items: &'a [ast::Item] = &[];
        for part in parts {
            match (part.segments, part.action) {
                ([], ItemAction::Refine(_, Some(ty))) => {
                    self.report(crate::diagnostics::stated_in_literal(part.span, ty.span));
                    return (None, Ty::Error);
                }
                ([], ItemAction::Refine(body, None)) => match self.parts_of(body) {
                    Some(own) => {
                        nested.extend(own);
                        items = &body.items;
                    }
                    None => {
                        let (value, ty) = self.infer_map(body);
                        let kind = BodyItemKind::Set { key, value, super_slot: None, is_default: false };
                        return (Some(BodyItem { kind, span }), ty);
                    }
                },
                ([], _) => return (None, Ty::Error),
                ([_, ..], _) => nested.push(*part),
            }
        }
        let (body, ty) = self.infer_record(items, nested, span);
        let kind = BodyItemKind::Refine { key, body: Arc::new(body), fresh: Some(Shape::Map), create_missing: true };
        (Some(BodyItem { kind, span }), ty)
    }
}

/// The items of a body, if it can be a record: they set names or paths of names.
fn record_parts(body: &ast::Body) -> Option<Vec<RecordItem<'_>>> {
    let mut parts = Vec::new();
    for item in &body.items {
        let (path, action) = match &item.kind {
            ItemKind::Set(set) => (&set.path, ItemAction::Set(&set.value)),
            ItemKind::Refine(refine) => (&refine.path, ItemAction::Refine(&refine.body, refine.ty.as_ref())),
            ItemKind::Let(_) | ItemKind::Error { .. } => continue,
            ItemKind::Spread(_) => continue,
            _ => return None,
        };
        if !path.segments.iter().all(|segment| matches!(segment.key, Key::Name(_))) {
            return None;
        }
        parts.push(RecordItem { segments: &path.segments, action, span: path.span });
    }
    Some(parts)
}

/// Groups items by the first name of their paths.
fn group<'a>(parts: &[RecordItem<'a>]) -> Vec<RecordField<'a>> {
    let mut fields: Vec<RecordField<'a>> = Vec::new();
    let mut indices: FxHashMap<Name, usize> = FxHashMap::default();
    for part in parts {
        let Some((first, rest)) = part.segments.split_first() else { continue };
        let Key::Name(name) = first.key else { continue };
        let own = RecordItem { segments: rest, ..*part };
        match indices.entry(name) {
            Entry::Occupied(index) => fields[*index.get()].parts.push(own),
            Entry::Vacant(free) => {
                free.insert(fields.len());
                fields.push(RecordField { name, span: part.span, parts: vec![own], state: FieldState::Pending });
            }
        }
    }
    fields
}
