//! PriorityClasses and definitions of custom resources.

use forge_base::Code;

use super::{Found, syntax, title};
use crate::resource::{Data, Resource};

/// The highest value that is not the system's.
const HIGHEST: i64 = 1_000_000_000;
/// The classes that every cluster has.
pub(super) const SYSTEM: [&str; 2] = ["system-cluster-critical", "system-node-critical"];

/// Checks a PriorityClass.
pub(super) fn priority<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let name = resource.name();
    if name.starts_with("system-") {
        if !SYSTEM.contains(&name)
            && let Some(at) = resource.data.at(&["metadata", "name"])
        {
            let headline = format!("no `PriorityClass` can be called `{}`", super::short(name));
            found.push(Found::error(Code::BAD_CLASS, headline, at, "names that begin with `system-` are the system's"));
        }
    } else if let Some(at) = resource.get("value")
        && at.as_int().is_some_and(|value| value > HIGHEST)
    {
        let headline = format!("{} is too important", title(resource));
        found.push(Found::error(Code::BAD_CLASS, headline, at, format!("{HIGHEST} is the highest value")));
    }
    if let Some(at) = resource.get("preemptionPolicy")
        && at.as_str().is_some_and(|text| !matches!(text, "Never" | "PreemptLowerPriority"))
    {
        let headline = format!("{} has a `preemptionPolicy` that there is not", title(resource));
        found.push(Found::error(Code::BAD_CLASS, headline, at, "must be `PreemptLowerPriority` or `Never`"));
    }
}

/// Checks a CustomResourceDefinition.
pub(super) fn definition<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    let plural = spec.at(&["names", "plural"]).and_then(Data::as_str);
    if let (Some(plural), Some(group), Some(at)) = (plural, spec.text("group"), resource.data.at(&["metadata", "name"]))
        && at.as_str().is_some_and(|name| !syntax::is_placeholder(name) && name != format!("{plural}.{group}"))
    {
        let headline = format!("{} must be called `{plural}.{group}`", title(resource));
        found.push(Found::error(Code::BAD_CLASS, headline, at, "the name is the plural and the group"));
    }
    let stored = spec.list("versions").iter().filter(|version| version.get("storage").is_some_and(Data::is_true));
    let count = stored.count();
    if count != 1
        && let Some(at) = spec.get("versions")
    {
        let headline = format!("{} stores {count} of its versions", title(resource));
        found.push(Found::error(Code::BAD_CLASS, headline, at, "exactly one has `storage = true`"));
    }
}
