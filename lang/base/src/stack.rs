//! Deep stacks: parsing, checking and evaluating recurse as deeply as programs nest, within stated bounds.
//!
//! A thread that has such a stack says so once; work that needs one then runs right there, and elsewhere on a thread of its own.

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

/// The size of a deep stack. It is only reserved: pages that are never touched cost nothing.
pub const DEEP_BYTES: usize = 1 << 30;

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Says that the present thread has a stack of [`DEEP_BYTES`].
pub fn mark_deep() {
    IS_DEEP.set(true);
}

/// Runs `work` on a deep stack: here if this is one, else on a thread of its own. Where none can be had, the present one must do.
pub fn deep<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    if IS_DEEP.get() {
        return work();
    }
    let work = Mutex::new(Some(work));
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take().map(|work| work());
    let done = std::thread::scope(|scope| {
        let run = || {
            mark_deep();
            take()
        };
        std::thread::Builder::new().stack_size(DEEP_BYTES).spawn_scoped(scope, run).ok().map(|thread| thread.join())
    });
    match done {
        Some(Ok(result)) => result.or_else(take),
        Some(Err(panic)) => std::panic::resume_unwind(panic),
        None => take(),
    }
    .expect("the work is taken once, here or on the thread")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(n: u32) -> u64 {
        let room = std::hint::black_box([u64::from(n); 64]);
        if n == 0 { 0 } else { depth(n - 1) + room[0].min(1) }
    }

    #[test]
    fn work_may_nest_far_beyond_a_usual_stack() {
        assert_eq!(deep(|| depth(100_000)), 100_000);
    }

    #[test]
    fn work_within_deep_work_stays_on_its_thread() {
        let outer = deep(|| (std::thread::current().id(), deep(|| std::thread::current().id())));
        assert_eq!(outer.0, outer.1);
    }
}
