//! ConfigMaps and Secrets.

use forge_base::Code;

use super::headline::{shorten, title};
use super::syntax;
use super::violation::{Violation, Violations};
use crate::resource::{Data, Resource};

/// The maximum size of a ConfigMap or Secret, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Checks a ConfigMap.
pub(super) fn config_map<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    keys(resource, &["data", "binaryData"], violations);
    base64(resource, "binaryData", violations);
    size(resource, &[("data", Encoding::Plain), ("binaryData", Encoding::Base64)], violations);
    for (key, at) in resource.data.get_map("binaryData") {
        if let Some(first) = resource.get("data").and_then(|data| data.get_or_null(key)) {
            let headline = format!("{} has `{key}` twice", title(resource));
            violations.push(
                Violation::error(Code::BAD_CONFIG_DATA, headline, at, "in `binaryData`").also(first, "and in `data`"),
            );
        }
    }
    private_key(resource, violations);
}

/// Reports a private key in a ConfigMap, which everyone who may read the namespace may read.
fn private_key<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    let is_key = |text: &str| text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----");
    let mut entries = resource.data.get_map("data").iter();
    if let Some((key, at)) = entries.find(|(_, value)| value.as_str().is_some_and(is_key)) {
        let headline = format!("{} contains the private key `{}`", title(resource), shorten(key));
        violations.push(
            Violation::warning(Code::PLAIN_SECRET, headline, at, "a ConfigMap is not secret")
                .help("put it into a Secret that an ExternalSecret, a SealedSecret or a SOPS file fills"),
        );
    }
}

/// Whether SOPS has encrypted a Secret. It leaves some values as they are if it is configured to, so each is checked.
fn is_encrypted(resource: &Resource<'_>) -> bool {
    resource.get("sops").is_some_and(|sops| sops.get_str("mac").is_some())
}

/// Whether a value is encrypted by SOPS.
fn is_sops_value(text: &str) -> bool {
    text.starts_with("ENC[") && text.ends_with(']')
}

/// Checks a Secret.
pub(super) fn secret<'a>(resource: &Resource<'a>, violations: &mut Violations<'a>) {
    keys(resource, &["data", "stringData"], violations);
    let is_encrypted = is_encrypted(resource);
    if !is_encrypted {
        base64(resource, "data", violations);
    }
    size(resource, &[("data", Encoding::Base64), ("stringData", Encoding::Plain)], violations);
    for part in ["stringData", "data"] {
        let plain = resource.data.get_map(part).iter().find(|(_, value)| match value {
            Data::Str(text) if is_encrypted && is_sops_value(text) => false,
            Data::Str(text) => !text.is_empty() && !syntax::is_placeholder(text),
            _ => false,
        });
        if let Some((key, at)) = plain {
            let headline = format!("{} contains `{}` in plain text", title(resource), shorten(key));
            violations.push(
                Violation::error(
                    Code::PLAIN_SECRET,
                    headline,
                    at,
                    "it would be written to the output and end up in Git",
                )
                .note("base64 is not encryption")
                .help(
                    "use an ExternalSecret, a SealedSecret or a SOPS file; \
                         `std.secrets.public(value, \"why\")` marks a value that is not a secret",
                ),
            );
            return;
        }
    }
}

fn keys<'a>(resource: &Resource<'a>, parts: &[&str], violations: &mut Violations<'a>) {
    for (key, at) in parts.iter().flat_map(|part| resource.data.get_map(part)) {
        if let Some(problem) = syntax::config_key(key) {
            let headline = format!("`{}` is not a valid {} key", shorten(key), resource.kind);
            violations.push(Violation::error(Code::BAD_CONFIG_DATA, headline, at, format!("the key {problem}")));
        }
        if !matches!(at, Data::Str(_) | Data::Public(_) | Data::Null) {
            let headline = format!("`{}` of {} is not a string", shorten(key), title(resource));
            let violation = Violation::error(Code::BAD_CONFIG_DATA, headline, at, "values must be strings");
            violations.push(violation.help("write a string, or encode the value with `std.encoding`"));
        }
    }
}

fn base64<'a>(resource: &Resource<'a>, part: &str, violations: &mut Violations<'a>) {
    for (key, at) in resource.data.get_map(part) {
        let Some(text) = at.as_str() else { continue };
        if !syntax::is_placeholder(text) && !syntax::is_base64(text) {
            let headline = format!("`{}` of {} is not base64", shorten(key), title(resource));
            let violation =
                Violation::error(Code::BAD_CONFIG_DATA, headline, at, format!("values in `{part}` must be base64"));
            violations.push(if resource.kind == "Secret" {
                violation.help("put plain text into `stringData`")
            } else {
                violation.help("put plain text into `data`")
            });
        }
    }
}

/// How the values of a mapping are encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Base64,
}

fn size<'a>(resource: &Resource<'a>, parts: &[(&str, Encoding)], violations: &mut Violations<'a>) {
    let mut total = 0;
    for (part, encoding) in parts {
        for (_, value) in resource.data.get_map(part) {
            let bytes = value.as_str().map_or(0, str::len);
            total += if *encoding == Encoding::Base64 { bytes / 4 * 3 } else { bytes };
        }
    }
    // The decoded size is an estimate because of padding and line breaks, hence the tolerance.
    if total > MAX_BYTES + 64 {
        let headline = format!("{} is too large", title(resource));
        let label = format!("it has {total} bytes; the maximum is {MAX_BYTES}");
        violations.push(Violation::error(Code::BAD_CONFIG_DATA, headline, resource.data, label));
    }
}
