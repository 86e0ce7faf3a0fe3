//! Adds imported names to scopes, and builds the prelude.

use forge_base::{Code, Diag, Name, Span};
use forge_syntax::ast::{Ident, Import, ImportBinds, ImportName, ItemKind};

use super::each_module;
use crate::decl::{Decls, ModuleDecls, Prelude};
use crate::diagnostics::{private_name, unknown_module_member};
use crate::ids::{Def, FnId, ModuleId};
use crate::source::{ImportTarget, NameTarget};

/// The module whose names are in scope everywhere.
const PRELUDE: &str = "std.prelude";

/// Completes all scopes. Modules may import each other, since only declared names are looked up.
pub(super) fn import_all(decls: &mut Decls, diags: &mut Vec<Diag>) {
    decls.prelude = prelude(decls);
    resolve_exports(decls);
    let bound = each_module(decls, |module| {
        let mut cx = ImportBinder { decls, module, bound: Vec::new(), diags: Vec::new() };
        cx.run(|_| true);
        (cx.bound, cx.diags)
    });
    for (id, (bound, mut found)) in bound {
        diags.append(&mut found);
        if let Some(module) = &mut decls.modules[id.0 as usize] {
            bind_all(module, bound, diags);
        }
    }
}

/// Finds what modules export of other modules, which may themselves export it. Errors are reported when the names are bound.
fn resolve_exports(decls: &mut Decls) {
    let exporting: Vec<ModuleId> = decls
        .modules
        .iter()
        .flatten()
        .filter(|module| module.source.ast.items.iter().any(|item| matches!(item.kind, ItemKind::Export(_))))
        .map(|module| module.source.id)
        .collect();
    // Each round resolves at least one more step of a chain of exports.
    for _ in &exporting {
        for &id in &exporting {
            let module = decls.module(id);
            let mut cx = ImportBinder { decls, module, bound: Vec::new(), diags: Vec::new() };
            cx.run(|item| matches!(item, ItemKind::Export(_)));
            let bound = cx.bound;
            if let Some(module) = &mut decls.modules[id.0 as usize] {
                module.exports.extend(bound.into_iter().map(|(ident, def)| (ident.name, def)));
            }
        }
    }
}

fn bind_all(module: &mut ModuleDecls, bound: Vec<(Ident, Def)>, diags: &mut Vec<Diag>) {
    for (ident, def) in bound {
        match module.name_spans.get(&ident.name) {
            Some(&other) => diags.push(duplicate_import(ident, def, other, module.scope.get(&ident.name))),
            None => {
                module.name_spans.insert(ident.name, ident.span);
                module.scope.insert(ident.name, def);
            }
        }
    }
}

/// An import of a name that is already in scope.
fn duplicate_import(ident: Ident, def: Def, other: Span, there: Option<&Def>) -> Diag {
    let headline = match there {
        Some(there) if *there == def => format!("`{}` is imported twice", ident.name),
        _ => format!("`{}` is declared twice", ident.name),
    };
    let (first, second) = if other.start < ident.span.start { (other, ident.span) } else { (ident.span, other) };
    let again = if second == ident.span { "imported again here" } else { "declared again here" };
    Diag::error(Code::DUPLICATE_NAME, headline)
        .at(second, again)
        .label(first, "first bound here")
        .help("rename one of them with `as`")
}

/// The prelude, from the names that its modules declare.
fn prelude(decls: &Decls) -> Prelude {
    let mut prelude = Prelude::default();
    for module in decls.modules.iter().flatten() {
        let path = module.source.path.as_str();
        prelude.is_incomplete |= path.starts_with(PRELUDE) && module.source.has_syntax_errors;
        if path == PRELUDE {
            let public = module.scope.iter().filter(|(name, _)| !name.is_private());
            prelude.names.extend(public.map(|(&name, &def)| (name, def)));
        } else if let Some(ty) = path.strip_prefix(PRELUDE).and_then(|rest| rest.strip_prefix('.')) {
            let ty = Name::new(ty);
            for (index, function) in module.fns.iter().enumerate().filter(|(_, function)| function.schema.is_none()) {
                let id = FnId { module: module.source.id, index: index as u32 };
                prelude.methods.insert((ty, function.name), id);
            }
        }
    }
    prelude
}

struct ImportBinder<'a> {
    decls: &'a Decls,
    module: &'a ModuleDecls,
    bound: Vec<(Ident, Def)>,
    diags: Vec<Diag>,
}

