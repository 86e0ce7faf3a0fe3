//! Error nodes: which part of an item becomes one.

use super::{Broken, Context, Placed};
use crate::parser::Parser;
use crate::parser::terminal::{Edit, Keyword, Nonterminal, Terminal};
use crate::token::TokenKind;

impl Parser<'_> {
    /// Makes the smallest part of the item that holds `at` and can be an error node one. False if there is none.
    pub(super) fn cut(&mut self, broken: &mut Broken, at: usize) -> bool {
        // What did not help is made larger.
        let limit = match broken.error_at {
            Some(error) if at <= error + 1 => error.saturating_sub(1),
            _ => at,
        };
        let opening = (0..limit).rev().find(|&open| self.opens_region(broken, open, at));
        opening.is_some_and(|open| self.cut_after(broken, open, at))
    }

    /// Makes the largest such part an error node.
    pub(super) fn cut_widest(&mut self, broken: &mut Broken, at: usize) -> bool {
        let opening = (0..at).find(|&open| self.opens_region(broken, open, at));
        opening.is_some_and(|open| broken.error_at != Some(open + 1) && self.cut_after(broken, open, at))
    }

    /// Makes the terminals between `open` and the end of its region an error node.
    pub(super) fn cut_after(&mut self, broken: &mut Broken, open: usize, at: usize) -> bool {
        let end = self.region_end(broken, open, at);
        self.cut_range(broken, open + 1, end)
    }

    pub(super) fn cut_range(&mut self, broken: &mut Broken, from: usize, to: usize) -> bool {
        let (first, end) = (broken.index(from), broken.index(to));
        // Terminals that were inserted in the region are removed with it.
        broken.edits.retain(|(index, edit)| !matches!(edit, Edit::Insert(_)) && !(first..end).contains(index));
        let outside = broken.row[..from].iter().chain(&broken.row[to..]).filter(|placed| is_synthetic(placed));
        broken.edits.extend(outside.map(|placed| (placed.index, Edit::Insert(placed.terminal))));
        broken.error_at = Some(from);
        let edit = if first < end { Edit::Cut(end) } else { Edit::Insert(Terminal::Hole) };
        self.apply(broken, first, edit);
        true
    }

    /// Whether an error node may begin after the terminal at `open`.
    pub(super) fn opens_region(&self, broken: &Broken, open: usize, at: usize) -> bool {
        use Keyword::{Assert, Check, Fails, If, In, Match, Snapshot, Where, With};
        let is_item_of =
            |words: &[Keyword]| matches!(broken.terminal(1), Some(Terminal::Keyword(word)) if words.contains(&word));
        match broken.row[open].terminal {
            Terminal::Start(goal) => matches!(goal, Nonterminal::Expr | Nonterminal::Type | Nonterminal::Arm),
            Terminal::Op(TokenKind::Eq | TokenKind::PlusEq | TokenKind::FatArrow | TokenKind::Colon) => true,
            Terminal::Op(TokenKind::Comma) => is_item_of(&[Check, Assert]),
            Terminal::Op(TokenKind::Ellipsis) => open == 1,
            Terminal::Keyword(If | In | Match) => {
                broken.find(open, |terminal| matches!(terminal, Terminal::Block(_))) >= at
            }
            Terminal::Keyword(Check | Assert | Fails | Snapshot) => open == 1,
            Terminal::Keyword(Where | With) => true,
            _ => false,
        }
    }

    /// Where the region ends that begins after `open` and holds `at`.
    pub(super) fn region_end(&self, broken: &Broken, open: usize, at: usize) -> usize {
        use Keyword::{Assert, Check, Fails, If, In, Match, Where, With};
        let op = |kind: TokenKind| broken.find(at, |terminal| terminal == Terminal::Op(kind));
        match broken.row[open].terminal {
            Terminal::Keyword(If | In | Match) => {
                let block = broken.find(at, |terminal| matches!(terminal, Terminal::Block(_)));
                if broken.goal == Nonterminal::Arm { block.min(op(TokenKind::FatArrow)) } else { block }
            }
            Terminal::Keyword(Check | Assert) => op(TokenKind::Comma),
            Terminal::Keyword(Fails) => broken.find(at, |terminal| terminal == Terminal::Keyword(With)),
            Terminal::Keyword(Where) | Terminal::Op(TokenKind::Colon) => op(TokenKind::Eq),
            Terminal::Start(Nonterminal::Arm) => op(TokenKind::FatArrow),
            _ => broken.row.len(),
        }
    }

    /// Leaves out what cannot be parsed in the head of a declaration.
    pub(super) fn skip_in_head(&mut self, broken: &mut Broken, cx: &Context, at: usize) -> bool {
        use Keyword::{Fn, Input, Let, Schema, Test, Type};
        if !matches!(cx.keyword, Some(Fn | Input | Let | Schema | Test | Type)) || at < 2 {
            return false;
        }
        if cx.keyword == Some(Fn) && !cx.has_params {
            // The type parameters may be lost.
            return false;
        }
        let end = broken.find(at, |terminal| {
            use Terminal::{Block, Brace, Op};
            matches!(terminal, Brace(_) | Block(_) | Op(TokenKind::Eq | TokenKind::Colon))
        });
        let end = if end == at { at + 1 } else { end };
        // What seems to be parameters may be used in the value.
        let has_group = broken.row[at..end].iter().any(|placed| matches!(placed.terminal, Terminal::Paren(_)));
        let eq = broken.find(end, |terminal| terminal == Terminal::Op(TokenKind::Eq));
        if has_group && cx.keyword != Some(Fn) && eq + 1 < broken.row.len() {
            broken.edits.push((broken.index(eq + 1), Edit::Cut(broken.end)));
        }
        self.apply(broken, broken.index(at), Edit::Skip(broken.index(end)));
        true
    }
}

/// Whether recovery has inserted a terminal.
fn is_synthetic(placed: &Placed) -> bool {
    placed.start == placed.end && !matches!(placed.terminal, Terminal::Start(_))
}
