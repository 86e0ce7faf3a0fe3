//! ConfigMaps and Secrets.

use forge_base::Code;

use super::{Found, syntax, title};
use crate::resource::{Data, Resource};

/// The most bytes that a ConfigMap or Secret holds.
const MAX_BYTES: usize = 1 << 20;

/// Checks a ConfigMap.
pub(super) fn config_map<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    keys(resource, &["data", "binaryData"], found);
    base64(resource, "binaryData", found);
    size(resource, &[("data", false), ("binaryData", true)], found);
    for (key, at) in resource.data.map("binaryData") {
        if let Some(first) = resource.get("data").and_then(|data| data.get_or_null(key)) {
            let headline = format!("{} has `{key}` twice", title(resource));
            found.push(
                Found::error(Code::BAD_CONFIG_DATA, headline, at, "once as bytes").also(first, "and once as text"),
            );
        }
    }
}

/// Checks a Secret.
pub(super) fn secret<'a>(resource: &Resource<'a>, found: &mut Vec<Found<'a>>) {
    keys(resource, &["data", "stringData"], found);
    if resource.get("sops").is_some() {
        return;
    }
    base64(resource, "data", found);
    size(resource, &[("data", true), ("stringData", false)], found);
    for part in ["stringData", "data"] {
        let plain = resource.data.map(part).iter().find(|(_, value)| match value {
            Data::Str(text) => !text.is_empty() && !syntax::is_placeholder(text),
            _ => false,
        });
        if let Some((key, at)) = plain {
            let headline = format!("{} holds `{}` in plain text", title(resource), super::short(key));
            found.push(
                Found::error(Code::PLAIN_SECRET, headline, at, "it would be written to the output, and so to Git")
                    .note("base64 is no encryption")
                    .help(
                        "use an ExternalSecret, a SealedSecret or a SOPS file; \
                         `std.secrets.public(value, \"why\")` is for what is no secret",
                    ),
            );
            return;
        }
    }
}

fn keys<'a>(resource: &Resource<'a>, parts: &[&str], found: &mut Vec<Found<'a>>) {
    for (key, at) in parts.iter().flat_map(|part| resource.data.map(part)) {
        if let Some(wrong) = syntax::config_key(key) {
            let headline = format!("`{}` cannot be a key of a {}", super::short(key), resource.kind);
            found.push(Found::error(Code::BAD_CONFIG_DATA, headline, at, format!("the key {wrong}")));
        }
        if !matches!(at, Data::Str(_) | Data::Public(_) | Data::Null) {
            let headline = format!("`{}` of {} is no text", super::short(key), title(resource));
            let finding = Found::error(Code::BAD_CONFIG_DATA, headline, at, "values are texts");
            found.push(finding.help("write a text, or what `std.encoding` makes of the value"));
        }
    }
}

fn base64<'a>(resource: &Resource<'a>, part: &str, found: &mut Vec<Found<'a>>) {
    for (key, at) in resource.data.map(part) {
        let Some(text) = at.as_str() else { continue };
        if !syntax::is_placeholder(text) && !syntax::is_base64(text) {
            let headline = format!("`{}` of {} is not base64", super::short(key), title(resource));
            let finding = Found::error(Code::BAD_CONFIG_DATA, headline, at, format!("what is in `{part}` is base64"));
            found.push(if resource.kind == "Secret" {
                finding.help("plain text goes into `stringData`")
            } else {
                finding.help("plain text goes into `data`")
            });
        }
    }
}

fn size<'a>(resource: &Resource<'a>, parts: &[(&str, bool)], found: &mut Vec<Found<'a>>) {
    let mut total = 0;
    for (part, is_encoded) in parts {
        for (_, value) in resource.data.map(part) {
            let bytes = value.as_str().map_or(0, str::len);
            total += if *is_encoded { bytes / 4 * 3 } else { bytes };
        }
    }
    // Padding and line breaks make encoded sizes a little uncertain; only what is surely too large is an error.
    if total > MAX_BYTES + 64 {
        let headline = format!("{} is too large", title(resource));
        let label = format!("it holds {total} bytes; {MAX_BYTES} are the most");
        found.push(Found::error(Code::BAD_CONFIG_DATA, headline, resource.data, label));
    }
}
