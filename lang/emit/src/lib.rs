//! From values to text.
//!
//! [`mod@walk`] goes over evaluated values and drives a [`Sink`]; [`yaml`] and [`json`] are sinks. [`build`] decides what of a
//! module is written at all, and spreads the work over threads; [`mod@verify`] has the rules of Kubernetes look at it meanwhile.

pub mod build;
pub mod documents;
pub mod json;
mod locate;
mod number;
mod rules;
pub mod sink;
mod tree;
mod verify;
pub mod walk;
pub mod yaml;

pub use build::{Built, Part, Target, build, file_places};
pub use documents::write_yaml;
pub use sink::Sink;
pub use verify::Found;
