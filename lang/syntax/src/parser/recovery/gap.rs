//! What is missing where the parser stopped: which synthetic terminal is for it, and what is reported.

use forge_base::{Code, Diag, Span};

use super::super::terminal::{Keyword, Nonterminal, Terminal};
use super::super::{BodyKind, Parser, lookahead};
use super::{Broken, Context, begins_operand};
use crate::token::TokenKind;
use Terminal::{Block, Brace, Hole, HoleBody, HoleName, Op};

fn missing(headline: impl Into<String>, span: Span, label: &str) -> Diag {
    Diag::error(Code::MISSING_VALUE, headline).at(span, label)
}

impl Parser<'_> {
    /// The terminal that is missing before `at`, and what is reported about it.
    pub(super) fn gap(&self, broken: &Broken, cx: &Context, at: usize) -> Option<(Terminal, Diag)> {
        let here = broken.terminal(at);
        let before = broken.row[at - 1].terminal;
        if !before.ends_operand() {
            return self.gap_after_operator(broken, cx, at);
        }
        let is_braces = matches!(here, Some(Brace(_) | Block(_)));
        let ends = here.is_none();
        if let Some((head, place)) = cx.head {
            if head == Keyword::For && broken.find(place, |t| t == Terminal::Keyword(Keyword::In)) >= at {
                let diag =
                    missing("missing `in` in the head of a `for`", self.end_before(broken, at), "`in` must follow");
                return (ends || is_braces || here.is_some_and(begins_operand))
                    .then_some((Terminal::Keyword(Keyword::In), diag));
            }
            if ends || here == Some(Terminal::Keyword(Keyword::Else)) {
                return Some((HoleBody, self.missing_block(broken, head, at)));
            }
            return None;
        }
        match broken.goal {
            Nonterminal::Item => self.gap_in_item(broken, cx, at),
            Nonterminal::Arm
                if !cx.has_arrow(broken, at) && (ends || is_braces || here.is_some_and(begins_operand)) =>
            {
                let span = self.place_of(broken, at - 1);
                let headline = format!("pattern {} without a result", self.quote_before(broken, at));
                Some((Op(TokenKind::FatArrow), missing(headline, span, "`=> value` must follow")))
            }
            _ => None,
        }
    }

    /// What is missing after something that is not the end of an operand.
    fn gap_after_operator(&self, broken: &Broken, cx: &Context, at: usize) -> Option<(Terminal, Diag)> {
        use Keyword::{
            Abstract, As, Delete, Else, Extends, Fn, For, If, Import, Input, Let, Match, Open, Schema, Test, Type,
        };
        let here = broken.terminal(at);
        let span = self.place_of(broken, at - 1);
        let quoted = self.quote_before(broken, at);
        let name = || missing(format!("missing name after {quoted}"), span, "a name must follow");
        match broken.row[at - 1].terminal {
            Op(TokenKind::Dot | TokenKind::QuestionDot) => Some((HoleName, name())),
            Op(TokenKind::DotDot | TokenKind::Ellipsis) if cx.keyword == Some(Import) => Some((HoleName, name())),
            Op(TokenKind::Comma) if matches!(cx.head, Some((For, _))) => Some((HoleName, name())),
            Terminal::Keyword(Test) => {
                let diag = missing("test without a name", span, "a string must follow: `test \"what holds\" { … }`");
                Some((HoleName, diag))
            }
            Terminal::Keyword(Import | As | Type | Schema | Extends | Fn | Let | Input | For | Delete) => {
                Some((HoleName, name()))
            }
            Terminal::Keyword(Abstract | Open) => {
                let diag = missing(format!("{quoted} without `schema`"), span, "`schema` must follow");
                Some((Terminal::Keyword(Schema), diag))
            }
            Terminal::Keyword(Else) => Some((HoleBody, self.missing_block(broken, If, at))),
            Terminal::Start(Nonterminal::Item | Nonterminal::Param | Nonterminal::Element) => None,
            Op(TokenKind::At | TokenKind::Semicolon) => None,
            Op(TokenKind::Lt) if cx.keyword == Some(Fn) && !cx.has_params => None,
            before => {
                let fits = match here {
                    None => true,
                    Some(Op(kind)) => match kind {
                        TokenKind::At | TokenKind::Semicolon | TokenKind::Ellipsis | TokenKind::Arrow => false,
                        TokenKind::Eq => cx.in_type,
                        TokenKind::Colon => false,
                        _ => true,
                    },
                    Some(Terminal::Keyword(word)) => {
                        matches!(word, Keyword::In | Keyword::Is | Keyword::As | Keyword::Where)
                            || word == Else && cx.head.is_some()
                    }
                    Some(Block(_)) => !matches!(before, Terminal::Keyword(Match)) || at > 1,
                    _ => false,
                };
                fits.then(|| (Hole, self.missing_operand(broken, cx, at)))
            }
        }
    }

    /// What a declaration or a field still lacks.
    fn gap_in_item(&self, broken: &Broken, cx: &Context, at: usize) -> Option<(Terminal, Diag)> {
        use Keyword::{Check, Fn, Input, Let, Schema, Test, Type};
        let here = broken.terminal(at);
        let ends = here.is_none();
        let is_braces = matches!(here, Some(Brace(_) | Block(_)));
        let is_value = here.is_some_and(begins_operand) || is_braces;
        match cx.keyword {
            Some(Schema | Test) => ends.then(|| (HoleBody, self.missing_body(broken, cx, at))),
            Some(Fn) if !cx.has_params => {
                let follows = ends || is_braces || matches!(here, Some(Op(TokenKind::Eq | TokenKind::Colon)));
                follows.then(|| (HoleBody, self.missing_body(broken, cx, at)))
            }
            Some(Fn) if !cx.has_eq && is_value => {
                let diag =
                    missing("missing `=` before the function body", self.end_before(broken, at), "`=` must follow")
                        .help("write `fn name(x: Int): Int = x + 1`; `{ let y = …, y + 1 }` after the `=` is a block");
                Some((Op(TokenKind::Eq), diag))
            }
            Some(Check) => {
                let diag =
                    missing("`check` without a message", self.end_before(broken, at), "`, \"message\"` must follow");
                (ends || matches!(here, Some(Terminal::Str(_)))).then_some((Op(TokenKind::Comma), diag))
            }
            Some(Input) if !cx.in_type && !cx.has_eq => {
                let name = self.quote_before(broken, at);
                let span = self.place_of(broken, at - 1);
                let diag = match here {
                    None => missing(format!("{name} has no type"), span, "`: Type` must follow"),
                    Some(_) => missing("an input needs a type", span, "`: Type` must follow").help(
                        "the command line passes strings, which are parsed as this type: `input replicas: Int = 2`",
                    ),
                };
                Some((Op(TokenKind::Colon), diag))
            }
            Some(Let) if !cx.has_eq && cx.in_type && is_braces => Some(self.type_for_value(broken, cx, at)),
            Some(Let | Type | Input) if !cx.has_eq && (ends || is_value) => {
                Some((Op(TokenKind::Eq), self.missing_value(broken, cx, at)))
            }
            None if !cx.has_eq && !cx.in_type && broken.is_path(at) => self.gap_after_path(broken, at),
            None if !cx.has_eq && cx.in_type && is_braces => Some(self.type_for_value(broken, cx, at)),
            None if !cx.has_eq && cx.in_type && ends && self.body_kind == BodyKind::Object => {
                Some((Op(TokenKind::Eq), self.missing_value(broken, cx, at)))
            }
            _ => None,
        }
    }

    /// What follows the path that begins an item: `=`, or in a schema `:`.
    fn gap_after_path(&self, broken: &Broken, at: usize) -> Option<(Terminal, Diag)> {
        let here = broken.terminal(at);
        let name = self.path_of(broken, at);
        let is_schema = self.body_kind == BodyKind::Schema && at == 2;
        let eq = broken.find(at, |terminal| terminal == Op(TokenKind::Eq)) < broken.row.len();
        let span = self.place_of(broken, at - 1);
        if here.is_none() {
            if is_schema {
                return Some((
                    Op(TokenKind::Colon),
                    missing(format!("`{name}` has no type"), span, "`: Type` must follow"),
                ));
            }
            return Some((Op(TokenKind::Eq), self.missing_field_value(broken, at)));
        }
        let is_type = matches!(here, Some(Terminal::Bracket(_) | Terminal::Word(_) | Brace(_) | Terminal::Str(_)));
        let is_union = broken.find(at, |terminal| terminal == Op(TokenKind::Pipe)) < broken.row.len();
        if is_schema && is_type && (eq || is_union || !matches!(here, Some(Terminal::Word(_) | Terminal::Str(_)))) {
            let diag = missing(
                format!("missing `:` before the type of `{name}`"),
                self.place_of(broken, at),
                "`:` must precede it",
            );
            return Some((Op(TokenKind::Colon), diag.fix("write `:`", self.end_before(broken, at), ":")));
        }
        // A word that follows another on the line may be anything but a value, unless the line goes on like one.
        let is_value = match here {
            Some(Terminal::Word(_)) => {
                let next = broken.terminal(at + 1);
                broken.row.len() > at + 1
                    && !eq
                    && matches!(next, Some(Op(TokenKind::Dot) | Terminal::Paren(_) | Brace(_) | Op(_)))
            }
            Some(here) => begins_operand(here) && !matches!(here, Brace(_)),
            None => false,
        };
        is_value.then(|| {
            let headline = format!("missing `=` before the value of `{name}`");
            let diag = missing(headline, self.place_of(broken, at), "`=` must precede it");
            let title = match here {
                Some(Terminal::Word(_)) => format!("write `{name} = {}`", self.source_of(broken, at)),
                _ => String::from("write `=`"),
            };
            (Op(TokenKind::Eq), diag.fix(title, self.end_before(broken, at), " ="))
        })
    }

    /// `web: Web { … }`: a colon gives a type, and the braces are a value.
    fn type_for_value(&self, broken: &Broken, cx: &Context, at: usize) -> (Terminal, Diag) {
        let colon = broken.find(1, |terminal| terminal == Op(TokenKind::Colon));
        let sign = self.place_of(broken, colon);
        let name = self.declared_name(broken, cx, colon);
        let diag = Diag::error(Code::SYNTAX, format!("`{name}` is set with `=`, not `:`"))
            .at(sign, "a colon gives a type")
            .label(self.place_of(broken, at), "this is a value")
            .fix("write `=`", sign, " =");
        (Op(TokenKind::Eq), diag)
    }

    fn missing_field_value(&self, broken: &Broken, at: usize) -> Diag {
        let name = self.path_of(broken, at);
        let span = self.place_of(broken, at - 1);
        let diag = missing(format!("`{name}` has no value"), span, "give it one with `= value`");
        match self.body_kind {
            BodyKind::Object if matches!((at, broken.terminal(1)), (2, Some(Terminal::Word(_)))) => diag
                .maybe_fix(format!("write `{name} = {name}`"), span, format!("{name} = {name}"))
                .help("a list of values is written in brackets: `[a, b]`"),
            BodyKind::Object => diag.help("a list of values is written in brackets: `[a, b]`"),
            _ => diag,
        }
    }

    fn missing_value(&self, broken: &Broken, cx: &Context, at: usize) -> Diag {
        let name = self.declared_name(broken, cx, 2);
        missing(format!("`{name}` has no value"), self.place_of(broken, at - 1), "`= …` must follow")
    }

    /// The name after the keyword of a declaration, or the path of a field, which ends before `end`.
    fn declared_name(&self, broken: &Broken, cx: &Context, end: usize) -> String {
        match cx.keyword {
            Some(_) => self.source_of(broken, 2).to_owned(),
            None => self.path_of(broken, end),
        }
    }

    fn missing_block(&self, broken: &Broken, head: Keyword, at: usize) -> Diag {
        let headline = match head {
            Keyword::For => "`for` without a block",
            Keyword::Match => "`match` without arms",
            _ => "`if` without a block",
        };
        missing(headline, self.end_before(broken, at), "`{ … }` must follow")
    }

    fn missing_body(&self, broken: &Broken, cx: &Context, at: usize) -> Diag {
        let span = self.end_before(broken, at);
        let name = self.quote_before(broken, at);
        match cx.keyword {
            Some(Keyword::Fn) => missing(format!("function {name} without parameters"), span, "`(…)` must follow"),
            Some(Keyword::Test) => missing("test without a body", span, "`{ … }` must follow"),
            _ => missing(format!("{name} without a body"), span, "`{ … }` must follow"),
        }
    }

    fn missing_operand(&self, broken: &Broken, cx: &Context, at: usize) -> Diag {
        let span = self.place_of(broken, at - 1);
        let quoted = self.quote_before(broken, at);
        let before = broken.row[at - 1].terminal;
        if let Some(here) = broken.terminal(at)
            && !cx.in_type
        {
            let text = self.source_of(broken, at);
            let place = self.place_of(broken, at);
            let diag = Diag::error(Code::SYNTAX, format!("unexpected `{text}`"));
            return match here {
                _ if at < 2 => diag.at(place, "no value begins like this"),
                Block(_) | Brace(_) => diag
                    .at(place, format!("a value must precede this and follow {quoted}"))
                    .help("braces after a head open its block; a value in braces is written in parentheses"),
                _ => diag.at(place, format!("a value must precede this and follow {quoted}")),
            };
        }
        let sets = matches!(before, Op(TokenKind::Eq | TokenKind::PlusEq));
        let is_type = cx.in_type || sets && cx.keyword == Some(Keyword::Type);
        match before {
            _ if is_type => missing(format!("missing type after {quoted}"), span, "a type must follow"),
            Op(TokenKind::Eq | TokenKind::PlusEq)
                if broken.goal == Nonterminal::Item && cx.keyword != Some(Keyword::Fn) =>
            {
                let from = if cx.keyword.is_some() { 2 } else { 1 };
                let sign = broken.find(1, |t| matches!(t, Op(TokenKind::Eq | TokenKind::PlusEq | TokenKind::Colon)));
                let name = self.text.get(broken.row[from].start as usize..broken.row[sign - 1].end as usize);
                let name = name.unwrap_or("").replace('`', "");
                missing(format!("`{name}` has no value"), span, "a value must follow")
            }
            _ => missing(format!("missing value after {quoted}"), span, "a value must follow"),
        }
    }

    /// The end of the terminal before `at`.
    pub(super) fn end_before(&self, broken: &Broken, at: usize) -> Span {
        let end = broken.row[at - 1].end;
        self.at(end, end)
    }

    /// The path that begins an item, which ends before `at`.
    fn path_of(&self, broken: &Broken, at: usize) -> String {
        let (first, last) = (broken.row[1], broken.row[at - 1]);
        self.text.get(first.start as usize..last.end as usize).unwrap_or("").replace('`', "")
    }

    /// A body on the line after its head. True if it was taken.
    pub(super) fn body_on_next_line(&mut self, broken: &mut Broken, cx: &Context, at: usize) -> bool {
        let is_head = matches!(cx.keyword, Some(Keyword::Schema | Keyword::Test)) || cx.head.is_some();
        let brace = broken.end + 1;
        let follows = self.tree.get(broken.end).is_some_and(|token| token.kind == TokenKind::Newline)
            && self.tree.get(brace).is_some_and(|token| token.kind == TokenKind::LBrace);
        if !is_head || at < broken.row.len() || !follows || !broken.row[at - 1].terminal.ends_operand() {
            return false;
        }
        let head = self.end_before(broken, at);
        let span = self.token_span(brace);
        let diag = Diag::error(Code::SYNTAX, "the `{` of a body is on the line of its head")
            .at(span, "on the next line")
            .fix("move it to the line before", self.at(head.start, span.end), " {");
        broken.report(diag);
        broken.end = lookahead::after(self.tree, brace);
        broken.resume_at = Some(broken.end);
        self.reread(broken);
        true
    }
}

impl Context {
    fn has_arrow(&self, broken: &Broken, at: usize) -> bool {
        broken.find(1, |terminal| terminal == Op(TokenKind::FatArrow)) < at
    }
}
