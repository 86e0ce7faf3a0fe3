//! What the modules of a program may import: the names that their packages, the dependencies and the standard library export.
//!
//! Nothing is read before the checker asks, which it does only for a message.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use forge_base::{FileId, Name, World};
use forge_check::{Exporter, Exports, ModuleId};
use forge_kube::Version;
use forge_syntax::ast::{self, ImportBinds, ItemKind};
use rustc_hash::FxHashMap;

use crate::embedded;
use crate::package::{PackageId, STD};
use crate::session::{Session, dotted};
use crate::target::module_files;

/// At most this many modules are named for one name.
const MAX_EXPORTERS: usize = 6;

/// The exports that the modules of a program may import.
pub(crate) struct ExportIndex {
    world: Arc<dyn World>,
    kubernetes: Version,
    /// The package and the path of each loaded module.
    modules: FxHashMap<ModuleId, (PackageId, Name)>,
    packages: FxHashMap<PackageId, PackageFolder>,
    std: OnceLock<Vec<ModuleExports>>,
}

/// A package whose modules may be imported.
struct PackageFolder {
    name: String,
    root: PathBuf,
    dependencies: Vec<PackageId>,
    exports: OnceLock<Vec<ModuleExports>>,
}

/// The exports of one module, and what it imports.
struct ModuleExports {
    path: String,
    /// Each name, and whether it is a type.
    names: Vec<(Name, bool)>,
    /// The last parts of the paths of modules that it imports, or names of them.
    imports: Vec<Name>,
    /// Whether it has inputs, so that it cannot be imported.
    has_inputs: bool,
}

impl fmt::Debug for ExportIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExportIndex").field("modules", &self.modules.len()).finish_non_exhaustive()
    }
}

impl ExportIndex {
    /// The exports that the loaded `modules` may import.
    pub(crate) fn new(session: &Session, modules: impl Iterator<Item = ModuleId>) -> ExportIndex {
        let folder = |package: &crate::package::Package| PackageFolder {
            name: package.name.clone(),
            root: package.root.clone(),
            dependencies: package.dependencies.iter().map(|(_, id)| *id).collect(),
            exports: OnceLock::new(),
        };
        ExportIndex {
            world: Arc::clone(session.world()),
            kubernetes: session.kubernetes,
            modules: modules
                .map(|id| {
                    let module = session.module(id);
                    (id, (module.package, module.path))
                })
                .collect(),
            packages: session.packages().iter().skip(1).map(|(id, package)| (id, folder(package))).collect(),
            std: OnceLock::new(),
        }
    }

    fn package(&self, id: PackageId) -> &[ModuleExports] {
        let Some(package) = self.packages.get(&id) else { return &[] };
        package.exports.get_or_init(|| {
            let files = module_files(&*self.world, &package.root);
            let read = |file: &String| {
                let text = self.world.read(&package.root.join(file)).ok()?;
                Some(ModuleExports::of(dotted(&package.name, file), &text))
            };
            files.iter().filter_map(read).collect()
        })
    }

    /// The modules of the standard library that are files.
    fn std(&self) -> &[ModuleExports] {
        self.std.get_or_init(|| {
            let files = embedded::std_files().filter(|path| !path.starts_with("std/prelude/"));
            let read = |path| {
                let (_, text) = embedded::std_file(path)?;
                Some(ModuleExports::of(dotted("std", path.strip_prefix("std/")?), text))
            };
            files.filter(|path| path.ends_with(".forge")).filter_map(read).collect()
        })
    }

    /// The modules of the package of `from` and of its dependencies, without `from` itself.
    fn own(&self, from: ModuleId) -> impl Iterator<Item = &ModuleExports> {
        let (package, path) = self.modules.get(&from).copied().unwrap_or((STD, Name::new("")));
        let dependencies = self.packages.get(&package).map_or(&[][..], |package| &package.dependencies);
        let packages = std::iter::once(package).chain(dependencies.iter().copied());
        let modules = packages.filter(|&id| id != STD).flat_map(|id| self.package(id));
        modules.filter(move |module| module.path != path.as_str() && !module.has_inputs)
    }

