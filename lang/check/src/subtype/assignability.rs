//! Whether a value of one type can be used where another type is expected.

use std::sync::Arc;

use forge_base::{Name, suggest};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::view::{is_plain_data, is_subschema, members, unfold};
use crate::decl::Decls;
use crate::ty::{FnTy, RefinedTy, Ty};

/// What it takes to use a value of one type as another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Assignability {
    /// It cannot be used.
    No,
    /// The value must be converted or tested at run time.
    Coerce,
    /// Every value can be used unchanged: the type is a subtype.
    Yes,
}

impl From<bool> for Assignability {
    /// Without a conversion, or not at all.
    fn from(is_subtype: bool) -> Assignability {
        if is_subtype { Assignability::Yes } else { Assignability::No }
    }
}

/// Whether a `from` can be used where a `to` is expected.
pub(crate) fn assignability(decls: &Decls, from: &Ty, to: &Ty) -> Assignability {
    AssignabilityCx { decls, cache: PairCache::default() }.check(from, to)
}

struct AssignabilityCx<'a> {
    decls: &'a Decls,
    cache: PairCache,
}

/// A type by identity: shared parts have the same address.
#[derive(Clone, PartialEq, Eq, Hash)]
enum TyKey {
    Address(usize),
    Leaf(Ty),
}

impl TyKey {
    fn of(ty: &Ty) -> TyKey {
        match ty {
            Ty::Union(parts) => TyKey::Address(Arc::as_ptr(parts).addr()),
            Ty::Record(fields) => TyKey::Address(Arc::as_ptr(fields).addr()),
            Ty::List(item) => TyKey::Address(Arc::as_ptr(item).addr()),
            Ty::Keyed(keyed) => TyKey::Address(Arc::as_ptr(keyed).addr()),
            Ty::Map(pair) => TyKey::Address(Arc::as_ptr(pair).addr()),
            Ty::Fn(function) => TyKey::Address(Arc::as_ptr(function).addr()),
            Ty::Refined(refined) => TyKey::Address(Arc::as_ptr(refined).addr()),
            leaf => TyKey::Leaf(leaf.clone()),
        }
    }
}

/// The state of a pair of types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PairState {
    /// It is being compared by a caller. Meeting it again assumes that it holds (coinduction).
    InProgress {
        was_hit: bool,
    },
    Done(Assignability),
}

/// The pairs of named types compared so far. Without it, comparing types that name each other repeatedly takes exponential time.
#[derive(Default)]
struct PairCache {
    few: SmallVec<[((TyKey, TyKey), PairState); 4]>,
    /// All pairs, once there are more than a few.
    many: FxHashMap<(TyKey, TyKey), PairState>,
}

impl PairCache {
    fn get(&mut self, pair: &(TyKey, TyKey)) -> Option<&mut PairState> {
        match self.many.is_empty() {
            true => self.few.iter_mut().find(|(other, _)| other == pair).map(|(_, state)| state),
            false => self.many.get_mut(pair),
        }
    }

    fn add(&mut self, pair: (TyKey, TyKey), state: PairState) {
        if self.many.is_empty() && self.few.len() < self.few.inline_size() {
            self.few.push((pair, state));
            return;
        }
        self.many.extend(self.few.drain(..));
        self.many.insert(pair, state);
    }

    /// Drops results that may depend on an assumption that did not hold.
    fn forget(&mut self) {
        let holds =
            |state: &PairState| matches!(state, PairState::InProgress { .. } | PairState::Done(Assignability::No));
        self.few.retain(|(_, state)| holds(state));
        self.many.retain(|_, state| holds(state));
    }
}

