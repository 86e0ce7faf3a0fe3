//! What is referred to is there.

use forge_base::{Code, suggest};

use super::{Across, Cx, Part, Spot};
use crate::validate::Finding;
use crate::validate::class::SYSTEM;
use crate::validate::facts::{Facts, Wanted};
use crate::validate::reference::PortRef;

/// Says which references lead nowhere.
pub(super) fn check(cx: &Cx<'_>, found: &mut Vec<Across>) {
    for (object, facts) in cx.objects.iter().enumerate() {
        for (place, wanted) in facts.references.iter().enumerate() {
            let spot = Spot { object, part: Part::Reference(place) };
            match cx.find(wanted.group, wanted.kind, &wanted.namespace, &wanted.name) {
                Some(target) => found.extend(port(cx, facts, wanted, spot, target)),
                None => found.extend(missing(cx, facts, wanted, spot)),
            }
        }
    }
}

fn missing(cx: &Cx<'_>, facts: &Facts, wanted: &Wanted, spot: Spot) -> Option<Across> {
    if is_everywhere(wanted) || is_produced(cx, wanted) || !is_owned(cx, wanted) {
        return None;
    }
    let headline = format!("{} needs {} `{}`, which is not there", facts.title(), wanted.kind, wanted.name);
    let place = match &*wanted.namespace {
        "" => String::new(),
        namespace => format!(" in namespace `{namespace}`"),
    };
    let label = format!("this program has no {} of this name{place}", wanted.kind);
    let others: Vec<usize> = cx.of_kind(wanted.group, wanted.kind, &wanted.namespace).collect();
    let names = others.iter().map(|&place| &*cx.objects[place].name);
    let near = suggest::nearest(&wanted.name, names);
    let finding = Finding::error(Code::UNKNOWN_REFERENCE, headline, spot, label);
    Some(match near {
        Some(near) => {
            let at = others.iter().copied().find(|&place| *cx.objects[place].name == *near);
            let finding = finding.did_you_mean(Some(near));
            match at {
                Some(object) => finding.also(Spot { object, part: Part::Name }, "this one is near"),
                None => finding,
            }
        }
        None => elsewhere(cx, wanted, finding),
    })
}

/// The same name in another namespace is a likely cause.
fn elsewhere(cx: &Cx<'_>, wanted: &Wanted, finding: Across) -> Across {
    let same = |object: &&Facts| object.is(wanted.group, wanted.kind) && object.name == wanted.name;
    match cx.objects.iter().position(same) {
        Some(object) => {
            let label = format!("there is one in namespace `{}`", named(&cx.objects[object].namespace));
            finding.also(Spot { object, part: Part::Name }, label)
        }
        None => finding.help("an `@allow` before the item says who else makes it"),
    }
}

fn named(namespace: &str) -> &str {
    if namespace.is_empty() { "default" } else { namespace }
}

/// Whether every cluster has it.
fn is_everywhere(wanted: &Wanted) -> bool {
    let name = &*wanted.name;
    match wanted.kind {
        "ServiceAccount" => {
            name == "default" || matches!(&*wanted.namespace, "kube-system" | "kube-public" | "kube-node-lease")
        }
        "ConfigMap" => name == "kube-root-ca.crt",
        "PriorityClass" => SYSTEM.contains(&name),
        "ClusterRole" | "Role" => {
            name.starts_with("system:") || matches!(name, "admin" | "edit" | "view" | "cluster-admin")
        }
        "Service" => name == "kubernetes" && wanted.namespace.is_empty(),
        _ => false,
    }
}

fn is_produced(cx: &Cx<'_>, wanted: &Wanted) -> bool {
    cx.producers.iter().flat_map(|&place| &cx.objects[place].produces).any(|product| {
        product.kind == wanted.kind
            && product.name.fits(&wanted.name)
            && product.namespace.as_ref().is_none_or(|namespace| *namespace == wanted.namespace)
    })
}

/// Whether this program is the one that would define it.
fn is_owned(cx: &Cx<'_>, wanted: &Wanted) -> bool {
    let has_others = || cx.of_kind(wanted.group, wanted.kind, &wanted.namespace).next().is_some();
    if is_global(wanted.kind) {
        return !cx.has_guests && has_others();
    }
    cx.is_closed(&wanted.namespace) && (cx.namespaces.contains(&*wanted.namespace) || has_others())
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

/// The port of a Service that is there.
fn port(cx: &Cx<'_>, facts: &Facts, wanted: &Wanted, spot: Spot, target: usize) -> Option<Across> {
    let service = &cx.objects[target];
    let (label, near) = match wanted.port.as_ref()? {
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
    let headline = format!("{} leads to a port that {} does not have", facts.title(), service.title());
    let has: Vec<String> =
        service
            .ports
            .iter()
            .map(|port| {
                if port.name.is_empty() { port.number.to_string() } else { format!("{} ({})", port.number, port.name) }
            })
            .collect();
    Some(
        Finding::error(Code::UNKNOWN_TARGET_PORT, headline, spot, label)
            .also(Spot { object: target, part: Part::Ports }, format!("it has {}", has.join(", ")))
            .did_you_mean(near),
    )
}
