//! Inputs: converts `--input name=value` to data of the type that the module declares for it.

use forge_base::{Code, Diag, Quantity, suggest};
use forge_check::hir::{Global, GlobalKind, Module, Program};
use forge_check::{GlobalId, Ty};
use forge_eval::Data;
use rustc_hash::FxHashMap;
use serde_json::Value;

/// Values of inputs.
pub type Inputs = FxHashMap<GlobalId, Data>;

/// Reads the inputs from the command line. Reports inputs that the module does not declare, and those without a value.
pub fn read_inputs(program: &Program, module: &Module, given: &[(String, String)]) -> Result<Inputs, Vec<Diag>> {
    let mut inputs = Inputs::default();
    let mut diags = Vec::new();
    for (name, text) in given {
        let Some((index, global)) = declared(module).find(|(_, global)| global.name.as_str() == name) else {
            diags.push(unknown(module, name));
            continue;
        };
        let id = GlobalId { module: module.id, index };
        match read(program, &global.ty, text) {
            _ if inputs.contains_key(&id) => diags.push(
                Diag::error(Code::BAD_INPUT, format!("the input `{name}` is set twice"))
                    .at(global.span, "declared here"),
            ),
            Ok(data) => _ = inputs.insert(id, data),
            Err(reason) => diags.push(
                Diag::error(Code::BAD_INPUT, format!("invalid value `{}` for the input `{name}`", short(text)))
                    .at(global.span, reason),
            ),
        }
    }
    for (index, global) in declared(module) {
        let is_given = inputs.contains_key(&GlobalId { module: module.id, index })
            || given.iter().any(|(name, _)| global.name.as_str() == name);
        if global.value.is_none() && !is_given {
            diags.push(missing(global));
        }
    }
    if diags.is_empty() { Ok(inputs) } else { Err(diags) }
}

fn declared(module: &Module) -> impl Iterator<Item = (u32, &Global)> {
    (0..).zip(module.globals.iter().map(|global| &**global)).filter(|(_, global)| global.kind == GlobalKind::Input)
}

fn unknown(module: &Module, name: &str) -> Diag {
    let known: Vec<&str> = declared(module).map(|(_, global)| global.name.as_str()).collect();
    let diag = Diag::error(Code::UNKNOWN_INPUT, format!("`{}` has no input `{name}`", module.path));
    match suggest::nearest(name, known.iter().copied()) {
        Some(near) => diag.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diag.note("it declares no inputs"),
        None => diag.note(format!("it declares {}", known.join(", "))),
    }
}

fn missing(global: &Global) -> Diag {
    Diag::error(Code::MISSING_INPUT, format!("the input `{}` has no value", global.name))
        .at(global.span, "declared here without a default")
        .help(format!("set it on the command line: `--input {}=…`", global.name))
}

fn short(text: &str) -> String {
    let mut line: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.len() < text.len() {
        line.push('…');
    }
    line
}

/// Reads a scalar as it is written, and everything else as JSON.
fn read(program: &Program, ty: &Ty, text: &str) -> Result<Data, String> {
    match ty {
        Ty::Alias(id) => read(program, &program.alias(*id).ty, text),
        Ty::Refined(refined) => read(program, &refined.base, text),
        Ty::Union(types) => {
            // Every value can be read as a string, so strings are tried last.
            let (texts, others): (Vec<&Ty>, Vec<&Ty>) = types.iter().partition(|ty| is_text(program, ty));
            let mut reasons = Vec::new();
            for ty in others.into_iter().chain(texts) {
                match read(program, ty, text) {
                    Ok(data) => return Ok(data),
                    Err(reason) => reasons.push(reason),
                }
            }
            match types.iter().all(|ty| matches!(ty, Ty::LitStr(_))) {
                true => Err(one_of(types, text)),
                false => Err(reasons.join(", or ")),
            }
        }
        Ty::Null if text == "null" => Ok(Data::Null),
        Ty::Null => Err(String::from("write `null`")),
        Ty::Bool | Ty::LitBool(_) => match text {
            "true" => Ok(Data::Bool(true)),
            "false" => Ok(Data::Bool(false)),
            _ => Err(String::from("a Bool: write `true` or `false`")),
        },
        Ty::Int | Ty::LitInt(_) => text.parse().map(Data::Int).map_err(|_| String::from("an Int, such as `3`")),
        Ty::Float => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Data::Float(number)),
            _ => Err(String::from("a Float, such as `1.5`")),
        },
        Ty::LitStr(name) if name.as_str() != text => Err(format!("write `{name}`")),
        Ty::Quantity if Quantity::parse(text).is_err() => Err(String::from("a Quantity, such as `500m` or `2Gi`")),
        Ty::Str | Ty::LitStr(_) | Ty::Quantity | Ty::Duration => Ok(Data::Str(text.to_owned())),
        Ty::Any => Ok(json(text).unwrap_or_else(|_| Data::Str(text.to_owned()))),
        Ty::Secret => Err(String::from("a Secret cannot be set on the command line, where other users can read it")),
        Ty::Fn(_) => Err(String::from("a function cannot be set on the command line")),
        Ty::Schema(id) => {
            let name = program.schema(*id).name;
            Err(format!("an instance of `{name}` cannot be set on the command line; declare inputs for its fields"))
        }
        Ty::List(_) | Ty::Keyed(_) => {
            json(text).map_err(|reason| format!("a list is written as JSON: `[\"a\"]` ({reason})"))
        }
        Ty::Map(_) | Ty::Record(_) => {
            json(text).map_err(|reason| format!("a map is written as JSON: `{{\"key\": \"a\"}}` ({reason})"))
        }
        _ => json(text),
    }
}

