//! Spans as people and tools count them.

use crate::file::{Files, LineColumn, SourceFile};
use crate::span::Span;

/// A span that surely lies in its file, on borders of characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'f> {
    pub(super) file: &'f SourceFile,
    /// Byte offsets.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'f> Place<'f> {
    /// The place of a span, unless its file is unknown.
    pub(super) fn new(files: &'f Files, span: Span) -> Option<Place<'f>> {
        let file = files.get(span.file)?;
        let start = snap(&file.text, span.start);
        let end = snap(&file.text, span.end).max(start);
        Some(Place { file, start, end })
    }

    pub(super) fn from(self) -> LineColumn {
        self.file.line_column(self.start as u32)
    }

    pub(super) fn to(self) -> LineColumn {
        self.file.line_column(self.end as u32)
    }

    /// The path with slashes on every system.
    pub(super) fn path(self) -> String {
        self.file.path.to_string_lossy().replace('\\', "/")
    }

    /// The part of it on its first line, without blanks at the end. Diagrams of longer spans say little.
    pub(super) fn first_line(self) -> Place<'f> {
        let text = &self.file.text[self.start..self.end];
        match text.find('\n') {
            Some(at) => Place { end: self.start + text[..at].trim_end().len(), ..self },
            None => self,
        }
    }
}

/// The nearest border between characters at or before `offset`.
fn snap(text: &str, offset: u32) -> usize {
    text.floor_char_boundary(offset as usize)
}
