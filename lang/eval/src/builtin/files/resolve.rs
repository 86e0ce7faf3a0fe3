//! From a path in a program to a file, with nothing outside the package let through.

use std::path::{Path, PathBuf};

use forge_base::{Code, Diag, World, WorldError, suggest};

use super::super::Call;
use crate::value::Eval;

/// Something that is there, with all links followed.
pub(super) struct ResolvedPath {
    pub(super) real: PathBuf,
    pub(super) is_file: bool,
}

/// Where a path starts, and the package's root. Both are real paths.
pub(super) struct BasePath {
    pub(super) root: PathBuf,
    /// The parts below the root; none for paths that start at the root.
    pub(super) parts: Vec<String>,
}

/// The way to files.
pub(super) fn world<'a>(call: &Call<'_, 'a>) -> Eval<&'a dyn World> {
    match call.eval.options.world {
        Some(world) => Ok(world),
        None => call.fail_as(Code::FILE_UNREADABLE, "no files can be read here", "this evaluation has no way to files"),
    }
}

/// Where `path` starts: at the folder of the file that holds the call, or at the root of that file's package.
pub(super) fn start(call: &Call<'_, '_>, path: &str) -> Eval<BasePath> {
    let world = world(call)?;
    let known = call.eval.options.roots.get(&call.span.file);
    let Some(root) = known.and_then(|root| world.canonical(root).ok()) else {
        return call.fail_as(
            Code::FILE_UNREADABLE,
            format!("`{path}` cannot be read"),
            "the code here is in no folder",
        );
    };
    let is_relative = matches!(path.split('/').next(), Some("." | ".."));
    let parts = if is_relative { folder(call, world, &root).unwrap_or_default() } else { Vec::new() };
    Ok(BasePath { root, parts })
}

/// The folder of the file that holds the call, as parts below the root.
fn folder(call: &Call<'_, '_>, world: &dyn World, root: &Path) -> Option<Vec<String>> {
    let file = call.eval.files.get(call.span.file)?;
    let path = call.eval.options.cwd.join(&file.path);
    let real = world.canonical(path.parent()?).ok()?;
    let parts = real.strip_prefix(root).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect())
}

/// Goes one part further, by text alone. A part that leaves the package is an error.
pub(super) fn go(call: &Call<'_, '_>, parts: &mut Vec<String>, part: &str, path: &str) -> Eval<()> {
    match part {
        "" | "." => {}
        ".." => {
            if parts.pop().is_none() {
                return outside(call, path, "`..` leads out of the package");
            }
        }
        part => parts.push(part.to_owned()),
    }
    Ok(())
}

/// The parts of a path below the package's root.
fn parts(call: &Call<'_, '_>, path: &str) -> Eval<BasePath> {
    if Path::new(path).has_root() {
        return outside(call, path, "a path starts at the package's root, without `/` in front");
    }
    let mut start = start(call, path)?;
    for part in path.split('/') {
        go(call, &mut start.parts, part, path)?;
    }
    Ok(start)
}

/// A path as one from the package's root.
pub(crate) fn from_root(call: &Call<'_, '_>, path: &str) -> Eval<String> {
    Ok(parts(call, path)?.parts.join("/"))
}

/// What stands at a path; `None` where there is nothing.
pub(super) fn find(call: &Call<'_, '_>, path: &str) -> Eval<Option<ResolvedPath>> {
    let start = parts(call, path)?;
    look(call, &start.root, &start.parts, path)
}

/// What stands at some parts below a root. A link that leaves the root is an error, also where nothing stands behind it.
pub(super) fn look(call: &Call<'_, '_>, root: &Path, parts: &[String], path: &str) -> Eval<Option<ResolvedPath>> {
    let world = world(call)?;
    let mut full = root.to_path_buf();
    full.extend(parts);
    match world.canonical(&full) {
        Ok(real) if real.starts_with(root) => Ok(Some(ResolvedPath { is_file: world.is_file(&real), real })),
        Ok(_) => outside(call, path, "a link on the way leads out of the package"),
        Err(WorldError::NotFound) => {
            // The nearest folder that is there says whether the way leads out.
            let there = full.ancestors().skip(1).find_map(|folder| world.canonical(folder).ok());
            match there {
                Some(real) if !real.starts_with(root) => {
                    outside(call, path, "a link on the way leads out of the package")
                }
                _ => Ok(None),
            }
        }
        Err(error) => super::unreadable(call, path, &error),
    }
}

/// What may have been meant by the path of a file that is not there.
pub(super) fn near(call: &Call<'_, '_>, path: &str) -> Option<String> {
    let beside = format!("./{path}");
    if !path.starts_with('.') && find(call, &beside).ok().flatten().is_some() {
        return Some(format!(
            "write `{beside}` for what lies beside this file: other paths begin at the package's root"
        ));
    }
    let start = parts(call, path).ok()?;
    let (name, folder) = start.parts.split_last()?;
    let mut full = start.root;
    full.extend(folder);
    let entries = world(call).ok()?.list(&full).ok()?;
    let near = suggest::nearest(name, entries.iter().map(|entry| entry.name.as_str()))?;
    let before = path.rfind('/').map_or("", |at| &path[..=at]);
    Some(format!("did you mean `{before}{near}`?"))
}

#[cold]
pub(super) fn outside<T>(call: &Call<'_, '_>, path: &str, why: &str) -> Eval<T> {
    call.raise(
        Diag::error(Code::FILE_OUTSIDE, format!("`{}` is outside the package", path.escape_debug()))
            .at(call.span, why)
            .note("a build reads only files below the folder of the package's `forge.toml`"),
    )
}
