//! Names, namespaces, labels and annotations.

use forge_base::Code;

use super::kind::{self, NameForm};
use super::syntax::{self, Wrong};
use super::{Found, title};
use crate::resource::{Data, Resource};
use crate::{Scope, Version};

/// The most bytes of all annotations together.
const MAX_ANNOTATIONS: usize = 256 << 10;
/// The most characters of a CronJob's name: its Jobs get eleven more.
const MAX_CRON_JOB_NAME: usize = 52;

/// Checks `metadata`.
pub(super) fn check<'a>(resource: &Resource<'a>, target: Version, found: &mut Vec<Found<'a>>) {
    version(resource, target, found);
    let Some(metadata) = resource.get("metadata") else {
        if kind::is_builtin_group(resource.group()) && kind::is_object(resource) {
            let headline = format!("this `{}` has no name", resource.kind);
            found.push(
                Found::error(Code::BAD_OBJECT_NAME, headline, resource.data, "it has no `metadata`")
                    .help("set `metadata.name`"),
            );
        }
        return;
    };
    name(resource, metadata, target, found);
    namespace(resource, metadata, found);
    labels(resource, metadata, found);
    annotations(resource, metadata, found);
}

/// A kind of Kubernetes itself is there in the version that is meant.
fn version<'a>(resource: &Resource<'a>, target: Version, found: &mut Vec<Found<'a>>) {
    if !kind::is_builtin_group(resource.group()) || kind::is_common(resource) {
        return;
    }
    let Some(at) = resource.get("apiVersion") else { return };
    let headline = || format!("Kubernetes {target} has no `{}` in `{}`", resource.kind, resource.api_version);
    match crate::kind(resource.api_version, resource.kind) {
        Some(known) if !known.is_in(target) => {
            let versions: Vec<String> = known.versions().map(|version| version.to_string()).collect();
            let label = format!("it is there in {}", versions.join(", "));
            found.push(Found::error(Code::UNKNOWN_KIND, headline(), at, label));
        }
        Some(_) => {}
        None => {
            let mut others = crate::kinds()
                .filter(|other| other.kind == resource.kind && other.group == resource.group() && other.is_in(target));
            if let Some(other) = others.next() {
                let finding = Found::error(Code::UNKNOWN_KIND, headline(), at, "the API server has no such version");
                found.push(finding.help(format!("write `{}`", other.api_version)));
            }
        }
    }
}

fn name<'a>(resource: &Resource<'a>, metadata: &'a Data<'a>, target: Version, found: &mut Vec<Found<'a>>) {
    if !kind::is_object(resource) {
        return;
    }
    let form = kind::name_form(resource);
    match (metadata.get("name"), metadata.get("generateName")) {
        (Some(at), generate) => {
            let Some(name) = at.as_str() else { return };
            if name.is_empty() && generate.is_none() {
                let headline = format!("the name of this `{}` is empty", resource.kind);
                found.push(Found::error(Code::BAD_OBJECT_NAME, headline, at, "an object needs a name"));
            } else if let Some(wrong) = wrong_name(form, name, target) {
                found.push(bad_name(resource, name, at, wrong));
            } else if resource.kind == "CronJob" && name.len() > MAX_CRON_JOB_NAME {
                let wrong = format!("has {} characters; {MAX_CRON_JOB_NAME} are the most for a CronJob", name.len());
                found.push(bad_name(resource, name, at, wrong));
            }
        }
        (None, Some(at)) => {
            let Some(name) = at.as_str() else { return };
            // What is generated ends with letters, so a trailing dash is fine.
            if let Some(wrong) = wrong_name(form, &format!("{}x", name.trim_end_matches('-')), target) {
                found.push(bad_name(resource, name, at, wrong));
            }
        }
        (None, None) => {
            let headline = format!("this `{}` has no name", resource.kind);
            found.push(
                Found::error(Code::BAD_OBJECT_NAME, headline, metadata, "neither `name` nor `generateName` is set")
                    .help("set `metadata.name`"),
            );
        }
    }
}

