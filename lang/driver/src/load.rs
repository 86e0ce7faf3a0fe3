//! From targets to everything that a check needs of them: parsed, with imports resolved.
//!
//! What the binary carries is large and mostly not meant, so there are two ways to load it: whole, for editors and for messages, which
//! want to know all names, and lean, for programs without mistakes. See [`crate::pruned`].

use std::path::PathBuf;
use std::sync::Arc;

use forge_base::{Diag, FileId, Files, Name};
use forge_check::{Checked, ModuleId, Source};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::import::ImportLookup;
use crate::package::{PackageId, STD};
use crate::session::{Module, Parsed, Session};

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
    /// Files of which only a part was loaded: places in them mean nothing to people.
    pub(crate) pruned_files: FxHashSet<FileId>,
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

    /// Whether a message speaks of a file of which only a part was loaded.
    pub(crate) fn mentions_pruned_file(&self, diag: &Diag) -> bool {
        !self.pruned_files.is_empty() && diag.labels.iter().any(|label| self.pruned_files.contains(&label.span.file))
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

/// How much of the standard library is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Full,
    Pruned,
}

/// What has been reached so far.
#[derive(Default)]
struct Reached {
    /// All modules that were met.
    seen: FxHashSet<ModuleId>,
    /// The imports of those that are parsed.
    imports: FxHashMap<ModuleId, Vec<ImportLookup>>,
    /// Kubernetes modules that wait until all names are known.
    waiting: Vec<ModuleId>,
}

impl Session {
    /// Loads `targets` and all that they reach through imports, the prelude always among it.
    pub fn load(&mut self, targets: &[ModuleId]) -> Loaded {
        self.forget_pruned();
        self.load_with(targets, Extent::Full)
    }

    /// Like [`Session::load`], but of the standard library only what the texts may use. Enough for a program without mistakes.
    pub fn load_pruned(&mut self, targets: &[ModuleId]) -> Loaded {
        self.load_with(targets, Extent::Pruned)
    }

    fn load_with(&mut self, targets: &[ModuleId], extent: Extent) -> Loaded {
        self.choose_kubernetes(targets);
        let mut wanted: Vec<ModuleId> = targets.to_vec();
        if extent == Extent::Full {
            wanted.extend(self.prelude());
        }
        let mut diags = Vec::new();
        let mut reached = Reached { seen: wanted.iter().copied().collect(), ..Reached::default() };
        while !wanted.is_empty() {
            if extent == Extent::Pruned {
                let is_waiting = |id: &ModuleId| self.is_kubernetes(*id) && !self.is_pruned(*id);
                reached.waiting.extend(wanted.extract_if(.., |id| is_waiting(id)));
            }
            wanted = self.follow(&wanted, &mut reached, &mut diags);
            if wanted.is_empty() && extent == Extent::Pruned {
                wanted = self.prune_kubernetes(&std::mem::take(&mut reached.waiting));
                wanted.extend(self.prune_prelude());
                reached.seen.extend(&wanted);
            }
        }
        self.loaded(targets, &reached, diags)
    }

    /// Reads modules and gives those that they import and that were not met before.
    fn follow(&mut self, wanted: &[ModuleId], reached: &mut Reached, diags: &mut Vec<Diag>) -> Vec<ModuleId> {
        self.read(wanted);
        let mut next = Vec::new();
        for &id in wanted {
            let Some(parsed) = self.parsed(id).cloned() else {
                diags.extend(self.unreadable(id));
                continue;
            };
            let found = self.look_up_imports(id, &parsed.ast, diags);
            next.extend(found.iter().flat_map(ImportLookup::modules).filter(|&id| reached.seen.insert(id)));
            reached.imports.insert(id, found);
        }
        next
    }

    fn loaded(&self, targets: &[ModuleId], reached: &Reached, mut diags: Vec<Diag>) -> Loaded {
        let mut ids: Vec<ModuleId> = reached.imports.keys().copied().collect();
        ids.sort();
        let mut sources = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(parsed) = self.parsed(id) {
                diags.extend(parsed.diags.iter().cloned());
                sources.push(self.source(id, parsed, &reached.imports[&id]));
            }
        }
        let packages: FxHashSet<PackageId> = reached.seen.iter().map(|&id| self.module(id).package).collect();
        for id in self.with_dependencies(packages) {
            diags.extend(self.packages.get(id).diags.iter().cloned());
        }
        diags.extend(self.ambiguous_targets(targets, &diags));
        sort_diags(&mut diags);
        let root = |source: &Source| Some((source.file, self.package_root(source.id)?.to_path_buf()));
        let roots = sources.iter().filter_map(root).collect();
        let (files, cwd) = (self.files.clone(), self.cwd.clone());
        let pruned_files =
            sources.iter().filter(|source| self.is_pruned(source.id)).map(|source| source.file).collect();
        Loaded { files, sources, targets: targets.to_vec(), roots, cwd, diags, pruned_files }
    }

    /// Packages with all that they depend on, in the order of their opening.
    fn with_dependencies(&self, packages: FxHashSet<PackageId>) -> Vec<PackageId> {
        let mut open: Vec<PackageId> = packages.iter().copied().collect();
        let mut all = packages;
        while let Some(id) = open.pop() {
            let dependencies = self.packages.get(id).dependencies.iter().map(|(_, id)| *id);
            open.extend(dependencies.filter(|&id| all.insert(id)));
        }
        self.packages.iter().map(|(id, _)| id).filter(|id| all.contains(id)).collect()
    }

    /// Targets that share their path with another file. What imports have found already is not said again.
    fn ambiguous_targets(&self, targets: &[ModuleId], known: &[Diag]) -> Vec<Diag> {
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

    fn source(&self, id: ModuleId, parsed: &Parsed, located: &[ImportLookup]) -> Source {
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
}
