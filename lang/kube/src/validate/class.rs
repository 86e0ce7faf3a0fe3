//! PriorityClasses, CustomResourceDefinitions and APIServices.

use forge_base::Code;

use super::headline::{shorten, title};
use super::syntax;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// The maximum priority that is not reserved for the system.
const HIGHEST: i64 = 1_000_000_000;
/// The priority classes that exist in every cluster.
pub(super) const SYSTEM: [&str; 2] = ["system-cluster-critical", "system-node-critical"];

/// Checks a PriorityClass.
pub(super) fn priority<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let name = resource.name();
    if name.starts_with("system-") {
        if !SYSTEM.contains(&name)
            && let Some(at) = resource.data.at(&["metadata", "name"])
        {
            let headline = format!("`{}` is not a valid `PriorityClass` name", shorten(name));
            violations.push(Violation::error(
                Code::BAD_CLASS,
                headline,
                at,
                "names that start with `system-` are reserved",
            ));
        }
    } else if let Some(at) = resource.get("value")
        && at.as_int().is_some_and(|value| value > HIGHEST)
    {
        let headline = format!("{} has a priority that is too high", title(resource));
        violations.push(Violation::error(Code::BAD_CLASS, headline, at, format!("the maximum is {HIGHEST}")));
    }
    if let Some(at) = resource.get("preemptionPolicy")
        && at.as_str().is_some_and(|text| !matches!(text, "Never" | "PreemptLowerPriority"))
    {
        let headline = format!("{} has an invalid `preemptionPolicy`", title(resource));
        violations.push(Violation::error(Code::BAD_CLASS, headline, at, "must be `PreemptLowerPriority` or `Never`"));
    }
}

/// Checks an APIService.
pub(super) fn api_service<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    let (Some(version), Some(at)) = (spec.get_str("version"), resource.data.at(&["metadata", "name"])) else { return };
    let wanted = format!("{version}.{}", spec.get_str("group").unwrap_or(""));
    if at.as_str().is_some_and(|name| !syntax::is_placeholder(name) && name != wanted) {
        let headline = format!("{} must be named `{wanted}`", title(resource));
        let label = "the name must be the version followed by the group";
        violations.push(Violation::error(Code::BAD_CLASS, headline, at, label));
    }
}

/// Checks a CustomResourceDefinition.
pub(super) fn definition<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    let plural = spec.at(&["names", "plural"]).and_then(Data::as_str);
    if let (Some(plural), Some(group), Some(at)) =
        (plural, spec.get_str("group"), resource.data.at(&["metadata", "name"]))
        && at.as_str().is_some_and(|name| !syntax::is_placeholder(name) && name != format!("{plural}.{group}"))
    {
        let headline = format!("{} must be named `{plural}.{group}`", title(resource));
        violations.push(Violation::error(
            Code::BAD_CLASS,
            headline,
            at,
            "the name must be the plural followed by the group",
        ));
    }
    let stored = spec.get_list("versions").iter().filter(|version| version.get("storage").is_some_and(Data::is_true));
    let count = stored.count();
    if count != 1
        && let Some(at) = spec.get("versions")
    {
        let headline = format!("{} has {count} storage versions", title(resource));
        violations.push(Violation::error(
            Code::BAD_CLASS,
            headline,
            at,
            "exactly one version must have `storage = true`",
        ));
    }
}
