//! Types as they are written.

use forge_base::Span;

use super::{Expr, Ident};

/// A type as written.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeKind,
    /// Its text.
    pub span: Span,
}

/// The kinds of types.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeKind {
    /// A type that is missing or could not be parsed. Reported already.
    Error,
    /// `Int`, `v1.Pod`, `a.b.C`. The last may have an empty name while it is typed.
    Name(Vec<Ident>),
    /// `"a"`.
    Str(Box<str>),
    /// `1`, `-1`.
    Int(i64),
    /// `true`.
    Bool(bool),
    /// `null`.
    Null,
    /// `T?`.
    Optional(Box<TypeExpr>),
    /// `A | B | C`, at least two.
    Union(Vec<TypeExpr>),
    /// `[T]`.
    List(Box<TypeExpr>),
    /// `[T by a, b]`.
    Keyed(Box<TypeExpr>, Vec<Ident>),
    /// `{K: V}` where K begins with an upper-case letter or is a literal or union.
    Map(Box<TypeExpr>, Box<TypeExpr>),
    /// `{ a: T, b: U }`.
    Record(Vec<(Ident, TypeExpr)>),
    /// `(A, B) -> C`.
    Fn(Vec<TypeExpr>, Box<TypeExpr>),
    /// `T where cond`.
    Where(Box<TypeExpr>, Box<Expr>),
}
