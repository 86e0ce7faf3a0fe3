//! The fast path for items of few terminals: a name, a literal, a bracketed group, and fields that are set to one.
//!
//! Most items are no more than that. The grammar defines what they mean; here the same nodes are built without a run of its automaton,
//! which costs more to start than so few terminals cost to read.

use super::build::Braces;
use super::terminal::{Keyword, Node, Nonterminal, Spanned, Terminal, TokenSource};
use super::{Parser, lookahead};
use crate::ast::{
    Expr, ExprKind, FieldDecl, ItemKind, Key, Param, Path, PathSegment, RefineItem, SetItem, TypeExpr, TypeKind,
};
use crate::token::TokenKind;

impl Parser<'_> {
    /// The node that the tokens `start..end` are if they are so few. `None` leaves them to the grammar; nothing was parsed then.
    pub(super) fn fast_path(&mut self, goal: Nonterminal, start: usize, end: usize) -> Option<Node> {
        let is_single = start < end && lookahead::after(self.tree, start) >= end;
        let source = TokenSource::new(self.text, self.tree, goal, start, end, &[]);
        // The first terminal only selects the nonterminal.
        let mut terminals = source.skip(1).map_while(Result::ok).fuse();
        match goal {
            Nonterminal::Expr if is_single => {
                terminals.next().filter(is_value).map(|value| Node::Expr(self.value(value)))
            }
            Nonterminal::Type if is_single => {
                terminals.next().filter(is_type).map(|ty| Node::Type(self.plain_type(ty)))
            }
            Nonterminal::Item => self.plain_item(&mut terminals).map(|item| Node::Item(Box::new(item))),
            Nonterminal::Param => self.plain_param(&mut terminals).map(|param| Node::Param(Box::new(param))),
            _ => None,
        }
    }

    /// `name: Type`, `name: Type = value`, `name = value` and `name { … }`.
    fn plain_item(&mut self, terminals: &mut impl Iterator<Item = Spanned>) -> Option<ItemKind> {
        let (l, Terminal::Word(name), r) = terminals.next()? else { return None };
        let (start, sign, end) = terminals.next()?;
        let ahead = (terminals.next(), terminals.next(), terminals.next(), terminals.next());
        match (sign, ahead) {
            (Terminal::Op(TokenKind::Colon), (Some(ty), None, ..)) if is_type(&ty) => {
                let ty = self.plain_type(ty);
                Some(ItemKind::Declare(FieldDecl { late: None, name: self.ident(name), ty, value: None }))
            }
            (
                Terminal::Op(TokenKind::Colon),
                (Some(ty), Some((_, Terminal::Op(TokenKind::Eq), _)), Some(value), None),
            ) if is_type(&ty) && is_value(&value) => {
                let ty = self.plain_type(ty);
                let value = Some(self.value(value));
                Some(ItemKind::Declare(FieldDecl { late: None, name: self.ident(name), ty, value }))
            }
            (Terminal::Op(TokenKind::Eq), (Some(value), None, ..)) if is_value(&value) => {
                let path = self.plain_path(name, l, r);
                Some(ItemKind::Set(SetItem { path, value: self.value(value) }))
            }
            (Terminal::Brace(group), (None, ..)) => {
                let path = self.plain_path(name, l, r);
                Some(ItemKind::Refine(RefineItem { path, ty: None, body: self.body(Braces { group, start, end }) }))
            }
            _ => None,
        }
    }

    fn plain_path(&mut self, name: u32, l: u32, r: u32) -> Path {
        let span = self.at(l, r);
        Path { segments: vec![PathSegment { key: Key::Name(self.name(name)), span }], span }
    }

    /// `name` and `name: Type`.
    fn plain_param(&mut self, terminals: &mut impl Iterator<Item = Spanned>) -> Option<Param> {
        let (l, Terminal::Word(name), r) = terminals.next()? else { return None };
        let (ty, r) = match (terminals.next(), terminals.next(), terminals.next()) {
            (None, ..) => (None, r),
            (Some((_, Terminal::Op(TokenKind::Colon), _)), Some(ty), None) if is_type(&ty) => {
                (Some(self.plain_type(ty)), ty.2)
            }
            _ => return None,
        };
        Some(Param { name: self.ident(name), ty, default: None, span: self.at(l, r) })
    }

    /// The expression that a terminal is for which [`is_value`] holds.
    fn value(&mut self, (l, terminal, r): Spanned) -> Expr {
        let kind = match terminal {
            Terminal::Paren(open) => return self.group(open),
            Terminal::Bracket(open) => return self.list(open, l, r),
            Terminal::Brace(open) => return self.object(open, l, r),
            Terminal::Int(at) => return self.int(at, l, r),
            Terminal::Word(at) => ExprKind::Name(self.name(at)),
            Terminal::Str(at) => return self.str_expr(at, l, r),
            Terminal::Keyword(Keyword::True) => ExprKind::Bool(true),
            Terminal::Keyword(Keyword::False) => ExprKind::Bool(false),
            Terminal::Keyword(Keyword::Null) => ExprKind::Null,
            Terminal::Keyword(Keyword::SelfRef) => ExprKind::SelfRef,
            _ => ExprKind::Error,
        };
        self.expr(kind, l, r)
    }

    /// The type that a terminal is for which [`is_type`] holds.
    fn plain_type(&mut self, (l, terminal, r): Spanned) -> TypeExpr {
        match terminal {
            Terminal::Word(at) => {
                let name = vec![self.ident(at)];
                self.ty(TypeKind::Name(name), l, r)
            }
            Terminal::Str(at) => self.string_type(at, l, r),
            Terminal::Bracket(open) => self.list_type(open, l, r),
            Terminal::Brace(open) => self.brace_type(open, l, r),
            _ => self.ty(TypeKind::Error, l, r),
        }
    }
}

