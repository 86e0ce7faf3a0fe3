//! Types.

use forge_base::Name;
use forge_syntax::ast::{self, BinaryOp, Expr, ExprKind, TypeExpr, TypeKind};

use super::page::{Page, WIDTH};
use crate::table::{DeclId, Type, TypeId};

impl Page {
    /// A type.
    pub(super) fn ty(&mut self, ty: TypeId) -> TypeExpr {
        match ty.read() {
            Type::Prelude(name) => self.name_type(name),
            Type::Ref(decl) => self.reference(decl),
            Type::List(item) => self.list(item, &[]),
            Type::Keyed(item, keys) => self.list(item, &keys),
            Type::Map(key, value) => {
                let start = self.text.len();
                self.push("{");
                let key = Box::new(self.ty(key));
                self.push(": ");
                let value = Box::new(self.ty(value));
                self.push("}");
                self.node(TypeKind::Map(key, value), start)
            }
            Type::Known(values) => self.union(values.len() + 1, |page, index| match values.get(index) {
                Some(value) => page.string_type(value),
                None => page.name_type("String"),
            }),
            Type::Closed(values) => self.union(values.len(), |page, index| page.string_type(values[index])),
            Type::Numbers(values) => self.union(values.len(), |page, index| {
                let start = page.text.len();
                page.push(&values[index].to_string());
                page.node(TypeKind::Int(values[index]), start)
            }),
            Type::Union(members) => self.union(members.len(), |page, index| page.ty(members[index])),
            Type::Matches(pattern) => self.refined("String", |page| page.matches(pattern)),
            Type::AtLeast(least) => self.refined("Int", |page| page.compare(BinaryOp::Ge, |page| page.int(least))),
        }
    }

    /// `T?`, with parentheses where the sign would go to the last member of a union.
    pub(super) fn optional(&mut self, ty: TypeId) -> TypeExpr {
        let start = self.text.len();
        let wraps = match ty.read() {
            Type::Known(_) | Type::Union(_) => true,
            Type::Closed(values) => values.len() > 1,
            Type::Numbers(values) => values.len() > 1,
            _ => false,
        };
        self.push(if wraps { "(" } else { "" });
        let inner = self.ty(ty);
        self.push(if wraps { ")?" } else { "?" });
        self.node(TypeKind::Optional(Box::new(inner)), start)
    }

    fn node(&self, kind: TypeKind, start: usize) -> TypeExpr {
        TypeExpr { kind, span: self.span(start) }
    }

    /// A name without a module.
    pub(super) fn name_type(&mut self, name: &str) -> TypeExpr {
        let name = self.bare_ident(Name::new(name));
        TypeExpr { kind: TypeKind::Name(vec![name]), span: name.span }
    }

    /// A literal type.
    pub(super) fn string_type(&mut self, text: &str) -> TypeExpr {
        let span = self.literal(text).span;
        TypeExpr { kind: TypeKind::Str(text.into()), span }
    }

    fn reference(&mut self, decl: DeclId) -> TypeExpr {
        let start = self.text.len();
        let mut path = Vec::with_capacity(2);
        if let Some(alias) = self.alias(decl.module()) {
            path.push(self.bare_ident(alias));
            self.push(".");
        }
        path.push(self.bare_ident(Name::new(decl.name())));
        self.node(TypeKind::Name(path), start)
    }

    fn list(&mut self, item: TypeId, keys: &[&str]) -> TypeExpr {
        let start = self.text.len();
        self.push("[");
        let item = Box::new(self.ty(item));
        let mut names = Vec::with_capacity(keys.len());
        for key in keys {
            self.push(if names.is_empty() { " by " } else { ", " });
            names.push(self.ident(key));
        }
        self.push("]");
        let kind = if keys.is_empty() { TypeKind::List(item) } else { TypeKind::Keyed(item, names) };
        self.node(kind, start)
    }

    /// Members with bars between them, on several lines where one is too short.
    fn union(&mut self, count: usize, member: impl Fn(&mut Page, usize) -> TypeExpr) -> TypeExpr {
        let start = self.text.len();
        let indent =
            self.text[self.text.rfind('\n').map_or(0, |at| at + 1)..].chars().take_while(|&c| c == ' ').count();
        let mut members = Vec::with_capacity(count);
        for index in 0..count {
            if index == 0 {
                members.push(member(self, index));
                continue;
            }
            let behind = self.text.len();
            self.push(" | ");
            let next = member(self, index);
            // Room is left for what closes the type.
            if self.column() + 4 <= WIDTH {
                members.push(next);
                continue;
            }
            self.text.truncate(behind);
            self.push("\n");
            self.spaces(if indent > 2 { indent } else { indent + 2 });
            self.push("| ");
            members.push(member(self, index));
        }
        match members.len() {
            1 => members.remove(0),
            _ => self.node(TypeKind::Union(members), start),
        }
    }

    /// `base where …`.
    fn refined(&mut self, base: &str, cond: impl Fn(&mut Page) -> Expr) -> TypeExpr {
        let start = self.text.len();
        let base = Box::new(self.name_type(base));
        self.push(" where ");
        let cond = Box::new(cond(self));
        self.node(TypeKind::Where(base, cond), start)
    }

    fn it(&mut self) -> Expr {
        let name = self.bare_ident(Name::new("it"));
        Expr { kind: ExprKind::Name(name.name), span: name.span }
    }

    /// `it.matches("…")`.
    fn matches(&mut self, pattern: &str) -> Expr {
        let start = self.text.len();
        let recv = self.it();
        self.push(".");
        let name = Some(self.bare_ident(Name::new("matches")));
        let member = ExprKind::Member(Box::new(ast::Member { recv, name, optional: false }));
        let callee = Expr { kind: member, span: self.span(start) };
        let open = self.text.len();
        self.push("(");
        let args = vec![ast::Arg { name: None, value: self.only_argument(pattern, 0) }];
        self.push(")");
        let call = ast::Call { callee, args, args_span: self.span(open) };
        Expr { kind: ExprKind::Call(Box::new(call)), span: self.span(start) }
    }

    /// `it op right`.
    fn compare(&mut self, op: BinaryOp, right: impl Fn(&mut Page) -> Expr) -> Expr {
        let start = self.text.len();
        let left = self.it();
        self.push(" ");
        let op_start = self.text.len();
        self.push(op.sign());
        let op_span = self.span(op_start);
        self.push(" ");
        let right = right(self);
        let binary = ast::Binary { op, op_span, left, right };
        Expr { kind: ExprKind::Binary(Box::new(binary)), span: self.span(start) }
    }

    fn int(&mut self, value: i64) -> Expr {
        let start = self.text.len();
        self.push(&value.to_string());
        Expr { kind: ExprKind::Int(value), span: self.span(start) }
    }
}
