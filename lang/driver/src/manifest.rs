//! `forge.toml`, the manifest of a package.
//!
//! ```toml
//! [package]
//! name = "k8s_ops"
//! edition = "2026"
//!
//! [dependencies]
//! shared = { path = "../shared" }
//! ```

use std::ops::Range;

use forge_base::english::article;
use forge_base::{Code, Diag, FileId, Span, suggest};
use forge_kube::Version;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name of the file.
pub const FILE_NAME: &str = "forge.toml";

/// The supported editions.
pub const EDITIONS: &[&str] = &["2026"];

/// The keys of `[package]`.
const PACKAGE_KEYS: &[&str] = &["name", "edition", "version", "description", "kubernetes"];

/// A valid manifest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// The name of the package in imports.
    pub name: String,
    /// The span of the name.
    pub name_span: Span,
    /// Its version; informational.
    pub version: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// The Kubernetes version that it is written for.
    pub kubernetes: Option<Version>,
    /// The packages that it may import from.
    pub dependencies: Vec<Dependency>,
}

/// An entry of `[dependencies]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// Its name in imports, which is also its name in its own manifest.
    pub name: String,
    /// Its folder, relative to that of the manifest.
    pub path: String,
    /// The span of the whole entry.
    pub span: Span,
}

/// Parses a manifest. Returns one only if there are no errors.
pub fn parse(file: FileId, text: &str) -> (Option<Manifest>, Vec<Diag>) {
    let mut reader = Reader { file, text, diags: Vec::new() };
    let manifest = match DeTable::parse(text) {
        Ok(table) => reader.manifest(table.get_ref()),
        Err(error) => {
            let message = error.message().lines().next().unwrap_or("").to_lowercase();
            let span = error.span().unwrap_or(0..0);
            reader.error(span, "`forge.toml` is not valid TOML", message);
            None
        }
    };
    reader.diags.sort_by_key(|diag| diag.span().map(|span| span.start));
    if reader.diags.iter().any(Diag::is_error) { (None, reader.diags) } else { (manifest, reader.diags) }
}

