//! Written values are read back as the same values by readers of YAML 1.1, of YAML 1.2, and by Go's reader.
//!
//! `corpus` declares strings and shapes, `random` generates more of them, `reader` runs the readers. See `tests/yaml/README.md`.

mod corpus;
mod exact;
mod random;
mod reader;

use forge_emit::Sink;
use forge_emit::yaml::Yaml;
use serde_json::Value;

/// Writes a value to a sink.
fn write(value: &Value, sink: &mut impl Sink) {
    match value {
        Value::Null => sink.null(),
        Value::Bool(value) => sink.bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(int) => sink.int(int),
            None => sink.float(number.as_f64().expect("the corpus has numbers of 64 bits only")),
        },
        Value::String(text) => sink.string(text),
        Value::Array(items) => {
            sink.begin_list();
            for item in items {
                sink.item();
                write(item, sink);
            }
            sink.end_list();
        }
        Value::Object(entries) => {
            sink.begin_map();
            for (key, value) in entries {
                sink.key(key);
                write(value, sink);
            }
            sink.end_map();
        }
    }
}

/// A value as one document.
fn yaml(value: &Value) -> String {
    let mut yaml = Yaml::new();
    write(value, &mut yaml);
    yaml.finish()
}

/// Reads all values with every reader, and fails with the first differences.
fn check(values: &[Value]) {
    let texts: Vec<String> = values.iter().map(yaml).collect();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (name, read) in reader::read_all(values, &texts) {
        assert_eq!(read.len(), values.len(), "{name} reads every document");
        for ((value, text), read) in values.iter().zip(&texts).zip(read) {
            compared += 1;
            if !is_same(value, &read) {
                wrong.push(format!("{name} read {read}\n  instead of {value}\n  from {text:?}"));
            }
        }
    }
    assert!(compared >= values.len() && compared > 0, "nothing was compared");
    eprintln!("{} documents, {compared} comparisons", values.len());
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// Equality that takes `1.0` for `1`: Go's JSON writes floats without a point.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            _ => a.as_f64() == b.as_f64(),
        },
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        (a, b) => a == b,
    }
}

#[test]
fn tricky_strings_in_all_shapes_are_read_back() {
    let values = corpus::values();
    assert!(values.len() >= 1000, "the corpus has {} documents", values.len());
    check(&values);
}

#[test]
fn a_document_may_be_a_single_string() {
    let values: Vec<Value> = corpus::strings().into_iter().map(Value::String).collect();
    check(&values);
}

#[test]
fn numbers_keep_value_and_kind() {
    check(&corpus::numbers());
}

#[test]
fn random_values_are_read_back() {
    check(&random::values(1500));
}
