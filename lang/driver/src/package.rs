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

/// A package that was opened.
#[derive(Debug)]
pub struct Package {
    /// The first part of its modules' paths; empty for a folder without `forge.toml`.
    pub name: String,
    /// Its folder, with all links resolved. For [`STD`] a path that does not exist.
    pub root: PathBuf,
    /// Its manifest, unless it has none or an invalid one.
    pub manifest: Option<Manifest>,
    /// The packages that its modules may import from.
    pub dependencies: Vec<(String, PackageId)>,
    /// Diagnostics of its `forge.toml` and its dependencies.
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

/// The parts of a session that opening a package needs.
pub struct PackageLoader<'a> {
    /// Reads manifests.
    pub world: &'a Arc<dyn World>,
    /// Stores the sources of manifests for diagnostics.
    pub files: &'a mut Files,
    /// The folder that displayed paths are relative to.
    pub cwd: &'a Path,
}

impl Packages {
    /// A package that was opened.
    pub fn get(&self, id: PackageId) -> &Package {
        &self.list[id.0 as usize]
    }

    /// All packages in the order in which they were opened; the standard library is the first.
    pub fn iter(&self) -> impl Iterator<Item = (PackageId, &Package)> {
        self.list.iter().enumerate().map(|(index, package)| (PackageId(index as u32), package))
    }

    /// Opens the package in `root`, which must be a path without links: reads its `forge.toml`, if there is one, and opens its
    /// dependencies.
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
                let diag =
                    Diag::error(Code::UNKNOWN_DEPENDENCY, format!("dependency `{}` does not exist", wanted.name))
                        .at(wanted.span, format!("there is no `forge.toml` in `{}`", folder.display()));
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
            let diag = Diag::error(
                Code::UNKNOWN_DEPENDENCY,
                format!("dependency `{}` is a package named `{real}`", wanted.name),
            )
            .at(wanted.span, "must be the name in the `forge.toml` of the dependency");
            self.list[id.0 as usize].diags.push(diag);
        }
        self.list[id.0 as usize].dependencies.push((wanted.name.clone(), found));
    }

    fn cycle(&self, open: &[PackageId], wanted: &manifest::Dependency) -> Diag {
        let names: Vec<_> = open.iter().map(|&id| self.get(id).name.as_str()).collect();
        Diag::error(Code::PACKAGE_CYCLE, "cyclic dependency between packages")
            .at(wanted.span, "this dependency closes the cycle")
            .cycle(&names)
            .help("move what both packages need into a third package")
    }
}

/// The maximum size of a `forge.toml`.
const MAX_MANIFEST_BYTES: usize = 1 << 20;

fn read_manifest(cx: &mut PackageLoader, root: &Path) -> (Option<Manifest>, Vec<Diag>) {
    let path = root.join(manifest::FILE_NAME);
    if !cx.world.exists(&path) {
        return (None, Vec::new());
    }
    match cx.world.read(&path) {
        Ok(text) if text.len() > MAX_MANIFEST_BYTES => {
            let name = shown(&path, cx.cwd);
            let headline = format!("cannot use `{}`: larger than {} MiB", name.display(), MAX_MANIFEST_BYTES >> 20);
            (None, vec![Diag::error(Code::BAD_MANIFEST, headline)])
        }
        Ok(text) => {
            let file = cx.files.add(shown(&path, cx.cwd), text.as_str());
            manifest::parse(file, &text)
        }
        Err(error) => {
            let name = shown(&path, cx.cwd);
            (None, vec![Diag::error(Code::BAD_MANIFEST, format!("cannot read `{}`: {error}", name.display()))])
        }
    }
}

/// The nearest folder at or above `folder` that contains a `forge.toml`, even one that cannot be read: opening the package reports that.
pub fn root_above(world: &dyn World, folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|above| world.exists(&above.join(manifest::FILE_NAME))).map(Path::to_path_buf)
}
