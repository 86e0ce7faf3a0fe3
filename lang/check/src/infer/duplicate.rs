//! Keys that one body names twice.
//!
//! Only what surely happens together is compared: items under an `if` or `for` are left to the evaluation. Paths with one beginning only
//! clash where they end, and `a { b = 1 }` says the same as `a.b = 1`, so the braces of refinements are looked into.

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind, Key, PathSegment};
use rustc_hash::FxHashMap;

use super::Infer;

/// What an item does at the end of its path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Set,
    Append,
    Refine,
    Delete,
}

/// What a body does with one key.
#[derive(Default)]
struct Node {
    /// The item that says what it is as a whole.
    whole: Option<Place>,
    /// The item that refines it in braces of its own.
    refined: Option<Place>,
    /// The first item that names it.
    first: Option<Place>,
    inner: FxHashMap<Name, Node>,
}

/// Where a key is named, and by which item of the body. What one item says twice is found in its own braces.
#[derive(Clone, Copy)]
struct Place {
    span: Span,
    item: usize,
}

/// A key that is named twice, as a path.
struct Clash {
    path: Vec<Name>,
    earlier: Span,
    again: Span,
}

impl<'a> Infer<'a> {
    /// Reports keys that the items set or refine twice.
    pub(crate) fn check_duplicates(&mut self, items: &'a [ast::Item]) {
        if items.len() < 2 {
            return;
        }
        let mut counts: FxHashMap<Name, usize> = FxHashMap::default();
        for key in items.iter().filter_map(first_key) {
            *counts.entry(key).or_default() += 1;
        }
        let mut root = Node::default();
        let is_shared = |item: &ast::Item| first_key(item).is_some_and(|key| counts[&key] > 1);
        for (place, item) in items.iter().enumerate().filter(|(_, item)| is_shared(item)) {
            if let Some(clash) = root.item(item, place, &[]) {
                let path: Vec<&str> = clash.path.iter().map(|name| name.as_str()).collect();
                self.report(crate::message::duplicate_key(&path.join("."), clash.again, clash.earlier));
            }
        }
    }
}

impl Node {
    fn item(&mut self, item: &ast::Item, place: usize, around: &[Name]) -> Option<Clash> {
        match &item.kind {
            ItemKind::Declare(field) if field.value.is_some() => {
                let node = self.inner.entry(field.name.name).or_default();
                let place = Place { span: field.name.span, item: place };
                node.end(place, What::Set, || [around, &[field.name.name]].concat())
            }
            ItemKind::Set(set) => self.insert(&set.path, place, What::Set, around, &[]),
            ItemKind::Append(append) => self.insert(&append.path, place, What::Append, around, &[]),
            ItemKind::Delete(path) => self.insert(path, place, What::Delete, around, &[]),
            ItemKind::Refine(refine) => self.insert(&refine.path, place, What::Refine, around, &refine.body.items),
            _ => None,
        }
    }

    /// Goes down a path, and into the braces behind it.
    fn insert(
        &mut self,
        path: &ast::Path,
        item: usize,
        what: What,
        around: &[Name],
        body: &[ast::Item],
    ) -> Option<Clash> {
        let place = Place { span: path.span, item };
        let mut node = self;
        let mut names = around.to_vec();
        for (at, segment) in path.segments.iter().enumerate() {
            let key = constant_key(segment)?;
            names.push(key);
            node = node.inner.entry(key).or_default();
            if at + 1 < path.segments.len() {
                node.first.get_or_insert(place);
                if let Some(earlier) = node.whole.filter(|earlier| earlier.item != item) {
                    return Some(Clash { path: names, earlier: earlier.span, again: place.span });
                }
            }
        }
        let clash = node.end(place, what, || names.clone());
        clash.or_else(|| body.iter().find_map(|inner| node.item(inner, item, &names)))
    }

    /// The item ends here.
    fn end(&mut self, place: Place, what: What, path: impl Fn() -> Vec<Name>) -> Option<Clash> {
        let earlier = if what == What::Refine { self.whole.or(self.refined) } else { self.first };
        self.first.get_or_insert(place);
        let slot = if what == What::Refine { &mut self.refined } else { &mut self.whole };
        slot.get_or_insert(place);
        let earlier = earlier.filter(|earlier| earlier.item != place.item)?;
        Some(Clash { path: path(), earlier: earlier.span, again: place.span })
    }
}

/// The key that an item begins with.
fn first_key(item: &ast::Item) -> Option<Name> {
    let path = match &item.kind {
        ItemKind::Declare(field) => return Some(field.name.name),
        ItemKind::Set(set) | ItemKind::Append(set) => &set.path,
        ItemKind::Refine(refine) => &refine.path,
        ItemKind::Delete(path) => path,
        _ => return None,
    };
    constant_key(path.segments.first()?)
}

fn constant_key(segment: &PathSegment) -> Option<Name> {
    match &segment.key {
        Key::Name(name) if name.as_str().is_empty() => None,
        Key::Int(number) => Some(Name::new(&number.to_string())),
        key => key.constant(),
    }
}
