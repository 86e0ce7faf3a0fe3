//! Exhaustiveness of `match`: values that no arm covers, and arms that are unreachable.
//!
//! The scrutinee's type is split into its members; each arm without a guard removes those that it certainly matches.
//! What remains at the end is not covered. Types with unboundedly many values (`Int`, `String`) are only removed by
//! `_`, a name or `is`.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::decl::Decls;
use crate::display::show;
use crate::hir::{Const, Pattern};
use crate::subtype::{head, members, narrow, subtract};
use crate::ty::Ty;

/// The part of an arm that matters for coverage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArmView<'a> {
    /// Its patterns.
    pub(crate) patterns: &'a [Pattern],
    /// Whether it has a guard: such an arm covers nothing for certain.
    pub(crate) is_guarded: bool,
}

/// The coverage of a `match`.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Coverage {
    /// The cases that no arm covers, as patterns: `"a"`, `null`, `is Flux`, `_`.
    pub(crate) missing: Vec<String>,
    /// Indices of unreachable arms.
    pub(crate) unreachable: Vec<usize>,
    /// Indices of arm and pattern for patterns that can never match a value of the type.
    pub(crate) impossible: Vec<(usize, usize)>,
}

/// Checks all arms in order.
pub(crate) fn check_arms(decls: &Decls, scrutinee: &Ty, arms: &[ArmView<'_>]) -> Coverage {
    let all = split(decls, scrutinee);
    if all.iter().any(|member| *head(decls, member) == Ty::Error) || all == [Ty::Never] {
        return Coverage::default();
    }
    let mut left = Uncovered { decls, members: all.clone(), strings: FxHashSet::default(), ranges: BTreeMap::new() };
    let mut report = Coverage::default();
    for (index, arm) in arms.iter().enumerate() {
        check_arm(decls, &all, &left, index, arm, &mut report);
        if !arm.is_guarded {
            arm.patterns.iter().for_each(|pattern| left.cover(pattern));
        }
    }
    for member in &left.members {
        let case = show_case(decls, member);
        if !report.missing.contains(&case) {
            report.missing.push(case);
        }
    }
    if report.missing.iter().any(|case| case == "_") && report.missing.len() > 1 {
        // `_` goes last, where it has to be written.
        report.missing.retain(|case| case != "_");
        report.missing.push(String::from("_"));
    }
    report
}

/// The earlier arm that alone covers everything that the arm at `index` covers.
pub(crate) fn covered_by(decls: &Decls, scrutinee: &Ty, arms: &[ArmView<'_>], index: usize) -> Option<usize> {
    let all = split(decls, scrutinee);
    (0..index).filter(|&earlier| !arms[earlier].is_guarded).find(|&earlier| {
        let mut left =
            Uncovered { decls, members: all.clone(), strings: FxHashSet::default(), ranges: BTreeMap::new() };
        arms[earlier].patterns.iter().for_each(|pattern| left.cover(pattern));
        !arms[index].patterns.iter().any(|pattern| left.may_match(pattern))
    })
}

fn check_arm(decls: &Decls, all: &[Ty], left: &Uncovered<'_>, index: usize, arm: &ArmView<'_>, report: &mut Coverage) {
    let mut is_reached = arm.patterns.is_empty();
    let mut is_possible = false;
    for (at, pattern) in arm.patterns.iter().enumerate() {
        if all.iter().any(|member| may_match(decls, pattern, member)) {
            is_possible = true;
            is_reached |= left.may_match(pattern);
        } else {
            report.impossible.push((index, at));
        }
    }
    if is_possible && !is_reached {
        report.unreachable.push(index);
    }
}

/// The members of a type, with `Bool` split into its two values.
fn split(decls: &Decls, ty: &Ty) -> Vec<Ty> {
    let mut all = Vec::new();
    for member in members(decls, ty) {
        match member {
            Ty::Bool => all.extend([Ty::LitBool(true), Ty::LitBool(false)]),
            other => all.push(other),
        }
    }
    all
}

/// The values that the arms so far do not cover.
struct Uncovered<'a> {
    decls: &'a Decls,
    members: Vec<Ty>,
    /// Strings that an arm covers.
    strings: FxHashSet<String>,
    /// Covered integers: ranges by their first number, none inside another, so that their ends are sorted too.
    ranges: BTreeMap<i64, i64>,
}

impl Uncovered<'_> {
    fn may_match(&self, pattern: &Pattern) -> bool {
        let taken = match pattern {
            Pattern::Const(Const::Str(text)) => self.strings.contains(&**text),
            Pattern::Const(Const::Int(value)) => self.is_taken(*value, *value),
            Pattern::Range(first, last) => self.is_taken(*first, *last),
            _ => false,
        };
        !taken && self.members.iter().any(|member| may_match(self.decls, pattern, member))
    }

    /// Whether one earlier range contains all of `first..=last`.
    fn is_taken(&self, first: i64, last: i64) -> bool {
        self.ranges.range(..=first).next_back().is_some_and(|(_, high)| last <= *high)
    }

    fn take_range(&mut self, first: i64, last: i64) {
        if self.is_taken(first, last) {
            return;
        }
        while let Some((&low, _)) = self.ranges.range(first..).next().filter(|(_, high)| **high <= last) {
            self.ranges.remove(&low);
        }
        self.ranges.insert(first, last);
    }

    fn cover(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Any | Pattern::Bind(_) => self.members.clear(),
            Pattern::Is(ty) => {
                let before = std::mem::take(&mut self.members);
                let after = before.iter().map(|member| subtract(self.decls, member, ty));
                self.members = after.filter(|member| *member != Ty::Never).collect();
            }
            Pattern::Const(value) => {
                match value {
                    Const::Str(text) => _ = self.strings.insert(text.to_string()),
                    Const::Int(value) => self.take_range(*value, *value),
                    _ => {}
                }
                self.members.retain(|member| !is_exactly(head(self.decls, member), value));
            }
            Pattern::Range(first, last) => {
                self.take_range(*first, *last);
                self.members.retain(
                    |member| !matches!(head(self.decls, member), Ty::LitInt(value) if (*first..=*last).contains(value)),
                );
            }
        }
    }
}

