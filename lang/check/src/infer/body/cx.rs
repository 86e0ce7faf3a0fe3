//! The context of a body: what it builds, and the entries that its items name.

use std::sync::Arc;

use forge_base::{Name, Span};
use forge_syntax::ast::PathSegment;
use smallvec::SmallVec;

use crate::hir;
use crate::ids::SchemaId;
use crate::infer::cx::{EntryKeys, Expectation, Origin};
use crate::infer::known::WrittenPlace;
use crate::ty::{KeyedTy, Ty};

/// What a body builds or changes.
#[derive(Clone, Debug)]
pub(crate) enum BodyTarget {
    /// An instance of a schema.
    Schema(SchemaId),
    /// A map.
    Map(Ty, Ty),
    /// A keyed list.
    Keyed(Arc<KeyedTy>),
    /// A record of a known type.
    Record(Arc<[(Name, Ty)]>),
    /// Free-form data.
    Any,
    /// One of several types with fields or entries: names are matched when the body is applied.
    OneOf(Vec<Ty>),
    /// A map whose type is being inferred.
    Open,
    /// A target with a reported error: the values are checked on their own.
    Error,
}

impl BodyTarget {
    /// The target as the evaluator knows it.
    pub(crate) fn of_code(&self) -> hir::BodyTarget {
        match self {
            BodyTarget::Schema(id) => hir::BodyTarget::Schema(*id),
            _ => hir::BodyTarget::Entries,
        }
    }
}

/// The kind of a body, which determines the layers below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BodyMode {
    /// A literal, on top of the defaults of its schema, if any.
    Literal,
    /// A refinement, on top of a value.
    Refine,
    /// A schema's body, on top of the schema's ancestors.
    Schema,
}

/// The context of a body and its items.
pub(crate) struct BodyCx<'a> {
    pub(crate) target: BodyTarget,
    /// The type of `self`.
    pub(crate) this: Ty,
    pub(crate) mode: BodyMode,
    /// The key of the entry whose value the literal is.
    pub(crate) keys: Option<EntryKeys<'a>>,
    /// The origin of the type of its entries.
    pub(crate) origin: Option<Origin>,
    /// Whether an item has an error.
    pub(crate) is_broken: bool,
    /// Where the items of the value below are written.
    pub(crate) places: SmallVec<[WrittenPlace<'a>; 2]>,
    /// Fields that spreads of this body set, with the span of the spread.
    pub(crate) spreads: Vec<(Name, Span)>,
}

impl<'a> BodyCx<'a> {
    /// The context of a body for a known target.
    pub(crate) fn new(target: BodyTarget, this: Ty, mode: BodyMode) -> BodyCx<'a> {
        let places = match &target {
            BodyTarget::Schema(id) => SmallVec::from_iter([WrittenPlace::of_schema(*id)]),
            _ => SmallVec::new(),
        };
        BodyCx { target, this, mode, keys: None, origin: None, is_broken: false, places, spreads: Vec::new() }
    }

    /// The context of a body whose target has an error.
    pub(crate) fn broken() -> BodyCx<'a> {
        BodyCx::new(BodyTarget::Error, Ty::Error, BodyMode::Refine)
    }

    /// Takes the origin of an expectation.
    pub(crate) fn with_origin_of(mut self, expected: Option<&Expectation<'a>>) -> BodyCx<'a> {
        self.origin = expected.map(|expected| expected.origin);
        self
    }

    /// Adds where the items of the value below are written, before its schema.
    pub(crate) fn with_places(mut self, places: SmallVec<[WrittenPlace<'a>; 2]>) -> BodyCx<'a> {
        self.places.insert_many(0, places);
        self
    }

    /// Takes the key of the enclosing entry.
    pub(crate) fn with_keys(mut self, keys: Option<EntryKeys<'a>>) -> BodyCx<'a> {
        self.keys = keys;
        self
    }
}

/// A field or entry that an item names.
pub(crate) struct BodyEntry<'a> {
    /// Its key in the HIR.
    pub(crate) key: hir::Key,
    /// Its type; a variable if the type of all values is being inferred.
    pub(crate) ty: Ty,
    /// Its narrowed type.
    pub(crate) narrowed: Ty,
    /// The origin of its type.
    pub(crate) origin: Origin,
    /// The type of the value that it replaces, and whether there may be none.
    pub(crate) replaced: Option<(Ty, bool)>,
    /// Whether it is a declared field of its schema or record.
    pub(crate) is_known: bool,
    /// The keyed list that it is an entry of.
    pub(crate) keyed: Option<(&'a PathSegment, Arc<KeyedTy>)>,
}

/// What an item does with the entry that it names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EntryUse {
    /// It sets or changes it, or something inside it.
    Change,
    /// It deletes it.
    Delete,
}
