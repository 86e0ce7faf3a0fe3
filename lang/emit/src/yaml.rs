//! Writes YAML in one pass, as Kubernetes tools write it.
//!
//! [`Yaml`] is driven through [`Sink`]: it appends to one `String` and allocates nothing per value. Nothing is written for a map or
//! list until its first entry, so that an empty one can become `{}` or `[]`. `scalar` quotes a string exactly where a reader of
//! YAML 1.1, of YAML 1.2, or Go's reader would not read the same string. Lines are never folded.

mod block;
mod scalar;

use crate::number;
use crate::sink::Sink;
use scalar::Style;

/// The line between two documents.
pub(crate) const SEPARATOR: &str = "---\n";

/// The initial capacity in bytes, about three Kubernetes resources.
const INITIAL_CAPACITY: usize = 4096;

/// Readers look for the colon of a simple key within 1024 characters only.
const MAX_SIMPLE_KEY: usize = 1000;

/// Where the next value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Position {
    /// At the start of a document.
    Root,
    /// After `key:`, before the space.
    AfterKey,
    /// After `- `, or after the `: ` of a long key.
    Inline,
}

/// A map or list that is being written.
#[derive(Clone, Copy, Debug)]
struct Container {
    /// The column of its keys or dashes.
    indent: u32,
    is_empty: bool,
    position: Position,
}

/// The container of a document's value.
const ROOT: Container = Container { indent: 0, is_empty: false, position: Position::Root };

/// A YAML writer. The text ends with a line break after the value of each document.
#[derive(Debug)]
pub struct Yaml {
    out: String,
    /// The innermost map or list.
    container: Container,
    outer: Vec<Container>,
    position: Position,
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
        Yaml::with_capacity(INITIAL_CAPACITY)
    }

    /// An empty stream with a capacity in bytes.
    pub fn with_capacity(bytes: usize) -> Yaml {
        Yaml {
            out: String::with_capacity(bytes),
            container: ROOT,
            outer: Vec::with_capacity(16),
            position: Position::Root,
            line_breaks: 0,
        }
    }

    /// Begins a document. After another document it writes a `---` line first and abandons maps and lists that are still open.
    pub fn begin_document(&mut self) {
        if !self.out.is_empty() {
            if !self.out.ends_with('\n') {
                self.line_break();
            }
            self.out.push_str(SEPARATOR);
            self.line_breaks += 1;
        }
        self.outer.clear();
        self.container = ROOT;
        self.position = Position::Root;
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The text that was written.
    pub fn finish(self) -> String {
        self.out
    }

    #[inline]
    fn line_break(&mut self) {
        self.out.push('\n');
        self.line_breaks += 1;
    }

    /// Writes what precedes the next key or dash of the innermost map or list.
    #[inline]
    fn start_entry(&mut self) {
        if self.container.is_empty {
            self.container.is_empty = false;
            if self.container.position != Position::AfterKey {
                return;
            }
            self.line_break();
        }
        block::push_spaces(&mut self.out, self.container.indent as usize);
    }

    #[inline]
    fn open(&mut self, indent_after_key: u32) {
        let indent = match self.position {
            Position::Root => 0,
            Position::AfterKey => self.container.indent + indent_after_key,
            Position::Inline => self.container.indent + 2,
        };
        self.outer.push(self.container);
        self.container = Container { indent, is_empty: true, position: self.position };
    }

    #[inline]
    fn close(&mut self, empty: &str) {
        if self.container.is_empty {
            self.position = self.container.position;
            self.scalar(empty);
        }
        self.container = self.outer.pop().unwrap_or(ROOT);
    }

    /// Writes the space between a key and its value.
    #[inline]
    fn lead(&mut self) {
        if self.position == Position::AfterKey {
            self.out.push(' ');
        }
    }

    /// Writes a scalar without quotes.
    #[inline]
    fn scalar(&mut self, text: &str) {
        self.lead();
        self.out.push_str(text);
        self.line_break();
    }

    /// Writes a string that needs quotes or a block scalar.
    fn special(&mut self, text: &str, style: Style) {
        self.lead();
        let is_root = self.position == Position::Root;
        if style == Style::Block && !(is_root && block::needs_indicator(text)) {
            let indent = if is_root { 2 } else { self.container.indent as usize + 2 };
            self.line_breaks += block::push(&mut self.out, text, indent);
            return;
        }
        scalar::push_quoted(&mut self.out, text);
        self.line_break();
    }

    /// Turns the key that starts at `start` into an explicit key (`? key`), which may have any length.
    #[cold]
    fn make_explicit(&mut self, start: usize) {
        self.out.insert_str(start, "? ");
        self.line_break();
        block::push_spaces(&mut self.out, self.container.indent as usize);
        self.out.push_str(": ");
        self.position = Position::Inline;
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
        if self.out.len() - start > MAX_SIMPLE_KEY {
            self.make_explicit(start);
            return;
        }
        self.out.push(':');
        self.position = Position::AfterKey;
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
        self.position = Position::Inline;
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
