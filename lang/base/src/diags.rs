//! A bounded list of diagnostics.

use crate::diag::Diag;

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
