//! Ingresses.

use forge_base::Code;

use super::{Found, syntax, title, union};
use crate::resource::{Data, Resource};

/// Checks an Ingress.
pub(super) fn check<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    if spec.get("defaultBackend").is_none() && spec.list("rules").is_empty() {
        let headline = format!("{} leads nowhere", title(resource));
        found.push(Found::error(Code::BAD_INGRESS, headline, spec, "`rules` or `defaultBackend` must be set"));
    }
    if let Some(at) = spec.get("defaultBackend") {
        backend(resource, at, found);
    }
    for rule in spec.list("rules") {
        if let Some(at) = rule.get("host") {
            host(resource, at, found);
        }
        let Some(http) = rule.get("http") else { continue };
        if http.list("paths").is_empty() {
            let headline = format!("{} has a rule without paths", title(resource));
            found.push(Found::error(Code::BAD_INGRESS, headline, http, "`paths` needs an item"));
        }
        http.list("paths").iter().for_each(|at| path(resource, at, found));
    }
}

fn host<'a>(resource: &Resource<'a>, at: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let Some(text) = at.as_str().filter(|text| !text.is_empty()) else { return };
    let wrong = match text.parse::<std::net::IpAddr>() {
        Ok(_) => Some(String::from("must be a name, not an address")),
        Err(_) => syntax::dns_subdomain(text.strip_prefix("*.").unwrap_or(text)),
    };
    if let Some(wrong) = wrong {
        let headline = format!("`{}` cannot be a host of {}", super::short(text), title(resource));
        found.push(Found::error(Code::BAD_INGRESS, headline, at, format!("the host {wrong}")));
    }
}

fn path<'a>(resource: &Resource<'a>, entry: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let kind = entry.get("pathType");
    let text = entry.text("path").unwrap_or("");
    let at = entry.get("path").unwrap_or(entry);
    let mut say = |at: &'a Data<'a>, label: String| {
        let headline = format!("{} has a path that cannot be", title(resource));
        found.push(Found::error(Code::BAD_INGRESS, headline, at, label));
    };
    match kind.and_then(Data::as_str) {
        Some(kind @ ("Exact" | "Prefix")) if !syntax::is_placeholder(text) => {
            if !text.starts_with('/') {
                say(at, format!("with `{kind}` a path begins with `/`"));
            } else if ["//", "/./", "/../", "%2f", "%2F"].iter().any(|part| text.contains(part)) {
                say(at, format!("with `{kind}` a path holds no `//`, `/./`, `/../` or `%2f`"));
            } else if text.ends_with("/..") || text.ends_with("/.") {
                say(at, format!("with `{kind}` a path does not end with `/.` or `/..`"));
            }
        }
        Some("Exact" | "Prefix") => {}
        Some("ImplementationSpecific") => {
            if !text.is_empty() && !text.starts_with('/') && !syntax::is_placeholder(text) {
                say(at, String::from("a path begins with `/`"));
            }
        }
        Some(_) => say(kind.unwrap_or(entry), String::from("must be `Exact`, `Prefix` or `ImplementationSpecific`")),
        None => say(kind.unwrap_or(entry), String::from("`pathType` is not set")),
    }
    match entry.get("backend") {
        Some(at) => backend(resource, at, found),
        None => {
            let headline = format!("{} has a path that leads nowhere", title(resource));
            found.push(Found::error(Code::BAD_INGRESS, headline, entry, "`backend` is not set"));
        }
    }
}

fn backend<'a>(resource: &Resource<'a>, backend: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let whose = || format!("a backend of {}", title(resource));
    union::one_of(backend, whose, &["service", "resource"], found);
    let Some(service) = backend.get("service") else { return };
    let headline = || format!("{} has a backend that cannot be", title(resource));
    if matches!(service.text("name"), None | Some("")) {
        found.push(Found::error(Code::BAD_INGRESS, headline(), service, "the service has no name"));
    }
    let port = service.get("port");
    let number = port.and_then(|port| port.get("number")).filter(|number| **number != Data::Int(0));
    let name = port.and_then(|port| port.get("name")).filter(|name| name.as_str() != Some(""));
    match (number, name) {
        (None, None) => found.push(Found::error(
            Code::BAD_INGRESS,
            headline(),
            port.unwrap_or(service),
            "the port needs a `number` or a `name`",
        )),
        (Some(number), Some(name)) => {
            let headline = format!("{} has both the number and the name of a port", whose());
            found.push(Found::error(Code::ONE_OF, headline, name, "the name here").also(number, "the number here"));
        }
        (Some(at), None) => {
            if let Some(wrong) = at.as_int().and_then(syntax::port_number) {
                found.push(Found::error(Code::BAD_INGRESS, headline(), at, format!("the number {wrong}")));
            }
        }
        (None, Some(_)) => {}
    }
}
