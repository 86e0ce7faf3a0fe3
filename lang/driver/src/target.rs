//! What the user names on the command line: a file, a folder or a module path.

use std::path::{Path, PathBuf};

use forge_base::{Code, Diag, Name, suggest};
use forge_check::ModuleId;

use crate::library;
use crate::manifest;
use crate::package::{self, PackageId, STD};
use crate::session::{Resolution, Session};
use crate::world::{normalize, shown};

/// How deep folders are searched for modules.
const MAX_DEPTH: usize = 64;
/// How deep a message looks for packages, and how many it names.
const PACKAGE_DEPTH: usize = 2;
const PACKAGES_SHOWN: usize = 8;

/// Something that the user can name.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Target {
    File(PathBuf),
    Folder(PathBuf),
    Module(ModuleId),
}

/// What a walk does with folders that are packages of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nested {
    Skip,
    Enter,
}

impl Session {
    /// The one module that `target` names; a folder means its `main.forge`.
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

    /// The modules that `target` names: a file, all below a folder; without a target all of the package around the
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
        let mut places = Vec::new();
        self.walk(&root, &below, Nested::Skip, 0, &mut places);
        if places.is_empty() {
            return Err(self.no_files(&folder));
        }
        Ok(places.into_iter().map(|place| self.intern(package, place)).collect())
    }

    /// The files that `target` names: one, or all below a folder, those of nested packages too.
    pub fn find_files(&mut self, target: &str) -> Result<Vec<PathBuf>, Box<Diag>> {
        let folder = match self.find_target(target)? {
            Target::File(path) => return Ok(vec![path]),
            Target::Module(id) => return Ok(self.module_file(id).into_iter().collect()),
            Target::Folder(folder) => folder,
        };
        let mut places = Vec::new();
        self.walk(&folder, Path::new(""), Nested::Enter, 0, &mut places);
        if places.is_empty() {
            return Err(self.no_files(&folder));
        }
        Ok(places.iter().map(|place| folder.join(place)).collect())
    }

    fn no_files(&self, folder: &Path) -> Box<Diag> {
        let name = shown(folder, &self.cwd);
        let diag = Diag::error(Code::NO_TARGET, format!("there is no `.forge` file in `{}`", name.display()));
        Box::new(self.with_packages(diag, folder))
    }

    /// A folder that only holds packages is none itself: what lies between them belongs to nobody.
    fn no_package(&self, folder: &Path) -> Box<Diag> {
        let name = shown(folder, &self.cwd);
        let diag = Diag::error(Code::NO_TARGET, format!("`{}` is not a package", name.display()))
            .note("it has neither `forge.toml` nor a `.forge` file, and no folder above it has a `forge.toml`");
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

    /// Some packages a little below a folder, as a message names them.
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
                    open.extend((depth < PACKAGE_DEPTH).then_some((inner, depth + 1)));
                } else if found.len() < PACKAGES_SHOWN {
                    found.push(format!("`{}`", shown(&inner, &self.cwd).display()));
                }
            }
        }
        found.sort();
        found
    }

    /// The module in a file of the world.
    pub fn module_at(&mut self, path: &Path) -> Result<ModuleId, Box<Diag>> {
        let wrong = |headline: String| Err(Box::new(Diag::error(Code::NO_TARGET, headline)));
        let place = shown(path, &self.cwd);
        let Ok(real) = self.world.canonical(path) else {
            return wrong(format!("there is no file `{}`", place.display()));
        };
        if real.extension().is_none_or(|extension| extension != "forge") {
            return wrong(format!("`{}` is not a `.forge` file", place.display()));
        }
        let folder = real.parent().unwrap_or(Path::new("/")).to_path_buf();
        let root = package::root_above(&*self.world, &folder).unwrap_or(folder);
        let package = self.open_package(&root);
        let Some(place) = real.strip_prefix(&root).ok().and_then(slashed) else {
            return wrong(format!("the path `{}` is not UTF-8", place.display()));
        };
        Ok(self.intern(package, place))
    }

    /// The package of the folder `root`.
    pub fn open_package(&mut self, root: &Path) -> PackageId {
        let root = self.world.canonical(root).unwrap_or_else(|_| root.to_path_buf());
        let (packages, mut loader) = self.package_loader();
        packages.open(&mut loader, &root)
    }

    /// The dotted paths of all modules of a package, sorted; walks its folder.
    pub fn modules_of(&self, package: PackageId) -> Vec<String> {
        let name = self.packages.get(package).name.clone();
        let mut places = Vec::new();
        if package == STD {
            places.extend(library::places());
        } else {
            self.walk(&self.packages.get(package).root, Path::new(""), Nested::Skip, 0, &mut places);
        }
        let mut paths: Vec<String> = places.iter().map(|place| crate::session::dotted(&name, place)).collect();
        paths.sort();
        paths
    }

    /// The dotted paths of all modules in the folder of modules that `target` names, if it is one.
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
            Resolution::Both(_) => Err(Box::new(self.ambiguous(package, names))),
            Resolution::Missing | Resolution::Outside => Err(self.no_target(target, own)),
        }
    }

    fn no_target(&self, target: &str, package: PackageId) -> Box<Diag> {
        let diag = Diag::error(Code::NO_TARGET, format!("there is no file, folder or module `{target}`"));
        let package_root = &self.packages.get(package).root;
        let mut places = Vec::new();
        self.walk(package_root, Path::new(""), Nested::Skip, 0, &mut places);
        let files = places.iter().map(|place| shown(&package_root.join(place), &self.cwd).display().to_string());
        let folders = places
            .iter()
            .filter_map(|place| place.strip_suffix("/main.forge"))
            .map(|place| shown(&package_root.join(place), &self.cwd).display().to_string());
        let library = if target.starts_with("std.") { self.modules_of(STD) } else { Vec::new() };
        let known: Vec<String> = files.chain(folders).chain(self.modules_of(package)).chain(library).collect();
        let near = suggest::nearest(target, known.iter().map(String::as_str));
        Box::new(match near {
            Some(near) => diag.help(format!("did you mean `{near}`?")),
            None => diag.help("a target is a file, a folder with `main.forge`, or a module path such as `shop.web`"),
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
            true => diag.help("name a file, or a folder that has one"),
            false => diag.help(format!("name one of its files: {}", files.join(", "))),
        })
    }

    /// Adds the places of all modules in and below a folder. Hidden folders and `target` are left out.
    fn walk(&self, root: &Path, below: &Path, nested: Nested, depth: usize, places: &mut Vec<String>) {
        if depth > MAX_DEPTH {
            return;
        }
        for entry in self.world.list(&root.join(below)).unwrap_or_default() {
            let path = below.join(&entry.name);
            if entry.is_dir {
                let skipped = entry.name.starts_with('.') || entry.name == "target" || entry.name == "node_modules";
                let folder = root.join(&path);
                let is_inside = self.world.canonical(&folder).is_ok_and(|real| real == folder);
                let is_package = || self.world.exists(&folder.join(manifest::FILE_NAME));
                if !skipped && is_inside && (nested == Nested::Enter || !is_package()) {
                    self.walk(root, &path, nested, depth + 1, places);
                }
            } else if entry.name.ends_with(".forge") && self.world.is_file(&root.join(&path)) {
                places.extend(slashed(&path));
            }
        }
    }
}

fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
