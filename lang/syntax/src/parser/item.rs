//! Items: their annotations and docs, where they are allowed, and how they are named.

use forge_base::{Code, Diag, Name, Span};

use super::terminal::{Node, Nonterminal};
use super::{BodyKind, Parser, lookahead};
use crate::ast::*;
use crate::layout::TreeToken;
use crate::token::TokenKind;

/// How many annotations one declaration may have.
const MAX_ANNOTATIONS: usize = 100;

impl Parser<'_> {
    /// The items between two tokens.
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

    /// Parses the item at `start` and returns where the next one begins.
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
            let kind = ItemKind::Error { names: vec![self.name(at as u32)] };
            items.push(Item { kind, doc, annotations, span });
            return next;
        }
        let node = match self.wrong_token(at, stop) {
            Some(wrong) => self.recover(Nonterminal::Item, (at, stop), known, Some(wrong), false),
            None => self.run(Nonterminal::Item, at, stop),
        };
        let next = self.resume_at.take();
        let span = next.map_or(span, |next| self.range_span(at, next.max(at + 1)));
        let mut kind = match node {
            Some(Node::Item(kind)) => *kind,
            _ => ItemKind::Error { names: self.lost_names(at, next.unwrap_or(stop)) },
        };
        let quiet = self.diags.len() > known;
        self.complete_head(&mut kind, quiet, at, stop);
        if self.check_place(&kind, span, quiet) {
            // Of a broken item the name may be any word.
            if !quiet || !matches!(kind, ItemKind::Declare(_) | ItemKind::Set(_)) {
                self.check_names(&kind);
            }
        } else {
            // What a test sets in vain is used in it all the same.
            let name = kind.declared().map(|ident| ident.name);
            kind = ItemKind::Error { names: name.into_iter().collect() };
        }
        items.push(Item { kind, doc, annotations, span });
        next.unwrap_or(stop)
    }

    /// A function whose head is broken does not lack a body as well: that is an error node.
    fn complete_head(&mut self, kind: &mut ItemKind, is_broken: bool, start: usize, end: usize) {
        let ItemKind::Fn(decl) = kind else { return };
        if self.has_unclosed_type(start, end) {
            // It may hold parameters.
            *kind = ItemKind::Error { names: self.lost_names(start, end) };
            return;
        }
        let last = end.checked_sub(1).and_then(|last| self.tree.get(last));
        let is_open = last.is_some_and(|last| last.start == last.end);
        if decl.body.is_none() && (is_open || is_broken) {
            decl.body = Some(self.error(self.range_span(end, end)));
        }
    }

    /// Whether a bracket between the parentheses of a function is not closed.
    fn has_unclosed_type(&self, start: usize, end: usize) -> bool {
        let Some(open) = (start..end).find(|&at| self.tree[at].kind == TokenKind::LParen) else { return false };
        let close = self.tree[open].matching as usize;
        let is_unclosed = |token: &TreeToken| super::lookahead::closes(token.kind) && token.start == token.end;
        self.tree[open + 1..close].iter().any(is_unclosed)
    }

    /// The token that is wrong although the item parses, counted in terminals: the `:` of `name: value` in an object, the brace of
    /// `schema { … }` and `Name { field: Type }` in a module, that of `name {Key: Value}` in a schema.
    fn wrong_token(&self, start: usize, end: usize) -> Option<usize> {
        if self.has_colon_for_equals(start, end) {
            return Some(2);
        }
        if start + 1 >= end || self.tree[start + 1].kind != TokenKind::LBrace {
            return None;
        }
        let is_upper = |at: usize| at < end && self.token_text(at).starts_with(char::is_uppercase);
        let declares = self.tree.get(start + 3).is_some_and(|token| token.kind == TokenKind::Colon);
        let is_wrong = match self.body_kind {
            BodyKind::Module => matches!(self.token_text(start), "schema" | "test") || is_upper(start) && declares,
            BodyKind::Schema => declares && is_upper(start + 2),
            BodyKind::Object | BodyKind::Test => false,
        };
        is_wrong.then_some(2)
    }

    /// Whether the name of a schema and braces follow, up to the end: `name: T { … }`.
    fn is_typed_refinement(&self, mut at: usize, end: usize) -> bool {
        let is_name = |at: usize| at < end && self.tree[at].kind == TokenKind::Ident;
        while is_name(at) && at + 1 < end && self.tree[at + 1].kind == TokenKind::Dot {
            at += 2;
        }
        let is_schema = is_name(at) && self.token_text(at).starts_with(char::is_uppercase);
        let brace = at + 1;
        is_schema
            && brace < end
            && self.tree[brace].kind == TokenKind::LBrace
            && super::lookahead::after(self.tree, brace) == end
    }

    /// Whether an item of an object reads `name: value`, as other languages write it.
    fn has_colon_for_equals(&self, start: usize, end: usize) -> bool {
        let outside = matches!(self.body_kind, BodyKind::Object | BodyKind::Test);
        if !outside || start + 1 >= end || self.tree[start + 1].kind != TokenKind::Colon {
            return false;
        }
        if self.is_typed_refinement(start + 2, end) {
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
                    .at(self.token_span(at), "a name must follow, as in `@internal`");
                self.diags.push(diag);
                at = self.skip_lines(at + 1, end);
                continue;
            }
            let name = self.ident(at as u32 + 1);
            let mut last = at + 1;
            let mut args = Vec::new();
            if at + 2 < end && self.tree[at + 2].kind == TokenKind::LParen {
                args = self.args(at + 2);
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
            self.diags.push(Diag::error(Code::SYNTAX, headline).at(span, "this and the following ones are ignored"));
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

    /// The `///` comments directly before the token at `at`.
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

    /// Reports an item that is not allowed here, unless something else about it was reported. False if it is misplaced.
    fn check_place(&mut self, kind: &ItemKind, span: Span, quiet: bool) -> bool {
        use ItemKind::*;
        let body_kind = self.body_kind;
        let fits = match kind {
            Import(_) | Export(_) | Type(_) | Schema(_) | Input(_) | Test(_) => body_kind == BodyKind::Module,
            Fn(_) => matches!(body_kind, BodyKind::Module | BodyKind::Schema),
            Declare(field) if field.late.is_some() => body_kind == BodyKind::Schema,
            Declare(_) => matches!(body_kind, BodyKind::Module | BodyKind::Schema),
            Let(_) | Error { .. } => true,
            Set(item) => match body_kind {
                BodyKind::Module => matches!(item.path.segments.as_slice(), [PathSegment { key: Key::Name(_), .. }]),
                BodyKind::Schema | BodyKind::Object => true,
                BodyKind::Test => false,
            },
            Append(_) | Refine(_) | Delete(_) | If(_) => matches!(body_kind, BodyKind::Schema | BodyKind::Object),
            For(_) => body_kind != BodyKind::Module,
            Spread(_) | Each(_) => body_kind == BodyKind::Object,
            Check(_) | Warn(_) => body_kind == BodyKind::Schema,
            Assert(_) | Fails(_) | Snapshot(_) => body_kind == BodyKind::Test,
        };
        if let Declare(field) = kind
            && body_kind == BodyKind::Module
            && field.value.is_none()
            && field.late.is_none()
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
        if matches!(field.ty.kind, TypeKind::Error) {
            return;
        }
        if matches!(field.ty.kind, TypeKind::Record(_)) && is_value(&field.ty) {
            let between = self.at(field.name.span.end, field.ty.span.start);
            let diag = Diag::error(Code::SYNTAX, "a field is set with `=`, not `:`")
                .at(between, "a colon gives a type")
                .help(format!("write `{name} = {{ … }}`, and `=` between the braces as well"));
            self.diags.push(diag);
            return;
        }
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
        let headline = format!("{what} not allowed {}", self.body_name());
        let diag = Diag::error(Code::MISPLACED_ITEM, headline);
        let diag = match (kind, self.body_kind) {
            (ItemKind::Refine(RefineItem { path, ty: Some(ty), body, .. }), BodyKind::Module) => {
                self.value_after_colon(path.span, ty.span, body.span)
            }
            (ItemKind::Refine(item), BodyKind::Module) => {
                diag.at(start, "there is nothing to refine here").help(block_of_module(self.slice(item.path.span)))
            }
            (ItemKind::Set(item), BodyKind::Module) => diag
                .at(item.path.span, "the fields of a module are single names")
                .help("put the path into the field's body: `name = { … }`"),
            (ItemKind::Declare(field), _) if field.late.is_none() => {
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
                let diag = diag.at(start, format!("only allowed {}", home(kind)));
                match (kind, self.body_kind) {
                    (ItemKind::If(_), BodyKind::Module) => {
                        diag.help("choose a value: `name = if condition { a } else { b }`")
                    }
                    (ItemKind::For(item), BodyKind::Module) => {
                        let head = self.head_of_for(span, item.head.iter.span);
                        diag.help(format!(
                            "a list is `name = [{head} {{ … }}]`, a map is `name = {{ {head} {{ … }} }}`"
                        ))
                    }
                    _ => diag,
                }
            }
        };
        self.diags.push(diag);
    }

    /// `web: Web { … }` in a module, where there is nothing to refine.
    fn value_after_colon(&self, path: Span, ty: Span, body: Span) -> Diag {
        let between = Span { end: ty.start, ..path.at_end() };
        let start = between.start + self.slice(between).find(':').unwrap_or(0) as u32;
        let colon = Span { start, end: start + 1, ..between };
        Diag::error(Code::SYNTAX, format!("`{}` is set with `=`, not `:`", self.slice(path)))
            .at(colon, "a colon gives a type")
            .label(Span { end: body.start + 1, ..body }, "this is a value")
            .fix("write `=`", colon, " =")
    }

    /// `for n in xs`, without what it iterates over where that is long.
    fn head_of_for(&self, span: Span, iter: Span) -> String {
        let names = self.slice(self.at(span.start, iter.start)).trim_end();
        match self.slice(iter) {
            iter if iter.len() <= 30 && !iter.contains('\n') => format!("{names} {iter}"),
            _ => format!("{names} …"),
        }
    }

    fn first_line_end(&self, span: Span) -> u32 {
        let text = &self.text[span.range()];
        span.start + text.find('\n').map_or(text.len(), |at| text[..at].trim_end().len()) as u32
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn body_name(&self) -> &'static str {
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
        let fixed = format!("{}{tail}", change(head));
        let diag = Diag::error(Code::BAD_NAME, format!("the name of {what} begins with {letter}"))
            .at(name.span, format!("`{text}` does not"))
            .maybe_fix(format!("write `{fixed}`"), name.span, fixed);
        self.diags.push(diag);
    }

    /// The type parameters of a function.
    pub(crate) fn generics(&mut self, first: GenericParam, rest: Vec<GenericParam>) -> Vec<GenericParam> {
        let mut params = vec![first];
        params.extend(rest);
        for param in &params {
            self.expect_upper(Some(param.name), "a type parameter");
        }
        params
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

/// How a block of another language, or an instance without a name, is written in a module.
fn block_of_module(path: &str) -> String {
    match path {
        "locals" | "let" | "vars" => String::from("each value is named on its own: `let name = …`"),
        "inputs" | "variables" | "params" | "parameters" => {
            String::from("each value from the command line is declared on its own: `input name: Type`")
        }
        "metadata" | "spec" | "data" | "stringData" | "labels" | "template" => {
            format!("it is a field of a resource: `name = Kind {{ {path} {{ … }} }}`")
        }
        name if name.starts_with(char::is_uppercase) => format!("an instance needs a name: `name = {name} {{ … }}`"),
        name => format!("set it with `{name} = … {{ … }}`"),
    }
}

/// Items of a kind, as the subject of a sentence.
fn describe(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Import(_) => "imports are",
        ItemKind::Export(_) => "exports are",
        ItemKind::Type(_) => "type declarations are",
        ItemKind::Schema(_) => "schemas are",
        ItemKind::Fn(_) => "functions are",
        ItemKind::Let(_) => "`let` is",
        ItemKind::Input(_) => "inputs are",
        ItemKind::Test(_) => "tests are",
        ItemKind::Declare(field) if field.late.is_some() => "`late` fields are",
        ItemKind::Declare(_) => "field declarations are",
        ItemKind::Set(_) => "assignments are",
        ItemKind::Append(_) => "`+=` is",
        ItemKind::Refine(_) => "refinements are",
        ItemKind::Delete(_) => "`delete` is",
        ItemKind::Spread(_) => "spreads are",
        ItemKind::If(_) => "an `if` with items is",
        ItemKind::For(_) => "a `for` with items is",
        ItemKind::Each(_) => "`each` is",
        ItemKind::Check(_) => "checks are",
        ItemKind::Warn(_) => "`warn` is",
        ItemKind::Assert(_) => "`assert` is",
        ItemKind::Fails(_) => "`fails` is",
        ItemKind::Snapshot(_) => "`snapshot` is",
        ItemKind::Error { .. } => "this is",
    }
}

/// Whether what was read as a type is a value as other languages write it, `{ name: "shop", replicas: 3 }`.
fn is_value(ty: &TypeExpr) -> bool {
    match &ty.kind {
        TypeKind::Str(_) | TypeKind::Int(_) | TypeKind::Bool(_) | TypeKind::Null => true,
        TypeKind::Name(path) => path.last().is_some_and(|name| !name.name.is_upper()),
        TypeKind::List(item) => is_value(item),
        TypeKind::Record(fields) => fields.iter().any(|(_, ty)| is_value(ty)),
        _ => false,
    }
}

/// Where items of a kind belong.
fn home(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Import(_) | ItemKind::Export(_) | ItemKind::Type(_) => {
            "at the top of a module, outside of all braces"
        }
        ItemKind::Schema(_) | ItemKind::Input(_) | ItemKind::Test(_) => "at the top of a module, outside of all braces",
        ItemKind::Fn(_) => "in a module or a schema",
        ItemKind::Check(_) | ItemKind::Warn(_) | ItemKind::Declare(_) => "in a schema",
        ItemKind::Each(_) => "in the body of a keyed list or map",
        ItemKind::Assert(_) | ItemKind::Fails(_) | ItemKind::Snapshot(_) => "in a `test`",
        _ => "in the body of an object or schema",
    }
}
