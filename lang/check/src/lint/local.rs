//! Unused locals, and locals that shadow other names. Walks the syntax tree with the names in scope.
//!
//! Parameters of functions and methods may have the name of a schema's field, since a reader looks at the parameter
//! list first. Names of the module may be shadowed by any local. A name that is bound in the middle of an expression is
//! confusing.

use forge_base::{Code, Diag, Name, Severity, Span};
use forge_syntax::ast::{self, Element, Expr, ExprKind, Ident, Item, ItemKind, Key, PatternKind, StrPart};

use super::unused::is_meant_in_a_string;
use crate::decl::{Decls, ModuleDecls};
use crate::ids::{Def, SchemaId};
use crate::reference::Uses;

pub(super) fn check(decls: &Decls, module: &ModuleDecls, uses: &Uses, diags: &mut Vec<Diag>) {
    let mut visitor = LocalVisitor { decls, module, uses, names: Vec::new(), diags };
    for (index, item) in module.source.ast.items.iter().enumerate() {
        visitor.module_item(index, item);
    }
}

/// What binds a name in scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NameSource {
    Field(SchemaId),
    Param,
    BodyLet,
    BlockLet,
    Variable,
}

/// What to do about unused parameters of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum UnusedParams {
    /// They are reported.
    Report,
    /// They are required by the signature of an inherited method.
    Ignore,
}

struct LocalVisitor<'a> {
    decls: &'a Decls,
    module: &'a ModuleDecls,
    uses: &'a Uses,
    names: Vec<(Name, Span, NameSource)>,
    diags: &'a mut Vec<Diag>,
}

