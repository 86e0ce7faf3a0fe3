//! Finds the output units of a module: resources, and files of `std.output.Tree`.

use forge_base::{Code, Diag, Name, Span};
use forge_check::hir::{GlobalKind, SchemaRole};
use forge_check::{GlobalId, ModuleId};
use forge_eval::{ErrorId, Eval, Evaluator, Key, Object, Value};

/// Something that a build writes.
#[derive(Clone, Copy)]
pub enum OutputUnit<'a> {
    /// A resource of the stream.
    Resource(Value<'a>),
    /// A file of a tree.
    File {
        /// Its path below the output folder.
        path: &'a str,
        /// The value that it is written from.
        content: Value<'a>,
        /// The number of its tree in the module, from 1.
        tree: u32,
    },
}

/// The output units of a module, in order. Errors are added to `diags`.
pub fn output_units<'a>(eval: &Evaluator<'a>, module: ModuleId, diags: &mut Vec<Diag>) -> Vec<OutputUnit<'a>> {
    let mut units = Vec::new();
    search(eval, module, diags, FileSpans::Skip, &mut |unit, _| units.push(unit));
    units
}

/// For each output unit the spans of the items that lead to it: the module's field, and the fields and entries below it.
pub(crate) fn unit_spans(eval: &Evaluator<'_>, module: ModuleId) -> Vec<Vec<Span>> {
    let mut all = Vec::new();
    search(eval, module, &mut Vec::new(), FileSpans::LookUp, &mut |_, spans| all.push(spans.to_vec()));
    all
}

/// The path of each file, in the order of the module, and the span of the entry that declares it. Slow: for messages only.
pub fn file_spans(eval: &Evaluator<'_>, module: ModuleId) -> Vec<(String, Option<Span>)> {
    let mut files = Vec::new();
    search(eval, module, &mut Vec::new(), FileSpans::LookUp, &mut |unit, spans| {
        if let OutputUnit::File { path, .. } = unit {
            files.push((path.to_owned(), spans.last().copied()));
        }
    });
    files
}

/// Receives each output unit and the spans of the items that lead to it.
type Visit<'v, 'a> = dyn FnMut(OutputUnit<'a>, &[Span]) + 'v;

/// Whether the entries of trees are looked up in the provenance.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileSpans {
    Skip,
    LookUp,
}

fn search<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    diags: &mut Vec<Diag>,
    file_spans: FileSpans,
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
        let mut counted = |unit: OutputUnit<'a>, spans: &[Span]| {
            count += 1;
            visit(unit, spans);
        };
        let spans = vec![global.span];
        let mut search = UnitSearch { eval, spans, trees, file_spans, failed: None, visit: &mut counted };
        let found = eval.global(id).and_then(|value| search.value(value));
        let found = found.and_then(|()| search.failed.map_or(Ok(()), Err));
        trees = search.trees;
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

/// The maximum depth at which values are searched for output units.
const MAX_DEPTH: usize = 500;

/// A search for output units.
struct UnitSearch<'s, 'v, 'a> {
    eval: &'s Evaluator<'a>,
    /// The spans of the items that lead to the current value, one per level.
    spans: Vec<Span>,
    /// How many trees were found so far.
    trees: u32,
    file_spans: FileSpans,
    /// The error of all values that failed so far.
    failed: Option<ErrorId>,
    visit: &'s mut Visit<'v, 'a>,
}

impl<'a> UnitSearch<'_, '_, 'a> {
    fn value(&mut self, value: Value<'a>) -> Eval<()> {
        if self.spans.len() > MAX_DEPTH {
            return Ok(());
        }
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.below(None, Ok(*item))),
            Value::Map(map) => {
                for (index, entry) in self.eval.entries(map)?.iter().enumerate() {
                    if !matches!(entry.key, Key::Str(key) if key.starts_with('_')) {
                        self.below(None, self.eval.entry(map, index))?;
                    }
                }
                Ok(())
            }
            Value::Object(object) => match object.schema.schema.role {
                SchemaRole::Resource => {
                    (self.visit)(OutputUnit::Resource(value), &self.spans);
                    Ok(())
                }
                SchemaRole::FileTree => self.files(object),
                SchemaRole::Plain => self.fields(object),
            },
            _ => Ok(()),
        }
    }

    /// Searches a part of a value. The search continues after an error, to report those of other parts as well.
    fn below(&mut self, span: Option<Span>, value: Eval<Value<'a>>) -> Eval<()> {
        let span = span.or(self.spans.last().copied());
        self.spans.extend(span);
        let found = value.and_then(|value| self.value(value));
        self.spans.pop();
        found.or_else(|error| {
            let all = self.eval.join(self.failed, error);
            self.failed = Some(all);
            if self.eval.is_fatal(error) { Err(all) } else { Ok(()) }
        })
    }

    fn fields(&mut self, object: &'a Object<'a>) -> Eval<()> {
        for (field, value) in self.eval.fields(object) {
            if value.is_err() || !field.name.is_private() {
                self.below(Some(field.span), value)?;
            }
        }
        Ok(())
    }

    fn files(&mut self, tree: &'a Object<'a>) -> Eval<()> {
        self.trees += 1;
        let Some(field) = tree.schema.field_index(Name::new("files")) else { return Ok(()) };
        let Value::Map(map) = self.eval.field(tree, field)? else { return Ok(()) };
        for (index, entry) in self.eval.entries(map)?.iter().enumerate() {
            let content = self.eval.entry(map, index)?;
            let Key::Str(path) = entry.key else { continue };
            let span = match self.file_spans {
                FileSpans::LookUp => self.eval.entry_setter(map, index),
                FileSpans::Skip => None,
            };
            self.spans.extend(span);
            (self.visit)(OutputUnit::File { path, content, tree: self.trees }, &self.spans);
            self.spans.truncate(self.spans.len() - usize::from(span.is_some()));
        }
        Ok(())
    }
}
