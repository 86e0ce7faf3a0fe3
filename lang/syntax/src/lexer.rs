//! Cuts a text into tokens. Never fails: what means nothing becomes a token of its own and a message.
//!
//! Outside of strings logos does the work. A stack of modes remembers the strings and interpolations that are open, so
//! that nothing here recurses.

mod foreign;
mod number;
mod string;

use std::ops::Range;

use forge_base::{Code, Diag, Diags, FileId, Span};
use logos::Logos;

use crate::token::{Token, TokenKind};

/// What logos finds outside of strings.
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(skip r"[ \t\r]+")]
enum Raw {
    #[token("\n")]
    Newline,
    #[regex(r"//[^\n]*", allow_greedy = true)]
    Comment,
    #[token("/*")]
    BlockComment,
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*")]
    Ident,
    #[regex(r"`[^`\n]*`")]
    Quoted,
    #[regex(r"[0-9]")]
    Digit,
    #[regex("#*\"")]
    #[regex("#*\"\"\"")]
    String,
    #[regex(r"#+")]
    Hash,
    #[token("'")]
    SingleQuote,
    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBracket,
    #[token("]")]
    RBracket,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token("=")]
    Eq,
    #[token("+=")]
    PlusEq,
    #[token("==")]
    EqEq,
    #[token("!=")]
    NotEq,
    #[token("<")]
    Lt,
    #[token("<=")]
    Le,
    #[token(">")]
    Gt,
    #[token(">=")]
    Ge,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("&&")]
    AndAnd,
    #[token("||")]
    OrOr,
    #[token("!")]
    Bang,
    #[token("??")]
    Coalesce,
    #[token("?.")]
    QuestionDot,
    #[token("?")]
    Question,
    #[token(".")]
    Dot,
    #[token("..")]
    DotDot,
    #[token("...")]
    Ellipsis,
    #[token("..=")]
    RangeInclusive,
    #[token("..<")]
    RangeExclusive,
    #[token("=>")]
    FatArrow,
    #[token("->")]
    Arrow,
    #[token(":")]
    Colon,
    #[token(";")]
    Semicolon,
    #[token(",")]
    Comma,
    #[token("|")]
    Pipe,
    #[token("@")]
    At,
    #[token("===")]
    TripleEq,
    #[token("!==")]
    NotDoubleEq,
    #[token(":=")]
    ColonEq,
    #[token("&")]
    Ampersand,
}

impl Raw {
    /// The kind of a token that needs no further look.
    fn kind(self) -> TokenKind {
        match self {
            Raw::Newline => TokenKind::Newline,
            Raw::Comment | Raw::BlockComment | Raw::Hash => TokenKind::Comment,
            Raw::Ident => TokenKind::Ident,
            Raw::Quoted => TokenKind::Quoted,
            Raw::Digit => TokenKind::Int,
            Raw::String | Raw::SingleQuote => TokenKind::StrOpen,
            Raw::LParen => TokenKind::LParen,
            Raw::RParen => TokenKind::RParen,
            Raw::LBracket => TokenKind::LBracket,
            Raw::RBracket => TokenKind::RBracket,
            Raw::LBrace => TokenKind::LBrace,
            Raw::RBrace => TokenKind::RBrace,
            Raw::Eq | Raw::ColonEq => TokenKind::Eq,
            Raw::PlusEq => TokenKind::PlusEq,
            Raw::EqEq | Raw::TripleEq => TokenKind::EqEq,
            Raw::NotEq | Raw::NotDoubleEq => TokenKind::NotEq,
            Raw::Lt => TokenKind::Lt,
            Raw::Le => TokenKind::Le,
            Raw::Gt => TokenKind::Gt,
            Raw::Ge => TokenKind::Ge,
            Raw::Plus => TokenKind::Plus,
            Raw::Minus => TokenKind::Minus,
            Raw::Star => TokenKind::Star,
            Raw::Slash => TokenKind::Slash,
            Raw::Percent => TokenKind::Percent,
            Raw::AndAnd | Raw::Ampersand => TokenKind::AndAnd,
            Raw::OrOr => TokenKind::OrOr,
            Raw::Bang => TokenKind::Bang,
            Raw::Coalesce => TokenKind::Coalesce,
            Raw::QuestionDot => TokenKind::QuestionDot,
            Raw::Question => TokenKind::Question,
            Raw::Dot => TokenKind::Dot,
            Raw::DotDot => TokenKind::DotDot,
            Raw::Ellipsis => TokenKind::Ellipsis,
            Raw::RangeInclusive => TokenKind::RangeInclusive,
            Raw::RangeExclusive => TokenKind::RangeExclusive,
            Raw::FatArrow => TokenKind::FatArrow,
            Raw::Arrow => TokenKind::Arrow,
            Raw::Colon => TokenKind::Colon,
            Raw::Semicolon => TokenKind::Semicolon,
            Raw::Comma => TokenKind::Comma,
            Raw::Pipe => TokenKind::Pipe,
            Raw::At => TokenKind::At,
        }
    }
}

