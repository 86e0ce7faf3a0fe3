//! Parts of which exactly one may be there.

use forge_base::Code;

use super::Found;
use crate::resource::Data;

/// Says where two of `alternatives` are set, or none. An empty mapping counts as set. `whose` names the holder for headlines.
pub(super) fn one_of<'a>(
    holder: &'a Data<'a>,
    whose: impl Fn() -> String,
    alternatives: &[&str],
    found: &mut Vec<Found<'a>>,
) {
    let mut set = holder.entries().iter().filter(|(key, value)| *value != Data::Null && alternatives.contains(key));
    let (first, second) = (set.next(), set.next());
    match (first, second) {
        (Some((one, first)), Some((other, second))) => {
            let headline = format!("{} has both `{one}` and `{other}`", whose());
            found.push(
                Found::error(Code::ONE_OF, headline, second, format!("`{other}` here"))
                    .also(first, format!("`{one}` here"))
                    .note("exactly one of them may be set"),
            );
        }
        (None, _) => {
            let headline = format!("{} says nothing", whose());
            let label = format!("one of {} must be set", list(alternatives));
            found.push(Found::error(Code::ONE_OF, headline, holder, label));
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
