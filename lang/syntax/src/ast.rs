//! The syntax tree. It holds everything that the text says and nothing that must be looked up elsewhere.
//!
//! Half-typed code has a place in it: a missing expression is [`ExprKind::Hole`], a missing name is `None`.
//! Each node has the span of its own text; comments and blank lines stay beside the tokens.

use forge_base::{Duration, FileId, Name, Quantity, Span};

/// A name with its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ident {
    /// The text without backticks.
    pub name: Name,
    /// Where it stands, with backticks.
    pub span: Span,
}

/// A documentation comment: its text without the slashes.
#[derive(Clone, PartialEq, Debug)]
pub struct Doc {
    /// Lines joined by newlines, one leading space removed from each.
    pub text: Box<str>,
    /// All its lines.
    pub span: Span,
}

/// One file.
#[derive(Clone, PartialEq, Debug)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// The `//!` comment.
    pub doc: Option<Doc>,
    /// The items in the order of the text.
    pub items: Vec<Item>,
    /// The whole text.
    pub span: Span,
}

/// One item of a module or a body, with what stands before it.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The `///` comment.
    pub doc: Option<Doc>,
    /// `@deprecated("…")` and its like.
    pub annotations: Vec<Annotation>,
    /// The item without comment and annotations.
    pub span: Span,
}

/// `@name(arguments)`.
#[derive(Clone, PartialEq, Debug)]
pub struct Annotation {
    /// The name behind the sign.
    pub name: Ident,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// From the sign to the closing parenthesis.
    pub span: Span,
}

/// The kinds of items. Which of them may stand where is checked by the parser, which knows the context:
/// modules, schema bodies, object bodies, test bodies. What is misplaced is reported and left out.
#[derive(Clone, PartialEq, Debug)]
pub enum ItemKind {
    /// `import a.b.{C}`. Modules only.
    Import(Import),
    /// `type Port = Int`. Modules only.
    Type(TypeDecl),
    /// `schema S extends T { … }`. Modules only.
    Schema(SchemaDecl),
    /// `fn f(x: Int): Int = …`. Modules (a function) and schema bodies (a method).
    Fn(FnDecl),
    /// `let x = …`. Everywhere.
    Let(LetDecl),
    /// `input n: Int = 4`. Modules only.
    Input(InputDecl),
    /// `test "…" { … }`. Modules only.
    Test(TestDecl),
    /// `name: T`, `name: T = expr`. Modules and schema bodies.
    Declare(FieldDecl),
    /// `a.b = expr`. Modules (a single name) and all bodies.
    Set(SetItem),
    /// `a.b += expr`. Bodies.
    Append(SetItem),
    /// `a.b { … }`. Bodies.
    Refine(RefineItem),
    /// `delete a.b`. Bodies.
    Delete(Path),
    /// `...expr`. Object bodies.
    Spread(Expr),
    /// `if c { items } else { items }`. Bodies.
    If(IfItem),
    /// `for k, v in xs if guard { items }`. Bodies.
    For(ForItem),
    /// `check cond, "message"`. Schema bodies.
    Check(CheckItem),
    /// `assert cond`, `assert cond, "message"`. Tests.
    Assert(CheckItem),
    /// `fails expr with "text"`. Tests.
    Fails(FailsItem),
    /// `snapshot expr`. Tests.
    Snapshot(Expr),
    /// What could not be read. Reported already.
    Error,
}

impl ItemKind {
    /// The name that the item declares in its module; imports and tests declare none. In a schema's body the same holds but for
    /// [`ItemKind::Set`], which there changes what is inherited.
    pub fn declared(&self) -> Option<Ident> {
        match self {
            ItemKind::Type(decl) => decl.name,
            ItemKind::Schema(decl) => decl.name,
            ItemKind::Fn(decl) => decl.name,
            ItemKind::Let(decl) => decl.name,
            ItemKind::Input(decl) => decl.name,
            ItemKind::Declare(field) => Some(field.name),
            ItemKind::Set(item) => item.path.single_name(),
            _ => None,
        }
    }
}

