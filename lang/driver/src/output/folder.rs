//! Writes a [`Tree`] into a folder, or compares it with one.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use forge_base::{Code, Diag};

use super::owned::{FILE_NAME, Owned, Unusable, hash};
use super::{Paint, Tree, unified};

/// What happens to generated files that were edited by hand.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Overwrite {
    /// Nothing is written.
    #[default]
    Refuse,
    /// They are overwritten.
    Force,
}

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Written {
    /// Number of files that are new or whose content changed.
    pub changed: usize,
    /// Number of files that already had their content.
    pub unchanged: usize,
    /// Number of files that are no longer generated.
    pub removed: usize,
    /// Number of files that builds of other modules wrote, which are left alone.
    pub others: usize,
}

/// The changes that make a folder hold exactly a tree.
struct WritePlan<'t> {
    writes: Vec<(&'t str, &'t str)>,
    removals: Vec<String>,
    unchanged: usize,
    others: usize,
    owned: Owned,
}

impl WritePlan<'_> {
    /// Whether a removed file is in the place of a new folder, or the other way round.
    fn replaces(&self, removed: &str) -> bool {
        self.writes.iter().any(|(new, _)| is_below(new, removed) || is_below(removed, new))
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Makes `folder` hold `tree`, which was built from the module `target`: writes changed files, and removes files that a build of that
/// module wrote earlier and that are no longer generated. If a path is occupied by something else, nothing is written.
pub fn write(folder: &Path, tree: &Tree, target: &str, overwrite: Overwrite) -> Result<Written, Vec<Diag>> {
    let plan = plan(folder, tree, target, overwrite)?;
    let written = Written {
        changed: plan.writes.len(),
        unchanged: plan.unchanged,
        removed: plan.removals.len(),
        others: plan.others,
    };
    apply(folder, &plan).map_err(|(path, error)| {
        vec![Diag::error(Code::CANNOT_WRITE, format!("cannot write `{}`: {error}", path.display()))]
    })?;
    Ok(written)
}

/// The difference between `folder`, without the files of other modules than `target`, and `tree`; empty if there is none. Nothing is
/// written.
pub fn compare(folder: &Path, tree: &Tree, target: &str, paint: Paint) -> Result<String, Vec<Diag>> {
    let (owned, _) = read_owned(folder)?.split(target);
    let mut text = String::new();
    let generated: BTreeSet<&str> = tree.files().map(|file| file.path.as_str()).collect();
    let stale = owned.files.keys().map(String::as_str).filter(|path| !generated.contains(path));
    let paths: BTreeSet<&str> = generated.iter().copied().chain(stale).collect();
    for path in paths {
        let file = folder.join(path);
        // Reading a pipe would block.
        let bytes = if file.is_file() { fs::read(&file).ok() } else { None };
        let old = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let new = tree.get(path).map(|file| file.text.as_str());
        text.push_str(&unified(old.as_deref(), new, path, paint));
    }
    Ok(text)
}

/// Whether `forgec` has written into a folder.
pub fn is_output_folder(folder: &Path) -> bool {
    folder.join(FILE_NAME).is_file()
}

fn read_owned(folder: &Path) -> Result<Owned, Vec<Diag>> {
    if let Some((path, reason)) = not_a_folder(folder) {
        let diag = Diag::error(Code::CANNOT_WRITE, format!("`{}` {reason}", path.display()));
        return Err(vec![diag.help("name a folder with `--out`")]);
    }
    Owned::read(folder).map_err(|unusable| {
        let (verb, reason, help) = match unusable {
            Unusable::Unreadable(reason) => {
                ("read", reason, "it lists the files in the folder that a build may change")
            }
            Unusable::Invalid(reason) => ("use", reason, "remove it if no file in the folder was written by `forgec`"),
        };
        let headline = format!("cannot {verb} `{}`: {reason}", folder.join(FILE_NAME).display());
        vec![Diag::error(Code::CANNOT_WRITE, headline).help(help)]
    })
}

/// The path that prevents the folder from being created, and the reason.
fn not_a_folder(folder: &Path) -> Option<(&Path, &'static str)> {
    let path = folder.ancestors().find(|path| fs::symlink_metadata(path).is_ok())?;
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => None,
        Ok(found) if found.is_file() => Some((path, "is a file, not a folder")),
        Ok(_) => Some((path, "is not a folder")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some((path, "is a broken link")),
        Err(_) => None,
    }
}

fn plan<'t>(folder: &Path, tree: &'t Tree, target: &str, overwrite: Overwrite) -> Result<WritePlan<'t>, Vec<Diag>> {
    let all = read_owned(folder)?;
    let conflicts: Vec<Diag> = tree
        .files()
        .filter_map(|file| Some(taken(folder, &file.path, all.other_target(&file.path, target)?)))
        .collect();
    let (mut old, others) = all.split(target);
    if overwrite == Overwrite::Force {
        let taken_over = others.files.iter().filter(|(path, _)| tree.get(path).is_some());
        old.files.extend(taken_over.map(|(path, hash)| (path.clone(), hash.clone())));
    } else if !conflicts.is_empty() {
        return Err(conflicts);
    }
    let count = others.files.keys().filter(|path| tree.get(path).is_none()).count();
    let (writes, removals) = (Vec::new(), Vec::new());
    let mut plan = WritePlan { writes, removals, unchanged: 0, others: count, owned: others };
    let mut diags = Vec::new();
    for file in tree.files() {
        let new_hash = hash(file.text.as_bytes());
        let old_hash = old.files.get(&file.path).map(String::as_str);
        match state(folder, &file.path, &old) {
            Ok(FileState::Modified(found)) if found == new_hash => plan.unchanged += 1,
            Ok(FileState::Ours) if old_hash == Some(new_hash.as_str()) => plan.unchanged += 1,
            Ok(FileState::Missing | FileState::Ours) => plan.writes.push((&file.path, &file.text)),
            Ok(FileState::Modified(_)) if old_hash.is_some() && overwrite == Overwrite::Force => {
                plan.writes.push((&file.path, &file.text));
            }
            Ok(FileState::Modified(_)) if old_hash.is_some() => diags.push(edited(folder, &file.path)),
            Ok(FileState::Modified(_)) => diags.push(foreign(folder, &file.path)),
            Err(diag) => diags.push(*diag),
        }
        plan.owned.add(&file.path, new_hash, target);
    }
    for path in old.files.keys() {
        if tree.get(path).is_some() {
            continue;
        }
        match state(folder, path, &old) {
            Ok(FileState::Ours) => plan.removals.push(path.clone()),
            Ok(FileState::Modified(_)) if overwrite == Overwrite::Force => plan.removals.push(path.clone()),
            Ok(FileState::Modified(_)) => diags.push(edited(folder, path)),
            Ok(FileState::Missing) | Err(_) => {}
        }
    }
    if diags.is_empty() { Ok(plan) } else { Err(diags) }
}

