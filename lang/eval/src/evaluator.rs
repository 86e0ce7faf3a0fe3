//! The state of one evaluation. Single-threaded; several evaluators may run the same program side by side.
//!
//! This module holds the state and what all others need: slots, frames, errors, budgets. How expressions, objects and maps are
//! evaluated is declared in modules of their own, as methods of [`Evaluator`].

use std::cell::{Cell, OnceCell, RefCell};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bumpalo::Bump;
use forge_base::{AnyCode, Code, Diag, FileId, Files, Name, Span, World};
use forge_check::hir::{self, Program};
use forge_check::{GlobalId, SchemaId};
use rustc_hash::FxHashMap;

use crate::convert::DataPath;
use crate::data::Data;
use crate::error;
use crate::error_log::{ErrorLog, FailedSlot};
use crate::matcher::MatcherCache;
use crate::stack::{EvalStack, StackEntry};
use crate::value::{ErrorId, Eval, Frame, Local, Object, SchemaInfo, Slot, Value};

mod budget;

/// The default limit of evaluation steps.
pub const MAX_STEPS: u64 = 1_000_000_000;
/// The default limit of memory for values, in bytes.
pub const MAX_MEMORY: usize = 2 << 30;
/// The default limit of nested evaluations on a full [`forge_base::stack`]. Options that are created on a smaller one have a lower limit.
pub const MAX_DEPTH: u32 = 30_000;

/// Writes values as YAML documents, separated by `---`. Errors about values that cannot be written are reported at the span.
pub type WriteYaml = for<'e, 'a> fn(&'e Evaluator<'a>, &[Value<'a>], Span) -> Eval<String>;

/// Which diagnostics the source suppresses.
pub trait Waivers: Sync {
    /// The code of each `@allow`, with the span of the item that it precedes.
    fn waived(&self) -> Vec<(Span, AnyCode)>;
}

/// The limits and the inputs of an evaluation.
pub struct Options<'a> {
    /// See [`MAX_STEPS`].
    pub max_steps: u64,
    /// See [`MAX_MEMORY`].
    pub max_memory: usize,
    /// See [`MAX_DEPTH`].
    pub max_depth: u32,
    /// The values of inputs that were set on the command line.
    pub inputs: FxHashMap<GlobalId, Data>,
    /// Access to files, for `std.files`.
    pub world: Option<&'a dyn World>,
    /// The root folder of the package of each source file. A file that is not listed cannot read files.
    pub roots: FxHashMap<FileId, PathBuf>,
    /// The root folder of the package that is built: failed conditions are reported there if possible.
    pub package: Option<PathBuf>,
    /// The `@allow`s of the program. They are read only if a check fails.
    pub waivers: Option<&'a dyn Waivers>,
    /// The folder that the displayed paths of source files are relative to.
    pub cwd: PathBuf,
    /// The YAML writer, for `std.encoding`. It depends on this crate, so it is passed in.
    pub write_yaml: Option<WriteYaml>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            max_steps: MAX_STEPS,
            max_memory: MAX_MEMORY,
            max_depth: forge_base::stack::depth_limit(MAX_DEPTH),
            inputs: FxHashMap::default(),
            world: None,
            roots: FxHashMap::default(),
            package: None,
            waivers: None,
            cwd: PathBuf::new(),
            write_yaml: None,
        }
    }
}

/// One call of a builtin.
pub(crate) struct Call<'c, 'a> {
    /// The evaluator.
    pub(crate) eval: &'c Evaluator<'a>,
    /// The arguments.
    pub(crate) args: &'c [Value<'a>],
    /// The whole call.
    pub(crate) span: Span,
}

/// The code of a builtin.
pub(crate) type Builtin = for<'c, 'a> fn(&Call<'c, 'a>) -> Eval<Value<'a>>;

