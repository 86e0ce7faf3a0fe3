//! Roles and their bindings.

use forge_base::Code;

use super::headline::title;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// The group of roles and their bindings.
pub(super) const GROUP: &str = "rbac.authorization.k8s.io";

/// Checks a Role or ClusterRole.
pub(super) fn role<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    for rule in resource.data.get_list("rules") {
        let mut report = |at: &'a Data<'a>, label: &str| {
            let headline = format!("{} has an invalid rule", title(resource));
            violations.push(Violation::error(Code::BAD_ACCESS_RULE, headline, at, label));
        };
        if rule.get_list("verbs").is_empty() {
            report(rule.get("verbs").unwrap_or(rule), "`verbs` must not be empty");
        }
        let urls = rule.get("nonResourceURLs").filter(|urls| !urls.items().is_empty());
        match urls {
            Some(at) if resource.kind == "Role" => report(at, "only a `ClusterRole` may have `nonResourceURLs`"),
            Some(at) => {
                if !rule.get_list("resources").is_empty() || !rule.get_list("apiGroups").is_empty() {
                    report(at, "a rule applies to URLs or to resources, not to both");
                }
            }
            None => {
                if rule.get_list("apiGroups").is_empty() {
                    report(rule, "`apiGroups` must not be empty; the core group is `\"\"`");
                }
                if rule.get_list("resources").is_empty() {
                    report(rule, "`resources` must not be empty");
                }
            }
        }
    }
}

/// Checks a RoleBinding or ClusterRoleBinding.
pub(super) fn binding<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    match resource.get("roleRef") {
        Some(role) => role_ref(resource, role, violations),
        None => {
            let headline = format!("{} binds no role", title(resource));
            violations.push(Violation::error(Code::BAD_ACCESS_RULE, headline, resource.data, "`roleRef` is not set"));
        }
    }
    resource.data.get_list("subjects").iter().for_each(|at| subject(resource, at, violations));
}

fn role_ref<'a>(resource: &Resource<'a>, role: &'a Data<'a>, violations: &mut Violations<'a>) {
    let mut report = |at: Option<&'a Data<'a>>, label: &str| {
        let headline = format!("{} has an invalid `roleRef`", title(resource));
        violations.push(Violation::error(Code::BAD_ACCESS_RULE, headline, at.unwrap_or(role), label));
    };
    if !matches!(role.get_str("apiGroup"), None | Some("" | GROUP)) {
        report(role.get("apiGroup"), "must be `rbac.authorization.k8s.io`");
    }
    match role.get_str("kind") {
        Some("ClusterRole") => {}
        Some("Role") if resource.kind == "RoleBinding" => {}
        Some("Role") => report(role.get("kind"), "a `ClusterRoleBinding` must refer to a `ClusterRole`"),
        _ => report(role.get("kind"), "must be `Role` or `ClusterRole`"),
    }
    if matches!(role.get_str("name"), None | Some("")) {
        report(role.get("name"), "the role has no name");
    }
}

fn subject<'a>(resource: &Resource<'a>, subject: &'a Data<'a>, violations: &mut Violations<'a>) {
    let mut report = |at: Option<&'a Data<'a>>, label: &str| {
        let headline = format!("{} has an invalid subject", title(resource));
        violations.push(Violation::error(Code::BAD_ACCESS_RULE, headline, at.unwrap_or(subject), label));
    };
    let group = subject.get_str("apiGroup").unwrap_or("");
    match subject.get_str("kind") {
        Some("ServiceAccount") => {
            if !group.is_empty() {
                report(subject.get("apiGroup"), "a `ServiceAccount` belongs to the core group; remove this");
            }
            if resource.kind == "ClusterRoleBinding" && matches!(subject.get_str("namespace"), None | Some("")) {
                report(None, "a `ServiceAccount` needs a `namespace` here");
            }
        }
        Some("User" | "Group") => {
            if !matches!(group, "" | GROUP) {
                report(subject.get("apiGroup"), "must be `rbac.authorization.k8s.io`");
            }
        }
        _ => report(subject.get("kind"), "must be `ServiceAccount`, `User` or `Group`"),
    }
    if matches!(subject.get_str("name"), None | Some("")) {
        report(subject.get("name"), "the subject has no name");
    }
}
