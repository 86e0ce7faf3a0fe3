//! Cycles in `dependsOn`.
//!
//! Flux reconciles a Kustomization or HelmRelease after everything in its `dependsOn` is ready. In a cycle that never
//! happens, and otherwise only the cluster would report it.

use forge_base::Code;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::cx::{ClusterCx, ClusterViolation};
use super::object_ref::{ObjectPart, ObjectRef};
use crate::validate::headline::shorten;
use crate::validate::violation::Violation;

/// The maximum number of edges of a cycle that are shown.
const SHOWN: usize = 8;

/// For each object with dependencies, pairs of the index in its `dependsOn` and the object it refers to.
type Edges = FxHashMap<usize, Vec<(usize, usize)>>;

/// Reports each cycle once.
pub(super) fn check(cx: &ClusterCx<'_>, violations: &mut Vec<ClusterViolation>) {
    let dependent = cx.objects.iter().enumerate().filter(|(_, object)| !object.dependencies.is_empty());
    let mut edges: Edges = dependent.map(|(index, _)| (index, targets(cx, index))).collect();
    drop_ends(&mut edges);
    let mut order: Vec<usize> = edges.keys().copied().collect();
    order.sort_unstable();
    let mut seen = FxHashSet::default();
    for start in order {
        let mut path: Vec<(usize, usize)> = Vec::new();
        let mut at = start;
        while seen.insert(at) {
            let Some(&(entry, next)) = edges.get(&at).and_then(|edges| edges.first()) else { break };
            path.push((at, entry));
            at = next;
        }
        // The path up to the first repeated object is not part of the cycle. If nothing repeats on this path, the walk
        // ended in a cycle that is already reported.
        if let Some(first) = path.iter().position(|(index, _)| *index == at) {
            violations.push(cycle(cx, &path[first..]));
        }
    }
}

/// The dependencies of an object that are part of the same output.
fn targets(cx: &ClusterCx<'_>, index: usize) -> Vec<(usize, usize)> {
    let own = &cx.objects[index];
    let tree = |index: usize| cx.objects[index].file.as_ref().map(|(tree, _)| *tree);
    let target = |(entry, (namespace, name)): (usize, &(SmolStr, SmolStr))| {
        let indices = cx.by_name.get(&(&*own.kind, &**namespace, &**name))?;
        let is_meant = |other: &usize| cx.objects[*other].group == own.group && tree(*other) == tree(index);
        Some((entry, indices.iter().copied().find(is_meant)?))
    };
    own.dependencies.iter().enumerate().filter_map(target).collect()
}

/// Repeatedly removes objects without remaining dependencies. Cycles remain, and objects that depend on them.
fn drop_ends(edges: &mut Edges) {
    let mut dependents: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (index, targets) in &*edges {
        targets.iter().for_each(|(_, target)| dependents.entry(*target).or_default().push(*index));
    }
    let mut ends: Vec<usize> = dependents.keys().copied().filter(|index| !edges.contains_key(index)).collect();
    ends.extend(edges.iter().filter(|(_, targets)| targets.is_empty()).map(|(index, _)| *index));
    while let Some(end) = ends.pop() {
        edges.remove(&end);
        for index in dependents.remove(&end).unwrap_or_default() {
            if let Some(targets) = edges.get_mut(&index) {
                targets.retain(|(_, target)| *target != end);
                if targets.is_empty() {
                    ends.push(index);
                }
            }
        }
    }
}

fn cycle(cx: &ClusterCx<'_>, path: &[(usize, usize)]) -> ClusterViolation {
    let name = |at: usize| shorten(&cx.objects[path[at % path.len()].0].name);
    let object_ref = |at: usize| ObjectRef { object: path[at].0, part: ObjectPart::Dependency(path[at].1) };
    let title = cx.objects[path[0].0].title();
    let headline = match path.len() {
        1 => format!("{title} depends on itself"),
        _ => format!("{title} depends on itself through others"),
    };
    let label = |at: usize| format!("`{}` depends on `{}`", name(at), name(at + 1));
    let mut violation = Violation::error(Code::WAITS_FOR_ITSELF, headline, object_ref(0), label(0));
    for at in 1..path.len().min(SHOWN) {
        violation = violation.also(object_ref(at), label(at));
    }
    if path.len() > 1 {
        let names: Vec<_> = (0..path.len()).map(name).collect();
        violation.diag = violation.diag.cycle(&names);
    }
    violation.note("objects in a dependency cycle never become ready")
}
