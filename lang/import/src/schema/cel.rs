//! Rewrites CEL rules so that they apply to an enclosing list or map.

use crate::model::Validation;

/// Converts rules for the items or values of a collection to rules for the collection. `lift` converts a single rule.
pub(super) fn lift_rules(rules: Vec<Validation>, lift: fn(&str) -> String) -> Vec<Validation> {
    rules.into_iter().map(|rule| Validation { rule: lift(&rule.rule), message: rule.message }).collect()
}

/// Converts a rule for the items of a list to a rule for the list.
pub(super) fn for_all_items(rule: &str) -> String {
    let name = free_name(rule, "item");
    format!("self.all({name}, {})", replace_self(rule, &name))
}

/// Converts a rule for the values of a map to a rule for the map.
pub(super) fn for_all_values(rule: &str) -> String {
    let name = free_name(rule, "key");
    format!("self.all({name}, {})", replace_self(rule, &format!("self[{name}]")))
}

/// A variable name that does not occur in the rule.
fn free_name(rule: &str, wish: &str) -> String {
    let mut name = wish.to_owned();
    while words(rule).any(|(_, word)| word == name) {
        name.push('_');
    }
    name
}

fn replace_self(rule: &str, by: &str) -> String {
    let mut out = String::with_capacity(rule.len());
    let mut done = 0;
    for (at, word) in words(rule) {
        let is_member = rule[..at].trim_end().ends_with('.');
        if word == "self" && !is_member {
            out.push_str(&rule[done..at]);
            out.push_str(by);
            done = at + word.len();
        }
    }
    out.push_str(&rule[done..]);
    out
}

/// The identifiers outside string literals, with their offsets.
fn words(rule: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut found = Vec::new();
    let bytes = rule.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => at = string_end(bytes, at, quote),
            b if b.is_ascii_alphabetic() || b == b'_' => {
                let length = bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                let word = &rule[at..at + length];
                let is_prefix = word.len() == 1 && matches!(bytes.get(at + 1), Some(b'"' | b'\''));
                if !is_prefix {
                    found.push((at, word));
                }
                at += length;
            }
            b if b.is_ascii_digit() => {
                at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            }
            _ => at += 1,
        }
    }
    found.into_iter()
}

/// The end offset of the string literal that starts at `at`.
fn string_end(bytes: &[u8], at: usize, quote: u8) -> usize {
    let is_raw = at > 0 && matches!(bytes[at - 1], b'r' | b'R');
    let triple = [quote; 3];
    if bytes[at..].starts_with(&triple) {
        let rest = &bytes[at + 3..];
        return rest.windows(3).position(|w| w == triple).map_or(bytes.len(), |found| at + 3 + found + 3);
    }
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != quote {
        end += if bytes[end] == b'\\' && !is_raw { 2 } else { 1 };
    }
    (end + 1).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_items_become_rules_of_the_list() {
        assert_eq!(for_all_items("self.startsWith('self')"), "self.all(item, item.startsWith('self'))");
        assert_eq!(for_all_items("self.all(item, item.self > 1)"), "self.all(item_, item_.all(item, item.self > 1))");
        assert_eq!(
            for_all_values("self > 1 && \"self\\\"\" != r'\\'"),
            "self.all(key, self[key] > 1 && \"self\\\"\" != r'\\')"
        );
    }
}
