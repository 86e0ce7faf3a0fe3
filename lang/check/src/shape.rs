//! Shapes: what braces build, as derived from types.

use std::sync::Arc;

use forge_base::Name;
use smallvec::SmallVec;

use crate::ids::SchemaId;

/// What a braced literal builds.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// An instance of a schema.
    Schema(SchemaId),
    /// A map, or a record (at run time the same: keys in order).
    Map,
    /// A keyed list.
    Keyed(Arc<KeyedShape>),
}

/// How a keyed list finds its elements' keys.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyedShape {
    /// The key fields: name, and index if all items have one schema. Inline, since the evaluator keeps shapes in its arena.
    pub keys: SmallVec<[(Name, Option<u32>); 4]>,
    /// The schema that `key = { … }` and a new element instantiate.
    pub item: Option<SchemaId>,
}
