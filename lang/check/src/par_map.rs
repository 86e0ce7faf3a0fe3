//! Maps over many items with all threads of the current pool.

use forge_base::stack;
use rayon::prelude::*;

/// Applies `work` to each item and keeps the order. Runs in parallel only if the current thread belongs to a pool,
/// since starting threads takes longer than checking a small program.
pub(crate) fn par_map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    if stack::is_in_thread_pool() { items.par_iter().map(work).collect() } else { items.iter().map(work).collect() }
}
