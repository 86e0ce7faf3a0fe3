//! The built-in functions, one file per module. Their signatures are declared in Forge, in `stdlib/`.
//!
//! The run-time name of a builtin is the last name of its module, a dot, and its own name: `list.map`, `text.slug`. The checker has
//! checked the types of the arguments and filled in defaults; the receiver of a method is the first argument.

use forge_base::Name;

use self::call::BuiltinTable;
pub use self::parse_data::{DataFormat, ParseError, parse_data};
use crate::evaluator::Builtin;

mod any;
mod boolean;
mod call;
mod digest;
mod duration;
mod encoding;
mod files;
mod float;
mod glob;
mod graph;
mod int;
mod keyed;
mod list;
pub(crate) mod locate;
mod map;
mod math;
mod net;
mod network;
mod number;
mod output;
mod parse_data;
mod quantity;
mod regex;
mod secret;
mod secrets;
mod semver;
mod sort;
mod string;
mod substring;
mod text;
mod to_data;
mod value_set;
mod words;

/// The builtin with a run-time name. Slow: callers cache the result.
pub(crate) fn lookup(name: Name) -> Option<Builtin> {
    tables().find(|(known, _)| *known == name.as_str()).map(|(_, builtin)| *builtin)
}

/// The run-time names of all builtins.
pub fn names() -> impl Iterator<Item = &'static str> {
    tables().map(|(name, _)| *name)
}

fn tables() -> impl Iterator<Item = &'static (&'static str, Builtin)> {
    let all: [BuiltinTable; 24] = [
        any::TABLE,
        boolean::TABLE,
        duration::TABLE,
        encoding::TABLE,
        files::TABLE,
        float::TABLE,
        graph::TABLE,
        int::TABLE,
        keyed::TABLE,
        list::TABLE,
        list::SEARCH,
        list::ORDER,
        map::TABLE,
        math::TABLE,
        net::TABLE,
        output::TABLE,
        quantity::TABLE,
        regex::TABLE,
        secret::TABLE,
        secrets::TABLE,
        semver::TABLE,
        string::TABLE,
        string::PARSE,
        text::TABLE,
    ];
    all.into_iter().flatten()
}
