//! Diagnostics as text for people, drawn by ariadne.

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

/// How much of a very long line is shown before and behind the range in question.
const BEFORE: usize = 40;
const BEHIND: usize = 60;

/// How many diagnostics are shown. Nobody reads more, and a file that is no Forge at all has millions.
const MAX_DIAGS: usize = 200;

/// Diagnostics as text, with an empty line behind each; if they are too many the rest is only counted.
pub fn text(files: &Files, diags: &[Diag], color: Color) -> String {
    let mut pages = SourceCache::new(files);
    let mut out = String::new();
    let ordered = ordered(files, diags);
    for diag in ordered.iter().take(MAX_DIAGS) {
        Page { files, diag, color }.write(&mut pages, &mut out);
        out.push('\n');
    }
    if let Some(rest) = ordered.len().checked_sub(MAX_DIAGS).filter(|rest| *rest > 0) {
        out.push_str(&format!("and {rest} more that are not shown\n"));
    }
    out
}

/// One diagnostic on its way to the page.
struct Page<'d> {
    files: &'d Files,
    diag: &'d Diag,
    color: Color,
}

impl<'d> Page<'d> {
    fn write(&self, pages: &mut SourceCache<'_>, out: &mut String) {
        out.push_str(&self.headline());
        out.push('\n');
        let start = out.len();
        let Some(primary) = self.diag.span().and_then(|span| FileRange::new(self.files, span)) else {
            return self.write_placeless(out);
        };
        let places: Vec<(FileRange<'d>, &str)> = self.places();
        if places.iter().any(|(range, _)| is_long(range)) {
            self.write_clipped(places, out);
        } else {
            out.push_str(&self.drawn(&primary, &places, pages));
        }
        // The last line closes the frame; what is left to say goes before it.
        let frame = out[start..].trim_end().rfind('\n').map_or(start, |at| start + at + 1);
        let width = out[frame..].chars().filter(|&c| c == '─').count();
        let close = out.split_off(frame);
        self.write_advice(&format!("{}{} ", " ".repeat(width), self.paint(FRAME, "│")), true, out);
        out.push_str(&close);
    }

    fn headline(&self) -> String {
        format!("{}: {}", self.paint(self.severity_code(), &self.kind()), clipped(&self.diag.headline))
    }

    fn kind(&self) -> String {
        format!("{}[{}]", severity_name(self.diag.severity), self.diag.code)
    }

    fn write_placeless(&self, out: &mut String) {
        for label in &self.diag.labels {
            out.push_str(&format!("  at {}: {}\n", clean(&self.files.location(label.span)), clean(&label.text)));
        }
        self.write_advice("  ", false, out);
    }

    /// Notes, help and fixes, each line behind `margin`.
    fn write_advice(&self, margin: &str, has_gap: bool, out: &mut String) {
        let diag = self.diag;
        let notes = diag.notes.iter().map(|note| ("note", note.as_str(), Vec::new()));
        let help = diag.help.iter().map(|help| ("help", help.as_str(), Vec::new()));
        let fixes = diag.fixes.iter().map(|fix| ("fix", fix.title.as_str(), fix::new_lines(self.files, fix)));
        for (at, (name, text, new)) in notes.chain(help).chain(fixes).enumerate() {
            if at == 0 && has_gap {
                out.push_str(margin.trim_end());
                out.push('\n');
            }
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

    /// The main range and then the others, those of one file together.
    fn places(&self) -> Vec<(FileRange<'d>, &'d str)> {
        let labels = self.diag.primary.iter().chain(&self.diag.labels);
        let mut places: Vec<(FileRange<'d>, &str)> = labels
            .filter_map(|Label { span, text }| Some((FileRange::new(self.files, *span)?, text.as_str())))
            .collect();
        let order: Vec<FileId> = places.iter().map(|(range, _)| range.file.id).collect();
        let file_order = |id| order.iter().position(|&other| other == id);
        // Ariadne begins a new frame wherever the line goes back.
        places.sort_by_cached_key(|(range, _)| (file_order(range.file.id), range.last().line, range.start, range.end));
        places
    }

    fn drawn(&self, primary: &FileRange<'_>, places: &[(FileRange<'_>, &str)], pages: &mut SourceCache<'_>) -> String {
        let main = (primary.file.id, pages.characters(primary));
        let paint = self.severity_paint();
        let mut report = Report::build(ReportKind::Error, main)
            .with_config(Config::new().with_color(self.color == Color::Always).with_tab_width(2));
        for (range, text) in places {
            let is_main = self.diag.span() == Some(range.span());
            let mut pointer = Pointer::new((range.file.id, pages.characters(range)));
            if !text.is_empty() {
                pointer = pointer.with_message(clean(text).replace(['\n', '\t'], " "));
            }
            let pointer = pointer.with_color(if is_main { paint } else { Paint::Cyan });
            report.add_label(pointer.with_priority(i32::from(is_main)));
        }
        let mut drawn = Vec::new();
        // Writing to memory cannot fail.
        let _ = report.finish().write(pages, &mut drawn);
        let drawn = String::from_utf8_lossy(&drawn);
        // The first line would be ariadne's headline.
        drawn.lines().skip(1).fold(String::new(), |all, line| all + line.trim_end() + "\n")
    }

    /// Draws the neighborhood of each range only, for lines that fill the screen.
    fn write_clipped(&self, mut places: Vec<(FileRange<'_>, &str)>, out: &mut String) {
        places.sort_by_key(|(range, _)| self.diag.span().is_some_and(|span| span != range.span()));
        let number_width = places.iter().map(|(range, _)| range.first().line.to_string().len()).max().unwrap_or(1);
        let gap = " ".repeat(number_width + 2);
        for (at, (range, text)) in places.iter().enumerate() {
            let first = range.first();
            let corner = self.paint(FRAME, if at == 0 { "╭─[" } else { "├─[" });
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

/// Whether a line on which the range begins or ends is too long to be drawn.
fn is_long(range: &FileRange<'_>) -> bool {
    let text = &range.file.text;
    let line_length = |offset: usize| {
        let before = text[..offset].bytes().rev().take_while(|&byte| byte != b'\n').take(MAX_LINE_LENGTH).count();
        before + text[offset..].bytes().take_while(|&byte| byte != b'\n').take(MAX_LINE_LENGTH).count()
    };
    line_length(range.start) >= MAX_LINE_LENGTH || line_length(range.end) >= MAX_LINE_LENGTH
}

/// The neighborhood of a range in its line, how many blanks are before the pointer below it, and how wide that is.
fn clipped_line(range: &FileRange<'_>) -> (String, usize, usize) {
    let text = &range.file.text;
    let (line_start, line_end) = lines_around(text, range.start, range.start);
    let start = text[line_start..range.start]
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(line_start, |(at, _)| line_start + at);
    let end = text[range.start..line_end].char_indices().nth(BEHIND).map_or(line_end, |(at, _)| range.start + at);
    let opening = if start > line_start { "…" } else { "" };
    let closing = if end < line_end { "…" } else { "" };
    let shown = clean(&text[start..end]).replace(['\n', '\t'], " ");
    let blanks = opening.chars().count() + text[start..range.start].chars().count();
    let width = text[range.start..range.end.clamp(range.start, end)].chars().count().max(1);
    (format!("{opening}{shown}{closing}"), blanks, width)
}

/// The most characters of a headline: a name may be as long as a file.
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
    fn of_very_many_messages_the_rest_is_counted() {
        let mut files = Files::default();
        let file = files.add("a.forge", "x".repeat(1000));
        let diags: Vec<Diag> = (0..MAX_DIAGS + 7)
            .map(|at| Diag::error(Code::SYNTAX, "no").at(Span::new(file, at, at + 1), "here"))
            .collect();
        let shown = text(&files, &diags, Color::Never);
        assert_eq!(shown.matches("error[").count(), MAX_DIAGS);
        assert!(shown.ends_with("and 7 more that are not shown\n"));
    }
}
