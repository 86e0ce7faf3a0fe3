//! Expressions, with the elements of lists and the patterns of `match`.

use forge_base::{Duration, Name, Quantity, Span};

use super::{Body, ForHead, Ident, LetDecl, Param, TypeExpr};

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its text, with its own parentheses left out.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// An expression that is missing or could not be parsed. Reported already.
    Error,
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// `42`.
    Int(i64),
    /// `3.5`.
    Float(f64),
    /// `500m`.
    Quantity(Box<Quantity>),
    /// `30s`.
    Duration(Duration),
    /// `"…"` in all its forms.
    Str(StrLit),
    /// `name`; also `it`.
    Name(Name),
    /// `self`.
    SelfRef,
    /// `super`.
    Super,
    /// `[ … ]`.
    List(Vec<Element>),
    /// `{ … }` as a value.
    Object(Body),
    /// `base { … }`: an instance if base names a schema, else a changed copy.
    Derive(Box<Derive>),
    /// `recv.name`, `recv?.name`.
    Member(Box<Member>),
    /// `recv[index]`.
    Index(Box<Index>),
    /// `callee(args)`.
    Call(Box<Call>),
    /// `!x`, `-x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`.
    Binary(Box<Binary>),
    /// `x is T`.
    Is(Box<Is>),
    /// `x as T`.
    As(Box<As>),
    /// `x!`.
    NonNull(Box<Expr>),
    /// `a..=b`, `a..<b`.
    Range(Box<Range>),
    /// `x => …`, `(a, b) => …`.
    Lambda(Box<Lambda>),
    /// `if c { a } else { b }`.
    If(Box<If>),
    /// `match x { … }`.
    Match(Box<Match>),
}

/// A string literal: text and interpolated expressions in turn.
#[derive(Clone, PartialEq, Debug)]
pub struct StrLit {
    /// Escapes resolved, indentation of multi-line strings removed. Empty for `""`.
    pub parts: Vec<StrPart>,
    /// With quotes.
    pub span: Span,
}

impl StrLit {
    /// The text, if nothing is interpolated.
    pub fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [StrPart::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// A part of a string literal.
#[derive(Clone, PartialEq, Debug)]
pub enum StrPart {
    /// Text, never empty; two are never adjacent.
    Text(Box<str>),
    /// `\(expr)`.
    Expr(Expr),
}

/// One entry between the brackets of a list, or in the braces of `if` and `for` within one.
#[derive(Clone, PartialEq, Debug)]
pub enum Element {
    /// An item.
    Item(Expr),
    /// `...xs`.
    Spread(Expr),
    /// `let x = …` inside the braces of an `if` or `for`.
    Let(Box<LetDecl>),
    /// `if c { … } else { … }`: as many items as the braces hold. `else if` is one nested `If`.
    If(Box<IfElement>),
    /// `for x in xs { … }`.
    For(Box<ForElement>),
}

/// An `if` in a list. Apart from [`Element`], of which long lists have very many.
#[derive(Clone, PartialEq, Debug)]
pub struct IfElement {
    /// The condition.
    pub cond: Expr,
    /// The items under it.
    pub then: Vec<Element>,
    /// The items otherwise.
    pub otherwise: Vec<Element>,
    /// The whole element.
    pub span: Span,
}

/// A `for` in a list.
#[derive(Clone, PartialEq, Debug)]
pub struct ForElement {
    /// What is bound and where it comes from.
    pub head: ForHead,
    /// The items for each.
    pub body: Vec<Element>,
    /// The whole element.
    pub span: Span,
}

/// `base { … }`.
#[derive(Clone, PartialEq, Debug)]
pub struct Derive {
    /// A schema's name or a value.
    pub base: Expr,
    /// The changes.
    pub body: Body,
}

/// `recv.name`.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// Left of the dot.
    pub recv: Expr,
    /// Right of the dot; `None` while it is typed.
    pub name: Option<Ident>,
    /// `?.` and where it is.
    pub optional: bool,
}

/// `recv[index]`.
#[derive(Clone, PartialEq, Debug)]
pub struct Index {
    /// What is indexed.
    pub recv: Expr,
    /// The index or key; several for `m[53, "UDP"]`.
    pub index: Vec<Expr>,
}

/// `callee(args)`.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// What is called.
    pub callee: Expr,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// From parenthesis to parenthesis.
    pub args_span: Span,
}

