//! Types.

use forge_base::Name;
use forge_syntax::ast::{self, BinaryOp, Expr, ExprKind, TypeExpr, TypeKind};
use forge_syntax::write::{SourceBuilder, TypeForm};

use super::imports::Imports;
use crate::table::{DeclId, Type, TypeId};

impl Imports {
    pub(super) fn ty(&self, out: &mut SourceBuilder, ty: TypeId) -> TypeExpr {
        match ty.read() {
            Type::Prelude(prelude) => name(out, prelude),
            Type::Ref(decl) => self.reference(out, decl),
            Type::List(item) => {
                let (item, span) = out.list_type(|out| self.ty(out, item));
                TypeExpr { kind: TypeKind::List(Box::new(item)), span }
            }
            Type::Keyed(item, keys) => {
                let (item, keys, span) = out.keyed_type(|out| self.ty(out, item), &keys);
                TypeExpr { kind: TypeKind::Keyed(Box::new(item), keys), span }
            }
            Type::Map(key, value) => {
                let (key, value, span) = out.map_type(|out| self.ty(out, key), |out| self.ty(out, value));
                TypeExpr { kind: TypeKind::Map(Box::new(key), Box::new(value)), span }
            }
            Type::Known(values) => union(out, values.len() + 1, |out, index| match values.get(index) {
                Some(value) => string(out, value),
                None => name(out, "String"),
            }),
            Type::Closed(values) => union(out, values.len(), |out, index| string(out, values[index])),
            Type::Numbers(values) => union(out, values.len(), |out, index| {
                let span = out.push(&values[index].to_string());
                TypeExpr { kind: TypeKind::Int(values[index]), span }
            }),
            Type::Union(members) => union(out, members.len(), |out, index| self.ty(out, members[index])),
            Type::Matches(pattern) => refined(out, "String", |out| matches(out, pattern)),
            Type::AtLeast(minimum) => refined(out, "Int", |out| at_least(out, minimum)),
        }
    }

    /// `T?`.
    pub(super) fn optional(&self, out: &mut SourceBuilder, ty: TypeId) -> TypeExpr {
        let is_union = match ty.read() {
            Type::Known(_) | Type::Union(_) => true,
            Type::Closed(values) => values.len() > 1,
            Type::Numbers(values) => values.len() > 1,
            _ => false,
        };
        let form = if is_union { TypeForm::Compound } else { TypeForm::Atom };
        let (inner, span) = out.optional_type(form, |out| self.ty(out, ty));
        TypeExpr { kind: TypeKind::Optional(Box::new(inner)), span }
    }

    /// `meta.ObjectMeta {}`; `None` if the type is not a schema.
    pub(super) fn empty_instance(&self, out: &mut SourceBuilder, ty: TypeId) -> Option<Expr> {
        let Type::Ref(decl) = ty.read() else { return None };
        let start = out.offset();
        let module = self.alias(decl.module()).map(|alias| {
            let name = out.plain_name(alias);
            out.push(".");
            Expr { kind: ExprKind::Name(name.name), span: name.span }
        });
        let name = out.plain_name(Name::new(decl.name()));
        let base = match module {
            None => Expr { kind: ExprKind::Name(name.name), span: name.span },
            Some(recv) => {
                let member = ast::Member { recv, name: Some(name), optional: false };
                Expr { kind: ExprKind::Member(Box::new(member)), span: out.span_from(start) }
            }
        };
        out.push(" ");
        let body = ast::Body { items: Vec::new(), span: out.push("{}") };
        let kind = ExprKind::Derive(Box::new(ast::Derive { base, body }));
        Some(Expr { kind, span: out.span_from(start) })
    }

    fn reference(&self, out: &mut SourceBuilder, decl: DeclId) -> TypeExpr {
        let start = out.offset();
        let mut path = Vec::with_capacity(2);
        if let Some(alias) = self.alias(decl.module()) {
            path.push(out.plain_name(alias));
            out.push(".");
        }
        path.push(out.plain_name(Name::new(decl.name())));
        TypeExpr { kind: TypeKind::Name(path), span: out.span_from(start) }
    }
}

/// A type name without a module.
pub(super) fn name(out: &mut SourceBuilder, name: &str) -> TypeExpr {
    let name = out.plain_name(Name::new(name));
    TypeExpr { kind: TypeKind::Name(vec![name]), span: name.span }
}

/// A string literal type.
pub(super) fn string(out: &mut SourceBuilder, value: &str) -> TypeExpr {
    let span = out.string(value);
    TypeExpr { kind: TypeKind::Str(value.into()), span }
}

fn union(out: &mut SourceBuilder, count: usize, member: impl Fn(&mut SourceBuilder, usize) -> TypeExpr) -> TypeExpr {
    let (mut members, span) = out.union_type(count, member);
    match members.len() {
        1 => members.remove(0),
        _ => TypeExpr { kind: TypeKind::Union(members), span },
    }
}

fn refined(out: &mut SourceBuilder, base: &str, condition: impl FnOnce(&mut SourceBuilder) -> Expr) -> TypeExpr {
    let (base, condition, span) = out.refined_type(|out| name(out, base), condition);
    TypeExpr { kind: TypeKind::Where(Box::new(base), Box::new(condition)), span }
}

fn it(out: &mut SourceBuilder) -> Expr {
    let name = out.plain_name(Name::new("it"));
    Expr { kind: ExprKind::Name(name.name), span: name.span }
}

/// `it.matches("…")`.
fn matches(out: &mut SourceBuilder, pattern: &str) -> Expr {
    let start = out.offset();
    let recv = it(out);
    out.push(".");
    let name = Some(out.plain_name(Name::new("matches")));
    let member = ExprKind::Member(Box::new(ast::Member { recv, name, optional: false }));
    let callee = Expr { kind: member, span: out.span_from(start) };
    let open = out.offset();
    let args = out.string_arguments(&[pattern]);
    let call = ast::Call { callee, args, args_span: out.span_from(open) };
    Expr { kind: ExprKind::Call(Box::new(call)), span: out.span_from(start) }
}

/// `it >= minimum`.
fn at_least(out: &mut SourceBuilder, minimum: i64) -> Expr {
    let start = out.offset();
    let left = it(out);
    out.push(" ");
    let op_span = out.push(BinaryOp::Ge.sign());
    out.push(" ");
    let span = out.push(&minimum.to_string());
    let right = Expr { kind: ExprKind::Int(minimum), span };
    let binary = ast::Binary { op: BinaryOp::Ge, op_span, left, right };
    Expr { kind: ExprKind::Binary(Box::new(binary)), span: out.span_from(start) }
}
