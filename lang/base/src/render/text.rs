//! Diagnostics for people.
//!
//! The source excerpt is ariadne's; the first line and everything below the excerpt are written here. ariadne gets a copy of
//! each file in which characters that would move the cursor are replaced one for one, and offsets that count characters: so
//! its lines are ours, and a hostile source cannot write to the terminal.

use std::borrow::Cow;
use std::fmt::Write;

use ariadne::{Cache, Config, IndexType, Label, Report, ReportKind, Source};
use rustc_hash::FxHashMap;

use super::place::Place;
use super::{Color, ordered, severity_name};
use crate::diag::{Diag, Severity};
use crate::file::{Files, SourceFile};
use crate::span::FileId;

/// A file and a range of characters in it, as ariadne takes them.
type Chars = (FileId, std::ops::Range<usize>);

/// Writes each diagnostic with its source, separated by empty lines.
pub fn text(files: &Files, diags: &[Diag], color: Color) -> String {
    let mut sources = Sources { files, known: FxHashMap::default() };
    let mut out = String::new();
    for diag in ordered(files, diags) {
        if !out.is_empty() {
            out.push('\n');
        }
        push_diag(&mut out, &mut sources, diag, color);
    }
    out
}

fn push_diag(out: &mut String, sources: &mut Sources<'_>, diag: &Diag, color: Color) {
    let paint = Paint { color };
    let kind = format!("{}[{}]", severity_name(diag.severity), diag.code);
    let (start, end) = paint.around(severity_style(diag.severity));
    let (bold, bold_end) = paint.around(BOLD);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{start}{kind}{end}{bold}: {}{bold_end}", clean(&diag.headline));
    push_excerpt(out, sources, diag, color);
    diag.notes.iter().for_each(|note| paint.remark(out, "note", note));
    diag.help.iter().for_each(|help| paint.remark(out, "help", help));
    for fix in &diag.fixes {
        paint.remark(out, if fix.certain { "fix" } else { "possible fix" }, &fix.title);
    }
}

/// Draws the source with its labels. Says nothing where the place is unknown.
fn push_excerpt(out: &mut String, sources: &mut Sources<'_>, diag: &Diag, color: Color) {
    let Some(primary) = &diag.primary else { return };
    let Some(place) = Place::new(sources.files, primary.span) else { return };
    let primary_chars = sources.chars(place);
    let mut labels = vec![(primary_chars.clone(), primary.text.as_str(), severity_color(diag.severity))];
    for label in &diag.labels {
        if let Some(place) = Place::new(sources.files, label.span) {
            labels.push((sources.chars(place), label.text.as_str(), ariadne::Color::Blue));
        }
    }
    // ariadne draws a file twice where its labels go up again. The main file comes first.
    labels.sort_by_key(|(chars, ..)| (chars.0 != primary_chars.0, chars.0, chars.1.start, chars.1.end));
    labels.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
    let is_colored = color == Color::Always;
    let config = Config::new().with_index_type(IndexType::Char).with_color(is_colored);
    let kind = ReportKind::Custom("", ariadne::Color::Primary);
    let mut report = Report::build(kind, primary_chars).with_config(config);
    for (chars, text, color) in labels {
        let label = Label::new(chars).with_color(color);
        report.add_label(if text.is_empty() { label } else { label.with_message(clean(text)) });
    }
    let mut drawn = Vec::new();
    // Neither writing to memory nor a file of this cache can fail.
    if report.finish().write(&mut *sources, &mut drawn).is_ok() {
        let drawn = String::from_utf8_lossy(&drawn);
        // The first line is ariadne's headline, ours is written already.
        for line in drawn.lines().skip(1) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

/// The files as ariadne reads them, each prepared once.
struct Sources<'f> {
    files: &'f Files,
    known: FxHashMap<FileId, Prepared>,
}

struct Prepared {
    source: Source<String>,
    path: String,
    /// For each line the number of characters before it.
    line_chars: Vec<usize>,
}

impl Prepared {
    fn new(file: &SourceFile) -> Prepared {
        let mut text: String = file.text.chars().map(visible).collect();
        let mut line_chars = vec![0];
        line_chars.extend(text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at + 1));
        if text.is_empty() || text.ends_with('\n') {
            // ariadne knows no empty last line, but a span may point there.
            text.push(' ');
        }
        Prepared { source: Source::from(text), path: clean(&file.path.to_string_lossy()).into_owned(), line_chars }
    }
}

impl Sources<'_> {
    fn prepared(&mut self, id: FileId) -> Option<&Prepared> {
        if !self.known.contains_key(&id) {
            self.known.insert(id, Prepared::new(self.files.get(id)?));
        }
        self.known.get(&id)
    }

    /// The first line of a place, counted in characters.
    fn chars(&mut self, place: Place<'_>) -> Chars {
        let place = place.first_line();
        let (from, to) = (place.from(), place.to());
        let start = self
            .prepared(place.file.id)
            .and_then(|prepared| prepared.line_chars.get(from.line - 1))
            .map_or(0, |before| before + from.column - 1);
        (place.file.id, start..start + to.column.saturating_sub(from.column))
    }
}

impl Cache<FileId> for &mut Sources<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl std::fmt::Debug> {
        self.prepared(*id).map(|prepared| &prepared.source).ok_or("a file of another session")
    }

    fn display<'a>(&self, id: &'a FileId) -> Option<impl std::fmt::Display + 'a> {
        self.known.get(id).map(|prepared| prepared.path.clone())
    }
}

/// What is shown for a character of a source.
fn visible(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\r' => ' ',
        c if moves_cursor(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// Whether a terminal would not just show it: controls, and marks that turn the direction of writing.
fn moves_cursor(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A message without characters that would move the cursor.
fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| c != '\n' && moves_cursor(c)) {
        Cow::Owned(text.chars().map(visible).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Bold.
const BOLD: &str = "\u{1b}[1m";

fn severity_style(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\u{1b}[1;31m",
        Severity::Warning => "\u{1b}[1;33m",
        Severity::Hint => "\u{1b}[1;36m",
    }
}

fn severity_color(severity: Severity) -> ariadne::Color {
    match severity {
        Severity::Error => ariadne::Color::Red,
        Severity::Warning => ariadne::Color::Yellow,
        Severity::Hint => ariadne::Color::Cyan,
    }
}

struct Paint {
    color: Color,
}

impl Paint {
    /// What switches a style on and off again.
    fn around(&self, style: &'static str) -> (&'static str, &'static str) {
        match self.color {
            Color::Always => (style, "\u{1b}[0m"),
            Color::Never => ("", ""),
        }
    }

    /// Writes `title: text`; further lines of the text stand below its first.
    fn remark(&self, out: &mut String, title: &str, text: &str) {
        let (start, end) = self.around(BOLD);
        let _ = write!(out, "{start}{title}{end}: ");
        for (i, line) in clean(text).lines().enumerate() {
            if i > 0 {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', if line.is_empty() { 0 } else { title.len() + 2 }));
            }
            out.push_str(line);
        }
        out.push('\n');
    }
}
