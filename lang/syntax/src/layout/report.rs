//! What is reported about brackets that do not match.

use forge_base::{Code, Diag, Span};

use super::{Layout, MAX_REPORTS};
use crate::bracket::{closer, sign, slot};
use crate::layout::TreeToken;
use crate::token::Token;

impl Layout<'_> {
    /// Whether a string without an end holds the bracket that closes `open`.
    pub(super) fn is_swallowed(&mut self, open: TreeToken) -> bool {
        let string = std::mem::take(&mut self.swallowed);
        (open.start as usize) < string.start && self.text[string].contains(sign(closer(open.kind)))
    }

    /// One diagnostic for all brackets that were closed at one offset; the first of them is the innermost.
    pub(super) fn report_unclosed(&mut self, closed: &[(usize, u32)]) {
        let Some(&(entry, at)) = closed.first() else { return };
        let open = self.tree[entry];
        if self.is_swallowed(open) {
            return;
        }
        self.reports += 1;
        if self.reports > MAX_REPORTS {
            return;
        }
        let (ours, matching) = (sign(open.kind), sign(closer(open.kind)));
        let mut diag = Diag::error(Code::UNCLOSED, format!("`{ours}` is never closed"))
            .at(Span::new(self.file, open.start as usize, open.end as usize), "opened here")
            .label(
                Span::new(self.file, at as usize, at as usize),
                format!("taken to end here: no `{matching}` follows"),
            );
        if closed.len() > 1 {
            let (count, verb) = if closed.len() == 2 { ("1 more bracket", "is") } else { ("more brackets", "are") };
            diag = diag.note(format!("{count} around it {verb} open as well"));
        } else {
            diag = diag.maybe_fix(
                format!("close it with `{matching}`"),
                Span::new(self.file, at as usize, at as usize),
                matching,
            );
        }
        self.diags.push(diag);
    }

    /// `[1, 2}`: another bracket closes what was opened on this line. Reported; true if it is so.
    pub(super) fn closes_wrongly(&mut self, token: Token) -> bool {
        let Some(open) = self.stack.last().filter(|open| slot(open.kind).is_some()) else { return false };
        let open = self.tree[open.entry];
        let inside = &self.text[open.end as usize..token.start as usize];
        if self.owed > 0 || inside.contains('\n') {
            return false;
        }
        self.reports += 1;
        if self.reports <= MAX_REPORTS {
            let span = Span::new(self.file, token.start as usize, token.end as usize);
            let (ours, matching) = (token.text(self.text), sign(closer(open.kind)));
            let diag = Diag::error(Code::UNCLOSED, format!("`{ours}` does not close `{}`", sign(open.kind)))
                .at(span, format!("`{matching}` is needed here"))
                .label(Span::new(self.file, open.start as usize, open.end as usize), "opened here");
            self.diags.push(diag.maybe_fix(format!("write `{matching}`"), span, matching));
        }
        true
    }

    pub(super) fn report_stray(&mut self, token: Token) {
        if self.owed > 0 {
            self.owed -= 1;
            return;
        }
        self.reports += 1;
        if self.reports > MAX_REPORTS {
            return;
        }
        let span = Span::new(self.file, token.start as usize, token.end as usize);
        let ours = token.text(self.text);
        let diag = Diag::error(Code::UNCLOSED, format!("`{ours}` closes nothing"))
            .at(span, "no such bracket is open here")
            .maybe_fix("remove it", span, "");
        self.diags.push(diag);
    }
}
