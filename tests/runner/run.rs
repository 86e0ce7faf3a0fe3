//! Runs a case and compares the results with its expectations.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use forge_base::{Diag, Files, Severity};
use forge_driver::output::{Paint, unified};
use forge_driver::pipeline::{
    self, BuildOptions, Destination, EvalOptions, InputSource, Limits, Notation, Outcome, TestOptions, TypesOptions,
};
use forge_driver::{MemoryWorld, Session};

use crate::expect::{self, Expectation, Expected};
use crate::page::{Case, Language, Output, OutputKind};

/// The folder of a case's files.
const ROOT: &str = "/case";

/// Like [`run`], but reports a panic as a problem.
pub fn run_catching(case: &Case) -> Vec<String> {
    match panic::catch_unwind(AssertUnwindSafe(|| run(case))) {
        Ok(problems) => problems,
        Err(_) => vec![String::from("the compiler panicked")],
    }
}

/// Runs a case and returns its problems.
///
/// Errors prevent later phases from running. While an expectation is not met, the lines of the errors that were reported are removed and
/// the rest is run again.
pub fn run(case: &Case) -> Vec<String> {
    if case.is_fragment {
        return Runner::new(case).fragment();
    }
    let mut runner = Runner::new(case);
    let mut problems = Vec::new();
    let values = runner.evaluate_and_compare(&mut problems);
    if !runner.has_errors() {
        runner.expect_values(&values, &mut problems);
        for output in &case.outputs {
            runner.expect_output(output, &mut problems);
        }
        return problems;
    }
    if !case.outputs.is_empty() {
        problems.push(String::from("the case has both errors and outputs"));
    }
    match runner.without_errors() {
        Some(rest) if problems.is_empty() && !values.is_empty() => run_rest(&rest).unwrap_or_default(),
        Some(rest) if !problems.is_empty() && problems.iter().all(|problem| problem.contains(NOT_FOUND)) => {
            run_rest(&rest).unwrap_or(problems)
        }
        _ => problems,
    }
}

/// The problems of a case without the lines of its first errors; `None` if it has unexpected diagnostics without them.
fn run_rest(rest: &Case) -> Option<Vec<String>> {
    let problems = run(rest);
    let is_valid = !problems.iter().any(|problem| problem.starts_with(UNEXPECTED));
    is_valid.then_some(problems)
}

/// Part of the problem of an expectation that was not met.
const NOT_FOUND: &str = ": not reported: ";
/// The start of the problem of a diagnostic that was not expected.
const UNEXPECTED: &str = "unexpected: ";

struct Runner<'a> {
    case: &'a Case,
    session: Session,
    files: Files,
    diags: Vec<Diag>,
}

/// An expectation about a type or a value.
struct ValueExpectation {
    path: String,
    name: String,
    line: usize,
    expected: Expected,
}

