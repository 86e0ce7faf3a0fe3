//! Recovery: what becomes of an item whose tokens do not parse.
//!
//! A dry run parses the terminals of the item without its groups and finds where the parser stops. One edit of the terminals follows: a
//! form of another language becomes what it means here ([`table`]), a synthetic terminal is for what is missing ([`gap`]), or the terminals
//! around become one error node. Then the item is parsed again. After [`MAX_PARSES`] it is an error as a whole. Edits are chosen
//! by the kinds of terminals alone. Only the first problem of an item is reported.

mod gap;
mod indentation;
mod region;
mod row;
mod special;
mod table;

use std::cell::Cell;

use forge_base::{Code, Diag, Name, Span};
use lalrpop_util::ParseError;

use super::terminal::{Edit, Keyword, Node, Nonterminal, Spanned, Terminal, TokenSource};
use super::{BodyKind, Parser, grammar, lookahead};
use crate::token::TokenKind;

/// How often one item is parsed: once as it is written, then dry runs, and once to build the tree.
const MAX_PARSES: usize = 12;

/// Of a longer item the rest is one error node.
const MAX_TERMINALS: usize = 10_000;

/// How many names one error item may have wanted to declare.
const MAX_NAMES: usize = 16;

/// A terminal with the index of its tree token. A synthetic one has that of the token that follows.
#[derive(Clone, Copy, Debug)]
struct Placed {
    start: u32,
    terminal: Terminal,
    end: u32,
    index: usize,
}

/// An item under recovery.
pub(super) struct Broken {
    goal: Nonterminal,
    start: usize,
    end: usize,
    edits: Vec<(usize, Edit)>,
    /// The terminals with all edits.
    row: Vec<Placed>,
    diag: Option<Diag>,
    /// Where parsing goes on, if not at the end of the item.
    resume_at: Option<usize>,
    /// The index in `row` of the last error node.
    error_at: Option<usize>,
    /// Whether elements follow each other here, so that one may end before the item does.
    in_list: bool,
}

impl Broken {
    fn report(&mut self, diag: Diag) {
        self.diag.get_or_insert(diag);
    }

    fn terminal(&self, at: usize) -> Option<Terminal> {
        self.row.get(at).map(|placed| placed.terminal)
    }

    fn is(&self, at: usize, terminal: Terminal) -> bool {
        self.terminal(at) == Some(terminal)
    }

    fn is_op(&self, at: usize, kind: TokenKind) -> bool {
        self.is(at, Terminal::Op(kind))
    }

    /// The first terminal from `at` on of which `test` is true, or the end of the row.
    fn find(&self, at: usize, test: impl Fn(Terminal) -> bool) -> usize {
        (at..self.row.len()).find(|&at| test(self.row[at].terminal)).unwrap_or(self.row.len())
    }

    /// The index of the tree token at a place of the row.
    fn index(&self, at: usize) -> usize {
        self.row.get(at).map_or(self.end, |placed| placed.index)
    }

    /// Whether only parts of a path precede `at`.
    fn is_path(&self, at: usize) -> bool {
        let part = |placed: &Placed| match placed.terminal {
            Terminal::Word(_) | Terminal::Str(_) | Terminal::Int(_) | Terminal::Paren(_) | Terminal::HoleName => true,
            Terminal::Op(kind) => matches!(kind, TokenKind::Dot | TokenKind::Minus),
            _ => false,
        };
        self.goal == Nonterminal::Item && at > 1 && self.row[1..at].iter().all(part)
    }
}

/// What the terminals before a place are part of.
struct Context {
    /// The keyword that begins the item.
    keyword: Option<Keyword>,
    in_type: bool,
    has_eq: bool,
    /// The head that waits for its block, and where it is in the row.
    head: Option<(Keyword, usize)>,
    /// Whether the parameters of a function were seen.
    has_params: bool,
}

