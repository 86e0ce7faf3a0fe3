//! Robustness against half-typed programs: each token of the project's own programs is deleted in turn, and what `forgec check` then
//! reports is counted. One slip is one error.
//!
//! The test takes a sample. `FORGE_DELETIONS=all cargo test -p forge-tests --test deletions -- --nocapture` tries every token and
//! prints all cases with several errors.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::Diag;
use forge_check::{ImportTarget, Source};
use forge_driver::{Loaded, MemoryWorld, Session};
use forge_syntax::TokenKind;
use forge_syntax::ast::{ImportBinds, ItemKind, Module};

/// Of so many tokens one is deleted.
const STRIDE: usize = 29;

/// The lowest share of deletions with errors that have exactly one.
const ONE_ERROR: f64 = 0.85;

/// The lowest share of deletions with at most four errors.
const FEW_ERRORS: f64 = 0.99;

/// A loaded package, with everything that it imports.
struct Package {
    loaded: Loaded,
    /// The modules whose tokens are deleted.
    own: Vec<usize>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a folder, with their paths relative to it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// A package of the repository.
fn package(folder: &Path) -> Package {
    let mut world = MemoryWorld::default();
    for path in files(folder) {
        if let Ok(text) = fs::read_to_string(&path) {
            world.add(Path::new("/w").join(path.strip_prefix(folder).expect("the file is in the folder")), text);
        }
    }
    let mut session = Session::new(Arc::new(world), "/w");
    let modules = session.find_modules(None).expect("the package has modules");
    let loaded = session.load(&modules);
    let own = |source: &&Source| modules.contains(&source.id);
    let own = loaded.sources.iter().filter(own).map(|source| position(&loaded, source)).collect();
    Package { loaded, own }
}

/// The standard library, as a program that imports all of it loads it.
fn library() -> Package {
    let folder = root().join("stdlib");
    let mut imports = String::new();
    for path in files(&folder).iter().filter(|path| path.extension().is_some_and(|extension| extension == "forge")) {
        let path = path.strip_prefix(&folder).expect("the file is in the folder").with_extension("");
        let names: Vec<&str> = path.iter().filter_map(|part| part.to_str()).filter(|part| *part != "main").collect();
        if names.first().is_some_and(|first| *first != "prelude") {
            imports.push_str(&format!("import std.{} as m{}\n", names.join("."), imports.len()));
        }
    }
    let mut world = MemoryWorld::default();
    world.add("/w/forge.toml", "[package]\nname = \"all\"\nedition = \"2026\"\n");
    world.add("/w/main.forge", imports);
    let mut session = Session::new(Arc::new(world), "/w");
    let modules = session.find_modules(None).expect("the package has a module");
    let loaded = session.load(&modules);
    let is_kubernetes =
        |source: &Source| source.path.as_str().starts_with("std.k8s") || source.path.as_str().starts_with("std.crds.");
    let own = loaded.sources.iter().filter(|source| source.is_std() && !is_kubernetes(source));
    let own = own.map(|source| position(&loaded, source)).collect();
    Package { loaded, own }
}

fn position(loaded: &Loaded, source: &Source) -> usize {
    loaded.sources.iter().position(|other| other.id == source.id).expect("it is one of them")
}

/// The path and names of each import of a tree.
fn imports(tree: &Module) -> Vec<(String, Vec<String>)> {
    let imports = tree.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Import(import) => Some(import),
        _ => None,
    });
    let shown = imports.map(|import| {
        let path: Vec<&str> = import.path.iter().map(|part| part.name.as_str()).collect();
        let names = match &import.binds {
            ImportBinds::Module(_) => Vec::new(),
            ImportBinds::Names(names) => names.iter().map(|name| name.name.name.to_string()).collect(),
        };
        (format!("{}{}", ".".repeat(import.dots as usize), path.join(".")), names)
    });
    shown.collect()
}

