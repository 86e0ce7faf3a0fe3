//! Diagnostics as text, rendered by ariadne.

use ariadne::{Color as Paint, Config, Label as Pointer, Report, ReportKind};

use super::source_cache::{MAX_LINE_LENGTH, SourceCache, clean, lines_around};
use super::{Color, FileRange, fix, ordered, severity_name};
use crate::diag::{Diag, Label, Severity};
use crate::file::Files;
use crate::span::FileId;

/// The gray of ariadne's frame.
const FRAME: &str = "38;5;246";
const NOTE: &str = "38;5;115";
const NEW: &str = "32";

/// The number of characters of a very long line that are shown before and after the start of a range.
const BEFORE: usize = 40;
const AFTER: usize = 60;

/// The maximum number of diagnostics that are shown: a file that is not Forge at all may have millions.
const MAX_DIAGS: usize = 200;

/// Renders diagnostics as text, with an empty line after each; if there are too many, the rest is only counted.
pub fn text(files: &Files, diags: &[Diag], color: Color) -> String {
    let mut sources = SourceCache::new(files);
    let mut out = String::new();
    let ordered = ordered(files, diags);
    for diag in ordered.iter().take(MAX_DIAGS) {
        DiagPrinter { files, diag, color }.write(&mut sources, &mut out);
        out.push('\n');
    }
    if let Some(rest) = ordered.len().checked_sub(MAX_DIAGS).filter(|rest| *rest > 0) {
        out.push_str(&format!("{rest} more diagnostics are not shown\n"));
    }
    out
}

/// Renders one diagnostic.
struct DiagPrinter<'d> {
    files: &'d Files,
    diag: &'d Diag,
    color: Color,
}

