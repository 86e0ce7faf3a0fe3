//! Loading: from targets to everything that the checker needs, parsed and with imports resolved.
//!
//! The standard library is large and a program uses little of it, so there are two ways to load it: in full, for editors and for
//! diagnostics, which need every name, and pruned, for programs without errors. See [`crate::pruned`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{AnyCode, Diag, FileId, Files, Name, Span};
use forge_check::{Checked, Exports, ModuleId, Source, SourcePackage};
use forge_eval::Waivers;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::exports::ExportIndex;
use crate::import::ImportLookup;
use crate::library;
use crate::package::{PackageId, STD};
use crate::pruned::{Fields, MentionedNames};
use crate::session::{Module, Parsed, Session};

/// Everything that the checker needs: targets and all modules that they reach, parsed and with imports resolved.
#[derive(Clone, Default, Debug)]
pub struct Loaded {
    /// All files of the session.
    pub files: Files,
    /// The modules, ordered by id.
    pub sources: Vec<Source>,
    /// The modules that were asked for.
    pub targets: Vec<ModuleId>,
    /// For each file, the folder that its module may read other files from.
    pub roots: FxHashMap<FileId, PathBuf>,
    /// The folder that displayed paths are relative to.
    pub cwd: PathBuf,
    /// Diagnostics of packages, files, syntax and imports.
    pub diags: Vec<Diag>,
    /// What the modules may import.
    pub(crate) exports: Option<Arc<dyn Exports>>,
    /// Files of partial modules: spans in them are not those of the real file.
    pub(crate) pruned_files: FxHashSet<FileId>,
}

impl Loaded {
    /// Checks everything that was loaded. The diagnostics include those of loading and are sorted by file and position.
    pub fn check(&self) -> Checked {
        let mut checked = match &self.exports {
            Some(exports) => forge_check::check_with_exports(&self.sources, Arc::clone(exports)),
            None => forge_check::check(&self.sources),
        };
        let mut diags = self.diags.clone();
        diags.append(&mut checked.diags);
        sort_diags(&mut diags);
        checked.diags = diags;
        checked
    }

    /// Whether a diagnostic points into a partial module.
    pub(crate) fn mentions_pruned_file(&self, diag: &Diag) -> bool {
        !self.pruned_files.is_empty() && diag.labels.iter().any(|label| self.pruned_files.contains(&label.span.file))
    }

    /// Whether nothing was left out.
    pub(crate) fn is_whole(&self) -> bool {
        self.pruned_files.is_empty()
    }

    /// The root folder of the package that the target belongs to.
    pub(crate) fn target_root(&self) -> Option<&Path> {
        let target = self.source(*self.targets.first()?)?;
        self.roots.get(&target.file).map(PathBuf::as_path)
    }

    /// Whether loading reported errors.
    pub fn has_errors(&self) -> bool {
        self.diags.iter().any(Diag::is_error)
    }

    /// A loaded module.
    pub fn source(&self, id: ModuleId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }
}

/// Sorts diagnostics by file and position, those without a span first, and removes duplicates.
pub fn sort_diags(diags: &mut Vec<Diag>) {
    diags.sort_by_key(|diag| diag.span().map(|span| (span.file, span.start)));
    let mut seen = FxHashSet::default();
    diags.retain(|diag| seen.insert(diag.clone()));
}

/// What has been reached so far.
#[derive(Default)]
pub(crate) struct Reached {
    /// All modules that were reached.
    seen: FxHashSet<ModuleId>,
    /// The imports of the modules that are parsed.
    pub(crate) imports: FxHashMap<ModuleId, Vec<ImportLookup>>,
    diags: Vec<Diag>,
}

impl Waivers for Loaded {
    fn waived(&self) -> Vec<(Span, AnyCode)> {
        self.sources.iter().flat_map(|source| forge_check::collect_waived(&source.ast)).collect()
    }
}

impl Session {
    /// Loads `targets`, all modules that they reach through imports, and the prelude.
    pub fn load(&mut self, targets: &[ModuleId]) -> Loaded {
        self.forget_pruned();
        self.choose_kubernetes(targets);
        let mut wanted: Vec<ModuleId> = targets.to_vec();
        wanted.extend(self.prelude());
        let mut reached = Reached { seen: wanted.iter().copied().collect(), ..Reached::default() };
        while !wanted.is_empty() {
            wanted = self.follow(&wanted, &mut reached);
        }
        self.loaded(targets, reached)
    }

