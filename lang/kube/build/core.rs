//! Reads Kubernetes itself: the five versions of `k8s-openapi`, merged to one table with a mask of versions.

mod file;
mod merge;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use crate::model::{Body, Decl, Module, Ty};
use crate::overlay::Overlay;
use crate::sources::{Packages, rust_files};

/// The versions in the order of their bits.
const VERSIONS: [&str; 5] = ["v1_33", "v1_34", "v1_35", "v1_36", "v1_37"];
/// Where the types are that all others share.
pub(crate) const META: &str = "k8s.meta.v1";

/// A declaration's module and name.
pub(crate) type Key = (String, String);
/// Declarations by module and name.
pub(crate) type Table = BTreeMap<Key, Decl>;

pub(crate) fn read(packages: &Packages, overlay: &Overlay) -> Result<Vec<Module>, Box<dyn Error>> {
    let source = packages.get("k8s-openapi").ok_or("k8s-openapi is not among the packages")?;
    let mut merged = Table::new();
    for (bit, version) in VERSIONS.iter().enumerate() {
        let mut table = read_version(&source.join(version), 1 << bit)?;
        keep_reached(&mut table);
        overlay.refine(&mut table)?;
        merge::add(&mut merged, table);
    }
    for decl in merged.values_mut() {
        merge::settle(decl);
    }
    overlay.check_all_used()?;
    Ok(modules(merged, overlay))
}

/// Reads one version.
fn read_version(folder: &std::path::Path, mask: u8) -> Result<Table, Box<dyn Error>> {
    let mut files = Vec::new();
    for path in rust_files(folder)? {
        let text = fs::read_to_string(&path)?;
        let inner = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        files.extend(file::parse(&inner, &text, mask));
    }
    let rust_names: BTreeMap<Key, BTreeMap<String, String>> =
        files.iter().map(|file| (file.key.clone(), file.json_names.clone())).collect();
    let mut table = Table::new();
    for file in files {
        let mut decl = file.decl;
        // Claims of a StatefulSet are merged by a name one level down, which no list of the language can be keyed by.
        for (field, rust_key) in file.keyed.into_iter().filter(|(_, key)| !key.contains('.')) {
            key_list(&mut decl, &field, &rust_key, &rust_names)
                .ok_or_else(|| format!("{}.{field}: no key `{rust_key}`", decl.name))?;
        }
        table.insert(file.key, decl);
    }
    Ok(table)
}

/// Turns the list `field` into one that is keyed by the item's field that Rust calls `rust_key`.
fn key_list(
    decl: &mut Decl,
    field: &str,
    rust_key: &str,
    names: &BTreeMap<Key, BTreeMap<String, String>>,
) -> Option<()> {
    let field = decl.fields_mut().iter_mut().find(|known| known.name == field)?;
    let Ty::List(item) = &field.ty else { return None };
    let Ty::Ref(module, name) = &**item else { return None };
    let key = names.get(&(module.clone(), name.clone()))?.get(rust_key)?;
    field.ty = Ty::Keyed(item.clone(), vec![key.clone()]);
    Some(())
}

/// Leaves out what no kind needs, and lists of kinds.
fn keep_reached(table: &mut Table) {
    let is_root = |(key, decl): &(&Key, &Decl)| matches!(decl.body, Body::Kind(..)) && key.0 != META;
    let mut open: Vec<Key> = table.iter().filter(is_root).map(|(key, _)| key.clone()).collect();
    open.push((META.to_owned(), "ObjectMeta".to_owned()));
    for shared in ["Condition", "LabelSelector"] {
        open.push((META.to_owned(), shared.to_owned()));
    }
    let mut reached: BTreeSet<Key> = open.iter().cloned().collect();
    while let Some(key) = open.pop() {
        let Some(decl) = table.get(&key) else { continue };
        for field in decl.fields() {
            field.ty.each_ref(&mut |module, name| {
                let key = (module.to_owned(), name.to_owned());
                if reached.insert(key.clone()) {
                    open.push(key);
                }
            });
        }
    }
    table.retain(|key, _| reached.contains(key));
    for (key, decl) in table {
        if key.0 == META
            && let Body::Kind(_, fields) = &decl.body
        {
            decl.body = Body::Schema(fields.clone());
        }
    }
}

/// Sorts declarations into modules.
fn modules(table: Table, overlay: &Overlay) -> Vec<Module> {
    let mut modules: BTreeMap<String, Vec<Decl>> = BTreeMap::new();
    modules.entry(META.to_owned()).or_default().extend(overlay.shared());
    for ((module, _), decl) in table {
        modules.entry(module).or_default().push(decl);
    }
    modules.into_iter().map(|(path, decls)| Module { path, decls }).collect()
}