type Table<'i> = DeTable<'i>;
type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    diags: Vec<Diag>,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn error(&mut self, range: Range<usize>, headline: &str, label: impl Into<String>) {
        let span = self.span(range);
        self.diags.push(Diag::error(Code::BAD_MANIFEST, headline).at(span, label));
    }

    /// Adds a fix to the last error: `text` in place of its span.
    fn suggest(&mut self, text: String) {
        if let Some(diag) = self.diags.pop() {
            let span = diag.span();
            self.diags.push(match span {
                Some(span) => diag.maybe_fix(format!("write `{text}`"), span, text),
                None => diag,
            });
        }
    }

    fn manifest(&mut self, table: &Table) -> Option<Manifest> {
        self.reject_unknown(table, &["package", "dependencies"], "`forge.toml`");
        let Some(package) = table.get("package") else {
            self.error(0..0, "`forge.toml` has no `[package]`", "a package needs a name and an edition");
            return None;
        };
        let dependencies = self.dependencies(table);
        let range = package.span();
        let package = self.table(package, "`package`")?;
        self.reject_unknown(package, PACKAGE_KEYS, "`[package]`");
        self.edition(package, range.clone());
        let kubernetes = self.kubernetes(package);
        let (name, name_range) = self.name(package, range)?;
        Some(Manifest {
            name_span: self.span(name_range),
            name,
            version: self.string(package, "version"),
            description: self.string(package, "description"),
            kubernetes,
            dependencies,
        })
    }

    fn name(&mut self, package: &Table, range: Range<usize>) -> Option<(String, Range<usize>)> {
        let Some(value) = package.get("name") else {
            if is_misspelt(package, "name") {
                return None;
            }
            self.error(range, "`[package]` has no `name`", "add `name = \"…\"`");
            return None;
        };
        let name = self.text(value, "`name`")?;
        if is_package_name(&name) {
            return Some((name, value.span()));
        }
        let label = if name == "std" {
            "`std` is the standard library"
        } else {
            "use lower-case letters, digits and `_`, starting with a letter"
        };
        self.error(value.span(), &format!("`{name}` is not a valid package name"), label);
        if let Some(near) = near_name(&name) {
            self.suggest(format!("{near:?}"));
        }
        None
    }

    fn edition(&mut self, package: &Table, range: Range<usize>) {
        let Some(value) = package.get("edition") else {
            if is_misspelt(package, "edition") {
                return;
            }
            self.error(range, "`[package]` has no `edition`", format!("add `edition = \"{}\"`", EDITIONS[0]));
            return;
        };
        let Some(edition) = self.text(value, "`edition`") else { return };
        if !EDITIONS.contains(&edition.as_str()) {
            let span = self.span(value.span());
            let diag = Diag::error(Code::UNSUPPORTED_EDITION, format!("unsupported edition `{edition}`"))
                .at(span, "not supported by this compiler")
                .note(format!("supported editions: {}", EDITIONS.join(", ")))
                .maybe_fix(format!("write `{}`", EDITIONS[0]), span, format!("\"{}\"", EDITIONS[0]));
            self.diags.push(diag);
        }
    }

    fn dependencies(&mut self, table: &Table) -> Vec<Dependency> {
        let Some(value) = table.get("dependencies") else { return Vec::new() };
        let Some(entries) = self.table(value, "`dependencies`") else { return Vec::new() };
        let mut dependencies = Vec::new();
        for (key, value) in entries.iter() {
            let span = self.span(key.span().start..value.span().end);
            let name = key.get_ref().to_string();
            if !is_package_name(&name) {
                self.error(key.span(), &format!("`{name}` is not a valid package name"), "imports cannot name it");
                continue;
            }
            let Some(entry) = self.table(value, "a dependency") else {
                let path = value.get_ref().as_str().unwrap_or("…");
                self.suggest(format!("{{ path = {path:?} }}"));
                continue;
            };
            self.reject_unknown(entry, &["path"], &format!("dependency `{name}`"));
            match self.string(entry, "path") {
                Some(path) => dependencies.push(Dependency { name, path, span }),
                // An unknown key was reported, and is taken for the missing one.
                None if !entry.is_empty() => {}
                None => {
                    self.error(value.span(), &format!("dependency `{name}` has no `path`"), "write `{ path = \"…\" }`")
                }
            }
        }
        dependencies.sort_by_key(|dependency| dependency.span.start);
        dependencies
    }

    fn table<'v, 'i>(&mut self, value: &'v Value<'i>, what: &str) -> Option<&'v Table<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let found = value.get_ref().type_str();
            self.error(value.span(), &format!("{what} must be a table"), format!("this is {} {found}", article(found)));
        }
        table
    }

    fn text(&mut self, value: &Value, what: &str) -> Option<String> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            let found = value.get_ref().type_str();
            self.error(
                value.span(),
                &format!("{what} must be a string"),
                format!("this is {} {found}", article(found)),
            );
            let written = self.text.get(value.span()).unwrap_or_default();
            if matches!(found, "integer" | "float") {
                self.suggest(format!("\"{written}\""));
            }
        }
        text.map(str::to_owned)
    }

    fn string(&mut self, table: &Table, key: &str) -> Option<String> {
        let value = table.get(key)?;
        self.text(value, &format!("`{key}`"))
    }

    fn kubernetes(&mut self, package: &Table) -> Option<Version> {
        let value = package.get("kubernetes")?;
        let text = self.text(value, "`kubernetes`")?;
        let version = text.parse().ok();
        if version.is_none() {
            let label = format!("supported versions: {} to {}", Version::OLDEST, Version::NEWEST);
            self.error(value.span(), "unsupported Kubernetes version", label);
        }
        version
    }

    fn reject_unknown(&mut self, table: &Table, known: &[&str], whose: &str) {
        for (key, _) in table.iter() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let span = self.span(key.span());
            let diag = Diag::error(Code::BAD_MANIFEST, format!("{whose} has no key `{name}`")).at(span, "unknown key");
            self.diags.push(match suggest::nearest(name, known.iter().copied()) {
                Some(near) => {
                    diag.help(format!("did you mean `{near}`?")).maybe_fix(format!("write `{near}`"), span, near)
                }
                None => diag.help(format!("known keys: {}", known.join(", "))),
            });
        }
    }
}

