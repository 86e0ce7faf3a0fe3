//! The evaluation stack: the values that are being computed. Cycles are read from it.

use std::cell::RefCell;

use forge_check::GlobalId;
use forge_check::hir;

use crate::value::{Map, Object};

/// A value that is being computed.
#[derive(Clone, Copy)]
pub(crate) enum StackEntry<'a> {
    Global(GlobalId),
    Field(&'a Object<'a>, u32),
    Entry(&'a Map<'a>, usize),
    Let(&'a hir::Let),
}

/// Equal if they compute the same slot.
impl PartialEq for StackEntry<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (StackEntry::Global(a), StackEntry::Global(b)) => a == b,
            (StackEntry::Field(a, i), StackEntry::Field(b, j)) => std::ptr::eq(a, b) && i == j,
            (StackEntry::Entry(a, i), StackEntry::Entry(b, j)) => std::ptr::eq(a, b) && i == j,
            (StackEntry::Let(a), StackEntry::Let(b)) => std::ptr::eq(a, b),
            _ => false,
        }
    }
}

/// The values that are being computed, innermost last.
#[derive(Default)]
pub(crate) struct EvalStack<'a>(RefCell<Vec<StackEntry<'a>>>);

impl<'a> EvalStack<'a> {
    #[inline]
    pub(crate) fn push(&self, entry: StackEntry<'a>) {
        self.0.borrow_mut().push(entry);
    }

    #[inline]
    pub(crate) fn pop(&self) {
        self.0.borrow_mut().pop();
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The values that are being computed, innermost last.
    pub(crate) fn entries(&self) -> Vec<StackEntry<'a>> {
        self.0.borrow().clone()
    }

    pub(crate) fn last(&self) -> Option<StackEntry<'a>> {
        self.0.borrow().last().copied()
    }

    /// The innermost object of which a field is being computed.
    pub(crate) fn innermost_object(&self) -> Option<&'a Object<'a>> {
        self.0.borrow().iter().rev().find_map(|entry| match entry {
            StackEntry::Field(object, _) => Some(*object),
            _ => None,
        })
    }

    /// The cycle that computing `again` would close: the index at which it starts, and its entries.
    pub(crate) fn cycle(&self, again: StackEntry<'a>) -> (usize, Vec<StackEntry<'a>>) {
        let stack = self.0.borrow();
        let start = stack.iter().rposition(|entry| *entry == again).unwrap_or(0);
        (start, stack[start..].to_vec())
    }
}
