//! The errors of one evaluation. An error is recorded once and shown only if it reaches a caller that asks for its diagnostics;
//! slots that hold an error can be reset to compute them again.

use std::cell::{Cell, RefCell};

use forge_base::Diag;

use crate::value::{ErrorId, Local, Object, Slot};

/// The recorded errors.
#[derive(Default)]
pub(crate) struct ErrorLog<'a> {
    errors: RefCell<Vec<RecordedError<'a>>>,
    /// The slots that hold an error, in the order in which they failed.
    failed: RefCell<Vec<FailedSlot<'a>>>,
}

struct RecordedError<'a> {
    diag: Diag,
    /// Further errors that were reported with it.
    more: Vec<ErrorId>,
    /// For a cycle: the index in the evaluation stack at which it starts.
    cycle_start: Option<usize>,
    /// The object that does not satisfy its schema, whose path the diagnostic gets when it is shown.
    instance: Option<&'a Object<'a>>,
    /// For a late field that is not set: the object that lacks it.
    waits_for: Option<&'a Object<'a>>,
}

/// A slot that holds an error, and how to reset it.
#[derive(Clone, Copy)]
pub(crate) enum FailedSlot<'a> {
    /// Becomes empty.
    Slot(&'a Cell<Slot<'a>>),
    /// Becomes what it was before.
    Local(&'a Cell<Local<'a>>, Local<'a>),
}

impl<'a> ErrorLog<'a> {
    pub(crate) fn record(&self, diag: Diag) -> ErrorId {
        let mut errors = self.errors.borrow_mut();
        errors.push(RecordedError { diag, more: Vec::new(), cycle_start: None, instance: None, waits_for: None });
        ErrorId(errors.len() as u32 - 1)
    }

    /// Marks an error as the failure of an object's own conditions.
    pub(crate) fn set_instance(&self, error: ErrorId, object: &'a Object<'a>) {
        self.errors.borrow_mut()[error.0 as usize].instance = Some(object);
    }

    /// The object whose conditions failed.
    pub(crate) fn instance(&self, error: ErrorId) -> Option<&'a Object<'a>> {
        self.errors.borrow()[error.0 as usize].instance
    }

    /// Marks an error as the reading of a late field that an object lacks.
    pub(crate) fn set_waits_for(&self, error: ErrorId, object: &'a Object<'a>) {
        self.errors.borrow_mut()[error.0 as usize].waits_for = Some(object);
    }

    /// The object that lacks the late field that was read.
    pub(crate) fn waits_for(&self, error: ErrorId) -> Option<&'a Object<'a>> {
        self.errors.borrow()[error.0 as usize].waits_for
    }

    /// Marks an error as a cycle that starts at an index of the evaluation stack.
    pub(crate) fn set_cycle_start(&self, error: ErrorId, start: usize) {
        self.errors.borrow_mut()[error.0 as usize].cycle_start = Some(start);
    }

    /// Whether an error is a cycle that starts below index `floor` of the evaluation stack.
    pub(crate) fn is_cycle_below(&self, error: ErrorId, floor: usize) -> bool {
        self.errors.borrow()[error.0 as usize].cycle_start.is_some_and(|start| start < floor)
    }

    /// The diagnostic of an error, and the errors that were reported with it.
    pub(crate) fn diag(&self, error: ErrorId) -> (Diag, Vec<ErrorId>) {
        let errors = self.errors.borrow();
        let error = &errors[error.0 as usize];
        (error.diag.clone(), error.more.clone())
    }

    /// Replaces the diagnostic of an error, if `change` returns another.
    #[cold]
    pub(crate) fn amend(&self, error: ErrorId, change: impl FnOnce(&Diag) -> Option<Diag>) {
        let mut errors = self.errors.borrow_mut();
        let diag = &mut errors[error.0 as usize].diag;
        if let Some(changed) = change(diag) {
            *diag = changed;
        }
    }

    /// Whether the diagnostic of an error satisfies `test`.
    pub(crate) fn matches(&self, error: ErrorId, test: impl FnOnce(&Diag) -> bool) -> bool {
        test(&self.errors.borrow()[error.0 as usize].diag)
    }

    /// Reports the second error with the first.
    #[cold]
    pub(crate) fn join(&self, first: ErrorId, second: ErrorId) {
        let mut errors = self.errors.borrow_mut();
        let more = &mut errors[first.0 as usize].more;
        if first != second && !more.contains(&second) {
            more.push(second);
        }
    }

    /// Remembers a slot that now holds an error.
    #[cold]
    pub(crate) fn add_failed(&self, failed: FailedSlot<'a>) {
        self.failed.borrow_mut().push(failed);
    }

    /// The number of slots that hold errors, to be passed to [`ErrorLog::reset_failed_since`].
    pub(crate) fn failed_count(&self) -> usize {
        self.failed.borrow().len()
    }

    /// Resets the slots that failed since the count was `mark`, so that they are computed again when they are read.
    pub(crate) fn reset_failed_since(&self, mark: usize) {
        for failed in self.failed.borrow_mut().drain(mark..) {
            match failed {
                FailedSlot::Slot(slot) => slot.set(Slot::Empty),
                FailedSlot::Local(cell, before) => cell.set(before),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use forge_base::Code;

    use super::*;

    #[test]
    fn failed_slots_are_reset_since_a_mark() {
        let (kept, reset) = (Cell::new(Slot::Failed(ErrorId(0))), Cell::new(Slot::Failed(ErrorId(0))));
        let log = ErrorLog::default();
        log.add_failed(FailedSlot::Slot(&kept));
        let mark = log.failed_count();
        log.add_failed(FailedSlot::Slot(&reset));
        log.reset_failed_since(mark);
        assert!(matches!((kept.get(), reset.get()), (Slot::Failed(_), Slot::Empty)));
        assert_eq!(log.failed_count(), mark);
    }

    #[test]
    fn joined_errors_are_reported_together() {
        let log = ErrorLog::default();
        let diag = |headline: &str| Diag::error(Code::CHECK_FAILED, headline);
        let (first, second) = (log.record(diag("a")), log.record(diag("b")));
        log.join(first, second);
        assert_eq!(log.diag(first), (diag("a"), vec![second]));
        assert_eq!(log.diag(second), (diag("b"), Vec::new()));
    }

    #[test]
    fn a_cycle_is_below_only_what_started_after_it() {
        let log = ErrorLog::default();
        let error = log.record(Diag::error(Code::VALUE_CYCLE, "a"));
        assert!(!log.is_cycle_below(error, 9));
        log.set_cycle_start(error, 2);
        assert!(log.is_cycle_below(error, 3) && !log.is_cycle_below(error, 2));
    }
}
