//! `files.glob`.

use std::collections::BTreeSet;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::super::Call;
use super::super::glob::{self, PathSegment};
use super::resolve::{ResolvedPath, go, look, outside, start, world};
use crate::value::{Eval, Value};

pub(super) fn glob<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let pattern = call.str(0)?;
    if Path::new(pattern).has_root() {
        return outside(call, pattern, "a pattern starts at the package's root, without `/` in front");
    }
    let alternatives = match glob::parse(pattern) {
        Ok(alternatives) => alternatives,
        Err(reason) => return call.fail(format!("{} is no pattern for files", call.eval.show(call.arg(0))), reason),
    };
    let mut found = BTreeSet::new();
    for parts in &alternatives {
        walk(call, pattern, parts, &mut found)?;
    }
    call.list_of_texts(found.iter().map(String::as_str))
}

/// A folder that is still to be looked into.
struct PendingFolder {
    /// The next part of the pattern.
    next: usize,
    /// The folder below the root.
    parts: Vec<String>,
    /// The folder as the result names it: empty, or with a `/` at its end.
    shown: String,
}

/// Looks for all files that fit one pattern without braces.
fn walk(call: &Call<'_, '_>, pattern: &str, parts: &[PathSegment], found: &mut BTreeSet<String>) -> Eval<()> {
    let start = start(call, pattern)?;
    let mut pending = vec![PendingFolder { next: 0, parts: start.parts, shown: String::new() }];
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
                let Some(place) = look(call, &start.root, &next.parts, pattern)? else { continue };
                if !is_last {
                    pending.push(next);
                } else if place.is_file {
                    found.insert(next.shown.trim_end_matches('/').to_owned());
                }
            }
            Some(part) => {
                let is_deep = *part == PathSegment::Folders;
                if is_deep && !is_last {
                    pending.push(PendingFolder { next: at.next + 1, parts: at.parts.clone(), shown: at.shown.clone() });
                }
                let Some(folder) = look(call, &start.root, &at.parts, pattern)? else { continue };
                for entry in world(call)?.list(&folder.real).unwrap_or_default() {
                    call.eval.charge(1)?;
                    if !part.fits(&entry.name) || entry.is_dir && is_last && !is_deep || !entry.is_dir && !is_last {
                        continue;
                    }
                    let next = step(call, pattern, &at, &entry.name, if is_deep { at.next } else { at.next + 1 })?;
                    // What is found by a sign and leads out of the package is passed over.
                    let Ok(Some(place)) = look(call, &start.root, &next.parts, pattern) else { continue };
                    if !entry.is_dir {
                        if place.is_file {
                            found.insert(next.shown.trim_end_matches('/').to_owned());
                        }
                    } else if !is_deep || is_no_link(&place, &folder, &entry.name) {
                        pending.push(next);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Whether a folder is what its name says: `**` goes through no links, which may lead in circles.
fn is_no_link(place: &ResolvedPath, folder: &ResolvedPath, name: &str) -> bool {
    place.real == folder.real.join(name)
}

/// One part further down.
fn step(call: &Call<'_, '_>, pattern: &str, at: &PendingFolder, name: &str, next: usize) -> Eval<PendingFolder> {
    let mut parts = at.parts.clone();
    go(call, &mut parts, name, pattern)?;
    let shown = if name.is_empty() { at.shown.clone() } else { format!("{}{name}/", at.shown) };
    Ok(PendingFolder { next, parts, shown })
}
