//! The checker database, shared by all threads: the declarations, and the result of each query.
//!
//! A *query* is the unit of checking: the value of a global, a function, a schema's own body, the condition of a
//! refinement, a test. A query that needs the inferred type of another one runs that one first. Threads never wait for
//! each other: two threads may run the same query at once, and the first result is kept.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use forge_base::{Diag, Name, Span};
use rustc_hash::FxHashMap;

use super::output::Output;
use crate::decl::{Decls, ModuleDecls, RefineDecl};
use crate::facts::Collect;
use crate::hir;
use crate::ids::{FnId, GlobalId, ModuleId, RefineId, RefineScope, SchemaId};

/// A query, as it appears on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum Query {
    /// The value of a global.
    Global(GlobalId),
    /// A function or method.
    Fn(FnId),
    /// A schema's own body.
    Schema(SchemaId),
    /// A test, by the index of its item.
    Test(ModuleId, u32),
    /// The condition of a refinement.
    Condition(RefineId),
}

impl Query {
    /// The scope of the refinements in its types; `None` for a condition in a body, whose refinements belong to that body.
    fn refine_scope(self) -> Option<RefineScope> {
        match self {
            Query::Global(id) => Some(RefineScope::Global(id.index)),
            Query::Fn(id) => Some(RefineScope::Fn(id.index)),
            Query::Schema(id) => Some(RefineScope::Schema(id.index)),
            Query::Test(_, item) => Some(RefineScope::Test(item)),
            Query::Condition(RefineId { scope: RefineScope::Declarations, index, .. }) => {
                Some(RefineScope::Condition(index))
            }
            Query::Condition(_) => None,
        }
    }
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
    caller: Option<QueryStack>,
    refinements: Rc<RefineCounter>,
}

/// Numbers the refinements in the types of one query.
#[derive(Debug)]
struct RefineCounter {
    scope: RefineScope,
    next: Cell<u32>,
}

/// The depth that a nested query adds, in expressions.
const QUERY_DEPTH: u32 = 20;

impl QueryStack {
    /// A query without a caller.
    pub(crate) fn new(query: Query) -> QueryStack {
        QueryStack::push(query, 0, None)
    }

    /// A query called by this one, `depth` expressions deep.
    pub(crate) fn with(&self, query: Query, depth: u32) -> QueryStack {
        QueryStack::push(query, self.0.depth + depth + QUERY_DEPTH, Some(self.clone()))
    }

    fn push(query: Query, depth: u32, caller: Option<QueryStack>) -> QueryStack {
        let refinements = match (query.refine_scope(), &caller) {
            (None, Some(caller)) => caller.0.refinements.clone(),
            (scope, _) => {
                let scope = scope.unwrap_or(RefineScope::Condition(u32::MAX));
                Rc::new(RefineCounter { scope, next: Cell::new(0) })
            }
        };
        QueryStack(Rc::new(QueryFrame { query, is_lazy: Cell::new(false), depth, caller, refinements }))
    }

    /// The current query.
    pub(crate) fn query(&self) -> Query {
        self.0.query
    }

    /// The nesting depth of the calling queries, without the current one.
    pub(crate) fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Records that the current query calls the next one from inside a body or function.
    pub(crate) fn set_lazy(&self) {
        self.0.is_lazy.set(true);
    }

    /// Records that the current query needs the value of the next one.
    pub(crate) fn set_strict(&self) {
        self.0.is_lazy.set(false);
    }

    /// The scope of the refinements in the current query's types, and the number of the next one.
    pub(super) fn next_refinement(&self) -> (RefineScope, u32) {
        (self.0.refinements.scope, self.0.refinements.next.get())
    }

    /// Takes the numbers of `count` refinements.
    pub(super) fn skip_refinements(&self, count: u32) {
        let next = &self.0.refinements.next;
        next.set(next.get() + count);
    }

