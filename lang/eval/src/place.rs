//! Where a failed condition is reported: at the item that set the value, in the package that is built if any of them is.

use forge_base::{AnyCode, Diag, Label, Span};
use forge_check::hir::{Elem, Expr, ExprKind, For};

use crate::cause::Origin;
use crate::display::show;
use crate::evaluator::Evaluator;
use crate::stack::StackEntry;
use crate::value::{EntrySource, Frame, Local, Map, Object, Value};

/// An iteration of a loop around a check.
#[derive(Clone, Copy)]
pub(crate) struct Iteration<'a> {
    pub(crate) head: &'a For,
    /// The frame around the loop.
    pub(crate) outer: &'a Frame<'a>,
    pub(crate) frame: &'a Frame<'a>,
}

/// The depth at which a search for the span of a value ends: `let`s that name each other.
const MAX_DEPTH: u32 = 32;

impl<'a> Evaluator<'a> {
    /// Whether a span is in the package that is built. Everything is if no package is known.
    pub(crate) fn is_own(&self, span: Span) -> bool {
        self.options.package.as_ref().is_none_or(|package| self.options.roots.get(&span.file) == Some(package))
    }

    /// The first span in the package that is built, or the first one.
    pub(crate) fn preferred(&self, spans: &[Span]) -> Option<Span> {
        spans.iter().copied().find(|span| self.is_own(*span)).or(spans.first().copied())
    }

