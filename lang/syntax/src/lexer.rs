//! Splits a source into tokens. Never fails: a character without meaning becomes a token of its own and is reported.
//!
//! Outside of strings logos does the work. A stack of modes holds the open strings and interpolations, so that
//! the lexer does not recurse.

mod foreign;
mod number;
mod string;

use std::ops::Range;

use forge_base::{Code, Diag, Diags, FileId, Span};
use logos::Logos;

use crate::token::{Token, TokenKind};

/// What is open at the current offset.
#[derive(Clone, Copy)]
enum Mode {
    /// Inside the quotes of a string.
    Str {
        /// The number of `#` before the quote.
        hashes: usize,
        /// Whether it is a `"""`.
        multi: bool,
        /// The index of its opening token.
        open: usize,
    },
    /// Inside `\( … )`.
    Interp {
        /// How many parentheses are open in it.
        depth: usize,
        /// Whether a line end closes it, because its string must end on the line.
        one_line: bool,
        /// The index of its opening token.
        open: usize,
    },
}

pub(crate) struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    pos: usize,
    modes: Vec<Mode>,
    tokens: Vec<Token>,
    diags: Diags,
    /// Strings of several lines with at least this many `#` have no end, as far as is known.
    endless: usize,
    /// How often the end of the text was reached inside a string.
    rewinds: usize,
    /// Where the line ends on which a character was reported last.
    reported_line: usize,
    /// Whether no `*/` follows any more.
    no_block_end: bool,
    /// Part of a line up to its end, so that long lines are not searched repeatedly.
    line: Range<usize>,
    /// Which forms of other languages, written again and again in one file, were reported.
    reported: foreign::Reported,
}

/// The tokens of a source, and lexical errors.
pub(crate) fn lex(file: FileId, text: &str) -> (Vec<Token>, Diags) {
    let mut lexer = Lexer {
        file,
        text,
        pos: if text.starts_with('\u{feff}') { 3 } else { 0 },
        modes: Vec::new(),
        tokens: Vec::with_capacity(text.len() / 4),
        diags: Diags::default(),
        endless: usize::MAX,
        rewinds: 0,
        reported_line: 0,
        no_block_end: false,
        line: 0..0,
        reported: foreign::Reported::default(),
    };
    lexer.run();
    (lexer.tokens, lexer.diags)
}

