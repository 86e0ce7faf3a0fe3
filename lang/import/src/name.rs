//! Names of schemas: those of kinds and definitions, and for all others the path to where they are used.

use rustc_hash::FxHashSet;

use crate::model::{Arena, Schema, SchemaId};
use crate::text;

/// Types that are everywhere, and those that modules declare for themselves.
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
/// Names that say too little when they stand alone.
const VAGUE: &[&str] =
    &["Spec", "Status", "Item", "Items", "Value", "Values", "Metadata", "Config", "Data", "Options", "Properties"];
/// A path longer than this is cut in the middle where the result is still unique.
const LONG: usize = 48;

/// The name of each schema of `order`, by id.
pub(crate) fn names(arena: &Arena, order: &[SchemaId]) -> Vec<String> {
    let mut taken: FxHashSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    let mut names: Vec<String> = vec![String::new(); arena.len()];
    for &id in order {
        let name = text::upper_camel(&arena.get(id).name);
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

/// The names that would do, the best first.
fn wishes(schema: &Schema, paths: &[Vec<String>]) -> Vec<String> {
    let mut wishes = Vec::new();
    let camel = |path: &[String]| path.iter().map(|part| text::upper_camel(part)).collect::<String>();
    let Some(first) = paths.iter().min_by_key(|path| path.len()) else { return vec![String::from("Object")] };
    let last = first.last().map(|last| text::upper_camel(last)).unwrap_or_default();
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
