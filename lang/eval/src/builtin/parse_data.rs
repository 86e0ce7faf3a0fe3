//! Parses JSON, YAML and TOML into plain data.

use std::fmt;

use rustc_hash::FxHashSet;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::to_data::MAX_NESTING;
use crate::data::Data;

/// The key under which the TOML reader returns the text of a date or time.
const TOML_DATETIME: &str = "$__toml_private_datetime";

/// Why a string cannot be parsed, and where.
#[derive(Debug, PartialEq)]
pub struct ParseError {
    /// Line and column, both from 1.
    pub position: Option<(usize, usize)>,
    /// The parser's reason.
    pub reason: String,
}

/// The formats of data files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DataFormat {
    /// JSON.
    Json,
    /// YAML, of which there may be one document.
    Yaml,
    /// TOML.
    Toml,
}

/// Parses a data file. An empty YAML file is null.
///
/// # Errors
/// If the text is not in the format, or has several documents.
pub fn parse_data(format: DataFormat, text: &str) -> Result<Data, ParseError> {
    match format {
        DataFormat::Json => json(text),
        DataFormat::Toml => toml(text),
        DataFormat::Yaml => super::encoding::one_yaml(text),
    }
}

/// Parses JSON.
pub(super) fn json(text: &str) -> Result<Data, ParseError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    // `Nested` limits the depth, as for the other formats.
    reader.disable_recursion_limit();
    Nested(MAX_NESTING).deserialize(&mut reader).and_then(|data| reader.end().map(|()| data)).map_err(|error| {
        let shown = error.to_string();
        let reason = shown.split_once(" at line ").map_or(&*shown, |(reason, _)| reason).to_owned();
        let position = (error.line() > 0).then(|| (error.line(), error.column().max(1)));
        ParseError { position, reason }
    })
}

/// Parses TOML. Dates and times become strings.
pub(super) fn toml(text: &str) -> Result<Data, ParseError> {
    let to_parse_error = |error: toml::de::Error| ParseError {
        position: error.span().map(|span| position(text, span.start)),
        reason: one_line(error.message()),
    };
    let reader = toml::Deserializer::parse(text).map_err(to_parse_error)?;
    Nested(MAX_NESTING).deserialize(reader).map_err(to_parse_error)
}

/// Parses the documents of YAML like kubectl. Empty documents are omitted.
pub(super) fn yaml(text: &str) -> Result<Vec<Data>, ParseError> {
    let documents: Vec<Document> = serde_saphyr::from_multiple_with_options(text, yaml_options()).map_err(|error| {
        let shown = error.without_snippet().to_string();
        let shown = one_line(&shown);
        let end = shown.find(" at line ").or_else(|| shown.find(" (line ")).unwrap_or(shown.len());
        let reason = shown[..end].trim_end_matches(':').to_owned();
        let position = error.location().map(|at| (at.line() as usize, at.column() as usize));
        ParseError { position: position.filter(|(line, _)| *line > 0), reason }
    })?;
    Ok(documents.into_iter().map(|document| document.0).filter(|data| *data != Data::Null).collect())
}

fn yaml_options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        legacy_octal_numbers: true,
        with_snippet: false,
        emit_comments: false,
        budget: serde_saphyr::budget! {
            max_events: 50_000_000,
            max_nodes: 50_000_000,
            max_total_scalar_bytes: 512 << 20,
            max_documents: 1_000_000,
        },
    }
}

/// The line and column of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A whole document.
struct Document(Data);

impl<'de> serde::Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Document, D::Error> {
        Nested(MAX_NESTING).deserialize(reader).map(Document)
    }
}

/// Reads data of a maximum depth.
#[derive(Clone, Copy)]
struct Nested(u32);

