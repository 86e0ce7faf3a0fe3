//! Recoveries that need more than one edit of the terminals.

use forge_base::{Code, Diag, TextEdit, suggest};

use super::super::terminal::{Edit, Keyword, Nonterminal, Terminal};
use super::super::{BodyKind, Parser, lookahead};
use super::Broken;
use super::row::Special;
use crate::token::TokenKind;
use Terminal::{Op, Word};

/// How far type arguments are followed.
const MAX_ARGUMENTS: usize = 64;

impl Parser<'_> {
    /// Applies a recovery of the table. False if the item is an error.
    pub(super) fn take_special(&mut self, special: Special, broken: &mut Broken, first: usize, diag: Diag) -> bool {
        let span = self.place_of(broken, first);
        let index = broken.index(first);
        let edit = |span, text: &str| TextEdit { span, text: text.to_owned() };
        match special {
            Special::TypeFirst => {
                let (ty, name) = (self.source_of(broken, 1).to_owned(), self.source_of(broken, 2));
                let fixed = format!("{name}: {ty}");
                broken.report(diag.fix(format!("write `{fixed}`"), span.to(self.place_of(broken, 2)), fixed));
                let (ty, name) = (broken.row[1].terminal, broken.row[2].terminal);
                broken.edits.push((index, Edit::Replace(name)));
                broken.edits.push((broken.index(2), Edit::Insert(Op(TokenKind::Colon))));
                self.apply(broken, broken.index(2), Edit::Replace(ty));
            }
            Special::QuestionAfterName => {
                let question = self.place_of(broken, 2);
                let end = broken.find(3, |t| matches!(t, Op(TokenKind::Eq) | Terminal::Keyword(Keyword::Where)));
                let edits = vec![edit(question, ""), edit(self.end_before(broken, end), "?")];
                broken.report(diag.multipart_fix("move it after the type", edits));
                broken.edits.push((broken.index(end), Edit::Insert(Op(TokenKind::Question))));
                self.apply(broken, broken.index(2), Edit::Skip(broken.index(3)));
            }
            Special::QuotedField => {
                let Some(Terminal::Str(open)) = broken.terminal(1) else { return false };
                let name = format!("`{}`", self.source_of(broken, 1).trim_matches('"'));
                broken.report(diag.fix(format!("write `` {name} ``"), span, name));
                self.apply(broken, index, Edit::Replace(Word(open + 1)));
            }
            Special::RestParam => {
                broken.report(diag.fix("remove it", span, ""));
                // Calls may leave it out, as they do where this is written.
                if broken.find(1, |t| t == Op(TokenKind::Eq)) == broken.row.len() {
                    broken.edits.push((broken.end, Edit::Insert(Op(TokenKind::Eq))));
                    broken.edits.push((broken.end, Edit::Insert(Terminal::Hole)));
                }
                broken.start = broken.index(2);
                self.reread(broken);
            }
            Special::ElseIf => {
                broken.report(diag.fix("write `else if`", span, "else if"));
                broken.edits.push((index, Edit::Replace(Terminal::Keyword(Keyword::Else))));
                let next = broken.index(first + 1);
                self.apply(broken, next, Edit::Insert(Terminal::Keyword(Keyword::If)));
            }
            Special::ObjectInHead => {
                let group = self.group_span(broken.index(first + 1) as u32);
                let edits = vec![edit(group.at_start(), "("), edit(group.at_end(), ")")];
                broken.report(diag.multipart_fix("put parentheses around it", edits));
                self.apply(broken, broken.index(first + 1), Edit::Replace(Terminal::Error));
            }
            Special::ParenthesesOfFor => {
                let open = broken.index(first + 1);
                let close = self.tree[open].matching as usize;
                let edits = vec![edit(self.token_span(open), ""), edit(self.token_span(close), "")];
                broken.report(diag.maybe_multipart_fix("remove them", edits));
                return false;
            }
            Special::Import => {
                let start = self.place_of(broken, 1).at_start();
                broken.report(diag.fix("write `import`", start, "import "));
                self.apply(broken, broken.start, Edit::Insert(Terminal::Keyword(Keyword::Import)));
            }
            Special::Assert => {
                let start = self.place_of(broken, 1).at_start();
                broken.report(diag.fix("write `assert`", start, "assert "));
                self.apply(broken, broken.start, Edit::Insert(Terminal::Keyword(Keyword::Assert)));
            }
            Special::TypeArguments => return self.type_arguments(broken, first, diag),
        }
        true
    }

    /// `Map<K, V>` and `List[T]`: a type of which nothing is known. A comma in it has ended the item too early.
    fn type_arguments(&mut self, broken: &mut Broken, first: usize, diag: Diag) -> bool {
        let from = broken.index(first);
        let after = match broken.terminal(first + 1) {
            Some(Terminal::Bracket(_)) => Some(broken.index(first + 2)),
            _ => self.end_of_arguments(broken.index(first + 1)),
        };
        let Some(after) = after else {
            broken.report(diag);
            return self.cut(broken, first + 1);
        };
        let span = self.range_span(from, after);
        let ours = self.text.get(span.range()).and_then(own_type);
        broken.report(match ours {
            Some(ours) => diag.fix(format!("write `{ours}`"), span, ours),
            None => diag,
        });
        if after > broken.end {
            broken.end = self.end_of_item(after);
            broken.resume_at = Some(broken.end);
        }
        self.apply(broken, from, Edit::Cut(after));
        true
    }

    /// Where the type arguments end that begin with the `<` at `at`.
    fn end_of_arguments(&self, at: usize) -> Option<usize> {
        let mut open = 0usize;
        let mut at = at;
        for _ in 0..MAX_ARGUMENTS {
            match self.tree.get(at)?.kind {
                TokenKind::Lt => open += 1,
                TokenKind::Gt => open = open.checked_sub(1)?,
                TokenKind::Newline => return None,
                kind if lookahead::closes(kind) => return None,
                _ => {}
            }
            at = lookahead::after(self.tree, at);
            if open == 0 {
                return Some(at);
            }
        }
        None
    }

    /// The next separator or closing bracket.
    fn end_of_item(&self, mut at: usize) -> usize {
        let ends = |kind| lookahead::separates(kind) || lookahead::closes(kind);
        while self.tree.get(at).is_some_and(|token| !ends(token.kind)) {
            at = lookahead::after(self.tree, at);
        }
        at
    }

    /// The end of the line on which `end` is.
    pub(super) fn end_of_line(&self, end: usize) -> usize {
        let mut at = end;
        while self.tree.get(at).is_some_and(|token| token.kind != TokenKind::Newline && !lookahead::closes(token.kind))
        {
            at = lookahead::after(self.tree, at);
        }
        at
    }

    /// Where a line ends that begins with `else` after `end`, as the second branch of an `if` without braces.
    pub(super) fn end_of_else(&self, end: usize) -> Option<usize> {
        let is_newline = self.tree.get(end)?.kind == TokenKind::Newline;
        let next = self.tree.get(end + 1)?;
        let is_else = next.kind == TokenKind::Ident && self.token_text(end + 1) == "else";
        (is_newline && is_else).then(|| self.end_of_item(end + 1))
    }

    /// `shema Web {`, `asert a == b`: a first word that is nearly a keyword of the body becomes it. True if there was one.
    pub(super) fn misspelled_keyword(&mut self, broken: &mut Broken, at: usize) -> bool {
        let next = broken.terminal(2);
        let fits = matches!(next, Some(Word(_) | Terminal::Str(_) | Terminal::Int(_) | Terminal::Paren(_)))
            || next == Some(Op(TokenKind::Bang));
        if broken.goal != Nonterminal::Item || at > 2 || !fits {
            return false;
        }
        let keywords: &[(&str, Keyword)] = match self.body_kind {
            BodyKind::Module => &[
                ("schema", Keyword::Schema),
                ("import", Keyword::Import),
                ("input", Keyword::Input),
                ("type", Keyword::Type),
                ("test", Keyword::Test),
            ],
            BodyKind::Schema => &[("check", Keyword::Check)],
            BodyKind::Test => {
                &[("assert", Keyword::Assert), ("fails", Keyword::Fails), ("snapshot", Keyword::Snapshot)]
            }
            BodyKind::Object => &[("delete", Keyword::Delete)],
        };
        let word = self.word_of(broken, 1).to_owned();
        let near = suggest::nearest(&word, keywords.iter().map(|(text, _)| *text));
        let Some(&(text, keyword)) = keywords.iter().find(|(text, _)| Some(*text) == near) else { return false };
        let span = self.place_of(broken, 1);
        broken.report(
            Diag::error(Code::SYNTAX, format!("there is no `{word}`")).at(span, format!("did you mean `{text}`?")).fix(
                format!("write `{text}`"),
                span,
                text,
            ),
        );
        self.apply(broken, broken.start, Edit::Replace(Terminal::Keyword(keyword)));
        true
    }

    /// `my-app = …` and `app.kubernetes.io/name = …`: keys with other characters are written in quotes.
    pub(super) fn dashed_name(&mut self, broken: &mut Broken, at: usize) -> Option<bool> {
        let row = &broken.row;
        let is_word = |at: usize| matches!(broken.terminal(at), Some(Word(_) | Terminal::Int(_)));
        let touches = |at: usize| at + 1 < row.len() && row[at].end == row[at + 1].start;
        let is_slash = |at: usize| broken.is_op(at, TokenKind::Slash);
        let joins = |at: usize| (is_slash(at) || broken.is_op(at, TokenKind::Minus)) && touches(at) && is_word(at + 1);
        if !broken.is_path(at) || !is_word(at - 1) || !touches(at - 1) || !joins(at) {
            return None;
        }
        let mut last = at + 1;
        let mut slashes = is_slash(at);
        while touches(last) && (joins(last + 1) || slashes && broken.is_op(last + 1, TokenKind::Dot)) {
            slashes |= is_slash(last + 1);
            last += 2;
        }
        // Up to a `/` it is one key with its dots, as in the labels of Kubernetes.
        let first = if slashes { 1 } else { at - 1 };
        let span = self.place_of(broken, first).to(self.place_of(broken, last));
        let name = &self.text[span.range()];
        let (quoted, title) = match self.body_kind {
            BodyKind::Object => (format!("\"{name}\""), format!("write `\"{name}\"`")),
            _ => (format!("`{name}`"), format!("write `` `{name}` ``")),
        };
        let diag = Diag::error(Code::SYNTAX, format!("`{name}` is not a valid identifier"))
            .at(span, if slashes { "`/` divides" } else { "`-` subtracts" })
            .help("a key with characters other than letters, digits and `_` is written in quotes, a name in backticks");
        broken.report(diag.fix(title, span, quoted));
        Some(false)
    }
}

/// What a type with arguments is called here: `{String: Int}` for `Map<String, Int>`.
fn own_type(theirs: &str) -> Option<String> {
    let theirs = theirs.trim();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let written = |text: &str| if plain(text) { Some(text.to_owned()) } else { own_type(text) };
    if let Some(element) = theirs.strip_suffix("[]") {
        return Some(format!("[{}]", written(element)?));
    }
    let open = theirs.find(['<', '['])?;
    let inside = theirs[open + 1..].strip_suffix(['>', ']'])?;
    match theirs[..open].to_ascii_lowercase().as_str() {
        "list" | "array" | "vec" | "seq" | "set" | "listing" | "sequence" => {
            Some(format!("[{}]", written(inside.trim())?))
        }
        "optional" | "option" | "nullable" | "maybe" => Some(format!("{}?", written(inside.trim())?)),
        "map" | "dict" | "mapping" | "record" | "hashmap" => {
            let (key, value) = inside.split_once(',')?;
            Some(format!("{{{}: {}}}", written(key.trim())?, written(value.trim())?))
        }
        _ => None,
    }
}
