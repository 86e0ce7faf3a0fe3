//! What of a module is written, and by how many threads.
//!
//! Each thread has an evaluator of its own and walks the module's fields down to the resources, which is cheap since objects
//! are lazy. Then the threads take the resources in turns of a few, evaluate and write them. Nothing is shared but the program
//! and a counter, and the texts are put together in the order of the module: the same bytes with any number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_base::{Code, Diag, Files, Name};
use forge_check::hir::{GlobalKind, Program};
use forge_check::{GlobalId, ModuleId};
use forge_eval::{Bump, Eval, Evaluator, Options, Raised, STACK_BYTES, Value};

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
    /// The most threads.
    pub jobs: usize,
}

/// What a build gives.
#[derive(Default, Debug)]
pub struct Built {
    /// The documents of the stream and the files, in the order of the module.
    pub parts: Vec<Part>,
    /// What went wrong. With errors the parts are not whole and must not be used.
    pub diags: Vec<Diag>,
}

/// A piece of output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// YAML documents of the stream, separated by `---` lines.
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
    /// A file of a tree.
    File(&'a str, Value<'a>),
}

/// Builds a module.
pub fn build(target: Target<'_>) -> Built {
    let arena = Bump::new();
    let eval = Evaluator::new(&arena, target.program, target.files, target.options);
    let mut diags = Vec::new();
    let roots = roots(&eval, target.module, &mut diags);
    if !diags.is_empty() || target.jobs < 2 || roots.len() < PARALLEL_FROM {
        return alone(&eval, &roots, diags);
    }
    let next = AtomicUsize::new(0);
    let mut turns = std::thread::scope(|scope| {
        let others: Vec<_> = (1..target.jobs)
            .filter_map(|_| {
                let builder = std::thread::Builder::new().stack_size(STACK_BYTES);
                builder.spawn_scoped(scope, || other_thread(target, &next)).ok()
            })
            .collect();
        let mut turns = take_turns(&eval, &roots, &next);
        for other in others {
            turns.extend(other.join().unwrap_or_default());
        }
        turns
    });
    turns.sort_by_key(|turn| turn.index);
    if turns.len() == roots.len().div_ceil(TURN) && turns.iter().all(|turn| turn.parts.is_ok()) {
        let parts = turns.into_iter().flat_map(|turn| turn.parts.unwrap_or_default()).collect();
        return Built { parts: joined(parts), diags };
    }
    // What an error says may depend on what was read before: one thread alone says it, always in the same order.
    let arena = Bump::new();
    let eval = Evaluator::new(&arena, target.program, target.files, target.options);
    let roots = self::roots(&eval, target.module, &mut diags);
    alone(&eval, &roots, diags)
}

fn alone<'a>(eval: &Evaluator<'a>, roots: &[Root<'a>], mut diags: Vec<Diag>) -> Built {
    let mut parts = Vec::new();
    for chunk in roots.chunks(TURN) {
        match write_all(eval, chunk) {
            Ok(written) => parts.extend(written),
            Err(errors) => errors.into_iter().for_each(|error| diags.extend(eval.diags(error))),
        }
    }
    let mut seen = std::collections::HashSet::new();
    diags.retain(|diag| seen.insert(diag.clone()));
    Built { parts: joined(parts), diags }
}

/// Some roots, written by one thread.
struct Turn {
    index: usize,
    parts: Result<Vec<Part>, ()>,
}

fn other_thread(target: Target<'_>, next: &AtomicUsize) -> Vec<Turn> {
    let arena = Bump::new();
    let eval = Evaluator::new(&arena, target.program, target.files, target.options);
    let roots = roots(&eval, target.module, &mut Vec::new());
    take_turns(&eval, &roots, next)
}

fn take_turns<'a>(eval: &Evaluator<'a>, roots: &[Root<'a>], next: &AtomicUsize) -> Vec<Turn> {
    let mut turns = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(chunk) = roots.chunks(TURN).nth(index) else { return turns };
        turns.push(Turn { index, parts: write_all(eval, chunk).map_err(|_| ()) });
    }
}

