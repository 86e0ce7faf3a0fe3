//! Properties of kinds that the rules use: scope, name format, and whether the API group is built in.

use crate::resource::Resource;
use crate::scope::Scope;

/// The required format of an object name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NameFormat {
    /// A DNS label.
    Label,
    /// An RFC 1035 label; since Kubernetes 1.34 a DNS label.
    Service,
    /// A DNS subdomain; since Kubernetes 1.37 a DNS label.
    StatefulSet,
    /// A DNS subdomain.
    Subdomain,
    /// A URL path segment.
    Segment,
}

/// The built-in API groups.
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

/// Built-in kinds whose names are path segments; those of all others are DNS subdomains, but for a few labels.
const SEGMENTS: [(&str, &str); 9] = [
    ("", "Binding"),
    ("", "Event"),
    ("certificates.k8s.io", "CertificateSigningRequest"),
    ("networking.k8s.io", "IPAddress"),
    ("policy", "PodDisruptionBudget"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "RoleBinding"),
];

/// Whether an API group is built in.
pub(crate) fn is_builtin_group(group: &str) -> bool {
    BUILTIN_GROUPS.contains(&group)
}

/// The scope of a resource's kind, if known.
pub(crate) fn scope(resource: &Resource<'_>) -> Option<Scope> {
    if is_common(resource) {
        return Some(Scope::Namespaced);
    }
    crate::kinds::kind(resource.api_version, resource.kind).map(|kind| kind.scope)
}

/// Whether the resource is of one of the most common kinds, which need no table lookup.
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

/// The name format of a resource's kind.
pub(crate) fn name_format(resource: &Resource<'_>) -> NameFormat {
    match (resource.group(), resource.kind) {
        ("", "Namespace") => NameFormat::Label,
        ("", "Service") => NameFormat::Service,
        ("apps", "StatefulSet") => NameFormat::StatefulSet,
        (group, kind) if is_builtin_group(group) && SEGMENTS.contains(&(group, kind)) => NameFormat::Segment,
        _ => NameFormat::Subdomain,
    }
}

/// Whether the resource can be sent to an API server: a known built-in kind or a custom resource.
pub(crate) fn is_object(resource: &Resource<'_>) -> bool {
    let group = resource.group();
    if is_builtin_group(group) { scope(resource).is_some() } else { group.contains('.') }
}

/// The items of a `List`, or of the list of one kind, whose items need not repeat the kind.
pub(crate) fn list_items<'a>(list: &Resource<'a>) -> impl Iterator<Item = Resource<'a>> {
    let kind = list.kind.strip_suffix("List").filter(|kind| !kind.is_empty());
    let api_version = list.api_version;
    list.data.get_list("items").iter().filter_map(move |data| {
        let own = Resource::new(data);
        own.or_else(|| Some(Resource { data, api_version, kind: kind? }).filter(|item| !item.name().is_empty()))
    })
}

/// Whether the resource is read from a file by a tool and never sent to an API server. `Config` of `v1` is a kubeconfig.
pub(crate) fn is_file_only(resource: &Resource<'_>) -> bool {
    let group = resource.group();
    let tools = ["kustomize.config.k8s.io", "kubeadm.k8s.io", "kind.x-k8s.io", "audit.k8s.io", "k3d.io"];
    tools.contains(&group)
        || group.contains(".config.")
        || matches!((resource.api_version, resource.kind), ("v1", "List" | "Config"))
}

/// Normalizes `default` to the empty string, which is how an omitted namespace is represented.
pub(crate) fn default_namespace(namespace: &str) -> &str {
    if namespace == "default" { "" } else { namespace }
}
