//! The bytes that are written, where readers do not care but people do.

use forge_emit::Sink;
use forge_emit::json::Json;
use forge_emit::yaml::Yaml;
use serde_json::{Value, json};

use crate::{corpus, random, write, yaml};

#[test]
fn lists_are_not_indented_under_their_key() {
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "labels": {}, "annotations": {"on": "yes", "port": "8080"}},
        "spec": {
            "replicas": 2,
            "template": {"spec": {"containers": [
                {"name": "web", "image": "nginx:1.25", "args": [], "ports": [{"containerPort": 80}], "cpu": "100m"},
                {"name": "log", "command": ["sh", "-c", "set -e\nexec log\n"], "ratio": 1.0},
            ]}},
            "matrix": [[1, 2], [], [{"a": null}]],
        },
    });
    insta::assert_snapshot!(yaml(&deployment));
}

#[test]
fn blocks_say_how_their_text_begins_and_ends() {
    insta::assert_snapshot!(yaml(&json!({
        "clip": "a\nb\n",
        "strip": "a\nb",
        "keep": "a\n\n",
        "indented": "  a\nb\n",
        "empty first": "\na",
        "item": ["a\n b\n", {"in": {"deep": "a\n\nb"}}],
        "none": "\n",
        "tab": "\ta\nb",
        "carriage return": "a\r\nb",
    })));
}

#[test]
fn documents_comments_and_long_keys() {
    let mut out = Yaml::new();
    out.comment("written by a test\n\nsecond paragraph");
    for (at, value) in
        [json!({"a": 1}), json!("a\nb"), json!(" a\nb"), json!([]), json!({}), json!([1, [2]])].iter().enumerate()
    {
        out.document(at > 0);
        write(value, &mut out);
    }
    out.document(true);
    write(&json!({"a": {"k".repeat(1001): {"b": [1]}, "z": 1}}), &mut out);
    let text = out.finish().replace(&"k".repeat(1001), "<1001 times k>");
    insta::assert_snapshot!(text);
}

#[test]
fn floats_that_are_not_finite_have_their_words() {
    let mut out = Yaml::new();
    out.begin_list();
    for number in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -0.0] {
        out.item();
        out.float(number);
    }
    out.end_list();
    assert_eq!(out.finish(), "- .inf\n- -.inf\n- .nan\n- -0.0\n");
}

#[test]
fn lines_are_counted() {
    let mut out = Yaml::new();
    out.comment("a");
    out.document(true);
    for value in corpus::values().iter().chain(&random::values(200)) {
        write(value, &mut out);
        assert_eq!(out.line(), out.as_str().matches('\n').count() + 1, "{value}");
        out.take();
        out.document(false);
        assert_eq!(out.line(), 1);
    }
}

#[test]
fn taking_gives_what_was_written_since() {
    let mut out = Yaml::new();
    out.string("a");
    assert_eq!(out.take(), "a\n");
    out.document(true);
    out.string("b");
    assert_eq!(out.take(), "---\nb\n");
    assert_eq!(out.take(), "");
}

#[test]
fn json_is_what_serde_writes() {
    let mut numbers = corpus::numbers();
    numbers.retain(|value| value["a"].is_i64());
    for value in corpus::values().iter().chain(&numbers) {
        let mut pretty = Json::pretty();
        write(value, &mut pretty);
        assert_eq!(pretty.line(), serde_json::to_string_pretty(value).expect("JSON").matches('\n').count() + 2);
        assert_eq!(pretty.finish(), serde_json::to_string_pretty(value).expect("JSON") + "\n");
        let mut compact = Json::compact();
        write(value, &mut compact);
        assert_eq!(compact.finish(), value.to_string() + "\n");
    }
}

#[test]
fn json_of_random_values_is_read_back() {
    for value in random::values(300).iter().chain(&corpus::numbers()) {
        let mut pretty = Json::pretty();
        write(value, &mut pretty);
        assert_eq!(&serde_json::from_str::<Value>(&pretty.finish()).expect("it is JSON"), value);
    }
}
