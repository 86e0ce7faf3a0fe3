//! Admission webhooks and policies.

use forge_base::Code;

use super::headline::{shorten, title};
use super::union;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// Checks a ValidatingWebhookConfiguration or MutatingWebhookConfiguration.
pub(super) fn webhooks<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    for webhook in resource.data.get_list("webhooks") {
        let name = webhook.get_str("name").unwrap_or("");
        let owner = || format!("webhook `{}`", shorten(name));
        if let Some(client) = webhook.get("clientConfig") {
            union::one_of(client, owner, &["service", "url"], violations);
        }
        not_empty(webhook, owner, &["admissionReviewVersions"], violations);
        for rule in webhook.get_list("rules") {
            not_empty(rule, owner, &RULE, violations);
        }
    }
}

/// The lists of a rule that must not be empty.
const RULE: [&str; 4] = ["apiGroups", "apiVersions", "operations", "resources"];

/// Checks a ValidatingAdmissionPolicy or MutatingAdmissionPolicy.
pub(super) fn policy<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    let owner = || title(resource);
    if let Some(matched) = spec.get("matchConstraints") {
        not_empty(matched, owner, &["resourceRules"], violations);
        for rule in matched.get_list("resourceRules") {
            not_empty(rule, owner, &RULE, violations);
        }
    }
    let parts = match resource.kind {
        "ValidatingAdmissionPolicy" => ["validations", "auditAnnotations"],
        _ => ["mutations", "mutations"],
    };
    if parts.iter().all(|part| spec.get_list(part).is_empty()) {
        let headline = format!("{} does nothing", owner());
        let label =
            format!("{} must not be empty", union::list(if parts[0] == parts[1] { &parts[..1] } else { &parts }));
        violations.push(Violation::error(Code::MISSING_PART, headline, spec, label));
    }
}

/// Checks a ValidatingAdmissionPolicyBinding.
pub(super) fn binding<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    if let Some(spec) = resource.get("spec") {
        not_empty(spec, || title(resource), &["validationActions"], violations);
    }
}

/// Reports lists without items. `owner` names the enclosing object in headlines.
fn not_empty<'a>(holder: &'a Data<'a>, owner: impl Fn() -> String, lists: &[&str], violations: &mut Violations<'a>) {
    for list in lists.iter().filter(|list| holder.get_list(list).is_empty()) {
        let headline = format!("{} has no `{list}`", owner());
        let at = holder.get(list).unwrap_or(holder);
        violations.push(Violation::error(
            Code::MISSING_PART,
            headline,
            at,
            format!("`{list}` needs at least one item"),
        ));
    }
}
