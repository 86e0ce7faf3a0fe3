//! The checker database, shared by all threads: the declarations, and the result of each query.
//!
//! A *query* is the unit of checking: the value of a global, a function, a schema's own body, the condition of a
//! refinement, a test. A query that needs the inferred type of another one runs that one first. Threads never wait for
//! each other: two threads may run the same query at once, and the first result is kept.

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

/// A query on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum Query {
    /// The value of a global.
    Global(GlobalId),
    /// A function or method.
    Fn(FnId),
    /// A query whose type no other query needs.
    Other(Span),
}

/// A query and its callers.
#[derive(Clone, Debug)]
pub(crate) struct QueryStack(Rc<QueryFrame>);

#[derive(Debug)]
struct QueryFrame {
    query: Query,
    /// Whether it calls the next query from inside a body or function, so that it needs its type but perhaps not its value.
    is_lazy: Cell<bool>,
    /// The total nesting depth of expressions in the calling queries.
    depth: u32,
    before: Option<QueryStack>,
}

/// The depth that a nested query adds, in expressions.
const QUERY_DEPTH: u32 = 20;

impl QueryStack {
    /// A query without a caller.
    pub(crate) fn new(query: Query) -> QueryStack {
        QueryStack(Rc::new(QueryFrame { query, is_lazy: Cell::new(false), depth: 0, before: None }))
    }

    /// A query called by this one, `depth` expressions deep.
    pub(crate) fn with(&self, query: Query, depth: u32) -> QueryStack {
        let depth = self.0.depth + depth + QUERY_DEPTH;
        QueryStack(Rc::new(QueryFrame { query, is_lazy: Cell::new(false), depth, before: Some(self.clone()) }))
    }

    /// The current query.
    pub(crate) fn query(&self) -> Query {
        self.0.query
    }

    /// The nesting depth of the calling queries, without the current one.
    pub(crate) fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Sets how the current query calls the next one.
    pub(crate) fn set_lazy(&self, is_lazy: bool) {
        self.0.is_lazy.set(is_lazy);
    }

    /// The queries from `query` to the current one, if `query` is on the stack: they form a cycle.
    pub(crate) fn since(&self, query: Query) -> Option<Vec<(Query, bool)>> {
        let steps = std::iter::successors(Some(self), |stack| stack.0.before.as_ref()).map(|stack| &*stack.0);
        let mut count = 0;
        let found = steps.clone().find(|step| {
            count += 1;
            step.query == query
        });
        let mut way: Vec<_> =
            found.map(|_| steps.take(count).map(|step| (step.query, step.is_lazy.get())).collect())?;
        way.reverse();
        Some(way)
    }
}

/// The result for a value: of a global, an expression, or the condition of a refinement.
#[derive(Debug)]
pub(crate) struct CheckedValue {
    /// Its type.
    pub(crate) ty: Ty,
    /// The value; `None` for an input without default.
    pub(crate) value: Option<hir::Expr>,
    /// Slots of its frame.
    pub(crate) slots: u32,
    /// Diagnostics and uses.
    pub(crate) out: Output,
}

/// A checked function.
#[derive(Debug)]
pub(crate) struct CheckedFn {
    /// Its code.
    pub(crate) code: hir::Fn,
    /// Diagnostics and uses.
    pub(crate) out: Output,
}

/// A checked schema body.
#[derive(Debug)]
pub(crate) struct CheckedSchema {
    /// Its layer.
    pub(crate) body: Arc<hir::Body>,
    /// Its checks.
    pub(crate) checks: Vec<hir::Check>,
    /// Whether its body has errors: missing fields of its instances are not reported then.
    pub(crate) is_broken: bool,
    /// Diagnostics and uses.
    pub(crate) out: Output,
}

/// The results of one module's queries.
#[derive(Debug, Default)]
struct ModuleCells {
    globals: Vec<OnceLock<Arc<CheckedValue>>>,
    fns: Vec<OnceLock<Arc<CheckedFn>>>,
    schemas: Vec<OnceLock<Arc<CheckedSchema>>>,
    next_refinement: AtomicU32,
}

/// The shared state of a check; see the module's documentation.
#[derive(Debug, Default)]
pub(crate) struct CheckDb {
    pub(crate) decls: Arc<Decls>,
    /// Whether types of expressions are recorded.
    pub(crate) wants_facts: bool,
    queries: Vec<ModuleCells>,
    conditions: Mutex<FxHashMap<RefineId, Arc<CheckedValue>>>,
    local_refinements: Mutex<FxHashMap<RefineId, RefineDecl>>,
    cycles: Mutex<BTreeSet<(Vec<Query>, bool)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The result in a cell, computed now if it is empty. If two threads compute it at once, the first result is kept.
fn checked_once<T>(cell: &OnceLock<Arc<T>>, check: impl FnOnce() -> T) -> Arc<T> {
    match cell.get() {
        Some(query) => query.clone(),
        None => {
            let query = Arc::new(check());
            cell.get_or_init(|| query).clone()
        }
    }
}

fn cells<T>(count: usize) -> Vec<OnceLock<T>> {
    (0..count).map(|_| OnceLock::new()).collect()
}

impl CheckDb {
    /// A database without results.
    pub(crate) fn new(decls: Arc<Decls>, wants_facts: bool) -> CheckDb {
        let queries = decls
            .modules
            .iter()
            .map(|module| match module {
                None => ModuleCells::default(),
                Some(module) => ModuleCells {
                    globals: cells(module.globals.len()),
                    fns: cells(module.fns.len()),
                    schemas: cells(module.schemas.len()),
                    next_refinement: AtomicU32::new(module.refinements.len() as u32),
                },
            })
            .collect();
        CheckDb { decls, wants_facts, queries, ..CheckDb::default() }
    }

