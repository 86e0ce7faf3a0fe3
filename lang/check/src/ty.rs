//! Types as values. Cheap to clone, compared by structure.

use std::sync::Arc;

use forge_base::Name;

use crate::ids::{AliasId, RefineId, SchemaId};

/// A type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ty {
    /// What has been reported already; goes with everything and says nothing.
    Error,
    /// No value at all: the item of an empty list, an empty `match`.
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
    /// `A | B`: at least two, flat, without duplicates, in the order of the text (Null last).
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
    /// A named type; unfold it through the program's tables. May be recursive.
    Alias(AliasId),
    /// `T where cond`.
    Refined(Arc<RefinedTy>),
    /// A generic parameter of the function being checked or called, by its place in the list of parameters.
    Param(Name, u32),
    /// An inference variable of the call being checked. Never left in a finished module.
    Var(u32),
}

/// `[T by a, b]`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct KeyedTy {
    /// The items' type.
    pub item: Ty,
    /// The fields that make the key; at least one.
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
