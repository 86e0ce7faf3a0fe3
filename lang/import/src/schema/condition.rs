//! Schemas as conditions on a value whose type is known: what alternatives and negations say beyond types.

use forge_base::Span;

use super::Reader;
use super::keywords::Keywords;
use super::scalar::{float_bounds, int_bounds, range};
use crate::cond::Cond;
use crate::model::{Known, Literal, Type};
use crate::node::{Node, Value};
use crate::{print, text};

mod object;
mod subject;

pub(super) use subject::{Kind, Subject, free_param, kinds};

/// Why something is no condition.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) span: Option<Span>,
    pub(super) why: String,
}

type Answer = Result<Cond, Refusal>;

fn refused(span: Option<Span>, why: impl Into<String>) -> Refusal {
    Refusal { span, why: why.into() }
}

impl<'n> Reader<'n> {
    /// What a schema says of a value.
    pub(super) fn condition(&mut self, node: &'n Node, subject: &Subject) -> Answer {
        let words = self.keywords(&[node]);
        let answer = self.condition_of(&words, subject);
        answer.map_err(|refusal| Refusal { span: refusal.span.or(words.span), ..refusal })
    }

    pub(super) fn condition_of(&mut self, words: &Keywords<'n>, subject: &Subject) -> Answer {
        if words.never {
            return Ok(Cond::False);
        }
        let subject = &self.with_schema(subject);
        let (cond, subject) = self.type_condition(words, subject)?;
        let subject = &self.with_schema(&subject);
        let mut parts = vec![cond];
        if let Some(allowed) = &words.allowed {
            parts.push(self.allowed_condition(allowed, words, subject)?);
        }
        parts.push(self.when_kind(subject, Kind::Str, |cx, it| Ok(cx.string_condition(words, it)))?);
        parts.push(self.number_condition(words, subject)?);
        parts.push(self.when_kind(subject, Kind::List, |cx, it| cx.list_condition(words, it))?);
        parts.push(self.when_kind(subject, Kind::Object, |cx, it| cx.object_condition(words, it))?);
        parts.push(self.junctors(words, subject)?);
        Ok(Cond::and(parts))
    }

    fn with_schema(&self, subject: &Subject) -> Subject {
        match (&subject.schema, subject.ty.base()) {
            (None, Type::Schema(id)) => Subject { schema: Some(self.arena.get(*id).clone()), ..subject.clone() },
            _ => subject.clone(),
        }
    }

