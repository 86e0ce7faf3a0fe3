//! The first part of all commands that evaluate: find the module, load it, check it, and read inputs.

use std::sync::Arc;

use forge_base::{Diag, World};
use forge_check::{Checked, ModuleId, Program};

use crate::evaluate::EvalContext;
use crate::input::{Inputs, read_inputs};
use crate::load::Loaded;
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;

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
    pub(crate) fn outcome(self, diags: Vec<Diag>, output: String) -> Outcome {
        let mut all = self.diags;
        all.extend(diags);
        Outcome { files: self.loaded.files, diags: all, output, summary: None }
    }
}

/// What is evaluated, and with which inputs and limits.
pub(crate) struct Request<'a> {
    pub(crate) target: &'a str,
    pub(crate) inputs: &'a [(String, String)],
    pub(crate) limits: &'a Limits,
}

/// Prepares a module, or returns the outcome that reports why it cannot be evaluated. Loads only what a program without errors needs.
pub(crate) fn prepare(session: &mut Session, request: &Request) -> Result<Prepared, Box<Outcome>> {
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

/// Prepares a module and runs `work` on it. If a diagnostic points into a partial module, runs `work` again on the program loaded in full,
/// so that the location is the real one.
pub(crate) fn evaluate<T>(
    session: &mut Session,
    request: &Request,
    work: impl Fn(&Session, &Prepared) -> (Vec<Diag>, T),
) -> Result<(Prepared, Vec<Diag>, T), Box<Outcome>> {
    let prepared = prepare(session, request)?;
    let (diags, result) = work(session, &prepared);
    if !diags.iter().any(|diag| prepared.loaded.mentions_pruned_file(diag)) {
        return Ok((prepared, diags, result));
    }
    let prepared = prepare_full(session, request)?;
    let (diags, result) = work(session, &prepared);
    Ok((prepared, diags, result))
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
    let inputs = match read_inputs(&checked.program, found, request.inputs) {
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
