//! Small programs for tests: modules from text, imports found by path.

use std::sync::Arc;

use forge_base::{Diag, Files, Name};
use forge_syntax::ast::{self, ImportBinds, ItemKind};

use crate::collect::collect;
use crate::decl::Decls;
use crate::resolve_type::{RefineSink, resolve};
use crate::ty::Ty;
use crate::{ImportTarget, ModuleId, NameTarget, Source};

/// Modules with what was found in their declarations.
pub(crate) struct Fixture {
    pub(crate) files: Files,
    pub(crate) sources: Vec<Source>,
    pub(crate) decls: Decls,
    pub(crate) diags: Vec<Diag>,
}

/// Declares modules, each a dotted path and a text. The text must parse.
pub(crate) fn modules(texts: &[(&str, &str)]) -> Fixture {
    let mut files = Files::default();
    let mut sources: Vec<Source> =
        texts.iter().enumerate().map(|(at, (path, text))| source(&mut files, at, path, text)).collect();
    let paths: Vec<&str> = texts.iter().map(|(path, _)| *path).collect();
    for source in &mut sources {
        source.imports = imports(&source.ast, &paths);
    }
    let mut diags = Vec::new();
    let decls = collect(&sources, &mut diags);
    Fixture { files, sources, decls, diags }
}

/// Declares one module named `main`.
pub(crate) fn module(text: &str) -> Fixture {
    modules(&[("main", text)])
}

fn source(files: &mut Files, at: usize, path: &str, text: &str) -> Source {
    let file = files.add(format!("{path}.forge"), text);
    let parsed = forge_syntax::parse(file, text);
    assert_eq!(parsed.diags, [], "{path} does not parse");
    Source {
        id: ModuleId(at as u32),
        path: Name::new(path),
        file,
        text: Arc::from(text),
        ast: Arc::new(parsed.module),
        has_syntax_errors: false,
        imports: Vec::new(),
        is_std: path.starts_with("std."),
    }
}

fn imports(tree: &ast::Module, paths: &[&str]) -> Vec<ImportTarget> {
    let find = |path: &str| paths.iter().position(|other| *other == path).map(|at| ModuleId(at as u32));
    let mut imports = Vec::new();
    for item in &tree.items {
        let ItemKind::Import(import) = &item.kind else { continue };
        let path = import.path.iter().map(|ident| ident.name.as_str()).collect::<Vec<_>>().join(".");
        imports.push(match &import.binds {
            ImportBinds::Module(_) => find(&path).map_or(ImportTarget::Unresolved, ImportTarget::Module),
            ImportBinds::Names(names) => {
                let target = |name: &ast::ImportName| match (find(&format!("{path}.{}", name.name.name)), find(&path)) {
                    (Some(module), _) => NameTarget::Module(module),
                    (None, Some(module)) => NameTarget::Member(module),
                    (None, None) => NameTarget::Unresolved,
                };
                ImportTarget::Names(names.iter().map(target).collect())
            }
        });
    }
    imports
}

impl Fixture {
    /// The diagnostics, each as `place code headline: label`.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.show(&self.diags)
    }

    /// Diagnostics in the same form.
    pub(crate) fn show(&self, diags: &[Diag]) -> Vec<String> {
        diags
            .iter()
            .map(|diag| {
                let label = diag.primary.as_ref().map_or("", |label| &label.text);
                let place = diag.span().map_or_else(String::new, |span| self.files.place(span));
                let place = place.replace(".forge", "");
                format!("{place} {} {}: {label}", diag.code, diag.headline)
            })
            .collect()
    }

    /// The type that a text means in the first module.
    pub(crate) fn ty(&self, text: &str) -> Ty {
        let text = format!("type It = {text}");
        let parsed = forge_syntax::parse(self.sources[0].file, &text);
        assert_eq!(parsed.diags, [], "{text} does not parse");
        let ItemKind::Type(decl) = &parsed.module.items[0].kind else { panic!("{text} is a type") };
        let mut diags = Vec::new();
        let ty = resolve(
            &self.decls,
            self.sources[0].id,
            &[Name::new("T")],
            &decl.ty,
            &mut RefineSink::new(1000),
            &mut diags,
        );
        assert_eq!(diags, [], "{text} is a good type");
        ty
    }
}