impl Nested {
    fn inner<E: Error>(self) -> Result<Nested, E> {
        match self.0 {
            0 => Err(E::custom(format!("data nests more than {MAX_NESTING} levels deep"))),
            depth => Ok(Nested(depth - 1)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Data;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Data, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("data")
    }

    fn visit_unit<E: Error>(self) -> Result<Data, E> {
        Ok(Data::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Data, E> {
        Ok(Data::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<Data, D::Error> {
        self.deserialize(reader)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Data, E> {
        Ok(Data::Bool(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Data, E> {
        Ok(Data::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Data, E> {
        Ok(i64::try_from(number).map_or(Data::Float(number as f64), Data::Int))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Data, E> {
        if number.is_finite() {
            Ok(Data::Float(number))
        } else {
            Err(E::custom(format!("{number} is not a finite number")))
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Data, E> {
        Ok(Data::Str(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Data, E> {
        Ok(Data::Str(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut reader: A) -> Result<Data, A::Error> {
        let inner = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = reader.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Data::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut reader: A) -> Result<Data, A::Error> {
        let inner = self.inner()?;
        let mut entries = Vec::new();
        let mut seen = FxHashSet::default();
        while let Some(key) = reader.next_key_seed(KeyText)? {
            let value = reader.next_value_seed(inner)?;
            if key == TOML_DATETIME {
                return Ok(value);
            }
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format!("duplicate key `{key}`")));
            }
            entries.push((key, value));
        }
        Ok(Data::Map(entries))
    }
}

/// Reads a key; a scalar of another type becomes a string, as in kubectl.
struct KeyText;

impl<'de> DeserializeSeed<'de> for KeyText {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<String, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeyText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar as key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Data)]) -> Data {
        Data::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> Data {
        Data::Str(text.to_owned())
    }

    #[test]
    fn json_keeps_the_order_of_keys_and_the_types_of_numbers() {
        let expected = map(&[
            ("b", Data::Int(1)),
            ("a", Data::List(vec![Data::Float(1.0), Data::Null, Data::Bool(true), text("x")])),
            ("c", Data::Float(18_446_744_073_709_551_615.0)),
        ]);
        assert_eq!(json(r#"{"b": 1, "a": [1.0, null, true, "x"], "c": 18446744073709551615}"#), Ok(expected));
    }

    #[test]
    fn json_errors_have_a_position() {
        for (source, position, reason) in [
            ("{", (1, 1), "EOF while parsing an object"),
            ("{\n  \"a\": 1,\n  \"a\": 2}", (3, 9), "duplicate key `a`"),
            ("1 2", (1, 3), "trailing characters"),
        ] {
            let error = json(source).unwrap_err();
            assert_eq!((error.position, error.reason.as_str()), (Some(position), reason), "{source}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(json(&nested(500)).is_ok());
        assert!(json(&nested(501)).unwrap_err().reason.contains("500 levels"));
        assert!(json(&"[".repeat(1_000_000)).is_err());
        assert!(yaml(&"[".repeat(100_000)).is_err());
        assert!(yaml(&"- ".repeat(100_000)).is_err());
        assert!(toml(&format!("a = {}", "[".repeat(100_000))).is_err());
    }

    #[test]
    fn yaml_is_read_as_kubectl_reads_it() {
        let source =
            "a: yes\nb: 'yes'\nc: 0o17\nd: ~\ne: 1.5\nf: 010\ng: 2026-11-21\nh: 0x10\ni:\n1: x\ntrue: z\nj: 1_000\n";
        let expected = map(&[
            ("a", Data::Bool(true)),
            ("b", text("yes")),
            ("c", Data::Int(15)),
            ("d", Data::Null),
            ("e", Data::Float(1.5)),
            ("f", Data::Int(8)),
            ("g", text("2026-11-21")),
            ("h", Data::Int(16)),
            ("i", Data::Null),
            ("1", text("x")),
            ("true", text("z")),
            ("j", Data::Int(1000)),
        ]);
        assert_eq!(yaml(source), Ok(vec![expected]));
    }

    #[test]
    fn empty_yaml_documents_are_omitted() {
        assert_eq!(yaml(""), Ok(vec![]));
        assert_eq!(yaml("# nothing\n---\n\n--- # x\n"), Ok(vec![]));
        assert_eq!(yaml("---\na: 1\n---\n# nothing\n---\n- 2\n...\n").unwrap().len(), 2);
    }

    #[test]
    fn anchors_and_merge_keys_are_followed() {
        let source = "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\n";
        let Data::Map(entries) = &yaml(source).unwrap()[0] else { unreachable!() };
        assert_eq!(entries[1].1, map(&[("b", Data::Int(3)), ("a", Data::Int(1))]));
        assert_eq!(entries[2].1, map(&[("a", Data::Int(1)), ("b", Data::Int(2))]));
    }

    #[test]
    fn exponentially_growing_anchors_are_rejected() {
        let mut source = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            source.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        assert!(yaml(&source).is_err());
    }

    #[test]
    fn yaml_errors_have_a_position() {
        for (source, line) in
            [("a: [", 1), ("a: 1\na: 2\n", 2), ("a: 1\n? [x]\n: 2\n", 2), ("a: .inf", 1), ("a: b: c", 1)]
        {
            let error = yaml(source).unwrap_err();
            assert_eq!(error.position.map(|position| position.0), Some(line), "{source:?}: {error:?}");
            assert!(!error.reason.contains('\n') && !error.reason.contains(" line "), "{source:?}: {error:?}");
        }
    }

    #[test]
    fn toml_dates_are_strings() {
        let expected = map(&[
            ("z", Data::Int(1)),
            ("d", text("2026-11-21T10:00:00Z")),
            ("a", map(&[("b", Data::List(vec![Data::Int(1), Data::Float(2.0)])), ("c", text("x"))])),
        ]);
        assert_eq!(toml("z = 1\nd = 2026-11-21T10:00:00Z\n[a]\nb = [1, 2.0]\nc = \"x\"\n"), Ok(expected));
    }

    #[test]
    fn toml_errors_have_a_position() {
        let error = toml("a = 1\nb = ").unwrap_err();
        assert_eq!(error.position.map(|position| position.0), Some(2), "{error:?}");
        assert!(toml("a = 1\na = 2").is_err());
    }
}
