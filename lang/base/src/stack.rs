//! Deep stacks: parsing, checking and evaluating recurse as deeply as programs nest, within stated bounds.
//!
//! Work that needs one runs in [`with_large_stack`]; it costs a reservation of memory and no thread. [`with_thread_pool`] gives threads that all have one.

use std::cell::Cell;

use corosensei::on_stack;
use corosensei::stack::DefaultStack;

/// The size of a deep stack. It is only reserved: pages that are never touched cost nothing.
pub const FULL_BYTES: usize = 1 << 30;

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// The thread's own stack is in use again when this goes.
struct OnDeep;

impl Drop for OnDeep {
    fn drop(&mut self) {
        IS_DEEP.set(false);
    }
}

/// Runs `work` on a deep stack: on the present one if it is deep. Where none can be had, the present one must do.
pub fn with_large_stack<R>(work: impl FnOnce() -> R) -> R {
    if IS_DEEP.get() {
        return work();
    }
    let Ok(stack) = DefaultStack::new(FULL_BYTES) else { return work() };
    on_stack(stack, || {
        IS_DEEP.set(true);
        let _back = OnDeep;
        work()
    })
}

/// Runs `work` where rayon has `count` threads with deep stacks; 0 means as many as there are cores. Where none can be had, one must do.
pub fn with_thread_pool<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> R {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(count).stack_size(FULL_BYTES);
    match threads.start_handler(|_| IS_DEEP.set(true)).build() {
        Ok(pool) => pool.install(work),
        Err(_) => with_large_stack(work),
    }
}

/// Whether the present thread is one of a [`with_thread_pool`]: then splitting the work brings something.
pub fn is_in_thread_pool() -> bool {
    rayon::current_thread_index().is_some()
}

#[cfg(test)]
mod tests {
    use std::panic::{catch_unwind, resume_unwind};

    use super::*;

    fn depth(n: u32) -> u64 {
        let room = std::hint::black_box([u64::from(n); 64]);
        if n == 0 { 0 } else { depth(n - 1) + room[0].min(1) }
    }

    #[test]
    fn work_may_nest_far_beyond_a_usual_stack() {
        assert_eq!(with_large_stack(|| depth(100_000)), 100_000);
        assert_eq!(with_large_stack(|| with_large_stack(|| depth(100_000))), 100_000);
        assert_eq!(with_thread_pool(2, || with_large_stack(|| depth(100_000))), 100_000);
    }

    #[test]
    fn a_stack_is_deep_only_while_its_work_runs() {
        assert!(!IS_DEEP.get());
        assert!(with_large_stack(|| IS_DEEP.get()));
        assert!(!IS_DEEP.get());
        assert!(catch_unwind(|| with_large_stack(|| resume_unwind(Box::new("work")))).is_err());
        assert!(!IS_DEEP.get());
    }
}
