//! Finds the first difference between two values, for the messages of failed assertions.

use forge_check::hir::{self, Expr, ExprKind};
use forge_syntax::ast::BinaryOp;

use crate::display::show;
use crate::evaluator::Evaluator;
use crate::value::{Eval, Frame, Map, Object, Value};

/// Two parts that differ; `None` for a part that does not exist.
type Differing<'a> = (Option<Value<'a>>, Option<Value<'a>>);

/// The maximum depth of a difference.
const MAX_DEPTH: usize = 64;

impl<'a> Evaluator<'a> {
    /// The first difference between the operands of `==`, if it is in a part of them.
    pub(crate) fn first_difference(&self, cond: &'a Expr, frame: &'a Frame<'a>) -> Option<String> {
        let ExprKind::Binary { op: BinaryOp::Eq, left, right } = &cond.kind else { return None };
        let (left, right) = (self.eval(left, frame).ok()?, self.eval(right, frame).ok()?);
        let mut path = String::new();
        let (a, b) = self.differ(left, right, &mut path, MAX_DEPTH).ok()??;
        let shown = |value: Option<Value<'a>>| value.map_or_else(|| String::from("nothing"), show);
        (!path.is_empty()).then(|| format!("the first difference is in `{path}`: {} and {}", shown(a), shown(b)))
    }

    /// The first parts that differ.
    fn differ(
        &self,
        left: Value<'a>,
        right: Value<'a>,
        path: &mut String,
        depth: usize,
    ) -> Eval<Option<Differing<'a>>> {
        if self.equal(left, right)? {
            return Ok(None);
        }
        let before = path.len();
        let inside = match (left, right) {
            _ if depth == 0 => None,
            (Value::Object(a), Value::Object(b)) if a.schema.schema.id == b.schema.schema.id => {
                self.differ_in_fields(a, b, path, depth)?
            }
            (Value::Map(a), Value::Map(b)) => self.differ_in_entries(a, b, path, depth)?,
            (Value::List(a), Value::List(b)) => self.differ_in_items(a, b, path, depth)?,
            _ => None,
        };
        if inside.is_none() {
            path.truncate(before);
        }
        Ok(inside.or(Some((Some(left), Some(right)))))
    }

    fn differ_in_fields(
        &self,
        a: &'a Object<'a>,
        b: &'a Object<'a>,
        path: &mut String,
        depth: usize,
    ) -> Eval<Option<Differing<'a>>> {
        let fields: &'a [hir::FieldDecl] = &a.schema.schema.fields;
        for (index, field) in (0..).zip(fields) {
            let before = push(path, field.name.as_str());
            let found = self.differ(self.field(a, index)?, self.field(b, index)?, path, depth - 1)?;
            if found.is_some() {
                return Ok(found);
            }
            path.truncate(before);
        }
        self.differ_in_entries(self.extra(a), self.extra(b), path, depth)
    }

    fn differ_in_entries(
        &self,
        a: &'a Map<'a>,
        b: &'a Map<'a>,
        path: &mut String,
        depth: usize,
    ) -> Eval<Option<Differing<'a>>> {
        for (index, entry) in self.entries(a)?.iter().enumerate() {
            let before = push(path, &entry.key.to_string());
            let value = self.entry(a, index)?;
            let found = match self.get(b, entry.key)? {
                Some(other) => self.differ(value, other, path, depth - 1)?,
                None => Some((Some(value), None)),
            };
            if found.is_some() {
                return Ok(found);
            }
            path.truncate(before);
        }
        for (index, entry) in self.entries(b)?.iter().enumerate() {
            if self.find_entry(a, entry.key)?.is_none() {
                push(path, &entry.key.to_string());
                return Ok(Some((None, Some(self.entry(b, index)?))));
            }
        }
        Ok(None)
    }

    fn differ_in_items(
        &self,
        a: &[Value<'a>],
        b: &[Value<'a>],
        path: &mut String,
        depth: usize,
    ) -> Eval<Option<Differing<'a>>> {
        for index in 0..a.len().max(b.len()) {
            let before = path.len();
            path.push_str(&format!("[{index}]"));
            let found = match (a.get(index), b.get(index)) {
                (Some(a), Some(b)) => self.differ(*a, *b, path, depth - 1)?,
                (a, b) => Some((a.copied(), b.copied())),
            };
            if found.is_some() {
                return Ok(found);
            }
            path.truncate(before);
        }
        Ok(None)
    }
}

/// Appends a name to a path and returns the length before.
fn push(path: &mut String, name: &str) -> usize {
    let before = path.len();
    if before > 0 {
        path.push('.');
    }
    path.push_str(name);
    before
}