impl Lexer<'_> {
    fn run(&mut self) {
        loop {
            if let Some(Mode::Str { hashes, multi, open }) = self.modes.last().copied() {
                self.lex_string_piece(hashes, multi, open);
            } else if !self.lex_code() && !self.end_of_text() {
                return;
            }
        }
    }

    /// Reads tokens outside of strings until a string begins or an interpolation ends. False at the end of the text, or where so much
    /// was wrong that the rest is left.
    fn lex_code(&mut self) -> bool {
        let mut raw = TokenKind::lexer(self.text);
        raw.bump(self.pos);
        while !self.diags.is_full()
            && let Some(found) = raw.next()
        {
            let (start, end) = (raw.span().start, raw.span().end);
            if let Some(end) = self.irregular(found, start, end) {
                raw.bump(end - raw.span().end);
                continue;
            }
            let Ok(found) = found else { continue };
            let kind = match found {
                TokenKind::StrOpen => {
                    self.pos = end;
                    self.open_string(start, end);
                    return true;
                }
                TokenKind::LParen => {
                    self.change_depth(true);
                    TokenKind::LParen
                }
                TokenKind::RParen => {
                    if self.change_depth(false) {
                        self.push(TokenKind::InterpClose, start, end);
                        self.modes.pop();
                        self.pos = end;
                        return true;
                    }
                    TokenKind::RParen
                }
                TokenKind::Newline => {
                    if let Some(Mode::Interp { one_line: true, .. }) = self.modes.last() {
                        self.pos = start;
                        self.close_lines_strings(start);
                        return true;
                    }
                    TokenKind::Newline
                }
                other => {
                    self.report_foreign_operator(other, start, end);
                    other
                }
            };
            self.push(kind, start, end);
        }
        self.pos = self.text.len();
        false
    }

    /// Reads a token of which logos finds only the beginning. Returns where it ends.
    fn irregular(&mut self, found: Result<TokenKind, ()>, start: usize, end: usize) -> Option<usize> {
        let byte = |at: usize| self.text.as_bytes()[at];
        Some(match found {
            Ok(TokenKind::Int) => {
                let (end, kind) = self.number(start);
                self.push(kind, start, end);
                end
            }
            Ok(TokenKind::LBrace) => return self.template(start),
            Ok(TokenKind::Comment) if byte(start) == b'#' => {
                self.definition(start).unwrap_or_else(|| self.hash_comment(start, end))
            }
            Ok(TokenKind::Comment) if byte(start + 1) == b'*' => self.block_comment(start, end),
            Ok(TokenKind::Comment) => {
                self.push_comment(start, end);
                end
            }
            Ok(TokenKind::Lt) if self.text[end..].starts_with('<') => return self.heredoc(start),
            Ok(TokenKind::OrOr) if self.text[end..].starts_with('|') => return self.text_block(start),
            Ok(TokenKind::StrOpen) if byte(start) == b'\'' => self.single_quotes(start, end),
            Err(()) => self.unexpected(start),
            Ok(_) => return None,
        })
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.tokens.push(Token { kind, start: start as u32, end: end as u32 });
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn push_comment(&mut self, start: usize, end: usize) {
        let comment = self.text[start..end].trim_end_matches('\r');
        let kind = if comment.starts_with("//!") {
            TokenKind::ModuleDoc
        } else if comment.starts_with("///") && !comment.starts_with("////") {
            TokenKind::DocComment
        } else {
            TokenKind::Comment
        };
        self.push(kind, start, start + comment.len());
    }

    /// Where the line of `at` ends.
    fn line_end(&mut self, at: usize) -> usize {
        if !self.line.contains(&at) {
            let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length);
            self.line = at..end;
        }
        at + self.text[at..self.line.end].trim_end_matches('\r').len()
    }

    /// Counts a parenthesis inside an interpolation. True if it is the one that ends the interpolation.
    fn change_depth(&mut self, opens: bool) -> bool {
        let Some(Mode::Interp { depth, .. }) = self.modes.last_mut() else { return false };
        if opens {
            *depth += 1;
        } else if *depth == 0 {
            return true;
        } else {
            *depth -= 1;
        }
        false
    }

    /// Reports operators of other languages, which are read as the operator that they mean here.
    fn report_foreign_operator(&mut self, kind: TokenKind, start: usize, end: usize) {
        if !matches!(kind, TokenKind::Eq | TokenKind::EqEq | TokenKind::NotEq | TokenKind::AndAnd) {
            return;
        }
        let operator = &self.text[start..end];
        if operator == "&" {
            let diag = self.ampersand(start, end);
            self.diags.push(diag);
            return;
        }
        let (ours, why) = match operator {
            "===" => ("==", "`==` already compares by value, without conversions"),
            "!==" => ("!=", "`!=` already compares by value, without conversions"),
            ":=" => ("=", "`=` alone sets a field or a `let`"),
            _ => return,
        };
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, format!("`{operator}` is not an operator"))
            .at(self.span(start, end), why)
            .fix(format!("write `{ours}`"), self.span(start, end), ours);
        self.diags.push(diag);
    }

    /// `# …`, which is read as a comment.
    fn hash_comment(&mut self, start: usize, end: usize) -> usize {
        let line_end = self.line_end(end);
        self.push(TokenKind::Comment, start, line_end);
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "`#` does not begin a comment")
            .at(self.span(start, end), "comments begin with `//`")
            .fix("write `//`", self.span(start, end), "//");
        self.diags.push(diag);
        line_end
    }

    /// `'…'`, which is read as a string.
    fn single_quotes(&mut self, start: usize, end: usize) -> usize {
        let line_end = self.line_end(end);
        self.triple_quotes(start).unwrap_or_else(|| self.foreign_quotes(start, end, line_end, "'"))
    }

    fn block_comment(&mut self, start: usize, end: usize) -> usize {
        let found = if self.no_block_end { None } else { self.text[end..].find("*/") };
        self.no_block_end = found.is_none();
        let close = match found {
            Some(at) => end + at + 2,
            None => self.line_end(end),
        };
        self.push(TokenKind::Comment, start, close);
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "there are no block comments")
            .at(self.span(start, start + 2), "comments begin with `//` and go to the end of the line");
        self.diags.push(diag);
        close
    }

    /// A string in the quotes of another language or of a word processor, up to the first of `closers` on the line.
    fn foreign_quotes(&mut self, start: usize, end: usize, line_end: usize, closers: &str) -> usize {
        let found = self.text[end..line_end].char_indices().find(|&(_, c)| closers.contains(c));
        let Some((close, width)) = found.map(|(at, c)| (end + at, c.len_utf8())) else {
            self.push(TokenKind::Bad, start, end);
            let diag = Diag::error(Code::UNEXPECTED_CHARACTER, format!("unexpected `{}`", &self.text[start..end]))
                .at(self.span(start, end), "strings are written in double quotes");
            self.diags.push(diag);
            return end;
        };
        self.push(TokenKind::StrOpen, start, end);
        if close > end {
            self.push(TokenKind::StrText, end, close);
        }
        self.push(TokenKind::StrClose, close, close + width);
        let inner = self.text[end..close].replace('"', "\\\"");
        let span = self.span(start, close + width);
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "strings are written in double quotes")
            .at(span, "not a string delimiter")
            .fix("use double quotes", span, format!("\"{inner}\""));
        self.diags.push(diag);
        close + width
    }

    /// A character that begins no token. Letters beyond ASCII make a name, so that the rest of the item survives.
    fn unexpected(&mut self, start: usize) -> usize {
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else { return start };
        if first == '`' {
            let end = start + rest.find('\n').unwrap_or(rest.len());
            self.push(TokenKind::Bad, start, end);
            let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "unclosed backtick")
                .at(self.span(start, start + 1), "a name in backticks ends on the same line");
            self.diags.push(diag);
            return end;
        }
        if let Some(end) = self.line_continuation(start) {
            return end;
        }
        if first.is_alphanumeric() {
            return self.foreign_name(start);
        }
        let end = start + first.len_utf8();
        if matches!(first, '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}') {
            let line_end = self.line_end(end);
            return self.foreign_quotes(start, end, line_end, "\u{201c}\u{201d}\u{2018}\u{2019}\"'");
        }
        self.push(TokenKind::Bad, start, end);
        if start < self.reported_line {
            return end;
        }
        self.reported_line = self.line_end(end);
        let shown: String = if first.is_control() || first.is_whitespace() {
            format!("U+{:04X}", first as u32)
        } else {
            first.to_string()
        };
        let mut diag = Diag::error(Code::UNEXPECTED_CHARACTER, format!("unexpected character `{shown}`"))
            .at(self.span(start, end), "this character has no meaning outside of strings");
        let ascii = match first {
            '\u{a0}' | '\u{3000}' => " ",
            '\u{2013}' | '\u{2014}' | '\u{2212}' => "-",
            _ => "",
        };
        if !ascii.is_empty() {
            diag = diag.maybe_fix(format!("write `{ascii}`"), self.span(start, end), ascii);
        }
        if first == '$' {
            diag = diag.help("names are written without `$`; in strings, `\\(name)` interpolates");
        }
        self.diags.push(diag);
        end
    }

    fn foreign_name(&mut self, start: usize) -> usize {
        let joined = self.tokens.last().filter(|t| t.kind == TokenKind::Ident && t.end as usize == start);
        let begin = joined.map_or(start, |t| t.start as usize);
        if joined.is_some() {
            self.tokens.pop();
        }
        let rest = &self.text[start..];
        let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let end = start + len;
        self.push(TokenKind::Ident, begin, end);
        let name = &self.text[begin..end];
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, format!("`{name}` is not a valid identifier"))
            .at(self.span(begin, end), "identifiers consist of the letters a to z, digits and `_`")
            .fix("put it in backticks", self.span(begin, end), format!("`{name}`"));
        self.diags.push(diag);
        end
    }
}
