//! Diagnostics for bodies and expressions: one function per error, without any checking.

mod body;
mod call;
mod foreign;
mod import;
mod import_hint;
mod matching;
mod name;
mod null;
mod operator;
mod value;

pub(crate) use body::*;
pub use body::{
    deleted_field, deleted_nullable_field, dynamic_field, for_in_schema, record_lacks, unknown_field,
    unknown_record_field,
};
pub(crate) use call::*;
pub(crate) use foreign::*;
pub(crate) use import::*;
pub(crate) use import_hint::*;
pub(crate) use matching::*;
pub(crate) use name::*;
pub(crate) use null::*;
pub(crate) use operator::*;
pub(crate) use value::*;

/// At most this many members of a cycle get a label.
pub(crate) const MAX_CYCLE_LABELS: usize = 16;

/// The maximum number of names in a list.
const SHOWN: usize = 12;

/// Names in backticks, separated by commas; the rest is counted.
fn list(names: &[&str]) -> String {
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
