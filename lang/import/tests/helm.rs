//! Imports of chart values.

mod support;

use support::helm;

#[test]
fn values_give_types_defaults_and_documentation() {
    let fixture = helm(
        None,
        Some(include_str!("data/values.yaml")),
        Some("name: web\ndependencies:\n- name: redis\n- {name: postgresql, alias: db}\n"),
    );
    insta::assert_snapshot!(fixture.text());
    let made = fixture.eval("v = m.Values { image { tag = \"2\" }, replicas = 3, nodeSelector { zone = \"a\" } }\n");
    assert!(
        made.contains("    tag: \"2\"\n") && made.contains("  replicas: 3\n") && made.contains("zone: a"),
        "{made}"
    );
    assert!(fixture.eval("v = m.Values { replcas = 3 }\n").contains("F0412"));
}

#[test]
fn the_schema_wins_for_types_and_the_values_for_defaults() {
    let schema = r#"{ "type": "object", "required": ["port"], "properties": {
        "port": { "type": "integer", "minimum": 1, "maximum": 65535, "description": "The port.", "default": 1 },
        "mode": { "enum": ["a", "b"] },
        "extra": { "type": "object", "additionalProperties": { "type": "string" } },
        "image": { "type": "object", "additionalProperties": false, "properties": { "tag": { "type": ["string", "null"] } } } } }"#;
    let values = "port: 8080\nmode: b\nextra: {}\nimage:\n  # -- the tag\n  tag:\nnew: 1\n";
    let fixture = helm(Some(schema), Some(values), None);
    insta::assert_snapshot!(fixture.text());
    assert!(fixture.eval("v = m.Values { port = 0 }\n").contains("F0501"));
}

#[test]
fn values_of_quotes_are_kept() {
    let fixture = helm(None, Some("a: '\"\"'\nb: '\"'\nc: 'x\"\"'\n"), None);
    assert_eq!(fixture.eval("v = m.Values {}\n"), "v:\n  a: \"\\\"\\\"\"\n  b: \"\\\"\"\n  c: x\"\"\n");
}
