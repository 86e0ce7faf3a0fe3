//! Whole documents.

use forge_base::{FileId, Name, Span};

use super::{INDENT, WIDTH, block_string, doc, field_name, push_string_literal};
use crate::ast;

/// Builds the source of a module in canonical form: what it writes is what the formatter would.
///
/// Methods append to the source. They return the span of what they wrote, or its syntax node if that needs no parts from
/// the caller; constructs with parts take a closure for each part and return the results together with the span. So a
/// caller can build the syntax tree in the same pass, with exact spans.
#[derive(Debug)]
pub struct SourceBuilder {
    file: FileId,
    source: String,
    /// The number of open bodies.
    depth: usize,
}

/// How a type binds in a larger type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeForm {
    /// A type to which `?` can be appended.
    Atom,
    /// A union or refinement, which needs parentheses before `?`.
    Compound,
}

/// The modifier of a schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemaModifier {
    /// `schema`.
    None,
    /// `abstract schema`.
    Abstract,
    /// `open schema`.
    Open,
}

impl SchemaModifier {
    fn keyword(self) -> Option<&'static str> {
        match self {
            SchemaModifier::None => None,
            SchemaModifier::Abstract => Some("abstract"),
            SchemaModifier::Open => Some("open"),
        }
    }
}

/// The parts of a schema that was written.
#[derive(Debug)]
pub struct SchemaParts<T> {
    /// The span of the modifier.
    pub modifier: Option<Span>,
    /// The name.
    pub name: ast::Ident,
    /// The path of the parent; empty if there is none.
    pub parent: Vec<ast::Ident>,
    /// What the items returned.
    pub items: T,
    /// The span of the body.
    pub body: Span,
}

impl SourceBuilder {
    /// An empty module; `file` is the file of all spans.
    pub fn new(file: FileId) -> SourceBuilder {
        SourceBuilder::with_capacity(file, 0)
    }

    /// An empty module with room for this many bytes.
    pub fn with_capacity(file: FileId, capacity: usize) -> SourceBuilder {
        SourceBuilder { file, source: String::with_capacity(capacity), depth: 0 }
    }

    /// The source so far.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The finished source.
    pub fn finish(self) -> String {
        self.source
    }

    /// The current end of the source.
    pub fn offset(&self) -> usize {
        self.source.len()
    }

    /// The span from `start` to the end of the source.
    pub fn span_from(&self, start: usize) -> Span {
        Span::new(self.file, start, self.source.len())
    }

    /// Appends tokens as they are.
    pub fn push(&mut self, tokens: &str) -> Span {
        let start = self.offset();
        self.source.push_str(tokens);
        self.span_from(start)
    }

    fn spaces(&mut self, count: usize) {
        const SPACES: &str = "                ";
        let mut rest = count;
        while rest > 0 {
            let width = rest.min(SPACES.len());
            self.source.push_str(&SPACES[..width]);
            rest -= width;
        }
    }

    /// The number of characters in the last line.
    fn column(&self) -> usize {
        let line = self.source.rfind('\n').map_or(0, |at| at + 1);
        self.source[line..].chars().count()
    }

    fn indent(&self) -> usize {
        self.depth * INDENT
    }

    fn continuation_line(&mut self) {
        self.source.push('\n');
        self.spaces(self.indent() + INDENT);
    }

    /// One indented line.
    pub fn line<T>(&mut self, content: impl FnOnce(&mut Self) -> T) -> T {
        self.spaces(self.indent());
        let result = content(self);
        self.source.push('\n');
        result
    }

    /// A blank line, unless the source is empty.
    pub fn blank_line(&mut self) {
        if !self.source.is_empty() {
            self.source.push('\n');
        }
    }

    /// A body in braces whose `items` write lines; `{}` if they write nothing.
    pub fn body<T>(&mut self, items: impl FnOnce(&mut Self) -> T) -> (T, Span) {
        self.block(["{", "}"], items)
    }

    /// A list whose `items` write one line each; `[]` if they write nothing.
    pub fn list<T>(&mut self, items: impl FnOnce(&mut Self) -> T) -> (T, Span) {
        self.block(["[", "]"], items)
    }

    fn block<T>(&mut self, [open, close]: [&str; 2], items: impl FnOnce(&mut Self) -> T) -> (T, Span) {
        let start = self.offset();
        self.push(open);
        self.push("\n");
        let inner = self.offset();
        self.depth += 1;
        let result = items(self);
        self.depth -= 1;
        if self.offset() == inner {
            self.source.truncate(inner - 1);
        } else {
            self.spaces(self.indent());
        }
        self.push(close);
        (result, self.span_from(start))
    }

