//! What becomes of a segment that does not parse: it is mended a few times at most, and what it says survives.
//!
//! Each try reads the segment without its groups. A try that stops tells where, and what could stand there; from that
//! follows one edit of the row of terminals: a hole put in, a foreign sign replaced, a word dropped. Only the first
//! trouble of a segment is reported.

use std::cell::Cell;

use forge_base::{Code, Diag, Span};
use lalrpop_util::ParseError;

use super::tok::{Node, Nonterminal, Tok, TokenSource};
use super::{BodyKind, Parser, grammar, lookahead};
use crate::token::TokenKind;

/// How often one segment is mended.
const MAX_TRIES: usize = 12;

/// What stands further behind in one segment is not mended, but left.
const MAX_MENDED: usize = 10_000;

/// A terminal with its place.
pub(super) type Spanned = (u32, Tok, u32);

/// Where a try stopped.
struct Stop {
    /// The terminal that does not fit; the number of terminals if one is missing at the end.
    at: usize,
    /// The names of those that would fit.
    expected: Vec<String>,
}

impl Stop {
    fn wants(&self, name: &str) -> bool {
        self.expected.iter().any(|expected| expected == name)
    }
}

/// A segment under repair.
pub(super) struct Broken {
    pub(super) mode: Nonterminal,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) toks: Vec<Spanned>,
    pub(super) diag: Option<Diag>,
    /// Where the rest begins that is an item of its own.
    pub(super) cut: Option<usize>,
    /// From where on what the terminals say is other than the text.
    pub(super) garbled: Option<u32>,
    /// Whether what is wrong was told by an earlier stage.
    pub(super) silent: bool,
}

impl Broken {
    /// From the terminal at `at` on nothing can be trusted.
    pub(super) fn garble(&mut self, at: usize) {
        let Some(tok) = self.toks.get(at).or(self.toks.last()) else { return };
        self.garbled = Some(self.garbled.map_or(tok.0, |from| from.min(tok.0)));
    }

    /// Nothing of it is read.
    pub(super) fn leave_out(&mut self) {
        self.toks.truncate(1);
        self.toks.push((self.toks[0].0, Tok::Bad, self.toks[0].0));
    }
}

