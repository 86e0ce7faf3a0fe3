//! Conversion of a value to a type.
//!
//! There are three reasons to convert. The checker could not prove that a value satisfies its type: a number is widened, a condition is
//! tested. An item was checked against a wider type than that of the place that it sets: braces build what the place
//! declares, as if the type had been known. Or the program converts plain data, `value as T`: then strings become quantities and
//! durations too, everything is converted at once, and errors name the path inside the data.

use forge_base::{Name, Span, quantity};
use forge_check::hir::{self, BodyTarget, FieldDecl};
use forge_check::ty::{RefinedTy, Ty};
use forge_check::{SchemaId, record_lacks, unknown_record_field};

use crate::display::show;
use crate::error;
use crate::evaluator::Evaluator;
use crate::key::Key;
use crate::value::{
    DataLayer, EntrySource, ErrorId, Eval, LayerRelation, LayerSource, Map, Object, Place, Quantity, SchemaInfo, Value,
};

mod keyed;
mod path;
mod union;

pub(crate) use path::{DataFile, DataPath, FileContent, Step};

/// How a value is converted.
#[derive(Clone, Copy)]
pub(crate) struct Conversion<'a> {
    /// The value, for messages.
    pub(crate) span: Span,
    /// The type.
    pub(crate) origin: Span,
    /// The path inside the data that the program converts; `None` for a value of the source.
    pub(crate) path: Option<&'a DataPath<'a>>,
}

impl<'a> Conversion<'a> {
    /// The conversion of a value that the source writes.
    pub(crate) fn of_source(span: Span, origin: Span) -> Conversion<'a> {
        Conversion { span, origin, path: None }
    }

    /// The conversion of a part of the value, which may have a span of its own.
    fn at(self, span: Option<Span>) -> Conversion<'a> {
        Conversion { span: span.unwrap_or(self.span), ..self }
    }
}

