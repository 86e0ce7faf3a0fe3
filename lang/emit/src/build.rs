//! What of a module is written, and by how many threads.
//!
//! Each thread has an evaluator of its own and walks the module's fields down to the resources, which is cheap since objects
//! are lazy. Then the threads take the resources in turns of a few, evaluate and write them. Nothing is shared but the program
//! and a counter, and the texts are put together in the order of the module: the same bytes with any number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_base::stack::FULL_BYTES;
use forge_base::{Code, Diag, Files, Name, Span};
use forge_check::hir::{GlobalKind, Program};
use forge_check::{GlobalId, ModuleId};
use forge_eval::{Bump, Eval, Evaluator, Object, Options, Raised, Value};
use forge_kube::Version;

use crate::documents;
use crate::locate;
use crate::verify::{Found, Judge, Seen, report};
use crate::walk::{NoTrace, Walker};
use crate::yaml::Yaml;

/// How many resources a thread takes at once.
const TURN: usize = 32;
/// From this many resources on a second thread is worth its start.
const PARALLEL_FROM: usize = 128;

/// What is built, and out of what.
#[derive(Clone, Copy)]
pub struct Target<'t> {
    /// The checked program.
    pub program: &'t Program,
    /// The texts, for messages.
    pub files: &'t Files,
    /// Limits and inputs.
    pub options: &'t Options<'t>,
    /// The module.
    pub module: ModuleId,
    /// The most threads; 0 means as many as there are cores.
    pub jobs: usize,
    /// The Kubernetes version by whose rules the resources are looked at; none if they are not.
    pub rules: Option<Version>,
}

/// What a build gives.
#[derive(Default, Debug)]
pub struct Built {
    /// The documents of the stream and the files, in the order of the module.
    pub parts: Vec<Part>,
    /// What went wrong. With errors the parts are not whole and must not be used.
    pub diags: Vec<Diag>,
    /// What the rules of Kubernetes have to say; empty where something went wrong before.
    pub found: Vec<Found>,
}

/// A piece of output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// YAML documents of the stream, some of those that stand side by side. [`documents::append`] puts them together.
    Documents(String),
    /// A file of a `std.output.Tree`.
    File {
        /// Its path below the output folder, as written.
        path: String,
        /// What it holds.
        text: String,
    },
}

/// Something to write.
#[derive(Clone, Copy)]
pub enum Root<'a> {
    /// A resource of the stream.
    Resource(Value<'a>),
    /// A file of a tree: its path, what it holds, and which of the trees it is, from 1.
    File(&'a str, Value<'a>, u32),
}

/// Builds a module.
pub fn build(target: Target<'_>) -> Built {
    let arena = Bump::new();
    let eval = Evaluator::new(&arena, target.program, target.files, target.options);
    let mut diags = Vec::new();
    let roots = roots(&eval, target.module, &mut diags);
    if !diags.is_empty() || target.jobs == 1 || roots.len() < PARALLEL_FROM {
        return alone(target, &eval, &roots, diags);
    }
    // Only asked now, since the answer takes reading several files.
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = if target.jobs == 0 { cores() } else { target.jobs };
    let next = AtomicUsize::new(0);
    let mut turns = std::thread::scope(|scope| {
        let others: Vec<_> = (1..jobs)
            .filter_map(|_| {
                let builder = std::thread::Builder::new().stack_size(FULL_BYTES);
                builder.spawn_scoped(scope, || other_thread(target, jobs, &next)).ok()
            })
            .collect();
        eval.share(jobs);
        let mut turns = take_turns(target, &eval, &roots, &next);
        for other in others {
            turns.extend(other.join().unwrap_or_default());
        }
        turns
    });
    turns.sort_by_key(|turn| turn.index);
    if turns.len() == roots.len().div_ceil(TURN) && turns.iter().all(|turn| turn.written.is_ok()) {
        let written = turns.into_iter().filter_map(|turn| turn.written.ok());
        return put_together(target, &eval, &roots, written.collect());
    }
    // What an error says may depend on what was read before: one thread alone says it, always in the same order.
    let arena = Bump::new();
    let eval = Evaluator::new(&arena, target.program, target.files, target.options);
    let roots = self::roots(&eval, target.module, &mut diags);
    alone(target, &eval, &roots, diags)
}

