//! Cyclic inheritance and cyclic aliases: reported with the whole cycle, then cut.
//!
//! A type may refer to itself through a list, map, field or function. It must not *be* itself, alone or as a member of a union.

use std::sync::Arc;

use forge_base::{Code, Diag, Name, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::signature::OwnSchema;
use crate::decl::Decls;
use crate::diagnostics::MAX_CYCLE_LABELS;
use crate::ids::{AliasId, SchemaId};
use crate::ty::Ty;

/// The maximum length of a chain of aliases.
const MAX_NAMES: u32 = 500;

/// Cuts all cycles, and chains of aliases that are too long.
pub(super) fn break_cycles(decls: &mut Decls, schemas: &mut [OwnSchema], diags: &mut Vec<Diag>) {
    break_schemas(decls, schemas, diags);
    break_aliases(decls, diags);
}

fn break_schemas(decls: &Decls, schemas: &mut [OwnSchema], diags: &mut Vec<Diag>) {
    let parents: FxHashMap<SchemaId, SchemaId> =
        schemas.iter().filter_map(|schema| Some((schema.id, schema.parent?.0))).collect();
    let mut done: FxHashSet<SchemaId> = FxHashSet::default();
    let mut cut: FxHashSet<SchemaId> = FxHashSet::default();
    for schema in schemas.iter() {
        let mut path = Vec::new();
        let mut on_path = FxHashSet::default();
        let mut at = Some(schema.id);
        while let Some(id) = at.filter(|id| done.insert(*id)) {
            path.push(id);
            on_path.insert(id);
            at = parents.get(&id).copied();
        }
        let Some(start) = at.filter(|id| on_path.contains(id)) else { continue };
        let cycle: Vec<SchemaId> = path.into_iter().skip_while(|id| *id != start).collect();
        let names = cycle.iter().map(|id| (decls.schema(*id).name, decls.schema(*id).span)).collect::<Vec<_>>();
        diags.push(cycle_diag("extends", &names));
        cut.extend(cycle);
    }
    for schema in schemas.iter_mut().filter(|schema| cut.contains(&schema.id)) {
        schema.parent = None;
    }
}

/// The cycle of `names`, where `verb` is what each of them does with the next.
fn cycle_diag(verb: &str, cycle: &[(Name, Span)]) -> Diag {
    let (first, span) = cycle[0];
    let headline = match cycle {
        [] | [_] => format!("`{first}` {verb} itself"),
        [_, (next, _), ..] => format!("`{first}` {verb} itself (through `{next}`)"),
    };
    let mut diag = Diag::error(Code::TYPE_CYCLE, headline).at(span, "the cycle starts here");
    for (name, span) in cycle[1..].iter().take(MAX_CYCLE_LABELS) {
        diag = diag.label(*span, format!("`{name}` is part of the cycle"));
    }
    if cycle.len() > 1 {
        let path: Vec<&str> = cycle.iter().map(|(name, _)| name.as_str()).collect();
        diag = diag.cycle(&path);
    }
    diag
}

fn break_aliases(decls: &mut Decls, diags: &mut Vec<Diag>) {
    let mut cx =
        AliasCycles { decls, heights: FxHashMap::default(), path: Vec::new(), cycles: Vec::new(), long: Vec::new() };
    for module in decls.modules.iter().flatten() {
        for index in 0..module.aliases.len() {
            cx.visit(AliasId { module: module.source.id, index: index as u32 });
        }
    }
    let AliasCycles { cycles, long, .. } = cx;
    for id in long {
        let (name, span) = (decls.alias(id).name, decls.alias(id).span);
        let headline = format!("`{name}` is an alias through more than {MAX_NAMES} other names");
        diags.push(Diag::error(Code::TOO_DEEP, headline).at(span, "this chain of type aliases is too long"));
        cut_alias(decls, id);
    }
    for cycle in cycles {
        let names = cycle.iter().map(|id| (decls.alias(*id).name, decls.alias(*id).span)).collect::<Vec<_>>();
        diags.push(cycle_diag("is defined as", &names));
        for id in cycle {
            cut_alias(decls, id);
        }
    }
}

fn cut_alias(decls: &mut Decls, id: AliasId) {
    if let Some(module) = &mut decls.modules[id.module.0 as usize] {
        Arc::make_mut(&mut module.aliases[id.index as usize]).ty = Ty::Error;
    }
}

struct AliasCycles<'a> {
    decls: &'a Decls,
    /// The length of the chain of aliases for each finished alias; `None` while it is on the path.
    heights: FxHashMap<AliasId, Option<u32>>,
    path: Vec<AliasId>,
    cycles: Vec<Vec<AliasId>>,
    /// Where chains of aliases are cut.
    long: Vec<AliasId>,
}

impl AliasCycles<'_> {
    fn visit(&mut self, id: AliasId) -> u32 {
        match self.heights.get(&id) {
            Some(Some(height)) => *height,
            Some(None) => {
                let start = self.path.iter().position(|on_path| *on_path == id).unwrap_or(0);
                self.cycles.push(self.path[start..].to_vec());
                0
            }
            None => {
                self.heights.insert(id, None);
                self.path.push(id);
                let decls = self.decls;
                let is_deep = self.path.len() > MAX_NAMES as usize;
                let mut height = if is_deep { MAX_NAMES } else { self.direct(&decls.alias(id).ty) };
                self.path.pop();
                if height >= MAX_NAMES {
                    self.long.push(id);
                    height = 0;
                }
                self.heights.insert(id, Some(height + 1));
                height + 1
            }
        }
    }

    /// Visits the aliases that a type is, rather than contains. Returns the length of the longest chain of aliases.
    fn direct(&mut self, ty: &Ty) -> u32 {
        match ty {
            Ty::Alias(id) => self.visit(*id),
            Ty::Refined(refined) => self.direct(&refined.base),
            Ty::Union(members) => members.iter().map(|member| self.direct(member)).max().unwrap_or(0),
            _ => 0,
        }
    }
}
