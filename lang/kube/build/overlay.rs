//! What the sources do not say, from the hand-written tables in `overlay/`.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use crate::core::{Key, META, Table};
use crate::hand::{self, Hand};
use crate::model::{ALL, Body, Decl, Field, Ty};

/// All tables.
pub(crate) struct Overlay {
    rows: Vec<Row>,
    /// Lists of custom resources: the beginning of the module's path, the field, the keys.
    lists: Vec<(String, String, Vec<String>)>,
    pub(crate) hand: Hand,
    /// Modules of custom resources and the modules with newer versions of their kinds.
    pub(crate) superseded: Vec<(String, String)>,
}

/// A change of one field.
struct Row {
    group: String,
    decl: String,
    field: String,
    change: Change,
    used: Cell<bool>,
}

#[derive(Clone)]
enum Change {
    Known(Vec<String>),
    Keys(Vec<String>),
    Ty(Ty),
}

pub(crate) fn read(folder: &Path) -> Result<Overlay, Box<dyn Error>> {
    let load = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("overlay/{name}: {error}"));
    let mut rows = Vec::new();
    blocks(&load("enums.txt")?, &mut rows, |head| {
        let value = |value: &str| if value == "\"\"" { String::new() } else { value.to_owned() };
        Change::Known(head.split('|').map(str::trim).filter(|text| !text.is_empty()).map(value).collect())
    })?;
    blocks(&load("types.txt")?, &mut rows, |head| Change::Ty(named_type(head.trim())))?;
    for line in load("keys.txt")?.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (place, keys) = line.split_once(" by ").ok_or_else(|| format!("overlay/keys.txt: {line}"))?;
        let keys = Change::Keys(keys.split(", ").map(str::to_owned).collect());
        places(place, &keys, &mut rows)?;
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
    Ok(Overlay { rows, lists, hand: hand::parse(&load("hand.txt")?)?, superseded })
}

