//! Volumes of pods.

use forge_base::Code;

use super::pod::{Names, Part};
use super::{Found, title};
use crate::resource::{Data, Resource};

/// Checks the volumes of a pod.
pub(super) fn check<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    let mut names = Names::new(resource, Part::Volume);
    for volume in spec.list("volumes") {
        if let Some(name) = names.next(volume, found) {
            source(resource, volume, name, found);
        }
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
