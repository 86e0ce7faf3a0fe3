//! What we say about something that is missing.

use forge_base::{Code, Diag, Span};

use super::repair::{Broken, Spanned};
use super::tok::{Nonterminal, Tok};
use super::{BodyKind, Parser};

fn missing(headline: impl Into<String>, span: Span, label: &str) -> Diag {
    Diag::error(Code::MISSING_VALUE, headline).at(span, label)
}

impl Parser<'_> {
    /// What to say where `filler` was put in before the terminal at `at`.
    pub(super) fn explain_missing(&self, broken: &Broken, at: usize, filler: Tok) -> Diag {
        let (before, span) = self.before(broken, at);
        let keyword = broken.toks.get(1).map(|tok| tok.1);
        let as_type = if filler == Tok::Eq { self.type_for_value(broken, at) } else { None };
        if let Some(diag) = as_type {
            return diag;
        }
        match filler {
            Tok::HoleName => self.missing_name(broken, at, &before, span),
            Tok::Hole => self.missing_value(broken, at, &before, span),
            Tok::HoleBody => self.missing_body(broken, at, &before, span),
            Tok::Eq if at == 2 || keyword == Some(Tok::Let) => {
                // Behind `let x: Int` the name is what lacks a value.
                let name = if at > 3 { self.tok_text(broken, 2) } else { before.trim_matches('`') };
                let diag = missing(format!("`{name}` has no value"), span, "give it one with `= value`");
                match (self.body_kind, broken.toks.get(1).map(|tok| tok.1)) {
                    (_, Some(Tok::Str(_))) => Diag::error(Code::SYNTAX, "a string alone is no item")
                        .at(span, "nothing is set here")
                        .help("comments begin with `//`, documentation with `///`"),
                    (BodyKind::Object, Some(Tok::Word(_))) if at == 2 => diag
                        .maybe_fix(format!("write `{name} = {name}`"), span, format!("{name} = {name}"))
                        .help("a list of values stands in brackets: `[a, b]`"),
                    (BodyKind::Object, _) => diag.help("a list of values stands in brackets: `[a, b]`"),
                    _ => diag,
                }
            }
            Tok::Eq if keyword == Some(Tok::Fn) && at < broken.toks.len() => {
                missing("no `=` before what a function gives", span.at_end(), "`=` is missing")
                    .help("write `fn name(x: Int): Int = x + 1`; `{ let y = …, y + 1 }` behind the `=` is a block")
            }
            Tok::Eq => missing(format!("no value behind {before}"), span.at_end(), "`= …` is missing"),
            Tok::FatArrow => missing(format!("pattern {before} without a result"), span, "`=> value` must follow"),
            Tok::In => missing("`for` without `in`", span.at_end(), "`in` and what is walked are missing"),
            Tok::Colon => missing(format!("{before} without a type"), span, "`: Type` must follow"),
            Tok::Comma => missing("`check` without a message", span.at_end(), "`, \"message\"` is missing"),
            _ => missing(format!("{before} without `schema`"), span, "`schema` must follow"),
        }
    }

    /// `web: Web { … }`: a colon gives a type, and the braces are a value.
    fn type_for_value(&self, broken: &Broken, at: usize) -> Option<Diag> {
        let is_braces = matches!(broken.toks.get(at), Some((_, Tok::Brace(_) | Tok::Block(_), _)));
        let colon = broken.toks.iter().position(|tok| tok.1 == Tok::Colon)?;
        if !is_braces || broken.mode != Nonterminal::Item || broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Fn) {
            return None;
        }
        let sign = self.tok_span(broken, colon);
        let name = self.path_text(broken);
        let diag =
            Diag::error(Code::SYNTAX, format!("`{name}` is set with `=`, not `:`")).at(sign, "a colon gives a type");
        Some(diag.label(self.tok_span(broken, at), "this is a value").fix("write `=`", sign, " ="))
    }

    fn missing_name(&self, broken: &Broken, at: usize, before: &str, span: Span) -> Diag {
        let string = matches!(broken.toks.get(at), Some((_, Tok::Str(_), _)));
        if string && broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Import) {
            return Diag::error(Code::SYNTAX, "an import names a module, not a file")
                .at(self.tok_span(broken, at), "a string cannot stand here")
                .help("`a/b.forge` is the module `a.b` of its package");
        }
        let star = matches!(broken.toks.get(at), Some((_, Tok::Star, _)));
        if star && broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Import) {
            return Diag::error(Code::SYNTAX, "an import names what it takes")
                .at(self.tok_span(broken, at), "there is no import of everything")
                .help("list the names, as in `import a.b.{c, d}`, or import the module and write `b.c`");
        }
        match broken.toks[at - 1].1 {
            Tok::Dot | Tok::QuestionDot => missing(format!("no name behind {before}"), span, "a name must follow"),
            _ => missing(format!("{before} without a name"), span, "a name must follow"),
        }
    }

    fn missing_body(&self, broken: &Broken, at: usize, before: &str, span: Span) -> Diag {
        let heads = |tok: &&Spanned| matches!(tok.1, Tok::If | Tok::For | Tok::Match);
        let head = broken.toks[..at].iter().rev().find(heads).map(|tok| tok.1);
        let headline = match (broken.toks.get(1).map(|tok| tok.1), head) {
            (Some(Tok::Fn), _) => {
                return missing(format!("function {before} without parameters"), span.at_end(), "`(…)` must follow");
            }
            (_, Some(Tok::If)) => String::from("`if` without a block"),
            (_, Some(Tok::For)) => String::from("`for` without a block"),
            (_, Some(_)) => String::from("`match` without arms"),
            (Some(Tok::Test), _) => String::from("test without a body"),
            _ => format!("{before} without a body"),
        };
        missing(headline, span.at_end(), "`{ … }` must follow")
    }

    fn missing_value(&self, broken: &Broken, at: usize, before: &str, span: Span) -> Diag {
        if let Some(&(_, here, _)) = broken.toks.get(at) {
            let text = self.tok_text(broken, at);
            let place = self.tok_span(broken, at);
            let unexpected = Diag::error(Code::SYNTAX, format!("unexpected `{text}`"));
            return match here {
                Tok::For => Diag::error(Code::SYNTAX, "`for` is not a value")
                    .at(place, "`for` yields the items of a list, map or body")
                    .help("a list of what it yields is `[for x in xs { … }]`"),
                Tok::Block(_) | Tok::Brace(_) if at > 1 => unexpected
                    .at(place, format!("a value must stand between this and {before}"))
                    .help("braces behind a head open its block; a value in braces stands in parentheses"),
                _ if at < 2 => unexpected.at(place, "no value begins like this"),
                _ => unexpected.at(place, format!("a value must stand between this and {before}")),
            };
        }
        let name = self.path_text(broken);
        let type_decl = broken.mode == Nonterminal::Item && broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Type);
        match broken.toks[at - 1].1 {
            Tok::Eq if type_decl => missing("`=` without a type", span, "a type must follow"),
            Tok::Eq | Tok::PlusEq if !name.is_empty() => {
                missing(format!("`{name}` has no value"), span, "a value must stand behind this")
            }
            Tok::Colon => missing("`:` without a type", span, "a type must follow"),
            Tok::Is => missing("no type behind `is`", span, "a type must follow"),
            _ => missing(format!("no value behind {before}"), span, "a value must stand behind this"),
        }
    }

    /// The left side of the item, if it has a plain one.
    fn path_text(&self, broken: &Broken) -> String {
        if broken.mode != Nonterminal::Item {
            return String::new();
        }
        let first = match broken.toks.get(1).map(|tok| tok.1) {
            Some(Tok::Let | Tok::Input) => 2,
            Some(Tok::Word(_) | Tok::Str(_) | Tok::Int(_)) => 1,
            _ => return String::new(),
        };
        let ends = |tok: &Spanned| matches!(tok.1, Tok::Eq | Tok::PlusEq | Tok::Colon);
        let Some(sign) = broken.toks.iter().position(ends).filter(|&sign| sign > first) else { return String::new() };
        self.slice_of(broken.toks[first].0, broken.toks[sign - 1].2).replace('`', "")
    }

    fn slice_of(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }
}
