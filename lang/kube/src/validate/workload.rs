//! Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers, Jobs and CronJobs.

use forge_base::Code;

use super::headline::title;
use super::violation::{Violation, Violations};
use super::{pod, schedule, selector};
use crate::resource::{Data, Resource};

/// Checks a Deployment, StatefulSet, DaemonSet or ReplicaSet.
pub(super) fn check<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    not_negative(resource, spec, &["replicas", "minReadySeconds", "revisionHistoryLimit"], violations);
    match (spec.get("selector"), spec.get("template")) {
        (Some(own), Some(template)) => {
            selector::check(resource, own, violations);
            selector::own_pods(resource, own, template, violations);
        }
        (None, _) => {
            let headline = format!("{} has no selector", title(resource));
            violations.push(Violation::error(Code::SELECTOR_MISMATCH, headline, spec, "`selector` is not set"));
        }
        _ => {}
    }
    if let Some(template) = pod::template(resource)
        && let Some(at) = template.spec.get("restartPolicy")
        && at.as_str() != Some("Always")
    {
        let headline = format!("{} must have the restart policy `Always`", title(resource));
        violations.push(Violation::error(Code::BAD_WORKLOAD, headline, at, "only `Always` is allowed here"));
    }
    strategy(resource, spec, violations);
}

/// Checks a ReplicationController. Without a selector, the API server takes the labels of the template.
pub(super) fn controller<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    let labels = spec.at(&["template", "metadata", "labels"]).map_or(&[][..], Data::entries);
    let has =
        |key: &str, value: &Data<'a>| labels.iter().any(|(name, own)| *name == key && own.as_str() == value.as_str());
    if let Some((key, at)) = spec.get_map("selector").iter().find(|(key, value)| !has(key, value)) {
        let headline = format!("{} does not select its own pods", title(resource));
        let label = format!("its pods do not have this value for the label `{key}`");
        violations.push(Violation::error(Code::SELECTOR_MISMATCH, headline, at, label));
    }
}

fn strategy<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, violations: &mut Violations<'a>) {
    let Some(strategy) = spec.get("strategy") else { return };
    let rolling = strategy.get("rollingUpdate");
    if strategy.get_str("type") == Some("Recreate")
        && let Some(at) = rolling
    {
        let headline = format!("{} has a `rollingUpdate` but strategy `Recreate`", title(resource));
        violations.push(Violation::error(
            Code::BAD_WORKLOAD,
            headline,
            at,
            "only allowed with `type = \"RollingUpdate\"`",
        ));
    }
    let is_zero = |data: &Data<'a>| matches!(data, Data::Int(0) | Data::Str("0%"));
    if let Some(rolling) = rolling
        && let (Some(surge), Some(unavailable)) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"))
        && is_zero(surge)
        && is_zero(unavailable)
    {
        let headline = format!("{} cannot replace any of its pods", title(resource));
        violations.push(
            Violation::error(Code::BAD_WORKLOAD, headline, unavailable, "no pod may be unavailable")
                .also(surge, "and no extra pod may be created"),
        );
    }
}

/// Checks a Job.
pub(super) fn job<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    job_spec(resource, spec, violations);
}

fn job_spec<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, violations: &mut Violations<'a>) {
    const COUNTS: [&str; 5] =
        ["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"];
    not_negative(resource, spec, &COUNTS, violations);
    if let (Some(own), Some(template)) = (spec.get("selector"), spec.get("template"))
        && spec.get("manualSelector").is_some_and(Data::is_true)
    {
        selector::check(resource, own, violations);
        selector::own_pods(resource, own, template, violations);
    }
    let Some(pod) = spec.at(&["template", "spec"]) else { return };
    let policy = pod.get("restartPolicy");
    if !matches!(policy.and_then(Data::as_str), Some("Never" | "OnFailure")) {
        let headline = format!("{} has no valid `restartPolicy`", title(resource));
        let violation = Violation::error(
            Code::BAD_WORKLOAD,
            headline,
            policy.unwrap_or(pod),
            "`restartPolicy` must be `Never` or `OnFailure` here",
        );
        violations.push(if policy.is_none() { violation.note("the default is `Always`") } else { violation });
    }
}

/// Checks a CronJob.
pub(super) fn cron_job<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(spec) = resource.get("spec") else { return };
    const COUNTS: [&str; 3] = ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
    not_negative(resource, spec, &COUNTS, violations);
    match spec.get("schedule") {
        Some(at) => {
            if let Some(problem) = at.as_str().and_then(schedule::schedule_problem) {
                let headline = format!("{} has an invalid schedule", title(resource));
                violations.push(Violation::error(Code::BAD_SCHEDULE, headline, at, problem));
            }
        }
        None => {
            let headline = format!("{} has no schedule", title(resource));
            violations.push(Violation::error(Code::BAD_SCHEDULE, headline, spec, "`schedule` is not set"));
        }
    }
    if let Some(at) = spec.get("timeZone")
        && let Some(problem) = at.as_str().and_then(schedule::time_zone_problem)
    {
        let headline = format!("{} has an invalid time zone", title(resource));
        violations.push(Violation::error(Code::BAD_SCHEDULE, headline, at, problem));
    }
    if let Some(job) = spec.at(&["jobTemplate", "spec"]) {
        job_spec(resource, job, violations);
    }
}

fn not_negative<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, names: &[&str], violations: &mut Violations<'a>) {
    for name in names {
        let Some(at) = spec.get(name) else { continue };
        if at.as_int().is_some_and(|number| number < 0) {
            let headline = format!("{} has a negative `{name}`", title(resource));
            violations.push(Violation::error(Code::BAD_WORKLOAD, headline, at, "must not be negative"));
        }
    }
}
