//! Imports of CRDs.

mod support;

use forge_import::LossPolicy;
use support::{assert_checks, crds, crds_with, thing};

/// The source of the schema `spec` in the module of [`thing`].
fn spec(schema: &str) -> String {
    let fixture = crds(&[&thing(schema)]);
    let text = fixture.text().to_owned();
    let from = text.find("\n  spec: ").map_or(0, |at| at + 1);
    text[from..].to_owned()
}

#[test]
fn every_keyword_has_its_form() {
    let fixture = crds(&[include_str!("data/odd.yaml")]);
    assert_checks(&fixture.imported);
    let all: Vec<String> =
        fixture.imported.outputs.iter().map(|output| format!("// {}\n{}", output.path, output.text)).collect();
    insta::assert_snapshot!(all.join("\n"));
    insta::assert_snapshot!(fixture.messages().join("\n"));
}

#[test]
fn all_versions_of_all_groups_are_made_in_one_go() {
    let fixture = crds(&[include_str!("data/odd.yaml"), include_str!("data/list.yaml")]);
    let paths: Vec<&str> = fixture.imported.outputs.iter().map(|output| output.path.as_str()).collect();
    assert_eq!(
        paths,
        ["example_org/v1.forge", "example_org/v1alpha1.forge", "gadgets_io/v1.forge", "gadgets_io/v1beta1.forge"]
    );
    // Two versions with equal schemas become two modules, each with its own `apiVersion`.
    let texts: Vec<&str> = fixture.imported.outputs.iter().map(|output| output.text.as_str()).collect();
    assert!(texts[2].contains("gadgets.io/v1\"") && texts[3].contains("gadgets.io/v1beta1\""));
    assert_checks(&fixture.imported);
}

#[test]
fn kinds_of_one_group_version_from_several_files_share_a_module() {
    let other = thing("type: object").replace("Thing", "Other");
    let fixture = crds(&[&thing("type: object"), &other]);
    assert!(fixture.text().contains("schema Thing extends") && fixture.text().contains("schema Other extends"));
}

#[test]
fn the_same_definition_twice_is_one_and_two_different_ones_are_an_error() {
    let one = thing("type: object");
    assert_eq!(crds(&[&one, &one]).messages(), [""; 0]);
    let other = thing("type: string");
    let messages = crds(&[&one, &other]).messages();
    assert_eq!(
        messages,
        ["in1.yaml:6:17 F0813 `example.org/v1` has two kinds `Thing`: the second, with a different schema"]
    );
}

#[test]
fn input_without_definitions_and_text_that_is_no_yaml_are_errors_with_a_place() {
    assert_eq!(crds(&["kind: ConfigMap\n"]).messages(), ["- F0815 there is no CustomResourceDefinition in the input"]);
    let broken = crds(&["a: 1\nb: {{ .Values.x }}\n"]).messages();
    assert!(broken[0].starts_with("in0.yaml:2:"), "{broken:?}");
}

#[test]
fn unions_in_crds_become_checks_that_hold() {
    let fixture = crds(&[&thing(
        "type: object\nproperties:\n  a: {type: string}\n  b: {type: integer}\n  mode: {type: string}\n\
         oneOf:\n- required: [a]\n- required: [b]\n\
         anyOf:\n- properties: {mode: {enum: [x]}}\n- required: [b]\n",
    )]);
    insta::assert_snapshot!(fixture.text());
    let make =
        |body: &str| fixture.build(&format!("t = m.Thing {{ metadata {{ name = \"x\" }}, spec {{ {body} }} }}\n"));
    assert!(make("b = 1").contains("b: 1"));
    assert!(make("a = \"x\", b = 1").contains("exactly one of `a` or `b` must be set"));
    assert!(make("a = \"x\", mode = \"y\"").contains("none of 2 alternatives matches"));
    assert!(make("a = \"x\", mode = \"x\"").contains("mode: x"));
}

#[test]
fn keyed_lists_are_reached_by_their_keys() {
    let fixture = crds(&[&thing(
        "type: object\nproperties:\n  ports:\n    type: array\n    x-kubernetes-list-type: map\n\
         \x20   x-kubernetes-list-map-keys: [port, protocol]\n    items:\n      type: object\n      required: [port]\n\
         \x20     properties:\n        port: {type: integer}\n        protocol: {type: string, default: TCP}\n",
    )]);
    let made =
        fixture.build("t = m.Thing { metadata { name = \"x\" }, spec { ports = { 80 = {}, (53, \"UDP\") = {} } } }\n");
    assert!(made.ends_with("  ports:\n  - port: 80\n    protocol: TCP\n  - port: 53\n    protocol: UDP\n"), "{made}");
}

