//! Writes YAML in one pass, as Kubernetes tools write it.
//!
//! [`Yaml`] is driven through [`Sink`]: it appends to one `String` and allocates nothing per value. A map or list stays
//! undecided until its first entry, so that an empty one can still become `{}` or `[]`. Strings get quotes exactly where some
//! reader of YAML 1.1, of YAML 1.2 or Go's would see something else than the string; which those are is known to `scalar`.
//! Nothing is ever folded, so a line of the output is a line of the value.

mod block;
mod scalar;

use crate::number;
use crate::sink::Sink;
use scalar::Style;

/// The line between two documents.
pub(crate) const SEPARATOR: &str = "---\n";

/// Bytes that are set aside at first, about three Kubernetes resources.
const FIRST_ROOM: usize = 4096;

/// Readers give up to find the colon of a simple key behind 1024 characters.
const LONGEST_SIMPLE_KEY: usize = 1000;

/// Enough for the indentation of most lines.
const BLANKS: &str = "                                                                ";

/// Where the next value is to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// At the beginning of a document.
    Root,
    /// Behind `key:`, without a blank yet.
    AfterKey,
    /// Behind `- ` or the `: ` of a long key.
    Inline,
}

/// A map or list that is being written.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// The column of its keys or dashes.
    indent: u32,
    is_empty: bool,
    place: Place,
}

/// What holds the value of a document.
const ROOT: Frame = Frame { indent: 0, is_empty: false, place: Place::Root };

/// A YAML writer. After each value of a document the text ends with a line break.
#[derive(Debug)]
pub struct Yaml {
    out: String,
    /// The innermost map or list.
    frame: Frame,
    outer: Vec<Frame>,
    place: Place,
    line_breaks: usize,
}

impl Default for Yaml {
    fn default() -> Yaml {
        Yaml::new()
    }
}

impl Yaml {
    /// An empty stream.
    pub fn new() -> Yaml {
        Yaml::with_capacity(FIRST_ROOM)
    }

    /// An empty stream with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Yaml {
        Yaml {
            out: String::with_capacity(bytes),
            frame: ROOT,
            outer: Vec::with_capacity(16),
            place: Place::Root,
            line_breaks: 0,
        }
    }

    /// Begins a document, with a `---` line before it where `separator` is set. What was left open is given up.
    pub fn document(&mut self, separator: bool) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.line_break();
        }
        if separator {
            self.out.push_str(SEPARATOR);
            self.line_breaks += 1;
        }
        self.outer.clear();
        self.frame = ROOT;
        self.place = Place::Root;
    }

    /// Writes each line of `text` as a comment. Only before the value of a document.
    pub fn comment(&mut self, text: &str) {
        for line in text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            self.out.push('#');
            if !line.is_empty() {
                self.out.push(' ');
                let is_fine = |c: char| c == '\t' || scalar::is_printable(c);
                self.out.extend(line.chars().map(|c| if is_fine(c) { c } else { char::REPLACEMENT_CHARACTER }));
            }
            self.line_break();
        }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    /// What was written so far, to look at.
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// Takes what was written so far. The writer goes on with nothing and counts lines from 1 again.
    pub fn take(&mut self) -> String {
        self.line_breaks = 0;
        std::mem::take(&mut self.out)
    }

    #[inline]
    fn line_break(&mut self) {
        self.out.push('\n');
        self.line_breaks += 1;
    }

    /// Goes to where the next key or dash of the innermost map or list stands.
    #[inline]
    fn start_entry(&mut self) {
        if self.frame.is_empty {
            self.frame.is_empty = false;
            if self.frame.place != Place::AfterKey {
                return;
            }
            self.line_break();
        }
        push_blanks(&mut self.out, self.frame.indent as usize);
    }

    #[inline]
    fn open(&mut self, indent_after_key: u32) {
        let indent = match self.place {
            Place::Root => 0,
            Place::AfterKey => self.frame.indent + indent_after_key,
            Place::Inline => self.frame.indent + 2,
        };
        self.outer.push(self.frame);
        self.frame = Frame { indent, is_empty: true, place: self.place };
    }

    #[inline]
    fn close(&mut self, empty: &str) {
        if self.frame.is_empty {
            self.place = self.frame.place;
            self.scalar(empty);
        }
        self.frame = self.outer.pop().unwrap_or(ROOT);
    }

    /// Writes the blank between a key and its value.
    #[inline]
    fn lead(&mut self) {
        if self.place == Place::AfterKey {
            self.out.push(' ');
        }
    }

    /// Writes a scalar as it is.
    #[inline]
    fn scalar(&mut self, text: &str) {
        self.lead();
        self.out.push_str(text);
        self.line_break();
    }

    /// Writes a string that needs quotes or lines of its own.
    fn special(&mut self, text: &str, style: Style) {
        self.lead();
        let is_root = self.place == Place::Root;
        if style == Style::Block && !(is_root && block::needs_indicator(text)) {
            let indent = if is_root { 2 } else { self.frame.indent as usize + 2 };
            self.line_breaks += block::push(&mut self.out, text, indent);
            return;
        }
        scalar::push_quoted(&mut self.out, text);
        self.line_break();
    }

    /// Makes the key that begins at `start` one with a question mark, which may have any length.
    #[cold]
    fn make_explicit(&mut self, start: usize) {
        self.out.insert_str(start, "? ");
        self.line_break();
        push_blanks(&mut self.out, self.frame.indent as usize);
        self.out.push_str(": ");
        self.place = Place::Inline;
    }
}

