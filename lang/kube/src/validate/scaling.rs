//! HorizontalPodAutoscalers and PodDisruptionBudgets.

use forge_base::Code;

use super::{Found, selector, title};
use crate::resource::{Data, Resource};

/// Checks a HorizontalPodAutoscaler.
pub(super) fn autoscaler<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    let number = |name: &str| spec.get(name).and_then(|at| Some((at, at.as_int()?)));
    match number("maxReplicas") {
        Some((at, most)) if most < 1 => {
            let headline = format!("{} lets no pod run", title(resource));
            found.push(Found::error(Code::BAD_SCALING, headline, at, "must be at least 1"));
        }
        None if spec.get("maxReplicas").is_none() => {
            let headline = format!("{} has no `maxReplicas`", title(resource));
            found.push(Found::error(Code::BAD_SCALING, headline, spec, "it must be set"));
        }
        _ => {}
    }
    let Some((at, least)) = number("minReplicas") else { return };
    if least < 0 {
        let headline = format!("{} has a negative `minReplicas`", title(resource));
        found.push(Found::error(Code::BAD_SCALING, headline, at, "must not be below 0"));
    }
    if let Some((top, most)) = number("maxReplicas")
        && least > most
    {
        let headline = format!("{} wants at least {least} and at most {most} pods", title(resource));
        found.push(
            Found::error(Code::BAD_SCALING, headline, at, format!("at least {least}"))
                .also(top, format!("at most {most}")),
        );
    }
}

/// Checks a PodDisruptionBudget.
pub(super) fn budget<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    if let (Some(least), Some(most)) = (spec.get("minAvailable"), spec.get("maxUnavailable")) {
        let headline = format!("{} has both `minAvailable` and `maxUnavailable`", title(resource));
        found.push(
            Found::error(Code::ONE_OF, headline, most, "`maxUnavailable` here").also(least, "`minAvailable` here"),
        );
    }
    for name in ["minAvailable", "maxUnavailable"] {
        let Some(at) = spec.get(name) else { continue };
        let wrong = match at {
            Data::Int(number) if *number < 0 => "must not be below 0",
            Data::Str(text) if !is_percentage(text) => "is neither a number nor a percentage such as `50%`",
            _ => continue,
        };
        let headline = format!("{} has a `{name}` that cannot be", title(resource));
        found.push(Found::error(Code::BAD_SCALING, headline, at, format!("it {wrong}")));
    }
    if let Some(own) = spec.get("selector") {
        selector::check(resource, own, found);
    }
}

fn is_percentage(text: &str) -> bool {
    let Some(number) = text.strip_suffix('%') else { return super::syntax::is_placeholder(text) };
    !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && number.parse::<u32>().is_ok_and(|number| number <= 100)
}
