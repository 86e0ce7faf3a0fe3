//! The source files of a session, and the conversion of offsets to lines and columns.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::span::{FileId, Span};

/// The size in bytes of the blocks whose characters are counted in advance.
const BLOCK: usize = 4096;

/// A source file with its line table.
#[derive(Debug)]
pub struct SourceFile {
    /// The session's id of this file.
    pub id: FileId,
    /// The displayed path: relative to the working directory if it is below it.
    pub path: PathBuf,
    /// The source.
    pub text: Arc<str>,
    /// Computed on demand: a build without diagnostics needs none.
    line_starts: OnceLock<Vec<u32>>,
    /// The number of characters before each block of [`BLOCK`] bytes, so that columns in long lines are found quickly.
    characters: OnceLock<Vec<u32>>,
}

/// A position in a source file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl SourceFile {
    /// A file.
    pub fn new(id: FileId, path: PathBuf, text: Arc<str>) -> SourceFile {
        SourceFile { id, path, text, line_starts: OnceLock::new(), characters: OnceLock::new() }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0).chain(ends.map(|(offset, _)| offset as u32 + 1)).collect()
        })
    }

    /// Line and column of a byte offset. An offset past the end is taken for the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts().partition_point(|&start| start as usize <= offset) - 1;
        let start = self.line_starts()[line] as usize;
        LineColumn { line: line + 1, column: self.characters_between(start, offset) + 1 }
    }

    fn characters_between(&self, start: usize, end: usize) -> usize {
        if end - start <= BLOCK {
            return count_characters(&self.text.as_bytes()[start..end]);
        }
        let blocks = self.characters.get_or_init(|| {
            let ends = self.text.as_bytes().chunks(BLOCK).scan(0, |count, block| {
                *count += count_characters(block) as u32;
                Some(*count)
            });
            std::iter::once(0).chain(ends).collect()
        });
        let before = |offset: usize| {
            let block = offset / BLOCK;
            blocks[block] as usize + count_characters(&self.text.as_bytes()[block * BLOCK..offset])
        };
        before(end) - before(start)
    }

    /// The byte offset of the start of a line, counted from 1.
    pub fn line_start(&self, line: usize) -> Option<u32> {
        self.line_starts().get(line.checked_sub(1)?).copied()
    }

    /// The number of lines.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The source of `span`; empty if it is not in the file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// The number of characters that start in a slice of UTF-8.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// All files of a session by id.
#[derive(Default, Clone, Debug)]
pub struct Files {
    files: Vec<Arc<SourceFile>>,
}

impl Files {
    /// Adds a source with its displayed path and returns its id.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(Arc::new(SourceFile::new(id, path.into(), text.into())));
        id
    }

    /// Replaces the source of a file.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            *file = Arc::new(SourceFile::new(id, file.path.clone(), text.into()));
        }
    }

    /// The file with this id.
    pub fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(id.0 as usize)
    }

    /// The file whose displayed path is `path`.
    pub fn find(&self, path: &Path) -> Option<&Arc<SourceFile>> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All files, ordered by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.iter()
    }

    /// `path:line:column` of the start of a span.
    pub fn location(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(file) => {
                let start = file.line_column(span.start);
                format!("{}:{}:{}", file.path.display(), start.line, start.column)
            }
            None => String::from("<unknown>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_in_lines_of_any_length() {
        let line = "aé→😀".repeat(5_000);
        let text = format!("x\n{line}\n{line}");
        let file = SourceFile::new(FileId(0), PathBuf::new(), text.as_str().into());
        for (column, (at, _)) in line.char_indices().enumerate().step_by(97) {
            for (number, start) in [(2, 2), (3, 3 + line.len())] {
                let expected = LineColumn { line: number, column: column + 1 };
                assert_eq!(file.line_column((start + at) as u32), expected);
            }
        }
    }
}
