//! The checks of a schema, with their conditions and loops.
//!
//! Items of a schema that change fields and items that check may be under one `if`. The body is elaborated first and reports what is
//! wrong with conditions and `let`s; the checks are elaborated after it and then only report what is wrong with themselves. A `for`
//! that contains only checks belongs to the checks alone.

use forge_base::{AnyCode, Name, Severity, Span};
use forge_syntax::ast::{self, ExprKind, Item, ItemKind};

use super::cx::InferCx;
use crate::hir::{self, CheckItem};
use crate::ty::Ty;

/// Who reports the diagnostics of conditions and `let`s around checks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reporter {
    /// They were reported with the body.
    Body,
    Checks,
}

impl<'a> InferCx<'a> {
    /// The checks among the items of a schema.
    pub(super) fn check_items(&mut self, items: &'a [Item], out: &mut Vec<CheckItem>) {
        self.checks_in(items, Reporter::Body, out);
    }

    fn checks_in(&mut self, items: &'a [Item], reporter: Reporter, out: &mut Vec<CheckItem>) {
        for item in items {
            match &item.kind {
                ItemKind::Check(check) => out.push(CheckItem::Check(self.assertion(check, item.span, Severity::Error))),
                ItemKind::Warn(check) => {
                    out.push(CheckItem::Check(self.assertion(check, item.span, Severity::Warning)))
                }
                ItemKind::If(branch) if has_checks(item) => out.push(self.checks_under(branch, reporter)),
                ItemKind::For(walk) if only_checks(&walk.body.items) => out.push(self.checks_for_each(walk)),
                _ => {}
            }
        }
    }

    /// `if cond { … } else { … }` with checks.
    fn checks_under(&mut self, branch: &'a ast::IfItem, reporter: Reporter) -> CheckItem {
        let before = self.out.checkpoint();
        let (cond, narrowings) = self.infer_condition(&branch.cond, "the condition of an `if` must be a `Bool`");
        if reporter == Reporter::Body {
            self.out.rollback(before);
        }
        let then = self.scoped(|cx| {
            cx.assume(&narrowings.if_true);
            cx.checks_of_branch(&branch.then.items, reporter)
        });
        let otherwise = branch.otherwise.as_ref().map(|body| {
            self.scoped(|cx| {
                cx.assume(&narrowings.if_false);
                cx.checks_of_branch(&body.items, reporter)
            })
        });
        CheckItem::If { cond, then, otherwise: otherwise.unwrap_or_default() }
    }

    fn checks_of_branch(&mut self, items: &'a [Item], reporter: Reporter) -> Vec<CheckItem> {
        let mut checks = Vec::new();
        let first = self.locals.len();
        match reporter {
            Reporter::Body => self.borrow_lets(items),
            Reporter::Checks => self.declare_lets(items),
        }
        self.checks_in(items, reporter, &mut checks);
        self.finish_lets(first);
        checks
    }

    /// `for … in … { … }` with nothing but checks.
    fn checks_for_each(&mut self, walk: &'a ast::ForItem) -> CheckItem {
        let (head, (items, lets)) = self.for_loop(&walk.head, |cx| {
            let items = cx.checks_of_branch(&walk.body.items, Reporter::Checks);
            (items, std::mem::take(&mut cx.frame().lets))
        });
        CheckItem::For { head: Box::new(head), lets, items }
    }

    /// `check`, `warn` or `assert`.
    pub(super) fn assertion(&mut self, check: &'a ast::CheckItem, span: Span, severity: Severity) -> hir::Check {
        let (cond, narrowings) = self.infer_condition(&check.cond, "the condition of a check must be a `Bool`");
        let (message, at) = self.scoped(|cx| {
            cx.assume(&narrowings.if_false);
            let message = check.message.as_ref();
            let message = message.map(|message| cx.check_required(message, Ty::Str, "the message must be a `String`"));
            (message, check.arg("at").map(|at| cx.infer(at).0))
        });
        let code = check.arg("code").and_then(|code| self.check_code(code));
        hir::Check { cond, message, at, code, severity, span }
    }

    fn check_code(&mut self, code: &ast::Expr) -> Option<Name> {
        let text = match &code.kind {
            ExprKind::Str(text) => text.plain(),
            ExprKind::Error => return None,
            _ => None,
        };
        match text.map(AnyCode::parse) {
            Some(Some(AnyCode::Check(name))) => return Some(name),
            Some(Some(AnyCode::BuiltIn(_))) => self.report(crate::diagnostics::reserved_code(code.span)),
            _ => self.report(crate::diagnostics::invalid_code(code.span)),
        }
        None
    }
}

/// Whether an item is a check or has one inside.
fn has_checks(item: &Item) -> bool {
    match &item.kind {
        ItemKind::Check(_) | ItemKind::Warn(_) => true,
        ItemKind::If(branch) => {
            branch.then.items.iter().chain(branch.otherwise.iter().flat_map(|body| &body.items)).any(has_checks)
        }
        ItemKind::For(walk) => walk.body.items.iter().any(has_checks),
        _ => false,
    }
}

/// Whether items check something and change nothing.
pub(super) fn only_checks(items: &[Item]) -> bool {
    let changes_nothing = |item: &Item| match &item.kind {
        ItemKind::Check(_) | ItemKind::Warn(_) | ItemKind::Let(_) | ItemKind::Error { .. } => true,
        ItemKind::If(branch) => {
            let otherwise = branch.otherwise.as_ref().is_none_or(|body| only_checks(&body.items));
            only_checks(&branch.then.items) && otherwise
        }
        ItemKind::For(walk) => only_checks(&walk.body.items),
        _ => false,
    };
    items.iter().any(has_checks) && items.iter().all(changes_nothing)
}