enum FileState {
    Missing,
    /// A file with the content that `forgec` wrote.
    Ours,
    /// A file with another content, given as its hash.
    Modified(String),
}

fn state(folder: &Path, path: &str, old: &Owned) -> Result<FileState, Box<Diag>> {
    let whole = folder.join(path);
    let blocked = |what: &str| {
        let headline = format!("output path `{}` is occupied", whole.display());
        Box::new(Diag::error(Code::FOREIGN_FILE, headline).note(what).help("move it away, or choose another folder"))
    };
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    for end in ends {
        let prefix = &path[..end];
        let is_last = end == path.len();
        match fs::symlink_metadata(folder.join(prefix)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(FileState::Missing),
            Err(error) => return Err(blocked(&error.to_string())),
            Ok(metadata) if metadata.is_symlink() => return Err(blocked("it contains a link")),
            // Files that `forgec` wrote are removed first, so a file may become a folder and the other way round.
            Ok(metadata) if is_last && metadata.is_dir() && old.has_below(prefix) => return Ok(FileState::Missing),
            Ok(metadata) if is_last && !metadata.is_file() => return Err(blocked("it is not a regular file")),
            Ok(metadata) if !is_last && metadata.is_file() && old.files.contains_key(prefix) => {
                return Ok(FileState::Missing);
            }
            Ok(metadata) if !is_last && !metadata.is_dir() => return Err(blocked("one of its folders is a file")),
            Ok(_) => {}
        }
    }
    let found = hash(&fs::read(&whole).map_err(|error| blocked(&error.to_string()))?);
    Ok(if old.files.get(path) == Some(&found) { FileState::Ours } else { FileState::Modified(found) })
}

