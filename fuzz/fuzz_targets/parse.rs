//! Every input is parsed, all spans are inside it, and all diagnostics can be rendered.

#![no_main]

use forge_base::{FileId, Files, Span};
use forge_syntax::ast::{Expr, Item};
use forge_syntax::visit::{self, Visitor};
use libfuzzer_sys::fuzz_target;

struct Spans<'a>(&'a str);

impl Spans<'_> {
    fn check(&self, span: Span) {
        assert!(self.0.get(span.range()).is_some(), "{span:?} is outside the source or not on character boundaries");
    }
}

impl Visitor for Spans<'_> {
    fn visit_item(&mut self, item: &Item) {
        self.check(item.span);
        visit::walk_item(self, item);
    }
    fn visit_expr(&mut self, expr: &Expr) {
        self.check(expr.span);
        visit::walk_expr(self, expr);
    }
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut files = Files::default();
    let file: FileId = files.add("main.forge", text.as_ref());
    let parsed = forge_syntax::parse(file, &text);
    let mut spans = Spans(&text);
    visit::walk_module(&mut spans, &parsed.module);
    for diag in &parsed.diags {
        diag.primary.iter().chain(&diag.labels).for_each(|label| spans.check(label.span));
        diag.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| spans.check(edit.span));
    }
    let _ = forge_base::render::text(&files, &parsed.diags, forge_base::render::Color::Never);
});
