//! `forgec test`: runs the tests of modules in parallel.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use forge_base::{Code, Diag, Files, Span};
use forge_check::ModuleId;
use forge_check::hir::Program;
use rayon::prelude::*;

use crate::evaluate::{EvalContext, TestResult};
use crate::input::{InputSource, read_for_modules};
use crate::load::Loaded;
use crate::output::{Paint, create_file, unified};
use crate::pipeline::junit;
use crate::pipeline::snapshot::{Changes, Run, SnapshotFile, Snapshots};
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;
use forge_base::stack;

/// Options of `forgec test`.
#[derive(Clone, Default, Debug)]
pub struct TestOptions {
    /// A file, folder or module path; by default the package that contains the working directory.
    pub target: Option<String>,
    /// Runs only tests whose names contain this.
    pub filter: Option<String>,
    /// What happens to snapshots that differ.
    pub snapshots: Snapshots,
    /// A file for the results in JUnit format.
    pub junit: Option<PathBuf>,
    /// Inputs.
    pub inputs: Vec<InputSource>,
    /// Limits of each test.
    pub limits: Limits,
}

/// A test to run.
struct TestCase {
    module: ModuleId,
    index: usize,
    name: String,
    span: Span,
}

/// Runs tests and compares their snapshots.
pub fn test(session: &mut Session, options: &TestOptions) -> Outcome {
    let mut outcome = check_and_run(session, options);
    session.deny(&mut outcome.diags);
    outcome
}

fn check_and_run(session: &mut Session, options: &TestOptions) -> Outcome {
    let modules = match session.find_modules(options.target.as_deref()) {
        Ok(modules) => modules,
        Err(diag) => return Outcome::failed(session.files().clone(), *diag),
    };
    let loaded = session.load(&modules);
    let checked = loaded.check();
    let mut outcome = Outcome { files: loaded.files.clone(), diags: checked.diags, ..Outcome::default() };
    if outcome.diags.iter().any(Diag::is_error) {
        return outcome;
    }
    let inputs = match read_for_modules(session, &checked.program, &modules, &options.inputs) {
        Ok(inputs) => inputs,
        Err(diags) => {
            outcome.diags.extend(diags);
            return outcome;
        }
    };
    let cases = test_cases(&checked.program, &modules, options);
    let limits = Limits { jobs: 1, ..options.limits.clone() };
    let cx = EvalContext::new(&checked.program, &loaded, session.world(), &inputs, &limits);
    outcome.diags.extend(cx.check_inputs());
    if outcome.diags.iter().any(Diag::is_error) {
        return outcome;
    }
    let mut results = run(&cx, &cases, options);
    let changes = compare_snapshots(session, &cases, &mut results, options, &mut outcome);
    report(session, &loaded, &cases, results, options, &mut outcome);
    if let (Some(summary), false) = (&mut outcome.summary, changes.is_empty()) {
        summary.push_str(&format!("; snapshots: {changes}"));
    }
    outcome
}

fn test_cases(program: &Program, modules: &[ModuleId], options: &TestOptions) -> Vec<TestCase> {
    let mut cases = Vec::new();
    for &module in modules {
        let Some(Some(found)) = program.modules.get(module.0 as usize) else { continue };
        for (index, test) in found.tests.iter().enumerate() {
            if options.filter.as_ref().is_none_or(|filter| test.name.contains(filter.as_str())) {
                cases.push(TestCase { module, index, name: test.name.to_string(), span: test.span });
            }
        }
    }
    cases
}

fn run(cx: &EvalContext, cases: &[TestCase], options: &TestOptions) -> Vec<(TestResult, Duration)> {
    let run = |case: &TestCase| {
        let start = Instant::now();
        (cx.run_test(case.module, case.index), start.elapsed())
    };
    if options.limits.jobs == 1 || cases.len() < 2 {
        return cases.iter().map(run).collect();
    }
    stack::with_thread_pool(options.limits.jobs, || cases.par_iter().map(run).collect())
}

