//! A session: the packages, files and modules that one run of the compiler, or one editor, works on.
//!
//! A module is read and parsed when it is first reached, and kept until [`Session::invalidate`] reports that its file changed. Its
//! id and the id of its file stay the same for the lifetime of the session.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{Diag, FileId, Files, Name, World, WorldError};
use forge_check::{Checked, ModuleId};
use forge_kube::Version;
use forge_syntax::ast;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::deny::Denied;
use crate::package::{PackageId, PackageLoader, Packages, STD};
use crate::pruned::{self, PrunedSource};

/// The state of one run of the compiler or of one editor.
pub struct Session {
    pub(crate) world: Arc<dyn World>,
    pub(crate) cwd: PathBuf,
    pub(crate) files: Files,
    pub(crate) packages: Packages,
    pub(crate) modules: Vec<Module>,
    ids: FxHashMap<(PackageId, String), ModuleId>,
    /// Module paths that were resolved since the last change.
    pub(crate) resolutions: FxHashMap<(PackageId, String), Resolution>,
    /// The modules of the standard library that are loaded in part.
    pub(crate) pruned: FxHashMap<ModuleId, PrunedSource>,
    /// The Kubernetes version whose modules are loaded.
    pub(crate) kubernetes: Version,
    /// Whether programs are loaded in full.
    pub(crate) loading: Loading,
    /// The warnings that count as errors.
    pub(crate) denied: Vec<Denied>,
    /// The result of the last check.
    pub(crate) checked: Option<Checked>,
}

/// How much of the standard library is loaded to build or evaluate a program. It changes no result, only how long it takes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Loading {
    /// What the program can reach, and everything if there are errors.
    #[default]
    Pruned,
    /// Everything.
    Whole,
}

/// What a module path leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Resolution {
    /// No file.
    Missing,
    /// A link that leaves the package.
    Outside,
    /// A module.
    Module(ModuleId),
    /// Both `a.forge` and `a/main.forge` exist; the module is the first.
    Ambiguous(ModuleId),
}

/// A module that the session knows.
#[derive(Debug)]
pub struct Module {
    /// Its package.
    pub package: PackageId,
    /// Its dotted path.
    pub path: Name,
    /// The path of its file below the package's root, such as `a/b.forge`.
    pub source_path: String,
    pub(crate) state: ModuleState,
}

#[derive(Debug)]
pub(crate) enum ModuleState {
    /// Not read yet, or changed since; with the last result if there is one.
    Stale(Option<Arc<Parsed>>),
    Fresh(Arc<Parsed>),
    Unreadable(WorldError),
}

/// A parsed module.
#[derive(Debug)]
pub struct Parsed {
    /// Its file.
    pub file: FileId,
    /// Its source.
    pub text: Arc<str>,
    /// Its syntax tree.
    pub ast: Arc<ast::Module>,
    /// The parser's diagnostics.
    pub diags: Vec<Diag>,
    names: FxHashSet<Name>,
}

impl Parsed {
    /// A module that was parsed from `text`.
    pub(crate) fn new(file: FileId, text: Arc<str>) -> Parsed {
        let parsed = forge_syntax::parse(file, &text);
        let names = pruned::names_in(&text, &parsed.tokens);
        Parsed { file, text, ast: Arc::new(parsed.module), diags: parsed.diags, names }
    }

    /// A module whose tree was built together with `text`.
    pub(crate) fn built(file: FileId, text: Arc<str>, ast: ast::Module) -> Parsed {
        let names = pruned::names_in_tree(&ast);
        Parsed { file, text, ast: Arc::new(ast), diags: Vec::new(), names }
    }

    /// The names that the module mentions.
    pub(crate) fn names(&self) -> &FxHashSet<Name> {
        &self.names
    }
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
            loading: Loading::Pruned,
            denied: Vec::new(),
            checked: None,
        }
    }

    /// Selects how much of the standard library is loaded.
    pub fn set_loading(&mut self, loading: Loading) {
        self.loading = loading;
    }

    /// The world that the session reads.
    pub fn world(&self) -> &Arc<dyn World> {
        &self.world
    }

    /// The folder that displayed paths are relative to.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// All files that were read so far.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// All packages that were opened so far.
    pub fn packages(&self) -> &Packages {
        &self.packages
    }

    /// The module with this id, which must be of this session.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The Kubernetes version that a module is written for: the one that its package names, or the default.
    pub fn kubernetes(&self, id: ModuleId) -> Version {
        let manifest = self.packages.get(self.module(id).package).manifest.as_ref();
        manifest.and_then(|manifest| manifest.kubernetes).unwrap_or(Version::DEFAULT)
    }

    /// A module's source and tree, if it was read and has not changed since.
    pub fn parsed(&self, id: ModuleId) -> Option<&Arc<Parsed>> {
        match &self.module(id).state {
            ModuleState::Fresh(parsed) => Some(parsed),
            _ => None,
        }
    }

    /// The path of a module's file in the world; `None` for the standard library.
    pub fn module_file(&self, id: ModuleId) -> Option<PathBuf> {
        let module = self.module(id);
        (module.package != STD).then(|| self.packages.get(module.package).root.join(&module.source_path))
    }

    /// The folder that a module may read files from; `None` for the standard library.
    pub fn package_root(&self, id: ModuleId) -> Option<&Path> {
        let package = self.module(id).package;
        (package != STD).then(|| self.packages.get(package).root.as_path())
    }

    /// Marks files as changed, created or removed: they are read again when they are next needed.
    pub fn invalidate<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>) {
        self.resolutions.clear();
        let paths: FxHashSet<&Path> = paths.into_iter().collect();
        for index in 0..self.modules.len() {
            let id = ModuleId(index as u32);
            if self.module_file(id).is_some_and(|file| paths.contains(file.as_path())) {
                let state = &mut self.modules[index].state;
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

    /// The id of the module in `source_path`, a file that exists below the package's root.
    pub(crate) fn intern(&mut self, package: PackageId, source_path: String) -> ModuleId {
        if let Some(&id) = self.ids.get(&(package, source_path.clone())) {
            return id;
        }
        let id = ModuleId(self.modules.len() as u32);
        let path = Name::new(&dotted(&self.packages.get(package).name, &source_path));
        self.ids.insert((package, source_path.clone()), id);
        self.modules.push(Module { package, path, source_path, state: ModuleState::Stale(None) });
        id
    }
}

/// The dotted path of the module in a file of a package.
pub(crate) fn dotted(package: &str, source_path: &str) -> String {
    let stem = source_path.strip_suffix(".forge").unwrap_or(source_path);
    let stem = if stem == "main" && !package.is_empty() { "" } else { stem.strip_suffix("/main").unwrap_or(stem) };
    let parts = std::iter::once(package).chain(stem.split('/')).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_module_follows_from_its_file() {
        assert_eq!(dotted("shop", "a/b.forge"), "shop.a.b");
        assert_eq!(dotted("shop", "a/b/main.forge"), "shop.a.b");
        assert_eq!(dotted("shop", "main.forge"), "shop");
        assert_eq!(dotted("", "main.forge"), "main");
        assert_eq!(dotted("", "a/main.forge"), "a");
    }
}
