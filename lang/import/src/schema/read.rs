//! Reads the type of a schema and resolves references.

use forge_syntax::write::float_literal;

use super::keywords::Keywords;
use super::reader::{Dialect, SchemaReader};
use crate::case;
use crate::cond::Cond;
use crate::model::{Literal, NamedType, Schema, SchemaId, Type, Validation};
use crate::node::{Node, Value};

/// The type of a schema, and the properties that belong to the field of that type.
#[derive(Debug)]
pub(crate) struct ReadSchema {
    pub(crate) ty: Type,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
    pub(crate) is_nullable: bool,
    pub(crate) validations: Vec<Validation>,
}

/// The maximum length of the path of a schema in its document.
const MAX_DEPTH: usize = 300;
/// The maximum depth of nested references.
const MAX_FOLLOWING: usize = 100;
/// The maximum number of references resolved per file, since nested references can grow exponentially.
const MAX_FOLLOWED: usize = 1_000_000;

impl ReadSchema {
    /// The type, with null if the schema is nullable.
    pub(super) fn nullable_type(&self) -> Type {
        let takes_null = !self.is_nullable || self.ty == Type::Any || self.ty.takes_null();
        if takes_null { self.ty.clone() } else { Type::Union(vec![self.ty.clone(), Type::Null]) }
    }
}

