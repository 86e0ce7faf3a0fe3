//! Values. All of them live in one arena and are dropped with it; a value itself is a small `Copy`.
//!
//! Objects and maps are lazy: they hold layers (code and the frame it was written in), and each entry has a slot that is
//! filled when it is first read.

use std::cell::{Cell, OnceCell};

use forge_base::{Duration, Name, Span, quantity::Format};
use forge_check::hir;

use crate::frame::Frame;
use crate::object::SchemaInfo;

/// An error that has been recorded; carried upwards until somebody gives up on a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErrorId(pub u32);

/// The result of everything that may fail.
pub type Eval<T> = Result<T, ErrorId>;

/// A value.
#[derive(Clone, Copy)]
pub enum Value<'a> {
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
    /// `1Gi`.
    Quantity(&'a Quantity<'a>),
    /// `1h`.
    Duration(Duration),
    /// A plain list; its items are values already.
    List(&'a [Value<'a>]),
    /// A map, a record, or a keyed list.
    Map(&'a Map<'a>),
    /// An instance of a schema.
    Object(&'a Object<'a>),
    /// A function.
    Function(&'a Function<'a>),
    /// A reference to a secret.
    Secret(&'a Secret<'a>),
}

/// A Kubernetes quantity; like [`forge_base::Quantity`] but in the arena.
#[derive(Clone, Copy, Debug)]
pub struct Quantity<'a> {
    /// The value in units of 10⁻⁹.
    pub nanos: i128,
    /// The family of suffixes.
    pub format: Format,
    /// The text of a literal.
    pub literal: Option<&'a str>,
}

impl Quantity<'_> {
    /// The same, owned, for arithmetic and printing.
    pub fn to_base(self) -> forge_base::Quantity {
        forge_base::Quantity { nanos: self.nanos, format: self.format, literal: self.literal.map(Into::into) }
    }
}

/// A function value.
pub enum Function<'a> {
    /// A named function.
    Named(&'a hir::Fn),
    /// A lambda and the frame that it was written in.
    Lambda(&'a hir::Fn, &'a Frame<'a>),
    /// A method of an object, by its place in the schema's methods.
    Method(&'a Object<'a>, u32),
}

/// Where a secret is kept. Never its content.
#[derive(Clone, Copy, Debug)]
pub struct Secret<'a> {
    /// The name of the builtin that made it: `reference`, `sops`, `public`.
    pub kind: &'a str,
    /// Its arguments.
    pub parts: &'a [(&'a str, &'a str)],
}

impl<'a> Secret<'a> {
    /// The value of `secrets.public(value, why)`, which is not confidential; `None` for a reference to a secret.
    pub fn public_value(&self) -> Option<&'a str> {
        let (_, text) = self.parts.iter().find(|(name, _)| self.kind == "public" && *name == "value")?;
        Some(text)
    }
}

/// What is known about one field or entry.
#[derive(Clone, Copy)]
pub(crate) enum Slot<'a> {
    /// Not computed yet.
    Empty,
    /// Being computed: meeting it again is a cycle.
    Running,
    /// Computed.
    Done(Value<'a>),
    /// Failed; reported already.
    Failed(ErrorId),
}

/// An instance of a schema.
pub struct Object<'a> {
    /// Its schema.
    pub schema: &'a SchemaInfo<'a>,
    /// The object that this one refines.
    pub base: Option<&'a Object<'a>>,
    /// The literal's or refinement's code; none for a fresh object.
    pub layer: Option<(&'a hir::Body, &'a Frame<'a>)>,
    /// Whether its layer and the one below come from one body: `a.b { … }` beside `a.c { … }`. Neither wins over the other.
    pub(crate) same_body: bool,
    /// Made when the first field is read.
    pub(crate) instance: OnceCell<&'a Instance<'a>>,
}

/// The layers and slots of an object.
pub(crate) struct Instance<'a> {
    /// From the schema's root ancestor to the last refinement.
    pub(crate) layers: &'a [Layer<'a>],
    /// One a field.
    pub(crate) slots: &'a [Cell<Slot<'a>>],
    /// How many of its fields are being computed.
    pub(crate) running: Cell<u32>,
    /// How far its checks are.
    pub(crate) checks: Cell<CheckState>,
    /// Entries of an open schema that are not fields.
    pub(crate) extra: OnceCell<&'a Map<'a>>,
}

/// How far the checks of an object are.
#[derive(Clone, Copy)]
pub(crate) enum CheckState {
    Pending,
    Running,
    Passed,
    Failed(ErrorId),
}

/// One layer of one object.
pub(crate) struct Layer<'a> {
    /// Its code.
    pub(crate) body: &'a hir::Body,
    /// The frame around the braces.
    pub(crate) outer: Option<&'a Frame<'a>>,
    /// Whether it and the layer below come from one body.
    pub(crate) same_body: bool,
    /// The frame of this body for this object, made when it is first needed.
    pub(crate) frame: Cell<Option<&'a Frame<'a>>>,
}

