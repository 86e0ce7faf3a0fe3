//! The preview of a fix.

use super::FileRange;
use super::source_cache::{MAX_LINE_LENGTH, clean, lines_around};
use crate::diag::{Fix, TextEdit};
use crate::file::Files;

/// The maximum number of lines of a preview.
const MAX_LINES: usize = 8;

/// The lines that a fix changes, as they are afterwards. Empty if the title contains the new text or if the fix only removes text.
pub(super) fn new_lines(files: &Files, fix: &Fix) -> Vec<String> {
    let is_in_title = |edit: &TextEdit| fix.title.contains(edit.text.trim());
    if fix.edits.iter().all(|edit| edit.text.trim().is_empty() || is_in_title(edit)) {
        return Vec::new();
    }
    let mut edits: Vec<(FileRange<'_>, &str)> =
        fix.edits.iter().filter_map(|edit| Some((FileRange::new(files, edit.span)?, edit.text.as_str()))).collect();
    edits.sort_by_key(|(range, _)| (range.file.id, range.start));
    let mut lines = Vec::new();
    for adjacent in edits.chunk_by(|(a, _), (b, _)| a.file.id == b.file.id && a.last().line == b.first().line) {
        lines.extend(rewritten(adjacent));
    }
    if lines.len() > MAX_LINES {
        lines.truncate(MAX_LINES - 1);
        lines.push(String::from("…"));
    }
    lines
}

/// The lines that the edits change, as they are afterwards, without common indentation.
fn rewritten(edits: &[(FileRange<'_>, &str)]) -> Vec<String> {
    let (Some((first, _)), Some((last, _))) = (edits.first(), edits.last()) else { return Vec::new() };
    let text: &str = &first.file.text;
    let (start, end) = lines_around(text, first.start, last.end);
    let mut after = String::new();
    let mut offset = start;
    for (range, new) in edits {
        if range.start >= offset {
            after.push_str(&text[offset..range.start]);
            after.push_str(new);
            offset = range.end;
        }
    }
    after.push_str(&text[offset.min(end)..end]);
    let old: Vec<&str> = text[start..end].lines().map(str::trim).collect();
    let is_new = |line: &&str| !line.trim().is_empty() && !old.contains(&line.trim());
    let lines: Vec<&str> = after.lines().map(str::trim_end).filter(is_new).collect();
    let indentation = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default();
    lines.iter().map(|line| clipped(line.get(indentation..).unwrap_or(line))).collect()
}

fn clipped(line: &str) -> String {
    let mut shown: String = line.chars().take(MAX_LINE_LENGTH).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    clean(&shown)
}
