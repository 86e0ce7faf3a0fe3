//! The source files of a session, and how offsets become lines and columns.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::span::{FileId, Span};

const BLOCK: usize = 4096;

/// One source text with its line table.
#[derive(Debug)]
pub struct SourceFile {
    /// The session's id of this file.
    pub id: FileId,
    /// The path as messages show it: relative to the working directory where it is below it.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// Made when it is first asked for: a build without messages asks for none.
    line_starts: OnceLock<Vec<u32>>,
    /// How many characters are before each block of [`BLOCK`] bytes, so that long lines are not counted over and over.
    characters: OnceLock<Vec<u32>>,
}

/// A place for people: line and column count from 1, the column in characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineColumn {
    /// Counts from 1.
    pub line: usize,
    /// Counts characters from 1.
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
            std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// Line and column of a byte offset; offsets past the end are taken for the end.
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

    /// The byte offset at which a line (from 1) starts, if there is such a line.
    pub fn line_start(&self, line: usize) -> Option<u32> {
        self.line_starts().get(line.checked_sub(1)?).copied()
    }

    /// The number of lines.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The text of `span`, cut to what the file holds.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// How many characters begin in a piece of UTF-8.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// All files of a session by id.
#[derive(Default, Clone, Debug)]
pub struct Files {
    files: Vec<Arc<SourceFile>>,
}

impl Files {
    /// Adds a text under a path that messages show, and gives its id.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(Arc::new(SourceFile::new(id, path.into(), text.into())));
        id
    }

    /// Puts a new text in the place of the old one.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            *file = Arc::new(SourceFile::new(id, file.path.clone(), text.into()));
        }
    }

    /// The file of an id, if this session handed it out.
    pub fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(id.0 as usize)
    }

    /// The file whose shown path is `path`.
    pub fn find(&self, path: &Path) -> Option<&Arc<SourceFile>> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All files in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.iter()
    }

    /// `path:line:column` of a span's beginning.
    pub fn location(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(file) => {
                let at = file.line_column(span.start);
                format!("{}:{}:{}", file.path.display(), at.line, at.column)
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
