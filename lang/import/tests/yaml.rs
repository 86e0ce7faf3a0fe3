//! Imports of manifests.

mod support;

use std::sync::Arc;

use forge_driver::pipeline::{ImportFormat, ImportOptions, LossPolicy, Outcome, import};
use forge_driver::{MemoryWorld, Session};
use support::shown;

fn yaml(text: &str) -> Outcome {
    yaml_with(text, LossPolicy::Reject)
}

fn yaml_with(text: &str, loss: LossPolicy) -> Outcome {
    let world = MemoryWorld::new().with("/w/in.yaml", text);
    let options = ImportOptions {
        format: ImportFormat::Yaml,
        paths: vec![String::from("in.yaml")],
        out: None,
        loss,
        force: false,
    };
    import(&mut Session::new(Arc::new(world), "/w"), &options)
}

#[test]
fn manifests_become_typed_bindings_that_build_them() {
    let outcome = yaml(include_str!("data/web.yaml"));
    assert_eq!(shown(&outcome.files, &outcome.diags), [""; 0]);
    insta::assert_snapshot!(outcome.output);
}

#[test]
fn what_kubernetes_would_pass_over_is_an_error() {
    let outcome = yaml("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndat: {a: b}\n");
    assert_eq!(outcome.diags[0].code.to_string(), "F0816");
    assert!(outcome.diags[0].notes[0].contains("`ConfigMap` has no field `dat`"), "{:?}", outcome.diags[0].notes);
    assert_eq!(outcome.output, "");
}

#[test]
fn unknown_kinds_are_errors_at_their_place() {
    let outcome = yaml("apiVersion: no.such/v1\nkind: Thing\nmetadata: {name: a}\n");
    let messages = shown(&outcome.files, &outcome.diags);
    assert_eq!(messages, ["in.yaml:2:7 F0813 no module declares the kind `Thing` of `no.such/v1`: this document"]);
}

#[test]
fn amounts_with_a_fraction_become_amounts_with_a_unit() {
    let pod = |cpu: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: a:1\n    \
             resources:\n      requests:\n        cpu: {cpu}\n        memory: 1Gi\n"
        )
    };
    for (cpu, written) in
        [("0.5", "500m"), ("'0.5'", "500m"), ("1.5", "1500m"), ("2.0", "2"), ("1e3", "1000"), ("3", "3")]
    {
        let outcome = yaml(&pod(cpu));
        assert_eq!(shown(&outcome.files, &outcome.diags), [""; 0], "{cpu}");
        assert!(outcome.output.contains(&format!("cpu = {written}, ")), "{cpu}: {}", outcome.output);
    }
}

#[test]
fn a_resource_inside_of_another_need_not_state_what_it_is() {
    let outcome = yaml(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {app: a}}\n  \
         template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: 'a:1'}]}}\n  \
         volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce]}\n",
    );
    assert_eq!(shown(&outcome.files, &outcome.diags), [""; 0]);
    assert!(outcome.output.contains("volumeClaimTemplates"), "{}", outcome.output);
}

const SECRET: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n---\n\
    apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: q}\n";

#[test]
fn a_document_that_does_not_hold_is_named() {
    let outcome = yaml(SECRET);
    let messages = shown(&outcome.files, &outcome.diags);
    assert_eq!(messages, ["in.yaml:7:7 F0816 this document is not a valid program: this document"]);
    assert!(
        outcome.diags[0].notes[0].contains("Secret `s` contains `p` in plain text"),
        "{:?}",
        outcome.diags[0].notes
    );
}

#[test]
fn a_document_that_does_not_hold_can_be_passed_over() {
    let outcome = yaml_with(SECRET, LossPolicy::Accept);
    let messages = shown(&outcome.files, &outcome.diags);
    assert_eq!(messages, ["in.yaml:7:7 F0817 skipped a document that is not a valid program: this document"]);
    assert!(outcome.output.contains("ConfigMap {"), "{}", outcome.output);
    assert!(!outcome.output.contains("Secret"), "{}", outcome.output);
}
