//! NetworkPolicies.

use forge_base::Code;

use super::{Found, selector, syntax, title};
use crate::resource::{Data, Resource};

/// Checks a NetworkPolicy.
pub(super) fn check<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    if let Some(own) = spec.get("podSelector") {
        selector::check(resource, own, found);
    }
    for at in spec.list("policyTypes") {
        if at.as_str().is_some_and(|text| text != "Ingress" && text != "Egress") {
            let headline = format!("{} is of a type that there is not", title(resource));
            found.push(Found::error(Code::BAD_NETWORK_POLICY, headline, at, "must be `Ingress` or `Egress`"));
        }
    }
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.list(rules) {
            rule.list("ports").iter().for_each(|at| port(resource, at, found));
            rule.list(peers).iter().for_each(|at| peer(resource, at, found));
        }
    }
}

fn port<'a>(resource: &Resource<'a>, port: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let mut say = |at: &'a Data<'a>, wrong: String| {
        let headline = format!("{} has a port that cannot be", title(resource));
        found.push(Found::error(Code::BAD_NETWORK_POLICY, headline, at, wrong));
    };
    if let Some(at) = port.get("protocol")
        && at.as_str().is_some_and(|text| !matches!(text, "TCP" | "UDP" | "SCTP"))
    {
        say(at, String::from("the protocol must be `TCP`, `UDP` or `SCTP`"));
    }
    let number = port.get("port");
    match number {
        Some(at @ Data::Int(number)) => {
            if let Some(wrong) = syntax::port_number(*number) {
                say(at, format!("the number {wrong}"));
            }
        }
        Some(at @ Data::Str(name)) => {
            if let Some(wrong) = syntax::port_name(name) {
                say(at, format!("the name {wrong}"));
            }
        }
        _ => {}
    }
    let Some(end) = port.get("endPort") else { return };
    match (number, end.as_int()) {
        (Some(Data::Int(from)), Some(to)) if to < *from => say(end, format!("it ends before it begins, at {from}")),
        (Some(Data::Int(_)), Some(to)) if to > 65535 => say(end, String::from("65535 is the last port")),
        (Some(Data::Int(_)), _) => {}
        _ => say(end, String::from("`endPort` needs a `port` that is a number")),
    }
}

fn peer<'a>(resource: &Resource<'a>, peer: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    for name in ["podSelector", "namespaceSelector"] {
        if let Some(own) = peer.get(name) {
            selector::check(resource, own, found);
        }
    }
    let selector = peer.get("podSelector").or(peer.get("namespaceSelector"));
    let Some(block) = peer.get("ipBlock") else {
        if selector.is_none() {
            let headline = format!("{} has a peer that says nothing", title(resource));
            let label = "one of `ipBlock`, `podSelector` or `namespaceSelector` must be set";
            found.push(Found::error(Code::ONE_OF, headline, peer, label));
        }
        return;
    };
    if let Some(other) = selector {
        let headline = format!("{} has a peer with both addresses and a selector", title(resource));
        found.push(Found::error(Code::ONE_OF, headline, block, "addresses here").also(other, "a selector here"));
    }
    for at in block.get("cidr").into_iter().chain(block.list("except")) {
        if let Some(wrong) = at.as_str().and_then(syntax::cidr) {
            let headline = format!("{} names a network that cannot be", title(resource));
            found.push(Found::error(Code::BAD_NETWORK_POLICY, headline, at, format!("it {wrong}")));
        }
    }
}
