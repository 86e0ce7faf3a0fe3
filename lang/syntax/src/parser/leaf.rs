//! Segments of few terminals: a name, a literal, a bracketed group, and items that set one.
//!
//! Most segments are no more than that. The grammar says what they mean; here the same is said without a run of its automaton, which
//! takes longer to begin than to read so little.

use super::build::Braces;
use super::tok::{Node, Nonterminal, Tok, TokenSource};
use super::{Parser, lookahead};
use crate::ast::{
    Expr, ExprKind, FieldDecl, ItemKind, Key, Param, Path, PathSegment, RefineItem, SetItem, TypeExpr, TypeKind,
};

/// A terminal, and from where to where it goes.
type Terminal = (u32, Tok, u32);

impl Parser<'_> {
    /// What the entries of a segment mean if they are so few. `None` leaves them to the grammar; then nothing was read yet.
    pub(super) fn leaf(&mut self, mode: Nonterminal, start: usize, end: usize) -> Option<Node> {
        let is_single = start < end && lookahead::after(self.tree, start) >= end;
        let source = TokenSource::new(self.text, self.tree, mode, start, end);
        // The first terminal only says what the segment is.
        let mut terminals = source.skip(1).map_while(Result::ok).fuse();
        match mode {
            Nonterminal::Expr if is_single => {
                terminals.next().filter(is_value).map(|value| Node::Expr(self.value(value)))
            }
            Nonterminal::Type if is_single => terminals.next().filter(is_type).map(|ty| Node::Type(self.leaf_type(ty))),
            Nonterminal::Item => self.plain_item(&mut terminals).map(|item| Node::Item(Box::new(item))),
            Nonterminal::Param => self.plain_param(&mut terminals).map(|param| Node::Param(Box::new(param))),
            _ => None,
        }
    }

    /// `name: Type`, `name: Type = value`, `name = value` and `name { … }`.
    fn plain_item(&mut self, terminals: &mut impl Iterator<Item = Terminal>) -> Option<ItemKind> {
        let (l, Tok::Word(name), r) = terminals.next()? else { return None };
        let (start, sign, end) = terminals.next()?;
        let ahead = (terminals.next(), terminals.next(), terminals.next(), terminals.next());
        match (sign, ahead) {
            (Tok::Colon, (Some(ty), None, ..)) if is_type(&ty) => {
                let ty = self.leaf_type(ty);
                Some(ItemKind::Declare(FieldDecl { name: self.ident(name), ty, value: None }))
            }
            (Tok::Colon, (Some(ty), Some((_, Tok::Eq, _)), Some(value), None)) if is_type(&ty) && is_value(&value) => {
                let ty = self.leaf_type(ty);
                let value = Some(self.value(value));
                Some(ItemKind::Declare(FieldDecl { name: self.ident(name), ty, value }))
            }
            (Tok::Eq, (Some(value), None, ..)) if is_value(&value) => {
                let path = self.plain_path(name, l, r);
                Some(ItemKind::Set(SetItem { path, value: self.value(value) }))
            }
            (Tok::Brace(group), (None, ..)) => {
                let path = self.plain_path(name, l, r);
                Some(ItemKind::Refine(RefineItem { path, body: self.body(Braces { group, start, end }) }))
            }
            _ => None,
        }
    }

    fn plain_path(&mut self, name: u32, l: u32, r: u32) -> Path {
        let span = self.at(l, r);
        Path { segments: vec![PathSegment { key: Key::Name(self.name(name)), span }], span }
    }

    /// `name` and `name: Type`.
    fn plain_param(&mut self, terminals: &mut impl Iterator<Item = Terminal>) -> Option<Param> {
        let (l, Tok::Word(name), r) = terminals.next()? else { return None };
        let (ty, r) = match (terminals.next(), terminals.next(), terminals.next()) {
            (None, ..) => (None, r),
            (Some((_, Tok::Colon, _)), Some(ty), None) if is_type(&ty) => (Some(self.leaf_type(ty)), ty.2),
            _ => return None,
        };
        Some(Param { name: self.ident(name), ty, default: None, span: self.at(l, r) })
    }

    /// A terminal that [`is_value`].
    fn value(&mut self, (l, tok, r): Terminal) -> Expr {
        let kind = match tok {
            Tok::Paren(open) => return self.group(open),
            Tok::Bracket(open) => return self.list(open, l, r),
            Tok::Brace(open) => return self.object(open, l, r),
            Tok::Int(at) => return self.int(at, l, r),
            Tok::Word(at) => ExprKind::Name(self.name(at)),
            Tok::Str(at) => ExprKind::Str(self.string(at)),
            Tok::True => ExprKind::Bool(true),
            Tok::False => ExprKind::Bool(false),
            Tok::Null => ExprKind::Null,
            Tok::SelfRef => ExprKind::SelfRef,
            _ => ExprKind::Error,
        };
        self.expr(kind, l, r)
    }

    /// A terminal that [`is_type`].
    fn leaf_type(&mut self, (l, tok, r): Terminal) -> TypeExpr {
        match tok {
            Tok::Word(at) => {
                let name = vec![self.ident(at)];
                self.ty(TypeKind::Name(name), l, r)
            }
            Tok::Str(at) => self.string_type(at, l, r),
            Tok::Bracket(open) => self.list_type(open, l, r),
            Tok::Brace(open) => self.brace_type(open, l, r),
            _ => self.ty(TypeKind::Error, l, r),
        }
    }
}

