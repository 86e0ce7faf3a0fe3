//! Durations as Go and Kubernetes write them.

/// A span of time in whole nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Duration {
    /// May be negative.
    pub nanos: i64,
}