impl AssignabilityCx<'_> {
    fn check(&mut self, from: &Ty, to: &Ty) -> Assignability {
        match (from, to) {
            _ if from == to => Assignability::Yes,
            (Ty::Error | Ty::Never | Ty::Var(_), _) | (_, Ty::Error | Ty::Var(_)) => Assignability::Yes,
            (_, Ty::Any) => Assignability::from(is_plain_data(self.decls, from)),
            (Ty::Alias(_), _) | (_, Ty::Alias(_)) => self.named(from, to),
            (Ty::Param(_, _, Some(bound)), to) if !matches!(to, Ty::Union(_)) => self.check(bound, to),
            (Ty::Union(members), _) => self.every(members, to),
            (Ty::Refined(from), Ty::Refined(to)) if is_refined_by(self.decls, from, to) => Assignability::Yes,
            (_, Ty::Union(members)) => self.some(from, members, to),
            (_, Ty::Refined(to)) => self.check(from, &to.base).min(Assignability::Coerce),
            (Ty::Refined(from), _) => self.check(&from.base, to),
            _ => self.structural(from, to),
        }
    }

    /// Compares the types that names stand for. A pair that is met again is assumed to hold.
    fn named(&mut self, from: &Ty, to: &Ty) -> Assignability {
        let pair = (TyKey::of(from), TyKey::of(to));
        match self.cache.get(&pair) {
            Some(PairState::Done(found)) => return *found,
            Some(PairState::InProgress { was_hit }) => {
                *was_hit = true;
                return Assignability::Yes;
            }
            None => self.cache.add(pair.clone(), PairState::InProgress { was_hit: false }),
        }
        let found = self.check(behind_names(self.decls, from), behind_names(self.decls, to));
        let state = self.cache.get(&pair);
        let was_hit = state.as_deref() == Some(&PairState::InProgress { was_hit: true });
        if let Some(state) = state {
            *state = PairState::Done(found);
        }
        if was_hit && found != Assignability::Yes {
            self.cache.forget();
        }
        found
    }

    fn every(&mut self, members: &[Ty], to: &Ty) -> Assignability {
        let mut worst = Assignability::Yes;
        for member in members {
            worst = worst.min(self.check(member, to));
            if worst == Assignability::No {
                break;
            }
        }
        worst
    }

    fn some(&mut self, from: &Ty, members: &[Ty], to: &Ty) -> Assignability {
        if members.contains(from) {
            return Assignability::Yes;
        }
        let mut best = Assignability::No;
        for member in members {
            best = best.max(self.check(from, member));
            if best == Assignability::Yes {
                return best;
            }
        }
        match from {
            Ty::Bool => {
                let has = |value| members.contains(&Ty::LitBool(value));
                best.max(Assignability::from(has(true) && has(false)))
            }
            // The base may be a union whose members are assignable one by one.
            Ty::Refined(refined) => best.max(self.check(&refined.base, to)),
            _ => best,
        }
    }

    fn structural(&mut self, from: &Ty, to: &Ty) -> Assignability {
        match (from, to) {
            (Ty::LitStr(_), Ty::Str) | (Ty::LitInt(_), Ty::Int) | (Ty::LitBool(_), Ty::Bool) => Assignability::Yes,
            (Ty::Int | Ty::LitInt(_), Ty::Float | Ty::Quantity) => Assignability::Coerce,
            (Ty::List(from), Ty::List(to)) => self.check(from, to),
            (Ty::Keyed(from), Ty::List(to)) => self.check(&from.item, to),
            // The keys are read from the elements when the value is computed.
            (Ty::List(from), Ty::Keyed(to)) => self.check(from, &to.item).min(Assignability::Coerce),
            (Ty::Keyed(from), Ty::Keyed(to)) if from.keys == to.keys => self.check(&from.item, &to.item),
            (Ty::Map(from), Ty::Map(to)) => match self.check(&from.0, &to.0) {
                Assignability::No => Assignability::No,
                keys => keys.min(self.check(&from.1, &to.1)),
            },
            (Ty::Record(from), Ty::Record(to)) => self.record(from, to),
            (Ty::Record(from), Ty::Map(to)) => self.record_as_map(from, &to.0, &to.1),
            (Ty::Schema(from), Ty::Schema(to)) => Assignability::from(is_subschema(self.decls, *from, *to)),
            (Ty::Fn(from), Ty::Fn(to)) => self.function(from, to),
            _ => Assignability::No,
        }
    }

    fn record(&mut self, from: &[(Name, Ty)], to: &[(Name, Ty)]) -> Assignability {
        if from.len() != to.len() {
            return Assignability::No;
        }
        let mut worst = Assignability::Yes;
        for (name, expected) in to {
            let Some((_, ty)) = from.iter().find(|(other, _)| other == name) else { return Assignability::No };
            worst = worst.min(self.check(ty, expected));
        }
        worst
    }

    /// A record is a map with known keys.
    fn record_as_map(&mut self, from: &[(Name, Ty)], key: &Ty, value: &Ty) -> Assignability {
        let mut worst = Assignability::Yes;
        for (name, ty) in from {
            worst = worst.min(self.check(&Ty::LitStr(*name), key)).min(self.check(ty, value));
        }
        worst
    }

    /// Functions cannot be converted, so parameters and result must be subtypes.
    fn function(&mut self, from: &FnTy, to: &FnTy) -> Assignability {
        let fits = from.params.len() == to.params.len()
            && from.params.iter().zip(&to.params).all(|(from, to)| self.check(to, from) == Assignability::Yes)
            && self.check(&from.ret, &to.ret) == Assignability::Yes;
        Assignability::from(fits)
    }
}

