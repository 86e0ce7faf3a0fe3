//! Compares the modules of Kubernetes with the definitions in the package `kubernetes-validate`, which others made from
//! the API server's own description: kinds, their fields, whether they are required, their types, keys of lists.

mod ours;
mod theirs;

use std::collections::BTreeMap;
use std::io::{self, Write};

use forge_kube::Version;

/// The fields of a schema by name.
type Fields = BTreeMap<String, Field>;
/// Schemas by module and name.
type Schemas = BTreeMap<(String, String), Fields>;

/// What both sides say of a field.
#[derive(Clone, PartialEq, Debug)]
struct Field {
    /// The type in a common form: `string`, `[ContainerPort by containerPort, protocol]`.
    ty: String,
    required: bool,
}

/// Fields that the sources call required though the definitions do not: names of references, which Kubernetes once let
/// be empty, and the metadata of kinds.
fn is_stricter(place: &str, field: &Field) -> bool {
    let references = [
        "ConfigMapEnvSource",
        "ConfigMapKeySelector",
        "ConfigMapProjection",
        "ConfigMapVolumeSource",
        "LocalObjectReference",
        "SecretEnvSource",
        "SecretKeySelector",
        "SecretProjection",
    ];
    let (schema, name) = place.rsplit_once('.').expect("a place has a field");
    field.required
        && (name == "metadata" || name == "name" && references.contains(&schema.rsplit('.').next().expect("a name")))
}

/// Fields that the definitions call required though the API server takes objects without them.
const LOOSER: [&str; 2] = ["k8s.events.v1.Event.eventTime", "k8s.networking.v1.NetworkPolicySpec.podSelector"];

fn definitions() -> Option<theirs::Package> {
    match theirs::Package::install() {
        Ok(package) => Some(package),
        Err(error) => {
            let is_required = std::env::var_os("FORGE_ORACLES").is_some_and(|value| value == "required");
            assert!(!is_required, "kubernetes-validate is required: {error}");
            // Standard error directly: the harness would hide what `eprintln!` says.
            let _ = writeln!(io::stderr(), "SKIPPED: nothing was compared with kubernetes-validate: {error}");
            None
        }
    }
}

/// What differs between two sides of one version.
fn differences(ours: &Schemas, theirs: &Schemas) -> Vec<String> {
    let mut found = Vec::new();
    for ((module, name), fields) in ours {
        let Some(known) = theirs.get(&(module.clone(), name.clone())) else {
            found.push(format!("{module}.{name} is only ours"));
            continue;
        };
        let all: std::collections::BTreeSet<&String> = fields.keys().chain(known.keys()).collect();
        for field in all {
            let place = format!("{module}.{name}.{field}");
            match (fields.get(field), known.get(field)) {
                (Some(ours), Some(theirs)) if ours == theirs => {}
                (Some(ours), Some(theirs)) if ours.ty == theirs.ty && is_stricter(&place, ours) => {}
                (Some(ours), Some(theirs)) if ours.ty == theirs.ty && LOOSER.contains(&place.as_str()) => {}
                (ours, theirs) => found.push(format!("{place}: ours {ours:?}, theirs {theirs:?}")),
            }
        }
    }
    found
}

#[test]
fn schemas_are_those_of_the_api_server() {
    let Some(package) = definitions() else { return };
    let mut found = Vec::new();
    for version in Version::all() {
        let (schemas, _) = ours::read(version);
        assert!(schemas.len() > 550, "{version}: {} schemas", schemas.len());
        let differences = differences(&schemas, &package.schemas(version));
        found.extend(differences.into_iter().map(|difference| format!("{version} {difference}")));
    }
    assert!(found.is_empty(), "{} differences\n{}", found.len(), found.join("\n"));
}

#[test]
fn kinds_are_those_of_the_api_server() {
    let Some(package) = definitions() else { return };
    for version in Version::all() {
        let (_, kinds) = ours::read(version);
        let theirs = package.kinds(version);
        assert_eq!(kinds, theirs, "{version}");
        assert!(kinds.len() > 85, "{version}: {} kinds", kinds.len());
    }
}
