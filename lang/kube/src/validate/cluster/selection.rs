//! Selectors that match no pods, and Service ports that no pod has.

use forge_base::{Code, suggest};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::cx::{ClusterCx, ClusterViolation, Indices};
use super::object_ref::{ObjectPart, ObjectRef};
use crate::validate::summary::{Label, ObjectSummary, Pods};
use crate::validate::violation::Violation;

/// The kinds that create pods.
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

/// Reports Services and PodDisruptionBudgets that select nothing, and Service ports without a matching container port.
pub(super) fn check(cx: &ClusterCx<'_>, violations: &mut Vec<ClusterViolation>) {
    let by_label = by_label(cx);
    for (object, summary) in cx.objects.iter().enumerate() {
        if summary.selector.is_empty() || !cx.is_closed(&summary.namespace) {
            continue;
        }
        let selected = selected(cx, &by_label, summary);
        if !selected.is_empty() {
            ports(cx, object, summary, &selected, violations);
            continue;
        }
        let pods: Vec<(usize, &Pods)> = workloads(cx, &summary.namespace).collect();
        if !pods.is_empty() {
            violations.push(selects_nothing(cx, object, summary, &pods));
        }
    }
}

/// The workloads whose pods have a label, by namespace and label.
type ByLabel<'c> = FxHashMap<(&'c str, &'c Label), Indices>;

fn by_label<'c>(cx: &'c ClusterCx<'_>) -> ByLabel<'c> {
    let mut by_label = ByLabel::default();
    for (index, object) in cx.objects.iter().enumerate() {
        if !WORKLOADS.iter().any(|(group, kind)| object.is(group, kind)) {
            continue;
        }
        for label in object.pods.iter().flat_map(|pods| &pods.labels) {
            by_label.entry((&object.namespace, label)).or_default().push(index);
        }
    }
    by_label
}

/// The workloads whose pods are selected. Only those with the rarest selected label are examined.
fn selected<'c>(cx: &'c ClusterCx<'_>, by_label: &ByLabel<'c>, summary: &'c ObjectSummary) -> Vec<(usize, &'c Pods)> {
    let indices = |label| by_label.get(&(&*summary.namespace, label)).map_or(&[][..], SmallVec::as_slice);
    let rarest = summary.selector.iter().map(indices).min_by_key(|indices| indices.len()).unwrap_or_default();
    let pods = rarest.iter().filter_map(|&index| Some((index, cx.objects[index].pods.as_ref()?)));
    pods.filter(|(_, pods)| matches(&summary.selector, &pods.labels)).collect()
}

fn workloads<'c>(cx: &'c ClusterCx<'_>, namespace: &'c str) -> impl Iterator<Item = (usize, &'c Pods)> {
    let indices = WORKLOADS.iter().flat_map(move |(group, kind)| cx.of_kind(group, kind, namespace));
    indices.filter_map(|index| Some((index, cx.objects[index].pods.as_ref()?)))
}

fn matches(selector: &[Label], labels: &[Label]) -> bool {
    selector.iter().all(|label| labels.contains(label))
}

fn selects_nothing(
    cx: &ClusterCx<'_>,
    object: usize,
    summary: &ObjectSummary,
    pods: &[(usize, &Pods)],
) -> ClusterViolation {
    let headline = format!("{} selects no pods of this program", summary.title());
    let labels: Vec<String> = summary.selector.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let label = format!("no pods have `{}`", labels.join(", "));
    let violation =
        Violation::warning(Code::SELECTS_NOTHING, headline, ObjectRef { object, part: ObjectPart::Selector }, label);
    // The closest pods: those with the most matching labels, or with a similar label value.
    let matching = |pods: &Pods| summary.selector.iter().filter(|label| pods.labels.contains(label)).count();
    let near = pods.iter().find_map(|(index, pods)| Some((*index, similar_label(&summary.selector, pods)?)));
    let best = pods.iter().copied().max_by_key(|(index, pods)| (matching(pods), std::cmp::Reverse(*index)));
    match (near, best) {
        (Some((index, (key, value))), _) => {
            let label = format!("{} has `{key}: {value}`", cx.objects[index].title());
            violation.also(ObjectRef { object: index, part: ObjectPart::PodLabels }, label).did_you_mean(Some(value))
        }
        (None, Some((index, pods))) if matching(pods) > 0 => {
            let label = format!("{} is the closest match", cx.objects[index].title());
            violation.also(ObjectRef { object: index, part: ObjectPart::PodLabels }, label)
        }
        _ => violation,
    }
}

/// A label of these pods whose value is similar to a selected one.
fn similar_label<'p>(selector: &[Label], pods: &'p Pods) -> Option<(&'p str, &'p str)> {
    selector.iter().find_map(|(key, reference)| {
        let (key, value) = pods.labels.iter().find(|(name, _)| name == key)?;
        suggest::nearest(reference, [&**value]).filter(|near| *near != &**reference)?;
        Some((&**key, &**value))
    })
}

/// Reports named target ports of a Service that none of its pods has.
fn ports(
    cx: &ClusterCx<'_>,
    object: usize,
    summary: &ObjectSummary,
    selected: &[(usize, &Pods)],
    violations: &mut Vec<ClusterViolation>,
) {
    for (index, port) in summary.ports.iter().enumerate() {
        let Some(target) = &port.target else { continue };
        if crate::validate::syntax::is_placeholder(target)
            || selected.iter().any(|(_, pods)| pods.ports.contains(target))
        {
            continue;
        }
        let headline = format!("{} targets port `{target}`, which no pod has", summary.title());
        let object_ref = ObjectRef { object, part: ObjectPart::TargetPort(index) };
        let names = selected.iter().flat_map(|(_, pods)| &pods.ports).map(|name| &**name);
        let near = suggest::nearest(target, names);
        let (workload, _) = selected[0];
        violations.push(
            Violation::warning(Code::UNKNOWN_TARGET_PORT, headline, object_ref, "no container has a port of this name")
                .also(
                    ObjectRef { object: workload, part: ObjectPart::PodLabels },
                    format!("the pods of {} are selected", cx.objects[workload].title()),
                )
                .did_you_mean(near),
        );
    }
}