/// The name with invalid characters replaced, if that makes it valid.
fn near_name(name: &str) -> Option<String> {
    let near: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    is_package_name(&near).then_some(near)
}

/// Whether an unknown key of `[package]`, which was reported, looks like a misspelling of this one.
fn is_misspelt(package: &Table, key: &str) -> bool {
    let unknown = package.iter().filter(|(other, _)| !PACKAGE_KEYS.contains(&other.get_ref().as_ref()));
    unknown.into_iter().any(|(other, _)| suggest::nearest(other.get_ref(), PACKAGE_KEYS.iter().copied()) == Some(key))
}

/// Whether this is a valid name for a package: imports can write it, and it is not `std`.
pub fn is_package_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && name != "std"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headlines(text: &str) -> Vec<String> {
        parse(FileId(0), text).1.into_iter().map(|diag| format!("{}: {}", diag.code, diag.headline)).collect()
    }

    #[test]
    fn a_complete_manifest_is_parsed() {
        let text = "[package]\nname = \"shop\"\nedition = \"2026\"\nversion = \"1.2.0\"\n\n[dependencies]\nbase = { path = \"../base\" }\n";
        let (manifest, diags) = parse(FileId(0), text);
        assert!(diags.is_empty(), "{diags:?}");
        let manifest = manifest.unwrap();
        assert_eq!((manifest.name.as_str(), manifest.version.as_deref()), ("shop", Some("1.2.0")));
        assert_eq!(manifest.dependencies[0].path, "../base");
        assert_eq!(&text[manifest.dependencies[0].span.range()], "base = { path = \"../base\" }");
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        assert_eq!(
            headlines("[package]\nnmae = \"x\"\n"),
            ["F0801: `[package]` has no `edition`", "F0801: `[package]` has no key `nmae`"]
        );
        assert_eq!(
            headlines("name = \"x\""),
            ["F0801: `forge.toml` has no key `name`", "F0801: `forge.toml` has no `[package]`"]
        );
        assert_eq!(
            headlines("[package]\nname = \"a-b\"\nedition = \"2025\"\n"),
            ["F0801: `a-b` is not a valid package name", "F0810: unsupported edition `2025`"]
        );
        assert_eq!(headlines("[package\n"), ["F0801: `forge.toml` is not valid TOML"]);
    }

    #[test]
    fn a_similar_key_is_suggested() {
        let (_, diags) = parse(FileId(0), "[package]\nname = \"x\"\nedition = \"2026\"\nverison = \"1\"\n");
        assert_eq!(diags[0].help.as_deref(), Some("did you mean `version`?"));
    }

    #[test]
    fn a_dependency_without_a_path_is_an_error() {
        let text = "[package]\nname = \"x\"\nedition = \"2026\"\n[dependencies]\ny = {}\nz = \"1.0\"\n";
        assert_eq!(headlines(text), ["F0801: dependency `y` has no `path`", "F0801: a dependency must be a table"]);
        let git = "[package]\nname = \"x\"\nedition = \"2026\"\n[dependencies]\ny = { git = \"u\" }\n";
        assert_eq!(headlines(git), ["F0801: dependency `y` has no key `git`"]);
    }

    #[test]
    fn a_likely_correction_is_suggested() {
        let text = "[package]\nname = \"My-Shop\"\nedition = 2026\nkubernetes = 1.35\n[dependencies]\ny = \"../y\"\n";
        let (_, diags) = parse(FileId(0), text);
        let fixes: Vec<&str> = diags.iter().map(|diag| diag.fixes[0].edits[0].text.as_str()).collect();
        assert_eq!(fixes, ["\"my_shop\"", "\"2026\"", "\"1.35\"", "{ path = \"../y\" }"]);
    }
}
