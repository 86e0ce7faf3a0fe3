//! Validates finished resources the way an API server does.
//!
//! [`check_resource`] applies the rules for single resources, [`check_cluster`] the rules across resources. An error is
//! something that the API server rejects; a warning is something that it accepts but that is probably a mistake. When in
//! doubt nothing is reported: a manifest that the API server accepts is never an error, but for the few rules that
//! `docs/reference/14-kubernetes.md` lists, each of which can be waived.
//! Rules read only the output, so they do not depend on where a value came from.

mod access;
mod admission;
mod cel;
mod class;
mod cluster;
mod config;
mod container;
mod generated;
mod headline;
mod ingress;
mod kind;
mod metadata;
mod network;
mod part;
mod pod;
mod port;
mod quantity;
mod reference;
mod scaling;
mod schedule;
mod selector;
mod service;
mod storage;
mod summary;
mod syntax;
mod union;
mod violation;
mod volume;
mod workload;

pub use cel::{CelRule, CelRules};
pub use cluster::{ObjectRef, check_cluster};
pub use summary::ObjectSummary;
pub use violation::{Violation, Violations};

use crate::resource::Resource;
use crate::version::Version;

/// A rule for a single resource.
type ResourceRule = for<'a> fn(&Resource<'a>, &mut Violations<'a>);

/// The rules for built-in kinds: API group, kinds, rule.
const RULES: &[(&str, &[&str], ResourceRule)] = &[
    ("", &["Pod", "PodTemplate", "ReplicationController"], pod::check),
    ("apps", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], pod::check),
    ("batch", &["Job", "CronJob"], pod::check),
    ("apps", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], workload::check),
    ("batch", &["Job"], workload::job),
    ("batch", &["CronJob"], workload::cron_job),
    ("", &["Pod", "PodTemplate", "ReplicationController"], storage::ephemeral),
    ("apps", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], storage::ephemeral),
    ("batch", &["Job", "CronJob"], storage::ephemeral),
    ("", &["Service"], service::check),
    ("", &["Endpoints"], service::endpoints),
    ("", &["PersistentVolumeClaim"], storage::claim),
    ("", &["PersistentVolume"], storage::volume),
    ("storage.k8s.io", &["StorageClass"], storage::class),
    ("", &["ConfigMap"], config::config_map),
    ("", &["Secret"], config::secret),
    ("", &["ResourceQuota", "PersistentVolume", "PersistentVolumeClaim", "LimitRange"], quantity::check),
    ("apps", &["StatefulSet"], quantity::check),
    ("autoscaling", &["HorizontalPodAutoscaler"], scaling::autoscaler),
    ("policy", &["PodDisruptionBudget"], scaling::budget),
    ("networking.k8s.io", &["NetworkPolicy"], network::check),
    ("networking.k8s.io", &["Ingress"], ingress::check),
    (access::GROUP, &["Role", "ClusterRole"], access::role),
    (access::GROUP, &["RoleBinding", "ClusterRoleBinding"], access::binding),
    ("scheduling.k8s.io", &["PriorityClass"], class::priority),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"], class::definition),
    ("apiregistration.k8s.io", &["APIService"], class::api_service),
    (
        "admissionregistration.k8s.io",
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
        admission::webhooks,
    ),
    ("admissionregistration.k8s.io", &["MutatingAdmissionPolicy", "ValidatingAdmissionPolicy"], admission::policy),
    ("admissionregistration.k8s.io", &["ValidatingAdmissionPolicyBinding"], admission::binding),
    ("", &["ReplicationController"], workload::controller),
];

/// Checks one resource against a Kubernetes version. The items of a `List` are resources of their own.
pub fn check_resource<'a>(resource: &Resource<'a>, target: Version) -> Violations<'a> {
    let mut violations = Vec::new();
    if resource.kind.ends_with("List") {
        for item in kind::list_items(resource) {
            violations.extend(check_resource(&item, target));
        }
    }
    if kind::is_file_only(resource) {
        return violations;
    }
    metadata::check(resource, target, &mut violations);
    let own = resource.group();
    for (group, kinds, rule) in RULES {
        if *group == own && kinds.contains(&resource.kind) {
            rule(resource, &mut violations);
        }
    }
    if target >= storage::CLAIM_TEMPLATES_CHECKED && (own, resource.kind) == ("apps", "StatefulSet") {
        storage::claim_templates(resource, &mut violations);
    }
    violations
}
