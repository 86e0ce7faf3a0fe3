//! Distributes the output of a module over threads.
//!
//! A chunk is one tree of files, or consecutive resources of the stream. The first thread finds the output units, whose content it need
//! not compute for that, and writes the first two chunks. They show how much work the rest is, and how much of the work every further
//! thread would repeat: an evaluator shares no values with others. Threads are added as long as that is a small part of the whole. They
//! take chunks from a counter; their output is joined in the order of the module, so it does not depend on the number of threads.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use forge_base::{Diag, stack};
use forge_emit::walk::{NoTrace, Walker};
use forge_emit::yaml::Yaml;
use forge_eval::{Bump, ErrorId, Eval, Evaluator, Object};
use rustc_hash::FxHashSet;

use crate::content::{FileContent, comment_text, file_content};
use crate::output::{BuildTarget, ModuleOutput, OutputPart};
use crate::unit::{OutputUnit, each_file, output_units};
use crate::validate::{Collected, ResourceIndex, Validator, violations};

/// How many resources of the stream a chunk has at most.
const CHUNK_SIZE: usize = 32;
/// The number of chunks that the first thread writes alone.
const PROBES: usize = 2;
/// The number of steps from which a second thread is worth its startup cost.
const MIN_PARALLEL_STEPS: u64 = 20_000;
/// Threads repeat at most this part of the work.
const MAX_REPEATED: u64 = 12;

/// Builds a module.
pub fn build(target: BuildTarget<'_>) -> ModuleOutput {
    let arena = Bump::new();
    let eval = new_evaluator(target, &arena);
    let mut run = Run::new(target, &eval);
    let threads = run.probe();
    if threads < 2 {
        return run.finish();
    }
    if let Some(written) = run.write_in_parallel(threads).filter(|_| !eval.has_warnings()) {
        return run.assemble(written);
    }
    // The text of a diagnostic may depend on what was evaluated before it: a sequential run always reports the same ones.
    let arena = Bump::new();
    let eval = new_evaluator(target, &arena);
    Run::new(target, &eval).finish()
}

fn new_evaluator<'a>(target: BuildTarget<'a>, arena: &'a Bump) -> Evaluator<'a> {
    Evaluator::new(arena, target.program, target.files, target.options)
}

/// The output of a chunk.
#[derive(Default)]
pub(crate) struct Written {
    parts: Vec<OutputPart>,
    collected: Collected,
}

/// The chunks of a list of units: consecutive resources, or one tree.
fn chunks(units: &[OutputUnit<'_>]) -> Vec<Range<usize>> {
    let mut chunks: Vec<Range<usize>> = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let is_resource = |index: usize| matches!(units[index], OutputUnit::Resource(_));
        match chunks.last_mut() {
            Some(chunk)
                if matches!(unit, OutputUnit::Resource(_)) && chunk.len() < CHUNK_SIZE && is_resource(chunk.start) =>
            {
                chunk.end = index + 1;
            }
            _ => chunks.push(index..index + 1),
        }
    }
    chunks
}

/// A build by one thread, which others may join.
struct Run<'r, 'a> {
    target: BuildTarget<'r>,
    eval: &'r Evaluator<'a>,
    units: Vec<OutputUnit<'a>>,
    chunks: Vec<Range<usize>>,
    validator: Validator,
    /// The output of the first chunks.
    written: Vec<Written>,
    /// How many chunks this thread has processed, failed ones included.
    processed: usize,
    has_failed: bool,
    diags: Vec<Diag>,
}

impl<'r, 'a> Run<'r, 'a> {
    fn new(target: BuildTarget<'r>, eval: &'r Evaluator<'a>) -> Run<'r, 'a> {
        let mut diags = Vec::new();
        let units = output_units(eval, target.module, &mut diags);
        let chunks = chunks(&units);
        let validator = Validator::new(target.program, target.rules);
        let has_failed = false;
        Run { target, eval, units, chunks, validator, written: Vec::new(), processed: 0, has_failed, diags }
    }

