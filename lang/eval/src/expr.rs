//! Evaluates expressions.

use forge_base::Quantity as BaseQuantity;
use forge_check::hir::{self, Const, Expr, ExprKind};

use crate::error;
use crate::evaluator::Evaluator;
use crate::stack::StackEntry;
use crate::value::{EntrySource, Eval, Frame, Function, LayerSource, Local, Quantity, Super, Value};

impl<'a> Evaluator<'a> {
    /// Evaluates an expression.
    #[inline]
    pub fn eval(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        match &expr.kind {
            ExprKind::Const(constant) => Ok(self.constant(constant)),
            ExprKind::Local { up, slot } => self.local(frame.outer(*up), *slot),
            ExprKind::This { up } => Ok(frame.outer(*up).this),
            _ => self.eval_deep(expr, frame),
        }
    }

    fn eval_deep(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        self.step()?;
        let depth = self.depth.get();
        if depth >= self.options.max_depth {
            return Err(self.raise(error::too_deep(Some(expr.span), self.options.max_depth)));
        }
        self.depth.set(depth + 1);
        let result = self.eval_kind(expr, frame);
        self.depth.set(depth);
        result
    }

    fn eval_kind(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<Value<'a>> {
        match &expr.kind {
            ExprKind::Const(constant) => Ok(self.constant(constant)),
            ExprKind::Local { up, slot } => self.local(frame.outer(*up), *slot),
            ExprKind::This { up } => Ok(frame.outer(*up).this),
            ExprKind::Error => Err(self.raise(error::internal(expr.span, "an expression with an error was evaluated"))),
            ExprKind::Global(id) => self.global(*id),
            ExprKind::Fn(id) => Ok(Value::Function(self.arena.alloc(Function::Named(self.program.function(*id))))),
            ExprKind::BoundMethod { recv, method } => self.bound_method(expr, recv, *method, frame),
            ExprKind::Lambda(code) => Ok(Value::Function(self.arena.alloc(Function::Lambda(code, frame)))),
            ExprKind::Call { function, args } => self.call_function(*function, args, frame),
            ExprKind::CallMethod { recv, method, args } => {
                let value = self.call_method(expr, recv, *method, args, frame);
                if let Err(error) = value {
                    self.locate_late(error, expr.span, frame);
                }
                value
            }
            ExprKind::CallSuper { recv, function, layer, args } => {
                self.call_super(expr, recv, (*function, *layer), args, frame)
            }
            ExprKind::CallValue { callee, args } => self.call_value(expr, callee, args, frame),
            ExprKind::CallBuiltin { name, args } => self.call_builtin(expr.span, *name, args, frame),
            ExprKind::Field { recv, field, name, optional } => match self.eval(recv, frame)? {
                Value::Object(object) if object.schema.has_field(*field, *name) => {
                    let value = self.field(object, *field);
                    if let Err(error) = value {
                        self.locate_late(error, expr.span, frame);
                    }
                    value
                }
                Value::Null if *optional => Ok(Value::Null),
                other => Err(self.raise(error::no_member(Some(expr.span), *name, other.kind_name()))),
            },
            ExprKind::Entry { recv, name, optional } => match self.eval(recv, frame)? {
                Value::Null if *optional => Ok(Value::Null),
                value => self.member(value, *name, Some(expr.span)),
            },
            ExprKind::Index { recv, index } => {
                let result = self.index(expr, recv, index, frame);
                if let Err(error) = result {
                    self.explain_operands(error, expr.span, index, frame);
                }
                result
            }
            ExprKind::Object { shape, body } => Ok(self.object_literal(shape, body, frame)),
            ExprKind::Derive { base, body, fresh } => self.eval_derive(expr, base, body, fresh.as_ref(), frame),
            ExprKind::List(items) => self.list(items, frame),
            ExprKind::KeyedList { shape, items } => self.keyed_list(shape, items, frame),
            ExprKind::Str(parts) => self.interpolate(parts, frame),
            ExprKind::Not(value) => Ok(Value::Bool(!self.eval_condition(value, frame)?)),
            ExprKind::Neg(value) => self.negate(expr.span, value, frame),
            ExprKind::Binary { .. } => self.binary(expr, frame),
            ExprKind::Range { .. } => self.range(expr, frame),
            ExprKind::Is { value, ty } => {
                let value = self.eval(value, frame)?;
                Ok(Value::Bool(self.has_type(value, ty)?))
            }
            ExprKind::Convert { value, ty, origin } => {
                let found = self.eval(value, frame)?;
                self.convert_data(found, ty, value.span, *origin)
            }
            ExprKind::NonNull(value) => match self.eval(value, frame)? {
                Value::Null => Err(self.raise(error::null_asserted(expr.span, self.set_at(value, Value::Null, frame)))),
                found => Ok(found),
            },
            ExprKind::If { cond, then, otherwise } => {
                let branch = if self.eval_condition(cond, frame)? { then } else { otherwise };
                self.eval(branch, frame)
            }
            ExprKind::Match { value, arms } => self.eval_match(expr, value, arms, frame),
            ExprKind::Block { lets, value } => {
                self.bind_lets(lets, frame);
                self.eval(value, frame)
            }
            ExprKind::Coerce { value, ty, origin } => {
                let result = self.eval(value, frame)?;
                let coerced = self.coerce(result, ty, value.span, *origin);
                coerced.inspect_err(|error| self.explain_value(*error, result, value, frame))
            }
        }
    }

