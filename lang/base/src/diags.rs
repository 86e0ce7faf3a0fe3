//! A list of diagnostics that cannot grow without bounds.

use crate::diag::Diag;

/// The diagnostics that one stage finds in one text. The first [`Diags::MAX`] are kept and the others only counted: nobody reads
/// that many, and a large file that is no Forge at all has a mistake in every line.
#[derive(Clone, Default, Debug)]
pub struct Diags {
    kept: Vec<Diag>,
    count: usize,
}

impl Diags {
    /// How many are kept.
    pub const MAX: usize = 10_000;

    /// Adds one.
    pub fn push(&mut self, diag: Diag) {
        self.count += 1;
        if self.kept.len() < Diags::MAX {
            self.kept.push(diag);
        }
    }

    /// Puts one before those that were added since `mark`, a former [`Diags::len`].
    pub fn insert(&mut self, mark: usize, diag: Diag) {
        self.count += 1;
        if mark < Diags::MAX {
            self.kept.insert(mark.min(self.kept.len()), diag);
            self.kept.truncate(Diags::MAX);
        }
    }

    /// How many were added, kept or not.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none was added.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether no more are kept, so that to look for further ones is a waste.
    pub fn is_full(&self) -> bool {
        self.count >= Diags::MAX
    }

    /// Forgets what was added since `mark`, a former [`Diags::len`].
    pub fn truncate(&mut self, mark: usize) {
        self.kept.truncate(mark);
        self.count = self.count.min(mark);
    }

    /// Those that were added since `mark`, a former [`Diags::len`], as far as they were kept.
    pub fn since(&self, mark: usize) -> &[Diag] {
        &self.kept[mark.min(self.kept.len())..]
    }

    /// Forgets those of the ones added since `mark`, a former [`Diags::len`], that `keeps` does not hold for.
    pub fn retain_since(&mut self, mark: usize, mut keeps: impl FnMut(&Diag) -> bool) {
        let mark = mark.min(self.kept.len());
        let left: Vec<Diag> = self.kept.drain(mark..).filter(|diag| keeps(diag)).collect();
        self.count = self.count.min(mark) + left.len();
        self.kept.extend(left);
    }

    /// Forgets the kept ones that `keeps` does not hold for.
    pub fn retain(&mut self, keeps: impl FnMut(&Diag) -> bool) {
        let before = self.kept.len();
        self.kept.retain(keeps);
        self.count -= before - self.kept.len();
    }

    /// The kept ones.
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
    fn what_is_too_much_is_only_counted() {
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
    fn what_was_added_since_a_mark_can_be_seen_and_forgotten() {
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
