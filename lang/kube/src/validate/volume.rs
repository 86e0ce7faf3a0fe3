//! Pod volumes.

use forge_base::Code;

use super::part::{PartKind, PartNames};

use super::headline::title;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// Checks the volumes of a pod.
pub(super) fn check<'a>(resource: &Resource<'a>, spec: &'a Data<'a>, violations: &mut Violations<'a>) {
    let mut names = PartNames::new(resource, PartKind::Volume);
    for volume in spec.get_list("volumes") {
        if let Some(name) = names.next(volume, violations) {
            source(resource, volume, name, violations);
        }
    }
}

/// Checks that a volume has one source; the API server makes a volume without one an `emptyDir`. The available sources depend on the version, so every key but `name` counts.
fn source<'a>(resource: &Resource<'a>, volume: &'a Data<'a>, name: &str, violations: &mut Violations<'a>) {
    let mut sources = volume.entries().iter().filter(|(key, value)| *key != "name" && *value != Data::Null);
    match (sources.next(), sources.next()) {
        (Some((one, first)), Some((other, second))) => {
            let headline = format!("volume `{name}` has both `{one}` and `{other}`");
            violations.push(
                Violation::error(Code::ONE_OF, headline, second, format!("`{other}` here"))
                    .also(first, format!("`{one}` here"))
                    .note("a volume has exactly one source"),
            );
        }
        (None, _) => {
            let headline = format!("volume `{name}` of {} has no source", title(resource));
            violations.push(
                Violation::warning(Code::EMPTY_VOLUME, headline, volume, "the API server makes it an `emptyDir`")
                    .help("if this is intended, write `emptyDir {}`"),
            );
        }
        _ => {}
    }
}
