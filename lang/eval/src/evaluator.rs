//! The machine: one arena, one program, and the state of one evaluation. Single-threaded; several may run the same program side by side.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use bumpalo::Bump;
use forge_base::{Files, Name, Span};
use forge_check::hir::{self, Const, Expr, ExprKind, Program};
use forge_check::{GlobalId, SchemaId};
use rustc_hash::FxHashMap;

use crate::builtin::{Builtin, Matcher};
use crate::error;
use crate::frame::{Frame, Local, Super};
use crate::object::SchemaInfo;
use crate::options::Options;
use crate::value::{EntrySource, Eval, Function, Map, Object, Quantity, Slot, Value};

mod budget;
mod failure;

pub(crate) use failure::FailedSlot;
use failure::RecordedError;

/// An evaluation.
pub struct Evaluator<'a> {
    /// Where all values live.
    pub arena: &'a Bump,
    /// What is run.
    pub program: &'a Program,
    /// The texts, for messages that quote them.
    pub files: &'a Files,
    /// Limits, inputs and the way to files.
    pub options: &'a Options<'a>,
    globals: Vec<OnceCell<&'a [Cell<Slot<'a>>]>>,
    schemas: RefCell<FxHashMap<SchemaId, &'a SchemaInfo<'a>>>,
    pub(crate) regexes: RefCell<FxHashMap<&'a str, Rc<Matcher>>>,
    /// The builtins that were called.
    pub(crate) builtins: RefCell<FxHashMap<Name, Builtin>>,
    errors: RefCell<Vec<RecordedError>>,
    /// What has failed, so that it can be tried again; see [`Evaluator::reset_failed_since`].
    failed: RefCell<Vec<FailedSlot<'a>>>,
    /// Objects whose checks needed something that was still being computed.
    pending_checks: RefCell<Vec<&'a Object<'a>>>,
    pub(crate) eval_stack: RefCell<Vec<StackEntry<'a>>>,
    steps: Cell<u64>,
    /// What it may hold of the budget of memory; see [`Evaluator::split_memory`].
    max_memory: Cell<usize>,
    /// Bytes outside of the arena that are counted for a while.
    external_bytes: Cell<usize>,
    depth: Cell<u32>,
    nesting: Cell<u32>,
}

/// Something that is being computed; a stack of them is the path of a cycle.
#[derive(Clone, Copy)]
pub(crate) enum StackEntry<'a> {
    Global(GlobalId),
    Field(&'a Object<'a>, u32),
    Entry(&'a Map<'a>, usize),
    Let(&'a hir::Let),
}

