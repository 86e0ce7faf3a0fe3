//! Items: what modules and bodies are made of, and the paths that items name.

use forge_base::{Name, Span};

use super::{Arg, Doc, Expr, Ident, StrLit, TypeExpr};

/// One item of a module or a body, with its docs and annotations.
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
    /// The name after the sign.
    pub name: Ident,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// From the sign to the closing parenthesis.
    pub span: Span,
}

/// The kinds of items. The parser checks which of them are allowed where:
/// in modules, schema bodies, object bodies, test bodies. A misplaced item is reported and is an error node.
#[derive(Clone, PartialEq, Debug)]
pub enum ItemKind {
    /// `import a.b.{C}`. Modules only.
    Import(Import),
    /// `export a.b.{C}`. Modules only.
    Export(Import),
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
    /// `each { … }`. Bodies of keyed lists and maps.
    Each(Body),
    /// `check cond, "message"`. Schema bodies.
    Check(CheckItem),
    /// `warn cond, "message"`. Schema bodies.
    Warn(CheckItem),
    /// `assert cond`, `assert cond, "message"`. Tests.
    Assert(CheckItem),
    /// `fails expr with "text"`. Tests.
    Fails(FailsItem),
    /// `snapshot expr`. Tests.
    Snapshot(Expr),
    /// What could not be parsed, with the names that it may declare. Reported already.
    Error {
        /// Where one of these names is used, nothing is known about it.
        names: Vec<Name>,
    },
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

/// `import path` or `export path`, with how it binds.
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
    /// The last name of the path, or the name after `as`.
    Module(Option<Ident>),
    /// `.{A, b as c}`.
    Names(Vec<ImportName>),
}

/// One name between the braces of an import.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportName {
    /// The name in the module.
    pub name: Ident,
    /// The name after `as`.
    pub alias: Option<Ident>,
}

/// `type Name = T`.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeDecl {
    /// The new name.
    pub name: Option<Ident>,
    /// The type that it names.
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
    /// `<T, U: Bound>`.
    pub generics: Vec<GenericParam>,
    /// The parameters.
    pub params: Vec<Param>,
    /// The result type, if written.
    pub ret: Option<TypeExpr>,
    /// `= expr`. None: abstract in a schema, built in for a module of the standard library, an error elsewhere.
    pub body: Option<Expr>,
}

/// A type parameter of a function or method.
#[derive(Clone, PartialEq, Debug)]
pub struct GenericParam {
    /// The name.
    pub name: Ident,
    /// The type after the colon.
    pub bound: Option<TypeExpr>,
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
    /// The span of the name.
    pub name_span: Span,
    /// Lets, asserts, fails and snapshots.
    pub body: Body,
}

/// `name: T = default`, `late name: T`.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldDecl {
    /// The span of `late`, if it is there.
    pub late: Option<Span>,
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

/// `path { … }`, `name: T { … }`.
#[derive(Clone, PartialEq, Debug)]
pub struct RefineItem {
    /// What is refined.
    pub path: Path,
    /// The type that it must have.
    pub ty: Option<TypeExpr>,
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

/// `check cond, message, at = value, code = "C07"`, and `warn` and `assert` of the same form.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckItem {
    /// What must hold.
    pub cond: Expr,
    /// The message; optional for `assert`.
    pub message: Option<Expr>,
    /// The arguments after the message; none for `assert`.
    pub args: Vec<CheckArg>,
}

/// `at = value` or `code = "C07"` of a check.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckArg {
    /// The name.
    pub name: Ident,
    /// The value.
    pub value: Expr,
}

impl CheckItem {
    /// The value of the argument with a name.
    pub fn arg(&self, name: &str) -> Option<&Expr> {
        self.args.iter().find(|arg| arg.name.name.as_str() == name).map(|arg| &arg.value)
    }
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
    pub segments: Vec<PathSegment>,
    /// All of it.
    pub span: Span,
}

impl Path {
    /// The name, if the path is nothing but one.
    pub fn single_name(&self) -> Option<Ident> {
        match self.segments.as_slice() {
            [PathSegment { key: Key::Name(name), span }] => Some(Ident { name: *name, span: *span }),
            _ => None,
        }
    }
}

/// One step of a path.
#[derive(Clone, PartialEq, Debug)]
pub struct PathSegment {
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

impl Key {
    /// The name, where it is written out: bare or in quotes without interpolation.
    pub fn constant(&self) -> Option<Name> {
        match self {
            Key::Name(name) => Some(*name),
            Key::Str(text) => text.plain().map(Name::new),
            Key::Int(_) | Key::Tuple(_) => None,
        }
    }
}
