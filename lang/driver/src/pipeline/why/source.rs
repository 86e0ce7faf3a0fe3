//! A line of the program: which values of the output it has a say in.

use std::collections::HashMap;
use std::path::Path;

use forge_base::{Code, Diag, FileId, Span};
use forge_check::ModuleId;
use forge_emit::walk::Step;
use forge_eval::{Change, Evaluator, Origin, Setter, Value};

use super::history::source_line;
use super::line::{OutputPart, each_part};
use super::path::show;
use crate::world::normalize;

/// How far a value is followed back to the line.
const DEPTH: usize = 6;

/// Effect the line does to one part of the output.
struct LineEffect<'a> {
    written: OutputPart<'a>,
    value: Value<'a>,
    what: Effect,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Sets it.
    Sets,
    /// Sets something that it is made from.
    Reaches,
    /// Goes into it to change parts.
    Refines,
    /// Would set it, if another place did not.
    Replaced(Option<Span>),
}

/// Tells of all values of the output that a line of the program sets, directly or through other values.
pub(super) fn find<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    cwd: &Path,
    file: &Path,
    line: usize,
) -> Result<String, Vec<Diag>> {
    let whole = |path: &Path| normalize(&cwd.join(path));
    let wanted = whole(file);
    let found = eval.files.iter().find(|known| whole(&known.path) == wanted);
    let shown = file.display();
    let Some(known) = found.cloned() else {
        let diag = Diag::error(Code::NO_TARGET, format!("`{shown}` is not part of this build"));
        return Err(vec![diag.help("name the module that is built behind it: `forgec why FILE:LINE TARGET`")]);
    };
    let lines = known.text.lines().count();
    if line == 0 || line > lines {
        let many = if lines == 1 { "one line".to_owned() } else { format!("{lines} lines") };
        return Err(vec![Diag::error(Code::NO_TARGET, format!("`{shown}` has {many}, and no line {line}"))]);
    }
    let mut search = EffectFinder { eval, file: known.id, line, known: HashMap::new() };
    let mut hits = Vec::new();
    each_part(eval, module, &mut |step, written| {
        if let Some((what, value)) = search.part(step)
            && let Some(written) = written()
        {
            hits.push(LineEffect { written, value, what });
        }
    })?;
    if hits.iter().any(|hit| hit.what != Effect::Refines) {
        hits.retain(|hit| hit.what != Effect::Refines);
    }
    if hits.is_empty() {
        let diag = Diag::error(Code::NO_TARGET, format!("line {line} of `{shown}` sets nothing that is written"));
        return Err(vec![diag.help("name a line with `name = value`, or another target that uses it")]);
    }
    let text = known.line_start(line).map(|start| Span::new(known.id, start as usize, start as usize));
    let text = text.map_or_else(String::new, |span| source_line(eval.files, span));
    Ok(format!("{shown}:{line}  {text}\n{}", table(eval, &hits)))
}

fn table<'a>(eval: &Evaluator<'a>, hits: &[LineEffect<'a>]) -> String {
    let places: Vec<String> = hits.iter().map(|hit| format!("{}:{}", hit.written.file, hit.written.line)).collect();
    let width = places.iter().map(|place| place.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (hit, place) in hits.iter().zip(places) {
        let word = match hit.what {
            Effect::Sets => "sets",
            Effect::Reaches => "reaches",
            Effect::Refines => "refines",
            Effect::Replaced(_) => "replaced",
        };
        let path = show(eval, &hit.written.route);
        text.push_str(&format!("  {word:<8}  {place:width$}  {path} = {}", forge_eval::show(hit.value)));
        if let Effect::Replaced(Some(by)) = hit.what {
            text.push_str(&format!(", set at {}", eval.files.location(by)));
        }
        text.push('\n');
    }
    text
}

struct EffectFinder<'e, 'a> {
    eval: &'e Evaluator<'a>,
    file: FileId,
    line: usize,
    /// Whether the line has a say in a place, for those that were looked at.
    known: HashMap<(usize, usize), bool>,
}

impl<'a> EffectFinder<'_, 'a> {
    /// Effect the line does to a part, and the part's value.
    fn part(&mut self, step: Step<'a>) -> Option<(Effect, Value<'a>)> {
        let (origin, value) = match step {
            Step::Field(object, field) => (Origin::Field(object, field), self.eval.field(object, field).ok()?),
            Step::Entry(map, place) => (Origin::Entry(map, place), self.eval.entry(map, place).ok()?),
            Step::Item(_) => return None,
        };
        let setters = self.eval.setters(origin);
        if let Some(own) = setters.iter().find(|setter| self.is_here(setter)) {
            let what = match (own.replaced, own.change) {
                (true, _) => Effect::Replaced(setters.first().map(|first| first.span)),
                (false, Change::Refined) => Effect::Refines,
                (false, _) => Effect::Sets,
            };
            return Some((what, value));
        }
        let is_whole = !matches!(value, Value::Object(_) | Value::Map(_));
        (is_whole && setters.iter().any(|setter| self.reads(setter, 0))).then_some((Effect::Reaches, value))
    }

    /// Whether what a setter gave was made from something that the line sets.
    fn reads(&mut self, setter: &Setter<'a>, depth: usize) -> bool {
        let (false, Some((expr, frame))) = (setter.replaced, setter.value) else { return false };
        self.eval.causes(expr, frame).into_iter().any(|cause| self.comes_from(cause.origin, depth + 1))
    }

    fn comes_from(&mut self, origin: Origin<'a>, depth: usize) -> bool {
        let Some(identity) = origin.identity() else { return false };
        if let Some(known) = self.known.get(&identity) {
            return *known;
        }
        self.known.insert(identity, false);
        let setters = self.eval.setters(origin);
        let found = setters.iter().any(|setter| !setter.replaced && self.is_here(setter))
            || (depth < DEPTH && setters.iter().any(|setter| self.reads(setter, depth)));
        self.known.insert(identity, found);
        found
    }

    fn is_here(&self, setter: &Setter<'a>) -> bool {
        if setter.span.file != self.file {
            return false;
        }
        let Some(file) = self.eval.files.get(self.file) else { return false };
        file.line_column(setter.span.start).line == self.line
    }
}
