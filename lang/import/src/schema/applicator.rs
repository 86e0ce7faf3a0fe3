//! Applicators: `oneOf`, `anyOf`, `not` and `if`. They become unions if they distinguish types, and checks and refinements
//! if they constrain values.

use super::condition::{Subject, Unsupported, ValueKind, kinds};
use super::keywords::Keywords;
use super::reader::SchemaReader;
use super::scalar::range;
use crate::case;
use crate::cond::Cond;
use crate::model::{Check, Literal, Schema, Type};
use crate::node::Node;

impl<'n> SchemaReader<'n> {
    /// The union of the alternatives of an untyped schema, if all of them have types.
    pub(super) fn union(&mut self, keywords: &Keywords<'n>) -> Option<Type> {
        let (group, key) = match (keywords.one_of.as_slice(), keywords.any_of.as_slice()) {
            ([group], []) => (*group, "oneOf"),
            ([], [group]) => (*group, "anyOf"),
            _ => return None,
        };
        let parts: Vec<&'n Node> = group.items().iter().map(|item| &item.node).collect();
        if parts.is_empty() || !parts.iter().all(|node| says_type(node)) || !keywords.not.is_empty() {
            return None;
        }
        let mut members = Vec::new();
        for (at, node) in parts.iter().enumerate() {
            let position = at.to_string();
            let name = alternative_name(node, at);
            let read = self.below(&[key, &position], |cx| cx.named(&name, |cx| cx.read(&[*node])));
            members.push(read.nullable_type());
        }
        if self.can_be_told_apart(&members) {
            return Some(Type::union(members));
        }
        if let Some(merged) = merged_conditions(&members, key) {
            return Some(merged);
        }
        self.overlapping(keywords, group)
    }

    /// The type of alternatives that cannot be told apart: `Any` with a condition.
    fn overlapping(&mut self, keywords: &Keywords<'n>, group: &'n Node) -> Option<Type> {
        let subject = Subject::it(&Type::Any);
        Some(match self.applicators(keywords, &subject) {
            Ok(cond) => Type::Any.when(&cond),
            Err(unsupported) => {
                let span = unsupported.span.unwrap_or(group.span);
                self.report_loss(span, "a union with overlapping members", &unsupported.why);
                Type::Any
            }
        })
    }