impl<'a> Evaluator<'a> {
    /// A new evaluation of `program`.
    pub fn new(arena: &'a Bump, program: &'a Program, files: &'a Files, options: &'a Options<'a>) -> Evaluator<'a> {
        Evaluator {
            arena,
            program,
            files,
            options,
            globals: (0..program.modules.len()).map(|_| OnceCell::new()).collect(),
            schemas: RefCell::default(),
            regexes: RefCell::default(),
            builtins: RefCell::default(),
            errors: RefCell::default(),
            failed: RefCell::default(),
            pending_checks: RefCell::default(),
            eval_stack: RefCell::default(),
            steps: Cell::new(0),
            max_memory: Cell::new(options.max_memory),
            external_bytes: Cell::new(0),
            depth: Cell::new(0),
            nesting: Cell::new(0),
        }
    }

    /// Leaves the checks of an object for when nothing is being computed any more.
    pub(crate) fn defer_checks(&self, object: &'a Object<'a>) {
        self.pending_checks.borrow_mut().push(object);
    }

    /// Runs the checks that had to wait, if nothing is being computed.
    #[inline]
    pub(crate) fn run_pending_checks<T>(&self, result: Eval<T>) -> Eval<T> {
        if self.pending_checks.borrow().is_empty() || !self.eval_stack.borrow().is_empty() {
            return result;
        }
        self.run_pending_checks_now(result)
    }

    #[cold]
    fn run_pending_checks_now<T>(&self, mut result: Eval<T>) -> Eval<T> {
        loop {
            let Some(object) = self.pending_checks.borrow_mut().pop() else { return result };
            if let Err(error) = self.finish_checks(object) {
                match result {
                    Ok(_) => result = Err(error),
                    Err(first) if first != error => self.join_errors(first, error),
                    Err(_) => {}
                }
            }
        }
    }

    /// What is known at run time about a schema.
    pub fn schema(&self, id: SchemaId) -> &'a SchemaInfo<'a> {
        if let Some(info) = self.schemas.borrow().get(&id) {
            return info;
        }
        let info = &*self.arena.alloc(SchemaInfo::new(self.arena, self.program, id));
        self.schemas.borrow_mut().insert(id, info);
        info
    }

    /// The value of a field, `let` or input of a module.
    pub fn global(&self, id: GlobalId) -> Eval<Value<'a>> {
        let slots = self.globals[id.module.0 as usize].get_or_init(|| {
            let count = self.program.module(id.module).globals.len();
            self.arena.alloc_slice_fill_with(count, |_| Cell::new(Slot::Empty))
        });
        let slot = &slots[id.index as usize];
        match slot.get() {
            Slot::Done(value) => return Ok(value),
            Slot::Failed(error) => return Err(error),
            Slot::Running => return Err(self.cycle(StackEntry::Global(id))),
            Slot::Empty => {}
        }
        slot.set(Slot::Running);
        let result = self.with_entry(StackEntry::Global(id), || self.compute_global(id));
        self.fill(slot, result);
        self.run_pending_checks(result)
    }

    /// Puts a result into its slot.
    #[inline]
    pub(crate) fn fill(&self, slot: &'a Cell<Slot<'a>>, result: Eval<Value<'a>>) {
        match result {
            Ok(value) => slot.set(Slot::Done(value)),
            Err(error) => {
                slot.set(Slot::Failed(error));
                self.note_failed(FailedSlot::Slot(slot));
            }
        }
    }

