//! Finished resources, looked at as an API server would.
//!
//! [`resource`] holds the rules of single resources, [`all`] those between them. Errors are what an API server refuses or what
//! can never work; warnings are what it takes and what is hardly meant. When in doubt nothing is said: a manifest that the API
//! server takes is never an error. Rules read the output and nothing else, so it does not matter where a value came from.

mod access;
mod class;
mod config;
mod container;
mod cross;
mod custom;
mod facts;
mod finding;
mod ingress;
mod kind;
mod metadata;
mod network;
mod pod;
mod produce;
mod quantity;
mod reference;
mod scaling;
mod schedule;
mod selector;
mod service;
mod syntax;
mod union;
mod volume;
mod workload;

pub use cross::{Spot, all};
pub use custom::{Rule as CustomRule, Rules};
pub use facts::Facts;
pub use finding::Finding;

use forge_base::Code;

use crate::Version;
use crate::resource::{Data, Resource};

/// What a rule of one resource has found.
pub type Found<'a> = Finding<&'a Data<'a>>;

/// A rule of one resource.
type Rule = for<'a> fn(&Resource<'a>, &mut Vec<Found<'a>>);

/// The rules for kinds of Kubernetes itself: group, kinds, rule.
const RULES: &[(&str, &[&str], Rule)] = &[
    ("", &["Pod", "PodTemplate", "ReplicationController"], pod::check),
    ("apps", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], pod::check),
    ("batch", &["Job", "CronJob"], pod::check),
    ("apps", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], workload::check),
    ("batch", &["Job"], workload::job),
    ("batch", &["CronJob"], workload::cron_job),
    ("", &["Service"], service::check),
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
];

/// Checks one resource for a version of Kubernetes.
pub fn resource<'a>(resource: &Resource<'a>, target: Version) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    if kind::is_file_only(resource) {
        return found;
    }
    metadata::check(resource, target, &mut found);
    let own = resource.group();
    for (group, kinds, rule) in RULES {
        if *group == own && kinds.contains(&resource.kind) {
            rule(resource, &mut found);
        }
    }
    found
}

/// `Deployment `web``, for headlines.
fn title(resource: &Resource<'_>) -> String {
    match resource.name() {
        "" => format!("this `{}`", resource.kind),
        name => format!("{} `{}`", resource.kind, short(name)),
    }
}

fn bad_port_name<'a>(name: &str, at: &'a Data<'a>, wrong: String) -> Found<'a> {
    let headline = format!("no port can be called `{}`", short(name));
    let finding = Found::error(Code::BAD_PART_NAME, headline, at, format!("the name {wrong}"));
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        finding.help("write the number without quotes")
    } else {
        finding
    }
}

/// A text that fits into a headline.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
