//! What is not said: what follows from a text that could be read only in part, since the parser has told the cause, and what is more
//! than anybody reads.

use forge_base::{Code, Diag, Diags, FileId, Name, Span};
use forge_syntax::ast::Garbled;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::Source;

/// One text with parts that were not read as they stand.
struct Noisy<'a> {
    source: &'a Source,
    /// In order, none within another.
    spans: Vec<Span>,
    names: FxHashSet<Name>,
}

/// Drops the diagnostics whose place was garbled, and those about names that went with an unreadable item.
pub(crate) fn drop_noise(sources: &[Source], diags: &mut Vec<Diag>) {
    let noisy: FxHashMap<FileId, Noisy<'_>> = sources
        .iter()
        .filter(|source| source.ast.garbled != Garbled::default())
        .map(|source| (source.file, Noisy::new(source)))
        .collect();
    if !noisy.is_empty() {
        diags.retain(|diag| {
            let noisy = diag.span().and_then(|span| Some((noisy.get(&span.file)?, span)));
            noisy.is_none_or(|(noisy, span)| !noisy.explains(diag, span))
        });
    }
}

impl Noisy<'_> {
    fn new(source: &Source) -> Noisy<'_> {
        let garbled = &source.ast.garbled;
        let mut spans = garbled.spans.clone();
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut end = 0;
        spans.retain(|span| {
            let outer = span.end > end || end == 0;
            end = end.max(span.end);
            outer
        });
        Noisy { source, spans, names: garbled.names.iter().copied().collect() }
    }

    fn explains(&self, diag: &Diag, place: Span) -> bool {
        let before = self.spans.partition_point(|span| span.start <= place.start);
        let garbled = before.checked_sub(1).is_some_and(|last| place.end <= self.spans[last].end);
        garbled || matches!(diag.code, Code::UNKNOWN_NAME | Code::UNKNOWN_TYPE) && self.lost(place)
    }

    fn lost(&self, place: Span) -> bool {
        let text = self.source.text.get(place.range()).unwrap_or("");
        !self.names.is_empty() && self.names.contains(&Name::new(text.trim_matches('`')))
    }
}

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
