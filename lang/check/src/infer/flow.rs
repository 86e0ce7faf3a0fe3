//! Narrowing: what conditions prove about the values of access paths.

use forge_base::Name;
use forge_syntax::ast::{self, BinaryOp, ExprKind, UnaryOp};
use smallvec::SmallVec;

use super::access_path::{AccessPath, Narrowing, Narrowings, PathRoot, PathStep};
use super::cx::{Expectation, InferCx, OriginKind};
use super::expr::{Typed, make};
use super::name::ResolvedName;
use crate::hir;
use crate::ids::Def;
use crate::subtype;
use crate::ty::Ty;

impl<'a> InferCx<'a> {
    /// The narrowed type of the value at `path`, otherwise `declared`.
    pub(crate) fn narrowed_ty(&self, path: Option<&AccessPath>, declared: Ty) -> Ty {
        let Some(path) = path else { return declared };
        match self.narrowings.iter().rev().find(|known| known.path == *path) {
            Some(known) => known.ty.clone(),
            None => declared,
        }
    }

    /// The access path that an expression is, if it is one.
    pub(crate) fn access_path(&self, expr: &ast::Expr) -> Option<AccessPath> {
        match &expr.kind {
            ExprKind::Name(name) => match self.resolve_name(*name) {
                ResolvedName::Local(index) => {
                    let local = &self.locals[index];
                    Some(AccessPath { root: PathRoot::Local(local.frame, local.slot), steps: SmallVec::new() })
                }
                ResolvedName::Field { frame, .. } => Some(AccessPath {
                    root: PathRoot::This(frame),
                    steps: SmallVec::from_slice(&[PathStep::Field(*name)]),
                }),
                ResolvedName::Def(Def::Global(id)) => {
                    Some(AccessPath { root: PathRoot::Global(id), steps: SmallVec::new() })
                }
                _ => None,
            },
            ExprKind::NonNull(value) => self.access_path(value),
            ExprKind::SelfRef => Some(AccessPath { root: PathRoot::This(self.self_frame()?), steps: SmallVec::new() }),
            ExprKind::Super => {
                let item = self.supers.last()?;
                Some(AccessPath { root: PathRoot::Local(item.frame, item.slot?), steps: SmallVec::new() })
            }
            ExprKind::Member(member) => {
                let mut path = match self.module_member(member) {
                    Some(Def::Global(id)) => {
                        return Some(AccessPath { root: PathRoot::Global(id), steps: SmallVec::new() });
                    }
                    Some(_) => return None,
                    None => self.access_path(&member.recv)?,
                };
                path.steps.push(PathStep::Field(member.name?.name));
                Some(path)
            }
            ExprKind::Index(index) => {
                let [key] = index.index.as_slice() else { return None };
                let step = match &key.kind {
                    ExprKind::Str(text) => PathStep::Key(Name::new(text.plain()?)),
                    ExprKind::Int(number) => PathStep::Index(*number),
                    _ => return None,
                };
                let mut path = self.access_path(&index.recv)?;
                path.steps.push(step);
                Some(path)
            }
            _ => None,
        }
    }

    /// Assumes `narrowings` until the end of the scope.
    pub(crate) fn assume(&mut self, narrowings: &[Narrowing]) {
        self.narrowings.extend_from_slice(narrowings);
    }

    /// A condition: its code and the narrowings that follow from it.
    pub(crate) fn infer_condition(&mut self, expr: &'a ast::Expr, why: &'static str) -> (hir::Expr, Narrowings) {
        match &expr.kind {
            ExprKind::Binary(_) | ExprKind::Unary(UnaryOp::Not, _) | ExprKind::Is(_) => {
                self.infer_condition_parts(expr, "if")
            }
            _ => (self.check_required(expr, Ty::Bool, why), Narrowings::default()),
        }
    }

