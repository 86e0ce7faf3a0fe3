//! Finds the values of the output that a line of the program affects.

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

/// The maximum number of steps from a value back to the line.
const MAX_DEPTH: usize = 6;

/// Effect the line does to one part of the output.
struct LineEffect<'a> {
    part: OutputPart<'a>,
    value: Value<'a>,
    effect: Effect,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Sets the value.
    Sets,
    /// Sets something that the value is computed from.
    Reaches,
    /// Changes parts of the value.
    Refines,
    /// Is overridden by another line.
    Replaced(Option<Span>),
}

/// Lists all values of the output that a line of the program sets, directly or through other values.
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
        return Err(vec![diag.help("add the module that is built: `forgec why FILE:LINE TARGET`")]);
    };
    let lines = known.text.lines().count();
    if line == 0 || line > lines {
        let count = if lines == 1 { "only 1 line".to_owned() } else { format!("only {lines} lines") };
        let diag = Diag::error(Code::NO_TARGET, format!("`{shown}` has no line {line}"));
        return Err(vec![diag.note(format!("it has {count}"))]);
    }
    let mut finder = EffectFinder { eval, file: known.id, line, visited: HashMap::new() };
    let mut effects = Vec::new();
    each_part(eval, module, &mut |step, location| {
        if let Some((effect, value)) = finder.part(step)
            && let Some(part) = location()
        {
            effects.push(LineEffect { part, value, effect });
        }
    })?;
    if effects.iter().any(|effect| effect.effect != Effect::Refines) {
        effects.retain(|effect| effect.effect != Effect::Refines);
    }
    if effects.is_empty() {
        let diag = Diag::error(Code::NO_TARGET, format!("line {line} of `{shown}` affects no value of the output"));
        return Err(vec![diag.help("choose a line with `name = value`, or a target that uses it")]);
    }
    let text = known.line_start(line).map(|start| Span::new(known.id, start as usize, start as usize));
    let text = text.map_or_else(String::new, |span| source_line(eval.files, span));
    Ok(format!("{shown}:{line}  {text}\n{}", table(eval, &effects)))
}

fn table<'a>(eval: &Evaluator<'a>, effects: &[LineEffect<'a>]) -> String {
    let locations: Vec<String> =
        effects.iter().map(|effect| format!("{}:{}", effect.part.file, effect.part.line)).collect();
    let width = locations.iter().map(|location| location.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (effect, location) in effects.iter().zip(locations) {
        let word = match effect.effect {
            Effect::Sets => "sets",
            Effect::Reaches => "reaches",
            Effect::Refines => "refines",
            Effect::Replaced(_) => "replaced",
        };
        let path = show(eval, &effect.part.route);
        text.push_str(&format!("  {word:<8}  {location:width$}  {path} = {}", forge_eval::show(effect.value)));
        if let Effect::Replaced(Some(by)) = effect.effect {
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
    /// For origins that were visited, whether the line affects them.
    visited: HashMap<(usize, usize), bool>,
}

impl<'a> EffectFinder<'_, 'a> {
    /// Effect the line does to a part, and the part's value.
    fn part(&mut self, step: Step<'a>) -> Option<(Effect, Value<'a>)> {
        let (origin, value) = match step {
            Step::Field(object, field) => (Origin::Field(object, field), self.eval.field(object, field).ok()?),
            Step::Entry(map, index) => (Origin::Entry(map, index), self.eval.entry(map, index).ok()?),
            Step::Item(_) => return None,
        };
        let setters = self.eval.setters(origin);
        if let Some(own) = setters.iter().find(|setter| self.is_here(setter)) {
            let effect = match (own.replaced, own.change) {
                (true, _) => Effect::Replaced(setters.first().map(|first| first.span)),
                (false, Change::Refined) => Effect::Refines,
                (false, _) => Effect::Sets,
            };
            return Some((effect, value));
        }
        let is_whole = !matches!(value, Value::Object(_) | Value::Map(_));
        (is_whole && setters.iter().any(|setter| self.reads(setter, 0))).then_some((Effect::Reaches, value))
    }

    /// Whether the value of a setter was computed from something that the line sets.
    fn reads(&mut self, setter: &Setter<'a>, depth: usize) -> bool {
        let (false, Some((expr, frame))) = (setter.replaced, setter.value) else { return false };
        self.eval.causes(expr, frame).into_iter().any(|cause| self.comes_from(cause.origin, depth + 1))
    }

    fn comes_from(&mut self, origin: Origin<'a>, depth: usize) -> bool {
        let Some(identity) = origin.identity() else { return false };
        if let Some(known) = self.visited.get(&identity) {
            return *known;
        }
        self.visited.insert(identity, false);
        let setters = self.eval.setters(origin);
        let found = setters.iter().any(|setter| !setter.replaced && self.is_here(setter))
            || (depth < MAX_DEPTH && setters.iter().any(|setter| self.reads(setter, depth)));
        self.visited.insert(identity, found);
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
