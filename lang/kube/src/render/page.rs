//! A text that grows together with its tree: each function writes something and gives its node.

use forge_base::{FileId, Name, Span};
use forge_syntax::ast::{self, Ident};
use forge_syntax::write::{is_plain_field, push_escaped};

use super::pick::Picked;
use crate::Scope;
use crate::table::{self, ModuleId};

/// The widest line.
pub(super) const WIDTH: usize = 120;
/// The module of what all kinds share.
const META: &str = "k8s.meta.v1";

pub(super) struct Page {
    file: FileId,
    /// The module that is written.
    pub(super) module: ModuleId,
    pub(super) text: String,
    /// Modules that are imported, with the names that they are bound to.
    imported: Vec<(ModuleId, Name)>,
}

impl Page {
    pub(super) fn new(file: FileId, module: ModuleId, capacity: usize) -> Page {
        Page { file, module, text: String::with_capacity(capacity), imported: Vec::new() }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// From `start` to the end of the text.
    pub(super) fn span(&self, start: usize) -> Span {
        Span::new(self.file, start, self.text.len())
    }

    /// Writes a word with a space behind it and gives the place of the word.
    pub(super) fn word(&mut self, word: &str) -> Span {
        let start = self.text.len();
        self.push(word);
        Span::new(self.file, start, start + word.trim_end().len())
    }

    /// A blank line, unless the text begins here.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.push("\n");
        }
    }

    /// How many characters the last line has.
    pub(super) fn column(&self) -> usize {
        let line = self.text.rfind('\n').map_or(0, |at| at + 1);
        self.text[line..].chars().count()
    }

    /// The name of a field or an annotation, in backticks where it needs them.
    pub(super) fn ident(&mut self, name: &str) -> Ident {
        let start = self.text.len();
        if is_plain_field(name) {
            self.push(name);
        } else {
            self.push("`");
            self.push(name);
            self.push("`");
        }
        Ident { name: Name::new(name), span: self.span(start) }
    }

    /// The name of a type or a module, which never needs backticks.
    pub(super) fn bare_ident(&mut self, name: Name) -> Ident {
        let start = self.text.len();
        self.push(name.as_str());
        Ident { name, span: self.span(start) }
    }

    /// A string literal.
    pub(super) fn literal(&mut self, text: &str) -> ast::StrLit {
        let start = self.text.len();
        self.push("\"");
        push_escaped(&mut self.text, text);
        self.push("\"");
        let parts = if text.is_empty() { Vec::new() } else { vec![ast::StrPart::Text(text.into())] };
        ast::StrLit { parts, span: self.span(start) }
    }

    /// A string literal as an expression.
    pub(super) fn string(&mut self, text: &str) -> ast::Expr {
        let literal = self.literal(text);
        let span = literal.span;
        ast::Expr { kind: ast::ExprKind::Str(literal), span }
    }

    /// `@name("text")` on a line of its own, or on three where it is too long for one.
    pub(super) fn annotation(&mut self, name: &str, text: &str, indent: usize) -> ast::Annotation {
        self.spaces(indent);
        let start = self.text.len();
        self.push("@");
        let name = self.ident(name);
        self.push("(");
        let value = self.only_argument(text, indent);
        self.push(")");
        let span = self.span(start);
        self.push("\n");
        ast::Annotation { name, args: vec![ast::Arg { name: None, value }], span }
    }

    /// The string between parentheses, on a line of its own where it is too long for this one.
    pub(super) fn only_argument(&mut self, text: &str, indent: usize) -> ast::Expr {
        let behind = self.text.len();
        let value = self.string(text);
        if self.column() < WIDTH {
            return value;
        }
        self.text.truncate(behind);
        self.push("\n");
        self.spaces(indent + 2);
        let value = self.string(text);
        self.push("\n");
        self.spaces(indent);
        value
    }

    pub(super) fn spaces(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    /// Imports what the declarations name, sorted by path.
    pub(super) fn imports(&mut self, picked: &[Picked], items: &mut Vec<ast::Item>) {
        let mut used: Vec<ModuleId> = Vec::new();
        let mut note = |module: ModuleId| {
            if module != self.module && !used.contains(&module) {
                used.push(module);
            }
        };
        for declaration in picked {
            match &declaration.sort {
                table::Sort::Alias(ty) => ty.each_ref(&mut |decl| note(decl.module())),
                table::Sort::Kind(kind) if kind.scope != Scope::Local => {
                    table::module(META).into_iter().for_each(&mut note)
                }
                _ => {}
            }
            for ty in declaration.fields.iter().filter_map(|field| field.ty) {
                ty.each_ref(&mut |decl| note(decl.module()));
            }
        }
        used.sort();
        self.imported = bind(&used);
        if !used.is_empty() {
            self.gap();
        }
        for (module, alias) in self.imported.clone() {
            items.push(self.import(module, alias));
        }
    }

    fn import(&mut self, module: ModuleId, alias: Name) -> ast::Item {
        let start = self.text.len();
        self.push("import ");
        let mut path = vec![self.ident("std")];
        for segment in module.path().split('.') {
            self.push(".");
            path.push(self.ident(segment));
        }
        self.push(" as ");
        let binds = ast::ImportBinds::Module(Some(self.bare_ident(alias)));
        let kind = ast::ItemKind::Import(ast::Import { dots: 0, path, binds });
        let span = self.span(start);
        self.push("\n");
        ast::Item { kind, doc: None, annotations: Vec::new(), span }
    }

    /// The name that an imported module is bound to.
    pub(super) fn alias(&self, module: ModuleId) -> Option<Name> {
        self.imported.iter().find(|(known, _)| *known == module).map(|&(_, alias)| alias)
    }

    /// The parent of all kinds.
    pub(super) fn resource(&mut self) -> Vec<Ident> {
        let mut path = Vec::new();
        if let Some(alias) = table::module(META).and_then(|module| self.alias(module)) {
            path.push(self.bare_ident(alias));
            self.push(".");
        }
        path.push(self.bare_ident(Name::new("Resource")));
        path
    }
}

/// Names for imported modules: that of the group, with the version where two versions of it are imported.
fn bind(modules: &[ModuleId]) -> Vec<(ModuleId, Name)> {
    let parts = |module: ModuleId| {
        let mut segments = module.path().rsplit('.');
        let version = segments.next().unwrap_or_default();
        (segments.next().unwrap_or_default(), version)
    };
    let alias = |&module: &ModuleId| {
        let (group, version) = parts(module);
        let several = modules.iter().filter(|&&other| parts(other).0 == group).count() > 1;
        let name = if several { format!("{group}_{version}") } else { group.to_owned() };
        (module, Name::new(&name))
    };
    modules.iter().map(alias).collect()
}