/// `import path`, with how it binds.
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    /// Leading dots: none from the root, one for this folder, two for the parent, …
    pub dots: u32,
    /// The names of the path; may be empty after dots.
    pub path: Vec<Ident>,
    /// What it binds.
    pub binds: ImportBinds,
}

impl Import {
    /// The names of the path, from the first to the last.
    pub fn path_span(&self) -> Option<Span> {
        Some(self.path.first()?.span.to(self.path.last()?.span))
    }
}

/// What an import binds.
#[derive(Clone, PartialEq, Debug)]
pub enum ImportBinds {
    /// The last name of the path, or the name behind `as`.
    Module(Option<Ident>),
    /// `.{A, b as c}`.
    Names(Vec<ImportName>),
}

/// One name between the braces of an import.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportName {
    /// The name in the module.
    pub name: Ident,
    /// The name behind `as`.
    pub alias: Option<Ident>,
}

/// `type Name = T`.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeDecl {
    /// The new name.
    pub name: Option<Ident>,
    /// What it stands for.
    pub ty: TypeExpr,
}

/// `abstract open schema Name extends Parent { … }`.
#[derive(Clone, PartialEq, Debug)]
pub struct SchemaDecl {
    /// The span of `abstract`, if it is there.
    pub abstract_: Option<Span>,
    /// The span of `open`, if it is there.
    pub open: Option<Span>,
    /// The name.
    pub name: Option<Ident>,
    /// The parent, a possibly qualified name.
    pub parent: Option<Vec<Ident>>,
    /// The body.
    pub body: Body,
}

/// A function or method.
#[derive(Clone, PartialEq, Debug)]
pub struct FnDecl {
    /// The name.
    pub name: Option<Ident>,
    /// `<T, U>`.
    pub generics: Vec<Ident>,
    /// The parameters.
    pub params: Vec<Param>,
    /// The result type, if written.
    pub ret: Option<TypeExpr>,
    /// `= expr`. None: abstract in a schema, built in for a module of the standard library, an error elsewhere.
    pub body: Option<Expr>,
}

/// A parameter of a function, method or lambda.
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// The name.
    pub name: Ident,
    /// The type; lambdas may leave it out.
    pub ty: Option<TypeExpr>,
    /// `= expr`.
    pub default: Option<Expr>,
    /// The whole parameter.
    pub span: Span,
}

/// `let x: T = expr`.
#[derive(Clone, PartialEq, Debug)]
pub struct LetDecl {
    /// The name.
    pub name: Option<Ident>,
    /// The type, if written.
    pub ty: Option<TypeExpr>,
    /// The value.
    pub value: Expr,
}

/// `input name: T = default`.
#[derive(Clone, PartialEq, Debug)]
pub struct InputDecl {
    /// The name.
    pub name: Option<Ident>,
    /// The type.
    pub ty: TypeExpr,
    /// The value where the command line gives none.
    pub default: Option<Expr>,
}

/// `test "name" { … }`.
#[derive(Clone, PartialEq, Debug)]
pub struct TestDecl {
    /// The name, a string without interpolation.
    pub name: Box<str>,
    /// The place of the name.
    pub name_span: Span,
    /// Lets, asserts, fails and snapshots.
    pub body: Body,
}

/// `name: T = default`.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldDecl {
    /// The name.
    pub name: Ident,
    /// The type.
    pub ty: TypeExpr,
    /// The default.
    pub value: Option<Expr>,
}

/// `path = value` and `path += value`.
#[derive(Clone, PartialEq, Debug)]
pub struct SetItem {
    /// What is set.
    pub path: Path,
    /// The new value.
    pub value: Expr,
}

/// `path { … }`.
#[derive(Clone, PartialEq, Debug)]
pub struct RefineItem {
    /// What is refined.
    pub path: Path,
    /// The changes.
    pub body: Body,
}

/// `if cond { … } else { … }` among items.
#[derive(Clone, PartialEq, Debug)]
pub struct IfItem {
    /// The condition.
    pub cond: Expr,
    /// The items under it.
    pub then: Body,
    /// `else { … }`; `else if` is a body that holds one `if` item.
    pub otherwise: Option<Body>,
}