    /// Writes the next chunk.
    fn advance(&mut self) {
        let Some(chunk) = self.chunks.get(self.processed).cloned() else { return };
        self.processed += 1;
        match write_units(&mut self.validator, self.eval, &self.units, chunk) {
            Ok(written) => self.written.push(written),
            Err(errors) => {
                self.has_failed = true;
                errors.into_iter().for_each(|error| self.diags.extend(self.eval.diags(error)));
            }
        }
    }

    /// Writes the first chunks, and says how many threads should write the rest.
    fn probe(&mut self) -> usize {
        if self.target.jobs == 1 || !self.diags.is_empty() || self.chunks.len() <= PROBES {
            return 1;
        }
        let found = self.eval.steps();
        self.advance();
        let first = self.eval.steps() - found;
        self.advance();
        let second = self.eval.steps() - found - first;
        if self.has_failed || self.eval.has_warnings() {
            return 1;
        }
        let left = self.chunks.len() - PROBES;
        let work = second.saturating_mul(left as u64);
        if work < MIN_PARALLEL_STEPS {
            return 1;
        }
        // What another thread repeats: finding the units, and the values that the chunks share.
        let repeated = found + first.saturating_sub(second) + 1;
        let affordable = 1 + work / MAX_REPEATED / repeated;
        // Not computed earlier, since finding out the number of cores reads several files.
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = if self.target.jobs == 0 { cores() } else { self.target.jobs };
        jobs.min(left).min(usize::try_from(affordable).unwrap_or(usize::MAX))
    }

    /// Writes the remaining chunks, one after the other.
    fn finish(mut self) -> ModuleOutput {
        while self.processed < self.chunks.len() {
            self.advance();
        }
        let mut known = FxHashSet::default();
        let mut diags = std::mem::take(&mut self.diags);
        diags.extend(self.eval.take_warnings());
        diags.retain(|diag| known.insert(diag.clone()));
        let units = self.units.len();
        if self.has_failed {
            return ModuleOutput { units, diags, ..ModuleOutput::default() };
        }
        ModuleOutput { diags, ..self.assemble(Vec::new()) }
    }

    /// Writes the remaining chunks with several threads; `None` if any of them fails.
    fn write_in_parallel(&mut self, threads: usize) -> Option<Vec<Written>> {
        let next = AtomicUsize::new(PROBES);
        let pool = Arc::new(AtomicUsize::new(0));
        self.eval.share_memory(&pool);
        let (target, units, ranges) = (self.target, self.units.as_slice(), self.chunks.as_slice());
        let (eval, validator) = (self.eval, &mut self.validator);
        let mut chunks = std::thread::scope(|scope| {
            let work = || run_worker(target, &pool, &next);
            let workers: Vec<_> = (1..threads).filter_map(|_| stack::spawn_scoped(scope, work).ok()).collect();
            let mut chunks = write_chunks(validator, eval, units, ranges, &next);
            for worker in workers {
                chunks.extend(worker.join().unwrap_or_default());
            }
            chunks
        });
        chunks.sort_by_key(|chunk| chunk.index);
        let is_complete = chunks.len() == self.chunks.len() - PROBES;
        is_complete.then(|| chunks.into_iter().map(|chunk| chunk.written).collect::<Option<_>>()).flatten()
    }

    /// Joins the output of all chunks and reports violations. `rest` is the output of the chunks that other threads wrote.
    fn assemble(self, rest: Vec<Written>) -> ModuleOutput {
        let all = self.written.into_iter().chain(rest);
        let (parts, collected): (Vec<Vec<OutputPart>>, Vec<Collected>) =
            all.map(|written| (written.parts, written.collected)).unzip();
        let resources = collected.iter().map(Collected::resources).sum();
        let violations = violations(self.eval, self.target.module, &self.units, collected);
        let parts = parts.into_iter().flatten().collect();
        ModuleOutput { parts, units: self.units.len(), resources, diags: Vec::new(), violations }
    }
}

