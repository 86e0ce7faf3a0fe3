//! PersistentVolumes, their claims, and StorageClasses.

use forge_base::Code;

use super::headline::{shorten, title};
use super::pod;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};
use crate::version::Version;

/// The fields of a PersistentVolume's `spec` that are not a source. The available sources depend on the version.
const NOT_SOURCES: [&str; 9] = [
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeAttributesClassName",
    "volumeMode",
];

/// Checks a PersistentVolumeClaim.
pub(super) fn claim<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    claim_spec(resource, resource.data, || title(resource), violations);
}

/// The first version whose API server is known to check the claim templates of StatefulSets.
pub(super) const CLAIM_TEMPLATES_CHECKED: Version = Version::V1_37;

/// Checks the claim templates of a StatefulSet.
pub(super) fn claim_templates<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let templates = resource.get("spec").map_or(&[][..], |spec| spec.get_list("volumeClaimTemplates"));
    for template in templates {
        let name = template.at(&["metadata", "name"]).and_then(Data::as_str).unwrap_or("");
        claim_spec(resource, template, || format!("claim template `{}`", shorten(name)), violations);
    }
}

/// Checks the claims of a pod's ephemeral volumes.
pub(super) fn ephemeral<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let Some(template) = pod::template(resource) else { return };
    for volume in template.spec.get_list("volumes") {
        let name = volume.get_str("name").unwrap_or("");
        let owner = || format!("the claim of volume `{}`", shorten(name));
        if let Some(claim) = volume.at(&["ephemeral", "volumeClaimTemplate"]) {
            claim_spec(resource, claim, owner, violations);
        }
    }
}

fn claim_spec<'a>(
    resource: &Resource<'a>,
    holder: &'a Data<'a>,
    owner: impl Fn() -> String,
    violations: &mut Violations<'a>,
) {
    let spec = holder.get("spec").unwrap_or(holder);
    access_modes(spec, &owner, violations);
    let resources = spec.get("resources").unwrap_or(spec);
    let requests = resources.get("requests").unwrap_or(resources);
    if requests.get("storage").is_none() {
        let violation = Violation::error(
            Code::MISSING_PART,
            format!("{} requests no storage", owner()),
            requests,
            "`resources.requests.storage` is not set",
        );
        violations.push(match resource.kind {
            "PersistentVolumeClaim" => violation,
            _ => violation.note(format!("in {}", title(resource))),
        });
    }
}

fn access_modes<'a>(spec: &'a Data<'a>, owner: impl Fn() -> String, violations: &mut Violations<'a>) {
    if spec.get_list("accessModes").is_empty() {
        let at = spec.get("accessModes").unwrap_or(spec);
        let headline = format!("{} has no access mode", owner());
        violations.push(
            Violation::error(Code::MISSING_PART, headline, at, "`accessModes` needs at least one")
                .help("write `accessModes = [\"ReadWriteOnce\"]`"),
        );
    }
}

/// Checks a PersistentVolume.
pub(super) fn volume<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let spec = resource.get("spec").unwrap_or(resource.data);
    access_modes(spec, || title(resource), violations);
    let capacity = spec.get("capacity").unwrap_or(spec);
    if capacity.get("storage").is_none() {
        let headline = format!("{} has no capacity", title(resource));
        violations.push(Violation::error(Code::MISSING_PART, headline, capacity, "`capacity.storage` is not set"));
    }
    let Some(spec) = resource.get("spec") else { return };
    let is_source = |(key, value): &&(&str, Data<'a>)| !NOT_SOURCES.contains(key) && *value != Data::Null;
    let mut sources = spec.entries().iter().filter(is_source);
    match (sources.next(), sources.next()) {
        (None, _) => {
            let headline = format!("{} has no source", title(resource));
            let label = "one of `csi`, `nfs`, `hostPath`, `local` and so on must be set";
            violations.push(Violation::error(Code::ONE_OF, headline, spec, label));
        }
        (Some((one, first)), Some((other, second))) => {
            let headline = format!("{} has both `{one}` and `{other}`", title(resource));
            violations.push(
                Violation::error(Code::ONE_OF, headline, second, format!("`{other}` here"))
                    .also(first, format!("`{one}` here"))
                    .note("a volume has exactly one source"),
            );
        }
        _ => {}
    }
}

/// Checks a StorageClass.
pub(super) fn class<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    if matches!(resource.data.get_str("provisioner"), None | Some("")) {
        let at = resource.get("provisioner").unwrap_or(resource.data);
        let headline = format!("{} has no provisioner", title(resource));
        violations.push(Violation::error(Code::MISSING_PART, headline, at, "`provisioner` is not set"));
    }
}
