//! Diagnostics as SARIF 2.1.0, for code scanning.

use serde::Serialize;

use super::file_range::FileRange;
use super::ordered;
use crate::code::{AnyCode, Code};
use crate::diag::{self, Diag, Severity};
use crate::file::Files;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Message<&'static str>,
    help_uri: String,
}

#[derive(Serialize)]
struct Message<T> {
    text: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Message<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<&'a str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize, Clone, PartialEq, Eq)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'a> {
    description: Message<&'a str>,
    artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Message<&'a str>,
}

/// Renders diagnostics as a SARIF log with one run.
pub fn sarif(files: &Files, diags: &[Diag]) -> String {
    let diags = ordered(files, diags);
    let mut codes: Vec<AnyCode> = diags.iter().map(|diag| diag.any_code()).collect();
    codes.sort_unstable();
    codes.dedup();
    let results = diags.iter().map(|diag| result(files, diag, &codes)).collect();
    let driver = Driver {
        name: "forgec",
        version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: codes.into_iter().map(rule).collect(),
    };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn rule(code: AnyCode) -> Rule {
    // The page of a check is part of the package that declares it.
    let page = match code {
        AnyCode::BuiltIn(code) => code,
        AnyCode::Check(_) => Code::CHECK_FAILED,
    };
    Rule {
        id: code.to_string(),
        short_description: Message { text: page.title() },
        help_uri: format!("{}/blob/main/docs/errors/{page}.md", env!("CARGO_PKG_REPOSITORY")),
    }
}

fn result<'a>(files: &Files, diag: &'a Diag, codes: &[AnyCode]) -> SarifResult<'a> {
    let primary = diag.primary.as_ref().and_then(|label| location(files, label, None));
    let related = diag.labels.iter().enumerate().filter_map(|(i, label)| location(files, label, Some(i)));
    SarifResult {
        rule_id: diag.any_code().to_string(),
        rule_index: codes.binary_search(&diag.any_code()).unwrap_or_default(),
        level: match diag.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "note",
        },
        message: Message { text: message(diag) },
        locations: primary.into_iter().collect(),
        related_locations: related.collect(),
        fixes: diag.fixes.iter().filter_map(|known| fix(files, known)).collect(),
    }
}

/// The headline, primary label, notes and help, each on a line: most viewers show only the message.
fn message(diag: &Diag) -> String {
    let mut lines = vec![diag.headline.clone()];
    lines.extend(diag.primary.iter().map(|label| label.text.clone()).filter(|text| !text.is_empty()));
    lines.extend(diag.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(diag.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

fn location<'a>(files: &Files, label: &'a diag::Label, id: Option<usize>) -> Option<Location<'a>> {
    let range = FileRange::new(files, label.span)?;
    let message = (!label.text.is_empty()).then_some(Message { text: label.text.as_str() });
    let physical_location = PhysicalLocation { artifact_location: artifact(range), region: region(range) };
    Some(Location { id, physical_location, message })
}

fn region(range: FileRange<'_>) -> Region {
    let (first, last) = (range.first(), range.last());
    Region { start_line: first.line, start_column: first.column, end_line: last.line, end_column: last.column }
}

/// A fix with all its edits, grouped by file; `None` if one of them cannot be located, since part of a fix would do harm.
fn fix<'a>(files: &Files, fix: &'a diag::Fix) -> Option<SarifFix<'a>> {
    let mut changes: Vec<ArtifactChange<'a>> = Vec::new();
    for edit in &fix.edits {
        let range = FileRange::new(files, edit.span)?;
        let artifact_location = artifact(range);
        let replacement =
            Replacement { deleted_region: region(range), inserted_content: Message { text: edit.text.as_str() } };
        match changes.iter_mut().find(|change| change.artifact_location == artifact_location) {
            Some(change) => change.replacements.push(replacement),
            None => changes.push(ArtifactChange { artifact_location, replacements: vec![replacement] }),
        }
    }
    let description = Message { text: fix.title.as_str() };
    (!changes.is_empty()).then_some(SarifFix { description, artifact_changes: changes })
}

fn artifact(range: FileRange<'_>) -> ArtifactLocation {
    ArtifactLocation { uri: uri(&range.path()) }
}

/// A path as a percent-encoded URI; relative if the path is.
fn uri(path: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.push(char::from(HEX[usize::from(byte >> 4)]));
            uri.push(char::from(HEX[usize::from(byte & 0xF)]));
        }
    }
    uri
}
