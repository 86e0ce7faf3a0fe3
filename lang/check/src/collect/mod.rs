//! Collects declarations from syntax trees into [`Decls`]: scopes with imports, schemas with inheritance, signatures.
//!
//! Each step needs the preceding one for all modules; within a step the modules are independent:
//!
//! 1. `declare`: ids and declared names of each module,
//! 2. `import`: what other modules add to each scope, and the prelude,
//! 3. `signature`: type expressions are resolved to [`crate::Ty`],
//! 4. `cycle`: cyclic inheritance and aliases are cut,
//! 5. `inherit`: fields and methods of schemas, parents first,
//! 6. `type_contents`: which types may contain secrets and functions,
//! 7. `schema_facts`: facts about schemas and fields that follow from their types,
//! 8. `conformance`: checks that need all of the above: narrowed fields, overridden methods, keys of lists and maps.
//!
//! Bodies and values are never checked here.

mod conformance;
mod cycle;
mod declare;
mod import;
mod inherit;
mod schema_facts;
mod signature;
#[cfg(test)]
mod tests;
mod type_contents;

use std::sync::Arc;

use forge_base::Diag;

use crate::decl::{Decls, ModuleDecls};
use crate::exports::Exports;
use crate::par_map::par_map;
use crate::source::Source;

/// Declares everything in `sources`. Diagnostics are in the order of files and source.
pub fn collect(sources: &[Source], diags: &mut Vec<Diag>) -> Decls {
    collect_with_exports(sources, None, diags)
}

/// As [`collect`], with what other modules export.
pub(crate) fn collect_with_exports(
    sources: &[Source],
    exports: Option<Arc<dyn Exports>>,
    diags: &mut Vec<Diag>,
) -> Decls {
    let mut found = Vec::new();
    let mut decls = declare_all(sources, &mut found);
    decls.exports = exports;
    import::import_all(&mut decls, &mut found);
    let mut deferred = signature::resolve_all(&mut decls, &mut found);
    cycle::break_cycles(&mut decls, &mut deferred.schemas, &mut found);
    inherit::inherit_all(&mut decls, &mut deferred.schemas, &mut found);
    type_contents::find_contents(&mut decls);
    schema_facts::find_facts(&mut decls);
    conformance::check_all(&decls, &deferred, &mut found);
    mark_errors(&mut decls, &found);
    sort_by_place(sources, &mut found);
    diags.append(&mut found);
    decls
}

fn declare_all(sources: &[Source], diags: &mut Vec<Diag>) -> Decls {
    let declared: Vec<(ModuleDecls, Vec<Diag>)> = par_map(sources, declare::declare);
    let mut decls = Decls::default();
    for (module, mut found) in declared {
        let index = module.source.id.0 as usize;
        if decls.modules.len() <= index {
            decls.modules.resize_with(index + 1, || None);
        }
        decls.modules[index] = Some(module);
        diags.append(&mut found);
    }
    decls
}

fn mark_errors(decls: &mut Decls, diags: &[Diag]) {
    let errors = diags.iter().filter(|diag| diag.is_error());
    let files: rustc_hash::FxHashSet<_> = errors.filter_map(|diag| Some(diag.span()?.file)).collect();
    for module in decls.modules.iter_mut().flatten() {
        module.has_errors = files.contains(&module.source.file);
    }
}

/// Sorts diagnostics by module and span; those without a span come first.
fn sort_by_place(sources: &[Source], diags: &mut [Diag]) {
    let order: rustc_hash::FxHashMap<_, _> =
        sources.iter().enumerate().map(|(index, source)| (source.file, index)).collect();
    diags.sort_by_key(|diag| diag.span().map(|span| (order.get(&span.file).copied(), span.start)));
}

/// Applies `work` to each module in parallel and returns the results in the order of ids.
fn each_module<T: Send>(decls: &Decls, work: impl Fn(&ModuleDecls) -> T + Sync) -> Vec<(crate::ModuleId, T)> {
    let found = par_map(&decls.modules, |module| module.as_ref().map(|module| (module.source.id, work(module))));
    found.into_iter().flatten().collect()
}
