//! Volumes of pods.

use forge_base::Code;

use super::syntax;
use super::{Found, title};
use crate::resource::{Data, Resource};

/// Checks the volumes of a pod.
pub(super) fn check<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let volumes = spec.list("volumes");
    for (place, volume) in volumes.iter().enumerate() {
        let Some(at) = volume.get("name") else {
            let headline = format!("a volume of {} has no name", title(resource));
            found.push(Found::error(Code::BAD_PART_NAME, headline, volume, "`name` is not set"));
            continue;
        };
        let Some(name) = at.as_str() else { continue };
        if let Some(wrong) = syntax::dns_label(name) {
            let headline = format!("no volume can be called `{}`", super::short(name));
            found.push(Found::error(Code::BAD_PART_NAME, headline, at, format!("the name {wrong}")));
        }
        if let Some(first) = volumes[..place].iter().find(|other| other.text("name") == Some(name)) {
            let headline = format!("{} has two volumes named `{name}`", title(resource));
            let first = first.get("name").unwrap_or(first);
            found.push(Found::error(Code::DUPLICATE_PART, headline, at, "the second").also(first, "the first"));
        }
        source(resource, volume, name, found);
    }
}

/// A volume has one source. Which ones there are depends on the version, so every key but the name counts.
fn source<'a>(resource: &Resource<'a>, volume: &'a Data<'a>, name: &str, found: &mut Vec<Found<'a>>) {
    let mut sources = volume.entries().iter().filter(|(key, value)| *key != "name" && *value != Data::Null);
    match (sources.next(), sources.next()) {
        (Some((one, first)), Some((other, second))) => {
            let headline = format!("volume `{name}` has both `{one}` and `{other}`");
            found.push(
                Found::error(Code::ONE_OF, headline, second, format!("`{other}` here"))
                    .also(first, format!("`{one}` here"))
                    .note("a volume comes from one source"),
            );
        }
        (None, _) => {
            let headline = format!("volume `{name}` of {} comes from nowhere", title(resource));
            let label = "a source such as `emptyDir`, `configMap` or `persistentVolumeClaim` is missing";
            found.push(Found::error(Code::ONE_OF, headline, volume, label));
        }
        _ => {}
    }
}
