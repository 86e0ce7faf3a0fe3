//! Sources in the form in which ariadne renders them.
//!
//! Ariadne counts characters and accepts more line breaks than Forge, so it is given each source with the same number of characters, with
//! `\n` as the only line break and without control characters.

use std::fmt;

use ariadne::{Cache, Source};
use rustc_hash::FxHashMap;

use super::FileRange;
use crate::file::{Files, LineColumn};
use crate::span::FileId;

/// Longer lines are shown in part.
pub(super) const MAX_LINE_LENGTH: usize = 300;

/// The start of the line of `start` and the end of the line of `end`; in a line that is too long to be shown, a position nearby.
pub(super) fn lines_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    let near = text.floor_char_boundary(start.saturating_sub(MAX_LINE_LENGTH));
    let far = text.ceil_char_boundary(end.saturating_add(MAX_LINE_LENGTH).min(text.len()));
    let first = text[near..start].rfind('\n').map_or(near, |index| near + index + 1);
    let last = text[end..far].find('\n').map_or(far, |index| end + index);
    (first, last)
}

/// The sources that were rendered so far.
pub(super) struct SourceCache<'f> {
    files: &'f Files,
    sources: FxHashMap<FileId, Source<String>>,
}

impl<'f> SourceCache<'f> {
    pub(super) fn new(files: &'f Files) -> SourceCache<'f> {
        SourceCache { files, sources: FxHashMap::default() }
    }

    /// The range in characters, without trailing white space. An empty range is extended to the character after it.
    pub(super) fn characters(&mut self, range: &FileRange<'_>) -> std::ops::Range<usize> {
        let start = self.character(range.file.id, range.first());
        let spanned = range.file.text.get(range.start..range.end).unwrap_or_default().trim_end();
        if spanned.is_empty() {
            let is_on_text = range.file.text[range.start..].starts_with(|c: char| !c.is_whitespace());
            return start..start + usize::from(is_on_text);
        }
        start..start + spanned.chars().count()
    }

    fn character(&mut self, file: FileId, at: LineColumn) -> usize {
        let line = self.source(file).and_then(|source| source.line(at.line - 1));
        line.map_or(0, |line| line.offset() + at.column - 1)
    }

    fn source(&mut self, id: FileId) -> Option<&Source<String>> {
        let file = self.files.get(id)?;
        Some(self.sources.entry(id).or_insert_with(|| Source::from(drawable(&file.text))))
    }
}

impl Cache<FileId> for &mut SourceCache<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl fmt::Debug> {
        self.source(*id).ok_or("unknown file")
    }

    fn display<'a>(&self, id: &'a FileId) -> Option<impl fmt::Display + 'a> {
        let file = self.files.get(*id)?;
        Some(clean(&file.path.to_string_lossy().replace('\\', "/")))
    }
}

/// A source for ariadne. Its last line is never empty, so that the end of the file can be marked.
fn drawable(text: &str) -> String {
    let mut drawable: String = text.chars().map(|c| if is_line_break(c) { ' ' } else { printable(c) }).collect();
    if drawable.is_empty() || drawable.ends_with('\n') {
        drawable.push(' ');
    }
    drawable
}

/// `text` without control characters other than line breaks, and without characters that change the direction of writing.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(printable).collect()
}

/// Whether ariadne, but not Forge, takes a character for a line break.
fn is_line_break(c: char) -> bool {
    matches!(c, '\r' | '\x0B' | '\x0C' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn printable(c: char) -> char {
    let is_unprintable = c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if is_unprintable { char::REPLACEMENT_CHARACTER } else { c }
}
