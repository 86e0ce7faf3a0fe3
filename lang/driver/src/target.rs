//! Targets: what a command line argument names, a file, a folder or a module path.

use std::path::{Path, PathBuf};

use forge_base::{Code, Diag, Name, World, suggest};
use forge_check::ModuleId;

use crate::library;
use crate::manifest;
use crate::package::{self, PackageId, STD};
use crate::session::{Resolution, Session};
use crate::world::{normalize, shown};

/// The maximum depth of folders that are searched for modules.
const MAX_DEPTH: usize = 64;
/// The maximum depth at which a message looks for packages, and how many it lists.
const MAX_PACKAGE_DEPTH: usize = 2;
const MAX_PACKAGES_LISTED: usize = 8;

/// What a target turned out to be.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Target {
    File(PathBuf),
    Folder(PathBuf),
    Module(ModuleId),
}

/// What a walk does with folders that are packages themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NestedPackages {
    Skip,
    Enter,
}

impl Session {
    /// The module that `target` names; a folder stands for its `main.forge`.
    pub fn find_module(&mut self, target: &str) -> Result<ModuleId, Box<Diag>> {
        match self.find_target(target)? {
            Target::Module(id) => Ok(id),
            Target::File(path) => self.module_at(&path),
            Target::Folder(folder) => {
                let main = folder.join("main.forge");
                if self.world.is_file(&main) { self.module_at(&main) } else { Err(self.no_main(target, &folder)) }
            }
        }
    }

    /// The modules that `target` names: that of a file, or all in a folder. Without a target, all modules of the package that contains the
    /// working directory.
    pub fn find_modules(&mut self, target: Option<&str>) -> Result<Vec<ModuleId>, Box<Diag>> {
        let folder = match target {
            None => {
                let cwd = self.cwd.clone();
                package::root_above(&*self.world, &cwd).unwrap_or(cwd)
            }
            Some(target) => match self.find_target(target)? {
                Target::Module(id) => return Ok(vec![id]),
                Target::File(path) => return Ok(vec![self.module_at(&path)?]),
                Target::Folder(folder) => folder,
            },
        };
        let root = package::root_above(&*self.world, &folder).unwrap_or_else(|| folder.clone());
        let package = self.open_package(&root);
        let below = folder.strip_prefix(&root).unwrap_or(Path::new("")).to_path_buf();
        let is_package = self.packages.get(package).manifest.is_some() || !self.packages.get(package).diags.is_empty();
        if target.is_none() && !is_package && !self.has_module(&folder) && !self.packages_below(&folder).is_empty() {
            return Err(self.no_package(&folder));
        }
        let mut paths = Vec::new();
        self.walk(&root, &below, NestedPackages::Skip, 0, &mut paths);
        if paths.is_empty() {
            return Err(self.no_files(&folder));
        }
        Ok(paths.into_iter().map(|path| self.intern(package, path)).collect())
    }

    /// The files that `target` names: one, or all in a folder, including those of nested packages.
    pub fn find_files(&mut self, target: &str) -> Result<Vec<PathBuf>, Box<Diag>> {
        let folder = match self.find_target(target)? {
            Target::File(path) => return Ok(vec![path]),
            Target::Module(id) => return Ok(self.module_file(id).into_iter().collect()),
            Target::Folder(folder) => folder,
        };
        let mut paths = Vec::new();
        self.walk(&folder, Path::new(""), NestedPackages::Enter, 0, &mut paths);
        if paths.is_empty() {
            return Err(self.no_files(&folder));
        }
        Ok(paths.iter().map(|path| folder.join(path)).collect())
    }

    fn no_files(&self, folder: &Path) -> Box<Diag> {
        let name = shown(folder, &self.cwd);
        let diag = Diag::error(Code::NO_TARGET, format!("there is no `.forge` file in `{}`", name.display()));
        Box::new(self.with_packages(diag, folder))
    }

    /// Reports a folder that contains packages but is not in one.
    fn no_package(&self, folder: &Path) -> Box<Diag> {
        let name = shown(folder, &self.cwd);
        let diag = Diag::error(Code::NO_TARGET, format!("`{}` is not a package", name.display()))
            .note("it has neither a `forge.toml` nor a `.forge` file, and no parent folder has a `forge.toml`");
        Box::new(self.with_packages(diag, folder))
    }

