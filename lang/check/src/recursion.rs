//! Recursive functions.
//!
//! The language has no recursion, so the call graph must be acyclic. It is built from the recorded uses of names: a use inside a
//! function is an edge to what is used. A method has edges to all methods that override it, since any may be called. A
//! named type has edges to the functions in its condition, since values are tested when they are passed.

use std::collections::VecDeque;

use forge_base::{Code, Diag, Name, Span};
use forge_syntax::ast::ItemKind;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::decl::{Decls, ModuleDecls};
use crate::diagnostics::MAX_CYCLE_LABELS;
use crate::ids::{AliasId, Def, FnId, ModuleId};
use crate::reference::{Target, Uses};

/// A function, or a named type with a condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum CallNode {
    Fn(FnId),
    Alias(AliasId),
}

/// Reports each cycle of calls once, with its path, in an order that is independent of the order of modules. `uses`
/// holds the uses in bodies; uses in declarations are part of `decls`.
pub(crate) fn check_recursion<'a>(
    decls: &Decls,
    uses: impl IntoIterator<Item = (ModuleId, &'a Uses)>,
    diags: &mut Vec<Diag>,
) {
    let mut graph = CallGraph { overrides: overrides(decls), edges: FxHashMap::default() };
    for module in decls.modules.iter().flatten() {
        graph.add(module, &module.uses);
    }
    for (id, uses) in uses {
        graph.add(decls.module(id), uses);
    }
    let mut reported: FxHashSet<CallNode> = FxHashSet::default();
    let mut nodes: Vec<CallNode> = graph.edges.keys().copied().filter(|node| matches!(node, CallNode::Fn(_))).collect();
    nodes.sort_unstable();
    let candidates = graph.on_cycles();
    for node in nodes {
        if candidates.contains(&node)
            && !reported.contains(&node)
            && let Some(cycle) = graph.cycle(node)
        {
            reported.extend(cycle.iter().map(|(node, _)| *node));
            diags.push(diag(decls, &cycle));
        }
    }
}

/// Maps each method to the methods that override it directly.
fn overrides(decls: &Decls) -> FxHashMap<FnId, Vec<FnId>> {
    let mut overrides: FxHashMap<FnId, Vec<FnId>> = FxHashMap::default();
    for schema in decls.modules.iter().flatten().flat_map(|module| &module.schemas) {
        let Some(parent) = schema.parent.map(|parent| decls.schema(parent)) else { continue };
        for (inherited, own) in parent.methods.iter().zip(&schema.methods) {
            if inherited.function != own.function {
                overrides.entry(inherited.function).or_default().push(own.function);
            }
        }
    }
    overrides
}

struct CallGraph {
    overrides: FxHashMap<FnId, Vec<FnId>>,
    /// The outgoing edges of each node, with the span of the use.
    edges: FxHashMap<CallNode, Vec<(CallNode, Span)>>,
}

impl CallGraph {
    fn add(&mut self, module: &ModuleDecls, uses: &Uses) {
        let owners = owners(module);
        for (span, target) in &uses.targets {
            let target_kind = target;
            let target = match target {
                Target::Def(Def::Fn(id)) | Target::Method(id) => CallNode::Fn(*id),
                Target::Def(Def::Alias(id)) => CallNode::Alias(*id),
                Target::SuperMethod(id) => CallNode::Fn(*id),
                _ => continue,
            };
            let is_super = matches!(target_kind, Target::SuperMethod(_));
            let preceding = owners.partition_point(|(owner, _)| owner.start <= span.start);
            let Some((owner, node)) = preceding.checked_sub(1).map(|at| owners[at]) else { continue };
            if owner.contains(*span) && is_super {
                self.edges.entry(node).or_default().push((target, *span));
            } else if owner.contains(*span) {
                self.connect(node, target, *span);
            }
        }
    }

    fn connect(&mut self, from: CallNode, to: CallNode, span: Span) {
        self.edges.entry(from).or_default().push((to, span));
        if let CallNode::Fn(method) = to {
            let mut todo = self.overrides.get(&method).cloned().unwrap_or_default();
            while let Some(over) = todo.pop() {
                self.edges.entry(from).or_default().push((CallNode::Fn(over), span));
                todo.extend(self.overrides.get(&over).into_iter().flatten());
            }
        }
    }

