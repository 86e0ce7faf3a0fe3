//! Numbers and strings: bounds, lengths, patterns, formats.

use std::fmt::Display;

use super::keywords::{Keywords, Range};
use super::{Dialect, Reader, pattern};
use crate::cond::Cond;
use crate::model::{Known, Type};
use crate::text;

/// How Kubernetes' own schemas write the pattern of a Quantity; the same in all of them.
const QUANTITY: &str = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

impl Reader<'_> {
    pub(super) fn integer(&mut self, words: &Keywords<'_>) -> Type {
        let cond = int_bounds("it", words);
        let is_small = words.formats.iter().any(|format| format.value == "int32");
        let is_bounded = words.bounds.least.is_some() && words.bounds.most.is_some();
        let base = if is_small && !is_bounded { Type::Known(Known::Int32) } else { Type::Int };
        base.when(&cond)
    }

    pub(super) fn float(&mut self, words: &Keywords<'_>) -> Type {
        Type::Float.when(&float_bounds("it", words))
    }

    pub(super) fn string(&mut self, words: &Keywords<'_>) -> Type {
        if words.patterns.iter().any(|pattern| pattern.value == QUANTITY) {
            return Type::Quantity;
        }
        let base = words.formats.iter().find_map(|format| self.format(format.value)).unwrap_or(Type::Str);
        if base == Type::Duration {
            return base;
        }
        base.when(&self.text_conditions("it", words))
    }

    /// What the lengths and patterns say of a string.
    pub(super) fn text_conditions(&mut self, it: &str, words: &Keywords<'_>) -> Cond {
        let mut parts = vec![range(&format!("{it}.length"), words.lengths)];
        for found in &words.patterns {
            match pattern::translate(found.value) {
                Ok(pattern) => parts.push(Cond::Call(format!("{it}.matches({})", text::string(&pattern)))),
                Err(reason) => {
                    let headline = format!("the pattern `{}` is left out", shortened(found.value));
                    self.warn(found.span, headline, &format!("it does not compile: {reason}"));
                }
            }
        }
        Cond::and(parts)
    }

    /// The type of a format; none for those that say nothing about values.
    fn format(&self, format: &str) -> Option<Type> {
        let is_kubernetes = self.dialect == Dialect::Kubernetes;
        Some(match format {
            "date-time" | "datetime" => Type::Known(Known::Timestamp),
            "date" => Type::Known(Known::Date),
            "ipv4" => Type::Known(Known::Ipv4),
            "ipv6" => Type::Known(Known::Ipv6),
            "uuid" => Type::Known(Known::Uuid),
            "email" => Type::Known(Known::Email),
            "hostname" => Type::Known(Known::Hostname),
            "cidr" if is_kubernetes => Type::Known(Known::Cidr),
            "mac" if is_kubernetes => Type::Known(Known::MacAddress),
            "byte" if is_kubernetes => Type::Known(Known::Base64),
            "duration" if is_kubernetes => Type::Duration,
            "uri" => Type::Known(Known::Uri),
            _ => return None,
        })
    }

    pub(super) fn int_or_string(&mut self, words: &Keywords<'_>) -> Type {
        if words.patterns.iter().any(|pattern| pattern.value == QUANTITY) {
            return Type::Quantity;
        }
        let int = Type::Int.when(&int_bounds("it", words));
        let text = Type::Str.when(&self.text_conditions("it", words));
        Type::Union(vec![int, text])
    }
}

/// What a range says of a whole number.
pub(super) fn range(it: &str, range: Range) -> Cond {
    let least = range.least.filter(|least| *least > 0);
    let most = range.most.filter(|most| *most < i64::MAX);
    between(it, least, most)
}

/// That a whole number is not below the least and not above the most, where there are such.
fn between<N: PartialEq + Display>(it: &str, least: Option<N>, most: Option<N>) -> Cond {
    match (least, most) {
        (Some(least), Some(most)) if least == most => Cond::compare(format!("{it} == {least}")),
        (Some(least), Some(most)) => Cond::compare(format!("{it} in {least}..={most}")),
        (Some(least), None) => Cond::compare(format!("{it} >= {least}")),
        (None, Some(most)) => Cond::compare(format!("{it} <= {most}")),
        (None, None) => Cond::True,
    }
}

/// What bounds say of a whole number.
pub(super) fn int_bounds(it: &str, words: &Keywords<'_>) -> Cond {
    let least = words.bounds.least.map(|(bound, is_out)| match is_out && bound.fract() == 0.0 {
        true => bound as i128 + 1,
        false => bound.ceil() as i128,
    });
    let most = words.bounds.most.map(|(bound, is_out)| match is_out && bound.fract() == 0.0 {
        true => bound as i128 - 1,
        false => bound.floor() as i128,
    });
    let least = least.filter(|least| *least > i128::from(i64::MIN));
    let most = most.filter(|most| *most < i128::from(i64::MAX));
    let bounds = between(it, least, most);
    let multiples = words.multiples.iter().map(|factor| match factor.fract() == 0.0 {
        true if *factor == 1.0 => Cond::True,
        true => Cond::compare(format!("{it} % {} == 0", *factor as i64)),
        false => multiple(&format!("{it}.toFloat()"), *factor),
    });
    Cond::and(std::iter::once(bounds).chain(multiples).collect())
}

/// What bounds say of a number.
pub(super) fn float_bounds(it: &str, words: &Keywords<'_>) -> Cond {
    let mut parts = Vec::new();
    if let Some((bound, is_out)) = words.bounds.least {
        parts.push(Cond::compare(format!("{it} {} {}", if is_out { ">" } else { ">=" }, text::float(bound))));
    }
    if let Some((bound, is_out)) = words.bounds.most {
        parts.push(Cond::compare(format!("{it} {} {}", if is_out { "<" } else { "<=" }, text::float(bound))));
    }
    parts.extend(words.multiples.iter().map(|factor| multiple(it, *factor)));
    Cond::and(parts)
}

/// Whether a number is a multiple, as exactly as binary fractions can tell.
fn multiple(it: &str, factor: f64) -> Cond {
    let factor = text::float(factor);
    Cond::compare(format!("({it} / {factor} - ({it} / {factor}).round()).abs() < 0.000000001"))
}

fn shortened(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.chars().count() <= 40 { text } else { text.chars().take(39).chain(['…']).collect() }
}
