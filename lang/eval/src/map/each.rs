//! `each`: defaults for all elements of a keyed list or map.
//!
//! They are layers between the schema of an element and the element's own braces, so the chain of the element is built again above them.

use smallvec::SmallVec;

use super::builder::EntryBuilder;
use crate::evaluator::Evaluator;
use crate::value::{EachLayer, Entry, EntrySource, Eval, LayerRelation, LayerSource, Map, Object, Override, Value};

impl<'a> Evaluator<'a> {
    /// An element above the defaults of its list or map.
    #[inline]
    pub(super) fn with_each(&self, map: &'a Map<'a>, entry: &'a Entry<'a>, value: Value<'a>) -> Eval<Value<'a>> {
        match map.each.get() {
            [] => Ok(value),
            each => self.above(&each[known_layers(each, entry)..], value),
        }
    }

    fn above(&self, each: &'a [EachLayer<'a>], value: Value<'a>) -> Eval<Value<'a>> {
        match value {
            _ if each.is_empty() => Ok(value),
            Value::Object(object) => {
                each.iter().try_for_each(|layer| self.check_layer(object, layer.body, layer.body.span))?;
                Ok(Value::Object(self.object_above(each, object)))
            }
            Value::Map(map) if map.keyed.is_none() => self.map_above(each, map).map(Value::Map),
            other => Ok(other),
        }
    }

    fn object_above(&self, each: &'a [EachLayer<'a>], object: &'a Object<'a>) -> &'a Object<'a> {
        let chain: SmallVec<[&Object<'a>; 4]> = std::iter::successors(Some(object), |object| object.base).collect();
        let layer = |layer: &EachLayer<'a>| LayerSource::Body(layer.body, Some(layer.frame));
        let defaults = each.iter().map(|each| (layer(each), LayerRelation::Overrides));
        let own = chain.iter().rev().filter_map(|object| Some((object.layer?, object.relation)));
        defaults.chain(own).fold(self.new_object(object.schema, None), |base, (layer, relation)| {
            self.object_layer(object.schema, Some(base), Some(layer), relation)
        })
    }

    fn map_above(&self, each: &'a [EachLayer<'a>], map: &'a Map<'a>) -> Eval<&'a Map<'a>> {
        let mut base = self.new_map(None, EntrySource::Fresh);
        for layer in each {
            let source = EntrySource::Body(layer.body, layer.frame);
            base = self.new_map_layer(base, source, LayerRelation::Overrides, None);
        }
        let chain: SmallVec<[&Map<'a>; 4]> = std::iter::successors(Some(map), |map| map.base).collect();
        if chain.iter().all(|map| matches!(map.source, EntrySource::Body(..) | EntrySource::Fresh)) {
            let own = chain.iter().rev().filter(|map| matches!(map.source, EntrySource::Body(..)));
            return Ok(own.fold(base, |base, map| self.new_map_layer(base, map.source, map.relation, map.place)));
        }
        let mut builder = EntryBuilder::new(self, None);
        self.insert_all(&mut builder, base)?;
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            builder.insert(entry.key, Override::Entry(map, index), self.entry_span(map, index));
        }
        Ok(self.data_map(None, builder.finish()))
    }
}

/// How many of the first layers an entry has already, since it was taken from a map with these layers.
fn known_layers<'a>(each: &[EachLayer<'a>], entry: &Entry<'a>) -> usize {
    let mut next = entry.chain;
    let mut root = None;
    while let Some(chain) = next {
        root = Some(chain.last);
        next = chain.below;
    }
    let Some(Override::Entry(from, _)) = root else { return 0 };
    let known = from.each.get();
    let is_same =
        |(a, b): (&EachLayer<'a>, &EachLayer<'a>)| std::ptr::eq(a.body, b.body) && std::ptr::eq(a.frame, b.frame);
    if known.len() <= each.len() && known.iter().zip(each).all(is_same) { known.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    #[test]
    fn elements_keep_what_they_set_themselves() {
        let fixture = program(
            "schema S { name: String, n: Int = 0, m: Int = n }
let base: [S by name] = { each { n = 1 }, a = {}, b = { n = 2 } }
x = base
y = base { c = {}, a { m = 5 } }
z = base { each { n = 3 } }",
        );
        assert_eq!(
            fixture.value("x"),
            "{ a = S { name = \"a\", n = 1, m = 1 }, b = S { name = \"b\", n = 2, m = 2 } }"
        );
        assert_eq!(
            fixture.value("y"),
            "{ a = S { name = \"a\", n = 1, m = 5 }, b = S { name = \"b\", n = 2, m = 2 }, c = S { name = \"c\", n = 1, m = 1 } }"
        );
        assert_eq!(
            fixture.value("z"),
            "{ a = S { name = \"a\", n = 3, m = 3 }, b = S { name = \"b\", n = 2, m = 2 } }"
        );
    }

    #[test]
    fn maps_as_elements_get_the_entries_that_they_lack() {
        let fixture = program(
            "let base: {String: {String: Int}} = { each { n = 1 }, a = { m = 2 }, b = { n = 3 } }
x = base",
        );
        assert_eq!(fixture.value("x"), "{ a = { n = 1, m = 2 }, b = { n = 3 } }");
    }
}
