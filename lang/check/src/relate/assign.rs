//! Whether a value of one type may stand where another is expected.

use std::sync::Arc;

use forge_base::{Name, suggest};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::shape::{is_plain_data, is_subschema, members, unfold};
use crate::decl::Decls;
use crate::ty::{FnTy, RefinedTy, Ty};

/// What it takes to use a value of one type as another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Assign {
    /// It is not possible.
    No,
    /// The value must be converted or tested when the program runs.
    Coerce,
    /// Every value fits as it is.
    Yes,
}

/// Whether a `from` may stand where a `to` is expected.
pub fn assign(decls: &Decls, from: &Ty, to: &Ty) -> Assign {
    Assigner { decls, seen: Seen::default() }.assign(from, to)
}

struct Assigner<'a> {
    decls: &'a Decls,
    seen: Seen,
}

/// A type by its identity: what is written once is met again as the same.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(usize),
    Leaf(Ty),
}

impl Key {
    fn of(ty: &Ty) -> Key {
        match ty {
            Ty::Union(parts) => Key::Address(Arc::as_ptr(parts).addr()),
            Ty::Record(fields) => Key::Address(Arc::as_ptr(fields).addr()),
            Ty::List(item) => Key::Address(Arc::as_ptr(item).addr()),
            Ty::Keyed(keyed) => Key::Address(Arc::as_ptr(keyed).addr()),
            Ty::Map(pair) => Key::Address(Arc::as_ptr(pair).addr()),
            Ty::Fn(function) => Key::Address(Arc::as_ptr(function).addr()),
            Ty::Refined(refined) => Key::Address(Arc::as_ptr(refined).addr()),
            leaf => Key::Leaf(leaf.clone()),
        }
    }
}

/// What is known about a pair of types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It is being compared further out: meeting it again means that nothing speaks against it.
    Open {
        was_met: bool,
    },
    Done(Assign),
}

/// The pairs of named types that were met, so that each is compared once: a type that names another one twice would take twice its time.
#[derive(Default)]
struct Seen {
    few: SmallVec<[((Key, Key), Known); 4]>,
    /// All, as soon as they are more than a few.
    many: FxHashMap<(Key, Key), Known>,
}

impl Seen {
    fn get(&mut self, pair: &(Key, Key)) -> Option<&mut Known> {
        match self.many.is_empty() {
            true => self.few.iter_mut().find(|(other, _)| other == pair).map(|(_, known)| known),
            false => self.many.get_mut(pair),
        }
    }

    fn add(&mut self, pair: (Key, Key), known: Known) {
        if self.many.is_empty() && self.few.len() < self.few.inline_size() {
            self.few.push((pair, known));
            return;
        }
        self.many.extend(self.few.drain(..));
        self.many.insert(pair, known);
    }

    /// Forgets what may have been found on the ground of a pair that does not hold.
    fn forget(&mut self) {
        let holds = |known: &Known| matches!(known, Known::Open { .. } | Known::Done(Assign::No));
        self.few.retain(|(_, known)| holds(known));
        self.many.retain(|_, known| holds(known));
    }
}

