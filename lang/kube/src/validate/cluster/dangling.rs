//! Dangling references: an object refers to another that does not exist.

use forge_base::{Code, suggest};

use super::cx::{ClusterCx, ClusterViolation};
use super::object_ref::{ObjectPart, ObjectRef};
use crate::validate::class::SYSTEM;
use crate::validate::generated::NameMatch;
use crate::validate::reference::PortRef;
use crate::validate::summary::{ObjectSummary, OwnedReference};
use crate::validate::violation::Violation;

/// Reports references to objects or ports that do not exist.
pub(super) fn check(cx: &ClusterCx<'_>, violations: &mut Vec<ClusterViolation>) {
    for (object, summary) in cx.objects.iter().enumerate() {
        for (index, reference) in summary.references.iter().enumerate() {
            let object_ref = ObjectRef { object, part: ObjectPart::Reference(index) };
            match cx.find(reference.group, reference.kind, &reference.namespace, &reference.name) {
                Some(target) => violations.extend(port(cx, summary, reference, object_ref, target)),
                None => violations.extend(missing(cx, summary, reference, object_ref)),
            }
        }
    }
}

fn missing(
    cx: &ClusterCx<'_>,
    summary: &ObjectSummary,
    reference: &OwnedReference,
    object_ref: ObjectRef,
) -> Option<ClusterViolation> {
    if is_everywhere(reference) || is_generated(cx, reference) || !is_owned(cx, reference) {
        return None;
    }
    let headline =
        format!("{} refers to {} `{}`, which does not exist", summary.title(), reference.kind, reference.name);
    let location = match &*reference.namespace {
        "" => String::new(),
        namespace => format!(" in namespace `{namespace}`"),
    };
    let label = format!("this program defines no {} of this name{location}", reference.kind);
    let others: Vec<usize> = cx.of_kind(reference.group, reference.kind, &reference.namespace).collect();
    let own = others.iter().map(|&index| &*cx.objects[index].name);
    let names = own.chain(generated_names(cx, reference));
    let near = suggest::nearest(&reference.name, names.clone()).or_else(|| longest_part(&reference.name, names));
    let violation = Violation::warning(Code::UNKNOWN_REFERENCE, headline, object_ref, label);
    Some(match near {
        Some(near) => {
            let at = others.iter().copied().find(|&index| *cx.objects[index].name == *near);
            let violation = violation.did_you_mean(Some(near));
            match at {
                Some(object) => violation.also(ObjectRef { object, part: ObjectPart::Name }, "this name is similar"),
                None => violation,
            }
        }
        None => elsewhere(cx, reference, violation),
    })
}

/// The longest of `names` that `name` extends by a suffix, or that extends `name`: `db` for `db-headless`.
fn longest_part<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let extends = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'));
    names.filter(|other| extends(name, other) || extends(other, name)).max_by_key(|other| other.len())
}

/// Points at an object of the same name in another namespace, which is a likely cause.
fn elsewhere(cx: &ClusterCx<'_>, reference: &OwnedReference, violation: ClusterViolation) -> ClusterViolation {
    let same = |object: &&ObjectSummary| object.is(reference.group, reference.kind) && object.name == reference.name;
    match cx.objects.iter().position(same) {
        Some(object) => {
            let label = format!("there is one in namespace `{}`", named(&cx.objects[object].namespace));
            violation.also(ObjectRef { object, part: ObjectPart::Name }, label)
        }
        None => violation.help("if something else creates it, say so: `@allow(\"F0742\", \"…\")` before the item"),
    }
}

fn named(namespace: &str) -> &str {
    if namespace.is_empty() { "default" } else { namespace }
}

/// Whether the referenced object exists in every cluster.
fn is_everywhere(reference: &OwnedReference) -> bool {
    let name = &*reference.name;
    match reference.kind {
        "ServiceAccount" => {
            name == "default" || matches!(&*reference.namespace, "kube-system" | "kube-public" | "kube-node-lease")
        }
        "ConfigMap" => {
            name == "kube-root-ca.crt"
                || name == "extension-apiserver-authentication" && &*reference.namespace == "kube-system"
        }
        "PriorityClass" => SYSTEM.contains(&name),
        "ClusterRole" => name.starts_with("system:") || matches!(name, "admin" | "edit" | "view" | "cluster-admin"),
        "Role" => match &*reference.namespace {
            "kube-system" => name == "extension-apiserver-authentication-reader" || name.starts_with("system:"),
            "kube-public" => name.starts_with("system:"),
            _ => false,
        },
        "Service" => name == "kubernetes" && reference.namespace.is_empty(),
        _ => false,
    }
}

/// The names of the objects of the same kind that controllers generate from others, in the same namespace.
fn generated_names<'c>(cx: &'c ClusterCx<'_>, reference: &OwnedReference) -> impl Iterator<Item = &'c str> + Clone {
    let generated = cx.generators.iter().flat_map(|&index| &cx.objects[index].generates);
    generated.filter_map(|generated| match &generated.name {
        NameMatch::Exact(name) if generated.is_candidate(reference.kind, &reference.namespace) => Some(&**name),
        _ => None,
    })
}

fn is_generated(cx: &ClusterCx<'_>, reference: &OwnedReference) -> bool {
    cx.generators.iter().flat_map(|&index| &cx.objects[index].generates).any(|generated| {
        generated.is_candidate(reference.kind, &reference.namespace) && generated.name.matches(&reference.name)
    })
}

/// Whether this program is expected to define the referenced object.
fn is_owned(cx: &ClusterCx<'_>, reference: &OwnedReference) -> bool {
    let has_others = || cx.of_kind(reference.group, reference.kind, &reference.namespace).next().is_some();
    if is_global(reference.kind) {
        return !cx.has_foreign_objects && has_others();
    }
    cx.is_closed(&reference.namespace) && (cx.namespaces.contains(&*reference.namespace) || has_others())
}

fn is_global(kind: &str) -> bool {
    const GLOBAL: [&str; 7] = [
        "PriorityClass",
        "StorageClass",
        "IngressClass",
        "GatewayClass",
        "ClusterRole",
        "ClusterIssuer",
        "ClusterSecretStore",
    ];
    GLOBAL.contains(&kind)
}

/// Checks the port of a reference to an existing Service.
fn port(
    cx: &ClusterCx<'_>,
    summary: &ObjectSummary,
    reference: &OwnedReference,
    object_ref: ObjectRef,
    target: usize,
) -> Option<ClusterViolation> {
    let service = &cx.objects[target];
    let (label, near) = match reference.port.as_ref()? {
        PortRef::Number(number) if service.ports.iter().any(|port| port.number == *number) => return None,
        PortRef::Name(name) if service.ports.iter().any(|port| port.name == *name) => return None,
        PortRef::Number(number) => (format!("it has no port {number}"), None),
        PortRef::Name(name) => {
            let names = service.ports.iter().map(|port| &*port.name).filter(|name| !name.is_empty());
            (format!("it has no port `{name}`"), suggest::nearest(name, names))
        }
    };
    if service.ports.is_empty() {
        return None;
    }
    let headline = format!("{} refers to a port that {} does not have", summary.title(), service.title());
    let has: Vec<String> =
        service
            .ports
            .iter()
            .map(|port| {
                if port.name.is_empty() { port.number.to_string() } else { format!("{} ({})", port.number, port.name) }
            })
            .collect();
    Some(
        Violation::warning(Code::UNKNOWN_TARGET_PORT, headline, object_ref, label)
            .also(ObjectRef { object: target, part: ObjectPart::Ports }, format!("it has {}", has.join(", ")))
            .did_you_mean(near),
    )
}
