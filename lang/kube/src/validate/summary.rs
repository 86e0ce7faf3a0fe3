//! Summaries of objects for the rules across resources: owned copies of a few strings, which can be sent to another thread.

use smol_str::SmolStr;

use super::headline::shorten;
use super::reference::{PortRef, references};
use super::{generated, kind, pod};
use crate::resource::{Data, Resource};
use crate::scope::Scope;

/// A label or a selector requirement: key and value.
pub(super) type Label = (SmolStr, SmolStr);

/// The facts about an object that the rules across resources need.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ObjectSummary {
    /// The API group; empty for the core group.
    pub(super) group: SmolStr,
    /// The kind.
    pub(super) kind: SmolStr,
    /// The name; empty if it is generated.
    pub(super) name: SmolStr,
    /// The namespace as written; empty for the default namespace and for cluster-scoped objects.
    pub(super) namespace: SmolStr,
    /// The output tree that it is written to, and the path in it.
    pub(super) file: Option<(u32, SmolStr)>,
    /// The pods that it creates.
    pub(super) pods: Option<Pods>,
    /// The ports of a Service.
    pub(super) ports: Vec<ServicePort>,
    /// The labels of its pod selector that pod templates can have, if it consists only of labels.
    pub(super) selector: Vec<Label>,
    /// The objects that must exist for it to work.
    pub(super) references: Vec<OwnedReference>,
    /// The objects of its own kind that it depends on: namespaces and names.
    pub(super) dependencies: Vec<(SmolStr, SmolStr)>,
    /// The objects that controllers generate from it.
    pub(super) generates: Vec<generated::GeneratedObject>,
    /// The namespaces into which it may bring objects from elsewhere.
    pub(super) foreign_objects: generated::ForeignObjects,
}

/// The pods that a workload creates.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Pods {
    pub(super) labels: Vec<Label>,
    /// The port names of all containers.
    pub(super) ports: Vec<SmolStr>,
}

/// A port of a Service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ServicePort {
    pub(super) name: SmolStr,
    pub(super) number: i64,
    /// The name of the target port, if it is given by name.
    pub(super) target: Option<SmolStr>,
}

/// A reference to another object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct OwnedReference {
    pub(super) group: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: SmolStr,
    /// Empty for the default namespace and for cluster-scoped objects.
    pub(super) namespace: SmolStr,
    pub(super) port: Option<PortRef>,
}

impl ObjectSummary {
    /// Summarizes a resource. `file` is the output tree and path that it is written to, or `None` if it is part of the
    /// stream. Returns `None` for resources that are never sent to an API server.
    pub fn new(resource: &Resource<'_>, file: Option<(u32, &str)>) -> Option<ObjectSummary> {
        if kind::is_file_only(resource) {
            return None;
        }
        let references = references(resource).into_iter().map(|found| OwnedReference {
            group: found.group,
            kind: found.kind,
            name: found.name.into(),
            namespace: found.namespace.into(),
            port: found.port,
        });
        Some(ObjectSummary {
            group: resource.group().into(),
            kind: resource.kind.into(),
            name: resource.name().into(),
            namespace: namespace_of(resource).into(),
            file: file.map(|(tree, path)| (tree, path.into())),
            pods: pods(resource),
            ports: ports(resource),
            selector: selector(resource),
            references: references.collect(),
            dependencies: dependencies(resource),
            generates: generated::generated_objects(resource),
            foreign_objects: generated::foreign_objects(resource),
        })
    }

    pub(super) fn is(&self, group: &str, kind: &str) -> bool {
        *self.kind == *kind && *self.group == *group
    }

    /// `Deployment `web``.
    pub(super) fn title(&self) -> String {
        format!("{} `{}`", self.kind, shorten(&self.name))
    }
}

/// The `dependsOn` entries of a Flux object.
fn dependencies(resource: &Resource<'_>) -> Vec<(SmolStr, SmolStr)> {
    let dependencies = match (resource.group(), resource.kind) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") | ("helm.toolkit.fluxcd.io", "HelmRelease") => {
            resource.get("spec").map_or(&[][..], |spec| spec.get_list("dependsOn"))
        }
        _ => &[],
    };
    let own = resource.namespace();
    let read = |wait: &Data<'_>| {
        let namespace = kind::default_namespace(wait.get_str("namespace").unwrap_or(own));
        (namespace.into(), wait.get_str("name").unwrap_or("").into())
    };
    dependencies.iter().map(read).collect()
}

/// The namespace; empty for cluster-scoped kinds.
fn namespace_of<'a>(resource: &Resource<'a>) -> &'a str {
    match kind::scope(resource) {
        Some(Scope::Cluster) => "",
        _ => kind::default_namespace(resource.namespace()),
    }
}

fn pods(resource: &Resource<'_>) -> Option<Pods> {
    let template = pod::template(resource)?;
    let ports = pod::containers(template.spec).flat_map(|container| container.get_list("ports"));
    Some(Pods {
        labels: labels(template.labels()),
        ports: ports.filter_map(|port| Some(port.get_str("name")?.into())).collect(),
    })
}

fn labels(entries: &[(&str, Data<'_>)]) -> Vec<Label> {
    entries.iter().filter_map(|(key, value)| Some(((*key).into(), value.as_str()?.into()))).collect()
}

fn ports(resource: &Resource<'_>) -> Vec<ServicePort> {
    if resource.kind != "Service" || !resource.group().is_empty() {
        return Vec::new();
    }
    let ports = resource.get("spec").map_or(&[][..], |spec| spec.get_list("ports"));
    let read = |port: &Data<'_>| ServicePort {
        name: port.get_str("name").unwrap_or("").into(),
        number: port.get("port").and_then(Data::as_int).unwrap_or(0),
        target: port.get_str("targetPort").filter(|target| !target.is_empty()).map(Into::into),
    };
    ports.iter().map(read).collect()
}

/// The pod selector without the labels that only running pods have.
fn selector(resource: &Resource<'_>) -> Vec<Label> {
    let mut selector = written_selector(resource);
    selector.retain(|(key, _)| !is_set_at_run_time(key));
    selector
}

/// Whether controllers or the scheduler set a label of pods, so that no pod template has it.
fn is_set_at_run_time(key: &str) -> bool {
    const KEYS: [&str; 10] = [
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "controller-revision-hash",
        "controller-uid",
        "job-name",
        "pod-template-generation",
        "pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
    ];
    KEYS.contains(&key) || key.starts_with("topology.kubernetes.io/") || key == "kubernetes.io/hostname"
}

fn written_selector(resource: &Resource<'_>) -> Vec<Label> {
    match (resource.group(), resource.kind) {
        ("", "Service") => resource.data.at(&["spec", "selector"]).map_or_else(Vec::new, |own| labels(own.entries())),
        ("policy", "PodDisruptionBudget") => match resource.data.at(&["spec", "selector"]) {
            Some(own) if own.get_list("matchExpressions").is_empty() => labels(own.get_map("matchLabels")),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