impl Sink for Yaml {
    #[inline]
    fn begin_map(&mut self) {
        self.open(2);
    }

    #[inline]
    fn key(&mut self, key: &str) {
        self.start_entry();
        let start = self.out.len();
        match scalar::style(key) {
            Style::Plain => self.out.push_str(key),
            Style::Quoted | Style::Block => scalar::push_quoted(&mut self.out, key),
        }
        if self.out.len() - start > LONGEST_SIMPLE_KEY {
            self.make_explicit(start);
            return;
        }
        self.out.push(':');
        self.place = Place::AfterKey;
    }

    #[inline]
    fn end_map(&mut self) {
        self.close("{}");
    }

    #[inline]
    fn begin_list(&mut self) {
        self.open(0);
    }

    #[inline]
    fn item(&mut self) {
        self.start_entry();
        self.out.push_str("- ");
        self.place = Place::Inline;
    }

    #[inline]
    fn end_list(&mut self) {
        self.close("[]");
    }

    #[inline]
    fn string(&mut self, text: &str) {
        match scalar::style(text) {
            Style::Plain => self.scalar(text),
            style => self.special(text, style),
        }
    }

    fn int(&mut self, number: i64) {
        self.lead();
        number::push_int(&mut self.out, number);
        self.line_break();
    }

    fn float(&mut self, number: f64) {
        self.lead();
        match number {
            _ if number.is_finite() => number::push_float(&mut self.out, number),
            _ if number.is_nan() => self.out.push_str(".nan"),
            _ => self.out.push_str(if number > 0.0 { ".inf" } else { "-.inf" }),
        }
        self.line_break();
    }

    fn bool(&mut self, value: bool) {
        self.scalar(if value { "true" } else { "false" });
    }

    fn null(&mut self) {
        self.scalar("null");
    }

    fn line(&self) -> usize {
        self.line_breaks + 1
    }

    fn bytes(&self) -> usize {
        self.out.len()
    }
}

/// Writes so many blanks.
#[inline]
fn push_blanks(out: &mut String, count: usize) {
    match BLANKS.get(..count) {
        Some(blanks) => out.push_str(blanks),
        None => out.extend(std::iter::repeat_n(' ', count)),
    }
}
