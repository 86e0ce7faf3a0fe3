//! Forms of other languages that can be told before a segment is read again: words before declarations, signs that touch.
//!
//! What has a counterpart here becomes it; of the rest nothing is read, and one message says how it is written.

use forge_base::{Code, Diag, TextEdit};

use super::repair::Broken;
use super::tok::{Nonterminal, Tok};
use super::{BodyKind, Parser};

impl Parser<'_> {
    /// Replaces foreign forms that can be told before the first try.
    pub(super) fn replace_foreign_forms(&mut self, broken: &mut Broken) {
        if broken.mode == Nonterminal::Item {
            self.needless_modifier(broken);
            self.import_from(broken);
            self.slashed_import(broken);
            self.several_parents(broken);
            self.type_first(broken);
            self.question_behind_name(broken);
            self.quoted_field(broken);
            self.function_arrow(broken);
            self.enumeration(broken);
            self.set_behind_let(broken);
            self.set_before_body(broken);
        }
        if broken.mode == Nonterminal::Param {
            self.type_first(broken);
            self.dotted_parameter(broken);
        }
        if broken.mode == Nonterminal::Arm {
            self.arm_sign(broken);
        }
        self.touching_signs(broken);
        self.object_in_head(broken);
        self.parentheses_of_for(broken);
    }

    pub(super) fn word_at(&self, broken: &Broken, at: usize) -> &str {
        match broken.toks.get(at) {
            Some((_, Tok::Word(_), _)) => self.tok_text(broken, at),
            _ => "",
        }
    }

    /// `pub fn`, `export let`, `let mut x`: words that say nothing here.
    fn needless_modifier(&mut self, broken: &mut Broken) {
        let at = if broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Let) { 2 } else { 1 };
        let follows = matches!(broken.toks.get(at + 1), Some((_, Tok::Word(_), _)));
        let word = self.word_at(broken, at).to_owned();
        let help = match word.as_str() {
            _ if !follows => return,
            "pub" | "export" | "public" => "other modules can import each name that has no `_` before it",
            "private" | "protected" => "a name that begins with `_` is private to its module",
            "mut" | "readonly" | "final" | "static" | "async" | "override" => {
                "values never change; what is refined is a new value"
            }
            "optional" => "what may be missing is nullable: `name: Type?`",
            "required" => "a field without a default is required",
            _ => return,
        };
        let span = self.tok_span(broken, at);
        let gap = self.at(span.start, broken.toks[at + 1].0);
        let diag = Diag::error(Code::SYNTAX, format!("there is no `{word}`"))
            .at(span, "this word means nothing here")
            .fix("remove it", gap, "")
            .help(help);
        self.set_report(broken, diag);
        if at == 1 {
            // What follows is a keyword now.
            broken.start += 1;
            broken.toks = self.terminals(broken.mode, broken.start, broken.end);
        } else {
            broken.toks.remove(at);
        }
    }

    /// `import { join } from "std.text"` and `from std.text import join`.
    fn import_from(&mut self, broken: &mut Broken) {
        let words: Vec<&str> = (1..broken.toks.len()).map(|at| self.tok_text(broken, at)).collect();
        let example = match words.as_slice() {
            ["from", path, ..] if !path.starts_with('"') && words.contains(&"import") => "import a.b.{c}",
            ["import", "{" | "*", .., "from", _] | ["from", .., "import", _] => "import a.b.{c}",
            ["import", .., "from", _] => "import a.b as c",
            _ => return,
        };
        let diag = Diag::error(Code::SYNTAX, "an import names the module first")
            .at(self.tok_span(broken, 1), "not in this order")
            .help(format!("write `{example}`, with the path of the module in front"));
        self.set_report(broken, diag);
        // Without a beginning nothing is read.
        broken.leave_out();
        let tree = broken.start..broken.end.min(broken.start + 32);
        for at in tree.filter(|&at| self.tree[at].kind == crate::token::TokenKind::Ident) {
            let name = self.name(at as u32);
            self.lose(name);
        }
    }

    /// `import a/b`.
    fn slashed_import(&mut self, broken: &mut Broken) {
        let slash = broken.toks.iter().position(|tok| tok.1 == Tok::Slash);
        let Some(at) = slash.filter(|_| broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Import)) else { return };
        let span = self.tok_span(broken, at);
        // Behind the dots that lead to a folder it has no counterpart.
        let leads = matches!(broken.toks[at - 1].1, Tok::Dot | Tok::DotDot);
        let (title, text) = if leads { ("remove it", "") } else { ("write `.`", ".") };
        let diag = Diag::error(Code::SYNTAX, "the path of a module has dots between its parts")
            .at(span, "not the path of a file")
            .fix(title, span, text);
        self.set_report(broken, diag);
        if leads {
            broken.toks.remove(at);
        }
        broken.toks.iter_mut().filter(|tok| tok.1 == Tok::Slash).for_each(|tok| tok.1 = Tok::Dot);
    }

    /// `schema C extends A, B { … }`.
    fn several_parents(&mut self, broken: &mut Broken) {
        let Some(extends) = broken.toks.iter().position(|tok| tok.1 == Tok::Extends) else { return };
        let Some(comma) = broken.toks.iter().position(|tok| tok.1 == Tok::Comma) else { return };
        let Some(body) = broken.toks.iter().position(|tok| matches!(tok.1, Tok::Brace(_))) else { return };
        if !(extends < comma && comma < body) {
            return;
        }
        let span = self.tok_span(broken, comma + 1).to(self.tok_span(broken, body - 1));
        let diag = Diag::error(Code::SYNTAX, "a schema has one parent")
            .at(span, "a second one")
            .help("let the parent extend the other, or make one of them the type of a field");
        self.set_report(broken, diag);
        broken.toks.drain(comma..body);
    }

    /// `Int port` for `port: Int`, in schemas and among parameters.
    fn type_first(&mut self, broken: &mut Broken) {
        let is_type = self.word_at(broken, 1).starts_with(char::is_uppercase);
        let name = self.word_at(broken, 2).to_owned();
        let lower = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        let fits = broken.mode == Nonterminal::Param || self.body_kind == BodyKind::Schema;
        let ends = matches!(broken.toks.get(3).map(|tok| tok.1), None | Some(Tok::Eq));
        if !(is_type && lower && fits && ends) {
            return;
        }
        let ty = self.word_at(broken, 1).to_owned();
        let span = self.tok_span(broken, 1).to(self.tok_span(broken, 2));
        let diag = Diag::error(Code::SYNTAX, "a type stands behind the name").at(span, "the other way round").fix(
            format!("write `{name}: {ty}`"),
            span,
            format!("{name}: {ty}"),
        );
        self.set_report(broken, diag);
        let offset = broken.toks[2].2;
        broken.toks.swap(1, 2);
        broken.toks.insert(2, (offset, Tok::Colon, offset));
    }

    /// `port?: Int` for `port: Int?`.
    fn question_behind_name(&mut self, broken: &mut Broken) {
        let row: Vec<Tok> = broken.toks.iter().skip(1).take(3).map(|tok| tok.1).collect();
        if !matches!(row.as_slice(), [Tok::Word(_), Tok::Question, Tok::Colon]) || broken.toks.len() < 5 {
            return;
        }
        let ends = |tok: &Tok| matches!(tok, Tok::Eq | Tok::Where);
        let end = broken.toks.iter().position(|tok| ends(&tok.1)).unwrap_or(broken.toks.len());
        let span = self.tok_span(broken, 2);
        let behind = self.at(broken.toks[end - 1].2, broken.toks[end - 1].2);
        let edits = vec![TextEdit { span, text: String::new() }, TextEdit { span: behind, text: String::from("?") }];
        let diag = Diag::error(Code::SYNTAX, "`?` stands behind the type, not behind the name")
            .at(span, "what may be null has a nullable type")
            .multipart_fix("move it behind the type", edits);
        self.set_report(broken, diag);
        broken.toks.insert(end, (behind.start, Tok::Question, behind.start));
        broken.toks.remove(2);
    }

    /// `"a-b": Int` in a schema.
    fn quoted_field(&mut self, broken: &mut Broken) {
        let (Some(&(start, Tok::Str(open), end)), Some((_, Tok::Colon, _))) = (broken.toks.get(1), broken.toks.get(2))
        else {
            return;
        };
        let text = open + 1;
        let plain = self.tree[open as usize].matching == open + 2;
        if self.body_kind != BodyKind::Schema || !plain {
            return;
        }
        let span = self.at(start, end);
        let name = format!("`{}`", self.tok_text(broken, 1).trim_matches('"'));
        let diag = Diag::error(Code::SYNTAX, "the name of a field stands in backticks, not in quotes")
            .at(span, "a string is no name")
            .fix(format!("write `` {name} ``"), span, name);
        self.set_report(broken, diag);
        broken.toks[1].1 = Tok::Word(text);
    }

    /// `fn f(x: Int): Int => x`.
    fn function_arrow(&mut self, broken: &mut Broken) {
        let behind_head =
            |at: usize| broken.toks[at - 1].1 != Tok::Eq && !broken.toks[..at].iter().any(|t| t.1 == Tok::Eq);
        let arrow = broken.toks.iter().position(|tok| tok.1 == Tok::FatArrow);
        let Some(at) = arrow.filter(|&at| at > 3 && broken.toks[1].1 == Tok::Fn && behind_head(at)) else { return };
        let span = self.tok_span(broken, at);
        let diag = Diag::error(Code::SYNTAX, "the value of a function stands behind `=`")
            .at(span, "`=>` stands in lambdas and `match` arms only")
            .fix("write `=`", span, "=");
        self.set_report(broken, diag);
        broken.toks[at].1 = Tok::Eq;
    }

    /// `enum Color { Red, Green }`.
    fn enumeration(&mut self, broken: &mut Broken) {
        let braces = matches!(broken.toks.get(3), Some((_, Tok::Brace(_), _)));
        if self.word_at(broken, 1) != "enum" || self.word_at(broken, 2).is_empty() || !braces {
            return;
        }
        let name = self.word_at(broken, 2).to_owned();
        let diag = Diag::error(Code::SYNTAX, "there is no `enum`; a type lists its values")
            .at(self.tok_span(broken, 1), "this word means nothing here")
            .help(format!("write `type {name} = \"a\" | \"b\"`"));
        self.set_report(broken, diag);
        broken.toks[1].1 = Tok::Type;
        let offset = broken.toks[2].2;
        broken.toks.insert(3, (offset, Tok::Eq, offset));
        self.leave_value(broken, 4);
    }

    /// `let x == 3`.
    fn set_behind_let(&mut self, broken: &mut Broken) {
        let row = (broken.toks.get(1).map(|tok| tok.1), broken.toks.get(3).map(|tok| tok.1));
        if row != (Some(Tok::Let), Some(Tok::EqEq)) {
            return;
        }
        let span = self.tok_span(broken, 3);
        let diag = Diag::error(Code::SYNTAX, "a `let` takes its value behind `=`, not `==`")
            .at(span, "`==` compares")
            .fix("write `=`", span, "=");
        self.set_report(broken, diag);
        broken.toks[3].1 = Tok::Eq;
    }

    /// `schema T = { … }`.
    fn set_before_body(&mut self, broken: &mut Broken) {
        let eq = broken.toks.iter().position(|tok| tok.1 == Tok::Eq);
        let schema = broken.toks.iter().any(|tok| tok.1 == Tok::Schema);
        let Some(at) = eq.filter(|&at| schema && matches!(broken.toks.get(at + 1), Some((_, Tok::Brace(_), _)))) else {
            return;
        };
        let span = self.tok_span(broken, at);
        let diag = Diag::error(Code::SYNTAX, "the body of a schema follows its name at once")
            .at(span, "nothing is set here")
            .fix("remove it", self.at(span.start, broken.toks[at + 1].0), "");
        self.set_report(broken, diag);
        broken.toks.remove(at);
    }

    /// `...rest: [T]` among parameters.
    fn dotted_parameter(&mut self, broken: &mut Broken) {
        if broken.toks.get(1).is_none_or(|tok| !matches!(tok.1, Tok::Ellipsis | Tok::Star)) || broken.toks.len() < 3 {
            return;
        }
        let span = self.tok_span(broken, 1);
        let diag = Diag::error(Code::SYNTAX, "a function takes a fixed number of arguments")
            .at(span, "this sign means nothing here")
            .fix("remove it", span, "")
            .help("several values are passed as a list: `f([a, b])`");
        self.set_report(broken, diag);
        broken.toks.remove(1);
        // Calls may leave it out, as they do where this is written.
        if !broken.toks.iter().any(|tok| tok.1 == Tok::Eq) {
            let offset = broken.toks[broken.toks.len() - 1].2;
            broken.toks.push((offset, Tok::Eq, offset));
            broken.toks.push((offset, Tok::Hole, offset));
        }
    }

    /// `1: "one"` and `case 1 => "one"` in a `match`.
    fn arm_sign(&mut self, broken: &mut Broken) {
        // Each arm of a `match` is a segment of its own.
        if self.word_at(broken, 1) == "case" && broken.toks.len() > 2 && broken.toks[2].1 != Tok::FatArrow {
            let gap = self.at(broken.toks[1].0, broken.toks[2].0);
            let diag = Diag::error(Code::SYNTAX, "there is no `case`")
                .at(self.tok_span(broken, 1), "an arm begins with its pattern")
                .fix("remove it", gap, "");
            self.set_report(broken, diag);
            broken.start += 1;
            broken.toks = self.terminals(broken.mode, broken.start, broken.end);
        }
        if broken.toks.get(1).is_some_and(|tok| tok.1 == Tok::Else) {
            let span = self.tok_span(broken, 1);
            let diag = Diag::error(Code::SYNTAX, "the arm for all other values is `_`, not `else`")
                .at(span, "`else` belongs to an `if`")
                .fix("write `_`", span, "_");
            self.set_report(broken, diag);
            broken.toks[1].1 = Tok::Hole;
        }
        let colon = broken.toks.iter().position(|tok| tok.1 == Tok::Colon);
        if let Some(at) = colon.filter(|&at| at > 1 && !broken.toks.iter().any(|tok| tok.1 == Tok::FatArrow)) {
            let span = self.tok_span(broken, at);
            let diag = Diag::error(Code::SYNTAX, "the result of an arm stands behind `=>`, not `:`")
                .at(span, "a colon gives a type")
                .fix("write `=>`", span, " =>");
            self.set_report(broken, diag);
            broken.toks[at].1 = Tok::FatArrow;
        }
    }

    /// `<>`, `**`, `++`, `::` and `<<`.
    fn touching_signs(&mut self, broken: &mut Broken) {
        let touch = |pair: &[super::repair::Spanned]| pair[0].2 == pair[1].0;
        let twice = |pair: &[super::repair::Spanned]| pair[0].1 == pair[1].1;
        let known = |tok: Tok| matches!(tok, Tok::Star | Tok::Plus | Tok::Colon | Tok::Lt);
        let found = broken.toks.windows(2).position(|pair| {
            touch(pair) && (twice(pair) && known(pair[0].1) || (pair[0].1, pair[1].1) == (Tok::Lt, Tok::Gt))
        });
        let Some(at) = found else { return };
        let span = self.tok_span(broken, at).to(self.tok_span(broken, at + 1));
        let sign = &self.text[span.range()];
        let diag = Diag::error(Code::SYNTAX, format!("there is no `{sign}`"));
        let first = at == 1;
        let (diag, ours) = match broken.toks[at].1 {
            Tok::Star if first => {
                (diag.at(span, "a spread has three dots").fix("write `...`", span, "..."), Some(Tok::Ellipsis))
            }
            Tok::Lt if first => (
                diag.at(span, "YAML's merge key means nothing here")
                    .help("the tree of another map or object are taken over with `...other`"),
                None,
            ),
            Tok::Star => (diag.at(span, "no such operator").help("`std.math` has `pow(base, exponent)`"), None),
            Tok::Plus if at + 2 < broken.toks.len() => {
                (diag.at(span, "`+` also joins strings and lists").fix("write `+`", span, "+"), Some(Tok::Plus))
            }
            Tok::Plus => (diag.at(span, "values never change").help("write `+ 1` where the value is used"), None),
            Tok::Colon => (diag.at(span, "names are joined with a dot").fix("write `.`", span, "."), Some(Tok::Dot)),
            _ if broken.toks[at + 1].1 == Tok::Gt => {
                (diag.at(span, "`!=` is the operator").fix("write `!=`", span, "!="), Some(Tok::NotEq))
            }
            _ => return,
        };
        self.set_report(broken, diag);
        match ours {
            Some(tok) => {
                broken.toks[at].1 = tok;
                broken.toks.remove(at + 1);
            }
            None => self.leave_value(broken, at),
        }
    }

    /// `for k in { a = 1 } { … }`: braces behind a head open its block, so an object there stands in parentheses.
    fn object_in_head(&mut self, broken: &mut Broken) {
        let heads = |tok: Tok| matches!(tok, Tok::In | Tok::If | Tok::Match);
        let found = broken.toks.windows(3).position(|row| {
            heads(row[0].1) && matches!(row[1].1, Tok::Block(_)) && matches!(row[2].1, Tok::Brace(_) | Tok::Block(_))
        });
        let Some(at) = found.map(|at| at + 1) else { return };
        let (Tok::Block(object), Tok::Brace(block) | Tok::Block(block)) = (broken.toks[at].1, broken.toks[at + 1].1)
        else {
            return;
        };
        let (start, _, end) = broken.toks[at];
        let word = self.tok_text(broken, at - 1).to_owned();
        let edits = vec![
            TextEdit { span: self.at(start, start), text: String::from("(") },
            TextEdit { span: self.at(end, end), text: String::from(")") },
        ];
        let diag = Diag::error(Code::SYNTAX, format!("an object behind `{word}` stands in parentheses"))
            .at(self.tok_span(broken, at), "these braces would open the block")
            .multipart_fix("put parentheses around it", edits);
        self.set_report(broken, diag);
        self.distrust(self.at(start, end));
        broken.toks[at].1 = Tok::Brace(object);
        broken.toks[at + 1].1 = Tok::Block(block);
    }

    /// `for (x in xs) { … }`.
    fn parentheses_of_for(&mut self, broken: &mut Broken) {
        let found = broken.toks.windows(2).position(|row| row[0].1 == Tok::For && matches!(row[1].1, Tok::Paren(_)));
        let Some(at) = found else { return };
        let (start, _, end) = broken.toks[at + 1];
        let edits = vec![
            TextEdit { span: self.at(start, start + 1), text: String::new() },
            TextEdit { span: self.at(end - 1, end), text: String::new() },
        ];
        let diag = Diag::error(Code::SYNTAX, "the head of a `for` has no parentheses")
            .at(self.tok_span(broken, at + 1), "names follow `for` at once")
            .maybe_multipart_fix("remove them", edits)
            .help("write `for x in xs { … }`");
        self.set_report(broken, diag);
        self.leave_value(broken, at);
    }
}
