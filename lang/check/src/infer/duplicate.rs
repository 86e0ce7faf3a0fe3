//! Keys that one body sets or refines twice.
//!
//! Only unconditional items are compared: items inside an `if` or `for` are left to the evaluator. Paths with a common prefix
//! only conflict at their ends. Since `a { b = 1 }` means the same as `a.b = 1`, bodies of refinements are checked too.

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind, Key, PathSegment};
use rustc_hash::FxHashMap;

use super::cx::InferCx;

/// What an item does at the end of its path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ItemOp {
    Set,
    Append,
    Refine,
    Delete,
}

/// The items of a body that name one key.
#[derive(Default)]
struct KeyNode {
    /// The item that sets it as a whole.
    whole: Option<KeySite>,
    /// The item that appends to it. Appended elements may be refined in the same body.
    appended: Option<KeySite>,
    /// The item that refines it with braces.
    refined: Option<KeySite>,
    /// The first item that names it.
    first: Option<KeySite>,
    inner: FxHashMap<Name, KeyNode>,
}

/// Where a key is named, and by which item of the body. Duplicates inside one item are found when its own body is checked.
#[derive(Clone, Copy)]
struct KeySite {
    span: Span,
    item: usize,
}

/// The path of a key that is named twice, and both spans.
struct DuplicateKey {
    path: Vec<Name>,
    earlier: Span,
    again: Span,
}

impl<'a> InferCx<'a> {
    /// Reports keys that the items set or refine twice.
    pub(crate) fn check_duplicates(&mut self, items: &'a [ast::Item]) {
        if items.len() < 2 {
            return;
        }
        let mut each = items.iter().filter(|item| matches!(item.kind, ItemKind::Each(_)));
        if let (Some(first), Some(second)) = (each.next(), each.next()) {
            self.report(crate::diagnostics::each_twice(second.span, first.span));
        }
        let mut counts: FxHashMap<Name, usize> = FxHashMap::default();
        for key in items.iter().filter_map(first_key) {
            *counts.entry(key).or_default() += 1;
        }
        let mut root = KeyNode::default();
        let is_shared = |item: &ast::Item| first_key(item).is_some_and(|key| counts[&key] > 1);
        for (index, item) in items.iter().enumerate().filter(|(_, item)| is_shared(item)) {
            if let Some(duplicate) = root.item(item, index, &[]) {
                let path: Vec<&str> = duplicate.path.iter().map(|name| name.as_str()).collect();
                self.report(crate::diagnostics::duplicate_key(&path.join("."), duplicate.again, duplicate.earlier));
            }
        }
    }
}

impl KeyNode {
    fn item(&mut self, item: &ast::Item, index: usize, around: &[Name]) -> Option<DuplicateKey> {
        match &item.kind {
            ItemKind::Declare(field) if field.value.is_some() => {
                let node = self.inner.entry(field.name.name).or_default();
                let site = KeySite { span: field.name.span, item: index };
                node.end(site, ItemOp::Set, || [around, &[field.name.name]].concat())
            }
            ItemKind::Set(set) => self.insert(&set.path, index, ItemOp::Set, around, &[]),
            ItemKind::Append(append) => self.insert(&append.path, index, ItemOp::Append, around, &[]),
            ItemKind::Delete(path) => self.insert(path, index, ItemOp::Delete, around, &[]),
            ItemKind::Refine(refine) => self.insert(&refine.path, index, ItemOp::Refine, around, &refine.body.items),
            _ => None,
        }
    }

    /// Inserts a path and the body that follows it.
    fn insert(
        &mut self,
        path: &ast::Path,
        item: usize,
        op: ItemOp,
        around: &[Name],
        body: &[ast::Item],
    ) -> Option<DuplicateKey> {
        let site = KeySite { span: path.span, item };
        let mut node = self;
        let mut names = around.to_vec();
        for (at, segment) in path.segments.iter().enumerate() {
            let key = constant_key(segment)?;
            names.push(key);
            node = node.inner.entry(key).or_default();
            if at + 1 < path.segments.len() {
                node.first.get_or_insert(site);
                if let Some(earlier) = node.whole.filter(|earlier| earlier.item != item) {
                    return Some(DuplicateKey { path: names, earlier: earlier.span, again: site.span });
                }
            }
        }
        let duplicate = node.end(site, op, || names.clone());
        duplicate.or_else(|| body.iter().find_map(|inner| node.item(inner, item, &names)))
    }

    /// Records that an item ends at this key.
    fn end(&mut self, site: KeySite, op: ItemOp, path: impl Fn() -> Vec<Name>) -> Option<DuplicateKey> {
        let (earlier, slot) = match op {
            ItemOp::Refine => (self.whole.or(self.refined), &mut self.refined),
            ItemOp::Append => (self.whole.or(self.appended), &mut self.appended),
            ItemOp::Set | ItemOp::Delete => (self.first, &mut self.whole),
        };
        self.first.get_or_insert(site);
        slot.get_or_insert(site);
        let earlier = earlier.filter(|earlier| earlier.item != site.item)?;
        Some(DuplicateKey { path: path(), earlier: earlier.span, again: site.span })
    }
}

/// The key that an item begins with.
fn first_key(item: &ast::Item) -> Option<Name> {
    let path = match &item.kind {
        ItemKind::Declare(field) => return Some(field.name.name),
        ItemKind::Set(set) | ItemKind::Append(set) if matches!(set.value.kind, ast::ExprKind::Error) => return None,
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
