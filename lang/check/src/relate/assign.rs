//! Whether a value of one type may stand where another is expected.

use forge_base::{Name, suggest};
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
    Assigner { decls, assumed: SmallVec::new() }.assign(from, to)
}

struct Assigner<'a> {
    decls: &'a Decls,
    /// Pairs that are being compared further out: meeting one again means that nothing speaks against it.
    assumed: SmallVec<[(Ty, Ty); 4]>,
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

    /// Unfolds names; a pair that is met again on the way is taken to fit.
    fn named(&mut self, from: &Ty, to: &Ty) -> Assign {
        if self.assumed.iter().any(|(a, b)| a == from && b == to) {
            return Assign::Yes;
        }
        self.assumed.push((from.clone(), to.clone()));
        let decls = self.decls;
        let behind = |ty: &Ty| match ty {
            Ty::Alias(id) => decls.alias(*id).ty.clone(),
            other => other.clone(),
        };
        let found = self.assign(&behind(from), &behind(to));
        self.assumed.pop();
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
