//! Errors of an evaluation: recorded once, shown only if they reach somebody who asks, and undone where something may be tried again.

use std::cell::Cell;

use forge_base::{Code, Diag};
use forge_check::hir::Expr;

use super::{Evaluator, StackEntry};
use crate::error;
use crate::frame::{Frame, Local};
use crate::value::{ErrorId, Slot, Value};

/// What an error stands for.
pub(super) struct RecordedError {
    diag: Diag,
    /// Diagnostics of further errors that came with it.
    more: Vec<Diag>,
    /// For a cycle: how far down the stack of activities it reaches.
    reach: Option<usize>,
}

/// A place that holds an error, and what it held before.
#[derive(Clone, Copy)]
pub(crate) enum FailedSlot<'a> {
    Slot(&'a Cell<Slot<'a>>),
    Local(&'a Cell<Local<'a>>, Local<'a>),
}

impl<'a> Evaluator<'a> {
    /// The diagnostics that an error stands for: mostly one, several where several checks of one object failed.
    pub fn diags(&self, error: ErrorId) -> Vec<Diag> {
        let errors = self.errors.borrow();
        let failure = &errors[error.0 as usize];
        std::iter::once(&failure.diag).chain(&failure.more).cloned().collect()
    }

    /// Records an error and gives what to return for it. It is shown only if it reaches somebody who asks for its diagnostics.
    #[cold]
    pub fn raise(&self, diag: Diag) -> ErrorId {
        let diag = self.with_object(diag);
        let mut errors = self.errors.borrow_mut();
        errors.push(RecordedError { diag, more: Vec::new(), reach: None });
        ErrorId(errors.len() as u32 - 1)
    }

    /// Records a cycle that begins at place `reach` of the stack of activities.
    pub(crate) fn raise_cycle(&self, diag: Diag, reach: usize) -> ErrorId {
        let error = self.raise(diag);
        self.errors.borrow_mut()[error.0 as usize].reach = Some(reach);
        error
    }

    /// Whether an error is a cycle through something that was being computed before place `floor` of the stack.
    pub(crate) fn reaches_below(&self, error: ErrorId, floor: usize) -> bool {
        self.errors.borrow()[error.0 as usize].reach.is_some_and(|reach| reach < floor)
    }

    /// Remembers a place that now holds an error.
    #[cold]
    pub(crate) fn note_failed(&self, failed: FailedSlot<'a>) {
        self.failed.borrow_mut().push(failed);
    }

    /// How many places hold errors.
    pub(crate) fn failed_count(&self) -> usize {
        self.failed.borrow().len()
    }

    /// Makes the places that failed since `mark` as they were, to be tried again later.
    pub(crate) fn reset_failed_since(&self, mark: usize) {
        for failed in self.failed.borrow_mut().drain(mark..) {
            match failed {
                FailedSlot::Slot(slot) => slot.set(Slot::Empty),
                FailedSlot::Local(cell, before) => cell.set(before),
            }
        }
    }

    /// Names the object whose field was being computed, if the error lies elsewhere: in a default, mostly.
    fn with_object(&self, diag: Diag) -> Diag {
        let Some(primary) = diag.span() else { return diag };
        let active = self.eval_stack.borrow();
        let object = active.iter().rev().find_map(|entry| match entry {
            StackEntry::Field(object, _) => Some(*object),
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
    pub(super) fn explain_value(&self, error: ErrorId, result: Value<'a>, value: &'a Expr, frame: &'a Frame<'a>) {
        if matches!(result, Value::Object(_) | Value::Map(_) | Value::List(_)) {
            return;
        }
        let mut operands = self.operands(value, frame);
        // What the headline has already.
        operands.retain(|operand| operand.set_at.is_some() || operand.value != self.show(result));
        self.amend(error, |diag| match diag.code {
            Code::REFINEMENT_FAILED => Some(error::with_operands(diag.clone(), operands)),
            _ => None,
        });
    }

    /// Puts another diagnostic in the place of a recorded one, if `change` makes one.
    #[cold]
    pub(crate) fn amend(&self, error: ErrorId, change: impl FnOnce(&Diag) -> Option<Diag>) {
        let mut errors = self.errors.borrow_mut();
        let diag = &mut errors[error.0 as usize].diag;
        if let Some(changed) = change(diag) {
            *diag = changed;
        }
    }

    /// Whether a recorded diagnostic is one that `test` looks for.
    pub(crate) fn is_error_with(&self, error: ErrorId, test: impl FnOnce(&Diag) -> bool) -> bool {
        test(&self.errors.borrow()[error.0 as usize].diag)
    }

    /// Adds the diagnostics of a second error to the first.
    #[cold]
    pub(crate) fn join_errors(&self, first: ErrorId, second: ErrorId) {
        let more = self.diags(second);
        self.errors.borrow_mut()[first.0 as usize].more.extend(more);
    }
}
