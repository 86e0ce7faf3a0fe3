//! A session: the packages, files and modules that one run of the compiler, or one editor, works on.
//!
//! A module is read and parsed when it is first reached and kept until [`Session::touch`] says that its file changed.
//! Its id and its file's id stay the same for as long as the session lives.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{Code, Diag, FileId, Files, Name, World, WorldError};
use forge_check::{Checked, ModuleId, Source};
use forge_kube::Version;
use forge_syntax::ast;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::embedded;
use crate::import::Located;
use crate::lean;
use crate::package::{Opener, PackageId, Packages, STD};
use crate::world::shown;
use forge_base::stack;

/// Below this many bytes the threads cost more than they bring.
const PARALLEL_BYTES: usize = 256 << 10;

/// See the module.
pub struct Session {
    pub(crate) world: Arc<dyn World>,
    pub(crate) cwd: PathBuf,
    pub(crate) files: Files,
    pub(crate) packages: Packages,
    modules: Vec<Module>,
    ids: FxHashMap<(PackageId, String), ModuleId>,
    /// What was looked for since the last change, found or not.
    pub(crate) probes: FxHashMap<(PackageId, String), Probe>,
    /// The texts of modules of the prelude of which not all is needed.
    lean: FxHashMap<ModuleId, Arc<str>>,
    /// What was checked last.
    pub(crate) checked: Option<Checked>,
}

/// What is at a module path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Probe {
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
    state: State,
}

#[derive(Debug)]
enum State {
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

/// Everything that a check needs: targets and all that they reach, parsed and with imports resolved.
#[derive(Clone, Default, Debug)]
pub struct Loaded {
    /// All texts of the session.
    pub files: Files,
    /// The modules, by id.
    pub sources: Vec<Source>,
    /// The modules that were asked for.
    pub targets: Vec<ModuleId>,
    /// The folder that each file's module may read other files from.
    pub roots: FxHashMap<FileId, PathBuf>,
    /// The folder that the shown paths of files start at.
    pub cwd: PathBuf,
    /// What is wrong with packages, files, syntax and imports.
    pub diags: Vec<Diag>,
}

impl Loaded {
    /// Checks everything that was loaded. The result's messages hold those of loading, too, in the order of files and text.
    pub fn check(&self) -> Checked {
        let mut checked = forge_check::check(&self.sources);
        let mut diags = self.diags.clone();
        diags.append(&mut checked.diags);
        sort_diags(&mut diags);
        checked.diags = diags;
        checked
    }

    /// Whether loading found errors.
    pub fn has_errors(&self) -> bool {
        self.diags.iter().any(Diag::is_error)
    }

