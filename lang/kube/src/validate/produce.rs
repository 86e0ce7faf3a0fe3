//! What controllers make because of a resource, and what may come from elsewhere because of it.

use smol_str::SmolStr;

use super::facts::default_namespace;
use super::kind;
use crate::resource::{Data, Resource};

/// An object that somebody makes because of another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Product {
    pub(super) kind: &'static str,
    /// Whole, or only its beginning.
    pub(super) name: Match,
    /// None for every namespace.
    pub(super) namespace: Option<SmolStr>,
}

/// How the name of a product is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Match {
    Is(SmolStr),
    Begins(SmolStr),
}

impl Match {
    pub(super) fn fits(&self, name: &str) -> bool {
        match self {
            Match::Is(whole) => **whole == *name,
            Match::Begins(start) => name.starts_with(&**start),
        }
    }
}

/// Which namespaces a resource may bring things into that this program does not write.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) enum Opens {
    /// None.
    #[default]
    Nothing,
    /// This one, and perhaps the cluster.
    Namespace(SmolStr),
    /// Any, unless the program itself writes the files below this path.
    Files(SmolStr),
    /// Any.
    Everything,
}

/// Groups whose resources make nothing but what [`products`] says.
const QUIET: [&str; 12] = [
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

/// What is made because of a resource.
pub(super) fn products(resource: &Resource<'_>) -> Vec<Product> {
    let name = resource.name();
    let text = |path: &[&str]| resource.data.at(path).and_then(Data::as_str);
    let here = Some(default_namespace(resource.namespace()).into());
    let one = |kind, name: &str| vec![Product { kind, name: Match::Is(name.into()), namespace: here.clone() }];
    let anywhere = |kind, name: &str| vec![Product { kind, name: Match::Is(name.into()), namespace: None }];
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

/// A StatefulSet makes claims called `template-set-0` and so on.
fn claims(resource: &Resource<'_>) -> Vec<Product> {
    let templates = resource.get("spec").map_or(&[][..], |spec| spec.list("volumeClaimTemplates"));
    let names = templates.iter().filter_map(|template| template.at(&["metadata", "name"])?.as_str());
    let product = |name: &str| Product {
        kind: "PersistentVolumeClaim",
        name: Match::Begins(format!("{name}-{}-", resource.name()).into()),
        namespace: Some(default_namespace(resource.namespace()).into()),
    };
    names.map(product).collect()
}

/// Which namespaces a resource may bring other things into.
pub(super) fn opens(resource: &Resource<'_>) -> Opens {
    let group = resource.group();
    if kind::is_builtin_group(group) || QUIET.contains(&group) || !group.contains('.') {
        return Opens::Nothing;
    }
    let text = |path: &[&str]| resource.data.at(path).and_then(Data::as_str);
    let target = text(&["spec", "targetNamespace"]).or(text(&["spec", "destination", "namespace"]));
    match (group, resource.kind) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => Opens::Files(text(&["spec", "path"]).unwrap_or("").into()),
        ("argoproj.io", "ApplicationSet") | ("kyverno.io" | "policies.kyverno.io", _) => Opens::Everything,
        ("apiextensions.crossplane.io", _) => Opens::Everything,
        ("monitoring.coreos.com", "ServiceMonitor" | "PodMonitor" | "PrometheusRule" | "Probe") => Opens::Nothing,
        ("operator.victoriametrics.com", "VMServiceScrape" | "VMPodScrape" | "VMRule" | "VMProbe") => Opens::Nothing,
        _ => Opens::Namespace(default_namespace(target.unwrap_or(resource.namespace())).into()),
    }
}
