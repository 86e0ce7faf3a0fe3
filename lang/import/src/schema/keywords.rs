//! Collects the keywords of a schema, including those from `allOf` and references.

use forge_base::Span;

use super::reader::{Dialect, SchemaReader};
use crate::node::{Node, Value};

/// Keywords that do not constrain values, or not in a way that a type can express.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "$schema",
    "$id",
    "id",
    "$comment",
    "$anchor",
    "$vocabulary",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "writeOnly",
    "deprecated",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "definitions",
    "$defs",
    "xml",
    "discriminator",
    "x-kubernetes-map-type",
    "x-kubernetes-group-version-kind",
    "x-kubernetes-patch-strategy",
    "x-kubernetes-patch-merge-key",
    "x-kubernetes-unions",
];

/// The value of a keyword with its span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// The keywords of a schema. If several parts have a keyword, all of its values are kept.
#[derive(Default, Debug)]
pub(super) struct Keywords<'n> {
    pub(super) span: Option<Span>,
    pub(super) doc: String,
    pub(super) deprecated: bool,
    pub(super) types: Option<Vec<&'n str>>,
    pub(super) nullable: bool,
    pub(super) allowed: Option<Vec<&'n Node>>,
    pub(super) allowed_span: Option<Span>,
    pub(super) default: Option<&'n Node>,
    pub(super) patterns: Vec<Spanned<&'n str>>,
    pub(super) formats: Vec<Spanned<&'n str>>,
    pub(super) bounds: Bounds,
    pub(super) multiples: Vec<f64>,
    pub(super) lengths: Range,
    pub(super) items: Vec<&'n Node>,
    pub(super) item_count: Range,
    pub(super) unique: bool,
    pub(super) properties: Vec<(&'n str, Vec<&'n Node>)>,
    pub(super) required: Vec<(&'n str, Span)>,
    pub(super) property_count: Range,
    pub(super) additional: Vec<&'n Node>,
    pub(super) property_patterns: Vec<(&'n str, &'n Node)>,
    pub(super) property_names: Vec<&'n Node>,
    pub(super) contains: Vec<&'n Node>,
    pub(super) any_of: Vec<&'n Node>,
    pub(super) one_of: Vec<&'n Node>,
    pub(super) not: Vec<&'n Node>,
    pub(super) conditionals: Vec<&'n Node>,
    pub(super) dependent: Vec<(&'n str, &'n Node)>,
    pub(super) list_type: Option<&'n str>,
    pub(super) map_keys: Vec<&'n str>,
    pub(super) int_or_string: bool,
    pub(super) preserves: bool,
    pub(super) is_resource: bool,
    pub(super) validations: Vec<&'n Node>,
    /// The schema `false`, which has no values.
    pub(super) never: bool,
}

/// An inclusive range.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Range {
    pub(super) least: Option<i64>,
    pub(super) most: Option<i64>,
}

/// A bound of a number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Bound {
    /// The bound is in the range.
    Inclusive(f64),
    /// The bound is not in the range.
    Exclusive(f64),
}

impl Bound {
    pub(super) fn value(self) -> f64 {
        match self {
            Bound::Inclusive(value) | Bound::Exclusive(value) => value,
        }
    }

    /// Whether this excludes the value of an inclusive bound with the same value.
    fn is_stricter_than(self, other: Bound) -> bool {
        self.value() == other.value() && matches!((self, other), (Bound::Exclusive(_), Bound::Inclusive(_)))
    }
}

/// The bounds of a number.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Bounds {
    pub(super) least: Option<Bound>,
    pub(super) most: Option<Bound>,
}

impl Range {
    fn at_least(&mut self, node: &Node) {
        if let Some(number) = number(node) {
            self.least = Some(self.least.map_or(number as i64, |old| old.max(number as i64)));
        }
    }

    fn at_most(&mut self, node: &Node) {
        if let Some(number) = number(node) {
            self.most = Some(self.most.map_or(number as i64, |old| old.min(number as i64)));
        }
    }
}

impl Bounds {
    pub(super) fn at_least(&mut self, bound: Bound) {
        if self.least.is_none_or(|old| bound.value() > old.value() || bound.is_stricter_than(old)) {
            self.least = Some(bound);
        }
    }

