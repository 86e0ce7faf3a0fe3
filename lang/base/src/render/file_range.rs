//! Spans as people and tools count them.

use crate::file::{Files, LineColumn, SourceFile};
use crate::span::Span;

/// A span that surely lies in its file, on borders of characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileRange<'f> {
    pub(super) file: &'f SourceFile,
    /// Byte offsets.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'f> FileRange<'f> {
    /// The range of a span, unless its file is unknown.
    pub(super) fn new(files: &'f Files, span: Span) -> Option<FileRange<'f>> {
        let file = files.get(span.file)?;
        let start = snap(&file.text, span.start);
        let end = snap(&file.text, span.end).max(start);
        Some(FileRange { file, start, end })
    }

    pub(super) fn span(self) -> Span {
        Span::new(self.file.id, self.start, self.end)
    }

    /// Where it begins.
    pub(super) fn first(self) -> LineColumn {
        self.file.line_column(self.start as u32)
    }

    /// Where it ends.
    pub(super) fn last(self) -> LineColumn {
        self.file.line_column(self.end as u32)
    }

    /// The path with slashes on every system.
    pub(super) fn path(self) -> String {
        self.file.path.to_string_lossy().replace('\\', "/")
    }
}

/// The nearest border between characters at or before `offset`.
fn snap(text: &str, offset: u32) -> usize {
    text.floor_char_boundary(offset as usize)
}