/// Whether the constant is the only value of the type.
fn is_exactly(ty: &Ty, value: &Const) -> bool {
    match (ty, value) {
        (Ty::Null, Const::Null) => true,
        (Ty::LitBool(a), Const::Bool(b)) => a == b,
        (Ty::LitInt(a), Const::Int(b)) => a == b,
        (Ty::LitStr(a), Const::Str(b)) => a.as_str() == &**b,
        _ => false,
    }
}

/// Whether some value of the type matches the pattern.
fn may_match(decls: &Decls, pattern: &Pattern, member: &Ty) -> bool {
    let ty = head(decls, member);
    match pattern {
        Pattern::Any | Pattern::Bind(_) => true,
        Pattern::Is(test) => narrow(decls, member, test) != Ty::Never,
        Pattern::Const(value) => *ty == Ty::Any || is_exactly(ty, value) || is_of(ty, value),
        Pattern::Range(first, last) => match ty {
            Ty::LitInt(value) => (*first..=*last).contains(value),
            _ => matches!(ty, Ty::Any | Ty::Int | Ty::Float),
        },
    }
}

fn is_of(ty: &Ty, value: &Const) -> bool {
    match value {
        Const::Null => false,
        Const::Bool(_) => *ty == Ty::Bool,
        Const::Int(_) => matches!(ty, Ty::Int | Ty::Float | Ty::Quantity),
        Const::Float(_) => *ty == Ty::Float,
        Const::Str(_) => *ty == Ty::Str,
        Const::Quantity(_) => *ty == Ty::Quantity,
        Const::Duration(_) => *ty == Ty::Duration,
    }
}

