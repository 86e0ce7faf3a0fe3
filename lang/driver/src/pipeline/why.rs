//! `forgec why`: which places of the program made a value, and which of them were replaced.
//!
//! A value is named by its path, such as `grafana.deployment.spec.replicas`, or by a line of what a build wrote.

use std::path::Path;

use forge_base::{Code, Diag, Files, Name, Span, suggest};
use forge_check::hir::{GlobalKind, Module};
use forge_check::{GlobalId, ModuleId};
use forge_emit::Sink;
use forge_emit::build::{Root, roots};
use forge_emit::walk::{Step, Trace, Walker};
use forge_emit::yaml::Yaml;
use forge_eval::{Change, Evaluator, Key, Setter, Value};

use crate::evaluate::Machine;
use crate::output;
use crate::pipeline::prepare::{Request, prepare};
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;

/// What to explain.
#[derive(Clone, Debug)]
pub struct WhyOptions {
    /// `file:line` of an output, or the path of a value.
    pub what: String,
    /// The module that was built.
    pub target: String,
    /// Inputs: name and value.
    pub inputs: Vec<(String, String)>,
    /// Limits.
    pub limits: Limits,
}

/// Where a value is looked for.
enum Place {
    /// At a path of names, keys and positions.
    Path(Vec<Segment>),
    /// On a line of the YAML stream, or of a file below the output folder.
    Line(Option<String>, usize),
}

/// One part of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Segment {
    Name(String),
    Index(i64),
}

/// Prints the history of a value.
pub fn why(session: &mut Session, options: &WhyOptions) -> Outcome {
    let place = match read_place(session, &options.what) {
        Ok(place) => place,
        Err(diag) => return Outcome::failed(Files::default(), *diag),
    };
    let request = Request { target: &options.target, inputs: &options.inputs, limits: &options.limits };
    let prepared = match prepare(session, &request) {
        Ok(prepared) => prepared,
        Err(outcome) => return *outcome,
    };
    let machine = prepared.machine(session.world());
    let found = match machine.check_inputs() {
        diags if !diags.is_empty() => Err(diags),
        _ => explain(&machine, prepared.module, &place),
    };
    match found {
        Ok(output) => prepared.outcome(Vec::new(), output),
        Err(diags) => prepared.outcome(diags, String::new()),
    }
}

fn explain(machine: &Machine, module: ModuleId, place: &Place) -> Result<String, Vec<Diag>> {
    machine.run(|eval| match place {
        Place::Path(segments) => follow(eval, module, segments),
        Place::Line(file, line) => find_line(eval, module, file.as_deref(), *line),
    })
}

fn read_place(session: &Session, what: &str) -> Result<Place, Box<Diag>> {
    if let Some((file, line)) = what.rsplit_once(':')
        && let Ok(line) = line.parse()
    {
        let path = session.cwd().join(file);
        if file.ends_with(".forge") {
            let diag = Diag::error(Code::BAD_USAGE, "a line of a program has no single value");
            return Err(Box::new(diag.help("name a line of an output file, or a path such as `web.deployment`")));
        }
        if !session.world().is_file(&path) {
            return Err(Box::new(Diag::error(Code::NO_TARGET, format!("there is no file `{file}`"))));
        }
        return Ok(Place::Line(output_path(&path), line));
    }
    match read_path(what) {
        Some(segments) => Ok(Place::Path(segments)),
        None => {
            let diag = Diag::error(Code::BAD_USAGE, format!("`{what}` is neither a path nor a line of a file"));
            Err(Box::new(diag.help("write `web.deployment.spec`, `web.ports[0]` or `out/web.yaml:12`")))
        }
    }
}

/// The path of a file below the output folder that it was written into; `None` if a stream was saved.
fn output_path(path: &Path) -> Option<String> {
    let folder = path.ancestors().skip(1).find(|folder| output::is_folder(folder))?;
    let parts = path.strip_prefix(folder).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// Reads `a.b."c/d"[0]["e"]`.
fn read_path(text: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']')?;
            let quoted = index.strip_prefix('"').and_then(|index| index.strip_suffix('"'));
            segments.push(match quoted {
                Some(key) => Segment::Name(key.to_owned()),
                None => Segment::Index(index.parse().ok()?),
            });
            rest = after;
            continue;
        }
        rest = if segments.is_empty() { rest } else { rest.strip_prefix('.')? };
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        if name.is_empty() {
            return None;
        }
        segments.push(Segment::Name(name.to_owned()));
        rest = after;
    }
    (!segments.is_empty()).then_some(segments)
}

