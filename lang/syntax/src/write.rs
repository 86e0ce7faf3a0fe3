//! Writes Forge source: names, literals, and whole modules.
//!
//! This is the only place outside the parser and the formatter that knows how Forge is written. Everything that generates
//! source uses it: the Kubernetes modules, the importers, and the fixes of diagnostics. The functions in this module write
//! single names and literals; [`SourceBuilder`] writes documents in canonical form and reports the span of each part.

mod builder;
mod doc;
mod literal;
mod name;

pub use builder::{SchemaModifier, SchemaParts, SourceBuilder, TypeForm};
pub use literal::{block_string, float_literal, push_escaped, push_string_literal, string_literal};
pub use name::{
    can_be_quoted, field_name, is_invisible, is_plain_field, is_plain_name, map_key, member_name, variable_name,
};

/// The maximum width of a line, in characters.
pub const WIDTH: usize = 120;
/// The indentation of one level, in spaces.
pub const INDENT: usize = 2;