    /// A loaded module.
    pub fn source(&self, id: ModuleId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }
}

/// Puts messages in the order of files and text, those without a place first, and says each once.
pub fn sort_diags(diags: &mut Vec<Diag>) {
    diags.sort_by_key(|diag| diag.span().map(|span| (span.file, span.start)));
    let mut seen = FxHashSet::default();
    diags.retain(|diag| seen.insert(diag.clone()));
}

/// How much of the prelude is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prelude {
    Whole,
    Lean,
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
            probes: FxHashMap::default(),
            lean: FxHashMap::default(),
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
        let named = manifest.and_then(|manifest| manifest.kubernetes.as_deref()?.parse().ok());
        named.unwrap_or(Version::DEFAULT)
    }

    /// A module's text and tree, if it was read and has not changed since.
    pub fn parsed(&self, id: ModuleId) -> Option<&Arc<Parsed>> {
        match &self.module(id).state {
            State::Fresh(parsed) => Some(parsed),
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
    pub fn touch<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>) {
        self.probes.clear();
        let paths: FxHashSet<&Path> = paths.into_iter().collect();
        for at in 0..self.modules.len() {
            let id = ModuleId(at as u32);
            if self.module_file(id).is_some_and(|file| paths.contains(file.as_path())) {
                let state = &mut self.modules[at].state;
                *state = match std::mem::replace(state, State::Stale(None)) {
                    State::Fresh(parsed) => State::Stale(Some(parsed)),
                    other => other,
                };
                if let State::Unreadable(_) = state {
                    *state = State::Stale(None);
                }
            }
        }
    }

    pub(crate) fn opener(&mut self) -> (&mut Packages, Opener<'_>) {
        (&mut self.packages, Opener { world: &self.world, files: &mut self.files, cwd: &self.cwd })
    }

    /// The id of the module in `place`, a file below the package's root that exists.
    pub(crate) fn intern(&mut self, package: PackageId, place: String) -> ModuleId {
        if let Some(&id) = self.ids.get(&(package, place.clone())) {
            return id;
        }
        let id = ModuleId(self.modules.len() as u32);
        let path = Name::new(&dotted(&self.packages.get(package).name, &place));
        self.ids.insert((package, place.clone()), id);
        self.modules.push(Module { package, path, place, state: State::Stale(None) });
        id
    }

    /// Loads `targets` and all that they reach through imports, the prelude always among it.
    pub fn load(&mut self, targets: &[ModuleId]) -> Loaded {
        for id in std::mem::take(&mut self.lean).into_keys() {
            self.forget(id);
        }
        self.load_with(targets, Prelude::Whole)
    }

    /// Like [`Session::load`], but of the prelude only what the texts may use. Enough for a program without mistakes; messages about
    /// mistakes want to know all names.
    pub fn load_lean(&mut self, targets: &[ModuleId]) -> Loaded {
        self.load_with(targets, Prelude::Lean)
    }

    fn load_with(&mut self, targets: &[ModuleId], prelude: Prelude) -> Loaded {
        let mut wanted: Vec<ModuleId> = targets.to_vec();
        if prelude == Prelude::Whole {
            wanted.extend(self.prelude());
        }
        let mut diags = Vec::new();
        let mut located: FxHashMap<ModuleId, Vec<Located>> = FxHashMap::default();
        let mut seen: FxHashSet<ModuleId> = wanted.iter().copied().collect();
        while !wanted.is_empty() {
            self.read(&wanted);
            let mut next = Vec::new();
            for id in std::mem::take(&mut wanted) {
                let Some(parsed) = self.parsed(id).cloned() else {
                    diags.extend(self.unreadable(id));
                    continue;
                };
                let found = self.locate_imports(id, &parsed.ast, &mut diags);
                next.extend(found.iter().flat_map(Located::modules).filter(|&id| seen.insert(id)));
                located.insert(id, found);
            }
            wanted = next;
            if wanted.is_empty() && prelude == Prelude::Lean {
                wanted = self.more_prelude();
                seen.extend(&wanted);
            }
        }
        let mut ids: Vec<ModuleId> = located.keys().copied().collect();
        ids.sort();
        let mut sources = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(parsed) = self.parsed(id) {
                diags.extend(parsed.diags.iter().cloned());
                sources.push(self.source(id, parsed, &located[&id]));
            }
        }
        let reached: FxHashSet<PackageId> = seen.iter().map(|&id| self.module(id).package).collect();
        for (id, package) in self.packages.iter() {
            if reached.contains(&id) {
                diags.extend(package.diags.iter().cloned());
            }
        }
        diags.extend(self.doubles(targets, &diags));
        sort_diags(&mut diags);
        let root = |source: &Source| Some((source.file, self.package_root(source.id)?.to_path_buf()));
        let roots = sources.iter().filter_map(root).collect();
        let (files, cwd) = (self.files.clone(), self.cwd.clone());
        Loaded { files, sources, targets: targets.to_vec(), roots, cwd, diags }
    }

    /// Targets that share their path with another file. What imports have found already is not said again.
    fn doubles(&self, targets: &[ModuleId], known: &[Diag]) -> Vec<Diag> {
        let mut found: Vec<Diag> = Vec::new();
        for &id in targets {
            let Module { package, place, .. } = self.module(id);
            let Some(stem) = place.strip_suffix(".forge").map(|stem| stem.strip_suffix("/main").unwrap_or(stem)) else {
                continue;
            };
            let names: Vec<Name> = stem.split('/').map(Name::new).collect();
            if !matches!(self.place_of(*package, &names), Some((_, true))) {
                continue;
            }
            let diag = self.ambiguous(*package, &names);
            let diag = match self.parsed(id) {
                Some(parsed) => diag.at(parsed.ast.span.at_start(), "one of them"),
                None => diag,
            };
            if !known.iter().chain(&found).any(|other| other.headline == diag.headline) {
                found.push(diag);
            }
        }
        found
    }

    fn source(&self, id: ModuleId, parsed: &Parsed, located: &[Located]) -> Source {
        let module = self.module(id);
        Source {
            id,
            path: module.path,
            file: parsed.file,
            text: Arc::clone(&parsed.text),
            ast: Arc::clone(&parsed.ast),
            has_syntax_errors: parsed.diags.iter().any(Diag::is_error),
            imports: located.iter().map(|found| self.import_target(found)).collect(),
            is_std: module.package == STD,
        }
    }

    /// All modules of the prelude.
    fn prelude(&mut self) -> Vec<ModuleId> {
        embedded::prelude().map(|(place, _)| self.intern(STD, place.to_owned())).collect()
    }

    /// The modules of the prelude of which more is needed than has been parsed, now that more names are known.
    fn more_prelude(&mut self) -> Vec<ModuleId> {
        let mut more = Vec::new();
        for (place, text) in lean::prelude() {
            let id = self.intern(STD, place.to_owned());
            // Names are only ever added, so that a text of the same length is the same.
            if self.lean.get(&id).is_some_and(|lean| lean.len() == text.len()) && self.parsed(id).is_some() {
                continue;
            }
            self.lean.insert(id, text.into());
            self.forget(id);
            more.push(id);
        }
        more
    }

    /// Lets a module be read again when it is next needed.
    fn forget(&mut self, id: ModuleId) {
        let state = &mut self.modules[id.0 as usize].state;
        *state = match std::mem::replace(state, State::Stale(None)) {
            State::Fresh(parsed) => State::Stale(Some(parsed)),
            State::Stale(parsed) => State::Stale(parsed),
            State::Unreadable(_) => State::Stale(None),
        };
    }

    fn unreadable(&self, id: ModuleId) -> Option<Diag> {
        let State::Unreadable(error) = &self.module(id).state else { return None };
        let code = if *error == WorldError::NotUtf8 { Code::BAD_UTF8 } else { Code::FILE_UNREADABLE };
        let place = shown(&self.module_file(id)?, &self.cwd);
        Some(Diag::error(code, format!("cannot read `{}`: {error}", place.display())))
    }

    /// Reads and parses those of `ids` that are stale.
    fn read(&mut self, ids: &[ModuleId]) {
        let stale: Vec<ModuleId> =
            ids.iter().copied().filter(|&id| matches!(self.module(id).state, State::Stale(_))).collect();
        let mut changed = Vec::new();
        for &id in &stale {
            let state = std::mem::replace(&mut self.modules[id.0 as usize].state, State::Stale(None));
            let State::Stale(old) = state else { continue };
            let new = match self.text(id) {
                Err(error) => State::Unreadable(error),
                Ok(text) => match old {
                    Some(old) if *old.text == *text => State::Fresh(old),
                    old => {
                        changed.push((id, self.keep(id, old.map(|old| old.file), &text), text));
                        continue;
                    }
                },
            };
            self.modules[id.0 as usize].state = new;
        }
        let parse = |(id, file, text): (ModuleId, FileId, Arc<str>)| {
            let parsed = forge_syntax::parse(file, &text);
            (id, Parsed { file, ast: Arc::new(parsed.module), diags: parsed.diags, text })
        };
        let bytes: usize = changed.iter().map(|(_, _, text)| text.len()).sum();
        let parsed: Vec<_> = if changed.len() > 1 && bytes > PARALLEL_BYTES {
            stack::pool(0, || changed.into_par_iter().map(parse).collect())
        } else {
            changed.into_iter().map(parse).collect()
        };
        for (id, parsed) in parsed {
            self.modules[id.0 as usize].state = State::Fresh(Arc::new(parsed));
        }
    }

    fn text(&self, id: ModuleId) -> Result<Arc<str>, WorldError> {
        if let Some(text) = self.lean.get(&id) {
            return Ok(Arc::clone(text));
        }
        match self.module_file(id) {
            Some(path) => Ok(self.world.read(&path)?.into()),
            None => {
                let (_, text) =
                    embedded::std_file(&format!("std/{}", self.module(id).place)).ok_or(WorldError::NotFound)?;
                Ok(text.into())
            }
        }
    }

    fn keep(&mut self, id: ModuleId, old: Option<FileId>, text: &Arc<str>) -> FileId {
        let path = match self.module_file(id) {
            Some(path) => shown(&path, &self.cwd),
            None => PathBuf::from(format!("std/{}", self.module(id).place)),
        };
        let old = old.or_else(|| self.files.find(&path).map(|file| file.id));
        match old {
            Some(file) => {
                self.files.replace(file, Arc::clone(text));
                file
            }
            None => self.files.add(path, Arc::clone(text)),
        }
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