impl<'d> DiagPrinter<'d> {
    fn write(&self, sources: &mut SourceCache<'_>, out: &mut String) {
        out.push_str(&self.headline());
        out.push('\n');
        let start = out.len();
        let Some(primary) = self.diag.span().and_then(|span| FileRange::new(self.files, span)) else {
            return self.write_without_source(out);
        };
        let ranges: Vec<(FileRange<'d>, &str)> = self.ranges();
        if ranges.iter().any(|(range, _)| is_long(range)) {
            self.write_clipped(ranges, out);
        } else {
            out.push_str(&self.drawn(&primary, &ranges, sources));
        }
        // Notes are inserted before the last line, which closes the frame.
        let frame = out[start..].trim_end().rfind('\n').map_or(start, |index| start + index + 1);
        let width = out[frame..].chars().filter(|&c| c == '─').count();
        let close = out.split_off(frame);
        let margin = format!("{}{}", " ".repeat(width), self.paint(FRAME, "│"));
        if self.has_advice() {
            out.push_str(&margin);
            out.push('\n');
        }
        self.write_advice(&(margin + " "), out);
        out.push_str(&close);
    }

    fn headline(&self) -> String {
        format!("{}: {}", self.paint(self.severity_code(), &self.kind()), clipped(&self.diag.headline))
    }

    fn kind(&self) -> String {
        format!("{}[{}]", severity_name(self.diag.severity), self.diag.any_code())
    }

    fn write_without_source(&self, out: &mut String) {
        for label in &self.diag.labels {
            out.push_str(&format!("  at {}: {}\n", clean(&self.files.location(label.span)), clean(&label.text)));
        }
        self.write_advice("  ", out);
    }

    fn has_advice(&self) -> bool {
        !self.diag.notes.is_empty() || self.diag.help.is_some() || !self.diag.fixes.is_empty()
    }

    /// Writes notes, help and fixes, with `margin` before each line.
    fn write_advice(&self, margin: &str, out: &mut String) {
        let diag = self.diag;
        let notes = diag.notes.iter().map(|note| ("note", note.as_str(), Vec::new()));
        let help = diag.help.iter().map(|help| ("help", help.as_str(), Vec::new()));
        let fixes = diag.fixes.iter().map(|fix| ("fix", fix.title.as_str(), fix::new_lines(self.files, fix)));
        for (name, text, new) in notes.chain(help).chain(fixes) {
            let text = clean(text);
            let mut lines = text.lines();
            let first = lines.next().unwrap_or_default();
            out.push_str(&format!("{margin}{}: {first}\n", self.paint(NOTE, name)));
            let indentation = " ".repeat(name.len() + 2);
            for line in lines {
                out.push_str(&format!("{margin}{indentation}{line}\n"));
            }
            for line in new {
                out.push_str(&format!("{margin}{indentation}{}\n", self.paint(NEW, &format!("+ {line}"))));
            }
        }
    }

    /// The primary range and then the others, grouped by file.
    fn ranges(&self) -> Vec<(FileRange<'d>, &'d str)> {
        let labels = self.diag.primary.iter().chain(&self.diag.labels);
        let mut ranges: Vec<(FileRange<'d>, &str)> = labels
            .filter_map(|Label { span, text }| Some((FileRange::new(self.files, *span)?, text.as_str())))
            .collect();
        let order: Vec<FileId> = ranges.iter().map(|(range, _)| range.file.id).collect();
        let file_order = |id| order.iter().position(|&other| other == id);
        // Ariadne starts a new frame wherever the line number decreases.
        ranges.sort_by_cached_key(|(range, _)| (file_order(range.file.id), range.last().line, range.start, range.end));
        ranges
    }

    fn drawn(
        &self,
        primary: &FileRange<'_>,
        ranges: &[(FileRange<'_>, &str)],
        sources: &mut SourceCache<'_>,
    ) -> String {
        let main = (primary.file.id, sources.characters(primary));
        let paint = self.severity_paint();
        let mut report = Report::build(ReportKind::Error, main)
            .with_config(Config::new().with_color(self.color == Color::Always).with_tab_width(2));
        for (range, text) in ranges {
            let is_main = self.diag.span() == Some(range.span());
            let mut pointer = Pointer::new((range.file.id, sources.characters(range)));
            if !text.is_empty() {
                pointer = pointer.with_message(clean(text).replace(['\n', '\t'], " "));
            }
            let pointer = pointer.with_color(if is_main { paint } else { Paint::Cyan });
            report.add_label(pointer.with_priority(i32::from(is_main)));
        }
        let mut drawn = Vec::new();
        // Writing to memory cannot fail.
        let _ = report.finish().write(sources, &mut drawn);
        let drawn = String::from_utf8_lossy(&drawn);
        // The first line is ariadne's own headline.
        drawn.lines().skip(1).fold(String::new(), |all, line| all + line.trim_end() + "\n")
    }

    /// Shows only the surroundings of each range, for very long lines.
    fn write_clipped(&self, mut ranges: Vec<(FileRange<'_>, &str)>, out: &mut String) {
        ranges.sort_by_key(|(range, _)| self.diag.span().is_some_and(|span| span != range.span()));
        let number_width = ranges.iter().map(|(range, _)| range.first().line.to_string().len()).max().unwrap_or(1);
        let gap = " ".repeat(number_width + 2);
        for (index, (range, text)) in ranges.iter().enumerate() {
            let first = range.first();
            let corner = self.paint(FRAME, if index == 0 { "╭─[" } else { "├─[" });
            let (path, bar) = (clean(&range.path()), self.paint(FRAME, "│"));
            let closing = self.paint(FRAME, "]");
            out.push_str(&format!("{gap}{corner} {path}:{}:{} {closing}\n{gap}{bar}\n", first.line, first.column));
            let (line, blanks, width) = clipped_line(range);
            let number = self.paint(FRAME, &format!("{:>number_width$} │", first.line));
            let pointer = self.paint(self.severity_code(), &"─".repeat(width));
            let text = clean(text).replace(['\n', '\t'], " ");
            let pointed = format!("{gap}{bar} {}{pointer} {text}", " ".repeat(blanks));
            out.push_str(&format!(" {number} {line}\n{}\n", pointed.trim_end()));
        }
        out.push_str(&self.paint(FRAME, &format!("{}╯", "─".repeat(number_width + 2))));
        out.push('\n');
    }

    fn severity_paint(&self) -> Paint {
        match self.diag.severity {
            Severity::Error => Paint::Red,
            Severity::Warning => Paint::Yellow,
            Severity::Hint => Paint::Blue,
        }
    }

    fn severity_code(&self) -> &'static str {
        match self.diag.severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Hint => "34",
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        match self.color {
            Color::Always => format!("\x1b[{code}m{text}\x1b[0m"),
            Color::Never => text.to_owned(),
        }
    }
}

/// Whether the line in which the range starts or ends is too long to be shown in full.
fn is_long(range: &FileRange<'_>) -> bool {
    let text = &range.file.text;
    let line_length = |offset: usize| {
        let before = text[..offset].bytes().rev().take_while(|&byte| byte != b'\n').take(MAX_LINE_LENGTH).count();
        before + text[offset..].bytes().take_while(|&byte| byte != b'\n').take(MAX_LINE_LENGTH).count()
    };
    line_length(range.start) >= MAX_LINE_LENGTH || line_length(range.end) >= MAX_LINE_LENGTH
}

/// The surroundings of a range in its line, with the indentation and the width of the pointer below it.
fn clipped_line(range: &FileRange<'_>) -> (String, usize, usize) {
    let text = &range.file.text;
    let (line_start, line_end) = lines_around(text, range.start, range.start);
    let start = text[line_start..range.start]
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(line_start, |(index, _)| line_start + index);
    let end = text[range.start..line_end].char_indices().nth(AFTER).map_or(line_end, |(index, _)| range.start + index);
    let opening = if start > line_start { "…" } else { "" };
    let closing = if end < line_end { "…" } else { "" };
    let shown = clean(&text[start..end]).replace(['\n', '\t'], " ");
    let blanks = opening.chars().count() + text[start..range.start].chars().count();
    let width = text[range.start..range.end.clamp(range.start, end)].chars().count().max(1);
    (format!("{opening}{shown}{closing}"), blanks, width)
}

/// The maximum number of characters of a headline: a name may be as long as a file.
const MAX_HEADLINE_LENGTH: usize = 300;

fn clipped(headline: &str) -> String {
    let mut text: String = headline.chars().take(MAX_HEADLINE_LENGTH).collect();
    if text.len() < headline.len() {
        text.push('…');
    }
    clean(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::span::Span;

    #[test]
    fn diagnostics_beyond_the_maximum_are_counted() {
        let mut files = Files::default();
        let file = files.add("a.forge", "x".repeat(1000));
        let diags: Vec<Diag> = (0..MAX_DIAGS + 7)
            .map(|at| Diag::error(Code::SYNTAX, "no").at(Span::new(file, at, at + 1), "here"))
            .collect();
        let shown = text(&files, &diags, Color::Never);
        assert_eq!(shown.matches("error[").count(), MAX_DIAGS);
        assert!(shown.ends_with("7 more diagnostics are not shown\n"));
    }
}
