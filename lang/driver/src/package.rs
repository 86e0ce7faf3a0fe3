//! Packages: a folder with `forge.toml`, a folder without one that holds a target, or the standard library.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::{Code, Diag, Files, World};

use crate::manifest::{self, Manifest};
use crate::world::shown;

/// A package of a session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PackageId(u32);

/// The package of the standard library.
pub const STD: PackageId = PackageId(0);

/// What a session knows about a package.
#[derive(Debug)]
pub struct Package {
    /// What roots its modules' paths; empty for a folder without `forge.toml`.
    pub name: String,
    /// Its folder, with all links followed. For [`STD`] a path that no disk has.
    pub root: PathBuf,
    /// What it says about itself, unless that is absent or broken.
    pub manifest: Option<Manifest>,
    /// The packages that its modules may import from.
    pub dependencies: Vec<(String, PackageId)>,
    /// What is wrong with its `forge.toml` and the ways to its dependencies.
    pub diags: Vec<Diag>,
}

/// All packages of a session.
#[derive(Debug)]
pub struct Packages {
    list: Vec<Package>,
}

impl Default for Packages {
    fn default() -> Packages {
        let std = Package {
            name: String::from("std"),
            root: PathBuf::from("std"),
            manifest: None,
            dependencies: Vec::new(),
            diags: Vec::new(),
        };
        Packages { list: vec![std] }
    }
}

/// What opening a package needs of its session.
pub struct PackageLoader<'a> {
    /// Where manifests are read.
    pub world: &'a Arc<dyn World>,
    /// Where their texts are kept for messages.
    pub files: &'a mut Files,
    /// What shown paths are relative to.
    pub cwd: &'a Path,
}

impl Packages {
    /// A package that was opened.
    pub fn get(&self, id: PackageId) -> &Package {
        &self.list[id.0 as usize]
    }

    /// All packages in the order of their opening; the standard library first.
    pub fn iter(&self) -> impl Iterator<Item = (PackageId, &Package)> {
        self.list.iter().enumerate().map(|(at, package)| (PackageId(at as u32), package))
    }

    /// The package whose folder is `root`, which must be a real path. Reads `forge.toml` there, if there is one, and
    /// opens what it depends on.
    pub fn open(&mut self, cx: &mut PackageLoader, root: &Path) -> PackageId {
        self.open_below(cx, root, &mut Vec::new())
    }

    fn open_below(&mut self, cx: &mut PackageLoader, root: &Path, open: &mut Vec<PackageId>) -> PackageId {
        if let Some((id, _)) = self.iter().skip(1).find(|(_, package)| package.root == root) {
            return id;
        }
        let id = PackageId(self.list.len() as u32);
        let (manifest, diags) = read_manifest(cx, root);
        self.list.push(Package {
            name: manifest.as_ref().map_or_else(String::new, |manifest| manifest.name.clone()),
            root: root.to_path_buf(),
            manifest: None,
            dependencies: Vec::new(),
            diags,
        });
        if let Some(manifest) = manifest {
            open.push(id);
            for dependency in &manifest.dependencies {
                self.open_dependency(cx, id, dependency, open);
            }
            open.pop();
            self.list[id.0 as usize].manifest = Some(manifest);
        }
        id
    }

    fn open_dependency(
        &mut self,
        cx: &mut PackageLoader,
        id: PackageId,
        wanted: &manifest::Dependency,
        open: &mut Vec<PackageId>,
    ) {
        let path = self.get(id).root.join(&wanted.path);
        let root = match cx.world.canonical(&path) {
            Ok(root) if cx.world.exists(&root.join(manifest::FILE_NAME)) => root,
            _ => {
                let folder = shown(&crate::world::normalize(&path), cx.cwd);
                let diag = Diag::error(Code::UNKNOWN_DEPENDENCY, format!("dependency `{}` is not there", wanted.name))
                    .at(wanted.span, format!("no `forge.toml` in `{}`", folder.display()));
                self.list[id.0 as usize].diags.push(diag);
                return;
            }
        };
        let found = self.open_below(cx, &root, open);
        if let Some(at) = open.iter().position(|&other| other == found) {
            let diag = self.cycle(&open[at..], wanted);
            self.list[id.0 as usize].diags.push(diag);
            return;
        }
        let real = self.get(found).name.clone();
        if !real.is_empty() && real != wanted.name {
            let diag =
                Diag::error(Code::UNKNOWN_DEPENDENCY, format!("dependency `{}` calls itself `{real}`", wanted.name))
                    .at(wanted.span, "the name here and the one in its `forge.toml` must be the same");
            self.list[id.0 as usize].diags.push(diag);
        }
        self.list[id.0 as usize].dependencies.push((wanted.name.clone(), found));
    }

    fn cycle(&self, open: &[PackageId], wanted: &manifest::Dependency) -> Diag {
        let names: Vec<_> = open.iter().map(|&id| self.get(id).name.as_str()).collect();
        Diag::error(Code::PACKAGE_CYCLE, "packages depend on each other in a circle")
            .at(wanted.span, "this closes the circle")
            .cycle(&names)
            .help("move what both need into a third package")
    }
}

/// How large a `forge.toml` may be.
const MAX_MANIFEST_BYTES: usize = 1 << 20;

fn read_manifest(cx: &mut PackageLoader, root: &Path) -> (Option<Manifest>, Vec<Diag>) {
    let path = root.join(manifest::FILE_NAME);
    if !cx.world.exists(&path) {
        return (None, Vec::new());
    }
    match cx.world.read(&path) {
        Ok(text) if text.len() > MAX_MANIFEST_BYTES => {
            let place = shown(&path, cx.cwd);
            let headline = format!("cannot use `{}`: larger than {} MiB", place.display(), MAX_MANIFEST_BYTES >> 20);
            (None, vec![Diag::error(Code::BAD_MANIFEST, headline)])
        }
        Ok(text) => {
            let file = cx.files.add(shown(&path, cx.cwd), text.as_str());
            manifest::parse(file, &text)
        }
        Err(error) => {
            let place = shown(&path, cx.cwd);
            (None, vec![Diag::error(Code::BAD_MANIFEST, format!("cannot read `{}`: {error}", place.display()))])
        }
    }
}

/// The nearest folder at or above `folder` that holds `forge.toml`. One that cannot be read counts as well, and opening the package says so.
pub fn root_above(world: &dyn World, folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|above| world.exists(&above.join(manifest::FILE_NAME))).map(Path::to_path_buf)
}