/// Resolves aliases. Terminates, since cycles of aliases are cut when they are declared.
fn behind_names<'t>(decls: &'t Decls, ty: &'t Ty) -> &'t Ty {
    let mut ty = ty;
    while let Ty::Alias(id) = ty {
        ty = &decls.alias(*id).ty;
    }
    ty
}

/// Whether `from` has the condition of `to` among its own.
fn is_refined_by(decls: &Decls, from: &RefinedTy, to: &RefinedTy) -> bool {
    let mut from = from.clone();
    // The chain of refinements is finite, since cycles of aliases are cut when they are declared.
    loop {
        if from.id == to.id {
            return true;
        }
        let mut base = from.base.clone();
        while let Ty::Alias(id) = base {
            base = decls.alias(id).ty.clone();
        }
        match base {
            Ty::Refined(inner) => from = (*inner).clone(),
            _ => return false,
        }
    }
}

/// The member of a union that is most similar to `from`, for messages.
pub(crate) fn closest(decls: &Decls, from: &Ty, to: &Ty) -> Option<Ty> {
    let members = members(decls, to);
    let from = unfold(decls, from);
    if let Ty::LitStr(text) = from {
        return closest_literal(text, &members);
    }
    let mut best: Option<(usize, &Ty)> = None;
    for member in &members {
        let likeness = likeness(decls, &from, &unfold(decls, member));
        if likeness > 0 && best.is_none_or(|(other, _)| likeness > other) {
            best = Some((likeness, member));
        }
    }
    best.map(|(_, member)| member.clone())
}

fn closest_literal(text: Name, members: &[Ty]) -> Option<Ty> {
    let literals = members.iter().filter_map(|member| match member {
        Ty::LitStr(other) => Some(other.as_str()),
        _ => None,
    });
    suggest::nearest(text.as_str(), literals).map(|near| Ty::LitStr(Name::new(near)))
}

/// A score: zero for types of different kinds, higher the more fields they share.
fn likeness(decls: &Decls, from: &Ty, to: &Ty) -> usize {
    match (from, to) {
        (Ty::List(_) | Ty::Keyed(_), Ty::List(_) | Ty::Keyed(_)) => 1,
        (Ty::Map(_), Ty::Map(_)) | (Ty::Fn(_), Ty::Fn(_)) => 1,
        (Ty::Int | Ty::LitInt(_), Ty::Int | Ty::LitInt(_)) => 1,
        _ => match (field_names(decls, from), field_names(decls, to)) {
            (Some(from), Some(to)) => from.iter().filter(|name| to.contains(name)).count(),
            _ => 0,
        },
    }
}

fn field_names(decls: &Decls, ty: &Ty) -> Option<Vec<Name>> {
    match ty {
        Ty::Schema(id) => Some(decls.schema(*id).fields.iter().map(|field| field.name).collect()),
        Ty::Record(fields) => Some(fields.iter().map(|(name, _)| *name).collect()),
        _ => None,
    }
}
