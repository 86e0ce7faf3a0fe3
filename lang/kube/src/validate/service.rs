//! Services and Endpoints.

use forge_base::Code;

use super::headline::title;
use super::port::bad_port_name;
use super::violation::{Violation, Violations};
use super::{metadata, syntax};
use crate::resource::{Data, Resource};

/// The default node port range.
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30000..=32767;

/// Checks a Service.
pub(super) fn check<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    metadata::label_map(resource, spec.get_map("selector"), violations);
    let ports = spec.get_list("ports");
    let kind = spec.get_str("type").unwrap_or("ClusterIP");
    if kind == "ExternalName" {
        if matches!(spec.get_str("externalName"), None | Some("")) {
            let headline = format!("{} has no `externalName`", title(resource));
            violations.push(Violation::error(Code::BAD_SERVICE, headline, spec, "`externalName` is not set"));
        }
    } else if ports.is_empty() && spec.get_str("clusterIP") != Some("None") {
        let headline = format!("{} has no ports", title(resource));
        violations.push(Violation::error(
            Code::BAD_SERVICE,
            headline,
            spec.get("ports").unwrap_or(spec),
            "at least one port is required",
        ));
    }
    for (index, port) in ports.iter().enumerate() {
        port_names(resource, ports, index, violations);
        numbers(resource, port, kind, violations);
        same_number(resource, ports, index, violations);
    }
}

/// Checks Endpoints: each subset needs an address.
pub(super) fn endpoints<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    for subset in resource.data.get_list("subsets") {
        if subset.get_list("addresses").is_empty() && subset.get_list("notReadyAddresses").is_empty() {
            let headline = format!("a subset of {} has no addresses", title(resource));
            let label = "`addresses` or `notReadyAddresses` must not be empty";
            violations.push(Violation::error(Code::MISSING_PART, headline, subset, label));
        }
    }
}

fn port_names<'a>(resource: &Resource<'a>, ports: &'a [Data<'a>], index: usize, violations: &mut Violations<'a>) {
    let port = &ports[index];
    let at = port.get("name").filter(|name| name.as_str() != Some(""));
    let Some(at) = at else {
        if ports.len() > 1 {
            let headline = format!("{} has several ports, one of them unnamed", title(resource));
            violations.push(Violation::error(
                Code::BAD_SERVICE,
                headline,
                port,
                "with several ports, each needs a `name`",
            ));
        }
        return;
    };
    let Some(name) = at.as_str() else { return };
    if let Some(problem) = syntax::dns_label(name) {
        violations.push(bad_port_name(name, at, problem));
    }
    let same = |other: &&Data<'a>| other.get_str("name") == Some(name);
    if let Some(first) = ports[..index].iter().find(same).and_then(|first| first.get("name")) {
        let headline = format!("{} has two ports named `{name}`", title(resource));
        violations.push(Violation::error(Code::DUPLICATE_PART, headline, at, "the second").also(first, "the first"));
    }
}

fn numbers<'a>(resource: &Resource<'a>, port: &'a Data<'a>, kind: &str, violations: &mut Violations<'a>) {
    for name in ["port", "targetPort"] {
        let Some(at) = port.get(name) else { continue };
        match at {
            // These stand for the Service port itself.
            Data::Int(0) | Data::Str("") if name == "targetPort" => {}
            Data::Int(number) => {
                if let Some(problem) = syntax::port_number(*number) {
                    let headline = format!("{} has an invalid `{name}`", title(resource));
                    violations.push(Violation::error(Code::BAD_SERVICE, headline, at, format!("the number {problem}")));
                }
            }
            Data::Str(text) if name == "targetPort" => {
                if let Some(problem) = syntax::port_name(text) {
                    violations.push(bad_port_name(text, at, problem));
                }
            }
            _ => {}
        }
    }
    let Some(at) = port.get("nodePort") else { return };
    let Some(number) = at.as_int().filter(|number| *number != 0) else { return };
    if kind == "ClusterIP" {
        let headline = format!("{} has a `nodePort` but type `ClusterIP`", title(resource));
        let label = "only allowed with `type = \"NodePort\"` or `\"LoadBalancer\"`";
        violations.push(Violation::error(Code::BAD_SERVICE, headline, at, label));
    } else if let Some(problem) = syntax::port_number(number) {
        let headline = format!("{} has an invalid `nodePort`", title(resource));
        violations.push(Violation::error(Code::BAD_SERVICE, headline, at, format!("the number {problem}")));
    } else if !NODE_PORTS.contains(&number) {
        let headline = format!("{} has node port {number}", title(resource));
        violations.push(
            Violation::warning(Code::BAD_SERVICE, headline, at, "not between 30000 and 32767")
                .note("other node ports require a different `--service-node-port-range`"),
        );
    }
}

fn same_number<'a>(resource: &Resource<'a>, ports: &'a [Data<'a>], index: usize, violations: &mut Violations<'a>) {
    let key = |port: &Data<'a>| (port.get("port").and_then(Data::as_int), port.get_str("protocol").unwrap_or("TCP"));
    let (Some(number), protocol) = key(&ports[index]) else { return };
    if let Some(first) = ports[..index].iter().find(|other| key(other) == key(&ports[index])) {
        let headline = format!("{} has port {number}/{protocol} twice", title(resource));
        violations.push(
            Violation::error(Code::DUPLICATE_PART, headline, &ports[index], "the second").also(first, "the first"),
        );
    }
}
