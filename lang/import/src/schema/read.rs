//! Types of schemas: which of them a schema is, and references.

use super::keywords::Keywords;
use super::{Dialect, Reader, cel};
use crate::cond::Cond;
use crate::model::{Known, Literal, Schema, SchemaId, Type, Validation};
use crate::node::{Node, Value};
use crate::text;

/// A type with what belongs to the field that has it.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) ty: Type,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
    pub(crate) is_nullable: bool,
    pub(crate) validations: Vec<Validation>,
}

/// How deep definitions may refer to others.
const MAX_FOLLOWING: usize = 100;
/// How many references are followed in one file: those that name others twice stand for more with each.
const MOST_FOLLOWED: usize = 1_000_000;

impl<'n> Reader<'n> {
    /// The type of the values that satisfy all of `nodes`.
    pub(crate) fn read(&mut self, nodes: &[&'n Node]) -> Read {
        if let [node] = nodes
            && let Some(read) = self.read_reference(node)
        {
            return read;
        }
        let words = self.keywords(nodes);
        self.read_keywords(words)
    }

    pub(super) fn read_keywords(&mut self, words: Keywords<'n>) -> Read {
        let (doc, deprecated) = (words.doc.clone(), words.deprecated);
        let mut read = Read { ty: Type::Any, doc, deprecated, is_nullable: words.nullable, validations: Vec::new() };
        if words.never {
            if let Some(span) = words.span {
                self.refuse(span, "the schema `false`", "no value fits it");
            }
            return read;
        }
        let rules = self.validations(&words.validations);
        let (ty, holds_rules) = self.typed(&words, &rules);
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

    /// The type, and whether it is a schema that holds the rules itself.
    fn typed(&mut self, words: &Keywords<'n>, rules: &[Validation]) -> (Type, bool) {
        if let Some(allowed) = &words.allowed {
            let ty = self.enumeration(words, allowed);
            return (self.with_conditions(ty, words), false);
        }
        if words.is_resource {
            return (Type::Known(Known::Resource), false);
        }
        if words.int_or_string {
            return (self.int_or_string(words), false);
        }
        let types = self.types(words);
        if types.is_empty() {
            let (ty, junctors_done) = self.untyped(words);
            return (if junctors_done { ty } else { self.with_conditions(ty, words) }, false);
        }
        if let [ty] = types.as_slice() {
            let ty = self.one(ty, words, rules);
            // An object's conditions are checks of its schema.
            if let Type::Schema(_) = ty {
                return (ty, true);
            }
            return (self.with_conditions(ty, words), false);
        }
        let mut holds_rules = false;
        let members = types.iter().map(|ty| {
            let member = self.one(ty, words, rules);
            holds_rules |= matches!(member, Type::Schema(_));
            member
        });
        let union = Type::union(members.collect());
        (self.with_conditions(union, words), holds_rules)
    }

    /// The type's names, said or implied.
    fn types(&mut self, words: &Keywords<'n>) -> Vec<&'n str> {
        if let Some(types) = &words.types {
            return types.clone();
        }
        let is_object = !words.properties.is_empty()
            || !words.property_patterns.is_empty()
            || words.additional.iter().any(|node| matches!(node.value, Value::Map(_)));
        // In CRDs the type is always there, unless anything may be.
        if is_object && !(words.preserves && words.properties.is_empty()) {
            return vec!["object"];
        }
        if !words.items.is_empty() { vec!["array"] } else { Vec::new() }
    }

    fn one(&mut self, ty: &str, words: &Keywords<'n>, rules: &[Validation]) -> Type {
        match ty {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "integer" => self.integer(words),
            "number" => self.float(words),
            "string" => self.string(words),
            "array" => self.array(words),
            "object" => self.object(words, rules),
            _ => {
                if let Some(span) = words.span {
                    self.refuse(span, &format!("the type `{ty}`"), "no such type");
                }
                Type::Any
            }
        }
    }

    /// A schema without a type: what its alternatives say, if they say more than conditions.
    fn untyped(&mut self, words: &Keywords<'n>) -> (Type, bool) {
        if words.preserves {
            return (Type::Any, false);
        }
        match self.union(words) {
            Some(ty) => (ty, true),
            None => (self.implied(words), false),
        }
    }

    /// What conditions without a type are about. Other values would satisfy them too, but nobody means those.
    fn implied(&mut self, words: &Keywords<'n>) -> Type {
        let is_text = !words.patterns.is_empty() || words.lengths != Default::default();
        let is_number = words.bounds != Default::default() || !words.multiples.is_empty();
        match (is_text, is_number, words.span) {
            (true, false, _) => self.string(words),
            (false, true, _) => self.float(words),
            (true, true, Some(span)) => {
                self.refuse(span, "conditions on strings and numbers without a type", "the type is not known");
                Type::Any
            }
            _ => Type::Any,
        }
    }

    fn enumeration(&mut self, words: &Keywords<'n>, allowed: &[&'n Node]) -> Type {
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
        if words.nullable {
            members.push(Type::Null);
        }
        if !floats.is_empty() {
            let ints = members.iter().filter_map(|member| match member {
                Type::Literal(Literal::Int(number)) => Some(*number as f64),
                _ => None,
            });
            let all: Vec<String> = ints.chain(floats).map(text::float).collect();
            members.retain(|member| !matches!(member, Type::Literal(Literal::Int(_))));
            members.push(Type::Float.when(&Cond::compare(format!("it in [{}]", all.join(", ")))));
        }
        if let (Some(node), Some(span)) = (rest.first(), words.allowed_span) {
            self.refuse(span, "an `enum` of lists or mappings", &format!("it allows {}", node.kind()));
            return Type::Any;
        }
        if let (true, Some(span)) = (members.is_empty(), words.allowed_span) {
            self.refuse(span, "an `enum` without a value", "no value fits");
            return Type::Any;
        }
        Type::union(members)
    }

    fn validations(&mut self, nodes: &[&'n Node]) -> Vec<Validation> {
        let mut found = Vec::new();
        for node in nodes {
            let Some(rule) = node.text_of("rule").map(str::trim).filter(|rule| !rule.is_empty()) else {
                self.refuse(node.span, "this validation", "it has no `rule`");
                continue;
            };
            let said = node.text_of("message").map(str::trim).filter(|text| !text.is_empty());
            let message = said.map_or_else(|| format!("failed rule: {rule}"), str::to_owned);
            found.push(Validation { rule: rule.to_owned(), message });
        }
        found
    }

    /// The rules of a list's items, or of a map's values, as rules of the whole.
    pub(super) fn lift_rules(&mut self, inner: Vec<Validation>, is_list: bool) -> Vec<Validation> {
        let lift = if is_list { cel::for_all_items } else { cel::for_all_values };
        inner.into_iter().map(|rule| Validation { rule: lift(&rule.rule), message: rule.message }).collect()
    }

    /// What a schema that is only a reference stands for.
    fn read_reference(&mut self, node: &'n Node) -> Option<Read> {
        let reference = node.get("$ref")?;
        let is_alone = node.entries().iter().all(|entry| {
            matches!(
                entry.key.as_str(),
                "$ref" | "description" | "title" | "default" | "deprecated" | "$comment" | "examples"
            )
        });
        let target = reference.text()?;
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

    fn known_definition(&mut self, id: SchemaId) -> Read {
        let schema = self.arena.get(id);
        let (doc, is_nullable) = (schema.doc.clone(), schema.alias.as_ref().is_some_and(Type::takes_null));
        Read { ty: Type::Schema(id), doc, deprecated: false, is_nullable, validations: Vec::new() }
    }

    /// Reads what a reference points at, under a name of its own that it may refer to itself.
    pub(crate) fn read_definition(&mut self, target: &str, name: &str, node: &'n Node) -> Read {
        let name = self.definition_name(name);
        let id = self.arena.intern(Schema { name: name.clone(), ..Schema::default() }, std::slice::from_ref(&name));
        self.definitions.insert(target.to_owned(), id);
        let path = std::mem::replace(&mut self.path, vec![name.clone()]);
        let keys = target.trim_start_matches(['#', '/']).split('/').filter(|key| !key.is_empty());
        let keys: Vec<String> = keys.map(str::to_owned).collect();
        let place = std::mem::replace(&mut self.place, keys);
        let mut read = self.read(&[node]);
        self.place = place;
        self.path = path;
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
        // A definition that is itself a name, or a plain type, needs none of its own unless it holds itself.
        self.arena.replace(id, schema);
        read.ty = Type::Schema(id);
        read
    }

    /// Whether something was read that is at the end of this reference.
    pub(crate) fn has_definition(&self, target: &str) -> bool {
        self.definitions.contains_key(target)
    }

    fn definition_name(&self, name: &str) -> String {
        let wish = match text::upper_camel(name) {
            name if name.is_empty() => self.path.first().cloned().unwrap_or_else(|| String::from("Root")),
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

    /// The schema that a reference points at. The caller takes it off `following` again.
    pub(super) fn follow(&mut self, reference: &'n Node) -> Option<&'n Node> {
        let Some(target) = reference.text() else {
            self.refuse(reference.span, "this `$ref`", "it is not a string");
            return None;
        };
        if !target.starts_with('#') {
            self.refuse(
                reference.span,
                &format!("the reference `{target}`"),
                "it leaves the file, and nothing is fetched",
            );
            return None;
        }
        if self.following.iter().any(|open| open == target) || self.following.len() > MAX_FOLLOWING {
            self.refuse(reference.span, &format!("the reference `{target}`"), "it leads back to itself");
            return None;
        }
        self.followed += 1;
        if self.followed > MOST_FOLLOWED {
            if self.followed == MOST_FOLLOWED + 1 {
                self.refuse(reference.span, &format!("the reference `{target}`"), "references stand for too much");
            }
            return None;
        }
        let found = self.root.and_then(|root| pointed(root, target));
        if found.is_none() {
            self.refuse(reference.span, &format!("the reference `{target}`"), "there is nothing at this place");
        } else {
            self.following.push(target.to_owned());
        }
        found
    }

    /// Whether objects take properties that they do not name.
    pub(super) fn is_open_by_default(&self) -> bool {
        self.dialect == Dialect::Json
    }
}

/// What a JSON pointer, or an anchor, points at.
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
