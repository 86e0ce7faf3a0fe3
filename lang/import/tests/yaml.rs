//! Manifests as a module that builds them.

mod support;

use std::sync::Arc;

use forge_driver::pipeline::{ImportFormat, ImportOptions, Loss, Outcome, import};
use forge_driver::{MemoryWorld, Session};
use support::shown;

fn yaml(text: &str) -> Outcome {
    let world = MemoryWorld::new().with("/w/in.yaml", text);
    let options = ImportOptions {
        format: ImportFormat::Yaml,
        paths: vec![String::from("in.yaml")],
        out: None,
        loss: Loss::Refused,
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
    assert_eq!(messages, ["in.yaml:2:7 F0813 no module knows the kind `Thing` of `no.such/v1`: this document"]);
}
