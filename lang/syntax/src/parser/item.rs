//! Items: what stands before them, where they may stand, and how they are named.

use forge_base::{Code, Diag, Name, Span};

use super::tok::{Node, Nonterminal};
use super::{BodyKind, Parser, lookahead};
use crate::ast::*;
use crate::token::TokenKind;

/// So many annotations may stand before one declaration.
const MAX_ANNOTATIONS: usize = 100;

impl Parser<'_> {
    /// The items between two entries.
    pub(super) fn items(&mut self, start: usize, end: usize, body_kind: BodyKind) -> Vec<Item> {
        let outer = std::mem::replace(&mut self.body_kind, body_kind);
        let mut items = Vec::with_capacity(lookahead::most_segments(self.tree, start, end));
        let mut at = start;
        loop {
            at = self.skip_separators(at, end, at > start, true);
            if at >= end || self.diags.is_full() {
                break;
            }
            if outer == BodyKind::Module && body_kind == BodyKind::Module {
                self.too_deep = false;
            }
            at = self.item(at, end, &mut items);
        }
        self.body_kind = outer;
        items
    }

    /// Reads the item at `at` and gives where the next one begins.
    fn item(&mut self, start: usize, end: usize, items: &mut Vec<Item>) -> usize {
        let doc = self.doc_before(start);
        let (annotations, at) = self.annotations(start, end);
        if at >= end {
            return end;
        }
        let doc = if at > start { doc.or_else(|| self.doc_before(at)) } else { doc };
        let stop = lookahead::item_end(self.text, self.tree, at, end).max(at + 1).min(end);
        let span = self.range_span(at, stop);
        let known = self.diags.len();
        if self.is_manifest(at) {
            return end;
        }
        if let Some(next) = self.list_of_dashes(at, stop) {
            let name = self.name(at as u32);
            self.lose(name);
            return next;
        }
        let piece = if self.has_colon_for_equals(at, stop) {
            self.repair(Nonterminal::Item, at, stop, known)
        } else {
            self.run(Nonterminal::Item, at, stop)
        };
        let kind = match piece {
            Some(Node::Item(kind)) => *kind,
            _ => ItemKind::Error,
        };
        let next = self.cut.take();
        let span = next.map_or(span, |next| self.range_span(at, next.max(at + 1)));
        let quiet = self.diags.len() > known;
        self.distrust_head(&kind, known, stop);
        if self.check_place(&kind, span, quiet) {
            // Of a broken item the name may be any word.
            if !quiet || !matches!(kind, ItemKind::Declare(_) | ItemKind::Set(_)) {
                self.check_names(&kind);
            }
            items.push(Item { kind, doc, annotations, span });
        } else if self.body_kind == BodyKind::Test {
            self.lose_path(&kind);
        }
        next.unwrap_or(stop)
    }

    /// Whether an item of an object reads `name: value`, as other languages write it.
    fn has_colon_for_equals(&self, start: usize, end: usize) -> bool {
        let outside = matches!(self.body_kind, BodyKind::Object | BodyKind::Test);
        if !outside || start + 1 >= end || self.tree[start + 1].kind != TokenKind::Colon {
            return false;
        }
        let word = matches!(self.tree[start].kind, TokenKind::Ident | TokenKind::Quoted);
        let mut at = start + 2;
        while at < end && self.tree[at].kind != TokenKind::Eq {
            at = lookahead::after(self.tree, at);
        }
        word && at >= end
    }

    /// Reads `@name(…)`, as many as there are, also on lines of their own.
    fn annotations(&mut self, start: usize, end: usize) -> (Vec<Annotation>, usize) {
        let mut found = Vec::new();
        let mut too_many = None;
        let mut at = start;
        let known = self.diags.len();
        while at < end && self.tree[at].kind == TokenKind::At {
            let named = at + 1 < end && matches!(self.tree[at + 1].kind, TokenKind::Ident | TokenKind::Quoted);
            if !named {
                let diag = Diag::error(Code::SYNTAX, "`@` without a name")
                    .at(self.token_span(at), "the name of an annotation must follow, as in `@internal`");
                self.diags.push(diag);
                at = self.skip_lines(at + 1, end);
                continue;
            }
            let name = self.ident(at as u32 + 1);
            let mut last = at + 1;
            let mut args = Vec::new();
            if at + 2 < end && self.tree[at + 2].kind == TokenKind::LParen {
                args = self.args(at + 2);
                if self.is_open(at as u32 + 2) {
                    self.distrust(self.range_span(at, self.tree[at + 2].matching as usize + 1));
                }
                last = self.tree[at + 2].matching as usize;
            }
            let span = self.range_span(at, last + 1);
            if found.len() < MAX_ANNOTATIONS {
                found.push(Annotation { name, args, span });
            } else {
                too_many.get_or_insert(span);
            }
            at = self.skip_lines(last + 1, end);
        }
        if let Some(span) = too_many {
            let headline = format!("more than {MAX_ANNOTATIONS} annotations before one declaration");
            self.diags.push(Diag::error(Code::SYNTAX, headline).at(span, "this and those that follow are not read"));
        }
        if at >= end && at > start && self.diags.len() == known {
            self.dangling_annotation(start, end);
        }
        (found, at)
    }

    fn skip_lines(&self, mut at: usize, end: usize) -> usize {
        while at < end && self.tree[at].kind == TokenKind::Newline {
            at += 1;
        }
        at
    }

    fn dangling_annotation(&mut self, start: usize, end: usize) {
        let diag = Diag::error(Code::MISPLACED_ITEM, "annotation without a declaration")
            .at(self.range_span(start, end), "a declaration or field must follow");
        self.diags.push(diag);
    }

    /// The `///` comments directly before the entry at `at`.
    fn doc_before(&mut self, at: usize) -> Option<Doc> {
        let start = self.tree[at].start;
        let behind = self.token_at(start);
        let mut first = behind;
        while first > 0 && self.tokens[first - 1].kind.is_trivia() {
            first -= 1;
        }
        self.doc_of(first, behind, TokenKind::DocComment)
    }

    /// The index of the token at `start`. Items are mostly read in order, so the search begins where the last one ended.
    fn token_at(&mut self, start: u32) -> usize {
        let mut at = self.last_token;
        if self.tokens.get(at).is_none_or(|token| token.start > start) {
            at = self.tokens.partition_point(|token| token.start < start);
        }
        while self.tokens.get(at).is_some_and(|token| token.start < start) {
            at += 1;
        }
        self.last_token = at;
        at
    }

    /// The `//!` comments of the file.
    pub(super) fn module_doc(&self) -> Option<Doc> {
        let end = self.tokens.iter().position(|token| !token.kind.is_trivia()).unwrap_or(self.tokens.len());
        self.doc_of(0, end, TokenKind::ModuleDoc)
    }

    fn doc_of(&self, start: usize, end: usize, kind: TokenKind) -> Option<Doc> {
        let mut text = String::new();
        let mut span: Option<Span> = None;
        for token in self.tokens[start..end].iter().filter(|token| token.kind == kind) {
            let line = &token.text(self.text)[3..];
            let line = line.strip_prefix(' ').unwrap_or(line);
            let here = self.at(token.start, token.end);
            if span.is_some() {
                text.push('\n');
            }
            text.push_str(line.trim_end());
            span = Some(span.map_or(here, |span| span.to(here)));
        }
        span.map(|span| Doc { text: text.into(), span })
    }

    /// Reports an item that may not stand here, unless something else about it was. False if it is to be left out.
    fn check_place(&mut self, kind: &ItemKind, span: Span, quiet: bool) -> bool {
        use ItemKind::*;
        let body_kind = self.body_kind;
        let fits = match kind {
            Import(_) | Type(_) | Schema(_) | Input(_) | Test(_) => body_kind == BodyKind::Module,
            Fn(_) => matches!(body_kind, BodyKind::Module | BodyKind::Schema),
            Declare(_) => matches!(body_kind, BodyKind::Module | BodyKind::Schema),
            Let(_) | Error => true,
            Set(item) => match body_kind {
                BodyKind::Module => matches!(item.path.segments.as_slice(), [PathSegment { key: Key::Name(_), .. }]),
                BodyKind::Schema | BodyKind::Object => true,
                BodyKind::Test => false,
            },
            Append(_) | Refine(_) | Delete(_) | If(_) | For(_) => {
                matches!(body_kind, BodyKind::Schema | BodyKind::Object)
            }
            Spread(_) => body_kind == BodyKind::Object,
            Check(_) => body_kind == BodyKind::Schema,
            Assert(_) | Fails(_) | Snapshot(_) => body_kind == BodyKind::Test,
        };
        if let Declare(field) = kind
            && body_kind == BodyKind::Module
            && field.value.is_none()
            && !quiet
        {
            self.report_no_value(field);
        }
        if !fits && !quiet {
            self.report_misplaced(kind, span);
        }
        fits
    }

    fn report_no_value(&mut self, field: &FieldDecl) {
        let name = field.name.name;
        if matches!(field.ty.kind, TypeKind::Str(_) | TypeKind::Int(_) | TypeKind::Bool(_) | TypeKind::Null) {
            let between = self.at(field.name.span.end, field.ty.span.start);
            let diag = Diag::error(Code::SYNTAX, "a field is set with `=`, not `:`")
                .at(between, "a colon gives a type")
                .fix("write `=`", between, " = ");
            self.diags.push(diag);
            return;
        }
        let diag = Diag::error(Code::MISSING_VALUE, format!("`{name}` has no value"))
            .at(field.name.span, "a field of a module needs `= value`")
            .help(format!("a value from the command line is declared with `input {name}: …`"));
        self.diags.push(diag);
    }

    fn report_misplaced(&mut self, kind: &ItemKind, span: Span) {
        let start = self.at(span.start, span.start.max(self.first_line_end(span)));
        let what = describe(kind);
        let headline = format!("{what} cannot stand {}", self.place_name());
        let diag = Diag::error(Code::MISPLACED_ITEM, headline);
        let diag = match (kind, self.body_kind) {
            (ItemKind::Refine(item), BodyKind::Module) => diag
                .at(start, "there is nothing to refine here")
                .help(format!("set it with `{} = … {{ … }}`", self.slice(item.path.span))),
            (ItemKind::Set(item), BodyKind::Module) => diag
                .at(item.path.span, "the fields of a module have plain names")
                .help("put the path into the field's body: `name = { … }`"),
            (ItemKind::Declare(field), _) => {
                let ty = self.slice(field.ty.span);
                diag.at(start, "fields are declared in schemas")
                    .help(format!("set it with `{} = …`; `: {ty}` gives a type", field.name.name))
            }
            (ItemKind::Set(_), BodyKind::Test) => {
                diag.at(start, "nothing is emitted from a test").help("name a value with `let`")
            }
            (ItemKind::Spread(_), BodyKind::Schema) => {
                diag.at(start, "a schema's fields must be known").help("extend a schema with `extends`")
            }
            _ => {
                let diag = diag.at(start, format!("{what} stands {}", home(kind)));
                match (kind, self.body_kind) {
                    (ItemKind::If(_), BodyKind::Module) => {
                        diag.help("choose a value: `name = if condition { a } else { b }`")
                    }
                    (ItemKind::For(_), BodyKind::Module) => {
                        diag.help("make a list or map: `name = [for x in xs { … }]`")
                    }
                    _ => diag,
                }
            }
        };
        self.diags.push(diag);
    }

    fn first_line_end(&self, span: Span) -> u32 {
        let text = &self.text[span.range()];
        span.start + text.find('\n').map_or(text.len(), |at| text[..at].trim_end().len()) as u32
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn place_name(&self) -> &'static str {
        match self.body_kind {
            BodyKind::Module => "in a module",
            BodyKind::Schema => "in a schema",
            BodyKind::Object => "in an object",
            BodyKind::Test => "in a test",
        }
    }

    /// Checks the first letters of what an item declares.
    fn check_names(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Type(item) => self.expect_upper(item.name, "a type"),
            ItemKind::Schema(item) => self.expect_upper(item.name, "a schema"),
            ItemKind::Fn(item) => item.name.into_iter().for_each(|name| self.expect_lower(name, "a function")),
            ItemKind::Let(item) => item.name.into_iter().for_each(|name| self.expect_lower(name, "a `let`")),
            ItemKind::Input(item) => item.name.into_iter().for_each(|name| self.expect_lower(name, "an input")),
            ItemKind::Declare(item) => self.expect_lower(item.name, "a field"),
            ItemKind::Set(item) if self.body_kind == BodyKind::Module => {
                if let [PathSegment { key: Key::Name(name), span }] = item.path.segments.as_slice() {
                    self.expect_lower(Ident { name: *name, span: *span }, "a field");
                }
            }
            _ => {}
        }
    }

    pub(super) fn expect_lower(&mut self, name: Ident, what: &str) {
        if name.name.is_upper() && !self.slice(name.span).starts_with('`') {
            self.report_name(name, what, "a lower-case letter or `_`", str::to_ascii_lowercase);
        }
    }

    fn expect_upper(&mut self, name: Option<Ident>, what: &str) {
        let Some(name) = name else { return };
        let fine = name.name.as_str().trim_start_matches('_').starts_with(|c: char| !c.is_ascii_lowercase());
        if !fine && !self.slice(name.span).starts_with('`') {
            self.report_name(name, what, "an upper-case letter", str::to_ascii_uppercase);
        }
    }

    fn report_name(&mut self, name: Ident, what: &str, letter: &str, change: fn(&str) -> String) {
        let text = name.name.as_str();
        let letter_at = text.find(|c: char| c != '_').unwrap_or(0);
        let (head, tail) = text.split_at((letter_at + 1).min(text.len()));
        let mended = format!("{}{tail}", change(head));
        let diag = Diag::error(Code::BAD_NAME, format!("the name of {what} begins with {letter}"))
            .at(name.span, format!("`{text}` does not"))
            .maybe_fix(format!("write `{mended}`"), name.span, mended);
        self.diags.push(diag);
    }

    /// The generic names of a function.
    pub(crate) fn generics(&mut self, first: u32, rest: Vec<u32>) -> Vec<Ident> {
        let mut names = vec![self.ident(first)];
        names.extend(rest.into_iter().map(|at| self.ident(at)));
        for name in &names {
            self.expect_upper(Some(*name), "a type parameter");
        }
        names
    }

    /// What a pattern that is one word means.
    pub(crate) fn binding(&mut self, at: u32) -> PatternKind {
        let name = self.ident(at);
        if name.name == Name::new("_") {
            return PatternKind::Any;
        }
        if name.name.is_upper() && !self.slice(name.span).starts_with('`') {
            let diag = Diag::error(Code::BAD_NAME, format!("`{}` alone is not a pattern", name.name))
                .at(name.span, "a name here binds the value and begins with a lower-case letter")
                .fix(format!("write `is {}`", name.name), name.span, format!("is {}", name.name));
            self.diags.push(diag);
            return PatternKind::Error;
        }
        PatternKind::Bind(name)
    }
}

