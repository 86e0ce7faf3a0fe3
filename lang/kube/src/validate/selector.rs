//! Label selectors.

use forge_base::Code;

use super::headline::title;
use super::violation::{Violation, Violations};
use super::{metadata, syntax};
use crate::resource::{Data, Resource};

/// Checks a selector with `matchLabels` and `matchExpressions`.
pub(super) fn check<'a>(resource: &Resource<'a>, selector: &'a Data<'a>, violations: &mut Violations<'a>) {
    metadata::label_map(resource, selector.get_map("matchLabels"), violations);
    for expression in selector.get_list("matchExpressions") {
        if let Some(at) = expression.get("key")
            && let Some(problem) = at.as_str().and_then(syntax::qualified_name)
        {
            let headline = format!("{} selects by an invalid label key", title(resource));
            violations.push(Violation::error(Code::BAD_LABEL, headline, at, format!("the key {problem}")));
        }
        let count = expression.get_list("values").len();
        let problem = match expression.get_str("operator") {
            Some("In" | "NotIn") if count == 0 => "needs `values`",
            Some("Exists" | "DoesNotExist") if count > 0 => "must not have `values`",
            Some("In" | "NotIn" | "Exists" | "DoesNotExist") => continue,
            _ => "must be `In`, `NotIn`, `Exists` or `DoesNotExist`",
        };
        let headline = format!("{} has an invalid selector expression", title(resource));
        let at = expression.get("operator").unwrap_or(expression);
        violations.push(Violation::error(Code::BAD_LABEL, headline, at, format!("the operator {problem}")));
    }
}

/// Whether a selector matches these labels. An invalid expression matches everything, since it is already reported.
pub(super) fn matches<'a>(selector: &Data<'a>, labels: &[(&'a str, Data<'a>)]) -> bool {
    let label = |key: &str| labels.iter().find(|(name, _)| *name == key).and_then(|(_, value)| value.as_str());
    let by_label = selector.get_map("matchLabels").iter().all(|(key, value)| label(key) == value.as_str());
    by_label
        && selector.get_list("matchExpressions").iter().all(|expression| {
            let Some(key) = expression.get_str("key") else { return true };
            let has = |value: &str| expression.get_list("values").iter().any(|other| other.as_str() == Some(value));
            match expression.get_str("operator") {
                Some("In") => label(key).is_some_and(has),
                Some("NotIn") => !label(key).is_some_and(has),
                Some("Exists") => label(key).is_some(),
                Some("DoesNotExist") => label(key).is_none(),
                _ => true,
            }
        })
}

/// Reports a workload whose selector does not match its own pod template.
pub(super) fn own_pods<'a>(
    resource: &Resource<'a>,
    selector: &'a Data<'a>,
    template: &'a Data<'a>,
    violations: &mut Violations<'a>,
) {
    let labels = template.at(&["metadata", "labels"]).map_or(&[][..], Data::entries);
    if selector.get_map("matchLabels").is_empty() && selector.get_list("matchExpressions").is_empty() {
        let headline = format!("the selector of {} is empty", title(resource));
        violations.push(Violation::error(
            Code::SELECTOR_MISMATCH,
            headline,
            selector,
            "it must match the pod template",
        ));
        return;
    }
    if matches(selector, labels) {
        return;
    }
    let missed = selector.get_map("matchLabels").iter().find(|(key, wanted)| {
        let label = labels.iter().find(|(name, _)| name == key);
        label.is_none_or(|(_, value)| value.as_str() != wanted.as_str())
    });
    let headline = format!("{} does not select its own pods", title(resource));
    let violation = match missed {
        Some((key, wanted)) => {
            let wanted_text = wanted.as_str().unwrap_or("");
            let violation = Violation::error(
                Code::SELECTOR_MISMATCH,
                headline,
                wanted,
                format!("pods with `{key}: {wanted_text}` are selected"),
            );
            match labels.iter().find(|(name, _)| name == key) {
                Some((_, value)) => {
                    violation.also(value, format!("its pods have `{}`", value.as_str().unwrap_or("another value")))
                }
                None => match template.at(&["metadata", "labels"]) {
                    Some(all) => violation.also(all, format!("its pods have no label `{key}`")),
                    None => violation.also(template, "its pods have no labels"),
                },
            }
        }
        None => Violation::error(Code::SELECTOR_MISMATCH, headline, selector, "an expression does not match its pods"),
    };
    violations.push(violation.help("set the selected labels in the pod template"));
}
