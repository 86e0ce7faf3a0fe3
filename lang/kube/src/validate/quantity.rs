//! Quantities: valid, not negative, and requests within limits.

use forge_base::quantity::QuantityError;
use forge_base::{Code, Quantity, suggest};

use super::syntax;

use super::headline::{shorten, title};
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// The result of parsing a quantity.
enum ParsedQuantity {
    /// An exact amount.
    Amount(Quantity),
    /// Valid but not comparable: too large to be exact, or a float.
    Unknown,
    /// Not a quantity, with the reason.
    Wrong(String),
}

fn read(data: &Data<'_>) -> ParsedQuantity {
    match data {
        Data::Int(number) => ParsedQuantity::Amount(Quantity::from_int(*number)),
        Data::Str(text) | Data::Public(text) if syntax::is_placeholder(text) => ParsedQuantity::Unknown,
        Data::Str(text) | Data::Public(text) => match Quantity::parse(text) {
            Ok(quantity) => ParsedQuantity::Amount(quantity),
            Err(QuantityError::TooLarge) => ParsedQuantity::Unknown,
            Err(error) => ParsedQuantity::Wrong(error.to_string()),
        },
        Data::Float(_) | Data::Null => ParsedQuantity::Unknown,
        _ => ParsedQuantity::Wrong(String::from("a quantity is a number or a string such as `500m`")),
    }
}

/// Which amounts are allowed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// No negative amounts.
    Positive,
    /// Any amount.
    Any,
}

/// Checks a mapping of quantities. `owner` names the enclosing object in headlines.
fn amounts<'a>(owner: impl Fn() -> String, sign: Sign, amounts: &'a Data<'a>, violations: &mut Violations<'a>) {
    for (name, at) in amounts.entries() {
        match read(at) {
            ParsedQuantity::Wrong(problem) => {
                let headline = format!("{} has an invalid quantity for `{name}`", owner());
                violations.push(Violation::error(Code::BAD_RESOURCES, headline, at, problem));
            }
            ParsedQuantity::Amount(amount) if amount.nanos < 0 && sign == Sign::Positive => {
                let headline = format!("{} has a negative `{name}`", owner());
                violations.push(Violation::error(Code::BAD_RESOURCES, headline, at, "must not be negative"));
            }
            _ => {}
        }
    }
}

/// Checks `resources` of a container.
pub(super) fn resources<'a>(
    resource: &Resource<'a>,
    container: &'a Data<'a>,
    name: &str,
    violations: &mut Violations<'a>,
) {
    let Some(all) = container.get("resources") else { return };
    let owner = || format!("container `{}` of {}", shorten(name), title(resource));
    for part in ["requests", "limits"] {
        let Some(given) = all.get(part) else { continue };
        amounts(owner, Sign::Positive, given, violations);
        for (kind, at) in given.entries() {
            if let Some(problem) = resource_name_problem(kind) {
                let headline = format!("`{}` is not a compute resource", shorten(kind));
                violations.push(Violation::error(Code::BAD_RESOURCES, headline, at, problem));
            }
        }
    }
    let (Some(requests), Some(limits)) = (all.get("requests"), all.get("limits")) else { return };
    for (kind, at) in requests.entries() {
        let Some(limit) = limits.get(kind) else { continue };
        if at.as_str().is_some_and(|asked| limit.as_str() == Some(asked)) {
            continue;
        }
        let (ParsedQuantity::Amount(asked), ParsedQuantity::Amount(most)) = (read(at), read(limit)) else { continue };
        if asked.nanos > most.nanos {
            let headline = format!("{} requests more `{kind}` than its limit", owner());
            violations.push(
                Violation::error(Code::BAD_RESOURCES, headline, at, format!("the request is {}", asked.canonical()))
                    .also(limit, format!("the limit is {}", most.canonical())),
            );
        } else if asked.nanos != most.nanos && must_be_equal(kind) {
            let headline = format!("{} has a request for `{kind}` that differs from its limit", owner());
            violations.push(
                Violation::error(Code::BAD_RESOURCES, headline, at, "this resource cannot be overcommitted")
                    .also(limit, "the limit"),
            );
        }
    }
}

/// Whether a resource cannot be overcommitted: huge pages and extended resources.
fn must_be_equal(kind: &str) -> bool {
    kind.starts_with("hugepages-") || kind.contains('/') && !kind.contains("kubernetes.io/")
}

/// The problem with the name of a compute resource, if there is one.
fn resource_name_problem(kind: &str) -> Option<String> {
    if let Some(problem) = syntax::qualified_name(kind) {
        return Some(format!("the name {problem}"));
    }
    let known = ["cpu", "memory", "ephemeral-storage"];
    if kind.contains('/') || known.contains(&kind) || kind.starts_with("hugepages-") || syntax::is_placeholder(kind) {
        return None;
    }
    Some(match suggest::nearest(kind, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => String::from("it must be `cpu`, `memory`, `ephemeral-storage` or a name with a domain"),
    })
}

/// Checks the quantities of quotas, limit ranges and volumes.
pub(super) fn check<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let sign = if resource.kind == "LimitRange" { Sign::Any } else { Sign::Positive };
    let mut look = |data: Option<&'a Data<'a>>| {
        if let Some(data) = data {
            amounts(|| title(resource), sign, data, violations);
        }
    };
    match resource.kind {
        "ResourceQuota" => look(resource.data.at(&["spec", "hard"])),
        "PersistentVolume" => look(resource.data.at(&["spec", "capacity"])),
        "PersistentVolumeClaim" => look(resource.data.at(&["spec", "resources", "requests"])),
        "StatefulSet" => {
            for claim in resource.get("spec").map_or(&[][..], |spec| spec.get_list("volumeClaimTemplates")) {
                look(claim.at(&["spec", "resources", "requests"]));
            }
        }
        "LimitRange" => {
            for limit in resource.get("spec").map_or(&[][..], |spec| spec.get_list("limits")) {
                ["min", "max", "default", "defaultRequest"].iter().for_each(|part| look(limit.get(part)));
            }
        }
        _ => {}
    }
}
