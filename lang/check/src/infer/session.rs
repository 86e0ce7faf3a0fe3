//! What all threads of one check share: the declarations, and the result of each unit that has been checked.
//!
//! A *unit* is what is checked in one go: the value of a global, a function, a schema's own body, the condition of a refinement, a test.
//! A unit that needs the type of another one without annotation checks that one first. Nobody ever waits for another thread: two
//! threads may do the same unit at once, and the first result is kept.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use forge_base::{Diag, Name, Span};
use rustc_hash::FxHashMap;

use super::Output;
use crate::decl::{Decls, RefineDecl};
use crate::hir;
use crate::ids::{FnId, GlobalId, ModuleId, RefineId, SchemaId};
use crate::ty::Ty;

/// What can be checked on demand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum Unit {
    /// The value of a global.
    Global(GlobalId),
    /// A function or method.
    Fn(FnId),
    /// Anything that nobody needs the type of.
    Other(Span),
}

/// A unit, and those that wait for it.
#[derive(Clone, Debug)]
pub(crate) struct Trail(Rc<Step>);

#[derive(Debug)]
struct Step {
    unit: Unit,
    /// Whether it needs the type of the next one, but perhaps not its value: it does so inside a body or function.
    is_lazy: Cell<bool>,
    /// How deep the expressions of the units before it nest, all together.
    depth: u32,
    before: Option<Trail>,
}

/// How deep it is to begin with a further unit, in expressions.
const UNIT_DEPTH: u32 = 20;

impl Trail {
    /// A unit that nobody waits for.
    pub(crate) fn new(unit: Unit) -> Trail {
        Trail(Rc::new(Step { unit, is_lazy: Cell::new(false), depth: 0, before: None }))
    }

    /// A unit that this one waits for, at a place that is `depth` expressions deep in it.
    pub(crate) fn with(&self, unit: Unit, depth: u32) -> Trail {
        let depth = self.0.depth + depth + UNIT_DEPTH;
        Trail(Rc::new(Step { unit, is_lazy: Cell::new(false), depth, before: Some(self.clone()) }))
    }

    /// This unit.
    pub(crate) fn unit(&self) -> Unit {
        self.0.unit
    }

    /// How deep the expressions around nest, those of this unit not counted.
    pub(crate) fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Says how this unit needs the next one.
    pub(crate) fn set_lazy(&self, is_lazy: bool) {
        self.0.is_lazy.set(is_lazy);
    }

    /// The way from `unit` to this one, if it waits for it: the circle that they are.
    pub(crate) fn since(&self, unit: Unit) -> Option<Vec<(Unit, bool)>> {
        let steps = std::iter::successors(Some(self), |trail| trail.0.before.as_ref()).map(|trail| &*trail.0);
        let mut count = 0;
        let found = steps.clone().find(|step| {
            count += 1;
            step.unit == unit
        });
        let mut way: Vec<_> = found.map(|_| steps.take(count).map(|step| (step.unit, step.is_lazy.get())).collect())?;
        way.reverse();
        Some(way)
    }
}

/// A checked value: of a global or the condition of a refinement.
#[derive(Debug)]
pub(crate) struct ValueUnit {
    /// Its type.
    pub(crate) ty: Ty,
    /// The value; `None` for an input without default.
    pub(crate) value: Option<hir::Expr>,
    /// Slots of its frame.
    pub(crate) slots: u32,
    /// What was found on the way.
    pub(crate) out: Output,
}

/// A checked function.
#[derive(Debug)]
pub(crate) struct FnUnit {
    /// Its code.
    pub(crate) code: hir::Fn,
    /// What was found on the way.
    pub(crate) out: Output,
}

/// A checked schema body.
#[derive(Debug)]
pub(crate) struct SchemaUnit {
    /// Its layer.
    pub(crate) body: Arc<hir::Body>,
    /// Its checks.
    pub(crate) checks: Vec<hir::Check>,
    /// Whether its body has errors: then nothing is said about what it lacks.
    pub(crate) is_broken: bool,
    /// What was found on the way.
    pub(crate) out: Output,
}

/// The results of one module's units.
#[derive(Debug, Default)]
struct ModuleUnits {
    globals: Vec<OnceLock<Arc<ValueUnit>>>,
    fns: Vec<OnceLock<Arc<FnUnit>>>,
    schemas: Vec<OnceLock<Arc<SchemaUnit>>>,
    next_refinement: AtomicU32,
}

/// The shared state of a check. See the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) decls: Arc<Decls>,
    /// Whether types of expressions are remembered.
    pub(crate) wants_facts: bool,
    units: Vec<ModuleUnits>,
    conditions: Mutex<FxHashMap<RefineId, Arc<ValueUnit>>>,
    local_refinements: Mutex<FxHashMap<RefineId, RefineDecl>>,
    cycles: Mutex<BTreeSet<(Vec<Unit>, bool)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a cell holds, made now if it holds nothing. Of two threads that make it at once one wins; neither waits for the other.
fn checked_once<T>(cell: &OnceLock<Arc<T>>, check: impl FnOnce() -> T) -> Arc<T> {
    match cell.get() {
        Some(unit) => unit.clone(),
        None => {
            let unit = Arc::new(check());
            cell.get_or_init(|| unit).clone()
        }
    }
}

