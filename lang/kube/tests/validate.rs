//! Snapshots of the violations in manifests.

mod manifest;

use forge_kube::validate::{ObjectSummary, check_cluster, check_resource};
use forge_kube::{Resource, Version};

use manifest::{documents, name, tree};

/// The violations of the rules for single resources, for each document of a file.
fn single(file: &str) -> String {
    let mut text = String::new();
    for (number, document) in (1..).zip(documents(file)) {
        let data = tree(&document);
        let object = Resource::new(data).expect("each document has an `apiVersion` and a `kind`");
        text.push_str(&format!("{number} {}\n", name(&object)));
        for found in check_resource(&object, Version::DEFAULT) {
            let path = object.path_of(found.at.0).expect("a violation refers to a part of its resource");
            let kind = if found.diag.is_error() { "error" } else { "warning" };
            text.push_str(&format!("  {kind}[{}] {path}: {}; {}\n", found.diag.code, found.diag.headline, found.at.1));
            for (part, label) in &found.also {
                let path = object.path_of(part).expect("and so do its secondary labels");
                text.push_str(&format!("    {path}: {label}\n"));
            }
            found.diag.help.iter().for_each(|help| text.push_str(&format!("    help: {help}\n")));
        }
    }
    text
}

/// The violations of the rules across resources for the documents of a file.
fn between(file: &str) -> String {
    let documents = documents(file);
    let objects: Vec<Resource> = documents
        .iter()
        .map(|document| Resource::new(tree(document)).expect("each document has an `apiVersion` and a `kind`"))
        .collect();
    let facts: Vec<ObjectSummary> = objects.iter().filter_map(|object| ObjectSummary::new(object, None)).collect();
    assert_eq!(facts.len(), objects.len(), "no document is for tools only");
    let mut text = String::new();
    for found in check_cluster(&facts.iter().collect::<Vec<_>>()) {
        let location = |object_ref: forge_kube::validate::ObjectRef| {
            let object = &objects[object_ref.object];
            format!("{} {}", name(object), object.path_of(object_ref.find(object)).expect("a reference names a part"))
        };
        let kind = if found.diag.is_error() { "error" } else { "warning" };
        text.push_str(&format!("{kind}[{}]: {}\n", found.diag.code, found.diag.headline));
        text.push_str(&format!("  {}: {}\n", location(found.at.0), found.at.1));
        found
            .also
            .iter()
            .for_each(|(object_ref, label)| text.push_str(&format!("  {}: {label}\n", location(*object_ref))));
        found.diag.help.iter().for_each(|help| text.push_str(&format!("  help: {help}\n")));
    }
    text
}

#[test]
fn single_resources_are_validated_like_by_an_api_server() {
    for file in ["metadata", "workloads", "pods", "services", "storage", "configs", "admission", "others"] {
        insta::assert_snapshot!(file, single(file));
    }
}

#[test]
fn resources_are_validated_together() {
    for file in ["duplicates", "selectors", "references", "foreign", "namespaces"] {
        insta::assert_snapshot!(file, between(file));
    }
}

#[test]
fn objects_named_fine_have_no_violations() {
    for file in ["workloads", "services", "storage", "configs", "admission", "others", "metadata"] {
        for document in documents(file) {
            let object = Resource::new(tree(&document)).expect("each document has an `apiVersion` and a `kind`");
            if object.name().starts_with("fine") {
                assert_eq!(check_resource(&object, Version::DEFAULT).len(), 0, "{}", name(&object));
            }
        }
    }
}

#[test]
fn claim_templates_are_checked_where_the_server_does() {
    let text = r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"a.b"},"spec":{
        "selector":{"matchLabels":{"app":"a"}},"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{}}],
        "template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"b"}]}}}}"#;
    let document: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
    let object = Resource::new(tree(&document)).expect("it has an `apiVersion` and a `kind`");
    let codes = |version: Version| {
        let found = check_resource(&object, version);
        found.iter().map(|found| found.diag.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes(Version::DEFAULT), [""; 0]);
    assert_eq!(codes(Version::NEWEST), ["F0710", "F0736", "F0736"]);
}

#[test]
fn annotations_and_configs_have_a_size() {
    let code = |text: &str| {
        let document: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
        let object = Resource::new(tree(&document)).expect("it has an `apiVersion` and a `kind`");
        check_resource(&object, Version::DEFAULT).iter().map(|found| found.diag.code.to_string()).collect::<Vec<_>>()
    };
    let annotated = |size: usize| {
        let value = "x".repeat(size);
        format!(r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"a","annotations":{{"a":"{value}"}}}}}}"#)
    };
    assert_eq!(code(&annotated((256 << 10) - 1)), [""; 0]);
    assert_eq!(code(&annotated(256 << 10)), ["F0713"]);
    let filled = |size: usize| {
        let value = "x".repeat(size);
        format!(r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"a"}},"data":{{"a":"{value}"}}}}"#)
    };
    assert_eq!(code(&filled(1 << 20)), [""; 0]);
    assert_eq!(code(&filled((1 << 20) + 100)), ["F0723"]);
}
