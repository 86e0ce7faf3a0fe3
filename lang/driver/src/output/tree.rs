//! The files of a build by path. Every path is checked to be inside the output folder.

use std::collections::BTreeMap;

use forge_base::{Code, Diag, Span};
use rustc_hash::FxHashMap;

/// A file that a build writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputFile {
    /// Its path below the output folder, with forward slashes.
    pub path: String,
    /// Its content.
    pub text: String,
    /// The span in the program that created it.
    pub span: Option<Span>,
}

/// Files by normalized path.
#[derive(Clone, Default, Debug)]
pub struct Tree {
    files: BTreeMap<String, OutputFile>,
}

impl Tree {
    /// The files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = &OutputFile> {
        self.files.values()
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&OutputFile> {
        self.files.get(path)
    }

    /// A tree of these files. Reports files that cannot be written together.
    pub fn build(files: Vec<OutputFile>) -> (Tree, Vec<Diag>) {
        let mut tree = Tree::default();
        let mut diags = Vec::new();
        for mut file in files {
            let Some(path) = normalize(&file.path) else {
                diags.push(bad_path(&file));
                continue;
            };
            file.path = path;
            match tree.files.get(&file.path) {
                Some(other) => diags.push(duplicate(other, &file)),
                None => {
                    tree.files.insert(file.path.clone(), file);
                }
            }
        }
        tree.find_conflicts(&mut diags);
        (tree, diags)
    }

    fn find_conflicts(&self, diags: &mut Vec<Diag>) {
        let mut folded: FxHashMap<String, &OutputFile> = FxHashMap::default();
        for file in self.files.values() {
            let parents = file.path.match_indices('/').map(|(end, _)| &file.path[..end]);
            if let Some(other) = parents.filter_map(|parent| self.files.get(parent)).next() {
                diags.push(file_and_folder(other, file));
            }
            if let Some(other) = folded.insert(file.path.to_lowercase(), file) {
                diags.push(differ_in_case(other, file));
            }
        }
    }
}

/// The path without empty and `.` parts; `None` if it is not a path inside the folder.
fn normalize(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', '\0']) || path.chars().any(char::is_control) {
        return None;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let is_drive = parts.first().is_some_and(|part| part.len() == 2 && part.ends_with(':'));
    let is_own = parts.first().is_some_and(|part| part.starts_with(super::owned::FILE_NAME));
    let is_bad = parts.is_empty() || parts.contains(&"..") || is_drive || is_own || path.ends_with('/');
    (!is_bad).then(|| parts.join("/"))
}

fn located(diag: Diag, span: Option<Span>, text: &str) -> Diag {
    match span {
        Some(span) => diag.at(span, text),
        None => diag,
    }
}

fn bad_path(file: &OutputFile) -> Diag {
    let diag = Diag::error(Code::BAD_OUTPUT_PATH, format!("`{}` is not a path inside the output folder", file.path))
        .help("write a relative path with `/` as separator and without `..`");
    located(diag, file.span, "this file")
}

fn duplicate(first: &OutputFile, second: &OutputFile) -> Diag {
    let diag = Diag::error(Code::DUPLICATE_OUTPUT, format!("two outputs have the path `{}`", second.path));
    let diag = located(diag, second.span, "second output");
    match first.span {
        Some(span) => diag.label(span, "first output"),
        None => diag,
    }
}

fn file_and_folder(file: &OutputFile, inner: &OutputFile) -> Diag {
    let diag = Diag::error(Code::DUPLICATE_OUTPUT, format!("`{}` is both a file and a folder", file.path))
        .note(format!("`{}` is inside it", inner.path));
    located(diag, inner.span, "requires a folder of that name")
}

fn differ_in_case(first: &OutputFile, second: &OutputFile) -> Diag {
    let diag =
        Diag::warning(Code::DUPLICATE_OUTPUT, format!("`{}` and `{}` differ only in case", first.path, second.path))
            .note("on macOS and Windows one overwrites the other");
    located(diag, second.span, "second output")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(paths: &[&str]) -> Vec<String> {
        let files = paths.iter().map(|&path| OutputFile { path: path.into(), text: String::new(), span: None });
        let (tree, diags) = Tree::build(files.collect());
        let mut lines: Vec<String> = tree.files().map(|file| file.path.clone()).collect();
        lines.extend(diags.into_iter().map(|diag| format!("{}: {}", diag.code, diag.headline)));
        lines
    }

    #[test]
    fn paths_are_normalized() {
        assert_eq!(build(&["./a//b.yaml", "c/./d"]), ["a/b.yaml", "c/d"]);
    }

    #[test]
    fn paths_outside_the_folder_are_rejected() {
        for path in ["../a", "a/../../b", "/etc/passwd", "a\\b", "", ".", "C:/x", "a/", ".forge-manifest.json", "a\nb"]
        {
            assert_eq!(build(&[path]).len(), 1, "{path:?}");
            assert!(build(&[path])[0].starts_with("F0705"), "{path:?}");
        }
    }

    #[test]
    fn two_files_with_one_path_are_an_error() {
        assert_eq!(build(&["a", "./a"]), ["a", "F0704: two outputs have the path `a`"]);
        assert_eq!(build(&["a", "a/b"]), ["a", "a/b", "F0704: `a` is both a file and a folder"]);
    }

    #[test]
    fn names_that_differ_only_in_case_are_a_warning() {
        assert_eq!(build(&["A", "a"]), ["A", "a", "F0704: `A` and `a` differ only in case"]);
    }
}
