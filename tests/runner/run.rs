//! Runs a case and says what differs from what it expects.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use forge_base::{Diag, Files, Severity};
use forge_driver::output::{Paint, unified};
use forge_driver::pipeline::{
    self, BuildOptions, Destination, EvalOptions, Limits, Notation, Outcome, TestOptions, TypesOptions,
};
use forge_driver::{MemoryWorld, Session};

use crate::expect::{self, Expectation, Expected};
use crate::page::{Case, Language, Output, OutputKind};

/// Where the files of a case lie.
const ROOT: &str = "/case";

/// What differs, one problem an entry; a panic is a problem like others.
pub fn run_catching(case: &Case) -> Vec<String> {
    match panic::catch_unwind(AssertUnwindSafe(|| run(case))) {
        Ok(problems) => problems,
        Err(_) => vec![String::from("the compiler panicked")],
    }
}

/// What differs, one problem an entry.
///
/// Errors hide what later phases would find. So the lines of errors that were found are taken out, and what is left is tried
/// again, as long as something is expected that did not show.
pub fn run(case: &Case) -> Vec<String> {
    if case.is_fragment {
        return Runner::new(case).fragment();
    }
    let mut runner = Runner::new(case);
    let mut problems = Vec::new();
    let claims = runner.evaluate_and_compare(&mut problems);
    if !runner.has_errors() {
        runner.expect_values(&claims, &mut problems);
        for output in &case.outputs {
            runner.expect_output(output, &mut problems);
        }
        return problems;
    }
    if !case.outputs.is_empty() {
        problems.push(String::from("the case has outputs, but also errors"));
    }
    match runner.without_errors() {
        Some(rest) if problems.is_empty() && !claims.is_empty() => run_rest(&rest).unwrap_or_default(),
        Some(rest) if !problems.is_empty() && problems.iter().all(|problem| problem.contains(NOT_FOUND)) => {
            run_rest(&rest).unwrap_or(problems)
        }
        _ => problems,
    }
}

/// What differs in a case without the lines of its first errors; `None` if it does not stand without them.
fn run_rest(rest: &Case) -> Option<Vec<String>> {
    let problems = run(rest);
    let stands = !problems.iter().any(|problem| problem.starts_with(NOT_EXPECTED));
    stands.then_some(problems)
}

/// How the problem of an expectation that nothing met begins.
const NOT_FOUND: &str = ": nothing met the expectation ";
/// How the problem of a message that nobody expects begins.
const NOT_EXPECTED: &str = "not expected: ";

struct Runner<'a> {
    case: &'a Case,
    session: Session,
    files: Files,
    diags: Vec<Diag>,
}

/// An expectation of a file about a type or a value.
struct Claim {
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

    /// Checks and evaluates, compares the messages, and gives the claims about types and values.
    fn evaluate_and_compare(&mut self, problems: &mut Vec<String>) -> Vec<Claim> {
        self.evaluate();
        self.expect_diags(problems)
    }

    /// The case without the lines of its errors; `None` unless each of them is an item of a module in one line.
    fn without_errors(&self) -> Option<Case> {
        let mut case = self.case.clone();
        case.outputs.clear();
        for diag in self.diags.iter().filter(|diag| diag.is_error()) {
            let (path, line) = self.place(diag)?;
            let (_, text) = case.files.iter_mut().find(|(other, _)| *other == path)?;
            let mut lines: Vec<&str> = text.split('\n').collect();
            let item = lines.get_mut(line - 1)?;
            if !item.is_empty() && !is_whole_item(item) {
                return None;
            }
            *item = "";
            let alone = lines[line..].iter().take_while(|line| line.trim_start().starts_with("// ")).count();
            lines[line..line + alone].fill("");
            *text = lines.join("\n");
        }
        Some(case)
    }

    fn evaluate(&mut self) {
        let tests = TestOptions {
            target: Some(self.case.target.clone()),
            inputs: self.case.inputs.clone(),
            ..TestOptions::default()
        };
        let outcome = pipeline::test(&mut self.session, &tests);
        self.take(outcome);
        if !self.has_errors() {
            let outcome = self.eval(None, Language::Yaml);
            self.take(outcome);
        }
        if !self.has_errors() {
            // What else a build says is a matter of outputs; the rules of Kubernetes are about what is there.
            let mut outcome = self.build();
            outcome.diags.retain(|diag| diag.code >= forge_base::Code::BAD_OBJECT_NAME);
            outcome.diags.retain(|diag| diag.code < forge_base::Code::BAD_MANIFEST);
            self.take(outcome);
        }
    }

