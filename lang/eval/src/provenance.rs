//! Who set what: the chain of places that made a field or entry, and the operands of a condition that failed.

use forge_base::{Code, Diag, Span};
use forge_check::hir::{BodyItem, BodyItemKind, Expr, ExprKind, Key as HirKey};

use crate::error;
use crate::evaluator::Evaluator;
use crate::frame::Frame;
use crate::value::{EntrySource, ErrorId, Map, Object, Override, Value};

/// Errors of single operations, which are explained by what their operands are.
const OPERATIONS: [Code; 4] = [Code::INT_OVERFLOW, Code::DIVISION_BY_ZERO, Code::INDEX_OUT_OF_RANGE, Code::NO_SUCH_KEY];

/// What an item did to a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Gave it a value.
    Set,
    /// Changed operands of it.
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
            let explicit = items.iter().any(|item| !is_default_item(item));
            for item in items {
                if explicit && is_default_item(item) {
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
                let branch = match self.memoized(cond, *memo, frame) {
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
        if let (None, EntrySource::Body(body, _)) = (entry.chain, map.source) {
            into.extend(body.items.get(place).map(|item| setter(item, map.frame.get(), *replaced)));
        }
        let mut next = entry.chain;
        while let Some(chain) = next {
            match chain.step {
                Override::Item(item, frame) => {
                    into.push(setter(item, Some(frame), *replaced));
                    *replaced |= matches!(item.kind, BodyItemKind::Set { super_slot: None, .. });
                }
                Override::Entry(from, place) => {
                    // Without a place it is the base that this map refines; with one, a spread.
                    if let Some(span) = chain.span {
                        into.push(Setter { span, value: None, change: Change::Spread, replaced: *replaced });
                    }
                    self.entry_history_into(from, place, replaced, into);
                    *replaced = true;
                }
                Override::Field(object, field) => {
                    if let Some(span) = chain.span {
                        into.push(Setter { span, value: None, change: Change::Spread, replaced: *replaced });
                    }
                    for mut set in self.history(object, field) {
                        set.replaced |= *replaced;
                        into.push(set);
                    }
                    *replaced = true;
                }
                Override::Value(_) => {
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
        last_setter(&self.history(object, field))
    }

    /// The span that set an entry last.
    pub fn entry_setter(&self, map: &'a Map<'a>, index: usize) -> Option<Span> {
        last_setter(&self.entry_history(map, index))
    }

    /// Where a value was written, if it is one that remembers.
    pub fn origin(&self, value: Value<'a>) -> Option<Span> {
        match value {
            Value::Object(object) => object.layer.map(|(body, _)| body.span),
            Value::Map(map) => match map.source {
                EntrySource::Body(body, _) => Some(body.span),
                _ => None,
            },
            _ => None,
        }
    }

    /// The operands of a condition with their values and the places that set them, for messages. Constants are left out.
    pub(crate) fn operands(&self, cond: &'a Expr, frame: &'a Frame<'a>) -> Vec<Operand> {
        let mut operands = Vec::new();
        let mut whole = cond;
        while let ExprKind::Not(inner) | ExprKind::Coerce { value: inner, .. } = &whole.kind {
            whole = inner;
        }
        match &whole.kind {
            // What the whole gives is known.
            ExprKind::CallBuiltin { args, .. } => {
                args.iter().for_each(|arg| self.collect_operands(arg, frame, &mut operands))
            }
            _ => self.collect_operands(whole, frame, &mut operands),
        }
        let mut seen = Vec::new();
        operands.retain(|operand: &Operand| {
            let fresh = !seen.contains(&operand.text);
            seen.push(operand.text.clone());
            fresh
        });
        operands.truncate(8);
        operands
    }

    /// Adds to the error of an operation at `span` what its operands are and who set them.
    #[cold]
    pub(crate) fn explain_operands(&self, error: ErrorId, span: Span, exprs: &'a [Expr], frame: &'a Frame<'a>) {
        let is_of_it = |diag: &Diag| OPERATIONS.contains(&diag.code) && diag.span() == Some(span);
        if !self.is_error_with(error, is_of_it) {
            return;
        }
        let mut operands: Vec<Operand> = Vec::new();
        for operand in exprs.iter().flat_map(|expr| self.operands(expr, frame)) {
            if operands.iter().all(|known| known.text != operand.text) {
                operands.push(operand);
            }
        }
        self.amend(error, |diag| Some(error::with_operands(diag.clone(), operands)));
    }

    fn collect_operands(&self, expr: &'a Expr, frame: &'a Frame<'a>, operands: &mut Vec<Operand>) {
        match &expr.kind {
            ExprKind::Const(_) | ExprKind::Lambda(_) | ExprKind::Fn(_) | ExprKind::Range { .. } => {}
            ExprKind::Not(value) | ExprKind::Neg(value) => self.collect_operands(value, frame, operands),
            ExprKind::Coerce { value, .. } => self.collect_operands(value, frame, operands),
            ExprKind::Binary { left, right, .. } => {
                self.collect_operands(left, frame, operands);
                self.collect_operands(right, frame, operands);
            }
            ExprKind::Is { value, .. } => self.collect_operands(value, frame, operands),
            ExprKind::CallBuiltin { args, .. } => {
                self.add_operand(expr, frame, operands);
                args.iter().for_each(|arg| self.collect_operands(arg, frame, operands));
            }
            _ => self.add_operand(expr, frame, operands),
        }
    }

    fn add_operand(&self, expr: &'a Expr, frame: &'a Frame<'a>, operands: &mut Vec<Operand>) {
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
        operands.push(Operand { text, value: shown, set_at: self.set_at(expr, value, frame) });
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

/// A operand of a condition.
pub(crate) struct Operand {
    /// As it is written.
    pub text: String,
    /// What it is.
    pub value: String,
    /// Where it was set.
    pub set_at: Option<Span>,
}

/// The span of the last item that sets a value, or of the last item that changes it.
fn last_setter(history: &[Setter<'_>]) -> Option<Span> {
    let set = history.iter().find(|setter| setter.change == Change::Set);
    set.or(history.first()).map(|setter| setter.span)
}

fn is_default_item(item: &BodyItem) -> bool {
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
