//! The entry points: check all modules of a build.

use std::sync::Arc;

use forge_base::{Diag, stack};

use crate::collect;
use crate::decl::Decls;
use crate::exports::Exports;
use crate::facts::{Collect, Facts};
use crate::hir::Program;
use crate::infer::db::CheckDb;
use crate::infer::module::{CheckedModule, build};
use crate::par_map::par_map;
use crate::recursion::check_recursion;
use crate::source::Source;

/// The result of checking.
#[derive(Clone, Default, Debug)]
pub struct Checked {
    /// All checked modules; must only be evaluated if `diags` has no error.
    pub program: Program,
    /// Errors and warnings, in the order of files and text.
    pub diags: Vec<Diag>,
    /// Indexed by [`ModuleId`](crate::ModuleId); empty if not requested.
    pub facts: Vec<Facts>,
    /// What the modules declare.
    pub decls: Arc<Decls>,
}

/// Checks all modules of a build.
pub fn check(sources: &[Source]) -> Checked {
    check_with(sources, Collect::Nothing)
}

/// Checks all modules of a build, and collects facts for editors if requested.
pub fn check_with(sources: &[Source], collect: Collect) -> Checked {
    run(sources, collect, None)
}

/// Checks all modules of a build, and names the modules that export what is not imported.
pub fn check_with_exports(sources: &[Source], exports: Arc<dyn Exports>) -> Checked {
    run(sources, Collect::Nothing, Some(exports))
}

fn run(sources: &[Source], collect: Collect, exports: Option<Arc<dyn Exports>>) -> Checked {
    let bytes: usize = sources.iter().map(|source| source.text.len()).sum();
    // Starting threads takes longer than checking a small program.
    if bytes < PARALLEL_BYTES {
        stack::with_large_stack(|| check_all(sources, collect, exports))
    } else {
        stack::with_thread_pool(0, || check_all(sources, collect, exports))
    }
}

fn check_all(sources: &[Source], collect: Collect, exports: Option<Arc<dyn Exports>>) -> Checked {
    let mut diags = Vec::new();
    let decls = Arc::new(collect::collect_with_exports(sources, exports, &mut diags));
    let db = CheckDb::new(decls.clone(), collect);
    let built: Vec<CheckedModule> = par_map(sources, |source| build(&db, source.id));
    crate::lint::lint_lets(&decls, &built, &mut diags);
    check_recursion(&decls, built.iter().map(|built| (built.code.id, &built.uses)), &mut diags);
    db.report_cycles(&mut diags);
    let mut program = Program { modules: decls.modules.iter().map(|_| None).collect() };
    let mut facts: Vec<Facts> = Vec::new();
    if collect == Collect::Facts {
        facts.resize_with(decls.modules.len(), Facts::default);
    }
    for built in built {
        let index = built.code.id.0 as usize;
        diags.extend(built.diags);
        if let Some(facts) = facts.get_mut(index) {
            let mut references = decls.module(built.code.id).uses.targets.clone();
            references.extend(built.uses.targets);
            references.sort_by_key(|(span, _)| (span.start, span.end));
            references.dedup();
            *facts = Facts { types: built.types, references };
        }
        program.modules[index] = Some(Arc::new(built.code));
    }
    sort_diags(&mut diags);
    Checked { program, diags, facts, decls }
}

/// Sorts by file and span, and removes duplicates.
fn sort_diags(diags: &mut Vec<Diag>) {
    diags.sort_by_key(|diag| diag.span().map(|span| (span.file, span.start, span.end)));
    let mut seen = rustc_hash::FxHashSet::default();
    diags.retain(|diag| seen.insert(diag.clone()));
}

/// Programs that are smaller than this are checked by one thread.
const PARALLEL_BYTES: usize = 512 << 10;