    fn build(&mut self) -> Outcome {
        let options = BuildOptions {
            target: self.case.target.clone(),
            inputs: self.case.inputs.clone(),
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
            inputs: self.case.inputs.clone(),
            limits: limits(),
        };
        pipeline::eval(&mut self.session, &options)
    }

    /// Compares messages with what comments expect; gives the other expectations.
    fn expect_diags(&self, problems: &mut Vec<String>) -> Vec<Claim> {
        let mut found: Vec<&Diag> = self.diags.iter().filter(|diag| diag.severity != Severity::Hint).collect();
        let mut claims = Vec::new();
        for (path, text) in &self.case.files {
            if !path.ends_with(".forge") && !path.ends_with(".toml") {
                continue;
            }
            for Expectation { line, kind } in expect::read(text) {
                let Expected::Diag { severity, code, text: headline } = &kind else {
                    let (name, line) = expect::item_at(text, line);
                    claims.push(Claim { path: path.clone(), name, line, expected: kind });
                    continue;
                };
                let fits = |diag: &&Diag| {
                    let place = self.place(diag).filter(|_| line > 0);
                    let here = (line > 0).then(|| (path.clone(), line));
                    place == here && diag.code.to_string() == *code && word(diag) == *severity
                };
                let full = |diag: &&Diag| fits(diag) && diag.headline.contains(headline.as_str());
                match found.iter().position(full) {
                    Some(at) => _ = found.remove(at),
                    None => match found.iter().position(fits) {
                        Some(at) => {
                            let other = &found.remove(at).headline;
                            problems
                                .push(format!("{path}:{line}: the headline should have `{headline}`, but is: {other}"));
                        }
                        None => problems.push(format!("{path}:{line}{NOT_FOUND}{severity}[{code}]: {headline}")),
                    },
                }
            }
        }
        problems.extend(found.iter().map(|diag| format!("{NOT_EXPECTED}{}", describe(&self.files, diag))));
        claims
    }

    fn place(&self, diag: &Diag) -> Option<(String, usize)> {
        let span = diag.span()?;
        let file = self.files.get(span.file)?;
        Some((file.path.display().to_string(), file.line_column(span.start).line))
    }

    fn expect_values(&mut self, claims: &[Claim], problems: &mut Vec<String>) {
        if claims.is_empty() {
            return;
        }
        let types = pipeline::types(&mut self.session, &TypesOptions { target: self.case.target.clone() });
        let types: HashMap<(String, usize, String), String> =
            types.into_iter().map(|entry| ((entry.path, entry.line, entry.name), entry.ty)).collect();
        for claim in claims {
            let place = format!("{}:{}", claim.path, claim.line);
            let (expected, found) = match &claim.expected {
                Expected::Type(ty) => {
                    let found = types.get(&(claim.path.clone(), claim.line, claim.name.clone()));
                    (ty.clone(), found.cloned().unwrap_or_else(|| String::from("(unknown)")))
                }
                Expected::Value(value) => (one_line(value), self.value_of(&claim.name)),
                Expected::Diag { .. } => continue,
            };
            if expected != found {
                problems.push(format!("{place}: `{}` should be {expected}, but is {found}", claim.name));
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
        let (expected, found) = (ended(&output.text), ended(&outcome.output));
        if expected != found {
            let diff = unified(Some(&expected), Some(&found), "output", Paint::Plain);
            problems.push(format!("the output at line {} of the page differs:\n{diff}", output.line));
        }
    }
}

/// Cases are small: one that needs more than this does not end.
fn limits() -> Limits {
    Limits { steps: 5_000_000, memory: 256 << 20, jobs: 1 }
}

/// Whether a line holds an item of a module from its beginning to its end.
fn is_whole_item(line: &str) -> bool {
    let program = line.split("// ").next().unwrap_or(line);
    let count = |signs: [char; 3]| program.matches(signs).count();
    line.starts_with(|first: char| first.is_ascii_alphabetic()) && count(['(', '[', '{']) == count([')', ']', '}'])
}

fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

fn one_line(json: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(value) => value.to_string(),
        Err(_) => json.trim().to_owned(),
    }
}

fn word(diag: &Diag) -> &'static str {
    match diag.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

fn describe(files: &Files, diag: &Diag) -> String {
    let place = diag.span().map_or_else(|| String::from("no place"), |span| files.location(span));
    format!("{place}: {}[{}]: {}", word(diag), diag.code, diag.headline)
}
