//! Items that go on where ours end: behind a comma between type arguments or parents, and by indentation as in YAML and Python.

use forge_base::{Code, Diag};

use super::repair::Broken;
use super::tok::{Nonterminal, Tok};
use super::{BodyKind, Parser, lookahead};
use crate::token::TokenKind;

/// How far type arguments are followed.
const MAX_ARGUMENTS: usize = 64;

impl Parser<'_> {
    /// Where a segment really ends that does not parse up to `end`, a comma of another language being in it.
    pub(super) fn whole_end(&self, mode: Nonterminal, start: usize, end: usize) -> usize {
        let comma = self.tree.get(end).is_some_and(|entry| entry.kind == TokenKind::Comma);
        if !comma || !matches!(mode, Nonterminal::Item | Nonterminal::Param) {
            return end;
        }
        if self.token_text(start) == "from" {
            return self.outer_names_end(end);
        }
        self.parents_end(start, end).or_else(|| self.arguments_end(start, end)).unwrap_or(end)
    }

    /// The end of `schema C extends A, B { … }`.
    fn parents_end(&self, start: usize, end: usize) -> Option<usize> {
        let is = |at: usize, word: &str| self.tree[at].kind == TokenKind::Ident && self.token_text(at) == word;
        if !(start..end).any(|at| is(at, "schema")) || !(start..end).any(|at| is(at, "extends")) {
            return None;
        }
        let mut at = end;
        while at < self.tree.len() {
            match self.tree[at].kind {
                TokenKind::Comma | TokenKind::Ident | TokenKind::Dot => at += 1,
                TokenKind::LBrace => return Some(lookahead::after(self.tree, at)),
                _ => return None,
            }
        }
        None
    }

    /// The end of `from a import b, c`.
    fn outer_names_end(&self, mut at: usize) -> usize {
        let is_name = |kind| matches!(kind, TokenKind::Comma | TokenKind::Ident | TokenKind::Quoted);
        while self.tree.get(at).is_some_and(|entry| is_name(entry.kind)) {
            at += 1;
        }
        at
    }

    /// The end of an item with `Map<K, V>` in it.
    fn arguments_end(&self, start: usize, end: usize) -> Option<usize> {
        let mut open = 0usize;
        let mut at = start;
        while at < self.tree.len() && at < end + MAX_ARGUMENTS {
            match self.tree[at].kind {
                TokenKind::Lt => open += 1,
                TokenKind::Gt => open = open.checked_sub(1)?,
                TokenKind::Newline | TokenKind::RBrace | TokenKind::RBracket | TokenKind::RParen => return None,
                _ => {}
            }
            if at == end && open == 0 {
                return None;
            }
            at = lookahead::after(self.tree, at);
            if at > end && open == 0 {
                return Some(self.outer_segment_end(at));
            }
        }
        None
    }

    fn outer_segment_end(&self, mut at: usize) -> usize {
        while at < self.tree.len()
            && !lookahead::separates(self.tree[at].kind)
            && !lookahead::closes(self.tree[at].kind)
        {
            at = lookahead::after(self.tree, at);
        }
        at
    }

    /// How far the line on which the entry at `at` begins is indented.
    fn indent(&self, at: usize) -> usize {
        let start = self.tree[at].start as usize;
        let line = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &self.text[line..];
        rest.len() - rest.trim_start_matches([' ', '\t']).len()
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |before| self.tree[before].end as usize);
        self.text[before..self.tree[at].start as usize].contains('\n')
    }

    /// The entry at which the lines end that are indented more than the one of `start`; from `end` on.
    fn skip_indented(&self, start: usize, end: usize) -> usize {
        let own = self.indent(start);
        let mut at = end;
        while let Some(entry) = self.tree.get(at) {
            let closes = lookahead::closes(entry.kind);
            let separates = lookahead::separates(entry.kind);
            if closes || !separates && self.begins_line(at) && self.indent(at) <= own && at > start {
                break;
            }
            at = lookahead::after(self.tree, at);
        }
        while at > end && lookahead::separates(self.tree[at - 1].kind) {
            at -= 1;
        }
        at
    }

    /// Whether the next line behind `end` is indented more than the one of `start`.
    fn goes_on_deeper(&self, start: usize, end: usize) -> bool {
        let newline = self.tree.get(end).is_some_and(|entry| entry.kind == TokenKind::Newline);
        let next = end + 1;
        newline && next < self.tree.len() && self.begins_line(next) && self.indent(next) > self.indent(start)
    }

    /// `name:` before deeper lines, `name: |` before a text, `name:` before dashes.
    pub(super) fn by_indentation(&mut self, broken: &mut Broken) {
        if broken.toks.len() < 3 {
            return;
        }
        let last = broken.toks.len() - 1;
        let sign = broken.toks.iter().position(|tok| matches!(tok.1, Tok::Colon | Tok::Eq)).unwrap_or(last);
        let ends = |at: usize| {
            at == last || self.text[broken.toks[at].2 as usize..broken.toks[at + 1].0 as usize].contains('\n')
        };
        let sign = (sign..=last).rev().find(|&at| broken.toks[at].1 == Tok::Colon && ends(at)).unwrap_or(sign);
        let deeper = self.goes_on_deeper(broken.start, broken.end);
        let span = self.tok_span(broken, sign);
        let next = broken.toks.get(sign + 1).map(|tok| tok.1);
        let starts_line = broken
            .toks
            .get(sign + 1)
            .is_some_and(|tok| self.text[broken.toks[sign].2 as usize..tok.0 as usize].contains('\n'));
        let ends_line = broken.toks.get(sign + 1..).is_some_and(|rest| {
            let behind = rest.iter().position(|tok| !matches!(tok.1, Tok::Pipe | Tok::Gt | Tok::Minus | Tok::Plus));
            match behind {
                None => true,
                Some(0) => false,
                Some(at) => self.text[rest[at - 1].2 as usize..rest[at].0 as usize].contains('\n'),
            }
        });
        let diag = match next {
            Some(Tok::Minus) if starts_line => self.dashes(span),
            Some(Tok::Pipe | Tok::Gt) if ends_line && (deeper || broken.toks.len() > sign + 3) => {
                Diag::error(Code::SYNTAX, "a text of several lines stands between `\"\"\"` and `\"\"\"`")
                    .at(self.tok_span(broken, sign + 1), "indentation alone does not hold it")
                    .help("the indentation of the closing `\"\"\"` is taken off each line")
            }
            _ if (sign == last && deeper || sign > 2 && starts_line) && broken.toks[sign].1 == Tok::Colon => {
                Diag::error(Code::SYNTAX, "a body stands in braces, not by indentation")
                    .at(span, "a colon gives a type and begins no block")
                    .help("write `{` at the end of this line and `}` behind the last one")
            }
            _ => return,
        };
        self.set_report(broken, diag);
        let end = self.skip_indented(broken.start, broken.end);
        broken.cut = Some(end);
        broken.end = end;
        broken.garble(1);
        let plain = matches!(broken.toks[1].1, Tok::Word(_)) && sign == 2 && self.body_kind != BodyKind::Test;
        let offset = broken.toks[sign].2;
        broken.toks.truncate(if plain { sign } else { 1 });
        if plain {
            broken.toks.push((offset, Tok::Eq, offset));
            broken.toks.push((offset, Tok::Hole, offset));
        } else {
            broken.toks.push((offset, Tok::Bad, offset));
        }
    }

    /// Whether the first item between brackets stands behind a dash on a line of its own and cannot be a negative number.
    pub(super) fn begins_with_dash(&self, at: usize, end: usize) -> bool {
        let behind = self.tree.get(at + 1).filter(|_| at + 1 < end && self.tree[at].kind == TokenKind::Minus);
        let value = behind.is_some_and(|next| {
            matches!(next.kind, TokenKind::StrOpen | TokenKind::LBrace | TokenKind::LBracket)
                && next.start > self.tree[at].end
        });
        value && self.begins_line(at)
    }

    pub(super) fn report_dashes(&mut self, at: usize) {
        let span = self.token_span(at);
        let diag = Diag::error(Code::SYNTAX, "the items of a list stand without dashes")
            .at(span, "`-` makes a number negative")
            .help("one item a line, or with commas between them: `[a, b]`");
        self.diags.push(diag);
    }

    fn dashes(&self, span: forge_base::Span) -> Diag {
        Diag::error(Code::SYNTAX, "a list stands in brackets, not behind dashes")
            .at(span, "its items follow this")
            .help("write `[a, b]`, or one item a line between `[` and `]`")
    }

    /// `name =` before lines that begin with dashes. Gives where they end.
    pub(super) fn list_of_dashes(&mut self, start: usize, end: usize) -> Option<usize> {
        let sign = start + 1;
        let minus = self.tree.get(sign + 1).filter(|_| sign + 1 < end)?;
        if !matches!(self.tree[sign].kind, TokenKind::Eq | TokenKind::Colon)
            || minus.kind != TokenKind::Minus
            || !self.begins_line(sign + 1)
        {
            return None;
        }
        let spaced = self.text[minus.end as usize..].starts_with(' ');
        let deeper = self.indent(sign + 1) > self.indent(start);
        if !spaced || !deeper {
            return None;
        }
        let diag = self.dashes(self.token_span(sign));
        self.diags.push(diag);
        Some(self.skip_indented(start, end))
    }

    /// Whether the module begins as a manifest does; then one message says so.
    pub(super) fn is_manifest(&mut self, start: usize) -> bool {
        let is_colon = self.tree.get(start + 1).is_some_and(|entry| entry.kind == TokenKind::Colon);
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