impl Context {
    fn of(broken: &Broken, at: usize) -> Context {
        use Keyword::{Abstract, As, Fn, For, If, Is, Match, Open, Type, Where};
        let row = &broken.row[..at.min(broken.row.len())];
        let mut cx = Context {
            keyword: None,
            in_type: broken.goal == Nonterminal::Type,
            has_eq: false,
            head: None,
            has_params: false,
        };
        let mut heads = Vec::new();
        for (place, placed) in row.iter().enumerate().skip(1) {
            let after_operand = row[place - 1].terminal.ends_operand();
            match placed.terminal {
                Terminal::Keyword(word) => match word {
                    If if !after_operand => heads.push((word, place)),
                    For | Match => heads.push((word, place)),
                    Is => cx.in_type = true,
                    As if after_operand => cx.in_type = true,
                    Where => cx.in_type = false,
                    _ => {}
                },
                Terminal::Block(_) => drop(heads.pop()),
                Terminal::Paren(_) if cx.keyword == Some(Fn) => cx.has_params = true,
                Terminal::Op(TokenKind::Colon) => cx.in_type = true,
                Terminal::Op(TokenKind::Eq | TokenKind::PlusEq) => {
                    cx.has_eq = true;
                    cx.in_type = cx.keyword == Some(Type);
                }
                Terminal::Op(
                    TokenKind::FatArrow | TokenKind::AndAnd | TokenKind::OrOr | TokenKind::Coalesce | TokenKind::Comma,
                ) => {
                    cx.in_type &= broken.goal == Nonterminal::Type;
                }
                _ => {}
            }
            if let Terminal::Keyword(word) = placed.terminal
                && broken.goal == Nonterminal::Item
                && (place == 1 || matches!(cx.keyword, Some(Abstract | Open)))
            {
                cx.keyword = Some(word);
            }
        }
        cx.head = heads.pop();
        cx
    }
}

