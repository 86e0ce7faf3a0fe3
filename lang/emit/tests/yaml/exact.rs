//! Details of the output that are irrelevant for readers but matter to people.

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
fn documents_and_long_keys() {
    let mut out = Yaml::new();
    for value in [json!({"a": 1}), json!("a\nb"), json!(" a\nb"), json!([]), json!({}), json!([1, [2]])] {
        out.begin_document();
        write(&value, &mut out);
    }
    out.begin_document();
    write(&json!({"a": {"k".repeat(1001): {"b": [1]}, "z": 1}}), &mut out);
    let text = out.finish().replace(&"k".repeat(1001), "<1001 times k>");
    insta::assert_snapshot!(text);
}

#[test]
fn floats_that_are_not_finite_have_names() {
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
    let mut stream = Yaml::new();
    for value in corpus::values().iter().chain(&random::values(200)) {
        stream.begin_document();
        write(value, &mut stream);
    }
    let line = stream.line();
    assert_eq!(line, stream.finish().matches('\n').count() + 1);
    for value in corpus::values() {
        let mut single = Yaml::new();
        write(&value, &mut single);
        let line = single.line();
        assert_eq!(line, single.finish().matches('\n').count() + 1, "{value}");
    }
}

#[test]
fn a_document_that_is_not_finished_is_abandoned() {
    let mut out = Yaml::new();
    out.begin_map();
    out.key("a");
    out.begin_document();
    out.string("b");
    assert_eq!(out.finish(), "a:\n---\nb\n");
}

#[test]
fn json_equals_the_output_of_serde() {
    let mut numbers = corpus::numbers();
    numbers.retain(|value| value["a"].is_i64());
    for value in corpus::values().iter().chain(&numbers) {
        let mut out = Json::new();
        write(value, &mut out);
        assert_eq!(out.line(), serde_json::to_string_pretty(value).expect("JSON").matches('\n').count() + 2);
        assert_eq!(out.finish(), serde_json::to_string_pretty(value).expect("JSON") + "\n");
    }
}

#[test]
fn json_of_random_values_is_read_back() {
    for value in random::values(300).iter().chain(&corpus::numbers()) {
        let mut out = Json::new();
        write(value, &mut out);
        assert_eq!(&serde_json::from_str::<Value>(&out.finish()).expect("it is JSON"), value);
    }
}
