//! What waits for others does not wait for itself.
//!
//! Flux starts a Kustomization or HelmRelease when all that it names in `dependsOn` is ready. In a circle nothing ever is, and only the
//! cluster would say so.

use forge_base::Code;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Across, Cx, Part, Spot};
use crate::validate::Finding;

/// The most places of a circle that are shown.
const SHOWN: usize = 8;

/// For each object that waits, which of its waits leads to which object.
type Edges = FxHashMap<usize, Vec<(usize, usize)>>;

/// Says once of each circle who is in it.
pub(super) fn check(cx: &Cx<'_>, found: &mut Vec<Across>) {
    let waiting = cx.objects.iter().enumerate().filter(|(_, object)| !object.waits.is_empty());
    let mut edges: Edges = waiting.map(|(place, _)| (place, targets(cx, place))).collect();
    drop_ends(&mut edges);
    let mut order: Vec<usize> = edges.keys().copied().collect();
    order.sort_unstable();
    let mut seen = FxHashSet::default();
    for start in order {
        let mut way: Vec<(usize, usize)> = Vec::new();
        let mut at = start;
        while seen.insert(at) {
            let Some(&(wait, next)) = edges.get(&at).and_then(|edges| edges.first()) else { break };
            way.push((at, wait));
            at = next;
        }
        // What led to the circle is not part of it; a circle that was met before is told already.
        if let Some(first) = way.iter().position(|(place, _)| *place == at) {
            found.push(circle(cx, &way[first..]));
        }
    }
}

/// The objects that one waits for, as far as they are part of the same output.
fn targets(cx: &Cx<'_>, place: usize) -> Vec<(usize, usize)> {
    let own = &cx.objects[place];
    let tree = |place: usize| cx.objects[place].file.as_ref().map(|(tree, _)| *tree);
    let target = |(wait, (namespace, name)): (usize, &(SmolStr, SmolStr))| {
        let places = cx.by_name.get(&(&*own.kind, &**namespace, &**name))?;
        let is_meant = |other: &usize| cx.objects[*other].group == own.group && tree(*other) == tree(place);
        Some((wait, places.iter().copied().find(is_meant)?))
    };
    own.waits.iter().enumerate().filter_map(target).collect()
}

/// Takes away what waits for nothing that waits, again and again: circles remain, and what waits for them.
fn drop_ends(edges: &mut Edges) {
    let mut waited_for: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (place, targets) in &*edges {
        targets.iter().for_each(|(_, target)| waited_for.entry(*target).or_default().push(*place));
    }
    let mut ends: Vec<usize> = waited_for.keys().copied().filter(|place| !edges.contains_key(place)).collect();
    ends.extend(edges.iter().filter(|(_, targets)| targets.is_empty()).map(|(place, _)| *place));
    while let Some(end) = ends.pop() {
        edges.remove(&end);
        for place in waited_for.remove(&end).unwrap_or_default() {
            if let Some(targets) = edges.get_mut(&place) {
                targets.retain(|(_, target)| *target != end);
                if targets.is_empty() {
                    ends.push(place);
                }
            }
        }
    }
}

fn circle(cx: &Cx<'_>, way: &[(usize, usize)]) -> Across {
    let name = |at: usize| super::super::short(&cx.objects[way[at % way.len()].0].name);
    let spot = |at: usize| Spot { object: way[at].0, part: Part::Wait(way[at].1) };
    let title = cx.objects[way[0].0].title();
    let headline = match way.len() {
        1 => format!("{title} waits for itself"),
        _ => format!("{title} waits for itself through others"),
    };
    let label = |at: usize| format!("`{}` waits for `{}`", name(at), name(at + 1));
    let mut found = Finding::error(Code::WAITS_FOR_ITSELF, headline, spot(0), label(0));
    for at in 1..way.len().min(SHOWN) {
        found = found.also(spot(at), label(at));
    }
    if way.len() > 1 {
        let names: Vec<_> = (0..way.len()).map(name).collect();
        found.diag = found.diag.cycle(&names);
    }
    found.note("nothing in a circle ever becomes ready")
}
