//! Resolves the paths in programs to files of the package.

use std::path::{Path, PathBuf};

use forge_base::{Code, Diag, World, WorldError, suggest};

use super::super::call::Call;
use crate::value::Eval;

/// An existing file or folder, with all links resolved.
pub(super) struct ResolvedPath {
    pub(super) real: PathBuf,
    pub(super) is_file: bool,
}

/// What a path is relative to. Both are real paths.
pub(super) struct BasePath {
    pub(super) root: PathBuf,
    /// The segments below the root; empty for a path that is relative to the root.
    pub(super) parts: Vec<String>,
}

/// The access to files.
pub(super) fn world<'a>(call: &Call<'_, 'a>) -> Eval<&'a dyn World> {
    match call.eval.options.world {
        Some(world) => Ok(world),
        None => {
            call.fail_as(Code::FILE_UNREADABLE, "files cannot be read here", "this evaluation has no access to files")
        }
    }
}

/// What `path` is relative to: the folder of the file that contains the call, or the root of that file's package.
pub(super) fn base(call: &Call<'_, '_>, path: &str) -> Eval<BasePath> {
    let world = world(call)?;
    let known = call.eval.options.roots.get(&call.span.file);
    let Some(root) = known.and_then(|root| world.canonical(root).ok()) else {
        return call.fail_as(
            Code::FILE_UNREADABLE,
            format!("`{path}` cannot be read"),
            "this source is not in a folder",
        );
    };
    let is_relative = matches!(path.split('/').next(), Some("." | ".."));
    let parts = if is_relative { folder(call, world, &root).unwrap_or_default() } else { Vec::new() };
    Ok(BasePath { root, parts })
}

/// The folder of the file that contains the call, as segments below the root.
fn folder(call: &Call<'_, '_>, world: &dyn World, root: &Path) -> Option<Vec<String>> {
    let file = call.eval.files.get(call.span.file)?;
    let path = call.eval.options.cwd.join(&file.path);
    let real = world.canonical(path.parent()?).ok()?;
    let parts = real.strip_prefix(root).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect())
}

/// Appends a segment without file access. A segment that leaves the package is an error.
pub(super) fn append(call: &Call<'_, '_>, parts: &mut Vec<String>, part: &str, path: &str) -> Eval<()> {
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

/// The segments of a path below the package's root.
fn parts(call: &Call<'_, '_>, path: &str) -> Eval<BasePath> {
    if Path::new(path).has_root() {
        return outside(call, path, "paths are relative to the package's root and do not start with `/`");
    }
    let mut base = base(call, path)?;
    for part in path.split('/') {
        append(call, &mut base.parts, part, path)?;
    }
    Ok(base)
}

/// A path relative to the package's root.
pub(crate) fn from_root(call: &Call<'_, '_>, path: &str) -> Eval<String> {
    Ok(parts(call, path)?.parts.join("/"))
}

/// The file or folder at a path, if it exists.
pub(super) fn find(call: &Call<'_, '_>, path: &str) -> Eval<Option<ResolvedPath>> {
    let base = parts(call, path)?;
    find_below(call, &base.root, &base.parts, path)
}

/// The file or folder at segments below a root, if it exists. A link that leaves the root is an error, even if it is dangling.
pub(super) fn find_below(call: &Call<'_, '_>, root: &Path, parts: &[String], path: &str) -> Eval<Option<ResolvedPath>> {
    let world = world(call)?;
    let mut full = root.to_path_buf();
    full.extend(parts);
    match world.canonical(&full) {
        Ok(real) if real.starts_with(root) => Ok(Some(ResolvedPath { is_file: world.is_file(&real), real })),
        Ok(_) => outside(call, path, "a link in this path leads out of the package"),
        Err(WorldError::NotFound) => {
            // The nearest existing folder shows whether the path leaves the package.
            let nearest = full.ancestors().skip(1).find_map(|folder| world.canonical(folder).ok());
            match nearest {
                Some(real) if !real.starts_with(root) => {
                    outside(call, path, "a link in this path leads out of the package")
                }
                _ => Ok(None),
            }
        }
        Err(error) => unreadable(call, path, &error),
    }
}

/// A suggestion for the path of a file that does not exist.
pub(super) fn near(call: &Call<'_, '_>, path: &str) -> Option<String> {
    let beside = format!("./{path}");
    if !path.starts_with('.') && find(call, &beside).ok().flatten().is_some() {
        return Some(format!(
            "write `{beside}` for a path relative to this file: other paths are relative to the package's root"
        ));
    }
    let base = parts(call, path).ok()?;
    let (name, folder) = base.parts.split_last()?;
    let mut full = base.root;
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
            .note("a build only reads files below the folder of the package's `forge.toml`"),
    )
}

#[cold]
pub(super) fn unreadable<T>(call: &Call<'_, '_>, path: &str, error: &WorldError) -> Eval<T> {
    let diag = Diag::error(Code::FILE_UNREADABLE, format!("`{}` cannot be read", path.escape_debug()))
        .at(call.span, error.to_string());
    call.raise(match (error, near(call, path)) {
        (WorldError::NotFound, Some(help)) => diag.help(help),
        _ => diag,
    })
}
