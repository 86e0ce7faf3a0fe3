//! The builtins that the standard library declares are exactly those that the evaluator implements.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use forge_eval::builtin;

/// Collects the run-time names of the functions without a body in the modules of a folder.
fn declared(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            declared(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "forge") {
            // A folder's `main.forge` is the module of the folder.
            let is_main = path.file_name().is_some_and(|name| name == "main.forge");
            let named = if is_main { folder.file_name() } else { path.file_stem() };
            let module = named.expect("it has a name").to_string_lossy().into_owned();
            let source = fs::read_to_string(&path).expect("it can be read");
            names.extend(without_body(&source).map(|name| format!("{module}.{name}")));
        }
    }
}

/// The names of a module's functions whose result type is followed by neither `=` nor braces.
fn without_body(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let (head, rest) = line.strip_prefix("fn ")?.split_once('(')?;
        let name = head.split('<').next()?;
        // The `=` of a parameter's default is inside the parentheses.
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
fn each_declared_builtin_is_implemented_and_no_other() {
    let mut declared_names = BTreeSet::new();
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib"), &mut declared_names);
    let implemented: BTreeSet<String> = builtin::names().map(str::to_owned).collect();
    let missing: Vec<_> = declared_names.difference(&implemented).collect();
    let surplus: Vec<_> = implemented.difference(&declared_names).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "not implemented: {missing:?}\nnot declared: {surplus:?}");
    assert_eq!(implemented.len(), builtin::names().count(), "each name is in one table once");
}
