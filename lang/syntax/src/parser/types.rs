//! Actions for groups in types: lists, maps, records, function parameters.

use forge_base::{Code, Diag, Span};

use super::{Parser, lookahead};
use crate::ast::*;
use crate::token::TokenKind;

impl Parser<'_> {
    /// `[T]` and `[T by key]`.
    pub(crate) fn list_type(&mut self, open: u32, l: u32, r: u32) -> TypeExpr {
        if self.skips(open) {
            return self.ty(TypeKind::Error, l, r);
        }
        let (start, end) = self.inside(open as usize);
        let mut by = start;
        while by < end && (by == start || self.tree[by].kind != TokenKind::Ident || self.token_text(by) != "by") {
            by = lookahead::after(self.tree, by);
        }
        if start == end && self.is_open(open) {
            return self.ty(TypeKind::Error, l, r);
        }
        if start == end {
            self.report_missing_type(self.group_span(open), "`[Int]` is a list of whole numbers");
            return self.ty(TypeKind::Error, l, r);
        }
        let element = Box::new(self.type_in(start, by.min(end)));
        if matches!(element.kind, TypeKind::Error) {
            return self.ty(TypeKind::Error, l, r);
        }
        if by >= end {
            return self.ty(TypeKind::List(element), l, r);
        }
        let keys = self.key_names(by, end);
        self.ty(TypeKind::Keyed(element, keys), l, r)
    }

    /// The names after `by`.
    fn key_names(&mut self, by: usize, end: usize) -> Vec<Ident> {
        let mut keys = Vec::new();
        let mut comma = true;
        for at in by + 1..end {
            match self.tree[at].kind {
                TokenKind::Ident | TokenKind::Quoted if comma => {
                    keys.push(self.ident(at as u32));
                    comma = false;
                }
                TokenKind::Comma if !comma => comma = true,
                TokenKind::Newline => {}
                _ => {
                    let diag = Diag::error(Code::SYNTAX, format!("unexpected `{}`", self.token_text(at)))
                        .at(self.token_span(at), "the names of key fields follow `by`, separated by commas");
                    self.diags.push(diag);
                    return keys;
                }
            }
        }
        if keys.is_empty() {
            let span = self.token_span(by);
            let diag = Diag::error(Code::MISSING_VALUE, "`by` without a key")
                .at(span, "the name of the field that tells elements apart must follow");
            self.diags.push(diag);
        }
        keys
    }

    /// The tokens inside a group, without separators at its ends.
    fn inside(&self, open: usize) -> (usize, usize) {
        let (mut start, mut end) = (open + 1, self.tree[open].matching as usize);
        while start < end && lookahead::separates(self.tree[start].kind) {
            start += 1;
        }
        while end > start && lookahead::separates(self.tree[end - 1].kind) {
            end -= 1;
        }
        (start, end)
    }

    fn report_missing_type(&mut self, span: Span, help: &str) {
        let diag = Diag::error(Code::MISSING_VALUE, "missing type in brackets").at(span, "expected a type").help(help);
        self.diags.push(diag);
    }

    /// `{K: V}` and `{ a: T, b: U }`.
    pub(crate) fn brace_type(&mut self, open: u32, l: u32, r: u32) -> TypeExpr {
        if self.skips(open) {
            return self.ty(TypeKind::Error, l, r);
        }
        let mut fields = Vec::new();
        let segments = self.segments(open as usize);
        let single = segments.len() == 1;
        let known = self.diags.len();
        for (start, end) in segments {
            let mut colon = start;
            while colon < end && self.tree[colon].kind != TokenKind::Colon {
                colon = lookahead::after(self.tree, colon);
            }
            let lower = self.token_text(start).starts_with(|c: char| c.is_ascii_lowercase() || c == '_' || c == '`');
            let literal = matches!(self.token_text(start), "true" | "false" | "null");
            let name = colon == start + 1 && lower && !literal;
            if colon >= end {
                self.report_no_colon(start, end);
            } else if name {
                let name = self.ident(start as u32);
                let ty = self.type_behind(colon, end);
                fields.push((name, ty));
            } else if single {
                let key = Box::new(self.type_in(start, colon));
                let value = Box::new(self.type_behind(colon, end));
                return self.ty(TypeKind::Map(key, value), l, r);
            } else {
                let diag = Diag::error(Code::BAD_NAME, "field names of a record begin with a lower-case letter")
                    .at(self.range_span(start, colon), "not the name of a field")
                    .help("a map type has one entry: `{String: Int}`");
                self.diags.push(diag);
            }
        }
        let is_broken = self.diags.len() > known || self.is_open(open);
        self.ty(if is_broken { TypeKind::Error } else { TypeKind::Record(fields) }, l, r)
    }

    fn report_no_colon(&mut self, start: usize, end: usize) {
        let diag = Diag::error(Code::SYNTAX, "missing `:` in a record type")
            .at(self.range_span(start, end), "write `name: Type`, or `{Key: Value}` for a map");
        self.diags.push(diag);
    }

    fn type_behind(&mut self, colon: usize, end: usize) -> TypeExpr {
        if colon + 1 < end {
            return self.type_in(colon + 1, end);
        }
        let span = self.token_span(colon);
        let diag = Diag::error(Code::MISSING_VALUE, "missing type after `:`").at(span, "a type must follow");
        self.diags.push(diag);
        TypeExpr { kind: TypeKind::Error, span: span.at_end() }
    }

    /// `(T)`.
    pub(crate) fn type_group(&mut self, open: u32) -> TypeExpr {
        let span = self.group_span(open);
        let mut types = self.type_list(open);
        match (types.len(), types.pop()) {
            (1, Some(ty)) => ty,
            (0, _) if self.dry_run || self.is_open(open) => TypeExpr { kind: TypeKind::Error, span },
            (0, _) => {
                self.report_missing_type(span, "a function type is written `(Int) -> String`");
                TypeExpr { kind: TypeKind::Error, span }
            }
            _ => {
                let diag = Diag::error(Code::SYNTAX, "there are no tuple types")
                    .at(span, "several types in parentheses")
                    .help("a function type is written `(A, B) -> C`, a record `{ a: A, b: B }`");
                self.diags.push(diag);
                TypeExpr { kind: TypeKind::Error, span }
            }
        }
    }

    /// The types in the parentheses of a function type.
    pub(crate) fn type_list(&mut self, open: u32) -> Vec<TypeExpr> {
        if self.skips(open) {
            return Vec::new();
        }
        let segments = self.segments(open as usize);
        segments.into_iter().map(|(start, end)| self.type_in(start, end)).collect()
    }
}