    fn with_packages(&self, diag: Diag, folder: &Path) -> Diag {
        match self.packages_below(folder).as_slice() {
            [] => diag,
            packages => diag.help(format!("name a package: {}", packages.join(", "))),
        }
    }

    fn has_module(&self, folder: &Path) -> bool {
        let entries = self.world.list(folder).unwrap_or_default();
        entries.iter().any(|entry| !entry.is_dir && entry.name.ends_with(".forge"))
    }

    /// Some packages below a folder, as a message lists them.
    fn packages_below(&self, folder: &Path) -> Vec<String> {
        let mut open = vec![(folder.to_path_buf(), 0)];
        let mut found = Vec::new();
        while let Some((folder, depth)) = open.pop() {
            let mut entries = self.world.list(&folder).unwrap_or_default();
            entries.sort_by(|a, b| b.name.cmp(&a.name));
            let is_hidden = |name: &str| name.starts_with('.') || name == "target" || name == "node_modules";
            for entry in entries.iter().filter(|entry| entry.is_dir && !is_hidden(&entry.name)) {
                let inner = folder.join(&entry.name);
                if !self.world.exists(&inner.join(manifest::FILE_NAME)) {
                    open.extend((depth < MAX_PACKAGE_DEPTH).then_some((inner, depth + 1)));
                } else if found.len() < MAX_PACKAGES_LISTED {
                    found.push(format!("`{}`", shown(&inner, &self.cwd).display()));
                }
            }
        }
        found.sort();
        found
    }

    /// The module in a file.
    pub fn module_at(&mut self, path: &Path) -> Result<ModuleId, Box<Diag>> {
        let wrong = |headline: String| Err(Box::new(Diag::error(Code::NO_TARGET, headline)));
        let name = shown(path, &self.cwd);
        let Ok(real) = self.world.canonical(path) else {
            return wrong(format!("there is no file `{}`", name.display()));
        };
        if real.extension().is_none_or(|extension| extension != "forge") {
            return wrong(format!("`{}` is not a `.forge` file", name.display()));
        }
        let folder = real.parent().unwrap_or(Path::new("/")).to_path_buf();
        let root = package::root_above(&*self.world, &folder).unwrap_or(folder);
        let package = self.open_package(&root);
        let Some(source_path) = real.strip_prefix(&root).ok().and_then(slashed) else {
            return wrong(format!("the path `{}` is not UTF-8", name.display()));
        };
        Ok(self.intern(package, source_path))
    }

    /// The package of the folder `root`.
    pub fn open_package(&mut self, root: &Path) -> PackageId {
        let root = self.world.canonical(root).unwrap_or_else(|_| root.to_path_buf());
        let (packages, mut loader) = self.package_loader();
        packages.open(&mut loader, &root)
    }

    /// The dotted paths of all modules of a package, sorted. Walks its folder.
    pub fn modules_of(&self, package: PackageId) -> Vec<String> {
        let name = self.packages.get(package).name.clone();
        let mut files = Vec::new();
        if package == STD {
            files.extend(library::source_paths());
        } else {
            self.walk(&self.packages.get(package).root, Path::new(""), NestedPackages::Skip, 0, &mut files);
        }
        let mut modules: Vec<String> = files.iter().map(|path| crate::session::dotted(&name, path)).collect();
        modules.sort();
        modules
    }

    /// The dotted paths of all modules below the module path `target`.
    pub fn modules_below(&mut self, target: &str) -> Vec<String> {
        let cwd = self.cwd.clone();
        let root = package::root_above(&*self.world, &cwd).unwrap_or(cwd);
        let own = self.open_package(&root);
        let first = target.split('.').next().unwrap_or_default();
        let Some(package) = self.package_named(own, first) else { return Vec::new() };
        let is_below = |path: &String| path.strip_prefix(target).is_some_and(|rest| rest.starts_with('.'));
        self.modules_of(package).into_iter().filter(is_below).collect()
    }

