//! Generic functions: parameters, inference variables, substitution.

use std::sync::Arc;

use super::assignability::{Assignability, assignability};
use super::join::{join, widen_literal};
use super::union::union;
use super::view::{members, unfold};
use crate::decl::Decls;
use crate::ty::{FnTy, KeyedTy, RefinedTy, Ty};

/// Replaces each [`Ty::Param`] with the argument of its index; parameters without an argument stay.
pub(crate) fn substitute(ty: &Ty, args: &[Ty]) -> Ty {
    rewrite(ty, &|leaf| match leaf {
        Ty::Param(_, index, _) => args.get(*index as usize).cloned(),
        _ => None,
    })
    .unwrap_or_else(|| ty.clone())
}

/// Replaces parameters and variables; `None` if nothing changed, so that parts stay shared.
fn rewrite(ty: &Ty, leaf: &dyn Fn(&Ty) -> Option<Ty>) -> Option<Ty> {
    match ty {
        Ty::Param(..) | Ty::Var(_) => leaf(ty),
        Ty::Union(members) => rewrite_all(members, leaf).map(union),
        Ty::List(item) => rewrite(item, leaf).map(|item| Ty::List(Arc::new(item))),
        Ty::Keyed(keyed) => {
            let item = rewrite(&keyed.item, leaf)?;
            Some(Ty::Keyed(Arc::new(KeyedTy { item, keys: keyed.keys.clone() })))
        }
        Ty::Map(pair) => {
            let (key, value) = (rewrite(&pair.0, leaf), rewrite(&pair.1, leaf));
            if key.is_none() && value.is_none() {
                return None;
            }
            let key = key.unwrap_or_else(|| pair.0.clone());
            Some(Ty::Map(Arc::new((key, value.unwrap_or_else(|| pair.1.clone())))))
        }
        Ty::Record(fields) => {
            let types: Vec<Ty> = fields.iter().map(|(_, ty)| ty.clone()).collect();
            let types = rewrite_all(&types, leaf)?;
            Some(Ty::Record(fields.iter().map(|(name, _)| *name).zip(types).collect()))
        }
        Ty::Fn(function) => {
            let (params, ret) = (rewrite_all(&function.params, leaf), rewrite(&function.ret, leaf));
            if params.is_none() && ret.is_none() {
                return None;
            }
            let params = params.unwrap_or_else(|| function.params.clone());
            Some(Ty::Fn(Arc::new(FnTy { params, ret: ret.unwrap_or_else(|| function.ret.clone()) })))
        }
        Ty::Refined(refined) => {
            let base = rewrite(&refined.base, leaf)?;
            Some(Ty::Refined(Arc::new(RefinedTy { base, id: refined.id })))
        }
        _ => None,
    }
}

fn rewrite_all(types: &[Ty], leaf: &dyn Fn(&Ty) -> Option<Ty>) -> Option<Vec<Ty>> {
    let rewritten: Vec<Option<Ty>> = types.iter().map(|ty| rewrite(ty, leaf)).collect();
    if rewritten.iter().all(Option::is_none) {
        return None;
    }
    Some(rewritten.into_iter().zip(types).map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect())
}

/// The inference variables of one call.
///
/// `fresh` creates the arguments for [`substitute`]; `hint` takes the type expected of the result; `constrain` takes
/// the type of one argument after the other (lambdas last, since their parameters take what `apply` knows by then);
/// `finish` returns the type of the result.
#[derive(Clone, Default, Debug)]
pub(crate) struct Solver {
    vars: Vec<InferVar>,
}

#[derive(Clone, Default, Debug)]
struct InferVar {
    /// The join of the argument types, with literals widened.
    inferred: Option<Ty>,
    /// The union of the argument types, with literals kept: a hint may accept only these.
    exact: Option<Ty>,
    /// The type that the context expects; used if the arguments are assignable to it or absent.
    hint: Option<Ty>,
    /// The current solution, derived from the fields above.
    known: Option<Ty>,
}

impl Solver {
    /// A solver without variables.
    pub(crate) fn new() -> Solver {
        Solver::default()
    }

    /// Variables for the generic parameters of a function.
    pub(crate) fn fresh(&mut self, count: usize) -> Vec<Ty> {
        let first = self.vars.len();
        self.vars.resize(first + count, InferVar::default());
        (first..first + count).map(|var| Ty::Var(var as u32)).collect()
    }

    /// Adds the constraint that an argument of type `from` is passed to a parameter of type `to`, which has variables.
    /// Never fails: a mismatch is found by `assignability(from, apply(to))` afterwards.
    pub(crate) fn constrain(&mut self, decls: &Decls, from: &Ty, to: &Ty) {
        match to {
            Ty::Var(var) => self.bind(decls, *var, from),
            Ty::Union(targets) => self.constrain_union(decls, from, targets),
            Ty::List(_) | Ty::Keyed(_) | Ty::Map(_) | Ty::Record(_) | Ty::Fn(_) if has_var(to) => {
                for member in members(decls, from) {
                    self.constrain_parts(decls, &unfold(decls, &member), to);
                }
            }
            Ty::Refined(refined) => self.constrain(decls, from, &refined.base),
            _ => {}
        }
    }