impl LocalVisitor<'_> {
    fn module_item(&mut self, item_index: usize, item: &Item) {
        match &item.kind {
            ItemKind::Schema(decl) => {
                let schemas = &self.module.schemas;
                if let Ok(index) = schemas.binary_search_by_key(&item_index, |schema| schema.item) {
                    self.schema(SchemaId { module: self.module.source.id, index: index as u32 }, decl);
                }
            }
            ItemKind::Fn(decl) => self.function(decl, UnusedParams::Report),
            ItemKind::Test(test) => self.body(&test.body),
            // A module's `let` is visible in all modules.
            ItemKind::Let(decl) => self.expr(&decl.value),
            _ => self.item(item),
        }
    }

    fn schema(&mut self, id: SchemaId, decl: &ast::SchemaDecl) {
        let schema = self.decls.schema(id);
        self.scoped(|visitor| {
            visitor.names.extend(schema.fields.iter().map(|field| (field.name, field.span, NameSource::Field(id))));
            visitor.lets(&decl.body.items);
            for item in &decl.body.items {
                match &item.kind {
                    ItemKind::Fn(method) => {
                        let inherits = method.name.is_some_and(|name| visitor.overrides(id, name.name));
                        let is_given = schema.is_abstract || inherits;
                        visitor.function(method, if is_given { UnusedParams::Ignore } else { UnusedParams::Report });
                    }
                    _ => visitor.item(item),
                }
            }
        });
    }

    fn overrides(&self, id: SchemaId, name: Name) -> bool {
        let parent = self.decls.schema(id).parent.map(|parent| self.decls.schema(parent));
        parent.is_some_and(|parent| parent.methods.iter().any(|inherited| inherited.name == name))
    }

    fn function(&mut self, decl: &ast::FnDecl, unused: UnusedParams) {
        let Some(body) = &decl.body else { return };
        self.scoped(|visitor| {
            for param in &decl.params {
                visitor.names.push((param.name.name, param.name.span, NameSource::Param));
                if unused == UnusedParams::Report {
                    visitor.note_unused(param.name, Severity::Warning);
                }
                param.default.iter().for_each(|expr| visitor.expr(expr));
            }
            visitor.expr(body);
        });
    }

    fn scoped(&mut self, work: impl FnOnce(&mut Self)) {
        let before = self.names.len();
        work(self);
        self.names.truncate(before);
    }

    fn bind(&mut self, ident: Ident, source: NameSource) {
        if ident.name.as_str().is_empty() || ident.name.is_private() {
            return;
        }
        self.warn_shadowed(ident, source);
        match source {
            NameSource::BodyLet | NameSource::BlockLet => self.warn_unused(ident),
            // `(k, v) => v` needs no change.
            _ => self.note_unused(ident, Severity::Hint),
        }
        self.names.push((ident.name, ident.span, source));
    }

    fn warn_shadowed(&mut self, ident: Ident, source: NameSource) {
        let Some((_, span, other)) = self.names.iter().rev().find(|(name, ..)| *name == ident.name) else { return };
        let what = match other {
            NameSource::Field(id) => format!("the field of `{}`", self.decls.schema(*id).name),
            NameSource::Param => String::from("the parameter"),
            // `let x = x.trim()` is intentional.
            NameSource::BlockLet | NameSource::Variable if source == NameSource::BlockLet => return,
            NameSource::BodyLet | NameSource::BlockLet => String::from("the `let`"),
            NameSource::Variable => String::from("the variable"),
        };
        self.diags.push(
            Diag::warning(Code::SHADOWED, format!("`{}` shadows {what} of the same name", ident.name))
                .at(ident.span, "shadows it from here on")
                .label(*span, "shadowed")
                .help("rename it"),
        );
    }

    fn warn_unused(&mut self, ident: Ident) {
        if !self.uses.locals.contains(&ident.span) && !is_meant_in_a_string(self.module, ident.name) {
            self.diags.push(
                Diag::warning(Code::UNUSED_LET, format!("`{}` is never used", ident.name))
                    .at(ident.span, "nothing reads it")
                    .unnecessary()
                    .maybe_fix(format!("write `_{}`", ident.name), ident.span, format!("_{}", ident.name)),
            );
        }
    }

    fn note_unused(&mut self, ident: Ident, severity: Severity) {
        if ident.name.is_private() || ident.name.as_str().is_empty() || self.uses.locals.contains(&ident.span) {
            return;
        }
        let mut diag = Diag::warning(Code::UNUSED_PARAMETER, format!("`{}` is never used", ident.name))
            .at(ident.span, "nothing reads it")
            .unnecessary();
        diag.severity = severity;
        self.diags.push(diag);
    }

    /// The `let`s of a body are in scope in the whole body.
    fn lets(&mut self, items: &[Item]) {
        for item in items {
            if let ItemKind::Let(ast::LetDecl { name: Some(name), .. }) = &item.kind {
                self.bind(*name, NameSource::BodyLet);
            }
        }
    }

    fn body(&mut self, body: &ast::Body) {
        self.scoped(|visitor| {
            visitor.lets(&body.items);
            body.items.iter().for_each(|item| visitor.item(item));
        });
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Let(decl) => self.expr(&decl.value),
            ItemKind::Input(decl) => decl.default.iter().for_each(|expr| self.expr(expr)),
            ItemKind::Declare(field) => field.value.iter().for_each(|expr| self.expr(expr)),
            ItemKind::Set(set) | ItemKind::Append(set) => {
                self.path(&set.path);
                self.expr(&set.value);
            }
            ItemKind::Refine(refine) => {
                self.path(&refine.path);
                self.body(&refine.body);
            }
            ItemKind::Delete(path) => self.path(path),
            ItemKind::Spread(expr) | ItemKind::Snapshot(expr) => self.expr(expr),
            ItemKind::If(item) => {
                self.expr(&item.cond);
                self.body(&item.then);
                item.otherwise.iter().for_each(|body| self.body(body));
            }
            ItemKind::For(item) => self.looped(&item.head, |visitor| visitor.body(&item.body)),
            ItemKind::Each(body) => self.body(body),
            ItemKind::Check(check) | ItemKind::Warn(check) | ItemKind::Assert(check) => {
                self.expr(&check.cond);
                check.message.iter().for_each(|message| self.expr(message));
                check.args.iter().for_each(|arg| self.expr(&arg.value));
            }
            ItemKind::Fails(fails) => {
                self.expr(&fails.operand);
                fails.with.iter().for_each(|with| self.expr(with));
            }
            ItemKind::Import(_)
            | ItemKind::Export(_)
            | ItemKind::Type(_)
            | ItemKind::Schema(_)
            | ItemKind::Fn(_)
            | ItemKind::Test(_)
            | ItemKind::Error { .. } => {}
        }
    }

    fn looped(&mut self, head: &ast::ForHead, work: impl FnOnce(&mut Self)) {
        self.expr(&head.iter);
        self.scoped(|visitor| {
            head.vars.iter().for_each(|var| visitor.bind(*var, NameSource::Variable));
            head.guard.iter().for_each(|guard| visitor.expr(guard));
            work(visitor);
        });
    }

    fn path(&mut self, path: &ast::Path) {
        for segment in &path.segments {
            match &segment.key {
                Key::Str(text) => self.text(text, segment.span),
                Key::Tuple(parts) => parts.iter().for_each(|part| self.expr(part)),
                Key::Name(_) | Key::Int(_) => {}
            }
        }
    }

    /// Warns about `${name}` in a string at `span` where `name` is in scope.
    fn foreign_interpolation(&mut self, text: &str, span: Span) {
        for (_, rest) in text.match_indices("${").map(|(at, _)| text.split_at(at + 2)) {
            let Some((path, _)) = rest.split_once('}') else { continue };
            let is_path = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
            let first = path.split('.').next().unwrap_or("");
            if is_path && !first.is_empty() && self.is_value(Name::new(first)) {
                self.diags.push(foreign_interpolation(&self.module.source.text, path, span));
            }
        }
    }

    /// Whether a name in scope is a value.
    fn is_value(&self, name: Name) -> bool {
        let is_global = matches!(self.module.scope.get(&name), Some(Def::Global(_)));
        is_global || self.names.iter().any(|(known, ..)| *known == name)
    }

    fn text(&mut self, text: &ast::StrLit, span: Span) {
        for part in &text.parts {
            match part {
                StrPart::Expr(expr) => self.expr(expr),
                StrPart::Text(text) if text.contains("${") => self.foreign_interpolation(text, span),
                StrPart::Text(_) => {}
            }
        }
    }

    fn block(&mut self, block: &ast::Block) {
        self.scoped(|visitor| {
            for decl in &block.lets {
                visitor.block_let(decl);
            }
            visitor.expr(&block.value);
        });
    }

    fn block_let(&mut self, decl: &ast::LetDecl) {
        self.expr(&decl.value);
        if let Some(name) = decl.name {
            self.bind(name, NameSource::BlockLet);
        }
    }

    fn element(&mut self, element: &Element) {
        match element {
            Element::Item(expr) | Element::Spread(expr) => self.expr(expr),
            Element::Let(decl) => self.block_let(decl),
            Element::If(branch) => {
                self.expr(&branch.cond);
                self.elements(&branch.then);
                self.elements(&branch.otherwise);
            }
            Element::For(item) => self.looped(&item.head, |visitor| visitor.elements(&item.body)),
        }
    }

    fn elements(&mut self, elements: &[Element]) {
        self.scoped(|visitor| elements.iter().for_each(|element| visitor.element(element)));
    }

    fn arm(&mut self, arm: &ast::Arm) {
        self.scoped(|visitor| {
            for pattern in &arm.patterns {
                if let PatternKind::Bind(name) = &pattern.kind {
                    visitor.bind(*name, NameSource::Variable);
                }
            }
            arm.guard.iter().for_each(|guard| visitor.expr(guard));
            visitor.block(&arm.body);
        });
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Str(text) => self.text(text, expr.span),
            ExprKind::List(elements) => self.elements(elements),
            ExprKind::Object(body) => self.body(body),
            ExprKind::Derive(derive) => {
                self.expr(&derive.base);
                self.body(&derive.body);
            }
            ExprKind::Lambda(lambda) => self.scoped(|visitor| {
                lambda.params.iter().for_each(|param| visitor.bind(param.name, NameSource::Variable));
                visitor.block(&lambda.body);
            }),
            ExprKind::If(branches) => {
                self.expr(&branches.cond);
                self.block(&branches.then);
                self.block(&branches.otherwise);
            }
            ExprKind::Match(arms) => {
                self.expr(&arms.value);
                arms.arms.iter().for_each(|arm| self.arm(arm));
            }
            _ => self.operands(expr),
        }
    }

    fn operands(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Member(member) => self.expr(&member.recv),
            ExprKind::Index(index) => {
                self.expr(&index.recv);
                index.index.iter().for_each(|part| self.expr(part));
            }
            ExprKind::Call(call) => {
                self.expr(&call.callee);
                call.args.iter().for_each(|arg| self.expr(&arg.value));
            }
            ExprKind::Unary(_, operand) => self.expr(operand),
            ExprKind::Binary(binary) => {
                self.expr(&binary.left);
                self.expr(&binary.right);
            }
            ExprKind::Is(is) => self.expr(&is.value),
            ExprKind::As(cast) => self.expr(&cast.value),
            ExprKind::NonNull(value) => self.expr(value),
            ExprKind::Range(range) => {
                self.expr(&range.start);
                self.expr(&range.end);
            }
            _ => {}
        }
    }
}

fn foreign_interpolation(text: &str, path: &str, span: Span) -> Diag {
    let first = path.split('.').next().unwrap_or(path);
    let written = format!("${{{path}}}");
    let source = text.get(span.range()).unwrap_or("");
    let at = source.find(&written).map(|at| {
        let start = span.start + at as u32;
        Span { start, end: start + written.len() as u32, ..span }
    });
    let hashes = "#".repeat(source.len() - source.trim_start_matches('#').len());
    let ours = format!("\\{hashes}({path})");
    let diag = Diag::warning(Code::FOREIGN_INTERPOLATION, format!("`{written}` is written as it is"))
        .at(at.unwrap_or(span), format!("`{first}` is a name in scope"))
        .note("strings interpolate with `\\(value)`");
    match at {
        Some(at) => diag.maybe_fix(format!("write `{ours}`"), at, ours),
        None => diag.help(format!("write `{ours}`")),
    }
}