    fn find_target(&mut self, target: &str) -> Result<Target, Box<Diag>> {
        let path = normalize(&self.cwd.join(target));
        if let Ok(real) = self.world.canonical(&path) {
            return Ok(if self.world.is_dir(&real) { Target::Folder(real) } else { Target::File(real) });
        }
        let cwd = self.cwd.clone();
        let root = package::root_above(&*self.world, &cwd).unwrap_or(cwd);
        let own = self.open_package(&root);
        let names: Vec<Name> = target.split('.').map(Name::new).collect();
        let (package, names) = match self.package_named(own, names[0].as_str()) {
            Some(package) => (package, &names[1..]),
            None if self.packages.get(own).name.is_empty() => (own, names.as_slice()),
            None => return Err(self.no_target(target, own)),
        };
        match self.resolve(package, names) {
            Resolution::Module(id) => Ok(Target::Module(id)),
            Resolution::Ambiguous(_) => Err(Box::new(self.ambiguous(package, names))),
            Resolution::Missing | Resolution::Outside => Err(self.no_target(target, own)),
        }
    }

    fn no_target(&self, target: &str, package: PackageId) -> Box<Diag> {
        let diag = Diag::error(Code::NO_TARGET, format!("there is no file, folder or module `{target}`"));
        let package_root = &self.packages.get(package).root;
        let mut paths = Vec::new();
        self.walk(package_root, Path::new(""), NestedPackages::Skip, 0, &mut paths);
        let name = |path: &str| shown(&package_root.join(path), &self.cwd).display().to_string();
        let files = paths.iter().map(|path| name(path));
        let folders = paths.iter().filter_map(|path| path.strip_suffix("/main.forge")).map(name);
        let library = if target.starts_with("std.") { self.modules_of(STD) } else { Vec::new() };
        let known: Vec<String> = files.chain(folders).chain(self.modules_of(package)).chain(library).collect();
        let near = suggest::nearest(target, known.iter().map(String::as_str));
        Box::new(match near {
            Some(near) => diag.help(format!("did you mean `{near}`?")),
            None => diag.help("a target is a file, a folder with a `main.forge`, or a module path such as `shop.web`"),
        })
    }

    fn no_main(&self, target: &str, folder: &Path) -> Box<Diag> {
        let diag = Diag::error(Code::NO_TARGET, format!("folder `{target}` has no `main.forge`"));
        let entries = self.world.list(folder).unwrap_or_default();
        let files: Vec<String> = entries
            .iter()
            .filter(|entry| !entry.is_dir && entry.name.ends_with(".forge"))
            .map(|entry| format!("`{}`", shown(&folder.join(&entry.name), &self.cwd).display()))
            .take(5)
            .collect();
        Box::new(match files.is_empty() {
            true if !self.packages_below(folder).is_empty() => self.with_packages(diag, folder),
            true => diag.help("name a file, or a folder with a `main.forge`"),
            false => diag.help(format!("name one of its files: {}", files.join(", "))),
        })
    }

    /// Collects the paths below `root` of all modules in the folder `below`. Skips hidden folders, `target` and `node_modules`.
    fn walk(&self, root: &Path, below: &Path, nested: NestedPackages, depth: usize, paths: &mut Vec<String>) {
        walk(&*self.world, root, below, nested, depth, paths);
    }
}

/// The paths below `root` of all modules of the package there.
pub(crate) fn module_files(world: &dyn World, root: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    walk(world, root, Path::new(""), NestedPackages::Skip, 0, &mut paths);
    paths
}

fn walk(world: &dyn World, root: &Path, below: &Path, nested: NestedPackages, depth: usize, paths: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    for entry in world.list(&root.join(below)).unwrap_or_default() {
        let path = below.join(&entry.name);
        if entry.is_dir {
            let skipped = entry.name.starts_with('.') || entry.name == "target" || entry.name == "node_modules";
            let folder = root.join(&path);
            let is_inside = world.canonical(&folder).is_ok_and(|real| real == folder);
            let is_package = || world.exists(&folder.join(manifest::FILE_NAME));
            if !skipped && is_inside && (nested == NestedPackages::Enter || !is_package()) {
                walk(world, root, &path, nested, depth + 1, paths);
            }
        } else if entry.name.ends_with(".forge") && world.is_file(&root.join(&path)) {
            paths.extend(slashed(&path));
        }
    }
}

/// A path with slashes on every system; `None` if it is not UTF-8.
fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
