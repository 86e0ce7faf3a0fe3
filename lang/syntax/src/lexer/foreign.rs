//! Forms of other languages that are recognized by their characters: multi-line strings, templates, `&` and the names of CUE's definitions.

use forge_base::{Code, Diag, TextEdit};

use super::Lexer;
use crate::token::TokenKind;

/// How many lines are searched for the end of a string that should have ended on its own.
const MAX_LINES: usize = 200;

/// Which forms were reported. A file of another language has many of each, and one message says enough.
#[derive(Clone, Copy, Default)]
pub(super) struct Reported {
    template: bool,
    definition: bool,
}

/// Words that begin an action of a template, where braces in braces would begin with a field.
const TEMPLATE_WORDS: [&str; 16] = [
    "if", "else", "end", "range", "with", "define", "include", "template", "block", "toYaml", "tpl", "required",
    "fail", "printf", "default", "quote",
];

/// Whether what is between double braces is an action of a template, and not an object that is the value of a block.
fn is_template(inner: &str) -> bool {
    let action = inner.trim_start_matches('-').trim_end_matches('-').trim();
    let word = action.split([' ', '(']).next().unwrap_or("");
    let is_path = !action.is_empty() && action.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    let sets = action.contains(['{', '=']) && !action.contains(":=");
    inner.starts_with('-')
        || action.starts_with(['.', '$']) && !action.starts_with("..")
        || action.starts_with("/*")
        || !sets && (is_path || TEMPLATE_WORDS.contains(&word))
}

impl Lexer<'_> {
    /// `{{ … }}` at `start`, as in Helm's templates. Returns where it ends.
    pub(super) fn template(&mut self, start: usize) -> Option<usize> {
        if !self.modes.is_empty() || !self.text[start..].starts_with("{{") {
            return None;
        }
        let line_end = self.line_end(start);
        let end = start + self.text[start..line_end].find("}}")? + 2;
        if !is_template(&self.text[start + 2..end - 2]) {
            return None;
        }
        self.push(TokenKind::Bad, start, end);
        if !self.reported.template {
            self.reported.template = true;
            let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "`{{ … }}` is a template of text")
                .at(self.span(start, end), "a program is not text with templates in it")
                .help("a value is written by its name, in a string `\"\\(name)\"`; a condition is `if condition { … }`, a loop `for x in xs { … }`");
            self.diags.push(diag);
        }
        Some(end)
    }

    /// The `#` of a definition in CUE, such as `#App: {` or `app: #App & {`. Returns where it ends.
    pub(super) fn definition(&mut self, start: usize) -> Option<usize> {
        let rest = &self.text[start + 1..];
        let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(rest, |end| &rest[..end]);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let after = rest[name.len()..].trim_start_matches(' ');
        let declares = after.strip_prefix(':').is_some_and(|value| value.trim_start().starts_with(['{', '#', '"']));
        let before = self.text[..start].trim_end_matches(' ');
        let uses = name.starts_with(|c: char| c.is_ascii_uppercase()) && before.ends_with([':', '&', '|', '[']);
        if !declares && !uses && !self.text[..start].ends_with('_') {
            return None;
        }
        self.push(TokenKind::Bad, start, start + 1);
        if !self.reported.definition {
            self.reported.definition = true;
            let diag = Diag::error(Code::UNEXPECTED_CHARACTER, format!("`#{name}` is not a valid identifier"))
                .at(self.span(start, start + 1 + name.len()), "names have no `#`")
                .help(format!(
                    "a definition is a schema, `schema {name} {{ … }}`, and `{name} {{ … }}` an instance of it"
                ));
            self.diags.push(diag);
        }
        Some(start + 1)
    }

    /// A lone `&`, which is unification in CUE, KCL and Nickel, and an anchor in YAML.
    pub(super) fn ampersand(&self, start: usize, end: usize) -> Diag {
        let before = self.text[..start].trim_end();
        let after = &self.text[end..];
        let next = after.trim_start();
        let is_anchor = before.ends_with(['=', ':', '-']) && after.starts_with(|c: char| c.is_ascii_alphabetic());
        let diag = Diag::error(Code::UNEXPECTED_CHARACTER, "`&` is not an operator");
        let span = self.span(start, end);
        if is_anchor {
            return diag
                .at(span, "there are no anchors")
                .help("a value that is used twice gets a name: `let name = …`, then `name` in both");
        }
        if next.starts_with(['<', '>', '=', '!']) {
            return diag
                .at(span, "there are no bit operators")
                .help("a condition of a type is written `Int where it >= 1`");
        }
        if next.starts_with('{') || before.ends_with('}') {
            return diag
                .at(span, "values are not unified")
                .help("`base { … }` changes parts of a value, and `{ ...a, ...b }` merges maps");
        }
        diag.at(span, "there are no bit operators")
            .help("the logical and is `&&`; a condition of a type is written `Int where it >= 1`")
    }

    /// `|||` up to the next `|||`, as in Jsonnet. Returns where it ends.
    pub(super) fn text_block(&mut self, start: usize) -> Option<usize> {
        let inside = self.text[start..].strip_prefix("|||")?;
        let end = start + 3 + inside.find("|||")? + 3;
        self.report_text(start, start + 3, "not a string delimiter");
        self.push(TokenKind::Bad, start, end);
        Some(end)
    }

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
                let after = line[quote + 1..].trim_matches([' ', '\t', '\r', '\n', ')', ']', '}', ',', ';']);
                return (after.is_empty() || after.starts_with("//")).then_some(at + quote);
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
