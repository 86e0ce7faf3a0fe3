//! The one style of the language: the source is printed from its tokens, comments and the choices of its author.
//!
//! A group of brackets stays on one line if it was on one line and fits; else each of its items gets a line. Line breaks
//! inside an item stay where they were. No token changes but separators, and no comment; the output is read again to
//! make sure of that.

mod space;

use crate::layout::TreeToken;
use crate::parser::lookahead;
use crate::token::{Token, TokenKind};

/// The widest line that a group is kept on.
const WIDTH: usize = 120;
/// The spaces of one level.
const INDENT: usize = 2;

/// A comment and how many line ends precede it.
struct Comment<'a> {
    text: &'a str,
    lines_before: usize,
}

/// What is between two tokens of the tree.
struct Gap<'a> {
    comments: Vec<Comment<'a>>,
    /// Line ends after the last comment, or all of them.
    lines: usize,
}

impl Gap<'_> {
    fn has_lines(&self) -> bool {
        self.lines > 0 || self.comments.iter().any(|comment| comment.lines_before > 0)
    }
}

struct Printer<'a> {
    text: &'a str,
    tokens: &'a [Token],
    tree: &'a [TreeToken],
    /// The token of each tree token; for separators made of line ends, the one after them.
    token_of: Vec<usize>,
    /// Whether the group that opens at an entry gets a line for each item.
    broken: Vec<bool>,
    /// Whether something inside of the group takes more than one line.
    tall: Vec<bool>,
    out: String,
    /// Where the last line of the output begins.
    line: usize,
    /// The indentation of that line.
    indent: usize,
}

/// The text in canonical form. It must have no syntax errors.
pub(crate) fn print(text: &str, tokens: &[Token], tree: &[TreeToken]) -> String {
    let mut printer = Printer {
        text,
        tokens,
        tree,
        token_of: token_of(tokens, tree),
        broken: vec![false; tree.len()],
        tall: vec![false; tree.len()],
        out: String::with_capacity(text.len() + text.len() / 8),
        line: 0,
        indent: 0,
    };
    printer.measure();
    printer.items(None);
    printer.out
}

fn token_of(tokens: &[Token], tree: &[TreeToken]) -> Vec<usize> {
    let mut at = 0;
    let mut found = Vec::with_capacity(tree.len());
    for entry in tree {
        while at < tokens.len() && tokens[at].kind.is_trivia() {
            at += 1;
        }
        found.push(at);
        if entry.kind != TokenKind::Newline {
            at += 1;
        }
    }
    found
}

fn opens(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::LParen | TokenKind::LBracket | TokenKind::LBrace)
}

impl<'a> Printer<'a> {
    /// Finds out which groups were broken by their author, and which hold something tall.
    fn measure(&mut self) {
        let mut stack: Vec<usize> = Vec::new();
        let mut last: Option<usize> = None;
        for at in 0..self.tree.len() {
            let entry = self.tree[at];
            let group = stack.last().copied();
            if entry.kind == TokenKind::Newline {
                if let Some(group) = group {
                    self.broken[group] = true;
                }
                continue;
            }
            if let (Some(last), Some(group)) = (last, group)
                && opens(self.tree[group].kind)
            {
                self.note_gap(group, last, at);
            }
            if entry.kind == TokenKind::StrText
                && self.token_text(at).contains('\n')
                && let Some(group) = group
            {
                self.tall[group] = true;
            }
            if entry.matching as usize > at {
                stack.push(at);
            } else if (entry.matching as usize) < at {
                stack.pop();
                let inner = entry.matching as usize;
                if opens(self.tree[inner].kind) && self.is_empty(inner) {
                    self.broken[inner] = false;
                    self.tall[inner] = false;
                }
                if let Some(&outer) = stack.last() {
                    self.tall[outer] |= self.broken[inner] || self.tall[inner];
                }
            }
            last = Some(at);
        }
    }

    /// What lies between two neighbors inside of a group says about it.
    fn note_gap(&mut self, group: usize, last: usize, at: usize) {
        let gap = self.gap(last, at);
        let closes = self.tree[at].matching as usize == group;
        let begins = last == group || matches!(self.tree[last].kind, TokenKind::Comma | TokenKind::Semicolon);
        if !gap.comments.is_empty() {
            self.broken[group] = true;
        } else if gap.lines > 0 {
            if begins || closes && self.tree[group].kind != TokenKind::LParen {
                self.broken[group] = true;
            } else if !closes && !self.is_else(at) {
                self.tall[group] = true;
            }
        }
    }

