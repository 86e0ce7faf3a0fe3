//! Habits of other languages that leave nothing to mend: the item is lost, and one message says how it is written here.

use forge_base::{Code, Diag, suggest};

use super::repair::Broken;
use super::tok::{Nonterminal, Tok};
use super::{BodyKind, Parser};

impl Parser<'_> {
    /// Reports what surely cannot be mended where a try stopped at `at`. True if there was such a thing.
    pub(super) fn is_hopeless(&mut self, broken: &mut Broken, at: usize) -> bool {
        let found = match broken.mode {
            Nonterminal::Type => self.map_in_brackets(broken, at),
            Nonterminal::Item if at > 1 => self
                .line_of_another(broken, at)
                .or_else(|| self.dashed_name(broken, at))
                .or_else(|| self.indexed_path(broken, at))
                .or_else(|| self.rest_of_type(broken, at))
                .or_else(|| self.other_parent(broken, at))
                .or_else(|| self.bare_test_name(broken, at))
                .or_else(|| self.block_with_labels(broken, at)),
            _ => None,
        };
        let Some(diag) = found else { return false };
        self.set_report(broken, diag);
        true
    }

    /// `shema Web {`, `asert a == b`: a first word that is nearly a keyword of the place becomes it.
    pub(super) fn misspelled_keyword(&mut self, broken: &mut Broken) {
        let behind = broken.toks.get(2).map(|tok| tok.1);
        if !matches!(broken.toks.get(1), Some((_, Tok::Word(_), _)))
            || !matches!(behind, Some(Tok::Word(_) | Tok::Str(_) | Tok::Int(_) | Tok::Bang | Tok::Paren(_)))
        {
            return;
        }
        let keywords: &[(&str, Tok)] = match self.body_kind {
            BodyKind::Module => &[
                ("schema", Tok::Schema),
                ("import", Tok::Import),
                ("input", Tok::Input),
                ("type", Tok::Type),
                ("test", Tok::Test),
            ],
            BodyKind::Schema => &[("check", Tok::Check)],
            BodyKind::Test => &[("assert", Tok::Assert), ("fails", Tok::Fails), ("snapshot", Tok::Snapshot)],
            BodyKind::Object => &[("delete", Tok::Delete)],
        };
        let word = self.tok_text(broken, 1).to_owned();
        let Some(near) = suggest::nearest(&word, keywords.iter().map(|(keyword, _)| *keyword)) else { return };
        let Some(&(keyword, tok)) = keywords.iter().find(|(keyword, _)| *keyword == near) else { return };
        let span = self.tok_span(broken, 1);
        let diag = Diag::error(Code::SYNTAX, format!("there is no `{word}`"))
            .at(span, format!("did you mean `{keyword}`?"))
            .fix(format!("write `{keyword}`"), span, keyword);
        self.set_report(broken, diag);
        broken.toks[1].1 = tok;
    }

    /// `|x| x + 1`: the bars of a lambda. True if they were replaced.
    pub(super) fn barred_lambda(&mut self, broken: &mut Broken, at: usize) -> bool {
        let is_bar = |at: usize| matches!(broken.toks.get(at), Some((_, Tok::Pipe, _)));
        let begins = at > 0 && matches!(broken.toks[at - 1].1, Tok::StartExpr | Tok::Eq | Tok::Comma | Tok::FatArrow);
        if broken.mode == Nonterminal::Arm || !begins || !is_bar(at) {
            return false;
        }
        let span = self.tok_span(broken, at);
        let diag = Diag::error(Code::SYNTAX, "a lambda has no `|`")
            .at(span, "its parameters stand before `=>`")
            .help("write `x => x + 1`, and with several parameters `(a, b) => a + b`");
        self.set_report(broken, diag);
        let offset = broken.toks[at].0;
        broken.toks.truncate(at);
        broken.toks.push((offset, Tok::Hole, offset));
        true
    }

    /// `List<T>`, `Array[T]`: a type with arguments, of which nothing is known. True if it was replaced.
    pub(super) fn type_arguments(&mut self, broken: &mut Broken, at: usize) -> bool {
        let opens = matches!(broken.toks.get(at), Some((_, Tok::Lt | Tok::Bracket(_), _)));
        if !opens || at < 2 || !self.follows_type(broken, at) {
            return false;
        }
        let behind = broken.toks[at..].iter().position(|tok| tok.1 == Tok::Eq).map_or(broken.toks.len(), |eq| at + eq);
        let diag = Diag::error(Code::SYNTAX, "types take no arguments")
            .at(self.tok_span(broken, at), "nothing can follow the name of a type here")
            .help("a list is `[T]`, a map is `{K: V}`, what may be null is `T?`");
        let whole = self.at(broken.toks[at - 1].0, broken.toks[behind - 1].2);
        let diag = match ours(&self.text[whole.range()]) {
            Some(ours) => diag.fix(format!("write `{ours}`"), whole, ours),
            None => diag,
        };
        self.set_report(broken, diag);
        broken.toks.drain(at..behind);
        broken.toks[at - 1].1 = Tok::Hole;
        true
    }

    /// `port Int` in a schema: a field whose colon is missing. True if it was put in.
    pub(super) fn bare_type(&mut self, broken: &mut Broken, at: usize) -> bool {
        let is_name = matches!(broken.toks.get(1), Some((_, Tok::Word(_), _)));
        let is_type = matches!(broken.toks.get(at), Some((_, Tok::Word(_), _)))
            && self.tok_text(broken, at).starts_with(char::is_uppercase);
        if broken.mode != Nonterminal::Item || self.body_kind != BodyKind::Schema || at != 2 || !is_name || !is_type {
            return false;
        }
        let offset = broken.toks[1].2;
        let name = self.tok_text(broken, 1).to_owned();
        let diag = Diag::error(Code::MISSING_VALUE, format!("no `:` before the type of `{name}`"))
            .at(self.tok_span(broken, at), "`:` must stand before it")
            .fix("write `:`", self.at(offset, offset), ":");
        self.set_report(broken, diag);
        broken.toks.insert(at, (offset, Tok::Colon, offset));
        true
    }

    /// A line that begins with `-`, or with a word that is an operator elsewhere, begins an item.
    fn line_of_another(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let span = self.tok_span(broken, 1);
        let word = self.tok_text(broken, 1).to_owned();
        let help = match word.as_str() {
            "-" => "to subtract, end the line before with `-`; a list is written `[a, b]`",
            "is" | "in" | "match" if at == 2 => {
                "end the line before with it, or put the whole expression in parentheses"
            }
            _ => return None,
        };
        let diag = Diag::error(Code::SYNTAX, format!("a line that begins with `{word}` begins a new item"));
        Some(diag.at(span, "this does not continue the line before").help(help))
    }

    /// `my-app = …`: keys with other signs stand in quotes.
    fn dashed_name(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let toks = &broken.toks;
        let is_word = |at: usize| matches!(toks.get(at), Some((_, Tok::Word(_) | Tok::Int(_), _)));
        let touches = |at: usize| at + 1 < toks.len() && toks[at].2 == toks[at + 1].0;
        let goes_on =
            |at: usize| matches!(toks.get(at), Some((_, Tok::Minus | Tok::Slash, _))) && touches(at) && is_word(at + 1);
        let is_path = toks[1..at].iter().all(|tok| matches!(tok.1, Tok::Word(_) | Tok::Dot));
        if !is_path || !is_word(at - 1) || !touches(at - 1) || !goes_on(at) {
            return None;
        }
        let slash = |at: usize| matches!(toks.get(at), Some((_, Tok::Slash, _)));
        let mut last = at + 1;
        let mut slashes = slash(at);
        while touches(last) && (goes_on(last + 1) || matches!(toks.get(last + 1), Some((_, Tok::Dot, _))) && slashes) {
            slashes |= slash(last + 1);
            last += 2;
        }
        // What stands before a `/` is one key with its dots, as in the labels of Kubernetes.
        let first = if slashes { 1 } else { at - 1 };
        let span = self.tok_span(broken, first).to(self.tok_span(broken, last));
        let name = &self.text[span.range()];
        let (quoted, title) = match self.body_kind {
            BodyKind::Object => (format!("\"{name}\""), format!("write `\"{name}\"`")),
            _ => (format!("`{name}`"), format!("write `` `{name}` ``")),
        };
        let diag = Diag::error(Code::SYNTAX, format!("`{name}` is no plain name"))
            .at(span, if slashes { "`/` divides" } else { "`-` subtracts" })
            .help("a key with other signs than letters, digits and `_` stands in quotes, a name in backticks");
        Some(diag.fix(title, span, quoted))
    }

    /// `[String: Int]`.
    fn map_in_brackets(&self, broken: &Broken, at: usize) -> Option<Diag> {
        if broken.toks.get(at)?.1 != Tok::Colon {
            return None;
        }
        let diag =
            Diag::error(Code::SYNTAX, "a map type stands in braces").at(self.tok_span(broken, at), "not in a list");
        Some(diag.help("write `{K: V}`, as in `{String: Int}`"))
    }

    /// The `Int>` of `Map<String, Int>`: an item that begins like no other declares nothing.
    fn rest_of_type(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let is_type = self.tok_text(broken, 1).starts_with(char::is_uppercase);
        let is_item = matches!(self.body_kind, BodyKind::Module | BodyKind::Schema);
        (at == 2 && is_type && is_item && broken.toks.get(at)?.1 == Tok::Gt).then(|| {
            self.explain_unexpected(broken, at).help("types take no arguments: a list is `[T]`, a map is `{K: V}`")
        })
    }

    /// `schema A: B` and `schema A(B)`.
    fn other_parent(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let is_name =
            matches!(broken.toks[at - 1].1, Tok::Word(_)) && broken.toks.get(at.checked_sub(2)?)?.1 == Tok::Schema;
        if !is_name || !matches!(broken.toks.get(at)?.1, Tok::Colon | Tok::Paren(_) | Tok::Lt) {
            return None;
        }
        let diag = Diag::error(Code::SYNTAX, "the parent of a schema stands behind `extends`");
        Some(
            diag.at(self.tok_span(broken, at), "this cannot follow the name")
                .help("write `schema Child extends Parent { … }`"),
        )
    }

    /// `test a { … }` and `test("a") { … }`.
    fn bare_test_name(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let named = matches!(broken.toks.get(2)?.1, Tok::Word(_) | Tok::Paren(_) | Tok::Colon);
        if self.word_at(broken, 1) != "test" || !named || self.body_kind != BodyKind::Module || at > 3 {
            return None;
        }
        let diag = Diag::error(Code::SYNTAX, "the name of a test stands in quotes behind `test`");
        Some(diag.at(self.tok_span(broken, 2), "not like this").help("write `test \"what holds\" { … }`"))
    }

    /// `resource "aws" "x" { … }`, `module a.b`, `package a`.
    fn block_with_labels(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let word = self.word_at(broken, 1);
        let span = self.tok_span(broken, at);
        let is_label = matches!(broken.toks.get(at)?.1, Tok::Str(_));
        if word.is_empty() || at != 2 {
            return None;
        }
        if matches!(word, "module" | "package" | "namespace") && !is_label {
            let diag = Diag::error(Code::SYNTAX, format!("there is no `{word}`"));
            return Some(diag.at(span, "a file is a module").help("`a/b.forge` is the module `a.b` of its package"));
        }
        let last = broken.toks.last()?.1;
        if !is_label || !matches!(last, Tok::Brace(_)) {
            return None;
        }
        let diag = Diag::error(Code::SYNTAX, "a block takes no labels").at(span, "braces stand behind a name");
        Some(match word {
            "variable" | "param" => {
                diag.help("a value from the command line is declared with `input name: Type = default`")
            }
            "output" | "locals" => diag.help("a value is named with `let name = …`, a field with `name = …`"),
            _ => diag.help("what is built is a field with a value: `name = Schema { … }`"),
        })
    }

    /// `a[0].b = …`.
    fn indexed_path(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let is_path = broken.toks[1..at].iter().all(|tok| matches!(tok.1, Tok::Word(_) | Tok::Dot | Tok::Str(_)));
        if !is_path || !matches!(broken.toks.get(at)?.1, Tok::Bracket(_)) {
            return None;
        }
        let diag = Diag::error(Code::SYNTAX, "a path has no `[…]`").at(self.tok_span(broken, at), "not in a path");
        Some(diag.help("an entry or element is reached by its key, as in `a.key` or `a.\"other/key\"`; the items of a plain list are not"))
    }
}

/// What a type with arguments is called here: `{String: Int}` for `Map<String, Int>`.
fn ours(theirs: &str) -> Option<String> {
    let theirs = theirs.trim();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let written = |text: &str| if plain(text) { Some(text.to_owned()) } else { ours(text) };
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
