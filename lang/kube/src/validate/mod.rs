//! Finished resources, looked at as an API server would.
