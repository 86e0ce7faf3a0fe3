//! Forms of other languages where a try stopped: words before values, functions without names, branches without braces.

use forge_base::{Code, Diag};

use super::repair::Broken;
use super::tok::{Nonterminal, Tok};
use super::{BodyKind, Parser, lookahead};
use crate::token::TokenKind;

impl Parser<'_> {
    /// A word or sign where a try stopped that other languages put there. True if something was replaced.
    pub(super) fn foreign_form(&mut self, broken: &mut Broken, at: usize) -> bool {
        self.set_in_condition(broken, at)
            || self.nameless_function(broken, at)
            || self.needless_word(broken, at)
            || self.other_match(broken, at)
            || self.for_of(broken, at)
            || self.string_prefix(broken, at)
            || self.bare_branches(broken, at)
            || self.late_condition(broken, at)
            || self.bare_function_type(broken, at)
            || self.bare_value(broken, at)
            || self.value_in_braces(broken, at)
    }

    /// `fn f(x: Int): Int = { x + 1 }`: braces around one value.
    fn value_in_braces(&mut self, broken: &mut Broken, at: usize) -> bool {
        use Tok::{AndAnd, Coalesce, EqEq, Ge, Gt, Le, Lt, Minus, NotEq, OrOr, Percent, Plus, Slash, Star};
        let operator = matches!(
            broken.toks.get(at).map(|tok| tok.1),
            Some(AndAnd | Coalesce | EqEq | Ge | Gt | Le | Lt | Minus | NotEq | OrOr | Percent | Plus | Slash | Star)
        );
        let Some(group) = self.group_around(broken.end).filter(|_| operator) else { return false };
        let alone = broken.start > 0 && self.tree[broken.start - 1].start == group.start;
        if broken.mode != Nonterminal::Item || at < 2 || !alone || self.body_kind != BodyKind::Object {
            return false;
        }
        let span = self.range_span(broken.start, broken.end);
        let diag = Diag::error(Code::SYNTAX, "these braces hold fields, not a value")
            .at(span, "a value, where `name = value` is expected")
            .help("write the value without braces; with steps before it, `{ let y = 1, y + 1 }`");
        self.set_report(broken, diag);
        self.distrust(group);
        broken.leave_out();
        true
    }

    /// `Int -> Int` for `(Int) -> Int`.
    fn bare_function_type(&mut self, broken: &mut Broken, at: usize) -> bool {
        if at < 2 || broken.toks.get(at).is_none_or(|tok| tok.1 != Tok::Arrow) || !self.follows_type(broken, at) {
            return false;
        }
        let span = self.tok_span(broken, at - 1);
        let param = self.tok_text(broken, at - 1).to_owned();
        let diag = Diag::error(Code::SYNTAX, "the parameters of a function type stand in parentheses")
            .at(span, "without parentheses")
            .fix(format!("write `({param})`"), span, format!("({param})"));
        self.set_report(broken, diag);
        let behind = broken.toks[at..].iter().position(|tok| tok.1 == Tok::Eq).map_or(broken.toks.len(), |eq| at + eq);
        broken.toks.drain(at..behind);
        broken.toks[at - 1].1 = Tok::Hole;
        true
    }

    /// `port 80` for `port = 80`.
    fn bare_value(&mut self, broken: &mut Broken, at: usize) -> bool {
        use Tok::{Bracket, Duration, False, Float, Int, Null, Quantity, Str, True};
        let name = self.word_at(broken, 1).to_owned();
        let value = matches!(
            broken.toks.get(at).map(|tok| tok.1),
            Some(Str(_) | Int(_) | Float(_) | Quantity(_) | Duration(_) | Bracket(_) | True | False | Null)
        );
        let only = broken.toks.len() == 3;
        if broken.mode != Nonterminal::Item
            || at != 2
            || name.is_empty()
            || !value
            || !only
            || self.body_kind != BodyKind::Object
        {
            return false;
        }
        let (_, _, end) = broken.toks[1];
        let diag = Diag::error(Code::MISSING_VALUE, format!("no `=` before the value of `{name}`"))
            .at(self.tok_span(broken, 2), "`=` must stand before it")
            .fix("write `=`", self.at(end, end), " =");
        self.set_report(broken, diag);
        broken.toks.insert(2, (end, Tok::Eq, end));
        true
    }

    /// `if a = b` for `if a == b`.
    fn set_in_condition(&mut self, broken: &mut Broken, at: usize) -> bool {
        if broken.toks.get(at).is_none_or(|tok| tok.1 != Tok::Eq) || at < 2 {
            return false;
        }
        let before = &broken.toks[1..at];
        let opens = |tok: &Tok| {
            matches!(tok, Tok::If | Tok::Match | Tok::Assert | Tok::Check | Tok::FatArrow | Tok::Eq | Tok::Block(_))
        };
        let head = before.iter().rev().map(|tok| tok.1).find(opens);
        let condition = matches!(head, Some(Tok::If | Tok::Match | Tok::Assert | Tok::Check | Tok::FatArrow));
        if !(condition || head.is_none() && broken.mode == Nonterminal::Expr) {
            return false;
        }
        let span = self.tok_span(broken, at);
        let diag = Diag::error(Code::SYNTAX, "values are compared with `==`, not `=`")
            .at(span, "`=` sets a field")
            .fix("write `==`", span, "==");
        self.set_report(broken, diag);
        broken.toks[at].1 = Tok::EqEq;
        true
    }

    /// `fn(x) { … }`, `lambda x: …` and `function (x) …` as values.
    fn nameless_function(&mut self, broken: &mut Broken, at: usize) -> bool {
        let here = broken.toks.get(at).is_some_and(|tok| tok.1 == Tok::Fn);
        let before = matches!(self.word_at(broken, at.saturating_sub(1)), "lambda" | "function" | "func");
        let at = if before { at - 1 } else { at };
        if !(here || before) || at < 1 || broken.mode == Nonterminal::Item && at < 2 {
            return false;
        }
        self.report_nameless(broken, at);
        true
    }

    fn report_nameless(&mut self, broken: &mut Broken, at: usize) {
        let diag = Diag::error(Code::SYNTAX, "a function without a name is written `x => …`")
            .at(self.tok_span(broken, at), "this word means nothing here")
            .help("with several parameters `(a, b) => a + b`, with steps `x => { let y = x * 2, y + 1 }`");
        self.set_report(broken, diag);
        self.leave_value(broken, at);
    }

    /// `new S {}`, `await x`, `return x`: words before a value.
    fn needless_word(&mut self, broken: &mut Broken, at: usize) -> bool {
        let Some(last) = at.checked_sub(1).filter(|&last| last > 0 && broken.toks.len() > at) else { return false };
        let word = self.word_at(broken, last).to_owned();
        let help = match word.as_str() {
            "new" => "a schema and its body make an instance: `S { … }`",
            "await" | "async" | "yield" | "lazy" => "a value is computed when it is read",
            "return" => "the last line of a block is its value",
            "typeof" => "`is` asks for a type: `x is Int`",
            _ => return false,
        };
        if broken.mode == Nonterminal::Item && last == 1 && word != "return" {
            return false;
        }
        let diag = Diag::error(Code::SYNTAX, format!("there is no `{word}`"))
            .at(self.tok_span(broken, last), "this word means nothing here")
            .help(help);
        self.set_report(broken, diag);
        broken.garble(last);
        broken.toks.remove(last);
        if broken.mode == Nonterminal::Item && last == 1 {
            // What holds an item that is meant as its value is not what it says either.
            if let Some(group) = self.group_around(broken.end) {
                self.distrust(group);
            }
            broken.leave_out();
        }
        true
    }

    /// `switch x { … }`, `when x { … }`.
    fn other_match(&mut self, broken: &mut Broken, at: usize) -> bool {
        let Some(last) = at.checked_sub(1).filter(|&last| last > 0) else { return false };
        let word = self.word_at(broken, last).to_owned();
        if !matches!(word.as_str(), "switch" | "when" | "case" | "select") {
            return false;
        }
        let braces = broken.toks[at..].iter().position(|tok| matches!(tok.1, Tok::Brace(_) | Tok::Block(_)));
        let Some(block) = braces.map(|behind| at + behind) else { return false };
        let (Tok::Brace(group) | Tok::Block(group)) = broken.toks[block].1 else { return false };
        let span = self.tok_span(broken, last);
        let diag = Diag::error(Code::SYNTAX, format!("there is no `{word}`; the word is `match`"))
            .at(span, "this word means nothing here")
            .fix("write `match`", span, "match")
            .help("its arms are written `pattern => value`");
        self.set_report(broken, diag);
        broken.garble(last);
        broken.toks[last].1 = Tok::Match;
        broken.toks[block].1 = Tok::Block(group);
        true
    }

    /// `for x of xs`.
    fn for_of(&mut self, broken: &mut Broken, at: usize) -> bool {
        let head = at >= 2 && matches!(broken.toks[at - 2].1, Tok::For | Tok::Comma);
        if !head || self.word_at(broken, at) != "of" {
            return false;
        }
        let span = self.tok_span(broken, at);
        let diag = Diag::error(Code::SYNTAX, "`for` walks what stands behind `in`, not `of`")
            .at(span, "this word means nothing here")
            .fix("write `in`", span, "in");
        self.set_report(broken, diag);
        broken.toks[at].1 = Tok::In;
        true
    }

    /// `f"{x}"`, `r"…"`.
    fn string_prefix(&mut self, broken: &mut Broken, at: usize) -> bool {
        let Some(last) = at.checked_sub(1).filter(|&last| last > 0) else { return false };
        let touches = matches!(broken.toks.get(at), Some(&(start, Tok::Str(open), _)) if start == broken.toks[last].2 && !self.is_open(open));
        let prefix = self.word_at(broken, last);
        if !touches || !matches!(prefix, "f" | "r" | "b" | "u" | "s" | "rf" | "fr" | "F" | "R") {
            return false;
        }
        let span = self.tok_span(broken, last);
        let diag = Diag::error(Code::SYNTAX, format!("strings have no prefix `{prefix}`"))
            .at(span, "this letter means nothing here")
            .maybe_fix("remove it", span, "")
            .help("each string interpolates with `\\(value)`; a raw one is written `#\"…\"#`");
        self.set_report(broken, diag);
        broken.toks.remove(last);
        true
    }

    /// `if c then a else b`, `if (c) a else b`, `if c: a`.
    fn bare_branches(&mut self, broken: &mut Broken, at: usize) -> bool {
        let Some(head) = broken.toks[..at.min(broken.toks.len())].iter().rposition(|tok| tok.1 == Tok::If) else {
            return false;
        };
        let opened = broken.toks[head..].iter().any(|tok| matches!(tok.1, Tok::Block(_)));
        let fits = self.word_at(broken, at) == "then"
            || broken.toks[at.min(broken.toks.len())..].iter().any(|tok| tok.1 == Tok::Else)
            || broken.toks.get(at).is_some_and(|tok| tok.1 == Tok::Colon);
        let value =
            head > 0 && matches!(broken.toks[head - 1].1, Tok::Eq | Tok::StartExpr | Tok::FatArrow | Tok::StartElement);
        if opened || !fits || at < head + 2 || !value {
            return false;
        }
        let diag = Diag::error(Code::SYNTAX, "the branches of an `if` stand in braces")
            .at(self.tok_span(broken, head), "without braces behind its condition")
            .help("write `if condition { a } else { b }`");
        self.set_report(broken, diag);
        self.leave_value(broken, head);
        broken.cut = self.else_behind(broken.end).or(broken.cut);
        true
    }

    /// Where a line ends that begins with `else` behind `end`, where an `if` without braces does.
    fn else_behind(&self, end: usize) -> Option<usize> {
        let newline = self.tree.get(end)?.kind == TokenKind::Newline;
        let next = self.tree.get(end + 1)?;
        if !newline || next.kind != TokenKind::Ident || self.token_text(end + 1) != "else" {
            return None;
        }
        let mut at = end + 1;
        while self.tree.get(at).is_some_and(|entry| !lookahead::separates(entry.kind) && !lookahead::closes(entry.kind))
        {
            at = lookahead::after(self.tree, at);
        }
        Some(at)
    }

    /// `a if c else b` and `x * 2 for x in xs`.
    fn late_condition(&mut self, broken: &mut Broken, at: usize) -> bool {
        let Some(tok) = broken.toks.get(at).map(|tok| tok.1) else { return false };
        let is_else = broken.toks[at..].iter().any(|tok| tok.1 == Tok::Else);
        let diag = match tok {
            Tok::If if is_else => Diag::error(Code::SYNTAX, "`if` stands before what it chooses from")
                .at(self.tok_span(broken, at), "behind a value")
                .help("write `if condition { a } else { b }`"),
            Tok::For if broken.mode == Nonterminal::Expr => self.explain_unexpected(broken, at),
            _ => return false,
        };
        let begins = |tok: &Tok| matches!(tok, Tok::Eq | Tok::StartExpr | Tok::FatArrow | Tok::PlusEq);
        let Some(start) = broken.toks[..at].iter().rposition(|tok| begins(&tok.1)) else { return false };
        self.set_report(broken, diag);
        self.leave_value(broken, start + 1);
        true
    }

    /// Puts a hole in the place of all that stands from `at` on.
    pub(super) fn leave_value(&mut self, broken: &mut Broken, at: usize) {
        broken.garble(at);
        let offset = broken.toks[at].0;
        broken.toks.truncate(at);
        broken.toks.push((offset, Tok::Hole, offset));
    }
}