fn follow(eval: &Evaluator<'_>, module: ModuleId, segments: &[Segment]) -> Result<String, Vec<Diag>> {
    let declared = eval.program.module(module);
    let Some((Segment::Name(first), rest)) = segments.split_first() else { return Err(vec![no_value("", [])]) };
    let position = declared.globals.iter().position(|global| global.name.as_str() == first);
    let Some(index) = position else { return Err(vec![no_value(first, names(declared))]) };
    let id = GlobalId { module, index: index as u32 };
    let mut value = eval.global(id).map_err(|raised| eval.diags(raised))?;
    let mut path = first.clone();
    let mut steps = Vec::new();
    for segment in rest {
        let step = find_step(eval, value, segment, &path)?;
        value = value_of(eval, value, step).map_err(|raised| eval.diags(raised))?;
        push_segment(&mut path, eval, step);
        steps.push(step);
    }
    Ok(describe(eval, &path, value, &steps, Some(eval.program.global(id).span)))
}

fn names(module: &Module) -> impl Iterator<Item = &str> {
    module.globals.iter().filter(|global| global.kind != GlobalKind::Input).map(|global| global.name.as_str())
}

fn no_value<'n>(path: &str, known: impl IntoIterator<Item = &'n str>) -> Diag {
    let diag = Diag::error(Code::NO_TARGET, format!("there is no value `{path}`"));
    let last = path.rsplit('.').next().unwrap_or(path);
    match suggest::nearest(last, known) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None => diag,
    }
}

fn find_step<'a>(eval: &Evaluator<'a>, value: Value<'a>, segment: &Segment, path: &str) -> Result<Step<'a>, Vec<Diag>> {
    match (value, segment) {
        (Value::List(items), Segment::Index(index)) => match usize::try_from(*index) {
            Ok(index) if index < items.len() => Ok(Step::Item(index)),
            _ => Err(vec![no_value(&format!("{path}[{index}]"), [])]),
        },
        (Value::Object(object), Segment::Name(name)) => {
            let fields = &object.schema.schema.fields;
            match object.schema.field_index(Name::new(name)) {
                Some(field) => Ok(Step::Field(object, field)),
                None => Err(vec![no_value(&format!("{path}.{name}"), fields.iter().map(|field| field.name.as_str()))]),
            }
        }
        (Value::Map(map), segment) => {
            let key = match segment {
                Segment::Name(name) => Key::Str(eval.arena.alloc_str(name)),
                Segment::Index(index) => Key::Int(*index),
            };
            let entries = eval.entries(map).map_err(|raised| eval.diags(raised))?;
            let place = match eval.find_entry(map, key).map_err(|raised| eval.diags(raised))? {
                None => match segment {
                    Segment::Index(index) => usize::try_from(*index).ok().filter(|&index| index < entries.len()),
                    Segment::Name(_) => None,
                },
                found => found,
            };
            let keys = entries.iter().filter_map(|entry| match entry.key.first() {
                Key::Str(key) => Some(key),
                _ => None,
            });
            place.map(|place| Step::Entry(map, place)).ok_or_else(|| vec![no_value(&format!("{path}.{key}"), keys)])
        }
        (_, Segment::Name(name)) => Err(vec![no_value(&format!("{path}.{name}"), [])]),
        (_, Segment::Index(index)) => Err(vec![no_value(&format!("{path}[{index}]"), [])]),
    }
}

fn value_of<'a>(eval: &Evaluator<'a>, value: Value<'a>, step: Step<'a>) -> forge_eval::Eval<Value<'a>> {
    match (step, value) {
        (Step::Field(object, field), _) => eval.field(object, field),
        (Step::Entry(map, place), _) => eval.entry(map, place),
        (Step::Item(index), Value::List(items)) => Ok(items.get(index).copied().unwrap_or(Value::Null)),
        (Step::Item(_), _) => Ok(Value::Null),
    }
}

fn push_segment<'a>(path: &mut String, eval: &Evaluator<'a>, step: Step<'a>) {
    let dot = if path.is_empty() { "" } else { "." };
    match step {
        Step::Field(object, field) => {
            let name = object.schema.schema.fields[field as usize].name;
            path.push_str(&format!("{dot}{name}"));
        }
        Step::Entry(map, place) => {
            let Ok(entries) = eval.entries(map) else { return };
            match entries.get(place).map(|entry| entry.key) {
                Some(Key::Int(number)) => path.push_str(&format!("[{number}]")),
                Some(key) => path.push_str(&format!("{dot}{key}")),
                None => {}
            }
        }
        Step::Item(index) => path.push_str(&format!("[{index}]")),
    }
}

/// Remembers the innermost part that begins at or above a line.
struct Finder<'a> {
    line: usize,
    path: Vec<Step<'a>>,
    found: Option<Vec<Step<'a>>>,
}

impl<'a> Trace<'a> for Finder<'a> {
    fn enter(&mut self, step: Step<'a>, line: usize) {
        self.path.push(step);
        if line <= self.line {
            self.found = Some(self.path.clone());
        }
    }

    fn leave(&mut self) {
        self.path.pop();
    }
}

