//! HorizontalPodAutoscalers and PodDisruptionBudgets.

use forge_base::Code;

use super::headline::title;
use super::selector;
use super::syntax::is_placeholder;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// Checks a HorizontalPodAutoscaler.
pub(super) fn autoscaler<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    let number = |name: &str| spec.get(name).and_then(|at| Some((at, at.as_int()?)));
    match number("maxReplicas") {
        Some((at, most)) if most < 1 => {
            let headline = format!("{} has a `maxReplicas` below 1", title(resource));
            violations.push(Violation::error(Code::BAD_SCALING, headline, at, "must be at least 1"));
        }
        None if spec.get("maxReplicas").is_none() => {
            let headline = format!("{} has no `maxReplicas`", title(resource));
            violations.push(Violation::error(Code::BAD_SCALING, headline, spec, "it must be set"));
        }
        _ => {}
    }
    if let Some(target) = spec.get("scaleTargetRef") {
        scale_target(resource, target, violations);
    }
    let Some((at, least)) = number("minReplicas") else { return };
    if least < 0 {
        let headline = format!("{} has a negative `minReplicas`", title(resource));
        violations.push(Violation::error(Code::BAD_SCALING, headline, at, "must not be negative"));
    }
    if let Some((top, most)) = number("maxReplicas")
        && least > most
    {
        let headline = format!("{} has `minReplicas` {least} above `maxReplicas` {most}", title(resource));
        violations.push(
            Violation::error(Code::BAD_SCALING, headline, at, format!("the minimum is {least}"))
                .also(top, format!("the maximum is {most}")),
        );
    }
}

fn scale_target<'a>(resource: &Resource<'a>, target: &'a Data<'a>, violations: &mut Violations<'a>) {
    if target
        .get_str("apiVersion")
        .is_none_or(|version| version != "v1" && !version.contains('/') && !is_placeholder(version))
    {
        let headline = format!("{} does not say in which API group its target is", title(resource));
        let at = target.get("apiVersion").unwrap_or(target);
        let label = "`scaleTargetRef.apiVersion` needs a group, such as `apps/v1`";
        violations.push(Violation::error(Code::BAD_SCALING, headline, at, label));
    }
}

/// Checks a PodDisruptionBudget.
pub(super) fn budget<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    if let (Some(least), Some(most)) = (spec.get("minAvailable"), spec.get("maxUnavailable")) {
        let headline = format!("{} has both `minAvailable` and `maxUnavailable`", title(resource));
        violations.push(
            Violation::error(Code::ONE_OF, headline, most, "`maxUnavailable` here").also(least, "`minAvailable` here"),
        );
    }
    for name in ["minAvailable", "maxUnavailable"] {
        let Some(at) = spec.get(name) else { continue };
        let problem = match at {
            Data::Int(number) if *number < 0 => "must not be negative",
            Data::Str(text) if !is_percentage(text) => "must be a number or a percentage such as `50%`",
            _ => continue,
        };
        let headline = format!("{} has an invalid `{name}`", title(resource));
        violations.push(Violation::error(Code::BAD_SCALING, headline, at, format!("it {problem}")));
    }
    if let Some(own) = spec.get("selector") {
        selector::check(resource, own, violations);
    }
}

fn is_percentage(text: &str) -> bool {
    let Some(number) = text.strip_suffix('%') else { return is_placeholder(text) };
    !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && number.parse::<u32>().is_ok_and(|number| number <= 100)
}