impl<'a> Evaluator<'a> {
    /// Converts a value to `ty`: widens numbers and checks refinements. `span` is the span of the value, `origin` that of the type.
    pub fn coerce(&self, value: Value<'a>, ty: &'a Ty, span: Span, origin: Span) -> Eval<Value<'a>> {
        self.convert(value, ty, Conversion::of_source(span, origin))
    }

    /// Converts the value of an item that was checked against a wider type than that of its place.
    pub(crate) fn place_value(&self, value: Value<'a>, place: Place<'a>, span: Span) -> Eval<Value<'a>> {
        let cx = Conversion::of_source(span, place.origin);
        match place.key {
            Some(key) => self.convert_element(value, place.ty, key, cx),
            None => self.convert(value, place.ty, cx),
        }
    }

    /// The value of an entry of a keyed list: a map that was set below `Any` becomes an element.
    pub(crate) fn element_value(
        &self,
        value: Value<'a>,
        shape: &'a hir::KeyedShape,
        key: Key<'a>,
        span: Option<Span>,
    ) -> Eval<Value<'a>> {
        let (Value::Map(map), Some(id), Some(span)) = (value, shape.item, span) else { return Ok(value) };
        if map.keyed.is_some() {
            return Ok(value);
        }
        let cx = Conversion::of_source(span, self.program.schema(id).span);
        let given = shape.keys.first().map(|(name, _)| (*name, key.first()));
        self.convert_to_object(map, id, given, cx).map(Value::Object)
    }

    /// Converts data for `value as T`; of an object it tests the schema.
    pub(crate) fn convert_data(&self, value: Value<'a>, ty: &'a Ty, span: Span, origin: Span) -> Eval<Value<'a>> {
        self.convert(value, ty, Conversion { span, origin, path: Some(&DataPath::ROOT) })
    }

    /// Converts a value.
    pub(crate) fn convert(&self, value: Value<'a>, ty: &'a Ty, cx: Conversion<'a>) -> Eval<Value<'a>> {
        match value {
            Value::List(_) | Value::Map(_) => self.nest(|| {
                self.charge(1)?;
                self.convert_within(value, ty, self.in_file(value, cx))
            }),
            _ => self.convert_within(value, ty, cx),
        }
    }

    fn convert_within(&self, value: Value<'a>, ty: &'a Ty, cx: Conversion<'a>) -> Eval<Value<'a>> {
        match (ty, value) {
            (Ty::Alias(id), value) => self.convert(value, &self.program.alias(*id).ty, cx),
            (Ty::Refined(refined), value) => self.convert_refined(value, refined, cx),
            (Ty::Union(types), value) => self.convert_union(value, ty, types, cx),
            (Ty::Float, Value::Int(number)) => Ok(Value::Float(number as f64)),
            (Ty::Quantity, Value::Int(number)) => {
                Ok(self.quantity(i128::from(number) * quantity::UNIT, quantity::Format::Decimal))
            }
            (Ty::Quantity | Ty::Duration, Value::Str(text)) if cx.path.is_some() => {
                self.parse_scalar(text, ty).ok_or_else(|| self.mismatch(value, ty, cx))
            }
            (Ty::List(item), Value::List(items)) => self.convert_items(items, item, cx).map(Value::List),
            (Ty::List(item), Value::Map(map)) if map.keyed.is_some() => {
                let values = self.map_values(map)?;
                self.convert_items(&values, item, cx).map(Value::List)
            }
            (Ty::Keyed(keyed), Value::Map(map)) if map.keyed.is_some() => self.convert_keyed(keyed, map, cx),
            (Ty::Keyed(keyed), Value::Map(map)) => self.convert_to_keyed(keyed, map, cx),
            (Ty::Keyed(keyed), Value::List(items)) => {
                let elements = self.convert_items(items, &keyed.item, cx)?;
                Ok(self.keyed_of(self.keyed_shape(keyed), elements))
            }
            (Ty::Map(types), Value::Map(map)) if map.keyed.is_none() => self.convert_map(map, types, cx),
            (Ty::Record(fields), Value::Map(map)) if map.keyed.is_none() => self.convert_record(map, fields, cx),
            (Ty::Schema(id), Value::Object(object)) if object.schema.extends(*id) => Ok(value),
            (Ty::Schema(id), Value::Object(object)) => match self.rebuild(object, self.schema(*id)) {
                // `as` tests what an object is.
                Some(object) if cx.path.is_none() => Ok(Value::Object(object)),
                _ => Err(self.mismatch(value, ty, cx)),
            },
            (Ty::Schema(id), Value::Map(map)) if map.keyed.is_none() => {
                self.convert_to_object(map, *id, None, cx).map(Value::Object)
            }
            (Ty::Error | Ty::Never | Ty::Param(..) | Ty::Var(_), value) => Ok(value),
            (_, value) if self.has_type(value, ty)? => Ok(value),
            (_, value) => Err(self.mismatch(value, ty, cx)),
        }
    }

    fn convert_refined(&self, value: Value<'a>, refined: &'a RefinedTy, cx: Conversion<'a>) -> Eval<Value<'a>> {
        let value = self.convert(value, &refined.base, cx)?;
        if self.satisfies(refined, value)? {
            return Ok(value);
        }
        let refinement = self.program.refinement(refined.id);
        let operands = self.operands(&refinement.cond, self.refinement_frame(refined, value));
        let diag = error::refinement_failed(refinement, &show(value), operands, cx.span, cx.origin);
        Err(self.raise(self.with_path(diag, cx)))
    }

    fn parse_scalar(&self, text: &'a str, ty: &Ty) -> Option<Value<'a>> {
        match ty {
            Ty::Quantity => {
                let quantity = forge_base::Quantity::parse(text).ok()?;
                let (nanos, format) = (quantity.nanos, quantity.format);
                Some(Value::Quantity(self.arena.alloc(Quantity { nanos, format, literal: Some(text) })))
            }
            Ty::Duration => forge_base::Duration::parse(text).ok().map(Value::Duration),
            _ => None,
        }
    }

    fn convert_items(&self, items: &[Value<'a>], ty: &'a Ty, cx: Conversion<'a>) -> Eval<&'a [Value<'a>]> {
        let mut converted = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let cx = self.index_step(cx, index);
            let cx = if cx.path.is_none() { cx.at(self.origin(*item)) } else { cx };
            converted.push(self.convert(*item, ty, cx)?);
        }
        Ok(self.arena.alloc_slice_copy(&converted))
    }

    fn convert_map(&self, map: &'a Map<'a>, types: &'a (Ty, Ty), cx: Conversion<'a>) -> Eval<Value<'a>> {
        let mut entries = Vec::new();
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            let here = self.key_step(cx, entry.key).at(self.entry_span(map, index));
            self.convert(self.key_value(entry.key), &types.0, here)?;
            let value = self.convert(self.entry(map, index)?, &types.1, here)?;
            entries.push((entry.key, value, self.entry_span(map, index)));
        }
        Ok(self.map_with_spans(entries))
    }

    fn convert_record(&self, map: &'a Map<'a>, fields: &'a [(Name, Ty)], cx: Conversion<'a>) -> Eval<Value<'a>> {
        let names: Vec<&'static str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            if !names.iter().any(|name| entry.key == Key::Str(name)) {
                let here = self.key_step(cx, entry.key).at(self.entry_span(map, index));
                let diag = unknown_record_field(Name::new(&entry.key.to_string()), here.span, &names);
                return Err(self.raise(self.with_path(diag, here)));
            }
        }
        let mut entries = Vec::new();
        for (name, ty) in fields {
            let key = Key::Str(name.as_str());
            let Some(index) = self.find_entry(map, key)? else {
                if !self.accepts_null(ty) {
                    return Err(self.raise(self.with_path(record_lacks(&[name.as_str()], cx.span), cx)));
                }
                entries.push((key, Value::Null, None));
                continue;
            };
            let span = self.entry_span(map, index);
            let here = self.key_step(cx, key).at(span);
            entries.push((key, self.convert(self.entry(map, index)?, ty, here)?, span));
        }
        Ok(self.map_with_spans(entries))
    }

    /// Whether a type includes null.
    fn accepts_null(&self, ty: &'a Ty) -> bool {
        match ty {
            Ty::Null | Ty::Any => true,
            Ty::Alias(id) => self.accepts_null(&self.program.alias(*id).ty),
            Ty::Refined(refined) => self.accepts_null(&refined.base),
            Ty::Union(members) => members.iter().any(|member| self.accepts_null(member)),
            _ => false,
        }
    }

    /// The same literal as an instance of a child schema, if it does not name the schema that it builds.
    fn rebuild(&self, object: &'a Object<'a>, schema: &'a SchemaInfo<'a>) -> Option<&'a Object<'a>> {
        let base = match object.base {
            Some(base) => Some(self.rebuild(base, schema)?),
            None => {
                let LayerSource::Body(body, _) = object.layer? else { return None };
                let BodyTarget::Expected(id) = body.target else { return None };
                if schema.schema.is_abstract || !schema.extends(id) {
                    return None;
                }
                None
            }
        };
        Some(self.object_layer(schema, base, object.layer, object.relation))
    }

    /// An instance of a schema whose fields are the entries of a map. `given` is a field that the map need not contain.
    fn convert_to_object(
        &self,
        map: &'a Map<'a>,
        id: SchemaId,
        given: Option<(Name, Key<'a>)>,
        cx: Conversion<'a>,
    ) -> Eval<&'a Object<'a>> {
        let schema = self.schema(id);
        if schema.schema.is_abstract {
            return Err(self.raise(self.with_path(error::abstract_target(schema.schema, cx.span, cx.origin), cx)));
        }
        let base = given.map(|(name, key)| {
            let map = self.map_with_spans(vec![(Key::Str(name.as_str()), self.key_value(key), Some(cx.span))]);
            let Value::Map(map) = map else { return None };
            Some(self.object_layer(schema, None, Some(self.data_layer(map, cx)), LayerRelation::Overrides))
        });
        let base = base.flatten();
        if cx.path.is_none() && is_source(map) {
            return self.object_of_bodies(map, schema, base);
        }
        self.check_entries(map, schema, cx)?;
        let layer = Some(self.data_layer(map, cx));
        let object = self.object_layer(schema, base, layer, LayerRelation::Overrides);
        if cx.path.is_some() {
            self.convert_fields(object, map, given, cx)?;
        }
        Ok(object)
    }

    fn data_layer(&self, map: &'a Map<'a>, conversion: Conversion<'a>) -> LayerSource<'a> {
        LayerSource::Data(self.arena.alloc(DataLayer { map, conversion }))
    }

    /// An object with the layers of a map that braces wrote.
    fn object_of_bodies(
        &self,
        map: &'a Map<'a>,
        schema: &'a SchemaInfo<'a>,
        first: Option<&'a Object<'a>>,
    ) -> Eval<&'a Object<'a>> {
        let base = match map.base {
            Some(base) => Some(self.object_of_bodies(base, schema, first)?),
            None => first,
        };
        let layer = match map.source {
            EntrySource::Body(body, frame) => {
                self.check_names(schema, &body.items)?;
                Some(LayerSource::Body(body, Some(frame)))
            }
            _ => None,
        };
        Ok(self.object_layer(schema, base, layer, map.relation))
    }

    /// Checks that a schema has the fields that the entries of a map name.
    fn check_entries(&self, map: &'a Map<'a>, schema: &SchemaInfo<'a>, cx: Conversion<'a>) -> Eval<()> {
        if schema.schema.is_open {
            return Ok(());
        }
        for (index, entry) in self.entries(map)?.iter().enumerate() {
            if let Key::Str(text) = entry.key
                && schema.field_named(text).is_none()
            {
                let here = self.key_step(cx, entry.key).at(self.entry_span(map, index));
                let diag = self.unknown_name(schema, text, here.span);
                // The place is a file or the expression that is converted: there is nothing to replace.
                let diag = if cx.path.is_some() { forge_base::Diag { fixes: Vec::new(), ..diag } } else { diag };
                return Err(self.raise(self.with_path(diag, here)));
            }
        }
        Ok(())
    }

    /// Converts the fields that data sets, and checks that those without a default are set.
    fn convert_fields(
        &self,
        object: &'a Object<'a>,
        map: &'a Map<'a>,
        given: Option<(Name, Key<'a>)>,
        cx: Conversion<'a>,
    ) -> Eval<()> {
        let fields: &'a [FieldDecl] = &object.schema.schema.fields;
        for (index, field) in (0..).zip(fields) {
            let is_given = given.is_some_and(|(name, _)| name == field.name);
            if is_given || self.find_entry(map, Key::Str(field.name.as_str()))?.is_some() {
                self.field(object, index)?;
            } else if !field.nullable && field.late == hir::Late::No && !has_default(object.schema, index) {
                let diag = error::data_lacks(object.schema.schema, field, cx.span);
                return Err(self.raise(self.with_path(diag, cx)));
            }
        }
        Ok(())
    }

    /// The value of a field from a layer of data.
    pub(crate) fn data_field(&self, data: &'a DataLayer<'a>, declared: &'a FieldDecl) -> Eval<Option<Value<'a>>> {
        let key = Key::Str(declared.name.as_str());
        let Some(index) = self.find_entry(data.map, key)? else { return Ok(None) };
        let cx = self.key_step(data.conversion, key).at(self.entry_span(data.map, index));
        let cx = Conversion { origin: declared.ty_span, ..cx };
        self.convert(self.entry(data.map, index)?, &declared.ty, cx).map(Some)
    }

    /// What a refinement of a place without a value starts from.
    pub(crate) fn fresh_in(&self, ty: &'a Ty) -> Option<Value<'a>> {
        match ty {
            Ty::Alias(id) => self.fresh_in(&self.program.alias(*id).ty),
            Ty::Refined(refined) => self.fresh_in(&refined.base),
            Ty::Schema(id) => {
                let schema = self.schema(*id);
                (!schema.schema.is_abstract).then(|| Value::Object(self.new_object(schema, None)))
            }
            Ty::Map(_) | Ty::Record(_) | Ty::Any => Some(Value::Map(self.new_map(None, EntrySource::Fresh))),
            Ty::Keyed(keyed) => Some(Value::Map(self.new_map(Some(self.keyed_shape(keyed)), EntrySource::Fresh))),
            Ty::Union(members) => {
                let mut fresh = members.iter().filter_map(|member| self.fresh_in(member));
                match (fresh.next(), fresh.next()) {
                    (Some(value), None) => Some(value),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The place of a map, with the member of its type that the map is an instance of.
    pub(crate) fn container_place(&self, place: Place<'a>, map: &Map<'a>) -> Option<&'a Place<'a>> {
        match (place.ty, map.keyed) {
            (Ty::Alias(id), _) => self.container_place(Place { ty: &self.program.alias(*id).ty, ..place }, map),
            (Ty::Refined(refined), _) => self.container_place(Place { ty: &refined.base, ..place }, map),
            (Ty::Union(members), _) => members.iter().find_map(|ty| self.container_place(Place { ty, ..place }, map)),
            (Ty::Keyed(_), Some(_)) | (Ty::Map(_) | Ty::Record(_), None) => Some(self.arena.alloc(place)),
            _ => None,
        }
    }

    /// The place of an entry of a map or keyed list.
    pub(crate) fn entry_place(&self, place: &'a Place<'a>, key: Key<'a>, span: Span) -> Eval<&'a Place<'a>> {
        let ty = match place.ty {
            Ty::Map(types) => &types.1,
            Ty::Keyed(keyed) => &keyed.item,
            Ty::Record(fields) => match fields.iter().find(|(name, _)| key == Key::Str(name.as_str())) {
                Some((_, ty)) => ty,
                None => {
                    let names: Vec<&'static str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                    return Err(self.raise(unknown_record_field(Name::new(&key.to_string()), span, &names)));
                }
            },
            _ => return Ok(place),
        };
        let key = match place.ty {
            Ty::Keyed(keyed) => keyed.keys.first().map(|name| (*name, key.first())),
            _ => None,
        };
        Ok(self.arena.alloc(Place { ty, key, ..*place }))
    }

    /// The error of a value of another type.
    #[cold]
    fn mismatch(&self, value: Value<'a>, ty: &'a Ty, cx: Conversion<'a>) -> ErrorId {
        let diag = error::wrong_type(&self.type_name(ty), value, cx.span, cx.origin);
        let diag = match value {
            Value::Object(object) if cx.span != object.span().unwrap_or(cx.span) => match object.span() {
                Some(span) => {
                    diag.label(span, format!("this is {}", error::with_article(object.schema_name().as_str())))
                }
                None => diag,
            },
            _ => diag,
        };
        self.raise(self.with_path(diag, cx))
    }
}

/// Whether all layers of a map are braces, whose entries need not be computed to become fields.
fn is_source(map: &Map<'_>) -> bool {
    matches!(map.source, EntrySource::Body(..) | EntrySource::Fresh) && map.base.is_none_or(is_source)
}

/// Whether the body of a schema or of an ancestor sets a field.
fn has_default(schema: &SchemaInfo<'_>, field: u32) -> bool {
    schema.ancestors.iter().any(|ancestor: &&hir::Schema| !ancestor.body.items_of(field).is_empty())
}

#[cfg(test)]
mod tests {
    use crate::fixture::program;

    const WIDER: &str = "schema Meta { name: String, n: Int = 1 }
schema Port { port: Int, name: String = \"\" }
schema V { on: Bool = true, meta: Meta = Meta { name = \"m\" }, ports: [Port by port] = [{ port = 80 }], cpu: Quantity = 1, limits: {String: Int} = { a = 1 }, extra: Meta? = null, args: [String] = [\"x\"] }
schema Any1 { spec: Any? = null }
let r = Any1 { spec = V {} }
";

    /// The value of `spec` after refining it through `Any` and through its own type.
    fn both(body: &str) -> (String, String) {
        let fixture = program(&format!("{WIDER}a = (r {{ spec {{ {body} }} }}).spec\nb = V {{}} {{ {body} }}"));
        (fixture.value("a"), fixture.value("b"))
    }

    #[test]
    fn a_refinement_below_any_is_that_of_the_actual_schema() {
        for body in [
            "on = false",
            "meta { n = 2 }",
            "meta.n = 2",
            "meta = { name = \"other\" }",
            "meta = Meta { name = \"other\" }",
            "extra { name = \"e\" }",
            "cpu = 2",
            "limits { b = 2 }",
            "limits += { b = 2 }",
            "limits { delete a }",
            "args += [\"y\"]",
            "args = [\"z\"]",
            "if 1 < 2 { on = false } else { meta { n = 5 } }",
            "meta { n = 1 + 1 }, limits = { for i in [1, 2] { \"k\\(i)\" = i } }",
        ] {
            let (any, exact) = both(body);
            assert_eq!(any, exact, "{body}");
        }
    }

    #[test]
    fn errors_below_any_are_those_of_the_actual_schema() {
        for (body, expected) in [
            ("typo = 1", "`V` has no field `typo`"),
            ("meta { nn = 1 }", "`Meta` has no field `nn`"),
            ("on = 1", "expected `Bool`, found 1"),
            ("meta = { n = 1 }", "`name` of `Meta` is required but not set"),
            ("limits { c { d = 1 } }", "there is no entry `c` to refine"),
            ("limits { c = \"x\" }", "expected `Int`, found \"x\""),
            ("delete on", "`on` is a field of `V` and cannot be deleted"),
        ] {
            let fixture = program(&format!("{WIDER}a = r {{ spec {{ {body} }} }}"));
            let errors = fixture.errors("a");
            assert!(
                matches!(errors.as_slice(), [one] if one.starts_with("6:") && one.ends_with(expected)),
                "{errors:?}"
            );
        }
    }

    #[test]
    fn a_value_of_the_wrong_schema_is_an_error() {
        let source = "schema P { a: Int = 1 }
schema V extends P { b: Int = 2 }
abstract schema Base { v: P = P {} }
schema Child extends Base { v: V = V {} }
let c: Base = Child {}
let named = c { v = P { a = 9 } }
let unnamed = c { v = { a = 9 } }
a = if named is Child { named.v.b } else { 0 }
b = if unnamed is Child { unnamed.v } else { 0 }";
        let fixture = program(source);
        assert_eq!(fixture.errors("a"), ["6:17 expected `V`, found a `P`"]);
        assert_eq!(fixture.value("b"), "V { a = 9, b = 2 }");
    }

    #[test]
    fn braces_below_any_build_the_elements_of_a_keyed_list() {
        let fixture = program(&format!(
            "{WIDER}a = (r {{ spec {{ ports = [{{ port = 1 }}, {{ port = 2, name = \"b\" }}] }} }}).spec"
        ));
        assert!(
            fixture
                .value("a")
                .contains("ports = { 1 = Port { port = 1, name = \"\" }, 2 = Port { port = 2, name = \"b\" } }")
        );
    }
}
