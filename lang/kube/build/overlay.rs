//! Reads the hand-written tables in `overlay/`, which add what the sources lack.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use crate::core::VERSIONS;
use crate::model::{ALL_VERSIONS, Decl, DeclKey, DeclKind, DeclTable, Field, META, Ty};
use crate::patches::{self, Patches};

/// The contents of all tables.
pub(crate) struct Overlay {
    rows: Vec<FieldPatch>,
    /// Keyed lists of custom resources: prefix of the module path, field, keys.
    lists: Vec<(String, String, Vec<String>)>,
    pub(crate) patches: Patches,
    /// Pairs of modules: an older version of some kinds, and the newer version to use instead.
    pub(crate) superseded: Vec<(String, String)>,
}

/// A change to one field.
struct FieldPatch {
    group: String,
    decl: String,
    field: String,
    change: FieldChange,
    /// The versions that it applies to.
    versions: u8,
    used: Cell<bool>,
}

#[derive(Clone)]
enum FieldChange {
    /// An open set of strings.
    Known(Vec<String>),
    /// A set of strings outside of which the API server rejects everything.
    Closed(Vec<String>),
    Required,
    Optional,
    Keys(Vec<String>),
    Ty(Ty),
}

pub(crate) fn read(folder: &Path) -> Result<Overlay, Box<dyn Error>> {
    let load = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("overlay/{name}: {error}"));
    let mut rows = Vec::new();
    blocks(&load("enums.txt")?, &mut rows, |head| Ok((FieldChange::Known(values(head)), ALL_VERSIONS)))?;
    blocks(&load("types.txt")?, &mut rows, |head| Ok((FieldChange::Ty(named_type(head.trim())), ALL_VERSIONS)))?;
    blocks(&load("api-rules.txt")?, &mut rows, rule)?;
    for line in load("keys.txt")?.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (path, keys) = line.split_once(" by ").ok_or_else(|| format!("overlay/keys.txt: {line}"))?;
        let keys = FieldChange::Keys(keys.split(", ").map(str::to_owned).collect());
        parse_fields(path, &(keys, ALL_VERSIONS), &mut rows)?;
    }
    let mut lists = Vec::new();
    for line in load("lists.txt")?.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let row = line.split_once(": ").and_then(|(module, list)| Some((module, list.split_once(" by ")?)));
        let (module, (fields, keys)) = row.ok_or_else(|| format!("overlay/lists.txt: {line}"))?;
        let keys: Vec<String> = keys.split(", ").map(str::to_owned).collect();
        lists.extend(fields.split(", ").map(|field| (format!("crds.{module}."), field.to_owned(), keys.clone())));
    }
    let mut superseded = Vec::new();
    for line in load("superseded.txt")?.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let row = line.split_once(": ").and_then(|(module, rest)| Some((module, rest.split_once(" -> ")?)));
        let (module, (older, newer)) = row.ok_or_else(|| format!("overlay/superseded.txt: {line}"))?;
        let path = |version| format!("crds.{module}.{version}");
        superseded.extend(older.split(", ").map(|older| (path(older), path(newer))));
    }
    Ok(Overlay { rows, lists, patches: patches::parse(&load("patches.txt")?)?, superseded })
}

/// Parses blocks: lines of values followed by indented lines of fields.
fn blocks(
    text: &str,
    rows: &mut Vec<FieldPatch>,
    read: impl Fn(&str) -> Result<(FieldChange, u8), String>,
) -> Result<(), Box<dyn Error>> {
    let mut head = String::new();
    let mut inside = false;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with("  ") {
            parse_fields(line.trim(), &read(&head)?, rows)?;
            inside = true;
        } else {
            if std::mem::take(&mut inside) {
                head.clear();
            }
            head.push_str(line);
        }
    }
    Ok(())
}

/// Parses `A | B | ""`.
fn values(head: &str) -> Vec<String> {
    let value = |value: &str| if value == "\"\"" { String::new() } else { value.to_owned() };
    head.split('|').map(str::trim).filter(|text| !text.is_empty()).map(value).collect()
}

