//! The packages in `examples/`: each has no diagnostics and builds its committed output, and the excerpts in the guide are up to date.
//!
//! `UPDATE_EXPECT=1 cargo test -p forge-tests --test examples` overwrites the committed output.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{Diag, Severity, stack};
use forge_driver::output::{Paint, unified};
use forge_driver::pipeline::{
    self, BuildOptions, CheckOptions, Destination, FmtOptions, FmtSource, ImportFormat, ImportOptions, Limits,
    LossPolicy, Outcome, Snapshots, TestOptions,
};
use forge_driver::{OsWorld, Session};
use forge_tests::{page, pages, root};

/// Imported modules: the package, the module, the format, and the imported paths.
const IMPORTED: &[(&str, &str, ImportFormat, &[&str])] = &[
    ("helm-release", "values.forge", ImportFormat::HelmValues, &["chart"]),
    ("imported-crd", "games.forge", ImportFormat::Crd, &["crds"]),
];

fn packages() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.join("forge.toml").is_file()).collect();
    found.sort();
    found
}

/// Runs a command in a folder.
fn run(folder: &Path, command: impl FnOnce(&mut Session) -> Outcome) -> Outcome {
    stack::with_large_stack(|| command(&mut Session::new(Arc::new(OsWorld), folder)))
}

/// Errors and warnings, each as a line.
fn messages(outcome: &Outcome) -> Vec<String> {
    let line = |diag: &Diag| {
        let location = diag.span().map(|span| outcome.files.location(span)).unwrap_or_default();
        format!("{location} {}: {}", diag.code, diag.headline)
    };
    outcome.diags.iter().filter(|diag| diag.severity != Severity::Hint).map(line).collect()
}

/// Runs a command in each package and fails if there are errors or warnings.
fn each_is_clean(command: impl Fn(&mut Session) -> Outcome) {
    let mut found = Vec::new();
    for package in packages() {
        let outcome = run(&package, &command);
        found.extend(messages(&outcome).into_iter().map(|line| format!("{}: {line}", package.display())));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Compares a result with a committed file, or overwrites the file.
fn compare(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    let diff = || unified(Some(&expected), Some(found), &path.display().to_string(), Paint::Plain);
    assert!(expected == found, "{}\n(UPDATE_EXPECT=1 overwrites it)", diff());
}

#[test]
fn there_are_examples() {
    assert!(packages().len() >= 5, "{:?}", packages());
}

#[test]
fn each_example_builds_its_committed_output() {
    for package in packages() {
        let options = BuildOptions {
            target: String::from("."),
            inputs: Vec::new(),
            limits: Limits::default(),
            destination: Destination::Stdout,
        };
        let outcome = run(&package, |session| pipeline::build(session, &options));
        assert_eq!(messages(&outcome), [""; 0], "{}", package.display());
        compare(&package.join("expected.yaml"), &outcome.output);
    }
}

#[test]
fn each_example_is_checked_without_diagnostics() {
    each_is_clean(|session| pipeline::check(session, &CheckOptions::default()));
}

#[test]
fn the_tests_of_each_example_pass() {
    let options = TestOptions { snapshots: Snapshots::Compare, ..TestOptions::default() };
    each_is_clean(|session| {
        let outcome = pipeline::test(session, &options);
        assert!(outcome.output.lines().any(|line| line.starts_with("ok")), "no test in {}", session.cwd().display());
        outcome
    });
}

#[test]
fn each_example_is_formatted() {
    let options = FmtOptions { source: FmtSource::Paths(Vec::new()), check: true, paint: Paint::Plain };
    each_is_clean(|session| pipeline::fmt(session, &options));
}

#[test]
fn imported_modules_are_up_to_date() {
    for &(package, module, format, paths) in IMPORTED {
        let folder = root().join("examples").join(package);
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let options = ImportOptions { format, paths, out: None, loss: LossPolicy::Reject, force: false };
        let outcome = run(&folder, |session| pipeline::import(session, &options));
        assert_eq!(messages(&outcome), [""; 0], "{package}");
        compare(&folder.join(module), &outcome.output);
    }
}

#[test]
fn excerpts_in_the_guide_are_up_to_date() {
    let mut wrong = Vec::new();
    let mut shown = Vec::new();
    for path in pages("docs") {
        for excerpt in page::excerpts(&fs::read_to_string(&path).unwrap()) {
            let file = fs::read_to_string(root().join(&excerpt.path)).unwrap_or_default();
            if !excerpt.is_part_of(&file) {
                wrong.push(format!("{}:{}: this is not in {}", path.display(), excerpt.line, excerpt.path));
            }
            shown.push(root().join(excerpt.path));
        }
    }
    let hidden = packages().into_iter().filter(|package| !shown.iter().any(|file| file.starts_with(package)));
    wrong.extend(hidden.map(|package| format!("no page shows {}", package.display())));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