fn edited(folder: &Path, path: &str) -> Diag {
    Diag::error(Code::FOREIGN_FILE, format!("`{}` was edited by hand", folder.join(path).display()))
        .note("a build would undo the edit; nothing was written")
        .help("make the change in the program, or build with `--force`")
}

/// Reports a file that a build of another module wrote.
fn taken(folder: &Path, path: &str, owner: &str) -> Diag {
    let headline = format!("`{}` was written by the build of `{owner}`", folder.join(path).display());
    Diag::error(Code::FOREIGN_FILE, headline)
        .note("two modules cannot write the same file; nothing was written")
        .help(format!("choose another folder, or take the file over with `--force` if `{owner}` is no longer built"))
}

fn foreign(folder: &Path, path: &str) -> Diag {
    Diag::error(Code::FOREIGN_FILE, format!("`{}` was not written by `forgec`", folder.join(path).display()))
        .note("a build never changes files that it did not write; nothing was written")
        .help("move it away, or choose another folder")
}

/// Replaces the content of a file atomically: readers see the old or the new content, never a part. Links are followed.
pub fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let pending = PendingFile::create(parent, name, text).map_err(|(_, error)| error)?;
    fs::set_permissions(&pending.temporary, permissions)?;
    pending.commit().map_err(|(_, error)| error)
}

/// Creates a file, or replaces its content, atomically.
pub fn create_file(path: &Path, text: &str) -> io::Result<()> {
    if path.exists() {
        return replace_file(path, text);
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let pending = PendingFile::create(parent, name, text).map_err(|(_, error)| error)?;
    pending.commit().map_err(|(_, error)| error)
}

type WriteFailure = (PathBuf, io::Error);

/// A file that was written under a temporary name. It is removed unless it is committed.
struct PendingFile {
    temporary: PathBuf,
    target: PathBuf,
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if !self.temporary.as_os_str().is_empty() {
            _ = fs::remove_file(&self.temporary);
        }
    }
}

impl PendingFile {
    fn create(folder: &Path, path: &str, text: &str) -> Result<PendingFile, WriteFailure> {
        let target = folder.join(path);
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| (parent.to_path_buf(), error))?;
        let name = target.file_name().and_then(|name| name.to_str()).unwrap_or("file");
        let temporary = parent.join(format!(".{name}.{}.forge-tmp", std::process::id()));
        let pending = PendingFile { temporary, target };
        fs::write(&pending.temporary, text).map_err(|error| (pending.target.clone(), error))?;
        Ok(pending)
    }

    fn commit(mut self) -> Result<(), WriteFailure> {
        fs::rename(&self.temporary, &self.target).map_err(|error| (self.target.clone(), error))?;
        self.temporary = PathBuf::new();
        Ok(())
    }
}

fn apply(folder: &Path, plan: &WritePlan) -> Result<(), WriteFailure> {
    let existed = folder.exists();
    let (first, last): (Vec<&String>, _) = plan.removals.iter().partition(|path| plan.replaces(path));
    let mut aside = Vec::with_capacity(first.len());
    let list = match write_new_files(folder, plan, &first, &mut aside) {
        Ok(list) => list,
        Err(failure) => {
            plan.writes.iter().for_each(|(path, _)| remove_empty_folders(folder, path));
            drop(aside);
            if !existed {
                // This fails if another program has put a file into it, which is right.
                _ = fs::remove_dir(folder);
            }
            return Err(failure);
        }
    };
    aside.into_iter().try_for_each(SetAside::remove)?;
    remove(folder, &last)?;
    list.map_or(Ok(()), PendingFile::commit)
}

/// Writes all new files under temporary names and then renames them. Returns the new list of files, which is not renamed yet.
fn write_new_files(
    folder: &Path,
    plan: &WritePlan,
    first: &[&String],
    aside: &mut Vec<SetAside>,
) -> Result<Option<PendingFile>, WriteFailure> {
    let list = plan.owned.render();
    let is_listed = fs::read_to_string(folder.join(FILE_NAME)).is_ok_and(|old| old == list);
    for path in first {
        aside.push(SetAside::put(folder, path, aside.len())?);
    }
    let mut pending = Vec::with_capacity(plan.writes.len());
    for (path, text) in &plan.writes {
        pending.push(PendingFile::create(folder, path, text)?);
    }
    let list = if is_listed { None } else { Some(PendingFile::create(folder, FILE_NAME, &list)?) };
    pending.into_iter().try_for_each(PendingFile::commit)?;
    Ok(list)
}

