//! Paths of values: parsing and following them, and finding the path of a value in a module.

use forge_base::{Code, Diag, Name, suggest};
use forge_check::hir::{GlobalKind, Module, SchemaRole};
use forge_check::{GlobalId, ModuleId};
use forge_emit::walk::Step;
use forge_eval::{Evaluator, Key, Object, Value};

use super::resource;

/// A part of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Segment {
    /// A field or a key.
    Name(String),
    /// An index, or a key that is a number.
    Index(i64),
}

/// The steps from a field of a module to a value.
pub(super) struct Route<'a> {
    pub(super) global: GlobalId,
    pub(super) start: Value<'a>,
    pub(super) steps: Vec<Step<'a>>,
}

/// The maximum depth at which values are searched.
const MAX_SEARCH_DEPTH: usize = 500;

/// Parses a path such as `a.b."c/d"[0]["e"]`.
pub(super) fn parse(text: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']')?;
            let quoted = index.strip_prefix('"').and_then(|index| index.strip_suffix('"'));
            segments.push(match quoted {
                Some(key) => Segment::Name(key.to_owned()),
                None => Segment::Index(index.parse().ok()?),
            });
            rest = after;
            continue;
        }
        rest = if segments.is_empty() { rest } else { rest.strip_prefix('.')? };
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        if name.is_empty() {
            return None;
        }
        segments.push(Segment::Name(name.to_owned()));
        rest = after;
    }
    (!segments.is_empty()).then_some(segments)
}

/// Follows a path from a field of the module, which the module's own path may precede, or from a resource that is given by its kind and name.
pub(super) fn follow<'a>(eval: &Evaluator<'a>, module: ModuleId, text: &str) -> Result<Route<'a>, Vec<Diag>> {
    if let Some((kind, rest)) = text.split_once('/')
        && !kind.contains(['.', '[', '"'])
    {
        return follow_resource(eval, module, kind, rest);
    }
    let declared = eval.program.module(module);
    let own = declared.path.as_str();
    let existing = |text: &str| parse(text).filter(|segments| global_of(declared, segments).is_some());
    let inside = text.strip_prefix(own).and_then(|rest| rest.strip_prefix('.'));
    let segments = existing(text).or_else(|| inside.and_then(existing)).or_else(|| parse(text));
    let Some(segments) = segments else { return Err(vec![no_value(text, [])]) };
    let Some((Segment::Name(first), rest)) = segments.split_first() else { return Err(vec![no_value(text, [])]) };
    let Some(index) = global_of(declared, &segments) else { return Err(vec![no_value(first, names(declared))]) };
    let global = GlobalId { module, index };
    let start = eval.global(global).map_err(|error| eval.diags(error))?;
    let mut route = Route { global, start, steps: Vec::new() };
    walk(eval, &mut route, start, rest)?;
    Ok(route)
}

fn global_of(module: &Module, segments: &[Segment]) -> Option<u32> {
    let Some(Segment::Name(first)) = segments.first() else { return None };
    module.globals.iter().position(|global| global.name.as_str() == first).map(|index| index as u32)
}

fn follow_resource<'a>(eval: &Evaluator<'a>, module: ModuleId, kind: &str, rest: &str) -> Result<Route<'a>, Vec<Diag>> {
    let (mut route, value, after) = resource::find(eval, module, kind, rest)?;
    let segments = match after.strip_prefix('.').unwrap_or(&after) {
        "" => Vec::new(),
        after => parse(after).ok_or_else(|| vec![no_value(&format!("{kind}/{rest}"), [])])?,
    };
    walk(eval, &mut route, value, &segments)?;
    Ok(route)
}

fn walk<'a>(
    eval: &Evaluator<'a>,
    route: &mut Route<'a>,
    mut value: Value<'a>,
    segments: &[Segment],
) -> Result<(), Vec<Diag>> {
    for segment in segments {
        let step = find_step(eval, value, segment, || show(eval, route))?;
        value = value_of(eval, value, step).map_err(|error| eval.diags(error))?;
        route.steps.push(step);
    }
    Ok(())
}

fn names(module: &Module) -> impl Iterator<Item = &str> {
    module.globals.iter().filter(|global| global.kind != GlobalKind::Input).map(|global| global.name.as_str())
}

/// The maximum number of existing names that a message lists.
const MAX_LISTED: usize = 12;

fn no_value<'n>(path: &str, known: impl IntoIterator<Item = &'n str>) -> Diag {
    let diag = Diag::error(Code::NO_TARGET, format!("there is no value `{path}`"));
    let last = path.rsplit('.').next().unwrap_or(path);
    let known: Vec<&str> = known.into_iter().collect();
    match suggest::nearest(last, known.iter().copied()) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diag,
        None => {
            let names: Vec<String> = known.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
            let rest = if known.len() > MAX_LISTED { ", …" } else { "" };
            diag.note(format!("it has {}{rest}", names.join(", ")))
        }
    }
}

