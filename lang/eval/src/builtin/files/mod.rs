//! `std.files`: reading files of the package.
//!
//! All access goes through [`crate::Options::world`], and through [`resolve`], which rejects paths outside of the package.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use forge_base::{Code, Diag, WorldError};

use super::call::{BuiltinTable, Call};
use super::digest;
use super::encoding::{all_yaml, one_yaml};
use super::parse_data::{self, ParseError};
use crate::convert::{DataFile, FileContent};
use crate::data::Data;
use crate::value::{Eval, Value};

mod resolve;
mod search;

pub(super) use resolve::from_root;

pub(crate) static TABLE: BuiltinTable = &[
    ("files.read", |call| call.text(&read_text(call, call.str(0)?)?)),
    ("files.readYaml", |call| decoded(call, "YAML", one_yaml, FileContent::Document)),
    ("files.readYamlAll", |call| decoded(call, "YAML", all_yaml, FileContent::Documents)),
    ("files.readJson", |call| decoded(call, "JSON", parse_data::json, FileContent::Document)),
    ("files.readToml", |call| decoded(call, "TOML", parse_data::toml, FileContent::Document)),
    ("files.readBase64", |call| call.text(&BASE64_STANDARD.encode(bytes(call, call.str(0)?)?))),
    ("files.sha256", |call| call.text(&digest::sha256(&bytes(call, call.str(0)?)?))),
    ("files.glob", search::glob),
    ("files.exists", |call| Ok(Value::Bool(resolve::find(call, call.str(0)?)?.is_some_and(|found| found.is_file)))),
    ("files.name", |call| Ok(Value::Str(name(call.str(0)?)))),
    ("files.stem", |call| Ok(Value::Str(stem(call.str(0)?)))),
];

/// The bytes of a file.
fn bytes(call: &Call<'_, '_>, path: &str) -> Eval<Vec<u8>> {
    let Some(found) = resolve::find(call, path)? else { return resolve::unreadable(call, path, &WorldError::NotFound) };
    match resolve::world(call)?.read_bytes(&found.real) {
        Ok(bytes) => {
            call.eval.charge(bytes.len() / 8)?;
            call.eval.check_memory(bytes.len())?;
            Ok(bytes)
        }
        Err(error) => resolve::unreadable(call, path, &error),
    }
}

/// The text of a file, without a byte order mark.
pub(super) fn read_text(call: &Call<'_, '_>, path: &str) -> Eval<String> {
    match String::from_utf8(bytes(call, path)?) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            call.raise(
                Diag::error(Code::BAD_UTF8, format!("`{path}` is not UTF-8 text"))
                    .at(call.span, format!("line {line} contains invalid bytes"))
                    .help("`files.readBase64` reads binary files"),
            )
        }
    }
}

/// The content of a file, parsed.
fn decoded<'a>(
    call: &Call<'_, 'a>,
    format: &str,
    read: fn(&str) -> Result<Data, ParseError>,
    content: FileContent,
) -> Eval<Value<'a>> {
    let path = call.str(0)?;
    let text = read_text(call, path)?;
    match read(&text) {
        Ok(data) => {
            let value = call.value(&data)?;
            let text = call.eval.arena.alloc_str(&text);
            call.eval.record_file(value, DataFile { path, text, content });
            Ok(value)
        }
        Err(error) => call.unreadable(path, format, &error),
    }
}

/// The last segment of a path.
fn name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The last segment of a path without its last extension.
fn stem(path: &str) -> &str {
    let name = name(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_stems_are_those_of_the_last_segment() {
        for (path, expected) in [
            ("a/b.tar.gz", ("b.tar.gz", "b.tar")),
            (".profile", (".profile", ".profile")),
            ("a/b/", ("b", "b")),
            ("", ("", "")),
            ("x.y/z", ("z", "z")),
        ] {
            assert_eq!((name(path), stem(path)), expected, "{path}");
        }
    }
}
