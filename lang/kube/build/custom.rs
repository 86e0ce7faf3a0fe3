//! Reads the custom resources: what kopium made of their definitions.
//!
//! [`kopium`] reads a file into structs; [`shape`] finds those that are equal and gives them names; [`keys`] decides
//! which lists are keyed, which those sources do not say.

mod keys;
mod kopium;
mod shape;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use crate::model::{ALL, Body, Deprecated, Module};
use crate::names::{FAMILIES, Family};
use crate::overlay::Overlay;
use crate::sources::{Packages, rust_files};

pub(crate) fn read(packages: &Packages, overlay: &Overlay) -> Result<Vec<Module>, Box<dyn Error>> {
    let mut modules = Vec::new();
    for family in FAMILIES {
        let source = packages.get(family.krate).ok_or_else(|| format!("{} is not among the packages", family.krate))?;
        let mut versions: BTreeMap<String, Vec<kopium::File>> = BTreeMap::new();
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
    for hand in overlay.hand.others(&modules) {
        modules.push(Module { path: hand.path.clone(), decls: shape::declare(&hand.path, &[], Some(hand))? });
    }
    for (older, newer) in &overlay.superseded {
        supersede(&mut modules, older, newer).ok_or_else(|| format!("overlay: no module {older} or {newer}"))?;
    }
    Ok(modules)
}

/// Marks the kinds of an older module that the newer has too.
fn supersede(modules: &mut [Module], older: &str, newer: &str) -> Option<()> {
    let newer = modules.iter().find(|module| module.path == newer)?;
    let known = newer.decls.iter().filter_map(|decl| match &decl.body {
        Body::Kind(kind, _) => Some((decl.name.clone(), format!("use `{}/{}`", kind.group, kind.version))),
        _ => None,
    });
    let known: BTreeMap<String, String> = known.collect();
    let older = modules.iter_mut().find(|module| module.path == older)?;
    for decl in older.decls.iter_mut().filter(|decl| matches!(decl.body, Body::Kind(..))) {
        let text = known.get(&decl.name).cloned();
        decl.deprecated = text.map(|text| Deprecated { mask: ALL, text }).or(decl.deprecated.take());
    }
    Some(())
}

/// The module of one version of a family, if it has kinds.
fn read_version(
    family: &Family,
    version: &str,
    files: &[kopium::File],
    overlay: &Overlay,
) -> Result<Option<Module>, Box<dyn Error>> {
    let path = format!("crds.{}.{version}", family.module);
    if let Some((name, _)) =
        files.iter().filter_map(|file| file.kind.as_ref()).find(|(_, kind)| kind.group != family.group)
    {
        return Err(format!("{name} of {} is not in the group {}", family.krate, family.group).into());
    }
    let mut decls = shape::declare(&path, files, overlay.hand.module(&path))?;
    keys::apply(&mut decls, &path, overlay);
    for decl in &mut decls {
        if !family.docs {
            decl.doc.clear();
            decl.fields_mut().iter_mut().for_each(|field| field.doc.clear());
        }
    }
    Ok((!decls.is_empty()).then_some(Module { path, decls }))
}
