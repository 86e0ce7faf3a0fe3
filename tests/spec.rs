//! Runs the literate cases of the specification and of the documentation.
//!
//! `FORGE_SPEC=text cargo test -p forge-tests --test spec` runs only cases whose name or place contains the text.
//! `FORGE_SPEC_VERBOSE=1` names each case when it begins and ends, which finds one that hangs (with `-- --nocapture`).

use std::fs;

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
        if name == "tests/spec/README.md" {
            continue;
        }
        cases.extend(page::read(&name, &fs::read_to_string(&path).unwrap()));
    }
    let place = |case: &page::Case| {
        let page = case.name.split(" > ").next().unwrap_or("");
        format!("{page}:{}", case.line)
    };
    cases.retain(|case| case.name.contains(&filter) || place(case).contains(&filter));
    let pool = rayon::ThreadPoolBuilder::new().stack_size(forge_driver::STACK_BYTES).build().unwrap();
    let failures: Vec<String> = pool.install(|| {
        let failed = |case: &page::Case| {
            if verbose {
                println!("begin {}", place(case));
            }
            let problems = run::run_catching(case);
            if verbose {
                println!("end   {}", place(case));
            }
            (!problems.is_empty()).then(|| format!("{} ({})\n{}", place(case), case.name, indent(&problems)))
        };
        cases.par_iter().filter_map(failed).collect()
    });
    println!("{} cases, {} failed", cases.len(), failures.len());
    assert!(failures.is_empty(), "\n{}\n\n{} of {} cases failed", failures.join("\n\n"), failures.len(), cases.len());
}

fn indent(problems: &[String]) -> String {
    let lines = problems.iter().flat_map(|problem| problem.lines());
    lines.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