impl Parser<'_> {
    /// Parses an item that does not parse as it is written. `mark` is the number of diagnostics before it; `stop` a token that is
    /// wrong although the item parses.
    pub(super) fn recover(
        &mut self,
        goal: Nonterminal,
        range: (usize, usize),
        mark: usize,
        stop: Option<usize>,
        in_list: bool,
    ) -> Option<Node> {
        self.diags.truncate(mark);
        let (start, end) = range;
        if self.fuel < end - start {
            return self.give_up(start, end);
        }
        self.fuel -= end - start;
        let is_reported = self.is_reported(start, end);
        let (edits, row) = (Vec::new(), Vec::new());
        let mut broken = Broken { goal, start, end, edits, row, diag: None, resume_at: None, error_at: None, in_list };
        self.reread(&mut broken);
        let parses = !self.lay_out_by_indentation(&mut broken) && self.edit_until_it_parses(&mut broken, stop);
        self.diags.truncate(mark);
        let node = if parses { self.parse_row(&broken.row).ok() } else { None };
        self.resume_at = broken.resume_at;
        if node.is_none() {
            let diag = self.unreadable(&broken);
            broken.report(diag);
        }
        if let Some(diag) = broken.diag.filter(|_| !is_reported) {
            self.diags.insert(mark, diag);
        }
        node
    }

    /// Whether an earlier stage has reported something between two tokens.
    fn is_reported(&self, start: usize, end: usize) -> bool {
        let mut at = start;
        while at < end {
            let token = self.tree[at];
            let reported = match token.kind {
                TokenKind::Bad | TokenKind::BadNumber => true,
                TokenKind::AndAnd => token.end - token.start == 1,
                TokenKind::Eq => token.end - token.start == 2,
                _ => token.matching as usize > at && self.is_open(at as u32),
            };
            if reported {
                return true;
            }
            at = lookahead::after(self.tree, at);
        }
        // What ends a group without a closing bracket may belong after it.
        let next = self.tree.get(end).filter(|token| !lookahead::separates(token.kind)).or(self.tree.get(end + 1));
        next.is_some_and(|next| lookahead::closes(next.kind) && next.start == next.end)
    }

    /// So much is broken that parsing it again and again would take too long.
    fn give_up(&mut self, start: usize, end: usize) -> Option<Node> {
        if !self.gave_up {
            self.gave_up = true;
            let span = self.range_span(start, end);
            let diag = Diag::error(Code::SYNTAX, "too many errors")
                .at(self.snap(Span { end: span.end.min(span.start + 1), ..span }), "nothing is parsed from here on");
            self.diags.push(diag);
        }
        None
    }

    /// Builds the row of terminals again.
    fn reread(&self, broken: &mut Broken) {
        broken.row.clear();
        let mut source = TokenSource::new(self.text, self.tree, broken.goal, broken.start, broken.end, &broken.edits);
        while let Some(Ok((start, terminal, end))) = source.next() {
            broken.row.push(Placed { start, terminal, end, index: source.index });
            if broken.row.len() == MAX_TERMINALS {
                let index = source.index;
                broken.edits.push((index, Edit::Cut(broken.end)));
                broken.row.pop();
                let end = self.tree[broken.end - 1].end;
                broken.row.push(Placed { start, terminal: Terminal::Error, end, index });
                return;
            }
        }
    }

    fn apply(&self, broken: &mut Broken, index: usize, edit: Edit) {
        broken.edits.push((index, edit));
        self.reread(broken);
    }

    /// Edits the terminals until they parse. False if that does not succeed.
    fn edit_until_it_parses(&mut self, broken: &mut Broken, stop: Option<usize>) -> bool {
        let was_dry = std::mem::replace(&mut self.dry_run, true);
        let mut stop = stop.or_else(|| self.parse_row(&broken.row).err());
        let mut parses = 2;
        while let Some(at) = stop {
            parses += 1;
            if parses == MAX_PARSES || !self.edit(broken, at, parses > MAX_PARSES / 2) {
                break;
            }
            stop = self.parse_row(&broken.row).err();
        }
        self.dry_run = was_dry;
        stop.is_none()
    }

    /// The node that a row is, or the place of the terminal that does not fit: the length of the row if something is missing at its end.
    fn parse_row(&mut self, row: &[Placed]) -> Result<Node, usize> {
        let taken = Cell::new(0);
        let terminals = row.iter().map(|placed| -> Result<Spanned, ()> {
            taken.set(taken.get() + 1);
            Ok((placed.start, placed.terminal, placed.end))
        });
        grammar::NodeParser::new().parse(self, terminals).map_err(|error| match error {
            ParseError::UnrecognizedToken { .. } => taken.get() - 1,
            _ => row.len(),
        })
    }

    /// One edit where the parser stopped. False if nothing can be done.
    fn edit(&mut self, broken: &mut Broken, at: usize, is_last_try: bool) -> bool {
        if at == 0 {
            return false;
        }
        if is_last_try {
            return self.cut_widest(broken, at);
        }
        let cx = Context::of(broken, at);
        if let Some(edited) = self.dashed_name(broken, at).or_else(|| self.foreign_syntax(broken, &cx, at)) {
            return edited;
        }
        if self.misspelled_keyword(broken, at) || self.body_on_next_line(broken, &cx, at) {
            return true;
        }
        if let Some((terminal, diag)) = self.gap(broken, &cx, at) {
            broken.report(diag);
            let index = broken.index(at);
            if let (Terminal::Op(TokenKind::Eq), Some(Keyword::Fn), Some(Terminal::Brace(open))) =
                (terminal, cx.keyword, broken.terminal(at))
                && !lookahead::is_let_block(self.text, self.tree, open as usize)
            {
                // What other languages write between the braces of a function is not an object.
                broken.edits.push((index, Edit::Replace(Terminal::Error)));
            }
            self.apply(broken, index, Edit::Insert(terminal));
            return true;
        }
        if at == broken.row.len() {
            return false;
        }
        if self.split(broken, &cx, at) {
            return true;
        }
        let diag = self.unexpected(broken, &cx, at);
        broken.report(diag);
        self.cut(broken, at) || self.skip_in_head(broken, &cx, at)
    }

    /// Ends the item before `at` where the next one begins, or an element where the next one begins.
    fn split(&mut self, broken: &mut Broken, cx: &Context, at: usize) -> bool {
        let index = broken.index(at);
        let here = broken.row[at].terminal;
        let after_operand = broken.row[at - 1].terminal.ends_operand() && cx.head.is_none();
        let next = |index: usize| self.tree.get(index).filter(|_| index < broken.end).map(|token| token.kind);
        let splits = match broken.goal {
            Nonterminal::Item => {
                let after_path = lookahead::path_end(self.tree, index, broken.end);
                let sets = after_path.and_then(next).is_some_and(|kind| {
                    matches!(kind, TokenKind::Eq | TokenKind::PlusEq | TokenKind::Colon)
                        || kind == TokenKind::LBrace && self.body_kind != BodyKind::Module
                });
                cx.has_eq && sets && matches!(here, Terminal::Word(_) | Terminal::Str(_))
            }
            Nonterminal::Expr => broken.in_list && at > 1 && begins_operand(here),
            Nonterminal::Param => matches!(here, Terminal::Word(_)) && next(index + 1) == Some(TokenKind::Colon),
            _ => false,
        };
        if broken.goal == Nonterminal::Item && at > 1 && after_operand && self.lacks_name(index) {
            // The next item, which has lost its name.
            broken.end = index;
            broken.resume_at = Some(index);
            self.reread(broken);
            return true;
        }
        if !splits || !after_operand {
            return false;
        }
        let before = self.quote_before(broken, at);
        let comma = self.at(broken.row[at - 1].end, broken.row[at - 1].end);
        let text = self.source_of(broken, at);
        let diag = Diag::error(Code::SYNTAX, format!("missing separator between {before} and `{text}`"));
        broken.report(match broken.goal {
            Nonterminal::Item => {
                diag.at(self.place_of(broken, at), "a new item begins here").fix("put a comma between them", comma, ",")
            }
            _ => diag.at(self.place_of(broken, at), "an operator or a comma must precede it").maybe_fix(
                "put a comma between them",
                comma,
                ",",
            ),
        });
        broken.end = index;
        broken.resume_at = Some(index);
        self.reread(broken);
        true
    }

    /// Whether a line begins with `:` or `=`, so that the name before it is missing.
    fn lacks_name(&self, index: usize) -> bool {
        let kind = self.tree.get(index).map(|token| token.kind);
        matches!(kind, Some(TokenKind::Colon | TokenKind::Eq)) && self.begins_line(index)
    }

    /// Reports an item that begins with something that no item begins with.
    fn unreadable(&self, broken: &Broken) -> Diag {
        let span = self.place_of(broken, 1);
        Diag::error(Code::SYNTAX, "cannot parse this item").at(span, "no item begins like this")
    }

    /// What to report about the terminal at `at`, which does not fit.
    fn unexpected(&self, broken: &Broken, cx: &Context, at: usize) -> Diag {
        use Terminal::{Brace, Duration, Float, Int, Op, Quantity, Str, Word};
        let span = self.place_of(broken, at);
        let diag = Diag::error(Code::SYNTAX, format!("unexpected `{}`", self.source_of(broken, at)));
        let before = self.quote_before(broken, at);
        let has_before = at > 1;
        match broken.row[at].terminal {
            _ if broken.goal == Nonterminal::Param => {
                diag.at(span, "a parameter is a name, optionally with `: Type` and `= default`")
            }
            Op(TokenKind::Question) => diag
                .at(span, "`?` makes a type nullable, `??` gives a value for null")
                .help("there is no `? :`; write `if condition { a } else { b }`"),
            Terminal::Keyword(Keyword::Else) => diag.at(span, "there is no `if` with braces before it"),
            Op(TokenKind::Eq) if cx.has_eq || broken.goal == Nonterminal::Expr => {
                diag.at(span, "a value cannot be set here").help("`==` compares")
            }
            Op(TokenKind::Eq | TokenKind::PlusEq | TokenKind::Colon) => diag.at(span, "no name of a field precedes it"),
            _ if has_before && !broken.row[at - 1].terminal.ends_operand() => {
                diag.at(span, format!("a value must follow {before}"))
            }
            Word(_) | Int(_) | Float(_) | Quantity(_) | Duration(_) | Str(_) | Brace(_) | Terminal::Keyword(_)
                if has_before =>
            {
                diag.at(span, format!("cannot follow {before}")).help(match broken.goal {
                    Nonterminal::Item => "items are written on lines of their own, or separated by commas",
                    _ => "a comma or an operator must precede it",
                })
            }
            _ => diag.at(span, "not expected here"),
        }
    }

    /// The source of a terminal; of a group, its opening bracket.
    fn source_of(&self, broken: &Broken, at: usize) -> &str {
        let span = self.place_of(broken, at);
        &self.text[span.range()]
    }

    /// The span of a terminal; of a group, its opening bracket.
    fn place_of(&self, broken: &Broken, at: usize) -> Span {
        let Some(&Placed { start, terminal, end, index }) = broken.row.get(at) else {
            let end = broken.row.last().map_or(0, |placed| placed.end);
            return self.at(end, end);
        };
        match terminal {
            Terminal::Paren(_) | Terminal::Bracket(_) | Terminal::Brace(_) | Terminal::Block(_) if end > start => {
                self.token_span(index)
            }
            _ => self.at(start, end),
        }
    }

    /// The terminal before `at` as messages name it.
    fn quote_before(&self, broken: &Broken, at: usize) -> String {
        let last = at.saturating_sub(1);
        match broken.terminal(last) {
            Some(Terminal::Paren(_)) => String::from("`(…)`"),
            Some(Terminal::Bracket(_)) => String::from("`[…]`"),
            Some(Terminal::Brace(_) | Terminal::Block(_)) => String::from("`{…}`"),
            Some(Terminal::Str(_)) => String::from("the string"),
            _ => format!("`{}`", self.source_of(broken, last)),
        }
    }

    /// The source of a word that is not a keyword; empty for all else.
    fn word_of(&self, broken: &Broken, at: usize) -> &str {
        match broken.terminal(at) {
            Some(Terminal::Word(_)) => self.source_of(broken, at),
            _ => "",
        }
    }

    /// The names that an item may have declared of which nothing could be parsed.
    pub(super) fn lost_names(&mut self, start: usize, end: usize) -> Vec<Name> {
        let mut names = Vec::new();
        if start < end && matches!(self.tree[start].kind, TokenKind::Colon | TokenKind::Eq) {
            names.push(Name::new(""));
        }
        let mut at = start;
        let is_import = start < end && self.token_text(start) == "import";
        while at < end && names.len() < MAX_NAMES && self.tree[at].kind != TokenKind::Eq {
            let token = self.tree[at];
            if matches!(token.kind, TokenKind::Ident | TokenKind::Quoted) {
                names.push(self.name(at as u32));
            }
            // The names of an import are in braces.
            at = if is_import && token.kind == TokenKind::LBrace { at + 1 } else { lookahead::after(self.tree, at) };
        }
        names
    }
}

/// Whether a terminal can begin an operand.
fn begins_operand(terminal: Terminal) -> bool {
    use Terminal::*;
    match terminal {
        Word(_) | Int(_) | Float(_) | Quantity(_) | Duration(_) | Str(_) | Brace(_) => true,
        Keyword(word) => {
            use self::Keyword::*;
            matches!(word, True | False | Null | SelfRef | Super | Match)
        }
        _ => false,
    }
}
