//! A bounded list of diagnostics.

use std::collections::HashMap;

use crate::code::AnyCode;
use crate::diag::{Diag, Severity};
use crate::span::Span;

/// What diagnostics about several values have in common if one location causes them.
type Cause = (AnyCode, Severity, Option<Span>, String);

/// How many values a merged diagnostic names.
const MAX_INSTANCES: usize = 8;

/// Merges diagnostics that one location causes in several values into one that counts these values. The order is kept.
pub fn merge_instances(diags: Vec<Diag>) -> Vec<Diag> {
    let mut merged: Vec<Diag> = Vec::with_capacity(diags.len());
    let mut indices: HashMap<Cause, usize> = HashMap::new();
    for diag in diags {
        if diag.instances.is_empty() || diag.primary.is_none() {
            merged.push(diag);
            continue;
        }
        let cause = (diag.any_code(), diag.severity, diag.span(), without_name(&diag));
        match indices.get(&cause) {
            Some(&index) => {
                let known = &mut merged[index].instances;
                let new: Vec<String> = diag.instances.into_iter().filter(|path| !known.contains(path)).collect();
                known.extend(new);
            }
            None => {
                indices.insert(cause, merged.len());
                merged.push(diag);
            }
        }
    }
    merged.into_iter().map(with_instances).collect()
}

/// The headline and the reason without the name of the value that they are about.
fn without_name(diag: &Diag) -> String {
    let name = diag.instances.first().and_then(|instance| instance.rsplit(' ').next()).unwrap_or_default();
    let reason = diag.primary.as_ref().map_or("", |label| label.text.as_str());
    format!("{}\n{reason}", diag.headline).replace(&format!("`{}`", name.trim_matches('`')), "``")
}

/// Replaces the note that names the first value by one that names all.
fn with_instances(mut diag: Diag) -> Diag {
    let [first, _, ..] = diag.instances.as_slice() else { return diag };
    let single = format!("in {first}");
    diag.notes.retain(|note| !note.starts_with(&single));
    let mut shown: Vec<&str> = diag.instances.iter().take(MAX_INSTANCES).map(String::as_str).collect();
    let rest = format!("{} more", diag.instances.len() - shown.len());
    if diag.instances.len() > MAX_INSTANCES {
        shown.push(&rest);
    }
    let note = format!("in {} instances: {}", diag.instances.len(), shown.join(", "));
    diag.note(note)
}

/// The diagnostics of one stage for one source. The first [`Diags::MAX`] are kept and the others only counted: a large file that is not
/// Forge at all has an error on every line.
#[derive(Clone, Default, Debug)]
pub struct Diags {
    kept: Vec<Diag>,
    count: usize,
}

impl Diags {
    /// The maximum number of diagnostics that are kept.
    pub const MAX: usize = 10_000;

    /// Adds a diagnostic.
    pub fn push(&mut self, diag: Diag) {
        self.count += 1;
        if self.kept.len() < Diags::MAX {
            self.kept.push(diag);
        }
    }

    /// Inserts a diagnostic before those that were added since `mark`, a former [`Diags::len`].
    pub fn insert(&mut self, mark: usize, diag: Diag) {
        self.count += 1;
        if mark < Diags::MAX {
            self.kept.insert(mark.min(self.kept.len()), diag);
            self.kept.truncate(Diags::MAX);
        }
    }

    /// The number of diagnostics that were added, kept or not.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no diagnostic was added.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether no more diagnostics are kept, so that there is no point in looking for further ones.
    pub fn is_full(&self) -> bool {
        self.count >= Diags::MAX
    }

    /// Removes the diagnostics that were added since `mark`, a former [`Diags::len`].
    pub fn truncate(&mut self, mark: usize) {
        self.kept.truncate(mark);
        self.count = self.count.min(mark);
    }

    /// The kept diagnostics that were added since `mark`, a former [`Diags::len`].
    pub fn since(&self, mark: usize) -> &[Diag] {
        &self.kept[mark.min(self.kept.len())..]
    }

