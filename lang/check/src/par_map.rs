//! Work on many things, by as many threads as there are around.

use forge_base::stack;
use rayon::prelude::*;

/// `work` on each item, in the order of the items; in parallel where the present thread is one of a pool, since starting threads
/// takes longer than checking a small program.
pub(crate) fn par_map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    if stack::is_in_thread_pool() { items.par_iter().map(work).collect() } else { items.iter().map(work).collect() }
}
