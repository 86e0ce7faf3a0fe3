//! Errors of an evaluation: recorded once, shown only if they reach somebody who asks, and undone where something may be tried again.

use std::cell::Cell;

use forge_base::{Code, Diag};
use forge_check::hir::Expr;

use super::{Activity, Evaluator};
use crate::error;
use crate::frame::{Frame, Local};
use crate::value::{Raised, Slot, Value};

/// What an error stands for.
pub(super) struct Failure {
    diag: Diag,
    /// Diagnostics of further errors that came with it.
    more: Vec<Diag>,
    /// For a circle: how far down the stack of activities it reaches.
    reach: Option<usize>,
}

/// A place that holds an error, and what it held before.
#[derive(Clone, Copy)]
pub(crate) enum Failed<'a> {
    Slot(&'a Cell<Slot<'a>>),
    Local(&'a Cell<Local<'a>>, Local<'a>),
}

impl<'a> Evaluator<'a> {
    /// The diagnostics that an error stands for: mostly one, several where several checks of one object failed.
    pub fn diags(&self, raised: Raised) -> Vec<Diag> {
        let errors = self.errors.borrow();
        let failure = &errors[raised.0 as usize];
        std::iter::once(&failure.diag).chain(&failure.more).cloned().collect()
    }

    /// Records an error and gives what to return for it. It is shown only if it reaches somebody who asks for its diagnostics.
    #[cold]
    pub fn raise(&self, diag: Diag) -> Raised {
        let diag = self.with_object(diag);
        let mut errors = self.errors.borrow_mut();
        errors.push(Failure { diag, more: Vec::new(), reach: None });
        Raised(errors.len() as u32 - 1)
    }

    /// Records a circle that begins at place `reach` of the stack of activities.
    pub(crate) fn raise_circle(&self, diag: Diag, reach: usize) -> Raised {
        let raised = self.raise(diag);
        self.errors.borrow_mut()[raised.0 as usize].reach = Some(reach);
        raised
    }

    /// Whether an error is a circle through something that was being computed before place `floor` of the stack.
    pub(crate) fn reaches_below(&self, raised: Raised, floor: usize) -> bool {
        self.errors.borrow()[raised.0 as usize].reach.is_some_and(|reach| reach < floor)
    }

    /// Remembers a place that now holds an error.
    #[cold]
    pub(crate) fn note_failed(&self, failed: Failed<'a>) {
        self.failed.borrow_mut().push(failed);
    }

    /// How many places hold errors.
    pub(crate) fn failed_count(&self) -> usize {
        self.failed.borrow().len()
    }

    /// Makes the places that failed since `mark` as they were, to be tried again later.
    pub(crate) fn retry_from(&self, mark: usize) {
        for failed in self.failed.borrow_mut().drain(mark..) {
            match failed {
                Failed::Slot(slot) => slot.set(Slot::Empty),
                Failed::Local(cell, before) => cell.set(before),
            }
        }
    }

    /// Names the object whose field was being computed, if the error lies elsewhere: in a default, mostly.
    fn with_object(&self, diag: Diag) -> Diag {
        let Some(primary) = diag.span() else { return diag };
        let active = self.active.borrow();
        let object = active.iter().rev().find_map(|activity| match activity {
            Activity::Field(object, _) => Some(*object),
            _ => None,
        });
        let Some((object, span)) = object.and_then(|object| Some((object, object.layer?.0.span))) else { return diag };
        if span.contains(primary) || diag.labels.iter().any(|label| label.span == span) {
            return diag;
        }
        diag.label(span, format!("in this `{}`", object.schema_name()))
    }

    /// Adds to an error what the value that did not fit was made from.
    #[cold]
    pub(super) fn explain_value(&self, raised: Raised, result: Value<'a>, value: &'a Expr, frame: &'a Frame<'a>) {
        if matches!(result, Value::Object(_) | Value::Map(_) | Value::List(_)) {
            return;
        }
        let mut parts = self.parts(value, frame);
        // What the headline has already.
        parts.retain(|part| part.set_at.is_some() || part.value != self.show(result));
        self.amend(raised, |diag| match diag.code {
            Code::REFINEMENT_FAILED => Some(error::with_parts(diag.clone(), parts)),
            _ => None,
        });
    }

    /// Puts another diagnostic in the place of a recorded one, if `change` makes one.
    #[cold]
    pub(crate) fn amend(&self, raised: Raised, change: impl FnOnce(&Diag) -> Option<Diag>) {
        let mut errors = self.errors.borrow_mut();
        let diag = &mut errors[raised.0 as usize].diag;
        if let Some(changed) = change(diag) {
            *diag = changed;
        }
    }

    /// Whether a recorded diagnostic is one that `test` looks for.
    pub(crate) fn is_error_with(&self, raised: Raised, test: impl FnOnce(&Diag) -> bool) -> bool {
        test(&self.errors.borrow()[raised.0 as usize].diag)
    }

    /// Adds the diagnostics of a second error to the first.
    #[cold]
    pub(crate) fn join_errors(&self, first: Raised, second: Raised) {
        let more = self.diags(second);
        self.errors.borrow_mut()[first.0 as usize].more.extend(more);
    }
}
