//! Bodies: the code of layers, item by item.

use std::sync::Arc;

use forge_base::{Name, Span};
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::Expr;
use crate::ids::SchemaId;
use crate::shape::Shape;

/// The code of a layer: the items between braces.
#[derive(Clone, Debug)]
pub struct Body {
    /// The items. Paths are desugared to nested bodies.
    pub items: Vec<BodyItem>,
    /// The `let`s, including those inside an `if`.
    pub lets: Vec<Let>,
    /// Slots of its frame.
    pub slots: u32,
    /// From brace to brace, or the path that was desugared.
    pub span: Span,
    /// What it was checked against.
    pub target: BodyTarget,
    /// For each schema field that items name, sorted by field index: the indices of these items (an `if` counts for all
    /// items inside).
    fields: Vec<(u32, SmallVec<[u32; 2]>)>,
    /// See [`Body::is_plain`].
    is_plain: bool,
    /// See [`Body::entries`].
    entries: Vec<u32>,
}

/// What a body was checked against. The value that it is applied to may have a narrower type: a child schema, or any schema below
/// `Any` or a union. Its items are matched to the fields of the actual schema then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyTarget {
    /// A schema, whose fields are [`Key::Field`]s.
    Schema(SchemaId),
    /// The schema that was expected of a literal without a name. Where the place turns out to require a child schema, the
    /// literal builds that one.
    Expected(SchemaId),
    /// Entries: of a map, record, keyed list or free-form data. They may turn out to be fields.
    Entries,
}

/// A `let`, evaluated when it is first read.
#[derive(Clone, Debug)]
pub struct Let {
    /// Its slot.
    pub slot: u32,
    /// Its name, for messages.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

/// One item of a body.
#[derive(Clone, Debug)]
pub struct BodyItem {
    /// What it does.
    pub kind: BodyItemKind,
    /// The key or path that it names, or its head: the span that provenance shows.
    pub span: Span,
}

/// What an item does.
#[derive(Clone, Debug)]
pub enum BodyItemKind {
    /// `key = value`.
    Set {
        /// What is set.
        key: Key,
        /// The new value.
        value: Expr,
        /// The slot (of the innermost frame) that takes `super`, if the value uses it.
        super_slot: Option<u32>,
        /// Whether it comes from a spread, so that the body's own items win.
        is_default: bool,
    },
    /// `key { … }`.
    Refine {
        /// What is refined.
        key: Key,
        /// The changes.
        body: Arc<Body>,
        /// What is built if nothing exists yet; `None`: refining nothing is an error.
        fresh: Option<Shape>,
        /// Whether a missing map entry is created (below `Any`).
        create_missing: bool,
    },
    /// `key += value`.
    Append {
        /// What is appended to.
        key: Key,
        /// A list, or a map.
        value: Expr,
    },
    /// `delete key`.
    Delete {
        /// What is deleted.
        key: Key,
    },
    /// `...value` into a map or keyed list. (Into a schema it is a `let` and is_default sets.)
    Spread {
        /// The map, record, object or keyed list.
        value: Expr,
    },
    /// `each { … }`: defaults for all elements of a keyed list or map.
    Each {
        /// The defaults: a layer below that of each element.
        body: Arc<Body>,
    },
    /// `if cond { … } else { … }`.
    If {
        /// The condition.
        cond: Expr,
        /// The slot that remembers it.
        memo: u32,
        /// The items if it is true.
        then: Vec<BodyItem>,
        /// The items if it is false.
        otherwise: Vec<BodyItem>,
    },
    /// `for … in … if … { … }`; its items have constant or computed keys of a map or keyed list.
    For {
        /// Variables, source and filter.
        head: Box<For>,
        /// The `let`s of an iteration.
        lets: Vec<Let>,
        /// The items of an iteration.
        items: Vec<BodyItem>,
    },
}

/// What an item names.
#[derive(Clone, Debug)]
pub enum Key {
    /// A field of a schema.
    Field(u32, Name),
    /// A constant key of a map, record, keyed list or open schema.
    Name(Arc<str>),
    /// A constant integer key of a keyed list.
    Int(i64),
    /// A computed key.
    Computed(Box<Expr>),
    /// All key fields of a keyed list's element.
    Tuple(Vec<Expr>),
}

/// The head of a `for`. A list yields `x` or `i, x`; a map, record or keyed list yields `k, v`; a keyed list also `x`.
#[derive(Clone, Debug)]
pub struct For {
    /// Slots of the variables: one or two, `None` for `_`.
    pub vars: SmallVec<[Option<u32>; 2]>,
    /// The names of the variables, for messages.
    pub names: SmallVec<[Name; 2]>,
    /// The iterated value; evaluated in the enclosing frame.
    pub iter: Expr,
    /// The filter; evaluated in the iteration's frame.
    pub guard: Option<Expr>,
    /// Slots of an iteration's frame.
    pub slots: u32,
}

impl Body {
    /// A body with its index.
    pub fn new(items: Vec<BodyItem>, lets: Vec<Let>, slots: u32, span: Span, target: BodyTarget) -> Body {
        let mut fields: Vec<(u32, SmallVec<[u32; 2]>)> = Vec::new();
        let mut entries = Vec::new();
        for (item_index, item) in items.iter().enumerate() {
            let item_index = item_index as u32;
            let mut has_entry = false;
            item.visit_keys(&mut |key| match key {
                Some(Key::Field(index, _)) => match fields.binary_search_by_key(index, |(i, _)| *i) {
                    Ok(at) => {
                        if fields[at].1.last() != Some(&item_index) {
                            fields[at].1.push(item_index);
                        }
                    }
                    Err(at) => fields.insert(at, (*index, SmallVec::from_slice(&[item_index]))),
                },
                _ => has_entry = true,
            });
            if has_entry {
                entries.push(item_index);
            }
        }
        let is_plain = is_plain(&items);
        Body { items, lets, slots, span, target, fields, is_plain, entries }
    }

