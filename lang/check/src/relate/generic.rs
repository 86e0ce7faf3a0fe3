//! Generic functions: parameters, inference variables, substitution.

use crate::decl::Decls;
use crate::ty::Ty;

/// `ty` with each [`Ty::Param`] replaced by the argument of its number; those without argument stay.
pub fn substitute(ty: &Ty, _args: &[Ty]) -> Ty {
    ty.clone()
}

/// The inference variables of one call.
///
/// `fresh` makes the arguments for [`substitute`]; `learn` looks at one argument after the other (those with types of their own
/// before lambdas, whose parameters then take what is known from `apply`); `finish` gives the result's type.
#[derive(Clone, Default, Debug)]
pub struct Infer {
    vars: Vec<Option<Ty>>,
}

impl Infer {
    /// A table without variables.
    pub fn new() -> Infer {
        Infer::default()
    }

    /// Variables for the generic parameters of a function.
    pub fn fresh(&mut self, count: usize) -> Vec<Ty> {
        let first = self.vars.len();
        self.vars.resize(first + count, None);
        (first..first + count).map(|var| Ty::Var(var as u32)).collect()
    }

    /// Learns from an argument of type `from` for a parameter of type `to`, which has variables. Never fails: what does not fit
    /// is found by `assign(from, apply(to))` afterwards.
    pub fn learn(&mut self, _decls: &Decls, _from: &Ty, _to: &Ty) {}

    /// Learns from what is expected of the result, for variables that nothing is known of yet.
    pub fn hint(&mut self, _decls: &Decls, _ret: &Ty, _expected: &Ty) {}

    /// `ty` with what is known; unknown variables stay.
    pub fn apply(&self, ty: &Ty) -> Ty {
        ty.clone()
    }

    /// `ty` with what is known; unknown variables become [`Ty::Never`], the item of an empty list.
    pub fn finish(&self, ty: &Ty) -> Ty {
        ty.clone()
    }

    /// Whether a variable without a type is left in `ty`.
    pub fn is_open(&self, _ty: &Ty) -> bool {
        false
    }
}
