//! Roles and their bindings.

use forge_base::Code;

use super::{Found, title};
use crate::resource::{Data, Resource};

/// The group of roles and their bindings.
pub(super) const GROUP: &str = "rbac.authorization.k8s.io";

/// Checks a Role or ClusterRole.
pub(super) fn role<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    for rule in resource.data.list("rules") {
        let mut say = |at: &'a Data<'a>, label: &str| {
            let headline = format!("{} has a rule that cannot be", title(resource));
            found.push(Found::error(Code::BAD_ACCESS_RULE, headline, at, label));
        };
        if rule.list("verbs").is_empty() {
            say(rule.get("verbs").unwrap_or(rule), "`verbs` needs an item");
        }
        let urls = rule.get("nonResourceURLs").filter(|urls| !urls.items().is_empty());
        match urls {
            Some(at) if resource.kind == "Role" => say(at, "only a ClusterRole can be about URLs"),
            Some(at) => {
                if !rule.list("resources").is_empty() || !rule.list("apiGroups").is_empty() {
                    say(at, "a rule is about URLs or about resources, not both");
                }
            }
            None => {
                if rule.list("apiGroups").is_empty() {
                    say(rule, "`apiGroups` needs an item; `\"\"` is the core group");
                }
                if rule.list("resources").is_empty() {
                    say(rule, "`resources` needs an item");
                }
            }
        }
    }
}

/// Checks a RoleBinding or ClusterRoleBinding.
pub(super) fn binding<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    match resource.get("roleRef") {
        Some(role) => role_ref(resource, role, found),
        None => {
            let headline = format!("{} binds no role", title(resource));
            found.push(Found::error(Code::BAD_ACCESS_RULE, headline, resource.data, "`roleRef` is not set"));
        }
    }
    resource.data.list("subjects").iter().for_each(|at| subject(resource, at, found));
}

fn role_ref<'a>(resource: &Resource<'a>, role: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let mut say = |at: Option<&'a Data<'a>>, label: &str| {
        let headline = format!("{} binds a role that cannot be", title(resource));
        found.push(Found::error(Code::BAD_ACCESS_RULE, headline, at.unwrap_or(role), label));
    };
    if !matches!(role.text("apiGroup"), None | Some("" | GROUP)) {
        say(role.get("apiGroup"), "must be `rbac.authorization.k8s.io`");
    }
    match role.text("kind") {
        Some("ClusterRole") => {}
        Some("Role") if resource.kind == "RoleBinding" => {}
        Some("Role") => say(role.get("kind"), "a ClusterRoleBinding binds a `ClusterRole`"),
        _ => say(role.get("kind"), "must be `Role` or `ClusterRole`"),
    }
    if matches!(role.text("name"), None | Some("")) {
        say(role.get("name"), "the role has no name");
    }
}

fn subject<'a>(resource: &Resource<'a>, subject: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let mut say = |at: Option<&'a Data<'a>>, label: &str| {
        let headline = format!("{} binds a subject that cannot be", title(resource));
        found.push(Found::error(Code::BAD_ACCESS_RULE, headline, at.unwrap_or(subject), label));
    };
    let group = subject.text("apiGroup").unwrap_or("");
    match subject.text("kind") {
        Some("ServiceAccount") => {
            if !group.is_empty() {
                say(subject.get("apiGroup"), "a ServiceAccount is of the core group; leave this out");
            }
            if resource.kind == "ClusterRoleBinding" && matches!(subject.text("namespace"), None | Some("")) {
                say(None, "the ServiceAccount needs a `namespace` here");
            }
        }
        Some("User" | "Group") => {
            if !matches!(group, "" | GROUP) {
                say(subject.get("apiGroup"), "must be `rbac.authorization.k8s.io`");
            }
        }
        _ => say(subject.get("kind"), "must be `ServiceAccount`, `User` or `Group`"),
    }
    if matches!(subject.text("name"), None | Some("")) {
        say(subject.get("name"), "the subject has no name");
    }
}