    pub(super) fn at_most(&mut self, bound: Bound) {
        if self.most.is_none_or(|old| bound.value() < old.value() || bound.is_stricter_than(old)) {
            self.most = Some(bound);
        }
    }
}

pub(super) fn number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Int(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

fn list(node: &Node) -> Vec<&Node> {
    node.items().iter().map(|item| &item.node).collect()
}

impl<'n> SchemaReader<'n> {
    /// Collects the keywords of several schemas, all of which apply.
    pub(super) fn keywords(&mut self, nodes: &[&'n Node]) -> Keywords<'n> {
        let mut found = Keywords::default();
        for node in nodes {
            self.add_keywords(node, &mut found);
        }
        found
    }

    fn add_keywords(&mut self, node: &'n Node, found: &mut Keywords<'n>) {
        match &node.value {
            Value::Bool(true) => {}
            Value::Bool(false) => found.never = true,
            Value::Map(_) => {}
            _ => {
                return self.report_loss(
                    node.span,
                    "this schema",
                    &format!("a schema is a mapping, not {}", node.kind()),
                );
            }
        }
        found.span.get_or_insert(node.span);
        if let (true, Some(text)) = (found.doc.is_empty(), node.text_of("description").or(node.text_of("title"))) {
            found.doc = text.to_owned();
        }
        found.deprecated |= node.is_set("deprecated");
        let reference = node.get("$ref");
        if let Some(target) = reference.and_then(|reference| self.follow(reference)) {
            self.add_keywords(target, found);
            self.following.pop();
        }
        // Up to draft 7, keywords next to `$ref` are ignored; later drafts apply both, and so does this.
        for entry in node.entries() {
            if entry.key != "$ref" {
                self.add_keyword(&entry.key, &entry.node, node, found);
            }
        }
    }

    fn add_keyword(&mut self, key: &'n str, value: &'n Node, schema: &'n Node, found: &mut Keywords<'n>) {
        match key {
            "type" => add_types(value, found),
            "nullable" => found.nullable |= value.value == Value::Bool(true),
            "enum" => add_allowed(list(value), value.span, found),
            "const" => add_allowed(vec![value], value.span, found),
            "default" => found.default = found.default.or(Some(value)),
            "pattern" => found.patterns.extend(value.text().map(|text| Spanned { value: text, span: value.span })),
            "format" => found.formats.extend(value.text().map(|text| Spanned { value: text, span: value.span })),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => add_bound(key, value, schema, found),
            "multipleOf" => found.multiples.extend(number(value)),
            "minLength" => found.lengths.at_least(value),
            "maxLength" => found.lengths.at_most(value),
            "minItems" => found.item_count.at_least(value),
            "maxItems" => found.item_count.at_most(value),
            "minProperties" => found.property_count.at_least(value),
            "maxProperties" => found.property_count.at_most(value),
            "uniqueItems" => found.unique |= value.value == Value::Bool(true),
            "properties" => add_properties(value, found),
            "required" => {
                found.required.extend(value.items().iter().filter_map(|item| Some((item.node.text()?, item.node.span))))
            }
            "additionalProperties" | "unevaluatedProperties" => found.additional.push(value),
            "patternProperties" => {
                found.property_patterns.extend(value.entries().iter().map(|entry| (entry.key.as_str(), &entry.node)));
            }
            "propertyNames" => found.property_names.push(value),
            "items" if matches!(value.value, Value::List(_)) => self.tuple(value),
            "items" => found.items.push(value),
            "prefixItems" => self.tuple(value),
            // Applies only to tuples, which are not supported.
            "additionalItems" => {}
            "unevaluatedItems" if value.value == Value::Bool(true) => {}
            "contains" => found.contains.push(value),
            "allOf" => self.all_of(value, found),
            "anyOf" => found.any_of.push(value),
            "oneOf" => found.one_of.push(value),
            "not" => found.not.push(value),
            "if" => found.conditionals.push(schema),
            "then" | "else" => {}
            "dependentRequired" | "dependentSchemas" | "dependencies" => {
                found.dependent.extend(value.entries().iter().map(|entry| (entry.key.as_str(), &entry.node)));
            }
            _ => self.add_extension(key, value, found),
        }
    }

    fn add_extension(&mut self, key: &'n str, value: &'n Node, found: &mut Keywords<'n>) {
        let is_set = value.value == Value::Bool(true);
        match key {
            "x-kubernetes-int-or-string" => found.int_or_string |= is_set,
            "x-kubernetes-preserve-unknown-fields" => found.preserves |= is_set,
            "x-kubernetes-embedded-resource" => found.is_resource |= is_set,
            "x-kubernetes-list-type" => found.list_type = value.text(),
            "x-kubernetes-list-map-keys" => found.map_keys = value.texts(),
            "x-kubernetes-validations" => found.validations.extend(value.items().iter().map(|item| &item.node)),
            _ if ANNOTATIONS.contains(&key) => {}
            _ if key.starts_with("x-") && !key.starts_with("x-kubernetes-") => {}
            "unevaluatedItems" | "minContains" | "maxContains" | "$dynamicRef" | "$recursiveRef" => {
                self.report_loss(value.span, &format!("`{key}`"), "Forge has no equivalent");
            }
            _ if self.dialect == Dialect::Kubernetes => {
                self.report_loss(value.span, &format!("`{key}`"), "unknown keyword");
            }
            // JSON Schema ignores unknown keywords.
            _ => self.warn(value.span, format!("`{key}` is not a JSON Schema keyword"), "it does not constrain values"),
        }
    }

    fn all_of(&mut self, value: &'n Node, found: &mut Keywords<'n>) {
        for (at, part) in value.items().iter().enumerate() {
            let position = at.to_string();
            self.below(&["allOf", &position], |cx| cx.add_keywords(&part.node, found));
        }
    }

    fn tuple(&mut self, value: &'n Node) {
        self.report_loss(value.span, "a tuple", "all items of a list have the same type");
    }
}

fn add_types<'n>(value: &'n Node, found: &mut Keywords<'n>) {
    let types = match value.text() {
        Some(ty) => vec![ty],
        None => value.texts(),
    };
    found.types = Some(match found.types.take() {
        None => types,
        // `integer` is a subtype of `number`.
        Some(old) => {
            let both = |ty: &&str| types.contains(ty) || (*ty == "integer" && types.contains(&"number"));
            let mut kept: Vec<&str> = old.iter().copied().filter(both).collect();
            if old.contains(&"number") && types.contains(&"integer") && !kept.contains(&"integer") {
                kept.push("integer");
            }
            kept
        }
    });
}

fn add_allowed<'n>(values: Vec<&'n Node>, span: Span, found: &mut Keywords<'n>) {
    found.allowed_span.get_or_insert(span);
    found.allowed = Some(match found.allowed.take() {
        None => values,
        Some(old) => old.into_iter().filter(|node| values.contains(node)).collect(),
    });
}

fn add_bound(key: &str, value: &Node, schema: &Node, found: &mut Keywords<'_>) {
    // In draft 4, `exclusiveMinimum` is a boolean next to `minimum`; in later drafts it is the bound itself.
    let Some(bound) = number(value) else { return };
    let bounds = &mut found.bounds;
    match key {
        "minimum" if schema.is_set("exclusiveMinimum") => bounds.at_least(Bound::Exclusive(bound)),
        "maximum" if schema.is_set("exclusiveMaximum") => bounds.at_most(Bound::Exclusive(bound)),
        "minimum" => bounds.at_least(Bound::Inclusive(bound)),
        "maximum" => bounds.at_most(Bound::Inclusive(bound)),
        "exclusiveMinimum" => bounds.at_least(Bound::Exclusive(bound)),
        "exclusiveMaximum" => bounds.at_most(Bound::Exclusive(bound)),
        _ => {}
    }
}

fn add_properties<'n>(value: &'n Node, found: &mut Keywords<'n>) {
    for entry in value.entries() {
        match found.properties.iter_mut().find(|(name, _)| *name == entry.key) {
            Some((_, nodes)) => nodes.push(&entry.node),
            None => found.properties.push((&entry.key, vec![&entry.node])),
        }
    }
}
