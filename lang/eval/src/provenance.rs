//! Who set what: the chain of places that made a field or entry, and the parts of a condition that failed.

use forge_base::{Code, Diag, Span};
use forge_check::hir::{BodyItem, BodyItemKind, Expr, ExprKind, Key as HirKey};

use crate::error;
use crate::evaluator::Evaluator;
use crate::frame::Frame;
use crate::value::{Map, Object, Raised, Source, Step, Value};

/// Errors of single operations, which are explained by what their operands are.
const OPERATIONS: [Code; 4] = [Code::INT_OVERFLOW, Code::DIVISION_BY_ZERO, Code::INDEX_OUT_OF_RANGE, Code::NO_SUCH_KEY];

/// What an item did to a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Gave it a value.
    Set,
    /// Changed parts of it.
    Refined,
    /// Added to it.
    Appended,
    /// Took it from another object or map.
    Spread,
    /// Declared it with a default.
    Default,
    /// Gave it from outside, on the command line.
    Given,
}

/// One place that had a say in a value.
#[derive(Clone, Copy)]
pub struct Setter<'a> {
    /// The key or path of the item.
    pub span: Span,
    /// The expression that it gave, and the frame that it was written in.
    pub value: Option<(&'a Expr, &'a Frame<'a>)>,
    /// What it did.
    pub change: Change,
    /// Whether a later one replaced it.
    pub replaced: bool,
}