impl<'n> SchemaReader<'n> {
    /// Reads the type of the values that satisfy all of `nodes`.
    pub(crate) fn read(&mut self, nodes: &[&'n Node]) -> ReadSchema {
        if let [node] = nodes
            && let Some(read) = self.read_reference(node)
        {
            return read;
        }
        let mut keywords = self.keywords(nodes);
        if let (true, Some(span)) = (self.schema_path.len() > MAX_DEPTH, keywords.span) {
            self.report_loss(span, "this schema", "it is nested too deeply");
            keywords = Keywords::default();
        }
        self.read_keywords(keywords)
    }

    pub(super) fn read_keywords(&mut self, keywords: Keywords<'n>) -> ReadSchema {
        let (doc, deprecated) = (keywords.doc.clone(), keywords.deprecated);
        let mut read =
            ReadSchema { ty: Type::Any, doc, deprecated, is_nullable: keywords.nullable, validations: Vec::new() };
        if keywords.never {
            if let Some(span) = keywords.span {
                self.report_loss(span, "the schema `false`", "it has no values");
            }
            return read;
        }
        let rules = self.validations(&keywords.validations);
        let (ty, holds_rules) = self.typed(&keywords, &rules);
        read.ty = ty;
        if !holds_rules {
            read.validations = rules;
        }
        if let Type::Union(members) = &read.ty
            && members.contains(&Type::Null)
        {
            read.is_nullable = true;
            let rest = members.iter().filter(|member| **member != Type::Null).cloned().collect();
            read.ty = Type::union(rest);
        }
        read
    }

    /// The type, and whether it is a schema that contains the validation rules itself.
    fn typed(&mut self, keywords: &Keywords<'n>, rules: &[Validation]) -> (Type, bool) {
        if let Some(allowed) = &keywords.allowed {
            let ty = self.enumeration(keywords, allowed);
            return (self.with_conditions(ty, keywords), false);
        }
        if keywords.is_resource {
            return (Type::Named(NamedType::Resource), false);
        }
        if keywords.int_or_string {
            return (self.int_or_string(keywords), false);
        }
        let types = self.types(keywords);
        if types.is_empty() {
            let (ty, is_complete) = self.untyped(keywords);
            return (if is_complete { ty } else { self.with_conditions(ty, keywords) }, false);
        }
        if let [ty] = types.as_slice() {
            let ty = self.one(ty, keywords, rules);
            // The conditions of an object are checks in its schema.
            if let Type::Schema(_) = ty {
                return (ty, true);
            }
            return (self.with_conditions(ty, keywords), false);
        }
        let mut holds_rules = false;
        let members = types.iter().map(|ty| {
            let member = self.one(ty, keywords, rules);
            holds_rules |= matches!(member, Type::Schema(_));
            member
        });
        let union = Type::union(members.collect());
        (self.with_conditions(union, keywords), holds_rules)
    }

    /// The names of the types, explicit or implied by other keywords.
    fn types(&mut self, keywords: &Keywords<'n>) -> Vec<&'n str> {
        if let Some(types) = &keywords.types {
            return types.clone();
        }
        let is_object = !keywords.properties.is_empty()
            || !keywords.property_patterns.is_empty()
            || keywords.additional.iter().any(|node| matches!(node.value, Value::Map(_)));
        // A CRD always sets `type`, unless it preserves unknown fields.
        if is_object && !(keywords.preserves && keywords.properties.is_empty()) {
            return vec!["object"];
        }
        if !keywords.items.is_empty() { vec!["array"] } else { Vec::new() }
    }

    fn one(&mut self, ty: &str, keywords: &Keywords<'n>, rules: &[Validation]) -> Type {
        match ty {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "integer" => self.integer(keywords),
            "number" => self.float(keywords),
            "string" => self.string(keywords),
            "array" => self.array(keywords),
            "object" => self.object(keywords, rules),
            _ => {
                if let Some(span) = keywords.span {
                    self.report_loss(span, &format!("the type `{ty}`"), "no such type");
                }
                Type::Any
            }
        }
    }

    /// The type of a schema without `type`, and whether it already includes the applicators.
    fn untyped(&mut self, keywords: &Keywords<'n>) -> (Type, bool) {
        if keywords.preserves {
            return (Type::Any, false);
        }
        match self.union(keywords) {
            Some(ty) => (ty, true),
            None => (self.implied(keywords), false),
        }
    }

    /// The type implied by conditions without `type`. Values of other types would satisfy them too, but are not intended.
    fn implied(&mut self, keywords: &Keywords<'n>) -> Type {
        let is_text = !keywords.patterns.is_empty() || keywords.lengths != Default::default();
        let is_number = keywords.bounds != Default::default() || !keywords.multiples.is_empty();
        match (is_text, is_number, keywords.span) {
            (true, false, _) => self.string(keywords),
            (false, true, _) => self.float(keywords),
            (true, true, Some(span)) => {
                self.report_loss(span, "conditions on strings and numbers without `type`", "the type is ambiguous");
                Type::Any
            }
            _ => Type::Any,
        }
    }

    fn enumeration(&mut self, keywords: &Keywords<'n>, allowed: &[&'n Node]) -> Type {
        let mut members = Vec::new();
        let mut floats = Vec::new();
        let mut rest = Vec::new();
        for node in allowed {
            match &node.value {
                Value::Null => members.push(Type::Null),
                Value::Float(number) => floats.push(*number),
                Value::List(_) | Value::Map(_) => rest.push(node),
                value => members.extend(Literal::of(value).map(Type::Literal)),
            }
        }
        if keywords.nullable {
            members.push(Type::Null);
        }
        if !floats.is_empty() {
            let ints = members.iter().filter_map(|member| match member {
                Type::Literal(Literal::Int(number)) => Some(*number as f64),
                _ => None,
            });
            let all: Vec<String> = ints.chain(floats).map(float_literal).collect();
            members.retain(|member| !matches!(member, Type::Literal(Literal::Int(_))));
            members.push(Type::Float.when(&Cond::compare(format!("it in [{}]", all.join(", ")))));
        }
        if let (Some(node), Some(span)) = (rest.first(), keywords.allowed_span) {
            self.report_loss(span, "an `enum` of lists or mappings", &format!("it contains {}", node.kind()));
            return Type::Any;
        }
        if let (true, Some(span)) = (members.is_empty(), keywords.allowed_span) {
            self.report_loss(span, "an empty `enum`", "it has no values");
            return Type::Any;
        }
        Type::union(members)
    }

    fn validations(&mut self, nodes: &[&'n Node]) -> Vec<Validation> {
        let mut found = Vec::new();
        for node in nodes {
            let Some(rule) = node.text_of("rule").map(str::trim).filter(|rule| !rule.is_empty()) else {
                self.report_loss(node.span, "this validation", "it has no `rule`");
                continue;
            };
            let said = node.text_of("message").map(str::trim).filter(|text| !text.is_empty());
            let message = said.map_or_else(|| format!("failed rule: {rule}"), str::to_owned);
            found.push(Validation { rule: rule.to_owned(), message });
        }
        found
    }

    /// Reads a schema that is only a reference.
    fn read_reference(&mut self, node: &'n Node) -> Option<ReadSchema> {
        let reference = node.get("$ref")?;
        let target = reference.text()?;
        let target_type = self.root.and_then(|root| pointed(root, target)).and_then(|schema| schema.get("type"));
        let is_alone = node.entries().iter().all(|entry| match entry.key.as_str() {
            "$ref" | "description" | "title" | "default" | "deprecated" | "$comment" | "examples" => true,
            "type" => target_type == Some(&entry.node),
            _ => false,
        });
        if !is_alone || !target.starts_with('#') {
            return None;
        }
        let name = if target == "#" || target == "#/" { "" } else { target.rsplit('/').next().unwrap_or_default() };
        let mut read = match self.definitions.get(target) {
            Some(&id) => self.known_definition(id),
            None => {
                let node = self.follow(reference)?;
                self.following.pop();
                self.read_definition(target, name, node)
            }
        };
        if let Some(doc) = node.text_of("description") {
            read.doc = doc.to_owned();
        }
        read.deprecated |= node.is_set("deprecated");
        Some(read)
    }

    fn known_definition(&mut self, id: SchemaId) -> ReadSchema {
        let schema = self.arena.get(id);
        let (doc, is_nullable) = (schema.doc.clone(), schema.alias.as_ref().is_some_and(Type::takes_null));
        ReadSchema { ty: Type::Schema(id), doc, deprecated: false, is_nullable, validations: Vec::new() }
    }

    /// Reads the target of a reference as a named definition, which may be recursive.
    pub(crate) fn read_definition(&mut self, target: &str, name: &str, node: &'n Node) -> ReadSchema {
        let name = self.definition_name(name);
        let id = self.arena.intern(Schema { name: name.clone(), ..Schema::default() }, std::slice::from_ref(&name));
        self.definitions.insert(target.to_owned(), id);
        let path = std::mem::replace(&mut self.name_path, vec![name.clone()]);
        let keys = target.trim_start_matches(['#', '/']).split('/').filter(|key| !key.is_empty());
        let keys: Vec<String> = keys.map(str::to_owned).collect();
        let schema_path = std::mem::replace(&mut self.schema_path, keys);
        let mut read = self.read(&[node]);
        self.schema_path = schema_path;
        self.name_path = path;
        let mut schema = match &read.ty {
            Type::Schema(inner) if *inner != id => self.arena.get(*inner).clone(),
            ty => Schema { alias: Some(ty.clone()), ..Schema::default() },
        };
        if let Type::Union(_) | Type::Where(..) = read.ty
            && read.is_nullable
        {
            schema.alias = Some(Type::Union(vec![read.ty.clone(), Type::Null]));
        }
        schema.doc = read.doc.clone();
        schema.name = name;
        // The definition takes the place of its placeholder, to which recursive references point.
        self.arena.replace(id, schema);
        read.ty = Type::Schema(id);
        read
    }

    /// Whether the target of this reference was already read.
    pub(crate) fn has_definition(&self, target: &str) -> bool {
        self.definitions.contains_key(target)
    }

    fn definition_name(&self, name: &str) -> String {
        let wish = match case::upper_camel(name) {
            name if name.is_empty() => self.name_path.first().cloned().unwrap_or_else(|| String::from("Root")),
            name => name,
        };
        let is_taken = |name: &str| self.arena.iter().any(|(_, schema)| schema.name == name);
        let mut free = wish.clone();
        let mut count = 2;
        while is_taken(&free) {
            free = format!("{wish}{count}");
            count += 1;
        }
        free
    }

    /// Resolves a reference and pushes it to `following`, from which the caller must pop it.
    pub(super) fn follow(&mut self, reference: &'n Node) -> Option<&'n Node> {
        let Some(target) = reference.text() else {
            self.report_loss(reference.span, "this `$ref`", "it is not a string");
            return None;
        };
        if !target.starts_with('#') {
            self.report_loss(
                reference.span,
                &format!("the reference `{target}`"),
                "it refers to another file, which is not fetched",
            );
            return None;
        }
        if self.following.iter().any(|open| open == target) || self.following.len() > MAX_FOLLOWING {
            self.report_loss(reference.span, &format!("the reference `{target}`"), "it is cyclic");
            return None;
        }
        self.followed += 1;
        if self.followed > MAX_FOLLOWED {
            if self.followed == MAX_FOLLOWED + 1 {
                self.report_loss(
                    reference.span,
                    &format!("the reference `{target}`"),
                    "nested references expand to too many schemas",
                );
            }
            return None;
        }
        let found = self.root.and_then(|root| pointed(root, target));
        if found.is_none() {
            self.report_loss(reference.span, &format!("the reference `{target}`"), "the target does not exist");
        } else {
            self.following.push(target.to_owned());
        }
        found
    }

    /// Whether objects allow additional properties by default.
    pub(super) fn is_open_by_default(&self) -> bool {
        self.dialect == Dialect::Json
    }
}

/// The node at a JSON pointer or an anchor.
fn pointed<'n>(root: &'n Node, target: &str) -> Option<&'n Node> {
    let pointer = target.strip_prefix('#')?;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return anchored(root, pointer);
    }
    let keys = pointer.split('/').skip(1).filter(|key| !key.is_empty());
    keys.map(|key| percent_decoded(key).replace("~1", "/").replace("~0", "~")).try_fold(root, |node, key| {
        match &node.value {
            Value::List(items) => items.get(key.parse::<usize>().ok()?).map(|item| &item.node),
            _ => node.get(&key),
        }
    })
}

fn anchored<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let is_it = |node: &Node| {
        node.text_of("$anchor") == Some(name)
            || node.text_of("$id").or(node.text_of("id")).is_some_and(|id| id.strip_prefix('#') == Some(name))
    };
    if is_it(node) {
        return Some(node);
    }
    let inner = node.entries().iter().map(|entry| &entry.node).chain(node.items().iter().map(|item| &item.node));
    inner.into_iter().find_map(|node| anchored(node, name))
}

fn percent_decoded(key: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = key.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &tail[2..];
            }
            (first, _) => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
