//! Actions for bracketed groups: what they hold in each of their meanings.

use forge_base::{Code, Diag, Name, Span};
use smallvec::SmallVec;

use super::build::Braces;
use super::terminal::{Node, Nonterminal};
use super::{BodyKind, Parser, lookahead};
use crate::ast::*;
use crate::token::TokenKind;

impl Parser<'_> {
    /// Whether a group is missing, or groups are not parsed in this run.
    pub(super) fn skips(&self, group: u32) -> bool {
        group == u32::MAX || self.dry_run
    }

    /// Whether the group's closing bracket is missing, which is reported. Then something else may be missing at its end as well, for which
    /// an error node is.
    pub(super) fn is_open(&self, group: u32) -> bool {
        let Some(open) = self.tree.get(group as usize) else { return true };
        let close = self.tree[open.matching as usize];
        close.start == close.end
    }

    /// Whether a string without its closing quotes holds the closing bracket of a group. Then nothing in it is certain.
    fn is_swallowed(&self, open: usize) -> bool {
        let last = &self.tree[(self.tree[open].matching as usize).saturating_sub(1)];
        self.is_open(open as u32) && last.kind == TokenKind::StrClose && last.start == last.end
    }

    /// From bracket to bracket.
    pub(super) fn group_span(&self, open: u32) -> Span {
        let open = self.tree[open as usize];
        self.at(open.start, self.tree[open.matching as usize].end)
    }

    fn braces_span(&self, braces: Braces) -> Span {
        self.at(braces.start, braces.end)
    }

    /// Braces with the items of an object.
    pub(crate) fn body(&mut self, braces: Braces) -> Body {
        let body_kind = if self.body_kind == BodyKind::Schema { BodyKind::Object } else { self.body_kind };
        let body_kind =
            if body_kind == BodyKind::Module || body_kind == BodyKind::Test { BodyKind::Object } else { body_kind };
        self.body_of(braces, body_kind)
    }

    /// Braces of an `if` or `for` among items: what holds around them holds in them. In a module, where neither is allowed, they are read
    /// as those of an object, so that only the `if` or `for` is reported.
    pub(crate) fn nested_items(&mut self, braces: Braces) -> Body {
        let body_kind = if self.body_kind == BodyKind::Module { BodyKind::Object } else { self.body_kind };
        self.body_of(braces, body_kind)
    }

    pub(super) fn body_of(&mut self, braces: Braces, body_kind: BodyKind) -> Body {
        let span = self.braces_span(braces);
        if self.skips(braces.group) {
            return Body { items: Vec::new(), span };
        }
        let open = braces.group as usize;
        let mut items = self.items(open + 1, self.tree[open].matching as usize, body_kind);
        if self.is_open(braces.group) {
            let kind = ItemKind::Error { names: Vec::new() };
            items.push(Item { kind, doc: None, annotations: Vec::new(), span: span.at_end() });
        }
        Body { items, span }
    }

    pub(crate) fn object(&mut self, group: u32, l: u32, r: u32) -> Expr {
        let body = self.body(Braces { group, start: l, end: r });
        self.expr(ExprKind::Object(body), l, r)
    }

    pub(crate) fn derive(&mut self, base: Expr, group: u32, l: u32, r: u32) -> Expr {
        if !self.skips(group)
            && let Some(diag) = self.no_body(&base, group)
        {
            self.diags.push(diag);
            return self.error(self.at(l, r));
        }
        if matches!(base.kind, ExprKind::Error) && base.span.end > base.span.start {
            return base;
        }
        let start = if self.skips(group) { l } else { self.tree[group as usize].start };
        let body = self.body(Braces { group, start, end: r });
        self.expr(ExprKind::Derive(Box::new(Derive { base, body })), l, r)
    }

    /// What to report where braces after a value are not its body: `function (x) { … }`, `xs.map { x => … }`.
    fn no_body(&self, base: &Expr, group: u32) -> Option<Diag> {
        let braces = self.at(self.tree[group as usize].start, self.tree[group as usize].end);
        match &base.kind {
            ExprKind::Call(call) => match call.callee.kind {
                ExprKind::Name(name) if matches!(name.as_str(), "function" | "func" | "lambda") => Some(
                    Diag::error(Code::SYNTAX, "a function without a name is written `x => …`")
                        .at(call.callee.span, "not a keyword")
                        .help("with several parameters `(a, b) => a + b`, with steps `x => { let y = x * 2, y + 1 }`"),
                ),
                _ => None,
            },
            ExprKind::Member(_) => {
                let first = group as usize + 1;
                let arrow = lookahead::after(self.tree, first);
                let is_arrow = self.tree.get(arrow).is_some_and(|entry| entry.kind == TokenKind::FatArrow);
                let close = self.tree[group as usize].matching as usize;
                (is_arrow && arrow < close).then(|| {
                    let edits = vec![
                        forge_base::TextEdit { span: braces, text: String::from("(") },
                        forge_base::TextEdit { span: self.token_span(close), text: String::from(")") },
                    ];
                    Diag::error(Code::SYNTAX, "a lambda is passed in parentheses")
                        .at(braces, "braces after a value change a copy of it")
                        .maybe_multipart_fix("write parentheses", edits)
                })
            }
            ExprKind::Name(name) if name.as_str() == "new" => Some(
                Diag::error(Code::SYNTAX, "there is no `new`")
                    .at(base.span, "not a keyword")
                    .help("a schema and its body make an instance: `S { … }`"),
            ),
            ExprKind::Name(name) if name.as_str() == "do" => Some(
                Diag::error(Code::SYNTAX, "there is no `do`")
                    .at(base.span, "not a keyword")
                    .help("a value with steps before it is written `{ let x = 1, x + 1 }`"),
            ),
            _ => None,
        }
    }

    /// `( … )` around one expression.
    pub(crate) fn group(&mut self, open: u32) -> Expr {
        let span = self.group_span(open);
        if self.skips(open) {
            return self.error(span);
        }
        let segments = self.segments(open as usize);
        match segments.as_slice() {
            [] if self.is_open(open) => self.error(span),
            [] => {
                let diag = Diag::error(Code::MISSING_VALUE, "parentheses without an expression")
                    .at(span, "expected an expression");
                self.diags.push(diag);
                self.error(span)
            }
            &[(start, end)] => self.expr_in(start, end),
            [_, (second, _), ..] => {
                let diag = Diag::error(Code::SYNTAX, "parentheses hold one expression")
                    .at(self.token_span(*second), "a second one")
                    .help("a list is written in brackets: `[a, b]`");
                self.diags.push(diag);
                self.error(span)
            }
        }
    }

    /// `[ … ]` as a value.
    pub(crate) fn list(&mut self, open: u32, l: u32, r: u32) -> Expr {
        let elements = if self.skips(open) { Vec::new() } else { self.elements_in(open as usize) };
        self.expr(ExprKind::List(elements), l, r)
    }

    /// The braces of `if` and `for` in a list.
    pub(crate) fn elements(&mut self, braces: Braces) -> Vec<Element> {
        if self.skips(braces.group) { Vec::new() } else { self.elements_in(braces.group as usize) }
    }

    fn elements_in(&mut self, open: usize) -> Vec<Element> {
        let body_kind = std::mem::replace(&mut self.body_kind, BodyKind::Object);
        let end = self.tree[open].matching as usize;
        let braces = self.tree[open].kind == TokenKind::LBrace;
        let mut elements = Vec::with_capacity(lookahead::most_segments(self.tree, open + 1, end));
        let mut at = open + 1;
        if self.begins_with_dash(at, end) {
            self.report_dashes(at);
            self.body_kind = body_kind;
            return vec![Element::Item(self.error(self.group_span(open as u32)))];
        }
        if self.is_swallowed(open) {
            self.body_kind = body_kind;
            return vec![Element::Item(self.error(self.group_span(open as u32)))];
        }
        loop {
            at = self.skip_separators(at, end, at > open + 1, braces);
            if at >= end || self.diags.is_full() {
                break;
            }
            let stop = lookahead::item_end(self.text, self.tree, at, end).max(at + 1).min(end);
            elements.push(self.element(at, stop));
            at = self.resume_at.take().unwrap_or(stop);
        }
        self.body_kind = body_kind;
        elements
    }

    fn element(&mut self, start: usize, end: usize) -> Element {
        if self.tree[start].kind == TokenKind::Ellipsis {
            return Element::Spread(self.value_after(start, end));
        }
        let mode = match self.token_text(start) {
            "for" | "let" => Nonterminal::Element,
            "if" if lookahead::if_chain_end(self.text, self.tree, start, end) == end => Nonterminal::Element,
            _ => Nonterminal::Expr,
        };
        match self.run_with(mode, start, end, true) {
            Some(Node::Element(element)) => *element,
            Some(Node::Expr(expr)) => Element::Item(expr),
            _ => Element::Item(self.error(self.range_span(start, end))),
        }
    }

    /// The expression after the operator at `at`; an error node, which is reported, if there is none.
    pub(super) fn value_after(&mut self, at: usize, end: usize) -> Expr {
        if at + 1 < end {
            return self.expr_in(at + 1, end);
        }
        let span = self.token_span(at);
        let sign = self.token_text(at);
        let diag =
            Diag::error(Code::MISSING_VALUE, format!("missing value after `{sign}`")).at(span, "a value must follow");
        self.diags.push(diag);
        self.error(span.at_end())
    }

    pub(crate) fn call(&mut self, callee: Expr, open: u32, l: u32, r: u32) -> Expr {
        if let ExprKind::NonNull(name) = &callee.kind
            && matches!(name.kind, ExprKind::Name(_))
        {
            let bang = self.at(name.span.end, callee.span.end);
            self.diags.push(
                Diag::error(Code::SYNTAX, "there are no macros")
                    .at(bang, "`!` asserts that a value is not null")
                    .help("a function is called with `name(…)`"),
            );
            return self.error(self.at(l, r));
        }
        let known = self.diags.len();
        let args = if self.skips(open) { Vec::new() } else { self.args(open as usize) };
        let args_span = self.group_span(open);
        if matches!(callee.kind, ExprKind::Name(name) if name.is_upper()) && !self.is_open(open) {
            // That schemas are not called is reported by the checker.
            self.diags.truncate(known);
        }
        self.expr(ExprKind::Call(Box::new(Call { callee, args, args_span })), l, r)
    }

    pub(super) fn args(&mut self, open: usize) -> Vec<Arg> {
        let body_kind = std::mem::replace(&mut self.body_kind, BodyKind::Object);
        let known = self.diags.len();
        let mut args: Vec<Arg> = Vec::new();
        if !self.is_swallowed(open) {
            args.extend(self.segments(open).into_iter().map(|(start, end)| self.arg(start, end)));
        }
        if self.diags.len() > known || self.is_open(open as u32) {
            let end = self.group_span(open as u32).at_end();
            args.push(Arg { name: None, value: self.error(end) });
        }
        self.body_kind = body_kind;
        args
    }

    fn arg(&mut self, start: usize, end: usize) -> Arg {
        let word = matches!(self.tree[start].kind, TokenKind::Ident | TokenKind::Quoted);
        let sign = if start + 1 < end { self.tree[start + 1].kind } else { TokenKind::Bad };
        if !word || !matches!(sign, TokenKind::Eq | TokenKind::Colon) {
            return Arg { name: None, value: self.expr_in(start, end) };
        }
        let name = Some(self.ident(start as u32));
        if sign == TokenKind::Colon {
            let span = self.token_span(start + 1);
            let diag = Diag::error(Code::SYNTAX, "a named argument takes `=`").at(span, "a colon gives a type").fix(
                "write `=`",
                span,
                " =",
            );
            self.diags.push(diag);
        }
        Arg { name, value: self.value_after(start + 1, end) }
    }

    pub(crate) fn index(&mut self, recv: Expr, open: u32, l: u32, r: u32) -> Expr {
        let mut index = Vec::new();
        if !self.skips(open) {
            for (start, end) in self.segments(open as usize) {
                index.push(self.expr_in(start, end));
            }
            if index.is_empty() && self.is_open(open) {
                index.push(self.error(self.group_span(open)));
            } else if index.is_empty() {
                let span = self.group_span(open);
                self.diags.push(
                    Diag::error(Code::MISSING_VALUE, "brackets without an index").at(span, "expected an index or key"),
                );
                index.push(self.error(span));
            }
        }
        self.expr(ExprKind::Index(Box::new(Index { recv, index })), l, r)
    }

    /// `(53, "UDP")` as a key.
    pub(crate) fn tuple(&mut self, open: u32) -> Vec<Expr> {
        if self.skips(open) {
            return Vec::new();
        }
        let segments = self.segments(open as usize);
        segments.into_iter().map(|(start, end)| self.expr_in(start, end)).collect()
    }

    /// The parameters of a function or lambda.
    pub(crate) fn params(&mut self, open: u32) -> Vec<Param> {
        if self.skips(open) {
            return Vec::new();
        }
        let mut params = Vec::new();
        let mut resume_at = 0;
        for (start, end) in self.segments(open as usize) {
            let mut start = start.max(resume_at);
            while start < end {
                match self.run(Nonterminal::Param, start, end) {
                    Some(Node::Param(param)) => {
                        self.expect_lower(param.name, "a parameter");
                        params.push(*param);
                    }
                    _ => params.push(self.error_param(self.range_span(start, end))),
                }
                start = self.resume_at.take().unwrap_or(end);
                resume_at = start;
            }
        }
        if self.is_open(open) {
            params.push(self.error_param(self.group_span(open).at_end()));
        }
        params
    }

    /// Stands for parameters that could not be parsed. A call may leave it out.
    fn error_param(&mut self, span: Span) -> Param {
        let name = self.no_ident(span.start);
        let ty = Some(TypeExpr { kind: TypeKind::Error, span });
        Param { name, ty, default: Some(self.error(span)), span }
    }

    /// A block: `let`s and one value.
    pub(crate) fn block(&mut self, braces: Braces) -> Block {
        let span = self.braces_span(braces);
        if self.skips(braces.group) {
            return Block { lets: Vec::new(), value: self.error(span), span };
        }
        let open = braces.group as usize;
        let body_kind = std::mem::replace(&mut self.body_kind, BodyKind::Object);
        let mut lets = Vec::new();
        let mut value = None;
        let segments: SmallVec<[(usize, usize); 4]> = lookahead::segments(self.text, self.tree, open).collect();
        if let Some((start, end)) = lookahead::first_item(self.text, self.tree, open) {
            self.report_items_in_block(open, start, end);
            self.body_kind = body_kind;
            return Block { lets, value: self.error(span), span };
        }
        for (start, end) in segments {
            let is_let = self.token_text(start) == "let" && self.tree[start].kind == TokenKind::Ident;
            if is_let && value.is_none() {
                if let Some(Node::Element(element)) = self.run(Nonterminal::Element, start, end)
                    && let Element::Let(item) = *element
                {
                    lets.push(*item);
                }
            } else if value.is_none() {
                value = Some(self.expr_in(start, end));
            } else {
                self.report_second_value(start, end);
                break;
            }
        }
        self.body_kind = body_kind;
        let value = match value {
            Some(value) => value,
            None if self.is_open(braces.group) => self.error(span),
            None => self.missing_block_value(span),
        };
        Block { lets, value, span }
    }

    fn report_items_in_block(&mut self, open: usize, start: usize, end: usize) {
        let close = self.tree[open].matching as usize;
        let (inner, outer) = (self.token_span(open).at_end(), self.token_span(close).at_start());
        let diag = Diag::error(Code::NOT_A_BLOCK, "these braces hold one value, not fields")
            .at(self.range_span(start, end), "a field, where a value is expected")
            .note("the braces of `if`, `match` and `=>` hold `let`s and one value")
            .maybe_multipart_fix(
                "put another pair of braces around it",
                vec![
                    forge_base::TextEdit { span: inner, text: String::from(" {") },
                    forge_base::TextEdit { span: outer, text: String::from("} ") },
                ],
            );
        let diag = if self.is_open(open as u32) { Diag { fixes: Vec::new(), ..diag } } else { diag };
        self.diags.push(diag);
    }

    fn report_second_value(&mut self, start: usize, end: usize) {
        let diag = Diag::error(Code::NOT_A_BLOCK, "these braces hold one value")
            .at(self.range_span(start, end), "a second value")
            .help("name what comes first with `let`, or put both into a list: `[a, b]`");
        self.diags.push(diag);
    }

    fn missing_block_value(&mut self, span: Span) -> Expr {
        let diag = Diag::error(Code::MISSING_VALUE, "braces without a value")
            .at(span, "expected a value")
            .help("for an empty object write `{ {} }`");
        self.diags.push(diag);
        self.error(span)
    }

    pub(crate) fn if_without_else(&mut self, cond: Expr, then: Braces, l: u32, r: u32) -> Expr {
        let known = self.diags.len();
        let missing = self.is_open(then.group);
        let then = self.block(then);
        // If the braces hold items, the missing `else` is not the mistake.
        let missing = missing || self.diags.since(known).iter().any(|diag| diag.code == Code::NOT_A_BLOCK);
        let end = self.at(r, r);
        if !missing {
            let diag = Diag::error(Code::MISSING_VALUE, "`if` without `else`")
                .at(self.at(l, l + 2), "has no value where the condition does not hold")
                .maybe_fix("add an `else`", end, " else { null }");
            self.diags.push(diag);
        }
        let otherwise = Block { lets: Vec::new(), value: self.error(end), span: end };
        self.expr(ExprKind::If(Box::new(If { cond, then, otherwise })), l, r)
    }

    pub(crate) fn match_(&mut self, value: Expr, braces: Braces, l: u32, r: u32) -> Expr {
        let mut arms = Vec::new();
        if !self.skips(braces.group) {
            let body_kind = std::mem::replace(&mut self.body_kind, BodyKind::Object);
            for (start, end) in self.segments(braces.group as usize) {
                match self.run(Nonterminal::Arm, start, end) {
                    Some(Node::Arm(arm)) => arms.push(*arm),
                    _ => arms.push(self.error_arm(self.range_span(start, end))),
                }
            }
            self.body_kind = body_kind;
            if self.is_open(braces.group) {
                arms.push(self.error_arm(self.braces_span(braces).at_end()));
            }
        } else if braces.group == u32::MAX {
            arms.push(self.error_arm(self.braces_span(braces).at_end()));
        }
        self.expr(ExprKind::Match(Box::new(Match { value, arms })), l, r)
    }

    /// Stands for arms that could not be parsed.
    fn error_arm(&self, span: Span) -> Arm {
        let body = super::build::bare_block(self.error(span));
        Arm { patterns: vec![Pattern { kind: PatternKind::Error, span }], guard: None, body, span }
    }

    /// `{ let x = …; value }` where a value is expected: a `match` of one arm, which means the same.
    pub(crate) fn block_value(&mut self, braces: Braces) -> Expr {
        let span = self.braces_span(braces);
        let body = self.block(braces);
        let any = Pattern { kind: PatternKind::Any, span: span.at_start() };
        let arm = Arm { patterns: vec![any], guard: None, body, span };
        let value = Expr { kind: ExprKind::Null, span: span.at_start() };
        Expr { kind: ExprKind::Match(Box::new(Match { value, arms: vec![arm] })), span }
    }

    /// `{C, d as e}` of an import.
    pub(crate) fn import_names(&mut self, open: u32) -> ImportBinds {
        let mut names = Vec::new();
        if !self.skips(open) {
            let known = self.diags.len();
            for (start, end) in self.segments(open as usize) {
                self.import_name(start, end, &mut names);
            }
            if self.diags.len() > known || self.is_open(open) {
                let name = self.no_ident(self.group_span(open).end);
                names.push(ImportName { name, alias: None });
            }
        }
        ImportBinds::Names(names)
    }

    /// `name` or `name as other`. Each name is bound where a comma between two is missing.
    fn import_name(&mut self, start: usize, end: usize, names: &mut Vec<ImportName>) {
        let is_name = |at: usize| at < end && matches!(self.tree[at].kind, TokenKind::Ident | TokenKind::Quoted);
        let is_as = |at: usize| is_name(at) && self.token_text(at) == "as" && is_name(at + 1);
        let mut at = start;
        let mut found: SmallVec<[(usize, Option<usize>); 2]> = SmallVec::new();
        while is_name(at) {
            let alias = is_as(at + 1).then_some(at + 2);
            found.push((at, alias));
            at = alias.unwrap_or(at) + 1;
        }
        if at < end || found.len() != 1 {
            let span = self.range_span(start, end);
            let diag = match found.as_slice() {
                [(first, _), (second, _), ..] if at == end => {
                    let (first, second) = (self.token_text(*first), self.token_text(*second));
                    Diag::error(Code::SYNTAX, format!("missing separator between `{first}` and `{second}`"))
                }
                _ => Diag::error(Code::SYNTAX, "not a name to import"),
            };
            self.diags.push(diag.at(span, "write `name` or `name as other`, separated by commas"));
        }
        for (name, alias) in found {
            let (name, alias) = (self.ident(name as u32), alias.map(|alias| self.ident(alias as u32)));
            names.push(ImportName { name, alias });
        }
    }

    /// A segment of a path that is still to be typed.
    pub(crate) fn no_segment(&mut self, offset: u32) -> PathSegment {
        PathSegment { key: Key::Name(Name::new("")), span: self.at(offset, offset) }
    }
}
