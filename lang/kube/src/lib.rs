//! Kubernetes: its schemas as modules of the language, and the validation of finished resources.

pub mod validate;
pub mod version;

pub use version::Version;
