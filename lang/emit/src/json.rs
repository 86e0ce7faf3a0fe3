//! JSON, indented by two spaces or in one line.

use crate::number;
use crate::sink::Sink;

/// A writer of one JSON value.
#[derive(Debug)]
pub struct Json {
    text: String,
    is_pretty: bool,
    /// For each open container, whether it is still empty.
    stack: Vec<bool>,
    line: usize,
}

impl Json {
    /// A writer with one entry a line.
    pub fn pretty() -> Json {
        Json { text: String::new(), is_pretty: true, stack: Vec::new(), line: 1 }
    }

    /// A writer of a single line.
    pub fn compact() -> Json {
        Json { is_pretty: false, ..Json::pretty() }
    }

    /// The text, without a final newline.
    pub fn finish(self) -> String {
        self.text
    }

    fn break_line(&mut self) {
        if self.is_pretty {
            self.text.push('\n');
            self.line += 1;
            self.stack.iter().for_each(|_| self.text.push_str("  "));
        }
    }

    fn begin_entry(&mut self) {
        if let Some(is_empty) = self.stack.last_mut() {
            if !std::mem::replace(is_empty, false) {
                self.text.push(',');
            }
            self.break_line();
        }
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.stack.push(true);
    }

    fn close(&mut self, bracket: char) {
        if self.stack.pop() == Some(false) {
            self.break_line();
        }
        self.text.push(bracket);
    }

    fn quoted(&mut self, text: &str) {
        use std::fmt::Write;
        self.text.push('"');
        let mut done = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escape = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\t' => "\\t",
                b'\r' => "\\r",
                0..0x20 | 0x7f => "",
                _ => continue,
            };
            self.text.push_str(&text[done..at]);
            if escape.is_empty() {
                // Writing to a string cannot fail.
                let _ = write!(self.text, "\\u{byte:04x}");
            } else {
                self.text.push_str(escape);
            }
            done = at + 1;
        }
        self.text.push_str(&text[done..]);
        self.text.push('"');
    }
}

impl Sink for Json {
    fn begin_map(&mut self) {
        self.open('{');
    }

    fn key(&mut self, key: &str) {
        self.begin_entry();
        self.quoted(key);
        self.text.push_str(if self.is_pretty { ": " } else { ":" });
    }

    fn end_map(&mut self) {
        self.close('}');
    }

    fn begin_list(&mut self) {
        self.open('[');
    }

    fn item(&mut self) {
        self.begin_entry();
    }

    fn end_list(&mut self) {
        self.close(']');
    }

    fn string(&mut self, text: &str) {
        self.quoted(text);
    }

    fn int(&mut self, number: i64) {
        number::push_int(&mut self.text, number);
    }

    fn float(&mut self, number: f64) {
        number::push_float(&mut self.text, number);
    }

    fn bool(&mut self, value: bool) {
        self.text.push_str(if value { "true" } else { "false" });
    }

    fn null(&mut self) {
        self.text.push_str("null");
    }

    fn line(&self) -> usize {
        self.line
    }
}
