//! What stands between braces becomes a layer.

mod entry;
mod inherit;
mod spread;

use std::sync::Arc;

use forge_base::Span;
use forge_syntax::ast::{self, ItemKind, PathSegment};

use self::entry::Entry;
use super::scope::{FrameKind, This};
use super::{Infer, Keys, Reason, SuperItem, Want};
use crate::hir::{self, BodyItem, BodyItemKind, Shape};
use crate::ids::SchemaId;
use crate::relate;
use crate::ty::{KeyedTy, Ty};

/// What a body builds or changes.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// An instance of a schema.
    Schema(SchemaId),
    /// A map.
    Map(Ty, Ty),
    /// A keyed list.
    Keyed(Arc<KeyedTy>),
    /// A record of a known type.
    Record(Arc<[(forge_base::Name, Ty)]>),
    /// Free-form data.
    Any,
    /// A map whose type is being found.
    Open,
    /// Something that has been reported: the values are looked at on their own.
    Error,
}

/// Where a body stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// In a literal: below it are the defaults of a schema, if anything.
    Literal,
    /// Behind a value: below it is that value.
    Refine,
    /// In a schema: below it are the schema's ancestors.
    Schema,
}

/// What an item does at the end of its path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaf<'a> {
    /// `= value`.
    Set(&'a ast::Expr),
    /// `+= value`.
    Append(&'a ast::Expr),
    /// `{ … }`.
    Refine(&'a ast::Body),
    /// `delete`.
    Delete,
}

/// What is to be made of a body.
pub(crate) struct Task<'a> {
    pub(crate) target: Target,
    /// The type of `self`.
    pub(crate) this: Ty,
    pub(crate) mode: Mode,
    /// The key of the entry that the literal is the value of.
    pub(crate) keys: Option<Keys<'a>>,
    /// Where the type of entries comes from.
    pub(crate) because: Option<(Span, Reason)>,
    /// Whether an item could not be made.
    pub(crate) is_broken: bool,
    /// Fields that spreads of this body hold.
    pub(crate) spreads: Vec<(forge_base::Name, Span)>,
}

impl<'a> Task<'a> {
    /// A task for a body of which everything is known.
    pub(crate) fn new(target: Target, this: Ty, mode: Mode) -> Task<'a> {
        Task { target, this, mode, keys: None, because: None, is_broken: false, spreads: Vec::new() }
    }

    /// A task for a body that belongs to nothing.
    pub(crate) fn broken() -> Task<'a> {
        Task::new(Target::Error, Ty::Error, Mode::Refine)
    }

    /// Names the place that the expectation comes from.
    pub(crate) fn because(mut self, want: Option<&Want<'a>>) -> Task<'a> {
        self.because = want.map(|want| (want.because, want.reason));
        self
    }

    /// Takes key fields from the entry around.
    pub(crate) fn with_keys(mut self, keys: Option<Keys<'a>>) -> Task<'a> {
        self.keys = keys;
        self
    }
}

/// How many conditions a type has, those of its parts included.
pub(crate) fn count_conditions(ty: &ast::TypeExpr) -> u32 {
    use ast::TypeKind as Kind;
    match &ty.kind {
        Kind::Where(base, _) => 1 + count_conditions(base),
        Kind::Optional(inner) | Kind::List(inner) | Kind::Keyed(inner, _) => count_conditions(inner),
        Kind::Union(members) => members.iter().map(count_conditions).sum(),
        Kind::Map(key, value) => count_conditions(key) + count_conditions(value),
        Kind::Record(fields) => fields.iter().map(|(_, ty)| count_conditions(ty)).sum(),
        Kind::Fn(params, ret) => params.iter().map(count_conditions).sum::<u32>() + count_conditions(ret),
        _ => 0,
    }
}

impl<'a> Infer<'a> {
    /// The layer that braces write, and whether an item of it is in doubt.
    pub(crate) fn body(&mut self, body: &'a ast::Body, mut task: Task<'a>) -> (hir::Body, bool) {
        self.check_duplicates(&body.items);
        let this = This::Value(task.this.clone());
        let (items, frame) = self.framed(FrameKind::Body(this), |cx| {
            let first = cx.locals.len();
            cx.declare_lets(&body.items, false);
            cx.set_frame_level();
            let mut items = Vec::with_capacity(body.items.len());
            if let Some(keys) = &task.keys
                && let Some(segment) = keys.segment
            {
                cx.take_keys(segment, &keys.keyed, body, &task, &mut items);
            }
            cx.body_items(&body.items, &mut task, &mut items);
            cx.finish_lets(first);
            items
        });
        (hir::Body::new(items, frame.lets, frame.slots, body.span), task.is_broken)
    }

    /// The items of a body, or of braces within one.
    pub(crate) fn body_items(&mut self, items: &'a [ast::Item], task: &mut Task<'a>, out: &mut Vec<BodyItem>) {
        for item in items {
            match &item.kind {
                ItemKind::Set(set) => self.item(&set.path.segments, Leaf::Set(&set.value), set.path.span, task, out),
                ItemKind::Append(set) => {
                    self.item(&set.path.segments, Leaf::Append(&set.value), set.path.span, task, out);
                }
                ItemKind::Refine(refine) => {
                    self.item(&refine.path.segments, Leaf::Refine(&refine.body), refine.path.span, task, out);
                }
                ItemKind::Delete(path) => self.item(&path.segments, Leaf::Delete, path.span, task, out),
                ItemKind::Declare(field) => self.declared_item(field, task, out),
                ItemKind::Spread(value) => self.spread_item(value, task, out),
                ItemKind::If(branch) => self.if_item(branch, item.span, task, out),
                ItemKind::For(walk) => self.for_item(walk, item.span, task, out),
                ItemKind::Error => task.is_broken = true,
                _ => {}
            }
        }
    }

    /// `name: T = default` in a schema.
    fn declared_item(&mut self, field: &'a ast::FieldDecl, task: &mut Task<'a>, out: &mut Vec<BodyItem>) {
        let (Some(value), Target::Schema(id)) = (&field.value, &task.target) else { return };
        let schema = self.decls.schema(*id);
        let Some(&index) = schema.by_name.get(&field.name.name) else {
            // Declared where no field can be.
            self.infer(value);
            return;
        };
        let decl = &schema.fields[index as usize];
        let entry = Entry {
            key: hir::Key::Field(index, field.name.name),
            ty: decl.ty.clone(),
            now: decl.ty.clone(),
            because: (decl.ty_span, Reason::Field(decl.name)),
            before: self.before(*id, index, task.mode),
            is_known: true,
            keyed: None,
        };
        self.set_item(entry, value, field.name.span, out);
        // What the body says of the field under a condition wins over its default.
        if let Some(BodyItem { kind: BodyItemKind::Set { weak, .. }, .. }) = out.last_mut() {
            *weak = true;
        }
    }

    /// One item of a body, or the rest of a path.
    fn item(
        &mut self,
        segments: &'a [PathSegment],
        leaf: Leaf<'a>,
        span: Span,
        task: &mut Task<'a>,
        out: &mut Vec<BodyItem>,
    ) {
        let Some((first, rest)) = segments.split_first() else { return };
        let is_delete = rest.is_empty() && matches!(leaf, Leaf::Delete);
        let Some(entry) = self.entry(first, task, is_delete) else {
            task.is_broken |= !self.is_foreign(first, task);
            return self.leftover(leaf);
        };
        match leaf {
            Leaf::Set(value) if rest.is_empty() => {
                // A key field is written to say which element it is, whatever its default.
                let is_key = |name| task.keys.as_ref().is_some_and(|keys| keys.keyed.keys.contains(name));
                if let (Target::Schema(id), hir::Key::Field(_, name)) = (&task.target, &entry.key)
                    && !is_key(name)
                {
                    self.warn_unused_override(*id, *name, value, task.mode, span);
                }
                self.set_item(entry, value, span, out);
            }
            Leaf::Append(value) if rest.is_empty() => self.append_item(entry, value, span, out),
            Leaf::Delete if rest.is_empty() => {
                out.push(BodyItem { kind: BodyItemKind::Delete { key: entry.key }, span });
            }
            _ => self.refine_item(entry, first, rest, leaf, span, task, out),
        }
    }

    /// Whether a name is like none of the schema's fields, so that nobody meant one of them.
    fn is_foreign(&self, segment: &PathSegment, task: &Task<'a>) -> bool {
        let (Target::Schema(id), ast::Key::Name(name)) = (&task.target, &segment.key) else { return false };
        let fields = &self.decls.schema(*id).fields;
        forge_base::suggest::nearest(name.as_str(), fields.iter().map(|field| field.name.as_str())).is_none()
            && !fields.iter().any(|field| field.name == *name)
    }

    /// Looks at the value of an item that belongs to nothing.
    fn leftover(&mut self, leaf: Leaf<'a>) {
        match leaf {
            Leaf::Set(value) | Leaf::Append(value) => drop(self.infer(value)),
            Leaf::Refine(body) => drop(self.body(body, Task::broken())),
            Leaf::Delete => {}
        }
    }

    /// `key = value`.
    fn set_item(&mut self, entry: Entry<'a>, value: &'a ast::Expr, span: Span, out: &mut Vec<BodyItem>) {
        let frame = self.frames.len() - 1;
        let opens_super = entry.before.is_some();
        if !matches!(entry.ty, Ty::Var(_)) {
            self.note_ty(span, &entry.ty);
        }
        if let Some((ty, may_be_absent)) = entry.before {
            self.supers.push(SuperItem { frame, slot: None, ty, may_be_absent });
        }
        let value = match &entry.ty {
            Ty::Error => self.infer(value).0,
            // The type of an untyped map's values is found from them.
            Ty::Var(_) => {
                let (value, ty) = self.infer(value);
                self.note_open_value(ty);
                value
            }
            ty => {
                let mut want = Want::new(ty.clone(), entry.because.0, entry.because.1);
                want.keys = entry.keyed.map(|(segment, keyed)| Keys { segment: Some(segment), keyed });
                self.check(value, &want)
            }
        };
        let super_slot = if opens_super { self.supers.pop().and_then(|item| item.slot) } else { None };
        out.push(BodyItem { kind: BodyItemKind::Set { key: entry.key, value, super_slot, weak: false }, span });
    }

    /// The value of a map whose type is being found.
    pub(crate) fn note_open_value(&mut self, ty: Ty) {
        if let Some(types) = self.open_values.last_mut() {
            types.push(ty);
        }
    }

    /// `key += value`.
    fn append_item(&mut self, entry: Entry<'a>, value: &'a ast::Expr, span: Span, out: &mut Vec<BodyItem>) {
        let bare = relate::strip_null(self.decls, &entry.ty);
        let fits = |ty: &Ty| matches!(ty, Ty::List(_) | Ty::Map(_) | Ty::Keyed(_) | Ty::Any | Ty::Error | Ty::Var(_));
        if !relate::members(self.decls, &bare).iter().any(|member| fits(&self.unfold(member))) {
            let shown = self.show(&bare);
            self.report(crate::message::not_appendable(&shown, span));
            self.infer(value);
            return;
        }
        let value = match self.unfold(&bare) {
            Ty::Error | Ty::Var(_) => self.infer(value).0,
            _ => {
                // A condition on the whole is tested on the whole, when the field is computed.
                let ty = match self.unfold(&bare) {
                    whole @ (Ty::List(_) | Ty::Map(_) | Ty::Keyed(_)) => whole,
                    _ => bare,
                };
                self.check(value, &Want::new(ty, entry.because.0, entry.because.1))
            }
        };
        out.push(BodyItem { kind: BodyItemKind::Append { key: entry.key, value }, span });
    }

    /// `key { … }`, and the beginning of a longer path.
    #[expect(clippy::too_many_arguments, reason = "a path has a beginning, a rest and an end")]
    fn refine_item(
        &mut self,
        entry: Entry<'a>,
        first: &'a PathSegment,
        rest: &'a [PathSegment],
        leaf: Leaf<'a>,
        span: Span,
        task: &mut Task<'a>,
        out: &mut Vec<BodyItem>,
    ) {
        let now = match &entry.now {
            Ty::Var(_) => Ty::Any,
            now => relate::strip_null(self.decls, now),
        };
        if let Ty::Var(_) = entry.now {
            self.note_open_value(Ty::Any);
        }
        let Some((target, this)) = self.refine_target(&now, first.span, Some(first)) else {
            task.is_broken = true;
            return self.leftover(leaf);
        };
        // An entry of free-form data is made where it is not there.
        let is_free = matches!(task.target, Target::Any | Target::Open) || (!entry.is_known && now == Ty::Any);
        let fresh = match (entry.is_known, is_free) {
            (_, true) => Some(Shape::Map),
            (true, _) => self.fresh_shape(&now),
            (false, _) => None,
        };
        // What entries there are below is known for schemas only.
        let mode = match target {
            Target::Schema(_) if task.mode != Mode::Refine => Mode::Literal,
            _ => Mode::Refine,
        };
        let mut inner = Task::new(target, this, mode);
        inner.because = Some(entry.because);
        let (body, is_broken) = match (rest, leaf) {
            ([], Leaf::Refine(body)) => self.body(body, inner),
            _ => self.path_body(rest, leaf, inner),
        };
        task.is_broken |= is_broken;
        let kind = BodyItemKind::Refine { key: entry.key, body: Arc::new(body), fresh, invent: is_free };
        out.push(BodyItem { kind, span });
    }

    /// The body that the rest of a path stands for.
    fn path_body(&mut self, rest: &'a [PathSegment], leaf: Leaf<'a>, mut task: Task<'a>) -> (hir::Body, bool) {
        let span = rest.iter().fold(rest[0].span, |span, segment| span.to(segment.span));
        self.push_frame(FrameKind::Body(This::Value(task.this.clone())));
        let mut items = Vec::with_capacity(1);
        self.item(rest, leaf, span, &mut task, &mut items);
        let frame = self.pop_frame();
        (hir::Body::new(items, frame.lets, frame.slots, span), task.is_broken)
    }

    /// `if cond { … } else { … }` among items.
    fn if_item(&mut self, branch: &'a ast::IfItem, span: Span, task: &mut Task<'a>, out: &mut Vec<BodyItem>) {
        let (cond, facts) = self.infer_condition(&branch.cond, "the condition of an `if` is a `Bool`");
        let memo = self.new_slot();
        let mut then = Vec::new();
        self.scoped(|cx| {
            cx.assume(&facts.yes);
            cx.inner_items(&branch.then, task, &mut then);
        });
        let mut otherwise = Vec::new();
        if let Some(body) = &branch.otherwise {
            self.scoped(|cx| {
                cx.assume(&facts.no);
                cx.inner_items(body, task, &mut otherwise);
            });
        }
        out.push(BodyItem { kind: BodyItemKind::If { cond, memo, then, otherwise }, span });
    }

    /// The items of an `if` or `for`, with `let`s of their own.
    fn inner_items(&mut self, body: &'a ast::Body, task: &mut Task<'a>, out: &mut Vec<BodyItem>) {
        self.check_duplicates(&body.items);
        for item in &body.items {
            if let ItemKind::Declare(field) = &item.kind {
                self.report(crate::message::declared_inside(field.name));
            }
        }
        let first = self.locals.len();
        self.declare_lets(&body.items, false);
        self.body_items(&body.items, task, out);
        self.finish_lets(first);
    }

    /// `for … in … { … }` among items.
    fn for_item(&mut self, walk: &'a ast::ForItem, span: Span, task: &mut Task<'a>, out: &mut Vec<BodyItem>) {
        if let Target::Schema(id) = task.target {
            let schema = self.decls.schema(id);
            if !schema.is_open {
                self.report(crate::message::for_in_schema(schema.name, walk.head.iter.span, span));
                task.is_broken = true;
                return;
            }
        }
        let (head, (items, lets)) = self.for_loop(&walk.head, |cx| {
            let mut items = Vec::new();
            cx.inner_items(&walk.body, task, &mut items);
            (items, std::mem::take(&mut cx.frame().lets))
        });
        out.push(BodyItem { kind: BodyItemKind::For { head: Box::new(head), lets, items }, span });
    }
}
