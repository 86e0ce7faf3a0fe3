//! Lints: warnings about code without effect, or with a surprising effect.
//!
//! Each resolved name is recorded in [`Uses`]; what is never recorded is unused. Lints are never errors, and unused
//! names are only reported in modules without errors, where all uses are recorded.

mod annotation;
mod hidden;
mod local;
#[cfg(test)]
mod tests;
mod unused;

use forge_base::{AnyCode, Diag, Severity, Span};
use forge_syntax::ast;
use forge_syntax::visit::{self, Visitor};

use crate::annotations::read_annotations;
use crate::decl::Decls;
use crate::ids::ModuleId;
use crate::infer::module::CheckedModule;
use crate::reference::Uses;

/// Warns about uses of deprecated, unavailable or internal declarations. `uses` holds the uses in bodies; uses in
/// declarations are part of `decls`.
pub(crate) fn lint_uses(decls: &Decls, module: ModuleId, uses: &Uses, diags: &mut Vec<Diag>) {
    let mut found = Vec::new();
    annotation::check(decls, decls.module(module), uses, &mut found);
    hidden::check(decls, decls.module(module), &mut found);
    waive(decls.ast(module), &mut found);
    diags.append(&mut found);
}

/// Warns about unused and shadowed names, and adds the lints `found` while checking. Only for modules without
/// errors.
pub(crate) fn lint_names(decls: &Decls, module: ModuleId, uses: &Uses, mut found: Vec<Diag>, diags: &mut Vec<Diag>) {
    unused::check(decls.module(module), uses, &mut found);
    local::check(decls, decls.module(module), uses, &mut found);
    found.sort_by_key(|diag| diag.span().map(|span| span.start));
    waive(decls.ast(module), &mut found);
    diags.append(&mut found);
}

/// Drops the warnings of the checker that an `@allow` on the enclosing item suppresses, and no errors.
pub(crate) fn waive_warnings(tree: &ast::Module, diags: &mut Vec<Diag>) {
    let mut warnings: Vec<Diag> = diags.extract_if(.., |diag| diag.severity == Severity::Warning).collect();
    waive(tree, &mut warnings);
    diags.append(&mut warnings);
}

/// Warns about `let`s of modules that no module reads; `built` are all modules of the build.
pub(crate) fn lint_lets(decls: &Decls, built: &[CheckedModule], diags: &mut Vec<Diag>) {
    for (module, mut found) in unused::unused_lets(decls, built) {
        waive(decls.ast(module), &mut found);
        diags.append(&mut found);
    }
}

/// Drops the warnings that an `@allow` on the enclosing item suppresses.
fn waive(tree: &ast::Module, diags: &mut Vec<Diag>) {
    if diags.is_empty() {
        return;
    }
    let waived = collect_waived(tree);
    diags.retain(|diag| {
        let span = diag.span();
        !waived.iter().any(|(around, code)| *code == diag.any_code() && span.is_some_and(|span| around.contains(span)))
    });
}

/// The codes that `@allow` suppresses in a module, each with the span of the item that it precedes.
pub fn collect_waived(tree: &ast::Module) -> Vec<(Span, AnyCode)> {
    let mut visitor = WaiverVisitor::default();
    visit::walk_module(&mut visitor, tree);
    visitor.waived
}

#[derive(Default)]
struct WaiverVisitor {
    waived: Vec<(Span, AnyCode)>,
}

impl Visitor for WaiverVisitor {
    fn visit_item(&mut self, item: &ast::Item) {
        if !item.annotations.is_empty() {
            // Invalid annotations are reported where the item is declared.
            let annotations = read_annotations(&item.annotations, &mut Vec::new());
            self.waived.extend(annotations.allowed.into_iter().map(|code| (item.span, code)));
        }
        visit::walk_item(self, item);
    }
}
