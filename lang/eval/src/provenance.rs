//! Provenance: the items that set or change a field or an entry.

use forge_base::Span;
use forge_check::hir::{BodyItem, BodyItemKind, Expr};

use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::layer::is_key_of;
use crate::value::{EntrySource, Frame, LayerSource, Map, Object, Override, Value};

/// The effect of an item on a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Sets it.
    Set,
    /// Refines it.
    Refined,
    /// Appends to it.
    Appended,
    /// Takes it from another object or map.
    Spread,
    /// Declares it with a default.
    Default,
    /// Sets it on the command line.
    Given,
}

/// An item that sets or changes a value.
#[derive(Clone, Copy)]
pub struct Setter<'a> {
    /// The key or path of the item.
    pub span: Span,
    /// The expression of the item, and the frame in which it was written.
    pub value: Option<(&'a Expr, &'a Frame<'a>)>,
    /// Its effect.
    pub change: Change,
    /// Whether a later item replaced the value.
    pub replaced: bool,
}

/// The setters of one value, the last item first.
#[derive(Default)]
struct History<'a> {
    setters: Vec<Setter<'a>>,
    /// Whether the setters that follow are replaced.
    replaced: bool,
}

impl<'a> History<'a> {
    fn add(&mut self, setter: Setter<'a>) {
        self.setters.push(Setter { replaced: self.replaced | setter.replaced, ..setter });
    }

    /// Adds an item of a body; one that sets a value without using `super` replaces what was set before.
    fn add_item(&mut self, item: &'a BodyItem, frame: Option<&'a Frame<'a>>) {
        self.add(setter_of_item(item, frame));
        self.replaced |= matches!(item.kind, BodyItemKind::Set { super_slot: None, .. });
    }

    /// Adds the place that took a value from elsewhere. Without a span it is the base that a map refines, which is not shown.
    fn add_source(&mut self, span: Option<Span>, change: Change) {
        if let Some(span) = span {
            self.add(Setter { span, value: None, change, replaced: false });
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The items that set or change a field, the last first.
    pub fn history(&self, object: &'a Object<'a>, field: u32) -> Vec<Setter<'a>> {
        let mut history = History::default();
        let name = object.schema.schema.fields[field as usize].name;
        for layer in self.instance(object).layers.iter().rev() {
            if let LayerSource::Data(data) = layer.source {
                if let Ok(Some(index)) = self.find_entry(data.map, Key::Str(name.as_str())) {
                    history.add_source(Some(data.conversion.span), Change::Set);
                    self.add_entry_history(data.map, index, &mut history);
                    history.replaced = true;
                }
                continue;
            }
            let frame = self.layer_frame(layer, Value::Object(object));
            let mut items = Vec::new();
            for item in layer.items_of(field, name) {
                self.taken_items(item, (object, field), frame, &mut items);
            }
            let has_explicit = items.iter().any(|item| !is_default(item));
            items.retain(|item| !(has_explicit && is_default(item)));
            items.into_iter().for_each(|item| history.add_item(item, Some(frame)));
        }
        history.setters
    }

    /// Whether the output has a field: if its schema has `@omitDefaults`, only if a body sets or changes it.
    #[inline]
    pub fn is_written(&self, object: &'a Object<'a>, field: u32) -> bool {
        !object.schema.omits_defaults || self.is_set(object, field)
    }

    /// Whether a body sets or changes a field: the declaration of its default does not, nor does a body inside of such a default.
    fn is_set(&self, object: &'a Object<'a>, field: u32) -> bool {
        let name = object.schema.schema.fields[field as usize].name;
        self.instance(object).layers.iter().any(|layer| {
            let (body, outer) = match layer.source {
                LayerSource::Data(data) => {
                    return matches!(self.find_entry(data.map, Key::Str(name.as_str())), Ok(Some(_)));
                }
                LayerSource::Body(body, outer) => (body, outer),
            };
            if outer.is_some() && self.is_in_defaults(body.span) {
                return false;
            }
            let frame = self.layer_frame(layer, Value::Object(object));
            let mut items = Vec::new();
            for item in layer.items_of(field, name) {
                self.taken_items(item, (object, field), frame, &mut items);
            }
            items.into_iter().any(|item| setter_of_item(item, None).change != Change::Default)
        })
    }

    /// Whether a span is in the body of a schema with `@omitDefaults`.
    fn is_in_defaults(&self, span: Span) -> bool {
        let bodies = self.default_bodies.get_or_init(|| {
            let schemas = self.program.modules.iter().flatten().flat_map(|module| &module.schemas);
            schemas.filter(|schema| schema.annotations.omit_defaults).map(|schema| schema.body.span).collect()
        });
        bodies.iter().any(|body| body.contains(span))
    }

    /// Collects an item, or those in the taken branch of an `if`, if they set or change a field.
    fn taken_items(
        &self,
        item: &'a BodyItem,
        (object, field): (&'a Object<'a>, u32),
        frame: &'a Frame<'a>,
        into: &mut Vec<&'a BodyItem>,
    ) {
        let name = object.schema.schema.fields[field as usize].name;
        match &item.kind {
            BodyItemKind::If { cond, memo, then, otherwise } => {
                let branch = match self.memoized(cond, *memo, frame) {
                    Ok(true) => then,
                    _ => otherwise,
                };
                branch.iter().for_each(|item| self.taken_items(item, (object, field), frame, into));
            }
            BodyItemKind::Set { key, .. }
            | BodyItemKind::Refine { key, .. }
            | BodyItemKind::Append { key, .. }
            | BodyItemKind::Delete { key } => {
                if is_key_of(key, field, name) {
                    into.push(item);
                }
            }
            BodyItemKind::Spread { value } => {
                if let Ok(Some(_)) = self.spread_field(value, frame, object.schema, name) {
                    into.push(item);
                }
            }
            BodyItemKind::Each { .. } | BodyItemKind::For { .. } => {}
        }
    }

    /// The items that set or change an entry, the last first.
    pub fn entry_history(&self, map: &'a Map<'a>, index: usize) -> Vec<Setter<'a>> {
        let mut history = History::default();
        self.add_entry_history(map, index, &mut history);
        history.setters
    }

