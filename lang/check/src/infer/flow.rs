//! Flow typing: what tests show about places, and where that holds.
//!
//! A *place* is what always has the same value while it can be named: a local, a field of the object being built, a global, and
//! fields of these. Nothing ever changes, so what a test shows holds in lambdas and nested bodies too.

use forge_base::Name;
use forge_syntax::ast::{self, BinaryOp, ExprKind, UnaryOp};
use smallvec::SmallVec;

use super::Infer;
use super::expr::{Typed, make};
use super::name::Resolved;
use crate::decl::Def;
use crate::hir;
use crate::ids::GlobalId;
use crate::relate;
use crate::ty::Ty;

/// Where a place begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Root {
    /// A local by frame (from the outermost) and slot.
    Local(usize, u32),
    /// The object of a body's frame.
    This(usize),
    /// A global.
    Global(GlobalId),
}

/// A place: its beginning and the fields on the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    root: Root,
    path: SmallVec<[Name; 4]>,
}

impl Place {
    /// A local.
    pub(crate) fn of_local(frame: usize, slot: u32) -> Place {
        Place { root: Root::Local(frame, slot), path: SmallVec::new() }
    }

    /// A field of the object of a body's frame.
    pub(crate) fn of_field(frame: usize, name: Name) -> Place {
        Place { root: Root::This(frame), path: SmallVec::from_slice(&[name]) }
    }

    /// A field of this place.
    pub(crate) fn then(mut self, name: Name) -> Place {
        self.path.push(name);
        self
    }

    /// A global.
    pub(crate) fn of_global(id: GlobalId) -> Place {
        Place { root: Root::Global(id), path: SmallVec::new() }
    }
}

/// A type that holds for a place as long as the fact is there.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    place: Place,
    ty: Ty,
}

/// What a condition shows where it holds and where it does not.
#[derive(Clone, Default, Debug)]
pub(crate) struct Facts {
    /// Where it holds.
    pub(crate) yes: Vec<Known>,
    /// Where it does not.
    pub(crate) no: Vec<Known>,
}

impl Facts {
    fn negated(self) -> Facts {
        Facts { yes: self.no, no: self.yes }
    }
}

impl<'a> Infer<'a> {
    /// The type of a place as far as tests have shown it, else `declared`.
    pub(crate) fn known_ty(&self, place: Option<&Place>, declared: Ty) -> Ty {
        let Some(place) = place else { return declared };
        match self.known.iter().rev().find(|known| known.place == *place) {
            Some(known) => known.ty.clone(),
            None => declared,
        }
    }

    /// The place that an expression names, if it names one.
    pub(crate) fn place_of(&self, expr: &ast::Expr) -> Option<Place> {
        match &expr.kind {
            ExprKind::Name(name) => match self.resolve_name(*name) {
                Resolved::Local(place) => {
                    let local = &self.locals[place];
                    Some(Place { root: Root::Local(local.frame, local.slot), path: SmallVec::new() })
                }
                Resolved::Field { frame, .. } => {
                    Some(Place { root: Root::This(frame), path: SmallVec::from_slice(&[*name]) })
                }
                Resolved::Def(Def::Global(id)) => Some(Place { root: Root::Global(id), path: SmallVec::new() }),
                _ => None,
            },
            ExprKind::SelfRef => Some(Place { root: Root::This(self.self_frame()?), path: SmallVec::new() }),
            ExprKind::Super => {
                let item = self.supers.last()?;
                Some(Place { root: Root::Local(item.frame, item.slot?), path: SmallVec::new() })
            }
            ExprKind::Member(member) => {
                let mut place = match self.module_member(member) {
                    Some(Def::Global(id)) => return Some(Place { root: Root::Global(id), path: SmallVec::new() }),
                    Some(_) => return None,
                    None => self.place_of(&member.recv)?,
                };
                place.path.push(member.name?.name);
                Some(place)
            }
            _ => None,
        }
    }

    /// Lets `facts` hold until the scope ends.
    pub(crate) fn assume(&mut self, facts: &[Known]) {
        self.known.extend_from_slice(facts);
    }

    /// A condition: its code and what it shows.
    pub(crate) fn infer_condition(&mut self, expr: &'a ast::Expr, place: &'static str) -> (hir::Expr, Facts) {
        match &expr.kind {
            ExprKind::Binary(_) | ExprKind::Unary(UnaryOp::Not, _) | ExprKind::Is(_) => {
                self.infer_condition_parts(expr, "if")
            }
            _ => (self.check_place(expr, Ty::Bool, place), Facts::default()),
        }
    }

