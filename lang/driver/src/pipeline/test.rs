//! `forgec test`: the tests of modules, side by side.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use forge_base::{Code, Diag, Files, Span};
use forge_check::ModuleId;
use forge_check::hir::Program;
use rayon::prelude::*;

use crate::evaluate::{EvalContext, TestResult};
use crate::input::{Inputs, read_inputs};
use crate::load::Loaded;
use crate::output::{Paint, create_file, unified};
use crate::pipeline::junit;
use crate::pipeline::snapshot::{Changes, SnapshotFile, Snapshots};
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;
use forge_base::stack;

/// What to test.
#[derive(Clone, Default, Debug)]
pub struct TestOptions {
    /// A file, folder or module path; the package around the working directory if there is none.
    pub target: Option<String>,
    /// Only tests whose name contains this.
    pub filter: Option<String>,
    /// What happens to snapshots.
    pub snapshots: Snapshots,
    /// A file for the results in JUnit's format.
    pub junit: Option<PathBuf>,
    /// Inputs: name and value.
    pub inputs: Vec<(String, String)>,
    /// Limits of each test.
    pub limits: Limits,
}

/// A test of the program.
struct TestCase {
    module: ModuleId,
    index: usize,
    name: String,
    span: Span,
}

/// Runs tests and compares their snapshots.
pub fn test(session: &mut Session, options: &TestOptions) -> Outcome {
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
    let inputs = match inputs(&checked.program, &modules, options) {
        Ok(inputs) => inputs,
        Err(diags) => {
            outcome.diags.extend(diags);
            return outcome;
        }
    };
    let jobs = jobs(&checked.program, &modules, options);
    let limits = Limits { jobs: 1, ..options.limits.clone() };
    let cx = EvalContext::new(&checked.program, &loaded, session.world(), &inputs, &limits);
    outcome.diags.extend(cx.check_inputs());
    if outcome.diags.iter().any(Diag::is_error) {
        return outcome;
    }
    let mut results = run(&cx, &jobs, options);
    let changes = compare_snapshots(session, &jobs, &mut results, options, &mut outcome);
    report(session, &loaded, &jobs, results, options, &mut outcome);
    if let (Some(summary), false) = (&mut outcome.summary, changes.is_empty()) {
        summary.push_str(&format!("; snapshots: {changes}"));
    }
    outcome
}

/// Inputs are given to every module that declares them; one that no module declares is a mistake.
fn inputs(program: &Program, modules: &[ModuleId], options: &TestOptions) -> Result<Inputs, Vec<Diag>> {
    let mut inputs = Inputs::default();
    let mut diags = Vec::new();
    let found = |id: &ModuleId| program.modules.get(id.0 as usize)?.as_deref();
    for module in modules.iter().filter_map(found) {
        let declares = |name: &str| module.globals.iter().any(|global| global.name.as_str() == name);
        let given: Vec<_> = match modules {
            [_] => options.inputs.clone(),
            _ => options.inputs.iter().filter(|(name, _)| declares(name)).cloned().collect(),
        };
        match read_inputs(program, module, &given) {
            Ok(more) => inputs.extend(more),
            // Tests that do not read an input can do without it; those that do will say so.
            Err(more) => diags.extend(more.into_iter().filter(|diag| diag.code != Code::MISSING_INPUT)),
        }
    }
    if diags.is_empty() { Ok(inputs) } else { Err(diags) }
}

fn jobs(program: &Program, modules: &[ModuleId], options: &TestOptions) -> Vec<TestCase> {
    let mut jobs = Vec::new();
    for &module in modules {
        let Some(Some(found)) = program.modules.get(module.0 as usize) else { continue };
        for (index, test) in found.tests.iter().enumerate() {
            if options.filter.as_ref().is_none_or(|filter| test.name.contains(filter.as_str())) {
                jobs.push(TestCase { module, index, name: test.name.to_string(), span: test.span });
            }
        }
    }
    jobs
}

fn run(cx: &EvalContext, jobs: &[TestCase], options: &TestOptions) -> Vec<(TestResult, Duration)> {
    let run = |job: &TestCase| {
        let start = Instant::now();
        (cx.run_test(job.module, job.index), start.elapsed())
    };
    if options.limits.jobs == 1 || jobs.len() < 2 {
        return jobs.iter().map(run).collect();
    }
    stack::with_thread_pool(options.limits.jobs, || jobs.par_iter().map(run).collect())
}

