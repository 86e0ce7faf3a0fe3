//! Unions: objects in which exactly one of several fields may be set.

use forge_base::Code;

use super::violation::{Violation, Violations};
use crate::resource::Data;

/// Reports if none or several of `alternatives` are set. An empty mapping counts as set. `owner` names the enclosing
/// object in headlines.
pub(super) fn one_of<'a>(
    holder: &'a Data<'a>,
    owner: impl Fn() -> String,
    alternatives: &[&str],
    violations: &mut Violations<'a>,
) {
    let mut set = holder.entries().iter().filter(|(key, value)| *value != Data::Null && alternatives.contains(key));
    let (first, second) = (set.next(), set.next());
    match (first, second) {
        (Some((one, first)), Some((other, second))) => {
            let headline = format!("{} has both `{one}` and `{other}`", owner());
            violations.push(
                Violation::error(Code::ONE_OF, headline, second, format!("`{other}` here"))
                    .also(first, format!("`{one}` here"))
                    .note("exactly one of them must be set"),
            );
        }
        (None, _) => {
            let headline = format!("{} sets none of its alternatives", owner());
            let label = format!("one of {} must be set", list(alternatives));
            violations.push(Violation::error(Code::ONE_OF, headline, holder, label));
        }
        _ => {}
    }
}

/// `` `a`, `b` or `c` ``.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", most.join(", "))
        }
    }
}
