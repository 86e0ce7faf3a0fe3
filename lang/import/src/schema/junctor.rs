//! `oneOf`, `anyOf`, `not` and `if`: unions where they are about types, checks and refinements where they are about values.

use super::Reader;
use super::condition::{Kind, Refusal, Subject, kinds};
use super::keywords::Keywords;
use super::object::nullable;
use super::scalar::range;
use crate::cond::Cond;
use crate::model::{Check, Literal, Schema, Type};
use crate::node::Node;
use crate::text;

impl<'n> Reader<'n> {
    /// The union that the alternatives of an untyped schema make, if they say types at all.
    pub(super) fn union(&mut self, words: &Keywords<'n>) -> Option<Type> {
        let (group, key) = match (words.one_of.as_slice(), words.any_of.as_slice()) {
            ([group], []) => (*group, "oneOf"),
            ([], [group]) => (*group, "anyOf"),
            _ => return None,
        };
        let parts: Vec<&'n Node> = group.items().iter().map(|item| &item.node).collect();
        if parts.is_empty() || !parts.iter().all(|node| says_type(node)) || !words.not.is_empty() {
            return None;
        }
        let mut members = Vec::new();
        for (at, node) in parts.iter().enumerate() {
            let position = at.to_string();
            let name = alternative_name(node, at);
            let read = self.below(&[key, &position], |cx| cx.named(&name, |cx| cx.read(&[*node])));
            members.push(nullable(read.ty, read.is_nullable));
        }
        if self.can_be_told_apart(&members) {
            return Some(Type::union(members));
        }
        if let Some(merged) = merged_conditions(&members, key) {
            return Some(merged);
        }
        self.overlapping(words, group)
    }

    /// Alternatives that a literal does not choose between: any data, with a condition.
    fn overlapping(&mut self, words: &Keywords<'n>, group: &'n Node) -> Option<Type> {
        let subject = Subject::it(&Type::Any);
        Some(match self.junctors(words, &subject) {
            Ok(cond) => Type::Any.when(&cond),
            Err(refusal) => {
                let span = refusal.span.unwrap_or(group.span);
                self.refuse(span, "a union whose members overlap", &refusal.why);
                Type::Any
            }
        })
    }

    /// Whether a value shows which member it is of: by its kind, or, for objects, by the name of the schema.
    fn can_be_told_apart(&self, members: &[Type]) -> bool {
        let mut seen: Vec<(Kind, &Type)> = Vec::new();
        for member in members {
            let flat: Vec<&Type> = match member {
                Type::Union(inner) => inner.iter().collect(),
                other => vec![other],
            };
            for ty in flat {
                let Some(all) = kinds(ty) else { return false };
                for kind in all {
                    let clashes = seen.iter().any(|(other_kind, other)| match (other, ty) {
                        _ if *other_kind != kind => false,
                        (Type::Schema(_), Type::Schema(_)) => false,
                        (Type::Literal(_), Type::Literal(_)) => false,
                        (other, ty) => *other != ty,
                    });
                    if clashes {
                        return false;
                    }
                    seen.push((kind, ty));
                }
            }
        }
        true
    }

    /// Adds to a type that is no schema what lists, maps and alternatives ask beyond it.
    pub(super) fn with_conditions(&mut self, ty: Type, words: &Keywords<'n>) -> Type {
        let mut parts = Vec::new();
        let is_list = matches!(ty.base(), Type::List(_) | Type::Keyed(..));
        if is_list {
            parts.push(range("it.length", words.item_count));
            let is_set = words.list_type == Some("set") || words.unique;
            if is_set {
                parts.push(Cond::Call(String::from("it.duplicates().isEmpty")));
            }
            parts.extend(self.contained(words, &ty));
        }
        if let Type::Map(..) = ty.base() {
            parts.push(range("it.length", words.property_count));
        }
        parts.push(self.junctor_condition(&ty, words));
        let cond = Cond::and(parts);
        ty.when(&cond)
    }

    fn contained(&mut self, words: &Keywords<'n>, ty: &Type) -> Option<Cond> {
        let nodes = words.contains.clone();
        let only = Keywords { contains: nodes, span: words.span, ..Keywords::default() };
        if only.contains.is_empty() {
            return None;
        }
        self.told(&only, &Subject::it(ty), "`contains`")
    }

    fn junctor_condition(&mut self, ty: &Type, words: &Keywords<'n>) -> Cond {
        if words.int_or_string && only_int_or_string(words) {
            return Cond::True;
        }
        let subject = Subject::it(ty);
        match self.junctors(words, &subject) {
            Ok(cond) => cond,
            Err(refusal) => self.refuse_junctor(words, refusal),
        }
    }

    fn told(&mut self, words: &Keywords<'n>, subject: &Subject, what: &str) -> Option<Cond> {
        match self.condition_of(words, subject) {
            Ok(cond) => Some(cond),
            Err(refusal) => {
                if let Some(span) = refusal.span.or(words.span) {
                    self.refuse(span, what, &refusal.why);
                }
                None
            }
        }
    }

    fn refuse_junctor(&mut self, words: &Keywords<'n>, refusal: Refusal) -> Cond {
        let what = match () {
            () if !words.one_of.is_empty() => "this `oneOf`",
            () if !words.any_of.is_empty() => "this `anyOf`",
            () if !words.not.is_empty() => "this `not`",
            () => "this `if`",
        };
        if let Some(span) = refusal.span.or(words.span) {
            self.refuse(span, what, &refusal.why);
        }
        Cond::True
    }

