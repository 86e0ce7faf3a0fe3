//! Objects, maps and lists.

use forge_syntax::write::{can_be_quoted, string_literal, variable_name};

use super::cel;
use super::keywords::{Keywords, Range};
use super::read::ReadSchema;
use super::reader::{Dialect, SchemaReader};
use super::scalar::range;
use crate::cond::Cond;
use crate::model::{Check, DefaultValue, Field, NamedType, Schema, Type, Validation};
use crate::node::{Node, Value};

impl<'n> SchemaReader<'n> {
    pub(super) fn array(&mut self, keywords: &Keywords<'n>) -> Type {
        let nodes = keywords.items.clone();
        self.lifted.clear();
        let item = if nodes.is_empty() { None } else { Some(self.below(&["items"], |cx| cx.one_of_many(&nodes))) };
        let (item, mut rules) = match item {
            Some(read) => (read.nullable_type(), read.validations),
            None => (Type::Any, Vec::new()),
        };
        rules.append(&mut self.lifted);
        self.lifted = cel::lift_rules(rules, cel::for_all_items);
        if keywords.list_type == Some("map") && self.can_be_keyed(&item, keywords) {
            let keys = keywords.map_keys.iter().map(|key| (*key).to_owned()).collect();
            return Type::Keyed(Box::new(item), keys);
        }
        Type::List(Box::new(item))
    }

    /// Reads the schema of the items of a list or the values of a map. Its type has a singular name.
    fn one_of_many(&mut self, nodes: &[&'n Node]) -> ReadSchema {
        let Some(many) = self.name_path.pop() else { return self.read(nodes) };
        let read = self.named(&singular(&many), |cx| cx.read(nodes));
        self.name_path.push(many);
        read
    }

    /// Whether the elements have the key fields and these are required scalars.
    fn can_be_keyed(&mut self, item: &Type, keywords: &Keywords<'n>) -> bool {
        let Type::Schema(id) = item else { return false };
        let schema = self.arena.get(*id);
        let is_key = |key: &&str| {
            let field = schema.fields.iter().find(|field| field.name == *key);
            field.is_some_and(|field| !field.is_nullable && is_scalar(&field.ty))
        };
        let fits = !keywords.map_keys.is_empty() && keywords.map_keys.iter().all(is_key);
        if let (false, Some(span)) = (fits, keywords.span) {
            let headline = String::from("a list with keys is imported as a plain list");
            self.warn(span, headline, "a key field is not a required string or number");
        }
        fits
    }

    pub(super) fn object(&mut self, keywords: &Keywords<'n>, rules: &[Validation]) -> Type {
        self.lifted.clear();
        if keywords.properties.is_empty() && !self.is_empty_object(keywords) {
            return self.map(keywords);
        }
        let mut schema = Schema { is_open: self.is_open(keywords), validations: rules.to_vec(), ..Schema::default() };
        for (name, nodes) in &keywords.properties {
            // A closed schema rejects a property by not declaring it.
            if !schema.is_open && nodes.iter().any(|node| node.value == Value::Bool(false)) {
                continue;
            }
            if !can_be_quoted(name) {
                if let Some(node) = nodes.first() {
                    self.report_loss(
                        node.span,
                        &format!("the property `{name}`"),
                        "this cannot be written as an identifier",
                    );
                }
                continue;
            }
            let field = self.below(&["properties", name], |cx| cx.named(name, |cx| cx.field(name, nodes, keywords)));
            schema.fields.push(field);
        }
        self.undeclared(keywords, &mut schema);
        self.hoist(keywords, &mut schema);
        self.object_checks(keywords, &mut schema);
        let path = self.name_path.clone();
        Type::Schema(self.arena.intern(schema, &path))
    }

    /// Whether an object schema without properties allows no properties.
    fn is_empty_object(&self, keywords: &Keywords<'n>) -> bool {
        let has_more = keywords.preserves || !keywords.property_patterns.is_empty() || !keywords.required.is_empty();
        match keywords.additional.last().map(|node| &node.value) {
            Some(Value::Bool(false)) => !has_more,
            Some(_) => false,
            None => self.dialect == Dialect::Kubernetes && !has_more,
        }
    }

    fn is_open(&mut self, keywords: &Keywords<'n>) -> bool {
        if keywords.preserves {
            return true;
        }
        if let Some(node) = keywords.additional.first() {
            match &node.value {
                Value::Bool(false) => return false,
                Value::Map(entries) if !entries.is_empty() => {
                    let why = "the other fields of an open schema have the type `Any`";
                    self.report_loss(node.span, "`properties` together with a schema for additional properties", why);
                    return true;
                }
                _ => return true,
            }
        }
        if let Some((name, node)) = keywords.property_patterns.first() {
            let why = format!("fields that match `{name}` need their own schema");
            self.report_loss(node.span, "`properties` together with `patternProperties`", &why);
            return true;
        }
        self.is_open_by_default()
    }

    /// Adds the required properties that are not declared.
    fn undeclared(&mut self, keywords: &Keywords<'n>, schema: &mut Schema) {
        for (name, span) in &keywords.required {
            if schema.fields.iter().any(|field| field.name == *name) {
                continue;
            }
            if can_be_quoted(name) {
                schema.fields.push(any_field(name));
            } else {
                self.report_loss(*span, &format!("the property `{name}`"), "this cannot be written as an identifier");
            }
        }
    }

    /// Adds the properties that only applicators declare, as optional fields.
    fn hoist(&mut self, keywords: &Keywords<'n>, schema: &mut Schema) {
        let mut found: Vec<(&'n str, Vec<&'n Node>)> = Vec::new();
        for group in keywords.any_of.iter().chain(&keywords.one_of) {
            group.items().iter().for_each(|item| collect_properties(&item.node, &mut found));
        }
        for conditional in &keywords.conditionals {
            ["then", "else"]
                .iter()
                .filter_map(|key| conditional.get(key))
                .for_each(|node| collect_properties(node, &mut found));
        }
        for (name, nodes) in found {
            if schema.fields.iter().any(|field| field.name == name) || !can_be_quoted(name) {
                continue;
            }
            let field = match nodes.as_slice() {
                [node] => {
                    self.below(&["properties", name], |cx| cx.named(name, |cx| cx.field(name, &[*node], keywords)))
                }
                _ => self.either(name, &nodes, keywords),
            };
            schema.fields.push(Field { is_nullable: true, default: None, ..field });
        }
    }

    /// A field that several alternatives declare with different schemas.
    fn either(&mut self, name: &'n str, nodes: &[&'n Node], keywords: &Keywords<'n>) -> Field {
        let fields: Vec<Field> =
            nodes.iter().map(|node| self.named(name, |cx| cx.field(name, &[*node], keywords))).collect();
        let ty = Type::union(fields.iter().map(|field| field.ty.clone()).collect());
        Field { ty, ..fields.into_iter().next().unwrap_or_else(|| Field { is_nullable: true, ..any_field(name) }) }
    }

