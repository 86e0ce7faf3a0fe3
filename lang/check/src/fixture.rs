//! Small programs for tests: modules whose declarations are collected, without checking bodies.

use forge_base::{Diag, Files, Name};
use forge_syntax::ast::ItemKind;

use crate::collect::collect;
use crate::decl::Decls;
use crate::resolve_type::{TypeSink, resolve};
use crate::ty::Ty;
use crate::{ImportTarget, ModuleId, NameTarget, RefineScope, Source, SourcePackage};

#[path = "../tests/it/fixture/sources.rs"]
mod sources;

/// Modules, their declarations and diagnostics.
pub(crate) struct Fixture {
    pub(crate) files: Files,
    pub(crate) sources: Vec<Source>,
    pub(crate) decls: Decls,
    pub(crate) diags: Vec<Diag>,
}

/// Declares modules, each a dotted path and a source, which must parse.
pub(crate) fn modules(texts: &[(&str, &str)]) -> Fixture {
    let mut files = Files::default();
    let (sources, syntax) = sources::sources(&mut files, texts);
    assert_eq!(syntax, [], "the sources parse");
    let mut diags = Vec::new();
    let decls = collect(&sources, &mut diags);
    Fixture { files, sources, decls, diags }
}

/// Declares one module named `main`.
pub(crate) fn module(text: &str) -> Fixture {
    modules(&[("main", text)])
}

impl Fixture {
    /// The diagnostics, each as `location code headline: label`.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.show(&self.diags)
    }

    /// Diagnostics in the same form.
    pub(crate) fn show(&self, diags: &[Diag]) -> Vec<String> {
        diags
            .iter()
            .map(|diag| {
                let label = diag.primary.as_ref().map_or("", |label| &label.text);
                let place = diag.span().map_or_else(String::new, |span| self.files.location(span));
                let place = place.replace(".forge", "");
                format!("{place} {} {}: {label}", diag.code, diag.headline)
            })
            .collect()
    }

    /// The type that `text` denotes in the first module.
    pub(crate) fn ty(&self, text: &str) -> Ty {
        let text = format!("type It = {text}");
        let parsed = forge_syntax::parse(self.sources[0].file, &text);
        assert_eq!(parsed.diags, [], "{text} does not parse");
        let ItemKind::Type(decl) = &parsed.module.items[0].kind else { panic!("{text} is a type") };
        let mut diags = Vec::new();
        let ty = resolve(
            &self.decls,
            self.sources[0].id,
            &[crate::decl::GenericDecl { name: Name::new("T"), bound: None }],
            &decl.ty,
            &mut TypeSink::new(RefineScope::Test(0), 0),
            &mut diags,
        );
        assert_eq!(diags, [], "{text} is a good type");
        ty
    }
}
