//! What could not be read as it stands: where the tree says other than the text, and which names went with it.
//!
//! The parser says once what is wrong there. What it or a later stage would find in the same place is only what follows.

use forge_base::{Name, Span};

use super::repair::Broken;
use super::tok::{Nonterminal, Tok};
use super::{Parser, lookahead};
use crate::ast::{ExprKind, ItemKind, Key, PathSegment};
use crate::token::TokenKind;

/// How many names one lost item may have wanted to declare.
const MAX_NAMES: usize = 16;

impl Parser<'_> {
    /// Keeps in mind what a repair has left out, and forgets what was said about it since `mark`.
    pub(super) fn note_garbled(&mut self, broken: &Broken, read: bool, mark: usize) {
        if let Some(from) = broken.garbled {
            let end = self.range_span(broken.start, broken.end).end;
            let span = self.at(from.min(end), end);
            self.diags.retain_since(mark, |diag| diag.span().is_none_or(|place| !contains(span, place)));
            self.garbled.spans.push(span);
        }
        if !read && broken.mode == Nonterminal::Item {
            self.lose_names(broken.start, broken.end);
        }
    }

    /// The names that the item `start..end`, of which nothing was read, may declare.
    pub(super) fn lose_names(&mut self, start: usize, end: usize) {
        let mut at = start;
        let mut left = MAX_NAMES;
        while at < end && left > 0 && self.tree[at].kind != TokenKind::Eq {
            if matches!(self.tree[at].kind, TokenKind::Ident | TokenKind::Quoted) {
                let name: Name = self.name(at as u32);
                self.garbled.names.push(name);
                left -= 1;
            }
            // The names of an import stand in braces.
            let braces = self.tree[at].kind == TokenKind::LBrace && self.token_text(start) == "import";
            at = if braces { at + 1 } else { lookahead::after(self.tree, at) };
        }
    }

    /// What a hole that is put in before `at` makes untrustworthy.
    pub(super) fn garble_around(&self, broken: &mut Broken, at: usize, filler: Tok) {
        let first = broken.toks.get(1).map(|tok| tok.1);
        if filler == Tok::HoleBody && first == Some(Tok::Fn) {
            broken.garble(1);
        } else if filler == Tok::HoleBody
            && let Some(head) = broken.toks[..at].iter().rposition(|tok| tok.1 == Tok::Match)
        {
            broken.garble(head);
        } else if filler == Tok::Eq && at == 2 && broken.toks.len() == 2 {
            broken.garble(1);
        } else if filler == Tok::Hole && broken.toks[at - 1].1 == Tok::FatArrow {
            broken.garble(at.saturating_sub(2).max(1));
        } else if filler == Tok::Hole && at < broken.toks.len() {
            broken.garble(at);
        } else if filler == Tok::HoleName && matches!(broken.toks[at - 1].1, Tok::Dot | Tok::QuestionDot) {
            broken.garble(at.saturating_sub(2).max(1));
        }
    }

    /// A name that may have been meant to be declared.
    pub(super) fn lose(&mut self, name: Name) {
        self.garbled.names.push(name);
    }

    /// What a test sets in vain is used in it all the same.
    pub(super) fn lose_path(&mut self, kind: &ItemKind) {
        if let ItemKind::Set(item) = kind
            && let Some(PathSegment { key: Key::Name(name), .. }) = item.path.segments.first()
        {
            self.lose(*name);
        }
    }

    /// A place in which what a bracket or string without its end took for its own says nothing.
    pub(super) fn distrust(&mut self, span: Span) {
        self.garbled.spans.push(span);
    }

    /// A function whose head was broken lacks no body as well.
    pub(super) fn distrust_head(&mut self, kind: &ItemKind, known: usize, end: usize) {
        let ItemKind::Fn(decl) = kind else { return };
        let last = end.checked_sub(1).and_then(|last| self.tree.get(last));
        let open = last.is_some_and(|last| last.start == last.end);
        if let Some(name) = decl.name
            && decl.body.is_none()
            && (open || self.diags.len() > known)
        {
            self.distrust(name.span);
        }
    }

    /// The closing bracket behind what ends at `end`, if that is the last between its brackets. Only so far is looked, since
    /// a long file may ask for each of its items.
    fn close_around(&self, end: usize) -> Option<usize> {
        let at = if self.tree.get(end).is_some_and(|entry| lookahead::separates(entry.kind)) { end + 1 } else { end };
        lookahead::closes(self.tree.get(at)?.kind).then_some(at)
    }

    /// The brackets around what ends at `end` and is the last between them.
    pub(super) fn group_around(&self, end: usize) -> Option<Span> {
        let close = self.close_around(end)?;
        Some(self.group_span(self.tree[close].matching))
    }

    /// Whether the brackets around what ends at `end` have no closing one, which is reported.
    pub(super) fn is_in_open_group(&self, end: usize) -> bool {
        self.close_around(end).is_some_and(|close| self.is_open(self.tree[close].matching))
    }

    /// Whether an operand is what a sign without meaning left.
    pub(super) fn is_left_over(&self, operand: &crate::ast::Expr) -> bool {
        matches!(operand.kind, ExprKind::Error) && operand.span.end > operand.span.start
    }
}

/// Whether `place` lies in `span`.
fn contains(span: Span, place: Span) -> bool {
    span.start <= place.start && place.end <= span.end
}