impl Assigner<'_> {
    fn assign(&mut self, from: &Ty, to: &Ty) -> Assign {
        match (from, to) {
            _ if from == to => Assign::Yes,
            (Ty::Error | Ty::Never | Ty::Var(_), _) | (_, Ty::Error | Ty::Var(_)) => Assign::Yes,
            (_, Ty::Any) => yes_if(is_plain_data(self.decls, from)),
            (Ty::Alias(_), _) | (_, Ty::Alias(_)) => self.named(from, to),
            (Ty::Union(members), _) => self.every(members, to),
            (Ty::Refined(from), Ty::Refined(to)) if is_refined_by(self.decls, from, to) => Assign::Yes,
            (_, Ty::Union(members)) => self.some(from, members, to),
            (_, Ty::Refined(to)) => self.assign(from, &to.base).min(Assign::Coerce),
            (Ty::Refined(from), _) => self.assign(&from.base, to),
            _ => self.structural(from, to),
        }
    }

    /// Looks behind names; a pair that is met again on the way is taken to fit.
    fn named(&mut self, from: &Ty, to: &Ty) -> Assign {
        let pair = (Key::of(from), Key::of(to));
        match self.seen.get(&pair) {
            Some(Known::Done(found)) => return *found,
            Some(Known::Open { was_met }) => {
                *was_met = true;
                return Assign::Yes;
            }
            None => self.seen.add(pair.clone(), Known::Open { was_met: false }),
        }
        let found = self.assign(behind_names(self.decls, from), behind_names(self.decls, to));
        let known = self.seen.get(&pair);
        let was_met = known.as_deref() == Some(&Known::Open { was_met: true });
        if let Some(known) = known {
            *known = Known::Done(found);
        }
        if was_met && found != Assign::Yes {
            self.seen.forget();
        }
        found
    }

    fn every(&mut self, members: &[Ty], to: &Ty) -> Assign {
        let mut worst = Assign::Yes;
        for member in members {
            worst = worst.min(self.assign(member, to));
            if worst == Assign::No {
                break;
            }
        }
        worst
    }

    fn some(&mut self, from: &Ty, members: &[Ty], to: &Ty) -> Assign {
        if members.contains(from) {
            return Assign::Yes;
        }
        let mut best = Assign::No;
        for member in members {
            best = best.max(self.assign(from, member));
            if best == Assign::Yes {
                return best;
            }
        }
        match from {
            Ty::Bool => {
                let has = |value| members.contains(&Ty::LitBool(value));
                best.max(yes_if(has(true) && has(false)))
            }
            // The base may be a union whose members fit one by one.
            Ty::Refined(refined) => best.max(self.assign(&refined.base, to)),
            _ => best,
        }
    }

    fn structural(&mut self, from: &Ty, to: &Ty) -> Assign {
        match (from, to) {
            (Ty::LitStr(_), Ty::Str) | (Ty::LitInt(_), Ty::Int) | (Ty::LitBool(_), Ty::Bool) => Assign::Yes,
            (Ty::Int | Ty::LitInt(_), Ty::Float | Ty::Quantity) => Assign::Coerce,
            (Ty::List(from), Ty::List(to)) => self.assign(from, to),
            (Ty::Keyed(from), Ty::List(to)) => self.assign(&from.item, to),
            (Ty::Keyed(from), Ty::Keyed(to)) if from.keys == to.keys => self.assign(&from.item, &to.item),
            (Ty::Map(from), Ty::Map(to)) => match self.assign(&from.0, &to.0) {
                Assign::No => Assign::No,
                keys => keys.min(self.assign(&from.1, &to.1)),
            },
            (Ty::Record(from), Ty::Record(to)) => self.record(from, to),
            (Ty::Record(from), Ty::Map(to)) => self.record_as_map(from, &to.0, &to.1),
            (Ty::Schema(from), Ty::Schema(to)) => yes_if(is_subschema(self.decls, *from, *to)),
            (Ty::Fn(from), Ty::Fn(to)) => self.function(from, to),
            _ => Assign::No,
        }
    }

    fn record(&mut self, from: &[(Name, Ty)], to: &[(Name, Ty)]) -> Assign {
        if from.len() != to.len() {
            return Assign::No;
        }
        let mut worst = Assign::Yes;
        for (name, expected) in to {
            let Some((_, ty)) = from.iter().find(|(other, _)| other == name) else { return Assign::No };
            worst = worst.min(self.assign(ty, expected));
        }
        worst
    }

    /// A record is a map whose keys are known.
    fn record_as_map(&mut self, from: &[(Name, Ty)], key: &Ty, value: &Ty) -> Assign {
        let mut worst = Assign::Yes;
        for (name, ty) in from {
            worst = worst.min(self.assign(&Ty::LitStr(*name), key)).min(self.assign(ty, value));
        }
        worst
    }

    /// A function cannot be converted, so everything must fit as it is.
    fn function(&mut self, from: &FnTy, to: &FnTy) -> Assign {
        let fits = from.params.len() == to.params.len()
            && from.params.iter().zip(&to.params).all(|(from, to)| self.assign(to, from) == Assign::Yes)
            && self.assign(&from.ret, &to.ret) == Assign::Yes;
        yes_if(fits)
    }
}

/// The type that a name stands for, if it is one. Ends, since circles of names are cut when they are declared.
fn behind_names<'t>(decls: &'t Decls, ty: &'t Ty) -> &'t Ty {
    let mut ty = ty;
    while let Ty::Alias(id) = ty {
        ty = &decls.alias(*id).ty;
    }
    ty
}

fn yes_if(fits: bool) -> Assign {
    if fits { Assign::Yes } else { Assign::No }
}

/// Whether one of the conditions that `from` has passed is that of `to`.
fn is_refined_by(decls: &Decls, from: &RefinedTy, to: &RefinedTy) -> bool {
    let mut from = from.clone();
    // A chain of conditions is as deep as the text that wrote it; circles of names are cut when they are declared.
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

/// The member of a union that `from` comes closest to, for messages; `None` where nothing stands out.
pub fn closest(decls: &Decls, from: &Ty, to: &Ty) -> Option<Ty> {
    let members = members(decls, to);
    let from = unfold(decls, from);
    if let Ty::LitStr(text) = from {
        return closest_text(text, &members);
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

fn closest_text(text: Name, members: &[Ty]) -> Option<Ty> {
    let literals = members.iter().filter_map(|member| match member {
        Ty::LitStr(other) => Some(other.as_str()),
        _ => None,
    });
    suggest::nearest(text.as_str(), literals).map(|near| Ty::LitStr(Name::new(near)))
}

/// Zero for types of different kinds; more, the more they share.
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