    /// The queries from `query` to the current one, if `query` is on the stack: they form a cycle.
    pub(crate) fn cycle_from(&self, query: Query) -> Option<QueryCycle> {
        let frames = std::iter::successors(Some(self), |stack| stack.0.caller.as_ref()).map(|stack| &*stack.0);
        let mut cycle = QueryCycle { queries: Vec::new(), is_lazy: false };
        for frame in frames {
            cycle.queries.push(frame.query);
            cycle.is_lazy |= frame.is_lazy.get();
            if frame.query == query {
                cycle.queries.reverse();
                return Some(cycle);
            }
        }
        None
    }
}

/// Queries that call each other.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct QueryCycle {
    /// From the first query to the one that calls it again.
    queries: Vec<Query>,
    /// Whether one of the calls needs only the type of the next query.
    is_lazy: bool,
}

/// The result of a query. The HIR shares its code.
#[derive(Debug)]
pub(crate) struct QueryResult<T> {
    /// The checked code.
    pub(crate) code: Arc<T>,
    /// Diagnostics and uses.
    pub(crate) out: Output,
    /// Whether a body has errors: missing fields of its instances are not reported then.
    pub(crate) is_broken: bool,
}

impl<T> QueryResult<T> {
    /// The result of a query whose errors need not suppress others.
    pub(super) fn new(code: T, out: Output) -> QueryResult<T> {
        QueryResult { code: Arc::new(code), out, is_broken: false }
    }
}

/// A cell for the result of a query.
type ResultCell<T> = OnceLock<Arc<QueryResult<T>>>;

/// A refinement in a body, and its condition once it is checked.
type LocalRefinement = (RefineDecl, Option<Arc<QueryResult<hir::Refinement>>>);

/// The results of one module's queries.
#[derive(Debug, Default)]
pub(super) struct ModuleCells {
    pub(super) globals: Vec<ResultCell<hir::Global>>,
    pub(super) fns: Vec<ResultCell<hir::Fn>>,
    pub(super) schemas: Vec<ResultCell<hir::Schema>>,
    pub(super) conditions: Vec<ResultCell<hir::Refinement>>,
    pub(super) local_refinements: Mutex<FxHashMap<RefineId, LocalRefinement>>,
}

/// The shared state of a check; see the module's documentation.
#[derive(Debug)]
pub(crate) struct CheckDb {
    /// All declarations.
    pub(crate) decls: Arc<Decls>,
    /// Whether types of expressions are recorded.
    pub(crate) collect: Collect,
    modules: Vec<ModuleCells>,
    cycles: Mutex<BTreeSet<QueryCycle>>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The result in a cell, computed now if it is empty. If two threads compute it at once, the first result is kept.
pub(super) fn checked_once<T>(cell: &ResultCell<T>, check: impl FnOnce() -> QueryResult<T>) -> Arc<QueryResult<T>> {
    match cell.get() {
        Some(result) => result.clone(),
        None => {
            let result = Arc::new(check());
            cell.get_or_init(|| result).clone()
        }
    }
}

fn cells<T>(count: usize) -> Vec<OnceLock<T>> {
    (0..count).map(|_| OnceLock::new()).collect()
}

impl CheckDb {
    /// A database without results.
    pub(crate) fn new(decls: Arc<Decls>, collect: Collect) -> CheckDb {
        let cells_of = |module: &Option<ModuleDecls>| match module {
            None => ModuleCells::default(),
            Some(module) => ModuleCells {
                globals: cells(module.globals.len()),
                fns: cells(module.fns.len()),
                schemas: cells(module.schemas.len()),
                conditions: cells(module.refinements.len()),
                local_refinements: Mutex::default(),
            },
        };
        let modules = decls.modules.iter().map(cells_of).collect();
        CheckDb { decls, collect, modules, cycles: Mutex::default() }
    }

    pub(super) fn module(&self, id: ModuleId) -> &ModuleCells {
        &self.modules[id.0 as usize]
    }

    /// A refinement of a declaration, or of a body that has been checked.
    pub(crate) fn refinement(&self, id: RefineId) -> Option<RefineDecl> {
        match id.scope {
            RefineScope::Declarations => self.decls.module(id.module).refinements.get(id.index as usize).cloned(),
            _ => lock(&self.module(id.module).local_refinements).get(&id).map(|(decl, _)| decl.clone()),
        }
    }

