//! The terminal sessions that pages show: each command prints the lines after it, and fails exactly if one of them is an error.
//!
//! `UPDATE_EXPECT=1 cargo test -p forgec --test cli consoles` rewrites headlines that have changed.

use std::fs;

use forge_tests::page::{self, Console};
use forge_tests::{pages, root};

use crate::project::Project;

#[test]
fn each_console_prints_what_its_page_shows() {
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut count = 0;
    let mut problems = Vec::new();
    for path in ["docs/errors", "docs/guide", "tests/spec"].iter().flat_map(|folder| pages(folder)) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let mut text = fs::read_to_string(&path).unwrap();
        for console in page::consoles(&name, &text.clone()) {
            count += 1;
            for difference in run(&console) {
                match difference.headline {
                    Some((old, new)) if is_update => text = text.replace(&format!("\n{old}\n"), &format!("\n{new}\n")),
                    _ => problems.push(format!("{name}:{}: {}", console.line, difference.problem)),
                }
            }
        }
        if is_update {
            fs::write(&path, text).unwrap();
        }
    }
    assert!(count > 0, "no page shows a console");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// What differs between a page and a command.
struct Difference {
    problem: String,
    /// The headline that the page shows, and the one with the same code that is printed.
    headline: Option<(String, String)>,
}

/// Runs the commands of a session one after the other in one folder.
fn run(console: &Console) -> Vec<Difference> {
    let files: Vec<(&str, &str)> = console.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = Project::new(&files);
    let lines: Vec<&str> = console.text.lines().collect();
    let mut differences = Vec::new();
    for (at, command) in lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.strip_prefix("$ ")?))) {
        let shown: Vec<&str> = lines[at + 1..].iter().take_while(|line| !line.starts_with("$ ")).copied().collect();
        compare(&project, command, &shown, &mut differences);
    }
    differences
}

/// Runs a command; the lines that are shown must be in its output, in their order.
fn compare(project: &Project, line: &str, shown: &[&str], differences: &mut Vec<Difference>) {
    let arguments: Vec<&str> = line.split_whitespace().skip(1).collect();
    let run = project.run(&arguments);
    let folder = format!("{}/", project.path("").display().to_string().trim_end_matches('/'));
    let printed = format!("{}{}", run.out, run.err).replace(&folder, "");
    let mut rest: Vec<&str> = printed.lines().map(str::trim_end).collect();
    for wanted in shown {
        if let Some(at) = rest.iter().position(|line| line == wanted) {
            rest.drain(..=at);
            continue;
        }
        let headline = code(wanted).and_then(|wanted| rest.iter().position(|line| code(line) == Some(wanted)));
        let headline = headline.map(|at| ((*wanted).to_owned(), rest.drain(..=at).next_back().unwrap().to_owned()));
        let problem = format!("`{line}` does not print `{wanted}`, but:\n{printed}");
        differences.push(Difference { problem, headline });
    }
    let fails = shown.iter().any(|line| line.starts_with("error["));
    if fails == (run.code == 0) || !line.starts_with("forgec ") {
        let problem = format!("`{line}` ends with {}, and prints:\n{printed}", run.code);
        differences.push(Difference { problem, headline: None });
    }
}

/// Severity and code of a headline: `error[F0412]`.
fn code(line: &str) -> Option<&str> {
    let end = line.find("]: ")?;
    (line.starts_with("error[") || line.starts_with("warning[")).then(|| &line[..end])
}
