//! Names of other modules.

use forge_base::{Code, Diag, Name, suggest};
use forge_syntax::ast::{Ident, ImportBinds, ItemKind};

use crate::decl::ModuleDecls;

/// A private name that is used from another module.
pub(crate) fn private_name(target: &ModuleDecls, ident: Ident) -> Diag {
    let diag = Diag::error(Code::PRIVATE_NAME, format!("`{}` is private to `{}`", ident.name, target.source.path))
        .at(ident.span, "names with a leading `_` are private to their module");
    match target.name_spans.get(&ident.name) {
        Some(&span) => diag.label(span, "declared here"),
        None => diag,
    }
}

fn imports_name(target: &ModuleDecls, name: Name) -> bool {
    target.source.ast.items.iter().any(|item| match &item.kind {
        ItemKind::Import(import) => match &import.binds {
            ImportBinds::Module(alias) => alias.or(import.path.last().copied()).is_some_and(|ident| ident.name == name),
            ImportBinds::Names(names) => names.iter().any(|bound| bound.alias.unwrap_or(bound.name).name == name),
        },
        _ => false,
    })
}

/// A name that a module does not declare.
pub(crate) fn unknown_module_member(target: &ModuleDecls, ident: Ident) -> Diag {
    let module = target.source.id;
    let path = target.source.path;
    let diag = Diag::error(Code::UNKNOWN_IMPORT, format!("`{path}` has no `{}`", ident.name));
    if imports_name(target, ident.name) {
        return diag
            .at(ident.span, format!("`{path}` imports this name but does not declare it"))
            .help("import it from the module that declares it");
    }
    let own = target.scope.iter().filter(|(name, def)| def.module() == Some(module) && !name.is_private());
    let own = own.chain(&target.exports);
    match suggest::nearest(ident.name.as_str(), own.map(|(name, _)| name.as_str())) {
        Some(near) => {
            diag.at(ident.span, format!("did you mean `{near}`?")).fix(format!("write `{near}`"), ident.span, near)
        }
        None => diag.at(ident.span, "no such name in this module"),
    }
}