/// The pattern that covers a member.
fn show_case(decls: &Decls, member: &Ty) -> String {
    match head(decls, member) {
        Ty::Null => String::from("null"),
        Ty::LitStr(_) | Ty::LitInt(_) | Ty::LitBool(_) => show(decls, head(decls, member)),
        Ty::Schema(_) | Ty::List(_) | Ty::Keyed(_) | Ty::Map(_) | Ty::Record(_) => {
            format!("is {}", show(decls, member))
        }
        _ => String::from("_"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{ArmView, Coverage, check_arms};
    use crate::fixture::module;
    use crate::hir::{Const, Pattern};

    const PROGRAM: &str = "
abstract schema Delivery {}
schema Flux extends Delivery {}
schema Argo extends Delivery {}
schema Shared extends Flux {}
type Size = \"s\" | \"m\" | \"l\"
";

    fn text(text: &str) -> Pattern {
        Pattern::Const(Const::Str(Arc::from(text)))
    }

    fn check(scrutinee: &str, arms: &[Pattern]) -> Coverage {
        let fixture = module(PROGRAM);
        let arms: Vec<ArmView<'_>> =
            arms.iter().map(|arm| ArmView { patterns: std::slice::from_ref(arm), is_guarded: false }).collect();
        check_arms(&fixture.decls, &fixture.ty(scrutinee), &arms)
    }

    fn is(ty: &str) -> Pattern {
        Pattern::Is(module(PROGRAM).ty(ty))
    }

    #[test]
    fn all_literals_of_a_union_must_be_covered() {
        assert_eq!(check("Size?", &[text("s"), text("l")]).missing, ["\"m\"", "null"]);
        assert_eq!(check("Size", &[text("s"), text("l"), text("m")]), Coverage::default());
        assert_eq!(check("Bool", &[Pattern::Const(Const::Bool(true))]).missing, ["false"]);
        assert_eq!(check("1 | 2 | 5", &[Pattern::Range(1, 4)]).missing, ["5"]);
    }

    #[test]
    fn unbounded_types_need_a_catch_all() {
        assert_eq!(check("String?", &[text("s"), Pattern::Const(Const::Null)]).missing, ["_"]);
        assert_eq!(check("Int", &[Pattern::Range(0, 9), Pattern::Any]), Coverage::default());
    }

    #[test]
    fn a_parent_covers_its_children() {
        assert_eq!(check("Shared | Argo", &[is("Flux")]).missing, ["is Argo"]);
        assert_eq!(check("Delivery", &[is("Flux"), is("Argo")]).missing, ["is Delivery"]);
        assert_eq!(check("Flux | Argo", &[is("Delivery"), is("Argo")]).unreachable, [1]);
    }

    #[test]
    fn arms_covered_by_earlier_ones_are_unreachable() {
        assert_eq!(check("Size", &[Pattern::Any, text("s")]).unreachable, [1]);
        assert_eq!(check("String", &[text("s"), text("s"), Pattern::Any]).unreachable, [1]);
        assert_eq!(check("Int", &[Pattern::Range(0, 9), Pattern::Range(3, 4), Pattern::Any]).unreachable, [1]);
        let ranges = [(5, 6), (0, 9), (2, 20), (3, 8), (20, 20), (20, 21), (0, 9)];
        let arms: Vec<Pattern> = ranges.iter().map(|(first, last)| Pattern::Range(*first, *last)).collect();
        assert_eq!(check("Int", &arms).unreachable, [3, 4, 6]);
    }

    #[test]
    fn patterns_of_other_types_are_impossible() {
        let report = check("Size", &[text("xl"), Pattern::Any]);
        assert_eq!((report.impossible, report.unreachable), (vec![(0, 0)], vec![]));
        assert_eq!(check("Flux", &[is("String"), Pattern::Any]).impossible, [(0, 0)]);
    }
}
