//! Writes plain data as JSON and TOML.

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::data::Data;

/// Writes JSON on one line, or indented by `indent` spaces per level.
pub(super) fn json(data: &Data, indent: usize) -> String {
    let mut bytes = Vec::new();
    let indentation = " ".repeat(indent);
    let written = if indent == 0 {
        Json(data).serialize(&mut serde_json::Serializer::new(&mut bytes))
    } else {
        let formatter = serde_json::ser::PrettyFormatter::with_indent(indentation.as_bytes());
        Json(data).serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))
    };
    // Plain data has string keys and finite numbers only, and writing to memory cannot fail.
    debug_assert!(written.is_ok(), "plain data can be written as JSON");
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes TOML without the null entries of maps.
///
/// # Errors
/// A message for users if the data cannot be written.
pub(super) fn toml(data: &Data) -> Result<String, String> {
    toml::to_string(&Toml(data)).map_err(|error| error.to_string())
}

struct Json<'d>(&'d Data);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Null => writer.serialize_unit(),
            Data::List(items) => writer.collect_seq(items.iter().map(Json)),
            Data::Map(entries) => writer.collect_map(entries.iter().map(|(key, value)| (key, Json(value)))),
            scalar => serialize_scalar(scalar, writer),
        }
    }
}

struct Toml<'d>(&'d Data);

impl Serialize for Toml<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Null => Err(S::Error::custom("TOML has no null, so a list cannot contain it")),
            Data::List(items) => {
                let mut list = writer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(&Toml(item)))?;
                list.end()
            }
            Data::Map(entries) => {
                let mut map = writer.serialize_map(None)?;
                for (key, value) in entries.iter().filter(|(_, value)| *value != Data::Null) {
                    map.serialize_entry(key, &Toml(value))?;
                }
                map.end()
            }
            scalar => serialize_scalar(scalar, writer),
        }
    }
}

fn serialize_scalar<S: Serializer>(data: &Data, writer: S) -> Result<S::Ok, S::Error> {
    match data {
        Data::Bool(value) => writer.serialize_bool(*value),
        Data::Int(number) => writer.serialize_i64(*number),
        Data::Float(number) => writer.serialize_f64(*number),
        Data::Str(text) => writer.serialize_str(text),
        Data::Null | Data::List(_) | Data::Map(_) => Err(S::Error::custom("not a scalar")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Data)]) -> Data {
        Data::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    #[test]
    fn json_is_on_one_line_or_indented() {
        let data = map(&[
            ("b", Data::List(vec![Data::Int(1), Data::Null])),
            ("a", Data::Str("ü\n\u{1}".into())),
            ("c", map(&[])),
        ]);
        assert_eq!(json(&data, 0), "{\"b\":[1,null],\"a\":\"ü\\n\\u0001\",\"c\":{}}");
        assert_eq!(json(&map(&[("a", Data::List(vec![Data::Int(1)]))]), 2), "{\n  \"a\": [\n    1\n  ]\n}");
    }

    #[test]
    fn toml_puts_values_before_tables() {
        let data = map(&[
            ("t", map(&[("x", Data::Int(1)), ("n", Data::Null)])),
            ("a", Data::Int(1)),
            ("l", Data::List(vec![map(&[("y", Data::Float(2.0))]), map(&[("y", Data::Bool(true))])])),
        ]);
        let text = toml(&data).unwrap();
        assert_eq!(text, "a = 1\n\n[t]\nx = 1\n\n[[l]]\ny = 2.0\n\n[[l]]\ny = true\n");
    }

    #[test]
    fn toml_has_no_null_in_lists() {
        assert!(toml(&map(&[("a", Data::List(vec![Data::Null]))])).unwrap_err().contains("no null"));
    }
}
