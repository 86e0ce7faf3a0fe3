//! Types and schemas that are their own parent: reported with the whole circle, then cut.
//!
//! A type may refer to itself through a list, map, field or function. What it cannot do is to *be* itself, alone or as a member of a union.

use forge_base::{Code, Diag, Name, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::signature::OwnSchema;
use crate::decl::Decls;
use crate::ids::{AliasId, SchemaId};
use crate::ty::Ty;

/// Cuts all circles.
pub(super) fn break_circles(decls: &mut Decls, schemas: &mut [OwnSchema], diags: &mut Vec<Diag>) {
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
        let circle: Vec<SchemaId> = path.into_iter().skip_while(|id| *id != start).collect();
        let names = circle.iter().map(|id| (decls.schema(*id).name, decls.schema(*id).span)).collect::<Vec<_>>();
        diags.push(circle_diag("extends", &names));
        cut.extend(circle);
    }
    for schema in schemas.iter_mut().filter(|schema| cut.contains(&schema.id)) {
        schema.parent = None;
    }
}

/// `a` extends `b`, which extends `a`.
fn circle_diag(verb: &str, circle: &[(Name, Span)]) -> Diag {
    let (first, span) = circle[0];
    let headline = match circle {
        [_] => format!("`{first}` {verb} itself"),
        _ => format!("`{first}` {verb} itself through others"),
    };
    let mut diag = Diag::error(Code::TYPE_CYCLE, headline).at(span, "the circle begins here");
    for (name, span) in &circle[1..] {
        diag = diag.label(*span, format!("`{name}` is part of it"));
    }
    if circle.len() > 1 {
        let mut path: Vec<&str> = circle.iter().map(|(name, _)| name.as_str()).collect();
        path.push(first.as_str());
        diag = diag.note(format!("the circle is {}", path.join(" → ")));
    }
    diag
}

fn break_aliases(decls: &mut Decls, diags: &mut Vec<Diag>) {
    let mut cx = Aliases { decls, state: FxHashMap::default(), path: Vec::new(), circles: Vec::new() };
    for module in decls.modules.iter().flatten() {
        for index in 0..module.aliases.len() {
            cx.visit(AliasId { module: module.source.id, index: index as u32 });
        }
    }
    for circle in cx.circles {
        let names = circle.iter().map(|id| (decls.alias(*id).name, decls.alias(*id).span)).collect::<Vec<_>>();
        diags.push(circle_diag("is", &names));
        for id in circle {
            if let Some(module) = &mut decls.modules[id.module.0 as usize] {
                module.aliases[id.index as usize].ty = Ty::Error;
            }
        }
    }
}

struct Aliases<'a> {
    decls: &'a Decls,
    /// Whether an alias is finished; those that are not are on the path.
    state: FxHashMap<AliasId, bool>,
    path: Vec<AliasId>,
    circles: Vec<Vec<AliasId>>,
}

impl Aliases<'_> {
    fn visit(&mut self, id: AliasId) {
        match self.state.get(&id) {
            Some(true) => {}
            Some(false) => {
                let start = self.path.iter().position(|on_path| *on_path == id).unwrap_or(0);
                self.circles.push(self.path[start..].to_vec());
            }
            None => {
                self.state.insert(id, false);
                self.path.push(id);
                let decls = self.decls;
                self.direct(&decls.alias(id).ty);
                self.path.pop();
                self.state.insert(id, true);
            }
        }
    }

    /// Visits the aliases that a type is, rather than holds.
    fn direct(&mut self, ty: &Ty) {
        match ty {
            Ty::Alias(id) => self.visit(*id),
            Ty::Refined(refined) => self.direct(&refined.base),
            Ty::Union(members) => members.iter().for_each(|member| self.direct(member)),
            _ => {}
        }
    }
}
