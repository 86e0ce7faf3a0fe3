//! Converts schemas to conditions on a value of a known type, for applicators.

use forge_syntax::write::float_literal;

use super::keywords::Keywords;
use super::reader::SchemaReader;
use super::scalar::{float_bounds, int_bounds, range};
use crate::cond::Cond;
use crate::model::{Literal, NamedType, Type};
use crate::node::{Node, Value};
use crate::{print, value};

mod object;
mod subject;
mod unsupported;

pub(super) use subject::{Subject, ValueKind, free_param, kinds};
pub(super) use unsupported::Unsupported;
use unsupported::{CondResult, unsupported};

impl<'n> SchemaReader<'n> {
    /// The condition that a value satisfies a schema.
    pub(super) fn condition(&mut self, node: &'n Node, subject: &Subject) -> CondResult {
        let keywords = self.keywords(&[node]);
        let result = self.condition_of(&keywords, subject);
        result.map_err(|unsupported| Unsupported { span: unsupported.span.or(keywords.span), ..unsupported })
    }

    pub(super) fn condition_of(&mut self, keywords: &Keywords<'n>, subject: &Subject) -> CondResult {
        if keywords.never {
            return Ok(Cond::False);
        }
        let subject = &self.with_schema(subject);
        let (cond, subject) = self.type_condition(keywords, subject)?;
        let subject = &self.with_schema(&subject);
        let mut parts = vec![cond];
        if let Some(allowed) = &keywords.allowed {
            parts.push(self.allowed_condition(allowed, keywords, subject)?);
        }
        parts.push(self.when_kind(subject, ValueKind::Str, |cx, it| Ok(cx.string_condition(keywords, it)))?);
        parts.push(self.number_condition(keywords, subject)?);
        parts.push(self.when_kind(subject, ValueKind::List, |cx, it| cx.list_condition(keywords, it))?);
        parts.push(self.when_kind(subject, ValueKind::Object, |cx, it| cx.object_condition(keywords, it))?);
        parts.push(self.applicators(keywords, subject)?);
        Ok(Cond::and(parts))
    }

    fn with_schema(&self, subject: &Subject) -> Subject {
        match (&subject.schema, subject.ty.base()) {
            (None, Type::Schema(id)) => Subject { schema: Some(self.arena.get(*id).clone()), ..subject.clone() },
            _ => subject.clone(),
        }
    }

    /// A condition that applies only to values of one kind; other values satisfy it.
    fn when_kind(
        &mut self,
        subject: &Subject,
        kind: ValueKind,
        cond: impl FnOnce(&mut Self, &Subject) -> CondResult,
    ) -> CondResult {
        match subject.is(kind) {
            Some(false) => Ok(Cond::True),
            Some(true) => cond(self, subject),
            None => {
                let inner = cond(self, &self.with_schema(&subject.narrowed(kind)))?;
                if inner == Cond::True {
                    return Ok(Cond::True);
                }
                Ok(Cond::or(vec![self.is_kind(subject, kind).not(), inner]))
            }
        }
    }

    fn is_kind(&mut self, subject: &Subject, kind: ValueKind) -> Cond {
        let narrowed = subject.narrowed(kind).ty;
        Cond::compare(format!("{} is {}", subject.expr, print::type_source(narrowed.base())))
    }

