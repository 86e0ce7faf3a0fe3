//! Inputs: converts `--input name=value` and the entries of `--inputs FILE` to data of the types that modules declare for them.

mod file;
mod literal;

use std::path::PathBuf;

use forge_base::{Code, Diag, Quantity, suggest};
use forge_check::hir::{Global, GlobalKind, Module, Program};
use forge_check::{GlobalId, ModuleId, Ty};
use forge_eval::Data;
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::session::Session;
use file::InputFile;

/// Values of inputs.
pub type Inputs = FxHashMap<GlobalId, Data>;

/// Where values of inputs come from. Values take precedence over files, and later files over earlier ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InputSource {
    /// A name and a value, as they are written on the command line.
    Value(String, String),
    /// A YAML, JSON or TOML file with a value for each name.
    File(PathBuf),
}

impl From<(String, String)> for InputSource {
    fn from((name, value): (String, String)) -> InputSource {
        InputSource::Value(name, value)
    }
}

/// The inputs that were given, with all files read.
#[derive(Default)]
struct Given {
    values: Vec<(String, String)>,
    files: Vec<InputFile>,
}

impl Given {
    fn read(session: &Session, sources: &[InputSource]) -> Result<Given, Vec<Diag>> {
        let mut given = Given::default();
        let mut diags = Vec::new();
        for source in sources {
            match source {
                InputSource::Value(name, text) => given.values.push((name.clone(), text.clone())),
                InputSource::File(path) => match InputFile::read(session, path) {
                    Ok(file) => given.files.push(file),
                    Err(diag) => diags.push(*diag),
                },
            }
        }
        if diags.is_empty() { Ok(given) } else { Err(diags) }
    }

    /// Only the inputs that a module declares.
    fn declared_by(&self, module: &Module) -> Given {
        let declares = |name: &str| declared(module).any(|(_, global)| global.name.as_str() == name);
        Given {
            values: self.values.iter().filter(|(name, _)| declares(name)).cloned().collect(),
            files: self.files.iter().map(|file| file.only(&declares)).collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(other, _)| other == name) || self.files.iter().any(|file| file.get(name).is_some())
    }
}

/// Reads the inputs of a module. Reports inputs that it does not declare, and those without a value.
pub(crate) fn read_inputs(
    session: &Session,
    program: &Program,
    module: &Module,
    sources: &[InputSource],
) -> Result<Inputs, Vec<Diag>> {
    let given = Given::read(session, sources)?;
    let mut diags = Vec::new();
    let inputs = read_given(program, module, &given, &mut diags);
    for (_, global) in declared(module) {
        if global.value.is_none() && !given.has(global.name.as_str()) {
            diags.push(missing(global));
        }
    }
    if diags.is_empty() { Ok(inputs) } else { Err(diags) }
}

/// Sets each input in every module that declares it. An input that no module declares is an error only if there is one module, and inputs
/// without a value are none: what reads them reports that.
pub(crate) fn read_for_modules(
    session: &Session,
    program: &Program,
    modules: &[ModuleId],
    sources: &[InputSource],
) -> Result<Inputs, Vec<Diag>> {
    let given = Given::read(session, sources)?;
    let mut inputs = Inputs::default();
    let mut diags = Vec::new();
    let found = |id: &ModuleId| program.modules.get(id.0 as usize)?.as_deref();
    for module in modules.iter().filter_map(found) {
        let more = match modules {
            [_] => read_given(program, module, &given, &mut diags),
            _ => read_given(program, module, &given.declared_by(module), &mut diags),
        };
        inputs.extend(more);
    }
    if diags.is_empty() { Ok(inputs) } else { Err(diags) }
}

/// Whether a module declares an input that has neither a default nor a value in `inputs`.
pub(crate) fn needs_inputs(program: &Program, id: ModuleId, inputs: &Inputs) -> bool {
    let module = program.module(id);
    declared(module)
        .any(|(index, global)| global.value.is_none() && !inputs.contains_key(&GlobalId { module: id, index }))
}