    fn field(&mut self, name: &'n str, nodes: &[&'n Node], keywords: &Keywords<'n>) -> Field {
        self.lifted.clear();
        let default = nodes.iter().find_map(|node| node.get("default"));
        let read = self.read(nodes);
        let is_required = keywords.required.iter().any(|(required, _)| *required == name);
        let ReadSchema { ty, doc, deprecated, is_nullable, mut validations } = read;
        validations.append(&mut self.lifted);
        if let (true, true, Some(node)) = (is_required, is_nullable, nodes.first()) {
            let headline = format!("`{name}` is required but nullable");
            self.warn(node.span, headline, "null fields are omitted from the output");
        }
        let default = default.filter(|default| default.value != Value::Null && self.default_fits(default, &ty));
        Field {
            name: name.to_owned(),
            doc,
            is_nullable: is_nullable || (!is_required && default.is_none()),
            default: default.map(|node| DefaultValue(node.clone())),
            deprecated: deprecated.then(|| format!("`{name}` is deprecated")),
            validations,
            ty,
        }
    }

    fn map(&mut self, keywords: &Keywords<'n>) -> Type {
        let mut key = None;
        let mut values: Vec<&'n Node> =
            keywords.additional.iter().copied().filter(|node| matches!(node.value, Value::Map(_))).collect();
        let mut step = "additionalProperties";
        match keywords.property_patterns.as_slice() {
            [] => {}
            [(pattern, node)]
                if values.is_empty() && keywords.additional.iter().any(|node| node.value == Value::Bool(false)) =>
            {
                key = Some(self.key_pattern(pattern, node));
                values.push(node);
                step = "patternProperties";
            }
            [(_, node), ..] => {
                self.report_loss(node.span, "`patternProperties`", "a map has one key pattern and one value type");
            }
        }
        for names in keywords.property_names.clone() {
            let read = self.below(&["propertyNames"], |cx| cx.read(&[names]));
            match read.ty {
                Type::Where(base, cond) if *base == Type::Str => key = Some(Cond::Call(cond)),
                Type::Str | Type::Any => {}
                _ => self.report_loss(names.span, "`propertyNames`", "the keys of a map must be strings"),
            }
        }
        self.lifted.clear();
        let read = if values.is_empty() { None } else { Some(self.below(&[step], |cx| cx.one_of_many(&values))) };
        let (value, mut rules) = match read {
            Some(read) => (read.nullable_type(), read.validations),
            None => (Type::Any, Vec::new()),
        };
        rules.append(&mut self.lifted);
        self.lifted = cel::lift_rules(rules, cel::for_all_values);
        let map = Type::Map(key.filter(|key| *key != Cond::True).map(|key| key.text()), Box::new(value));
        let required =
            keywords.required.iter().map(|(name, _)| Cond::compare(format!("{} in it", string_literal(name))));
        map.when(&Cond::and(required.collect()))
    }

    fn key_pattern(&mut self, pattern: &str, node: &Node) -> Cond {
        match super::pattern::translate(pattern) {
            Ok(pattern) => Cond::Call(format!("it.matches({})", string_literal(&pattern))),
            Err(reason) => {
                let headline = format!("the pattern `{pattern}` is left out");
                self.warn(node.span, headline, &format!("it does not compile: {reason}"));
                Cond::True
            }
        }
    }

    /// Adds the checks that concern the object as a whole.
    fn object_checks(&mut self, keywords: &Keywords<'n>, schema: &mut Schema) {
        if keywords.property_count != Range::default() {
            if schema.is_open {
                if let Some(span) = keywords.span {
                    self.report_loss(
                        span,
                        "a property count on an open object",
                        "its additional fields cannot be counted",
                    );
                }
            } else {
                schema.checks.extend(count_check(keywords.property_count, schema));
            }
        }
        self.applicator_checks(keywords, schema);
    }
}