    fn add_entry_history(&self, map: &'a Map<'a>, index: usize, history: &mut History<'a>) {
        let Ok(entries) = self.entries(map) else { return };
        let Some(entry) = entries.get(index) else { return };
        if let (None, EntrySource::Body(body, _)) = (entry.chain, map.source)
            && let Some(item) = body.items.get(index)
        {
            history.add(setter_of_item(item, map.frame.get()));
        }
        let mut next = entry.chain;
        while let Some(chain) = next {
            match chain.last {
                Override::Item(item, frame, _) => history.add_item(item, Some(frame)),
                Override::Entry(from, index) => {
                    history.add_source(chain.span, Change::Spread);
                    self.add_entry_history(from, index, history);
                    history.replaced = true;
                }
                Override::Field(object, field) => {
                    history.add_source(chain.span, Change::Spread);
                    self.history(object, field).into_iter().for_each(|setter| history.add(setter));
                    history.replaced = true;
                }
                Override::Value(_) => {
                    history.add_source(chain.span, Change::Set);
                    history.replaced = true;
                }
            }
            next = chain.below;
        }
    }

    /// The span that set a field last.
    pub fn setter_of(&self, object: &'a Object<'a>, field: u32) -> Option<Span> {
        last_setter(&self.history(object, field))
    }

    /// The span that set an entry last.
    pub fn entry_setter(&self, map: &'a Map<'a>, index: usize) -> Option<Span> {
        last_setter(&self.entry_history(map, index))
    }

    /// The span of the literal or refinement that made a value, if it is an object or a map of a source file.
    pub fn origin(&self, value: Value<'a>) -> Option<Span> {
        match value {
            Value::Object(object) => object.span(),
            Value::Map(map) => match map.source {
                EntrySource::Body(body, _) => Some(body.span),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The span of the last item that sets a value, or of the last item that changes it.
fn last_setter(history: &[Setter<'_>]) -> Option<Span> {
    let set = history.iter().find(|setter| setter.change == Change::Set);
    set.or(history.first()).map(|setter| setter.span)
}

fn is_default(item: &BodyItem) -> bool {
    matches!(item.kind, BodyItemKind::Set { is_default: true, .. } | BodyItemKind::Spread { .. })
}

fn setter_of_item<'a>(item: &'a BodyItem, frame: Option<&'a Frame<'a>>) -> Setter<'a> {
    let (change, value) = match &item.kind {
        BodyItemKind::Set { value, is_default: false, .. } => (Change::Set, Some(value)),
        // The value of a spread has the span of the spread; a default has a span of its own.
        BodyItemKind::Set { value, .. } if value.span == item.span => (Change::Spread, Some(value)),
        BodyItemKind::Set { value, .. } => (Change::Default, Some(value)),
        BodyItemKind::Spread { value } => (Change::Spread, Some(value)),
        BodyItemKind::Append { value, .. } => (Change::Appended, Some(value)),
        _ => (Change::Refined, None),
    };
    Setter { span: item.span, value: value.zip(frame), change, replaced: false }
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    #[test]
    fn the_history_of_a_field_lists_its_layers_from_the_last() {
        let fixture = program(
            "schema S { n: Int = 1, xs: [Int] = [1] }
schema T extends S { n = 2, xs += [2] }
a = T { n = 3 } { n = super + 1 }",
        );
        let n = ["3:19 Set", "3:9 Set", "2:22 Set (replaced)", "1:12 Default (replaced)"];
        assert_eq!(fixture.history("a.n"), n, "`super` does not replace the value below");
        assert_eq!(fixture.history("a.xs"), ["2:29 Appended", "1:24 Default"]);
    }

    #[test]
    fn only_the_taken_branch_of_an_if_is_in_the_history() {
        let fixture = program(
            "schema S { on: Bool = true, n: Int = 0 }
a = S {
  if self.on { n = 1 } else { n = 2 }
}",
        );
        assert_eq!(fixture.history("a.n"), ["3:16 Set", "1:29 Default (replaced)"]);
    }

    #[test]
    fn the_history_of_an_entry_follows_spreads_and_refinements() {
        let fixture = program(
            "let base: {String: Int} = { a = 1 }
x: {String: Int} = { ...base, b = 2 }
y = x { a = 3 }",
        );
        assert_eq!(fixture.history("x.a"), ["2:25 Spread", "1:29 Set"]);
        assert_eq!(fixture.history("y.a"), ["3:9 Set", "2:25 Spread (replaced)", "1:29 Set (replaced)"]);
    }
}
