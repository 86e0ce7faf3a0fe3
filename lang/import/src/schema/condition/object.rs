//! Conditions on objects and maps: which fields there must be, and what holds for each.

use super::{Answer, Refusal, Subject, refused};
use crate::cond::Cond;
use crate::model::{Schema, Type};
use crate::node::{Node, Value};
use crate::schema::Reader;
use crate::schema::keywords::{Keywords, Range};
use crate::schema::scalar::range;
use crate::text;

impl<'n> Reader<'n> {
    pub(super) fn object_condition(&mut self, words: &Keywords<'n>, subject: &Subject) -> Answer {
        let is_silent = words.properties.is_empty()
            && words.required.is_empty()
            && words.property_count == Range::default()
            && words.dependent.is_empty()
            && words.property_patterns.is_empty()
            && words.additional.iter().all(|node| matches!(node.value, Value::Bool(true)));
        match (&subject.schema, subject.ty.base()) {
            _ if is_silent => Ok(Cond::True),
            (Some(schema), _) => self.schema_condition(words, subject, &schema.clone()),
            (None, Type::Map(_, value)) => self.map_condition(words, subject, &value.clone()),
            _ => Err(refused(words.span, "the fields of the value are not known here")),
        }
    }

    fn schema_condition(&mut self, words: &Keywords<'n>, subject: &Subject, schema: &Schema) -> Answer {
        let mut parts = Vec::new();
        for (name, span) in &words.required {
            match schema.fields.iter().find(|field| field.name == *name) {
                Some(field) if field.is_nullable => {
                    parts.push(Cond::compare(format!("{} != null", subject.member(name))));
                }
                Some(_) => {}
                None if schema.is_open || schema.alias.is_some() => {
                    return Err(refused(Some(*span), format!("`{name}` is no field of the schema")));
                }
                None => parts.push(Cond::False),
            }
        }
        for (name, nodes) in &words.properties {
            let Some(field) = schema.fields.iter().find(|field| field.name == *name) else {
                if schema.is_open {
                    let span = nodes.first().map(|node| node.span);
                    return Err(refused(span, format!("`{name}` is no field of the schema")));
                }
                continue;
            };
            let inner = Subject { expr: subject.member(name), ty: field.ty.clone(), schema: None };
            for node in nodes {
                let keys = ["properties", name];
                let cond = self.below(&keys, |cx| cx.condition(node, &inner))?;
                // What is required is compared with null already, before this.
                let is_required = words.required.iter().any(|(required, _)| required == name);
                parts.push(match (field.is_nullable && !is_required, cond) {
                    (_, Cond::True) => Cond::True,
                    (true, cond) => Cond::or(vec![Cond::compare(format!("{} == null", inner.expr)), cond]),
                    (false, cond) => cond,
                });
            }
        }
        parts.extend(self.closed_condition(words, subject, schema)?);
        if words.property_count != Range::default() {
            return Err(refused(words.span, "fields are not counted in a condition"));
        }
        parts.push(self.dependent_condition(&words.dependent, subject, schema)?);
        Ok(Cond::and(parts))
    }

    /// `additionalProperties: false` in an alternative: no field but those that it names.
    fn closed_condition(
        &mut self,
        words: &Keywords<'n>,
        subject: &Subject,
        schema: &Schema,
    ) -> Result<Vec<Cond>, Refusal> {
        if !words.property_patterns.is_empty() {
            return Err(refused(words.span, "`patternProperties` in an alternative"));
        }
        let mut parts = Vec::new();
        for node in &words.additional {
            match node.value {
                Value::Bool(true) => {}
                Value::Bool(false) if !schema.is_open || words.required.len() + words.properties.len() > 0 => {
                    let named = |name: &str| words.properties.iter().any(|(known, _)| *known == name);
                    for field in schema.fields.iter().filter(|field| !named(&field.name)) {
                        parts.push(if field.is_nullable {
                            Cond::compare(format!("{} == null", subject.member(&field.name)))
                        } else {
                            Cond::False
                        });
                    }
                }
                _ => return Err(refused(Some(node.span), "a type for other properties in an alternative")),
            }
        }
        Ok(parts)
    }

    fn map_condition(&mut self, words: &Keywords<'n>, subject: &Subject, value: &Type) -> Answer {
        let it = &subject.expr;
        let mut parts = vec![range(&format!("{it}.length"), words.property_count)];
        for (name, _) in &words.required {
            parts.push(Cond::compare(format!("{} in {it}", text::string(name))));
        }
        if let Some((name, nodes)) = words.properties.first() {
            let span = nodes.first().map(|node| node.span);
            return Err(refused(span, format!("`{name}` is an entry of a map, not a field")));
        }
        for node in &words.additional {
            let param = self.param("value");
            let inner = Subject { expr: param.clone(), ty: value.clone(), schema: None };
            match self.condition(node, &inner)? {
                Cond::True => {}
                Cond::False => parts.push(Cond::Call(format!("{it}.isEmpty"))),
                cond => parts.push(Cond::Call(format!("{it}.values().all({param} => {})", cond.text()))),
            }
        }
        Ok(Cond::and(parts))
    }

    fn dependent_condition(&mut self, dependent: &[(&'n str, &'n Node)], subject: &Subject, schema: &Schema) -> Answer {
        let mut parts = Vec::new();
        for (name, node) in dependent {
            let field = schema.fields.iter().find(|field| field.name == *name);
            let Some(field) = field else {
                return Err(refused(Some(node.span), format!("`{name}` is no field of the schema")));
            };
            let absent = if field.is_nullable {
                Cond::compare(format!("{} == null", subject.member(name)))
            } else {
                Cond::False
            };
            let then = match &node.value {
                Value::List(items) => {
                    let words = Keywords {
                        span: Some(node.span),
                        required: items.iter().filter_map(|item| Some((item.node.text()?, item.node.span))).collect(),
                        ..Keywords::default()
                    };
                    self.schema_condition(&words, subject, schema)?
                }
                _ => self.condition(node, subject)?,
            };
            parts.push(Cond::or(vec![absent, then]));
        }
        Ok(Cond::and(parts))
    }
}