    /// The condition that the value has one of the types, and the subject narrowed accordingly.
    fn type_condition(&mut self, keywords: &Keywords<'n>, subject: &Subject) -> Result<(Cond, Subject), Unsupported> {
        let Some(types) = &keywords.types else { return Ok((Cond::True, subject.clone())) };
        let mut wanted: Vec<ValueKind> = Vec::new();
        for ty in types {
            wanted.extend(match *ty {
                "null" => &[ValueKind::Null][..],
                "boolean" => &[ValueKind::Bool],
                "integer" => &[ValueKind::Int],
                "number" => &[ValueKind::Int, ValueKind::Float],
                "string" => &[ValueKind::Str],
                "array" => &[ValueKind::List],
                "object" => &[ValueKind::Object],
                _ => return Err(unsupported(keywords.span, format!("there is no type `{ty}`"))),
            });
        }
        if wanted.contains(&ValueKind::Int)
            && subject.is(ValueKind::Float) == Some(true)
            && !wanted.contains(&ValueKind::Float)
        {
            let text = format!("{} == {}.trunc().toFloat()", subject.expr, subject.expr);
            return Ok((Cond::compare(text), subject.clone()));
        }
        let known: Vec<Option<bool>> = wanted.iter().map(|kind| subject.is(*kind)).collect();
        if known.contains(&Some(true)) {
            return Ok((Cond::True, subject.clone()));
        }
        let open: Vec<ValueKind> =
            wanted.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(kind, _)| *kind).collect();
        if let Some(all) = kinds(&subject.ty).filter(|_| subject.schema.is_none())
            && all.iter().all(|kind| open.contains(kind))
        {
            return Ok((Cond::True, subject.clone()));
        }
        let cond = Cond::or(open.iter().map(|kind| self.is_kind(subject, *kind)).collect());
        let then = if let [kind] = open.as_slice() { subject.narrowed(*kind) } else { subject.clone() };
        Ok((cond, then))
    }

    fn allowed_condition(&mut self, allowed: &[&'n Node], keywords: &Keywords<'n>, subject: &Subject) -> CondResult {
        if subject.schema.is_some() {
            return Err(unsupported(keywords.allowed_span, "objects cannot be compared as a whole"));
        }
        let possible = |node: &&&Node| {
            literals(&subject.ty).is_none_or(|all| Literal::of(&node.value).is_some_and(|it| all.contains(&it)))
        };
        let is_float = subject.is(ValueKind::Float) == Some(true);
        let values: Vec<String> = allowed
            .iter()
            .filter(possible)
            .map(|node| match node.value {
                Value::Int(number) if is_float => float_literal(number as f64),
                _ => value::expr(node),
            })
            .collect();
        Ok(match values.as_slice() {
            [] => Cond::False,
            [value] => Cond::compare(format!("{} == {value}", subject.expr)),
            values => Cond::compare(format!("{} in [{}]", subject.expr, values.join(", "))),
        })
    }

    fn string_condition(&mut self, keywords: &Keywords<'n>, subject: &Subject) -> Cond {
        let mut parts = vec![self.text_conditions(&subject.expr, keywords)];
        for format in &keywords.formats {
            let known = match format.value {
                "ipv4" => NamedType::Ipv4,
                "ipv6" => NamedType::Ipv6,
                "cidr" => NamedType::Cidr,
                _ => continue,
            };
            self.arena.used.insert(known);
            parts.push(Cond::compare(format!("{} is {}", subject.expr, print::named_type_path(known))));
        }
        Cond::and(parts)
    }

    fn number_condition(&mut self, keywords: &Keywords<'n>, subject: &Subject) -> CondResult {
        let it = &subject.expr;
        let (int, float) = (int_bounds(it, keywords), float_bounds(it, keywords));
        Ok(match (subject.is(ValueKind::Int), subject.is(ValueKind::Float)) {
            _ if int == Cond::True && float == Cond::True => Cond::True,
            (Some(true), _) => int,
            (_, Some(true)) => float,
            (Some(false), Some(false)) => Cond::True,
            (_, Some(false)) => Cond::or(vec![self.is_kind(subject, ValueKind::Int).not(), int]),
            _ => Cond::or(vec![self.is_kind(subject, ValueKind::Float).not(), float]),
        })
    }

    fn list_condition(&mut self, keywords: &Keywords<'n>, subject: &Subject) -> CondResult {
        let it = &subject.expr;
        let item = match subject.ty.base() {
            Type::List(item) | Type::Keyed(item, _) => (**item).clone(),
            _ => Type::Any,
        };
        let mut parts = vec![range(&format!("{it}.length"), keywords.item_count)];
        if keywords.unique {
            parts.push(Cond::Call(format!("{it}.duplicates().isEmpty")));
        }
        for (nodes, method) in [(&keywords.items, "all"), (&keywords.contains, "any")] {
            for node in nodes {
                let param = self.param("item");
                let inner = Subject { expr: param.clone(), ty: item.clone(), schema: None };
                match self.condition(node, &inner)? {
                    Cond::True if method == "all" => {}
                    Cond::True => parts.push(Cond::Call(format!("!{it}.isEmpty"))),
                    cond => parts.push(Cond::Call(format!("{it}.{method}({param} => {})", cond.text()))),
                }
            }
        }
        Ok(Cond::and(parts))
    }

    /// The condition of all applicators.
    pub(super) fn applicators(&mut self, keywords: &Keywords<'n>, subject: &Subject) -> CondResult {
        let mut parts = Vec::new();
        for group in &keywords.any_of {
            parts.push(Cond::or(self.conditions(group, "anyOf", subject)?));
        }
        for group in &keywords.one_of {
            let param = self.param("holds");
            parts.push(Cond::exactly_one(self.conditions(group, "oneOf", subject)?, &param));
        }
        for node in &keywords.not {
            parts.push(self.below(&["not"], |cx| cx.condition(node, subject))?.not());
        }
        for node in &keywords.conditionals {
            let part = |cx: &mut Self, key: &str, node: Option<&'n Node>| match node {
                Some(node) => cx.below(&[key], |cx| cx.condition(node, subject)),
                None => Ok(Cond::True),
            };
            let cond = part(self, "if", node.get("if"))?;
            let then = part(self, "then", node.get("then"))?;
            let other = part(self, "else", node.get("else"))?;
            parts.push(Cond::or(vec![cond.clone().not(), then]));
            parts.push(Cond::or(vec![cond, other]));
        }
        Ok(Cond::and(parts))
    }

    fn conditions(&mut self, group: &'n Node, key: &str, subject: &Subject) -> Result<Vec<Cond>, Unsupported> {
        let mut found = Vec::new();
        for (at, item) in group.items().iter().enumerate() {
            found.push(self.below(&[key, &at.to_string()], |cx| cx.condition(&item.node, subject))?);
        }
        Ok(found)
    }

    /// A parameter name that shadows no field.
    fn param(&self, wish: &str) -> String {
        let mut name = wish.to_owned();
        while self.taken.contains(&name) {
            name.insert(0, '_');
        }
        name
    }
}

/// The literals of a type that consists only of literals.
fn literals(ty: &Type) -> Option<Vec<Literal>> {
    match ty.base() {
        Type::Literal(literal) => Some(vec![literal.clone()]),
        Type::Union(members) => {
            let mut all = Vec::new();
            for member in members {
                all.extend(literals(member)?);
            }
            Some(all)
        }
        _ => None,
    }
}
