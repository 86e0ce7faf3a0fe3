//! Diagnostics as a JSON document. Fields are only added; any other change increments `version`.

use serde::Serialize;

use super::file_range::FileRange;
use super::{count, ordered, severity_name};
use crate::diag::{self, Diag, Severity};
use crate::file::Files;
use crate::span::Span;

/// The version of the format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonDocument<'a> {
    version: u32,
    summary: JsonSummary,
    diagnostics: Vec<JsonDiag<'a>>,
}

#[derive(Serialize)]
struct JsonSummary {
    errors: usize,
    warnings: usize,
    hints: usize,
}

#[derive(Serialize)]
struct JsonDiag<'a> {
    code: String,
    title: &'static str,
    severity: &'static str,
    headline: &'a str,
    primary: Option<JsonLabel<'a>>,
    labels: Vec<JsonLabel<'a>>,
    notes: &'a [String],
    help: Option<&'a str>,
    fixes: Vec<JsonFix<'a>>,
    unnecessary: bool,
    deprecated: bool,
}

/// A range with its label, or with its replacement in an edit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonLabel<'a> {
    file: String,
    /// Lines and columns start at 1; columns count characters.
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    /// Offsets start at 0 and count bytes.
    offset: usize,
    end_offset: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    certain: bool,
    edits: Vec<JsonLabel<'a>>,
}

/// Renders diagnostics as a JSON document.
pub fn json(files: &Files, diags: &[Diag]) -> String {
    let document = JsonDocument {
        version: VERSION,
        summary: JsonSummary {
            errors: count(diags, Severity::Error),
            warnings: count(diags, Severity::Warning),
            hints: count(diags, Severity::Hint),
        },
        diagnostics: ordered(files, diags).into_iter().map(|diag| entry(files, diag)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn entry<'a>(files: &Files, diag: &'a Diag) -> JsonDiag<'a> {
    JsonDiag {
        code: diag.any_code().to_string(),
        title: diag.code.title(),
        severity: severity_name(diag.severity),
        headline: &diag.headline,
        primary: diag.primary.as_ref().and_then(|primary| label(files, primary.span, &primary.text)),
        labels: diag.labels.iter().filter_map(|further| label(files, further.span, &further.text)).collect(),
        notes: &diag.notes,
        help: diag.help.as_deref(),
        fixes: diag.fixes.iter().filter_map(|known| fix(files, known)).collect(),
        unnecessary: diag.unnecessary,
        deprecated: diag.deprecated,
    }
}

fn label<'a>(files: &Files, span: Span, text: &'a str) -> Option<JsonLabel<'a>> {
    let range = FileRange::new(files, span)?;
    let (first, last) = (range.first(), range.last());
    Some(JsonLabel {
        file: range.path(),
        line: first.line,
        column: first.column,
        end_line: last.line,
        end_column: last.column,
        offset: range.start,
        end_offset: range.end,
        text,
    })
}

/// A fix with all its edits; `None` if one of them cannot be located, since part of a fix would do harm.
fn fix<'a>(files: &Files, fix: &'a diag::Fix) -> Option<JsonFix<'a>> {
    let edits = fix.edits.iter().map(|edit| label(files, edit.span, &edit.text)).collect::<Option<_>>()?;
    Some(JsonFix { title: &fix.title, certain: fix.certain, edits })
}