/// What is open at a place of the text.
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
    /// Whether no `*/` follows any more.
    no_block_end: bool,
    /// A piece of a line up to its end, so that long lines are not searched over and over.
    line: Range<usize>,
}

/// The tokens of a text and what is wrong with them.
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
        no_block_end: false,
        line: 0..0,
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
        let mut raw = Raw::lexer(self.text);
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
                Raw::String => {
                    self.pos = end;
                    self.open_string(start, end);
                    return true;
                }
                Raw::LParen => {
                    self.change_depth(true);
                    TokenKind::LParen
                }
                Raw::RParen => {
                    if self.change_depth(false) {
                        self.push(TokenKind::InterpClose, start, end);
                        self.modes.pop();
                        self.pos = end;
                        return true;
                    }
                    TokenKind::RParen
                }
                Raw::Newline => {
                    if let Some(Mode::Interp { one_line: true, .. }) = self.modes.last() {
                        self.pos = start;
                        self.close_lines_strings(start);
                        return true;
                    }
                    TokenKind::Newline
                }
                other => {
                    self.report_foreign_sign(other, start, end);
                    other.kind()
                }
            };
            self.push(kind, start, end);
        }
        self.pos = self.text.len();
        false
    }

    /// Reads what logos finds the beginning of only. Gives where it ends.
    fn irregular(&mut self, found: Result<Raw, ()>, start: usize, end: usize) -> Option<usize> {
        Some(match found {
            Ok(Raw::Digit) => {
                let (end, kind) = self.number(start);
                self.push(kind, start, end);
                end
            }
            Ok(Raw::Comment) => {
                self.push_comment(start, end);
                end
            }
            Ok(Raw::Lt) if self.text[end..].starts_with('<') => return self.heredoc(start),
            Ok(odd @ (Raw::BlockComment | Raw::Hash | Raw::SingleQuote)) => self.odd_comment_or_quote(odd, start, end),
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

    /// Reports signs of other languages that stand for one of ours.
    fn report_foreign_sign(&mut self, raw: Raw, start: usize, end: usize) {
        let (ours, why) = match raw {
            Raw::TripleEq => ("==", "`==` already compares by value, without conversions"),
            Raw::NotDoubleEq => ("!=", "`!=` already compares by value, without conversions"),
            Raw::ColonEq => ("=", "`=` alone sets a field or names a value"),
            Raw::Ampersand => ("&&", "there are no bit operators; `&&` is the logical one"),
            _ => return,
        };
        let sign = &self.text[start..end];
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, format!("`{sign}` is not an operator"))
            .at(self.span(start, end), why)
            .fix(format!("write `{ours}`"), self.span(start, end), ours);
        self.diags.push(match raw {
            Raw::Ampersand => diag.help("a condition of a type is written `Int where it >= 1`"),
            _ => diag,
        });
    }

    /// Comments and quotes as other languages write them. Gives where they end.
    fn odd_comment_or_quote(&mut self, raw: Raw, start: usize, end: usize) -> usize {
        let line_end = self.line_end(end);
        match raw {
            Raw::BlockComment => self.block_comment(start, end),
            Raw::Hash => {
                self.push(TokenKind::Comment, start, line_end);
                let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "`#` does not begin a comment")
                    .at(self.span(start, end), "comments begin with `//`")
                    .fix("write `//`", self.span(start, end), "//");
                self.diags.push(diag);
                line_end
            }
            _ => match self.triple_quotes(start) {
                Some(end) => end,
                None => self.foreign_quotes(start, end, line_end, "'"),
            },
        }
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
                .at(self.span(start, end), "strings stand in double quotes");
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
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "strings stand in double quotes")
            .at(span, "these quotes mean nothing here")
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
            let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "backtick without its partner")
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
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, format!("`{name}` is not a plain name"))
            .at(self.span(begin, end), "names have the letters a to z, digits and `_`")
            .fix("put it in backticks", self.span(begin, end), format!("`{name}`"));
        self.diags.push(diag);
        end
    }
}
