//! Values. All of them are allocated in one arena and freed with it; a value itself is a small `Copy`.
//!
//! Objects and maps are lazy: they hold layers (code and the frame in which it was written), and each field or entry has a slot
//! that is filled when it is first read. Values, frames and schemas refer to each other, so their types are declared together.

use std::cell::{Cell, OnceCell};

use bumpalo::Bump;
use forge_base::{Duration, Name, Span, quantity, quantity::Format};
use forge_check::SchemaId;
use forge_check::hir::{self, Program};
use forge_check::ty::Ty;

use crate::convert::Conversion;
use crate::key::Key;

/// The id of an error that the evaluator has recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErrorId(pub u32);

/// The result of an evaluation.
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
    /// A list without keys; its items are evaluated.
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

/// A Kubernetes quantity: [`forge_base::Quantity`] in the arena.
#[derive(Clone, Copy, Debug)]
pub struct Quantity<'a> {
    /// The value in units of 10⁻⁹.
    pub nanos: i128,
    /// The family of suffixes.
    pub format: Format,
    /// The literal, if it was written as one.
    pub literal: Option<&'a str>,
}

impl Quantity<'_> {
    /// The owned form, for arithmetic and printing.
    pub fn to_base(self) -> forge_base::Quantity {
        forge_base::Quantity { nanos: self.nanos, format: self.format, literal: self.literal.map(Into::into) }
    }
}

/// A function value.
pub enum Function<'a> {
    /// A named function.
    Named(&'a hir::Fn),
    /// A lambda and the frame in which it was written.
    Lambda(&'a hir::Fn, &'a Frame<'a>),
    /// A method of an object, by its index in the schema's methods.
    Method(&'a Object<'a>, u32),
}

/// A reference to a secret. It never holds the secret itself.
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

/// The state of a field, entry or global.
#[derive(Clone, Copy)]
pub(crate) enum Slot<'a> {
    /// Not computed yet.
    Empty,
    /// Being computed: reading it again is a cycle.
    Running,
    /// Computed.
    Done(Value<'a>),
    /// Failed.
    Failed(ErrorId),
}

/// A schema as the evaluator uses it.
pub struct SchemaInfo<'a> {
    /// The schema.
    pub schema: &'a hir::Schema,
    /// From the root ancestor to the schema itself.
    pub(crate) ancestors: &'a [&'a hir::Schema],
    pub(crate) has_checks: bool,
    /// Whether defaults are not written: the schema or one that it extends has `@omitDefaults`.
    pub(crate) omits_defaults: bool,
}

impl<'a> SchemaInfo<'a> {
    pub(crate) fn new(arena: &'a Bump, program: &'a Program, id: SchemaId) -> SchemaInfo<'a> {
        let schema = program.schema(id);
        let ancestors = arena.alloc_slice_fill_iter(schema.ancestors.iter().map(|id| program.schema(*id)));
        let has_checks = ancestors.iter().any(|schema| !schema.checks.is_empty());
        let omits_defaults = ancestors.iter().any(|schema| schema.annotations.omit_defaults);
        SchemaInfo { schema, has_checks, omits_defaults, ancestors }
    }

    /// Whether it is `other` or extends it.
    pub fn extends(&self, other: SchemaId) -> bool {
        self.schema.ancestors.contains(&other)
    }

    /// Whether the field at an index has a name: true if the static type of the object was right.
    #[inline]
    pub(crate) fn has_field(&self, index: u32, name: Name) -> bool {
        self.schema.fields.get(index as usize).is_some_and(|field| field.name == name)
    }

    /// The index of a field by a name that may not be interned, such as a key of data.
    pub(crate) fn field_named(&self, name: &str) -> Option<u32> {
        self.schema.fields.iter().position(|field| field.name.as_str() == name).map(|index| index as u32)
    }

    /// The index of a field.
    pub fn field_index(&self, name: Name) -> Option<u32> {
        self.schema.field_index(name)
    }
}

/// How a layer relates to the layer below.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LayerRelation {
    /// Its items override those below.
    Overrides,
    /// Both come from one body, such as `a.b { … }` beside `a.c { … }`: neither overrides the other.
    SameBody,
}

