//! NetworkPolicies.

use forge_base::Code;

use super::headline::title;
use super::violation::{Violation, Violations};
use super::{selector, syntax};
use crate::resource::{Data, Resource};

/// Checks a NetworkPolicy.
pub(super) fn check<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    if let Some(own) = spec.get("podSelector") {
        selector::check(resource, own, violations);
    }
    for at in spec.get_list("policyTypes") {
        if at.as_str().is_some_and(|text| text != "Ingress" && text != "Egress") {
            let headline = format!("{} has an invalid policy type", title(resource));
            violations.push(Violation::error(Code::BAD_NETWORK_POLICY, headline, at, "must be `Ingress` or `Egress`"));
        }
    }
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.get_list(rules) {
            rule.get_list("ports").iter().for_each(|at| port(resource, at, violations));
            rule.get_list(peers).iter().for_each(|at| peer(resource, at, violations));
        }
    }
}

fn port<'a>(resource: &Resource<'a>, port: &'a Data<'a>, violations: &mut Violations<'a>) {
    let mut report = |at: &'a Data<'a>, problem: String| {
        let headline = format!("{} has an invalid port", title(resource));
        violations.push(Violation::error(Code::BAD_NETWORK_POLICY, headline, at, problem));
    };
    if let Some(at) = port.get("protocol")
        && at.as_str().is_some_and(|text| !matches!(text, "TCP" | "UDP" | "SCTP"))
    {
        report(at, String::from("the protocol must be `TCP`, `UDP` or `SCTP`"));
    }
    let number = port.get("port");
    match number {
        Some(at @ Data::Int(number)) => {
            if let Some(problem) = syntax::port_number(*number) {
                report(at, format!("the number {problem}"));
            }
        }
        Some(at @ Data::Str(name)) => {
            if let Some(problem) = syntax::port_name(name) {
                report(at, format!("the name {problem}"));
            }
        }
        _ => {}
    }
    let Some(end) = port.get("endPort") else { return };
    match (number, end.as_int()) {
        (Some(Data::Int(from)), Some(to)) if to < *from => {
            report(end, format!("the range ends before it starts, at {from}"))
        }
        (Some(Data::Int(_)), Some(to)) if to > 65535 => report(end, String::from("the maximum is 65535")),
        (Some(Data::Int(_)), _) => {}
        _ => report(end, String::from("`endPort` requires a numeric `port`")),
    }
}

fn peer<'a>(resource: &Resource<'a>, peer: &'a Data<'a>, violations: &mut Violations<'a>) {
    for name in ["podSelector", "namespaceSelector"] {
        if let Some(own) = peer.get(name) {
            selector::check(resource, own, violations);
        }
    }
    let selector = peer.get("podSelector").or(peer.get("namespaceSelector"));
    let Some(block) = peer.get("ipBlock") else {
        if selector.is_none() {
            let headline = format!("{} has an empty peer", title(resource));
            let label = "one of `ipBlock`, `podSelector` or `namespaceSelector` must be set";
            violations.push(Violation::error(Code::ONE_OF, headline, peer, label));
        }
        return;
    };
    if let Some(other) = selector {
        let headline = format!("{} has a peer with both addresses and a selector", title(resource));
        violations
            .push(Violation::error(Code::ONE_OF, headline, block, "addresses here").also(other, "a selector here"));
    }
    for at in block.get("cidr").into_iter().chain(block.get_list("except")) {
        if let Some(problem) = at.as_str().and_then(syntax::cidr) {
            let headline = format!("{} has an invalid network", title(resource));
            violations.push(Violation::error(Code::BAD_NETWORK_POLICY, headline, at, format!("it {problem}")));
        }
    }
}
