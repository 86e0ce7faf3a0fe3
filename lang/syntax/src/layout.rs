//! From tokens to a token tree: line ends become separators where they end an item, and each bracket finds the matching one.
//!
//! The tree is flat: an opening bracket knows the index of its closing one, so that a reader can step over a group. A
//! file with unbalanced brackets is read a second time, and then a line that is indented no more than the one on
//! which a bracket was opened closes it. Nothing here recurses, whatever the nesting.

mod opening;
mod report;

use forge_base::{Code, Diag, FileId, Span};

use crate::bracket::{closer, sign, slot};
use crate::token::{Token, TokenKind};

/// One token that the grammar sees, or a separator ([`TokenKind::Newline`]), or a bracket that was put in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TreeToken {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The index of the other bracket; the token's own for all else.
    pub(crate) matching: u32,
}

/// How many messages about brackets one file gets.
const MAX_REPORTS: usize = 16;

/// How many brackets may be open at once. That is far more than the parser accepts, which it reports; deeper ones are left out.
const MAX_OPEN: usize = 1 << 16;

/// A bracket that waits for its matching.
struct Open {
    entry: usize,
    kind: TokenKind,
    /// The indentation of the line on which it was opened.
    indent: u32,
    /// The indentation of the line on which the item around it begins.
    item_indent: u32,
}

struct Layout<'a> {
    file: FileId,
    text: &'a str,
    tokens: &'a [Token],
    tree: Vec<TreeToken>,
    stack: Vec<Open>,
    /// The greatest length that the stack had.
    depth: usize,
    /// How many `(`, `[` and `{` are open in the innermost interpolation.
    counts: [usize; 3],
    /// The counts outside of the open interpolations.
    outer: Vec<[usize; 3]>,
    /// Whether brackets are closed by indentation.
    recover: bool,
    /// Brackets closed by indentation whose matching may still come.
    owed: usize,
    reports: usize,
    diags: Vec<Diag>,
    /// The last string that had no end: it holds the rest of its line.
    swallowed: std::ops::Range<usize>,
    line_start: u32,
    indent: u32,
    /// The indentation of the line on which the innermost item begins.
    item_indent: u32,
    newline: bool,
    /// Brackets that are missing: before which token, in order.
    missing: Vec<(usize, TokenKind)>,
    /// The missing brackets that were found: the next run puts them in.
    unopened: Vec<(usize, TokenKind)>,
    /// How many were looked for.
    searches: usize,
    /// Whether this is the run that puts them in.
    is_last: bool,
}

/// The token tree of a source.
pub(crate) struct Tree {
    /// The tokens that the grammar sees, in order.
    pub(crate) tokens: Vec<TreeToken>,
    /// What is wrong with the brackets.
    pub(crate) diags: Vec<Diag>,
    /// How deep brackets and strings nest.
    pub(crate) depth: usize,
}

/// The token tree of the tokens of `text`.
pub(crate) fn layout(file: FileId, text: &str, tokens: &[Token]) -> Tree {
    let mut layout = Layout::new(file, text, tokens, false);
    if !layout.run() {
        layout = Layout::new(file, text, tokens, true);
        layout.run();
        let mut missing = std::mem::take(&mut layout.unopened);
        if !missing.is_empty() {
            missing.sort_by_key(|(at, _)| *at);
            layout = Layout::new(file, text, tokens, true);
            layout.missing = missing;
            layout.is_last = true;
            layout.run();
        }
    }
    Tree { tokens: layout.tree, diags: layout.diags, depth: layout.depth }
}

/// Whether an item continues after this token, so that a line end does not end it.
fn wants_more(kind: TokenKind) -> bool {
    use TokenKind::*;
    let operator = continues(kind) && !matches!(kind, Question);
    operator || matches!(kind, Eq | PlusEq | Minus | Bang | DotDot | Ellipsis | At)
}

/// Whether a `!` after this token, without a space, belongs to it: `x!`.
pub(crate) fn takes_bang(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(kind, Ident | Quoted | StrClose | RParen | RBracket | RBrace)
}

/// Whether a line that begins with this token goes on with the item before it.
fn continues(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        Dot | QuestionDot
            | EqEq
            | NotEq
            | Lt
            | Le
            | Gt
            | Ge
            | Plus
            | Star
            | Slash
            | Percent
            | AndAnd
            | OrOr
            | Coalesce
            | RangeInclusive
            | RangeExclusive
            | FatArrow
            | Arrow
            | Colon
            | Pipe
            | Question
            | Eq
            | PlusEq
    )
}

