//! The first part of all commands that evaluate: find the module, load it, check it, and read inputs.

use std::sync::Arc;

use forge_base::{Code, Diag, World};
use forge_check::{Checked, ModuleId, Program};

use crate::evaluate::EvalContext;
use crate::input::{InputSource, Inputs, read_inputs};
use crate::load::Loaded;
use crate::pipeline::{Limits, Outcome};
use crate::session::{Loading, Session};

/// A program that is ready to be evaluated.
pub(crate) struct Prepared {
    pub(crate) loaded: Loaded,
    pub(crate) program: Program,
    /// The module that was asked for.
    pub(crate) module: ModuleId,
    pub(crate) inputs: Inputs,
    pub(crate) limits: Limits,
    /// Warnings of the check.
    pub(crate) diags: Vec<Diag>,
}

impl Prepared {
    /// The context that evaluates it.
    pub(crate) fn eval_context<'m>(&'m self, world: &'m Arc<dyn World>) -> EvalContext<'m> {
        EvalContext::new(&self.program, &self.loaded, world, &self.inputs, &self.limits)
    }

    /// An outcome with the warnings of the check and further diagnostics.
    pub(crate) fn outcome(self, session: &Session, diags: Vec<Diag>, output: String) -> Outcome {
        let outcome = Outcome { files: self.loaded.files, diags: self.diags, output, summary: None };
        outcome.with_diags(session, diags)
    }
}

/// What is evaluated, and with which inputs and limits.
pub(crate) struct Request<'a> {
    pub(crate) target: &'a str,
    pub(crate) inputs: &'a [InputSource],
    pub(crate) limits: &'a Limits,
}

/// Prepares a module, or returns the outcome that reports why it cannot be evaluated. Loads only what a program without errors needs.
pub(crate) fn prepare(session: &mut Session, request: &Request) -> Result<Prepared, Box<Outcome>> {
    if session.loading == Loading::Whole {
        return prepare_full(session, request);
    }
    let module = find(session, request)?;
    let loaded = session.load_pruned(&[module]);
    let checked = loaded.check();
    if checked.diags.iter().any(|diag| diag.is_error() || loaded.mentions_pruned_file(diag)) {
        return prepare_full(session, request);
    }
    finish(session, request, module, loaded, checked)
}

/// Like [`prepare`], but loads everything in full, for commands that show locations in the standard library.
pub(crate) fn prepare_full(session: &mut Session, request: &Request) -> Result<Prepared, Box<Outcome>> {
    let module = find(session, request)?;
    let loaded = session.load(&[module]);
    let checked = loaded.check();
    finish(session, request, module, loaded, checked)
}

/// Prepares a module and runs `work` on it. If the evaluation reports something that may depend on what was left out, runs `work` again on
/// the program loaded in full.
pub(crate) fn evaluate<T>(
    session: &mut Session,
    request: &Request,
    work: impl Fn(&Session, &Prepared) -> (Vec<Diag>, T),
) -> Result<(Prepared, Vec<Diag>, T), Box<Outcome>> {
    let prepared = prepare(session, request)?;
    let (diags, result) = work(session, &prepared);
    let is_affected = |diag: &Diag| is_evaluation_error(diag.code) || prepared.loaded.mentions_pruned_file(diag);
    if prepared.loaded.is_whole() || !diags.iter().any(is_affected) {
        return Ok((prepared, diags, result));
    }
    let prepared = prepare_full(session, request)?;
    let (diags, result) = work(session, &prepared);
    Ok((prepared, diags, result))
}

/// Whether a code is one of the errors of an evaluation, whose notes may list fields. Exhausted limits list nothing.
fn is_evaluation_error(code: Code) -> bool {
    let is_limit = matches!(code, Code::BUDGET_STEPS | Code::BUDGET_MEMORY | Code::TOO_DEEP_EVALUATION);
    (Code::REFINEMENT_FAILED..=Code::SNAPSHOT_CHANGED).contains(&code) && !is_limit
}

fn find(session: &mut Session, request: &Request) -> Result<ModuleId, Box<Outcome>> {
    let found = session.find_module(request.target);
    found.map_err(|diag| Box::new(Outcome::failed(session.files().clone(), *diag)))
}

fn finish(
    session: &mut Session,
    request: &Request,
    module: ModuleId,
    loaded: Loaded,
    mut checked: Checked,
) -> Result<Prepared, Box<Outcome>> {
    let mut diags = std::mem::take(&mut checked.diags);
    let failed = |diags| Box::new(Outcome { files: loaded.files.clone(), diags, ..Outcome::default() });
    let Some(Some(found)) = checked.program.modules.get(module.0 as usize) else {
        return Err(failed(diags));
    };
    if diags.iter().any(Diag::is_error) {
        return Err(failed(diags));
    }
    let inputs = match read_inputs(session, &checked.program, found, request.inputs) {
        Ok(inputs) => inputs,
        Err(wrong) => {
            diags.extend(wrong);
            return Err(failed(diags));
        }
    };
    let program = checked.program.clone();
    session.checked = Some(checked);
    Ok(Prepared { program, module, inputs, limits: request.limits.clone(), diags, loaded })
}