fn cells<T>(count: usize) -> Vec<OnceLock<T>> {
    (0..count).map(|_| OnceLock::new()).collect()
}

impl Session {
    /// A session in which nothing is checked yet.
    pub(crate) fn new(decls: Arc<Decls>, wants_facts: bool) -> Session {
        let units = decls
            .modules
            .iter()
            .map(|module| match module {
                None => ModuleUnits::default(),
                Some(module) => ModuleUnits {
                    globals: cells(module.globals.len()),
                    fns: cells(module.fns.len()),
                    schemas: cells(module.schemas.len()),
                    next_refinement: AtomicU32::new(module.refinements.len() as u32),
                },
            })
            .collect();
        Session { decls, wants_facts, units, ..Session::default() }
    }

    fn module(&self, id: ModuleId) -> &ModuleUnits {
        &self.units[id.0 as usize]
    }

    /// A global's unit, checked now if it was not yet. `trail` adds it to the units that wait for it.
    pub(crate) fn global(&self, id: GlobalId, trail: impl FnOnce(Unit) -> Trail) -> Arc<ValueUnit> {
        let cell = &self.module(id.module).globals[id.index as usize];
        checked_once(cell, || super::unit::check_global(self, id, trail(Unit::Global(id))))
    }

    /// A function's unit, checked now if it was not yet.
    pub(crate) fn function(&self, id: FnId, trail: impl FnOnce(Unit) -> Trail) -> Arc<FnUnit> {
        let cell = &self.module(id.module).fns[id.index as usize];
        checked_once(cell, || super::unit::check_fn(self, id, trail(Unit::Fn(id))))
    }

    /// A schema's unit, checked now if it was not yet.
    pub(crate) fn schema(&self, id: SchemaId) -> Arc<SchemaUnit> {
        let cell = &self.module(id.module).schemas[id.index as usize];
        checked_once(cell, || super::unit::check_schema(self, id))
    }

    /// The condition of a refinement. `None` while it is being checked itself.
    pub(crate) fn condition(&self, id: RefineId, trail: &Trail, depth: u32) -> Option<Arc<ValueUnit>> {
        if let Some(unit) = lock(&self.conditions).get(&id) {
            return Some(unit.clone());
        }
        let decl = self.refinement(id)?;
        let unit = Unit::Other(decl.cond.span);
        if trail.since(unit).is_some() {
            return None;
        }
        let unit = Arc::new(super::unit::check_condition(self, id, &decl, trail.with(unit, depth)));
        Some(lock(&self.conditions).entry(id).or_insert(unit).clone())
    }

    /// A refinement of a declaration or of a body that has been looked at.
    pub(crate) fn refinement(&self, id: RefineId) -> Option<RefineDecl> {
        match self.decls.module(id.module).refinements.get(id.index as usize) {
            Some(decl) => Some(decl.clone()),
            None => lock(&self.local_refinements).get(&id).cloned(),
        }
    }

    /// Reserves ids for the conditions of a type in a body and gives the first.
    pub(crate) fn reserve_refinements(&self, module: ModuleId, count: u32) -> u32 {
        self.module(module).next_refinement.fetch_add(count, Ordering::Relaxed)
    }

    /// Keeps the conditions of a type in a body.
    pub(crate) fn add_refinements(&self, module: ModuleId, first: u32, conditions: Vec<RefineDecl>) {
        let mut table = lock(&self.local_refinements);
        for (place, decl) in conditions.into_iter().enumerate() {
            table.insert(RefineId { module, index: first + place as u32 }, decl);
        }
    }

    /// How many refinements a module has, those of bodies included.
    pub(crate) fn refinement_count(&self, module: ModuleId) -> u32 {
        self.module(module).next_refinement.load(Ordering::Relaxed)
    }

    /// Notes units whose types need each other; each circle is kept once, wherever it was entered.
    pub(crate) fn note_cycle(&self, path: &[(Unit, bool)]) {
        let Some(first) = (0..path.len()).min_by_key(|&place| path[place].0) else { return };
        let mut circle: Vec<Unit> = path.iter().map(|(unit, _)| *unit).collect();
        circle.rotate_left(first);
        lock(&self.cycles).insert((circle, path.iter().any(|(_, is_lazy)| *is_lazy)));
    }

    /// Reports the circles that were noted.
    pub(crate) fn report_cycles(&self, diags: &mut Vec<Diag>) {
        for (circle, is_lazy) in lock(&self.cycles).iter() {
            let named: Vec<(Name, Span)> = circle.iter().filter_map(|unit| self.name_of(*unit)).collect();
            let has_global = circle.iter().any(|unit| matches!(unit, Unit::Global(_)));
            if let (true, Some(diag)) = (has_global, crate::message::type_cycle(&named, *is_lazy)) {
                diags.push(diag);
            }
        }
    }

    fn name_of(&self, unit: Unit) -> Option<(Name, Span)> {
        match unit {
            Unit::Global(id) => Some((self.decls.global(id).name, self.decls.global(id).span)),
            Unit::Fn(id) => Some((self.decls.function(id).name, self.decls.function(id).span)),
            Unit::Other(_) => None,
        }
    }
}
