//! Chooses the names of schemas. Kinds and definitions keep their names; others are named after the path of their use.

use rustc_hash::FxHashSet;

use crate::case;
use crate::model::{Schema, SchemaArena, SchemaId};

/// Prelude types, and types that modules declare for themselves.
const RESERVED: &[&str] = &[
    "Bool",
    "Int",
    "Float",
    "String",
    "Null",
    "Quantity",
    "Duration",
    "Secret",
    "Any",
    "DnsLabel",
    "DnsName",
    "WildcardDnsName",
    "LabelValue",
    "LabelKey",
    "PortNumber",
    "PortName",
    "EnvName",
    "Url",
    "HttpUrl",
    "AbsolutePath",
    "Image",
    "Email",
    "MacAddress",
    "CronSchedule",
    "Int32",
    "Timestamp",
    "Date",
    "Uri",
    "Uuid",
    "Base64",
];
/// Names that are too vague on their own.
const VAGUE: &[&str] =
    &["Spec", "Status", "Item", "Items", "Value", "Values", "Metadata", "Config", "Data", "Options", "Properties"];
/// A longer path is shortened in the middle if the result is still unique.
const LONG: usize = 48;

/// The names of the schemas in `order`, indexed by id.
pub(crate) fn names(arena: &SchemaArena, order: &[SchemaId]) -> Vec<String> {
    let mut taken: FxHashSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    let mut names: Vec<String> = vec![String::new(); arena.len()];
    for &id in order {
        let name = case::upper_camel(&arena.get(id).name);
        if !name.is_empty() {
            names[id.0] = claim(vec![name.clone(), format!("{name}Kind")], &mut taken);
        }
    }
    for &id in order {
        if names[id.0].is_empty() {
            names[id.0] = claim(wishes(arena.get(id), arena.paths(id)), &mut taken);
        }
    }
    names
}

/// Candidate names, best first.
fn wishes(schema: &Schema, paths: &[Vec<String>]) -> Vec<String> {
    let mut wishes = Vec::new();
    let camel = |path: &[String]| path.iter().map(|part| case::upper_camel(part)).collect::<String>();
    let Some(first) = paths.iter().min_by_key(|path| path.len()) else { return vec![String::from("Object")] };
    let last = first.last().map(|last| case::upper_camel(last)).unwrap_or_default();
    let is_shared = paths.len() > 1 && paths.iter().all(|path| path.last() == first.last());
    if is_shared && !VAGUE.contains(&last.as_str()) && !last.is_empty() && !schema.fields.is_empty() {
        wishes.push(last);
    }
    let full = camel(first);
    if full.len() > LONG && first.len() > 3 {
        wishes.push(format!("{}{}", camel(&first[..1]), camel(&first[first.len() - 2..])));
        wishes.push(format!("{}{}", camel(&first[..1]), camel(&first[first.len() - 3..])));
    }
    wishes.push(full);
    wishes
}

fn claim(wishes: Vec<String>, taken: &mut FxHashSet<String>) -> String {
    let free = wishes.iter().find(|name| !name.is_empty() && !taken.contains(*name)).cloned();
    let name = free.unwrap_or_else(|| {
        let base = wishes.last().filter(|name| !name.is_empty()).map_or("Object", String::as_str);
        let mut count = 2;
        while taken.contains(&format!("{base}{count}")) {
            count += 1;
        }
        format!("{base}{count}")
    });
    taken.insert(name.clone());
    name
}
