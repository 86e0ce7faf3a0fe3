//! Names, namespaces, labels and annotations.

use forge_base::Code;

use super::kind::{self, NameFormat};
use super::syntax::{self, Problem};

use super::headline::{shorten, title};
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};
use crate::scope::Scope;
use crate::version::Version;

/// The maximum total size of annotations, in bytes.
const MAX_ANNOTATIONS: usize = 256 << 10;
/// The maximum length of a CronJob name; the controller appends eleven characters for its Jobs.
const MAX_CRON_JOB_NAME: usize = 52;

/// Checks `metadata`.
pub(super) fn check<'a>(resource: &Resource<'a>, target: Version, violations: &mut Violations<'a>) {
    version(resource, target, violations);
    let Some(metadata) = resource.get("metadata") else {
        if kind::is_builtin_group(resource.group()) && kind::is_object(resource) {
            let headline = format!("this `{}` has no name", resource.kind);
            violations.push(
                Violation::error(Code::BAD_OBJECT_NAME, headline, resource.data, "it has no `metadata`")
                    .help("set `metadata.name`"),
            );
        }
        return;
    };
    name(resource, metadata, target, violations);
    namespace(resource, metadata, violations);
    labels(resource, metadata, violations);
    annotations(resource, metadata, violations);
}

/// Checks that a built-in kind exists in the target version.
fn version<'a>(resource: &Resource<'a>, target: Version, violations: &mut Violations<'a>) {
    if !kind::is_builtin_group(resource.group()) || kind::is_common(resource) {
        return;
    }
    let Some(at) = resource.get("apiVersion") else { return };
    let headline = || format!("Kubernetes {target} has no `{}` in `{}`", resource.kind, resource.api_version);
    match crate::kinds::kind(resource.api_version, resource.kind) {
        Some(known) if !known.is_in(target) => {
            let versions: Vec<String> = known.versions().map(|version| version.to_string()).collect();
            let label = format!("it is available in {}", versions.join(", "));
            violations.push(Violation::error(Code::UNKNOWN_KIND, headline(), at, label));
        }
        Some(_) => {}
        None => {
            let mut others = crate::kinds::kinds()
                .filter(|other| other.kind == resource.kind && other.group == resource.group() && other.is_in(target));
            match others.next() {
                Some(other) => {
                    let violation = Violation::error(Code::UNKNOWN_KIND, headline(), at, "this version does not exist");
                    violations.push(violation.help(format!("write `{}`", other.api_version)));
                }
                None => violations.extend(unknown_kind(resource, target)),
            }
        }
    }
}

/// Reports a kind that a built-in group does not have, if it resembles one. A file of a tool may use the `apiVersion` of a
/// built-in group for a kind of its own.
fn unknown_kind<'a>(resource: &Resource<'a>, target: Version) -> Option<Violation<&'a Data<'a>>> {
    let at = resource.get("kind")?;
    let known: Vec<&str> = crate::kinds::kinds()
        .filter(|other| other.api_version == resource.api_version && other.is_in(target))
        .map(|other| other.kind)
        .collect();
    let item = resource.kind.strip_suffix("List");
    if item.is_some_and(|item| known.contains(&item)) {
        return None;
    }
    let same = known.iter().copied().find(|other| other.eq_ignore_ascii_case(resource.kind));
    let near = same.or_else(|| forge_base::suggest::nearest(resource.kind, known.iter().copied()))?;
    let headline = format!("Kubernetes {target} has no `{}` in `{}`", shorten(resource.kind), resource.api_version);
    let violation = Violation::error(Code::UNKNOWN_KIND, headline, at, "no such kind");
    Some(violation.did_you_mean(Some(near)))
}

fn name<'a>(resource: &Resource<'a>, metadata: &'a Data<'a>, target: Version, violations: &mut Violations<'a>) {
    if !kind::is_object(resource) {
        return;
    }
    let form = kind::name_format(resource);
    match (metadata.get("name"), metadata.get("generateName")) {
        (Some(at), generate) => {
            let Some(name) = at.as_str() else { return };
            if name.is_empty() && generate.is_none() {
                let headline = format!("the name of this `{}` is empty", resource.kind);
                violations.push(Violation::error(Code::BAD_OBJECT_NAME, headline, at, "an object needs a name"));
            } else if let Some(problem) = name_problem(form, name, target) {
                violations.push(bad_name(resource, name, at, problem));
            } else if resource.kind == "CronJob" && name.len() > MAX_CRON_JOB_NAME {
                let problem =
                    format!("has {} characters; the maximum for a CronJob is {MAX_CRON_JOB_NAME}", name.len());
                violations.push(bad_name(resource, name, at, problem));
            }
        }
        (None, Some(at)) => {
            let Some(name) = at.as_str() else { return };
            // The generated suffix ends with an alphanumeric character, so a trailing dash is allowed.
            if let Some(problem) = name_problem(form, &format!("{}x", name.trim_end_matches('-')), target) {
                violations.push(bad_name(resource, name, at, problem));
            }
        }
        (None, None) => {
            let headline = format!("this `{}` has no name", resource.kind);
            violations.push(
                Violation::error(Code::BAD_OBJECT_NAME, headline, metadata, "neither `name` nor `generateName` is set")
                    .help("set `metadata.name`"),
            );
        }
    }
}

