//! Constant evaluation: proves or refutes refinements of constants statically.

use std::cmp::Ordering;
use std::sync::Arc;

use forge_base::{pattern, quantity};
use forge_syntax::ast::BinaryOp;

use super::cx::InferCx;
use crate::hir::{self, Const, Elem, ExprKind};
use crate::ids::RefineId;
use crate::subtype::{self, Assignability};
use crate::ty::Ty;

/// The result of checking a constant against a type.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    /// It is a value of the type, converted to this constant.
    Holds(Const),
    /// It does not satisfy this condition.
    Fails(RefineId),
    /// It can only be decided at run time.
    Unknown,
}

/// A value of the constant evaluator.
#[derive(Clone, PartialEq, Debug)]
enum ConstValue {
    Const(Const),
    List(Vec<ConstValue>),
    Range(i64, i64),
}

impl<'a> InferCx<'a> {
    /// Checks `value` against `ty`, to whose base it is assignable.
    pub(crate) fn prove(&mut self, value: &Const, ty: &Ty) -> Proof {
        match ty {
            Ty::Alias(id) => {
                let ty = &self.decls.alias(*id).ty;
                self.prove(value, ty)
            }
            Ty::Refined(refined) => match self.prove(value, &refined.base) {
                Proof::Holds(value) => match self.condition_holds(&value, refined.id) {
                    Some(true) => Proof::Holds(value),
                    Some(false) => Proof::Fails(refined.id),
                    None => Proof::Unknown,
                },
                other => other,
            },
            Ty::Union(members) => self.prove_union(value, members),
            Ty::Float => match value {
                Const::Int(number) => Proof::Holds(Const::Float(*number as f64)),
                _ => Proof::Holds(value.clone()),
            },
            Ty::Quantity if matches!(value, Const::Int(_)) => Proof::Unknown,
            _ => Proof::Holds(value.clone()),
        }
    }

    fn prove_union(&mut self, value: &Const, members: &[Ty]) -> Proof {
        let own = const_ty(value);
        let mut failed = None;
        let mut result = None;
        for member in members {
            if subtype::assignability(self.decls, &own, member) == Assignability::No {
                continue;
            }
            match self.prove(value, member) {
                Proof::Holds(value) => return Proof::Holds(value),
                Proof::Fails(id) => failed = Some(id),
                Proof::Unknown => result = Some(Proof::Unknown),
            }
        }
        result.or(failed.map(Proof::Fails)).unwrap_or(Proof::Unknown)
    }

    /// Whether a constant satisfies the condition of a refinement; `None` if that is not known statically.
    fn condition_holds(&mut self, value: &Const, id: RefineId) -> Option<bool> {
        let query = self.db.condition(id, &self.stack, self.depth)?;
        match eval(&query.code.cond, value)? {
            ConstValue::Const(Const::Bool(holds)) => Some(holds),
            _ => None,
        }
    }
}

/// The type of a constant.
pub(crate) fn const_ty(value: &Const) -> Ty {
    match value {
        Const::Null => Ty::Null,
        Const::Bool(value) => Ty::LitBool(*value),
        Const::Int(value) => Ty::LitInt(*value),
        Const::Float(_) => Ty::Float,
        Const::Str(text) => Ty::LitStr(forge_base::Name::new(text)),
        Const::Quantity(_) => Ty::Quantity,
        Const::Duration(_) => Ty::Duration,
    }
}

/// Evaluates `expr`, where slot 0 of its frame is `it`; `None` if it is not constant.
fn eval(expr: &hir::Expr, it: &Const) -> Option<ConstValue> {
    match &expr.kind {
        ExprKind::Const(value) => Some(ConstValue::Const(value.clone())),
        ExprKind::Local { up: 0, slot: 0 } => Some(ConstValue::Const(it.clone())),
        ExprKind::Coerce { value, .. } => eval(value, it),
        ExprKind::Not(inner) => Some(bool(!eval_bool(inner, it)?)),
        ExprKind::Neg(inner) => match eval(inner, it)? {
            ConstValue::Const(Const::Int(number)) => Some(int(number.checked_neg()?)),
            ConstValue::Const(Const::Float(number)) => Some(ConstValue::Const(Const::Float(-number))),
            _ => None,
        },
        ExprKind::Range { start, end, inclusive } => {
            let (ConstValue::Const(Const::Int(start)), ConstValue::Const(Const::Int(end))) =
                (eval(start, it)?, eval(end, it)?)
            else {
                return None;
            };
            Some(ConstValue::Range(start, if *inclusive { end } else { end.checked_sub(1)? }))
        }
        ExprKind::List(items) => {
            let items = items.iter().map(|item| match item {
                Elem::Item(item) => eval(item, it),
                _ => None,
            });
            items.collect::<Option<Vec<ConstValue>>>().map(ConstValue::List)
        }
        ExprKind::Binary { op, left, right } => eval_binary(*op, left, right, it),
        ExprKind::CallBuiltin { name, args } => eval_builtin(name.as_str(), args, it),
        _ => None,
    }
}

fn bool(value: bool) -> ConstValue {
    ConstValue::Const(Const::Bool(value))
}

fn int(value: i64) -> ConstValue {
    ConstValue::Const(Const::Int(value))
}

fn eval_bool(expr: &hir::Expr, it: &Const) -> Option<bool> {
    match eval(expr, it)? {
        ConstValue::Const(Const::Bool(value)) => Some(value),
        _ => None,
    }
}