    /// Evaluates a condition.
    #[inline]
    pub fn eval_condition(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<bool> {
        match self.eval(expr, frame)? {
            Value::Bool(value) => Ok(value),
            other => {
                let what = format!("a condition is {} instead of a Bool", other.kind_name());
                Err(self.raise(error::internal(expr.span, &what)))
            }
        }
    }

    #[inline]
    pub(crate) fn constant(&self, constant: &'a Const) -> Value<'a> {
        match constant {
            Const::Null => Value::Null,
            Const::Bool(value) => Value::Bool(*value),
            Const::Int(value) => Value::Int(*value),
            Const::Float(value) => Value::Float(*value),
            Const::Str(text) => Value::Str(text),
            Const::Duration(value) => Value::Duration(*value),
            Const::Quantity(value) => self.quantity_constant(value),
        }
    }

    fn quantity_constant(&self, value: &'a BaseQuantity) -> Value<'a> {
        Value::Quantity(self.arena.alloc(Quantity {
            nanos: value.nanos,
            format: value.format,
            literal: value.literal.as_deref(),
        }))
    }

    #[inline]
    fn local(&self, frame: &'a Frame<'a>, slot: u32) -> Eval<Value<'a>> {
        match frame.slots[slot as usize].get() {
            Local::Value(value) => Ok(value),
            other => self.compute_local(frame, slot, other),
        }
    }

    fn compute_local(&self, frame: &'a Frame<'a>, slot: u32, local: Local<'a>) -> Eval<Value<'a>> {
        let cell = &frame.slots[slot as usize];
        let result = match local {
            Local::Value(value) => return Ok(value),
            Local::Failed(error) => return Err(error),
            Local::Running(item) => return Err(self.cycle(StackEntry::Let(item))),
            Local::Unset => {
                let what = "a local name was read before it had a value";
                return Err(self.raise(error::internal(self.current_span(), what)));
            }
            Local::Lazy(item) => {
                cell.set(Local::Running(item));
                self.with_entry(StackEntry::Let(item), || self.eval(&item.value, frame))
            }
            Local::Super(Super::Field(object, field, below)) => {
                self.resolve_field(object, *field, *below).map(|value| value.unwrap_or(Value::Null))
            }
            Local::Super(Super::Entry(map, chain)) => self.resolve_chain(map, chain),
        };
        self.fill_local(cell, local, result);
        result
    }

    fn object_literal(&self, shape: &'a hir::Shape, body: &'a hir::Body, frame: &'a Frame<'a>) -> Value<'a> {
        match shape {
            hir::Shape::Schema(id) => {
                Value::Object(self.new_object(self.schema(*id), Some(LayerSource::Body(body, Some(frame)))))
            }
            hir::Shape::Map => Value::Map(self.new_map(None, EntrySource::Body(body, frame))),
            hir::Shape::Keyed(keyed) => Value::Map(self.new_map(Some(keyed), EntrySource::Body(body, frame))),
        }
    }

    fn eval_derive(
        &self,
        expr: &'a Expr,
        base: &'a Expr,
        body: &'a hir::Body,
        fresh: Option<&'a hir::Shape>,
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        // `a { … } { … } { … }` nests to the left, perhaps a thousand times: no recursion.
        let mut refinements = smallvec::SmallVec::<[_; 4]>::from_slice(&[(expr, body, fresh)]);
        let mut innermost = base;
        while let ExprKind::Derive { base, body, fresh } = &innermost.kind {
            refinements.push((innermost, body, fresh.as_ref()));
            innermost = base;
        }
        let mut value = self.eval(innermost, frame)?;
        for (expr, body, fresh) in refinements.into_iter().rev() {
            value = self.derive(value, body, fresh, frame, expr.span)?;
        }
        Ok(value)
    }
}
