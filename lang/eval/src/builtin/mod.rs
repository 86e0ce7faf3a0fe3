//! The built-in functions. Their signatures are declared in Forge, in `stdlib/`; here is what they do. One file a module.
//!
//! A builtin's run-time name is the last name of its module, a dot, and its own: `list.map`, `text.slug`. The checker has
//! proved the arguments' types and filled in defaults; a method's receiver is the first argument.

use forge_base::{Code, Diag, Name, Span};

use crate::evaluator::Evaluator;
use crate::value::{Eval, Value};

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

/// The builtin with a run-time name.
pub fn lookup(name: Name) -> Option<Builtin> {
    use std::sync::LazyLock;
    static TABLE: LazyLock<rustc_hash::FxHashMap<Name, Builtin>> =
        LazyLock::new(|| tables().map(|(name, builtin)| (Name::new(name), *builtin)).collect());
    TABLE.get(&name).copied()
}

/// All builtins.
pub fn tables() -> impl Iterator<Item = (&'static str, &'static Builtin)> {
    let all: [&'static [(&'static str, Builtin)]; 0] = [];
    all.into_iter().flatten().map(|(name, builtin)| (*name, builtin))
}

impl<'a> Call<'_, 'a> {
    /// An error of this call.
    #[cold]
    pub fn fail<T>(&self, headline: impl Into<String>, label: impl Into<String>) -> Eval<T> {
        Err(self.eval.raise(Diag::error(Code::BUILTIN_FAILED, headline).at(self.span, label)))
    }

    /// Calls a function argument.
    pub fn apply(&self, function: Value<'a>, args: &[Value<'a>]) -> Eval<Value<'a>> {
        self.eval.apply_function(function, args, self.span)
    }

    /// The items of a list or keyed list argument.
    pub fn list(&self, place: usize) -> Eval<&'a [Value<'a>]> {
        self.eval.items(self.span, self.args[place])
    }
}