    /// Like [`Infer::infer_condition`], for the parts of a larger condition. Long chains are walked without recursion.
    pub(crate) fn infer_condition_parts(&mut self, expr: &'a ast::Expr, sign: &'static str) -> (hir::Expr, Facts) {
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => {
                let (value, facts) = self.infer_condition_parts(inner, "!");
                (make(hir::ExprKind::Not(Box::new(value)), expr.span), facts.negated())
            }
            ExprKind::Binary(binary) if matches!(binary.op, BinaryOp::And | BinaryOp::Or) => {
                self.infer_logic(expr, binary.op)
            }
            ExprKind::Binary(binary) => {
                let (value, ty) = self.infer(expr);
                let facts = match binary.op {
                    BinaryOp::Eq => self.facts_of_equality(binary),
                    BinaryOp::Ne => self.facts_of_equality(binary).negated(),
                    _ => Facts::default(),
                };
                (self.expect_bool(value, &ty), facts)
            }
            ExprKind::Is(is) => {
                let (value, _) = self.infer(expr);
                let test = match &value.kind {
                    hir::ExprKind::Is { ty, .. } => ty.clone(),
                    _ => Ty::Error,
                };
                (value, self.facts_of_test(&is.value, &test))
            }
            _ => (self.infer_operand(expr, sign), Facts::default()),
        }
    }

    /// An operand of a logical operator.
    fn infer_operand(&mut self, expr: &'a ast::Expr, sign: &'static str) -> hir::Expr {
        let (value, ty) = self.infer(expr);
        if relate::assign(self.decls, &ty, &Ty::Bool) != relate::Assign::No {
            return value;
        }
        let shown = self.show(&relate::widen_literal(&ty));
        let diag = match self.may_be_null(&ty) {
            true => crate::message::maybe_null_operand(sign, &shown, expr.span),
            false => crate::message::bad_operand(sign, &shown, expr.span),
        };
        self.report(diag);
        make(hir::ExprKind::Error, expr.span)
    }

    fn expect_bool(&mut self, value: hir::Expr, ty: &Ty) -> hir::Expr {
        let want = super::Want::new(Ty::Bool, value.span, super::Reason::Place("a condition is a `Bool`"));
        self.fit(value, ty, &want)
    }

    /// A chain of one of the two logical operators.
    fn infer_logic(&mut self, expr: &'a ast::Expr, op: BinaryOp) -> (hir::Expr, Facts) {
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
            let (mut value, mut facts) = cx.infer_condition_parts(first, op.sign());
            for (right, span) in rights.into_iter().rev() {
                // The right side is looked at only where the left side holds (`&&`) or does not (`||`).
                cx.assume(if op == BinaryOp::And { &facts.yes } else { &facts.no });
                let (next, more) = cx.infer_condition_parts(right, op.sign());
                if op == BinaryOp::And {
                    facts.yes.extend(more.yes);
                    facts.no.clear();
                } else {
                    facts.no.extend(more.no);
                    facts.yes = cx.either(&facts.yes, &more.yes);
                }
                let kind = hir::ExprKind::Binary { op, left: Box::new(value), right: Box::new(next) };
                value = make(kind, span);
            }
            (value, facts)
        })
    }

    /// What holds if one of two sets of facts does: joined types of the places that both speak of.
    fn either(&self, a: &[Known], b: &[Known]) -> Vec<Known> {
        let mut both = Vec::new();
        for known in a {
            if let Some(other) = b.iter().rev().find(|other| other.place == known.place) {
                let ty = relate::union([known.ty.clone(), other.ty.clone()]);
                both.push(Known { place: known.place.clone(), ty });
            }
        }
        both
    }

    /// What `value is test` shows.
    pub(crate) fn facts_of_test(&mut self, value: &'a ast::Expr, test: &Ty) -> Facts {
        let (Some(place), false) = (self.place_of(value), *test == Ty::Error) else { return Facts::default() };
        let ty = self.quiet_ty(value);
        let yes = relate::narrow(self.decls, &ty, test);
        let no = relate::subtract(self.decls, &ty, test);
        Facts { yes: vec![Known { place: place.clone(), ty: yes }], no: vec![Known { place, ty: no }] }
    }

    /// What `place` being of type `ty` adds to what is known.
    pub(crate) fn fact(place: Place, ty: Ty) -> Known {
        Known { place, ty }
    }

    /// The type of an expression that has been looked at before; says nothing.
    pub(crate) fn quiet_ty(&mut self, expr: &'a ast::Expr) -> Ty {
        let mark = self.out.mark();
        let (_, ty) = self.infer(expr);
        self.out.rewind(mark);
        ty
    }

    fn facts_of_equality(&mut self, binary: &'a ast::Binary) -> Facts {
        match (constant_ty(&binary.left), constant_ty(&binary.right)) {
            (None, Some(test)) => self.facts_of_constant(&binary.left, &test),
            (Some(test), None) => self.facts_of_constant(&binary.right, &test),
            _ => Facts::default(),
        }
    }

    /// What `value == constant` shows about the value, and about the object whose field tells its members apart.
    fn facts_of_constant(&mut self, value: &'a ast::Expr, test: &Ty) -> Facts {
        let mut facts = self.facts_of_test(value, test);
        let mut inner = value;
        while let ExprKind::Member(member) = &inner.kind {
            let Some(name) = member.name else { break };
            let Some(place) = self.place_of(&member.recv) else { break };
            let ty = self.quiet_ty(&member.recv);
            if member.optional && *test == Ty::Null {
                break;
            }
            let (yes, no) = if inner.span == value.span {
                self.split_by_field(&ty, name.name, test)
            } else {
                (relate::strip_null(self.decls, &ty), ty.clone())
            };
            let yes = if member.optional { relate::strip_null(self.decls, &yes) } else { yes };
            facts.yes.push(Known { place: place.clone(), ty: yes });
            if !member.optional {
                facts.no.push(Known { place, ty: no });
            }
            inner = &member.recv;
        }
        if *test == Ty::Null {
            facts.no.extend(self.facts_of_chain(value));
        }
        facts
    }

    /// What a chain `a?.b?.c` that is not null shows about its parts.
    fn facts_of_chain(&mut self, value: &'a ast::Expr) -> Vec<Known> {
        let mut facts = Vec::new();
        let mut inner = value;
        while let ExprKind::Member(member) = &inner.kind {
            if member.optional
                && let Some(place) = self.place_of(&member.recv)
            {
                let ty = self.quiet_ty(&member.recv);
                facts.push(Known { place, ty: relate::strip_null(self.decls, &ty) });
            }
            inner = &member.recv;
        }
        facts
    }

    /// The members of a union whose field may be, and those whose field may be something else than, `test`.
    fn split_by_field(&self, ty: &Ty, field: Name, test: &Ty) -> (Ty, Ty) {
        let members = relate::members(self.decls, ty);
        if members.len() < 2 {
            return (ty.clone(), ty.clone());
        }
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for member in members {
            match self.field_of(&member, field) {
                Some(own) => {
                    if relate::narrow(self.decls, &own, test) != Ty::Never {
                        yes.push(member.clone());
                    }
                    if relate::subtract(self.decls, &own, test) != Ty::Never {
                        no.push(member);
                    }
                }
                None => {
                    yes.push(member.clone());
                    no.push(member);
                }
            }
        }
        (relate::union(yes), relate::union(no))
    }

    /// The type of a field of a schema or record.
    pub(crate) fn field_of(&self, ty: &Ty, name: Name) -> Option<Ty> {
        match self.unfold(ty) {
            Ty::Schema(id) => {
                let schema = self.decls.schema(id);
                schema.by_name.get(&name).map(|&index| schema.fields[index as usize].ty.clone())
            }
            Ty::Record(fields) => fields.iter().find(|(own, _)| *own == name).map(|(_, ty)| ty.clone()),
            _ => None,
        }
    }

    /// An expression that is a condition, as a value.
    pub(crate) fn infer_logic_value(&mut self, expr: &'a ast::Expr, op: BinaryOp) -> Typed {
        let (value, _) = self.infer_logic(expr, op);
        (value, Ty::Bool)
    }
}

/// The type that has only this constant, if the expression is one.
fn constant_ty(expr: &ast::Expr) -> Option<Ty> {
    match &expr.kind {
        ExprKind::Null => Some(Ty::Null),
        ExprKind::Bool(value) => Some(Ty::LitBool(*value)),
        ExprKind::Int(value) => Some(Ty::LitInt(*value)),
        ExprKind::Str(literal) => literal.plain().map(|text| Ty::LitStr(Name::new(text))),
        _ => None,
    }
}