/// An old file in the place of a new folder, or the other way round, under a temporary name. It is restored unless it is removed.
struct SetAside {
    original: PathBuf,
    temporary: PathBuf,
}

impl SetAside {
    fn put(folder: &Path, path: &str, number: usize) -> Result<SetAside, WriteFailure> {
        let original = folder.join(path);
        let temporary = folder.join(format!(".{number}.{}.forge-old", std::process::id()));
        fs::rename(&original, &temporary).map_err(|error| (original.clone(), error))?;
        remove_empty_folders(folder, path);
        Ok(SetAside { original, temporary })
    }

    fn remove(mut self) -> Result<(), WriteFailure> {
        let temporary = std::mem::take(&mut self.temporary);
        fs::remove_file(&temporary).map_err(|error| (temporary.clone(), error))
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        if !self.temporary.as_os_str().is_empty() {
            _ = self.original.parent().map(fs::create_dir_all);
            _ = fs::rename(&self.temporary, &self.original);
        }
    }
}

fn remove(folder: &Path, paths: &[&String]) -> Result<(), WriteFailure> {
    for path in paths {
        let whole = folder.join(path);
        fs::remove_file(&whole).map_err(|error| (whole.clone(), error))?;
        remove_empty_folders(folder, path);
    }
    Ok(())
}

/// Removes the folders of a removed file that are empty now.
fn remove_empty_folders(folder: &Path, path: &str) {
    let mut rest = path;
    while let Some((parent, _)) = rest.rsplit_once('/') {
        if fs::remove_dir(folder.join(parent)).is_err() {
            return;
        }
        rest = parent;
    }
}

