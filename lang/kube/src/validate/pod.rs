//! Pods and pod templates.

use forge_base::Code;

use super::headline::title;
use super::part::{PartKind, PartNames};
use super::violation::{Violation, Violations};
use super::{container, metadata, volume};
use crate::resource::{Data, Resource};

/// A pod or a pod template.
#[derive(Clone, Copy)]
pub(super) struct PodTemplate<'a> {
    /// `metadata`, if it is set.
    pub(super) metadata: Option<&'a Data<'a>>,
    /// `spec`.
    pub(super) spec: &'a Data<'a>,
}

impl<'a> PodTemplate<'a> {
    /// The labels of the pods.
    pub(super) fn labels(&self) -> &'a [(&'a str, Data<'a>)] {
        self.metadata.map_or(&[], |metadata| metadata.get_map("labels"))
    }
}

/// The pod or pod template of a built-in workload.
pub(super) fn template<'a>(resource: &Resource<'a>) -> Option<PodTemplate<'a>> {
    let holder = match (resource.group(), resource.kind) {
        ("", "Pod") => return Some(PodTemplate { metadata: resource.get("metadata"), spec: resource.get("spec")? }),
        ("", "PodTemplate") => resource.get("template")?,
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "Job")
        | ("", "ReplicationController") => resource.data.at(&["spec", "template"])?,
        ("batch", "CronJob") => resource.data.at(&["spec", "jobTemplate", "spec", "template"])?,
        _ => return None,
    };
    Some(PodTemplate { metadata: holder.get("metadata"), spec: holder.get("spec")? })
}

/// The container lists of a pod.
pub(super) const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// All containers of a pod.
pub(super) fn containers<'a>(spec: &'a Data<'a>) -> impl Iterator<Item = &'a Data<'a>> {
    CONTAINERS.iter().flat_map(|list| spec.get_list(list))
}

/// Checks the pod or pod template of a resource.
pub(super) fn check<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(template) = template(resource) else { return };
    if resource.kind != "Pod"
        && let Some(metadata) = template.metadata
    {
        metadata::labels(resource, metadata, violations);
    }
    let spec = template.spec;
    if spec.get_list("containers").is_empty() {
        let headline = format!("{} has no container", title(resource));
        violations.push(Violation::error(Code::BAD_CONTAINER, headline, spec, "a pod needs at least one container"));
    }
    let mut names = PartNames::new(resource, PartKind::Container);
    for container in containers(spec) {
        names.next(container, violations);
    }
    volume::check(resource, spec, violations);
    for container in containers(spec) {
        container::check(resource, spec, container, violations);
    }
    spread(resource, spec, violations);
}

fn spread<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, violations: &mut Violations<'a>) {
    let constraints = spec.get_list("topologySpreadConstraints");
    for (index, constraint) in constraints.iter().enumerate() {
        let key = |data: &Data<'a>| (data.get_str("topologyKey"), data.get_str("whenUnsatisfiable"));
        if let Some(first) = constraints[..index].iter().find(|other| key(other) == key(constraint)) {
            let headline =
                format!("{} has two spread constraints for `{}`", title(resource), key(constraint).0.unwrap_or(""));
            violations.push(
                Violation::error(Code::DUPLICATE_PART, headline, constraint, "the second").also(first, "the first"),
            );
        }
        if constraint.get("maxSkew").and_then(Data::as_int).is_some_and(|skew| skew < 1) {
            let headline = format!("{} has a `maxSkew` below 1", title(resource));
            let at = constraint.get("maxSkew").unwrap_or(constraint);
            violations.push(Violation::error(Code::BAD_WORKLOAD, headline, at, "must be at least 1"));
        }
    }
}