    /// The nodes that may be part of a cycle: those that remain after repeatedly removing nodes without outgoing edges.
    fn on_cycles(&self) -> FxHashSet<CallNode> {
        let mut into: FxHashMap<CallNode, Vec<CallNode>> = FxHashMap::default();
        let mut out: FxHashMap<CallNode, usize> = FxHashMap::default();
        for (from, edges) in &self.edges {
            out.insert(*from, edges.len());
            edges.iter().for_each(|(to, _)| into.entry(*to).or_default().push(*from));
        }
        let mut todo: Vec<CallNode> = into.keys().copied().filter(|node| !out.contains_key(node)).collect();
        while let Some(node) = todo.pop() {
            for from in into.get(&node).into_iter().flatten() {
                let Some(left) = out.get_mut(from) else { continue };
                *left -= 1;
                if *left == 0 {
                    out.remove(from);
                    todo.push(*from);
                }
            }
        }
        out.into_keys().collect()
    }

    /// The shortest cycle through a node, with the span of each use.
    fn cycle(&self, start: CallNode) -> Option<Vec<(CallNode, Span)>> {
        let mut came: FxHashMap<CallNode, (CallNode, Span)> = FxHashMap::default();
        let mut todo = VecDeque::from([start]);
        while let Some(node) = todo.pop_front() {
            for (to, span) in self.edges.get(&node).into_iter().flatten() {
                if came.contains_key(to) {
                    continue;
                }
                came.insert(*to, (node, *span));
                if *to == start {
                    return Some(path_back(&came, start));
                }
                todo.push_back(*to);
            }
        }
        None
    }
}

fn path_back(came: &FxHashMap<CallNode, (CallNode, Span)>, start: CallNode) -> Vec<(CallNode, Span)> {
    let mut cycle = Vec::new();
    let mut at = start;
    while let Some(&(from, span)) = came.get(&at) {
        cycle.push((from, span));
        at = from;
        if at == start {
            break;
        }
    }
    cycle.reverse();
    cycle
}

/// The span of each function, method and named type of a module, in source order; they never overlap.
fn owners(module: &ModuleDecls) -> Vec<(Span, CallNode)> {
    let items = &module.source.ast.items;
    let id = module.source.id;
    let mut owners = Vec::new();
    for (index, function) in module.fns.iter().enumerate() {
        let span = match (&items[function.item.0].kind, function.item.1) {
            (ItemKind::Schema(schema), Some(inner)) => schema.body.items[inner].span,
            _ => items[function.item.0].span,
        };
        owners.push((span, CallNode::Fn(FnId { module: id, index: index as u32 })));
    }
    for (index, alias) in module.aliases.iter().enumerate() {
        owners.push((items[alias.item].span, CallNode::Alias(AliasId { module: id, index: index as u32 })));
    }
    owners.sort_unstable_by_key(|(span, _)| span.start);
    owners
}

fn name_of(decls: &Decls, node: CallNode) -> (Name, Span) {
    match node {
        CallNode::Fn(id) => (decls.function(id).name, decls.function(id).span),
        CallNode::Alias(id) => (decls.alias(id).name, decls.alias(id).span),
    }
}

fn diag(decls: &Decls, cycle: &[(CallNode, Span)]) -> Diag {
    let (first, span) = name_of(decls, cycle[0].0);
    let headline = match cycle {
        [] | [_] => format!("`{first}` is recursive"),
        [_, (next, _), ..] => format!("`{first}` is recursive (through `{}`)", name_of(decls, *next).0),
    };
    let mut diag = Diag::error(Code::RECURSION, headline).at(span, "recursion is not allowed");
    let mut path = Vec::new();
    for (index, (node, use_span)) in cycle.iter().enumerate() {
        let (name, _) = name_of(decls, *node);
        let (next, _) = name_of(decls, cycle[(index + 1) % cycle.len()].0);
        path.push(name.as_str());
        if index < MAX_CYCLE_LABELS {
            diag = diag.label(*use_span, format!("`{name}` uses `{next}` here"));
        }
    }
    if cycle.len() > 1 {
        diag = diag.cycle(&path);
    }
    diag.help("iterate with `map`, `fold` or `for`, and over graphs with `std.graph`")
}
