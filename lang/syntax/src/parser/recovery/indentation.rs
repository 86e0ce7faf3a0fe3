//! Items that go on by indentation, as in YAML and Python. They are one error each, up to the line that is indented no more.

use forge_base::{Code, Diag, Span};

use super::super::terminal::{Edit, Nonterminal, Terminal};
use super::super::{BodyKind, Parser, lookahead};
use super::Broken;
use crate::token::TokenKind;

impl Parser<'_> {
    /// How far the line of a token is indented.
    fn indent(&self, at: usize) -> usize {
        let start = self.tree[at].start as usize;
        let line = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &self.text[line..];
        rest.len() - rest.trim_start_matches([' ', '\t']).len()
    }

    pub(super) fn begins_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |before| self.tree[before].end as usize);
        self.text[before..self.tree[at].start as usize].contains('\n')
    }

    /// The index after the lines from `end` on that are indented more than the one of `start`.
    pub(super) fn skip_indented(&self, start: usize, end: usize) -> usize {
        let own = self.indent(start);
        let mut at = end;
        while let Some(token) = self.tree.get(at) {
            let separates = lookahead::separates(token.kind);
            let is_back = !separates && at > start && self.begins_line(at) && self.indent(at) <= own;
            if lookahead::closes(token.kind) || is_back {
                break;
            }
            at = lookahead::after(self.tree, at);
        }
        while at > end && lookahead::separates(self.tree[at - 1].kind) {
            at -= 1;
        }
        at
    }

    /// Whether the line after `end` is indented more than the one of `start`.
    fn is_next_line_deeper(&self, start: usize, end: usize) -> bool {
        let is_newline = self.tree.get(end).is_some_and(|token| token.kind == TokenKind::Newline);
        let next = end + 1;
        is_newline && next < self.tree.len() && self.begins_line(next) && self.indent(next) > self.indent(start)
    }

    /// `name:` before deeper lines, `name: |` before text. True if nothing else needs to be tried.
    pub(super) fn lay_out_by_indentation(&mut self, broken: &mut Broken) -> bool {
        let row = &broken.row;
        if broken.goal != Nonterminal::Item || row.len() < 3 {
            return false;
        }
        let last = row.len() - 1;
        let ends_line =
            |at: usize| at == last || self.text[row[at].end as usize..row[at + 1].start as usize].contains('\n');
        let colon = (1..=last).rev().find(|&at| broken.is_op(at, TokenKind::Colon) && ends_line(at));
        let sets = |terminal| matches!(terminal, Terminal::Op(TokenKind::Colon | TokenKind::Eq));
        let sign = colon.unwrap_or_else(|| broken.find(1, sets).min(last));
        let is_deeper = self.is_next_line_deeper(broken.start, broken.end);
        let is_block_scalar = matches!(broken.terminal(sign + 1), Some(Terminal::Op(TokenKind::Pipe | TokenKind::Gt)))
            && {
                let part = |terminal| {
                    let Terminal::Op(kind) = terminal else { return false };
                    matches!(kind, TokenKind::Pipe | TokenKind::Gt | TokenKind::Minus | TokenKind::Plus)
                };
                ends_line(broken.find(sign + 1, |terminal| !part(terminal)) - 1) && (is_deeper || last > sign + 2)
            };
        let is_body = colon == Some(sign) && (sign == last && is_deeper || sign > 2 && sign < last);
        let diag = if is_block_scalar {
            Diag::error(Code::SYNTAX, "a string of several lines is written between `\"\"\"` and `\"\"\"`")
                .at(self.place_of(broken, sign + 1), "indentation alone does not delimit it")
                .help("the indentation of the closing `\"\"\"` is removed from each line")
        } else if is_body {
            Diag::error(Code::SYNTAX, "a body is written in braces, not by indentation")
                .at(self.place_of(broken, sign), "a colon gives a type and begins no block")
                .help("write `{` at the end of this line and `}` after the last one")
        } else {
            return false;
        };
        broken.report(diag);
        let end = self.skip_indented(broken.start, broken.end);
        broken.resume_at = Some(end);
        broken.end = end;
        if !matches!(broken.row[1].terminal, Terminal::Word(_)) || sign != 2 || self.body_kind == BodyKind::Test {
            return true;
        }
        // The name is declared; its value is an error.
        let value = broken.index(sign);
        broken.edits.push((value, Edit::Insert(Terminal::Op(TokenKind::Eq))));
        self.apply(broken, value, Edit::Cut(end));
        false
    }

    /// Whether the first item between brackets follows a dash on a line of its own and cannot be a negative number.
    pub(in crate::parser) fn begins_with_dash(&self, at: usize, end: usize) -> bool {
        let next = self.tree.get(at + 1).filter(|_| at + 1 < end && self.tree[at].kind == TokenKind::Minus);
        let is_value = next.is_some_and(|next| {
            matches!(next.kind, TokenKind::StrOpen | TokenKind::LBrace | TokenKind::LBracket)
                && next.start > self.tree[at].end
        });
        is_value && self.begins_line(at)
    }

    pub(in crate::parser) fn report_dashes(&mut self, at: usize) {
        let diag = Diag::error(Code::SYNTAX, "list elements are written without dashes")
            .at(self.token_span(at), "`-` makes a number negative")
            .help("write one element per line, or separate them with commas: `[a, b]`");
        self.diags.push(diag);
    }

    /// `name =` and `name:` before lines that begin with dashes. Returns where they end.
    pub(in crate::parser) fn list_of_dashes(&mut self, start: usize, end: usize) -> Option<usize> {
        let sign = start + 1;
        let minus = self.tree.get(sign + 1).filter(|_| sign + 1 < end)?;
        let is_set = matches!(self.tree[sign].kind, TokenKind::Eq | TokenKind::Colon);
        let is_spaced = self.text[minus.end as usize..].starts_with(' ');
        if !is_set || minus.kind != TokenKind::Minus || !is_spaced || !self.begins_line(sign + 1) {
            return None;
        }
        if self.indent(sign + 1) < self.indent(start) {
            return None;
        }
        let span: Span = self.token_span(sign);
        let diag = Diag::error(Code::SYNTAX, "a list is written in brackets, not with dashes")
            .at(span, "its elements follow this")
            .help("write `[a, b]`, or one element per line between `[` and `]`");
        self.diags.push(diag);
        Some(self.skip_indented(start, end))
    }

    /// Whether the module begins as a manifest does; then one message says so.
    pub(in crate::parser) fn is_manifest(&mut self, start: usize) -> bool {
        let is_colon = self.tree.get(start + 1).is_some_and(|token| token.kind == TokenKind::Colon);
        if self.body_kind != BodyKind::Module || !is_colon || self.token_text(start) != "apiVersion" {
            return false;
        }
        let diag = Diag::error(Code::SYNTAX, "this is YAML, not Forge")
            .at(self.token_span(start), "a manifest begins here")
            .help("`forgec import FILE.yaml` writes manifests as Forge");
        self.diags.push(diag);
        true
    }
}
