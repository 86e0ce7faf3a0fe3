//! Segments of one terminal: a name, a literal, a bracketed group.
//!
//! Most elements, arguments and types are no more than that. The grammar says what they mean; here the same is said without a run of
//! its automaton, which takes longer to begin than to read one terminal.

use super::tok::{Feeder, Mode, Piece, Tok};
use super::{Parser, shape};
use crate::ast::{ExprKind, TypeKind};

impl Parser<'_> {
    /// What the entries of a segment mean if they are one terminal. `None` leaves them to the grammar.
    pub(super) fn leaf(&mut self, mode: Mode, start: usize, end: usize) -> Option<Piece> {
        if start >= end || shape::after(self.entries, start) < end {
            return None;
        }
        let read = match mode {
            Mode::Expr => Self::leaf_expr,
            Mode::Type => Self::leaf_type,
            Mode::Item | Mode::Param | Mode::Arm | Mode::Element => return None,
        };
        let (l, tok, r) = Feeder::new(self.text, self.entries, mode, start, end).nth(1)?.ok()?;
        read(self, tok, l, r)
    }

    fn leaf_expr(&mut self, tok: Tok, l: u32, r: u32) -> Option<Piece> {
        let kind = match tok {
            Tok::Paren(open) => return Some(Piece::Expr(self.group(open))),
            Tok::Bracket(open) => return Some(Piece::Expr(self.list(open, l, r))),
            Tok::Brace(open) => return Some(Piece::Expr(self.object(open, l, r))),
            Tok::Int(at) => return Some(Piece::Expr(self.int(at, l, r))),
            Tok::Word(at) => ExprKind::Name(self.name(at)),
            Tok::Str(at) => ExprKind::Str(self.string(at)),
            Tok::True => ExprKind::Bool(true),
            Tok::False => ExprKind::Bool(false),
            Tok::Null => ExprKind::Null,
            Tok::SelfRef => ExprKind::SelfRef,
            _ => return None,
        };
        Some(Piece::Expr(self.expr(kind, l, r)))
    }

    fn leaf_type(&mut self, tok: Tok, l: u32, r: u32) -> Option<Piece> {
        Some(Piece::Type(match tok {
            Tok::Word(at) => {
                let name = vec![self.ident(at)];
                self.ty(TypeKind::Name(name), l, r)
            }
            Tok::Str(at) => self.string_type(at, l, r),
            Tok::Bracket(open) => self.list_type(open, l, r),
            Tok::Brace(open) => self.brace_type(open, l, r),
            _ => return None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use forge_base::FileId;

    use super::*;
    use crate::parser::grammar::SegmentParser;
    use crate::{layout, lexer};

    /// The tree and messages of a text, by a run of the grammar or without.
    fn read(mode: Mode, text: &str, run: bool) -> Option<String> {
        let file = FileId(0);
        let (tokens, _) = lexer::lex(file, text);
        let tree = layout::layout(file, text, &tokens);
        let mut parser = Parser::new(file, text, &tokens, &tree.entries);
        let end = tree.entries.len();
        let piece = match run {
            true => SegmentParser::new().parse(&mut parser, Feeder::new(text, &tree.entries, mode, 0, end)).ok(),
            false => parser.leaf(mode, 0, end),
        };
        let shown = match piece? {
            Piece::Expr(expr) => format!("{expr:?}"),
            Piece::Type(ty) => format!("{ty:?}"),
            _ => String::from("another piece"),
        };
        Some(format!("{shown} {:?}", parser.diags.into_vec()))
    }

    #[test]
    fn one_terminal_means_what_the_grammar_says() {
        let exprs = ["x", "`in`", "where", "1", "99999999999999999999", "\"a\\(b)\"", "true", "false", "null", "self"];
        let groups = ["(a + 1)", "()", "[1, x]", "{ a = 1 }", "{ let a = 1; a }"];
        for text in exprs.iter().chain(&groups) {
            let leaf = read(Mode::Expr, text, false);
            assert!(leaf.is_some(), "{text}");
            assert_eq!(leaf, read(Mode::Expr, text, true), "{text}");
        }
        for text in ["String", "`in`", "\"a\"", "\"a\\(b)\"", "[T by name]", "{String: Int}", "{ a: Int }"] {
            let leaf = read(Mode::Type, text, false);
            assert!(leaf.is_some(), "{text}");
            assert_eq!(leaf, read(Mode::Type, text, true), "{text}");
        }
    }

    #[test]
    fn what_is_more_or_broken_is_left_to_the_grammar() {
        for text in ["x.y", "-1", "f()", "if", "", "super", "1 2", "..."] {
            assert_eq!(read(Mode::Expr, text, false), None, "{text}");
        }
        for text in ["T?", "A | B", "a.B", "-1", "(A)"] {
            assert_eq!(read(Mode::Type, text, false), None, "{text}");
        }
        assert_eq!(read(Mode::Param, "x", false), None);
    }
}