fn write_all<'a>(eval: &Evaluator<'a>, roots: &[Root<'a>]) -> Result<Vec<Part>, Vec<Raised>> {
    let mut parts = Vec::new();
    let mut errors = Vec::new();
    let mut yaml = Yaml::new();
    let mut count = 0;
    for root in roots {
        match root {
            Root::Resource(value) => {
                yaml.document(count > 0);
                match Walker::new(eval, &mut yaml, &mut NoTrace).value(*value, None) {
                    Ok(()) => count += 1,
                    Err(raised) => errors.push(raised),
                }
            }
            Root::File(path, value) => {
                if count > 0 {
                    parts.push(Part::Documents(std::mem::take(&mut yaml).finish()));
                    count = 0;
                }
                match file_text(eval, *value) {
                    Ok(text) => parts.push(Part::File { path: (*path).to_owned(), text }),
                    Err(raised) => errors.push(raised),
                }
            }
        }
    }
    if count > 0 {
        parts.push(Part::Documents(yaml.finish()));
    }
    if errors.is_empty() { Ok(parts) } else { Err(errors) }
}

/// What a file of a tree holds: text as it is, a list as YAML documents, anything else as one.
fn file_text<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Eval<String> {
    if let Value::Str(text) = value {
        return Ok(text.to_owned());
    }
    let mut yaml = Yaml::new();
    match value {
        Value::List(items) => {
            for (i, item) in items.iter().enumerate() {
                yaml.document(i > 0);
                Walker::new(eval, &mut yaml, &mut NoTrace).value(*item, None)?;
            }
        }
        value => {
            yaml.document(false);
            Walker::new(eval, &mut yaml, &mut NoTrace).value(value, None)?;
        }
    }
    Ok(yaml.finish())
}

/// Puts neighboring document texts together.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut result: Vec<Part> = Vec::with_capacity(parts.len());
    let mut streams = 0;
    for part in parts {
        if let Part::Documents(text) = part {
            streams += 1;
            let text = if streams > 1 { format!("---\n{text}") } else { text };
            result.push(Part::Documents(text));
        } else {
            result.push(part);
        }
    }
    result
}

/// Everything that a module writes, in order. Errors met on the way are added to `diags`.
pub fn roots<'a>(eval: &Evaluator<'a>, module: ModuleId, diags: &mut Vec<Diag>) -> Vec<Root<'a>> {
    let mut roots = Vec::new();
    let declared = eval.program.module(module);
    for (index, global) in declared.globals.iter().enumerate() {
        if global.kind != GlobalKind::Field || global.name.is_private() {
            continue;
        }
        let id = GlobalId { module, index: index as u32 };
        let before = roots.len();
        match eval.global(id).and_then(|value| find(eval, value, &mut roots, 0)) {
            Ok(()) if roots.len() == before => diags.push(not_emittable(global.name, global.span)),
            Ok(()) => {}
            Err(raised) => diags.extend(eval.diags(raised)),
        }
    }
    roots
}

fn not_emittable(name: Name, span: forge_base::Span) -> Diag {
    Diag::error(Code::NOT_EMITTABLE, format!("`{name}` holds nothing that a build writes"))
        .at(span, "neither a Kubernetes resource nor a file, nor anything that holds one")
        .help(format!("write `let {name} = …` for a value that only helps others, or `_{name}` to keep it private"))
}

/// How deeply values are searched for resources.
const SEARCH_DEPTH: u32 = 500;

fn find<'a>(eval: &Evaluator<'a>, value: Value<'a>, roots: &mut Vec<Root<'a>>, depth: u32) -> Eval<()> {
    if depth > SEARCH_DEPTH {
        return Ok(());
    }
    match value {
        Value::List(items) => items.iter().try_for_each(|item| find(eval, *item, roots, depth + 1)),
        Value::Map(map) => {
            for (place, entry) in eval.entries(map)?.iter().enumerate() {
                if !matches!(entry.key, forge_eval::Key::Str(key) if key.starts_with('_')) {
                    find(eval, eval.entry(map, place)?, roots, depth + 1)?;
                }
            }
            Ok(())
        }
        Value::Object(object) => {
            if object.schema.is_resource {
                roots.push(Root::Resource(value));
                return Ok(());
            }
            if object.schema.is_tree {
                return find_files(eval, value, roots);
            }
            for (field, value) in eval.fields(object) {
                let value = value?;
                if !field.name.is_private() {
                    find(eval, value, roots, depth + 1)?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn find_files<'a>(eval: &Evaluator<'a>, tree: Value<'a>, roots: &mut Vec<Root<'a>>) -> Eval<()> {
    let Value::Object(object) = tree else { return Ok(()) };
    let Some(field) = object.schema.field_index(Name::new("files")) else { return Ok(()) };
    let Value::Map(map) = eval.field(object, field)? else { return Ok(()) };
    for (place, entry) in eval.entries(map)?.iter().enumerate() {
        let value = eval.entry(map, place)?;
        if let forge_eval::Key::Str(path) = entry.key {
            roots.push(Root::File(path, value));
        }
    }
    Ok(())
}
