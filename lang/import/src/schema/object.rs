//! Objects, maps and lists.

use super::keywords::{Keywords, Range};
use super::read::Read;
use super::scalar::range;
use super::{Dialect, Reader};
use crate::cond::Cond;
use crate::model::{Check, Data, Field, Known, Schema, Type, Validation};
use crate::node::{Node, Value};
use crate::text;

impl<'n> Reader<'n> {
    pub(super) fn array(&mut self, words: &Keywords<'n>) -> Type {
        let nodes = words.items.clone();
        self.lifted.clear();
        let item = if nodes.is_empty() { None } else { Some(self.below(&["items"], |cx| cx.one_of_many(&nodes))) };
        let (item, mut rules) = match item {
            Some(read) => (nullable(read.ty, read.is_nullable), read.validations),
            None => (Type::Any, Vec::new()),
        };
        rules.append(&mut self.lifted);
        self.lifted = self.lift_rules(rules, true);
        if words.list_type == Some("map") && self.can_be_keyed(&item, words) {
            let keys = words.map_keys.iter().map(|key| (*key).to_owned()).collect();
            return Type::Keyed(Box::new(item), keys);
        }
        Type::List(Box::new(item))
    }

    /// What an item of a list or a value of a map is. Its type is named after one of them.
    fn one_of_many(&mut self, nodes: &[&'n Node]) -> Read {
        let Some(many) = self.path.pop() else { return self.read(nodes) };
        let read = self.named(&singular(&many), |cx| cx.read(nodes));
        self.path.push(many);
        read
    }

    /// Whether the elements have the key fields, and these always have a value.
    fn can_be_keyed(&mut self, item: &Type, words: &Keywords<'n>) -> bool {
        let Type::Schema(id) = item else { return false };
        let schema = self.arena.get(*id);
        let is_key = |key: &&str| {
            let field = schema.fields.iter().find(|field| field.name == *key);
            field.is_some_and(|field| !field.is_nullable && is_scalar(&field.ty))
        };
        let fits = !words.map_keys.is_empty() && words.map_keys.iter().all(is_key);
        if let (false, Some(span)) = (fits, words.span) {
            let headline = String::from("a list with keys is imported as a plain list");
            self.warn(span, headline, "a key field is not a required string or number");
        }
        fits
    }

    pub(super) fn object(&mut self, words: &Keywords<'n>, rules: &[Validation]) -> Type {
        self.lifted.clear();
        if words.properties.is_empty() && !self.is_empty_object(words) {
            return self.map(words);
        }
        let mut schema = Schema { is_open: self.is_open(words), validations: rules.to_vec(), ..Schema::default() };
        for (name, nodes) in &words.properties {
            if !text::can_be_name(name) {
                if let Some(node) = nodes.first() {
                    self.refuse(node.span, &format!("the property `{name}`"), "no name can be written like this");
                }
                continue;
            }
            let field = self.below(&["properties", name], |cx| cx.named(name, |cx| cx.field(name, nodes, words)));
            schema.fields.push(field);
        }
        self.undeclared(words, &mut schema);
        self.hoist(words, &mut schema);
        self.object_checks(words, &mut schema);
        let path = self.path.clone();
        Type::Schema(self.arena.intern(schema, &path))
    }

    /// Whether an object without properties has none at all, rather than any.
    fn is_empty_object(&self, words: &Keywords<'n>) -> bool {
        let has_more = words.preserves || !words.property_patterns.is_empty() || !words.required.is_empty();
        match words.additional.last().map(|node| &node.value) {
            Some(Value::Bool(false)) => !has_more,
            Some(_) => false,
            None => self.dialect == Dialect::Kubernetes && !has_more,
        }
    }

    fn is_open(&mut self, words: &Keywords<'n>) -> bool {
        if words.preserves {
            return true;
        }
        if let Some(node) = words.additional.first() {
            match &node.value {
                Value::Bool(false) => return false,
                Value::Map(entries) if !entries.is_empty() => {
                    let why = "an open schema takes other fields as `Any`";
                    self.refuse(node.span, "properties together with a type for all others", why);
                    return true;
                }
                _ => return true,
            }
        }
        if let Some((name, node)) = words.property_patterns.first() {
            let why = format!("fields that match `{name}` would need a schema of their own");
            self.refuse(node.span, "properties together with `patternProperties`", &why);
            return true;
        }
        self.is_open_by_default()
    }

    /// Properties that are required though nothing describes them.
    fn undeclared(&mut self, words: &Keywords<'n>, schema: &mut Schema) {
        for (name, span) in &words.required {
            if schema.fields.iter().any(|field| field.name == *name) {
                continue;
            }
            if text::can_be_name(name) {
                schema.fields.push(any_field(name, false));
            } else {
                self.refuse(*span, &format!("the property `{name}`"), "no name can be written like this");
            }
        }
    }

    /// Properties that only alternatives describe: fields that may be there.
    fn hoist(&mut self, words: &Keywords<'n>, schema: &mut Schema) {
        let mut found: Vec<(&'n str, Vec<&'n Node>)> = Vec::new();
        for group in words.any_of.iter().chain(&words.one_of) {
            group.items().iter().for_each(|item| collect_properties(&item.node, &mut found));
        }
        for conditional in &words.conditionals {
            ["then", "else"]
                .iter()
                .filter_map(|key| conditional.get(key))
                .for_each(|node| collect_properties(node, &mut found));
        }
        for (name, nodes) in found {
            if schema.fields.iter().any(|field| field.name == name) || !text::can_be_name(name) {
                continue;
            }
            let field = match nodes.as_slice() {
                [node] => self.below(&["properties", name], |cx| cx.named(name, |cx| cx.field(name, &[*node], words))),
                _ => self.either(name, &nodes, words),
            };
            schema.fields.push(Field { is_nullable: true, default: None, ..field });
        }
    }

    /// A field that several alternatives describe each in its way.
    fn either(&mut self, name: &'n str, nodes: &[&'n Node], words: &Keywords<'n>) -> Field {
        let fields: Vec<Field> =
            nodes.iter().map(|node| self.named(name, |cx| cx.field(name, &[*node], words))).collect();
        let ty = Type::union(fields.iter().map(|field| field.ty.clone()).collect());
        Field { ty, ..fields.into_iter().next().unwrap_or_else(|| any_field(name, true)) }
    }

