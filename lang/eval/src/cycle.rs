//! Reports values that depend on themselves.

use forge_base::Span;
use forge_check::hir::BodyItemKind;

use crate::error;
use crate::evaluator::Evaluator;
use crate::stack::StackEntry;
use crate::value::{ErrorId, Object};

impl<'a> Evaluator<'a> {
    /// The error of reading a value that is being computed, with all values of the cycle.
    #[cold]
    pub(crate) fn cycle(&self, again: StackEntry<'a>) -> ErrorId {
        let (start, entries) = self.stack.cycle(again);
        let path: Vec<_> = entries.into_iter().map(|entry| self.describe(entry)).collect();
        let (name, span) = self.describe(again);
        let error = self.raise(error::value_cycle(&name, span, &path));
        self.errors.set_cycle_start(error, start);
        error
    }

    /// The span of the value that is being computed.
    pub(crate) fn current_span(&self) -> Option<Span> {
        self.describe(self.stack.last()?).1
    }

    /// The name and span of a value that is being computed.
    fn describe(&self, entry: StackEntry<'a>) -> (String, Option<Span>) {
        match entry {
            StackEntry::Global(id) => {
                let global = self.program.global(id);
                (global.name.to_string(), Some(global.span))
            }
            StackEntry::Let(item) => (item.name.to_string(), Some(item.value.span)),
            StackEntry::Field(object, field) => {
                let declared = &object.schema.schema.fields[field as usize];
                let name = format!("{}.{}", object.schema_name(), declared.name);
                let span = self.unconditional_setter(object, field).unwrap_or(declared.span);
                (name, Some(span))
            }
            StackEntry::Entry(map, index) => {
                let entries = map.entries.get().and_then(|entries| entries.as_ref().ok());
                let key = entries.and_then(|entries| entries.get(index));
                let name = key.map_or_else(|| "entry".to_owned(), |entry| entry.key.to_string());
                (name, self.entry_span(map, index))
            }
        }
    }

    /// Like [`Evaluator::setter_of`], but evaluates no conditions, so that it cannot fail in the middle of a cycle.
    fn unconditional_setter(&self, object: &'a Object<'a>, field: u32) -> Option<Span> {
        let layers = self.instance(object).layers;
        let name = object.schema.schema.fields[field as usize].name;
        layers.iter().rev().find_map(|layer| {
            let mut setters = layer.items_of(field, name).filter(|item| matches!(item.kind, BodyItemKind::Set { .. }));
            setters.next().map(|item| item.span)
        })
    }
}
