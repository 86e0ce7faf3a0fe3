//! Keys that one body names twice.
//!
//! Only what surely happens together is compared: items under an `if` or `for` are left to the evaluation, and paths with one
//! beginning only clash where they end.

use forge_base::{Name, Span};
use forge_syntax::ast::{self, ItemKind, Key, Segment};
use rustc_hash::FxHashMap;

use super::Infer;

/// What an item does at the end of its path.
#[derive(Clone, Copy)]
enum What {
    Set,
    Append,
    Refine,
}

/// What a body does with one key.
#[derive(Default)]
struct Node {
    /// The item that sets it.
    set: Option<Span>,
    /// The item that appends to it.
    appended: Option<Span>,
    /// The item that refines it in braces of its own.
    refined: Option<Span>,
    /// The first item that names it.
    first: Option<Span>,
    inner: FxHashMap<Name, Node>,
}

impl<'a> Infer<'a> {
    /// Reports keys that the items set or refine twice.
    pub(crate) fn check_duplicates(&mut self, items: &'a [ast::Item]) {
        if items.len() < 2 {
            return;
        }
        let mut root = Node::default();
        for item in items {
            let clash = match &item.kind {
                ItemKind::Declare(field) if field.value.is_some() => {
                    let node = root.inner.entry(field.name.name).or_default();
                    node.end(field.name.span, What::Set)
                        .map(|(_, at, earlier)| (field.name.name.to_string(), at, earlier))
                }
                ItemKind::Set(set) => root.insert(&set.path.segments, set.path.span, What::Set),
                ItemKind::Append(append) => root.insert(&append.path.segments, append.path.span, What::Append),
                ItemKind::Delete(path) => root.insert(&path.segments, path.span, What::Set),
                ItemKind::Refine(refine) => root.insert(&refine.path.segments, refine.path.span, What::Refine),
                _ => None,
            };
            if let Some((key, at, earlier)) = clash {
                self.report(crate::message::duplicate_key(&key, at, earlier));
            }
        }
    }
}

type Clash = (String, Span, Span);

impl Node {
    fn insert(&mut self, segments: &[Segment], span: Span, what: What) -> Option<Clash> {
        let mut node = self;
        let mut path = String::new();
        for (place, segment) in segments.iter().enumerate() {
            let key = constant_key(segment)?;
            if place > 0 {
                path.push('.');
            }
            path.push_str(key.as_str());
            node = node.inner.entry(key).or_default();
            if place + 1 < segments.len() {
                node.first.get_or_insert(span);
                if let Some(earlier) = node.set {
                    return Some((path, span, earlier));
                }
            }
        }
        node.end(span, what).map(|(_, at, earlier)| (path, at, earlier))
    }

    /// The item ends here.
    fn end(&mut self, span: Span, what: What) -> Option<Clash> {
        let earlier = match what {
            What::Set => self.first,
            What::Append => self.set.or(self.appended),
            What::Refine => self.set.or(self.refined),
        };
        self.first.get_or_insert(span);
        match what {
            What::Set => self.set.get_or_insert(span),
            What::Append => self.appended.get_or_insert(span),
            What::Refine => self.refined.get_or_insert(span),
        };
        earlier.map(|earlier| (String::new(), span, earlier))
    }
}

fn constant_key(segment: &Segment) -> Option<Name> {
    match &segment.key {
        Key::Name(name) if name.as_str().is_empty() => None,
        Key::Int(number) => Some(Name::new(&number.to_string())),
        key => key.constant(),
    }
}
