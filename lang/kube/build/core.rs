//! Reads the built-in API: the five Kubernetes versions in `k8s-openapi`, merged into one table.
//!
//! Each declaration and field has the set of versions that contain it.

mod file;
mod merge;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use crate::model::{Decl, DeclKey, DeclKind, DeclTable, META, Module, Ty};
use crate::overlay::Overlay;
use crate::sources::{Packages, rust_files};

/// The Kubernetes versions; the index is the bit in a version set.
pub(crate) const VERSIONS: [&str; 5] = ["v1_33", "v1_34", "v1_35", "v1_36", "v1_37"];

pub(crate) fn read(packages: &Packages, overlay: &Overlay) -> Result<Vec<Module>, Box<dyn Error>> {
    let source = packages.get("k8s-openapi").ok_or("k8s-openapi is not among the packages")?;
    let mut merged = DeclTable::new();
    for (bit, version) in VERSIONS.iter().enumerate() {
        let mut table = read_version(&source.join(version), 1 << bit)?;
        keep_reached(&mut table);
        overlay.refine(&mut table, 1 << bit)?;
        merge::add(&mut merged, table);
    }
    for decl in merged.values_mut() {
        merge::settle(decl);
    }
    overlay.check_all_used()?;
    Ok(modules(merged, overlay))
}

/// Reads the sources of one Kubernetes version; `versions` is its bit.
fn read_version(folder: &std::path::Path, versions: u8) -> Result<DeclTable, Box<dyn Error>> {
    let mut files = Vec::new();
    for path in rust_files(folder)? {
        let text = fs::read_to_string(&path)?;
        let inner = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        files.extend(file::parse(&inner, &text, versions));
    }
    let rust_names: BTreeMap<DeclKey, BTreeMap<String, String>> =
        files.iter().map(|file| (file.key.clone(), file.json_names.clone())).collect();
    let mut table = DeclTable::new();
    for file in files {
        let mut decl = file.decl;
        // `volumeClaimTemplates` is merged by `metadata.name`; a keyed list needs a key field of the element itself.
        for (field, rust_key) in file.keyed.into_iter().filter(|(_, key)| !key.contains('.')) {
            key_list(&mut decl, &field, &rust_key, &rust_names)
                .ok_or_else(|| format!("{}.{field}: no key `{rust_key}`", decl.name))?;
        }
        table.insert(file.key, decl);
    }
    Ok(table)
}

/// Keys the list `field` by the element field whose Rust name is `rust_key`.
fn key_list(
    decl: &mut Decl,
    field: &str,
    rust_key: &str,
    names: &BTreeMap<DeclKey, BTreeMap<String, String>>,
) -> Option<()> {
    let field = decl.fields_mut().iter_mut().find(|known| known.name == field)?;
    let Ty::List(item) = &field.ty else { return None };
    let Ty::Ref(module, name) = &**item else { return None };
    let key = names.get(&(module.clone(), name.clone()))?.get(rust_key)?;
    field.ty = Ty::Keyed(item.clone(), vec![key.clone()]);
    Some(())
}

/// Removes declarations that no kind refers to, such as the `…List` types.
fn keep_reached(table: &mut DeclTable) {
    let is_root = |(key, decl): &(&DeclKey, &Decl)| matches!(decl.kind, DeclKind::Resource(..)) && key.0 != META;
    let mut open: Vec<DeclKey> = table.iter().filter(is_root).map(|(key, _)| key.clone()).collect();
    open.push((META.to_owned(), "ObjectMeta".to_owned()));
    for shared in ["Condition", "LabelSelector"] {
        open.push((META.to_owned(), shared.to_owned()));
    }
    let mut reached: BTreeSet<DeclKey> = open.iter().cloned().collect();
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
            && let DeclKind::Resource(_, fields) = &decl.kind
        {
            decl.kind = DeclKind::Schema(fields.clone());
        }
    }
}

/// Groups the declarations by module.
fn modules(table: DeclTable, overlay: &Overlay) -> Vec<Module> {
    let mut modules: BTreeMap<String, Vec<Decl>> = BTreeMap::new();
    modules.entry(META.to_owned()).or_default().extend(overlay.shared());
    for ((module, _), decl) in table {
        modules.entry(module).or_default().push(decl);
    }
    modules.into_iter().map(|(path, decls)| Module { path, decls }).collect()
}