    fn field(&mut self, name: &'n str, nodes: &[&'n Node], words: &Keywords<'n>) -> Field {
        self.lifted.clear();
        let default = nodes.iter().find_map(|node| node.get("default"));
        let read = self.read(nodes);
        let is_required = words.required.iter().any(|(required, _)| *required == name);
        let Read { ty, doc, deprecated, is_nullable, mut validations } = read;
        validations.append(&mut self.lifted);
        if let (true, true, Some(node)) = (is_required, is_nullable, nodes.first()) {
            let headline = format!("`{name}` must be there but may be null");
            self.warn(node.span, headline, "Forge leaves a field that is null out");
        }
        let default = default.filter(|default| default.value != Value::Null && self.default_fits(default, &ty));
        Field {
            name: name.to_owned(),
            doc,
            is_nullable: is_nullable || (!is_required && default.is_none()),
            default: default.map(|node| Data(node.clone())),
            deprecated: deprecated.then(|| format!("`{name}` is deprecated")),
            validations,
            ty,
        }
    }

    fn map(&mut self, words: &Keywords<'n>) -> Type {
        let mut key = None;
        let mut values: Vec<&'n Node> =
            words.additional.iter().copied().filter(|node| matches!(node.value, Value::Map(_))).collect();
        let mut step = "additionalProperties";
        match words.property_patterns.as_slice() {
            [] => {}
            [(pattern, node)]
                if values.is_empty() && words.additional.iter().any(|node| node.value == Value::Bool(false)) =>
            {
                key = Some(self.key_pattern(pattern, node));
                values.push(node);
                step = "patternProperties";
            }
            [(_, node), ..] => {
                self.refuse(
                    node.span,
                    "`patternProperties`",
                    "the keys of a map have one pattern, and its values one type",
                );
            }
        }
        for names in words.property_names.clone() {
            let read = self.below(&["propertyNames"], |cx| cx.read(&[names]));
            match read.ty {
                Type::Where(base, cond) if *base == Type::Str => key = Some(Cond::Call(cond)),
                Type::Str | Type::Any => {}
                _ => self.refuse(names.span, "`propertyNames`", "the keys of a map are strings with a condition"),
            }
        }
        self.lifted.clear();
        let read = if values.is_empty() { None } else { Some(self.below(&[step], |cx| cx.one_of_many(&values))) };
        let (value, mut rules) = match read {
            Some(read) => (nullable(read.ty, read.is_nullable), read.validations),
            None => (Type::Any, Vec::new()),
        };
        rules.append(&mut self.lifted);
        self.lifted = self.lift_rules(rules, false);
        let map = Type::Map(key.filter(|key| *key != Cond::True).map(|key| key.text()), Box::new(value));
        let required = words.required.iter().map(|(name, _)| Cond::compare(format!("{} in it", text::string(name))));
        map.when(&Cond::and(required.collect()))
    }

    fn key_pattern(&mut self, pattern: &str, node: &Node) -> Cond {
        match super::pattern::translate(pattern) {
            Ok(pattern) => Cond::Call(format!("it.matches({})", text::string(&pattern))),
            Err(reason) => {
                let headline = format!("the pattern `{pattern}` is left out");
                self.warn(node.span, headline, &format!("it does not compile: {reason}"));
                Cond::True
            }
        }
    }

    /// What holds for the object as a whole.
    fn object_checks(&mut self, words: &Keywords<'n>, schema: &mut Schema) {
        if words.property_count != Range::default() {
            if schema.is_open {
                if let Some(span) = words.span {
                    self.refuse(span, "a number of properties of an open object", "its other fields cannot be counted");
                }
            } else {
                schema.checks.extend(count_check(words.property_count, schema));
            }
        }
        self.junctor_checks(words, schema);
    }
}

/// A check of how many fields are set.
fn count_check(count: Range, schema: &Schema) -> Option<Check> {
    let always = schema.fields.iter().filter(|field| !field.is_nullable).count() as i64;
    let open: Vec<String> = schema
        .fields
        .iter()
        .filter(|field| field.is_nullable)
        .map(|field| format!("{} != null", text::expr_name(&field.name)))
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
        _ => String::from("the number of fields that are set does not fit"),
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

fn any_field(name: &str, is_nullable: bool) -> Field {
    Field {
        name: name.to_owned(),
        doc: String::new(),
        ty: Type::Any,
        is_nullable,
        default: None,
        deprecated: None,
        validations: Vec::new(),
    }
}

pub(super) fn nullable(ty: Type, is_nullable: bool) -> Type {
    if is_nullable && ty != Type::Any && !ty.takes_null() { Type::Union(vec![ty, Type::Null]) } else { ty }
}

fn is_scalar(ty: &Type) -> bool {
    match ty.base() {
        Type::Str | Type::Int | Type::Bool | Type::Literal(_) | Type::Quantity | Type::Duration => true,
        Type::Known(known) => !matches!(known, Known::ObjectMeta | Known::Resource),
        Type::Union(members) => members.iter().all(is_scalar),
        _ => false,
    }
}

/// `containers` as `container`. Good enough for names of types.
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
