//! The budgets of an evaluation: steps, memory and depth.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Evaluator;
use crate::error;
use crate::value::Eval;

impl Evaluator<'_> {
    /// The number of steps that were taken.
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Runs `f` one level deeper. Values that depend on each other nest without an expression between them, so they are counted
    /// separately from expressions, with a higher limit: they need less stack.
    #[inline]
    pub(crate) fn nest<T>(&self, f: impl FnOnce() -> Eval<T>) -> Eval<T> {
        let limit = self.options.max_depth * 4;
        let nesting = self.nesting.get();
        if nesting >= limit {
            return Err(self.raise(error::too_deep(self.current_span(), limit)));
        }
        self.nesting.set(nesting + 1);
        let result = f();
        self.nesting.set(nesting);
        result
    }

    /// Counts a step.
    ///
    /// # Errors
    /// If a budget is exceeded. Budgets are compared once every 4,096 steps.
    #[inline]
    pub(crate) fn step(&self) -> Eval<()> {
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

    /// Checks the memory budget before an allocation of `more` bytes.
    ///
    /// # Errors
    /// If the allocation would exceed the budget.
    pub fn check_memory(&self, more: usize) -> Eval<()> {
        let held = self.arena.allocated_bytes() + self.external_bytes.get();
        if self.shared_bytes(held).saturating_add(more) > self.options.max_memory {
            return Err(self.raise(error::out_of_memory(self.current_span(), self.options.max_memory)));
        }
        Ok(())
    }

    /// Counts the memory of this evaluation in `pool`, together with that of others: the budget is for all of them.
    pub fn share_memory(&self, pool: &Arc<AtomicUsize>) {
        _ = self.memory_pool.set(Arc::clone(pool));
    }

    /// What all evaluations hold that share the budget, if this one holds `held` bytes.
    fn shared_bytes(&self, held: usize) -> usize {
        let Some(pool) = self.memory_pool.get() else { return held };
        let change = held.wrapping_sub(self.reported_bytes.replace(held));
        pool.fetch_add(change, Ordering::Relaxed).wrapping_add(change)
    }

    /// Counts `bytes` outside of the arena until [`Evaluator::restore_external`].
    pub(crate) fn reserve_external(&self, bytes: usize) -> Eval<()> {
        self.external_bytes.set(self.external_bytes.get().saturating_add(bytes));
        self.check_memory(0)
    }

    /// The number of bytes outside of the arena that are counted.
    pub(crate) fn external_bytes(&self) -> usize {
        self.external_bytes.get()
    }

    /// Resets the count of bytes outside of the arena to `before`, which [`Evaluator::external_bytes`] returned.
    pub(crate) fn restore_external(&self, before: usize) {
        self.external_bytes.set(before);
    }

    /// Counts `count` steps at once, for builtins that iterate over long lists.
    ///
    /// # Errors
    /// If a budget is exceeded.
    pub fn charge(&self, count: usize) -> Eval<()> {
        let steps = self.steps.get() + count as u64;
        self.steps.set(steps);
        if count >= 0x1000 || steps & 0xfff < count as u64 { self.check_budget(steps) } else { Ok(()) }
    }
}
