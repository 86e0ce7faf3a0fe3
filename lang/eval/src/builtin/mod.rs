//! The built-in functions. Their signatures are declared in Forge, in `stdlib/`; here is what they do. One file a module.
//!
//! A builtin's run-time name is the last name of its module, a dot, and its own: `list.map`, `text.slug`. The checker has
//! proved the arguments' types and filled in defaults; a method's receiver is the first argument.

use forge_base::{Code, Diag, Name, Span};

pub(crate) use self::regex::Matcher;
use crate::evaluator::Evaluator;
use crate::value::{Eval, Value};

mod any;
mod argument;
mod boolean;
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
mod map;
mod math;
mod net;
mod network;
mod number;
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

/// One call of a builtin.
pub struct Call<'c, 'a> {
    /// The machine.
    pub eval: &'c Evaluator<'a>,
    /// The arguments.
    pub args: &'c [Value<'a>],
    /// The whole call.
    pub span: Span,
}

/// A builtin.
pub type Builtin = for<'c, 'a> fn(&Call<'c, 'a>) -> Eval<Value<'a>>;

/// The builtins of one module by run-time name.
pub(crate) type BuiltinTable = &'static [(&'static str, Builtin)];

/// The builtin with a run-time name. Slow: whoever asks remembers the answer.
pub fn lookup(name: Name) -> Option<Builtin> {
    tables().find(|(known, _)| *known == name.as_str()).map(|(_, builtin)| *builtin)
}

/// All builtins.
pub fn tables() -> impl Iterator<Item = (&'static str, &'static Builtin)> {
    let all: [BuiltinTable; 23] = [
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
        quantity::TABLE,
        regex::TABLE,
        secret::TABLE,
        secrets::TABLE,
        semver::TABLE,
        string::TABLE,
        string::PARSE,
        text::TABLE,
    ];
    all.into_iter().flatten().map(|(name, builtin)| (*name, builtin))
}

impl<'a> Call<'_, 'a> {
    /// An error of this call.
    #[cold]
    pub fn fail<T>(&self, headline: impl Into<String>, label: impl Into<String>) -> Eval<T> {
        self.fail_as(Code::BUILTIN_FAILED, headline, label)
    }

    /// An error of this call with a code of its own.
    #[cold]
    pub(crate) fn fail_as<T>(&self, code: Code, headline: impl Into<String>, label: impl Into<String>) -> Eval<T> {
        self.raise(Diag::error(code, headline).at(self.span, label))
    }

    /// An error that was made elsewhere.
    #[cold]
    pub(crate) fn raise<T>(&self, diag: Diag) -> Eval<T> {
        Err(self.eval.raise(diag))
    }

    /// Calls a function argument.
    pub fn apply(&self, function: Value<'a>, args: &[Value<'a>]) -> Eval<Value<'a>> {
        self.eval.apply_function(function, args, self.span)
    }

    /// Calls a function argument that answers yes or no.
    pub(crate) fn test(&self, function: Value<'a>, args: &[Value<'a>]) -> Eval<bool> {
        match self.apply(function, args)? {
            Value::Bool(value) => Ok(value),
            other => self.mistyped(other, "a Bool"),
        }
    }
}
