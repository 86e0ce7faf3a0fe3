//! The terminal sessions that pages show: each command prints the lines after it, and fails exactly if one of them is an error.

use std::fs;

use forge_tests::page::{self, Console};
use forge_tests::{pages, root};

use crate::project::Project;

#[test]
fn each_console_prints_what_its_page_shows() {
    let mut count = 0;
    let mut problems = Vec::new();
    for path in ["docs/errors", "tests/spec"].iter().flat_map(|folder| pages(folder)) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        for console in page::consoles(&name, &fs::read_to_string(&path).unwrap()) {
            count += 1;
            problems.extend(run(&console).into_iter().map(|problem| format!("{name}:{}: {problem}", console.line)));
        }
    }
    assert!(count > 0, "no page shows a console");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// Runs the commands of a session one after the other in one folder, and says what differs.
fn run(console: &Console) -> Vec<String> {
    let files: Vec<(&str, &str)> = console.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = Project::new(&files);
    let lines: Vec<&str> = console.text.lines().collect();
    let mut problems = Vec::new();
    for (at, command) in lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.strip_prefix("$ ")?))) {
        let shown: Vec<&str> = lines[at + 1..].iter().take_while(|line| !line.starts_with("$ ")).copied().collect();
        problems.extend(compare(&project, command, &shown).err());
    }
    problems
}

/// Runs a command; the lines that are shown must be in its output, in their order.
fn compare(project: &Project, line: &str, shown: &[&str]) -> Result<(), String> {
    let arguments = line.strip_prefix("forgec ").ok_or_else(|| format!("`{line}` is not a command of forgec"))?;
    let run = project.run(&arguments.split_whitespace().collect::<Vec<_>>());
    let printed = format!("{}{}", run.out, run.err)
        .replace(&format!("{}/", project.path("").display().to_string().trim_end_matches('/')), "");
    let mut lines = printed.lines();
    for wanted in shown {
        if !lines.any(|line| line.trim_end() == *wanted) {
            return Err(format!("`{line}` does not print `{wanted}`, but:\n{printed}"));
        }
    }
    let fails = shown.iter().any(|line| line.starts_with("error["));
    if fails == (run.code == 0) {
        return Err(format!("`{line}` ends with {}, and prints:\n{printed}", run.code));
    }
    Ok(())
}
