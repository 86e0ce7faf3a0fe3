//! What a YAML or JSON text says, with places and comments.

use forge_base::Span;

/// A value in a text.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// Another number.
    Float(f64),
    /// Text.
    Str(String),
    /// A sequence.
    List(Vec<Item>),
    /// A mapping, in the order of the text.
    Map(Vec<Entry>),
}

/// An item of a sequence.
#[derive(Clone, Debug)]
pub struct Item {
    /// The value.
    pub node: Node,
    /// The comments around it.
    pub comments: Comments,
}

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key as text.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub node: Node,
    /// The comments around it.
    pub comments: Comments,
}

/// The comments around an entry or item.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Comments {
    /// Those above, in order.
    pub above: Vec<Comment>,
    /// The one behind it on its line.
    pub right: Option<String>,
    /// The line that the entry or item begins on.
    pub line: usize,
    /// The column that it begins in, from 0.
    pub column: usize,
}

/// One line of comment.
#[derive(Clone, PartialEq, Debug)]
pub struct Comment {
    /// The text behind `#`.
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 0.
    pub column: usize,
}

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says.
    pub root: Node,
    /// The comments before its content.
    pub comments: Vec<Comment>,
}

// Equal means: equal as data. Places and comments do not count, nor does the order of keys.
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
    /// The value of a key, if it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries; none if it is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items; none if it is no sequence.
    pub fn items(&self) -> &[Item] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is a string.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The text of the value of a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether the value of a key is `true`.
    pub fn is_set(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Node { value: Value::Bool(true), .. }))
    }

    /// The strings of a sequence.
    pub fn texts(&self) -> Vec<&str> {
        self.items().iter().filter_map(|item| item.node.text()).collect()
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
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
