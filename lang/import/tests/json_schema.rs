//! Imports of JSON Schema.

mod support;

use forge_import::LossPolicy;
use support::{json_schema, json_schema_with};

#[test]
fn a_schema_with_definitions_becomes_one_module() {
    let fixture = json_schema(include_str!("data/settings.schema.json"));
    insta::assert_snapshot!(fixture.text());
}

#[test]
fn schemas_may_refer_to_themselves() {
    let fixture = json_schema(
        r##"{ "title": "tree", "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": { "name": { "type": "string" }, "children": { "type": "array", "items": { "$ref": "#" } } } }"##,
    );
    assert_eq!(
        fixture.eval("t = m.Tree { name = \"a\", children = [{ name = \"b\" }] }.children?.map(c => c.name)\n"),
        "t:\n- b\n"
    );
}

#[test]
fn alternatives_of_types_become_unions() {
    let fixture = json_schema(
        r##"{ "title": "x", "type": "object", "additionalProperties": false, "properties": {
            "a": { "type": ["string", "integer", "null"] },
            "b": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
            "c": { "anyOf": [{ "$ref": "#/definitions/http" }, { "$ref": "#/definitions/tcp" }] },
            "d": { "anyOf": [{ "type": "string", "pattern": "^a" }, { "type": "string", "maxLength": 2 }] },
            "e": { "anyOf": [{ "const": "auto" }, { "type": "integer", "minimum": 1 }] } },
          "definitions": {
            "http": { "type": "object", "additionalProperties": false, "required": ["kind"], "properties": { "kind": { "const": "http" }, "path": { "type": "string" } } },
            "tcp": { "type": "object", "additionalProperties": false, "required": ["kind", "port"], "properties": { "kind": { "const": "tcp" }, "port": { "type": "integer" } } } } }"##,
    );
    let text = fixture.text();
    assert!(text.contains("a: (String | Int)?") && text.contains("b: (String | [String])?"), "{text}");
    assert!(text.contains("c: (Http | Tcp)?"), "{text}");
    assert!(text.contains(r#"d: (String where it.matches("^a") || it.length <= 2)?"#), "{text}");
    assert!(text.contains(r#"e: ("auto" | (Int where it >= 1))?"#), "{text}");
    assert_eq!(fixture.eval("x = m.X { c = { kind = \"tcp\", port = 1 } }.c\n"), "x:\n  kind: tcp\n  port: 1\n");
}

#[test]
fn what_leaves_the_file_is_refused_with_its_place() {
    let text = r##"{ "type": "object", "properties": { "a": { "$ref": "https://example.org/x.json" } } }"##;
    let messages = json_schema(text).messages();
    assert_eq!(
        messages,
        [
            "settings.schema.json:1:52 F0814 the reference `https://example.org/x.json` cannot be represented: it refers to another file, which is not fetched"
        ]
    );
    assert!(json_schema_with(text, LossPolicy::Accept).text().contains("a: Any?"));
}

#[test]
fn conditionals_become_checks() {
    let fixture = json_schema(
        r##"{ "title": "x", "type": "object", "additionalProperties": false,
            "properties": { "mode": { "enum": ["a", "b"] }, "key": { "type": "string" }, "other": { "type": "string" } },
            "if": { "properties": { "mode": { "const": "b" } }, "required": ["mode"] }, "then": { "required": ["key"] },
            "dependentRequired": { "other": ["key"] } }"##,
    );
    let text = fixture.text();
    assert!(text.contains("check"), "{text}");
    assert!(fixture.eval("x = m.X { mode = \"b\" }.mode\n").contains("F0502"));
    assert!(fixture.eval("x = m.X { other = \"b\" }.mode\n").contains("`other` requires other fields"));
    assert_eq!(fixture.eval("x = m.X { mode = \"b\", key = \"k\" }.mode\n"), "x: b\n");
}

#[test]
fn patterns_of_properties_are_conditions_on_the_keys_of_a_map() {
    let fixture = json_schema(
        r##"{ "title": "x", "type": "object", "patternProperties": { "^x-": { "type": "integer" } }, "additionalProperties": false }"##,
    );
    assert!(fixture.text().contains(r#"type X = {String where it.matches("^x-"): Int}"#), "{}", fixture.text());
}

#[test]
fn a_recursive_reference_may_repeat_the_type_or_add_keywords() {
    let schema = |extra: &str| {
        format!(
            r##"{{ "title": "x", "type": "object", "properties": {{ "route": {{ "$ref": "#/definitions/route" }} }}, "definitions": {{
                "route": {{ "type": "object", "properties": {{ "name": {{ "type": "string" }},
                    "routes": {{ "type": "array", "items": {{ {extra}, "$ref": "#/definitions/route" }} }} }} }} }} }}"##
        )
    };
    assert!(json_schema(&schema(r#""type": "object""#)).text().contains("routes: [Route]?"));
    let messages = json_schema(&schema(r#""minProperties": 1"#)).messages();
    assert!(messages[0].contains("F0814 this schema cannot be represented: it is nested too deeply"), "{messages:?}");
}

#[test]
fn a_property_with_the_schema_false_is_not_declared() {
    let fixture = json_schema(
        r##"{ "title": "x", "type": "object", "additionalProperties": false,
            "properties": { "a": { "type": "string" }, "legacy": false } }"##,
    );
    assert!(fixture.text().contains("a: String?") && !fixture.text().contains("legacy"), "{}", fixture.text());
    assert!(fixture.eval("x = m.X { legacy = 1 }.a\n").contains("F0412"));
}