/// An evaluation.
pub struct Evaluator<'a> {
    /// Holds all values.
    pub arena: &'a Bump,
    /// The program.
    pub program: &'a Program,
    /// The sources, for messages that quote them.
    pub files: &'a Files,
    /// The limits and inputs.
    pub options: &'a Options<'a>,
    globals: Vec<OnceCell<&'a [Cell<Slot<'a>>]>>,
    schemas: RefCell<FxHashMap<SchemaId, &'a SchemaInfo<'a>>>,
    pub(crate) matchers: MatcherCache<'a>,
    /// The paths of lists and maps in the files that they were read from, by address.
    pub(crate) data_paths: RefCell<FxHashMap<usize, &'a DataPath<'a>>>,
    /// The builtins that were called.
    pub(crate) builtins: RefCell<FxHashMap<Name, Builtin>>,
    pub(crate) errors: ErrorLog<'a>,
    pub(crate) stack: EvalStack<'a>,
    /// Objects whose checks need something that is still being computed.
    pub(crate) pending_checks: RefCell<Vec<&'a Object<'a>>>,
    /// The diagnostics of `warn`s that did not hold, with their objects.
    warnings: RefCell<Vec<(&'a Object<'a>, Diag)>>,
    /// The result of [`Waivers::waived`].
    pub(crate) waived: OnceCell<Vec<(Span, AnyCode)>>,
    /// The bodies of the schemas with `@omitDefaults`.
    pub(crate) default_bodies: OnceCell<Vec<Span>>,
    steps: Cell<u64>,
    /// The memory of all evaluations that share the budget; see [`Evaluator::share_memory`].
    memory_pool: OnceCell<Arc<AtomicUsize>>,
    /// The part of it that this evaluation has reported.
    reported_bytes: Cell<usize>,
    /// Bytes outside of the arena that count against the budget for a while.
    external_bytes: Cell<usize>,
    /// How many expressions are nested.
    pub(crate) depth: Cell<u32>,
    /// How many values are nested.
    nesting: Cell<u32>,
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
            matchers: MatcherCache::default(),
            data_paths: RefCell::default(),
            builtins: RefCell::default(),
            errors: ErrorLog::default(),
            stack: EvalStack::default(),
            pending_checks: RefCell::default(),
            warnings: RefCell::default(),
            waived: OnceCell::new(),
            default_bodies: OnceCell::new(),
            steps: Cell::new(0),
            memory_pool: OnceCell::new(),
            reported_bytes: Cell::new(0),
            external_bytes: Cell::new(0),
            depth: Cell::new(0),
            nesting: Cell::new(0),
        }
    }

    /// A schema as the evaluator uses it.
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

    /// Stores a result in its slot.
    #[inline]
    pub(crate) fn fill(&self, slot: &'a Cell<Slot<'a>>, result: Eval<Value<'a>>) {
        match result {
            Ok(value) => slot.set(Slot::Done(value)),
            // Each expression that reads it from outside is reported.
            Err(error) if self.errors.waits_for(error).is_some() => slot.set(Slot::Empty),
            Err(error) => {
                slot.set(Slot::Failed(error));
                self.errors.add_failed(FailedSlot::Slot(slot));
            }
        }
    }

    /// Stores the result of computing a local that was `before`.
    pub(crate) fn fill_local(&self, cell: &'a Cell<Local<'a>>, before: Local<'a>, result: Eval<Value<'a>>) {
        match result {
            Ok(value) => cell.set(Local::Value(value)),
            Err(error) if self.errors.waits_for(error).is_some() => cell.set(before),
            Err(error) => {
                cell.set(Local::Failed(error));
                self.errors.add_failed(FailedSlot::Local(cell, before));
            }
        }
    }

    /// Runs `f` with `entry` on the evaluation stack.
    #[inline]
    pub(crate) fn with_entry<T>(&self, entry: StackEntry<'a>, f: impl FnOnce() -> Eval<T>) -> Eval<T> {
        self.nest(|| {
            self.stack.push(entry);
            let result = f();
            self.stack.pop();
            result
        })
    }

    /// A new frame with unset slots.
    #[inline]
    pub(crate) fn new_frame(&self, parent: Option<&'a Frame<'a>>, this: Value<'a>, slots: u32) -> &'a Frame<'a> {
        let slots: &'a [Cell<Local<'a>>] = if slots == 0 {
            &[]
        } else {
            self.arena.alloc_slice_fill_with(slots as usize, |_| Cell::new(Local::Unset))
        };
        self.arena.alloc(Frame { parent, this, slots })
    }

    /// Puts `let`s into their slots, not evaluated yet.
    #[inline]
    pub(crate) fn bind_lets(&self, lets: &'a [hir::Let], frame: &'a Frame<'a>) {
        for item in lets {
            frame.slots[item.slot as usize].set(Local::Lazy(item));
        }
    }

    /// Records an error and returns its id. It is shown only if it reaches a caller that asks for its diagnostics.
    #[cold]
    pub fn raise(&self, diag: Diag) -> ErrorId {
        let diag = self.with_object(self.with_own_place(diag));
        if diag.code != Code::REFINEMENT_FAILED {
            return self.errors.record(diag);
        }
        let error = self.errors.record(self.with_library_notes(diag));
        if let Some(object) = self.stack.innermost_object() {
            self.errors.set_instance(error, object);
        }
        error
    }

    /// The diagnostics of an error: usually one, several if several checks of one object failed.
    pub fn diags(&self, error: ErrorId) -> Vec<Diag> {
        let (mut diags, mut open, mut seen) = (Vec::new(), vec![error], Vec::new());
        while let Some(error) = open.pop() {
            if seen.contains(&error) {
                continue;
            }
            seen.push(error);
            let (mut diag, more) = self.errors.diag(error);
            open.extend(more.into_iter().rev());
            if let Some(object) = self.errors.waits_for(error).filter(|_| diag.primary.is_none()) {
                diag = diag.at_opt(object.span(), "in this value");
            }
            diags.push(match self.errors.instance(error) {
                Some(object) => self.with_instance(diag, object),
                None => diag,
            });
        }
        diags
    }

    /// An error that reports what another reports, if there is one, and its own.
    #[cold]
    pub fn join(&self, known: Option<ErrorId>, error: ErrorId) -> ErrorId {
        match known {
            Some(known) => {
                self.errors.join(known, error);
                known
            }
            None => error,
        }
    }

    /// Whether an error leaves no point in evaluating other values: a budget is used up.
    #[cold]
    pub fn is_fatal(&self, error: ErrorId) -> bool {
        const FATAL: [Code; 4] =
            [Code::BUDGET_STEPS, Code::BUDGET_MEMORY, Code::TOO_DEEP_EVALUATION, Code::VALUE_CYCLE];
        self.errors.matches(error, |diag| FATAL.contains(&diag.code))
    }

    /// Names the object that a diagnostic is about by its path. A field of a module needs no path besides the location.
    fn with_instance(&self, mut diag: Diag, object: &'a Object<'a>) -> Diag {
        let Some(path) = self.path_of(object) else { return diag };
        let note = path.contains(['.', '[']).then(|| format!("in `{path}`"));
        diag.instances = vec![format!("`{path}`")];
        note.into_iter().fold(diag, Diag::note)
    }

    /// Records a warning about an object.
    #[cold]
    pub(crate) fn warn(&self, object: &'a Object<'a>, diag: Diag) {
        self.warnings.borrow_mut().push((object, diag));
    }

    /// The warnings since the last call.
    pub fn take_warnings(&self) -> Vec<Diag> {
        let warnings = self.warnings.take();
        warnings.into_iter().map(|(object, diag)| self.with_instance(diag, object)).collect()
    }

    /// Whether a `warn` did not hold since the last call of [`Evaluator::take_warnings`].
    pub fn has_warnings(&self) -> bool {
        !self.warnings.borrow().is_empty()
    }

    /// The value of a global that was computed before.
    pub(crate) fn global_slot(&self, id: GlobalId) -> Slot<'a> {
        let slots = self.globals[id.module.0 as usize].get();
        slots.and_then(|slots| slots.get(id.index as usize)).map_or(Slot::Empty, Cell::get)
    }

    /// Adds the object whose field is being computed, if the error is reported elsewhere: usually in a default.
    fn with_object(&self, diag: Diag) -> Diag {
        let Some(primary) = diag.span() else { return diag };
        let Some(object) = self.stack.innermost_object() else { return diag };
        let Some(span) = object.span() else { return diag };
        if span.contains(primary) || !self.is_own(span) || diag.labels.iter().any(|label| label.span == span) {
            return diag;
        }
        diag.label(span, format!("in this `{}`", object.schema_name()))
    }
}
