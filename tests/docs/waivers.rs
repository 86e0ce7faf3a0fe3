//! The rules that refuse what an API server accepts: each in the table of the reference can be waived.

use std::fs;

use forge_tests::page::{self, Case};
use forge_tests::{root, run};

/// The page with the table.
const PAGE: &str = "docs/reference/14-kubernetes.md";

/// The codes of the table's rows.
fn codes() -> Vec<String> {
    let text = fs::read_to_string(root().join(PAGE)).unwrap();
    let (_, section) = text.split_once("\n## What is refused beyond the API server\n").unwrap();
    let rows = section.lines().take_while(|line| !line.starts_with("## "));
    rows.filter_map(|row| Some(row.strip_prefix("| [")?.split_once(']')?.0.to_owned())).collect()
}

/// The failing example of a code's page, without its expectations.
fn example(code: &str) -> Case {
    let name = format!("docs/errors/{code}.md");
    let text = fs::read_to_string(root().join(&name)).unwrap();
    let mut case = page::read(&name, &text).swap_remove(0);
    for (_, source) in &mut case.files {
        let lines = source.lines().map(|line| line.split(" // error[").next().unwrap_or_default());
        *source = lines.map(|line| format!("{line}\n")).collect();
    }
    case
}

/// The same program with an `@allow` before each field of the module.
fn waived(mut case: Case, code: &str) -> Case {
    let is_field =
        |line: &str| line.starts_with(|start: char| start.is_ascii_lowercase()) && line.contains(" = Resource");
    for (_, source) in &mut case.files {
        let lines = source.lines().map(|line| match is_field(line) {
            true => format!("@allow(\"{code}\", \"a test\")\n{line}\n"),
            false => format!("{line}\n"),
        });
        *source = lines.collect();
    }
    case
}

#[test]
fn each_rule_that_refuses_more_than_an_api_server_can_be_waived() {
    let codes = codes();
    assert!(codes.contains(&"F0731".to_owned()), "the table has rows: {codes:?}");
    for code in codes {
        let refused = run::run(&example(&code));
        assert!(refused.iter().any(|problem| problem.contains(&code)), "{code} is not reported: {refused:?}");
        let accepted = run::run(&waived(example(&code), &code));
        assert!(accepted.is_empty(), "{code} cannot be waived: {accepted:?}");
    }
}
