//! Mistakes of those who come from other languages, and what we say about a terminal that does not fit.

use forge_base::{Code, Diag};

use super::repair::Broken;
use super::tok::{Nonterminal, Tok};
use super::{BodyKind, Parser, lookahead};

impl Parser<'_> {
    /// Replaces what is surely meant as something else before the first try.
    pub(super) fn replace_known_mistakes(&mut self, broken: &mut Broken) {
        if broken.mode == Nonterminal::Item {
            self.by_indentation(broken);
        }
        self.replace_foreign_forms(broken);
        if broken.mode == Nonterminal::Item {
            self.keyword_as_name(broken);
            self.wrong_set_sign(broken);
            self.foreign_keyword(broken);
            self.misspelled_keyword(broken);
            self.bare_result_type(broken);
        }
        self.ternary(broken);
        self.bare_range(broken);
        self.wrong_arrows(broken);
    }

    /// `name: value` in an object, `name == value` and `name => value`.
    fn wrong_set_sign(&mut self, broken: &mut Broken) {
        let Some(behind) = lookahead::path_end(self.tree, broken.start, broken.end) else { return };
        let Some(offset) = self.tree.get(behind).filter(|_| behind < broken.end).map(|entry| entry.start) else {
            return;
        };
        let Some(at) = broken.toks.iter().position(|tok| tok.0 == offset && tok.2 > offset) else { return };
        let why = match broken.toks[at].1 {
            Tok::Colon if self.body_kind == BodyKind::Object => "a colon gives a type",
            Tok::Colon if self.body_kind == BodyKind::Test => "a colon gives a type",
            Tok::EqEq if self.body_kind == BodyKind::Test => return self.claim_without_assert(broken),
            Tok::EqEq => "`==` compares",
            Tok::FatArrow => "`=>` begins the result of a lambda or `match` arm",
            _ => return,
        };
        let sign = self.tok_text(broken, at).to_owned();
        let span = self.tok_span(broken, at);
        let text = if sign == ":" { " =" } else { "=" };
        let diag = Diag::error(Code::SYNTAX, format!("a field is set with `=`, not `{sign}`")).at(span, why).fix(
            "write `=`",
            span,
            text,
        );
        self.set_report(broken, diag);
        broken.toks[at].1 = Tok::Eq;
    }

    /// `a == b` alone in a test.
    fn claim_without_assert(&mut self, broken: &mut Broken) {
        let span = self.tok_span(broken, 1);
        let diag = Diag::error(Code::SYNTAX, "a claim of a test begins with `assert`")
            .at(span, "this is a condition alone")
            .fix("write `assert`", span.at_start(), "assert ");
        self.set_report(broken, diag);
        broken.toks.insert(1, (broken.toks[1].0, Tok::Assert, broken.toks[1].0));
    }

    /// `if = 3`: six words need backticks as names of fields.
    fn keyword_as_name(&mut self, broken: &mut Broken) {
        let (Some(first), Some(second)) = (broken.toks.get(1), broken.toks.get(2)) else { return };
        let keyword = matches!(first.1, Tok::If | Tok::For | Tok::Let | Tok::Check | Tok::Fn | Tok::Delete);
        if !keyword || !matches!(second.1, Tok::Eq | Tok::PlusEq | Tok::Colon | Tok::Dot) {
            return;
        }
        let span = self.tok_span(broken, 1);
        let word = self.tok_text(broken, 1).to_owned();
        let diag = Diag::error(Code::SYNTAX, format!("`{word}` needs backticks to be a name"))
            .at(span, "a keyword where an item begins")
            .fix(format!("write `` `{word}` ``"), span, format!("`{word}`"));
        self.set_report(broken, diag);
        broken.toks[1].1 = Tok::Word(broken.start as u32);
    }

    /// `fn f(x: Int) Int = …`.
    fn bare_result_type(&mut self, broken: &mut Broken) {
        if broken.toks.get(1).is_none_or(|tok| tok.1 != Tok::Fn) {
            return;
        }
        let Some(params) = broken.toks.iter().position(|tok| matches!(tok.1, Tok::Paren(_))) else { return };
        let Some(&(start, Tok::Word(_) | Tok::Bracket(_), _)) = broken.toks.get(params + 1) else { return };
        let span = self.tok_span(broken, params + 1);
        let before = self.at(broken.toks[params].2, broken.toks[params].2);
        let diag = Diag::error(Code::SYNTAX, "the result type of a function stands behind `:`")
            .at(span, "a colon must stand before it")
            .fix("write `:`", before, ":");
        self.set_report(broken, diag);
        broken.toks.insert(params + 1, (start, Tok::Colon, start));
    }

    /// `class X { … }`, `const x = …`, `def f(x)`: the first word becomes ours.
    fn foreign_keyword(&mut self, broken: &mut Broken) {
        let (Some(&(_, Tok::Word(_), _)), Some(&(_, Tok::Word(_), _))) = (broken.toks.get(1), broken.toks.get(2))
        else {
            return;
        };
        let word = self.tok_text(broken, 1).to_owned();
        let (ours, tok) = match word.as_str() {
            "class" | "struct" | "interface" | "record" | "trait" | "object" => ("schema", Tok::Schema),
            "def" | "func" | "function" | "fun" | "method" => ("fn", Tok::Fn),
            "const" | "var" | "val" | "local" | "mut" | "static" => ("let", Tok::Let),
            "typealias" | "typedef" | "enum" => ("type", Tok::Type),
            "use" | "include" | "require" | "from" => ("import", Tok::Import),
            "variable" | "param" | "option" => ("input", Tok::Input),
            "assertion" | "require_that" | "ensure" | "validate" => ("check", Tok::Check),
            _ => return,
        };
        let span = self.tok_span(broken, 1);
        let diag = Diag::error(Code::SYNTAX, format!("there is no `{word}`; the word is `{ours}`"))
            .at(span, format!("`{word}` means nothing here"))
            .maybe_fix(format!("write `{ours}`"), span, ours);
        self.set_report(broken, diag);
        broken.toks[1].1 = tok;
    }

    /// `1..6`, whose end belongs to it in some languages and not in others.
    fn bare_range(&mut self, broken: &mut Broken) {
        if broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Import) {
            return;
        }
        let Some(at) = broken.toks.iter().position(|tok| tok.1 == Tok::DotDot) else { return };
        let span = self.tok_span(broken, at);
        let diag = Diag::error(Code::SYNTAX, "a range says whether its end belongs to it")
            .at(span, "`..` does not")
            .maybe_fix("write `..=`, with the end", span, "..=")
            .maybe_fix("write `..<`, without the end", span, "..<");
        self.set_report(broken, diag);
        broken.toks[at].1 = Tok::RangeExclusive;
    }

    /// `cond ? a : b`.
    fn ternary(&mut self, broken: &mut Broken) {
        let question = broken.toks.iter().position(|tok| tok.1 == Tok::Question);
        let Some(question) = question else { return };
        let begin = |tok: &Tok| matches!(tok, Tok::Eq | Tok::PlusEq | Tok::StartExpr | Tok::FatArrow | Tok::Comma);
        let Some(start) = broken.toks[..question].iter().rposition(|tok| begin(&tok.1)) else { return };
        let Some(colon) = broken.toks[question..].iter().position(|tok| tok.1 == Tok::Colon) else { return };
        let span = self.tok_span(broken, question);
        let diag =
            if colon == 1 {
                let span = span.to(self.tok_span(broken, question + 1));
                Diag::error(Code::SYNTAX, "there is no `?:`")
                    .at(span, "the value in place of null stands behind `??`")
                    .fix("write `??`", span, "??")
            } else {
                Diag::error(Code::SYNTAX, "there is no `? :`")
                    .at(span, "`?` makes a type nullable")
                    .help("write `if condition { a } else { b }`")
            };
        self.set_report(broken, diag);
        let offset = broken.toks[start].2;
        broken.toks.truncate(start + 1);
        broken.toks.push((offset, Tok::Hole, offset));
    }

    /// `->` for a lambda and `=>` for a function type.
    fn wrong_arrows(&mut self, broken: &mut Broken) {
        let arrow = |tok: &Tok| matches!(tok, Tok::Arrow | Tok::FatArrow);
        let Some(at) = broken.toks.iter().position(|tok| arrow(&tok.1)) else { return };
        let in_type = match broken.mode {
            Nonterminal::Type => true,
            Nonterminal::Item | Nonterminal::Param => {
                broken.toks[..at].iter().rposition(|tok| matches!(tok.1, Tok::Colon | Tok::Eq)).is_some_and(|sign| {
                    broken.toks[sign].1 == Tok::Colon || broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Type)
                })
            }
            Nonterminal::Expr | Nonterminal::Arm | Nonterminal::Element => false,
        };
        let (ours, tok, why) = match (broken.toks[at].1, in_type) {
            (Tok::Arrow, false) => ("=>", Tok::FatArrow, "`->` stands in function types only"),
            (Tok::FatArrow, true) => ("->", Tok::Arrow, "`=>` stands in lambdas and `match` arms only"),
            _ => return,
        };
        let span = self.tok_span(broken, at);
        let theirs = self.tok_text(broken, at).to_owned();
        // `fn f(x: Int) -> Int` is a result type with the wrong sign.
        let result = broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Fn) && theirs == "->";
        let diag = if result {
            broken.toks[at].1 = Tok::Colon;
            Diag::error(Code::SYNTAX, "the result type of a function stands behind `:`")
                .at(span, "`->` stands in function types only")
                .fix("write `:`", span, ":")
        } else {
            broken.toks[at].1 = tok;
            Diag::error(Code::SYNTAX, format!("`{theirs}` where `{ours}` is meant")).at(span, why).fix(
                format!("write `{ours}`"),
                span,
                ours,
            )
        };
        self.set_report(broken, diag);
    }

    /// `and`, `or`, `not`, `elif` and their like at `at` or just before it. True if one was replaced.
    pub(super) fn foreign_word(&mut self, broken: &mut Broken, at: usize) -> bool {
        let word = |parser: &Self, broken: &Broken, at: usize| match broken.toks.get(at) {
            Some((_, Tok::Word(_), _)) => parser.tok_text(broken, at).to_owned(),
            Some((_, Tok::Pipe, _)) if broken.mode != Nonterminal::Arm => String::from("|"),
            _ => String::new(),
        };
        let here = word(self, broken, at);
        let (place, ours, tok) = match here.as_str() {
            "and" => (at, "&&", Tok::AndAnd),
            "or" | "|" => (at, "||", Tok::OrOr),
            "mod" => (at, "%", Tok::Percent),
            "elif" | "elsif" | "elseif" => return self.else_if_word(broken, at, &here),
            _ => match word(self, broken, at.saturating_sub(1)).as_str() {
                "not" if at > 1 => (at - 1, "!", Tok::Bang),
                _ => return false,
            },
        };
        let span = self.tok_span(broken, place);
        let theirs = self.tok_text(broken, place).to_owned();
        let diag = Diag::error(Code::SYNTAX, format!("the operator is written `{ours}`, not `{theirs}`"))
            .at(span, format!("`{theirs}` means nothing here"));
        let diag = match (theirs.as_str(), broken.toks.get(place + 1)) {
            ("not", Some(next)) => diag.fix("write `!`", self.at(span.start, next.0), "!"),
            _ => diag.fix(format!("write `{ours}`"), span, ours),
        };
        self.set_report(broken, diag);
        if theirs == "|" {
            // Who wants bits or a type means no condition.
            broken.garble(place - 1);
        }
        broken.toks[place].1 = tok;
        true
    }

    fn else_if_word(&mut self, broken: &mut Broken, at: usize, word: &str) -> bool {
        let span = self.tok_span(broken, at);
        let diag = Diag::error(Code::SYNTAX, format!("there is no `{word}`"))
            .at(span, "a further condition begins with `else if`")
            .fix("write `else if`", span, "else if");
        self.set_report(broken, diag);
        let (start, _, end) = broken.toks[at];
        broken.toks[at] = (start, Tok::Else, end);
        broken.toks.insert(at + 1, (end, Tok::If, end));
        // The braces behind it were not seen as a block.
        if let Some(brace) = broken.toks[at + 2..].iter_mut().find(|tok| matches!(tok.1, Tok::Brace(_)))
            && let Tok::Brace(entry) = brace.1
        {
            brace.1 = Tok::Block(entry);
        }
        true
    }

    /// Whether a type ends before the terminal at `at`.
    pub(super) fn follows_type(&self, broken: &Broken, at: usize) -> bool {
        let sign = broken.toks[..at].iter().rev().map(|tok| tok.1).find(|tok| matches!(tok, Tok::Colon | Tok::Eq));
        let declares = broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Type);
        let in_type = broken.mode == Nonterminal::Type || sign == Some(Tok::Colon) || declares && sign.is_some();
        in_type && matches!(broken.toks[at - 1].1, Tok::Word(_))
    }

    /// What to say about a segment that cannot be mended.
    pub(super) fn explain_unreadable(&self, broken: &Broken) -> Diag {
        let span = self.tok_span(broken, 1);
        if broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Test) {
            return Diag::error(Code::MISSING_VALUE, "test without a name")
                .at(span, "its name must follow: `test \"what holds\" { … }`");
        }
        Diag::error(Code::SYNTAX, "this cannot be read").at(span, "nothing can be made of what begins here")
    }

    /// What to say about the terminal at `at`, which does not fit.
    pub(super) fn explain_unexpected(&self, broken: &Broken, at: usize) -> Diag {
        let span = self.tok_span(broken, at);
        let text = self.tok_text(broken, at).to_owned();
        let first = at < 2;
        let diag = Diag::error(Code::SYNTAX, format!("unexpected `{text}`"));
        if broken.mode == Nonterminal::Param {
            return diag.at(span, "a parameter is a name, perhaps with `: Type` and `= default`");
        }
        match broken.toks[at].1 {
            Tok::Brace(_) | Tok::Block(_) if first && broken.mode == Nonterminal::Item => {
                diag.at(span, "braces stand behind a name, on the same line: `name { … }`")
            }
            Tok::Question => diag
                .at(span, "`?` makes a type nullable, `??` gives a value for null")
                .help("there is no `? :`; write `if condition { a } else { b }`"),
            Tok::Ellipsis => diag.at(span, "a spread is an item or element of its own: `...xs`"),
            Tok::At => diag.at(span, "an annotation stands before a declaration or field"),
            Tok::Let => diag.at(span, "`let` begins an item of its own"),
            Tok::Else => diag.at(span, "there is no `if` with braces before it"),
            Tok::For if !first && broken.mode == Nonterminal::Expr => {
                Diag::error(Code::SYNTAX, "`for` stands before what it yields")
                    .at(span, "behind a value")
                    .help("write `[for x in xs { x }]`, and for a filter `[for x in xs if c { x }]`")
            }
            Tok::Lt | Tok::Bracket(_) if self.follows_type(broken, at) => {
                Diag::error(Code::SYNTAX, "types take no arguments")
                    .at(span, "nothing can follow the name of a type here")
                    .help("a list is `[T]`, a map is `{K: V}`")
            }
            Tok::If | Tok::For if !first => diag.at(span, "something is missing before it, or a separator"),
            Tok::Eq if broken.mode == Nonterminal::Expr || broken.toks[..at].iter().any(|tok| tok.1 == Tok::Eq) => {
                diag.at(span, "a value cannot be set here").help("`==` compares")
            }
            Tok::Eq if broken.toks[1].1 == Tok::Input => Diag::error(Code::MISSING_VALUE, "an input needs a type")
                .at(span, "`: Type` must stand before this")
                .help("the command line gives texts, which are read by the type: `input replicas: Int = 2`"),
            Tok::Eq | Tok::PlusEq | Tok::Colon => diag.at(span, "what stands before it is not the name of a field"),
            Tok::Word(_) | Tok::Int(_) | Tok::Float(_) | Tok::Quantity(_) | Tok::Duration(_) | Tok::Str(_)
                if !first =>
            {
                let help = match broken.mode {
                    Nonterminal::Item => "items stand on lines of their own, or have a comma between them",
                    _ => "a comma or an operator is missing before it",
                };
                diag.at(span, "does not follow from what stands before it").help(help)
            }
            _ => diag.at(span, "nothing can be made of this here"),
        }
    }
}
