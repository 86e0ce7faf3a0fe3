//! Pods and templates of pods: their labels, containers, volumes and the names between them.

use forge_base::Code;

use super::syntax;
use super::{Found, container, metadata, title, volume};
use crate::resource::{Data, Resource};

/// A pod, or what a workload makes pods of.
#[derive(Clone, Copy)]
pub(super) struct Template<'a> {
    /// `metadata`, if it is there.
    pub(super) metadata: Option<&'a Data<'a>>,
    /// `spec`.
    pub(super) spec: &'a Data<'a>,
}

impl<'a> Template<'a> {
    /// The labels that its pods get.
    pub(super) fn labels(&self) -> &'a [(&'a str, Data<'a>)] {
        self.metadata.map_or(&[], |metadata| metadata.map("labels"))
    }
}

/// The pod or template of pods that a resource of Kubernetes itself holds.
pub(super) fn template<'a>(resource: &Resource<'a>) -> Option<Template<'a>> {
    let holder = match (resource.group(), resource.kind) {
        ("", "Pod") => return Some(Template { metadata: resource.get("metadata"), spec: resource.get("spec")? }),
        ("", "PodTemplate") => resource.get("template")?,
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "Job")
        | ("", "ReplicationController") => resource.data.at(&["spec", "template"])?,
        ("batch", "CronJob") => resource.data.at(&["spec", "jobTemplate", "spec", "template"])?,
        _ => return None,
    };
    Some(Template { metadata: holder.get("metadata"), spec: holder.get("spec")? })
}

/// The lists of containers in a pod.
pub(super) const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// All containers of a pod.
pub(super) fn containers<'a>(spec: &'a Data<'a>) -> impl Iterator<Item = &'a Data<'a>> {
    CONTAINERS.iter().flat_map(|list| spec.list(list))
}

/// Checks the pod that a resource is or makes.
pub(super) fn check<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(template) = template(resource) else { return };
    if resource.kind != "Pod"
        && let Some(metadata) = template.metadata
    {
        metadata::labels(resource, metadata, found);
    }
    let spec = template.spec;
    if spec.list("containers").is_empty() {
        let headline = format!("{} has no container", title(resource));
        found.push(Found::error(Code::BAD_CONTAINER, headline, spec, "a pod needs one in `containers`"));
    }
    let mut names = Names::new(resource, Part::Container);
    for container in containers(spec) {
        names.next(container, found);
    }
    volume::check(resource, spec, found);
    for container in containers(spec) {
        container::check(resource, spec, container, found);
    }
    spread(resource, spec, found);
}

/// What a pod has several of, each with a name of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Container,
    Volume,
}

/// The names of the parts of a pod that were seen so far.
pub(super) struct Names<'r, 'a> {
    resource: &'r Resource<'a>,
    part: Part,
    seen: Vec<(&'a str, &'a Data<'a>)>,
}

impl<'r, 'a> Names<'r, 'a> {
    pub(super) fn new(resource: &'r Resource<'a>, part: Part) -> Names<'r, 'a> {
        Names { resource, part, seen: Vec::new() }
    }

    /// The name of the next part. Says if it has none, one that cannot be, or that of a part before it.
    pub(super) fn next(&mut self, holder: &'a Data<'a>, found: &mut Vec<Found<'a>>) -> Option<&'a str> {
        let (one, several) = match self.part {
            Part::Container => ("container", "containers"),
            Part::Volume => ("volume", "volumes"),
        };
        let Some(at) = holder.get("name") else {
            let headline = format!("a {one} of {} has no name", title(self.resource));
            found.push(Found::error(Code::BAD_PART_NAME, headline, holder, "`name` is not set"));
            return None;
        };
        let name = at.as_str()?;
        if let Some(wrong) = syntax::dns_label(name) {
            let headline = format!("no {one} can be called `{}`", super::short(name));
            found.push(Found::error(Code::BAD_PART_NAME, headline, at, format!("the name {wrong}")));
        }
        match self.seen.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => {
                let headline = format!("{} has two {several} named `{name}`", title(self.resource));
                let finding = Found::error(Code::DUPLICATE_PART, headline, at, "the second").also(first, "the first");
                found.push(match self.part {
                    Part::Container => finding.note("init containers count as well"),
                    Part::Volume => finding,
                });
            }
            None => self.seen.push((name, at)),
        }
        Some(name)
    }
}

fn spread<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let constraints = spec.list("topologySpreadConstraints");
    for (place, constraint) in constraints.iter().enumerate() {
        let key = |data: &Data<'a>| (data.text("topologyKey"), data.text("whenUnsatisfiable"));
        if let Some(first) = constraints[..place].iter().find(|other| key(other) == key(constraint)) {
            let headline = format!("{} spreads twice over `{}`", title(resource), key(constraint).0.unwrap_or(""));
            found.push(Found::error(Code::DUPLICATE_PART, headline, constraint, "the second").also(first, "the first"));
        }
        if constraint.get("maxSkew").and_then(Data::as_int).is_some_and(|skew| skew < 1) {
            let headline = format!("{} spreads its pods with a skew below 1", title(resource));
            let at = constraint.get("maxSkew").unwrap_or(constraint);
            found.push(Found::error(Code::BAD_WORKLOAD, headline, at, "must be at least 1"));
        }
    }
}
