//! Services.

use forge_base::Code;

use super::{Found, metadata, syntax, title};
use crate::resource::{Data, Resource};

/// The ports that nodes open, unless the cluster says otherwise.
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30000..=32767;

/// Checks a Service.
pub(super) fn check<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    metadata::label_map(resource, spec.map("selector"), found);
    let ports = spec.list("ports");
    let kind = spec.text("type").unwrap_or("ClusterIP");
    if kind == "ExternalName" {
        if matches!(spec.text("externalName"), None | Some("")) {
            let headline = format!("{} does not say what it stands for", title(resource));
            found.push(Found::error(Code::BAD_SERVICE, headline, spec, "`externalName` is not set"));
        }
    } else if ports.is_empty() && spec.text("clusterIP") != Some("None") {
        let headline = format!("{} has no ports", title(resource));
        found.push(Found::error(Code::BAD_SERVICE, headline, spec.get("ports").unwrap_or(spec), "one is needed"));
    }
    for (place, port) in ports.iter().enumerate() {
        port_names(resource, ports, place, found);
        numbers(resource, port, kind, found);
        same_number(resource, ports, place, found);
    }
}

fn port_names<'a>(resource: &Resource<'a>, ports: &'a [Data<'a>], place: usize, found: &mut Vec<Found<'a>>) {
    let port = &ports[place];
    let at = port.get("name").filter(|name| name.as_str() != Some(""));
    let Some(at) = at else {
        if ports.len() > 1 {
            let headline = format!("{} has several ports, one without a name", title(resource));
            found.push(Found::error(Code::BAD_SERVICE, headline, port, "each of several ports needs a `name`"));
        }
        return;
    };
    let Some(name) = at.as_str() else { return };
    if let Some(wrong) = syntax::dns_label(name) {
        found.push(super::bad_port_name(name, at, wrong));
    }
    let same = |other: &&Data<'a>| other.text("name") == Some(name);
    if let Some(first) = ports[..place].iter().find(same).and_then(|first| first.get("name")) {
        let headline = format!("{} has two ports named `{name}`", title(resource));
        found.push(Found::error(Code::DUPLICATE_PART, headline, at, "the second").also(first, "the first"));
    }
}

fn numbers<'a>(resource: &Resource<'a>, port: &'a Data<'a>, kind: &str, found: &mut Vec<Found<'a>>) {
    for name in ["port", "targetPort"] {
        let Some(at) = port.get(name) else { continue };
        match at {
            // These mean the port itself.
            Data::Int(0) | Data::Str("") if name == "targetPort" => {}
            Data::Int(number) => {
                if let Some(wrong) = syntax::port_number(*number) {
                    let headline = format!("{} has a `{name}` that cannot be", title(resource));
                    found.push(Found::error(Code::BAD_SERVICE, headline, at, format!("the number {wrong}")));
                }
            }
            Data::Str(text) if name == "targetPort" => {
                if let Some(wrong) = syntax::port_name(text) {
                    found.push(super::bad_port_name(text, at, wrong));
                }
            }
            _ => {}
        }
    }
    let Some(at) = port.get("nodePort") else { return };
    let Some(number) = at.as_int().filter(|number| *number != 0) else { return };
    if kind == "ClusterIP" {
        let headline = format!("{} has a `nodePort` but no port on nodes", title(resource));
        let label = "only with `type = \"NodePort\"` or `\"LoadBalancer\"`";
        found.push(Found::error(Code::BAD_SERVICE, headline, at, label));
    } else if let Some(wrong) = syntax::port_number(number) {
        let headline = format!("{} has a `nodePort` that cannot be", title(resource));
        found.push(Found::error(Code::BAD_SERVICE, headline, at, format!("the number {wrong}")));
    } else if !NODE_PORTS.contains(&number) {
        let headline = format!("{} wants port {number} on nodes", title(resource));
        found.push(
            Found::warning(Code::BAD_SERVICE, headline, at, "not between 30000 and 32767")
                .note("a cluster takes others only if its API server was told to"),
        );
    }
}

fn same_number<'a>(resource: &Resource<'a>, ports: &'a [Data<'a>], place: usize, found: &mut Vec<Found<'a>>) {
    let key = |port: &Data<'a>| (port.get("port").and_then(Data::as_int), port.text("protocol").unwrap_or("TCP"));
    let (Some(number), protocol) = key(&ports[place]) else { return };
    if let Some(first) = ports[..place].iter().find(|other| key(other) == key(&ports[place])) {
        let headline = format!("{} has port {number}/{protocol} twice", title(resource));
        found.push(Found::error(Code::DUPLICATE_PART, headline, &ports[place], "the second").also(first, "the first"));
    }
}