impl<'a> Layout<'a> {
    fn new(file: FileId, text: &'a str, tokens: &'a [Token], recover: bool) -> Layout<'a> {
        Layout {
            file,
            text,
            tokens,
            tree: Vec::with_capacity(tokens.len()),
            stack: Vec::new(),
            depth: 0,
            counts: [0; 3],
            outer: Vec::new(),
            recover,
            owed: 0,
            reports: 0,
            diags: Vec::new(),
            swallowed: 0..0,
            line_start: 0,
            indent: 0,
            item_indent: 0,
            newline: true,
            missing: Vec::new(),
            unopened: Vec::new(),
            searches: 0,
            is_last: false,
        }
    }

    /// False if brackets do not match and recovery is off.
    fn run(&mut self) -> bool {
        for index in 0..self.tokens.len() {
            if self.stack.len() > MAX_OPEN {
                self.leave();
                return true;
            }
            let token = self.tokens[index];
            if !self.missing.is_empty() {
                self.open_missing(index);
            }
            if token.kind == TokenKind::Newline {
                self.newline = true;
                self.line_start = token.end;
                continue;
            }
            if token.kind.is_comment() {
                continue;
            }
            if self.newline {
                self.indent = token.start - self.line_start;
                self.begin_line(index);
                self.newline = false;
            }
            match token.kind {
                TokenKind::LParen | TokenKind::LBracket | TokenKind::LBrace => self.open(token),
                TokenKind::StrOpen | TokenKind::InterpOpen => self.open(token),
                TokenKind::RParen | TokenKind::RBracket | TokenKind::RBrace => {
                    if !self.close(index) {
                        return false;
                    }
                }
                TokenKind::StrClose | TokenKind::InterpClose => {
                    if !self.close_string(token) {
                        return false;
                    }
                }
                kind => {
                    if kind == TokenKind::StrText {
                        self.skip_lines(token);
                    }
                    self.push(token.kind, token.start, token.end);
                }
            }
        }
        if !self.recover && !self.stack.is_empty() {
            return false;
        }
        self.close_rest();
        true
    }

    /// Opens the bracket that is missing before a token.
    fn open_missing(&mut self, index: usize) {
        while let Some(&(_, kind)) = self.missing.first().filter(|(at, _)| *at == index) {
            self.missing.remove(0);
            let token = self.tokens[index];
            let begins_line = self.newline && token.kind != TokenKind::Newline;
            if begins_line {
                self.indent = token.start - self.line_start;
                self.begin_line(index);
                self.newline = false;
            }
            let at = if begins_line { token.start } else { self.tree.last().map_or(0, |last| last.end) };
            let sign = sign(kind);
            let span = Span::new(self.file, at as usize, at as usize);
            let diag = Diag::error(Code::UNCLOSED, format!("missing `{sign}`")).at(
                span,
                format!("`{sign}` must be here: a `{}` follows that closes nothing else", self::sign(closer(kind))),
            );
            self.diags.push(diag.maybe_fix(format!("write `{sign}`"), span, format!(" {sign}")));
            self.open(Token { kind, start: at, end: at });
        }
    }

    /// Ends everything that is open, because it is too much.
    fn leave(&mut self) {
        if let Some(&TreeToken { start, end, .. }) = self.tree.last() {
            let place = Span::new(self.file, start as usize, end as usize);
            let diag = Diag::error(Code::TOO_DEEP, "nesting deeper than 500 levels")
                .at(place, format!("more than {MAX_OPEN} brackets are open here; the rest of the file was not parsed"));
            self.diags.push(diag);
        }
        while !self.stack.is_empty() {
            self.close_missing();
        }
    }

    fn push(&mut self, kind: TokenKind, start: u32, end: u32) {
        let matching = self.tree.len() as u32;
        self.tree.push(TreeToken { kind, start, end, matching });
    }

    /// Keeps count of lines inside of a string.
    fn skip_lines(&mut self, token: Token) {
        if let Some(at) = token.text(self.text).rfind('\n') {
            self.line_start = token.start + at as u32 + 1;
            let line = &self.text[self.line_start as usize..];
            self.indent = (line.len() - line.trim_start_matches([' ', '\t']).len()) as u32;
        }
    }

    /// What a line end before token `index` means.
    /// Whether the last token is the `!` of `x!`, after which nothing must follow.
    fn ends_with_non_null(&self) -> bool {
        match self.tree.as_slice() {
            [.., before, bang] => bang.kind == TokenKind::Bang && takes_bang(before.kind) && before.end == bang.start,
            _ => false,
        }
    }

    fn begin_line(&mut self, index: usize) {
        let token = self.tokens[index];
        if self.recover {
            self.close_by_indentation(token);
        }
        let separates = match self.stack.last() {
            None => true,
            Some(open) => matches!(open.kind, TokenKind::LBrace | TokenKind::LBracket),
        };
        if !separates || slot(token.kind).is_some_and(|_| matches!(sign(token.kind), ")" | "]" | "}")) {
            return;
        }
        let item_indent = std::mem::replace(&mut self.item_indent, self.indent);
        let Some(previous) = self.tree.last().copied() else { return };
        use TokenKind::*;
        if matches!(previous.kind, Comma | Semicolon | LParen | LBracket | LBrace | InterpOpen | StrOpen) {
            return;
        }
        let is_incomplete = wants_more(previous.kind) && !self.ends_with_non_null();
        if matches!(token.kind, Comma | Semicolon)
            || continues(token.kind)
            || is_incomplete && !self.begins_item(index) && !(self.indent <= item_indent && self.may_begin_item(index))
            || previous.kind == RBrace && self.is_else(index)
        {
            self.item_indent = item_indent;
            return;
        }
        self.push(Newline, previous.end, previous.end);
    }

    /// The kinds and texts of the tokens from `index` on that are on the same line.
    fn on_line(&self, index: usize) -> impl Iterator<Item = &Token> {
        self.tokens[index..].iter().take_while(|t| !t.kind.is_trivia())
    }

    /// Whether `else` at `index` belongs to an `if` rather than being the name of a field.
    fn is_else(&self, index: usize) -> bool {
        let mut line = self.on_line(index);
        let is_word =
            |t: Option<&Token>, word: &str| t.is_some_and(|t| t.kind == TokenKind::Ident && t.text(self.text) == word);
        if !is_word(line.next(), "else") {
            return false;
        }
        let next = line.next();
        next.is_none_or(|t| t.kind == TokenKind::LBrace) || is_word(next, "if")
    }

    /// Whether the line that begins with token `index` can only be a new item: `path =`, `name:`, `let x`, `...x`, `@x`.
    fn begins_item(&self, index: usize) -> bool {
        use TokenKind::*;
        let mut line = self.on_line(index).peekable();
        let Some(first) = line.next() else { return false };
        if matches!(first.kind, Ellipsis | At) {
            return true;
        }
        if first.kind == Ident {
            let word = first.text(self.text);
            let next = line.peek().map(|t| t.kind);
            match word {
                "let" | "check" | "fn" | "delete" if matches!(next, Some(Ident | Quoted)) => return true,
                "schema" | "type" | "import" | "input" | "abstract" | "open" if next == Some(Ident) => return true,
                "test" if next == Some(StrOpen) => return true,
                _ => {}
            }
        }
        if !matches!(first.kind, Ident | Quoted | StrOpen) {
            return false;
        }
        let mut in_string = usize::from(first.kind == StrOpen);
        for token in line {
            match token.kind {
                StrOpen => in_string += 1,
                StrClose => in_string = in_string.saturating_sub(1),
                _ if in_string > 0 => {}
                Ident | Quoted | Dot => {}
                Eq | PlusEq | Colon => return true,
                _ => return false,
            }
        }
        false
    }

    /// Whether the line that begins with token `index` is likely a new item, if it is indented no more than the one before: `name {`, `if`,
    /// `for`, or an arm of a `match`.
    fn may_begin_item(&self, index: usize) -> bool {
        use TokenKind::*;
        let mut line = self.on_line(index).peekable();
        let Some(first) = line.next() else { return false };
        let word = if first.kind == Ident { first.text(self.text) } else { "" };
        if matches!(word, "if" | "for") && line.peek().is_some_and(|next| !matches!(next.kind, Eq | Dot | Colon)) {
            return true;
        }
        let is_lower = word.starts_with(|c: char| !c.is_ascii_uppercase());
        let rest: Vec<TokenKind> = line.map(|token| token.kind).collect();
        let path = rest.iter().take_while(|kind| matches!(kind, Ident | Quoted | Dot)).count();
        let refines = (is_lower || first.kind == Quoted) && rest.get(path) == Some(&LBrace);
        let arrow = rest.iter().position(|kind| !matches!(kind, StrText | StrClose | Pipe | StrOpen | Int | Ident));
        refines || arrow.is_some_and(|at| rest[at] == FatArrow)
    }

    fn open(&mut self, token: Token) {
        match slot(token.kind) {
            Some(slot) => self.counts[slot] += 1,
            None if token.kind == TokenKind::InterpOpen => self.outer.push(std::mem::take(&mut self.counts)),
            None => {}
        }
        let (indent, item_indent) = (self.indent, self.item_indent);
        self.stack.push(Open { entry: self.tree.len(), kind: token.kind, indent, item_indent });
        self.item_indent = indent;
        self.depth = self.depth.max(self.stack.len());
        self.push(token.kind, token.start, token.end);
    }

    /// Pops the innermost bracket and adds the matching one at `start..end`.
    fn close_top(&mut self, start: u32, end: u32) {
        let Some(open) = self.stack.pop() else { return };
        self.item_indent = open.item_indent;
        match slot(open.kind) {
            Some(slot) => self.counts[slot] -= 1,
            None if open.kind == TokenKind::InterpOpen => self.counts = self.outer.pop().unwrap_or_default(),
            None => {}
        }
        let index = self.tree.len();
        self.tree[open.entry].matching = index as u32;
        self.tree.push(TreeToken { kind: closer(open.kind), start, end, matching: open.entry as u32 });
    }

    /// Whether the opening bracket of a closing one is missing: there is none, or it is far from where it was to be. Then the next run
    /// opens it.
    fn lacks_opener(&mut self, index: usize) -> bool {
        if self.is_last || self.owed > 0 || self.searches == MAX_REPORTS {
            return false;
        }
        let token = self.tokens[index];
        let is_ours = |open: &&Open| closer(open.kind) == token.kind;
        let matching = self.stack.iter().rfind(is_ours).map(|open| (open.indent, self.tree[open.entry].start));
        let begins_line = token.start == self.line_start + self.indent;
        let is_far = match matching {
            None => true,
            Some((_, start)) if start >= self.line_start => false,
            Some((indent, _)) if begins_line => self.indent > indent,
            // Braces of several lines are closed on a line of their own.
            Some(_) => token.kind == TokenKind::RBrace || !self.stack.last().as_ref().is_some_and(is_ours),
        };
        if !is_far {
            return false;
        }
        self.searches += 1;
        let opener = opening::find(self.text, self.tokens, index);
        self.unopened.extend(opener);
        opener.is_some()
    }

    fn close(&mut self, index: usize) -> bool {
        let token = self.tokens[index];
        if self.recover && self.lacks_opener(index) {
            self.push(TokenKind::Bad, token.start, token.end);
            return true;
        }
        let matches_top = self.stack.last().is_some_and(|open| closer(open.kind) == token.kind);
        if matches_top {
            self.close_top(token.start, token.end);
            return true;
        }
        if !self.recover {
            return false;
        }
        if slot(token.kind).is_none_or(|slot| self.counts[slot] == 0) {
            if self.closes_wrongly(token) {
                self.close_top(token.start, token.end);
                return true;
            }
            self.report_stray(token);
            self.push(TokenKind::Bad, token.start, token.end);
            return true;
        }
        let mut closed = Vec::new();
        while self.stack.last().is_some_and(|open| closer(open.kind) != token.kind) {
            closed.push(self.close_missing());
        }
        self.report_unclosed(&closed);
        self.close_top(token.start, token.end);
        true
    }

    /// Ends of strings and interpolations always have their matching; what is open inside of them is closed.
    fn close_string(&mut self, token: Token) -> bool {
        let mut closed = Vec::new();
        while self.stack.last().is_some_and(|open| closer(open.kind) != token.kind) {
            if !self.recover {
                return false;
            }
            closed.push(self.close_missing());
        }
        self.report_unclosed(&closed);
        if let Some(open) = self.stack.last().filter(|_| token.start == token.end) {
            self.swallowed = self.tree[open.entry].start as usize..token.end as usize;
        }
        self.close_top(token.start, token.end);
        true
    }

    fn close_by_indentation(&mut self, token: Token) {
        let closes = matches!(token.kind, TokenKind::RParen | TokenKind::RBracket | TokenKind::RBrace);
        let mut closed = Vec::new();
        while let Some(open) = self.stack.last() {
            let inside = if closes { self.indent >= open.indent } else { self.indent > open.indent };
            if inside || slot(open.kind).is_none() {
                break;
            }
            closed.push(self.close_missing());
        }
        self.owed += closed.len();
        self.report_unclosed(&closed);
    }

    fn close_rest(&mut self) {
        let mut closed = Vec::new();
        while !self.stack.is_empty() {
            closed.push(self.close_missing());
        }
        self.report_unclosed(&closed);
    }

    /// Closes the innermost bracket after the last token. Returns its index and that offset.
    fn close_missing(&mut self) -> (usize, u32) {
        let mut at = self.tree.last().map_or(0, |entry| entry.end);
        if let Some(&TreeToken { kind: TokenKind::Newline, .. }) = self.tree.last() {
            self.tree.pop();
            at = self.tree.last().map_or(0, |entry| entry.end);
        }
        let entry = self.stack.last().map_or(0, |open| open.entry);
        self.close_top(at, at);
        (entry, at)
    }
}
