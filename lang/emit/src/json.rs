//! Writes JSON in one pass, indented by two spaces.

use crate::number;
use crate::sink::Sink;

/// The initial capacity in bytes.
const INITIAL_CAPACITY: usize = 4096;

/// A JSON writer. Each top-level value ends with a line break.
#[derive(Debug)]
pub struct Json {
    out: String,
    depth: usize,
    /// Whether the innermost map or list has no entry yet.
    is_empty: bool,
    line_breaks: usize,
}

impl Default for Json {
    fn default() -> Json {
        Json::new()
    }
}

impl Json {
    /// An empty writer.
    pub fn new() -> Json {
        Json { out: String::with_capacity(INITIAL_CAPACITY), depth: 0, is_empty: true, line_breaks: 0 }
    }

    /// The text that was written.
    pub fn finish(self) -> String {
        self.out
    }

    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
        self.is_empty = true;
    }

    fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if !self.is_empty {
            self.new_line();
        }
        self.is_empty = false;
        self.out.push(bracket);
        self.end_value();
    }

    fn start_entry(&mut self) {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        self.new_line();
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.line_breaks += 1;
        self.out.extend(std::iter::repeat_n(' ', 2 * self.depth));
    }

    /// Ends the line after a top-level value.
    fn end_value(&mut self) {
        if self.depth == 0 {
            self.out.push('\n');
            self.line_breaks += 1;
        }
    }

    fn scalar(&mut self, text: &str) {
        self.out.push_str(text);
        self.end_value();
    }
}

impl Sink for Json {
    fn begin_map(&mut self) {
        self.open('{');
    }

    fn key(&mut self, key: &str) {
        self.start_entry();
        push_string(&mut self.out, key);
        self.out.push_str(": ");
    }

    fn end_map(&mut self) {
        self.close('}');
    }

    fn begin_list(&mut self) {
        self.open('[');
    }

    fn item(&mut self) {
        self.start_entry();
    }

    fn end_list(&mut self) {
        self.close(']');
    }

    fn string(&mut self, text: &str) {
        push_string(&mut self.out, text);
        self.end_value();
    }

    fn int(&mut self, number: i64) {
        number::push_int(&mut self.out, number);
        self.end_value();
    }

    /// JSON cannot represent a number that is not finite: it becomes null.
    fn float(&mut self, number: f64) {
        if number.is_finite() {
            number::push_float(&mut self.out, number);
            self.end_value();
        } else {
            self.null();
        }
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

fn push_string(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.reserve(text.len() + 2);
    out.push('"');
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[done..at]);
        done = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            b'\x08' => out.push_str("\\b"),
            b'\x0C' => out.push_str("\\f"),
            byte => {
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 0xF)]));
            }
        }
    }
    out.push_str(&text[done..]);
    out.push('"');
}