#[test]
fn what_cannot_be_said_is_refused_with_its_path_or_left_out_when_that_is_accepted() {
    let schema = thing(
        "type: object\nproperties:\n  a:\n    type: object\n    x-kubernetes-preserve-unknown-fields: true\n    not: {properties: {b: {minimum: 1}}}\n",
    );
    let refused = crds(&[&schema]);
    assert_eq!(refused.messages().len(), 1);
    assert!(refused.messages()[0].contains("F0814"), "{:?}", refused.messages());
    let note = &refused.imported.diags[0].notes[0];
    assert_eq!(note, "at $.spec.versions.v1.schema.openAPIV3Schema.properties.spec.properties.a");
    let lossy = crds_with(&[&schema], LossPolicy::Accept);
    assert!(lossy.messages()[0].contains("F0817"));
    assert!(lossy.text().contains("a: {String: Any}?"));
}

#[test]
fn patterns_that_no_linear_engine_has_are_left_out_with_a_warning() {
    let fixture = crds(&[&thing("type: object\nproperties: {a: {type: string, pattern: '^(?!x)', maxLength: 9}}")]);
    assert!(fixture.text().contains("a: (String where it.length <= 9)?"));
    assert!(
        fixture.messages()[0].starts_with("in0.yaml:17:")
            && fixture.messages()[0].contains("F0817 the pattern `^(?!x)` is left out"),
        "{:?}",
        fixture.messages()
    );
}

#[test]
fn enums_of_all_scalars_and_null_are_literals() {
    let text = spec(
        "type: object\nproperties:\n  a: {enum: [1, 2, \"x\", null, true]}\n  b: {type: integer, enum: [1]}\n\
         \x20 c: {type: number, enum: [1, 1.5]}\n  d: {type: string, enum: [\"\", \"a \\\"b\\\"\"], default: \"\"}\n",
    );
    assert!(text.contains("a: (1 | 2 | \"x\" | true)?"), "{text}");
    assert!(text.contains("b: 1?") && text.contains("c: (Float where it in [1.0, 1.5])?"), "{text}");
    assert!(text.contains(r##"d: "" | #"a "b""# = """##), "{text}");
}

#[test]
fn defaults_that_are_no_values_of_their_type_are_left_out_with_a_warning() {
    let fixture = crds(&[&thing(
        "type: object\nproperties: {a: {type: integer, default: x}, b: {type: object, default: {}, properties: {c: {type: string, default: d}}}}",
    )]);
    assert!(fixture.text().contains("a: Int?") && fixture.text().contains("b: ThingSpecB = {}"));
    assert!(fixture.messages()[0].contains("a default is left out"));
    assert!(fixture.build("t = m.Thing { metadata { name = \"x\" }, spec {} }\n").contains("  b:\n    c: d\n"));
}

#[test]
fn all_of_is_merged() {
    let text = spec(
        "type: object\nproperties:\n  a: {type: integer, allOf: [{minimum: 1}, {maximum: 9}, {minimum: 3}]}\nallOf:\n- required: [a]\n- properties: {a: {multipleOf: 3}}\n",
    );
    assert!(text.contains("a: Int where it in 3..=9 && it % 3 == 0"), "{text}");
}

#[test]
fn refinements_hold_when_programs_are_checked() {
    let fixture = crds(&[&thing(
        "type: object\nproperties:\n  size: {type: integer, minimum: 1, maximum: 5}\n  name: {type: string, pattern: '^[a-z]+$'}\n\
         \x20 set: {type: array, items: {type: string}, x-kubernetes-list-type: set}\n  port: {x-kubernetes-int-or-string: true, maximum: 10}\n",
    )]);
    let make =
        |body: &str| fixture.build(&format!("t = m.Thing {{ metadata {{ name = \"x\" }}, spec {{ {body} }} }}\n"));
    assert!(make("size = 9").contains("F0501"));
    assert!(make("name = \"A\"").contains("F0501"));
    assert!(make("set = [\"a\", \"a\"]").contains("F0501"));
    assert!(make("port = 11").contains("F0") && make("port = \"11\"").contains("port: \"11\""));
}

#[test]
fn the_old_version_of_definitions_is_read() {
    let old = "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nspec:\n  group: old.io\n  version: v1\n\
               \x20 names: {kind: Old}\n  validation:\n    openAPIV3Schema:\n      type: object\n      properties:\n        spec: {type: object, properties: {a: {type: string}}}\n";
    assert!(crds(&[old]).text().contains("a: String?"));
}

#[test]
fn defaults_of_objects_have_quantities_and_durations() {
    let quantity = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";
    let fixture = crds(&[&thing(&format!(
        "type: object\nproperties:\n  a:\n    type: object\n    default: {{size: {{storage: 4Gi}}, waits: [1m]}}\n    properties:\n\
         \x20     size: {{type: object, additionalProperties: {{type: string, pattern: '{quantity}'}}}}\n\
         \x20     waits: {{type: array, items: {{type: string, format: duration}}}}\n"
    ))]);
    assert!(fixture.text().contains("= { size = { storage = 4Gi }, waits = [1min] }"), "{}", fixture.text());
    let made = fixture.build("t = m.Thing { metadata { name = \"x\" }, spec {} }\n");
    assert!(made.contains("storage: 4Gi"), "{made}");
}
