//! Large stacks: parsing, checking and evaluation recurse as deeply as programs nest, within stated depth limits.
//!
//! Recursive work runs in [`with_large_stack`], which reserves address space but starts no thread; [`with_thread_pool`] and
//! [`spawn_scoped`] start threads that have a large stack. Where the address space is limited (`ulimit -v`, small containers) a smaller
//! stack is used, and [`depth_limit`] scales the limits down with it.

use std::cell::Cell;
use std::io;
use std::thread::{Builder, Scope, ScopedJoinHandle};

use corosensei::on_stack;
use corosensei::stack::DefaultStack;

use crate::memory;

/// The size that depth limits are stated for. It is only reserved: pages that are never touched cost nothing.
const FULL_BYTES: usize = 1 << 30;
/// The stacks that are tried in turn: each size with the number of bits by which depth limits are shifted for it.
const SIZES: [(usize, u32); 3] = [(FULL_BYTES, 0), (FULL_BYTES >> 2, 2), (MIN_BYTES, 4)];
/// The smallest stack that the limits which are not scaled, such as that of the parser, are safe on.
pub const MIN_BYTES: usize = FULL_BYTES >> 4;

thread_local! {
    /// How the depth limits are shifted on the large stack that is in use; `None` on the thread's own stack.
    static SHIFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// No stack of at least [`MIN_BYTES`], and as much memory besides it, could be reserved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfAddressSpace;

/// Marks a large stack as in use until it is dropped.
struct InUse;

impl InUse {
    fn mark(shift: u32) -> InUse {
        SHIFT.set(Some(shift));
        InUse
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        SHIFT.set(None);
    }
}

/// Runs `work` on the largest stack that leaves at least its size for other memory, or on the current one if it is large already.
pub fn try_with_large_stack<R>(work: impl FnOnce() -> R) -> Result<R, OutOfAddressSpace> {
    if SHIFT.get().is_some() {
        return Ok(work());
    }
    let reserve = |&(bytes, shift): &(usize, u32)| {
        let stack = DefaultStack::new(bytes).ok()?;
        memory::can_reserve(bytes).then_some((stack, shift))
    };
    let (stack, shift) = SIZES.iter().find_map(reserve).ok_or(OutOfAddressSpace)?;
    Ok(on_stack(stack, || {
        let _in_use = InUse::mark(shift);
        work()
    }))
}

/// Like [`try_with_large_stack`], but falls back to the thread's own stack.
pub fn with_large_stack<R>(work: impl FnOnce() -> R) -> R {
    let mut work = Some(work);
    match try_with_large_stack(|| work.take().map(|work| work())) {
        Ok(Some(result)) => result,
        _ => work.take().expect("no stack has run it")(),
    }
}

/// The limit of a recursion that may nest `full` levels on a stack of full size, for the current stack.
pub fn depth_limit(full: u32) -> u32 {
    full >> SHIFT.get().unwrap_or(0)
}

/// Runs `work` in a rayon pool of `count` threads with large stacks; 0 means one for each core. Where they cannot be reserved, `work` runs
/// on the current thread with the largest stack that can.
pub fn with_thread_pool<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> R {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(count).stack_size(FULL_BYTES);
    match threads.start_handler(|_| SHIFT.set(Some(0))).build() {
        Ok(pool) => pool.install(work),
        Err(_) => with_large_stack(work),
    }
}

/// Starts a thread with a large stack. An error where the current stack is not of full size: depth limits are the same on all threads.
pub fn spawn_scoped<'scope, 'env, R: Send + 'scope>(
    scope: &'scope Scope<'scope, 'env>,
    work: impl FnOnce() -> R + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, R>> {
    if depth_limit(u32::MAX) < u32::MAX {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    Builder::new().stack_size(FULL_BYTES).spawn_scoped(scope, || {
        let _in_use = InUse::mark(0);
        work()
    })
}

/// Whether the current thread belongs to a [`with_thread_pool`], so that splitting the work pays.
pub fn is_in_thread_pool() -> bool {
    rayon::current_thread_index().is_some()
}

#[cfg(test)]
mod tests {
    use std::panic::{catch_unwind, resume_unwind};

    use super::*;

    fn depth(n: u32) -> u64 {
        let frame = std::hint::black_box([u64::from(n); 64]);
        if n == 0 { 0 } else { depth(n - 1) + frame[0].min(1) }
    }

    #[test]
    fn work_may_recurse_far_beyond_the_stack_of_a_thread() {
        assert_eq!(with_large_stack(|| depth(100_000)), 100_000);
        assert_eq!(with_large_stack(|| with_large_stack(|| depth(100_000))), 100_000);
        assert_eq!(with_thread_pool(2, || with_large_stack(|| depth(100_000))), 100_000);
        let spawned = std::thread::scope(|scope| spawn_scoped(scope, || depth(100_000)).unwrap().join().unwrap());
        assert_eq!(spawned, 100_000);
    }

    #[test]
    fn a_stack_is_in_use_only_while_its_work_runs() {
        assert_eq!(SHIFT.get(), None);
        assert_eq!(with_large_stack(|| SHIFT.get()), Some(0));
        assert_eq!(SHIFT.get(), None);
        assert!(catch_unwind(|| with_large_stack(|| resume_unwind(Box::new("work")))).is_err());
        assert_eq!(SHIFT.get(), None);
    }

    #[test]
    fn depth_limits_shrink_with_the_stack_and_no_thread_has_a_larger_one() {
        assert_eq!(depth_limit(100_000), 100_000);
        let _in_use = InUse::mark(4);
        assert_eq!(depth_limit(100_000), 6_250);
        assert!(std::thread::scope(|scope| spawn_scoped(scope, || ()).is_err()));
        assert!(SIZES.iter().all(|(bytes, shift)| FULL_BYTES >> shift == *bytes));
    }
}
