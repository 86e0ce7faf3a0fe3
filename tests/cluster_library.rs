//! The cluster library in `tests/fixtures/cluster-library`: two packages, a library of components and a repository with two clusters.
//!
//! It is written with the features that libraries need, and its `mistakes/` are programs with one mistake each: every one must be one
//! error, in the words of the library, at the line of the user's program that is marked with `// error: …`.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{Diag, Severity, stack};
use forge_driver::pipeline::{self, BuildOptions, Destination, Limits, Outcome, TestOptions};
use forge_driver::{OsWorld, Session};
use forge_tests::root;

/// What precedes the expected text on the line of a mistake.
const MARK: &str = "// error: ";

fn repository() -> PathBuf {
    root().join("tests/fixtures/cluster-library/repository")
}

fn run(command: impl FnOnce(&mut Session) -> Outcome) -> Outcome {
    stack::with_large_stack(|| command(&mut Session::new(Arc::new(OsWorld), repository())))
}

fn build(target: &str) -> Outcome {
    let options = BuildOptions {
        target: String::from(target),
        inputs: Vec::new(),
        limits: Limits::default(),
        destination: Destination::Stdout,
    };
    run(|session| pipeline::build(session, &options))
}

fn message(outcome: &Outcome, diag: &Diag) -> String {
    let location = diag.span().map(|span| outcome.files.location(span)).unwrap_or_default();
    format!("{location} {}: {}", diag.code, diag.headline)
}

/// Errors and warnings, each as a line.
fn messages(outcome: &Outcome) -> Vec<String> {
    outcome.diags.iter().filter(|diag| diag.severity != Severity::Hint).map(|diag| message(outcome, diag)).collect()
}

/// The differences between what a build of a mistake reports and what its marked line says.
fn problems_of(path: &Path) -> Vec<String> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).unwrap();
    let found = messages(&build(&format!("mistakes/{name}")));
    let marks: Vec<(usize, &str)> =
        text.lines().enumerate().filter_map(|(line, text)| Some((line + 1, text.split_once(MARK)?.1))).collect();
    let is_expected = |(line, words): &(usize, &str), found: &str| {
        found.contains(&format!("mistakes/{name}:{line}:")) && words.split(" … ").all(|word| found.contains(word))
    };
    let matches = marks.len() == found.len() && marks.iter().zip(&found).all(|(mark, found)| is_expected(mark, found));
    if matches { Vec::new() } else { vec![format!("{name}: expected {marks:?}, found {found:#?}")] }
}

#[test]
fn both_clusters_are_built_without_a_message() {
    for target in ["clusters/infra", "clusters/apps", "clusters"] {
        let outcome = build(target);
        assert_eq!(messages(&outcome), Vec::<String>::new(), "{target}");
    }
}

#[test]
fn the_tests_of_the_repository_pass() {
    let outcome = run(|session| {
        pipeline::test(session, &TestOptions { target: Some(String::from("clusters")), ..TestOptions::default() })
    });
    assert_eq!(messages(&outcome), Vec::<String>::new());
}

#[test]
fn each_mistake_is_one_error_at_its_line() {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(repository().join("mistakes")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 23, "{paths:?}");
    let problems: Vec<String> = paths.iter().flat_map(|path| problems_of(path)).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
