//! What imports lead to: from written paths to modules.
//!
//! An absolute path begins with the name of a package: the module's own, one that it depends on, or `std`. In a folder
//! without `forge.toml` it begins at that folder. Dots begin at the module's folder.

use forge_base::{Code, Diag, Diags, Name, Span, suggest};
use forge_check::{ImportTarget, ModuleId, NameTarget};
use forge_syntax::ast::{self, Ident, Import, ImportBinds, ItemKind};

use crate::library;
use crate::manifest;
use crate::package::{PackageId, STD};
use crate::session::{Resolution, Session};

/// Where an import's names are looked for; which of them it is depends on what the modules declare.
#[derive(Debug)]
pub(crate) enum ImportLookup {
    /// The path is a module.
    Module(ModuleId),
    /// The path may be a module, and each name one below it.
    Names {
        /// The module of the path.
        parent: Option<ModuleId>,
        /// Each name, and the module below the path that is called so.
        children: Vec<(Name, Option<ModuleId>)>,
    },
    /// Reported already.
    Failed,
}

impl ImportLookup {
    /// All modules that have to be loaded to decide.
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

/// A folder of modules: a package and the names of the way down.
struct ImportBase {
    package: PackageId,
    names: Vec<Name>,
}

impl Session {
    /// Finds what each import of a module leads to, in the order of the text.
    pub(crate) fn look_up_imports(
        &mut self,
        from: ModuleId,
        module: &ast::Module,
        diags: &mut Vec<Diag>,
    ) -> Vec<ImportLookup> {
        let imports = module.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Import(import) => Some((import, item.span)),
            _ => None,
        });
        imports.map(|(import, span)| self.look_up_import(from, import, span, diags)).collect()
    }

    /// What an import leads to, once everything that [`ImportLookup::modules`] gave is parsed. A name that the module declares
    /// wins over a module of that name below it.
    pub(crate) fn import_target(&self, located: &ImportLookup) -> ImportTarget {
        match located {
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
                    diags.push(self.unknown_module(from, &base, path_span));
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
            diags.push(self.unknown_module(from, base, path_span));
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
                diags.push(self.unknown_module(from, &below, import.name.span));
            }
            children.push((name, child.unwrap_or(None)));
        }
        ImportLookup::Names { parent, children }
    }

    /// What an import's path begins with; an error without a message was reported where the package was opened.
    fn import_base(&self, from: ModuleId, import: &Import, span: Span) -> Result<ImportBase, Option<Box<Diag>>> {
        let module = self.module(from);
        let names = import.path.iter().map(|part| part.name);
        if import.dots > 0 {
            let mut folder: Vec<Name> = module.place.split('/').map(Name::new).collect();
            for _ in 0..import.dots {
                if folder.pop().is_none() {
                    let diag = Diag::error(Code::UNKNOWN_MODULE, "the import leaves the package")
                        .at(import.path_span().unwrap_or(span), "more dots than there are folders above this module");
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
            None if is_declared(package, first.name.as_str()) => Err(None),
            None => Err(Some(Box::new(self.unknown_package(module.package, first, import)))),
        }
    }

    /// The package that an absolute path of a module of `from` may begin with.
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
        if self.is_module_folder(from, &[first.name]) || self.place_of(from, &[first.name]).is_some() {
            let whole = format!("{}.{}", package.name, path.join("."));
            return diag.at(first.span, "a path begins with the name of a package").fix(
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
                .at(first.span, "not this package, and none that it depends on")
                .note(format!("known packages: {}", known.join(", ")))
                .help(format!("add it to `[dependencies]` in `{}`", manifest::FILE_NAME)),
        }
    }

    fn unknown_module(&self, from: ModuleId, base: &ImportBase, span: Span) -> Diag {
        let path = self.dotted(base.package, &base.names);
        let diag = Diag::error(Code::UNKNOWN_MODULE, format!("there is no module `{path}`"));
        let Some(&last) = base.names.last() else {
            if base.package == STD {
                return diag.at(span, "a folder of modules").help("name one of them, such as `std.net`");
            }
            return diag.at(span, "the package has no `main.forge`").help("name one of its modules");
        };
        let known = self.modules_of(base.package);
        let own = self.module(from).path.as_str();
        let known = || known.iter().map(String::as_str).filter(|known| *known != own);
        let near = suggest::nearest(&path, known())
            .or_else(|| known().find(|known| known.rsplit('.').next() == Some(last.as_str())));
        if self.is_module_folder(base.package, &base.names) {
            return diag.at(span, "a folder without `main.forge`").help(format!("import its modules: `{path}.{{…}}`"));
        }
        let parent = &base.names[..base.names.len() - 1];
        if !parent.is_empty() && self.place_of(base.package, parent).is_some() {
            return self.name_as_module(diag, base.package, parent, last, span);
        }
        match near {
            Some(near) => {
                diag.at(span, format!("did you mean `{near}`?")).maybe_fix(format!("write `{near}`"), span, near)
            }
            None => {
                let place = joined(&base.names);
                let root = if base.package == STD { "the standard library" } else { "the package" };
                diag.at(span, format!("neither `{place}.forge` nor `{place}/main.forge` is in {root}"))
            }
        }
    }

    /// `import a.b.Name`, where `a.b` is a module: names of a module stand in braces.
    fn name_as_module(&self, diag: Diag, package: PackageId, parent: &[Name], last: Name, span: Span) -> Diag {
        let path = self.dotted(package, parent);
        let diag = diag.at(span, format!("`{path}` is a module, and no folder of modules"));
        let start = span.end.saturating_sub(last.as_str().len() as u32);
        if start <= span.start {
            return diag;
        }
        let place = Span { start, ..span };
        diag.help(format!("a name of `{path}` is imported in braces")).maybe_fix(
            format!("write `{{{last}}}`"),
            place,
            format!("{{{last}}}"),
        )
    }

    fn dotted(&self, package: PackageId, names: &[Name]) -> String {
        let package = self.packages.get(package).name.as_str();
        let parts = std::iter::once(package).chain(names.iter().map(|name| name.as_str()));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
    }

    /// The module at a path; what is wrong with its files is reported at `span`, and `Err` if it cannot be used.
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
            Resolution::Both(id) => {
                diags.push(self.ambiguous(package, names).at(span, "imported here"));
                Ok(Some(id))
            }
            Resolution::Outside => {
                let path = self.dotted(package, names);
                let diag = Diag::error(Code::FILE_OUTSIDE, format!("module `{path}` lies outside its package"));
                diags.push(diag.at(span, "its file is a link that leaves the package's folder"));
                Err(())
            }
        }
    }

    pub(crate) fn ambiguous(&self, package: PackageId, names: &[Name]) -> Diag {
        let path = self.dotted(package, names);
        let place = joined(names);
        Diag::error(Code::AMBIGUOUS_MODULE, format!("module `{path}` has two files"))
            .note(format!("`{place}.forge` and `{place}/main.forge`"))
            .help("keep one of them")
    }

    /// What is at a module path. Remembered until the next [`Session::invalidate`].
    pub(crate) fn resolve(&mut self, package: PackageId, names: &[Name]) -> Resolution {
        let key = joined(names);
        if let Some(&known) = self.resolutions.get(&(package, key.clone())) {
            return known;
        }
        let found = match self.place_of(package, names) {
            None => Resolution::Missing,
            Some((place, _)) if !self.is_inside(package, &place) => Resolution::Outside,
            Some((place, both)) => {
                let id = self.intern(package, place);
                if both { Resolution::Both(id) } else { Resolution::Module(id) }
            }
        };
        self.resolutions.insert((package, key), found);
        found
    }

    /// The file of a module path below its package's root, and whether there are two.
    pub(crate) fn place_of(&self, package: PackageId, names: &[Name]) -> Option<(String, bool)> {
        if !names.iter().all(|name| is_file_name(name.as_str())) {
            return None;
        }
        let stem = joined(names);
        if stem.is_empty() {
            let place = String::from("main.forge");
            return self.has_file(package, &place).then_some((place, false));
        }
        let (file, main) = (format!("{stem}.forge"), format!("{stem}/main.forge"));
        match (self.has_file(package, &file), self.has_file(package, &main)) {
            (true, both) => Some((file, both)),
            (false, true) => Some((main, false)),
            (false, false) => None,
        }
    }

    fn has_file(&self, package: PackageId, place: &str) -> bool {
        if package == STD {
            return library::has(place);
        }
        self.world.is_file(&self.packages.get(package).root.join(place))
    }

    fn is_inside(&self, package: PackageId, place: &str) -> bool {
        let root = &self.packages.get(package).root;
        package == STD || self.world.canonical(&root.join(place)).is_ok_and(|real| real.starts_with(root))
    }

    fn is_module_folder(&self, package: PackageId, names: &[Name]) -> bool {
        let place = joined(names);
        if package == STD {
            return library::has_folder(&place);
        }
        names.iter().all(|name| is_file_name(name.as_str()))
            && self.world.is_dir(&self.packages.get(package).root.join(place))
    }
}

/// The place of a module path below its package's root, without the ending.
fn joined(names: &[Name]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("/")
}

/// Whether a name between backticks can be a file's; what steps out of a folder cannot.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

/// Whether a package's `forge.toml` names a dependency, though perhaps it could not be opened.
fn is_declared(package: &crate::package::Package, name: &str) -> bool {
    package.manifest.as_ref().is_some_and(|manifest| manifest.dependencies.iter().any(|known| known.name == name))
}
