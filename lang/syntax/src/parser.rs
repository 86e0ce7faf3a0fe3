//! From the token tree to the AST.
//!
//! LALRPOP parses one item at a time, or one argument, or one element of a list. To it a bracketed group is a single
//! terminal; the action that meets it parses the inside the same way. So a broken item costs only itself, and [`recovery`]
//! makes error nodes of what does not parse.

pub(crate) mod build;
mod fast_path;
mod group;
mod item;
mod literal;
pub(crate) mod lookahead;
pub(crate) mod operation;
mod recovery;
pub(crate) mod terminal;
mod types;

use forge_base::{Code, Diag, Diags, FileId, Name, Span};

use crate::ast::{self, Expr, ExprKind, Ident, Key, PathSegment, TypeExpr, TypeKind};
use crate::layout::TreeToken;
use crate::token::{Token, TokenKind};
use terminal::{Node, Nonterminal, TokenSource};

#[allow(
    clippy::all,
    clippy::panic,
    clippy::unwrap_used,
    clippy::allow_attributes,
    unreachable_pub,
    unused_imports,
    reason = "generated"
)]
mod grammar {
    lalrpop_util::lalrpop_mod!(generated, "/grammar.rs");
    pub(crate) use generated::NodeParser;
}

/// The deepest nesting of brackets and operators together.
const MAX_DEPTH: usize = 500;

/// Up to this many tokens may be parsed eight times over by recovery, and further ones only once more.
const FUEL_BASE: usize = 200_000;

/// The kind of body that items are in, which decides which items are allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BodyKind {
    Module,
    Schema,
    Object,
    Test,
}

