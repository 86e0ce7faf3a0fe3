//! The budgets of an evaluation: steps, memory and depth.

use super::Evaluator;
use crate::error;
use crate::value::Eval;

impl<'a> Evaluator<'a> {
    /// How many steps were made.
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Runs `f` one level deeper. Values that only wait for one another nest without an expression between them, so they are
    /// counted apart from expressions, and may be as many as fit into the stack.
    #[inline]
    pub(crate) fn nest<T>(&self, f: impl FnOnce() -> Eval<T>) -> Eval<T> {
        let limit = self.options.max_depth * 4;
        let nesting = self.nesting.get();
        if nesting >= limit {
            return Err(self.raise(error::too_deep_nowhere(self.current_span(), limit)));
        }
        self.nesting.set(nesting + 1);
        let result = f();
        self.nesting.set(nesting);
        result
    }

    /// Counts a step, and stops an evaluation that has had enough of them or of memory.
    #[inline]
    pub(super) fn step(&self) -> Eval<()> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps & 0xfff == 0 { self.check_budget(steps) } else { Ok(()) }
    }

    #[cold]
    fn check_budget(&self, steps: u64) -> Eval<()> {
        if steps > self.options.max_steps {
            return Err(self.raise(error::out_of_steps(self.current_span(), self.options.max_steps)));
        }
        self.check_memory(0)
    }

    /// Stops an evaluation that would hold more than its budget with `more` bytes on top. To be asked before large allocations.
    pub fn check_memory(&self, more: usize) -> Eval<()> {
        let held = self.arena.allocated_bytes() + self.external_bytes.get();
        if held.saturating_add(more) > self.max_memory.get() {
            return Err(self.raise(error::out_of_memory(self.current_span(), self.options.max_memory)));
        }
        Ok(())
    }

    /// Leaves to this evaluator its part of a budget of memory that `count` of them share.
    pub fn split_memory(&self, count: usize) {
        self.max_memory.set(self.options.max_memory / count.max(1));
    }

    /// Counts `bytes` outside of the arena until [`Evaluator::restore_external`].
    pub(crate) fn reserve_external(&self, bytes: usize) -> Eval<()> {
        self.external_bytes.set(self.external_bytes.get().saturating_add(bytes));
        self.check_memory(0)
    }

    /// How many bytes outside of the arena are counted.
    pub(crate) fn external_bytes(&self) -> usize {
        self.external_bytes.get()
    }

    /// Counts no more bytes outside of the arena than there were when [`Evaluator::external_bytes`] gave `before`.
    pub(crate) fn restore_external(&self, before: usize) {
        self.external_bytes.set(before);
    }

    /// Counts `count` steps at once: for builtins that walk long lists by themselves.
    pub fn charge(&self, count: usize) -> Eval<()> {
        let steps = self.steps.get() + count as u64;
        self.steps.set(steps);
        if count >= 0x1000 || steps & 0xfff < count as u64 { self.check_budget(steps) } else { Ok(()) }
    }
}
