//! Whether the arms of a `match` leave a value out, and which arms no value reaches.

use crate::decl::Decls;
use crate::hir::Pattern;
use crate::ty::Ty;

/// One arm, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub struct ArmView<'a> {
    /// Its patterns.
    pub patterns: &'a [Pattern],
    /// Whether an `if` follows: such an arm proves nothing.
    pub is_guarded: bool,
}

/// What a `match` leaves out and what is too much.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Report {
    /// The cases that no arm takes, as they would be written in patterns: `"a"`, `null`, `is Flux`, `_`.
    pub missing: Vec<String>,
    /// Places of arms that no value reaches.
    pub unreachable: Vec<usize>,
    /// Arm and pattern that can never fit a value of the type, though no earlier arm takes it.
    pub impossible: Vec<(usize, usize)>,
}

/// Looks at all arms in order.
pub fn check_arms(_decls: &Decls, _scrutinee: &Ty, _arms: &[ArmView<'_>]) -> Report {
    Report::default()
}