/// `for a, b in xs if guard { … }` among items.
#[derive(Clone, PartialEq, Debug)]
pub struct ForItem {
    /// What is bound and where it comes from.
    pub head: ForHead,
    /// The items for each.
    pub body: Body,
}

/// `for a, b in xs if guard`.
#[derive(Clone, PartialEq, Debug)]
pub struct ForHead {
    /// One or two names; `_` binds nothing.
    pub vars: Vec<Ident>,
    /// What is walked.
    pub iter: Box<Expr>,
    /// The filter.
    pub guard: Option<Box<Expr>>,
}

/// `check cond, message`.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckItem {
    /// What must hold.
    pub cond: Expr,
    /// The message; optional for `assert`.
    pub message: Option<Expr>,
}

/// `fails expr with "text"`.
#[derive(Clone, PartialEq, Debug)]
pub struct FailsItem {
    /// What must not work.
    pub operand: Expr,
    /// A part of the message that is expected.
    pub with: Option<Expr>,
}

/// The braces of a schema, object, refinement or test, and what they hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Body {
    /// The items in the order of the text.
    pub items: Vec<Item>,
    /// From brace to brace.
    pub span: Span,
}

/// The left side of an item: `a.b."c/d"`, `80`, `(53, "UDP")`.
#[derive(Clone, PartialEq, Debug)]
pub struct Path {
    /// At least one; a half-typed path may end in a segment with an empty name.
    pub segments: Vec<Segment>,
    /// All of it.
    pub span: Span,
}

impl Path {
    /// The name, if the path is nothing but one.
    pub fn single_name(&self) -> Option<Ident> {
        match self.segments.as_slice() {
            [Segment { key: Key::Name(name), span }] => Some(Ident { name: *name, span: *span }),
            _ => None,
        }
    }
}

/// One step of a path.
#[derive(Clone, PartialEq, Debug)]
pub struct Segment {
    /// What it names.
    pub key: Key,
    /// Its text.
    pub span: Span,
}

/// What a step of a path names.
#[derive(Clone, PartialEq, Debug)]
pub enum Key {
    /// `name`.
    Name(Name),
    /// `"quoted"`, perhaps with interpolation.
    Str(StrLit),
    /// `80`, `-1`.
    Int(i64),
    /// `(53, "UDP")`.
    Tuple(Vec<Expr>),
}

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
    /// Nothing where an expression must be; reported already.
    Hole,
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
    /// `a..=b`, `a..<b`.
    Range(Box<Range>),
    /// `x => …`, `(a, b) => …`.
    Lambda(Box<Lambda>),
    /// `if c { a } else { b }`.
    If(Box<If>),
    /// `match x { … }`.
    Match(Box<Match>),
}

/// A string literal: pieces of text and interpolated expressions in turn.
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

/// A piece of a string literal.
#[derive(Clone, PartialEq, Debug)]
pub enum StrPart {
    /// Text, never empty; two never stand side by side.
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
    Let(LetDecl),
    /// `if c { … } else { … }`: as many items as the braces hold. `else if` is one nested `If`.
    If {
        /// The condition.
        cond: Expr,
        /// The items under it.
        then: Vec<Element>,
        /// The items otherwise.
        otherwise: Vec<Element>,
        /// The whole element.
        span: Span,
    },
    /// `for x in xs { … }`.
    For {
        /// What is bound and where it comes from.
        head: ForHead,
        /// The items for each.
        body: Vec<Element>,
        /// The whole element.
        span: Span,
    },
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
    /// `?.` and where it stands.
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
#[expect(missing_docs, reason = "their names are their signs")]
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
    /// Where the operator stands.
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

/// `start..=end` or `start..<end`.
#[derive(Clone, PartialEq, Debug)]
pub struct Range {
    /// The first.
    pub start: Expr,
    /// The last, or the one behind it.
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
    /// What is looked at.
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
    /// What could not be read.
    Hole,
}

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
    /// Nothing where a type must be; reported already.
    Hole,
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
