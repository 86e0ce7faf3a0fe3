//! Where a failed condition is reported: at the item that set the value, in the package that is built if any of them is.

use forge_base::{AnyCode, Diag, Label, Span};
use forge_check::hir::{BodyItem, BodyItemKind, Elem, Expr, ExprKind, For};

use crate::cause::Origin;
use crate::display::show;
use crate::evaluator::Evaluator;
use crate::stack::StackEntry;
use crate::value::{Entry, EntrySource, Frame, Local, Map, Object, Override, Slot, Value};

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
            ExprKind::List(items) => {
                for item in items {
                    if let Elem::Item(item) = item {
                        self.add_places(item, frame, loops, depth - 1, places);
                    }
                }
            }
            ExprKind::Global(id) => places.extend(self.setters(Origin::Global(*id)).iter().map(|setter| setter.span)),
            _ => {
                for cause in self.causes(expr, frame) {
                    places.extend(self.setters(cause.origin).into_iter().map(|setter| setter.span));
                }
                if let Ok(value) = self.eval(expr, frame) {
                    self.add_value_places(value, places);
                }
            }
        }
    }

    /// Where the loops around a check get their elements, the innermost first: the items that set the element, its own literal and
    /// refinements, then the items that delete others from the collection. Those in the file of the checked object, whose spans
    /// `around` are, come first.
    pub(crate) fn places_of_loops(&self, loops: &[Iteration<'a>], around: &[Span]) -> Vec<Span> {
        let mut places = Vec::new();
        for iteration in loops.iter().rev() {
            self.add_iteration_places(iteration, &mut places);
        }
        let file = self.preferred(around).map(|span| span.file);
        let (near, far): (Vec<Span>, Vec<Span>) = places.into_iter().partition(|span| Some(span.file) == file);
        [near, far].concat()
    }

    fn add_iteration_places(&self, iteration: &Iteration<'a>, places: &mut Vec<Span>) {
        let Ok(over) = self.eval(&iteration.head.iter, iteration.outer) else { return };
        for slot in iteration.head.vars.iter().flatten() {
            let Local::Value(value) = iteration.frame.slots[*slot as usize].get() else { continue };
            if let Value::Map(map) = over {
                self.add_entry_places(map, value, places);
            }
            self.add_value_places(value, places);
        }
        if let Value::Map(map) = over {
            places.extend(deletions(map));
        }
    }

    /// The items that set the entry which has a value.
    fn add_entry_places(&self, map: &'a Map<'a>, value: Value<'a>, places: &mut Vec<Span>) {
        let Ok(entries) = self.entries(map) else { return };
        let is_value = |entry: &Entry<'a>| matches!(entry.slot.get(), Slot::Done(own) if is_same(own, value));
        if let Some(index) = entries.iter().position(is_value) {
            self.add_override_places(map, index, places);
        }
    }

    /// The items that set an entry, the last first; below a spread those of the map that is spread.
    fn add_override_places(&self, map: &'a Map<'a>, index: usize, places: &mut Vec<Span>) {
        places.extend(self.entry_span(map, index));
        let chain = self.entries(map).ok().and_then(|entries| entries.get(index)?.chain);
        let links = std::iter::successors(chain, |link| link.below);
        for (above, link) in links.enumerate() {
            if above > 0 {
                places.extend(link.span);
            }
            if let Override::Entry(from, index) = link.last {
                self.add_override_places(from, index, places);
            }
        }
    }

    /// The spans of the literal and the refinements that make up an object or map, the last first; of the items of a list.
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
            Value::List(items) => items.iter().for_each(|item| self.add_value_places(*item, places)),
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
                // The fields of an object are left out: its name alone says nothing.
                if !matches!(value, Value::Object(_)) && !diag.notes.contains(&note) {
                    diag = diag.note(note);
                }
            }
        }
        diag
    }
}

/// The items of the layers of a map that delete entries, the last layer first.
fn deletions<'a>(map: &'a Map<'a>) -> impl Iterator<Item = Span> {
    let chain = std::iter::successors(Some(map), |map| map.base);
    let bodies = chain.filter_map(|map| match map.source {
        EntrySource::Body(body, _) => Some(body),
        _ => None,
    });
    let is_deletion = |item: &&'a BodyItem| matches!(item.kind, BodyItemKind::Delete { .. });
    bodies.flat_map(move |body| body.items.iter().filter(is_deletion).map(|item| item.span))
}

/// Whether two values are the same one, not only equal.
fn is_same<'a>(a: Value<'a>, b: Value<'a>) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => std::ptr::eq(a, b),
        (Value::Map(a), Value::Map(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}
