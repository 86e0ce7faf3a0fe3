//! Expressions, with the elements of lists and the patterns of `match`.

use std::sync::Arc;

use forge_base::{Duration, Name, Quantity, Span};
use forge_syntax::ast::BinaryOp;

use super::{Body, Fn, For, KeyedShape, Let, Shape};
use crate::ids::{FnId, GlobalId};
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
    /// Reported already; evaluating it is a mistake of the compiler.
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
        /// The place in the schema's methods.
        method: u32,
    },
    /// A lambda.
    Lambda(Arc<Fn>),
    /// A call of a known function; `None` takes the parameter's default.
    Call {
        /// The function.
        function: FnId,
        /// One entry a parameter.
        args: Vec<Option<Expr>>,
    },
    /// A call of a method through the receiver's own schema.
    CallMethod {
        /// The object.
        recv: Box<Expr>,
        /// The place in the schema's methods.
        method: u32,
        /// One entry a parameter.
        args: Vec<Option<Expr>>,
    },
    /// A call of a function value.
    CallValue {
        /// The function.
        callee: Box<Expr>,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// A call of a built-in function, such as `list.map` or `text.trim`; a method's receiver comes first. `None` takes the default
    /// that the declaration names, evaluated by the checker into a constant: there are no `None`s left here.
    CallBuiltin {
        /// Its module's last name, a dot, and its own.
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
        /// `?.`: null gives null.
        optional: bool,
    },
    /// `recv.name` by name: of a record, or of a union whose members all have it.
    Entry {
        /// The record or object.
        recv: Box<Expr>,
        /// The key.
        name: Name,
        /// `?.`: null gives null.
        optional: bool,
    },
    /// `recv[index]`: list, map, keyed list (several parts for a whole key).
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
        /// The value; null with a `fresh` shape builds that.
        base: Box<Expr>,
        /// The changes.
        body: Arc<Body>,
        /// What is built where the base is null.
        fresh: Option<Shape>,
    },
    /// A list literal.
    List(Vec<Elem>),
    /// A list literal where a keyed list is wanted.
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
    /// `a..=b`, `a..<b`: the list of the whole numbers between.
    Range {
        /// The first.
        start: Box<Expr>,
        /// The last, or the one behind it.
        end: Box<Expr>,
        /// Whether `end` belongs to it.
        inclusive: bool,
    },
    /// `x is T`.
    Is {
        /// What is tested.
        value: Box<Expr>,
        /// The type.
        ty: Ty,
    },
    /// `if c { a } else { b }`.
    If {
        /// The condition.
        cond: Box<Expr>,
        /// The value if it holds.
        then: Box<Expr>,
        /// The value if not.
        otherwise: Box<Expr>,
    },
    /// `match x { … }`.
    Match {
        /// What is looked at.
        value: Box<Expr>,
        /// The arms; the checker has proved that one fits.
        arms: Vec<Arm>,
    },
    /// `let`s of a block, then its value.
    Block {
        /// The `let`s.
        lets: Vec<Let>,
        /// The value.
        value: Box<Expr>,
    },
    /// The value as `ty`: whole numbers become `Float` or `Quantity` where the type says so, refinements are tested, element by element
    /// for lists and maps; record and map literals keep their laziness where only the type's name changes.
    Coerce {
        /// The value.
        value: Box<Expr>,
        /// The wanted type.
        ty: Ty,
        /// Where the type is demanded, for the message.
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
        /// The items under it.
        then: Vec<Elem>,
        /// The items otherwise.
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
    /// One must fit.
    pub patterns: Vec<Pattern>,
    /// The guard.
    pub guard: Option<Expr>,
    /// The value.
    pub value: Expr,
}

/// What an arm fits.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Everything.
    Any,
    /// One constant.
    Const(Const),
    /// Whole numbers from the first to the last, both included.
    Range(i64, i64),
    /// A type.
    Is(Ty),
    /// Everything; the value goes into this slot.
    Bind(u32),
}
