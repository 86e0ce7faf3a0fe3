//! How many diagnostics are kept.

use forge_base::{Diag, Diags};

/// Adds a diagnostic unless there are very many: of all [`Diags::MAX`], of errors that come later as many again, so that warnings never
/// crowd out the error that stops an evaluation.
pub(crate) fn keep(diags: &mut Vec<Diag>, diag: Diag) {
    if diags.len() < Diags::MAX || diag.is_error() && !is_full(diags) {
        diags.push(diag);
    }
}

/// Whether [`keep`] has kept so many errors that the rest of the module need not be looked at.
pub(crate) fn is_full(diags: &[Diag]) -> bool {
    diags.len() >= 2 * Diags::MAX
}

#[cfg(test)]
mod tests {
    use forge_base::Code;

    use super::*;

    #[test]
    fn warnings_do_not_crowd_out_errors_and_neither_grows_without_bound() {
        let mut diags = Vec::new();
        for _ in 0..Diags::MAX + 5 {
            keep(&mut diags, Diag::warning(Code::MISMATCH, "odd"));
        }
        assert_eq!((diags.len(), is_full(&diags)), (Diags::MAX, false));
        for _ in 0..Diags::MAX + 5 {
            keep(&mut diags, Diag::error(Code::MISMATCH, "wrong"));
        }
        assert_eq!(diags.len(), 2 * Diags::MAX);
        assert!(is_full(&diags) && diags[Diags::MAX].is_error());
    }
}
