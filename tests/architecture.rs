//! Invariants that `ARCHITECTURE.md` states as absences, and the names in the glossary of `CONTRIBUTING.md`.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use forge_tests::root;

/// The crates from the lowest layer to the highest, each with the crates of the workspace that it may depend on.
const CRATES: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("syntax", &["base"]),
    ("check", &["base", "syntax"]),
    ("eval", &["base", "syntax", "check"]),
    ("kube", &["base", "syntax"]),
    ("emit", &["base", "eval"]),
    ("build", &["base", "check", "eval", "emit", "kube"]),
    ("import", &["base", "syntax"]),
    ("driver", &["base", "syntax", "check", "eval", "kube", "emit", "build", "import"]),
    ("cli", &["base", "driver"]),
];

/// Crates that reach files, time and the environment directly; all others go through `base::World`.
const WITH_SYSTEM: &[&str] = &["driver", "cli"];

/// How Rust source names the disk, the clock, the environment, other programs and the network.
const SYSTEM: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "std::time",
    "SystemTime",
    "Instant::now",
    "TcpStream",
    "UdpSocket",
    "std::io::std",
    "File::open",
];

/// The Rust files of a crate's `src` without its tests.
fn sources(name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join("lang").join(name).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_test = path.file_stem().is_some_and(|stem| stem == "tests" || stem == "fixture");
            if path.is_dir() {
                open.push(path);
            } else if !is_test && path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "`lang/{name}/src` has no sources");
    found
}

/// The lines of code that contain one of `words`, as `file:line: text`; comments do not count.
fn lines_with(crates: &[&str], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in crates.iter().flat_map(|name| sources(name)) {
        for (index, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                found.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    found
}

/// The crates of the workspace in the section `[dependencies]` of a crate.
fn dependencies(manifest: &Path) -> Vec<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let section = text.split("\n[").find_map(|section| section.strip_prefix("dependencies]")).unwrap_or_default();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("forge-")?.split(['.', ' ', '=']).next())
        .map(String::from)
        .collect()
}

#[test]
fn crates_depend_only_on_lower_layers() {
    assert!(dependencies(&root().join("lang/cli/Cargo.toml")).contains(&String::from("driver")));
    let mut wrong = Vec::new();
    for entry in fs::read_dir(root().join("lang")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap();
        let Some((_, allowed)) = CRATES.iter().find(|(listed, _)| *listed == name) else {
            wrong.push(format!("`{name}` is not in the list of crates"));
            continue;
        };
        let used = dependencies(&folder.join("Cargo.toml"));
        wrong.extend(
            used.iter()
                .filter(|used| !allowed.contains(&used.as_str()))
                .map(|used| format!("`{name}` depends on `{used}`")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_below_the_driver_touches_the_system() {
    let pure: Vec<&str> = CRATES.iter().map(|(name, _)| *name).filter(|name| !WITH_SYSTEM.contains(name)).collect();
    let found = lines_with(&pure, SYSTEM);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_scan_for_the_system_finds_it_in_the_driver() {
    assert!(!lines_with(&["driver"], SYSTEM).is_empty());
}

#[test]
fn the_evaluator_does_not_know_kubernetes_by_name() {
    let found = lines_with(&["eval"], &["\"apiVersion\"", "\"kind\"", "\"Tree\"", "std.output", "std.k8s"]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The first column of the glossary.
fn glossary() -> Vec<String> {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let table = page.split("## Glossary").nth(1).unwrap_or_default();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).skip(1);
    rows.map(String::from).collect()
}

#[test]
fn the_glossary_is_sorted() {
    let terms = glossary();
    assert!(!terms.is_empty());
    let key = |term: &String| term.replace('`', "").to_lowercase();
    let mut sorted = terms.clone();
    sorted.sort_by_key(key);
    assert_eq!(terms, sorted);
}

/// The names of all types and traits that the crates declare.
fn declared_types() -> HashSet<String> {
    let crates: Vec<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    let name = |line: &String| {
        let after = ["struct ", "enum ", "trait "].iter().find_map(|word| Some(line.split_once(word)?.1))?;
        Some(after.chars().take_while(|c| c.is_alphanumeric()).collect())
    };
    lines_with(&crates, &["struct ", "enum ", "trait "]).iter().filter_map(name).collect()
}

#[test]
fn types_in_the_glossary_exist() {
    let declared = declared_types();
    let terms = glossary();
    let types: Vec<&str> = terms.iter().filter_map(|term| term.strip_prefix('`')?.strip_suffix('`')).collect();
    assert!(!types.is_empty());
    let missing: Vec<&&str> = types.iter().filter(|name| !declared.contains(**name)).collect();
    assert!(missing.is_empty(), "no crate declares {missing:?}");
}
