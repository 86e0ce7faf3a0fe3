//! Reads custom resources from the Rust code that kopium generated from their definitions.
//!
//! [`kopium`] parses a file into structs, [`shape`] merges equal structs and names them, and [`keys`] decides which
//! lists are keyed, since the generated code does not contain that.

mod keys;
mod kopium;
mod shape;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use crate::model::{ALL_VERSIONS, DeclKind, Deprecation, Module};
use crate::names::{FAMILIES, Family};
use crate::overlay::Overlay;
use crate::sources::{Packages, rust_files};

pub(crate) fn read(packages: &Packages, overlay: &Overlay) -> Result<Vec<Module>, Box<dyn Error>> {
    let mut modules = Vec::new();
    for family in FAMILIES {
        let source = packages.get(family.krate).ok_or_else(|| format!("{} is not among the packages", family.krate))?;
        let mut versions: BTreeMap<String, Vec<kopium::KindFile>> = BTreeMap::new();
        for path in rust_files(source)? {
            let inner = path.strip_prefix(source)?.to_string_lossy().replace('\\', "/");
            let Some((version, _)) = inner.split_once('/') else { continue };
            let text = fs::read_to_string(&path)?;
            versions.entry(version.to_owned()).or_default().push(kopium::parse(&text));
        }
        for (version, files) in versions {
            modules.extend(read_version(family, &version, &files, overlay)?);
        }
    }
    for patches in overlay.patches.others(&modules) {
        modules.push(Module { path: patches.path.clone(), decls: shape::declare(&patches.path, &[], Some(patches))? });
    }
    for (older, newer) in &overlay.superseded {
        supersede(&mut modules, older, newer).ok_or_else(|| format!("overlay: no module {older} or {newer}"))?;
    }
    Ok(modules)
}

/// Deprecates the kinds of an older module that the newer module also declares.
fn supersede(modules: &mut [Module], older: &str, newer: &str) -> Option<()> {
    let newer = modules.iter().find(|module| module.path == newer)?;
    let known = newer.decls.iter().filter_map(|decl| match &decl.kind {
        DeclKind::Resource(kind, _) => Some((decl.name.clone(), format!("use `{}/{}`", kind.group, kind.version))),
        _ => None,
    });
    let known: BTreeMap<String, String> = known.collect();
    let older = modules.iter_mut().find(|module| module.path == older)?;
    for decl in older.decls.iter_mut().filter(|decl| matches!(decl.kind, DeclKind::Resource(..))) {
        let text = known.get(&decl.name).cloned();
        decl.deprecated = text.map(|text| Deprecation { versions: ALL_VERSIONS, text }).or(decl.deprecated.take());
    }
    Some(())
}

/// Reads one version of an API group; `None` if it has no kinds.
fn read_version(
    family: &Family,
    version: &str,
    files: &[kopium::KindFile],
    overlay: &Overlay,
) -> Result<Option<Module>, Box<dyn Error>> {
    let path = format!("crds.{}.{version}", family.module);
    if let Some((name, _)) =
        files.iter().filter_map(|file| file.kind.as_ref()).find(|(_, kind)| kind.group != family.group)
    {
        return Err(format!("{name} of {} is not in the group {}", family.krate, family.group).into());
    }
    let mut decls = shape::declare(&path, files, overlay.patches.module(&path))?;
    keys::apply(&mut decls, &path, overlay);
    for decl in &mut decls {
        if !family.docs {
            decl.doc.clear();
            decl.fields_mut().iter_mut().for_each(|field| field.doc.clear());
        }
    }
    Ok((!decls.is_empty()).then_some(Module { path, decls }))
}
