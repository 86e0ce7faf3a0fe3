//! Manifests as `Data` trees. The data is leaked, which is fine in a test.

use std::path::Path;

use forge_kube::Resource;
use forge_kube::resource::Data;
use serde_json::Value;

/// The documents of a file in `tests/manifests`.
pub(crate) fn documents(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/manifests/{file}.yaml"));
    let text = std::fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_multiple(&text).expect("it is YAML")
}

/// A document as a tree.
pub(crate) fn tree(value: &Value) -> &'static Data<'static> {
    Box::leak(Box::new(data(value)))
}

fn data(value: &Value) -> Data<'static> {
    match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Data::Int(number),
            None => Data::Float(number.as_f64().unwrap_or(0.0)),
        },
        Value::String(text) => Data::Str(text.clone().leak()),
        Value::Array(items) => Data::List(items.iter().map(data).collect::<Vec<_>>().leak()),
        Value::Object(entries) => {
            let entries: Vec<(&str, Data)> =
                entries.iter().map(|(key, value)| (&*key.clone().leak(), data(value))).collect();
            Data::Map(entries.leak())
        }
    }
}

/// `Deployment web`.
pub(crate) fn name(object: &Resource<'_>) -> String {
    format!("{} {}", object.kind, object.name())
}
