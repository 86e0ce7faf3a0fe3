//! A finished resource as a tree that borrows from the evaluator's arena.
//!
//! The tree has no source spans, since a build without violations needs none. A rule refers to a part by address;
//! [`Resource::path_of`] gives the path of that part, from which the evaluator can find the source that set it.

use std::fmt;

/// An output value.
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
    /// A string that was explicitly marked as public where a secret is expected.
    Public(&'a str),
    /// A sequence.
    List(&'a [Data<'a>]),
    /// A mapping, in the order of the output.
    Map(&'a [(&'a str, Data<'a>)]),
}

impl<'a> Data<'a> {
    /// The value of a key in a mapping; `None` if it is missing or null.
    pub fn get(&self, key: &str) -> Option<&'a Data<'a>> {
        self.get_or_null(key).filter(|value| !matches!(value, Data::Null))
    }

    /// The value of a key in a mapping, including null.
    pub(crate) fn get_or_null(&self, key: &str) -> Option<&'a Data<'a>> {
        self.entries().iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&'a Data<'a>> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.get(first)?, |data, key| data.get(key))
    }

    /// The string at a key.
    pub fn get_str(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// The items of the list at a key; empty if there is no list.
    pub fn get_list(&self, key: &str) -> &'a [Data<'a>] {
        self.get(key).map_or(&[], Data::items)
    }

    /// The entries of the mapping at a key; empty if there is no mapping.
    pub fn get_map(&self, key: &str) -> &'a [(&'a str, Data<'a>)] {
        self.get(key).map_or(&[], Data::entries)
    }

    /// The entries; empty if the value is not a mapping.
    pub fn entries(&self) -> &'a [(&'a str, Data<'a>)] {
        match self {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items; empty if the value is not a list.
    pub fn items(&self) -> &'a [Data<'a>] {
        match self {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The string value.
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Data::Str(text) | Data::Public(text) => Some(text),
            _ => None,
        }
    }

    /// The integer value.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Data::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether the value is `true`.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Data::Bool(true))
    }
}

/// One step of a [`Path`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PathSegment {
    /// An entry of a mapping.
    Key(Box<str>),
    /// An item of a list.
    Index(usize),
}

/// The path of a part of a resource.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Path(pub Vec<PathSegment>);

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                PathSegment::Key(key) if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                    let dot = if index == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                PathSegment::Key(key) => write!(f, "[{key:?}]")?,
                PathSegment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// An API object.
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
    /// Interprets a value as a resource; `None` if it has no `apiVersion` or `kind`.
    pub fn new(data: &'a Data<'a>) -> Option<Resource<'a>> {
        Some(Resource { data, api_version: data.get_str("apiVersion")?, kind: data.get_str("kind")? })
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &'a str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// `metadata.name`, or an empty string.
    pub fn name(&self) -> &'a str {
        self.data.at(&["metadata", "name"]).and_then(Data::as_str).unwrap_or("")
    }

    /// `metadata.namespace`, or an empty string.
    pub fn namespace(&self) -> &'a str {
        self.data.at(&["metadata", "namespace"]).and_then(Data::as_str).unwrap_or("")
    }

    /// The value of a top-level key.
    pub fn get(&self, key: &str) -> Option<&'a Data<'a>> {
        self.data.get(key)
    }

    /// The path of a part of this object, which is identified by its address.
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
        path.0.push(PathSegment::Index(index));
        if find(item, part, path) {
            return true;
        }
        path.0.pop();
    }
    for (key, value) in data.entries() {
        path.0.push(PathSegment::Key((*key).into()));
        if find(value, part, path) {
            return true;
        }
        path.0.pop();
    }
    false
}
