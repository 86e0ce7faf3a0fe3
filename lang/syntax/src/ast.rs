//! The syntax tree. It holds everything that the text says and nothing that must be looked up elsewhere.
//!
//! Half-typed code has a place in it: a missing expression is [`ExprKind::Error`], a missing name is `None`.
//! Each node has the span of its own text; comments and blank lines stay beside the tokens.

use forge_base::{FileId, Name, Span};

mod expr;
mod item;
mod ty;

pub use expr::*;
pub use item::*;
pub use ty::*;

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
    /// What was read only in part.
    pub garbled: Garbled,
}

/// Where the tree says less or other than the text, which the parser has told. What a later stage finds wrong there follows from that.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Garbled {
    /// The places, in no order.
    pub spans: Vec<Span>,
    /// Names that may have been meant to be declared where nothing could be read.
    pub names: Vec<Name>,
}
