//! Spans in lines and columns.

use crate::file::{Files, LineColumn, SourceFile};
use crate::span::Span;

/// A range that is inside its file, on character boundaries.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileRange<'f> {
    pub(super) file: &'f SourceFile,
    /// Byte offsets.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'f> FileRange<'f> {
    /// The range of a span, clamped to its file; `None` if the file is unknown.
    pub(super) fn new(files: &'f Files, span: Span) -> Option<FileRange<'f>> {
        let file = files.get(span.file)?;
        let start = snap(&file.text, span.start);
        let end = snap(&file.text, span.end).max(start);
        Some(FileRange { file, start, end })
    }

    pub(super) fn span(self) -> Span {
        Span::new(self.file.id, self.start, self.end)
    }

    /// The start.
    pub(super) fn first(self) -> LineColumn {
        self.file.line_column(self.start as u32)
    }

    /// The end.
    pub(super) fn last(self) -> LineColumn {
        self.file.line_column(self.end as u32)
    }

    /// The path of the file, with slashes on every system.
    pub(super) fn path(self) -> String {
        self.file.path.to_string_lossy().replace('\\', "/")
    }
}

/// The character boundary at or before `offset`.
fn snap(text: &str, offset: u32) -> usize {
    text.floor_char_boundary(offset as usize)
}
