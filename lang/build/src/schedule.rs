//! Distributes the output units of a module over threads.
//!
//! Each thread has an evaluator of its own and walks the module's fields down to the output units, which is cheap because objects
//! are lazy. Then the threads take chunks of units from a shared counter, and evaluate, write and validate them. The threads share
//! only the program and the counter. Their output is joined in the order of the module, so it does not depend on the number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_base::{Diag, stack};
use forge_emit::documents;
use forge_emit::walk::{NoTrace, Walker};
use forge_emit::yaml::Yaml;
use forge_eval::{Bump, ErrorId, Eval, Evaluator, Value};
use rustc_hash::FxHashSet;

use crate::output::{BuildTarget, ModuleOutput, OutputPart};
use crate::unit::{OutputUnit, output_units};
use crate::validate::{Collected, Validator, violations};

/// How many units a thread takes at once.
const CHUNK_SIZE: usize = 32;
/// The number of units from which a second thread is worth its startup cost.
const PARALLEL_FROM: usize = 128;

/// Builds a module.
pub fn build(target: BuildTarget<'_>) -> ModuleOutput {
    let arena = Bump::new();
    let eval = new_evaluator(target, &arena);
    let mut diags = Vec::new();
    let units = output_units(&eval, target.module, &mut diags);
    if !diags.is_empty() || target.jobs == 1 || units.len() < PARALLEL_FROM {
        return build_sequentially(target, &eval, &units, diags);
    }
    if let Some(written) = build_in_parallel(target, &eval, &units).filter(|_| !eval.has_warnings()) {
        return assemble(target, &eval, &units, written);
    }
    // The text of a diagnostic may depend on what was evaluated before it: a sequential run always reports the same ones.
    let arena = Bump::new();
    let eval = new_evaluator(target, &arena);
    let units = output_units(&eval, target.module, &mut diags);
    build_sequentially(target, &eval, &units, diags)
}

fn new_evaluator<'a>(target: BuildTarget<'a>, arena: &'a Bump) -> Evaluator<'a> {
    Evaluator::new(arena, target.program, target.files, target.options)
}

/// Writes all units with several threads; `None` if any of them fails.
fn build_in_parallel<'a>(
    target: BuildTarget<'_>,
    eval: &Evaluator<'a>,
    units: &[OutputUnit<'a>],
) -> Option<Vec<Written>> {
    // Not computed earlier, since finding out the number of cores reads several files.
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = if target.jobs == 0 { cores() } else { target.jobs };
    let next = AtomicUsize::new(0);
    let mut chunks = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (1..jobs).filter_map(|_| stack::spawn_scoped(scope, || run_worker(target, jobs, &next)).ok()).collect();
        eval.split_memory(jobs);
        let mut chunks = write_chunks(target, eval, units, &next);
        for worker in workers {
            chunks.extend(worker.join().unwrap_or_default());
        }
        chunks
    });
    chunks.sort_by_key(|chunk| chunk.index);
    let is_complete = chunks.len() == units.len().div_ceil(CHUNK_SIZE);
    is_complete.then(|| chunks.into_iter().map(|chunk| chunk.written).collect::<Option<_>>()).flatten()
}

fn build_sequentially<'a>(
    target: BuildTarget<'_>,
    eval: &Evaluator<'a>,
    units: &[OutputUnit<'a>],
    mut diags: Vec<Diag>,
) -> ModuleOutput {
    let mut all = Vec::new();
    let mut failed = false;
    let mut validator = Validator::new(target.program, target.rules);
    for (index, chunk) in units.chunks(CHUNK_SIZE).enumerate() {
        match write_units(&mut validator, eval, chunk, index * CHUNK_SIZE) {
            Ok(written) => all.push(written),
            Err(errors) => {
                failed = true;
                errors.into_iter().for_each(|error| diags.extend(eval.diags(error)));
            }
        }
    }
    diags.extend(eval.take_warnings());
    let mut known = FxHashSet::default();
    diags.retain(|diag| known.insert(diag.clone()));
    let output = if failed { ModuleOutput::default() } else { assemble(target, eval, units, all) };
    ModuleOutput { diags, units: units.len(), ..output }
}

