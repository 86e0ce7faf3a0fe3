//! Numbers and strings: bounds, lengths, patterns, formats.

use std::fmt::Display;

use forge_syntax::write::{float_literal, string_literal};

use super::keywords::{Bound, Keywords, Range};
use super::pattern;
use super::reader::{Dialect, SchemaReader};
use crate::cond::Cond;
use crate::model::{NamedType, Type};

/// The pattern of a quantity in all schemas generated from Kubernetes types.
const QUANTITY: &str = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

impl SchemaReader<'_> {
    pub(super) fn integer(&mut self, keywords: &Keywords<'_>) -> Type {
        let cond = int_bounds("it", keywords);
        let is_small = keywords.formats.iter().any(|format| format.value == "int32");
        let is_bounded = keywords.bounds.least.is_some() && keywords.bounds.most.is_some();
        let base = if is_small && !is_bounded { Type::Named(NamedType::Int32) } else { Type::Int };
        base.when(&cond)
    }

    pub(super) fn float(&mut self, keywords: &Keywords<'_>) -> Type {
        Type::Float.when(&float_bounds("it", keywords))
    }

    pub(super) fn string(&mut self, keywords: &Keywords<'_>) -> Type {
        if keywords.patterns.iter().any(|pattern| pattern.value == QUANTITY) {
            return Type::Quantity;
        }
        let base = keywords.formats.iter().find_map(|format| self.format(format.value)).unwrap_or(Type::Str);
        if base == Type::Duration {
            return base;
        }
        base.when(&self.text_conditions("it", keywords))
    }

    /// The conditions on a string from its lengths and patterns.
    pub(super) fn text_conditions(&mut self, it: &str, keywords: &Keywords<'_>) -> Cond {
        let mut parts = vec![range(&format!("{it}.length"), keywords.lengths)];
        for found in &keywords.patterns {
            match pattern::translate(found.value) {
                Ok(pattern) => parts.push(Cond::Call(format!("{it}.matches({})", string_literal(&pattern)))),
                Err(reason) => {
                    let headline = format!("the pattern `{}` is left out", shortened(found.value));
                    self.warn(found.span, headline, &format!("it does not compile: {reason}"));
                }
            }
        }
        Cond::and(parts)
    }

    /// The type of a format; `None` if the format does not constrain values.
    fn format(&self, format: &str) -> Option<Type> {
        let is_kubernetes = self.dialect == Dialect::Kubernetes;
        Some(match format {
            "date-time" | "datetime" => Type::Named(NamedType::Timestamp),
            "date" => Type::Named(NamedType::Date),
            "ipv4" => Type::Named(NamedType::Ipv4),
            "ipv6" => Type::Named(NamedType::Ipv6),
            "uuid" => Type::Named(NamedType::Uuid),
            "email" => Type::Named(NamedType::Email),
            "hostname" => Type::Named(NamedType::Hostname),
            "cidr" if is_kubernetes => Type::Named(NamedType::Cidr),
            "mac" if is_kubernetes => Type::Named(NamedType::MacAddress),
            "byte" if is_kubernetes => Type::Named(NamedType::Base64),
            "duration" if is_kubernetes => Type::Duration,
            "uri" => Type::Named(NamedType::Uri),
            _ => return None,
        })
    }

    pub(super) fn int_or_string(&mut self, keywords: &Keywords<'_>) -> Type {
        if keywords.patterns.iter().any(|pattern| pattern.value == QUANTITY) {
            return Type::Quantity;
        }
        let int = Type::Int.when(&int_bounds("it", keywords));
        let text = Type::Str.when(&self.text_conditions("it", keywords));
        Type::Union(vec![int, text])
    }
}

/// The condition that a count is in a range.
pub(super) fn range(it: &str, range: Range) -> Cond {
    let least = range.least.filter(|least| *least > 0);
    let most = range.most.filter(|most| *most < i64::MAX);
    between(it, least, most)
}

/// The condition that an integer is within optional inclusive bounds.
fn between<N: PartialEq + Display>(it: &str, least: Option<N>, most: Option<N>) -> Cond {
    match (least, most) {
        (Some(least), Some(most)) if least == most => Cond::compare(format!("{it} == {least}")),
        (Some(least), Some(most)) => Cond::compare(format!("{it} in {least}..={most}")),
        (Some(least), None) => Cond::compare(format!("{it} >= {least}")),
        (None, Some(most)) => Cond::compare(format!("{it} <= {most}")),
        (None, None) => Cond::True,
    }
}

/// The condition that an integer satisfies the bounds and multiples.
pub(super) fn int_bounds(it: &str, keywords: &Keywords<'_>) -> Cond {
    let least = keywords.bounds.least.map(|bound| match bound {
        Bound::Exclusive(bound) if bound.fract() == 0.0 => bound as i128 + 1,
        bound => bound.value().ceil() as i128,
    });
    let most = keywords.bounds.most.map(|bound| match bound {
        Bound::Exclusive(bound) if bound.fract() == 0.0 => bound as i128 - 1,
        bound => bound.value().floor() as i128,
    });
    let least = least.filter(|least| *least > i128::from(i64::MIN));
    let most = most.filter(|most| *most < i128::from(i64::MAX));
    let bounds = between(it, least, most);
    let multiples = keywords.multiples.iter().map(|factor| match factor.fract() == 0.0 {
        true if *factor == 1.0 => Cond::True,
        true => Cond::compare(format!("{it} % {} == 0", *factor as i64)),
        false => multiple(&format!("{it}.toFloat()"), *factor),
    });
    Cond::and(std::iter::once(bounds).chain(multiples).collect())
}

/// The condition that a float satisfies the bounds and multiples.
pub(super) fn float_bounds(it: &str, keywords: &Keywords<'_>) -> Cond {
    let mut parts = Vec::new();
    let compare = |bound: Bound, inclusive: &str, exclusive: &str| {
        let operator = if matches!(bound, Bound::Inclusive(_)) { inclusive } else { exclusive };
        Cond::compare(format!("{it} {operator} {}", float_literal(bound.value())))
    };
    parts.extend(keywords.bounds.least.map(|bound| compare(bound, ">=", ">")));
    parts.extend(keywords.bounds.most.map(|bound| compare(bound, "<=", "<")));
    parts.extend(keywords.multiples.iter().map(|factor| multiple(it, *factor)));
    Cond::and(parts)
}

/// The condition that a float is a multiple of `factor`, up to rounding errors.
fn multiple(it: &str, factor: f64) -> Cond {
    let factor = float_literal(factor);
    Cond::compare(format!("({it} / {factor} - ({it} / {factor}).round()).abs() < 0.000000001"))
}

fn shortened(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.chars().count() <= 40 { text } else { text.chars().take(39).chain(['…']).collect() }
}
