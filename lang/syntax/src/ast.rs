//! The syntax tree. It holds everything that the text says and nothing that must be looked up elsewhere.
//!
//! It represents half-typed code as well: a missing or broken expression is [`ExprKind::Error`], a missing name is `None`.
//! Each node has the span of its own text; comments and blank lines stay beside the tokens.

use forge_base::{FileId, Name, Span};

mod expr;
mod item;
mod ty;

pub use expr::*;
pub use item::*;
pub use ty::*;

/// A name with its span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ident {
    /// The text without backticks.
    pub name: Name,
    /// Its span, with backticks.
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
