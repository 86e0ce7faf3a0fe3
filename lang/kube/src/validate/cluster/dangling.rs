//! Dangling references: an object refers to another that does not exist.

use forge_base::{Code, suggest};

use super::cx::{ClusterCx, ClusterViolation};
use super::object_ref::{ObjectPart, ObjectRef};
use crate::validate::class::SYSTEM;
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
    let names = others.iter().map(|&index| &*cx.objects[index].name);
    let near = suggest::nearest(&reference.name, names);
    let violation = Violation::error(Code::UNKNOWN_REFERENCE, headline, object_ref, label);
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

/// Points at an object of the same name in another namespace, which is a likely cause.
fn elsewhere(cx: &ClusterCx<'_>, reference: &OwnedReference, violation: ClusterViolation) -> ClusterViolation {
    let same = |object: &&ObjectSummary| object.is(reference.group, reference.kind) && object.name == reference.name;
    match cx.objects.iter().position(same) {
        Some(object) => {
            let label = format!("there is one in namespace `{}`", named(&cx.objects[object].namespace));
            violation.also(ObjectRef { object, part: ObjectPart::Name }, label)
        }
        None => violation.help("if something else creates it, say so in an `@allow` before the item"),
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
        "ConfigMap" => name == "kube-root-ca.crt",
        "PriorityClass" => SYSTEM.contains(&name),
        "ClusterRole" | "Role" => {
            name.starts_with("system:") || matches!(name, "admin" | "edit" | "view" | "cluster-admin")
        }
        "Service" => name == "kubernetes" && reference.namespace.is_empty(),
        _ => false,
    }
}

fn is_generated(cx: &ClusterCx<'_>, reference: &OwnedReference) -> bool {
    cx.generators.iter().flat_map(|&index| &cx.objects[index].generates).any(|generated| {
        generated.kind == reference.kind
            && generated.name.matches(&reference.name)
            && generated.namespace.as_ref().is_none_or(|namespace| *namespace == reference.namespace)
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
        Violation::error(Code::UNKNOWN_TARGET_PORT, headline, object_ref, label)
            .also(ObjectRef { object: target, part: ObjectPart::Ports }, format!("it has {}", has.join(", ")))
            .did_you_mean(near),
    )
}