    /// The modules of the Kubernetes API and of custom resources that declare a name.
    fn kubernetes(&self, name: &str) -> Vec<Exporter> {
        let is_kind = |path: &str| {
            let mut kinds = forge_kube::kinds().filter(|kind| kind.kind == name && kind.module == path);
            kinds.next().map(|kind| kind.is_in(self.kubernetes))
        };
        let declares = |path: &&str| forge_kube::declarations(path).any(|declared| declared == name);
        let found: Vec<(&str, Option<bool>)> =
            forge_kube::modules().filter(declares).map(|path| (path, is_kind(path))).collect();
        let has_kind = found.iter().any(|(_, kind)| *kind == Some(true));
        let has_core = found.iter().any(|(path, _)| path.starts_with("k8s."));
        let is_likely = |(path, kind): &&(&str, Option<bool>)| match kind {
            Some(is_available) => *is_available,
            None => !has_kind && (!has_core || path.starts_with("k8s.")),
        };
        let mut paths: Vec<&str> = found.iter().filter(is_likely).map(|(path, _)| *path).collect();
        paths.sort_by_key(|path| (!path.starts_with("k8s."), group(path), std::cmp::Reverse(stability(path))));
        paths.dedup_by_key(|path| group(path));
        let exporter = |path: &str| Exporter { path: format!("std.{path}"), is_type: true };
        paths.into_iter().map(exporter).collect()
    }
}

impl Exports for ExportIndex {
    fn exporters(&self, from: ModuleId, name: Name) -> Vec<Exporter> {
        let modules = self.own(from).chain(self.std());
        let export = |module: &ModuleExports| {
            let (_, is_type) = module.names.iter().find(|(known, _)| *known == name)?;
            Some(Exporter { path: module.path.clone(), is_type: *is_type })
        };
        let mut found: Vec<Exporter> = modules.filter_map(export).collect();
        found.extend(self.kubernetes(name.as_str()));
        found.truncate(MAX_EXPORTERS);
        found
    }

    fn modules_named(&self, from: ModuleId, name: Name) -> Vec<String> {
        let modules = self.own(from).chain(self.std()).map(|module| module.path.as_str());
        let is_it = |path: &&str| path.rsplit('.').next() == Some(name.as_str()) && path.contains('.');
        modules.filter(is_it).map(str::to_owned).take(MAX_EXPORTERS).collect()
    }

    fn is_module(&self, from: ModuleId, path: &str) -> bool {
        let is_kubernetes = path.strip_prefix("std.").is_some_and(forge_kube::has_module);
        is_kubernetes || self.own(from).chain(self.std()).any(|module| module.path == path)
    }

    fn may_be_imported(&self, module: ModuleId) -> bool {
        let Some(&(package, path)) = self.modules.get(&module) else { return true };
        let Some(last) = path.as_str().rsplit('.').next() else { return true };
        let last = Name::new(last);
        let others = self.package(package).iter().filter(|other| other.path != path.as_str());
        others.flat_map(|other| &other.imports).any(|import| *import == last)
    }
}

impl ModuleExports {
    fn of(path: String, text: &str) -> ModuleExports {
        let parsed = forge_syntax::parse(FileId(0), text);
        let items = &parsed.module.items;
        ModuleExports {
            path,
            names: items.iter().flat_map(|item| exported(&item.kind)).collect(),
            imports: items.iter().flat_map(|item| imported(&item.kind)).collect(),
            has_inputs: items.iter().any(|item| matches!(item.kind, ItemKind::Input(_))),
        }
    }
}

/// The names that an item exports, and whether each is a type.
fn exported(item: &ItemKind) -> Vec<(Name, bool)> {
    let is_public = |name: &Name| !name.is_private() && !name.as_str().is_empty();
    match item {
        ItemKind::Error { .. } | ItemKind::Input(_) | ItemKind::Import(_) => Vec::new(),
        ItemKind::Export(ast::Import { binds: ImportBinds::Names(names), .. }) => {
            let names = names.iter().map(|name| name.alias.unwrap_or(name.name).name);
            names.filter(is_public).map(|name| (name, name.is_upper())).collect()
        }
        kind => {
            let name = kind.declared().map(|ident| ident.name).filter(is_public);
            let is_type = matches!(kind, ItemKind::Schema(_) | ItemKind::Type(_));
            name.into_iter().map(|name| (name, is_type)).collect()
        }
    }
}

/// The last parts of the paths that an import names.
fn imported(item: &ItemKind) -> Vec<Name> {
    let (ItemKind::Import(import) | ItemKind::Export(import)) = item else { return Vec::new() };
    let mut names: Vec<Name> = import.path.last().map(|part| part.name).into_iter().collect();
    if let ImportBinds::Names(children) = &import.binds {
        names.extend(children.iter().map(|child| child.name.name));
    }
    names
}

/// The path of a module without its version.
fn group(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(group, _)| group)
}

/// How stable and new the API version is that ends a path: `v1beta1` < `v1` < `v2`.
pub(crate) fn stability(path: &str) -> (bool, bool, String) {
    let version = path.rsplit('.').next().unwrap_or("");
    (!version.contains("alpha") && !version.contains("beta"), !version.contains("alpha"), version.to_owned())
}
