//! Converts JSON Schema and `openAPIV3Schema` to types.
//!
//! [`SchemaReader::read`] is the entry point. A schema is first flattened to `Keywords`, with `allOf` merged in. Then it is
//! converted to a type, and constraints that the type cannot express become conditions. Anything else is reported, never
//! dropped silently.

mod applicator;
mod cel;
mod condition;
mod default;
mod keywords;
mod object;
mod pattern;
mod read;
mod reader;
mod scalar;

pub(crate) use reader::{Dialect, SchemaReader};
