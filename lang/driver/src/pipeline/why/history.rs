//! The history of a value: where it was set, what that replaced, which values it was computed from, and their histories.

use std::collections::HashSet;

use forge_base::{Files, Span};
use forge_emit::walk::Step;
use forge_eval::{Change, Evaluator, Origin, Setter, Value};

use super::path::{Route, push_step, show, value_of};
use super::resource::ResourceName;

/// The maximum depth of causes of causes.
const MAX_DEPTH: usize = 6;

/// The value at the end of a route and everything that set it, the most recent first.
pub(super) fn explain<'a>(eval: &Evaluator<'a>, route: &Route<'a>) -> String {
    let mut value = route.start;
    let mut resource = None;
    for (index, step) in route.steps.iter().enumerate() {
        if resource.is_none() {
            resource = ResourceName::of(eval, value).map(|name| (name.in_words(), index));
        }
        value = value_of(eval, value, *step).unwrap_or(Value::Null);
    }
    let mut text = format!("{} = {}\n", show(eval, route), forge_eval::show(value));
    if let Some((name, index)) = resource {
        let mut path = String::new();
        route.steps[index..].iter().for_each(|step| push_step(&mut path, eval, *step));
        text.push_str(&format!("  in {name}: {path}\n"));
    }
    let origin = origin(&route.steps).unwrap_or(Origin::Global(route.global));
    HistoryPrinter::new(eval).origin(&mut text, origin, 1);
    text
}

/// Like [`explain`], for a value that has no path in the module.
pub(super) fn explain_part<'a>(eval: &Evaluator<'a>, root: Value<'a>, steps: &[Step<'a>]) -> String {
    let mut path = String::new();
    let mut value = root;
    for step in steps {
        value = value_of(eval, value, *step).unwrap_or(Value::Null);
        push_step(&mut path, eval, *step);
    }
    let mut text = format!("{path} = {}\n", forge_eval::show(value));
    match (origin(steps), eval.origin(root)) {
        (Some(origin), _) => HistoryPrinter::new(eval).origin(&mut text, origin, 1),
        (None, Some(span)) => {
            let line = source_line(eval.files, span);
            text.push_str(&format!("  {}  written here  {line}\n", eval.files.location(span)));
        }
        (None, None) => {}
    }
    text
}

/// The origin of the last step that has a history. An item of a list has none, so that of the list is taken.
pub(super) fn origin<'a>(steps: &[Step<'a>]) -> Option<Origin<'a>> {
    steps.iter().rev().find_map(|step| match *step {
        Step::Field(object, field) => Some(Origin::Field(object, field)),
        Step::Entry(map, index) => Some(Origin::Entry(map, index)),
        Step::Item(_) => None,
    })
}

struct HistoryPrinter<'e, 'a> {
    eval: &'e Evaluator<'a>,
    /// Origins that were printed.
    printed: HashSet<(usize, usize)>,
}

impl<'e, 'a> HistoryPrinter<'e, 'a> {
    fn new(eval: &'e Evaluator<'a>) -> HistoryPrinter<'e, 'a> {
        HistoryPrinter { eval, printed: HashSet::new() }
    }

    fn origin(&mut self, text: &mut String, origin: Origin<'a>, depth: usize) {
        let indent = "  ".repeat(depth);
        if let Some(identity) = origin.identity()
            && !self.printed.insert(identity)
        {
            text.push_str(&format!("{indent}see above\n"));
            return;
        }
        let setters = self.eval.setters(origin);
        if setters.is_empty() {
            let line = if matches!(origin, Origin::Unknown) { "a parameter or a loop variable" } else { "data" };
            text.push_str(&format!("{indent}{line}\n"));
        }
        let files = self.eval.files;
        let locations: Vec<String> = setters.iter().map(|setter| files.location(setter.span)).collect();
        let width = locations.iter().map(|location| location.chars().count()).max().unwrap_or(0);
        for (setter, location) in setters.iter().zip(locations) {
            let line = source_line(files, setter.span);
            text.push_str(&format!("{indent}{location:width$}  {:<13} {line}\n", word(setter)));
            if let (false, Some((expr, frame))) = (setter.replaced, setter.value) {
                for cause in self.eval.causes(expr, frame) {
                    text.push_str(&format!("{indent}    {} = {}\n", cause.text, forge_eval::show(cause.value)));
                    if depth / 3 < MAX_DEPTH {
                        self.origin(text, cause.origin, depth + 3);
                    }
                }
            }
        }
    }
}

pub(super) fn word(setter: &Setter) -> &'static str {
    match (setter.replaced, setter.change) {
        (true, _) => "replaced",
        (false, Change::Set) => "set",
        (false, Change::Refined) => "refined",
        (false, Change::Appended) => "appended to",
        (false, Change::Spread) => "spread",
        (false, Change::Default) => "default",
        (false, Change::Given) => "given",
    }
}

pub(super) fn source_line(files: &Files, span: Span) -> String {
    let Some(file) = files.get(span.file) else { return String::new() };
    let line = file.line_column(span.start).line;
    let start = file.line_start(line).unwrap_or(span.start) as usize;
    file.text[start..].lines().next().unwrap_or("").trim().to_owned()
}