impl ImportBinder<'_> {
    /// Binds what the selected imports and exports name.
    fn run(&mut self, is_selected: fn(&ItemKind) -> bool) {
        let tree = self.module.source.ast.clone();
        let imports = tree.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Import(import) | ItemKind::Export(import) => Some((import, &item.kind, item.span)),
            _ => None,
        });
        for (index, (import, kind, span)) in imports.enumerate() {
            if !is_selected(kind) {
                continue;
            }
            let target = self.module.source.imports.get(index).unwrap_or(&ImportTarget::Unresolved);
            self.import(import, span, target);
        }
    }

    fn import(&mut self, import: &Import, span: Span, target: &ImportTarget) {
        match (&import.binds, target) {
            (ImportBinds::Module(alias), target) => {
                let Some(ident) = alias.or(import.path.last().copied()) else { return };
                let def = match target {
                    ImportTarget::Module(id) => self.module_def(*id, import.path_span().unwrap_or(span)),
                    _ => Def::Error,
                };
                self.bind(ident, def);
            }
            (ImportBinds::Names(names), ImportTarget::Names(targets)) => {
                // Where one name could not be parsed, the others are not certain.
                let has_error = names.iter().any(|name| name.name.name.as_str().is_empty());
                for (index, name) in names.iter().enumerate() {
                    let target = targets.get(index).unwrap_or(&NameTarget::Unresolved);
                    let is_uncertain = has_error && !self.is_declared(target, name.name.name);
                    let def = if is_uncertain { Def::Error } else { self.name(name, target) };
                    self.bind(name.alias.unwrap_or(name.name), def);
                }
                self.check_inputs(targets, import.path_span().unwrap_or(span));
            }
            (ImportBinds::Names(names), _) => {
                names.iter().for_each(|name| self.bind(name.alias.unwrap_or(name.name), Def::Error));
            }
        }
    }

    fn is_declared(&self, target: &NameTarget, name: Name) -> bool {
        let NameTarget::Member(id) = target else { return true };
        let module = self.decls.modules.get(id.0 as usize).and_then(Option::as_ref);
        module.is_none_or(|module| module.scope.contains_key(&name) || module.exports.contains_key(&name))
    }

    fn bind(&mut self, ident: Ident, def: Def) {
        if !ident.name.as_str().is_empty() {
            self.bound.push((ident, def));
        }
    }

    fn name(&mut self, name: &ImportName, target: &NameTarget) -> Def {
        match target {
            NameTarget::Module(id) => self.module_def(*id, name.name.span),
            NameTarget::Member(id) => self.member(*id, name.name),
            NameTarget::Unresolved => Def::Error,
        }
    }

    fn module_def(&mut self, id: ModuleId, span: Span) -> Def {
        match self.decls.modules.get(id.0 as usize) {
            Some(Some(target)) => {
                self.diags.extend(imported_inputs(target, span));
                Def::Module(id)
            }
            _ => Def::Error,
        }
    }

    /// Importing a name from a module with inputs is as invalid as importing the module.
    fn check_inputs(&mut self, targets: &[NameTarget], span: Span) {
        let member = targets.iter().find_map(|target| match target {
            NameTarget::Member(id) => self.decls.modules.get(id.0 as usize).and_then(Option::as_ref),
            _ => None,
        });
        self.diags.extend(member.and_then(|target| imported_inputs(target, span)));
    }

    fn member(&mut self, id: ModuleId, ident: Ident) -> Def {
        let Some(Some(target)) = self.decls.modules.get(id.0 as usize) else { return Def::Error };
        if ident.name.as_str().is_empty() {
            return Def::Error;
        }
        match target.scope.get(&ident.name).or(target.exports.get(&ident.name)) {
            Some(_) if ident.name.is_private() => {
                self.diags.push(private_name(target, ident));
                Def::Error
            }
            Some(def) => *def,
            None => {
                if !target.may_declare(ident.name) {
                    self.diags.push(unknown_module_member(target, ident));
                }
                Def::Error
            }
        }
    }
}

fn imported_inputs(target: &ModuleDecls, span: Span) -> Option<Diag> {
    let input = target.source.ast.items.iter().find_map(|item| match &item.kind {
        ItemKind::Input(input) => Some(input.name?),
        _ => None,
    })?;
    Some(
        Diag::error(Code::IMPORTED_INPUTS, format!("`{}` has inputs and cannot be imported", target.source.path))
            .at(span, "a module with inputs is built, not imported")
            .label(input.span, "its input")
            .help("move shared declarations into a module without inputs"),
    )
}