/// Parses the token tree of one file.
pub(crate) struct Parser<'a> {
    file: FileId,
    text: &'a str,
    tokens: &'a [Token],
    tree: &'a [TreeToken],
    pub(crate) diags: Diags,
    /// The body of the items being parsed.
    body_kind: BodyKind,
    /// Brackets and operators around what is being parsed.
    depth: usize,
    /// Whether the nesting of this item was reported.
    too_deep: bool,
    /// Whether recovery only looks where the parser stops; groups are skipped then.
    dry_run: bool,
    /// How many tokens may still be parsed again by recovery. Without it, errors in nested groups would be parsed
    /// over and over.
    fuel: usize,
    /// Whether the fuel was used up and reported.
    gave_up: bool,
    /// The token of the item that was parsed last.
    last_token: usize,
    /// Where parsing goes on, if recovery has moved the end of an item.
    resume_at: Option<usize>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(file: FileId, text: &'a str, tokens: &'a [Token], tree: &'a [TreeToken]) -> Parser<'a> {
        Parser {
            file,
            text,
            tokens,
            tree,
            diags: Diags::default(),
            body_kind: BodyKind::Module,
            depth: 0,
            too_deep: false,
            dry_run: false,
            fuel: tree.len() + tree.len().min(FUEL_BASE) * 7 + 10_000,
            gave_up: false,
            last_token: 0,
            resume_at: None,
        }
    }

    /// The whole file as a module.
    pub(crate) fn module(&mut self) -> ast::Module {
        let items = self.items(0, self.tree.len(), BodyKind::Module);
        let span = Span::new(self.file, 0, self.text.len());
        ast::Module { file: self.file, doc: self.module_doc(), items, span }
    }

    /// The whole text as one expression.
    pub(crate) fn single_expr(&mut self) -> Expr {
        let mut end = self.tree.len();
        let mut start = 0;
        while start < end && lookahead::separates(self.tree[start].kind) {
            start += 1;
        }
        while end > start && lookahead::separates(self.tree[end - 1].kind) {
            end -= 1;
        }
        if start == end {
            let span = Span::new(self.file, 0, self.text.len());
            self.diags.push(Diag::error(Code::MISSING_VALUE, "there is no expression").at(span, "an empty text"));
            return Expr { kind: ExprKind::Error, span };
        }
        self.expr_in(start, end)
    }

    pub(crate) fn at(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end }
    }

    fn token_span(&self, at: usize) -> Span {
        let entry = self.tree[at];
        self.at(entry.start, entry.end)
    }

    /// The span of the tokens `start..end`.
    fn range_span(&self, start: usize, end: usize) -> Span {
        match (self.tree.get(start), end.checked_sub(1).and_then(|last| self.tree.get(last))) {
            (Some(first), Some(last)) if start < end => self.at(first.start, last.end),
            (Some(first), _) => self.at(first.start, first.start),
            _ => Span::new(self.file, self.text.len(), self.text.len()),
        }
    }

    fn token_text(&self, at: usize) -> &'a str {
        let entry = self.tree[at];
        &self.text[entry.start as usize..entry.end as usize]
    }

    /// The name that the word at an entry says.
    pub(crate) fn name(&mut self, at: u32) -> Name {
        let text = self.token_text(at as usize);
        Name::new(text.trim_matches('`'))
    }

    pub(crate) fn word_name(&mut self, word: &str) -> Name {
        Name::new(word)
    }

    pub(crate) fn ident(&mut self, at: u32) -> Ident {
        Ident { name: self.name(at), span: self.token_span(at as usize) }
    }

    /// A path of one name.
    pub(crate) fn path_of_name(&mut self, at: u32) -> ast::Path {
        let Ident { name, span } = self.ident(at);
        ast::Path { segments: vec![PathSegment { key: Key::Name(name), span }], span }
    }

    /// A name that is still to be typed at `offset`.
    pub(crate) fn no_ident(&mut self, offset: u32) -> Ident {
        Ident { name: Name::new(""), span: self.at(offset, offset) }
    }

    pub(crate) fn expr(&mut self, kind: ExprKind, start: u32, end: u32) -> Expr {
        Expr { kind, span: self.at(start, end) }
    }

    pub(crate) fn ty(&mut self, kind: TypeKind, start: u32, end: u32) -> TypeExpr {
        TypeExpr { kind, span: self.at(start, end) }
    }

    /// An expression that could not be parsed.
    fn error(&self, span: Span) -> Expr {
        Expr { kind: ExprKind::Error, span }
    }

    /// Parses the tokens `start..end` as one node. `None` if that is impossible, which is reported.
    fn run(&mut self, goal: Nonterminal, start: usize, end: usize) -> Option<Node> {
        self.run_with(goal, start, end, false)
    }

    /// As [`Parser::run`]; an element of a list may end before `end`, where the next one begins without a separator. Then
    /// `resume_at` says where.
    fn run_with(&mut self, goal: Nonterminal, start: usize, end: usize, in_list: bool) -> Option<Node> {
        if self.diags.is_full() {
            return None;
        }
        let cost = self.cost(start, end);
        if self.depth + cost > MAX_DEPTH {
            self.report_too_deep(start, end);
            return None;
        }
        self.depth += cost;
        let mark = self.diags.len();
        let node = self.fast_path(goal, start, end).or_else(|| {
            let source = TokenSource::new(self.text, self.tree, goal, start, end, &[]);
            match grammar::NodeParser::new().parse(self, source) {
                Ok(node) => Some(node),
                Err(_) => self.recover(goal, (start, end), mark, None, in_list),
            }
        });
        self.depth -= cost;
        node
    }

    /// An upper bound of how deep the tree of an item is, groups not counted.
    fn cost(&self, start: usize, end: usize) -> usize {
        self.count_operators(start, end).max(1)
    }

    fn count_operators(&self, start: usize, end: usize) -> usize {
        use TokenKind::*;
        let mut count = 0;
        let mut at = start;
        let mut operand = false;
        while at < end {
            let kind = self.tree[at].kind;
            let group = matches!(kind, LParen | LBracket | LBrace);
            let leaf = matches!(kind, Ident | Quoted | Int | Float | Quantity | Duration | StrOpen);
            // A group after an operand is a call, an index or a refinement; two words in a row hold a keyword.
            let sign = matches!(kind, Eq | PlusEq | Colon | Comma | Newline | At);
            let operator = !leaf && !group && !sign;
            count += usize::from(operator || operand && !sign);
            operand = leaf || group;
            at = lookahead::after(self.tree, at);
        }
        count
    }

    fn report_too_deep(&mut self, start: usize, end: usize) {
        if !self.too_deep {
            self.too_deep = true;
            let span = self.range_span(start, end);
            let span = Span { end: span.end.min(span.start + 1), ..span };
            let diag = Diag::error(Code::TOO_DEEP, "nesting deeper than 500 levels")
                .at(self.snap(span), "brackets and operators nest too deeply here")
                .help("give inner parts names of their own with `let`");
            self.diags.push(diag);
        }
    }

    /// The span moved outwards to whole characters.
    fn snap(&self, span: Span) -> Span {
        let mut end = span.end as usize;
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span { end: end as u32, ..span }
    }

    fn expr_in(&mut self, start: usize, end: usize) -> Expr {
        match self.run(Nonterminal::Expr, start, end) {
            Some(Node::Expr(expr)) => expr,
            _ => self.error(self.range_span(start, end)),
        }
    }

    fn type_in(&mut self, start: usize, end: usize) -> TypeExpr {
        match self.run(Nonterminal::Type, start, end) {
            Some(Node::Type(ty)) => ty,
            _ => TypeExpr { kind: TypeKind::Error, span: self.range_span(start, end) },
        }
    }

    /// The items of the group that opens at `open`, newlines and commas (and `;` in braces) between them.
    ///
    /// Reports separators with nothing between them.
    fn segments(&mut self, open: usize) -> Vec<(usize, usize)> {
        let end = self.tree[open].matching as usize;
        let braces = self.tree[open].kind == TokenKind::LBrace;
        let mut found = Vec::new();
        let mut at = open + 1;
        loop {
            at = self.skip_separators(at, end, at > open + 1, braces);
            if at >= end {
                return found;
            }
            let stop = lookahead::segment_end(self.tree, at, end);
            found.push((at, stop.max(at + 1).min(end)));
            at = stop;
        }
    }

    /// Steps over the separators after an item, or before the first one. One sign at most may are between two items.
    fn skip_separators(&mut self, mut at: usize, end: usize, after_item: bool, semicolons: bool) -> usize {
        let mut allowed = after_item;
        while at < end && lookahead::separates(self.tree[at].kind) {
            let sign = self.tree[at].kind != TokenKind::Newline;
            if self.diags.is_full() {
                // No more diagnostics are kept.
            } else if self.tree[at].kind == TokenKind::Semicolon && !semicolons {
                let span = self.token_span(at);
                let diag = Diag::error(Code::SYNTAX, "`;` separates items of a body only")
                    .at(span, "here a comma does")
                    .fix("write `,`", span, ",");
                self.diags.push(diag);
            } else if sign && !allowed {
                let text = self.token_text(at);
                let diag = Diag::error(Code::SYNTAX, format!("unexpected `{text}`"))
                    .at(self.token_span(at), "there is nothing to end here")
                    .fix("remove it", self.token_span(at), "");
                self.diags.push(diag);
            }
            allowed &= !sign;
            at += 1;
        }
        at
    }
}