fn eval_binary(op: BinaryOp, left: &hir::Expr, right: &hir::Expr, it: &Const) -> Option<ConstValue> {
    match op {
        BinaryOp::And => return Some(bool(eval_bool(left, it)? && eval_bool(right, it)?)),
        BinaryOp::Or => return Some(bool(eval_bool(left, it)? || eval_bool(right, it)?)),
        _ => {}
    }
    let (left, right) = (eval(left, it)?, eval(right, it)?);
    match op {
        BinaryOp::Eq => Some(bool(equals(&left, &right)?)),
        BinaryOp::Ne => Some(bool(!equals(&left, &right)?)),
        BinaryOp::Lt => Some(bool(compare(&left, &right)? == Ordering::Less)),
        BinaryOp::Le => Some(bool(compare(&left, &right)? != Ordering::Greater)),
        BinaryOp::Gt => Some(bool(compare(&left, &right)? == Ordering::Greater)),
        BinaryOp::Ge => Some(bool(compare(&left, &right)? != Ordering::Less)),
        BinaryOp::In => Some(bool(contains(&left, &right)?)),
        BinaryOp::Coalesce if left == ConstValue::Const(Const::Null) => Some(right),
        BinaryOp::Coalesce => Some(left),
        _ => arithmetic(op, &left, &right),
    }
}

fn arithmetic(op: BinaryOp, left: &ConstValue, right: &ConstValue) -> Option<ConstValue> {
    let (ConstValue::Const(left), ConstValue::Const(right)) = (left, right) else { return None };
    match (left, right) {
        (Const::Int(a), Const::Int(b)) => {
            let value = match op {
                BinaryOp::Add => a.checked_add(*b)?,
                BinaryOp::Sub => a.checked_sub(*b)?,
                BinaryOp::Mul => a.checked_mul(*b)?,
                BinaryOp::Rem => a.checked_rem(*b)?,
                BinaryOp::Div => return (*b != 0).then(|| ConstValue::Const(Const::Float(*a as f64 / *b as f64))),
                _ => return None,
            };
            Some(int(value))
        }
        (Const::Str(a), Const::Str(b)) if op == BinaryOp::Add => {
            Some(ConstValue::Const(Const::Str(Arc::from(format!("{a}{b}")))))
        }
        _ => None,
    }
}

fn equals(left: &ConstValue, right: &ConstValue) -> Option<bool> {
    match compare(left, right) {
        Some(order) => Some(order == Ordering::Equal),
        None => match (left, right) {
            (ConstValue::Const(a), ConstValue::Const(b)) => Some(a == b),
            _ => None,
        },
    }
}

fn compare(left: &ConstValue, right: &ConstValue) -> Option<Ordering> {
    let (ConstValue::Const(left), ConstValue::Const(right)) = (left, right) else { return None };
    match (left, right) {
        (Const::Int(a), Const::Int(b)) => Some(a.cmp(b)),
        (Const::Float(a), Const::Float(b)) => a.partial_cmp(b),
        (Const::Int(a), Const::Float(b)) => (*a as f64).partial_cmp(b),
        (Const::Float(a), Const::Int(b)) => a.partial_cmp(&(*b as f64)),
        (Const::Str(a), Const::Str(b)) => Some(a.cmp(b)),
        (Const::Quantity(a), Const::Quantity(b)) => Some(a.nanos.cmp(&b.nanos)),
        (Const::Quantity(a), Const::Int(b)) => Some(a.nanos.cmp(&(i128::from(*b) * quantity::UNIT))),
        (Const::Int(a), Const::Quantity(b)) => Some((i128::from(*a) * quantity::UNIT).cmp(&b.nanos)),
        (Const::Duration(a), Const::Duration(b)) => Some(a.nanos.cmp(&b.nanos)),
        _ => None,
    }
}

fn contains(left: &ConstValue, right: &ConstValue) -> Option<bool> {
    match (left, right) {
        (ConstValue::Const(Const::Int(value)), ConstValue::Range(first, last)) => Some(first <= value && value <= last),
        (ConstValue::Const(Const::Str(part)), ConstValue::Const(Const::Str(text))) => Some(text.contains(&**part)),
        (value, ConstValue::List(items)) => {
            let mut found = false;
            for item in items {
                found |= equals(value, item)?;
            }
            Some(found)
        }
        _ => None,
    }
}

fn regex_matches(pattern: &str, text: &str) -> Option<bool> {
    Some(pattern::compile(pattern).ok()?.is_match(text))
}

fn eval_builtin(name: &str, args: &[hir::Expr], it: &Const) -> Option<ConstValue> {
    let mut texts = Vec::with_capacity(args.len());
    for arg in args {
        match eval(arg, it)? {
            ConstValue::Const(Const::Str(text)) => texts.push(text),
            _ => return None,
        }
    }
    let value = match (name, texts.as_slice()) {
        ("string.length", [text]) => return Some(int(text.chars().count() as i64)),
        ("string.isEmpty", [text]) => text.is_empty(),
        ("string.matches", [text, pattern]) => regex_matches(pattern, text)?,
        ("string.startsWith", [text, prefix]) => text.starts_with(&**prefix),
        ("string.endsWith", [text, suffix]) => text.ends_with(&**suffix),
        ("string.contains", [text, part]) => text.contains(&**part),
        _ => return None,
    };
    Some(bool(value))
}
