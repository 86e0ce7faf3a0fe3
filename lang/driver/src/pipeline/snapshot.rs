//! The snapshots of a module's tests, stored as YAML in a file next to the module, such as `web.forge.snap`.
//!
//! ```yaml
//! # Snapshots of the tests in web.forge, written by `forgec test`.
//! ---
//! # test: replicas are bounded
//! # snapshot: grafana.deployment
//! apiVersion: apps/v1
//! ```

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// What happens to snapshots that are new or differ from the stored ones.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Snapshots {
    /// Differences fail the test; nothing is written, and a missing snapshot is not an error.
    #[default]
    Compare,
    /// Differences fail the test; missing snapshots are added.
    Add,
    /// All snapshots are overwritten, and unused ones removed.
    Update,
}

/// Which tests were run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Run {
    AllTests,
    SomeTests,
}

/// Identifies a snapshot: its test, its expression, and its index among equal ones.
pub(crate) type Key = (String, String, usize);

/// The snapshots of one module.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct SnapshotFile {
    pub(crate) entries: BTreeMap<Key, String>,
}

/// The number of snapshots that a run changed.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Changes {
    added: usize,
    updated: usize,
    removed: usize,
}

impl Changes {
    /// Counts the differences between two states of a file.
    pub(crate) fn add(&mut self, old: &SnapshotFile, new: &SnapshotFile) {
        let (old, new) = (&old.entries, &new.entries);
        self.added += new.keys().filter(|key| !old.contains_key(*key)).count();
        self.removed += old.keys().filter(|key| !new.contains_key(*key)).count();
        self.updated += new.iter().filter(|(key, text)| old.get(*key).is_some_and(|before| before != *text)).count();
    }
}

impl fmt::Display for Changes {
    /// `2 added, 1 updated`; nothing if there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [(self.added, "added"), (self.updated, "updated"), (self.removed, "removed")];
        let parts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        f.write_str(&parts.collect::<Vec<_>>().join(", "))
    }
}

const TEST: &str = "---\n# test: ";
const SNAPSHOT: &str = "\n# snapshot: ";

impl SnapshotFile {
    /// Parses a file; ignores what is not a snapshot.
    pub(crate) fn parse(text: &str) -> SnapshotFile {
        let mut file = SnapshotFile::default();
        for part in text.replace("\r\n", "\n").split(TEST).skip(1) {
            let Some((test, rest)) = part.split_once(SNAPSHOT) else { continue };
            let (name, content) = rest.split_once('\n').unwrap_or((rest, ""));
            file.add(test, name, content);
        }
        file
    }

    /// Adds a snapshot after those of the same test and name.
    pub(crate) fn add(&mut self, test: &str, name: &str, content: &str) -> Key {
        let (test, name) = (one_line(test), one_line(name));
        let count = self.entries.keys().filter(|(t, n, _)| *t == test && *n == name).count();
        let key = (test, name, count);
        self.entries.insert(key.clone(), content.to_owned());
        key
    }

    /// The new content of the file after a run that took the snapshots `new`.
    pub(crate) fn merge(mut self, new: SnapshotFile, mode: Snapshots, run: Run) -> SnapshotFile {
        match mode {
            Snapshots::Compare => self,
            Snapshots::Add => {
                for (key, text) in new.entries {
                    self.entries.entry(key).or_insert(text);
                }
                self
            }
            Snapshots::Update if run == Run::AllTests => new,
            Snapshots::Update => {
                self.entries.extend(new.entries);
                self
            }
        }
    }

    /// Renders the file.
    pub(crate) fn render(&self, module: &str) -> String {
        let mut text = format!("# Snapshots of the tests in {module}, written by `forgec test`.\n");
        for ((test, name, _), content) in &self.entries {
            _ = write!(text, "{TEST}{test}{SNAPSHOT}{name}\n{content}");
            if !text.ends_with('\n') {
                text.push('\n');
            }
        }
        text
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut file = SnapshotFile::default();
        file.add("a test", "web.deployment", "kind: Deployment\n");
        file.add("a test", "web.deployment", "kind: Other\n");
        file.add("b", "x {\n  y = 1\n}", "|-\n  ---\n  # test: no\n");
        let text = file.render("web.forge");
        assert_eq!(SnapshotFile::parse(&text), file);
        assert_eq!(file.entries.keys().next_back().map(|key| key.1.as_str()), Some("x { y = 1 }"));
    }
}
