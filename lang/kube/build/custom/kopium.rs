//! Reads one file that kopium wrote: structs and enums with their docs, and what kind the file describes.

use std::collections::BTreeMap;

use crate::model::{Kind, Scope};
use crate::text::{between, quoted};

/// What one file says: the definition of one kind.
pub(super) struct File {
    /// The kind, with its name; files that lack it describe what has no `spec`.
    pub(super) kind: Option<(String, Kind)>,
    /// The struct that is its `spec`.
    pub(super) spec: String,
    /// The struct that is its `status`.
    pub(super) status: Option<String>,
    pub(super) structs: BTreeMap<String, Struct>,
    pub(super) enums: BTreeMap<String, Vec<String>>,
}

pub(super) struct Struct {
    pub(super) doc: String,
    pub(super) fields: Vec<Field>,
}

pub(super) struct Field {
    pub(super) name: String,
    pub(super) doc: String,
    /// As Rust writes it, without the outer `Option`.
    pub(super) ty: String,
    pub(super) required: bool,
}

/// What stands before a declaration.
#[derive(Default)]
struct Before {
    doc: Vec<String>,
    rename: Option<String>,
}

impl Before {
    fn doc(&mut self) -> String {
        std::mem::take(&mut self.doc).join("\n").trim().to_owned()
    }
}

pub(super) fn parse(text: &str) -> File {
    let mut file = File {
        kind: kind(text),
        spec: String::new(),
        status: text.lines().find(|line| line.starts_with("#[kube(status")).and_then(quoted),
        structs: BTreeMap::new(),
        enums: BTreeMap::new(),
    };
    let mut lines = text.lines();
    let mut before = Before::default();
    let mut is_spec = false;
    while let Some(line) = lines.next() {
        if let Some(doc) = line.strip_prefix("///") {
            before.doc.push(doc.strip_prefix(' ').unwrap_or(doc).trim_end().to_owned());
        } else if line.starts_with("#[kube(group") {
            is_spec = true;
        } else if let Some(name) = between(line, "pub struct ", " {").filter(|_| line.starts_with("pub struct")) {
            let doc = before.doc();
            let fields = if line.ends_with('}') { Vec::new() } else { fields(&mut lines) };
            if std::mem::take(&mut is_spec) {
                file.spec = name.to_owned();
            }
            file.structs.insert(name.to_owned(), Struct { doc, fields });
        } else if let Some(name) = between(line, "pub enum ", " {").filter(|_| line.starts_with("pub enum")) {
            before = Before::default();
            file.enums.insert(name.to_owned(), variants(&mut lines));
        } else if !line.starts_with('#') {
            before = Before::default();
        }
    }
    file
}

fn kind(text: &str) -> Option<(String, Kind)> {
    let line = text.lines().find(|line| line.starts_with("#[kube(group"))?;
    let value = |name: &str| between(line, &format!("{name} = \""), "\"").map(str::to_owned);
    let namespaced = text.lines().any(|line| line == "#[kube(namespaced)]");
    let scope = if namespaced { Scope::Namespaced } else { Scope::Cluster };
    let kind = Kind { group: value("group")?, version: value("version")?, plural: value("plural")?, scope };
    Some((value("kind")?, kind))
}

fn fields<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut before = Before::default();
    for line in lines.take_while(|line| *line != "}") {
        let line = line.trim_start();
        if let Some(doc) = line.strip_prefix("///") {
            before.doc.push(doc.strip_prefix(' ').unwrap_or(doc).trim_end().to_owned());
        } else if line.starts_with("#[serde(") {
            before.rename = between(line, "rename = \"", "\"").map(str::to_owned).or(before.rename);
        } else if let Some((name, ty)) = field(line) {
            let inner = ty.strip_prefix("Option<").and_then(|ty| ty.strip_suffix('>'));
            fields.push(Field {
                name: before.rename.take().unwrap_or_else(|| name.trim_start_matches("r#").to_owned()),
                doc: before.doc(),
                ty: inner.unwrap_or(ty).to_owned(),
                required: inner.is_none(),
            });
        }
    }
    fields
}

fn field(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("pub ")?.strip_suffix(',')?.split_once(": ")
}

/// The values of an enum.
fn variants<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let mut rename = None;
    for line in lines.take_while(|line| *line != "}") {
        let line = line.trim();
        if line.starts_with("#[serde(") {
            rename = between(line, "rename = \"", "\"").map(str::to_owned);
        } else if let Some(name) = line.strip_suffix(',').filter(|_| !line.starts_with("//")) {
            values.push(rename.take().unwrap_or_else(|| name.trim_start_matches("r#").to_owned()));
        }
    }
    values
}
