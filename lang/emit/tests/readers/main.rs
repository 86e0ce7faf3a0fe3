//! What is written as YAML is read back as the same values by readers of YAML 1.1, of YAML 1.2 and by Go's.

mod corpus;
mod oracle;

use forge_emit::Sink;
use forge_emit::json::Json;
use forge_emit::yaml::Yaml;
use proptest::prelude::*;
use serde_json::Value;

/// Random documents that each reader is asked about.
const RANDOM: usize = 2_000;

fn write(value: &Value, sink: &mut impl Sink) {
    match value {
        Value::Null => sink.null(),
        Value::Bool(value) => sink.bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => sink.int(number),
            None => sink.float(number.as_f64().unwrap()),
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

fn yaml(value: &Value) -> String {
    let mut yaml = Yaml::new();
    yaml.document(false);
    write(value, &mut yaml);
    let lines = yaml.line();
    let text = yaml.finish();
    assert_eq!(lines, text.bytes().filter(|&byte| byte == b'\n').count() + 1, "lines of {text:?}");
    text
}

/// Whether two values are the same, numbers by their value.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => a == b,
    }
}

fn matrix() -> Vec<Value> {
    let mut values: Vec<Value> = corpus::strings().iter().flat_map(|text| corpus::shapes(text)).collect();
    values.extend(corpus::others());
    values.extend(corpus::random_values(RANDOM));
    values
}

/// Fails with the first few documents that a reader sees something else in.
fn compare(reader: &str, values: &[Value], texts: &[String], seen: &[Result<Value, String>]) {
    assert!(seen.len() >= 1_000 && seen.len() == values.len(), "only {} documents were compared with {reader}", seen.len());
    let mut wrong = Vec::new();
    for ((value, text), seen) in values.iter().zip(texts).zip(seen) {
        if !seen.as_ref().is_ok_and(|seen| is_same(value, seen)) {
            let seen = seen.as_ref().map(Value::to_string);
            wrong.push(format!("{value}\nwas written as\n{text}and read as\n{seen:?}\n"));
        }
    }
    eprintln!("{reader}: {} documents, {} of them read otherwise", seen.len(), wrong.len());
    let shown = wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{reader} reads {} of {} otherwise:\n{shown}", wrong.len(), seen.len());
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().map(yaml).collect()
}

#[test]
fn a_reader_of_yaml_1_2_sees_what_was_written() {
    let values = matrix();
    let texts = texts(&values);
    let seen: Vec<_> = texts.iter().map(|text| oracle::saphyr(text)).collect();
    compare("serde-saphyr", &values, &texts, &seen);
}

#[test]
fn pyyaml_sees_what_was_written() {
    let values = matrix();
    let texts = texts(&values);
    for (reader, seen) in oracle::pyyaml(&texts) {
        compare(&reader, &values, &texts, &seen);
    }
}

#[test]
fn kubernetes_sees_what_was_written() {
    let values = matrix();
    let texts = texts(&values);
    if let Some(seen) = oracle::kubectl(&texts) {
        compare("kubectl", &values, &texts, &seen);
    }
}

/// A string at the root of a document, which kubectl does not read.
#[test]
fn a_document_may_be_a_single_string() {
    let values: Vec<Value> = corpus::strings().into_iter().map(Value::String).collect();
    let texts = texts(&values);
    let seen: Vec<_> = texts.iter().map(|text| oracle::saphyr(text)).collect();
    compare("serde-saphyr", &values, &texts, &seen);
    for (reader, seen) in oracle::pyyaml(&texts) {
        compare(&reader, &values, &texts, &seen);
    }
}

#[test]
fn json_is_read_back_as_it_was_written() {
    for value in matrix() {
        for mut json in [Json::pretty(), Json::compact()] {
            write(&value, &mut json);
            let text = json.finish();
            let read: Value = serde_json::from_str(&text).unwrap();
            assert!(is_same(&value, &read), "{value} was written as {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn any_value_is_read_back(value in corpus::any_value()) {
        let text = yaml(&value);
        let read = oracle::saphyr(&text).map_err(|error| TestCaseError::fail(format!("{error} in\n{text}")))?;
        prop_assert!(is_same(&value, &read), "written as\n{}and read as\n{}", text, read);
    }
}