    /// Members that match fixed members do not constrain the variables: `Int?` for `T?` means that T is `Int`.
    fn constrain_union(&mut self, decls: &Decls, from: &Ty, targets: &[Ty]) {
        let (open, fixed): (Vec<&Ty>, Vec<&Ty>) = targets.iter().partition(|target| has_var(target));
        let rest = members(decls, from).into_iter();
        let rest: Vec<Ty> = rest
            .filter(|member| !fixed.iter().any(|target| assignability(decls, member, target) == Assignability::Yes))
            .collect();
        if rest.is_empty() {
            return;
        }
        let rest = if rest.len() == members(decls, from).len() { from.clone() } else { union(rest) };
        open.into_iter().for_each(|target| self.constrain(decls, &rest, target));
    }

    fn constrain_parts(&mut self, decls: &Decls, from: &Ty, to: &Ty) {
        match (from, to) {
            (Ty::List(from), Ty::List(to)) => self.constrain(decls, from, to),
            (Ty::Keyed(from), Ty::List(to)) => self.constrain(decls, &from.item, to),
            (Ty::Keyed(from), Ty::Keyed(to)) => self.constrain(decls, &from.item, &to.item),
            (Ty::Map(from), Ty::Map(to)) => {
                self.constrain(decls, &from.0, &to.0);
                self.constrain(decls, &from.1, &to.1);
            }
            (Ty::Record(from), Ty::Record(to)) => {
                for (name, to) in to.iter() {
                    if let Some((_, from)) = from.iter().find(|(other, _)| other == name) {
                        self.constrain(decls, from, to);
                    }
                }
            }
            (Ty::Fn(from), Ty::Fn(to)) => {
                from.params.iter().zip(&to.params).for_each(|(from, to)| self.constrain(decls, from, to));
                self.constrain(decls, &from.ret, &to.ret);
            }
            _ => {}
        }
    }

    fn bind(&mut self, decls: &Decls, var: u32, from: &Ty) {
        if has_var(from) {
            return;
        }
        let Some(var) = self.vars.get_mut(var as usize) else { return };
        var.exact = Some(union(var.exact.take().into_iter().chain([from.clone()])));
        let from = widen_literal(from);
        var.inferred = Some(match &var.inferred {
            Some(before) => join(decls, before, &from),
            None => from,
        });
        var.update(decls);
    }

    /// Adds the type expected of the result. Arguments that are not assignable to it take precedence.
    pub(crate) fn hint(&mut self, decls: &Decls, ret: &Ty, expected: &Ty) {
        let mut scratch = Solver { vars: vec![InferVar::default(); self.vars.len()] };
        scratch.constrain(decls, expected, ret);
        for (var, hint) in self.vars.iter_mut().zip(scratch.vars) {
            if hint.inferred.is_some() {
                var.hint = hint.inferred;
                var.update(decls);
            }
        }
    }

    /// Replaces the solved variables of `ty`; others stay.
    pub(crate) fn apply(&self, ty: &Ty) -> Ty {
        rewrite(ty, &|leaf| self.known(leaf)).unwrap_or_else(|| ty.clone())
    }

    /// Replaces all variables of `ty`; unsolved ones become [`Ty::Never`], the item of an empty list.
    pub(crate) fn finish(&self, ty: &Ty) -> Ty {
        let known = |leaf: &Ty| match leaf {
            Ty::Var(_) => Some(self.known(leaf).unwrap_or(Ty::Never)),
            _ => None,
        };
        rewrite(ty, &known).unwrap_or_else(|| ty.clone())
    }

    /// Whether `ty` contains unsolved variables.
    pub(crate) fn is_open(&self, ty: &Ty) -> bool {
        has_var(&self.apply(ty))
    }

    fn known(&self, leaf: &Ty) -> Option<Ty> {
        match leaf {
            Ty::Var(var) => self.vars.get(*var as usize)?.known.clone(),
            _ => None,
        }
    }
}

impl InferVar {
    fn update(&mut self, decls: &Decls) {
        let fits =
            |hint: &Ty| self.exact.as_ref().is_none_or(|exact| assignability(decls, exact, hint) != Assignability::No);
        self.known = self.hint.clone().filter(fits).or_else(|| self.inferred.clone());
    }
}

/// Whether a type contains inference variables.
pub(crate) fn has_var(ty: &Ty) -> bool {
    match ty {
        Ty::Var(_) => true,
        Ty::Union(members) => members.iter().any(has_var),
        Ty::List(item) => has_var(item),
        Ty::Keyed(keyed) => has_var(&keyed.item),
        Ty::Map(pair) => has_var(&pair.0) || has_var(&pair.1),
        Ty::Record(fields) => fields.iter().any(|(_, ty)| has_var(ty)),
        Ty::Fn(function) => function.params.iter().any(has_var) || has_var(&function.ret),
        Ty::Refined(refined) => has_var(&refined.base),
        _ => false,
    }
}