    fn compute_global(&self, id: GlobalId) -> Eval<Value<'a>> {
        let global = self.program.global(id);
        if let Some(input) = self.options.inputs.get(&id) {
            let value = self.value_from_data(input, &global.ty, global.span)?;
            return self.coerce(value, &global.ty, global.span, global.span);
        }
        let Some(value) = &global.value else {
            return Err(self.raise(error::missing_input(global)));
        };
        let frame = self.new_frame(None, Value::Null, global.slots);
        self.eval(value, frame)
    }

    /// Runs `f` with `entry` on the stack that cycles are read from.
    #[inline]
    pub(crate) fn with_entry<T>(&self, entry: StackEntry<'a>, f: impl FnOnce() -> Eval<T>) -> Eval<T> {
        self.nest(|| {
            self.eval_stack.borrow_mut().push(entry);
            let result = f();
            self.eval_stack.borrow_mut().pop();
            result
        })
    }

    /// A new frame with empty slots.
    #[inline]
    pub(crate) fn new_frame(&self, parent: Option<&'a Frame<'a>>, this: Value<'a>, slots: u32) -> &'a Frame<'a> {
        let slots: &'a [Cell<Local<'a>>] = if slots == 0 {
            &[]
        } else {
            self.arena.alloc_slice_fill_with(slots as usize, |_| Cell::new(Local::Unset))
        };
        self.arena.alloc(Frame { parent, this, slots })
    }

    /// The place of what is being computed.
    pub(crate) fn current_span(&self) -> Option<Span> {
        self.eval_stack.borrow().last().copied().and_then(|entry| self.describe_entry(entry).1)
    }

    /// The value of an expression.
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
            return Err(self.raise(error::too_deep(expr.span, self.options.max_depth)));
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
            ExprKind::CallMethod { recv, method, args } => self.call_method(expr, recv, *method, args, frame),
            ExprKind::CallValue { callee, args } => self.call_value(expr, callee, args, frame),
            ExprKind::CallBuiltin { name, args } => self.call_builtin(expr.span, *name, args, frame),
            ExprKind::Field { recv, field, name, optional } => match self.eval(recv, frame)? {
                Value::Object(object) => self.field(object, *field),
                Value::Null if *optional => Ok(Value::Null),
                other => Err(self.raise(error::no_member(expr.span, *name, other.kind_name()))),
            },
            ExprKind::Entry { recv, name, optional } => self.entry_by_name(expr, recv, *name, *optional, frame),
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
            ExprKind::Range { start, end, inclusive } => self.range(expr.span, start, end, *inclusive, frame),
            ExprKind::Is { value, ty } => {
                let value = self.eval(value, frame)?;
                Ok(Value::Bool(self.has_type(value, ty)?))
            }
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

    /// Puts `let`s into their slots, unread.
    #[inline]
    pub(crate) fn bind_lets(&self, lets: &'a [hir::Let], frame: &'a Frame<'a>) {
        for item in lets {
            frame.slots[item.slot as usize].set(Local::Lazy(item));
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

    fn quantity_constant(&self, value: &'a forge_base::Quantity) -> Value<'a> {
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
            other => self.local_slow(frame, slot, other),
        }
    }

    fn local_slow(&self, frame: &'a Frame<'a>, slot: u32, local: Local<'a>) -> Eval<Value<'a>> {
        let cell = &frame.slots[slot as usize];
        match local {
            Local::Value(value) => Ok(value),
            Local::Failed(error) => Err(error),
            Local::Running(item) => Err(self.cycle(StackEntry::Let(item))),
            Local::Unset => {
                Err(self
                    .raise(error::internal_nowhere(self.current_span(), "a local name was read before it had a value")))
            }
            Local::Lazy(item) => {
                cell.set(Local::Running(item));
                let result = self.with_entry(StackEntry::Let(item), || self.eval(&item.value, frame));
                self.fill_local(cell, local, result);
                result
            }
            Local::Super(which) => {
                let result = match which {
                    Super::Field(object, field, below) => {
                        self.resolve_field(object, *field, *below).map(|value| value.unwrap_or(Value::Null))
                    }
                    Super::Entry(map, chain) => self.resolve_chain(map, chain),
                };
                self.fill_local(cell, local, result);
                result
            }
        }
    }

    fn fill_local(&self, cell: &'a Cell<Local<'a>>, before: Local<'a>, result: Eval<Value<'a>>) {
        match result {
            Ok(value) => cell.set(Local::Value(value)),
            Err(error) => {
                cell.set(Local::Failed(error));
                self.note_failed(FailedSlot::Local(cell, before));
            }
        }
    }

    /// The value of a condition.
    #[inline]
    pub fn eval_condition(&self, expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<bool> {
        match self.eval(expr, frame)? {
            Value::Bool(value) => Ok(value),
            other => Err(self
                .raise(error::internal(expr.span, &format!("a condition is {} instead of a Bool", other.kind_name())))),
        }
    }

    fn object_literal(&self, shape: &'a hir::Shape, body: &'a hir::Body, frame: &'a Frame<'a>) -> Value<'a> {
        match shape {
            hir::Shape::Schema(id) => Value::Object(self.new_object(self.schema(*id), None, Some((body, frame)))),
            hir::Shape::Map => Value::Map(self.new_map(None, None, EntrySource::Body(body, frame))),
            hir::Shape::Keyed(keyed) => Value::Map(self.new_map(Some(keyed), None, EntrySource::Body(body, frame))),
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
        // `a { … } { … } { … }` nests to the left, perhaps a thousand times: walked without recursion.
        let mut steps = smallvec::SmallVec::<[_; 4]>::from_slice(&[(expr, body, fresh)]);
        let mut innermost = base;
        while let ExprKind::Derive { base, body, fresh } = &innermost.kind {
            steps.push((innermost, body, fresh.as_ref()));
            innermost = base;
        }
        let mut value = self.eval(innermost, frame)?;
        for (expr, body, fresh) in steps.into_iter().rev() {
            value = self.derive(value, body, fresh, frame, expr.span)?;
        }
        Ok(value)
    }
}