    /// A condition that is about one kind of values: others satisfy it.
    fn when_kind(&mut self, subject: &Subject, kind: Kind, cond: impl FnOnce(&mut Self, &Subject) -> Answer) -> Answer {
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

    fn is_kind(&mut self, subject: &Subject, kind: Kind) -> Cond {
        let narrowed = subject.narrowed(kind).ty;
        Cond::compare(format!("{} is {}", subject.expr, print::type_text(narrowed.base())))
    }

    /// Whether the value has one of the types, and the value as it is known then.
    fn type_condition(&mut self, words: &Keywords<'n>, subject: &Subject) -> Result<(Cond, Subject), Refusal> {
        let Some(types) = &words.types else { return Ok((Cond::True, subject.clone())) };
        let mut wanted: Vec<Kind> = Vec::new();
        for ty in types {
            wanted.extend(match *ty {
                "null" => &[Kind::Null][..],
                "boolean" => &[Kind::Bool],
                "integer" => &[Kind::Int],
                "number" => &[Kind::Int, Kind::Float],
                "string" => &[Kind::Str],
                "array" => &[Kind::List],
                "object" => &[Kind::Object],
                _ => return Err(refused(words.span, format!("there is no type `{ty}`"))),
            });
        }
        if wanted.contains(&Kind::Int) && subject.is(Kind::Float) == Some(true) && !wanted.contains(&Kind::Float) {
            let text = format!("{} == {}.trunc().toFloat()", subject.expr, subject.expr);
            return Ok((Cond::compare(text), subject.clone()));
        }
        let known: Vec<Option<bool>> = wanted.iter().map(|kind| subject.is(*kind)).collect();
        if known.contains(&Some(true)) {
            return Ok((Cond::True, subject.clone()));
        }
        let open: Vec<Kind> =
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

    fn allowed_condition(&mut self, allowed: &[&'n Node], words: &Keywords<'n>, subject: &Subject) -> Answer {
        if subject.schema.is_some() {
            return Err(refused(words.allowed_span, "an object is not compared as a whole"));
        }
        let possible = |node: &&&Node| {
            literals(&subject.ty).is_none_or(|all| Literal::of(&node.value).is_some_and(|it| all.contains(&it)))
        };
        let is_float = subject.is(Kind::Float) == Some(true);
        let values: Vec<String> = allowed
            .iter()
            .filter(possible)
            .map(|node| match node.value {
                Value::Int(number) if is_float => text::float(number as f64),
                _ => text::value(node),
            })
            .collect();
        Ok(match values.as_slice() {
            [] => Cond::False,
            [value] => Cond::compare(format!("{} == {value}", subject.expr)),
            values => Cond::compare(format!("{} in [{}]", subject.expr, values.join(", "))),
        })
    }

    fn string_condition(&mut self, words: &Keywords<'n>, subject: &Subject) -> Cond {
        let mut parts = vec![self.text_conditions(&subject.expr, words)];
        for format in &words.formats {
            let known = match format.value {
                "ipv4" => Known::Ipv4,
                "ipv6" => Known::Ipv6,
                "cidr" => Known::Cidr,
                _ => continue,
            };
            self.arena.used.insert(known);
            parts.push(Cond::compare(format!("{} is {}", subject.expr, print::known_text(known))));
        }
        Cond::and(parts)
    }

    fn number_condition(&mut self, words: &Keywords<'n>, subject: &Subject) -> Answer {
        let it = &subject.expr;
        let (int, float) = (int_bounds(it, words), float_bounds(it, words));
        Ok(match (subject.is(Kind::Int), subject.is(Kind::Float)) {
            _ if int == Cond::True && float == Cond::True => Cond::True,
            (Some(true), _) => int,
            (_, Some(true)) => float,
            (Some(false), Some(false)) => Cond::True,
            (_, Some(false)) => Cond::or(vec![self.is_kind(subject, Kind::Int).not(), int]),
            _ => Cond::or(vec![self.is_kind(subject, Kind::Float).not(), float]),
        })
    }

    fn list_condition(&mut self, words: &Keywords<'n>, subject: &Subject) -> Answer {
        let it = &subject.expr;
        let item = match subject.ty.base() {
            Type::List(item) | Type::Keyed(item, _) => (**item).clone(),
            _ => Type::Any,
        };
        let mut parts = vec![range(&format!("{it}.length"), words.item_count)];
        if words.unique {
            parts.push(Cond::Call(format!("{it}.duplicates().isEmpty")));
        }
        for (nodes, method) in [(&words.items, "all"), (&words.contains, "any")] {
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

    /// What alternatives, negations and conditionals say.
    pub(super) fn junctors(&mut self, words: &Keywords<'n>, subject: &Subject) -> Answer {
        let mut parts = Vec::new();
        for group in &words.any_of {
            parts.push(Cond::or(self.conditions(group, "anyOf", subject)?));
        }
        for group in &words.one_of {
            let param = self.param("holds");
            parts.push(Cond::exactly_one(self.conditions(group, "oneOf", subject)?, &param));
        }
        for node in &words.not {
            parts.push(self.below(&["not"], |cx| cx.condition(node, subject))?.not());
        }
        for node in &words.conditionals {
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

    fn conditions(&mut self, group: &'n Node, key: &str, subject: &Subject) -> Result<Vec<Cond>, Refusal> {
        let mut found = Vec::new();
        for (at, item) in group.items().iter().enumerate() {
            found.push(self.below(&[key, &at.to_string()], |cx| cx.condition(&item.node, subject))?);
        }
        Ok(found)
    }

    /// A parameter's name that hides nothing.
    fn param(&self, wish: &str) -> String {
        let mut name = wish.to_owned();
        while self.taken.contains(&name) {
            name.insert(0, '_');
        }
        name
    }
}

/// The values of a type that is made of literals.
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