    /// Stores the refinement of a type in a body.
    pub(crate) fn add_refinement(&self, id: RefineId, decl: RefineDecl) {
        lock(&self.module(id.module).local_refinements).entry(id).or_insert((decl, None));
    }

    /// The conditions of the refinements in the bodies of a module.
    pub(crate) fn local_refinements(&self, module: ModuleId) -> FxHashMap<RefineId, Arc<hir::Refinement>> {
        let local = lock(&self.module(module).local_refinements);
        local.iter().filter_map(|(id, (_, result))| Some((*id, result.as_ref()?.code.clone()))).collect()
    }

    /// Records a cycle of queries, once, wherever it was entered.
    pub(crate) fn record_cycle(&self, mut cycle: QueryCycle) {
        let Some(first) = (0..cycle.queries.len()).min_by_key(|&index| cycle.queries[index]) else { return };
        cycle.queries.rotate_left(first);
        lock(&self.cycles).insert(cycle);
    }

    /// Reports the recorded cycles.
    pub(crate) fn report_cycles(&self, diags: &mut Vec<Diag>) {
        for cycle in lock(&self.cycles).iter() {
            let named: Vec<(Name, Span)> = cycle.queries.iter().filter_map(|query| self.name_of(*query)).collect();
            let has_global = cycle.queries.iter().any(|query| matches!(query, Query::Global(_)));
            let Some((name, span)) = named.first().filter(|_| has_global) else { continue };
            let diag = match cycle.is_lazy {
                true => crate::diagnostics::type_cycle(*name, *span),
                false => crate::diagnostics::value_cycle(*name, *span),
            };
            diags.push(crate::diagnostics::with_cycle(diag, &named));
        }
    }

    fn name_of(&self, query: Query) -> Option<(Name, Span)> {
        match query {
            Query::Global(id) => Some((self.decls.global(id).name, self.decls.global(id).span)),
            Query::Fn(id) => Some((self.decls.function(id).name, self.decls.function(id).span)),
            Query::Schema(_) | Query::Test(..) | Query::Condition(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn global(index: u32) -> Query {
        Query::Global(GlobalId { module: ModuleId(0), index })
    }

    fn condition(scope: RefineScope, index: u32) -> Query {
        Query::Condition(RefineId { module: ModuleId(0), scope, index })
    }

    #[test]
    fn a_cycle_holds_the_queries_from_the_one_that_is_called_again() {
        let outer = QueryStack::new(global(0));
        let middle = outer.with(global(1), 3);
        middle.set_lazy();
        let inner = middle.with(global(2), 4);
        let cycle = inner.cycle_from(global(1)).expect("it is on the stack");
        assert_eq!((cycle.queries, cycle.is_lazy), (vec![global(1), global(2)], true));
        assert_eq!(inner.cycle_from(global(3)), None);
        assert_eq!(inner.depth(), 3 + 4 + 2 * QUERY_DEPTH);
    }

    #[test]
    fn a_lazy_call_outside_a_cycle_does_not_make_it_lazy() {
        let outer = QueryStack::new(global(0));
        outer.set_lazy();
        let inner = outer.with(global(1), 0);
        let cycle = inner.cycle_from(global(1)).expect("it is on the stack");
        assert_eq!((cycle.queries, cycle.is_lazy), (vec![global(1)], false));
    }

    #[test]
    fn conditions_in_a_body_share_the_numbers_of_that_body() {
        let body = QueryStack::new(global(4));
        assert_eq!(body.next_refinement(), (RefineScope::Global(4), 0));
        body.skip_refinements(2);
        let local = body.with(condition(RefineScope::Global(4), 1), 0);
        local.skip_refinements(1);
        assert_eq!(body.next_refinement(), (RefineScope::Global(4), 3));
        let declared = body.with(condition(RefineScope::Declarations, 7), 0);
        assert_eq!(declared.next_refinement(), (RefineScope::Condition(7), 0));
    }
}