/// Parses the head of a block of `api-rules.txt`: a rule, the versions if it does not hold for all, and its values, as in
/// `closed 1.33-1.35 = A | B`.
fn rule(head: &str) -> Result<(FieldChange, u8), String> {
    let (head, set) = head.split_once(" = ").unwrap_or((head, ""));
    let (name, versions) = match head.trim().split_once(' ') {
        Some((name, range)) => (name, version_range(range).ok_or_else(|| format!("overlay: no versions: {range}"))?),
        None => (head.trim(), ALL_VERSIONS),
    };
    match name {
        "closed" => Ok((FieldChange::Closed(values(set)), versions)),
        "required" => Ok((FieldChange::Required, versions)),
        "optional" => Ok((FieldChange::Optional, versions)),
        other => Err(format!("overlay: no such rule: {other}")),
    }
}

/// The set of versions of `1.33-1.35`.
fn version_range(range: &str) -> Option<u8> {
    let (first, last) = range.split_once('-')?;
    let at = |version: &str| VERSIONS.iter().position(|known| *known == format!("v{}", version.replace('.', "_")));
    let (first, last) = (at(first)?, at(last)?);
    Some((first..=last).fold(0, |set, index| set | 1 << index))
}

/// Parses `group: Type.field, Type.field` and adds one row per field.
fn parse_fields(
    line: &str,
    (change, versions): &(FieldChange, u8),
    rows: &mut Vec<FieldPatch>,
) -> Result<(), Box<dyn Error>> {
    let (group, fields) = line.split_once(": ").ok_or_else(|| format!("overlay: no group: {line}"))?;
    for path in fields.split(", ") {
        let (decl, field) = path.split_once('.').ok_or_else(|| format!("overlay: no field: {path}"))?;
        let (group, decl, field) = (group.to_owned(), decl.to_owned(), field.to_owned());
        rows.push(FieldPatch {
            group,
            decl,
            field,
            change: change.clone(),
            versions: *versions,
            used: Cell::new(false),
        });
    }
    Ok(())
}

fn named_type(name: &str) -> Ty {
    match name {
        "Count" | "ObjectName" | "SecretBytes" | "SecretText" => Ty::Ref(META.to_owned(), name.to_owned()),
        "{LabelKey: LabelValue}" => Ty::Map(Box::new(Ty::prelude("LabelKey")), Box::new(Ty::prelude("LabelValue"))),
        _ => Ty::prelude(name),
    }
}

impl Overlay {
    /// The keys of a custom resource list, if the table has it and its elements have the key fields.
    pub(crate) fn list_keys(&self, path: &str, field: &str, of_item: &[String]) -> Option<Vec<String>> {
        let fits = |row: &&(String, String, Vec<String>)| {
            path.starts_with(&row.0) && row.1 == field && row.2.iter().all(|key| of_item.contains(key))
        };
        self.lists.iter().find(fits).map(|(_, _, keys)| keys.clone())
    }

    /// Applies the rows to the declarations of one Kubernetes version, given as its bit.
    pub(crate) fn refine(&self, table: &mut DeclTable, version: u8) -> Result<(), Box<dyn Error>> {
        let names: BTreeMap<DeclKey, Vec<String>> = table
            .iter()
            .map(|(key, decl)| (key.clone(), decl.fields().iter().map(|field| field.name.clone()).collect()))
            .collect();
        for ((module, name), decl) in table {
            let group = module.split('.').nth(1).unwrap_or_default();
            let applies = |row: &&FieldPatch| row.group == group && row.decl == *name && row.versions & version != 0;
            for row in self.rows.iter().filter(applies) {
                if let Some(field) = decl.fields_mut().iter_mut().find(|field| field.name == row.field) {
                    row.used.set(true);
                    change(field, &row.change, &names)
                        .ok_or_else(|| format!("overlay: the change does not apply to {name}.{}", row.field))?;
                }
            }
        }
        Ok(())
    }

    /// Fails if a row matched no field in any version.
    pub(crate) fn check_all_used(&self) -> Result<(), Box<dyn Error>> {
        let unused = self.rows.iter().filter(|row| !row.used.get());
        let unused: Vec<String> = unused.map(|row| format!("{}: {}.{}", row.group, row.decl, row.field)).collect();
        if unused.is_empty() { Ok(()) } else { Err(format!("overlay: no such field: {}", unused.join("; ")).into()) }
    }

