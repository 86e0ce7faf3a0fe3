//! Finds the output units of a module: resources of the stream, and trees of files.

use forge_base::{Code, Diag, Name, Span};
use forge_check::hir::GlobalKind;
use forge_check::{GlobalId, ModuleId};
use forge_eval::{Emitted, Eval, Evaluator, Key, Object, Value};

use crate::content::{FileContent, file_content};

/// Something that a build writes. Its content is not computed yet.
#[derive(Clone, Copy)]
pub(crate) enum OutputUnit<'a> {
    /// A resource of the stream.
    Resource(Value<'a>),
    /// The files of a tree.
    Tree(&'a Object<'a>),
}

/// The output units of a module, in order. Errors are added to `diags`.
pub(crate) fn output_units<'a>(eval: &Evaluator<'a>, module: ModuleId, diags: &mut Vec<Diag>) -> Vec<OutputUnit<'a>> {
    let mut units = Vec::new();
    search(eval, module, diags, &mut |unit, _| units.push(unit));
    units
}

/// For each output unit the spans of the items that lead to it: the module's field, and the fields and entries below it.
pub(crate) fn unit_spans(eval: &Evaluator<'_>, module: ModuleId) -> Vec<Vec<Span>> {
    let mut all = Vec::new();
    search(eval, module, &mut Vec::new(), &mut |_, spans| all.push(spans.to_vec()));
    all
}

/// The path of each file, in the order of the module, and the span of the entry that declares it. Slow: for messages only.
pub fn file_spans(eval: &Evaluator<'_>, module: ModuleId) -> Vec<(String, Option<Span>)> {
    let mut files = Vec::new();
    for unit in output_units(eval, module, &mut Vec::new()) {
        let OutputUnit::Tree(tree) = unit else { continue };
        // A tree that cannot be computed is reported elsewhere.
        _ = each_file(eval, tree, |index, path, _| {
            let span = eval.tree_files(tree)?.and_then(|files| eval.entry_setter(files, index));
            files.push((path.to_owned(), span));
            Ok(())
        });
    }
    files
}

/// Calls `visit` with the index, path and content of each file of a tree.
pub(crate) fn each_file<'a>(
    eval: &Evaluator<'a>,
    tree: &'a Object<'a>,
    mut visit: impl FnMut(usize, &'a str, Value<'a>) -> Eval<()>,
) -> Eval<()> {
    let Some(files) = eval.tree_files(tree)? else { return Ok(()) };
    for (index, entry) in eval.entries(files)?.iter().enumerate() {
        if let Key::Str(path) = entry.key {
            visit(index, path, eval.entry(files, index)?)?;
        }
    }
    Ok(())
}

/// The values that a build writes to one place, for commands that look at the output without writing it.
pub struct OutputValues<'a> {
    /// The path of the file; `None` for the stream.
    pub path: Option<&'a str>,
    /// The number of lines above the first document.
    pub comment_lines: usize,
    /// The documents.
    pub documents: Vec<Value<'a>>,
}

/// What a build of a module writes, in order. Errors are added to `diags`.
pub fn output_values<'a>(eval: &Evaluator<'a>, module: ModuleId, diags: &mut Vec<Diag>) -> Vec<OutputValues<'a>> {
    let mut all = Vec::new();
    for unit in output_units(eval, module, diags) {
        let tree = match unit {
            OutputUnit::Resource(value) => {
                all.push(OutputValues { path: None, comment_lines: 0, documents: vec![value] });
                continue;
            }
            OutputUnit::Tree(tree) => tree,
        };
        let found = each_file(eval, tree, |_, path, value| {
            let content = file_content(eval, path, value)?;
            let comment_lines = content.comment_lines();
            let documents = match content {
                FileContent::Documents { values, .. } => values,
                FileContent::Text { .. } => vec![value],
                FileContent::Nothing => return Ok(()),
            };
            all.push(OutputValues { path: Some(path), comment_lines, documents });
            Ok(())
        });
        if let Err(error) = found {
            diags.extend(eval.diags(error));
        }
    }
    all
}

/// Receives each output unit and the spans of the items that lead to it.
type Visit<'v, 'a> = dyn FnMut(OutputUnit<'a>, &[Span]) + 'v;

fn search<'a>(eval: &Evaluator<'a>, module: ModuleId, diags: &mut Vec<Diag>, visit: &mut Visit<'_, 'a>) {
    let declared = eval.program.module(module);
    for (index, global) in declared.globals.iter().enumerate() {
        if global.kind != GlobalKind::Field || global.name.is_private() {
            continue;
        }
        let id = GlobalId { module, index: index as u32 };
        let mut count = 0;
        let mut counted = |part: Emitted<'a>, spans: &[Span]| {
            count += 1;
            let unit = match part {
                Emitted::Resource(value) => OutputUnit::Resource(value),
                Emitted::Tree(tree) => OutputUnit::Tree(tree),
            };
            visit(unit, spans);
            Ok(())
        };
        let found = eval.global(id).and_then(|value| eval.emitted(value, Some(global.span), &mut counted));
        match found {
            Ok(()) if count == 0 => diags.push(not_emittable(global.name, global.span)),
            Ok(()) => {}
            Err(error) => diags.extend(eval.diags(error)),
        }
    }
}

fn not_emittable(name: Name, span: Span) -> Diag {
    Diag::error(Code::NOT_EMITTABLE, format!("`{name}` contains nothing that a build writes"))
        .at(span, "neither a Kubernetes resource nor a file, nor a value that contains one")
        .help(format!("write `let {name} = …` for an intermediate value, or `_{name}` to make it private; `forgec eval` prints all"))
}
