//! What the rules know of kinds: scope, the form of names, and who is responsible for a group.

use crate::Scope;
use crate::resource::Resource;

/// What the name of an object must look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NameForm {
    /// `dns_label`
    Label,
    /// `dns_1035_label`, and `dns_label` for newer versions.
    Service,
    /// `dns_subdomain`
    Subdomain,
    /// `path_segment`
    Segment,
}

/// The groups of Kubernetes itself.
const BUILTIN_GROUPS: [&str; 21] = [
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Kinds of Kubernetes itself whose names are made of DNS labels. Those of other kinds may be any part of a path, as far as is known here.
const SUBDOMAINS: [&str; 27] = [
    "ConfigMap",
    "CronJob",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "Ingress",
    "IngressClass",
    "Job",
    "LimitRange",
    "NetworkPolicy",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "PriorityClass",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "RuntimeClass",
    "Secret",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
    "HorizontalPodAutoscaler",
];

/// Whether a group belongs to Kubernetes itself.
pub(crate) fn is_builtin_group(group: &str) -> bool {
    BUILTIN_GROUPS.contains(&group)
}

/// Where objects of a resource's kind live, if that is known.
pub(crate) fn scope(resource: &Resource<'_>) -> Option<Scope> {
    if is_common(resource) {
        return Some(Scope::Namespaced);
    }
    crate::kind(resource.api_version, resource.kind).map(|kind| kind.scope)
}

/// Whether it is one of the kinds that most resources are of; for them the table need not be asked.
pub(crate) fn is_common(resource: &Resource<'_>) -> bool {
    match resource.api_version {
        "v1" => matches!(
            resource.kind,
            "ConfigMap" | "Secret" | "Service" | "ServiceAccount" | "PersistentVolumeClaim" | "Pod"
        ),
        "apps/v1" => matches!(resource.kind, "Deployment" | "StatefulSet" | "DaemonSet"),
        _ => false,
    }
}

/// What an object may be called.
pub(crate) fn name_form(resource: &Resource<'_>) -> NameForm {
    match (resource.group(), resource.kind) {
        ("", "Namespace") => NameForm::Label,
        ("", "Service") => NameForm::Service,
        (group, kind) if is_builtin_group(group) && !SUBDOMAINS.contains(&kind) => NameForm::Segment,
        _ => NameForm::Subdomain,
    }
}

/// Whether it is a kind that an API server has: one of Kubernetes itself, or a custom resource.
pub(crate) fn is_object(resource: &Resource<'_>) -> bool {
    let group = resource.group();
    if is_builtin_group(group) { scope(resource).is_some() } else { group.contains('.') }
}

/// Whether it is written for a tool that reads files, and never sent to an API server.
pub(crate) fn is_file_only(resource: &Resource<'_>) -> bool {
    let group = resource.group();
    let tools = ["kustomize.config.k8s.io", "kubeadm.k8s.io", "kind.x-k8s.io", "audit.k8s.io", "k3d.io"];
    tools.contains(&group) || group.contains(".config.") || resource.kind == "List"
}