fn alone<'a>(target: Target<'_>, eval: &Evaluator<'a>, roots: &[Root<'a>], mut diags: Vec<Diag>) -> Built {
    let mut all = Vec::new();
    let mut failed = false;
    let mut judge = Judge::new(target);
    for (index, chunk) in roots.chunks(TURN).enumerate() {
        match write_all(&mut judge, eval, chunk, index * TURN) {
            Ok(written) => all.push(written),
            Err(errors) => {
                failed = true;
                errors.into_iter().for_each(|error| diags.extend(eval.diags(error)));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    diags.retain(|diag| seen.insert(diag.clone()));
    let built = if failed { Built::default() } else { put_together(target, eval, roots, all) };
    Built { diags, ..built }
}

/// What became of some roots.
#[derive(Default)]
struct Written {
    parts: Vec<Part>,
    seen: Seen,
}

/// What all turns wrote, in the order of the module.
fn put_together<'a>(target: Target<'_>, eval: &Evaluator<'a>, roots: &[Root<'a>], all: Vec<Written>) -> Built {
    let (parts, seen): (Vec<Vec<Part>>, Vec<Seen>) =
        all.into_iter().map(|written| (written.parts, written.seen)).unzip();
    let found = report(eval, target.module, roots, seen);
    Built { parts: parts.into_iter().flatten().collect(), diags: Vec::new(), found }
}

/// Some roots, written by one thread.
struct Turn {
    index: usize,
    written: Result<Written, ()>,
}

fn other_thread(target: Target<'_>, jobs: usize, next: &AtomicUsize) -> Vec<Turn> {
    let arena = Bump::new();
    let eval = Evaluator::new(&arena, target.program, target.files, target.options);
    eval.share(jobs);
    let roots = roots(&eval, target.module, &mut Vec::new());
    take_turns(target, &eval, &roots, next)
}

fn take_turns<'a>(target: Target<'_>, eval: &Evaluator<'a>, roots: &[Root<'a>], next: &AtomicUsize) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut judge = Judge::new(target);
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(chunk) = roots.chunks(TURN).nth(index) else { return turns };
        turns.push(Turn { index, written: write_all(&mut judge, eval, chunk, index * TURN).map_err(|_| ()) });
    }
}

/// Writes some roots, the first of which is the `first` of all.
fn write_all<'a>(
    judge: &mut Judge,
    eval: &Evaluator<'a>,
    roots: &[Root<'a>],
    first: usize,
) -> Result<Written, Vec<Raised>> {
    let mut all = Written::default();
    let mut errors = Vec::new();
    let mut yaml = Yaml::new();
    let mut count = 0;
    for (index, root) in (first..).zip(roots) {
        let written = match root {
            Root::Resource(value) => {
                yaml.document(count > 0);
                count += 1;
                Walker::new(eval, &mut yaml, &mut NoTrace).value(*value, None)
            }
            Root::File(path, value, _) => {
                if count > 0 {
                    all.parts.push(Part::Documents(std::mem::take(&mut yaml).finish()));
                    count = 0;
                }
                file_text(eval, *value).map(|text| all.parts.push(Part::File { path: (*path).to_owned(), text }))
            }
        };
        let looked = written.and_then(|()| all.seen.look(eval, judge, index, *root));
        errors.extend(looked.err());
    }
    if count > 0 {
        all.parts.push(Part::Documents(yaml.finish()));
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// What a file of a tree holds: text as it is, a list as YAML documents, anything else as one.
fn file_text<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Eval<String> {
    match value {
        Value::Str(text) => Ok(text.to_owned()),
        Value::List(items) => documents::documents(eval, items, None),
        value => documents::documents(eval, &[value], None),
    }
}

/// Everything that a module writes, in order. Errors met on the way are added to `diags`.
pub fn roots<'a>(eval: &Evaluator<'a>, module: ModuleId, diags: &mut Vec<Diag>) -> Vec<Root<'a>> {
    let mut roots = Vec::new();
    search(eval, module, diags, Places::Unknown, &mut |root, _| roots.push(root));
    roots
}

/// For each root the places of the items that lead to it: of the module's field, and of fields and entries below it.
pub(crate) fn trails(eval: &Evaluator<'_>, module: ModuleId) -> Vec<Vec<Span>> {
    let mut found = Vec::new();
    search(eval, module, &mut Vec::new(), Places::OfFiles, &mut |_, trail| found.push(trail.to_vec()));
    found
}