    /// Whether each item is a plain `name = value` with a distinct constant name: the common map literal.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The indices of the items with a key that is not a schema field (maps, keyed lists, open schemas).
    pub fn entries(&self) -> &[u32] {
        &self.entries
    }

    /// The indices of the items that name a schema field.
    pub fn items_of(&self, field: u32) -> &[u32] {
        match self.fields.binary_search_by_key(&field, |(index, _)| *index) {
            Ok(at) => &self.fields[at].1,
            Err(_) => &[],
        }
    }
}

fn is_plain(items: &[BodyItem]) -> bool {
    let mut seen = FxHashSet::default();
    items.iter().all(|item| match &item.kind {
        BodyItemKind::Set { key: Key::Name(name), super_slot: None, is_default: false, .. } => {
            seen.insert(name.clone())
        }
        _ => false,
    })
}

impl BodyItem {
    /// Calls `visit` with each key that the item or items inside it name; `None` for a spread and for `each`.
    fn visit_keys(&self, visit: &mut impl FnMut(Option<&Key>)) {
        match &self.kind {
            BodyItemKind::Set { key, .. }
            | BodyItemKind::Refine { key, .. }
            | BodyItemKind::Append { key, .. }
            | BodyItemKind::Delete { key } => visit(Some(key)),
            BodyItemKind::Spread { .. } | BodyItemKind::Each { .. } => visit(None),
            BodyItemKind::If { then, otherwise, .. } => {
                then.iter().chain(otherwise).for_each(|item| item.visit_keys(&mut *visit));
            }
            BodyItemKind::For { items, .. } => items.iter().for_each(|item| item.visit_keys(&mut *visit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use forge_base::FileId;

    use super::*;
    use crate::hir::{Const, ExprKind};

    fn span() -> Span {
        Span::new(FileId(0), 0, 0)
    }

    fn constant() -> Expr {
        Expr { kind: ExprKind::Const(Const::Null), span: span() }
    }

    fn item(kind: BodyItemKind) -> BodyItem {
        BodyItem { kind, span: span() }
    }

    fn set(key: Key) -> BodyItem {
        item(BodyItemKind::Set { key, value: constant(), super_slot: None, is_default: false })
    }

    fn field(index: u32) -> Key {
        Key::Field(index, Name::new("f"))
    }

    fn entry(name: &str) -> Key {
        Key::Name(Arc::from(name))
    }

    fn body(items: Vec<BodyItem>) -> Body {
        Body::new(items, Vec::new(), 0, span(), BodyTarget::Entries)
    }

    #[test]
    fn items_are_indexed_by_field_and_conditional_items_count_once() {
        let branch = BodyItemKind::If {
            cond: constant(),
            memo: 0,
            then: vec![set(field(7)), set(field(7)), set(entry("a"))],
            otherwise: vec![set(field(2))],
        };
        let body = body(vec![set(field(7)), item(branch), set(field(2)), set(entry("b"))]);
        assert_eq!((body.items_of(7), body.items_of(2), body.items_of(3)), (&[0, 1][..], &[1, 2][..], &[][..]));
        assert_eq!(body.entries(), [1, 3]);
    }

    #[test]
    fn only_distinct_constant_names_make_a_plain_body() {
        assert!(body(vec![set(entry("a")), set(entry("b"))]).is_plain());
        assert!(!body(vec![set(entry("a")), set(entry("a"))]).is_plain());
        assert!(!body(vec![set(entry("a")), set(Key::Computed(Box::new(constant())))]).is_plain());
        assert!(!body(vec![item(BodyItemKind::Spread { value: constant() })]).is_plain());
    }
}
