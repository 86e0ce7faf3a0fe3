//! Selectors of labels.

use forge_base::Code;

use super::{Found, metadata, syntax, title};
use crate::resource::{Data, Resource};

/// Checks a selector with `matchLabels` and `matchExpressions`.
pub(super) fn check<'a>(resource: &Resource<'a>, selector: &'a Data<'a>, found: &mut Vec<Found<'a>>) {
    metadata::label_map(resource, selector.map("matchLabels"), found);
    for expression in selector.list("matchExpressions") {
        if let Some(at) = expression.get("key")
            && let Some(wrong) = at.as_str().and_then(syntax::qualified_name)
        {
            let headline = format!("{} selects by a key that no label has", title(resource));
            found.push(Found::error(Code::BAD_LABEL, headline, at, format!("the key {wrong}")));
        }
        let count = expression.list("values").len();
        let wrong = match expression.text("operator") {
            Some("In" | "NotIn") if count == 0 => "needs `values`",
            Some("Exists" | "DoesNotExist") if count > 0 => "takes no `values`",
            Some("In" | "NotIn" | "Exists" | "DoesNotExist") => continue,
            _ => "must be `In`, `NotIn`, `Exists` or `DoesNotExist`",
        };
        let headline = format!("{} selects by an expression that cannot be", title(resource));
        let at = expression.get("operator").unwrap_or(expression);
        found.push(Found::error(Code::BAD_LABEL, headline, at, format!("the operator {wrong}")));
    }
}

/// Whether a selector takes an object with these labels. What is broken takes everything, so that it is said only once.
pub(super) fn takes<'a>(selector: &Data<'a>, labels: &[(&'a str, Data<'a>)]) -> bool {
    let label = |key: &str| labels.iter().find(|(name, _)| *name == key).and_then(|(_, value)| value.as_str());
    let by_label = selector.map("matchLabels").iter().all(|(key, value)| label(key) == value.as_str());
    by_label
        && selector.list("matchExpressions").iter().all(|expression| {
            let Some(key) = expression.text("key") else { return true };
            let has = |value: &str| expression.list("values").iter().any(|other| other.as_str() == Some(value));
            match expression.text("operator") {
                Some("In") => label(key).is_some_and(has),
                Some("NotIn") => !label(key).is_some_and(has),
                Some("Exists") => label(key).is_some(),
                Some("DoesNotExist") => label(key).is_none(),
                _ => true,
            }
        })
}

/// Says where a workload's selector does not take its own pods.
pub(super) fn own_pods<'a>(
    resource: &Resource<'a>,
    selector: &'a Data<'a>,
    template: &'a Data<'a>,
    found: &mut Vec<Found<'a>>,
) {
    let labels = template.at(&["metadata", "labels"]).map_or(&[][..], Data::entries);
    if selector.map("matchLabels").is_empty() && selector.list("matchExpressions").is_empty() {
        let headline = format!("the selector of {} is empty", title(resource));
        found.push(Found::error(Code::SELECTOR_MISMATCH, headline, selector, "it must take the pods of the template"));
        return;
    }
    if takes(selector, labels) {
        return;
    }
    let missed = selector.map("matchLabels").iter().find(|(key, wanted)| {
        let label = labels.iter().find(|(name, _)| name == key);
        label.is_none_or(|(_, value)| value.as_str() != wanted.as_str())
    });
    let headline = format!("{} does not select its own pods", title(resource));
    let finding = match missed {
        Some((key, wanted)) => {
            let wanted_text = wanted.as_str().unwrap_or("");
            let finding = Found::error(
                Code::SELECTOR_MISMATCH,
                headline,
                wanted,
                format!("pods with `{key}: {wanted_text}` are selected"),
            );
            match labels.iter().find(|(name, _)| name == key) {
                Some((_, value)) => {
                    finding.also(value, format!("its pods have `{}`", value.as_str().unwrap_or("another value")))
                }
                None => match template.at(&["metadata", "labels"]) {
                    Some(all) => finding.also(all, format!("its pods have no label `{key}`")),
                    None => finding.also(template, "its pods have no labels"),
                },
            }
        }
        None => Found::error(Code::SELECTOR_MISMATCH, headline, selector, "an expression does not take its pods"),
    };
    found.push(finding.help("give the template the labels that are selected"));
}
