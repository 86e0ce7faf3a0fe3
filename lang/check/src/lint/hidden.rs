//! Names that hide a built-in type or a name of the prelude.

use forge_base::{Code, Diag, Name, Span};

use crate::decl::{Decls, ModuleDecls};
use crate::ids::Def;
use crate::resolve_type::is_built_in;

pub(super) fn check(decls: &Decls, module: &ModuleDecls, diags: &mut Vec<Diag>) {
    if !module.source.is_written_here() {
        return;
    }
    let hides = |name: Name| is_built_in(name.as_str()) || decls.prelude.names.contains_key(&name);
    let mut found: Vec<(Name, Span)> = module.name_spans.iter().map(|(name, span)| (*name, *span)).collect();
    found.retain(|(name, _)| hides(*name) && matches!(module.scope.get(name), Some(Def::Schema(_) | Def::Alias(_))));
    found.sort_by_key(|(_, span)| span.start);
    diags.extend(found.into_iter().map(|(name, span)| hidden(decls, module, name, span)));
}

fn hidden(decls: &Decls, module: &ModuleDecls, name: Name, span: Span) -> Diag {
    let what = if is_built_in(name.as_str()) { "built-in type" } else { "type of the prelude" };
    let owner = module.scope.get(&name).and_then(|def| def.module()).filter(|owner| *owner != module.source.id);
    let diag = Diag::warning(Code::HIDDEN_NAME, format!("`{name}` hides the {what} `{name}`"));
    match owner {
        Some(owner) => diag
            .at(span, format!("here it is the one of `{}`", decls.module(owner).source.path))
            .help(format!("import it under another name, with `as`; the {what} is `std.{name}` in this module")),
        None => diag
            .at(span, "declared here")
            .help(format!("choose another name; the {what} is `std.{name}` in this module")),
    }
}
