//! Conditions on objects and maps.

use forge_syntax::write::string_literal;

use super::subject::Subject;
use super::unsupported::{CondResult, Unsupported, unsupported};
use crate::cond::Cond;
use crate::model::{Schema, Type};
use crate::node::{Node, Value};
use crate::schema::keywords::{Keywords, Range};
use crate::schema::reader::SchemaReader;
use crate::schema::scalar::range;

impl<'n> SchemaReader<'n> {
    pub(super) fn object_condition(&mut self, keywords: &Keywords<'n>, subject: &Subject) -> CondResult {
        let is_silent = keywords.properties.is_empty()
            && keywords.required.is_empty()
            && keywords.property_count == Range::default()
            && keywords.dependent.is_empty()
            && keywords.property_patterns.is_empty()
            && keywords.additional.iter().all(|node| matches!(node.value, Value::Bool(true)));
        match (&subject.schema, subject.ty.base()) {
            _ if is_silent => Ok(Cond::True),
            (Some(schema), _) => self.schema_condition(keywords, subject, &schema.clone()),
            (None, Type::Map(_, value)) => self.map_condition(keywords, subject, &value.clone()),
            _ => Err(unsupported(keywords.span, "the fields of the value are not known")),
        }
    }

    fn schema_condition(&mut self, keywords: &Keywords<'n>, subject: &Subject, schema: &Schema) -> CondResult {
        let mut parts = Vec::new();
        for (name, span) in &keywords.required {
            match schema.fields.iter().find(|field| field.name == *name) {
                Some(field) if field.is_nullable => {
                    parts.push(Cond::compare(format!("{} != null", subject.member(name))));
                }
                Some(_) => {}
                None if schema.is_open || schema.alias.is_some() => {
                    return Err(unsupported(Some(*span), format!("the schema has no field `{name}`")));
                }
                None => parts.push(Cond::False),
            }
        }
        for (name, nodes) in &keywords.properties {
            let Some(field) = schema.fields.iter().find(|field| field.name == *name) else {
                if schema.is_open {
                    let span = nodes.first().map(|node| node.span);
                    return Err(unsupported(span, format!("the schema has no field `{name}`")));
                }
                continue;
            };
            let inner = Subject { expr: subject.member(name), ty: field.ty.clone(), schema: None };
            for node in nodes {
                let keys = ["properties", name];
                let cond = self.below(&keys, |cx| cx.condition(node, &inner))?;
                // A required field is already compared with null.
                let is_required = keywords.required.iter().any(|(required, _)| required == name);
                parts.push(match (field.is_nullable && !is_required, cond) {
                    (_, Cond::True) => Cond::True,
                    (true, cond) => Cond::or(vec![Cond::compare(format!("{} == null", inner.expr)), cond]),
                    (false, cond) => cond,
                });
            }
        }
        parts.extend(self.closed_condition(keywords, subject, schema)?);
        if keywords.property_count != Range::default() {
            return Err(unsupported(keywords.span, "a condition cannot count fields"));
        }
        parts.push(self.dependent_condition(&keywords.dependent, subject, schema)?);
        Ok(Cond::and(parts))
    }

    /// `additionalProperties: false` in an alternative: all fields that it does not name are null.
    fn closed_condition(
        &mut self,
        keywords: &Keywords<'n>,
        subject: &Subject,
        schema: &Schema,
    ) -> Result<Vec<Cond>, Unsupported> {
        if !keywords.property_patterns.is_empty() {
            return Err(unsupported(keywords.span, "`patternProperties` is not supported in an alternative"));
        }
        let mut parts = Vec::new();
        for node in &keywords.additional {
            match node.value {
                Value::Bool(true) => {}
                Value::Bool(false) if !schema.is_open || keywords.required.len() + keywords.properties.len() > 0 => {
                    let named = |name: &str| keywords.properties.iter().any(|(known, _)| *known == name);
                    for field in schema.fields.iter().filter(|field| !named(&field.name)) {
                        parts.push(if field.is_nullable {
                            Cond::compare(format!("{} == null", subject.member(&field.name)))
                        } else {
                            Cond::False
                        });
                    }
                }
                _ => {
                    return Err(unsupported(
                        Some(node.span),
                        "a schema for additional properties is not supported in an alternative",
                    ));
                }
            }
        }
        Ok(parts)
    }

    fn map_condition(&mut self, keywords: &Keywords<'n>, subject: &Subject, value: &Type) -> CondResult {
        let it = &subject.expr;
        let mut parts = vec![range(&format!("{it}.length"), keywords.property_count)];
        for (name, _) in &keywords.required {
            parts.push(Cond::compare(format!("{} in {it}", string_literal(name))));
        }
        if let Some((name, nodes)) = keywords.properties.first() {
            let span = nodes.first().map(|node| node.span);
            return Err(unsupported(span, format!("`{name}` is an entry of a map, not a field")));
        }
        for node in &keywords.additional {
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

    fn dependent_condition(
        &mut self,
        dependent: &[(&'n str, &'n Node)],
        subject: &Subject,
        schema: &Schema,
    ) -> CondResult {
        let mut parts = Vec::new();
        for (name, node) in dependent {
            let field = schema.fields.iter().find(|field| field.name == *name);
            let Some(field) = field else {
                return Err(unsupported(Some(node.span), format!("the schema has no field `{name}`")));
            };
            let absent = if field.is_nullable {
                Cond::compare(format!("{} == null", subject.member(name)))
            } else {
                Cond::False
            };
            let then = match &node.value {
                Value::List(items) => {
                    let keywords = Keywords {
                        span: Some(node.span),
                        required: items.iter().filter_map(|item| Some((item.node.text()?, item.node.span))).collect(),
                        ..Keywords::default()
                    };
                    self.schema_condition(&keywords, subject, schema)?
                }
                _ => self.condition(node, subject)?,
            };
            parts.push(Cond::or(vec![absent, then]));
        }
        Ok(Cond::and(parts))
    }
}