/// An instance of a schema.
pub struct Object<'a> {
    /// Its schema.
    pub schema: &'a SchemaInfo<'a>,
    /// The object that this one refines.
    pub base: Option<&'a Object<'a>>,
    /// The literal or refinement; `None` for an object that only has defaults.
    pub(crate) layer: Option<LayerSource<'a>>,
    /// How its layer relates to that of its base.
    pub(crate) relation: LayerRelation,
    /// Built when the first field is read.
    pub(crate) instance: OnceCell<&'a Instance<'a>>,
}

impl Object<'_> {
    /// The name of its schema.
    pub fn schema_name(&self) -> Name {
        self.schema.schema.name
    }

    /// The span of the literal or refinement that made it.
    pub fn span(&self) -> Option<Span> {
        Some(match self.layer? {
            LayerSource::Body(body, _) => body.span,
            LayerSource::Data(data) => data.conversion.span,
        })
    }
}

/// The layers and slots of an object.
pub(crate) struct Instance<'a> {
    /// From the schema's root ancestor to the last refinement.
    pub(crate) layers: &'a [Layer<'a>],
    /// One per field.
    pub(crate) slots: &'a [Cell<Slot<'a>>],
    /// How many of its fields are being computed.
    pub(crate) running: Cell<u32>,
    /// The state of its checks.
    pub(crate) checks: Cell<CheckState>,
    /// The entries of an open schema that are not fields.
    pub(crate) extra: OnceCell<&'a Map<'a>>,
}

/// The state of the checks of an object.
#[derive(Clone, Copy)]
pub(crate) enum CheckState {
    Pending,
    Running,
    Passed,
    Failed(ErrorId),
}

/// Where a layer of an object gets its fields from.
#[derive(Clone, Copy)]
pub(crate) enum LayerSource<'a> {
    /// Code, and the frame around the braces; none around a schema's body.
    Body(&'a hir::Body, Option<&'a Frame<'a>>),
    /// The entries of a map that was converted to the schema.
    Data(&'a DataLayer<'a>),
}

/// A map whose entries are the fields of a layer.
pub(crate) struct DataLayer<'a> {
    pub(crate) map: &'a Map<'a>,
    /// How its entries are converted.
    pub(crate) conversion: Conversion<'a>,
}

/// A place for a value: its type, and the span that demands it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) ty: &'a Ty,
    pub(crate) origin: Span,
    /// For an element of a keyed list: the key field, and the key that it has unless the element sets it.
    pub(crate) key: Option<(Name, Key<'a>)>,
}

/// One layer of one object.
pub(crate) struct Layer<'a> {
    /// Its items.
    pub(crate) source: LayerSource<'a>,
    /// How it relates to the layer below.
    pub(crate) relation: LayerRelation,
    /// The frame of this body for this object, made when it is first needed.
    pub(crate) frame: Cell<Option<&'a Frame<'a>>>,
}

/// A map, record or keyed list.
pub struct Map<'a> {
    /// For a keyed list: how elements find their keys.
    pub keyed: Option<&'a hir::KeyedShape>,
    /// The map that this one refines.
    pub base: Option<&'a Map<'a>>,
    /// How its layer relates to that of its base.
    pub(crate) relation: LayerRelation,
    /// Where its entries come from.
    pub(crate) source: EntrySource<'a>,
    /// The place that holds it, if the items of its layer were checked against a wider type.
    pub(crate) place: Option<&'a Place<'a>>,
    /// Built when the first entry is read.
    pub(crate) entries: OnceCell<Eval<&'a [Entry<'a>]>>,
    /// Indices of the entries in the order of their keys; built at the first lookup in a large map.
    pub(crate) index: OnceCell<&'a [u32]>,
    /// The frame of the braces, if they are the only layer and plain.
    pub(crate) frame: Cell<Option<&'a Frame<'a>>>,
    /// The defaults for all elements, known with the entries.
    pub(crate) each: Cell<&'a [EachLayer<'a>]>,
}

/// The body of an `each` and the frame around it.
#[derive(Clone, Copy)]
pub(crate) struct EachLayer<'a> {
    pub(crate) body: &'a hir::Body,
    pub(crate) frame: &'a Frame<'a>,
}

impl Map<'_> {
    /// Whether it is a keyed list with these key fields.
    pub(crate) fn has_keys(&self, keys: &[Name]) -> bool {
        self.keyed.is_some_and(|shape| shape.keys.iter().map(|(name, _)| name).eq(keys))
    }
}