    /// Like [`Session::load`], but loads only those declarations of the standard library whose names the program mentions. This is enough
    /// for a program without errors.
    pub fn load_pruned(&mut self, targets: &[ModuleId]) -> Loaded {
        self.forget_pruned();
        self.choose_kubernetes(targets);
        let mut wanted: Vec<ModuleId> = targets.to_vec();
        let mut reached = Reached { seen: wanted.iter().copied().collect(), ..Reached::default() };
        let mut names = MentionedNames::default();
        let mut kubernetes = Vec::new();
        while !wanted.is_empty() {
            kubernetes.extend(wanted.extract_if(.., |id| self.is_kubernetes(*id)));
            let next = self.follow(&wanted, &mut reached);
            wanted.iter().filter_map(|&id| self.parsed(id)).for_each(|parsed| names.extend(parsed));
            wanted = next;
        }
        let needs_all_fields = library::reads_data(&names) || self.takes_structured_inputs(&reached);
        let fields = if needs_all_fields { Fields::All } else { Fields::Mentioned };
        wanted = self.prune_kubernetes(&kubernetes, &mut names, fields);
        wanted.extend(self.prune_prelude(&names));
        while !wanted.is_empty() {
            reached.seen.extend(&wanted);
            let mut next = self.follow(&wanted, &mut reached);
            wanted.iter().filter_map(|&id| self.parsed(id)).for_each(|parsed| names.extend(parsed));
            next.extend(self.prune_prelude(&names));
            wanted = next;
        }
        self.loaded(targets, reached)
    }

    /// Reads modules and returns those that they import and that were not reached before.
    fn follow(&mut self, wanted: &[ModuleId], reached: &mut Reached) -> Vec<ModuleId> {
        self.read(wanted);
        let mut next = Vec::new();
        for &id in wanted {
            let Some(parsed) = self.parsed(id).cloned() else {
                reached.diags.extend(self.unreadable(id));
                continue;
            };
            let imports = self.look_up_imports(id, &parsed.ast, &mut reached.diags);
            next.extend(imports.iter().flat_map(ImportLookup::modules).filter(|&id| reached.seen.insert(id)));
            reached.imports.insert(id, imports);
        }
        next
    }

    fn loaded(&self, targets: &[ModuleId], reached: Reached) -> Loaded {
        let mut diags = reached.diags;
        let mut ids: Vec<ModuleId> = reached.imports.keys().copied().collect();
        ids.sort();
        let mut sources = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(parsed) = self.parsed(id) {
                diags.extend(parsed.diags.iter().cloned());
                sources.push(self.source(id, parsed, &reached.imports[&id], targets));
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
        let exports: Arc<dyn Exports> = Arc::new(ExportIndex::new(self, sources.iter().map(|source| source.id)));
        Loaded { files, sources, targets: targets.to_vec(), roots, cwd, diags, exports: Some(exports), pruned_files }
    }

    /// The packages and all that they depend on, in the order in which they were opened.
    fn with_dependencies(&self, packages: FxHashSet<PackageId>) -> Vec<PackageId> {
        let mut open: Vec<PackageId> = packages.iter().copied().collect();
        let mut all = packages;
        while let Some(id) = open.pop() {
            let dependencies = self.packages.get(id).dependencies.iter().map(|(_, id)| *id);
            open.extend(dependencies.filter(|&id| all.insert(id)));
        }
        self.packages.iter().map(|(id, _)| id).filter(|id| all.contains(id)).collect()
    }

    /// Reports targets that share their module path with another file, unless an import reported it already.
    fn ambiguous_targets(&self, targets: &[ModuleId], known: &[Diag]) -> Vec<Diag> {
        let mut found: Vec<Diag> = Vec::new();
        for &id in targets {
            let Module { package, source_path, .. } = self.module(id);
            let Some(stem) = source_path.strip_suffix(".forge") else { continue };
            let stem = stem.strip_suffix("/main").unwrap_or(stem);
            let names: Vec<Name> = stem.split('/').map(Name::new).collect();
            if !matches!(self.find_source(*package, &names), Some((_, true))) {
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

    fn source(&self, id: ModuleId, parsed: &Parsed, located: &[ImportLookup], targets: &[ModuleId]) -> Source {
        let module = self.module(id);
        Source {
            id,
            path: module.path,
            file: parsed.file,
            text: Arc::clone(&parsed.text),
            ast: Arc::clone(&parsed.ast),
            has_syntax_errors: parsed.diags.iter().any(Diag::is_error),
            imports: located.iter().map(|found| self.import_target(found)).collect(),
            package: match module.package {
                STD => SourcePackage::Std,
                package if targets.iter().any(|&target| self.module(target).package == package) => SourcePackage::Built,
                _ => SourcePackage::Dependency,
            },
        }
    }
}