fn find_line(eval: &Evaluator<'_>, module: ModuleId, file: Option<&str>, line: usize) -> Result<String, Vec<Diag>> {
    let mut diags = Vec::new();
    let roots = roots(eval, module, &mut diags);
    if !diags.is_empty() {
        return Err(diags);
    }
    let module_file = format!("{}.yaml", eval.program.module(module).path.as_str().rsplit('.').next().unwrap_or(""));
    let file = file.filter(|file| *file != module_file);
    let mut yaml = Yaml::new();
    let mut count = 0;
    for root in roots {
        let values: Vec<Value> = match (root, file) {
            (Root::Resource(value), None) => vec![value],
            (Root::File(path, Value::List(items)), Some(file)) if path == file => items.to_vec(),
            (Root::File(path, value), Some(file)) if path == file => vec![value],
            _ => continue,
        };
        for value in values {
            yaml.document(count > 0);
            count += 1;
            let mut finder = Finder { line, path: Vec::new(), found: None };
            let written = Walker::new(eval, &mut yaml, &mut finder).value(value, None);
            written.map_err(|raised| eval.diags(raised))?;
            if yaml.line() > line
                && let Some(steps) = finder.found
            {
                return Ok(describe_steps(eval, value, &steps));
            }
        }
    }
    let diag = Diag::error(Code::NO_TARGET, format!("line {line} is not of this build"))
        .help("build again: the file may be out of date, or made from another target");
    Err(vec![diag])
}

fn describe_steps<'a>(eval: &Evaluator<'a>, root: Value<'a>, steps: &[Step<'a>]) -> String {
    let mut path = String::new();
    let mut value = root;
    for step in steps {
        value = value_of(eval, value, *step).unwrap_or(Value::Null);
        push_segment(&mut path, eval, *step);
    }
    let head = title(eval, root).map_or_else(String::new, |title| format!("{title}, "));
    describe(eval, &format!("{head}{path}"), value, steps, eval.origin(root))
}

/// `Deployment web` for a resource.
fn title<'a>(eval: &Evaluator<'a>, value: Value<'a>) -> Option<String> {
    let Value::Object(object) = value else { return None };
    let field = |object: &'a forge_eval::Object<'a>, name| {
        object.schema.field_index(Name::new(name)).and_then(|field| eval.field(object, field).ok())
    };
    let Some(Value::Str(kind)) = field(object, "kind") else { return None };
    let Some(Value::Object(metadata)) = field(object, "metadata") else { return Some(kind.to_owned()) };
    match field(metadata, "name") {
        Some(Value::Str(name)) => Some(format!("{kind} {name}")),
        _ => Some(kind.to_owned()),
    }
}

/// The value and everything that said something of it, the newest first.
fn describe<'a>(
    eval: &Evaluator<'a>,
    path: &str,
    value: Value<'a>,
    steps: &[Step<'a>],
    origin: Option<Span>,
) -> String {
    let mut text = format!("{path} = {}\n", eval.show(value));
    // An item of a list has no history of its own: that of the list is told.
    let history = steps.iter().rev().find_map(|step| match *step {
        Step::Field(object, field) => Some(eval.history(object, field)),
        Step::Entry(map, place) => Some(eval.entry_history(map, place)),
        Step::Item(_) => None,
    });
    let mut lines: Vec<(String, &str, String)> = Vec::new();
    for setter in history.unwrap_or_default() {
        lines.push((eval.files.place(setter.span), word(&setter), source_line(eval.files, setter.span)));
    }
    if lines.is_empty()
        && let Some(span) = origin
    {
        lines.push((eval.files.place(span), "written here", source_line(eval.files, span)));
    }
    let width = lines.iter().map(|(place, ..)| place.chars().count()).max().unwrap_or(0);
    for (place, word, line) in lines {
        text.push_str(&format!("  {place:width$}  {word:<13} {line}\n"));
    }
    text
}

fn word(setter: &Setter) -> &'static str {
    match (setter.replaced, setter.change) {
        (true, _) => "replaced",
        (false, Change::Set) => "set",
        (false, Change::Refined) => "refined",
        (false, Change::Appended) => "appended to",
        (false, Change::Spread) => "taken over",
    }
}

fn source_line(files: &Files, span: Span) -> String {
    let Some(file) = files.get(span.file) else { return String::new() };
    let line = file.line_column(span.start).line;
    let start = file.line_start(line).unwrap_or(span.start) as usize;
    file.text[start..].lines().next().unwrap_or("").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_fields_keys_and_positions() {
        let name = |text: &str| Segment::Name(text.into());
        assert_eq!(read_path("a.b"), Some(vec![name("a"), name("b")]));
        assert_eq!(read_path("a.\"c/d\"[0][\"e\"]"), Some(vec![name("a"), name("c/d"), Segment::Index(0), name("e")]));
        for wrong in ["", "a.", ".a", "a[x]", "a[0", "a..b", "a[0]b"] {
            assert_eq!(read_path(wrong), None, "{wrong}");
        }
    }
}
