//! A finished resource as a tree that borrows from whoever computed it.
//!
//! A tree knows no places in source texts, since a build that finds nothing wrong needs none. A rule points at a part by
//! reference; [`Resource::path_of`] says where that part is, and whoever made the tree can find out who set it.

use std::fmt;

/// A value of the output.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Data<'a> {
    /// `null`.
    Null,
    /// `true`.
    Bool(bool),
    /// `1`.
    Int(i64),
    /// `1.5`.
    Float(f64),
    /// `"a"`.
    Str(&'a str),
    /// A text that stands where a secret does, and is said to be none.
    Public(&'a str),
    /// A sequence.
    List(&'a [Data<'a>]),
    /// A mapping, in the order of the output.
    Map(&'a [(&'a str, Data<'a>)]),
}

impl<'a> Data<'a> {
    /// An entry of a mapping; null counts as none.
    pub fn get(&self, key: &str) -> Option<&'a Data<'a>> {
        self.get_or_null(key).filter(|value| !matches!(value, Data::Null))
    }

    /// An entry of a mapping, null or not.
    pub fn get_or_null(&self, key: &str) -> Option<&'a Data<'a>> {
        self.entries().iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// What is at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&'a Data<'a>> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.get(first)?, |data, key| data.get(key))
    }

    /// A text of a mapping.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// The items of a list below a key; none if there is no list.
    pub fn list(&self, key: &str) -> &'a [Data<'a>] {
        self.get(key).map_or(&[], Data::items)
    }

    /// The entries of a mapping below a key; none if there is no mapping.
    pub fn map(&self, key: &str) -> &'a [(&'a str, Data<'a>)] {
        self.get(key).map_or(&[], Data::entries)
    }

    /// The entries, of a mapping.
    pub fn entries(&self) -> &'a [(&'a str, Data<'a>)] {
        match self {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items, of a list.
    pub fn items(&self) -> &'a [Data<'a>] {
        match self {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The text.
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Data::Str(text) | Data::Public(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Data::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is `true`.
    pub fn is_true(&self) -> bool {
        matches!(self, Data::Bool(true))
    }
}

/// One step of a [`Path`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Segment {
    /// An entry of a mapping.
    Key(Box<str>),
    /// An item of a list.
    Index(usize),
}

/// Where a part of a resource is.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Path(pub Vec<Segment>);

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                    let dot = if place == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                Segment::Key(key) => write!(f, "[{key:?}]")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// An object that an API server would be given.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// The whole object.
    pub data: &'a Data<'a>,
    /// Its `apiVersion`.
    pub api_version: &'a str,
    /// Its `kind`.
    pub kind: &'a str,
}

impl<'a> Resource<'a> {
    /// Looks at a value as a resource, if it has an `apiVersion` and a `kind`.
    pub fn new(data: &'a Data<'a>) -> Option<Resource<'a>> {
        Some(Resource { data, api_version: data.text("apiVersion")?, kind: data.text("kind")? })
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &'a str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// `metadata.name`, or an empty text.
    pub fn name(&self) -> &'a str {
        self.data.at(&["metadata", "name"]).and_then(Data::as_str).unwrap_or("")
    }

    /// `metadata.namespace`, or an empty text.
    pub fn namespace(&self) -> &'a str {
        self.data.at(&["metadata", "namespace"]).and_then(Data::as_str).unwrap_or("")
    }

    /// An entry of the object.
    pub fn get(&self, key: &str) -> Option<&'a Data<'a>> {
        self.data.get(key)
    }

    /// Where a part of this object is; the part is known by its address.
    pub fn path_of(&self, part: &Data<'a>) -> Option<Path> {
        let mut path = Path::default();
        find(self.data, part, &mut path).then_some(path)
    }
}

fn find(data: &Data<'_>, part: &Data<'_>, path: &mut Path) -> bool {
    if std::ptr::eq(data, part) {
        return true;
    }
    for (index, item) in data.items().iter().enumerate() {
        path.0.push(Segment::Index(index));
        if find(item, part, path) {
            return true;
        }
        path.0.pop();
    }
    for (key, value) in data.entries() {
        path.0.push(Segment::Key((*key).into()));
        if find(value, part, path) {
            return true;
        }
        path.0.pop();
    }
    false
}
