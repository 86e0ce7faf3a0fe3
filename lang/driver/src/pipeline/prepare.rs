//! What all commands that evaluate do first: find the module, load, check, read inputs.

use std::sync::Arc;

use forge_base::{Diag, World};
use forge_check::{ModuleId, Program};

use crate::evaluate::Machine;
use crate::input::{Inputs, read_inputs};
use crate::load::Loaded;
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;

/// A program that can be evaluated.
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
    /// What runs it.
    pub(crate) fn machine<'m>(&'m self, world: &'m Arc<dyn World>) -> Machine<'m> {
        Machine::new(&self.program, &self.loaded, world, &self.inputs, &self.limits)
    }

    /// An outcome with the warnings and more.
    pub(crate) fn outcome(self, diags: Vec<Diag>, output: String) -> Outcome {
        let mut all = self.diags;
        all.extend(diags);
        Outcome { files: self.loaded.files, diags: all, output, summary: None }
    }
}

/// What is evaluated, and how.
pub(crate) struct Request<'a> {
    pub(crate) target: &'a str,
    pub(crate) inputs: &'a [(String, String)],
    pub(crate) limits: &'a Limits,
}

/// Gets a module ready, or says why it cannot be evaluated.
pub(crate) fn prepare(session: &mut Session, request: &Request) -> Result<Prepared, Box<Outcome>> {
    let module = session
        .find_module(request.target)
        .map_err(|diag| Box::new(Outcome::failed(session.files().clone(), *diag)))?;
    let mut loaded = session.load_lean(&[module]);
    let mut checked = loaded.check();
    if checked.diags.iter().any(|diag| diag.is_error() || loaded.is_about_slices(diag)) {
        loaded = session.load(&[module]);
        checked = loaded.check();
    }
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