    /// A field name, in backticks if it needs them.
    pub fn field_name(&mut self, name: &str) -> ast::Ident {
        let span = self.push(&field_name(name));
        ast::Ident { name: Name::new(name), span }
    }

    /// The name of a type, a module or a built-in method, which never needs backticks.
    pub fn plain_name(&mut self, name: Name) -> ast::Ident {
        let span = self.push(name.as_str());
        ast::Ident { name, span }
    }

    /// A string literal on one line.
    pub fn string(&mut self, text: &str) -> Span {
        let start = self.offset();
        push_string_literal(&mut self.source, text);
        self.span_from(start)
    }

    /// A string literal on one line, as an expression.
    pub fn string_expr(&mut self, text: &str) -> ast::Expr {
        let span = self.string(text);
        ast::Expr { kind: ast::ExprKind::Str(string_node(text, span)), span }
    }

    /// A string literal; a block string if it has several lines.
    pub fn string_or_block(&mut self, text: &str) -> Span {
        let Some(block) = block_string(text) else { return self.string(text) };
        let start = self.offset();
        for (index, line) in block.split('\n').enumerate() {
            if index > 0 {
                self.source.push('\n');
                self.spaces(if line.is_empty() { 0 } else { self.indent() });
            }
            self.source.push_str(line);
        }
        self.span_from(start)
    }

    /// An item's documentation; nothing if the text is empty.
    pub fn doc(&mut self, text: &str) -> Option<ast::Doc> {
        self.doc_comment("///", text)
    }

    /// The module's documentation; nothing if the text is empty.
    pub fn module_doc(&mut self, text: &str) -> Option<ast::Doc> {
        self.doc_comment("//!", text)
    }

    fn doc_comment(&mut self, marker: &str, text: &str) -> Option<ast::Doc> {
        let lines = doc::lines(text, marker, self.indent());
        let start = self.offset() + self.indent();
        for line in &lines {
            self.spaces(self.indent());
            self.push(marker);
            if !line.is_empty() {
                self.push(" ");
                self.push(line);
            }
            self.push("\n");
        }
        let span = Span::new(self.file, start, self.offset().saturating_sub(1));
        (!lines.is_empty()).then(|| ast::Doc { text: lines.join("\n").into(), span })
    }

    /// A comment on a line of its own.
    pub fn comment(&mut self, text: &str) {
        self.line(|out| {
            out.push("//");
            out.push(text.trim_end());
        });
    }

    /// An annotation with string arguments, such as `@deprecated("…")`, on a line of its own.
    pub fn annotation(&mut self, name: &str, args: &[&str]) -> ast::Annotation {
        self.line(|out| {
            let start = out.offset();
            out.push("@");
            let name = out.field_name(name);
            let args = out.string_arguments(args);
            ast::Annotation { name, args, span: out.span_from(start) }
        })
    }

    /// String arguments in parentheses, with a line for each if they do not fit on this line.
    pub fn string_arguments(&mut self, args: &[&str]) -> Vec<ast::Arg> {
        let start = self.offset();
        let separators = ["(", ", ", ")"];
        let nodes = self.arguments(args, separators);
        if self.column() <= WIDTH {
            return nodes;
        }
        self.source.truncate(start);
        let (outer, inner) = (self.indent(), self.indent() + INDENT);
        let separators = [format!("(\n{:inner$}", ""), format!(",\n{:inner$}", ""), format!("\n{:outer$})", "")];
        self.arguments(args, separators.each_ref().map(String::as_str))
    }

    fn arguments(&mut self, args: &[&str], [open, separator, close]: [&str; 3]) -> Vec<ast::Arg> {
        let mut nodes = Vec::with_capacity(args.len());
        for arg in args {
            self.push(if nodes.is_empty() { open } else { separator });
            let value = self.string_expr(arg);
            nodes.push(ast::Arg { name: None, value });
        }
        self.push(close);
        nodes
    }

    /// `import path as alias`; without `as` if there is no alias.
    pub fn import(&mut self, path: &str, alias: Option<Name>) -> ast::Item {
        self.line(|out| {
            let start = out.offset();
            let path = out.import_path(path);
            let alias = alias.map(|alias| {
                out.push(" as ");
                out.plain_name(alias)
            });
            let binds = ast::ImportBinds::Module(alias);
            let kind = ast::ItemKind::Import(ast::Import { dots: 0, path, binds });
            ast::Item { kind, doc: None, annotations: Vec::new(), span: out.span_from(start) }
        })
    }

