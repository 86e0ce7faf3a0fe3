//! Ingresses.

use forge_base::Code;

use super::headline::{shorten, title};
use super::violation::{Violation, Violations};
use super::{syntax, union};
use crate::resource::{Data, Resource};

/// Checks an Ingress.
pub(super) fn check<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    if spec.get("defaultBackend").is_none() && spec.get_list("rules").is_empty() {
        let headline = format!("{} has neither rules nor a default backend", title(resource));
        violations.push(Violation::error(Code::BAD_INGRESS, headline, spec, "`rules` or `defaultBackend` must be set"));
    }
    if let Some(at) = spec.get("defaultBackend") {
        backend(resource, at, violations);
    }
    for rule in spec.get_list("rules") {
        if let Some(at) = rule.get("host") {
            host(resource, at, violations);
        }
        let Some(http) = rule.get("http") else { continue };
        if http.get_list("paths").is_empty() {
            let headline = format!("{} has a rule without paths", title(resource));
            violations.push(Violation::error(Code::BAD_INGRESS, headline, http, "`paths` must not be empty"));
        }
        http.get_list("paths").iter().for_each(|at| path(resource, at, violations));
    }
}

fn host<'a>(resource: &Resource<'a>, at: &'a Data<'a>, violations: &mut Violations<'a>) {
    let Some(text) = at.as_str().filter(|text| !text.is_empty()) else { return };
    let problem = match text.parse::<std::net::IpAddr>() {
        Ok(_) => Some(String::from("must be a name, not an address")),
        Err(_) => syntax::dns_subdomain(text.strip_prefix("*.").unwrap_or(text)),
    };
    if let Some(problem) = problem {
        let headline = format!("`{}` is not a valid host of {}", shorten(text), title(resource));
        violations.push(Violation::error(Code::BAD_INGRESS, headline, at, format!("the host {problem}")));
    }
}

fn path<'a>(resource: &Resource<'a>, entry: &'a Data<'a>, violations: &mut Violations<'a>) {
    let kind = entry.get("pathType");
    let text = entry.get_str("path").unwrap_or("");
    let at = entry.get("path").unwrap_or(entry);
    let mut report = |at: &'a Data<'a>, label: String| {
        let headline = format!("{} has an invalid path", title(resource));
        violations.push(Violation::error(Code::BAD_INGRESS, headline, at, label));
    };
    match kind.and_then(Data::as_str) {
        Some(kind @ ("Exact" | "Prefix")) if !syntax::is_placeholder(text) => {
            if !text.starts_with('/') {
                report(at, format!("a path of type `{kind}` must start with `/`"));
            } else if ["//", "/./", "/../", "%2f", "%2F"].iter().any(|part| text.contains(part)) {
                report(at, format!("a path of type `{kind}` must not contain `//`, `/./`, `/../` or `%2f`"));
            } else if text.ends_with("/..") || text.ends_with("/.") {
                report(at, format!("a path of type `{kind}` must not end with `/.` or `/..`"));
            }
        }
        Some("Exact" | "Prefix") => {}
        Some("ImplementationSpecific") => {
            if !text.is_empty() && !text.starts_with('/') && !syntax::is_placeholder(text) {
                report(at, String::from("a path must start with `/`"));
            }
        }
        Some(_) => report(kind.unwrap_or(entry), String::from("must be `Exact`, `Prefix` or `ImplementationSpecific`")),
        None => report(kind.unwrap_or(entry), String::from("`pathType` is not set")),
    }
    match entry.get("backend") {
        Some(at) => backend(resource, at, violations),
        None => {
            let headline = format!("{} has a path without a backend", title(resource));
            violations.push(Violation::error(Code::BAD_INGRESS, headline, entry, "`backend` is not set"));
        }
    }
}

fn backend<'a>(resource: &Resource<'a>, backend: &'a Data<'a>, violations: &mut Violations<'a>) {
    let owner = || format!("a backend of {}", title(resource));
    union::one_of(backend, owner, &["service", "resource"], violations);
    let Some(service) = backend.get("service") else { return };
    let headline = || format!("{} has an invalid backend", title(resource));
    if matches!(service.get_str("name"), None | Some("")) {
        violations.push(Violation::error(Code::BAD_INGRESS, headline(), service, "the service has no name"));
    }
    let port = service.get("port");
    let number = port.and_then(|port| port.get("number")).filter(|number| **number != Data::Int(0));
    let name = port.and_then(|port| port.get("name")).filter(|name| name.as_str() != Some(""));
    match (number, name) {
        (None, None) => violations.push(Violation::error(
            Code::BAD_INGRESS,
            headline(),
            port.unwrap_or(service),
            "the port needs a `number` or a `name`",
        )),
        (Some(number), Some(name)) => {
            let headline = format!("{} has both a port number and a port name", owner());
            violations
                .push(Violation::error(Code::ONE_OF, headline, name, "the name here").also(number, "the number here"));
        }
        (Some(at), None) => {
            if let Some(problem) = at.as_int().and_then(syntax::port_number) {
                violations.push(Violation::error(Code::BAD_INGRESS, headline(), at, format!("the number {problem}")));
            }
        }
        (None, Some(_)) => {}
    }
}