    /// Adds the checks that alternatives and conditionals make of a schema.
    pub(super) fn junctor_checks(&mut self, words: &Keywords<'n>, schema: &mut Schema) {
        self.taken = schema.fields.iter().map(|field| field.name.clone()).collect();
        let subject = Subject::object(schema);
        let parts = [
            Keywords { any_of: words.any_of.clone(), span: words.span, ..Keywords::default() },
            Keywords { one_of: words.one_of.clone(), span: words.span, ..Keywords::default() },
            Keywords { not: words.not.clone(), span: words.span, ..Keywords::default() },
            Keywords { conditionals: words.conditionals.clone(), span: words.span, ..Keywords::default() },
            Keywords { dependent: words.dependent.clone(), span: words.span, ..Keywords::default() },
        ];
        for part in parts {
            let cond = match self.condition_of(&part, &subject) {
                Ok(cond) => cond,
                Err(refusal) => self.refuse_junctor(&part, refusal),
            };
            if cond != Cond::True {
                schema.checks.push(Check { cond: cond.text(), message: message(&part) });
            }
        }
        self.taken.clear();
    }
}

/// Says in words what alternatives ask, where they only ask for fields.
fn message(words: &Keywords<'_>) -> String {
    let named = |group: &Node| -> Option<Vec<String>> {
        let one = |node: &Node| {
            let is_plain = node.entries().iter().all(|entry| matches!(entry.key.as_str(), "required" | "properties"));
            let is_empty = |node: &Node| node.entries().iter().all(|entry| entry.node.entries().is_empty());
            let plain_properties = node.get("properties").is_none_or(is_empty);
            let names: Vec<String> = node.get("required")?.texts().iter().map(|name| format!("`{name}`")).collect();
            (is_plain && plain_properties && !names.is_empty()).then(|| names.join(" with "))
        };
        group.items().iter().map(|item| one(&item.node)).collect()
    };
    let list = |names: Vec<String>| match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.join(""),
    };
    if let [group] = words.one_of.as_slice() {
        return match named(group) {
            Some(names) => format!("exactly one of {} must be set", list(names)),
            None => format!("exactly one of {} alternatives must fit", group.items().len()),
        };
    }
    if let [group] = words.any_of.as_slice() {
        return match named(group) {
            Some(names) => format!("at least one of {} must be set", list(names)),
            None => format!("none of {} alternatives fits", group.items().len()),
        };
    }
    if let [node] = words.not.as_slice() {
        let required = node.get("required").map(Node::texts).unwrap_or_default();
        if node.entries().len() == 1 && !required.is_empty() {
            let names: Vec<String> = required.iter().map(|name| format!("`{name}`")).collect();
            return match names.as_slice() {
                [name] => format!("{name} must not be set"),
                _ => format!("{} must not be set together", names.join(" and ")),
            };
        }
        return String::from("the fields are set in a way that is not allowed");
    }
    if let [(name, _)] = words.dependent.as_slice() {
        return format!("`{name}` needs other fields");
    }
    String::from("the fields do not fit each other")
}

/// Whether a schema says what type its values have.
fn says_type(node: &Node) -> bool {
    let says = |key: &str| node.get(key).is_some();
    let by_parts =
        |key: &str| node.get(key).is_some_and(|group| group.items().iter().any(|item| says_type(&item.node)));
    says("type")
        || says("properties")
        || says("items")
        || says("enum")
        || says("const")
        || says("$ref")
        || says("additionalProperties")
        || says("x-kubernetes-int-or-string")
        || by_parts("allOf")
        || by_parts("anyOf")
        || by_parts("oneOf")
}

/// `anyOf: [{type: integer}, {type: string}]` beside `x-kubernetes-int-or-string` says the same again.
fn only_int_or_string(words: &Keywords<'_>) -> bool {
    let is_plain = |group: &Node| {
        group.items().iter().all(|item| {
            item.node.entries().len() == 1 && matches!(item.node.text_of("type"), Some("integer" | "string"))
        })
    };
    words.any_of.iter().all(|group| is_plain(group))
        && words.one_of.is_empty()
        && words.not.is_empty()
        && words.conditionals.is_empty()
}

/// Alternatives of one type that differ in their conditions: the type with all of them.
fn merged_conditions(members: &[Type], key: &str) -> Option<Type> {
    let base = members.first()?.base().clone();
    let mut conds = Vec::new();
    for member in members {
        match member {
            ty if *ty == base => conds.push(Cond::True),
            Type::Where(inner, cond) if **inner == base => conds.push(Cond::Compare(cond.clone())),
            _ => return None,
        }
    }
    let wrapped = conds.into_iter().map(|cond| match cond {
        Cond::Compare(text) if text.contains("&&") || text.contains("||") => Cond::Compare(format!("({text})")),
        cond => cond,
    });
    let cond = match key {
        "oneOf" => Cond::exactly_one(wrapped.collect(), "holds"),
        _ => Cond::or(wrapped.collect()),
    };
    Some(base.when(&cond))
}

/// What distinguishes an alternative, for the name of its type.
fn alternative_name(node: &Node, at: usize) -> String {
    let title = node.text_of("title").map(text::upper_camel).filter(|name| !name.is_empty() && name.len() <= 40);
    let literal = || {
        let properties = node.get("properties")?.entries();
        properties.iter().find_map(|entry| {
            let value = match entry.node.get("const") {
                Some(value) => value,
                None => match entry.node.get("enum")?.items() {
                    [only] => &only.node,
                    _ => return None,
                },
            };
            match Literal::of(&value.value)? {
                Literal::Str(text) => Some(text::upper_camel(&text)).filter(|name| !name.is_empty()),
                _ => None,
            }
        })
    };
    let required = || match node.get("required").map(Node::texts).unwrap_or_default().as_slice() {
        [name] => Some(text::upper_camel(name)).filter(|name| !name.is_empty()),
        _ => None,
    };
    title.or_else(literal).or_else(required).unwrap_or_else(|| format!("Option{}", at + 1))
}
