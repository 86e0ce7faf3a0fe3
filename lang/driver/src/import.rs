//! Import resolution: from import paths to modules.
//!
//! An absolute path starts with the name of a package: the module's own, a dependency, or `std`. In a folder without `forge.toml` it is
//! relative to that folder. A path that starts with dots is relative to the module's folder.

use forge_base::{Code, Diag, Diags, Name, Span, suggest};
use forge_check::{ImportTarget, ModuleId, NameTarget};
use forge_syntax::ast::{self, Ident, Import, ImportBinds, ItemKind};

use crate::exports::stability;
use crate::library;
use crate::manifest;
use crate::package::{PackageId, STD};
use crate::session::{Resolution, Session};

/// The modules that an import may lead to; which of them it is depends on what they declare.
#[derive(Debug)]
pub(crate) enum ImportLookup {
    /// The path is a module.
    Module(ModuleId),
    /// The path may be a module, and each name one below it.
    Names {
        /// The module of the path.
        parent: Option<ModuleId>,
        /// Each imported name, with the module of that name below the path.
        children: Vec<(Name, Option<ModuleId>)>,
    },
    /// The import has an error, which was reported.
    Failed,
}

impl ImportLookup {
    /// All modules that must be loaded to decide.
    pub(crate) fn modules(&self) -> Vec<ModuleId> {
        match self {
            ImportLookup::Module(id) => vec![*id],
            ImportLookup::Names { parent, children } => {
                parent.iter().copied().chain(children.iter().filter_map(|(_, id)| *id)).collect()
            }
            ImportLookup::Failed => Vec::new(),
        }
    }
}

/// The folder that an import path names: a package and the names below its root.
struct ImportBase {
    package: PackageId,
    names: Vec<Name>,
}

