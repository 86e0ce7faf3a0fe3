//! `std.secrets`: references to secrets.

use forge_base::Code;

use super::call::{BuiltinTable, Call};
use super::{files, parse_data};
use crate::data::Data;
use crate::value::{Eval, Secret, Value};

pub(crate) static TABLE: BuiltinTable =
    &[("secrets.reference", reference), ("secrets.sops", sops), ("secrets.public", public)];

fn secret<'a>(call: &Call<'_, 'a>, kind: &'a str, parts: &[(&'a str, &'a str)]) -> Value<'a> {
    let parts = call.eval.arena.alloc_slice_copy(parts);
    Value::Secret(call.eval.arena.alloc(Secret { kind, parts }))
}

fn reference<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let mut parts = vec![("store", call.str(0)?), ("key", call.str(1)?)];
    parts.extend(call.str_or_null(2)?.map(|property| ("property", property)));
    Ok(secret(call, "reference", &parts))
}

fn public<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (value, why) = (call.str(0)?, call.str(1)?);
    if why.trim().is_empty() {
        return call.fail("`why` is empty", "must explain why the value is not confidential");
    }
    Ok(secret(call, "public", &[("value", value), ("why", why)]))
}

fn sops<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (file, path) = (call.str(0)?, call.str(1)?);
    let text = files::read_text(call, file)?;
    let documents = match parse_data::yaml(&text) {
        Ok(documents) => documents,
        Err(error) => return call.unreadable(file, "YAML", &error),
    };
    if !documents.iter().any(is_encrypted) {
        return call.fail_as(
            Code::BAD_DATA,
            format!("`{file}` is not encrypted by SOPS"),
            "it has no `sops` entry with a `mac`",
        );
    }
    let segments: Vec<&str> = path.split('.').collect();
    match documents.iter().filter(|data| is_encrypted(data)).find_map(|data| follow(data, &segments)) {
        Some(data) if has_plain_text(data) => call.fail_as(
            Code::BAD_DATA,
            format!("`{path}` in `{file}` is not encrypted"),
            "SOPS left this value in plain text",
        ),
        Some(_) => {
            let path_from_root = call.eval.arena.alloc_str(&files::from_root(call, file)?);
            Ok(secret(call, "sops", &[("file", path_from_root), ("path", path)]))
        }
        None => call.fail(format!("`{file}` has no value at `{path}`"), "a path consists of keys, separated by dots"),
    }
}

fn entry<'d>(data: &'d Data, key: &str) -> Option<&'d Data> {
    match data {
        Data::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
        Data::List(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

fn is_encrypted(data: &Data) -> bool {
    entry(data, "sops").and_then(|sops| entry(sops, "mac")).is_some()
}

/// The data at a path. Keys may contain dots: the longest matching key is used.
fn follow<'d>(data: &'d Data, segments: &[&str]) -> Option<&'d Data> {
    if segments.is_empty() {
        return Some(data);
    }
    (1..=segments.len()).rev().find_map(|count| {
        let (key, rest) = segments.split_at(count);
        follow(entry(data, &key.join("."))?, rest)
    })
}

/// Whether any scalar in the data is not encrypted.
fn has_plain_text(data: &Data) -> bool {
    match data {
        Data::Null => false,
        Data::Str(text) => !text.is_empty() && !text.starts_with("ENC["),
        Data::List(items) => items.iter().any(has_plain_text),
        Data::Map(entries) => entries.iter().any(|(_, value)| has_plain_text(value)),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_keys_with_dots() {
        let data = parse_data::yaml("data:\n  tls.crt: ENC[x]\n  a: {b: plain}\n  l:\n  - ENC[y]\n").unwrap().remove(0);
        let at = |path: &str| follow(&data, &path.split('.').collect::<Vec<_>>());
        assert_eq!(at("data.tls.crt"), Some(&Data::Str("ENC[x]".into())));
        assert!(at("data.a.b").is_some_and(has_plain_text));
        assert!(!has_plain_text(at("data.l.0").unwrap_or(&Data::Bool(true))));
        assert_eq!((at("data.x"), at("")), (None, None));
    }
}
