//! Types and schemas that are their own parent: reported with the whole circle, then cut.
//!
//! A type may refer to itself through a list, map, field or function. What it cannot do is to *be* itself, alone or as a member of a union.

use forge_base::{Code, Diag, Name, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::signature::OwnSchema;
use crate::cycle::MOST_LABELS;
use crate::decl::Decls;
use crate::ids::{AliasId, SchemaId};
use crate::ty::Ty;

/// How many named types may stand for one another in a line.
const MOST_NAMES: u32 = 500;

/// Cuts all circles, and lines that are too long to be meant.
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
    for (name, span) in circle[1..].iter().take(MOST_LABELS) {
        diag = diag.label(*span, format!("`{name}` is part of it"));
    }
    if circle.len() > 1 {
        let path: Vec<&str> = circle.iter().map(|(name, _)| name.as_str()).collect();
        diag = diag.cycle(&path);
    }
    diag
}

fn break_aliases(decls: &mut Decls, diags: &mut Vec<Diag>) {
    let mut cx =
        Aliases { decls, heights: FxHashMap::default(), path: Vec::new(), circles: Vec::new(), long: Vec::new() };
    for module in decls.modules.iter().flatten() {
        for index in 0..module.aliases.len() {
            cx.visit(AliasId { module: module.source.id, index: index as u32 });
        }
    }
    let Aliases { circles, long, .. } = cx;
    for id in long {
        let (name, span) = (decls.alias(id).name, decls.alias(id).span);
        let headline = format!("`{name}` stands behind more than {MOST_NAMES} other names");
        diags.push(Diag::error(Code::TOO_DEEP, headline).at(span, "a name for a name, in a line that is too long"));
        forget(decls, id);
    }
    for circle in circles {
        let names = circle.iter().map(|id| (decls.alias(*id).name, decls.alias(*id).span)).collect::<Vec<_>>();
        diags.push(circle_diag("is", &names));
        for id in circle {
            forget(decls, id);
        }
    }
}

fn forget(decls: &mut Decls, id: AliasId) {
    if let Some(module) = &mut decls.modules[id.module.0 as usize] {
        module.aliases[id.index as usize].ty = Ty::Error;
    }
}

struct Aliases<'a> {
    decls: &'a Decls,
    /// How many names an alias that is finished stands for, one behind another; those that are not are on the path.
    heights: FxHashMap<AliasId, Option<u32>>,
    path: Vec<AliasId>,
    circles: Vec<Vec<AliasId>>,
    /// Where lines of names are cut.
    long: Vec<AliasId>,
}

impl Aliases<'_> {
    fn visit(&mut self, id: AliasId) -> u32 {
        match self.heights.get(&id) {
            Some(Some(height)) => *height,
            Some(None) => {
                let start = self.path.iter().position(|on_path| *on_path == id).unwrap_or(0);
                self.circles.push(self.path[start..].to_vec());
                0
            }
            None => {
                self.heights.insert(id, None);
                self.path.push(id);
                let decls = self.decls;
                let is_deep = self.path.len() > MOST_NAMES as usize;
                let mut height = if is_deep { MOST_NAMES } else { self.direct(&decls.alias(id).ty) };
                self.path.pop();
                if height >= MOST_NAMES {
                    self.long.push(id);
                    height = 0;
                }
                self.heights.insert(id, Some(height + 1));
                height + 1
            }
        }
    }

    /// Visits the aliases that a type is, rather than holds. Gives how many names stand one behind another.
    fn direct(&mut self, ty: &Ty) -> u32 {
        match ty {
            Ty::Alias(id) => self.visit(*id),
            Ty::Refined(refined) => self.direct(&refined.base),
            Ty::Union(members) => members.iter().map(|member| self.direct(member)).max().unwrap_or(0),
            _ => 0,
        }
    }
}