    /// Of the diagnostics that were added since `mark`, a former [`Diags::len`], removes those for which `keeps` is false.
    pub fn retain_since(&mut self, mark: usize, mut keeps: impl FnMut(&Diag) -> bool) {
        let mark = mark.min(self.kept.len());
        let left: Vec<Diag> = self.kept.drain(mark..).filter(|diag| keeps(diag)).collect();
        self.count = self.count.min(mark) + left.len();
        self.kept.extend(left);
    }

    /// Removes the diagnostics for which `keeps` is false.
    pub fn retain(&mut self, keeps: impl FnMut(&Diag) -> bool) {
        let before = self.kept.len();
        self.kept.retain(keeps);
        self.count -= before - self.kept.len();
    }

    /// The kept diagnostics.
    pub fn into_vec(self) -> Vec<Diag> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;

    fn diag(text: &str) -> Diag {
        Diag::error(Code::SYNTAX, text)
    }

    #[test]
    fn diagnostics_beyond_the_maximum_are_only_counted() {
        let mut diags = Diags::default();
        for _ in 0..Diags::MAX + 5 {
            assert!(diags.len() < Diags::MAX || diags.is_full());
            diags.push(diag("no"));
        }
        diags.insert(Diags::MAX + 2, diag("late"));
        diags.insert(0, diag("first"));
        assert_eq!(diags.len(), Diags::MAX + 7);
        let kept = diags.into_vec();
        assert_eq!((kept.len(), kept[0].headline.as_str()), (Diags::MAX, "first"));
    }

    #[test]
    fn one_location_that_is_wrong_in_several_values_is_one_diagnostic() {
        let at = |start, headline: &str, instance: &str| {
            let span = Span::new(crate::FileId(0), start, start + 1);
            let diag = diag(headline).at(span, "here").note(format!("in {instance}, at spec")).note("kept");
            Diag { instances: vec![instance.to_owned()], ..diag }
        };
        let merged = merge_instances(vec![
            at(1, "`a` is wrong", "Job a"),
            at(2, "`a` is wrong", "Job a"),
            at(1, "`b` is wrong", "Job b"),
            at(1, "another mistake in `b`", "Job b"),
            diag("without a location"),
        ]);
        assert_eq!(merged.len(), 4);
        assert_eq!(merged[0].notes, ["kept", "in 2 instances: Job a, Job b"]);
        assert_eq!(merged[1].notes, ["in Job a, at spec", "kept"]);
        assert_eq!(merged[2].headline, "another mistake in `b`");
    }

    #[test]
    fn two_reasons_at_one_location_are_two_diagnostics() {
        let at = |reason: &str, instance: &str| {
            let span = Span::new(crate::FileId(0), 1, 2);
            Diag { instances: vec![instance.to_owned()], ..diag("`x` is wrong").at(span, reason) }
        };
        let merged =
            merge_instances(vec![at("too large", "Job a"), at("too small", "Job b"), at("too small", "Job c")]);
        assert_eq!(merged.len(), 2);
        assert_eq!(merged[1].instances, ["Job b", "Job c"]);
    }

    #[test]
    fn diagnostics_since_a_mark_can_be_read_and_removed() {
        let mut diags = Diags::default();
        diags.push(diag("a"));
        let mark = diags.len();
        diags.push(diag("b"));
        assert_eq!(diags.since(mark), [diag("b")]);
        assert_eq!(diags.since(usize::MAX), []);
        diags.truncate(mark);
        assert_eq!((diags.len(), diags.since(0).len()), (1, 1));
        diags.push(diag("c"));
        diags.push(diag("d"));
        diags.retain_since(mark, |diag| diag.headline == "d");
        assert_eq!(diags.since(0), [diag("a"), diag("d")]);
        assert_eq!(diags.len(), 2);
        diags.retain(|_| false);
        assert!(diags.is_empty());
    }
}