/// Compares the snapshots of each module with its file, and updates the file as the options say. Describes the changes.
fn compare_snapshots(
    session: &Session,
    cases: &[TestCase],
    results: &mut [(TestResult, Duration)],
    options: &TestOptions,
    outcome: &mut Outcome,
) -> String {
    let mut changes = Changes::default();
    let mut modules: BTreeMap<ModuleId, Vec<usize>> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        modules.entry(case.module).or_default().push(index);
    }
    for (module, indices) in modules {
        let Some(source) = session.module_file(module) else { continue };
        let path = PathBuf::from(format!("{}.snap", source.display()));
        let old = SnapshotFile::parse(&session.world().read(&path).unwrap_or_default());
        let mut new = SnapshotFile::default();
        for index in indices {
            let TestResult { diags, snapshots } = &mut results[index].0;
            for (name, span, text) in std::mem::take(snapshots) {
                let key = new.add(&cases[index].name, &name, &text);
                if let Some(before) = old.entries.get(&key)
                    && *before != text
                    && options.snapshots != Snapshots::Update
                {
                    diags.push(changed(&name, span, before, &text));
                }
            }
        }
        let run = if options.filter.is_none() { Run::AllTests } else { Run::SomeTests };
        let merged = old.clone().merge(new, options.snapshots, run);
        if merged != old {
            let name = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            outcome.diags.extend(write(&path, &merged, &name));
            changes.add(&old, &merged);
        }
    }
    changes.to_string()
}

fn changed(name: &str, span: Span, before: &str, after: &str) -> Diag {
    let diff = unified(Some(before), Some(after), "snapshot", Paint::Plain);
    let lines: Vec<&str> = diff.lines().skip(2).collect();
    Diag::error(Code::SNAPSHOT_CHANGED, format!("the snapshot of `{name}` changed"))
        .at(span, "differs from the stored snapshot")
        .note(format!("the difference:\n{}", lines.join("\n")))
        .help("if the new value is correct, run `forgec test --update`")
}

fn write(path: &Path, file: &SnapshotFile, module: &str) -> Option<Diag> {
    let written =
        if file.entries.is_empty() { std::fs::remove_file(path) } else { create_file(path, &file.render(module)) };
    let error = written.err()?;
    Some(Diag::error(Code::CANNOT_WRITE, format!("cannot write `{}`: {error}", path.display())))
}

fn failure(diag: &Diag, files: &Files) -> junit::Failure {
    let location = diag.span().map(|span| files.location(span));
    junit::Failure { message: format!("{}: {}", diag.any_code(), diag.headline), location, notes: diag.notes.clone() }
}

/// Reports the result of each test.
fn report(
    session: &Session,
    loaded: &Loaded,
    cases: &[TestCase],
    results: Vec<(TestResult, Duration)>,
    options: &TestOptions,
    outcome: &mut Outcome,
) {
    let mut finished = Vec::new();
    for (case, (result, time)) in cases.iter().zip(results) {
        let failures =
            result.diags.iter().filter(|diag| diag.is_error()).map(|diag| failure(diag, &loaded.files)).collect();
        let module = session.module(case.module).path.to_string();
        outcome.diags.extend(result.diags.into_iter().map(|diag| diag.note(format!("in the test `{}`", case.name))));
        finished.push(junit::CaseResult {
            module,
            name: case.name.clone(),
            location: loaded.files.location(case.span),
            time,
            failures,
        });
    }
    for case in &finished {
        let word = if case.failures.is_empty() { "ok  " } else { "FAIL" };
        outcome.output.push_str(&format!("{word} {}: {}\n", case.module, case.name));
    }
    let failed = finished.iter().filter(|case| !case.failures.is_empty()).count();
    let tests = if finished.len() == 1 { "test" } else { "tests" };
    let mut summary = format!("{} {tests}: {} passed, {failed} failed", finished.len(), finished.len() - failed);
    if let (Some(filter), true) = (&options.filter, finished.is_empty()) {
        summary.push_str(&format!("; no test name contains `{filter}`"));
    }
    outcome.summary = Some(summary);
    if let Some(path) = &options.junit {
        let path = session.cwd().join(path);
        if let Err(error) = create_file(&path, &junit::render(&finished)) {
            let headline = format!("cannot write `{}`: {error}", path.display());
            outcome.diags.push(Diag::error(Code::CANNOT_WRITE, headline));
        }
    }
}