#[cfg(test)]
mod tests {
    use super::super::OutputFile;
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let file = |&(path, text): &(&str, &str)| OutputFile { path: path.into(), text: text.into(), span: None };
        Tree::build(files.iter().map(file).collect()).0
    }

    fn listing(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_path_buf()];
        while let Some(path) = open.pop() {
            for entry in fs::read_dir(&path).unwrap() {
                let path = entry.unwrap().path();
                let shown = path.strip_prefix(folder).unwrap().display().to_string();
                if path.is_dir() {
                    found.push(format!("{shown}/"));
                    open.push(path);
                } else {
                    found.push(shown);
                }
            }
        }
        found.sort();
        found
    }

    fn codes(result: Result<Written, Vec<Diag>>) -> Vec<String> {
        result.unwrap_err().into_iter().map(|diag| format!("{}: {}", diag.code, diag.headline)).collect()
    }

    #[test]
    fn files_that_are_no_longer_generated_are_removed_with_their_folders() {
        let folder = tempfile::tempdir().unwrap();
        let first =
            write(folder.path(), &tree(&[("a/b/c.yaml", "1"), ("d.yaml", "2")]), "main", Overwrite::Refuse).unwrap();
        assert_eq!(first, Written { changed: 2, unchanged: 0, removed: 0, others: 0 });
        let second = write(folder.path(), &tree(&[("d.yaml", "2")]), "main", Overwrite::Refuse).unwrap();
        assert_eq!(second, Written { changed: 0, unchanged: 1, removed: 1, others: 0 });
        assert_eq!(listing(folder.path()), [FILE_NAME, "d.yaml"]);
    }

    #[test]
    fn files_that_forgec_did_not_write_stay_and_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), "mine").unwrap();
        fs::write(folder.path().join("other.txt"), "mine").unwrap();
        let errors = codes(write(folder.path(), &tree(&[("a.yaml", "1"), ("b.yaml", "2")]), "main", Overwrite::Force));
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("F0707") && errors[0].ends_with("was not written by `forgec`"));
        assert_eq!(listing(folder.path()), ["a.yaml", "other.txt"]);
    }

    #[test]
    fn an_edited_file_is_overwritten_only_with_force() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &tree(&[("a.yaml", "1")]), "main", Overwrite::Refuse).unwrap();
        fs::write(folder.path().join("a.yaml"), "edited").unwrap();
        let errors = codes(write(folder.path(), &tree(&[("a.yaml", "2")]), "main", Overwrite::Refuse));
        assert!(errors[0].ends_with("was edited by hand"), "{errors:?}");
        assert_eq!(codes(write(folder.path(), &tree(&[]), "main", Overwrite::Refuse)).len(), 1);
        write(folder.path(), &tree(&[("a.yaml", "2")]), "main", Overwrite::Force).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).unwrap(), "2");
    }

    #[test]
    fn an_edit_that_equals_the_new_content_is_not_a_conflict() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &tree(&[("a.yaml", "1")]), "main", Overwrite::Refuse).unwrap();
        fs::write(folder.path().join("a.yaml"), "2").unwrap();
        let written = write(folder.path(), &tree(&[("a.yaml", "2")]), "main", Overwrite::Refuse).unwrap();
        assert_eq!(written.unchanged, 1);
    }

    #[test]
    fn builds_of_several_modules_share_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let write_for =
            |target: &str, files: &[(&str, &str)], overwrite| write(folder.path(), &tree(files), target, overwrite);
        write_for("a", &[("a.yaml", "1"), ("old.yaml", "1")], Overwrite::Refuse).unwrap();
        let written = write_for("b", &[("b.yaml", "2")], Overwrite::Refuse).unwrap();
        assert_eq!(written, Written { changed: 1, unchanged: 0, removed: 0, others: 2 });
        let written = write_for("a", &[("a.yaml", "1")], Overwrite::Refuse).unwrap();
        assert_eq!(written, Written { changed: 0, unchanged: 1, removed: 1, others: 1 });
        assert_eq!(listing(folder.path()), [FILE_NAME, "a.yaml", "b.yaml"]);
        assert_eq!(compare(folder.path(), &tree(&[("a.yaml", "1")]), "a", Paint::Plain).unwrap(), "");
        let errors = codes(write_for("b", &[("a.yaml", "3"), ("b.yaml", "2")], Overwrite::Refuse));
        assert!(errors[0].starts_with("F0707") && errors[0].ends_with("was written by the build of `a`"), "{errors:?}");
        write_for("b", &[("a.yaml", "3"), ("b.yaml", "2")], Overwrite::Force).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).unwrap(), "3");
        let written = write_for("a", &[], Overwrite::Refuse).unwrap();
        assert_eq!(written, Written { changed: 0, unchanged: 0, removed: 0, others: 2 });
    }

    #[test]
    fn a_generated_file_may_become_a_folder_and_a_folder_a_file() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &tree(&[("a", "1"), ("b/c", "2")]), "main", Overwrite::Refuse).unwrap();
        write(folder.path(), &tree(&[("a/x", "3"), ("b", "4")]), "main", Overwrite::Refuse).unwrap();
        assert_eq!(listing(folder.path()), [FILE_NAME, "a/", "a/x", "b"]);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("a")).unwrap();
        let errors = codes(write(folder.path(), &tree(&[("a/b.yaml", "1")]), "main", Overwrite::Force));
        assert!(errors[0].starts_with("F0707"), "{errors:?}");
        assert!(listing(outside.path()).is_empty());
    }

    #[test]
    fn an_edited_list_never_leads_out_of_the_folder() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("out");
        fs::create_dir(&folder).unwrap();
        fs::write(outer.path().join("precious"), "x").unwrap();
        let list = format!("{{ \"files\": {{ \"../precious\": \"{}\" }} }}", hash(b"x"));
        fs::write(folder.join(FILE_NAME), list).unwrap();
        write(&folder, &tree(&[]), "main", Overwrite::Force).unwrap();
        assert!(outer.path().join("precious").exists());
    }

    #[test]
    fn comparing_shows_changed_new_and_removed_files() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &tree(&[("a", "1\n"), ("b", "2\n")]), "main", Overwrite::Refuse).unwrap();
        let text = compare(folder.path(), &tree(&[("a", "3\n"), ("c", "4\n")]), "main", Paint::Plain).unwrap();
        assert!(text.contains("-1\n+3\n") && text.contains("--- a/b\n+++ /dev/null") && text.contains("+++ b/c"));
        assert_eq!(compare(folder.path(), &tree(&[("a", "1\n"), ("b", "2\n")]), "main", Paint::Plain).unwrap(), "");
    }
}