/// A map, record or keyed list.
pub struct Map<'a> {
    /// How elements find their keys, for a keyed list.
    pub keyed: Option<&'a hir::KeyedShape>,
    /// The map that this one refines.
    pub base: Option<&'a Map<'a>>,
    /// Whether its layer and the one below come from one body.
    pub(crate) same_body: bool,
    /// Where its entries come from.
    pub(crate) source: EntrySource<'a>,
    /// Made when the first entry is read.
    pub(crate) entries: OnceCell<Eval<&'a [Entry<'a>]>>,
    /// Places of the entries in the order of their keys; made at the first look-up in a large map.
    pub(crate) index: OnceCell<&'a [u32]>,
    /// The frame of the braces, where they are the only layer and plain.
    pub(crate) frame: Cell<Option<&'a Frame<'a>>>,
}

/// Where the entries of a map come from.
#[derive(Clone, Copy)]
pub(crate) enum EntrySource<'a> {
    /// Nothing yet: a fresh map.
    Fresh,
    /// Braces.
    Body(&'a hir::Body, &'a Frame<'a>),
    /// The elements of a list literal where a keyed list is wanted; keys are read from them.
    Elements(&'a [Value<'a>]),
    /// What an object of an open schema holds besides its fields.
    Extra(&'a Object<'a>),
    /// Values: read from a file, or made by a builtin. The entries are there from the start.
    Data,
}

/// One entry of a map.
pub struct Entry<'a> {
    /// Its key.
    pub key: Key<'a>,
    /// Its value, once it is read.
    pub(crate) slot: Cell<Slot<'a>>,
    /// What makes the value.
    pub(crate) chain: Option<&'a OverrideChain<'a>>,
}

/// A key of a map or keyed list.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// Of all maps and most keyed lists.
    Str(&'a str),
    /// Of keyed lists.
    Int(i64),
    /// Of keyed lists with several key fields.
    Tuple(&'a [Key<'a>]),
}

/// What was done to an entry, last first.
pub(crate) struct OverrideChain<'a> {
    pub(crate) step: Override<'a>,
    pub(crate) span: Option<Span>,
    /// Whether it and the step below come from one body.
    pub(crate) same_body: bool,
    pub(crate) below: Option<&'a OverrideChain<'a>>,
}

/// One thing that was done to an entry.
#[derive(Clone, Copy)]
pub(crate) enum Override<'a> {
    /// An item of a body, in its frame.
    Item(&'a hir::BodyItem, &'a Frame<'a>),
    /// Taken over from another map.
    Entry(&'a Map<'a>, usize),
    /// Taken over from an object.
    Field(&'a Object<'a>, u32),
    /// A finished value, such as an element of a list literal.
    Value(Value<'a>),
}

impl<'a> Value<'a> {
    /// What it is, for messages: "a String".
    pub fn kind_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a Bool",
            Value::Int(_) => "an Int",
            Value::Float(_) => "a Float",
            Value::Str(_) => "a String",
            Value::Quantity(_) => "a Quantity",
            Value::Duration(_) => "a Duration",
            Value::List(_) => "a list",
            Value::Map(map) if map.keyed.is_some() => "a keyed list",
            Value::Map(_) => "a map",
            Value::Object(object) => object.schema.schema.name.as_str(),
            Value::Function(_) => "a function",
            Value::Secret(_) => "a Secret",
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl<'a> Key<'a> {
    /// A scalar value as a key.
    pub fn from_value(value: Value<'a>) -> Option<Key<'a>> {
        match value {
            Value::Str(text) => Some(Key::Str(text)),
            Value::Int(number) => Some(Key::Int(number)),
            _ => None,
        }
    }

    /// The first part of a tuple, or the key itself.
    pub fn first(self) -> Key<'a> {
        match self {
            Key::Tuple(parts) => parts.first().copied().unwrap_or(self),
            _ => self,
        }
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Key<'_>) -> bool {
        self.cmp(other) == std::cmp::Ordering::Equal
    }
}

impl Eq for Key<'_> {}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Key<'_>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Key<'_>) -> std::cmp::Ordering {
        use std::cmp::Ordering;
        match (self, other) {
            (Key::Str(a), Key::Str(b)) => a.cmp(b),
            (Key::Int(a), Key::Int(b)) => a.cmp(b),
            (Key::Tuple(a), Key::Tuple(b)) => a.cmp(b),
            (Key::Int(_), _) | (Key::Str(_), Key::Tuple(_)) => Ordering::Less,
            (Key::Tuple(_), _) | (Key::Str(_), Key::Int(_)) => Ordering::Greater,
        }
    }
}

impl std::hash::Hash for Key<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Key::Str(text) => text.hash(state),
            Key::Int(number) => number.hash(state),
            Key::Tuple(parts) => parts.hash(state),
        }
    }
}

impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Str(text) if is_identifier(text) => f.write_str(text),
            Key::Str(text) => write!(f, "{text:?}"),
            Key::Int(number) => write!(f, "{number}"),
            Key::Tuple(parts) => {
                f.write_str("(")?;
                for (i, part) in parts.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    match part {
                        Key::Str(text) => write!(f, "{text:?}")?,
                        part => write!(f, "{part}")?,
                    }
                }
                f.write_str(")")
            }
        }
    }
}

/// Whether a text can be written as a name without quotes.
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && !text.as_bytes()[0].is_ascii_digit()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl<'a> Object<'a> {
    /// The name of its schema.
    pub fn schema_name(&self) -> Name {
        self.schema.schema.name
    }
}
