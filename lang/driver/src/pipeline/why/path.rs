//! Paths of values: how they are written, how they are followed, and where in a module a value stands.

use forge_base::{Code, Diag, Name, suggest};
use forge_check::hir::{GlobalKind, Module, SchemaRole};
use forge_check::{GlobalId, ModuleId};
use forge_emit::walk::Step;
use forge_eval::{Evaluator, Key, Object, Value};

use super::resource;

/// One part of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Segment {
    /// A field or a key.
    Name(String),
    /// A position, or a key that is a number.
    Index(i64),
}

/// The way from a field of a module to a value.
pub(super) struct Route<'a> {
    pub(super) global: GlobalId,
    pub(super) start: Value<'a>,
    pub(super) steps: Vec<Step<'a>>,
}

/// How deeply values are searched.
const SEARCH_DEPTH: usize = 500;

/// Reads `a.b."c/d"[0]["e"]`.
pub(super) fn read(text: &str) -> Option<Vec<Segment>> {
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

/// The value that a path names: from a field of the module, with or without the module's own path before it, or from a
/// resource by its kind and name.
pub(super) fn follow<'a>(eval: &Evaluator<'a>, module: ModuleId, text: &str) -> Result<Route<'a>, Vec<Diag>> {
    if let Some((kind, rest)) = text.split_once('/')
        && !kind.contains(['.', '[', '"'])
    {
        return follow_resource(eval, module, kind, rest);
    }
    let declared = eval.program.module(module);
    let own = declared.path.as_str();
    let known = |text: &str| read(text).filter(|segments| global_of(declared, segments).is_some());
    let inside = text.strip_prefix(own).and_then(|rest| rest.strip_prefix('.'));
    let segments = known(text).or_else(|| inside.and_then(known)).or_else(|| read(text));
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
        after => read(after).ok_or_else(|| vec![no_value(&format!("{kind}/{rest}"), [])])?,
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

/// How many names of what is there a message shows.
const SHOWN: usize = 12;

fn no_value<'n>(path: &str, known: impl IntoIterator<Item = &'n str>) -> Diag {
    let diag = Diag::error(Code::NO_TARGET, format!("there is no value `{path}`"));
    let last = path.rsplit('.').next().unwrap_or(path);
    let known: Vec<&str> = known.into_iter().collect();
    match suggest::nearest(last, known.iter().copied()) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diag,
        None => {
            let names: Vec<String> = known.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
            let rest = if known.len() > SHOWN { ", …" } else { "" };
            diag.note(format!("there are {}{rest}", names.join(", ")))
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
    let position = match segment {
        Segment::Name(name) => name.parse().ok(),
        Segment::Index(index) => usize::try_from(*index).ok(),
    };
    match (value, segment) {
        (Value::List(items), _) => match position {
            Some(index) if index < items.len() => Ok(Step::Item(index)),
            _ => Err(vec![no_value(&missing(), [])]),
        },
        (Value::Object(object), Segment::Name(name)) => match object.schema.field_index(Name::new(name)) {
            Some(field) => Ok(Step::Field(object, field)),
            None => {
                let extra = object.schema.schema.is_open.then(|| eval.extra(object));
                let place = match extra {
                    Some(map) => {
                        let found = eval.find_entry(map, Key::Str(eval.arena.alloc_str(name)));
                        found.map_err(|error| eval.diags(error))?.map(|place| Step::Entry(map, place))
                    }
                    None => None,
                };
                let fields = object.schema.schema.fields.iter().map(|field| field.name.as_str());
                place.ok_or_else(|| vec![no_value(&missing(), fields)])
            }
        },
        (Value::Map(map), segment) => {
            let key = match segment {
                Segment::Name(name) => Key::Str(eval.arena.alloc_str(name)),
                Segment::Index(index) => Key::Int(*index),
            };
            let entries = eval.entries(map).map_err(|error| eval.diags(error))?;
            let found = eval.find_entry(map, key).map_err(|error| eval.diags(error))?;
            let place = found.or_else(|| position.filter(|&index| map.keyed.is_some() && index < entries.len()));
            let keys = entries.iter().filter_map(|entry| match entry.key.first() {
                Key::Str(key) => Some(key),
                _ => None,
            });
            place.map(|place| Step::Entry(map, place)).ok_or_else(|| vec![no_value(&missing(), keys)])
        }
        _ => Err(vec![no_value(&missing(), [])]),
    }
}

pub(super) fn value_of<'a>(eval: &Evaluator<'a>, value: Value<'a>, step: Step<'a>) -> forge_eval::Eval<Value<'a>> {
    match (step, value) {
        (Step::Field(object, field), _) => eval.field(object, field),
        (Step::Entry(map, place), _) => eval.entry(map, place),
        (Step::Item(index), Value::List(items)) => Ok(items.get(index).copied().unwrap_or(Value::Null)),
        (Step::Item(_), _) => Ok(Value::Null),
    }
}

/// A route as it is written in the program.
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
        Step::Entry(map, place) => {
            let Ok(entries) = eval.entries(map) else { return };
            match entries.get(place).map(|entry| entry.key) {
                Some(Key::Int(number)) => path.push_str(&format!("[{number}]")),
                Some(key) => path.push_str(&format!("{dot}{key}")),
                None => {}
            }
        }
        Step::Item(index) => path.push_str(&format!("[{index}]")),
    }
}

/// The way from a field of the module to an object that a build found.
pub(super) fn locate<'a>(eval: &Evaluator<'a>, module: ModuleId, wanted: &'a Object<'a>) -> Option<Route<'a>> {
    let mut found = None;
    each_resource(eval, module, &mut |route, object| {
        let here = std::ptr::eq(object, wanted);
        if here {
            found = Some(route);
        }
        here
    });
    found
}

/// Calls `visit` with each resource that a build of the module would write, until it says that this was the one.
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
    if steps.len() > SEARCH_DEPTH {
        return false;
    }
    let parts: Vec<Step<'a>> = match value {
        Value::List(items) => (0..items.len()).map(Step::Item).collect(),
        Value::Map(map) => match eval.entries(map) {
            Ok(entries) => (0..entries.len()).map(|place| Step::Entry(map, place)).collect(),
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
    fn paths_name_fields_keys_and_positions() {
        let name = |text: &str| Segment::Name(text.into());
        assert_eq!(read("a.b"), Some(vec![name("a"), name("b")]));
        assert_eq!(read("a.\"c/d\"[0][\"e\"]"), Some(vec![name("a"), name("c/d"), Segment::Index(0), name("e")]));
        for wrong in ["", "a.", ".a", "a[x]", "a[0", "a..b", "a[0]b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