    fn token_text(&self, at: usize) -> &'a str {
        let entry = self.tree[at];
        &self.text[entry.start as usize..entry.end as usize]
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.tree[at].kind == TokenKind::Ident && self.token_text(at) == word
    }

    fn is_else(&self, at: usize) -> bool {
        self.is_word(at, "else")
    }

    /// Comments and line ends between two tokens, separators between them left out.
    fn gap(&self, last: usize, next: usize) -> Gap<'a> {
        self.gap_of(self.token_of[last] + 1, self.token_of.get(next).copied().unwrap_or(self.tokens.len()))
    }

    fn gap_of(&self, start: usize, end: usize) -> Gap<'a> {
        let mut gap = Gap { comments: Vec::new(), lines: 0 };
        for token in &self.tokens[start.min(end)..end] {
            if token.kind == TokenKind::Newline {
                gap.lines += 1;
            } else if token.kind.is_comment() {
                gap.comments.push(Comment { text: token.text(self.text).trim_end(), lines_before: gap.lines });
                gap.lines = 0;
            }
        }
        gap
    }

    fn new_line(&mut self, indent: usize) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.line = self.out.len();
        self.indent = indent;
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn column(&self) -> usize {
        self.out[self.line..].chars().count()
    }

    /// The items of a group, or of the file, each on a line of its own.
    fn items(&mut self, group: Option<usize>) {
        let (start, end) = group.map_or((0, self.tree.len()), |open| (open + 1, self.tree[open].matching as usize));
        let kind = group.map(|open| self.tree[open].kind);
        let indent = if group.is_some() { self.indent + INDENT } else { 0 };
        let import = group.is_some_and(|open| open > 0 && self.tree[open - 1].kind == TokenKind::Dot);
        let commas = import || matches!(kind, Some(TokenKind::LParen | TokenKind::LBracket));
        let segments: Vec<_> = self.segments(start, end, kind == Some(TokenKind::LParen)).collect();
        let mut behind = group.map_or(0, |open| self.token_of[open] + 1);
        let mut first = true;
        for (index, &(at, stop)) in segments.iter().enumerate() {
            let gap = self.gap_of(behind, self.token_of[at]);
            self.comments(&gap, indent, &mut first);
            self.begin_item(gap.lines, indent, first && gap.comments.is_empty());
            first = false;
            self.segment(at, stop);
            behind = self.token_of[stop - 1] + 1;
            let next = segments.get(index + 1);
            // A field named `else` after `}` would be taken for the other keyword.
            if next.is_some_and(|&(next, _)| commas || self.is_else(next)) {
                self.out.push(',');
            }
        }
        let end_token = if group.is_some() { self.token_of[end] } else { self.tokens.len() };
        let gap = self.gap_of(behind, end_token);
        self.comments(&gap, indent, &mut first);
        if group.is_none() && !self.out.is_empty() {
            self.new_line(0);
        }
    }

    /// Begins the line of an item, with a blank line before it if its author left one.
    fn begin_item(&mut self, lines: usize, indent: usize, first: bool) {
        if lines > 1 && !first {
            self.new_line(0);
        }
        if !self.out.is_empty() {
            self.new_line(indent);
        }
    }

    /// Comments between items: after the last token, or on lines of their own.
    fn comments(&mut self, gap: &Gap<'_>, indent: usize, first: &mut bool) {
        for comment in &gap.comments {
            if comment.lines_before == 0 && !self.out.is_empty() {
                self.out.push(' ');
            } else {
                self.begin_item(comment.lines_before, indent, *first);
            }
            self.out.push_str(comment.text);
            *first = false;
        }
    }

    /// One item, argument or element.
    fn segment(&mut self, start: usize, end: usize) {
        let base = self.indent;
        let generics = self.generics(start, end);
        let mut last: Option<usize> = None;
        let mut at = start;
        while at < end {
            if self.tree[at].kind == TokenKind::Newline {
                at += 1;
                continue;
            }
            if let Some(last) = last {
                self.between(last, at, start, base, generics.contains(&at) || generics.contains(&last));
            }
            let entry = self.tree[at];
            let close = (entry.matching as usize).max(at);
            if entry.kind == TokenKind::StrOpen {
                self.verbatim(entry.start as usize, self.tree[close].end as usize);
            } else if opens(entry.kind) {
                self.group(at);
            } else {
                self.out.push_str(self.token_text(at));
            }
            last = Some(close);
            at = close + 1;
        }
        self.indent = base;
    }

    /// The tokens of `<T, U>` after the name of a function, with the parenthesis that follows.
    fn generics(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let is_fn = self.is_word(start, "fn") && start + 2 < end && self.tree[start + 2].kind == TokenKind::Lt;
        if !is_fn {
            return 0..0;
        }
        let close = (start + 2..end).find(|&at| self.tree[at].kind == TokenKind::Gt).unwrap_or(end);
        start + 2..close + 1
    }

    /// What is between two neighbors of one item: a space, nothing, a comment, or a line end that is kept.
    fn between(&mut self, last: usize, at: usize, start: usize, base: usize, generic: bool) {
        let gap = self.gap(last, at);
        for comment in &gap.comments {
            if comment.lines_before == 0 {
                self.out.push(' ');
            } else {
                self.new_line(base + INDENT);
            }
            self.out.push_str(comment.text);
        }
        let other_branch = self.is_else(at);
        if !gap.comments.is_empty() || gap.has_lines() && !other_branch {
            self.new_line(if other_branch { base } else { base + INDENT });
        } else if self.wants_space(last, at, start, generic) {
            self.out.push(' ');
        }
    }

    /// Whether a group holds neither items nor comments.
    fn is_empty(&self, open: usize) -> bool {
        let close = self.tree[open].matching as usize;
        (open + 1..close).all(|at| lookahead::separates(self.tree[at].kind))
            && self.gap_of(self.token_of[open] + 1, self.token_of[close]).comments.is_empty()
    }

    fn verbatim(&mut self, start: usize, end: usize) {
        let piece = &self.text[start..end];
        let from = self.out.len();
        self.out.push_str(piece);
        if let Some(line) = piece.rfind('\n') {
            self.line = from + line + 1;
        }
    }

    /// A group of brackets.
    fn group(&mut self, open: usize) {
        let close = self.tree[open].matching as usize;
        let kind = self.tree[open].kind;
        self.out.push_str(self.token_text(open));
        if self.is_empty(open) {
            self.out.push_str(self.token_text(close));
            return;
        }
        let wide = || !self.tall[open] && self.column() - 1 + self.flat_group(open, WIDTH + 1) > WIDTH;
        if self.broken[open] || wide() {
            let indent = self.indent;
            self.items(Some(open));
            self.new_line(indent);
        } else {
            let padded = kind == TokenKind::LBrace && !self.is_tight(open);
            let pad = if padded { " " } else { "" };
            self.out.push_str(pad);
            let mut after_let = false;
            let segments: Vec<_> = self.segments(open + 1, close, kind == TokenKind::LParen).collect();
            for (index, (at, stop)) in segments.into_iter().enumerate() {
                if index > 0 {
                    self.out.push_str(if after_let { "; " } else { ", " });
                }
                after_let = kind == TokenKind::LBrace && self.is_word(at, "let");
                self.segment(at, stop);
            }
            self.out.push_str(pad);
        }
        self.out.push_str(self.token_text(close));
    }

    /// How wide a group is on one line; anything at least `limit` if it is that wide.
    fn flat_group(&self, open: usize, limit: usize) -> usize {
        let close = self.tree[open].matching as usize;
        let kind = self.tree[open].kind;
        let padded = kind == TokenKind::LBrace && !self.is_tight(open);
        let mut width = if padded { 4 } else { 2 };
        for (index, (at, stop)) in self.segments(open + 1, close, kind == TokenKind::LParen).enumerate() {
            width += if index > 0 { 2 } else { 0 };
            width += self.flat_segment(at, stop, limit.saturating_sub(width));
            if width >= limit {
                return width;
            }
        }
        width
    }

    /// The items between two tokens.
    fn segments(&self, start: usize, end: usize, parens: bool) -> impl Iterator<Item = (usize, usize)> {
        let mut at = start;
        std::iter::from_fn(move || {
            while at < end && lookahead::separates(self.tree[at].kind) {
                at += 1;
            }
            if at >= end {
                return None;
            }
            let begin = at;
            let stop = if parens {
                lookahead::segment_end(self.tree, at, end)
            } else {
                lookahead::item_end(self.text, self.tree, at, end)
            };
            at = stop.max(begin + 1).min(end);
            Some((begin, at))
        })
    }

    fn flat_segment(&self, start: usize, end: usize, limit: usize) -> usize {
        let generics = self.generics(start, end);
        let mut width = 0;
        let mut last: Option<usize> = None;
        let mut at = start;
        while at < end && width < limit {
            let entry = self.tree[at];
            if entry.kind == TokenKind::Newline {
                at += 1;
                continue;
            }
            if let Some(last) = last {
                let generic = generics.contains(&at) || generics.contains(&last);
                width += usize::from(self.wants_space(last, at, start, generic));
            }
            let close = (entry.matching as usize).max(at);
            width += if opens(entry.kind) {
                self.flat_group(at, limit.saturating_sub(width))
            } else {
                self.text[entry.start as usize..self.tree[close].end as usize].chars().count()
            };
            last = Some(close);
            at = close + 1;
        }
        width
    }
}

/// Whether two texts have the same tokens and comments, separators aside.
pub(crate) fn same_tokens(a: (&str, &[Token]), b: (&str, &[Token])) -> bool {
    fn significant<'t>((text, tokens): (&'t str, &'t [Token])) -> impl Iterator<Item = (TokenKind, &'t str)> {
        let separators = [TokenKind::Newline, TokenKind::Comma, TokenKind::Semicolon];
        tokens.iter().filter(move |token| !separators.contains(&token.kind)).map(|t| (t.kind, t.text(text).trim_end()))
    }
    significant(a).eq(significant(b))
}