impl<'a> Runner<'a> {
    fn new(case: &'a Case) -> Runner<'a> {
        let mut world = MemoryWorld::new();
        for (path, text) in &case.files {
            world.add(format!("{ROOT}/{path}"), text.as_str());
        }
        Runner { case, session: Session::new(Arc::new(world), ROOT), files: Files::default(), diags: Vec::new() }
    }

    fn fragment(mut self) -> Vec<String> {
        let Some((_, text)) = self.case.files.last() else { return Vec::new() };
        let file = self.files.add("main.forge", text.as_str());
        let parsed = forge_driver::parse(file, text);
        let errors = parsed.iter().filter(|diag| diag.is_error() && diag.code != forge_base::Code::MISPLACED_ITEM);
        errors.map(|diag| describe(&self.files, diag)).collect()
    }

    fn take(&mut self, outcome: Outcome) -> String {
        self.files = outcome.files;
        for diag in outcome.diags {
            if !self.diags.contains(&diag) {
                self.diags.push(diag);
            }
        }
        outcome.output
    }

    fn has_errors(&self) -> bool {
        self.diags.iter().any(Diag::is_error)
    }

    /// Checks and evaluates the case and compares its diagnostics. Returns the expectations about types and values.
    fn evaluate_and_compare(&mut self, problems: &mut Vec<String>) -> Vec<ValueExpectation> {
        self.evaluate();
        self.expect_diags(problems)
    }

    /// The case without the lines of its errors; `None` unless each of these lines is a whole item of the module.
    fn without_errors(&self) -> Option<Case> {
        let mut case = self.case.clone();
        case.outputs.clear();
        for diag in self.diags.iter().filter(|diag| diag.is_error()) {
            let (path, line) = self.line_of(diag)?;
            let (_, text) = case.files.iter_mut().find(|(other, _)| *other == path)?;
            let mut lines: Vec<&str> = text.split('\n').collect();
            let item = lines.get_mut(line - 1)?;
            if !item.is_empty() && !is_whole_item(item) {
                return None;
            }
            *item = "";
            let comments = lines[line..].iter().take_while(|line| line.trim_start().starts_with("// ")).count();
            lines[line..line + comments].fill("");
            *text = lines.join("\n");
        }
        Some(case)
    }

    fn evaluate(&mut self) {
        let tests =
            TestOptions { target: Some(self.case.target.clone()), inputs: self.inputs(), ..TestOptions::default() };
        let outcome = pipeline::test(&mut self.session, &tests);
        self.take(outcome);
        if !self.has_errors() {
            let outcome = self.eval(None, Language::Yaml);
            self.take(outcome);
        }
        if !self.has_errors() {
            // Other diagnostics of a build are compared together with its output.
            let mut outcome = self.build();
            outcome.diags.retain(|diag| diag.code >= forge_base::Code::BAD_OBJECT_NAME);
            outcome.diags.retain(|diag| diag.code < forge_base::Code::BAD_MANIFEST);
            self.take(outcome);
        }
    }

    fn inputs(&self) -> Vec<InputSource> {
        self.case.inputs.iter().cloned().map(InputSource::from).collect()
    }

    fn build(&mut self) -> Outcome {
        let options = BuildOptions {
            target: self.case.target.clone(),
            inputs: self.inputs(),
            limits: limits(),
            destination: Destination::Stdout,
        };
        pipeline::build(&mut self.session, &options)
    }

    fn eval(&mut self, expr: Option<&str>, language: Language) -> Outcome {
        let options = EvalOptions {
            target: Some(self.case.target.clone()),
            expr: expr.map(str::to_owned),
            notation: match language {
                Language::Yaml => Notation::Yaml,
                Language::Json => Notation::Json,
            },
            inputs: self.inputs(),
            limits: limits(),
        };
        pipeline::eval(&mut self.session, &options)
    }

    /// Compares diagnostics with the expectations in comments. Returns the other expectations.
    fn expect_diags(&self, problems: &mut Vec<String>) -> Vec<ValueExpectation> {
        let mut found: Vec<&Diag> = self.diags.iter().filter(|diag| diag.severity != Severity::Hint).collect();
        let mut values = Vec::new();
        for (path, text) in &self.case.files {
            if !path.ends_with(".forge") && !path.ends_with(".toml") {
                continue;
            }
            for Expectation { line, kind } in expect::read(text) {
                let Expected::Diag { severity: expected_severity, code, text: headline } = &kind else {
                    let (name, line) = expect::item_at(text, line);
                    values.push(ValueExpectation { path: path.clone(), name, line, expected: kind });
                    continue;
                };
                let has_code = |diag: &&Diag| {
                    let found = self.line_of(diag).filter(|_| line > 0);
                    let expected = (line > 0).then(|| (path.clone(), line));
                    found == expected && diag.any_code().to_string() == *code && severity(diag) == *expected_severity
                };
                let matches = |diag: &&Diag| has_code(diag) && diag.headline.contains(headline.as_str());
                match found.iter().position(matches) {
                    Some(index) => _ = found.remove(index),
                    None => match found.iter().position(has_code) {
                        Some(index) => {
                            let other = &found.remove(index).headline;
                            problems.push(format!(
                                "{path}:{line}: the headline should contain `{headline}`, but is: {other}"
                            ));
                        }
                        None => {
                            problems.push(format!("{path}:{line}{NOT_FOUND}{expected_severity}[{code}]: {headline}"))
                        }
                    },
                }
            }
        }
        problems.extend(found.iter().map(|diag| format!("{UNEXPECTED}{}", describe(&self.files, diag))));
        values
    }

    fn line_of(&self, diag: &Diag) -> Option<(String, usize)> {
        let span = diag.span()?;
        let file = self.files.get(span.file)?;
        Some((file.path.display().to_string(), file.line_column(span.start).line))
    }

    fn expect_values(&mut self, values: &[ValueExpectation], problems: &mut Vec<String>) {
        if values.is_empty() {
            return;
        }
        let types = pipeline::types(&mut self.session, &TypesOptions { target: self.case.target.clone() });
        let types: HashMap<(String, usize, String), String> =
            types.into_iter().map(|entry| ((entry.path, entry.line, entry.name), entry.ty)).collect();
        for value in values {
            let location = format!("{}:{}", value.path, value.line);
            let (expected, found) = match &value.expected {
                Expected::Type(ty) => {
                    let found = types.get(&(value.path.clone(), value.line, value.name.clone()));
                    (ty.clone(), found.cloned().unwrap_or_else(|| String::from("(unknown)")))
                }
                Expected::Value(json) => (one_line(json), self.value_of(&value.name)),
                Expected::Diag { .. } => continue,
            };
            if expected != found {
                problems.push(format!("{location}: `{}` should be {expected}, but is {found}", value.name));
            }
        }
    }

    fn value_of(&mut self, name: &str) -> String {
        let outcome = self.eval(Some(&format!("`{name}`")), Language::Json);
        match outcome.diags.iter().find(|diag| diag.is_error()) {
            Some(diag) => describe(&outcome.files, diag),
            None => one_line(&outcome.output),
        }
    }

    fn expect_output(&mut self, output: &Output, problems: &mut Vec<String>) {
        let outcome = match &output.kind {
            OutputKind::Build => self.build(),
            OutputKind::Eval(language) => self.eval(None, *language),
            OutputKind::EvalExpr(language, expr) => self.eval(Some(expr), *language),
        };
        let errors = outcome.diags.iter().filter(|diag| diag.severity != Severity::Hint && !self.diags.contains(diag));
        problems
            .extend(errors.map(|diag| format!("output at line {}: {}", output.line, describe(&outcome.files, diag))));
        let (expected, found) = (with_newline(&output.text), with_newline(&outcome.output));
        if expected != found {
            let diff = unified(Some(&expected), Some(&found), "output", Paint::Plain);
            problems.push(format!("the output at line {} of the page differs:\n{diff}", output.line));
        }
    }
}

/// Cases are small: one that needs more than this does not terminate.
fn limits() -> Limits {
    Limits { steps: 5_000_000, memory: 256 << 20, jobs: 1 }
}

/// Whether a line is a whole item of a module.
fn is_whole_item(line: &str) -> bool {
    let program = line.split("// ").next().unwrap_or(line);
    let count = |brackets: [char; 3]| program.matches(brackets).count();
    line.starts_with(|first: char| first.is_ascii_alphabetic()) && count(['(', '[', '{']) == count([')', ']', '}'])
}

fn with_newline(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

fn one_line(json: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(value) => value.to_string(),
        Err(_) => json.trim().to_owned(),
    }
}

fn severity(diag: &Diag) -> &'static str {
    match diag.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

fn describe(files: &Files, diag: &Diag) -> String {
    let location = diag.span().map_or_else(|| String::from("no location"), |span| files.location(span));
    format!("{location}: {}[{}]: {}", severity(diag), diag.any_code(), diag.headline)
}
