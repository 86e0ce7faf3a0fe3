//! Writes values as YAML and JSON.
//!
//! [`walk`] walks over evaluated values and drives a [`Sink`]; [`yaml`] and [`json`] are sinks. This crate does not decide what a
//! build writes: `forge_build` does.

pub mod documents;
pub mod json;
mod number;
pub mod sink;
pub mod walk;
pub mod yaml;

pub use documents::write_yaml;
pub use sink::Sink;
