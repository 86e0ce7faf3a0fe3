//! The tables of builtins in the reference match the standard library.
//!
//! `FORGE_REFERENCE=write cargo test -p forge-tests --test reference` regenerates the tables.

use std::fs;

use forge_tests::root;

const PAGE: &str = "docs/reference/07-builtins.md";
const TABLE: &str = "| | | example |\n|---|---|---|\n";

/// Sections of the page whose heading is not the path of their module.
const PRELUDE: &[(&str, &str)] = &[
    ("Types of the prelude", "prelude/main"),
    ("Lists: `[T]`", "prelude/list"),
    ("Keyed lists: `[T by key]`", "prelude/keyed"),
    ("Maps: `{Key: V}`", "prelude/map"),
    ("`String`", "prelude/string"),
    ("`Int`", "prelude/int"),
    ("`Float`", "prelude/float"),
    ("`Bool`", "prelude/bool"),
    ("`Quantity`", "prelude/quantity"),
    ("`Duration`", "prelude/duration"),
    ("`Any`", "prelude/any"),
];

/// Schemas in the tables; others are parts of them.
const SCHEMAS: &[&str] = &["External", "File", "Tree"];

#[test]
fn the_page_of_builtins_lists_what_the_standard_library_declares() {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let mut sections = page.split_inclusive("\n## ").map(str::to_owned).collect::<Vec<_>>();
    let mut problems = Vec::new();
    let mut shown = Vec::new();
    for section in sections.iter_mut().skip(1) {
        let heading = section.lines().next().unwrap().to_owned();
        let std = heading.strip_prefix("`std.").and_then(|rest| rest.strip_suffix('`')).map(str::to_owned);
        let known = PRELUDE.iter().find(|(name, _)| *name == heading).map(|(_, file)| (*file).to_owned());
        let Some(file) = std.or(known) else {
            panic!("section `{heading}` is not about a module of the standard library")
        };
        let source = fs::read_to_string(root().join(format!("stdlib/{file}.forge"))).unwrap();
        let rows: Vec<String> = declarations(&source).iter().map(Declaration::row).collect();
        let (before, table) = section.split_once(TABLE).unwrap_or_else(|| panic!("`{heading}` has no table"));
        let (old, after) = table.split_at(table.find("\n\n").map_or(table.len(), |end| end + 1));
        let old: Vec<&str> = old.lines().collect();
        problems
            .extend(rows.iter().filter(|row| !old.contains(&row.as_str())).map(|row| format!("{file}: missing {row}")));
        problems.extend(
            old.iter().filter(|old| !rows.iter().any(|row| row == *old)).map(|old| format!("{file}: stale {old}")),
        );
        *section = format!("{before}{TABLE}{}\n{after}", rows.join("\n"));
        shown.push(file);
    }
    if std::env::var("FORGE_REFERENCE").is_ok_and(|how| how == "write") {
        fs::write(&path, sections.concat()).unwrap();
        return;
    }
    problems
        .extend(modules().into_iter().filter(|file| !shown.contains(file)).map(|file| format!("{file}: no section")));
    assert!(problems.is_empty(), "{PAGE} is out of date (see the top of this test):\n{}", problems.join("\n"));
}

/// The files of the standard library with public declarations.
fn modules() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "prelude/"] {
        for entry in fs::read_dir(root().join("stdlib").join(folder)).expect("a folder of `stdlib`") {
            let path = entry.expect("a file of `stdlib`").path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".forge")) else { continue };
            if !declarations(&fs::read_to_string(&path).expect("a readable file")).is_empty() {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    found
}

struct Declaration {
    signature: String,
    doc: String,
    example: String,
}

impl Declaration {
    fn row(&self) -> String {
        let example = if self.example.is_empty() { String::new() } else { format!("`{}`", self.example) };
        let cells = [format!("`{}`", self.signature), self.doc.clone(), example];
        format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
    }
}

/// The public declarations of a module: types, constants, functions and [`SCHEMAS`].
fn declarations(source: &str) -> Vec<Declaration> {
    let mut found = Vec::new();
    let mut docs: Vec<&str> = Vec::new();
    let mut annotations: Vec<&str> = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if let Some(doc) = line.strip_prefix("///") {
            docs.push(doc.trim());
        } else if line.starts_with('@') {
            annotations.push(line);
        } else {
            let mut whole = line.to_owned();
            while whole.matches('(').count() > whole.matches(')').count() && whole.starts_with("fn ") {
                whole.push_str(lines.next().expect("a bracket that is closed").trim());
            }
            let is_hidden = annotations.contains(&"@internal");
            let kind = if annotations.contains(&"@property") { FnKind::Property } else { FnKind::Method };
            if let Some(signature) = signature(&whole, kind).filter(|_| !is_hidden) {
                found.push(declaration(signature, &docs));
            }
            docs.clear();
            annotations.clear();
        }
    }
    found
}

fn declaration(signature: String, docs: &[&str]) -> Declaration {
    let (examples, prose): (Vec<&str>, Vec<&str>) = docs.iter().partition(|line| line.starts_with("Example:"));
    let example = examples.first().and_then(|line| line.strip_prefix("Example: `")?.strip_suffix('`'));
    let prose = prose.iter().filter(|line| !line.is_empty()).copied().collect::<Vec<_>>().join(" ");
    Declaration { signature, doc: prose, example: example.unwrap_or_default().to_owned() }
}

#[derive(Clone, Copy)]
enum FnKind {
    Method,
    Property,
}

fn signature(line: &str, kind: FnKind) -> Option<String> {
    let (keyword, rest) = line.split_once(' ')?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    match keyword {
        _ if name.starts_with('_') => None,
        "type" | "let" => Some(name),
        "schema" => SCHEMAS.contains(&name.as_str()).then_some(name),
        "fn" => Some(function(&name, rest, kind)),
        _ => None,
    }
}

/// The signature of a function without type parameters, receiver and body: `take(count: Int): [T]` for
/// `take<T>(self: [T], count: Int): [T]`. A property has no parameters.
fn function(name: &str, rest: &str, kind: FnKind) -> String {
    let open = rest.find('(').expect("parameters");
    let close = end_of(&rest[open + 1..], ')') + open + 1;
    let mut parameters = &rest[open + 1..close];
    if let Some(receiver) = parameters.strip_prefix("self:") {
        let end = end_of(receiver, ',');
        parameters = receiver.get(end + 1..).unwrap_or("").trim();
    }
    let result = &rest[close + 1..];
    let result = result.split_once(" = ").map_or(result, |(result, _)| result).trim_end();
    match kind {
        FnKind::Property => format!("{name}{result}"),
        FnKind::Method => format!("{name}({}){result}", parameters.trim_end_matches(',')),
    }
}

/// The index of the first `wanted` outside of brackets.
fn end_of(text: &str, wanted: char) -> usize {
    let mut depth = 0;
    for (index, c) in text.char_indices() {
        if depth == 0 && c == wanted {
            return index;
        }
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
    }
    text.len()
}
