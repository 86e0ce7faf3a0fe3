//! Selectors take pods, and Services find their ports.

use forge_base::{Code, suggest};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Across, Cx, Part, Places, Spot};
use crate::validate::Finding;
use crate::validate::facts::{Facts, Label, Pods};

/// The kinds that make pods.
const WORKLOADS: [(&str, &str); 8] = [
    ("", "Pod"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
    ("", "ReplicationController"),
];

/// Says which Services and budgets select nothing, and which ports they miss.
pub(super) fn check(cx: &Cx<'_>, found: &mut Vec<Across>) {
    let by_label = by_label(cx);
    for (object, facts) in cx.objects.iter().enumerate() {
        if facts.selector.is_empty() || !cx.is_closed(&facts.namespace) {
            continue;
        }
        let taken = taken(cx, &by_label, facts);
        if !taken.is_empty() {
            ports(cx, object, facts, &taken, found);
            continue;
        }
        let pods: Vec<(usize, &Pods)> = workloads(cx, &facts.namespace).collect();
        if !pods.is_empty() {
            found.push(nothing(cx, object, facts, &pods));
        }
    }
}

/// What makes pods with a label, by namespace and label.
type ByLabel<'c> = FxHashMap<(&'c str, &'c Label), Places>;

fn by_label<'c>(cx: &'c Cx<'_>) -> ByLabel<'c> {
    let mut by_label = ByLabel::default();
    for (place, object) in cx.objects.iter().enumerate() {
        if !WORKLOADS.iter().any(|(group, kind)| object.is(group, kind)) {
            continue;
        }
        for label in object.pods.iter().flat_map(|pods| &pods.labels) {
            by_label.entry((&object.namespace, label)).or_default().push(place);
        }
    }
    by_label
}

/// What makes the pods that are selected. Looks through those with the rarest of the labels.
fn taken<'c>(cx: &'c Cx<'_>, by_label: &ByLabel<'c>, facts: &'c Facts) -> Vec<(usize, &'c Pods)> {
    let places = |label| by_label.get(&(&*facts.namespace, label)).map_or(&[][..], SmallVec::as_slice);
    let rarest = facts.selector.iter().map(places).min_by_key(|places| places.len()).unwrap_or_default();
    let pods = rarest.iter().filter_map(|&place| Some((place, cx.objects[place].pods.as_ref()?)));
    pods.filter(|(_, pods)| takes(&facts.selector, &pods.labels)).collect()
}

fn workloads<'c>(cx: &'c Cx<'_>, namespace: &'c str) -> impl Iterator<Item = (usize, &'c Pods)> {
    let places = WORKLOADS.iter().flat_map(move |(group, kind)| cx.of_kind(group, kind, namespace));
    places.filter_map(|place| Some((place, cx.objects[place].pods.as_ref()?)))
}

fn takes(selector: &[Label], labels: &[Label]) -> bool {
    selector.iter().all(|wanted| labels.contains(wanted))
}

fn nothing(cx: &Cx<'_>, object: usize, facts: &Facts, pods: &[(usize, &Pods)]) -> Across {
    let headline = format!("{} selects no pods of this program", facts.title());
    let wanted: Vec<String> = facts.selector.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let label = format!("no pods have `{}`", wanted.join(", "));
    let finding = Finding::warning(Code::SELECTS_NOTHING, headline, Spot { object, part: Part::Selector }, label);
    // The pods that come closest: with the most labels right, or with the nearest wrong one.
    let right = |pods: &Pods| facts.selector.iter().filter(|wanted| pods.labels.contains(wanted)).count();
    let near = pods.iter().find_map(|(place, pods)| Some((*place, near_label(&facts.selector, pods)?)));
    let best = pods.iter().copied().max_by_key(|(place, pods)| (right(pods), std::cmp::Reverse(*place)));
    match (near, best) {
        (Some((place, (key, value))), _) => {
            let label = format!("{} has `{key}: {value}`", cx.objects[place].title());
            finding.also(Spot { object: place, part: Part::PodLabels }, label).did_you_mean(Some(value))
        }
        (None, Some((place, pods))) if right(pods) > 0 => {
            let label = format!("{} comes closest", cx.objects[place].title());
            finding.also(Spot { object: place, part: Part::PodLabels }, label)
        }
        _ => finding,
    }
}

/// A label of these pods whose value looks like one that is selected.
fn near_label<'p>(selector: &[Label], pods: &'p Pods) -> Option<(&'p str, &'p str)> {
    selector.iter().find_map(|(key, wanted)| {
        let (key, value) = pods.labels.iter().find(|(name, _)| name == key)?;
        suggest::nearest(wanted, [&**value]).filter(|near| *near != &**wanted)?;
        Some((&**key, &**value))
    })
}

/// A port that a Service means by name is a port of some of its pods.
fn ports(cx: &Cx<'_>, object: usize, facts: &Facts, taken: &[(usize, &Pods)], found: &mut Vec<Across>) {
    for (place, port) in facts.ports.iter().enumerate() {
        let Some(target) = &port.target else { continue };
        if crate::validate::syntax::is_placeholder(target) || taken.iter().any(|(_, pods)| pods.ports.contains(target))
        {
            continue;
        }
        let headline = format!("{} leads to port `{target}`, which no pod has", facts.title());
        let spot = Spot { object, part: Part::TargetPort(place) };
        let names = taken.iter().flat_map(|(_, pods)| &pods.ports).map(|name| &**name);
        let near = suggest::nearest(target, names);
        let (workload, _) = taken[0];
        found.push(
            Finding::error(Code::UNKNOWN_TARGET_PORT, headline, spot, "no container has a port of this name")
                .also(
                    Spot { object: workload, part: Part::PodLabels },
                    format!("the pods of {} are selected", cx.objects[workload].title()),
                )
                .did_you_mean(near),
        );
    }
}
