//! Runs the literate cases of the specification and the documentation.
//!
//! `FORGE_SPEC=text cargo test -p forge-tests --test spec` runs only cases whose name or location contains the text.
//! `FORGE_SPEC_VERBOSE=1` prints the start and end of each case, which helps to find one that hangs (with `-- --nocapture`).

use std::fs;

use forge_base::stack;
use forge_tests::{page, pages, root, run};
use rayon::prelude::*;

const FOLDERS: &[&str] = &["tests/spec", "docs/reference", "docs/errors", "docs/guide"];

#[test]
fn every_case_does_what_its_page_says() {
    let filter = std::env::var("FORGE_SPEC").unwrap_or_default();
    let verbose = std::env::var_os("FORGE_SPEC_VERBOSE").is_some();
    let mut cases = Vec::new();
    for path in FOLDERS.iter().flat_map(|folder| pages(folder)) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        if ["tests/spec/README.md", "tests/spec/INDEX.md"].contains(&name.as_str()) {
            continue;
        }
        cases.extend(page::read(&name, &fs::read_to_string(&path).unwrap()));
    }
    let location = |case: &page::Case| {
        let page = case.name.split(" > ").next().unwrap_or("");
        format!("{page}:{}", case.line)
    };
    cases.retain(|case| case.name.contains(&filter) || location(case).contains(&filter));
    let failures: Vec<String> = stack::with_thread_pool(0, || {
        let failed = |case: &page::Case| {
            if verbose {
                println!("begin {}", location(case));
            }
            let problems = run::run_catching(case);
            if verbose {
                println!("end   {}", location(case));
            }
            (!problems.is_empty()).then(|| format!("{} ({})\n{}", location(case), case.name, indent(&problems)))
        };
        cases.par_iter().filter_map(failed).collect()
    });
    println!("{} cases, {} failed", cases.len(), failures.len());
    assert!(failures.is_empty(), "\n{}\n\n{} of {} cases failed", failures.join("\n\n"), failures.len(), cases.len());
}

/// Modules of the standard library whose examples need files or are cases of another form.
const OTHER_CASES: &[&str] = &["any", "files", "output", "secrets"];

#[test]
fn examples_of_the_standard_library_are_run_and_shown_in_the_reference() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let cases: String = pages("tests/spec/07-builtins").iter().map(|page| fs::read_to_string(page).unwrap()).collect();
    let reference = read("docs/reference/07-builtins.md");
    let mut missing = Vec::new();
    for folder in ["stdlib", "stdlib/prelude"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".forge")) else { continue };
            if !reference.contains(&format!("std.{name}`")) && folder == "stdlib" {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for example in text.lines().filter_map(|line| line.strip_prefix("/// Example: `")?.strip_suffix('`')) {
                let in_braces = example.starts_with('{');
                let case = if in_braces { example.replacen(" == ", ") == ", 1) } else { example.to_owned() };
                let is_run = OTHER_CASES.contains(&name) || cases.contains(&case);
                if !is_run || (name != "secret" && !reference.contains(&example.replace('|', "\\|"))) {
                    missing.push(format!("{name}: {example}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "examples without a case, or not in the reference:\n{}", missing.join("\n"));
}

fn indent(problems: &[String]) -> String {
    let lines = problems.iter().flat_map(|problem| problem.lines());
    lines.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