    /// Like [`InferCx::infer_condition`], for the parts of a larger condition. Long chains are handled without recursion.
    pub(crate) fn infer_condition_parts(&mut self, expr: &'a ast::Expr, sign: &'static str) -> (hir::Expr, Narrowings) {
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => {
                let (value, narrowings) = self.infer_condition_parts(inner, "!");
                (make(hir::ExprKind::Not(Box::new(value)), expr.span), narrowings.negated())
            }
            ExprKind::Binary(binary) if matches!(binary.op, BinaryOp::And | BinaryOp::Or) => {
                self.infer_logic(expr, binary.op)
            }
            ExprKind::Binary(binary) => {
                let (value, ty) = self.infer(expr);
                let narrowings = match binary.op {
                    BinaryOp::Eq => self.narrow_by_equality(binary),
                    BinaryOp::Ne => self.narrow_by_equality(binary).negated(),
                    _ => Narrowings::default(),
                };
                (self.expect_bool(value, &ty), narrowings)
            }
            ExprKind::Is(is) => {
                let (value, _) = self.infer(expr);
                let test = match &value.kind {
                    hir::ExprKind::Is { ty, .. } => ty.clone(),
                    _ => Ty::Error,
                };
                (value, self.narrow_by_test(&is.value, &test))
            }
            _ => (self.infer_operand(expr, sign), Narrowings::default()),
        }
    }

    /// An operand of a logical operator.
    fn infer_operand(&mut self, expr: &'a ast::Expr, sign: &'static str) -> hir::Expr {
        let (value, ty) = self.infer(expr);
        if subtype::assignability(self.decls, &ty, &Ty::Bool) != subtype::Assignability::No {
            return value;
        }
        let shown = self.show(&subtype::widen_literal(&ty));
        let diag = match self.may_be_null(&ty) {
            true => crate::diagnostics::maybe_null_operand(sign, &shown, expr.span),
            false => crate::diagnostics::bad_operand(sign, &shown, expr.span),
        };
        self.report(diag);
        make(hir::ExprKind::Error, expr.span)
    }

    fn expect_bool(&mut self, value: hir::Expr, ty: &Ty) -> hir::Expr {
        let expected = Expectation::new(Ty::Bool, value.span, OriginKind::Required("a condition must be a `Bool`"));
        self.coerce(value, ty, &expected)
    }

    /// A chain of one of the two logical operators.
    fn infer_logic(&mut self, expr: &'a ast::Expr, op: BinaryOp) -> (hir::Expr, Narrowings) {
        let mut rights = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary(binary) = &first.kind {
            if binary.op != op {
                break;
            }
            rights.push((&binary.right, first.span));
            first = &binary.left;
        }
        self.scoped(|cx| {
            let (mut value, mut narrowings) = cx.infer_condition_parts(first, op.sign());
            for (right, span) in rights.into_iter().rev() {
                // The right side is only evaluated if the left side is true (`&&`) or false (`||`).
                cx.assume(if op == BinaryOp::And { &narrowings.if_true } else { &narrowings.if_false });
                let (next, more) = cx.infer_condition_parts(right, op.sign());
                if op == BinaryOp::And {
                    narrowings.if_true.extend(more.if_true);
                    narrowings.if_false.clear();
                } else {
                    narrowings.if_false.extend(more.if_false);
                    narrowings.if_true = cx.union_of(&narrowings.if_true, &more.if_true);
                }
                let kind = hir::ExprKind::Binary { op, left: Box::new(value), right: Box::new(next) };
                value = make(kind, span);
            }
            (value, narrowings)
        })
    }

    /// The narrowings that hold if union_of of two sets does: the unions of types for paths that are in both.
    fn union_of(&self, a: &[Narrowing], b: &[Narrowing]) -> Vec<Narrowing> {
        let mut both = Vec::new();
        for known in a {
            if let Some(other) = b.iter().rev().find(|other| other.path == known.path) {
                let ty = subtype::union([known.ty.clone(), other.ty.clone()]);
                both.push(Narrowing { path: known.path.clone(), ty });
            }
        }
        both
    }

    /// The narrowings of `value is test`.
    pub(crate) fn narrow_by_test(&mut self, value: &'a ast::Expr, test: &Ty) -> Narrowings {
        let (Some(path), false) = (self.access_path(value), *test == Ty::Error) else { return Narrowings::default() };
        let ty = self.ty_of_checked(value);
        let if_true = subtype::narrow(self.decls, &ty, test);
        let if_false = subtype::subtract(self.decls, &ty, test);
        Narrowings {
            if_true: vec![Narrowing { path: path.clone(), ty: if_true }],
            if_false: vec![Narrowing { path, ty: if_false }],
        }
    }

    /// The type of an expression that has been checked before; reports nothing.
    pub(crate) fn ty_of_checked(&mut self, expr: &'a ast::Expr) -> Ty {
        let mark = self.out.checkpoint();
        let (_, ty) = self.infer(expr);
        self.out.rollback(mark);
        ty
    }

    fn narrow_by_equality(&mut self, binary: &'a ast::Binary) -> Narrowings {
        match (constant_ty(&binary.left), constant_ty(&binary.right)) {
            (None, Some(test)) => self.narrow_by_constant(&binary.left, &test),
            (Some(test), None) => self.narrow_by_constant(&binary.right, &test),
            _ => Narrowings::default(),
        }
    }

    /// The narrowings of `value == constant`: of the value, and of the object that the value is a discriminant field of.
    fn narrow_by_constant(&mut self, value: &'a ast::Expr, test: &Ty) -> Narrowings {
        let mut narrowings = self.narrow_by_test(value, test);
        let mut inner = value;
        while let ExprKind::Member(member) = &inner.kind {
            let Some(name) = member.name else { break };
            let Some(path) = self.access_path(&member.recv) else { break };
            let ty = self.ty_of_checked(&member.recv);
            if member.optional && *test == Ty::Null {
                break;
            }
            let (if_true, if_false) = if inner.span == value.span {
                self.split_by_field(&ty, name.name, test)
            } else {
                (subtype::strip_null(self.decls, &ty), ty.clone())
            };
            let if_true = if member.optional { subtype::strip_null(self.decls, &if_true) } else { if_true };
            narrowings.if_true.push(Narrowing { path: path.clone(), ty: if_true });
            if !member.optional {
                narrowings.if_false.push(Narrowing { path, ty: if_false });
            }
            inner = &member.recv;
        }
        if *test == Ty::Null {
            narrowings.if_false.extend(self.narrow_by_chain(value));
        }
        narrowings
    }

    /// The narrowings of the parts of a chain `a?.b?.c` that is not null.
    fn narrow_by_chain(&mut self, value: &'a ast::Expr) -> Vec<Narrowing> {
        let mut narrowings = Vec::new();
        let mut inner = value;
        while let ExprKind::Member(member) = &inner.kind {
            if member.optional
                && let Some(path) = self.access_path(&member.recv)
            {
                let ty = self.ty_of_checked(&member.recv);
                narrowings.push(Narrowing { path, ty: subtype::strip_null(self.decls, &ty) });
            }
            inner = &member.recv;
        }
        narrowings
    }

    /// The members of a union whose field may be of type `test`, and those whose field may not be.
    fn split_by_field(&self, ty: &Ty, field: Name, test: &Ty) -> (Ty, Ty) {
        let members = subtype::members(self.decls, ty);
        if members.len() < 2 {
            return (ty.clone(), ty.clone());
        }
        let (mut if_true, mut if_false) = (Vec::new(), Vec::new());
        for member in members {
            match self.field_of(&member, field) {
                Some(own) => {
                    if subtype::narrow(self.decls, &own, test) != Ty::Never {
                        if_true.push(member.clone());
                    }
                    if subtype::subtract(self.decls, &own, test) != Ty::Never {
                        if_false.push(member);
                    }
                }
                None => {
                    if_true.push(member.clone());
                    if_false.push(member);
                }
            }
        }
        (subtype::union(if_true), subtype::union(if_false))
    }

    /// The type of a field of a schema or record.
    pub(crate) fn field_of(&self, ty: &Ty, name: Name) -> Option<Ty> {
        match self.unfold(ty) {
            Ty::Schema(id) => {
                let schema = self.decls.schema(id);
                schema.field(name).map(|field| field.ty.clone())
            }
            Ty::Record(fields) => fields.iter().find(|(own, _)| *own == name).map(|(_, ty)| ty.clone()),
            _ => None,
        }
    }

    /// A logical expression as a value.
    pub(crate) fn infer_logic_value(&mut self, expr: &'a ast::Expr, op: BinaryOp) -> Typed {
        let (value, _) = self.infer_logic(expr, op);
        (value, Ty::Bool)
    }
}

/// The literal type of a constant expression.
fn constant_ty(expr: &ast::Expr) -> Option<Ty> {
    match &expr.kind {
        ExprKind::Null => Some(Ty::Null),
        ExprKind::Bool(value) => Some(Ty::LitBool(*value)),
        ExprKind::Int(value) => Some(Ty::LitInt(*value)),
        ExprKind::Str(literal) => literal.plain().map(|text| Ty::LitStr(Name::new(text))),
        _ => None,
    }
}
