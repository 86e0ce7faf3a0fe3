//! Finds the value on a line of the output, and the line of each value.

use forge_base::{Code, Diag};
use forge_build::{OutputValues, output_values};
use forge_check::ModuleId;
use forge_emit::Sink;
use forge_emit::walk::{Step, Trace, Walker};
use forge_emit::yaml::Yaml;
use forge_eval::{Evaluator, Value};

use super::history;
use super::path::{Route, locate};
use crate::evaluate::documents_file;

/// Finds the innermost value that starts at or above a line.
struct LineFinder<'a> {
    line: usize,
    path: Vec<Step<'a>>,
    found: Option<Vec<Step<'a>>>,
}

impl<'a> Trace<'a> for LineFinder<'a> {
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

/// Explains the value on a line of an output file, or of the YAML stream.
pub(super) fn find<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    file: Option<&str>,
    line: usize,
) -> Result<String, Vec<Diag>> {
    let documents = documents_file(eval.program.module(module).path);
    let file = file.filter(|file| *file != documents);
    let mut yaml = Yaml::new();
    for OutputValues { path, comment_lines, documents } in all_values(eval, module)? {
        if path != file {
            continue;
        }
        let line = line.saturating_sub(comment_lines);
        for value in documents {
            yaml.begin_document();
            let mut finder = LineFinder { line, path: Vec::new(), found: None };
            let written = Walker::new(eval, &mut yaml, &mut finder).value(value, None);
            written.map_err(|error| eval.diags(error))?;
            if yaml.line() > line
                && let Some(steps) = finder.found
            {
                return Ok(explain(eval, module, value, steps));
            }
        }
    }
    let diag = Diag::error(Code::NO_TARGET, format!("there is no value on line {line} of this build"))
        .help("if the file is out of date or was built from another target, build it again");
    Err(vec![diag])
}

/// All values that a build of a module writes.
fn all_values<'a>(eval: &Evaluator<'a>, module: ModuleId) -> Result<Vec<OutputValues<'a>>, Vec<Diag>> {
    let mut diags = Vec::new();
    let values = output_values(eval, module, &mut diags);
    if diags.is_empty() { Ok(values) } else { Err(diags) }
}

fn explain<'a>(eval: &Evaluator<'a>, module: ModuleId, value: Value<'a>, steps: Vec<Step<'a>>) -> String {
    let route = match value {
        Value::Object(object) => locate(eval, module, object),
        _ => None,
    };
    match route {
        Some(mut route) => {
            route.steps.extend(steps);
            history::explain(eval, &route)
        }
        // A value of a file that is not a resource has no path in the module.
        None => history::explain_part(eval, value, &steps),
    }
}

/// A value in the output, with its file and line.
pub(super) struct OutputPart<'a> {
    pub(super) route: Route<'a>,
    pub(super) file: String,
    pub(super) line: usize,
}

/// Called with each value; its location in the output is computed on demand.
type Visit<'v, 'a> = dyn FnMut(Step<'a>, &dyn Fn() -> Option<OutputPart<'a>>) + 'v;

/// Calls `visit` with each value that a build writes.
pub(super) fn each_part<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    visit: &mut Visit<'_, 'a>,
) -> Result<(), Vec<Diag>> {
    let documents = documents_file(eval.program.module(module).path);
    let mut stream = Yaml::new();
    for OutputValues { path, comment_lines, documents: values } in all_values(eval, module)? {
        let file = path.unwrap_or(documents.as_str());
        let mut own = path.map(|_| Yaml::new());
        for value in values {
            let yaml = own.as_mut().unwrap_or(&mut stream);
            yaml.begin_document();
            let mut parts =
                PartTracer { eval, module, root: value, file, comment_lines, path: Vec::new(), visit: &mut *visit };
            Walker::new(eval, yaml, &mut parts).value(value, None).map_err(|error| eval.diags(error))?;
        }
    }
    Ok(())
}

/// Passes each value to a visitor.
struct PartTracer<'p, 'a> {
    eval: &'p Evaluator<'a>,
    module: ModuleId,
    root: Value<'a>,
    file: &'p str,
    comment_lines: usize,
    path: Vec<Step<'a>>,
    visit: &'p mut Visit<'p, 'a>,
}

impl<'a> Trace<'a> for PartTracer<'_, 'a> {
    fn enter(&mut self, step: Step<'a>, line: usize) {
        self.path.push(step);
        let line = line + self.comment_lines;
        let PartTracer { eval, module, root, file, path, visit, .. } = self;
        visit(step, &|| {
            let Value::Object(object) = *root else { return None };
            let mut route = locate(eval, *module, object)?;
            route.steps.extend(path.iter().copied());
            Some(OutputPart { route, file: (*file).to_owned(), line })
        });
    }

    fn leave(&mut self) {
        self.path.pop();
    }
}