/// An item's kind for messages.
fn describe(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Import(_) => "an import",
        ItemKind::Type(_) => "a type",
        ItemKind::Schema(_) => "a schema",
        ItemKind::Fn(_) => "a function",
        ItemKind::Let(_) => "a `let`",
        ItemKind::Input(_) => "an input",
        ItemKind::Test(_) => "a test",
        ItemKind::Declare(_) => "a field declaration",
        ItemKind::Set(_) => "an assignment",
        ItemKind::Append(_) => "`+=`",
        ItemKind::Refine(_) => "a refinement",
        ItemKind::Delete(_) => "`delete`",
        ItemKind::Spread(_) => "a spread",
        ItemKind::If(_) => "an `if` with items",
        ItemKind::For(_) => "a `for` with items",
        ItemKind::Check(_) => "a check",
        ItemKind::Assert(_) => "`assert`",
        ItemKind::Fails(_) => "`fails`",
        ItemKind::Snapshot(_) => "`snapshot`",
        ItemKind::Error => "this",
    }
}

/// Where items of a kind belong.
fn home(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Import(_) | ItemKind::Type(_) | ItemKind::Schema(_) | ItemKind::Input(_) | ItemKind::Test(_) => {
            "at the top of a module, outside of all braces"
        }
        ItemKind::Fn(_) => "in a module or a schema",
        ItemKind::Check(_) => "in a schema",
        ItemKind::Assert(_) | ItemKind::Fails(_) | ItemKind::Snapshot(_) => "in a `test`",
        _ => "in the body of an object or schema",
    }
}
