//! Diagnostics for tools, as one JSON document. Fields are only ever added; a change of meaning raises `version`.

use serde::Serialize;

use super::place::Place;
use super::{count, ordered, severity_name};
use crate::diag::{self, Diag, Severity};
use crate::file::Files;
use crate::span::Span;

/// The version of the document's form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    summary: Summary,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    hints: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: String,
    title: &'static str,
    severity: &'static str,
    headline: &'a str,
    primary: Option<Label<'a>>,
    labels: Vec<Label<'a>>,
    notes: &'a [String],
    help: Option<&'a str>,
    fixes: Vec<Fix<'a>>,
    unnecessary: bool,
    deprecated: bool,
}

/// A place with what is said there, or with what it is replaced by.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Label<'a> {
    file: String,
    /// Lines and columns count from 1, columns in characters.
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    /// Offsets count bytes from 0.
    offset: usize,
    end_offset: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    certain: bool,
    edits: Vec<Label<'a>>,
}

/// Writes all diagnostics as one JSON document.
pub fn json(files: &Files, diags: &[Diag]) -> String {
    let document = Document {
        version: VERSION,
        summary: Summary {
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

fn entry<'a>(files: &Files, diag: &'a Diag) -> Entry<'a> {
    Entry {
        code: diag.code.to_string(),
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

fn label<'a>(files: &Files, span: Span, text: &'a str) -> Option<Label<'a>> {
    let place = Place::new(files, span)?;
    let (first, last) = (place.first(), place.last());
    Some(Label {
        file: place.path(),
        line: first.line,
        column: first.column,
        end_line: last.line,
        end_column: last.column,
        offset: place.start,
        end_offset: place.end,
        text,
    })
}

/// A fix with all its edits, or none: half a fix would do harm.
fn fix<'a>(files: &Files, fix: &'a diag::Fix) -> Option<Fix<'a>> {
    let edits = fix.edits.iter().map(|edit| label(files, edit.span, &edit.text)).collect::<Option<_>>()?;
    Some(Fix { title: &fix.title, certain: fix.certain, edits })
}
