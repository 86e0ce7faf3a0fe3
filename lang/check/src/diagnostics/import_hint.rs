//! How a name is imported that is not in scope.

use forge_base::{Diag, Name, Span, TextEdit};
use forge_syntax::ast::{ImportBinds, Item, ItemKind};

use super::list;
use crate::decl::{Decls, ModuleDecls};
use crate::exports::Exporter;
use crate::ids::Def;

/// At most this many modules get a fix.
const MAX_FIXES: usize = 4;

/// Adds to the message about the unknown `name` at `span` how it is imported: as a certain fix if only one module exports it.
pub(crate) fn with_imports(
    diag: Diag,
    decls: &Decls,
    module: &ModuleDecls,
    (name, span): (Name, Span),
    exporters: &[Exporter],
) -> Diag {
    let diag = diag.at(span, "not imported");
    let mut diag = match exporters {
        [_] => diag,
        _ => {
            let paths: Vec<&str> = exporters.iter().map(|exporter| exporter.path.as_str()).collect();
            diag.note(format!("it is exported by {}", list(&paths)))
        }
    };
    for exporter in exporters.iter().take(MAX_FIXES) {
        let path = exporter.path.as_str();
        let (title, edit) = match imported_as(decls, module, path) {
            Some(alias) => (format!("write `{alias}.{name}`"), TextEdit { span, text: format!("{alias}.{name}") }),
            None => (format!("write `import {path}.{{{name}}}`"), import_of_name(module, path, name)),
        };
        diag = match exporters.len() {
            1 => diag.multipart_fix(title, vec![edit]),
            _ => diag.maybe_multipart_fix(title, vec![edit]),
        };
    }
    diag
}

/// Adds how the modules are imported of which `name` is the last part.
pub(crate) fn with_module_imports(diag: Diag, module: &ModuleDecls, span: Span, paths: &[String]) -> Diag {
    let diag = diag.at(span, "this module is not imported");
    let add = |diag: Diag, path: &String| {
        let edits = vec![import_line(module, &format!("import {path}"))];
        let title = format!("write `import {path}`");
        if paths.len() == 1 { diag.multipart_fix(title, edits) } else { diag.maybe_multipart_fix(title, edits) }
    };
    paths.iter().take(MAX_FIXES).fold(diag, add)
}

/// Adds how `path`, which is written out at `span`, is imported.
pub(crate) fn with_qualified_import(diag: Diag, module: &ModuleDecls, span: Span, path: &str) -> Diag {
    let last = path.rsplit('.').next().unwrap_or(path);
    let edits = vec![import_line(module, &format!("import {path}")), TextEdit { span, text: last.to_owned() }];
    diag.help(format!("`import {path}`, then `{last}`"))
        .multipart_fix(format!("write `import {path}`, and `{last}` here"), edits)
}

/// The name under which a module imports another as a whole.
fn imported_as(decls: &Decls, module: &ModuleDecls, path: &str) -> Option<Name> {
    let is_it = |def: &Def| match def {
        Def::Module(id) => decls.module(*id).source.path.as_str() == path,
        _ => false,
    };
    module.scope.iter().find(|(_, def)| is_it(def)).map(|(name, _)| *name)
}

/// The edit that imports one name: into the braces of an import of this module, otherwise a line of its own.
fn import_of_name(module: &ModuleDecls, path: &str, name: Name) -> TextEdit {
    let braces = module.source.ast.items.iter().find_map(|item| match &item.kind {
        ItemKind::Import(import) if import.dots == 0 => {
            let parts: Vec<&str> = import.path.iter().map(|part| part.name.as_str()).collect();
            let ImportBinds::Names(names) = &import.binds else { return None };
            let last = names.last().filter(|_| parts.join(".") == path)?;
            Some(last.alias.unwrap_or(last.name).span.at_end())
        }
        _ => None,
    });
    match braces {
        Some(span) => TextEdit { span, text: format!(", {name}") },
        None => import_line(module, &format!("import {path}.{{{name}}}")),
    }
}

/// The edit that adds a line after the last import, or before the first item.
fn import_line(module: &ModuleDecls, text: &str) -> TextEdit {
    let items = &module.source.ast.items;
    let is_import = |item: &&Item| matches!(item.kind, ItemKind::Import(_));
    if let Some(last) = items.iter().rfind(is_import) {
        return TextEdit { span: last.span.at_end(), text: format!("\n{text}") };
    }
    let start = items.first().map_or(module.source.ast.span.at_start(), |first| {
        first.doc.as_ref().map_or(first.span, |doc| doc.span).at_start()
    });
    TextEdit { span: start, text: format!("{text}\n\n") }
}
