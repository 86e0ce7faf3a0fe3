//! Unused imports and unused private names.

use std::sync::Arc;

use forge_base::{Code, Diag, Name, Span, TextEdit};
use forge_syntax::ast::{Import, ImportBinds, ImportName, Item, ItemKind};
use rustc_hash::FxHashSet;

use crate::decl::{Decls, GlobalDecl, GlobalKind, ModuleDecls};
use crate::ids::{Def, GlobalId, ModuleId};
use crate::infer::module::CheckedModule;
use crate::reference::{Target, Uses};

pub(super) fn check(module: &ModuleDecls, uses: &Uses, diags: &mut Vec<Diag>) {
    for item in &module.source.ast.items {
        if let ItemKind::Import(import) = &item.kind {
            check_import(module, uses, item, import, diags);
        }
    }
    check_globals(module, uses, diags);
}

fn is_used(module: &ModuleDecls, uses: &Uses, name: forge_base::Name) -> bool {
    let is_broken = matches!(module.scope.get(&name), None | Some(Def::Error));
    is_broken || uses.names.contains(&name) || module.uses.names.contains(&name)
}

fn check_import(module: &ModuleDecls, uses: &Uses, item: &Item, import: &Import, diags: &mut Vec<Diag>) {
    match &import.binds {
        ImportBinds::Module(alias) => {
            let Some(ident) = alias.or(import.path.last().copied()) else { return };
            if !is_used(module, uses, ident.name) {
                diags.push(
                    unused(ident.name.as_str(), item.span)
                        .multipart_fix("remove the import", vec![remove_line(module, item.span)]),
                );
            }
        }
        ImportBinds::Names(names) => {
            let is_unused = |name: &&ImportName| !is_used(module, uses, name.alias.unwrap_or(name.name).name);
            let count = names.iter().filter(is_unused).count();
            for (index, name) in names.iter().enumerate().filter(|(_, name)| is_unused(name)) {
                let ident = name.alias.unwrap_or(name.name);
                let edit = match count == names.len() {
                    true => remove_line(module, item.span),
                    false => TextEdit { span: with_separator(names, index), text: String::new() },
                };
                diags.push(
                    unused(ident.name.as_str(), name.name.span.to(ident.span))
                        .multipart_fix("remove the import", vec![edit]),
                );
            }
        }
    }
}

fn unused(name: &str, span: Span) -> Diag {
    Diag::warning(Code::UNUSED_IMPORT, format!("`{name}` is imported but never used"))
        .at(span, "nothing in this module uses it")
        .unnecessary()
}

/// A name between braces, with the comma and whitespace that separate it from its neighbor.
fn with_separator(names: &[ImportName], index: usize) -> Span {
    let span_of = |name: &ImportName| name.name.span.to(name.alias.unwrap_or(name.name).span);
    let own = span_of(&names[index]);
    match (index.checked_sub(1).and_then(|before| names.get(before)), names.get(index + 1)) {
        (_, Some(next)) => Span { end: span_of(next).start, ..own },
        (Some(before), None) => Span { start: span_of(before).end, ..own },
        (None, None) => own,
    }
}

/// Removes an item and the following line break.
fn remove_line(module: &ModuleDecls, span: Span) -> TextEdit {
    let rest = module.source.text.get(span.end as usize..).unwrap_or("");
    let more = if rest.starts_with("\r\n") { 2 } else { u32::from(rest.starts_with('\n')) };
    TextEdit { span: Span { end: span.end + more, ..span }, text: String::new() }
}

/// The `let`s that are not private and that no module of the build reads, by module. Only those that emit something or have inputs
/// count, as a library's `let`s are for others, and only if no other module of the package imports them.
pub(super) fn unused_lets(decls: &Decls, built: &[CheckedModule]) -> Vec<(ModuleId, Vec<Diag>)> {
    let candidates = |module: &ModuleDecls| {
        let is_end = module.globals.iter().any(|global| global.kind != GlobalKind::Let && !global.name.is_private());
        is_end && module.source.is_written_here() && !module.source.has_syntax_errors && !module.has_errors
    };
    let modules: Vec<&ModuleDecls> = built
        .iter()
        .filter(|built| !built.diags.iter().any(Diag::is_error))
        .map(|built| decls.module(built.code.id))
        .filter(|module| candidates(module) && module.globals.iter().any(is_public_let))
        .collect();
    if modules.is_empty() {
        return Vec::new();
    }
    let declared = decls.modules.iter().flatten().flat_map(|module| &module.uses.targets);
    let targets = declared.chain(built.iter().flat_map(|built| &built.uses.targets));
    let used: FxHashSet<GlobalId> = targets.filter_map(|(_, target)| global_of(target)).collect();
    let found = modules.into_iter().map(|module| {
        let id = module.source.id;
        let unused = (0..).zip(&module.globals).filter(|(index, global)| {
            let is_used = used.contains(&GlobalId { module: id, index: *index });
            is_public_let(global) && !is_used && !is_meant_in_a_string(module, global.name)
        });
        (id, unused.map(|(_, global)| unused_let(module, global)).collect::<Vec<Diag>>())
    });
    let is_imported = |id| decls.exports.as_deref().is_none_or(|exports| exports.may_be_imported(id));
    found.filter(|(id, diags)| !diags.is_empty() && !is_imported(*id)).collect()
}

fn is_public_let(global: &Arc<GlobalDecl>) -> bool {
    global.kind == GlobalKind::Let && !global.name.is_private() && !global.name.as_str().starts_with('(')
}

/// Whether a string contains `${name`, which is reported on its own.
pub(super) fn is_meant_in_a_string(module: &ModuleDecls, name: Name) -> bool {
    module.source.text.contains(&format!("${{{name}"))
}

fn global_of(target: &Target) -> Option<GlobalId> {
    match target {
        Target::Def(Def::Global(id)) => Some(*id),
        _ => None,
    }
}

fn unused_let(module: &ModuleDecls, global: &GlobalDecl) -> Diag {
    let item = module.source.ast.items[global.item].span;
    Diag::warning(Code::UNUSED_LET, format!("`{}` is never used", global.name))
        .at(global.span, "a `let` is not written, and nothing reads it")
        .unnecessary()
        .maybe_multipart_fix("remove it", vec![remove_line(module, item)])
}

/// Unused private fields and `let`s. Others may be used by other modules.
fn check_globals(module: &ModuleDecls, uses: &Uses, diags: &mut Vec<Diag>) {
    let targets = module.uses.targets.iter().chain(&uses.targets);
    let used: FxHashSet<GlobalId> = targets.filter_map(|(_, target)| global_of(target)).collect();
    for (index, global) in module.globals.iter().enumerate().filter(|(_, global)| global.name.is_private()) {
        let id = GlobalId { module: module.source.id, index: index as u32 };
        if !used.contains(&id) {
            let item = module.source.ast.items[global.item].span;
            diags.push(
                Diag::warning(Code::UNUSED_LET, format!("`{}` is never used", global.name))
                    .at(global.span, "private to this module")
                    .unnecessary()
                    .maybe_multipart_fix("remove it", vec![remove_line(module, item)]),
            );
        }
    }
}