impl Parser<'_> {
    /// Reads a segment that did not parse. `mark` is the number of messages before it.
    pub(super) fn repair(&mut self, mode: Nonterminal, start: usize, end: usize, mark: usize) -> Option<Node> {
        self.diags.truncate(mark);
        let size = end - start;
        if self.fuel < size {
            return self.give_up(start, end);
        }
        self.fuel -= size;
        let whole = self.whole_end(mode, start, end);
        let toks = self.terminals(mode, start, whole);
        let more = toks.len() == MAX_MENDED;
        let silent = toks.iter().position(|&(start, tok, end)| match tok {
            Tok::Str(open) => self.is_open(open),
            Tok::AndAnd => end - start == 1,
            Tok::Eq => end - start == 2,
            _ => tok == Tok::Bad,
        });
        let cut = (whole > end).then_some(whole);
        let mut broken =
            Broken { mode, start, end: whole, toks, diag: None, cut, garbled: None, silent: silent.is_some() };
        self.replace_known_mistakes(&mut broken);
        if more {
            broken.garble(MAX_MENDED - 1);
        }
        if let Some(at) = silent {
            broken.garble(at.saturating_sub(1).max(1));
        }
        let mended = self.mend(&mut broken);
        self.diags.truncate(mark);
        self.cut = broken.cut;
        let piece = if mended { self.read(&broken.toks).ok() } else { None };
        self.cut = broken.cut;
        let diag = broken.diag.take().or_else(|| (!mended).then(|| self.explain_unreadable(&broken)));
        self.note_garbled(&broken, piece.is_some(), mark);
        if let Some(diag) = diag.filter(|_| !broken.silent) {
            self.diags.insert(mark, diag);
        }
        piece
    }

    pub(super) fn terminals(&self, mode: Nonterminal, start: usize, end: usize) -> Vec<Spanned> {
        TokenSource::new(self.text, self.tree, mode, start, end).filter_map(Result::ok).take(MAX_MENDED).collect()
    }

    /// So much is broken that reading it again and again would take too long.
    fn give_up(&mut self, start: usize, end: usize) -> Option<Node> {
        if !self.gave_up {
            self.gave_up = true;
            let span = self.range_span(start, end);
            let diag = Diag::error(Code::SYNTAX, "too many errors")
                .at(self.snap(Span { end: span.end.min(span.start + 1), ..span }), "nothing is read from here on");
            self.diags.push(diag);
        }
        None
    }

    /// Edits the terminals until they parse. False if that does not succeed.
    fn mend(&mut self, broken: &mut Broken) -> bool {
        let was_trying = std::mem::replace(&mut self.dry_run, true);
        let mut tries = 0;
        let mended = loop {
            match self.read(&broken.toks) {
                Ok(_) => break true,
                Err(_) if tries == MAX_TRIES => break false,
                Err(stop) => {
                    tries += 1;
                    if tries > MAX_TRIES / 2 {
                        broken.garble(stop.at.saturating_sub(1));
                        broken.toks.truncate(stop.at.max(1));
                    }
                    if !self.edit(broken, &stop) {
                        break false;
                    }
                }
            }
        };
        self.dry_run = was_trying;
        mended
    }

    fn read(&mut self, toks: &[Spanned]) -> Result<Node, Stop> {
        let taken = Cell::new(0);
        let row = toks.iter().map(|tok| {
            taken.set(taken.get() + 1);
            Ok(*tok)
        });
        grammar::NodeParser::new().parse(self, row).map_err(|error| match error {
            ParseError::UnrecognizedEof { expected, .. } => Stop { at: toks.len(), expected },
            ParseError::UnrecognizedToken { expected, .. } => Stop { at: taken.get() - 1, expected },
            _ => Stop { at: taken.get(), expected: Vec::new() },
        })
    }

    /// One edit where a try stopped. False if nothing can be done.
    fn edit(&mut self, broken: &mut Broken, stop: &Stop) -> bool {
        let at = stop.at;
        let offset = match at.checked_sub(1).and_then(|last| broken.toks.get(last)) {
            Some(last) => last.2,
            None => return false,
        };
        let here = broken.toks.get(at).map(|tok| tok.1);
        if self.is_hopeless(broken, at) {
            return false;
        }
        if self.barred_lambda(broken, at) || self.type_arguments(broken, at) || self.bare_type(broken, at) {
            return true;
        }
        if self.foreign_form(broken, at) || self.foreign_word(broken, at) {
            return true;
        }
        let filler = self.filler(stop, here, broken);
        if let Some(filler) = filler {
            self.report_missing(broken, at, filler);
            self.garble_around(broken, at, filler);
            if filler == Tok::Hole && here == Some(Tok::For) {
                broken.toks.truncate(at);
            }
            if let (Tok::Eq, Some(Tok::Fn), Some(Tok::Brace(open))) =
                (filler, broken.toks.get(1).map(|tok| tok.1), here)
            {
                // What other languages write between the braces of a function is no object.
                let block = lookahead::is_let_block(self.text, self.tree, open as usize);
                broken.toks[at].1 = if block { Tok::Block(open) } else { Tok::Hole };
            }
            broken.toks.insert(at, (offset, filler, offset));
            return true;
        }
        if here.is_none() {
            return false;
        }
        if let Some(next) = self.next_item(broken, at) {
            self.report_no_separator(broken, at);
            broken.toks.truncate(at);
            broken.cut = Some(next);
            return true;
        }
        if here == Some(Tok::Else) && self.is_in_open_group(broken.end) {
            // The brace that is missing stands before it.
            broken.silent = true;
        }
        self.report_unexpected(broken, at);
        broken.garble(at.saturating_sub(1));
        broken.toks.remove(at);
        at > 0
    }

    /// The terminal that is missing before `here`.
    fn filler(&self, stop: &Stop, here: Option<Tok>, broken: &Broken) -> Option<Tok> {
        let at_end = here.is_none();
        if at_end && stop.at == 2 && self.body_kind == BodyKind::Schema && stop.wants("\":\"") {
            return Some(Tok::Colon);
        }
        if at_end && stop.wants("\"=\"") {
            return Some(Tok::Eq);
        }
        if stop.wants("hole_name") && stop.at > 1 && !matches!(here, Some(Tok::Brace(_))) {
            return Some(Tok::HoleName);
        }
        if stop.wants("hole") && here.is_none_or(|tok| !is_junk_before_hole(tok)) {
            return Some(Tok::Hole);
        }
        if stop.wants("hole_body") && here.is_none_or(|tok| tok == Tok::Else) {
            return Some(Tok::HoleBody);
        }
        if here.is_none() || matches!(here, Some(Tok::Block(_) | Tok::Brace(_))) {
            let signs = [
                ("\"=\"", Tok::Eq),
                ("\"=>\"", Tok::FatArrow),
                ("\"in\"", Tok::In),
                ("\":\"", Tok::Colon),
                ("\",\"", Tok::Comma),
                ("\"schema\"", Tok::Schema),
            ];
            let last = broken.toks[stop.at - 1].1;
            let wanted = signs.into_iter().find(|(name, _)| stop.wants(name)).map(|(_, tok)| tok);
            return wanted.filter(|tok| match tok {
                Tok::Colon => broken.mode == Nonterminal::Item,
                Tok::Schema => matches!(last, Tok::Abstract | Tok::Open),
                _ => true,
            });
        }
        None
    }

    /// The entry at which a further item begins, if the terminal at `at` can be one's first.
    fn next_item(&self, broken: &Broken, at: usize) -> Option<usize> {
        if !matches!(broken.mode, Nonterminal::Item) || at < 2 {
            return None;
        }
        let (Tok::Word(entry) | Tok::Str(entry)) = broken.toks[at].1 else { return None };
        let behind = lookahead::path_end(self.tree, entry as usize, broken.end)?;
        let sign = self.tree.get(behind).filter(|_| behind < broken.end)?.kind;
        matches!(sign, TokenKind::Eq | TokenKind::PlusEq | TokenKind::Colon).then_some(entry as usize)
    }

    fn report(&mut self, broken: &mut Broken, diag: Diag) {
        broken.diag.get_or_insert(diag);
    }

    pub(super) fn tok_text(&self, broken: &Broken, at: usize) -> &str {
        let Some(&(start, tok, end)) = broken.toks.get(at) else { return "" };
        match tok {
            Tok::Paren(_) => "(",
            Tok::Bracket(_) => "[",
            Tok::Brace(_) | Tok::Block(_) => "{",
            _ => &self.text[start as usize..end as usize],
        }
    }

    /// The span of a terminal; of a group, its opening bracket.
    pub(super) fn tok_span(&self, broken: &Broken, at: usize) -> Span {
        let Some(&(start, tok, end)) = broken.toks.get(at) else {
            let end = broken.toks.last().map_or(0, |tok| tok.2);
            return self.at(end, end);
        };
        match tok {
            Tok::Paren(_) | Tok::Bracket(_) | Tok::Brace(_) | Tok::Block(_) => self.at(start, start + 1),
            _ => self.at(start, end),
        }
    }

    /// What stands before `at`, for messages: its text and its span.
    pub(super) fn before(&self, broken: &Broken, at: usize) -> (String, Span) {
        let last = at.saturating_sub(1);
        let span = self.tok_span(broken, last);
        let text = match broken.toks.get(last).map(|tok| tok.1) {
            Some(Tok::Paren(_)) => String::from("(…)"),
            Some(Tok::Bracket(_)) => String::from("[…]"),
            Some(Tok::Brace(_) | Tok::Block(_)) => String::from("{…}"),
            Some(Tok::Str(_)) => String::from("the string"),
            Some(_) => format!("`{}`", self.tok_text(broken, last)),
            None => String::new(),
        };
        (text, span)
    }

    fn report_missing(&mut self, broken: &mut Broken, at: usize, filler: Tok) {
        let diag = self.explain_missing(broken, at, filler);
        self.report(broken, diag);
    }

    fn report_no_separator(&mut self, broken: &mut Broken, at: usize) {
        let (before, _) = self.before(broken, at);
        let text = self.tok_text(broken, at).to_owned();
        let end = self.at(broken.toks[at - 1].2, broken.toks[at - 1].2);
        let diag = Diag::error(Code::SYNTAX, format!("no separator between {before} and `{text}`"))
            .at(self.tok_span(broken, at), "a new item begins here")
            .fix("put a comma between them", end, ",");
        self.report(broken, diag);
    }

    fn report_unexpected(&mut self, broken: &mut Broken, at: usize) {
        let diag = self.explain_unexpected(broken, at);
        self.report(broken, diag);
    }

    pub(super) fn set_report(&mut self, broken: &mut Broken, diag: Diag) {
        self.report(broken, diag);
    }
}

/// Terminals that are dropped rather than read as an operator without its left side.
fn is_junk_before_hole(tok: Tok) -> bool {
    matches!(
        tok,
        Tok::Brace(_)
            | Tok::Word(_)
            | Tok::Bad
            | Tok::Let
            | Tok::At
            | Tok::Semicolon
            | Tok::Eq
            | Tok::Colon
            | Tok::Arrow
    )
}