/// The output of consecutive units.
#[derive(Default)]
struct Written {
    parts: Vec<OutputPart>,
    collected: Collected,
}

/// Joins the output of all chunks, which are in the order of the module, and validates the resources together.
fn assemble<'a>(
    target: BuildTarget<'_>,
    eval: &Evaluator<'a>,
    units: &[OutputUnit<'a>],
    chunks: Vec<Written>,
) -> ModuleOutput {
    let (parts, collected): (Vec<Vec<OutputPart>>, Vec<Collected>) =
        chunks.into_iter().map(|written| (written.parts, written.collected)).unzip();
    let resources = collected.iter().map(Collected::resources).sum();
    let violations = violations(eval, target.module, units, collected);
    let parts = parts.into_iter().flatten().collect();
    ModuleOutput { parts, units: units.len(), resources, diags: Vec::new(), violations }
}

/// Consecutive units that one thread has processed.
struct Chunk {
    index: usize,
    /// `None` if a unit failed or has warnings.
    written: Option<Written>,
}

fn run_worker(target: BuildTarget<'_>, jobs: usize, next: &AtomicUsize) -> Vec<Chunk> {
    let arena = Bump::new();
    let eval = new_evaluator(target, &arena);
    eval.split_memory(jobs);
    let units = output_units(&eval, target.module, &mut Vec::new());
    write_chunks(target, &eval, &units, next)
}

/// Takes chunks from the counter `next` until there are no more.
fn write_chunks<'a>(
    target: BuildTarget<'_>,
    eval: &Evaluator<'a>,
    units: &[OutputUnit<'a>],
    next: &AtomicUsize,
) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut validator = Validator::new(target.program, target.rules);
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(chunk) = units.chunks(CHUNK_SIZE).nth(index) else { return chunks };
        let written = write_units(&mut validator, eval, chunk, index * CHUNK_SIZE).ok();
        chunks.push(Chunk { index, written: written.filter(|_| !eval.has_warnings()) });
    }
}

/// Writes and validates consecutive units; `first` is the index of the first of them.
fn write_units<'a>(
    validator: &mut Validator,
    eval: &Evaluator<'a>,
    units: &[OutputUnit<'a>],
    first: usize,
) -> Result<Written, Vec<ErrorId>> {
    let mut all = Written::default();
    let mut errors = Vec::new();
    let mut yaml = Yaml::new();
    for (index, unit) in (first..).zip(units) {
        let written = match unit {
            OutputUnit::Resource(value) => {
                yaml.begin_document();
                Walker::new(eval, &mut yaml, &mut NoTrace).value(*value, None)
            }
            OutputUnit::File { path, content, .. } => {
                end_documents(&mut yaml, &mut all.parts);
                let text = file_text(eval, *content);
                text.map(|text| all.parts.push(OutputPart::File { path: (*path).to_owned(), text }))
            }
        };
        let validated = written.and_then(|()| all.collected.validate(eval, validator, index, *unit));
        errors.extend(validated.err());
    }
    end_documents(&mut yaml, &mut all.parts);
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// Moves the documents that were written so far to the output.
fn end_documents(yaml: &mut Yaml, parts: &mut Vec<OutputPart>) {
    if !yaml.is_empty() {
        parts.push(OutputPart::Documents(std::mem::take(yaml).finish()));
    }
}

/// The content of a file: a string as it is, a list as YAML documents, any other value as one document.
fn file_text<'a>(eval: &Evaluator<'a>, content: Value<'a>) -> Eval<String> {
    match content {
        Value::Str(text) => Ok(text.to_owned()),
        Value::List(items) => documents::documents(eval, items, None),
        value => documents::documents(eval, &[value], None),
    }
}
