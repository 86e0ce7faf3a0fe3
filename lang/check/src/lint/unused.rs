//! Unused imports and unused private names.

use forge_base::{Code, Diag, Span, TextEdit};
use forge_syntax::ast::{Import, ImportBinds, ImportName, Item, ItemKind};
use rustc_hash::FxHashSet;

use crate::decl::ModuleDecls;
use crate::ids::{Def, GlobalId};
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

/// Unused private fields and `let`s. Others may be used by other modules.
fn check_globals(module: &ModuleDecls, uses: &Uses, diags: &mut Vec<Diag>) {
    let targets = module.uses.targets.iter().chain(&uses.targets);
    let used: FxHashSet<GlobalId> = targets
        .filter_map(|(_, target)| match target {
            Target::Def(Def::Global(id)) => Some(*id),
            _ => None,
        })
        .collect();
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
