//! Compares the built-in modules with the definitions in the package `kubernetes-validate`, which are generated
//! independently from the API server's OpenAPI description: kinds, fields, types, requirements and list keys. Known
//! values, which that description lacks, are compared with `kubernetes-models`.

mod ours;
mod rules;
mod theirs;
mod values;

use std::collections::BTreeMap;
use std::io::{self, Write};

use forge_kube::Version;

/// The fields of a schema by name.
type Fields = BTreeMap<String, Field>;
/// Schemas by module and name.
type Schemas = BTreeMap<(String, String), Fields>;

/// A field in a form that both sides share.
#[derive(Clone, PartialEq, Debug)]
struct Field {
    /// The type in the common form, such as `string` or `[ContainerPort by containerPort, protocol]`.
    ty: String,
    required: bool,
}

/// Fields that are required in our modules but not in the definitions: names in references, which Kubernetes allowed to
/// be empty for compatibility, and the metadata of kinds.
fn is_stricter(path: &str, field: &Field) -> bool {
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
    let (schema, name) = path.rsplit_once('.').expect("a path has a field");
    field.required
        && (name == "metadata" || name == "name" && references.contains(&schema.rsplit('.').next().expect("a name")))
}

/// Fields that are required in the definitions although the API server accepts objects without them.
const LOOSER: [&str; 1] = ["k8s.networking.v1.NetworkPolicySpec.podSelector"];

/// The rule of an API server that says whether a field must be set.
fn requirement(field: &Field) -> &'static str {
    if field.required { "required" } else { "optional" }
}

/// The result of an oracle, or `None` with a message if the oracle is not available.
fn at_hand<T>(name: &str, found: io::Result<T>) -> Option<T> {
    let error = match found {
        Ok(found) => return Some(found),
        Err(error) => error,
    };
    let is_required = std::env::var_os("FORGE_ORACLES").is_some_and(|value| value == "required");
    assert!(!is_required, "{name} is required: {error}");
    // Written directly, since the test harness captures `eprintln!`.
    let _ = writeln!(io::stderr(), "SKIPPED: nothing was compared with {name}: {error}");
    None
}

fn definitions() -> Option<theirs::Package> {
    at_hand("kubernetes-validate", theirs::Package::install())
}

/// The differences between the two sides for one version.
fn differences(ours: &Schemas, theirs: &Schemas) -> Vec<String> {
    let mut found = Vec::new();
    for ((module, name), fields) in ours {
        let Some(known) = theirs.get(&(module.clone(), name.clone())) else {
            found.push(format!("{module}.{name} is only ours"));
            continue;
        };
        let all: std::collections::BTreeSet<&String> = fields.keys().chain(known.keys()).collect();
        for field in all {
            let path = format!("{module}.{name}.{field}");
            match (fields.get(field), known.get(field)) {
                (Some(ours), Some(theirs)) if ours == theirs => {}
                (Some(ours), Some(theirs)) if ours.ty == theirs.ty && is_stricter(&path, ours) => {}
                (Some(ours), Some(theirs)) if ours.ty == theirs.ty && LOOSER.contains(&path.as_str()) => {}
                (Some(ours), Some(theirs)) if ours.ty == theirs.ty && rules::has(requirement(ours), &path) => {}
                (ours, theirs) => found.push(format!("{path}: ours {ours:?}, theirs {theirs:?}")),
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

#[test]
fn known_values_are_those_of_the_go_types() {
    let Some(theirs) = at_hand("kubernetes-models", values::theirs()) else { return };
    let ours = ours::values("1.36".parse().expect("a version"));
    let mut found = Vec::new();
    for (path, values) in &theirs {
        // An empty value is equivalent to no value.
        let values: std::collections::BTreeSet<&String> = values.iter().filter(|value| !value.is_empty()).collect();
        let known: std::collections::BTreeSet<&String> =
            ours.get(path).into_iter().flatten().filter(|value| !value.is_empty()).collect();
        // What an API server refuses or accepts is its own word.
        if known != values && !rules::has("closed", path) {
            found.push(format!("{path}: ours {known:?}, theirs {values:?}"));
        }
    }
    assert!(theirs.len() > 90, "{} fields", theirs.len());
    assert!(found.is_empty(), "{} differences of {}\n{}", found.len(), theirs.len(), found.join("\n"));
}