/// Compares the snapshots of each module with its file, and writes the file if that is wanted; says what was written.
fn compare_snapshots(
    session: &Session,
    jobs: &[TestCase],
    results: &mut [(TestResult, Duration)],
    options: &TestOptions,
    outcome: &mut Outcome,
) -> String {
    let mut changes = Changes::default();
    let mut modules: BTreeMap<ModuleId, Vec<usize>> = BTreeMap::new();
    for (place, job) in jobs.iter().enumerate() {
        modules.entry(job.module).or_default().push(place);
    }
    for (module, places) in modules {
        let Some(source) = session.module_file(module) else { continue };
        let path = PathBuf::from(format!("{}.snap", source.display()));
        let old = SnapshotFile::parse(&session.world().read(&path).unwrap_or_default());
        let mut new = SnapshotFile::default();
        for place in places {
            let TestResult { diags, snapshots } = &mut results[place].0;
            for (name, span, text) in std::mem::take(snapshots) {
                let key = new.add(&jobs[place].name, &name, &text);
                if let Some(before) = old.entries.get(&key)
                    && *before != text
                    && options.snapshots != Snapshots::Update
                {
                    diags.push(changed(&name, span, before, &text));
                }
            }
        }
        let is_whole = options.filter.is_none();
        let wanted = old.clone().merge(new, options.snapshots, is_whole);
        if wanted != old {
            let name = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            outcome.diags.extend(write(&path, &wanted, &name));
            changes.add(&old, &wanted);
        }
    }
    changes.to_string()
}

fn changed(name: &str, span: Span, before: &str, after: &str) -> Diag {
    let diff = unified(Some(before), Some(after), "snapshot", Paint::Plain);
    let lines: Vec<&str> = diff.lines().skip(2).collect();
    Diag::error(Code::SNAPSHOT_CHANGED, format!("the snapshot of `{name}` changed"))
        .at(span, "not what it was")
        .note(format!("the difference:\n{}", lines.join("\n")))
        .help("if the new value is right, run `forgec test --update`")
}

fn write(path: &Path, file: &SnapshotFile, module: &str) -> Option<Diag> {
    let written =
        if file.entries.is_empty() { std::fs::remove_file(path) } else { create_file(path, &file.render(module)) };
    let error = written.err()?;
    Some(Diag::error(Code::CANNOT_WRITE, format!("cannot write `{}`: {error}", path.display())))
}

fn failure(diag: &Diag, files: &Files) -> junit::Failure {
    let place = diag.span().map(|span| files.location(span));
    junit::Failure { message: format!("{}: {}", diag.code, diag.headline), place, notes: diag.notes.clone() }
}

/// Says what became of each test.
fn report(
    session: &Session,
    loaded: &Loaded,
    jobs: &[TestCase],
    results: Vec<(TestResult, Duration)>,
    options: &TestOptions,
    outcome: &mut Outcome,
) {
    let mut cases = Vec::new();
    for (job, (result, time)) in jobs.iter().zip(results) {
        let failures = result.diags.iter().map(|diag| failure(diag, &loaded.files)).collect();
        let module = session.module(job.module).path.to_string();
        outcome.diags.extend(result.diags.into_iter().map(|diag| diag.note(format!("in the test `{}`", job.name))));
        cases.push(junit::CaseResult {
            module,
            name: job.name.clone(),
            place: loaded.files.location(job.span),
            time,
            failures,
        });
    }
    for case in &cases {
        let word = if case.failures.is_empty() { "ok  " } else { "FAIL" };
        outcome.output.push_str(&format!("{word} {}: {}\n", case.module, case.name));
    }
    let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
    let tests = if cases.len() == 1 { "test" } else { "tests" };
    let mut summary = format!("{} {tests}: {} passed, {failed} failed", cases.len(), cases.len() - failed);
    if let (Some(filter), true) = (&options.filter, cases.is_empty()) {
        summary.push_str(&format!("; no test has `{filter}` in its name"));
    }
    outcome.summary = Some(summary);
    if let Some(path) = &options.junit {
        let path = session.cwd().join(path);
        if let Err(error) = create_file(&path, &junit::render(&cases)) {
            let headline = format!("cannot write `{}`: {error}", path.display());
            outcome.diags.push(Diag::error(Code::CANNOT_WRITE, headline));
        }
    }
}
