//! Where there is a space between two neighbors on one line.

use super::Printer;
use crate::layout::takes_bang;
use crate::token::TokenKind::*;

/// Words that are never names of values.
const KEYWORDS: &[&str] = &["if", "else", "match", "is", "in", "for", "let", "check", "delete", "fn"];
/// Words that begin an item before an expression and may be names elsewhere.
const TEST_WORDS: &[&str] = &["assert", "fails", "snapshot", "warn"];

impl Printer<'_> {
    /// Whether there is a space between the tokens `last` and `at` of the item that begins at `start`.
    pub(super) fn wants_space(&self, last: usize, at: usize, start: usize, generic: bool) -> bool {
        let (left, right) = (self.tree[last].kind, self.tree[at].kind);
        if generic && (matches!(left, Lt | Gt | Comma) || matches!(right, Lt | Gt)) {
            return left == Comma || left == Gt && right != LParen;
        }
        if self.is_non_null(at, start) {
            return false;
        }
        match (left, right) {
            (Dot | DotDot | Ellipsis, Dot | DotDot | Ellipsis) | (Question, Question) => self.has_gap(last, at),
            (Bang, _) if !self.is_non_null(last, start) => false,
            (RangeInclusive | RangeExclusive | Dot | QuestionDot | Ellipsis | DotDot | At, _) => false,
            (_, Dot | DotDot | Ellipsis) if self.is_import(last, start) => self.has_gap(last, at),
            (_, RangeInclusive | RangeExclusive | Dot | QuestionDot | Comma | Colon | Question) => false,
            (Minus, _) => self.is_operand_before(last, start),
            (_, LParen | LBracket) => !self.is_called(last, at, start),
            _ => true,
        }
    }

    /// Whether the token is the `!` of `x!`: it follows an operand without a space.
    fn is_non_null(&self, at: usize, start: usize) -> bool {
        self.tree[at].kind == Bang
            && at > start
            && takes_bang(self.tree[at - 1].kind)
            && !self.has_gap(at - 1, at)
            && self.is_operand(at - 1, start)
    }

    fn has_gap(&self, last: usize, at: usize) -> bool {
        self.tree[last].end < self.tree[at].start
    }

    fn is_import(&self, last: usize, start: usize) -> bool {
        last == start && (self.is_word(last, "import") || self.is_word(last, "export"))
    }

    /// Whether the token before `at` ends an operand, so that a minus at `at` is a subtraction.
    fn is_operand_before(&self, at: usize, start: usize) -> bool {
        at > start && self.is_operand(at - 1, start)
    }

    /// Whether the token ends an operand.
    fn is_operand(&self, at: usize, start: usize) -> bool {
        match self.tree[at].kind {
            Ident => !self.is_keyword(at, start),
            Quoted | Int | Float | Quantity | Duration | StrClose | RParen | RBracket | RBrace | Question => true,
            Bang => self.is_non_null(at, start),
            _ => false,
        }
    }

    /// Whether a word is not a name: of two operands side by side one is a keyword, the first word of an item if it is one
    /// of them, else the second.
    fn is_keyword(&self, at: usize, start: usize) -> bool {
        if at == start {
            let next = self.tree.get(at + 1).map(|next| next.kind);
            let keyword = KEYWORDS.contains(&self.token_text(at));
            return keyword || matches!(next, Some(Ident | Quoted | Int | Float | Quantity | Duration | StrOpen));
        }
        if matches!(self.tree[at - 1].kind, Dot | QuestionDot) {
            return false;
        }
        KEYWORDS.contains(&self.token_text(at)) || self.is_operand(at - 1, start)
    }

    /// Whether the bracket at `at` calls or indexes what ends at `last`.
    fn is_called(&self, last: usize, at: usize, start: usize) -> bool {
        if self.tree[last].kind == Ident && last == start && TEST_WORDS.contains(&self.token_text(last)) {
            return !self.has_gap(last, at);
        }
        if self.declares(last, start) {
            return true;
        }
        self.is_operand(last, start)
    }

    /// Whether the word at `last` is the name after `fn`.
    fn declares(&self, last: usize, start: usize) -> bool {
        last == start + 1 && self.is_word(start, "fn")
    }

    /// Whether braces have no spaces inside: those of an import and of a map type.
    pub(super) fn is_tight(&self, open: usize) -> bool {
        if open > 0 && self.tree[open - 1].kind == Dot {
            return true;
        }
        let close = self.tree[open].matching as usize;
        let mut at = open + 1;
        let mut colon = None;
        while at < close {
            match self.tree[at].kind {
                Colon => {
                    colon.get_or_insert(at);
                }
                // Separators at the end are dropped, so they change nothing.
                Comma | Semicolon if (at..close).all(|at| matches!(self.tree[at].kind, Comma | Semicolon)) => break,
                Eq | PlusEq | FatArrow | Comma | Semicolon | Newline => return false,
                _ => {}
            }
            at = (self.tree[at].matching as usize).max(at) + 1;
        }
        let item = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | '`' | '@');
        colon.is_some() && !self.token_text(open + 1).starts_with(item)
    }
}