fn is_value((_, terminal, _): &Spanned) -> bool {
    use Terminal::{Brace, Bracket, Int, Paren, Str, Word};
    match terminal {
        Paren(_) | Bracket(_) | Brace(_) | Int(_) | Word(_) | Str(_) => true,
        Terminal::Keyword(word) => matches!(word, Keyword::True | Keyword::False | Keyword::Null | Keyword::SelfRef),
        _ => false,
    }
}

fn is_type((_, terminal, _): &Spanned) -> bool {
    matches!(terminal, Terminal::Word(_) | Terminal::Str(_) | Terminal::Bracket(_) | Terminal::Brace(_))
}

#[cfg(test)]
mod tests {
    use forge_base::FileId;

    use super::*;
    use crate::parser::grammar::NodeParser;
    use crate::{layout, lexer};

    #[derive(Clone, Copy)]
    enum By {
        Grammar,
        FastPath,
    }

    /// The tree and diagnostics of a source, by the grammar or the fast path.
    fn read(goal: Nonterminal, text: &str, by: By) -> Option<String> {
        let file = FileId(0);
        let (tokens, _) = lexer::lex(file, text);
        let tree = layout::layout(file, text, &tokens);
        let mut parser = Parser::new(file, text, &tokens, &tree.tokens);
        let end = tree.tokens.len();
        let node = match by {
            By::Grammar => {
                NodeParser::new().parse(&mut parser, TokenSource::new(text, &tree.tokens, goal, 0, end, &[])).ok()
            }
            By::FastPath => parser.fast_path(goal, 0, end),
        };
        let shown = match node? {
            Node::Expr(expr) => format!("{expr:?}"),
            Node::Type(ty) => format!("{ty:?}"),
            Node::Item(item) => format!("{item:?}"),
            Node::Param(param) => format!("{param:?}"),
            _ => String::from("another node"),
        };
        Some(format!("{shown} {:?}", parser.diags.into_vec()))
    }

    /// The fast path builds what the grammar builds.
    fn assert_same(goal: Nonterminal, texts: &[&str]) {
        for text in texts {
            let fast = read(goal, text, By::FastPath);
            assert!(fast.is_some(), "{text}");
            assert_eq!(fast, read(goal, text, By::Grammar), "{text}");
        }
    }

    #[test]
    fn few_terminals_mean_what_the_grammar_says() {
        let long = "99999999999999999999";
        assert_same(
            Nonterminal::Expr,
            &["x", "`in`", "where", "1", long, "\"a\\(b)\"", "true", "false", "null", "self"],
        );
        assert_same(Nonterminal::Expr, &["(a + 1)", "()", "[1, x]", "{ a = 1 }", "{ let a = 1; a }"]);
        assert_same(
            Nonterminal::Type,
            &["String", "`in`", "\"a\"", "\"a\\(b)\"", "[T by name]", "{String: Int}", "{ a: Int }"],
        );
        assert_same(
            Nonterminal::Item,
            &["a: T", "`in`: \"x\"", "a: [T by b]", "a: {String: T} = {}", "type: \"x\" = \"x\"", "a: T = [b]"],
        );
        assert_same(
            Nonterminal::Item,
            &["a = b", "a = (1 + 2)", "schema = \"x\"", "if_ = null", "a = { b = 1 }", "a {}", "a { b = 1, c {} }"],
        );
        assert_same(Nonterminal::Param, &["x", "in", "x: Int", "x: [Int]"]);
    }

    #[test]
    fn what_is_more_or_broken_is_left_to_the_grammar() {
        for text in ["x.y", "-1", "f()", "if", "", "super", "1 2", "..."] {
            assert_eq!(read(Nonterminal::Expr, text, By::FastPath), None, "{text}");
        }
        for text in ["T?", "A | B", "a.B", "-1", "(A)"] {
            assert_eq!(read(Nonterminal::Type, text, By::FastPath), None, "{text}");
        }
        for text in [
            "a",
            "a: T?",
            "a: T = 1 + 2",
            "a.b = 1",
            "a += 1",
            "a = { let b = 1; b }",
            "let a = 1",
            "delete a",
            "a: T b",
            "a = ",
        ] {
            assert_eq!(read(Nonterminal::Item, text, By::FastPath), None, "{text}");
        }
        for text in ["x = 1", "x: T = 1", "x: T?", "1"] {
            assert_eq!(read(Nonterminal::Param, text, By::FastPath), None, "{text}");
        }
    }
}
