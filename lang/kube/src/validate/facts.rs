//! What the rules between resources need to know of each: a few texts, copied, so that they can leave the thread that read them.

use smol_str::SmolStr;

use super::reference::{PortRef, references};
use super::{kind, pod, produce};
use crate::Scope;
use crate::resource::{Data, Resource};

/// A label, or a part of a selector.
pub(super) type Label = (SmolStr, SmolStr);

/// What the rules between resources know of one.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The API group; empty for the core group.
    pub(super) group: SmolStr,
    /// The kind.
    pub(super) kind: SmolStr,
    /// The name; empty if it is generated.
    pub(super) name: SmolStr,
    /// The namespace as written; empty for the default one and for what is in none.
    pub(super) namespace: SmolStr,
    /// Which output folder it is written to, and where in it.
    pub(super) file: Option<(u32, SmolStr)>,
    /// The labels of the pods that it makes.
    pub(super) pods: Option<Pods>,
    /// What a Service opens.
    pub(super) ports: Vec<ServicePort>,
    /// Which pods it selects, if that is said with labels alone.
    pub(super) selector: Vec<Label>,
    /// What must be there for it to work.
    pub(super) references: Vec<Wanted>,
    /// What it waits for, of its own kind: namespaces and names.
    pub(super) waits: Vec<(SmolStr, SmolStr)>,
    /// What others make because of it.
    pub(super) produces: Vec<produce::Product>,
    /// Which namespaces it may bring things into that are not of this program.
    pub(super) opens: produce::Opens,
}

/// The pods that a workload makes.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Pods {
    pub(super) labels: Vec<Label>,
    /// The names of the ports of all containers.
    pub(super) ports: Vec<SmolStr>,
}

/// A port of a Service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ServicePort {
    pub(super) name: SmolStr,
    pub(super) number: i64,
    /// The name of the port of its pods, if it is meant by name.
    pub(super) target: Option<SmolStr>,
}

/// A reference to another object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    pub(super) group: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: SmolStr,
    /// Empty for the default namespace, and for what is in none.
    pub(super) namespace: SmolStr,
    pub(super) port: Option<PortRef>,
}

impl Facts {
    /// Reads a resource; `file` says which tree of files it is written to and at which path, if it is not part of the stream. None for
    /// what is never sent to an API server.
    pub fn new(resource: &Resource<'_>, file: Option<(u32, &str)>) -> Option<Facts> {
        if kind::is_file_only(resource) {
            return None;
        }
        let references = references(resource).into_iter().map(|found| Wanted {
            group: found.group,
            kind: found.kind,
            name: found.name.into(),
            namespace: found.namespace.into(),
            port: found.port,
        });
        Some(Facts {
            group: resource.group().into(),
            kind: resource.kind.into(),
            name: resource.name().into(),
            namespace: namespace_of(resource).into(),
            file: file.map(|(tree, path)| (tree, path.into())),
            pods: pods(resource),
            ports: ports(resource),
            selector: selector(resource),
            references: references.collect(),
            waits: waits(resource),
            produces: produce::products(resource),
            opens: produce::opens(resource),
        })
    }

    pub(super) fn is(&self, group: &str, kind: &str) -> bool {
        *self.kind == *kind && *self.group == *group
    }

    /// `Deployment `web``.
    pub(super) fn title(&self) -> String {
        format!("{} `{}`", self.kind, super::short(&self.name))
    }
}

/// What Flux lets an object wait for.
fn waits(resource: &Resource<'_>) -> Vec<(SmolStr, SmolStr)> {
    let waits = match (resource.group(), resource.kind) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") | ("helm.toolkit.fluxcd.io", "HelmRelease") => {
            resource.get("spec").map_or(&[][..], |spec| spec.list("dependsOn"))
        }
        _ => &[],
    };
    let own = resource.namespace();
    let read = |wait: &Data<'_>| {
        let namespace = default_namespace(wait.text("namespace").unwrap_or(own));
        (namespace.into(), wait.text("name").unwrap_or("").into())
    };
    waits.iter().map(read).collect()
}

/// The namespace, or nothing for the kinds that are in none.
fn namespace_of<'a>(resource: &Resource<'a>) -> &'a str {
    match kind::scope(resource) {
        Some(Scope::Cluster) => "",
        _ => default_namespace(resource.namespace()),
    }
}

/// `default` is what is meant where no namespace is named.
pub(super) fn default_namespace(namespace: &str) -> &str {
    if namespace == "default" { "" } else { namespace }
}

fn pods(resource: &Resource<'_>) -> Option<Pods> {
    let template = pod::template(resource)?;
    let ports = pod::containers(template.spec).flat_map(|container| container.list("ports"));
    Some(Pods {
        labels: labels(template.labels()),
        ports: ports.filter_map(|port| Some(port.text("name")?.into())).collect(),
    })
}

fn labels(entries: &[(&str, Data<'_>)]) -> Vec<Label> {
    entries.iter().filter_map(|(key, value)| Some(((*key).into(), value.as_str()?.into()))).collect()
}

fn ports(resource: &Resource<'_>) -> Vec<ServicePort> {
    if resource.kind != "Service" || !resource.group().is_empty() {
        return Vec::new();
    }
    let ports = resource.get("spec").map_or(&[][..], |spec| spec.list("ports"));
    let read = |port: &Data<'_>| ServicePort {
        name: port.text("name").unwrap_or("").into(),
        number: port.get("port").and_then(Data::as_int).unwrap_or(0),
        target: port.text("targetPort").filter(|target| !target.is_empty()).map(Into::into),
    };
    ports.iter().map(read).collect()
}

fn selector(resource: &Resource<'_>) -> Vec<Label> {
    match (resource.group(), resource.kind) {
        ("", "Service") => resource.data.at(&["spec", "selector"]).map_or_else(Vec::new, |own| labels(own.entries())),
        ("policy", "PodDisruptionBudget") => match resource.data.at(&["spec", "selector"]) {
            Some(own) if own.list("matchExpressions").is_empty() => labels(own.map("matchLabels")),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