fn is_value((_, tok, _): &Terminal) -> bool {
    use Tok::{Brace, Bracket, False, Int, Null, Paren, SelfRef, Str, True, Word};
    matches!(tok, Paren(_) | Bracket(_) | Brace(_) | Int(_) | Word(_) | Str(_) | True | False | Null | SelfRef)
}

fn is_type((_, tok, _): &Terminal) -> bool {
    matches!(tok, Tok::Word(_) | Tok::Str(_) | Tok::Bracket(_) | Tok::Brace(_))
}

#[cfg(test)]
mod tests {
    use forge_base::FileId;

    use super::*;
    use crate::parser::grammar::NodeParser;
    use crate::{layout, lexer};

    /// The tree and messages of a text, by a run of the grammar or without.
    fn read(mode: Nonterminal, text: &str, run: bool) -> Option<String> {
        let file = FileId(0);
        let (tokens, _) = lexer::lex(file, text);
        let tree = layout::layout(file, text, &tokens);
        let mut parser = Parser::new(file, text, &tokens, &tree.tokens);
        let end = tree.tokens.len();
        let piece = match run {
            true => NodeParser::new().parse(&mut parser, TokenSource::new(text, &tree.tokens, mode, 0, end)).ok(),
            false => parser.leaf(mode, 0, end),
        };
        let shown = match piece? {
            Node::Expr(expr) => format!("{expr:?}"),
            Node::Type(ty) => format!("{ty:?}"),
            Node::Item(item) => format!("{item:?}"),
            Node::Param(param) => format!("{param:?}"),
            _ => String::from("another piece"),
        };
        Some(format!("{shown} {:?}", parser.diags.into_vec()))
    }

    /// A few terminals mean what the grammar says.
    fn assert_same(mode: Nonterminal, texts: &[&str]) {
        for text in texts {
            let leaf = read(mode, text, false);
            assert!(leaf.is_some(), "{text}");
            assert_eq!(leaf, read(mode, text, true), "{text}");
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
            assert_eq!(read(Nonterminal::Expr, text, false), None, "{text}");
        }
        for text in ["T?", "A | B", "a.B", "-1", "(A)"] {
            assert_eq!(read(Nonterminal::Type, text, false), None, "{text}");
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
            assert_eq!(read(Nonterminal::Item, text, false), None, "{text}");
        }
        for text in ["x = 1", "x: T = 1", "x: T?", "1"] {
            assert_eq!(read(Nonterminal::Param, text, false), None, "{text}");
        }
    }
}