fn find_step<'a>(
    eval: &Evaluator<'a>,
    value: Value<'a>,
    segment: &Segment,
    path: impl Fn() -> String,
) -> Result<Step<'a>, Vec<Diag>> {
    let missing = || match segment {
        Segment::Name(name) => format!("{}.{name}", path()),
        Segment::Index(index) => format!("{}[{index}]", path()),
    };
    let index = match segment {
        Segment::Name(name) => name.parse().ok(),
        Segment::Index(index) => usize::try_from(*index).ok(),
    };
    match (value, segment) {
        (Value::List(items), _) => match index {
            Some(index) if index < items.len() => Ok(Step::Item(index)),
            _ => Err(vec![no_value(&missing(), [])]),
        },
        (Value::Object(object), Segment::Name(name)) => match object.schema.field_index(Name::new(name)) {
            Some(field) => Ok(Step::Field(object, field)),
            None => {
                let extra = object.schema.schema.is_open.then(|| eval.extra(object));
                let entry = match extra {
                    Some(map) => {
                        let found = eval.find_entry(map, Key::Str(eval.arena.alloc_str(name)));
                        found.map_err(|error| eval.diags(error))?.map(|index| Step::Entry(map, index))
                    }
                    None => None,
                };
                let fields = object.schema.schema.fields.iter().map(|field| field.name.as_str());
                entry.ok_or_else(|| vec![no_value(&missing(), fields)])
            }
        },
        (Value::Map(map), segment) => {
            let key = match segment {
                Segment::Name(name) => Key::Str(eval.arena.alloc_str(name)),
                Segment::Index(index) => Key::Int(*index),
            };
            let entries = eval.entries(map).map_err(|error| eval.diags(error))?;
            let found = eval.find_entry(map, key).map_err(|error| eval.diags(error))?;
            let entry = found.or_else(|| index.filter(|&index| map.keyed.is_some() && index < entries.len()));
            let keys = entries.iter().filter_map(|entry| match entry.key.first() {
                Key::Str(key) => Some(key),
                _ => None,
            });
            entry.map(|index| Step::Entry(map, index)).ok_or_else(|| vec![no_value(&missing(), keys)])
        }
        _ => Err(vec![no_value(&missing(), [])]),
    }
}

pub(super) fn value_of<'a>(eval: &Evaluator<'a>, value: Value<'a>, step: Step<'a>) -> forge_eval::Eval<Value<'a>> {
    match (step, value) {
        (Step::Field(object, field), _) => eval.field(object, field),
        (Step::Entry(map, index), _) => eval.entry(map, index),
        (Step::Item(index), Value::List(items)) => Ok(items.get(index).copied().unwrap_or(Value::Null)),
        (Step::Item(_), _) => Ok(Value::Null),
    }
}

/// A route as it is written in a program.
pub(super) fn show<'a>(eval: &Evaluator<'a>, route: &Route<'a>) -> String {
    let mut path = eval.program.global(route.global).name.to_string();
    route.steps.iter().for_each(|step| push_step(&mut path, eval, *step));
    path
}

pub(super) fn push_step<'a>(path: &mut String, eval: &Evaluator<'a>, step: Step<'a>) {
    let dot = if path.is_empty() { "" } else { "." };
    match step {
        Step::Field(object, field) => {
            let name = object.schema.schema.fields[field as usize].name;
            path.push_str(&format!("{dot}{name}"));
        }
        Step::Entry(map, index) => {
            let Ok(entries) = eval.entries(map) else { return };
            match entries.get(index).map(|entry| entry.key) {
                Some(Key::Int(number)) => path.push_str(&format!("[{number}]")),
                Some(key) => path.push_str(&format!("{dot}{key}")),
                None => {}
            }
        }
        Step::Item(index) => path.push_str(&format!("[{index}]")),
    }
}

/// The route to a resource of the module.
pub(super) fn locate<'a>(eval: &Evaluator<'a>, module: ModuleId, wanted: &'a Object<'a>) -> Option<Route<'a>> {
    let mut found = None;
    each_resource(eval, module, &mut |route, object| {
        let is_wanted = std::ptr::eq(object, wanted);
        if is_wanted {
            found = Some(route);
        }
        is_wanted
    });
    found
}

/// Calls `visit` with each resource that a build of the module writes, until it returns `true`.
pub(super) fn each_resource<'a>(
    eval: &Evaluator<'a>,
    module: ModuleId,
    visit: &mut dyn FnMut(Route<'a>, &'a Object<'a>) -> bool,
) {
    for (index, global) in (0..).zip(&eval.program.module(module).globals) {
        if global.kind != GlobalKind::Field || global.name.is_private() {
            continue;
        }
        let global = GlobalId { module, index };
        let Ok(start) = eval.global(global) else { continue };
        let mut steps = Vec::new();
        let done = search(eval, start, &mut steps, &mut |steps, object| {
            visit(Route { global, start, steps: steps.to_vec() }, object)
        });
        if done {
            return;
        }
    }
}

fn search<'a>(
    eval: &Evaluator<'a>,
    value: Value<'a>,
    steps: &mut Vec<Step<'a>>,
    visit: &mut dyn FnMut(&[Step<'a>], &'a Object<'a>) -> bool,
) -> bool {
    if steps.len() > MAX_SEARCH_DEPTH {
        return false;
    }
    let parts: Vec<Step<'a>> = match value {
        Value::List(items) => (0..items.len()).map(Step::Item).collect(),
        Value::Map(map) => match eval.entries(map) {
            Ok(entries) => (0..entries.len()).map(|index| Step::Entry(map, index)).collect(),
            Err(_) => return false,
        },
        Value::Object(object) if object.schema.schema.role == SchemaRole::Resource => return visit(steps, object),
        Value::Object(object) => {
            (0..object.schema.schema.fields.len()).map(|field| Step::Field(object, field as u32)).collect()
        }
        _ => return false,
    };
    parts.into_iter().any(|step| {
        let Ok(part) = value_of(eval, value, step) else { return false };
        steps.push(step);
        let done = search(eval, part, steps, visit);
        steps.pop();
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_fields_keys_and_indices() {
        let name = |text: &str| Segment::Name(text.into());
        assert_eq!(parse("a.b"), Some(vec![name("a"), name("b")]));
        assert_eq!(parse("a.\"c/d\"[0][\"e\"]"), Some(vec![name("a"), name("c/d"), Segment::Index(0), name("e")]));
        for wrong in ["", "a.", ".a", "a[x]", "a[0", "a..b", "a[0]b"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
