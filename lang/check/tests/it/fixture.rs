//! Programs for tests: modules from text, with the prelude and the builtin modules of the standard library.

use std::path::{Path, PathBuf};

use forge_base::{Diag, Files};
use forge_check::{Checked, Collect, ImportTarget, ModuleId, NameTarget, Source, SourcePackage, check_with};

mod sources;

/// A checked program and its texts.
pub(crate) struct Fixture {
    files: Files,
    /// The result of checking.
    pub(crate) checked: Checked,
}

/// Checks modules, each a dotted path and a source, which must parse.
pub(crate) fn modules(texts: &[(&str, &str)]) -> Fixture {
    let (fixture, syntax) = check_texts(texts);
    assert_eq!(syntax, [], "the sources parse");
    fixture
}

/// Checks one module named `main`.
pub(crate) fn module(text: &str) -> Fixture {
    modules(&[("main", text)])
}

/// Checks one module named `main` that need not parse.
pub(crate) fn broken_module(text: &str) -> Fixture {
    check_texts(&[("main", text)]).0
}

/// The headlines of all errors of one module that need not parse, in the order of the text.
pub(crate) fn slip(text: &str) -> Vec<String> {
    let (fixture, mut diags) = check_texts(&[("main", text)]);
    diags.extend(fixture.checked.diags);
    diags.sort_by_key(|diag| diag.span().map(|span| span.start));
    diags.into_iter().filter(Diag::is_error).map(|diag| diag.headline).collect()
}

/// Checks modules, and gives what does not parse in them.
fn check_texts(texts: &[(&str, &str)]) -> (Fixture, Vec<Diag>) {
    let mut all: Vec<(String, String)> =
        texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib");
    all.extend(library(&root, "std"));
    let mut files = Files::default();
    let (sources, syntax) = sources::sources(&mut files, &all);
    let checked = check_with(&sources, Collect::Facts);
    (Fixture { files, checked }, syntax)
}

/// The modules without dependencies of their own: the prelude and the builtin ones.
fn library(folder: &Path, path: &str) -> Vec<(String, String)> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the library is there").map(|entry| entry.expect("readable").path()).collect();
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.file_stem().and_then(|name| name.to_str()).expect("names are UTF-8").to_owned();
        if entry.is_dir() && name == "prelude" {
            found.extend(library(&entry, &format!("{path}.{name}")));
        } else if entry.extension().is_some_and(|extension| extension == "forge") {
            let text = std::fs::read_to_string(&entry).expect("readable");
            let path = if name == "main" { path.to_owned() } else { format!("{path}.{name}") };
            found.push((path, text));
        }
    }
    found
}

impl Fixture {
    /// Everything that was reported, in full.
    pub(crate) fn report(&self) -> String {
        self.checked.diags.iter().map(|diag| self.show(diag)).collect::<Vec<_>>().join("\n")
    }

    fn show(&self, diag: &Diag) -> String {
        let severity = format!("{:?}", diag.severity).to_lowercase();
        let mut text = format!("{severity}[{}]: {}\n", diag.code, diag.headline);
        for label in diag.primary.iter().chain(&diag.labels) {
            let source = self.files.get(label.span.file).expect("spans are of known files");
            text.push_str(&format!(
                "  {} `{}`: {}\n",
                self.files.location(label.span),
                source.slice(label.span),
                label.text
            ));
        }
        for note in &diag.notes {
            text.push_str(&format!("  note: {note}\n"));
        }
        if let Some(help) = &diag.help {
            text.push_str(&format!("  help: {help}\n"));
        }
        for fix in &diag.fixes {
            let edits: Vec<String> =
                fix.edits.iter().map(|edit| format!("{} → {:?}", self.files.location(edit.span), edit.text)).collect();
            text.push_str(&format!("  fix: {} ({})\n", fix.title, edits.join(", ")));
        }
        text
    }

    /// The type of a global of the first module.
    pub(crate) fn ty(&self, name: &str) -> String {
        let module = self.checked.program.module(ModuleId(0));
        let global = module.globals.iter().find(|global| global.name.as_str() == name).expect("the test declares it");
        forge_check::display::show(&self.checked.decls, &global.ty)
    }
}