impl Session {
    /// Looks up each import of a module, in source order.
    pub(crate) fn look_up_imports(
        &mut self,
        from: ModuleId,
        module: &ast::Module,
        diags: &mut Vec<Diag>,
    ) -> Vec<ImportLookup> {
        let imports = module.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Import(import) | ItemKind::Export(import) => Some((import, item.span)),
            _ => None,
        });
        imports.map(|(import, span)| self.look_up_import(from, import, span, diags)).collect()
    }

    /// The target of an import, once all of [`ImportLookup::modules`] are parsed. A declaration of the module takes precedence over a
    /// module of that name below it.
    pub(crate) fn import_target(&self, lookup: &ImportLookup) -> ImportTarget {
        match lookup {
            ImportLookup::Module(id) => ImportTarget::Module(*id),
            ImportLookup::Failed => ImportTarget::Unresolved,
            ImportLookup::Names { parent, children } => {
                let target = |&(name, child): &(Name, Option<ModuleId>)| match (*parent, child) {
                    (Some(parent), Some(child)) if !self.declares(parent, name) => NameTarget::Module(child),
                    (Some(parent), _) => NameTarget::Member(parent),
                    (None, Some(child)) => NameTarget::Module(child),
                    (None, None) => NameTarget::Unresolved,
                };
                ImportTarget::Names(children.iter().map(target).collect())
            }
        }
    }

    fn declares(&self, id: ModuleId, name: Name) -> bool {
        let declares = |item: &ast::Item| item.kind.declared().is_some_and(|ident| ident.name == name);
        self.parsed(id).is_some_and(|parsed| parsed.ast.items.iter().any(declares))
    }

    fn look_up_import(&mut self, from: ModuleId, import: &Import, span: Span, diags: &mut Vec<Diag>) -> ImportLookup {
        let half_typed = import.path.iter().any(|part| part.name.as_str().is_empty());
        if half_typed || diags.len() >= Diags::MAX || (import.path.is_empty() && import.dots == 0) {
            return ImportLookup::Failed;
        }
        let base = match self.import_base(from, import, span) {
            Ok(base) => base,
            Err(diag) => {
                diags.extend(diag.map(|diag| *diag));
                return ImportLookup::Failed;
            }
        };
        let path_span = import.path_span().unwrap_or(span);
        let parent = match self.find_reported(base.package, &base.names, path_span, diags) {
            Ok(found) => found,
            Err(()) => return ImportLookup::Failed,
        };
        match &import.binds {
            ImportBinds::Module(_) => match parent {
                Some(id) => ImportLookup::Module(id),
                None => {
                    diags.extend(self.unknown_module(from, &base, path_span));
                    ImportLookup::Failed
                }
            },
            ImportBinds::Names(names) => self.look_up_names(from, &base, parent, names, path_span, diags),
        }
    }

    fn look_up_names(
        &mut self,
        from: ModuleId,
        base: &ImportBase,
        parent: Option<ModuleId>,
        names: &[ast::ImportName],
        path_span: Span,
        diags: &mut Vec<Diag>,
    ) -> ImportLookup {
        if parent.is_none() && !self.is_module_folder(base.package, &base.names) {
            match self.moved_kinds(from, base, names, path_span) {
                Some(diag) => diags.push(diag),
                None => diags.extend(self.unknown_module(from, base, path_span)),
            }
            return ImportLookup::Failed;
        }
        let mut children = Vec::new();
        for import in names {
            let name = import.name.name;
            if name.as_str().is_empty() {
                children.push((name, None));
                continue;
            }
            let below = ImportBase { package: base.package, names: [base.names.as_slice(), &[name]].concat() };
            let child = self.find_reported(below.package, &below.names, import.name.span, diags);
            if child == Ok(None) && parent.is_none() {
                diags.extend(self.unknown_module(from, &below, import.name.span));
            }
            children.push((name, child.unwrap_or(None)));
        }
        ImportLookup::Names { parent, children }
    }

    /// The message about a Kubernetes module that does not exist, if another one has all kinds that are imported from it.
    fn moved_kinds(&self, from: ModuleId, base: &ImportBase, names: &[ast::ImportName], span: Span) -> Option<Diag> {
        let is_kubernetes = matches!(base.names.first()?.as_str(), "k8s" | "crds");
        if base.package != STD || !is_kubernetes {
            return None;
        }
        let version = self.kubernetes(from);
        let path = self.dotted(base.package, &base.names);
        let has_all = |module: &&str| {
            let has = |name: &ast::ImportName| {
                let is_it = |kind: &forge_kube::KindInfo| {
                    kind.module == *module && kind.kind == name.name.name.as_str() && kind.is_in(version)
                };
                forge_kube::kinds().any(|kind| is_it(&kind))
            };
            names.iter().all(has)
        };
        let mut modules: Vec<&str> = forge_kube::modules().filter(has_all).collect();
        modules.sort_by_key(|module| (!module.starts_with("k8s."), std::cmp::Reverse(stability(module))));
        let near = format!("std.{}", modules.first().filter(|_| !names.is_empty())?);
        let diag = Diag::error(Code::UNKNOWN_MODULE, format!("there is no module `{path}`"))
            .at(span, format!("did you mean `{near}`?"));
        Some(match modules.as_slice() {
            [_] => diag.fix(format!("write `{near}`"), span, near),
            _ => diag.maybe_fix(format!("write `{near}`"), span, near),
        })
    }

    /// The folder that an import path starts in; `Err(None)` was reported where the package was opened.
    fn import_base(&self, from: ModuleId, import: &Import, span: Span) -> Result<ImportBase, Option<Box<Diag>>> {
        let module = self.module(from);
        let names = import.path.iter().map(|part| part.name);
        if import.dots > 0 {
            let mut folder: Vec<Name> = module.source_path.split('/').map(Name::new).collect();
            for _ in 0..import.dots {
                if folder.pop().is_none() {
                    let diag = Diag::error(Code::UNKNOWN_MODULE, "the import leaves the package")
                        .at(import.path_span().unwrap_or(span), "more dots than folders above this module");
                    return Err(Some(Box::new(diag)));
                }
            }
            folder.extend(names);
            return Ok(ImportBase { package: module.package, names: folder });
        }
        let package = self.packages.get(module.package);
        let first = import.path[0];
        let named = self.package_named(module.package, first.name.as_str());
        match named {
            Some(package) => Ok(ImportBase { package, names: names.skip(1).collect() }),
            None if package.name.is_empty() && module.package != STD => {
                Ok(ImportBase { package: module.package, names: names.collect() })
            }
            None if is_declared(package, first.name.as_str()) || self.has_broken_manifest(module.package) => Err(None),
            None => Err(Some(Box::new(self.unknown_package(module.package, first, import)))),
        }
    }

    /// The package that an absolute import path in a module of `from` calls `name`.
    pub(crate) fn package_named(&self, from: PackageId, name: &str) -> Option<PackageId> {
        let package = self.packages.get(from);
        if name == "std" {
            return Some(STD);
        }
        if !package.name.is_empty() && package.name == name {
            return Some(from);
        }
        package.dependencies.iter().find(|(other, _)| other == name).map(|(_, id)| *id)
    }

    fn unknown_package(&self, from: PackageId, first: Ident, import: &Import) -> Diag {
        let package = self.packages.get(from);
        let name = first.name.as_str();
        let diag = Diag::error(Code::UNKNOWN_MODULE, format!("there is no package `{name}`"));
        let path: Vec<&str> = import.path.iter().map(|part| part.name.as_str()).collect();
        if self.is_module_folder(from, &[first.name]) || self.find_source(from, &[first.name]).is_some() {
            let whole = format!("{}.{}", package.name, path.join("."));
            return diag.at(first.span, "an absolute path starts with the name of a package").fix(
                format!("write `{whole}`"),
                first.span,
                format!("{}.{name}", package.name),
            );
        }
        let known: Vec<&str> = ["std", package.name.as_str()]
            .into_iter()
            .chain(package.dependencies.iter().map(|(name, _)| name.as_str()))
            .filter(|name| !name.is_empty())
            .collect();
        match suggest::nearest(name, known.iter().copied()) {
            Some(near) => diag.at(first.span, format!("did you mean `{near}`?")).maybe_fix(
                format!("write `{near}`"),
                first.span,
                near,
            ),
            None => diag
                .at(first.span, "neither this package nor a dependency")
                .note(format!("known packages: {}", known.join(", ")))
                .help(format!("add it to `[dependencies]` in `{}`", manifest::FILE_NAME)),
        }
    }

    /// Whether a `forge.toml` has errors: which modules there are is then unknown, and nothing is reported about them.
    fn has_broken_manifest(&self, package: PackageId) -> bool {
        self.packages.get(package).diags.iter().any(Diag::is_error)
    }

    /// Reports a module that does not exist, unless the package that lacks it has a broken `forge.toml`.
    fn unknown_module(&self, from: ModuleId, base: &ImportBase, span: Span) -> Option<Diag> {
        let is_broken = [self.module(from).package, base.package].into_iter().any(|id| self.has_broken_manifest(id));
        (!is_broken).then(|| self.explain_unknown_module(from, base, span))
    }

    fn explain_unknown_module(&self, from: ModuleId, base: &ImportBase, span: Span) -> Diag {
        let path = self.dotted(base.package, &base.names);
        let diag = Diag::error(Code::UNKNOWN_MODULE, format!("there is no module `{path}`"));
        let Some(&last) = base.names.last() else {
            if base.package == STD {
                return diag.at(span, "`std` is a folder of modules").help("import one of them, such as `std.net`");
            }
            return diag.at(span, "the package has no `main.forge`").help("import one of its modules");
        };
        let known = self.modules_of(base.package);
        let own = self.module(from).path.as_str();
        let known = || known.iter().map(String::as_str).filter(|known| *known != own);
        let near = suggest::nearest(&path, known())
            .or_else(|| known().find(|known| known.rsplit('.').next() == Some(last.as_str())));
        if self.is_module_folder(base.package, &base.names) {
            return diag
                .at(span, "this folder has no `main.forge`")
                .help(format!("import its modules: `{path}.{{…}}`"));
        }
        let parent = &base.names[..base.names.len() - 1];
        if !parent.is_empty() && self.find_source(base.package, parent).is_some() {
            return self.name_as_module(diag, base.package, parent, last, span);
        }
        match near {
            Some(near) => {
                diag.at(span, format!("did you mean `{near}`?")).maybe_fix(format!("write `{near}`"), span, near)
            }
            None => {
                let stem = joined(&base.names);
                let root = if base.package == STD { "the standard library" } else { "the package" };
                diag.at(span, format!("{root} has neither `{stem}.forge` nor `{stem}/main.forge`"))
            }
        }
    }

    /// `import a.b.Name`, where `a.b` is a module: names of a module are imported in braces.
    fn name_as_module(&self, diag: Diag, package: PackageId, parent: &[Name], last: Name, span: Span) -> Diag {
        let path = self.dotted(package, parent);
        let diag = diag.at(span, format!("`{path}` is a module, not a folder of modules"));
        let start = span.end.saturating_sub(last.as_str().len() as u32);
        if start <= span.start {
            return diag;
        }
        let last_span = Span { start, ..span };
        diag.help(format!("import a name of `{path}` in braces")).maybe_fix(
            format!("write `{{{last}}}`"),
            last_span,
            format!("{{{last}}}"),
        )
    }

    fn dotted(&self, package: PackageId, names: &[Name]) -> String {
        let package = self.packages.get(package).name.as_str();
        let parts = std::iter::once(package).chain(names.iter().map(|name| name.as_str()));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
    }

    /// Resolves a module path and reports errors of its files at `span`; `Err` if the module cannot be used.
    fn find_reported(
        &mut self,
        package: PackageId,
        names: &[Name],
        span: Span,
        diags: &mut Vec<Diag>,
    ) -> Result<Option<ModuleId>, ()> {
        match self.resolve(package, names) {
            Resolution::Missing => Ok(None),
            Resolution::Module(id) => Ok(Some(id)),
            Resolution::Ambiguous(id) => {
                diags.push(self.ambiguous(package, names).at(span, "imported here"));
                Ok(Some(id))
            }
            Resolution::Outside => {
                let path = self.dotted(package, names);
                let diag = Diag::error(Code::FILE_OUTSIDE, format!("module `{path}` is outside its package"));
                diags.push(diag.at(span, "its file is a link that leads out of the package's folder"));
                Err(())
            }
        }
    }

    pub(crate) fn ambiguous(&self, package: PackageId, names: &[Name]) -> Diag {
        let path = self.dotted(package, names);
        let stem = joined(names);
        Diag::error(Code::AMBIGUOUS_MODULE, format!("module `{path}` has two files"))
            .note(format!("both `{stem}.forge` and `{stem}/main.forge` exist"))
            .help("remove one of them")
    }

    /// Resolves a module path. The result is cached until the next [`Session::invalidate`].
    pub(crate) fn resolve(&mut self, package: PackageId, names: &[Name]) -> Resolution {
        let key = joined(names);
        if let Some(&known) = self.resolutions.get(&(package, key.clone())) {
            return known;
        }
        let found = match self.find_source(package, names) {
            None => Resolution::Missing,
            Some((path, _)) if !self.is_inside(package, &path) => Resolution::Outside,
            Some((path, is_ambiguous)) => {
                let id = self.intern(package, path);
                if is_ambiguous { Resolution::Ambiguous(id) } else { Resolution::Module(id) }
            }
        };
        self.resolutions.insert((package, key), found);
        found
    }

    /// The path below the package's root of the file of a module path, and whether there are two.
    pub(crate) fn find_source(&self, package: PackageId, names: &[Name]) -> Option<(String, bool)> {
        if !names.iter().all(|name| is_file_name(name.as_str())) {
            return None;
        }
        let stem = joined(names);
        if stem.is_empty() {
            let main = String::from("main.forge");
            return self.has_file(package, &main).then_some((main, false));
        }
        let (file, main) = (format!("{stem}.forge"), format!("{stem}/main.forge"));
        match (self.has_file(package, &file), self.has_file(package, &main)) {
            (true, both) => Some((file, both)),
            (false, true) => Some((main, false)),
            (false, false) => None,
        }
    }

    fn has_file(&self, package: PackageId, path: &str) -> bool {
        if package == STD {
            return library::has(path);
        }
        self.world.is_file(&self.packages.get(package).root.join(path))
    }

    fn is_inside(&self, package: PackageId, path: &str) -> bool {
        let root = &self.packages.get(package).root;
        package == STD || self.world.canonical(&root.join(path)).is_ok_and(|real| real.starts_with(root))
    }

    fn is_module_folder(&self, package: PackageId, names: &[Name]) -> bool {
        let folder = joined(names);
        if package == STD {
            return library::has_folder(&folder);
        }
        names.iter().all(|name| is_file_name(name.as_str()))
            && self.world.is_dir(&self.packages.get(package).root.join(folder))
    }
}

/// The path below the package's root that a module path stands for, without the extension.
fn joined(names: &[Name]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("/")
}

/// Whether a quoted name can be the name of a file in its folder.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

/// Whether a package's `forge.toml` declares a dependency, even if it could not be opened.
fn is_declared(package: &crate::package::Package, name: &str) -> bool {
    package.manifest.as_ref().is_some_and(|manifest| manifest.dependencies.iter().any(|known| known.name == name))
}
