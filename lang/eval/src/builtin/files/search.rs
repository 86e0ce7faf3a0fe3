//! `files.glob`.

use std::collections::BTreeSet;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::super::call::Call;
use super::super::glob::{self, PathSegment};
use super::resolve::{ResolvedPath, append, base, find_below, outside, world};
use crate::display::show;
use crate::value::{Eval, Value};

pub(super) fn glob<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pattern = call.str(0)?;
    if Path::new(pattern).has_root() {
        return outside(call, pattern, "patterns are relative to the package's root and do not start with `/`");
    }
    let alternatives = match glob::parse(pattern) {
        Ok(alternatives) => alternatives,
        Err(reason) => return call.fail(format!("{} is not a valid file pattern", show(call.arg(0))), reason),
    };
    let mut found = BTreeSet::new();
    for parts in &alternatives {
        search(call, pattern, parts, &mut found)?;
    }
    call.list_of_texts(found.iter().map(String::as_str))
}

/// A folder that is still to be searched.
struct PendingFolder {
    /// The index of the next segment of the pattern.
    next: usize,
    /// The folder below the root.
    parts: Vec<String>,
    /// The folder as the results name it: empty, or with a `/` at the end.
    shown: String,
}

/// Finds all files that match one pattern without braces.
fn search(call: &Call<'_, '_>, pattern: &str, parts: &[PathSegment], found: &mut BTreeSet<String>) -> Eval<()> {
    let base = base(call, pattern)?;
    let mut pending = vec![PendingFolder { next: 0, parts: base.parts, shown: String::new() }];
    let mut seen = FxHashSet::default();
    while let Some(at) = pending.pop() {
        call.eval.charge(1)?;
        if !seen.insert((at.next, at.shown.clone())) {
            continue;
        }
        let is_last = at.next + 1 >= parts.len();
        match parts.get(at.next) {
            None => {}
            Some(PathSegment::Name(name)) => {
                let next = step(call, pattern, &at, name, at.next + 1)?;
                let Some(file) = find_below(call, &base.root, &next.parts, pattern)? else { continue };
                if !is_last {
                    pending.push(next);
                } else if file.is_file {
                    found.insert(next.shown.trim_end_matches('/').to_owned());
                }
            }
            Some(part) => {
                let is_deep = *part == PathSegment::Folders;
                if is_deep && !is_last {
                    pending.push(PendingFolder { next: at.next + 1, parts: at.parts.clone(), shown: at.shown.clone() });
                }
                let Some(folder) = find_below(call, &base.root, &at.parts, pattern)? else { continue };
                for entry in world(call)?.list(&folder.real).unwrap_or_default() {
                    call.eval.charge(1)?;
                    if !part.matches(&entry.name) || entry.is_dir && is_last && !is_deep || !entry.is_dir && !is_last {
                        continue;
                    }
                    let next = step(call, pattern, &at, &entry.name, if is_deep { at.next } else { at.next + 1 })?;
                    // A file that a wildcard matches and that is outside of the package is skipped.
                    let Ok(Some(file)) = find_below(call, &base.root, &next.parts, pattern) else { continue };
                    if !entry.is_dir {
                        if file.is_file {
                            found.insert(next.shown.trim_end_matches('/').to_owned());
                        }
                    } else if !is_deep || is_no_link(&file, &folder, &entry.name) {
                        pending.push(next);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Whether a folder is not a link: `**` does not follow links, which may form cycles.
fn is_no_link(found: &ResolvedPath, folder: &ResolvedPath, name: &str) -> bool {
    found.real == folder.real.join(name)
}

/// The folder one segment further down.
fn step(call: &Call<'_, '_>, pattern: &str, at: &PendingFolder, name: &str, next: usize) -> Eval<PendingFolder> {
    let mut parts = at.parts.clone();
    append(call, &mut parts, name, pattern)?;
    let shown = if name.is_empty() { at.shown.clone() } else { format!("{}{name}/", at.shown) };
    Ok(PendingFolder { next, parts, shown })
}
