//! YAML as Kubernetes tools expect it: two spaces, lists not indented under their key, block scalars for text of several
//! lines, and quotes exactly where some reader (YAML 1.1, 1.2 or Go's) would see something else than the string.
//!
//! Nothing is ever folded. Every scalar ends its line, so a container only has to say how its first line begins.

use crate::sink::Sink;

mod scalar;

/// Keys longer than this are written with `? `: readers give up on longer ones before a colon.
const LONG_KEY: usize = 1000;

/// A writer of YAML documents.
#[derive(Debug)]
pub struct Yaml {
    text: String,
    stack: Vec<Frame>,
    place: Place,
    line: usize,
}

/// An open map or list.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// The column of its keys or dashes.
    indent: usize,
    /// What stood before it.
    start: Place,
    is_empty: bool,
    is_list: bool,
}

/// What has just been written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Nothing: a document begins.
    Document,
    /// A key and its colon.
    Key,
    /// A colon of a key with `? `.
    LongKey,
    /// A dash.
    Dash,
}

impl Default for Yaml {
    fn default() -> Self {
        Yaml::new()
    }
}

impl Yaml {
    /// An empty stream.
    pub fn new() -> Yaml {
        Yaml { text: String::with_capacity(4096), stack: Vec::new(), place: Place::Document, line: 1 }
    }

    /// Begins a document; with `separator` behind a `---` line.
    pub fn document(&mut self, separator: bool) {
        if separator {
            self.text.push_str("---\n");
            self.line += 1;
        }
        self.stack.clear();
        self.place = Place::Document;
    }

    /// Writes a comment, each line behind a `#`. Only between documents.
    pub fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.text.push('#');
            if !line.is_empty() {
                self.text.push(' ');
                self.text.push_str(line);
            }
            self.newline();
        }
    }

    /// The stream.
    pub fn finish(self) -> String {
        self.text
    }

    /// What has been written so far.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[inline]
    fn newline(&mut self) {
        self.text.push('\n');
        self.line += 1;
    }

    #[inline]
    fn spaces(&mut self, count: usize) {
        const BLANKS: &str = "                                                                ";
        let mut left = count;
        while left > BLANKS.len() {
            self.text.push_str(BLANKS);
            left -= BLANKS.len();
        }
        self.text.push_str(&BLANKS[..left]);
    }

    fn open(&mut self, is_list: bool) {
        let outer = self.stack.last().map_or(0, |frame| frame.indent);
        let indent = match self.place {
            Place::Document => 0,
            Place::Key if is_list => outer,
            Place::Key | Place::LongKey | Place::Dash => outer + 2,
        };
        self.stack.push(Frame { indent, start: self.place, is_empty: true, is_list });
    }

    /// Closes the innermost container; an empty one is written now.
    fn close(&mut self, empty: &str) {
        let Some(frame) = self.stack.pop() else { return };
        if frame.is_empty {
            self.place = frame.start;
            self.begin_scalar();
            self.text.push_str(empty);
            self.newline();
        }
    }

    /// Goes to where the next key or dash of the innermost container stands; gives its indentation.
    #[inline]
    fn begin_entry(&mut self) -> usize {
        let Some(frame) = self.stack.last_mut() else { return 0 };
        let frame_now = *frame;
        frame.is_empty = false;
        match (frame_now.is_empty, frame_now.start) {
            (false, _) => self.spaces(frame_now.indent),
            (true, Place::Document) => {}
            (true, Place::Dash) => self.text.push(' '),
            (true, Place::Key | Place::LongKey) => {
                self.newline();
                self.spaces(frame_now.indent);
            }
        }
        frame_now.indent
    }

    #[inline]
    fn begin_scalar(&mut self) {
        if self.place != Place::Document {
            self.text.push(' ');
        }
    }

    #[inline]
    fn plain(&mut self, text: &str) {
        self.begin_scalar();
        self.text.push_str(text);
        self.newline();
    }

    fn block(&mut self, text: &str) {
        self.begin_scalar();
        let body = text.trim_end_matches('\n');
        self.text.push_str(match text.len() - body.len() {
            0 => "|-",
            1 => "|",
            _ => "|+",
        });
        let indent = match (self.stack.last(), self.place) {
            (Some(frame), _) => frame.indent + 2,
            (None, _) => 2,
        };
        let content = text.strip_suffix('\n').unwrap_or(text);
        for line in content.split('\n') {
            self.newline();
            if !line.is_empty() {
                self.spaces(indent);
                self.text.push_str(line);
            }
        }
        self.newline();
    }
}

impl Sink for Yaml {
    fn begin_map(&mut self) {
        self.open(false);
    }

    fn key(&mut self, key: &str) {
        let indent = self.begin_entry();
        if key.len() > LONG_KEY {
            self.text.push_str("? ");
            scalar::push_line(&mut self.text, key);
            self.newline();
            self.spaces(indent);
            self.place = Place::LongKey;
        } else {
            scalar::push_line(&mut self.text, key);
            self.place = Place::Key;
        }
        self.text.push(':');
    }

    fn end_map(&mut self) {
        self.close("{}");
    }

    fn begin_list(&mut self) {
        self.open(true);
    }

    fn item(&mut self) {
        debug_assert!(self.stack.last().is_none_or(|frame| frame.is_list), "an item belongs to a list");
        self.begin_entry();
        self.text.push('-');
        self.place = Place::Dash;
    }

    fn end_list(&mut self) {
        self.close("[]");
    }

    fn string(&mut self, text: &str) {
        match scalar::style(text) {
            scalar::Style::Plain => self.plain(text),
            scalar::Style::Block => self.block(text),
            scalar::Style::Quoted => {
                self.begin_scalar();
                scalar::push_quoted(&mut self.text, text);
                self.newline();
            }
        }
    }

    fn int(&mut self, number: i64) {
        self.begin_scalar();
        crate::number::push_int(&mut self.text, number);
        self.newline();
    }

    fn float(&mut self, number: f64) {
        self.begin_scalar();
        crate::number::push_float(&mut self.text, number);
        self.newline();
    }

    fn bool(&mut self, value: bool) {
        self.plain(if value { "true" } else { "false" });
    }

    fn null(&mut self) {
        self.plain("null");
    }

    fn line(&self) -> usize {
        self.line
    }
}
