//! Expressions, elements of lists, and patterns of `match`.

use std::sync::Arc;

use forge_base::{Duration, Name, Quantity, Span};
use forge_syntax::ast::BinaryOp;

use super::{Body, Fn, For, Let};
use crate::ids::{FnId, GlobalId};
use crate::shape::{KeyedShape, Shape};
use crate::ty::Ty;

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its text.
    pub span: Span,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Const {
    /// `null`.
    Null,
    /// `true`.
    Bool(bool),
    /// `1`.
    Int(i64),
    /// `1.5`.
    Float(f64),
    /// `"a"`.
    Str(Arc<str>),
    /// `1Gi`.
    Quantity(Arc<Quantity>),
    /// `1h`.
    Duration(Duration),
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// An error that has been reported; evaluating it is a bug in the compiler.
    Error,
    /// A constant.
    Const(Const),
    /// A slot, `up` frames further out.
    Local {
        /// How many parents to go up.
        up: u32,
        /// The slot there.
        slot: u32,
    },
    /// `self`: the object of the body frame `up` frames further out.
    This {
        /// How many parents to go up.
        up: u32,
    },
    /// A field, `let` or input of a module.
    Global(GlobalId),
    /// A function as a value.
    Fn(FnId),
    /// A method as a value.
    BoundMethod {
        /// The object.
        recv: Box<Expr>,
        /// The index in the schema's methods.
        method: u32,
    },
    /// A lambda.
    Lambda(Arc<Fn>),
    /// A call of a known function; `None` takes the parameter's default.
    Call {
        /// The function.
        function: FnId,
        /// One entry per parameter.
        args: Vec<Option<Expr>>,
    },
    /// A call of a method, dispatched on the receiver's schema.
    CallMethod {
        /// The object.
        recv: Box<Expr>,
        /// The index in the schema's methods.
        method: u32,
        /// One entry per parameter.
        args: Vec<Option<Expr>>,
    },
    /// `super.method(args)`: a method as an ancestor declares it.
    CallSuper {
        /// The object.
        recv: Box<Expr>,
        /// The method.
        function: FnId,
        /// The index of the ancestor that declares it.
        layer: u32,
        /// One entry per parameter.
        args: Vec<Option<Expr>>,
    },
    /// A call of a function value.
    CallValue {
        /// The function.
        callee: Box<Expr>,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// A call of a built-in function, such as `list.map` or `text.trim`; a method's receiver comes first. An omitted argument is
    /// filled in with the constant default of the declaration.
    CallBuiltin {
        /// The last segment of its module's path, a dot, and its name.
        name: Name,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `recv.field` of a known schema.
    Field {
        /// The object.
        recv: Box<Expr>,
        /// The field's index.
        field: u32,
        /// Its name.
        name: Name,
        /// `?.`: null yields null.
        optional: bool,
    },
    /// `recv.name`, read by name: of a record, or of a union whose members all have it.
    Entry {
        /// The record or object.
        recv: Box<Expr>,
        /// The key.
        name: Name,
        /// `?.`: null yields null.
        optional: bool,
    },
    /// `recv[index]` of a list, map or keyed list (several parts for a composite key).
    Index {
        /// What is indexed.
        recv: Box<Expr>,
        /// The index or key.
        index: Vec<Expr>,
    },
    /// A literal with braces.
    Object {
        /// What it builds.
        shape: Shape,
        /// Its body.
        body: Arc<Body>,
    },
    /// `base { … }` on a value.
    Derive {
        /// The value; if it is null, `fresh` is built.
        base: Box<Expr>,
        /// The changes.
        body: Arc<Body>,
        /// What is built if the base is null.
        fresh: Option<Shape>,
    },
    /// A list literal.
    List(Vec<Elem>),
    /// A list literal where a keyed list is expected.
    KeyedList {
        /// The keys.
        shape: Arc<KeyedShape>,
        /// The elements.
        items: Vec<Elem>,
    },
    /// A string with interpolation.
    Str(Vec<StrPart>),
    /// `!x`.
    Not(Box<Expr>),
    /// `-x`.
    Neg(Box<Expr>),
    /// An operator on two values; `&&`, `||`, `??` evaluate their right side only when needed.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `a..=b`, `a..<b`: a list of integers.
    Range {
        /// The first.
        start: Box<Expr>,
        /// The last, or one past it.
        end: Box<Expr>,
        /// Whether `end` is included.
        inclusive: bool,
    },
    /// `x is T`.
    Is {
        /// What is tested.
        value: Box<Expr>,
        /// The type.
        ty: Ty,
    },
    /// `x as T`: data as a value of a type, or an object as an instance of a child schema.
    Convert {
        /// What is converted.
        value: Box<Expr>,
        /// The type.
        ty: Ty,
        /// The span of the type.
        origin: Span,
    },
    /// `x!`: the value, which must not be null.
    NonNull(Box<Expr>),
    /// `if c { a } else { b }`.
    If {
        /// The condition.
        cond: Box<Expr>,
        /// The value if it is true.
        then: Box<Expr>,
        /// The value if it is false.
        otherwise: Box<Expr>,
    },
    /// `match x { … }`.
    Match {
        /// The scrutinee.
        value: Box<Expr>,
        /// The arms; the checker has proved that one matches.
        arms: Vec<Arm>,
    },
    /// `let`s of a block, then its value.
    Block {
        /// The `let`s.
        lets: Vec<Let>,
        /// The value.
        value: Box<Expr>,
    },
    /// The value converted to `ty`: an `Int` becomes a `Float` or `Quantity` where the type demands it, refinements are
    /// tested, element by element for lists and maps; record and map literals keep their laziness where only the type's
    /// name changes.
    Coerce {
        /// The value.
        value: Box<Expr>,
        /// The expected type.
        ty: Ty,
        /// The span that demands the type, for the message.
        origin: Span,
    },
}

/// A piece of an interpolated string.
#[derive(Clone, Debug)]
pub enum StrPart {
    /// Text.
    Text(Arc<str>),
    /// A value of a printable type.
    Expr(Expr),
}

/// One entry of a list literal.
#[derive(Clone, Debug)]
pub enum Elem {
    /// An item.
    Item(Expr),
    /// `...xs`.
    Spread(Expr),
    /// A `let` (innermost frame).
    Let(Box<Let>),
    /// `if c { … } else { … }`.
    If {
        /// The condition.
        cond: Box<Expr>,
        /// The items if it is true.
        then: Vec<Elem>,
        /// The items if it is false.
        otherwise: Vec<Elem>,
    },
    /// `for x in xs { … }`.
    For {
        /// Variables, source and filter.
        head: Box<For>,
        /// The items of an iteration.
        body: Vec<Elem>,
    },
}

/// `pattern | pattern if guard => value`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// One must match.
    pub patterns: Vec<Pattern>,
    /// The guard.
    pub guard: Option<Expr>,
    /// The value.
    pub value: Expr,
}

/// What an arm matches.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Everything.
    Any,
    /// One constant.
    Const(Const),
    /// Integers from the first to the last, inclusive.
    Range(i64, i64),
    /// A type.
    Is(Ty),
    /// Everything; binds the value to this slot.
    Bind(u32),
}
