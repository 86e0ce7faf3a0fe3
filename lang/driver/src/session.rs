//! A session: the packages, files and modules that one run of the compiler, or one editor, works on.
//!
//! A module is read and parsed when it is first reached and kept until [`Session::invalidate`] says that its file changed.
//! Its id and its file's id stay the same for as long as the session lives.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{Diag, FileId, Files, Name, World, WorldError};
use forge_check::{Checked, ModuleId};
use forge_kube::Version;
use forge_syntax::ast;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::package::{PackageId, PackageLoader, Packages, STD};
use crate::pruned::PrunedSource;

/// See the module.
pub struct Session {
    pub(crate) world: Arc<dyn World>,
    pub(crate) cwd: PathBuf,
    pub(crate) files: Files,
    pub(crate) packages: Packages,
    pub(crate) modules: Vec<Module>,
    ids: FxHashMap<(PackageId, String), ModuleId>,
    /// What was looked for since the last change, found or not.
    pub(crate) resolutions: FxHashMap<(PackageId, String), Resolution>,
    /// The modules of the standard library of which only a part is loaded.
    pub(crate) pruned: FxHashMap<ModuleId, PrunedSource>,
    /// The version of Kubernetes whose modules are loaded.
    pub(crate) kubernetes: Version,
    /// What was checked last.
    pub(crate) checked: Option<Checked>,
}

/// What is at a module path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Resolution {
    /// Nothing.
    Missing,
    /// A link that leaves the package.
    Outside,
    /// A module.
    Module(ModuleId),
    /// Both `a.forge` and `a/main.forge`; the module is the first.
    Both(ModuleId),
}

/// A module that the session has met.
#[derive(Debug)]
pub struct Module {
    /// Its package.
    pub package: PackageId,
    /// Its dotted path.
    pub path: Name,
    /// The path below its package's root, such as `a/b.forge`.
    pub place: String,
    pub(crate) state: ModuleState,
}

#[derive(Debug)]
pub(crate) enum ModuleState {
    /// Not read yet, or changed since; with the file's id if it has one.
    Stale(Option<Arc<Parsed>>),
    Fresh(Arc<Parsed>),
    Unreadable(WorldError),
}

/// A module's text and tree.
#[derive(Debug)]
pub struct Parsed {
    /// Its file.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    /// Its tree.
    pub ast: Arc<ast::Module>,
    /// What the parser found.
    pub diags: Vec<Diag>,
}

impl Session {
    /// A session that reads `world`; paths from the user are relative to `cwd`, which must be absolute.
    pub fn new(world: Arc<dyn World>, cwd: impl Into<PathBuf>) -> Session {
        let cwd = cwd.into();
        let cwd = world.canonical(&cwd).unwrap_or(cwd);
        Session {
            world,
            cwd,
            files: Files::default(),
            packages: Packages::default(),
            modules: Vec::new(),
            ids: FxHashMap::default(),
            resolutions: FxHashMap::default(),
            pruned: FxHashMap::default(),
            kubernetes: Version::DEFAULT,
            checked: None,
        }
    }

    /// The world that it reads.
    pub fn world(&self) -> &Arc<dyn World> {
        &self.world
    }

    /// What shown paths are relative to.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// All texts that were read so far.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// All packages that were opened so far.
    pub fn packages(&self) -> &Packages {
        &self.packages
    }

    /// A module by its id, which must be of this session.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The version of Kubernetes that a module is written for: its package says, or else it is the usual one.
    pub fn kubernetes(&self, id: ModuleId) -> Version {
        let manifest = self.packages.get(self.module(id).package).manifest.as_ref();
        manifest.and_then(|manifest| manifest.kubernetes).unwrap_or(Version::DEFAULT)
    }

    /// A module's text and tree, if it was read and has not changed since.
    pub fn parsed(&self, id: ModuleId) -> Option<&Arc<Parsed>> {
        match &self.module(id).state {
            ModuleState::Fresh(parsed) => Some(parsed),
            _ => None,
        }
    }

    /// The path of a module's file in the world; `None` for the standard library.
    pub fn module_file(&self, id: ModuleId) -> Option<PathBuf> {
        let module = self.module(id);
        (module.package != STD).then(|| self.packages.get(module.package).root.join(&module.place))
    }

    /// The folder that a module may read files from; `None` for the standard library.
    pub fn package_root(&self, id: ModuleId) -> Option<&Path> {
        let package = self.module(id).package;
        (package != STD).then(|| self.packages.get(package).root.as_path())
    }

    /// Tells that files changed, appeared or went: they are read again when they are next needed.
    pub fn invalidate<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>) {
        self.resolutions.clear();
        let paths: FxHashSet<&Path> = paths.into_iter().collect();
        for at in 0..self.modules.len() {
            let id = ModuleId(at as u32);
            if self.module_file(id).is_some_and(|file| paths.contains(file.as_path())) {
                let state = &mut self.modules[at].state;
                *state = match std::mem::replace(state, ModuleState::Stale(None)) {
                    ModuleState::Fresh(parsed) => ModuleState::Stale(Some(parsed)),
                    other => other,
                };
                if let ModuleState::Unreadable(_) = state {
                    *state = ModuleState::Stale(None);
                }
            }
        }
    }

    pub(crate) fn package_loader(&mut self) -> (&mut Packages, PackageLoader<'_>) {
        (&mut self.packages, PackageLoader { world: &self.world, files: &mut self.files, cwd: &self.cwd })
    }

    /// The id of the module in `place`, a file below the package's root that exists.
    pub(crate) fn intern(&mut self, package: PackageId, place: String) -> ModuleId {
        if let Some(&id) = self.ids.get(&(package, place.clone())) {
            return id;
        }
        let id = ModuleId(self.modules.len() as u32);
        let path = Name::new(&dotted(&self.packages.get(package).name, &place));
        self.ids.insert((package, place.clone()), id);
        self.modules.push(Module { package, path, place, state: ModuleState::Stale(None) });
        id
    }
}

/// The dotted path of the module in `place` of a package.
pub(crate) fn dotted(package: &str, place: &str) -> String {
    let stem = place.strip_suffix(".forge").unwrap_or(place);
    let stem = if stem == "main" && !package.is_empty() { "" } else { stem.strip_suffix("/main").unwrap_or(stem) };
    let parts = std::iter::once(package).chain(stem.split('/')).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_module_follows_from_its_place() {
        assert_eq!(dotted("shop", "a/b.forge"), "shop.a.b");
        assert_eq!(dotted("shop", "a/b/main.forge"), "shop.a.b");
        assert_eq!(dotted("shop", "main.forge"), "shop");
        assert_eq!(dotted("", "main.forge"), "main");
        assert_eq!(dotted("", "a/main.forge"), "a");
    }
}