/// Where the entries of a map come from.
#[derive(Clone, Copy)]
pub(crate) enum EntrySource<'a> {
    /// Nothing yet: an empty map to be refined.
    Fresh,
    /// Braces.
    Body(&'a hir::Body, &'a Frame<'a>),
    /// The entries of another map, which replace those of the base.
    Merged(&'a Map<'a>),
    /// The elements of a list literal where a keyed list is expected; their keys are read from them.
    Elements(&'a [Value<'a>]),
    /// The entries of an object of an open schema that are not fields.
    Extra(&'a Object<'a>),
    /// Values from a file or a builtin. The entries exist from the start.
    Data,
}

/// One entry of a map.
pub struct Entry<'a> {
    /// Its key.
    pub key: Key<'a>,
    /// Its value, once it is computed.
    pub(crate) slot: Cell<Slot<'a>>,
    /// The overrides that make up its value; `None` in a plain body, whose item at the same index has the value.
    pub(crate) chain: Option<&'a OverrideChain<'a>>,
}

/// The overrides of an entry, last first.
pub(crate) struct OverrideChain<'a> {
    pub(crate) last: Override<'a>,
    pub(crate) span: Option<Span>,
    /// How it relates to the override below.
    pub(crate) relation: LayerRelation,
    pub(crate) below: Option<&'a OverrideChain<'a>>,
}

/// One override of an entry.
#[derive(Clone, Copy)]
pub(crate) enum Override<'a> {
    /// An item of a body, in its frame; the place of the entry if the item was checked against a wider type.
    Item(&'a hir::BodyItem, &'a Frame<'a>, Option<&'a Place<'a>>),
    /// The value of an entry of another map.
    Entry(&'a Map<'a>, usize),
    /// The value of a field of an object.
    Field(&'a Object<'a>, u32),
    /// A computed value, such as an element of a list literal.
    Value(Value<'a>),
}

/// A frame: the run-time storage of local names. See [`forge_check::hir`] for what makes one.
pub struct Frame<'a> {
    /// The frame around it.
    pub(crate) parent: Option<&'a Frame<'a>>,
    /// The object that is being built, in a body's frame.
    pub(crate) this: Value<'a>,
    /// Its locals.
    pub(crate) slots: &'a [Cell<Local<'a>>],
}

impl<'a> Frame<'a> {
    /// The frame `up` parents further out.
    #[inline]
    pub(crate) fn outer(&'a self, up: u32) -> &'a Frame<'a> {
        let mut frame = self;
        for _ in 0..up {
            frame = frame.parent.expect("the checker counts frames as the evaluator makes them");
        }
        frame
    }
}

/// The content of a frame's slot.
#[derive(Clone, Copy)]
pub(crate) enum Local<'a> {
    /// Nothing yet.
    Unset,
    /// A parameter, a loop variable, or a `let` that was read.
    Value(Value<'a>),
    /// A `let` that was not read yet.
    Lazy(&'a hir::Let),
    /// A `let` that is being computed.
    Running(&'a hir::Let),
    /// A `let` that failed.
    Failed(ErrorId),
    /// `super` that was not read yet.
    Super(&'a Super<'a>),
}

/// The meaning of `super` in one item.
pub(crate) enum Super<'a> {
    /// A field's value from the layers below this one.
    Field(&'a Object<'a>, u32, usize),
    /// An entry's value from the overrides below.
    Entry(&'a Map<'a>, &'a OverrideChain<'a>),
}

impl<'a> Value<'a> {
    /// A phrase for messages: "a String".
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

    /// The amount of a Quantity, or of an Int where a Quantity is accepted, in units of 10⁻⁹.
    pub(crate) fn nanos(&self) -> Option<i128> {
        match self {
            Value::Int(number) => Some(i128::from(*number) * quantity::UNIT),
            Value::Quantity(quantity) => Some(quantity.nanos),
            _ => None,
        }
    }

    /// A String or an Int as a key.
    pub fn as_key(&self) -> Option<Key<'a>> {
        match self {
            Value::Str(text) => Some(Key::Str(text)),
            Value::Int(number) => Some(Key::Int(*number)),
            _ => None,
        }
    }
}

/// Whether a keyed list has several key fields.
pub(crate) fn has_composite_key(keyed: Option<&hir::KeyedShape>) -> bool {
    keyed.is_some_and(|shape| shape.keys.len() > 1)
}
