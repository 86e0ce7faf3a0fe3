//! The causes of a value: the names that its expression read when it was evaluated.
//!
//! Nothing is recorded during evaluation. `forgec why` walks the expression again afterwards: the taken branch of an `if`, the
//! matching arm of a `match`, each side of an operator. A cause has causes of its own.

use forge_base::Span;
use forge_check::GlobalId;
use forge_check::hir::{Elem, Expr, ExprKind, Let, StrPart};
use forge_syntax::ast::BinaryOp;

use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::provenance::{Change, Setter};
use crate::value::{EntrySource, Frame, Local, Map, Object, Value};

/// The maximum number of causes of one expression.
const MAX_CAUSES: usize = 8;
/// The maximum number of subexpressions to visit: a `let` that is read twice is visited twice.
const MAX_EXPRS: u32 = 2_000;

/// Something that an expression read.
pub struct Cause<'a> {
    /// Its source.
    pub text: String,
    /// Its value.
    pub value: Value<'a>,
    /// Where the value comes from.
    pub origin: Origin<'a>,
}

/// Where a value comes from.
#[derive(Clone, Copy)]
pub enum Origin<'a> {
    /// A field of an object.
    Field(&'a Object<'a>, u32),
    /// An entry of a map or keyed list, by index.
    Entry(&'a Map<'a>, usize),
    /// A field, `let` or input of a module.
    Global(GlobalId),
    /// A `let` of a body.
    Let(&'a Let, &'a Frame<'a>),
    /// A parameter or the variable of a loop: it has no history of its own.
    Unknown,
}

impl Origin<'_> {
    /// A key that is unique to this origin; `None` if it is unknown.
    pub fn identity(&self) -> Option<(usize, usize)> {
        match *self {
            Origin::Field(object, field) => Some((std::ptr::from_ref(object).addr(), field as usize)),
            Origin::Entry(map, index) => Some((std::ptr::from_ref(map).addr(), index)),
            Origin::Global(id) => Some((id.module.0 as usize, id.index as usize)),
            Origin::Let(item, frame) => Some((std::ptr::from_ref(item).addr(), std::ptr::from_ref(frame).addr())),
            Origin::Unknown => None,
        }
    }
}

/// A search for the causes of one expression.
struct CauseFinder<'e, 'a> {
    eval: &'e Evaluator<'a>,
    /// The `let`s of the enclosing blocks.
    lets: Vec<&'a Let>,
    found: Vec<Cause<'a>>,
    /// How many subexpressions were visited.
    visited: u32,
}

impl<'a> Evaluator<'a> {
    /// The items that set or change a value, the last first.
    pub fn setters(&self, origin: Origin<'a>) -> Vec<Setter<'a>> {
        let set = |span: Span, value: Option<(&'a Expr, &'a Frame<'a>)>| {
            vec![Setter { span, value, change: Change::Set, replaced: false }]
        };
        match origin {
            Origin::Field(object, field) => self.history(object, field),
            Origin::Entry(map, index) => self.entry_history(map, index),
            Origin::Global(id) => {
                let global: &'a _ = self.program.global(id);
                if self.options.inputs.contains_key(&id) {
                    return vec![Setter { span: global.span, value: None, change: Change::Given, replaced: false }];
                }
                let frame = || self.new_frame(None, Value::Null, global.slots);
                set(global.span, global.value.as_ref().map(|value| (value, frame())))
            }
            Origin::Let(item, frame) => set(item.value.span, Some((&item.value, frame))),
            Origin::Unknown => Vec::new(),
        }
    }

    /// The causes of an expression's value, in source order, without duplicates.
    pub fn causes(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Vec<Cause<'a>> {
        let mut finder = CauseFinder { eval: self, lets: Vec::new(), found: Vec::new(), visited: 0 };
        finder.expr(expr, frame);
        finder.found
    }

    /// The `let` of a body that is stored in a slot of its frame.
    pub(crate) fn let_of_body(&self, frame: &'a Frame<'a>, slot: u32) -> Option<&'a Let> {
        let lets: &'a [Let] = match frame.this {
            Value::Object(object) => {
                let layers = self.instance(object).layers;
                let layer =
                    layers.iter().find(|layer| layer.frame.get().is_some_and(|own| std::ptr::eq(own, frame)))?;
                &layer.body()?.lets
            }
            Value::Map(map) => match map.source {
                EntrySource::Body(body, _) if map.base.is_none() => &body.lets,
                _ => return None,
            },
            _ => return None,
        };
        lets.iter().find(|item| item.slot == slot)
    }
}

