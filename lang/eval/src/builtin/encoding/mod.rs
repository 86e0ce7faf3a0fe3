//! `std.encoding`: encodes and decodes text.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use base64::prelude::BASE64_STANDARD;
use forge_base::{Code, Diag};
use forge_check::ty::Ty;

use super::call::{BuiltinTable, Call};
use super::digest;
use super::parse_data::{self, ParseError};
use crate::data::Data;
use crate::display::show;
use crate::value::{Eval, Value};

mod url;
mod write;

pub(crate) static TABLE: BuiltinTable = &[
    ("encoding.toJson", to_json),
    ("encoding.fromJson", |call| decoded(call, "JSON", parse_data::json)),
    ("encoding.toYaml", |call| to_yaml(call, &[call.arg(0)])),
    ("encoding.toYamlAll", |call| to_yaml(call, call.list(0)?)),
    ("encoding.fromYaml", |call| decoded(call, "YAML", one_yaml)),
    ("encoding.fromYamlAll", |call| decoded(call, "YAML", all_yaml)),
    ("encoding.toToml", to_toml),
    ("encoding.fromToml", |call| decoded(call, "TOML", parse_data::toml)),
    ("encoding.base64Encode", |call| call.text(&BASE64_STANDARD.encode(call.str(0)?))),
    ("encoding.base64Decode", |call| base64(call, &STANDARD_NO_PAD)),
    ("encoding.base64UrlEncode", |call| call.text(&URL_SAFE_NO_PAD.encode(call.str(0)?))),
    ("encoding.base64UrlDecode", |call| base64(call, &URL_SAFE_NO_PAD)),
    ("encoding.hexEncode", |call| call.text(&digest::hex(call.str(0)?.as_bytes()))),
    ("encoding.hexDecode", |call| utf8(call, "hexadecimal", digest::unhex(call.str(0)?))),
    ("encoding.urlEncode", |call| call.text(&url::encode(call.str(0)?))),
    ("encoding.urlDecode", |call| utf8(call, "percent-encoded text", url::decode(call.str(0)?))),
    ("encoding.sha256", |call| call.text(&digest::sha256(call.str(0)?.as_bytes()))),
    ("encoding.sha512", |call| call.text(&digest::sha512(call.str(0)?.as_bytes()))),
    ("encoding.sha1", |call| call.text(&digest::sha1(call.str(0)?.as_bytes()))),
];

fn to_json<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let indent = call.count(1, "indent")?;
    if indent > 100 {
        return call.fail(format!("`indent` is {indent}"), "must be 0 to 100");
    }
    call.text(&write::json(&call.data(call.arg(0))?, indent))
}

fn to_yaml<'a>(call: &Call<'_, 'a>, documents: &[Value<'a>]) -> Eval<Value<'a>> {
    let Some(write) = call.eval.options.write_yaml else {
        return call.fail("YAML cannot be written here", "this evaluation has no YAML writer");
    };
    // Reports values that cannot be written or are too deep for the writer.
    for document in documents {
        call.data(*document)?;
    }
    call.text(&write(call.eval, documents, call.span)?)
}

fn to_toml<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let data = call.data(call.arg(0))?;
    if !matches!(data, Data::Map(_)) {
        return call.fail(format!("{} cannot be written as TOML", show(call.arg(0))), "a TOML document must be a map");
    }
    match write::toml(&data) {
        Ok(text) => call.text(&text),
        Err(reason) => call.fail("the value cannot be written as TOML", reason),
    }
}

/// A parsed text.
fn decoded<'a>(call: &Call<'_, 'a>, format: &str, read: fn(&str) -> Result<Data, ParseError>) -> Eval<Value<'a>> {
    let text = call.str(0)?;
    call.eval.charge(text.len() / 8)?;
    match read(text) {
        Ok(data) => call.value(&data),
        Err(error) => call.unreadable("the text", format, &error),
    }
}

/// The only document of a YAML text; null if there is none.
pub(super) fn one_yaml(text: &str) -> Result<Data, ParseError> {
    let mut documents = parse_data::yaml(text)?;
    match documents.len() {
        0 => Ok(Data::Null),
        1 => Ok(documents.remove(0)),
        count => Err(ParseError { position: None, reason: format!("expected one document, found {count}") }),
    }
}

/// The documents of a YAML text as a list.
pub(super) fn all_yaml(text: &str) -> Result<Data, ParseError> {
    parse_data::yaml(text).map(Data::List)
}

impl<'a> Call<'_, 'a> {
    /// Plain data as a value.
    pub(super) fn value(&self, data: &Data) -> Eval<Value<'a>> {
        self.eval.check_memory(weight(data))?;
        self.eval.value_from_data(data, &Ty::Any, self.span)
    }

    /// The error of a string that cannot be parsed. `name` is a path, or "the text".
    #[cold]
    pub(super) fn unreadable<T>(&self, name: &str, format: &str, error: &ParseError) -> Eval<T> {
        let shown = if name == "the text" { name.to_owned() } else { format!("`{name}`") };
        let label = match error.position {
            Some((line, column)) if name == "the text" => format!("line {line}, column {column}: {}", error.reason),
            Some((line, column)) => format!("{name}:{line}:{column}: {}", error.reason),
            None => error.reason.clone(),
        };
        self.raise(Diag::error(Code::BAD_DATA, format!("{shown} cannot be read as {format}")).at(self.span, label))
    }
}

/// The approximate size of data as values, in bytes.
fn weight(data: &Data) -> usize {
    match data {
        Data::Str(text) => 16 + text.len(),
        Data::List(items) => 16 + items.iter().map(weight).sum::<usize>(),
        Data::Map(entries) => 16 + entries.iter().map(|(key, value)| 48 + key.len() + weight(value)).sum::<usize>(),
        _ => 16,
    }
}

fn base64<'a>(call: &Call<'_, 'a>, engine: &GeneralPurpose) -> Eval<Value<'a>> {
    utf8(call, "base64", unbase64(call.str(0)?, engine))
}

/// Decodes base64 with or without padding; line breaks are skipped.
fn unbase64(text: &str, engine: &GeneralPurpose) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    if padding > 2 || padding > 0 && !digits.len().is_multiple_of(4) {
        return None;
    }
    engine.decode(&digits[..digits.len() - padding]).ok()
}

/// Decoded bytes as text.
fn utf8<'a>(call: &Call<'_, 'a>, format: &str, bytes: Option<Vec<u8>>) -> Eval<Value<'a>> {
    let headline = format!("the text cannot be read as {format}");
    let Some(bytes) = bytes else {
        return call.fail_as(Code::BAD_DATA, headline, format!("{} is malformed", show(call.arg(0))));
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => call.text(text),
        Err(_) => call.fail_as(Code::BAD_DATA, headline, "the decoded bytes are not UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_optional_but_must_be_correct() {
        for text in ["Zm9yZ2U=", "Zm9yZ2U", "Zm9y\nZ2U=\n"] {
            assert_eq!(unbase64(text, &STANDARD_NO_PAD).as_deref(), Some(&b"forge"[..]), "{text}");
        }
        for text in ["???", "Zm9yZ2U==", "Z", "Zm9y Z2U=", "====", "Z=m9"] {
            assert_eq!(unbase64(text, &STANDARD_NO_PAD), None, "{text}");
        }
    }
}