    /// The spans that set the value of an expression, the last first.
    pub(crate) fn places_of(&self, expr: &'a Expr, frame: &'a Frame<'a>, loops: &[Iteration<'a>]) -> Vec<Span> {
        let mut places = Vec::new();
        self.add_places(expr, frame, loops, MAX_DEPTH, &mut places);
        places
    }

    fn add_places(
        &self,
        expr: &'a Expr,
        frame: &'a Frame<'a>,
        loops: &[Iteration<'a>],
        depth: u32,
        places: &mut Vec<Span>,
    ) {
        if depth == 0 {
            return;
        }
        match &expr.kind {
            ExprKind::Coerce { value, .. } | ExprKind::Not(value) | ExprKind::Neg(value) => {
                self.add_places(value, frame, loops, depth - 1, places);
            }
            ExprKind::Local { up, slot } => {
                let home = frame.outer(*up);
                if let Some(item) = self.let_of_body(home, *slot) {
                    self.add_places(&item.value, home, loops, depth - 1, places);
                }
                if let Ok(value) = self.eval(expr, frame) {
                    self.add_value_places(value, places);
                    let iteration = loops.iter().find(|iteration| std::ptr::eq(iteration.frame, home));
                    if let Some(iteration) = iteration {
                        self.add_element_places(iteration, value, depth, places);
                    }
                }
            }
            ExprKind::This { .. } => {
                if let Ok(value) = self.eval(expr, frame) {
                    self.add_value_places(value, places);
                }
            }
            ExprKind::Field { recv, .. } | ExprKind::Entry { recv, .. } | ExprKind::Index { recv, .. } => {
                for cause in self.causes(expr, frame) {
                    places.extend(self.setters(cause.origin).into_iter().map(|setter| setter.span));
                }
                if let Ok(value) = self.eval(recv, frame) {
                    self.add_value_places(value, places);
                }
                self.add_places(recv, frame, loops, depth - 1, places);
            }
            ExprKind::Global(id) => places.extend(self.setters(Origin::Global(*id)).iter().map(|setter| setter.span)),
            _ => {
                for cause in self.causes(expr, frame) {
                    places.extend(self.setters(cause.origin).into_iter().map(|setter| setter.span));
                }
            }
        }
    }

    /// The spans of the literal and the refinements that make up an object or map, the last first.
    pub(crate) fn add_value_places(&self, value: Value<'a>, places: &mut Vec<Span>) {
        match value {
            Value::Object(object) => {
                let chain = std::iter::successors(Some(object), |object| object.base);
                places.extend(chain.filter_map(Object::span));
            }
            Value::Map(map) => {
                let chain = std::iter::successors(Some(map), |map| map.base);
                places.extend(chain.filter_map(|map: &Map<'a>| match map.source {
                    EntrySource::Body(body, _) => Some(body.span),
                    _ => None,
                }));
            }
            _ => {}
        }
    }

    /// The element of a list literal that is the value of a loop's variable, and the spans that set the list.
    fn add_element_places(&self, iteration: &Iteration<'a>, value: Value<'a>, depth: u32, places: &mut Vec<Span>) {
        let source = self.list_source(&iteration.head.iter, iteration.outer);
        if let Some((ExprKind::List(items), frame)) = source.map(|(expr, frame)| (&expr.kind, frame)) {
            let found = items.iter().find_map(|item| match item {
                Elem::Item(item) => {
                    let same = self.eval(item, frame).and_then(|item| self.equal(item, value));
                    (same == Ok(true)).then_some(item.span)
                }
                _ => None,
            });
            places.extend(found);
        }
        self.add_places(&iteration.head.iter, iteration.outer, &[], depth - 1, places);
    }

    /// The expression that set the list which an expression reads.
    fn list_source(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Option<(&'a Expr, &'a Frame<'a>)> {
        match &expr.kind {
            ExprKind::List(_) => Some((expr, frame)),
            ExprKind::Coerce { value, .. } => self.list_source(value, frame),
            _ => {
                let causes = self.causes(expr, frame);
                let [cause] = causes.as_slice() else { return None };
                self.setters(cause.origin).first()?.value
            }
        }
    }

    /// The spans of the values that are being computed, the innermost first.
    pub(crate) fn places_around(&self) -> Vec<Span> {
        let mut places = Vec::new();
        for entry in self.stack.entries().into_iter().rev() {
            match entry {
                StackEntry::Field(object, _) => self.add_value_places(Value::Object(object), &mut places),
                StackEntry::Entry(map, index) => places.extend(self.entry_span(map, index)),
                StackEntry::Global(id) => places.push(self.program.global(id).span),
                StackEntry::Let(item) => places.push(item.value.span),
            }
        }
        places
    }

    /// Moves a diagnostic about library code to the innermost location in the package that is built.
    #[cold]
    pub(crate) fn with_own_place(&self, mut diag: Diag) -> Diag {
        let Some(primary) = diag.primary.as_ref().filter(|primary| !self.is_own(primary.span)) else { return diag };
        let Some(own) = self.places_around().into_iter().find(|span| self.is_own(*span)) else { return diag };
        let moved = primary.clone();
        diag.labels.retain(|label| label.span != own);
        diag.labels.insert(0, moved);
        diag.at(own, "needed by this")
    }

    /// The locations of a diagnostic in libraries as notes, if it has one in the package that is built.
    #[cold]
    pub(crate) fn with_library_notes(&self, mut diag: Diag) -> Diag {
        if !diag.span().is_some_and(|span| self.is_own(span)) {
            return diag;
        }
        let (own, others): (Vec<Label>, Vec<Label>) = diag.labels.drain(..).partition(|label| self.is_own(label.span));
        diag.labels = own;
        others.into_iter().fold(diag, |diag, label| {
            let location = self.files.location(label.span);
            diag.note(format!("{}: {location}", label.text))
        })
    }

    /// Whether an `@allow` around one of the locations suppresses a code.
    #[cold]
    pub(crate) fn is_waived(&self, code: AnyCode, places: &[Span]) -> bool {
        let Some(waivers) = self.options.waivers else { return false };
        let waived = self.waived.get_or_init(|| waivers.waived());
        waived.iter().any(|(item, own)| *own == code && places.iter().any(|place| item.contains(*place)))
    }

    /// Adds the values of the variables of the loops around a condition.
    pub(crate) fn with_loop_values(&self, mut diag: Diag, loops: &[Iteration<'a>]) -> Diag {
        for iteration in loops {
            for (name, slot) in iteration.head.names.iter().zip(&iteration.head.vars) {
                let Some(slot) = slot else { continue };
                let Local::Value(value) = iteration.frame.slots[*slot as usize].get() else { continue };
                // Of an object only the schema would be shown.
                if matches!(value, Value::Object(_) | Value::Function(_)) {
                    continue;
                }
                let note = format!("`{name}` is {}", show(value));
                if !diag.notes.contains(&note) {
                    diag = diag.note(note);
                }
            }
        }
        diag
    }
}
