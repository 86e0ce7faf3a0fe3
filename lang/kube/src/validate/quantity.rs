//! Quantities: well-formed, not negative, and requests within limits.

use forge_base::quantity::QuantityError;
use forge_base::{Code, Quantity, suggest};

use super::syntax;
use super::{Found, title};
use crate::resource::{Data, Resource};

/// What a quantity says.
enum Reading {
    /// So much.
    Amount(Quantity),
    /// More than is compared exactly, or a number with a fraction: fine, but not compared.
    Unknown,
    /// Not a quantity.
    Wrong(String),
}

fn read(data: &Data<'_>) -> Reading {
    match data {
        Data::Int(number) => Reading::Amount(Quantity::from_int(*number)),
        Data::Str(text) | Data::Public(text) if syntax::is_placeholder(text) => Reading::Unknown,
        Data::Str(text) | Data::Public(text) => match Quantity::parse(text) {
            Ok(quantity) => Reading::Amount(quantity),
            Err(QuantityError::TooLarge) => Reading::Unknown,
            Err(error) => Reading::Wrong(error.to_string()),
        },
        Data::Float(_) | Data::Null => Reading::Unknown,
        _ => Reading::Wrong(String::from("a quantity is a number or a text such as `500m`")),
    }
}

/// Which amounts there may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// None below 0.
    Positive,
    /// Any: they are only compared with each other.
    Any,
}

/// Checks a mapping of quantities. `whose` names the holder for headlines.
fn amounts<'a>(whose: impl Fn() -> String, sign: Sign, amounts: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    for (name, at) in amounts.entries() {
        match read(at) {
            Reading::Wrong(wrong) => {
                let headline = format!("{} has a `{name}` that is no quantity", whose());
                found.push(Found::error(Code::BAD_RESOURCES, headline, at, wrong));
            }
            Reading::Amount(amount) if amount.nanos < 0 && sign == Sign::Positive => {
                let headline = format!("{} has a negative `{name}`", whose());
                found.push(Found::error(Code::BAD_RESOURCES, headline, at, "must not be below 0"));
            }
            _ => {}
        }
    }
}

/// Checks `resources` of a container.
pub(super) fn resources<'a>(resource: &Resource<'a>, container: &'a Data<'a>, name: &str, found: &mut Vec<Found<'a>>) {
    let Some(all) = container.get("resources") else { return };
    let whose = || format!("container `{}` of {}", super::short(name), title(resource));
    for part in ["requests", "limits"] {
        let Some(given) = all.get(part) else { continue };
        amounts(whose, Sign::Positive, given, found);
        for (kind, at) in given.entries() {
            if let Some(wrong) = wrong_kind(kind) {
                let headline = format!("`{}` is nothing that a container can ask for", super::short(kind));
                found.push(Found::error(Code::BAD_RESOURCES, headline, at, wrong));
            }
        }
    }
    let (Some(requests), Some(limits)) = (all.get("requests"), all.get("limits")) else { return };
    for (kind, at) in requests.entries() {
        let Some(limit) = limits.get(kind) else { continue };
        if at.as_str().is_some_and(|asked| limit.as_str() == Some(asked)) {
            continue;
        }
        let (Reading::Amount(asked), Reading::Amount(most)) = (read(at), read(limit)) else { continue };
        if asked.nanos > most.nanos {
            let headline = format!("{} asks for more `{kind}` than its limit", whose());
            found.push(
                Found::error(Code::BAD_RESOURCES, headline, at, format!("{} is asked for", asked.canonical()))
                    .also(limit, format!("{} is the limit", most.canonical())),
            );
        } else if asked.nanos != most.nanos && must_be_equal(kind) {
            let headline = format!("{} asks for another amount of `{kind}` than its limit", whose());
            found.push(
                Found::error(Code::BAD_RESOURCES, headline, at, "what cannot be shared is asked for in full")
                    .also(limit, "the limit"),
            );
        }
    }
}

/// What cannot be given to several containers at once: huge pages and the resources of vendors.
fn must_be_equal(kind: &str) -> bool {
    kind.starts_with("hugepages-") || kind.contains('/') && !kind.contains("kubernetes.io/")
}

/// What is wrong with the name of a resource of a container.
fn wrong_kind(kind: &str) -> Option<String> {
    if let Some(wrong) = syntax::qualified_name(kind) {
        return Some(format!("the name {wrong}"));
    }
    let known = ["cpu", "memory", "ephemeral-storage"];
    if kind.contains('/') || known.contains(&kind) || kind.starts_with("hugepages-") || syntax::is_placeholder(kind) {
        return None;
    }
    Some(match suggest::nearest(kind, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => String::from("it is neither `cpu`, `memory`, `ephemeral-storage` nor named with a domain"),
    })
}

/// Checks quotas, ranges and sizes of other kinds.
pub(super) fn check<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let sign = if resource.kind == "LimitRange" { Sign::Any } else { Sign::Positive };
    let mut look = |data: Option<&'a Data<'a>>| {
        if let Some(data) = data {
            amounts(|| title(resource), sign, data, found);
        }
    };
    match resource.kind {
        "ResourceQuota" => look(resource.data.at(&["spec", "hard"])),
        "PersistentVolume" => look(resource.data.at(&["spec", "capacity"])),
        "PersistentVolumeClaim" => look(resource.data.at(&["spec", "resources", "requests"])),
        "StatefulSet" => {
            for claim in resource.get("spec").map_or(&[][..], |spec| spec.list("volumeClaimTemplates")) {
                look(claim.at(&["spec", "resources", "requests"]));
            }
        }
        "LimitRange" => {
            for limit in resource.get("spec").map_or(&[][..], |spec| spec.list("limits")) {
                ["min", "max", "default", "defaultRequest"].iter().for_each(|part| look(limit.get(part)));
            }
        }
        _ => {}
    }
}
