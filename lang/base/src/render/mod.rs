//! Renders diagnostics as text, JSON and SARIF.
//!
//! All three sort diagnostics by file and position and remove duplicates, so that equal diagnostics give equal bytes. They never fail: a
//! span outside of its file is clamped to it.

mod file_range;
mod fix;
mod json;
mod sarif;
mod source_cache;
mod text;

pub use json::json;
pub use sarif::sarif;
pub use text::text;

use file_range::FileRange;

use crate::diag::{Diag, Severity};
use crate::file::Files;

/// Whether text is colored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// Plain text.
    Never,
    /// With ANSI escapes.
    Always,
}

/// A line such as `2 errors, 1 warning`; empty if there are no diagnostics.
pub fn summary(diags: &[Diag]) -> String {
    let mut parts = Vec::new();
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Hint, "hint", "hints"),
    ] {
        match count(diags, severity) {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            count => parts.push(format!("{count} {many}")),
        }
    }
    parts.join(", ")
}

/// The number of distinct diagnostics of a severity.
fn count(diags: &[Diag], severity: Severity) -> usize {
    let distinct: std::collections::HashSet<&Diag> = diags.iter().filter(|diag| diag.severity == severity).collect();
    distinct.len()
}

/// The distinct diagnostics sorted by path and position, those without a span first.
fn ordered<'d>(files: &Files, diags: &'d [Diag]) -> Vec<&'d Diag> {
    let mut keyed: Vec<_> = diags
        .iter()
        .map(|diag| {
            let span = diag.span();
            let path = span.and_then(|span| files.get(span.file)).map(|file| file.path.as_path());
            let range = span.map(|span| (span.start, span.end));
            ((path, range, diag.severity, diag.code, diag.headline.as_str()), diag)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    let mut seen = std::collections::HashSet::new();
    keyed.into_iter().map(|(_, diag)| diag).filter(|diag| seen.insert(*diag)).collect()
}

/// The name of a severity in all formats.
fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