/// The path of each file of a tree, in the order of the module, and the place of its entry. Only for messages: it takes time.
pub fn file_places(eval: &Evaluator<'_>, module: ModuleId) -> Vec<(String, Option<Span>)> {
    let mut found = Vec::new();
    search(eval, module, &mut Vec::new(), Places::OfFiles, &mut |root, trail| {
        if let Root::File(path, ..) = root {
            found.push((path.to_owned(), trail.last().copied()));
        }
    });
    found
}

/// What is told each root, with the places of the items that lead to it.
type Visit<'v, 'a> = dyn FnMut(Root<'a>, &[Span]) + 'v;

/// Whether the entries of trees are asked where they are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Places {
    Unknown,
    OfFiles,
}

fn search<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    diags: &mut Vec<Diag>,
    places: Places,
    visit: &mut Visit<'_, 'a>,
) {
    let declared = eval.program.module(module);
    let mut trees = 0;
    for (index, global) in declared.globals.iter().enumerate() {
        if global.kind != GlobalKind::Field || global.name.is_private() {
            continue;
        }
        let id = GlobalId { module, index: index as u32 };
        let mut count = 0;
        let mut counted = |root: Root<'a>, trail: &[Span]| {
            count += 1;
            visit(root, trail);
        };
        let mut search = Search { eval, trail: vec![global.span], trees, places, visit: &mut counted };
        let found = eval.global(id).and_then(|value| search.find(value));
        trees = search.trees;
        match found {
            Ok(()) if count == 0 => diags.push(not_emittable(global.name, global.span)),
            Ok(()) => {}
            Err(raised) => diags.extend(eval.diags(raised)),
        }
    }
}

fn not_emittable(name: Name, span: Span) -> Diag {
    Diag::error(Code::NOT_EMITTABLE, format!("`{name}` holds nothing that a build writes"))
        .at(span, "neither a Kubernetes resource nor a file, nor anything that holds one")
        .help(format!("write `let {name} = …` for a value that only helps others, or `_{name}` to keep it private; `forgec eval` prints all"))
}

/// How deeply values are searched for resources.
const SEARCH_DEPTH: usize = 500;

/// A search for what is written.
struct Search<'s, 'v, 'a> {
    eval: &'s Evaluator<'a>,
    /// The places of the items that lead to where the search is; as long as it is deep.
    trail: Vec<Span>,
    /// How many trees were met.
    trees: u32,
    places: Places,
    visit: &'s mut Visit<'v, 'a>,
}

impl<'a> Search<'_, '_, 'a> {
    fn below(&mut self, place: Option<Span>, value: Value<'a>) -> Eval<()> {
        let place = place.or(self.trail.last().copied());
        self.trail.extend(place);
        let found = self.find(value);
        self.trail.pop();
        found
    }

    fn find(&mut self, value: Value<'a>) -> Eval<()> {
        if self.trail.len() > SEARCH_DEPTH {
            return Ok(());
        }
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.below(None, *item)),
            Value::Map(map) => {
                for (place, entry) in self.eval.entries(map)?.iter().enumerate() {
                    if !matches!(entry.key, forge_eval::Key::Str(key) if key.starts_with('_')) {
                        let value = self.eval.entry(map, place)?;
                        self.below(None, value)?;
                    }
                }
                Ok(())
            }
            Value::Object(object) if object.schema.is_resource => {
                (self.visit)(Root::Resource(value), &self.trail);
                Ok(())
            }
            Value::Object(object) if object.schema.is_tree => self.files(object),
            Value::Object(object) => {
                for (field, value) in self.eval.fields(object) {
                    let value = value?;
                    if !field.name.is_private() {
                        self.below(Some(field.span), value)?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn files(&mut self, tree: &'a Object<'a>) -> Eval<()> {
        self.trees += 1;
        let Some(field) = tree.schema.field_index(Name::new("files")) else { return Ok(()) };
        let Value::Map(map) = self.eval.field(tree, field)? else { return Ok(()) };
        for (place, entry) in self.eval.entries(map)?.iter().enumerate() {
            let value = self.eval.entry(map, place)?;
            if let forge_eval::Key::Str(path) = entry.key {
                let own = match self.places {
                    Places::OfFiles => locate::last(&self.eval.entry_history(map, place)),
                    Places::Unknown => None,
                };
                self.trail.extend(own);
                (self.visit)(Root::File(path, value, self.trees), &self.trail);
                self.trail.truncate(self.trail.len() - usize::from(own.is_some()));
            }
        }
        Ok(())
    }
}