/// `value` or `name = value`.
#[derive(Clone, PartialEq, Debug)]
pub struct Arg {
    /// The name, if it is given.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// Operators with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Neg,
}

/// Operators with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "they are named after their operators")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    In,
    Coalesce,
}

impl BinaryOp {
    /// Whether it compares two values.
    pub fn is_comparison(self) -> bool {
        use BinaryOp::*;
        matches!(self, Eq | Ne | Lt | Le | Gt | Ge)
    }

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::And => "&&",
            BinaryOp::Or => "||",
            BinaryOp::In => "in",
            BinaryOp::Coalesce => "??",
        }
    }
}

/// `left op right`.
#[derive(Clone, PartialEq, Debug)]
pub struct Binary {
    /// The operator.
    pub op: BinaryOp,
    /// The span of the operator.
    pub op_span: Span,
    /// Left of it.
    pub left: Expr,
    /// Right of it.
    pub right: Expr,
}

/// `value is T`.
#[derive(Clone, PartialEq, Debug)]
pub struct Is {
    /// What is tested.
    pub value: Expr,
    /// The type.
    pub ty: TypeExpr,
}

/// `x as T`.
#[derive(Clone, PartialEq, Debug)]
pub struct As {
    /// What is converted.
    pub value: Expr,
    /// The type.
    pub ty: TypeExpr,
}

/// `start..=end` or `start..<end`.
#[derive(Clone, PartialEq, Debug)]
pub struct Range {
    /// The first.
    pub start: Expr,
    /// The last, or the one after it.
    pub end: Expr,
    /// Whether `end` belongs to it.
    pub inclusive: bool,
}

/// `params => body`.
#[derive(Clone, PartialEq, Debug)]
pub struct Lambda {
    /// The parameters, mostly without types.
    pub params: Vec<Param>,
    /// The result; `x => { let y = …; y }` is written with a block in parentheses-free braces.
    pub body: Block,
}

/// Braces that hold one value, or a bare expression where no braces are needed.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// The `let`s before the value.
    pub lets: Vec<LetDecl>,
    /// The value.
    pub value: Expr,
    /// With the braces if there are any.
    pub span: Span,
}

/// `if cond { … } else { … }`.
#[derive(Clone, PartialEq, Debug)]
pub struct If {
    /// The condition.
    pub cond: Expr,
    /// The value if it holds.
    pub then: Block,
    /// The value if not. Required for expressions; the parser reports where it is missing and puts a hole.
    pub otherwise: Block,
}

/// `match value { … }`.
#[derive(Clone, PartialEq, Debug)]
pub struct Match {
    /// The value that is matched.
    pub value: Expr,
    /// The arms.
    pub arms: Vec<Arm>,
}

/// `pattern => value`.
#[derive(Clone, PartialEq, Debug)]
pub struct Arm {
    /// One of them must fit.
    pub patterns: Vec<Pattern>,
    /// `if guard`.
    pub guard: Option<Expr>,
    /// The value.
    pub body: Block,
    /// The whole arm.
    pub span: Span,
}

/// What an arm fits.
#[derive(Clone, PartialEq, Debug)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Its text.
    pub span: Span,
}

/// The kinds of patterns.
#[derive(Clone, PartialEq, Debug)]
pub enum PatternKind {
    /// `_`.
    Any,
    /// A literal: `"a"`, `1`, `true`, `null`, `500m`, `30s`, `-1`.
    Literal(Box<Expr>),
    /// `1..=5`.
    Range(Box<Range>),
    /// `is T`.
    Is(TypeExpr),
    /// `name`: binds the value.
    Bind(Ident),
    /// A pattern that could not be parsed. Reported already.
    Error,
}
