//! Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs and CronJobs.

use forge_base::Code;

use super::{Found, pod, schedule, selector, title};
use crate::resource::{Data, Resource};

/// Checks a Deployment, StatefulSet, DaemonSet or ReplicaSet.
pub(super) fn check<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    not_negative(resource, spec, &["replicas", "minReadySeconds", "revisionHistoryLimit"], found);
    match (spec.get("selector"), spec.get("template")) {
        (Some(own), Some(template)) => {
            selector::check(resource, own, found);
            selector::own_pods(resource, own, template, found);
        }
        (None, _) => {
            let headline = format!("{} has no selector", title(resource));
            found.push(Found::error(Code::SELECTOR_MISMATCH, headline, spec, "`selector` is not set"));
        }
        _ => {}
    }
    if let Some(template) = pod::template(resource)
        && let Some(at) = template.spec.get("restartPolicy")
        && at.as_str() != Some("Always")
    {
        let headline = format!("the pods of {} must always be restarted", title(resource));
        found.push(Found::error(Code::BAD_WORKLOAD, headline, at, "only `Always` is taken here"));
    }
    strategy(resource, spec, found);
}

fn strategy<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let Some(strategy) = spec.get("strategy") else { return };
    let rolling = strategy.get("rollingUpdate");
    if strategy.text("type") == Some("Recreate")
        && let Some(at) = rolling
    {
        let headline = format!("{} has a `rollingUpdate` though it recreates its pods", title(resource));
        found.push(Found::error(Code::BAD_WORKLOAD, headline, at, "only with `type = \"RollingUpdate\"`"));
    }
    let is_zero = |data: &Data<'a>| matches!(data, Data::Int(0) | Data::Str("0%"));
    if let Some(rolling) = rolling
        && let (Some(surge), Some(unavailable)) = (rolling.get("maxSurge"), rolling.get("maxUnavailable"))
        && is_zero(surge)
        && is_zero(unavailable)
    {
        let headline = format!("{} can replace none of its pods", title(resource));
        found.push(
            Found::error(Code::BAD_WORKLOAD, headline, unavailable, "0 may be unavailable")
                .also(surge, "and 0 may be too many"),
        );
    }
}

/// Checks a Job.
pub(super) fn job<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    job_spec(resource, spec, found);
}

fn job_spec<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    const COUNTS: [&str; 5] =
        ["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"];
    not_negative(resource, spec, &COUNTS, found);
    if let (Some(own), Some(template)) = (spec.get("selector"), spec.get("template"))
        && spec.get("manualSelector").is_some_and(Data::is_true)
    {
        selector::check(resource, own, found);
        selector::own_pods(resource, own, template, found);
    }
    let Some(pod) = spec.at(&["template", "spec"]) else { return };
    let policy = pod.get("restartPolicy");
    if !matches!(policy.and_then(Data::as_str), Some("Never" | "OnFailure")) {
        let headline = format!("{} does not say how its pods end", title(resource));
        let finding = Found::error(
            Code::BAD_WORKLOAD,
            headline,
            policy.unwrap_or(pod),
            "`restartPolicy` must be `Never` or `OnFailure` here",
        );
        found.push(if policy.is_none() { finding.note("without one it is `Always`") } else { finding });
    }
}

/// Checks a CronJob.
pub(super) fn cron_job<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    let Some(spec) = resource.get("spec") else { return };
    const COUNTS: [&str; 3] = ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
    not_negative(resource, spec, &COUNTS, found);
    match spec.get("schedule") {
        Some(at) => {
            if let Some(wrong) = at.as_str().and_then(schedule::wrong_schedule) {
                let headline = format!("the schedule of {} cannot be read", title(resource));
                found.push(Found::error(Code::BAD_SCHEDULE, headline, at, wrong));
            }
        }
        None => {
            let headline = format!("{} has no schedule", title(resource));
            found.push(Found::error(Code::BAD_SCHEDULE, headline, spec, "`schedule` is not set"));
        }
    }
    if let Some(at) = spec.get("timeZone")
        && let Some(wrong) = at.as_str().and_then(schedule::wrong_time_zone)
    {
        let headline = format!("the time zone of {} is not known", title(resource));
        found.push(Found::error(Code::BAD_SCHEDULE, headline, at, wrong));
    }
    if let Some(job) = spec.at(&["jobTemplate", "spec"]) {
        job_spec(resource, job, found);
    }
}

fn not_negative<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, names: &[&str], found: &mut Vec<Found<'a>>) {
    for name in names {
        let Some(at) = spec.get(name) else { continue };
        if at.as_int().is_some_and(|number| number < 0) {
            let headline = format!("{} has a negative `{name}`", title(resource));
            found.push(Found::error(Code::BAD_WORKLOAD, headline, at, "must not be below 0"));
        }
    }
}
