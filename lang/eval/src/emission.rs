//! Finds what a build writes in a value: resources, and trees of files.

use forge_base::{Name, Span};
use forge_check::hir::SchemaRole;

use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{ErrorId, Eval, Map, Object, Value};

/// A part of a value that a build writes.
#[derive(Clone, Copy)]
pub enum Emitted<'a> {
    /// A resource.
    Resource(Value<'a>),
    /// A tree of files. Its files are not computed yet.
    Tree(&'a Object<'a>),
}

/// Receives a part, and the spans of the items that lead to it.
pub type VisitEmitted<'v, 'a> = dyn FnMut(Emitted<'a>, &[Span]) -> Eval<()> + 'v;

/// The maximum depth at which values are searched.
const MAX_DEPTH: usize = 500;

impl<'a> Evaluator<'a> {
    /// Calls `visit` with each resource and tree in a value, in order. `span` is that of the item that holds the value, if there is one.
    ///
    /// # Errors
    /// Those of `visit`, and where a list, map or field cannot be computed.
    pub fn emitted(&self, value: Value<'a>, span: Option<Span>, visit: &mut VisitEmitted<'_, 'a>) -> Eval<()> {
        let spans = span.into_iter().collect();
        let mut search = EmissionSearch { eval: self, spans, depth: 0, failed: None, visit };
        search.value(value)?;
        search.failed.map_or(Ok(()), Err)
    }

    /// All resources in a value, also those in the files of trees.
    ///
    /// # Errors
    /// Where a list, map or field cannot be computed.
    pub fn resources(&self, value: Value<'a>) -> Eval<Vec<Value<'a>>> {
        let mut found = Vec::new();
        self.add_resources(value, &mut found)?;
        Ok(found)
    }

    fn add_resources(&self, value: Value<'a>, found: &mut Vec<Value<'a>>) -> Eval<()> {
        self.emitted(value, None, &mut |part, _| match part {
            Emitted::Resource(value) => {
                found.push(value);
                Ok(())
            }
            Emitted::Tree(tree) => self.nest(|| {
                let Some(files) = self.tree_files(tree)? else { return Ok(()) };
                for index in 0..self.entries(files)?.len() {
                    self.add_resources(self.entry(files, index)?, found)?;
                }
                Ok(())
            }),
        })
    }

    /// The files of a tree by path.
    ///
    /// # Errors
    /// If they cannot be computed.
    pub fn tree_files(&self, tree: &'a Object<'a>) -> Eval<Option<&'a Map<'a>>> {
        let Some(field) = tree.schema.field_index(Name::new("files")) else { return Ok(None) };
        match self.field(tree, field)? {
            Value::Map(files) => Ok(Some(files)),
            _ => Ok(None),
        }
    }
}

struct EmissionSearch<'s, 'v, 'a> {
    eval: &'s Evaluator<'a>,
    /// The spans of the items that lead to the current value.
    spans: Vec<Span>,
    depth: usize,
    /// The error of all values that failed so far.
    failed: Option<ErrorId>,
    visit: &'s mut VisitEmitted<'v, 'a>,
}

impl<'a> EmissionSearch<'_, '_, 'a> {
    fn value(&mut self, value: Value<'a>) -> Eval<()> {
        if self.depth > MAX_DEPTH {
            return Ok(());
        }
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.below(None, Ok(*item))),
            Value::Map(map) => {
                for (index, entry) in self.eval.entries(map)?.iter().enumerate() {
                    if !matches!(entry.key, Key::Str(key) if key.starts_with('_')) {
                        self.below(None, self.eval.entry(map, index))?;
                    }
                }
                Ok(())
            }
            Value::Object(object) => match object.schema.schema.role {
                SchemaRole::Resource => (self.visit)(Emitted::Resource(value), &self.spans),
                SchemaRole::FileTree => (self.visit)(Emitted::Tree(object), &self.spans),
                SchemaRole::Plain | SchemaRole::File => self.fields(object),
            },
            _ => Ok(()),
        }
    }

    /// Searches a part of a value. The search continues after an error, to report those of other parts as well.
    fn below(&mut self, span: Option<Span>, value: Eval<Value<'a>>) -> Eval<()> {
        let count = self.spans.len();
        self.spans.extend(span.or(self.spans.last().copied()));
        self.depth += 1;
        let found = value.and_then(|value| self.value(value));
        self.depth -= 1;
        self.spans.truncate(count);
        found.or_else(|error| {
            let all = self.eval.join(self.failed, error);
            self.failed = Some(all);
            if self.eval.is_fatal(error) { Err(all) } else { Ok(()) }
        })
    }

    fn fields(&mut self, object: &'a Object<'a>) -> Eval<()> {
        for (field, value) in self.eval.fields(object) {
            if value.is_err() || !field.name.is_private() {
                self.below(Some(field.span), value)?;
            }
        }
        Ok(())
    }
}