fn read_given(program: &Program, module: &Module, given: &Given, diags: &mut Vec<Diag>) -> Inputs {
    let mut inputs = Inputs::default();
    for file in &given.files {
        for (name, data) in file.entries() {
            let Some((index, global)) = declared(module).find(|(_, global)| global.name.as_str() == name) else {
                diags.push(unknown(module, name).note(format!("set in `{}`", file.name)));
                continue;
            };
            match file::fit(program, &global.ty, data) {
                Ok(data) => _ = inputs.insert(GlobalId { module: module.id, index }, data),
                Err(misfit) => diags.push(misfit.diag(file, global)),
            }
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for (name, text) in &given.values {
        let Some((index, global)) = declared(module).find(|(_, global)| global.name.as_str() == name) else {
            diags.push(unknown(module, name));
            continue;
        };
        match read(program, &global.ty, text) {
            _ if seen.contains(&name.as_str()) => diags.push(
                Diag::error(Code::BAD_INPUT, format!("the input `{name}` is set twice"))
                    .at(global.span, "declared here"),
            ),
            Ok(data) => _ = inputs.insert(GlobalId { module: module.id, index }, data),
            Err(reason) => diags.push(
                Diag::error(Code::BAD_INPUT, format!("invalid value `{}` for the input `{name}`", short(text)))
                    .at(global.span, reason),
            ),
        }
        seen.push(name);
    }
    inputs
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

/// Reads numbers as they are read in source, strings as they are, and everything else as JSON.
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
        Ty::Int | Ty::LitInt(_) => match literal::number(text) {
            Ok(Some(Data::Int(number))) => Ok(Data::Int(number)),
            Ok(_) => Err(String::from("an Int, such as `3`")),
            Err(reason) => Err(format!("an Int, such as `3`: {reason}")),
        },
        Ty::Float => match literal::number(text) {
            Ok(Some(Data::Int(number))) => Ok(Data::Float(number as f64)),
            Ok(Some(Data::Float(number))) => Ok(Data::Float(number)),
            Ok(_) => Err(String::from("a Float, such as `1.5`")),
            Err(reason) => Err(format!("a Float, such as `1.5`: {reason}")),
        },
        Ty::LitStr(name) if name.as_str() != text => Err(format!("write `{name}`")),
        Ty::Quantity => {
            let amount = literal::amount(text).map_err(|reason| format!("a Quantity, such as `500m`: {reason}"))?;
            match Quantity::parse(&amount) {
                Ok(_) => Ok(Data::Str(amount)),
                Err(_) => Err(String::from("a Quantity, such as `500m` or `2Gi`")),
            }
        }
        Ty::Duration => {
            let amount = literal::amount(text).map_err(|reason| format!("a Duration, such as `30s`: {reason}"))?;
            Ok(Data::Str(amount))
        }
        Ty::Str | Ty::LitStr(_) => Ok(Data::Str(text.to_owned())),
        Ty::Any => match literal::number(text)? {
            Some(number) => Ok(number),
            None => Ok(json(text).unwrap_or_else(|_| Data::Str(text.to_owned()))),
        },
        Ty::Secret => Err(String::from("a Secret cannot be set on the command line, where other users can read it")),
        Ty::Fn(_) => Err(String::from("a function cannot be set on the command line")),
        Ty::Schema(id) => {
            let name = program.schema(*id).name;
            Err(format!("an instance of `{name}` cannot be set on the command line; declare inputs for its fields"))
        }
        Ty::List(_) | Ty::Keyed(_) => literal::list(text)
            .map_or_else(|| json(text), Ok)
            .map_err(|reason| format!("a list is written as JSON: `[\"a\"]` ({reason})")),
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
    fn numbers_are_read_as_in_source() {
        assert_eq!(read_as(Ty::Int, "0o644"), Ok(Data::Int(0o644)));
        assert_eq!(read_as(Ty::Int, "1_000"), Ok(Data::Int(1000)));
        assert_eq!(read_as(Ty::Int, "-0x10"), Ok(Data::Int(-16)));
        assert_eq!(read_as(Ty::Float, "1_000.5"), Ok(Data::Float(1000.5)));
        assert_eq!(read_as(Ty::Float, "2"), Ok(Data::Float(2.0)));
        assert_eq!(read_as(Ty::Quantity, "1_500m"), Ok(Data::Str("1500m".into())));
        assert_eq!(read_as(Ty::Any, "0o10"), Ok(Data::Int(8)));
        assert_eq!(read_as(Ty::Any, "1.2.3"), Ok(Data::Str("1.2.3".into())));
        assert_eq!(read_as(Ty::List(Arc::new(Ty::Int)), "[0o10, 1_000]").unwrap(), {
            Data::List(vec![Data::Int(8), Data::Int(1000)])
        });
        for ty in [Ty::Int, Ty::Float, Ty::Quantity, Ty::Duration, Ty::Any] {
            let reason = read_as(ty.clone(), "01000").unwrap_err();
            assert!(reason.contains("leading zero"), "{ty:?}: {reason}");
        }
        assert!(read_as(Ty::Quantity, "0500m").is_err() && read_as(Ty::Duration, "030s").is_err());
        assert!(read_as(Ty::Int, "1 + 1").is_err() && read_as(Ty::Int, "").is_err());
        assert_eq!(read_as(Ty::Float, "0.5"), Ok(Data::Float(0.5)));
        assert_eq!(read_as(Ty::Int, "0"), Ok(Data::Int(0)));
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