impl<'a> CauseFinder<'_, 'a> {
    fn add(&mut self, expr: &'a Expr, value: Value<'a>, origin: Origin<'a>) {
        let Some(file) = self.eval.files.get(expr.span.file) else { return };
        let text = file.slice(expr.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let known = self.found.iter().any(|cause| match origin.identity() {
            None => cause.text == text,
            identity => cause.origin.identity() == identity,
        });
        if !known && !text.is_empty() && self.found.len() < MAX_CAUSES {
            self.found.push(Cause { text, value, origin });
        }
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>, frame: &'a Frame<'a>) {
        exprs.into_iter().for_each(|expr| self.expr(expr, frame));
    }

    fn expr(&mut self, expr: &'a Expr, frame: &'a Frame<'a>) {
        self.visited += 1;
        if self.found.len() >= MAX_CAUSES || self.visited > MAX_EXPRS {
            return;
        }
        match &expr.kind {
            ExprKind::Local { up, slot } => self.local(expr, frame, frame.outer(*up), *slot),
            ExprKind::Global(id) => {
                if let Ok(value) = self.eval.global(*id) {
                    self.add(expr, value, Origin::Global(*id));
                }
            }
            ExprKind::Field { recv, .. } | ExprKind::Entry { recv, .. } | ExprKind::Index { recv, .. } => {
                self.member(expr, recv, frame);
            }
            ExprKind::Binary { op: BinaryOp::Coalesce, left, right } => {
                self.expr(left, frame);
                if matches!(self.eval.eval(left, frame), Ok(Value::Null)) {
                    self.expr(right, frame);
                }
            }
            ExprKind::Binary { left, right, .. } => self.exprs([&**left, right], frame),
            ExprKind::Range { start, end, .. } => self.exprs([&**start, end], frame),
            ExprKind::Not(value) | ExprKind::Neg(value) => self.expr(value, frame),
            ExprKind::Coerce { value, .. } | ExprKind::Convert { value, .. } | ExprKind::Is { value, .. } => {
                self.expr(value, frame);
            }
            ExprKind::NonNull(value) => self.expr(value, frame),
            ExprKind::Str(parts) => self.exprs(
                parts.iter().filter_map(|part| match part {
                    StrPart::Expr(expr) => Some(expr),
                    StrPart::Text(_) => None,
                }),
                frame,
            ),
            ExprKind::Call { args, .. } => self.exprs(args.iter().flatten(), frame),
            ExprKind::CallMethod { recv, args, .. } | ExprKind::CallSuper { recv, args, .. } => {
                self.expr(recv, frame);
                self.exprs(args.iter().flatten(), frame);
            }
            ExprKind::CallValue { callee, args } => {
                self.expr(callee, frame);
                self.exprs(args, frame);
            }
            ExprKind::CallBuiltin { name, args } if matches!(name.as_str(), "map.get" | "keyed.get") => {
                self.lookup(expr, args, frame);
            }
            ExprKind::CallBuiltin { args, .. } => self.exprs(args, frame),
            ExprKind::Derive { base, .. } => self.expr(base, frame),
            ExprKind::List(items) | ExprKind::KeyedList { items, .. } => self.elements(items, frame),
            ExprKind::If { .. } | ExprKind::Match { .. } | ExprKind::Block { .. } => self.branch(expr, frame),
            ExprKind::Error
            | ExprKind::Const(_)
            | ExprKind::This { .. }
            | ExprKind::Fn(_)
            | ExprKind::BoundMethod { .. }
            | ExprKind::Lambda(_)
            | ExprKind::Object { .. } => {}
        }
    }

    /// The condition and the branch that was taken.
    fn branch(&mut self, expr: &'a Expr, frame: &'a Frame<'a>) {
        match &expr.kind {
            ExprKind::If { cond, then, otherwise } => {
                self.expr(cond, frame);
                if let Ok(is_true) = self.eval.eval_condition(cond, frame) {
                    self.expr(if is_true { then } else { otherwise }, frame);
                }
            }
            ExprKind::Match { value, arms } => {
                self.expr(value, frame);
                let Ok(found) = self.eval.eval(value, frame) else { return };
                let matching = arms.iter().find(|arm| {
                    let fits =
                        arm.patterns.iter().any(|pattern| self.eval.matches_pattern(pattern, found, frame) == Ok(true));
                    fits && arm.guard.as_ref().is_none_or(|guard| self.eval.eval_condition(guard, frame) == Ok(true))
                });
                if let Some(arm) = matching {
                    self.expr(&arm.value, frame);
                }
            }
            ExprKind::Block { lets, value } => {
                let before = self.lets.len();
                for item in lets {
                    let cell = &frame.slots[item.slot as usize];
                    if matches!(cell.get(), Local::Unset) {
                        cell.set(Local::Lazy(item));
                    }
                    self.lets.push(item);
                }
                self.expr(value, frame);
                self.lets.truncate(before);
            }
            _ => {}
        }
    }

    fn elements(&mut self, items: &'a [Elem], frame: &'a Frame<'a>) {
        for item in items {
            match item {
                Elem::Item(expr) | Elem::Spread(expr) => self.expr(expr, frame),
                Elem::For { head, .. } => self.expr(&head.iter, frame),
                Elem::If { cond, then, otherwise } => {
                    self.expr(cond, frame);
                    if let Ok(is_true) = self.eval.eval_condition(cond, frame) {
                        self.elements(if is_true { then } else { otherwise }, frame);
                    }
                }
                Elem::Let(_) => {}
            }
        }
    }

    fn local(&mut self, expr: &'a Expr, frame: &'a Frame<'a>, home: &'a Frame<'a>, slot: u32) {
        // A `let` of a block is part of the same expression: its causes take its place.
        if let Some(item) = self.lets.iter().rev().find(|item| item.slot == slot && std::ptr::eq(frame, home)) {
            let item = *item;
            return self.expr(&item.value, frame);
        }
        let Ok(value) = self.eval.eval(expr, frame) else { return };
        match self.eval.let_of_body(home, slot) {
            Some(item) => self.add(expr, value, Origin::Let(item, home)),
            None => self.add(expr, value, Origin::Unknown),
        }
    }

    fn member(&mut self, expr: &'a Expr, recv: &'a Expr, frame: &'a Frame<'a>) {
        let Ok(value) = self.eval.eval(expr, frame) else { return };
        let origin = match (&expr.kind, self.eval.eval(recv, frame)) {
            (ExprKind::Field { field, .. }, Ok(Value::Object(object))) => Some(Origin::Field(object, *field)),
            (ExprKind::Entry { name, .. }, Ok(Value::Object(object))) => {
                object.schema.field_index(*name).map(|field| Origin::Field(object, field))
            }
            (ExprKind::Entry { name, .. }, Ok(Value::Map(map))) => self.entry(map, Key::Str(name.as_str())),
            (ExprKind::Index { index, .. }, Ok(Value::Map(map))) => match index.as_slice() {
                [index] => match self.eval.eval(index, frame).ok().and_then(|key| key.as_key()) {
                    Some(key) => self.entry(map, key),
                    None => None,
                },
                _ => None,
            },
            _ => None,
        };
        match origin {
            Some(origin) => self.add(expr, value, origin),
            None => self.expr(recv, frame),
        }
    }

    /// `.get(key)` reads an entry like an index.
    fn lookup(&mut self, expr: &'a Expr, args: &'a [Expr], frame: &'a Frame<'a>) {
        if let [recv, key] = args
            && let (Ok(Value::Map(map)), Ok(key)) = (self.eval.eval(recv, frame), self.eval.eval(key, frame))
            && let Some(origin) = key.as_key().and_then(|key| self.entry(map, key))
            && let Ok(value) = self.eval.eval(expr, frame)
        {
            return self.add(expr, value, origin);
        }
        self.exprs(args, frame);
    }

    fn entry(&self, map: &'a Map<'a>, key: Key<'a>) -> Option<Origin<'a>> {
        let index = self.eval.find_entry(map, key).ok().flatten()?;
        Some(Origin::Entry(map, index))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    #[test]
    fn the_causes_are_what_the_taken_branches_read() {
        let fixture = program(
            "schema S { n: Int = 2 }
let s = S {}
let m: {String: Int} = { k = 5 }
let flag = true
x = if flag { s.n + m[\"k\"] } else { 0 }
y = [for i in [s.n] { i }]",
        );
        assert_eq!(fixture.causes("x"), ["flag = true", "s.n = 2", "m[\"k\"] = 5"]);
        assert_eq!(fixture.causes("y"), ["s.n = 2"]);
    }
}