/// The errors of a package in which one module has another text. The imports that it still has lead where they led.
fn errors(package: &Package, module: usize, text: &str) -> Vec<Diag> {
    let mut sources = package.loaded.sources.clone();
    let source = &mut sources[module];
    let parsed = forge_syntax::parse(source.file, text);
    let old = imports(&source.ast);
    let mut diags = parsed.diags;
    let new = imports(&parsed.module).into_iter().map(|(path, names)| {
        let half_typed = path.ends_with('.') || path.contains("..") && !path.starts_with('.');
        let Some(at) = old.iter().position(|(other, _)| *other == path) else {
            if !half_typed {
                diags.push(Diag::error(forge_base::Code::UNKNOWN_IMPORT, format!("there is no module `{path}`")));
            }
            return ImportTarget::Unresolved;
        };
        match &source.imports[at] {
            ImportTarget::Names(targets) => {
                let member = targets.first().cloned();
                let target =
                    |name: &String| old[at].1.iter().position(|other| other == name).map(|at| targets[at].clone());
                let found = names.iter().map(|name| target(name).or(member.clone()));
                ImportTarget::Names(found.map(|target| target.unwrap_or(forge_check::NameTarget::Unresolved)).collect())
            }
            target => target.clone(),
        }
    });
    source.imports = new.collect();
    source.has_syntax_errors = !diags.is_empty();
    source.text = text.into();
    source.ast = Arc::new(parsed.module);
    diags.extend(forge_check::check(&sources).diags);
    diags.retain(Diag::is_error);
    diags
}

/// Deletes tokens, and gives for each deletion with errors how many there are, and what it is.
fn deletions(package: &Package, stride: usize) -> Vec<(usize, String)> {
    let mut cases = Vec::new();
    for &module in &package.own {
        let text = &package.loaded.sources[module].text;
        let parsed = forge_syntax::parse(package.loaded.sources[module].file, text);
        let tokens = parsed.tokens.list.iter().filter(|token| !token.kind.is_trivia() && token.end > token.start);
        cases.extend(tokens.map(|token| (module, *token)));
    }
    let cases: Vec<_> = cases.into_iter().step_by(stride).collect();
    let found = cases.iter().map(|&(module, token)| {
        let source = &package.loaded.sources[module];
        let text = format!("{}{}", &source.text[..token.start as usize], &source.text[token.end as usize..]);
        let found = errors(package, module, &text);
        let line = source.text[..token.start as usize].matches('\n').count();
        let shown = source.text.lines().nth(line).unwrap_or("").trim();
        let kind: TokenKind = token.kind;
        let heads: Vec<&str> = found.iter().map(|diag| diag.headline.as_str()).take(6).collect();
        let place = format!("{}:{} {kind:?} `{}`", source.path, line + 1, token.text(&source.text));
        (found.len(), format!("{place} in: {shown}\n      {}", heads.join("\n      ")))
    });
    found.collect()
}

#[test]
fn deleting_a_token_is_one_error() {
    let is_all = std::env::var("FORGE_DELETIONS").is_ok_and(|value| value == "all");
    let stride = match std::env::var("FORGE_DELETIONS").ok().and_then(|value| value.parse().ok()) {
        Some(stride) => stride,
        None if is_all => 1,
        None => STRIDE,
    };
    let mut packages = vec![package(&root().join("clusters")), library()];
    for entry in fs::read_dir(root().join("examples")).expect("the folder is readable") {
        let folder = entry.expect("the entry is readable").path();
        if folder.join("forge.toml").is_file() {
            packages.push(package(&folder));
        }
    }
    let found: Vec<(usize, String)> = packages.iter().flat_map(|package| deletions(package, stride)).collect();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (count, _) in &found {
        *counts.entry(*count).or_default() += 1;
    }
    let share = |test: fn(usize) -> bool| {
        let with_errors = found.iter().filter(|(count, _)| *count > 0);
        with_errors.clone().filter(|(count, _)| test(*count)).count() as f64 / with_errors.count().max(1) as f64
    };
    let (one, few) = (share(|count| count == 1), share(|count| count <= 4));
    println!("{} deletions, exactly one error: {:.1} %, at most four: {:.1} %", found.len(), one * 100.0, few * 100.0);
    println!("errors and deletions: {counts:?}");
    let mut worst: Vec<&(usize, String)> = found.iter().filter(|(count, _)| *count > 1).collect();
    worst.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let shown: Vec<String> = worst.iter().map(|(count, case)| format!("{count} {case}")).collect();
    println!("{}", shown.join("\n"));
    assert!(one >= ONE_ERROR && few >= FEW_ERRORS, "one error: {one}, at most four: {few}\n{}", shown.join("\n"));
}
