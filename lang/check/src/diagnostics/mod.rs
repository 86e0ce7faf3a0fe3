//! The words of the messages about bodies and expressions. One function a mistake; nothing here decides anything.

mod body;
mod call;
mod foreign;
mod matching;
mod name;
mod null;
mod operator;
mod value;

pub(crate) use body::*;
pub(crate) use call::*;
pub(crate) use foreign::*;
pub(crate) use matching::*;
pub(crate) use name::*;
pub(crate) use null::*;
pub(crate) use operator::*;
pub(crate) use value::*;

/// How many names a list of what there is shows.
const SHOWN: usize = 12;

/// Backticked names with commas; the rest is counted.
fn list(names: &[&str]) -> String {
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
