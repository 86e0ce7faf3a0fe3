//! Objects that controllers generate from a resource, and objects that a resource may bring in from elsewhere.

use smol_str::SmolStr;

use super::kind;
use super::kind::default_namespace;
use crate::resource::{Data, Resource};

/// An object that a controller generates from another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct GeneratedObject {
    pub(super) kind: &'static str,
    /// Its name, or a prefix of it.
    pub(super) name: NameMatch,
    /// Its namespace; `None` for all namespaces.
    pub(super) namespace: Option<SmolStr>,
}

impl GeneratedObject {
    /// Whether it is of a kind and may be in a namespace.
    pub(super) fn is_candidate(&self, kind: &str, namespace: &str) -> bool {
        self.kind == kind && self.namespace.as_ref().is_none_or(|own| **own == *namespace)
    }
}

/// A pattern for the name of a generated object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum NameMatch {
    Exact(SmolStr),
    Prefix(SmolStr),
}

impl NameMatch {
    pub(super) fn matches(&self, name: &str) -> bool {
        match self {
            NameMatch::Exact(whole) => **whole == *name,
            NameMatch::Prefix(start) => name.starts_with(&**start),
        }
    }
}

/// The namespaces into which a resource may bring objects that this program does not define.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) enum ForeignObjects {
    /// No namespace.
    #[default]
    None,
    /// This namespace, and cluster-scoped objects.
    InNamespace(SmolStr),
    /// Any namespace, unless the program itself writes the files below this path.
    FromFiles(SmolStr),
    /// Any namespace.
    Anywhere,
}

/// API groups whose resources bring in nothing beyond [`generated_objects`].
const WITHOUT_FOREIGN_OBJECTS: [&str; 12] = [
    "gateway.networking.k8s.io",
    "cert-manager.io",
    "trust.cert-manager.io",
    "external-secrets.io",
    "bitnami.com",
    "cilium.io",
    "metallb.io",
    "source.toolkit.fluxcd.io",
    "notification.toolkit.fluxcd.io",
    "image.toolkit.fluxcd.io",
    "snapshot.storage.k8s.io",
    "policy.networking.k8s.io",
];

/// The objects that controllers generate from a resource.
pub(super) fn generated_objects(resource: &Resource<'_>) -> Vec<GeneratedObject> {
    let name = resource.name();
    let text = |path: &[&str]| resource.data.at(path).and_then(Data::as_str);
    let here = Some(default_namespace(resource.namespace()).into());
    let one =
        |kind, name: &str| vec![GeneratedObject { kind, name: NameMatch::Exact(name.into()), namespace: here.clone() }];
    let anywhere =
        |kind, name: &str| vec![GeneratedObject { kind, name: NameMatch::Exact(name.into()), namespace: None }];
    match (resource.group(), resource.kind) {
        ("external-secrets.io", "ExternalSecret") => one("Secret", text(&["spec", "target", "name"]).unwrap_or(name)),
        ("external-secrets.io", "ClusterExternalSecret") => {
            let spec = &["spec", "externalSecretSpec", "target", "name"];
            anywhere("Secret", text(spec).or(text(&["spec", "externalSecretName"])).unwrap_or(name))
        }
        ("cert-manager.io", "Certificate") => {
            text(&["spec", "secretName"]).map_or_else(Vec::new, |name| one("Secret", name))
        }
        ("trust.cert-manager.io", "Bundle") => anywhere("ConfigMap", name),
        ("bitnami.com", "SealedSecret") => {
            one("Secret", text(&["spec", "template", "metadata", "name"]).unwrap_or(name))
        }
        ("apps", "StatefulSet") => claims(resource),
        _ => Vec::new(),
    }
}

/// The claims that a StatefulSet creates, named `template-set-0` and so on.
fn claims(resource: &Resource<'_>) -> Vec<GeneratedObject> {
    let templates = resource.get("spec").map_or(&[][..], |spec| spec.get_list("volumeClaimTemplates"));
    let names = templates.iter().filter_map(|template| template.at(&["metadata", "name"])?.as_str());
    let product = |name: &str| GeneratedObject {
        kind: "PersistentVolumeClaim",
        name: NameMatch::Prefix(format!("{name}-{}-", resource.name()).into()),
        namespace: Some(default_namespace(resource.namespace()).into()),
    };
    names.map(product).collect()
}

/// The namespaces into which a resource may bring other objects.
pub(super) fn foreign_objects(resource: &Resource<'_>) -> ForeignObjects {
    let group = resource.group();
    if kind::is_builtin_group(group) || WITHOUT_FOREIGN_OBJECTS.contains(&group) || !group.contains('.') {
        return ForeignObjects::None;
    }
    let text = |path: &[&str]| resource.data.at(path).and_then(Data::as_str);
    let target = text(&["spec", "targetNamespace"]).or(text(&["spec", "destination", "namespace"]));
    match (group, resource.kind) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => {
            ForeignObjects::FromFiles(text(&["spec", "path"]).unwrap_or("").into())
        }
        ("argoproj.io", "ApplicationSet") | ("kyverno.io" | "policies.kyverno.io", _) => ForeignObjects::Anywhere,
        ("apiextensions.crossplane.io", _) => ForeignObjects::Anywhere,
        ("monitoring.coreos.com", "ServiceMonitor" | "PodMonitor" | "PrometheusRule" | "Probe") => ForeignObjects::None,
        ("operator.victoriametrics.com", "VMServiceScrape" | "VMPodScrape" | "VMRule" | "VMProbe") => {
            ForeignObjects::None
        }
        _ => ForeignObjects::InNamespace(default_namespace(target.unwrap_or(resource.namespace())).into()),
    }
}
