//! YAML and JSON data with spans and comments.

use forge_base::Span;

/// A value with its span.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its span.
    pub(crate) span: Span,
    /// Its value.
    pub(crate) value: Value,
}

/// A YAML value.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// `null`, `~` or an empty value.
    Null,
    /// A boolean.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Str(String),
    /// A sequence.
    List(Vec<Item>),
    /// A mapping, in source order.
    Map(Vec<Entry>),
}

/// An item of a sequence.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The value.
    pub(crate) node: Node,
    /// Its comments.
    pub(crate) comments: Comments,
}

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// The span of the key.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) node: Node,
    /// Its comments.
    pub(crate) comments: Comments,
}

/// The comments of an entry or item.
#[derive(Clone, PartialEq, Default, Debug)]
pub(crate) struct Comments {
    /// The comments above it, in order.
    pub(crate) above: Vec<Comment>,
    /// The comment at the end of its line.
    pub(crate) right: Option<String>,
    /// The line on which the entry or item starts, from 1.
    pub(crate) line: usize,
    /// The column in which it starts, from 0.
    pub(crate) column: usize,
}

/// A comment on one line.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Comment {
    /// The text after `#`.
    pub(crate) text: String,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Its column, from 0.
    pub(crate) column: usize,
}

/// A YAML document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its content.
    pub(crate) root: Node,
    /// The comments before the content.
    pub(crate) comments: Vec<Comment>,
}

// Nodes are equal if they are equal as data, regardless of spans, comments and the order of keys.
impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len()
                    && a.iter().all(|entry| other.get(&entry.key).is_some_and(|node| *node == entry.node))
            }
            (a, b) => a == b,
        }
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Item) -> bool {
        self.node == other.node
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.key == other.key && self.node == other.node
    }
}

impl Node {
    /// The value of a key, if this is a mapping that contains it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value at a path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries; empty if this is not a mapping.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items; empty if this is not a sequence.
    pub(crate) fn items(&self) -> &[Item] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The string value, if this is a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The string value of a key.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether the value of a key is `true`.
    pub(crate) fn is_set(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Node { value: Value::Bool(true), .. }))
    }

    /// The strings of a sequence.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.items().iter().filter_map(|item| item.node.text()).collect()
    }

    /// The kind of value, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Str(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}
