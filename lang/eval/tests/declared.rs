//! The built-in functions that the standard library declares are those that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use forge_eval::builtin::tables;

/// The run-time names of the functions without a body in the modules of a folder.
fn declared(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            declared(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "forge") {
            let module = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            names.extend(
                bodiless(&fs::read_to_string(&path).expect("it can be read")).map(|name| format!("{module}.{name}")),
            );
        }
    }
}

/// The names of a module's functions that have neither `=` nor braces behind their results.
fn bodiless(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (head, rest) = line.strip_prefix("fn ")?.split_once('(')?;
        let name = head.split('<').next()?;
        // A default of a parameter is no body: only what stands behind the closing parenthesis counts.
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        })?;
        let has_body = rest[end..].replace("->", "").contains(" = ") || rest.trim_end().ends_with('=');
        (!has_body).then_some(name)
    })
}

#[test]
fn each_declared_builtin_is_there_and_no_other() {
    let mut wanted = BTreeSet::new();
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib"), &mut wanted);
    let there: BTreeSet<String> = tables().map(|(name, _)| name.to_owned()).collect();
    let missing: Vec<_> = wanted.difference(&there).collect();
    let surplus: Vec<_> = there.difference(&wanted).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:?}\nnot declared: {surplus:?}");
    assert_eq!(there.len(), tables().count(), "each name stands in one table once");
}