    /// The shared declarations that no source contains.
    pub(crate) fn shared(&self) -> Vec<Decl> {
        let alias = |name: &str, doc: &str, ty: Ty| Decl {
            name: name.to_owned(),
            doc: doc.to_owned(),
            versions: ALL_VERSIONS,
            deprecated: None,
            kind: DeclKind::Alias(ty),
        };
        let time = || {
            let date = "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}";
            Ty::Matches(format!("^{date}([.][0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"))
        };
        let mut resource = alias("Resource", "The fields that every kind has.", Ty::any());
        resource.kind = DeclKind::Abstract(vec![
            shared_field("apiVersion", "The API group and version, such as `apps/v1`.", Ty::string()),
            shared_field("kind", "The kind, such as `Deployment`.", Ty::string()),
            shared_field("metadata", "Name, namespace, labels and annotations.", meta("ObjectMeta")),
        ]);
        vec![
            resource,
            alias(
                "Base64",
                "Base64-encoded bytes.",
                Ty::Matches("^([A-Za-z0-9+/]|[[:space:]])*(=|[[:space:]])*$".to_owned()),
            ),
            alias("Count", "A non-negative integer.", Ty::AtLeast(0)),
            alias("MicroTime", "A point in time, such as `2026-01-31T12:00:00.000000Z`.", time()),
            alias(
                "ObjectName",
                "The name of an object. No kind allows `/` and `%`; most require a DNS name.",
                Ty::Matches("^[^/%]+$".to_owned()),
            ),
            alias(
                "Placeholder",
                "A string with `${`, such as `${REGION}`: Flux or another tool replaces it before the API server sees it.",
                Ty::Matches("[$][{]".to_owned()),
            ),
            alias(
                "SecretBytes",
                "Base64-encoded bytes of a Secret. A value that is not secret must pass through `std.secrets.public`.",
                Ty::Union(vec![meta("Base64"), Ty::prelude("Secret")]),
            ),
            alias(
                "SecretText",
                "A string of a Secret. A value that is not secret must pass through `std.secrets.public`.",
                Ty::Union(vec![Ty::string(), Ty::prelude("Secret")]),
            ),
            alias("Time", "A point in time, such as `2026-01-31T12:00:00Z`.", time()),
        ]
    }
}

fn meta(name: &str) -> Ty {
    Ty::Ref(META.to_owned(), name.to_owned())
}

fn shared_field(name: &str, doc: &str, ty: Ty) -> Field {
    Field { name: name.to_owned(), doc: doc.to_owned(), ty, required: true, versions: ALL_VERSIONS, deprecated: None }
}

/// Applies a change; `None` if it does not apply to the type of the field.
fn change(field: &mut Field, change: &FieldChange, names: &BTreeMap<DeclKey, Vec<String>>) -> Option<()> {
    match change {
        FieldChange::Known(values) => {
            let inner = field.ty.innermost_mut();
            if *inner != Ty::string() {
                return None;
            }
            *inner = Ty::Known(values.clone());
        }
        FieldChange::Closed(values) => {
            let inner = field.ty.innermost_mut();
            if *inner != Ty::string() {
                return None;
            }
            let values = values.iter().map(|value| Ty::Closed(vec![value.clone()]));
            *inner = Ty::Union(values.chain([meta("Placeholder")]).collect());
        }
        FieldChange::Required => field.required = true,
        FieldChange::Optional => field.required = false,
        FieldChange::Keys(keys) => {
            let (Ty::List(item) | Ty::Keyed(item, _)) = &field.ty else { return None };
            let Ty::Ref(module, name) = &**item else { return None };
            // An older version may lack some of the keys.
            let known = names.get(&(module.clone(), name.clone()))?;
            let keys = keys.iter().filter(|key| known.contains(key)).cloned().collect();
            field.ty = Ty::Keyed(item.clone(), keys);
        }
        FieldChange::Ty(ty @ Ty::Map(..)) => {
            if !matches!(field.ty, Ty::Map(..)) {
                return None;
            }
            field.ty = ty.clone();
        }
        FieldChange::Ty(ty) => {
            let inner = field.ty.innermost_mut();
            if !matches!(inner, Ty::Prelude(name) if name == "Int" || name == "String") && *inner != meta("Base64") {
                return None;
            }
            *inner = ty.clone();
        }
    }
    Some(())
}