/// The literals that a union accepts, or the one that is similar to `text`.
fn one_of(types: &[Ty], text: &str) -> String {
    let names = types.iter().filter_map(|ty| match ty {
        Ty::LitStr(name) => Some(name.as_str()),
        _ => None,
    });
    let names: Vec<&str> = names.collect();
    match suggest::nearest(text, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it accepts {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}

fn is_text(program: &Program, ty: &Ty) -> bool {
    match ty {
        Ty::Alias(id) => is_text(program, &program.alias(*id).ty),
        Ty::Refined(refined) => is_text(program, &refined.base),
        _ => matches!(ty, Ty::Str | Ty::Any | Ty::Quantity | Ty::Duration),
    }
}

fn json(text: &str) -> Result<Data, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    data(value)
}

fn data(value: Value) -> Result<Data, String> {
    Ok(match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Data::Int(number),
            (None, Some(number)) if number.fract() != 0.0 || number.abs() < 9e15 => Data::Float(number),
            _ => return Err(format!("{number} is not in the range of an Int")),
        },
        Value::String(text) => Data::Str(text),
        Value::Array(items) => Data::List(items.into_iter().map(data).collect::<Result<_, _>>()?),
        Value::Object(entries) => {
            let entry = |(key, value): (String, Value)| data(value).map(|value| (key, value));
            Data::Map(entries.into_iter().map(entry).collect::<Result<_, _>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn read_as(ty: Ty, text: &str) -> Result<Data, String> {
        read(&Program::default(), &ty, text)
    }

    #[test]
    fn scalars_are_read_as_written() {
        assert_eq!(read_as(Ty::Int, "3"), Ok(Data::Int(3)));
        assert_eq!(read_as(Ty::Str, "3"), Ok(Data::Str("3".into())));
        assert_eq!(read_as(Ty::Str, "\"q\""), Ok(Data::Str("\"q\"".into())));
        assert_eq!(read_as(Ty::Bool, "true"), Ok(Data::Bool(true)));
        assert!(read_as(Ty::Bool, "yes").is_err() && read_as(Ty::Int, "3.5").is_err());
        assert!(read_as(Ty::Float, "NaN").is_err());
    }

    #[test]
    fn lists_and_maps_are_json() {
        let list = Ty::List(Arc::new(Ty::Int));
        assert_eq!(read_as(list.clone(), "[1, 2]"), Ok(Data::List(vec![Data::Int(1), Data::Int(2)])));
        assert!(read_as(list, "1,2").is_err());
    }

    #[test]
    fn a_union_tries_strings_last() {
        let union = Ty::Union([Ty::Str, Ty::Int, Ty::Null].into());
        assert_eq!(read_as(union.clone(), "3"), Ok(Data::Int(3)));
        assert_eq!(read_as(union.clone(), "null"), Ok(Data::Null));
        assert_eq!(read_as(union, "x"), Ok(Data::Str("x".into())));
    }
}
