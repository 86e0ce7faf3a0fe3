//! Strings: where they begin and end, their parts, and recovery of those that never end.

use forge_base::{Code, Diag};

use super::{Lexer, Mode};
use crate::token::TokenKind;

/// How often the lexer looks for the end of a `"""` in vain before it stops looking.
const MAX_REWINDS: usize = 8;

impl Lexer<'_> {
    pub(super) fn open_string(&mut self, start: usize, end: usize) {
        let multi = self.text[start..end].ends_with("\"\"\"");
        let hashes = self.text[start..end].bytes().take_while(|&b| b == b'#').count();
        let open = self.tokens.len();
        self.push(TokenKind::StrOpen, start, end);
        if multi && (hashes >= self.endless || self.rewinds >= MAX_REWINDS) {
            self.end_by_indentation(open);
        } else {
            self.modes.push(Mode::Str { hashes, multi, open });
        }
    }

    /// Reads text up to the string's end or its next interpolation.
    pub(super) fn lex_string_piece(&mut self, hashes: usize, multi: bool, open: usize) {
        let bytes = self.text.as_bytes();
        let start = self.pos;
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b'"') => {
                    let quotes = if multi { 3 } else { 1 };
                    if self.text[at..].len() >= quotes + hashes
                        && bytes[at..at + quotes].iter().all(|&b| b == b'"')
                        && bytes[at + quotes..at + quotes + hashes].iter().all(|&b| b == b'#')
                    {
                        self.push_text(start, at);
                        self.push(TokenKind::StrClose, at, at + quotes + hashes);
                        self.pos = at + quotes + hashes;
                        self.modes.pop();
                        return;
                    }
                    at += 1;
                }
                Some(b'\\') => {
                    let behind = at + 1 + hashes;
                    let ours = bytes.get(at + 1..behind).is_some_and(|b| b.iter().all(|&b| b == b'#'));
                    if ours && bytes.get(behind) == Some(&b'(') {
                        self.push_text(start, at);
                        self.pos = behind + 1;
                        self.modes.push(Mode::Interp { depth: 0, one_line: !multi, open: self.tokens.len() });
                        self.push(TokenKind::InterpOpen, at, behind + 1);
                        return;
                    }
                    let escaped = hashes == 0 && bytes.get(at + 1).is_some_and(|&b| b != b'\n' && b != b'\r');
                    at += if escaped { 2 } else { 1 };
                }
                Some(b'\n') if !multi => {
                    if let Some(close) = self.late_quote(at).filter(|_| hashes == 0 && self.modes.len() == 1) {
                        self.push_text(start, close);
                        self.push(TokenKind::StrClose, close, close + 1);
                        self.report_lines_in_string(open, close);
                        self.pos = close + 1;
                        self.modes.pop();
                        return;
                    }
                    let end = if at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
                    self.push_text(start, end);
                    self.pos = end;
                    self.close_lines_strings(end);
                    return;
                }
                None if !multi => {
                    self.push_text(start, at);
                    self.pos = at;
                    self.close_lines_strings(at);
                    return;
                }
                None => {
                    self.pos = at;
                    self.rewind(open, hashes);
                    return;
                }
                Some(_) => at += 1,
            }
        }
    }

    fn push_text(&mut self, start: usize, end: usize) {
        // An escape may end in the middle of a character; the part then ends with the character.
        if start < end {
            self.push(TokenKind::StrText, start, end);
        }
    }

    /// Closes the strings that must end on the line that ends at `end`, and says so once.
    pub(super) fn close_lines_strings(&mut self, end: usize) {
        let mut interp = None;
        let mut first = end;
        while let Some(mode) = self.modes.last().copied() {
            match mode {
                Mode::Str { multi: true, .. } | Mode::Interp { one_line: false, .. } => break,
                Mode::Str { open, .. } => {
                    first = self.tokens[open].start as usize;
                    self.push(TokenKind::StrClose, end, end);
                }
                Mode::Interp { open, .. } => {
                    interp = Some(self.tokens[open].range());
                    self.push(TokenKind::InterpClose, end, end);
                }
            }
            self.modes.pop();
        }
        let diag = match interp {
            Some(range) => Diag::error(Code::UNCLOSED_STRING, "interpolation without its `)`")
                .at(self.span(range.start, range.end), "begins here and does not end on this line"),
            None => Diag::error(Code::UNCLOSED_STRING, "string without an end")
                .at(self.span(first, end), "begins here and does not end on this line")
                .maybe_fix("close it", self.span(end, end), "\"")
                .help("a string of several lines is written between `\"\"\"` and `\"\"\"`"),
        };
        self.diags.push(diag);
    }

    /// At the end of the text: closes what is open. False if nothing was.
    pub(super) fn end_of_text(&mut self) -> bool {
        let multi = self.modes.iter().find_map(|mode| match mode {
            Mode::Str { multi: true, open, hashes } => Some((*open, *hashes)),
            _ => None,
        });
        match multi {
            Some((open, hashes)) => self.rewind(open, hashes),
            None if self.modes.is_empty() => return false,
            None => self.close_lines_strings(self.text.len()),
        }
        true
    }

    /// Goes back to a string of several lines that has no end.
    fn rewind(&mut self, open: usize, hashes: usize) {
        let start = self.tokens[open].start;
        self.tokens.truncate(open + 1);
        self.diags.retain(|diag| diag.span().is_none_or(|span| span.start <= start));
        self.modes.retain(|mode| match *mode {
            Mode::Str { open: other, .. } | Mode::Interp { open: other, .. } => other < open,
        });
        self.endless = self.endless.min(hashes);
        self.rewinds += 1;
        self.end_by_indentation(open);
    }

    /// Ends a string that has no end after the last line that is indented more than its first.
    fn end_by_indentation(&mut self, open: usize) {
        let token = self.tokens[open];
        let (start, from) = (token.start as usize, token.end as usize);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let own = indent(&self.text[line_start..]);
        let mut end = from + self.text[from..].find('\n').unwrap_or(self.text.len() - from);
        let mut at = end;
        while at < self.text.len() {
            let line = &self.text[at + 1..];
            let line = &line[..line.find('\n').unwrap_or(line.len())];
            let blank = line.trim().is_empty();
            if !blank && indent(line) <= own {
                break;
            }
            at += 1 + line.len();
            if !blank {
                end = at;
            }
        }
        end = from + self.text[from..end].trim_end_matches(['\r', '\n']).len();
        self.push_text(from, end);
        self.push(TokenKind::StrClose, end, end);
        self.pos = end;
        let diag = Diag::error(Code::UNCLOSED_STRING, "string without an end")
            .at(self.span(start, from), "begins here and is never closed");
        self.diags.push(diag);
    }
}