fn bad_name<'a>(resource: &Resource<'a>, name: &str, at: &'a Data<'a>, wrong: String) -> Found<'a> {
    let headline = format!("no `{}` can be called `{}`", resource.kind, super::short(name));
    Found::error(Code::BAD_OBJECT_NAME, headline, at, format!("the name {wrong}"))
}

fn wrong_name(form: NameForm, name: &str, target: Version) -> Wrong {
    match form {
        NameForm::Label => syntax::dns_label(name),
        NameForm::Service if target.minor() < 34 => syntax::dns_1035_label(name),
        NameForm::Service => syntax::dns_label(name),
        NameForm::Subdomain => syntax::dns_subdomain(name),
        NameForm::Segment => syntax::path_segment(name),
    }
}

fn namespace<'a>(resource: &Resource<'a>, metadata: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let Some(at) = metadata.get("namespace") else { return };
    let Some(namespace) = at.as_str().filter(|namespace| !namespace.is_empty()) else { return };
    let scope = kind::scope(resource);
    if scope == Some(Scope::Cluster) {
        let headline = format!("{} is in no namespace", title(resource));
        let label = format!("a `{}` belongs to the whole cluster", resource.kind);
        found.push(
            Found::warning(Code::BAD_NAMESPACE, headline, at, label)
                .note("the API server drops the namespace")
                .help("leave `namespace` out"),
        );
    } else if let Some(wrong) = syntax::dns_label(namespace) {
        let headline = format!("no namespace can be called `{}`", super::short(namespace));
        found.push(Found::error(Code::BAD_NAMESPACE, headline, at, format!("the name {wrong}")));
    }
}

/// Checks a mapping of labels.
pub(super) fn labels<'a>(resource: &Resource<'a>, holder: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    label_map(resource, holder.map("labels"), found);
}

/// Checks keys and values of labels, or of what selects them.
pub(super) fn label_map<'a>(resource: &Resource<'a>, labels: &'a [(&'a str, Data<'a>)], found: &mut Vec<Found<'a>>) {
    for (key, value) in labels {
        if let Some(wrong) = syntax::qualified_name(key) {
            let headline = format!("`{}` cannot be the key of a label", super::short(key));
            found.push(Found::error(Code::BAD_LABEL, headline, value, format!("the key {wrong}")));
        }
        match value {
            Data::Str(text) | Data::Public(text) => {
                if let Some(wrong) = syntax::label_value(text) {
                    let headline = format!("label `{key}` of {} has a value that cannot be", title(resource));
                    found.push(Found::error(Code::BAD_LABEL, headline, value, format!("the value {wrong}")));
                }
            }
            Data::Null => {}
            _ => {
                let headline = format!("label `{key}` of {} is no text", title(resource));
                found.push(
                    Found::error(Code::BAD_LABEL, headline, value, "values of labels are texts")
                        .help("write the value in quotes"),
                );
            }
        }
    }
}

fn annotations<'a>(resource: &Resource<'a>, metadata: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let Some(all) = metadata.get("annotations") else { return };
    let mut size = 0;
    for (key, value) in all.entries() {
        size += key.len() + value.as_str().map_or(0, str::len);
        if let Some(wrong) = syntax::qualified_name(&key.to_ascii_lowercase()) {
            let headline = format!("`{}` cannot be the key of an annotation", super::short(key));
            found.push(Found::error(Code::BAD_ANNOTATION, headline, value, format!("the key {wrong}")));
        }
        if !matches!(value, Data::Str(_) | Data::Public(_) | Data::Null) {
            let headline = format!("annotation `{key}` of {} is no text", title(resource));
            found.push(
                Found::error(Code::BAD_ANNOTATION, headline, value, "values of annotations are texts")
                    .help("write the value in quotes"),
            );
        }
    }
    if size > MAX_ANNOTATIONS {
        let headline = format!("the annotations of {} are too large", title(resource));
        let label = format!("{size} bytes; {MAX_ANNOTATIONS} are the most");
        found.push(Found::error(Code::BAD_ANNOTATION, headline, all, label));
    }
}
