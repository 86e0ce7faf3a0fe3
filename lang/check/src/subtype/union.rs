//! Unions of types.

use rustc_hash::FxHashSet;

use crate::ty::Ty;

/// The union of `members`: flat, without duplicates, Null last; the member itself if there is only one.
pub(crate) fn union(members: impl IntoIterator<Item = Ty>) -> Ty {
    let mut flat = UnionBuilder::default();
    members.into_iter().for_each(|member| flat.add(member));
    let UnionBuilder { mut members, has_null, .. } = flat;
    if members.contains(&Ty::Error) {
        return Ty::Error;
    }
    if has_null {
        members.push(Ty::Null);
    }
    match members.len() {
        0 => Ty::Never,
        1 => members.swap_remove(0),
        _ => Ty::Union(members.into()),
    }
}

/// Up to this many members are compared one by one; more are looked up in a set.
const FEW: usize = 16;

/// Collects the members of a union.
#[derive(Default)]
struct UnionBuilder {
    members: Vec<Ty>,
    /// The members again, once there are more than `FEW`.
    seen: FxHashSet<Ty>,
    has_null: bool,
}

impl UnionBuilder {
    fn add(&mut self, member: Ty) {
        match member {
            Ty::Never => {}
            Ty::Null => self.has_null = true,
            Ty::Union(inner) => inner.iter().for_each(|ty| self.add(ty.clone())),
            _ if self.holds(&member) => {}
            _ => {
                if self.members.len() >= FEW {
                    self.seen.insert(member.clone());
                }
                self.members.push(member);
            }
        }
    }

    fn holds(&mut self, member: &Ty) -> bool {
        if self.members.len() < FEW {
            return self.members.contains(member);
        }
        if self.seen.is_empty() {
            self.seen.extend(self.members.iter().cloned());
        }
        self.seen.contains(member)
    }
}
