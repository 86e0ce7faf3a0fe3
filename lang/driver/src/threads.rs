//! Threads for work that is worth their start. They have the stack that parsing and evaluating may need.

use forge_eval::STACK_BYTES;

/// Runs `work` where `rayon` has `count` threads; 0 means as many as there are cores. Where none can be had, it runs as it is.
pub(crate) fn with_threads<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> R {
    match rayon::ThreadPoolBuilder::new().num_threads(count).stack_size(STACK_BYTES).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}