fn bad_name<'a>(resource: &Resource<'a>, name: &str, at: &'a Data<'a>, problem: String) -> Violation<&'a Data<'a>> {
    let headline = format!("`{}` is not a valid `{}` name", shorten(name), resource.kind);
    Violation::error(Code::BAD_OBJECT_NAME, headline, at, format!("the name {problem}"))
}

fn name_problem(form: NameFormat, name: &str, target: Version) -> Problem {
    match form {
        NameFormat::Label => syntax::dns_label(name),
        NameFormat::Service if target.minor() < 34 => syntax::dns_1035_label(name),
        NameFormat::Service => syntax::dns_label(name),
        NameFormat::StatefulSet if target.minor() >= 37 => syntax::dns_label(name),
        NameFormat::StatefulSet | NameFormat::Subdomain => syntax::dns_subdomain(name),
        NameFormat::Segment => syntax::path_segment(name),
    }
}

fn namespace<'a>(resource: &Resource<'a>, metadata: &'a Data<'a>, violations: &mut Violations<'a>) {
    let Some(at) = metadata.get("namespace") else { return };
    let Some(namespace) = at.as_str().filter(|namespace| !namespace.is_empty()) else { return };
    let scope = kind::scope(resource);
    if scope == Some(Scope::Cluster) {
        let headline = format!("{} has a namespace but is cluster-scoped", title(resource));
        let label = format!("`{}` is a cluster-scoped kind", resource.kind);
        violations.push(
            Violation::warning(Code::BAD_NAMESPACE, headline, at, label)
                .note("the API server ignores the namespace")
                .help("remove `namespace`"),
        );
    } else if let Some(problem) = syntax::dns_label(namespace) {
        let headline = format!("`{}` is not a valid namespace name", shorten(namespace));
        violations.push(Violation::error(Code::BAD_NAMESPACE, headline, at, format!("the name {problem}")));
    }
}

/// Checks `labels`.
pub(super) fn labels<'a>(resource: &Resource<'a>, holder: &'a Data<'a>, violations: &mut Violations<'a>) {
    label_map(resource, holder.get_map("labels"), violations);
}

/// Checks the keys and values of labels or of a label selector.
pub(super) fn label_map<'a>(
    resource: &Resource<'a>,
    labels: &'a [(&'a str, Data<'a>)],
    violations: &mut Violations<'a>,
) {
    for (key, value) in labels {
        if let Some(problem) = syntax::qualified_name(key) {
            let headline = format!("`{}` is not a valid label key", shorten(key));
            violations.push(Violation::error(Code::BAD_LABEL, headline, value, format!("the key {problem}")));
        }
        match value {
            Data::Str(text) | Data::Public(text) => {
                if let Some(problem) = syntax::label_value(text) {
                    let headline = format!("label `{key}` of {} has an invalid value", title(resource));
                    violations.push(Violation::error(Code::BAD_LABEL, headline, value, format!("the value {problem}")));
                }
            }
            Data::Null => {}
            _ => {
                let headline = format!("label `{key}` of {} is not a string", title(resource));
                violations.push(
                    Violation::error(Code::BAD_LABEL, headline, value, "label values must be strings")
                        .help("put the value in quotes"),
                );
            }
        }
    }
}

fn annotations<'a>(resource: &Resource<'a>, metadata: &'a Data<'a>, violations: &mut Violations<'a>) {
    let Some(all) = metadata.get("annotations") else { return };
    let mut size = 0;
    for (key, value) in all.entries() {
        size += key.len() + value.as_str().map_or(0, str::len);
        if let Some(problem) = syntax::qualified_name(&key.to_ascii_lowercase()) {
            let headline = format!("`{}` is not a valid annotation key", shorten(key));
            violations.push(Violation::error(Code::BAD_ANNOTATION, headline, value, format!("the key {problem}")));
        }
        if !matches!(value, Data::Str(_) | Data::Public(_) | Data::Null) {
            let headline = format!("annotation `{key}` of {} is not a string", title(resource));
            violations.push(
                Violation::error(Code::BAD_ANNOTATION, headline, value, "annotation values must be strings")
                    .help("put the value in quotes"),
            );
        }
    }
    if size > MAX_ANNOTATIONS {
        let headline = format!("the annotations of {} are too large", title(resource));
        let label = format!("{size} bytes; the maximum is {MAX_ANNOTATIONS}");
        violations.push(Violation::error(Code::BAD_ANNOTATION, headline, all, label));
    }
}
