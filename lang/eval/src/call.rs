//! Calls of functions, methods, function values and builtins.

use forge_base::{Name, Span};
use forge_check::FnId;
use forge_check::hir::{self, Expr};
use smallvec::SmallVec;

use crate::builtin;
use crate::error;
use crate::evaluator::{Builtin, Call, Evaluator};
use crate::value::{Eval, Frame, Function, Local, Object, Value};

impl<'a> Evaluator<'a> {
    pub(crate) fn call_function(
        &self,
        function: FnId,
        args: &'a [Option<Expr>],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let function = self.program.function(function);
        let callee = self.new_frame(None, Value::Null, function.slots);
        self.bind_args(function, args, callee, frame)?;
        self.eval_body(function, callee)
    }

    pub(crate) fn call_method(
        &self,
        expr: &'a Expr,
        recv: &'a Expr,
        method: u32,
        args: &'a [Option<Expr>],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let object = self.receiver(expr, recv, frame)?;
        let (function, outer) = self.method(object, method, expr.span)?;
        let callee = self.new_frame(Some(outer), Value::Null, function.slots);
        self.bind_args(function, args, callee, frame)?;
        self.eval_body(function, callee)
    }

    /// The object whose method an expression names.
    fn receiver(&self, expr: &'a Expr, recv: &'a Expr, frame: &'a Frame<'a>) -> Eval<&'a Object<'a>> {
        match self.eval(recv, frame)? {
            Value::Object(object) => Ok(object),
            other => Err(self.raise(error::not_callable(expr.span, other.kind_name()))),
        }
    }

    /// `super.method(args)`.
    pub(crate) fn call_super(
        &self,
        expr: &'a Expr,
        recv: &'a Expr,
        (function, layer): (FnId, u32),
        args: &'a [Option<Expr>],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let object = self.receiver(expr, recv, frame)?;
        let function = self.program.function(function);
        let layer = &self.instance(object).layers[layer as usize];
        let outer = self.layer_frame(layer, Value::Object(object));
        let callee = self.new_frame(Some(outer), Value::Null, function.slots);
        self.bind_args(function, args, callee, frame)?;
        self.eval_body(function, callee)
    }

    /// The code of a method in the most derived schema, and the frame of the layer in which it was written.
    fn method(&self, object: &'a Object<'a>, method: u32, span: Span) -> Eval<(&'a hir::Fn, &'a Frame<'a>)> {
        let Some(declared) = object.schema.schema.methods.get(method as usize) else {
            return Err(self.raise(error::not_callable(span, object.schema_name().as_str())));
        };
        if declared.is_abstract {
            return Err(self.raise(error::abstract_method(span, object.schema_name(), declared.name)));
        }
        let layer = &self.instance(object).layers[declared.layer as usize];
        Ok((self.program.function(declared.function), self.layer_frame(layer, Value::Object(object))))
    }

    /// Binds arguments to the callee's first slots. A default is evaluated in the callee's frame, after the parameters before it.
    fn bind_args(
        &self,
        function: &'a hir::Fn,
        args: &'a [Option<Expr>],
        callee: &'a Frame<'a>,
        caller: &'a Frame<'a>,
    ) -> Eval<()> {
        for (i, param) in function.params.iter().enumerate() {
            let value = match args.get(i) {
                Some(Some(arg)) => self.eval(arg, caller)?,
                _ => match &param.default {
                    Some(default) => self.eval(default, callee)?,
                    None => return Err(self.raise(error::internal(function.span, "an argument is missing"))),
                },
            };
            callee.slots[i].set(Local::Value(value));
        }
        Ok(())
    }

    fn eval_body(&self, function: &'a hir::Fn, callee: &'a Frame<'a>) -> Eval<Value<'a>> {
        match &function.body {
            Some(body) => self.eval(body, callee),
            None => Err(self.raise(error::internal(function.span, "a function without a body was called"))),
        }
    }

    pub(crate) fn call_value(
        &self,
        expr: &'a Expr,
        callee: &'a Expr,
        args: &'a [Expr],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let callee = self.eval(callee, frame)?;
        let args = args.iter().map(|arg| self.eval(arg, frame)).collect::<Eval<SmallVec<[_; 4]>>>()?;
        self.apply_function(callee, &args, expr.span)
    }

    /// Calls a function value. Surplus arguments are dropped, so that `(x) => …` is accepted where an index and an item are passed.
    pub fn apply_function(&self, callee: Value<'a>, args: &[Value<'a>], span: Span) -> Eval<Value<'a>> {
        let Value::Function(callee) = callee else {
            return Err(self.raise(error::not_callable(span, callee.kind_name())));
        };
        let (function, outer) = match callee {
            Function::Named(function) => (*function, None),
            Function::Lambda(function, outer) => (*function, Some(*outer)),
            Function::Method(object, method) => {
                let (function, outer) = self.method(object, *method, span)?;
                (function, Some(outer))
            }
        };
        let callee = self.new_frame(outer, Value::Null, function.slots);
        for (i, param) in function.params.iter().enumerate() {
            let value = match (args.get(i), &param.default) {
                (Some(value), _) => *value,
                (None, Some(default)) => self.eval(default, callee)?,
                (None, None) => return Err(self.raise(error::internal(span, "an argument is missing"))),
            };
            callee.slots[i].set(Local::Value(value));
        }
        self.eval_body(function, callee)
    }

    pub(crate) fn bound_method(
        &self,
        expr: &'a Expr,
        recv: &'a Expr,
        method: u32,
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let object = self.receiver(expr, recv, frame)?;
        Ok(Value::Function(self.arena.alloc(Function::Method(object, method))))
    }

    pub(crate) fn call_builtin(
        &self,
        span: Span,
        name: Name,
        args: &'a [Expr],
        frame: &'a Frame<'a>,
    ) -> Eval<Value<'a>> {
        let known = self.builtins.borrow().get(&name).copied();
        let Some(builtin) = known.or_else(|| self.find_builtin(name)) else {
            return Err(
                self.raise(error::internal(span, &format!("the builtin `{name}` is declared but not implemented")))
            );
        };
        let values = args.iter().map(|arg| self.eval(arg, frame)).collect::<Eval<SmallVec<[_; 4]>>>()?;
        let result = builtin(&Call { eval: self, args: &values, span });
        if let Err(error) = result {
            self.explain_operands(error, span, args, frame);
        }
        result
    }

    #[cold]
    fn find_builtin(&self, name: Name) -> Option<Builtin> {
        let found = builtin::lookup(name)?;
        self.builtins.borrow_mut().insert(name, found);
        Some(found)
    }
}