impl<'a> Evaluator<'a> {
    /// Everything that says something of a field: the last first, those behind the first that sets it being replaced.
    pub fn history(&self, object: &'a Object<'a>, field: u32) -> Vec<Setter<'a>> {
        let mut setters = Vec::new();
        let mut replaced = false;
        for layer in self.instance(object).layers.iter().rev() {
            let frame = self.layer_frame(layer, Value::Object(object));
            let mut items = Vec::new();
            for &place in layer.body.items_of(field) {
                self.taken(&layer.body.items[place as usize], field, frame, &mut items);
            }
            let strong = items.iter().any(|item| !is_weak(item));
            for item in items {
                if strong && is_weak(item) {
                    continue;
                }
                setters.push(setter(item, Some(frame), replaced));
                replaced |= matches!(item.kind, BodyItemKind::Set { super_slot: None, .. });
            }
        }
        setters
    }

    fn taken(&self, item: &'a BodyItem, field: u32, frame: &'a Frame<'a>, into: &mut Vec<&'a BodyItem>) {
        match &item.kind {
            BodyItemKind::If { cond, memo, then, otherwise } => {
                let branch = match self.remembered(cond, *memo, frame) {
                    Ok(true) => then,
                    _ => otherwise,
                };
                branch.iter().for_each(|item| self.taken(item, field, frame, into));
            }
            BodyItemKind::Set { key, .. }
            | BodyItemKind::Refine { key, .. }
            | BodyItemKind::Append { key, .. }
            | BodyItemKind::Delete { key } => {
                if matches!(key, HirKey::Field(index, _) if *index == field) {
                    into.push(item);
                }
            }
            BodyItemKind::Spread { .. } | BodyItemKind::For { .. } => {}
        }
    }

    /// Everything that says something of an entry, the last first.
    pub fn entry_history(&self, map: &'a Map<'a>, place: usize) -> Vec<Setter<'a>> {
        let mut setters = Vec::new();
        let mut replaced = false;
        self.entry_history_into(map, place, &mut replaced, &mut setters);
        setters
    }

    fn entry_history_into(&self, map: &'a Map<'a>, place: usize, replaced: &mut bool, into: &mut Vec<Setter<'a>>) {
        let Ok(entries) = self.entries(map) else { return };
        let Some(entry) = entries.get(place) else { return };
        if let (None, Source::Body(body, _)) = (entry.chain, map.source) {
            into.extend(body.items.get(place).map(|item| setter(item, map.frame.get(), *replaced)));
        }
        let mut next = entry.chain;
        while let Some(chain) = next {
            match chain.step {
                Step::Item(item, frame) => {
                    into.push(setter(item, Some(frame), *replaced));
                    *replaced |= matches!(item.kind, BodyItemKind::Set { super_slot: None, .. });
                }
                Step::Entry(from, place) => {
                    // Without a place it is the base that this map refines; with one, a spread.
                    if let Some(span) = chain.span {
                        into.push(Setter { span, value: None, change: Change::Spread, replaced: *replaced });
                    }
                    self.entry_history_into(from, place, replaced, into);
                    *replaced = true;
                }
                Step::Field(object, field) => {
                    if let Some(span) = chain.span {
                        into.push(Setter { span, value: None, change: Change::Spread, replaced: *replaced });
                    }
                    for mut set in self.history(object, field) {
                        set.replaced |= *replaced;
                        into.push(set);
                    }
                    *replaced = true;
                }
                Step::Value(_) => {
                    if let Some(span) = chain.span {
                        into.push(Setter { span, value: None, change: Change::Set, replaced: *replaced });
                    }
                    *replaced = true;
                }
            }
            next = chain.below;
        }
    }

    /// The place that set a field last.
    pub fn setter_of(&self, object: &'a Object<'a>, field: u32) -> Option<Span> {
        let setters = self.history(object, field);
        setters.iter().find(|setter| setter.change == Change::Set).or(setters.first()).map(|setter| setter.span)
    }

    /// Where a value was written, if it is one that remembers.
    pub fn origin(&self, value: Value<'a>) -> Option<Span> {
        match value {
            Value::Object(object) => object.layer.map(|(body, _)| body.span),
            Value::Map(map) => match map.source {
                Source::Body(body, _) => Some(body.span),
                _ => None,
            },
            _ => None,
        }
    }

    /// The parts of a condition with their values and the places that set them, for messages. Constants are left out.
    pub(crate) fn parts(&self, cond: &'a Expr, frame: &'a Frame<'a>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut whole = cond;
        while let ExprKind::Not(inner) | ExprKind::Coerce { value: inner, .. } = &whole.kind {
            whole = inner;
        }
        match &whole.kind {
            // What the whole gives is known.
            ExprKind::CallBuiltin { args, .. } => args.iter().for_each(|arg| self.parts_into(arg, frame, &mut parts)),
            _ => self.parts_into(whole, frame, &mut parts),
        }
        let mut seen = Vec::new();
        parts.retain(|part: &Part| {
            let fresh = !seen.contains(&part.text);
            seen.push(part.text.clone());
            fresh
        });
        parts.truncate(8);
        parts
    }

    /// Adds to the error of an operation at `span` what its operands are and who set them.
    #[cold]
    pub(crate) fn explain_operands(&self, raised: Raised, span: Span, operands: &'a [Expr], frame: &'a Frame<'a>) {
        let is_of_it = |diag: &Diag| OPERATIONS.contains(&diag.code) && diag.span() == Some(span);
        if !self.is_error_with(raised, is_of_it) {
            return;
        }
        let mut parts: Vec<Part> = Vec::new();
        for part in operands.iter().flat_map(|operand| self.parts(operand, frame)) {
            if parts.iter().all(|known| known.text != part.text) {
                parts.push(part);
            }
        }
        self.amend(raised, |diag| Some(error::with_parts(diag.clone(), parts)));
    }

    fn parts_into(&self, expr: &'a Expr, frame: &'a Frame<'a>, parts: &mut Vec<Part>) {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Lambda(_) | ExprKind::Fn(_) | ExprKind::Range { .. } => {}
            ExprKind::Not(value) | ExprKind::Neg(value) => self.parts_into(value, frame, parts),
            ExprKind::Coerce { value, .. } => self.parts_into(value, frame, parts),
            ExprKind::Binary { left, right, .. } => {
                self.parts_into(left, frame, parts);
                self.parts_into(right, frame, parts);
            }
            ExprKind::Is { value, .. } => self.parts_into(value, frame, parts),
            ExprKind::CallBuiltin { args, .. } => {
                self.note_part(expr, frame, parts);
                args.iter().for_each(|arg| self.parts_into(arg, frame, parts));
            }
            _ => self.note_part(expr, frame, parts),
        }
    }

    fn note_part(&self, expr: &'a Expr, frame: &'a Frame<'a>, parts: &mut Vec<Part>) {
        let Some(file) = self.files.get(expr.span.file) else { return };
        let text = file.slice(expr.span).split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        let Ok(value) = self.eval(expr, frame) else { return };
        let shown = self.show(value);
        // A literal says itself what it is.
        if shown.split_whitespace().eq(text.split_whitespace()) || shown.replace(' ', "") == text.replace(' ', "") {
            return;
        }
        parts.push(Part { text, value: shown, set_at: self.set_at(expr, value, frame) });
    }

    fn set_at(&self, expr: &'a Expr, value: Value<'a>, frame: &'a Frame<'a>) -> Option<Span> {
        match &expr.kind {
            ExprKind::Field { recv, field, .. } => match self.eval(recv, frame) {
                Ok(Value::Object(object)) => self.setter_of(object, *field),
                _ => None,
            },
            ExprKind::Global(id) => Some(self.program.global(*id).span),
            // A chain with `?.`, an index, or `.get(…)`: what it read last is what it gives.
            ExprKind::Entry { .. } | ExprKind::Index { .. } | ExprKind::Block { .. } | ExprKind::CallBuiltin { .. } => {
                let shown = self.show(value);
                let causes = self.causes(expr, frame);
                let last = causes.into_iter().rev().find(|cause| self.show(cause.value) == shown)?;
                self.setters(last.origin).first().map(|setter| setter.span)
            }
            _ => None,
        }
    }
}

/// A part of a condition.
pub(crate) struct Part {
    /// As it is written.
    pub text: String,
    /// What it is.
    pub value: String,
    /// Where it was set.
    pub set_at: Option<Span>,
}

fn is_weak(item: &BodyItem) -> bool {
    matches!(item.kind, BodyItemKind::Set { is_default: true, .. })
}

fn setter<'a>(item: &'a BodyItem, frame: Option<&'a Frame<'a>>, replaced: bool) -> Setter<'a> {
    let (change, value) = match &item.kind {
        BodyItemKind::Set { value, is_default: false, .. } => (Change::Set, Some(value)),
        // What a spread sets is read off the spread itself; a default stands behind its field.
        BodyItemKind::Set { value, .. } if value.span == item.span => (Change::Spread, Some(value)),
        BodyItemKind::Set { value, .. } => (Change::Default, Some(value)),
        BodyItemKind::Append { value, .. } => (Change::Appended, Some(value)),
        _ => (Change::Refined, None),
    };
    Setter { span: item.span, value: value.zip(frame), change, replaced }
}
