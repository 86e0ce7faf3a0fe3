//! From source to tree: tokens, layout, token tree, grammar, AST and formatter.
//!
//! [`parse`] is the only entry point to the tree. It never fails: what cannot be parsed is an error node, and diagnostics are returned
//! beside the tree. [`format()`] prints a source in the one style of the language.

pub mod ast;
mod bracket;
mod debug;
mod format;
mod layout;
mod lexer;
mod parser;
pub mod token;
pub mod visit;
pub mod write;

use forge_base::{Code, Diag, Diags, FileId, stack};

pub use debug::{debug_ast, debug_expr, debug_tokens};
pub use token::{Token, TokenKind, Tokens};

/// A parsed source.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree, with error nodes for what could not be parsed.
    pub module: ast::Module,
    /// Every token of the source, including comments and line ends.
    pub tokens: Tokens,
    /// Syntax errors, in the order of the source.
    pub diags: Vec<Diag>,
}

/// Parses one file.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let (module, tokens, diags) = read(file, text, |parser| parser.module());
    Parsed { module, tokens, diags }
}

/// Parses one expression, as `forgec eval -e` takes it.
pub fn parse_expr(file: FileId, text: &str) -> (ast::Expr, Vec<Diag>) {
    let (expr, _, diags) = read(file, text, |parser| parser.single_expr());
    (expr, diags)
}

/// How many brackets may nest before the parser gets a stack of its own.
const DEEP: usize = 64;

fn read<T>(file: FileId, text: &str, goal: fn(&mut parser::Parser<'_>) -> T) -> (T, Tokens, Vec<Diag>) {
    let (list, found) = lexer::lex(file, text);
    let mut diags = kept(found);
    let mut tree = layout::layout(file, text, &list);
    diags.append(&mut tree.diags);
    let run = || {
        let mut parser = parser::Parser::new(file, text, &list, &tree.tokens);
        let found = goal(&mut parser);
        (found, parser.diags)
    };
    let (found, syntax) = if tree.depth > DEEP { stack::with_large_stack(run) } else { run() };
    diags.append(&mut kept(syntax));
    // The sort is stable: of two at one offset, the one of the earlier stage is first.
    diags.sort_by_key(|diag| diag.span().map_or(0, |span| span.start));
    (found, Tokens { list }, diags)
}

/// The diagnostics of one stage, and where it stopped if they were too many.
fn kept(diags: Diags) -> Vec<Diag> {
    let full = diags.is_full();
    let mut diags = diags.into_vec();
    if full && let Some(span) = diags.iter().filter_map(Diag::span).max_by_key(|span| span.start) {
        let label = format!("the rest of the file was not parsed: {} errors precede it", Diags::MAX);
        diags.push(Diag::error(Code::SYNTAX, "too many errors").at(span.at_end(), label));
    }
    diags
}

/// The source in canonical form, or its errors. Formatting is idempotent.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diag>> {
    let parsed = parse(file, text);
    if parsed.diags.iter().any(Diag::is_error) {
        return Err(parsed.diags);
    }
    let tree = layout::layout(file, text, &parsed.tokens.list);
    let run = || format::print(text, &parsed.tokens.list, &tree.tokens);
    let printed = if tree.depth > DEEP { stack::with_large_stack(run) } else { run() };
    let (again, _) = lexer::lex(file, &printed);
    let same = format::same_tokens((text, &parsed.tokens.list), (&printed, &again));
    debug_assert!(same, "formatting keeps all tokens and comments");
    Ok(if same { printed } else { text.to_owned() })
}