    fn module(&self, id: ModuleId) -> &ModuleCells {
        &self.queries[id.0 as usize]
    }

    /// The value of a global. `stack` creates the stack for its query if it has to run.
    pub(crate) fn global(&self, id: GlobalId, stack: impl FnOnce(Query) -> QueryStack) -> Arc<CheckedValue> {
        let cell = &self.module(id.module).globals[id.index as usize];
        checked_once(cell, || super::query::check_global(self, id, stack(Query::Global(id))))
    }

    /// A function or method.
    pub(crate) fn function(&self, id: FnId, stack: impl FnOnce(Query) -> QueryStack) -> Arc<CheckedFn> {
        let cell = &self.module(id.module).fns[id.index as usize];
        checked_once(cell, || super::query::check_fn(self, id, stack(Query::Fn(id))))
    }

    /// The own body of a schema.
    pub(crate) fn schema(&self, id: SchemaId) -> Arc<CheckedSchema> {
        let cell = &self.module(id.module).schemas[id.index as usize];
        checked_once(cell, || super::query::check_schema(self, id))
    }

    /// The condition of a refinement; `None` while it is on the stack itself.
    pub(crate) fn condition(&self, id: RefineId, stack: &QueryStack, depth: u32) -> Option<Arc<CheckedValue>> {
        if let Some(query) = lock(&self.conditions).get(&id) {
            return Some(query.clone());
        }
        let decl = self.refinement(id)?;
        let query = Query::Other(decl.cond.span);
        if stack.since(query).is_some() {
            return None;
        }
        let query = Arc::new(super::query::check_condition(self, id, &decl, stack.with(query, depth)));
        Some(lock(&self.conditions).entry(id).or_insert(query).clone())
    }

    /// A refinement of a declaration, or of a body that has been checked.
    pub(crate) fn refinement(&self, id: RefineId) -> Option<RefineDecl> {
        match self.decls.module(id.module).refinements.get(id.index as usize) {
            Some(decl) => Some(decl.clone()),
            None => lock(&self.local_refinements).get(&id).cloned(),
        }
    }

    /// Reserves ids for the conditions of a type in a body, and returns the first.
    pub(crate) fn reserve_refinements(&self, module: ModuleId, count: u32) -> u32 {
        self.module(module).next_refinement.fetch_add(count, Ordering::Relaxed)
    }

    /// Stores the conditions of a type in a body.
    pub(crate) fn add_refinements(&self, module: ModuleId, first: u32, conditions: Vec<RefineDecl>) {
        let mut table = lock(&self.local_refinements);
        for (offset, decl) in conditions.into_iter().enumerate() {
            table.insert(RefineId { module, index: first + offset as u32 }, decl);
        }
    }

    /// The number of refinements of a module, including those in bodies.
    pub(crate) fn refinement_count(&self, module: ModuleId) -> u32 {
        self.module(module).next_refinement.load(Ordering::Relaxed)
    }

    /// Records a cycle of queries, once, wherever it was entered.
    pub(crate) fn note_cycle(&self, path: &[(Query, bool)]) {
        let Some(first) = (0..path.len()).min_by_key(|&index| path[index].0) else { return };
        let mut cycle: Vec<Query> = path.iter().map(|(query, _)| *query).collect();
        cycle.rotate_left(first);
        lock(&self.cycles).insert((cycle, path.iter().any(|(_, is_lazy)| *is_lazy)));
    }

    /// Reports the recorded cycles.
    pub(crate) fn report_cycles(&self, diags: &mut Vec<Diag>) {
        for (cycle, is_lazy) in lock(&self.cycles).iter() {
            let named: Vec<(Name, Span)> = cycle.iter().filter_map(|query| self.name_of(*query)).collect();
            let has_global = cycle.iter().any(|query| matches!(query, Query::Global(_)));
            if let (true, Some(diag)) = (has_global, crate::diagnostics::type_cycle(&named, *is_lazy)) {
                diags.push(diag);
            }
        }
    }

    fn name_of(&self, query: Query) -> Option<(Name, Span)> {
        match query {
            Query::Global(id) => Some((self.decls.global(id).name, self.decls.global(id).span)),
            Query::Fn(id) => Some((self.decls.function(id).name, self.decls.function(id).span)),
            Query::Other(_) => None,
        }
    }
}