/// A check on the number of fields that are set.
fn count_check(count: Range, schema: &Schema) -> Option<Check> {
    let always = schema.fields.iter().filter(|field| !field.is_nullable).count() as i64;
    let open: Vec<String> = schema
        .fields
        .iter()
        .filter(|field| field.is_nullable)
        .map(|field| format!("{} != null", variable_name(&field.name)))
        .collect();
    let count = Range {
        least: count.least.map(|least| least - always).filter(|least| *least > 0),
        most: count.most.map(|most| most - always).filter(|most| *most < open.len() as i64),
    };
    let param = super::condition::free_param("set", schema);
    let cond = range(&format!("[{}].count({param} => {param})", open.join(", ")), count);
    let message = match (count.least, count.most) {
        (Some(1), None) => String::from("at least one field must be set"),
        (Some(1), Some(1)) => String::from("exactly one field must be set"),
        (None, Some(1)) => String::from("at most one field may be set"),
        _ => String::from("invalid number of fields set"),
    };
    (cond != Cond::True).then(|| Check { cond: cond.text(), message })
}

fn collect_properties<'n>(node: &'n Node, found: &mut Vec<(&'n str, Vec<&'n Node>)>) {
    for entry in node.get("properties").map(Node::entries).unwrap_or_default() {
        match found.iter_mut().find(|(name, _)| *name == entry.key) {
            Some((_, nodes)) if nodes.contains(&&entry.node) => {}
            Some((_, nodes)) => nodes.push(&entry.node),
            None => found.push((&entry.key, vec![&entry.node])),
        }
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        node.get(key)
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .for_each(|item| collect_properties(&item.node, found));
    }
}

/// A required field of type `Any`.
fn any_field(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        doc: String::new(),
        ty: Type::Any,
        is_nullable: false,
        default: None,
        deprecated: None,
        validations: Vec::new(),
    }
}

fn is_scalar(ty: &Type) -> bool {
    match ty.base() {
        Type::Str | Type::Int | Type::Bool | Type::Literal(_) | Type::Quantity | Type::Duration => true,
        Type::Named(known) => !matches!(known, NamedType::ObjectMeta | NamedType::Resource),
        Type::Union(members) => members.iter().all(is_scalar),
        _ => false,
    }
}

/// The singular of a plural such as `containers`. An approximation that suffices for type names.
fn singular(name: &str) -> String {
    if name.len() < 4 || name.ends_with("ss") || name.ends_with("us") || name.ends_with("is") {
        return name.to_owned();
    }
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if name.ends_with(ending) {
            return name[..name.len() - 2].to_owned();
        }
    }
    name.strip_suffix('s').unwrap_or(name).to_owned()
}
