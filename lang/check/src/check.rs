//! The entry points: all modules of a build at once, and single expressions later.

use std::sync::Arc;

use forge_base::{Diag, Span, stack};
use forge_syntax::ast;

use crate::Source;
use crate::collect::collect;
use crate::decl::Decls;
use crate::hir::{self, Program};
use crate::ids::ModuleId;
use crate::infer::module::{CheckedModule, bodies, build};
use crate::infer::{CheckDb, query};
use crate::lint::Target;
use crate::noise::drop_noise;
use crate::par_map::par_map;
use crate::recursion::check_recursion;
use crate::required_fields;
use crate::ty::Ty;

/// Types and references in one module, for editors and tests.
#[derive(Clone, Default, Debug)]
pub struct Facts {
    /// The types of expressions, inner expressions first.
    pub types: Vec<(Span, Ty)>,
    /// What each name refers to.
    pub references: Vec<(Span, Target)>,
}

/// Whether [`Facts`] are collected.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Collect {
    /// No: for builds.
    #[default]
    Nothing,
    /// Yes: for editors, `forgec debug types` and tests.
    Facts,
}

/// The result of checking.
#[derive(Clone, Default, Debug)]
pub struct Checked {
    /// All checked modules; must only be evaluated if `diags` has no error.
    pub program: Program,
    /// Errors and warnings, in the order of files and text.
    pub diags: Vec<Diag>,
    /// Indexed by [`ModuleId`]; empty if not requested.
    pub facts: Vec<Facts>,
    /// What the modules declare.
    pub decls: Arc<Decls>,
    db: Arc<CheckDb>,
}

/// An expression that was checked in the scope of a module.
#[derive(Clone, Debug)]
pub struct CheckedExpr {
    /// Its code; evaluated like the value of a global.
    pub value: hir::Expr,
    /// Its type.
    pub ty: Ty,
    /// Slots of its frame.
    pub slots: u32,
    /// Errors and warnings.
    pub diags: Vec<Diag>,
}

/// Checks all modules of a build.
pub fn check(sources: &[Source]) -> Checked {
    check_with(sources, Collect::Nothing)
}

/// Checks all modules of a build, and collects facts for editors if requested.
pub fn check_with(sources: &[Source], wants: Collect) -> Checked {
    let bytes: usize = sources.iter().map(|source| source.text.len()).sum();
    // Starting threads takes longer than checking a small program.
    if bytes < PARALLEL_BYTES {
        stack::with_large_stack(|| check_all(sources, wants))
    } else {
        stack::with_thread_pool(0, || check_all(sources, wants))
    }
}

fn check_all(sources: &[Source], wants: Collect) -> Checked {
    let mut diags = Vec::new();
    let decls = Arc::new(collect(sources, &mut diags));
    let db = Arc::new(CheckDb::new(decls.clone(), wants == Collect::Facts));
    let built: Vec<CheckedModule> = par_map(sources, |source| build(&db, source.id));
    check_recursion(&decls, built.iter().map(|built| (built.code.id, &built.uses)), &mut diags);
    db.report_cycles(&mut diags);
    let mut program = Program { modules: decls.modules.iter().map(|_| None).collect() };
    let mut facts: Vec<Facts> = Vec::new();
    if wants == Collect::Facts {
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
    drop_noise(sources, &mut diags);
    sort_diags(&mut diags);
    Checked { program, diags, facts, decls, db }
}

/// By file and place, each once.
fn sort_diags(diags: &mut Vec<Diag>) {
    diags.sort_by_key(|diag| diag.span().map(|span| (span.file, span.start, span.end)));
    let mut seen = rustc_hash::FxHashSet::default();
    diags.retain(|diag| seen.insert(diag.clone()));
}

impl Checked {
    /// Checks an expression in the scope of a module.
    pub fn check_expr(&self, module: ModuleId, expr: &ast::Expr) -> CheckedExpr {
        stack::with_large_stack(|| {
            let query = query::check_expr(&self.db, module, expr);
            let mut diags = query.out.diags;
            let value = query.value.unwrap_or(hir::Expr { kind: hir::ExprKind::Error, span: expr.span });
            required_fields::check_expr(&self.decls, &bodies(&self.db), &value, &mut diags);
            sort_diags(&mut diags);
            CheckedExpr { value, ty: query.ty, slots: query.slots, diags }
        })
    }
}

/// Programs that are smaller than this are checked by one thread.
const PARALLEL_BYTES: usize = 512 << 10;