/// A chunk that one thread has processed.
struct Chunk {
    index: usize,
    /// `None` if a unit failed or has warnings.
    written: Option<Written>,
}

fn run_worker(target: BuildTarget<'_>, pool: &Arc<AtomicUsize>, next: &AtomicUsize) -> Vec<Chunk> {
    let arena = Bump::new();
    let eval = new_evaluator(target, &arena);
    eval.share_memory(pool);
    let units = output_units(&eval, target.module, &mut Vec::new());
    let mut validator = Validator::new(target.program, target.rules);
    write_chunks(&mut validator, &eval, &units, &chunks(&units), next)
}

/// Takes chunks from the counter `next` until there are no more.
fn write_chunks<'a>(
    validator: &mut Validator,
    eval: &Evaluator<'a>,
    units: &[OutputUnit<'a>],
    ranges: &[Range<usize>],
    next: &AtomicUsize,
) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(range) = ranges.get(index) else { return chunks };
        let written = write_units(validator, eval, units, range.clone()).ok().filter(|_| !eval.has_warnings());
        let failed = written.is_none();
        chunks.push(Chunk { index, written });
        if failed {
            // The build is repeated by one thread: no other needs to go on.
            next.store(ranges.len(), Ordering::Relaxed);
        }
    }
}

/// Writes and validates the units of a chunk.
fn write_units<'a>(
    validator: &mut Validator,
    eval: &Evaluator<'a>,
    units: &[OutputUnit<'a>],
    chunk: Range<usize>,
) -> Result<Written, Vec<ErrorId>> {
    let mut all = Written::default();
    let mut errors = Vec::new();
    let mut yaml = Yaml::new();
    for unit in chunk {
        let written = match units[unit] {
            OutputUnit::Resource(value) => {
                yaml.begin_document();
                Walker::new(eval, &mut yaml, &mut NoTrace)
                    .value(value, None)
                    .and_then(|()| all.collected.validate(eval, validator, ResourceIndex::of_unit(unit), None, value))
            }
            OutputUnit::Tree(tree) => write_tree(validator, eval, unit, tree, &mut all, &mut errors),
        };
        errors.extend(written.err());
    }
    if !yaml.is_empty() {
        all.parts.push(OutputPart::Documents(yaml.finish()));
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// Writes and validates the files of a tree, which is a chunk of its own.
fn write_tree<'a>(
    validator: &mut Validator,
    eval: &Evaluator<'a>,
    unit: usize,
    tree: &'a Object<'a>,
    all: &mut Written,
    errors: &mut Vec<ErrorId>,
) -> Eval<()> {
    each_file(eval, tree, |file, path, value| {
        let written = file_content(eval, path, value).and_then(|content| {
            let (comment, values) = match content {
                FileContent::Nothing => return Ok(()),
                FileContent::Text { comment, text } => {
                    let text = comment_text(comment) + text;
                    all.parts.push(OutputPart::File { path: path.to_owned(), text });
                    return Ok(());
                }
                FileContent::Documents { comment, values } => (comment, values),
            };
            let text = forge_emit::documents::documents(eval, &values, None)?;
            let text = if comment.is_some() { comment_text(comment) + &text } else { text };
            all.parts.push(OutputPart::File { path: path.to_owned(), text });
            for (item, value) in values.iter().enumerate() {
                all.collected.validate(eval, validator, ResourceIndex { unit, file, item }, Some(path), *value)?;
            }
            Ok(())
        });
        // The files after one that fails are computed as well, so that all errors are reported.
        errors.extend(written.err());
        Ok(())
    })?;
    all.collected.finish_tree();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use forge_eval::Value;

    #[test]
    fn a_chunk_is_a_tree_or_a_run_of_resources() {
        let resource = OutputUnit::Resource(Value::Null);
        let units = vec![resource; CHUNK_SIZE + 2];
        assert_eq!(chunks(&units), [0..CHUNK_SIZE, CHUNK_SIZE..CHUNK_SIZE + 2]);
        assert!(chunks(&[]).is_empty());
    }
}