    /// Whether every value belongs to one member, judging by its kind, or for objects by the schema.
    fn can_be_told_apart(&self, members: &[Type]) -> bool {
        let mut seen: Vec<(ValueKind, &Type)> = Vec::new();
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

    /// Adds the conditions of lists, maps and applicators to a type that is not a schema.
    pub(super) fn with_conditions(&mut self, ty: Type, keywords: &Keywords<'n>) -> Type {
        let mut parts = Vec::new();
        let is_list = matches!(ty.base(), Type::List(_) | Type::Keyed(..));
        if is_list {
            parts.push(range("it.length", keywords.item_count));
            let is_set = keywords.list_type == Some("set") || keywords.unique;
            if is_set {
                parts.push(Cond::Call(String::from("it.duplicates().isEmpty")));
            }
            parts.extend(self.contained(keywords, &ty));
        }
        if let Type::Map(..) = ty.base() {
            parts.push(range("it.length", keywords.property_count));
        }
        parts.push(self.applicator_condition(&ty, keywords));
        let cond = Cond::and(parts);
        ty.when(&cond)
    }

    fn contained(&mut self, keywords: &Keywords<'n>, ty: &Type) -> Option<Cond> {
        let nodes = keywords.contains.clone();
        let only = Keywords { contains: nodes, span: keywords.span, ..Keywords::default() };
        if only.contains.is_empty() {
            return None;
        }
        self.condition_or_report(&only, &Subject::it(ty), "`contains`")
    }

    fn applicator_condition(&mut self, ty: &Type, keywords: &Keywords<'n>) -> Cond {
        if keywords.int_or_string && only_int_or_string(keywords) {
            return Cond::True;
        }
        let subject = Subject::it(ty);
        match self.applicators(keywords, &subject) {
            Ok(cond) => cond,
            Err(unsupported) => self.report_applicator(keywords, unsupported),
        }
    }

    fn condition_or_report(&mut self, keywords: &Keywords<'n>, subject: &Subject, what: &str) -> Option<Cond> {
        match self.condition_of(keywords, subject) {
            Ok(cond) => Some(cond),
            Err(unsupported) => {
                if let Some(span) = unsupported.span.or(keywords.span) {
                    self.report_loss(span, what, &unsupported.why);
                }
                None
            }
        }
    }

    fn report_applicator(&mut self, keywords: &Keywords<'n>, unsupported: Unsupported) -> Cond {
        let what = match () {
            () if !keywords.one_of.is_empty() => "this `oneOf`",
            () if !keywords.any_of.is_empty() => "this `anyOf`",
            () if !keywords.not.is_empty() => "this `not`",
            () => "this `if`",
        };
        if let Some(span) = unsupported.span.or(keywords.span) {
            self.report_loss(span, what, &unsupported.why);
        }
        Cond::True
    }

    /// Adds a check to a schema for each applicator.
    pub(super) fn applicator_checks(&mut self, keywords: &Keywords<'n>, schema: &mut Schema) {
        self.taken = schema.fields.iter().map(|field| field.name.clone()).collect();
        let subject = Subject::object(schema);
        let parts = [
            Keywords { any_of: keywords.any_of.clone(), span: keywords.span, ..Keywords::default() },
            Keywords { one_of: keywords.one_of.clone(), span: keywords.span, ..Keywords::default() },
            Keywords { not: keywords.not.clone(), span: keywords.span, ..Keywords::default() },
            Keywords { conditionals: keywords.conditionals.clone(), span: keywords.span, ..Keywords::default() },
            Keywords { dependent: keywords.dependent.clone(), span: keywords.span, ..Keywords::default() },
        ];
        for part in parts {
            let cond = match self.condition_of(&part, &subject) {
                Ok(cond) => cond,
                Err(unsupported) => self.report_applicator(&part, unsupported),
            };
            if cond != Cond::True {
                schema.checks.push(Check { cond: cond.text(), message: message(&part) });
            }
        }
        self.taken.clear();
    }
}

/// The message of the check for an applicator; specific if it only requires fields.
fn message(keywords: &Keywords<'_>) -> String {
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
    if let [group] = keywords.one_of.as_slice() {
        return match named(group) {
            Some(names) => format!("exactly one of {} must be set", list(names)),
            None => format!("exactly one of {} alternatives must match", group.items().len()),
        };
    }
    if let [group] = keywords.any_of.as_slice() {
        return match named(group) {
            Some(names) => format!("at least one of {} must be set", list(names)),
            None => format!("none of {} alternatives matches", group.items().len()),
        };
    }
    if let [node] = keywords.not.as_slice() {
        let required = node.get("required").map(Node::texts).unwrap_or_default();
        if node.entries().len() == 1 && !required.is_empty() {
            let names: Vec<String> = required.iter().map(|name| format!("`{name}`")).collect();
            return match names.as_slice() {
                [name] => format!("{name} must not be set"),
                _ => format!("{} must not be set together", names.join(" and ")),
            };
        }
        return String::from("this combination of fields is not allowed");
    }
    if let [(name, _)] = keywords.dependent.as_slice() {
        return format!("`{name}` requires other fields");
    }
    String::from("the fields are inconsistent")
}

/// Whether a schema determines the type of its values.
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

/// Whether the applicators are only `anyOf: [{type: integer}, {type: string}]`, which is redundant next to
/// `x-kubernetes-int-or-string`.
fn only_int_or_string(keywords: &Keywords<'_>) -> bool {
    let is_plain = |group: &Node| {
        group.items().iter().all(|item| {
            item.node.entries().len() == 1 && matches!(item.node.text_of("type"), Some("integer" | "string"))
        })
    };
    keywords.any_of.iter().all(|group| is_plain(group))
        && keywords.one_of.is_empty()
        && keywords.not.is_empty()
        && keywords.conditionals.is_empty()
}

/// Merges alternatives of the same type that differ only in their conditions.
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

/// A name for the type of an alternative, from what distinguishes it.
fn alternative_name(node: &Node, at: usize) -> String {
    let title = node.text_of("title").map(case::upper_camel).filter(|name| !name.is_empty() && name.len() <= 40);
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
                Literal::Str(text) => Some(case::upper_camel(&text)).filter(|name| !name.is_empty()),
                _ => None,
            }
        })
    };
    let required = || match node.get("required").map(Node::texts).unwrap_or_default().as_slice() {
        [name] => Some(case::upper_camel(name)).filter(|name| !name.is_empty()),
        _ => None,
    };
    title.or_else(literal).or_else(required).unwrap_or_else(|| format!("Option{}", at + 1))
}
