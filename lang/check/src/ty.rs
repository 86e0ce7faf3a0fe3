//! Types as values: cheap to clone, compared structurally.

use std::sync::Arc;

use forge_base::Name;

use crate::ids::{AliasId, RefineId, SchemaId};

/// A type.
#[expect(clippy::derived_hash_with_manual_eq, reason = "equal is still what has the same structure")]
#[derive(Clone, Eq, Hash, Debug)]
pub enum Ty {
    /// An error that has been reported. Assignable to and from everything, and suppresses follow-up errors.
    Error,
    /// The empty type: the item of an empty list, the result of an empty `match`.
    Never,
    /// Any plain data.
    Any,
    /// `Null`.
    Null,
    /// `Bool`.
    Bool,
    /// `Int`.
    Int,
    /// `Float`.
    Float,
    /// `String`.
    Str,
    /// `Quantity`.
    Quantity,
    /// `Duration`.
    Duration,
    /// `Secret`.
    Secret,
    /// `"a"`.
    LitStr(Name),
    /// `1`.
    LitInt(i64),
    /// `true`.
    LitBool(bool),
    /// `A | B`: at least two members, flat, without duplicates, in source order, `Null` last.
    Union(Arc<[Ty]>),
    /// `[T]`.
    List(Arc<Ty>),
    /// `[T by key]`.
    Keyed(Arc<KeyedTy>),
    /// `{K: V}`.
    Map(Arc<(Ty, Ty)>),
    /// `{ a: T }`: exactly these fields, in this order.
    Record(Arc<[(Name, Ty)]>),
    /// `(A) -> B`.
    Fn(Arc<FnTy>),
    /// A schema.
    Schema(SchemaId),
    /// A named type, resolved through the program's tables. May be recursive.
    Alias(AliasId),
    /// `T where cond`.
    Refined(Arc<RefinedTy>),
    /// A generic parameter of the function being checked or called: name, index and bound.
    Param(Name, u32, Option<Arc<Ty>>),
    /// An inference variable of the call being checked. Never left in a finished module.
    Var(u32),
}

/// Limits for the size of an inferred type: its parts and its nesting.
const MAX_PARTS: u32 = 1_000_000;
const MAX_LEVELS: u32 = 1000;

impl Ty {
    /// Whether the type is small enough to be compared with others.
    pub(crate) fn is_bounded(&self) -> bool {
        let mut left = MAX_PARTS;
        self.fits_within(&mut left, MAX_LEVELS)
    }

    /// Subtracts the number of parts of the type from `left`. False if `left` or `levels` is exceeded.
    fn fits_within(&self, left: &mut u32, levels: u32) -> bool {
        if *left == 0 || levels == 0 {
            return false;
        }
        *left -= 1;
        let levels = levels - 1;
        match self {
            Ty::Union(members) => members.iter().all(|ty| ty.fits_within(left, levels)),
            Ty::List(item) => item.fits_within(left, levels),
            Ty::Keyed(keyed) => keyed.item.fits_within(left, levels),
            Ty::Map(pair) => pair.0.fits_within(left, levels) && pair.1.fits_within(left, levels),
            Ty::Record(fields) => fields.iter().all(|(_, ty)| ty.fits_within(left, levels)),
            Ty::Fn(function) => {
                function.params.iter().all(|ty| ty.fits_within(left, levels)) && function.ret.fits_within(left, levels)
            }
            Ty::Refined(refined) => refined.base.fits_within(left, levels),
            _ => true,
        }
    }
}

impl PartialEq for Ty {
    /// Structural equality, with a shortcut for shared parts.
    fn eq(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Union(a), Ty::Union(b)) => Arc::ptr_eq(a, b) || a == b,
            (Ty::List(a), Ty::List(b)) => Arc::ptr_eq(a, b) || a == b,
            (Ty::Keyed(a), Ty::Keyed(b)) => Arc::ptr_eq(a, b) || a == b,
            (Ty::Map(a), Ty::Map(b)) => Arc::ptr_eq(a, b) || a == b,
            (Ty::Record(a), Ty::Record(b)) => Arc::ptr_eq(a, b) || a == b,
            (Ty::Fn(a), Ty::Fn(b)) => Arc::ptr_eq(a, b) || a == b,
            (Ty::Refined(a), Ty::Refined(b)) => Arc::ptr_eq(a, b) || a == b,
            (Ty::LitStr(a), Ty::LitStr(b)) => a == b,
            (Ty::LitInt(a), Ty::LitInt(b)) => a == b,
            (Ty::LitBool(a), Ty::LitBool(b)) => a == b,
            (Ty::Schema(a), Ty::Schema(b)) => a == b,
            (Ty::Alias(a), Ty::Alias(b)) => a == b,
            (Ty::Param(a, i, _), Ty::Param(b, j, _)) => a == b && i == j,
            (Ty::Var(a), Ty::Var(b)) => a == b,
            // The remaining variants have no fields.
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// `[T by a, b]`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct KeyedTy {
    /// The items' type.
    pub item: Ty,
    /// The key fields; at least one.
    pub keys: Vec<Name>,
}

/// `(A, B) -> C`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FnTy {
    /// The parameters' types.
    pub params: Vec<Ty>,
    /// The result's type.
    pub ret: Ty,
}

/// `T where cond`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RefinedTy {
    /// What is refined.
    pub base: Ty,
    /// The condition.
    pub id: RefineId,
}
