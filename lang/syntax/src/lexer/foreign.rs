//! Multi-line strings as other languages write them. Each is one token and one diagnostic.

use forge_base::{Code, Diag, TextEdit};

use super::Lexer;
use crate::token::TokenKind;

/// How many lines are searched for the end of a string that should have ended on its own.
const MAX_LINES: usize = 200;

impl Lexer<'_> {
    /// `<<EOF … EOF` at `start`. Returns where it ends.
    pub(super) fn heredoc(&mut self, start: usize) -> Option<usize> {
        let rest = self.text[start..].strip_prefix("<<")?;
        let rest = rest.trim_start_matches(['-', '~']);
        let line = rest.lines().next()?.trim();
        let word = line.trim_matches(['"', '\'']);
        let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_word {
            return None;
        }
        let from = start + self.text[start..].find('\n')? + 1;
        let mut at = from;
        for text in self.text[from..].split_inclusive('\n').take(MAX_LINES) {
            if text.trim() == word {
                let end = at + text.trim_end().len();
                self.report_text(start, from - 1, "a heredoc begins here");
                self.push(TokenKind::Bad, start, end);
                return Some(end);
            }
            at += text.len();
        }
        None
    }

    /// `'''…'''` at `start`. Returns where it ends.
    pub(super) fn triple_quotes(&mut self, start: usize) -> Option<usize> {
        let inside = self.text[start..].strip_prefix("'''")?;
        let end = start + 3 + inside.find("'''")? + 3;
        self.report_text(start, start + 3, "not a string delimiter");
        self.push(TokenKind::Bad, start, end);
        Some(end)
    }

    fn report_text(&mut self, start: usize, end: usize, why: &str) {
        let diag = Diag::error(
            Code::UNEXPECTED_CHARACTER,
            "a string of several lines is written between `\"\"\"` and `\"\"\"`",
        )
        .at(self.span(start, start + self.text[start..end].trim_end().len()), why)
        .help("the indentation of the closing `\"\"\"` is removed from each line");
        self.diags.push(diag);
    }

    /// `\` at the end of a line: the next line belongs to it. Returns where that begins.
    pub(super) fn line_continuation(&mut self, start: usize) -> Option<usize> {
        let rest = self.text[start..].strip_prefix('\\')?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if !rest[blank..].starts_with('\n') {
            return None;
        }
        let end = start + 1 + blank + 1;
        self.push(TokenKind::Bad, start, end);
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "a line is not continued with `\\`")
            .at(self.span(start, start + 1), "this character has no meaning outside of strings")
            .help("an expression continues after an operator, and between brackets");
        self.diags.push(diag);
        Some(end)
    }

    /// The closing quote of a string that goes on after the line end at `line_end`, if it surely does: the next quote is the only one on
    /// its line and ends what is there, and nothing before it sets a field.
    pub(super) fn late_quote(&self, line_end: usize) -> Option<usize> {
        let mut at = line_end + 1;
        for line in self.text.get(at..)?.split_inclusive('\n').take(MAX_LINES) {
            if line.contains(" = ") {
                return None;
            }
            if let Some(quote) = line.find('"') {
                let behind = line[quote + 1..].trim_matches([' ', '\t', '\r', '\n', ')', ']', '}', ',', ';']);
                return (behind.is_empty() || behind.starts_with("//")).then_some(at + quote);
            }
            at += line.len();
        }
        None
    }

    /// Says that the string from `open` to `close` is on several lines.
    pub(super) fn report_lines_in_string(&mut self, open: usize, close: usize) {
        let start = self.tokens[open].start as usize;
        let line_end = self.line_end(start);
        let edits = vec![
            TextEdit { span: self.span(start, start + 1), text: String::from("\"\"\"\n") },
            TextEdit { span: self.span(close, close + 1), text: String::from("\n\"\"\"") },
        ];
        let diag = Diag::error(Code::UNCLOSED_STRING, "a string between `\"` and `\"` must end on its line")
            .at(self.span(start, line_end), "continues on the next line")
            .help("a string of several lines is written between `\"\"\"` and `\"\"\"`")
            .maybe_multipart_fix("write it between `\"\"\"`", edits);
        self.diags.push(diag);
    }
}