    /// `import path.{A, B}`.
    pub fn import_names<'n>(&mut self, path: &str, names: impl IntoIterator<Item = &'n str>) {
        self.line(|out| {
            out.import_path(path);
            out.push(".{");
            for (index, name) in names.into_iter().enumerate() {
                out.push(if index == 0 { "" } else { ", " });
                out.push(name);
            }
            out.push("}");
        });
    }

    fn import_path(&mut self, path: &str) -> Vec<ast::Ident> {
        self.push("import ");
        let mut names = Vec::new();
        for segment in path.split('.') {
            self.push(if names.is_empty() { "" } else { "." });
            names.push(self.field_name(segment));
        }
        names
    }

    /// `type Name = T`, without the line.
    pub fn type_alias<T>(&mut self, name: Name, ty: impl FnOnce(&mut Self) -> T) -> (ast::Ident, T) {
        self.push("type ");
        let name = self.plain_name(name);
        self.push(" = ");
        (name, ty(self))
    }

    /// `schema Name extends Parent { … }`, without the line. `parent` is a path of plain names, empty if there is none.
    pub fn schema<T>(
        &mut self,
        modifier: SchemaModifier,
        name: Name,
        parent: &[Name],
        items: impl FnOnce(&mut Self) -> T,
    ) -> SchemaParts<T> {
        let modifier = modifier.keyword().map(|keyword| {
            let span = self.push(keyword);
            self.push(" ");
            span
        });
        self.push("schema ");
        let name = self.plain_name(name);
        let mut path = Vec::with_capacity(parent.len());
        for &segment in parent {
            self.push(if path.is_empty() { " extends " } else { "." });
            path.push(self.plain_name(segment));
        }
        self.push(" ");
        let (items, body) = self.body(items);
        SchemaParts { modifier, name, parent: path, items, body }
    }

    /// `name: T`, without the line.
    pub fn field<T>(&mut self, name: &str, ty: impl FnOnce(&mut Self) -> T) -> (ast::Ident, T) {
        let name = self.field_name(name);
        self.push(": ");
        (name, ty(self))
    }

    /// ` = value`, after a field or a name.
    pub fn value<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> T {
        self.push(" = ");
        value(self)
    }

    /// `check condition, "message"` on a line of its own.
    pub fn check(&mut self, condition: &str, message: &str) {
        self.line(|out| {
            out.push("check ");
            out.condition(condition);
            out.push(", ");
            out.string(message);
        });
    }

    /// A boolean expression, with line breaks before its outermost `||` or `&&` where it does not fit.
    pub fn condition(&mut self, condition: &str) {
        if self.column() + condition.chars().count() <= WIDTH {
            self.push(condition);
            return;
        }
        for (index, operand) in operands(condition).into_iter().enumerate() {
            if index > 0 && self.column() + operand.chars().count() > WIDTH {
                self.continuation_line();
                self.push(operand.trim_start());
            } else {
                self.push(operand);
            }
        }
    }

    /// `[T]`.
    pub fn list_type<T>(&mut self, item: impl FnOnce(&mut Self) -> T) -> (T, Span) {
        let start = self.offset();
        self.push("[");
        let item = item(self);
        self.push("]");
        (item, self.span_from(start))
    }

    /// `[T by a, b]`.
    pub fn keyed_type<T, K: AsRef<str>>(
        &mut self,
        item: impl FnOnce(&mut Self) -> T,
        keys: &[K],
    ) -> (T, Vec<ast::Ident>, Span) {
        let start = self.offset();
        self.push("[");
        let item = item(self);
        let mut names = Vec::with_capacity(keys.len());
        for key in keys {
            self.push(if names.is_empty() { " by " } else { ", " });
            names.push(self.field_name(key.as_ref()));
        }
        self.push("]");
        (item, names, self.span_from(start))
    }

    /// `{K: V}`.
    pub fn map_type<K, V>(
        &mut self,
        key: impl FnOnce(&mut Self) -> K,
        value: impl FnOnce(&mut Self) -> V,
    ) -> (K, V, Span) {
        let start = self.offset();
        self.push("{");
        let key = key(self);
        self.push(": ");
        let value = value(self);
        self.push("}");
        (key, value, self.span_from(start))
    }

    /// `A | B | C`, with line breaks before members that do not fit. `member` may be called twice for a member.
    pub fn union_type<T>(&mut self, count: usize, member: impl Fn(&mut Self, usize) -> T) -> (Vec<T>, Span) {
        /// The space reserved for what closes the type, such as `)?`.
        const RESERVED: usize = 4;
        let start = self.offset();
        let mut members = Vec::with_capacity(count);
        for index in 0..count {
            let end = self.offset();
            self.push(if index == 0 { "" } else { " | " });
            let mut node = member(self, index);
            if index > 0 && self.column() + RESERVED > WIDTH {
                self.source.truncate(end);
                self.continuation_line();
                self.push("| ");
                node = member(self, index);
            }
            members.push(node);
        }
        (members, self.span_from(start))
    }

    /// `T?`, or `(T)?` if the type needs parentheses.
    pub fn optional_type<T>(&mut self, form: TypeForm, inner: impl FnOnce(&mut Self) -> T) -> (T, Span) {
        let start = self.offset();
        let result = match form {
            TypeForm::Atom => inner(self),
            TypeForm::Compound => self.parenthesized(inner),
        };
        self.push("?");
        (result, self.span_from(start))
    }

    /// `(…)`.
    pub fn parenthesized<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.push("(");
        let result = inner(self);
        self.push(")");
        result
    }

    /// `T where condition`.
    pub fn refined_type<T, C>(
        &mut self,
        base: impl FnOnce(&mut Self) -> T,
        condition: impl FnOnce(&mut Self) -> C,
    ) -> (T, C, Span) {
        let start = self.offset();
        let base = base(self);
        self.push(" where ");
        let condition = condition(self);
        (base, condition, self.span_from(start))
    }
}

