//! Frames: where local names live at run time. See [`forge_check::hir`] for what makes one.

use std::cell::Cell;

use forge_check::hir;

use crate::value::{ErrorId, Object, Value};

/// One frame.
pub struct Frame<'a> {
    /// The frame around it.
    pub(crate) parent: Option<&'a Frame<'a>>,
    /// The object that is being built, in a body's frame.
    pub(crate) this: Value<'a>,
    /// Its locals.
    pub(crate) slots: &'a [Cell<Local<'a>>],
}

/// What a slot holds.
#[derive(Clone, Copy)]
pub(crate) enum Local<'a> {
    /// Nothing yet.
    Unset,
    /// A parameter, loop variable, or a `let` that has been read.
    Value(Value<'a>),
    /// A `let` that has not been read.
    Lazy(&'a hir::Let),
    /// A `let` that is being computed.
    Running(&'a hir::Let),
    /// A `let` that failed.
    Failed(ErrorId),
    /// `super`, not read yet.
    Super(&'a Super<'a>),
}

/// What `super` means in one item.
pub(crate) enum Super<'a> {
    /// A field's value from the layers below this one.
    Field(&'a Object<'a>, u32, usize),
    /// An entry's value from the steps below.
    Entry(&'a crate::value::Map<'a>, &'a crate::value::OverrideChain<'a>),
}

impl<'a> Frame<'a> {
    /// The frame `up` parents further out.
    #[inline]
    pub(crate) fn outer(&'a self, up: u32) -> &'a Frame<'a> {
        let mut frame = self;
        for _ in 0..up {
            frame = frame.parent.expect("the checker counts frames as the evaluator makes them");
        }
        frame
    }
}