/// Reads lines of values, each followed by indented lines of fields.
fn blocks(text: &str, rows: &mut Vec<Row>, read: impl Fn(&str) -> Change) -> Result<(), Box<dyn Error>> {
    let mut head = String::new();
    let mut inside = false;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with("  ") {
            places(line.trim(), &read(&head), rows)?;
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

/// Reads `group: Type.field, Type.field`.
fn places(line: &str, change: &Change, rows: &mut Vec<Row>) -> Result<(), Box<dyn Error>> {
    let (group, fields) = line.split_once(": ").ok_or_else(|| format!("overlay: no group: {line}"))?;
    for place in fields.split(", ") {
        let (decl, field) = place.split_once('.').ok_or_else(|| format!("overlay: no field: {place}"))?;
        let (group, decl, field) = (group.to_owned(), decl.to_owned(), field.to_owned());
        rows.push(Row { group, decl, field, change: change.clone(), used: Cell::new(false) });
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
    /// The keys of a list of custom resources, if it is in the table and its elements have them.
    pub(crate) fn list_keys(&self, path: &str, field: &str, of_item: &[String]) -> Option<Vec<String>> {
        let fits = |row: &&(String, String, Vec<String>)| {
            path.starts_with(&row.0) && row.1 == field && row.2.iter().all(|key| of_item.contains(key))
        };
        self.lists.iter().find(fits).map(|(_, _, keys)| keys.clone())
    }

    /// Changes the declarations of one version of Kubernetes.
    pub(crate) fn refine(&self, table: &mut Table) -> Result<(), Box<dyn Error>> {
        let names: BTreeMap<Key, Vec<String>> = table
            .iter()
            .map(|(key, decl)| (key.clone(), decl.fields().iter().map(|field| field.name.clone()).collect()))
            .collect();
        for ((module, name), decl) in table {
            let group = module.split('.').nth(1).unwrap_or_default();
            for row in self.rows.iter().filter(|row| row.group == group && row.decl == *name) {
                if let Some(field) = decl.fields_mut().iter_mut().find(|field| field.name == row.field) {
                    row.used.set(true);
                    change(field, &row.change, &names)
                        .ok_or_else(|| format!("overlay: {name}.{} is not such", row.field))?;
                }
            }
        }
        Ok(())
    }

    /// Every row must have met its field in some version, or it is a mistake.
    pub(crate) fn check_all_used(&self) -> Result<(), Box<dyn Error>> {
        let unused = self.rows.iter().filter(|row| !row.used.get());
        let unused: Vec<String> = unused.map(|row| format!("{}: {}.{}", row.group, row.decl, row.field)).collect();
        if unused.is_empty() { Ok(()) } else { Err(format!("overlay: no such field: {}", unused.join("; ")).into()) }
    }

    /// What all kinds share and no source declares.
    pub(crate) fn shared(&self) -> Vec<Decl> {
        let alias = |name: &str, doc: &str, ty: Ty| Decl {
            name: name.to_owned(),
            doc: doc.to_owned(),
            mask: ALL,
            deprecated: None,
            body: Body::Alias(ty),
        };
        let time = || {
            let date = "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}";
            Ty::Matches(format!("^{date}([.][0-9]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"))
        };
        let mut resource = alias("Resource", "What every kind of Kubernetes has.", Ty::any());
        resource.body = Body::Abstract(vec![
            shared_field("apiVersion", "Group and version, such as `apps/v1`.", Ty::string()),
            shared_field("kind", "The kind, such as `Deployment`.", Ty::string()),
            shared_field("metadata", "Name, namespace, labels and annotations.", meta("ObjectMeta")),
        ]);
        vec![
            resource,
            alias(
                "Base64",
                "Bytes in base64.",
                Ty::Matches("^([A-Za-z0-9+/]|[[:space:]])*(=|[[:space:]])*$".to_owned()),
            ),
            alias("Count", "A whole number that is not negative.", Ty::AtLeast(0)),
            alias("MicroTime", "A point in time, such as `2026-01-31T12:00:00.000000Z`.", time()),
            alias(
                "ObjectName",
                "The name of an object. All kinds forbid `/` and `%`; most want a DNS name.",
                Ty::Matches("^[^/%]+$".to_owned()),
            ),
            alias(
                "SecretBytes",
                "Bytes of a Secret in base64; what is no secret passes `std.secrets.public`.",
                Ty::Union(vec![meta("Base64"), Ty::prelude("Secret")]),
            ),
            alias(
                "SecretText",
                "Text of a Secret; what is no secret passes `std.secrets.public`.",
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
    Field { name: name.to_owned(), doc: doc.to_owned(), ty, required: true, mask: ALL, deprecated: None }
}

/// Applies a row; `None` if the field is not of a sort that can be so changed.
fn change(field: &mut Field, change: &Change, names: &BTreeMap<Key, Vec<String>>) -> Option<()> {
    match change {
        Change::Known(values) => {
            let inner = field.ty.innermost_mut();
            if *inner != Ty::string() {
                return None;
            }
            *inner = Ty::Known(values.clone());
        }
        Change::Keys(keys) => {
            let (Ty::List(item) | Ty::Keyed(item, _)) = &field.ty else { return None };
            let Ty::Ref(module, name) = &**item else { return None };
            // A version may not yet have all of them.
            let known = names.get(&(module.clone(), name.clone()))?;
            let keys = keys.iter().filter(|key| known.contains(key)).cloned().collect();
            field.ty = Ty::Keyed(item.clone(), keys);
        }
        Change::Ty(ty @ Ty::Map(..)) => {
            if !matches!(field.ty, Ty::Map(..)) {
                return None;
            }
            field.ty = ty.clone();
        }
        Change::Ty(ty) => {
            let inner = field.ty.innermost_mut();
            if !matches!(inner, Ty::Prelude(name) if name == "Int" || name == "String") && *inner != meta("Base64") {
                return None;
            }
            *inner = ty.clone();
        }
    }
    Some(())
}