/// Splits an expression before its outermost `||` operators, or before its outermost `&&` operators if it has no `||`.
fn operands(condition: &str) -> Vec<&str> {
    for operator in [" || ", " && "] {
        let mut parts = Vec::new();
        let mut rest = condition;
        while let Some(at) = outermost(rest, operator) {
            parts.push(&rest[..at]);
            rest = &rest[at..];
        }
        if !parts.is_empty() {
            parts.push(rest);
            return parts;
        }
    }
    vec![condition]
}

/// The offset of the first operator outside brackets and string literals, the start of the expression excluded.
fn outermost(condition: &str, operator: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut in_string = false;
    condition.bytes().enumerate().position(|(at, byte)| {
        match byte {
            b'"' => in_string = !in_string,
            b'(' | b'[' | b'{' if !in_string => depth += 1,
            b')' | b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        at > 0 && depth == 0 && !in_string && condition[at..].starts_with(operator)
    })
}

/// The syntax node of a string literal.
fn string_node(text: &str, span: Span) -> ast::StrLit {
    let parts = if text.is_empty() { Vec::new() } else { vec![ast::StrPart::Text(text.into())] };
    ast::StrLit { parts, span }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> SourceBuilder {
        SourceBuilder::new(FileId(0))
    }

    #[test]
    fn a_module_is_in_canonical_form() {
        let mut out = new();
        out.module_doc("A module.");
        out.blank_line();
        out.import("std.net", None);
        out.import_names("a.b", ["C", "D"]);
        out.blank_line();
        out.doc("A schema.");
        out.annotation("deprecated", &["use `T`"]);
        out.line(|out| {
            out.schema(SchemaModifier::Open, Name::new("S"), &[Name::new("a"), Name::new("T")], |out| {
                out.doc("A field.");
                out.line(|out| {
                    let ty = |out: &mut SourceBuilder| {
                        out.optional_type(TypeForm::Compound, |out| {
                            out.union_type(30, |out, index| out.push(["\"alternative\"", "Int"][index % 2]));
                        });
                    };
                    out.field("a-b", ty);
                    out.value(|out| out.string("x"));
                });
                out.annotation("validation", &[&"a".repeat(60), &"b".repeat(60)]);
                out.line(|out| {
                    out.field("empty", |out| out.push("Int"));
                });
                out.check(&["a.matches(\"x && y\")"; 9].join(" && "), "message");
            });
        });
        out.blank_line();
        out.line(|out| {
            out.push("value = S ");
            out.body(|_| {});
        });
        let source = out.finish();
        assert_eq!(crate::format(FileId(0), &source).as_deref(), Ok(source.as_str()));
        assert!(source.lines().all(|line| line.chars().count() <= WIDTH), "{source}");
        assert!(source.ends_with("value = S {}\n"), "{source}");
    }

    #[test]
    fn spans_cover_what_was_written() {
        let mut out = new();
        let (parts, start) = out.line(|out| {
            let start = out.offset();
            (out.keyed_type(|out| out.push("Port"), &["name", "if"]), start)
        });
        let (item, keys, span) = parts;
        assert_eq!(start, 0);
        let text = |span: Span| out.source()[span.range()].to_owned();
        assert_eq!(
            [item, keys[0].span, keys[1].span, span].map(text),
            ["Port", "name", "`if`", "[Port by name, `if`]"]
        );
    }

    #[test]
    fn conditions_are_broken_at_their_outermost_operators() {
        assert_eq!(operands("a && b || (c || d) && e"), ["a && b", " || (c || d) && e"]);
        assert_eq!(operands("a && x.matches(\" && \") && b"), ["a", " && x.matches(\" && \")", " && b"]);
        assert_eq!(operands("a"), ["a"]);
    }
}
