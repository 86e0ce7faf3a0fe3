//! Files of inputs: `--inputs FILE`.

use std::fmt::Write as _;
use std::path::Path;

use forge_base::{Code, Diag, Duration, Quantity};
use forge_check::Ty;
use forge_check::hir::{Global, Program};
use forge_eval::{Data, DataFormat};

use super::one_of;
use crate::session::Session;
use crate::world::shown;

/// A file with values of inputs.
pub(super) struct InputFile {
    /// Its path, for messages.
    pub(super) name: String,
    entries: Vec<(String, Data)>,
}

impl InputFile {
    pub(super) fn read(session: &Session, path: &Path) -> Result<InputFile, Box<Diag>> {
        let path = session.cwd().join(path);
        let name = shown(&path, session.cwd()).display().to_string();
        let wrong = |reason: String| {
            Box::new(Diag::error(Code::BAD_INPUT, format!("cannot read inputs from `{name}`")).note(reason))
        };
        let format = match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml") => DataFormat::Yaml,
            Some("json") => DataFormat::Json,
            Some("toml") => DataFormat::Toml,
            _ => return Err(wrong(String::from("its name must end with `.yaml`, `.yml`, `.json` or `.toml`"))),
        };
        let text = session.world().read(&path).map_err(|error| wrong(error.to_string()))?;
        match forge_eval::parse_data(format, &text) {
            Ok(Data::Map(entries)) => Ok(InputFile { name, entries }),
            Ok(Data::Null) => Ok(InputFile { name, entries: Vec::new() }),
            Ok(_) => Err(wrong(String::from("it must hold a mapping from names of inputs to their values"))),
            Err(error) => Err(wrong(match error.position {
                Some((line, column)) => format!("{line}:{column}: {}", error.reason),
                None => error.reason,
            })),
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Data)> {
        self.entries.iter().map(|(name, data)| (name.as_str(), data))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Data> {
        self.entries().find(|(other, _)| *other == name).map(|(_, data)| data)
    }

    /// The entries whose names satisfy `test`.
    pub(super) fn only(&self, test: &dyn Fn(&str) -> bool) -> InputFile {
        let entries = self.entries.iter().filter(|(name, _)| test(name)).cloned().collect();
        InputFile { name: self.name.clone(), entries }
    }
}

/// Data that is not of a type: where in it, and why.
#[derive(PartialEq, Debug)]
pub(super) struct Misfit {
    /// Keys and indices below the input, such as `.ports[0]`, the innermost first.
    path: Vec<String>,
    reason: String,
}

impl Misfit {
    fn new(reason: impl Into<String>) -> Misfit {
        Misfit { path: Vec::new(), reason: reason.into() }
    }

    fn below(mut self, segment: String) -> Misfit {
        self.path.push(segment);
        self
    }

    pub(super) fn diag(self, file: &InputFile, global: &Global) -> Diag {
        let mut key = global.name.to_string();
        self.path.iter().rev().for_each(|segment| _ = write!(key, "{segment}"));
        Diag::error(Code::BAD_INPUT, format!("invalid value for the input `{}`", global.name))
            .at(global.span, self.reason)
            .note(format!("the value is in `{}`, at `{key}`", file.name))
    }
}

/// The data as a value of a type. Conditions of types are checked when the module is evaluated.
pub(super) fn fit(program: &Program, ty: &Ty, data: &Data) -> Result<Data, Misfit> {
    let expected = |what: &str| Err(Misfit::new(format!("expected {what}, found {}", describe(data))));
    match (ty, data) {
        (Ty::Alias(id), _) => fit(program, &program.alias(*id).ty, data),
        (Ty::Refined(refined), _) => fit(program, &refined.base, data),
        (Ty::Union(types), _) => fit_union(program, types, data),
        (Ty::Any, _)
        | (Ty::Null, Data::Null)
        | (Ty::Bool, Data::Bool(_))
        | (Ty::Int, Data::Int(_))
        | (Ty::Float, Data::Float(_) | Data::Int(_))
        | (Ty::Str, Data::Str(_))
        | (Ty::Quantity, Data::Int(_)) => Ok(data.clone()),
        (Ty::LitBool(wanted), Data::Bool(found)) if wanted == found => Ok(data.clone()),
        (Ty::LitInt(wanted), Data::Int(found)) if wanted == found => Ok(data.clone()),
        (Ty::LitStr(wanted), Data::Str(found)) if wanted.as_str() == found => Ok(data.clone()),
        (Ty::Quantity, Data::Str(text)) if Quantity::parse(text).is_ok() => Ok(data.clone()),
        (Ty::Duration, Data::Str(text)) if Duration::parse(text).is_ok() => Ok(data.clone()),
        (Ty::List(item), Data::List(items)) => {
            let fitted = items
                .iter()
                .enumerate()
                .map(|(index, data)| fit(program, item, data).map_err(|misfit| misfit.below(format!("[{index}]"))));
            Ok(Data::List(fitted.collect::<Result<_, _>>()?))
        }
        (Ty::Map(types), Data::Map(entries)) => {
            let fitted = entries.iter().map(|(key, data)| {
                let value = fit(program, &types.1, data).map_err(|misfit| misfit.below(format!(".{key}")))?;
                Ok((key.clone(), value))
            });
            Ok(Data::Map(fitted.collect::<Result<_, Misfit>>()?))
        }
        (Ty::Record(fields), Data::Map(entries)) => {
            if let Some((key, _)) = entries.iter().find(|(key, _)| fields.iter().all(|(name, _)| name.as_str() != key))
            {
                return Err(Misfit::new("no such field").below(format!(".{key}")));
            }
            let fitted = fields.iter().map(|(name, ty)| {
                let data = entries.iter().find(|(key, _)| key == name.as_str()).map_or(&Data::Null, |(_, data)| data);
                let value = fit(program, ty, data).map_err(|misfit| misfit.below(format!(".{name}")))?;
                Ok((name.to_string(), value))
            });
            Ok(Data::Map(fitted.collect::<Result<_, Misfit>>()?))
        }
        (Ty::Bool | Ty::LitBool(_), _) => expected("a Bool"),
        (Ty::Int | Ty::LitInt(_), _) => expected("an Int"),
        (Ty::Float, _) => expected("a Float"),
        (Ty::Str | Ty::LitStr(_), _) => expected("a String"),
        (Ty::Quantity, _) => expected("a Quantity, such as `500m` or `2Gi`"),
        (Ty::Duration, _) => expected("a Duration, such as `30s`"),
        (Ty::Null, _) => expected("null"),
        (Ty::List(_) | Ty::Keyed(_), _) => expected("a list"),
        (Ty::Map(_) | Ty::Record(_), _) => expected("a map"),
        (Ty::Secret, _) => Err(Misfit::new("a Secret cannot be an input: its value would be readable")),
        (Ty::Fn(_), _) => Err(Misfit::new("a function cannot be an input")),
        (Ty::Schema(id), _) => {
            let name = program.schema(*id).name;
            Err(Misfit::new(format!("an instance of `{name}` cannot be an input; declare inputs for its fields")))
        }
        _ => Ok(data.clone()),
    }
}

fn fit_union(program: &Program, types: &[Ty], data: &Data) -> Result<Data, Misfit> {
    if let (Data::Str(text), true) = (data, types.iter().all(|ty| matches!(ty, Ty::LitStr(_) | Ty::Null))) {
        let is_member = types.iter().any(|ty| matches!(ty, Ty::LitStr(name) if name.as_str() == text));
        return if is_member { Ok(data.clone()) } else { Err(Misfit::new(one_of(types, text))) };
    }
    let mut deepest: Option<Misfit> = None;
    for ty in types {
        match fit(program, ty, data) {
            Ok(fitted) => return Ok(fitted),
            // The member that accepts most of the data is the one that is meant.
            Err(misfit) if deepest.as_ref().is_none_or(|known| known.path.len() < misfit.path.len()) => {
                deepest = Some(misfit);
            }
            Err(_) => {}
        }
    }
    Err(deepest.unwrap_or_else(|| Misfit::new("no value has this type")))
}

fn describe(data: &Data) -> String {
    match data {
        Data::Null => String::from("null"),
        Data::Bool(value) => format!("`{value}`"),
        Data::Int(number) => format!("`{number}`"),
        Data::Float(number) => format!("`{number}`"),
        Data::Str(text) => format!("the string {:?}", super::short(text)),
        Data::List(_) => String::from("a list"),
        Data::Map(_) => String::from("a mapping"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use forge_base::Name;

    use super::*;

    fn misfit(ty: &Ty, data: &Data) -> (String, String) {
        let misfit = fit(&Program::default(), ty, data).unwrap_err();
        (misfit.path.iter().rev().map(String::as_str).collect(), misfit.reason)
    }

    #[test]
    fn the_path_leads_to_the_value_that_does_not_fit() {
        let ports = Ty::Map(Arc::new((Ty::Str, Ty::List(Arc::new(Ty::Int)))));
        let data = Data::Map(vec![("web".into(), Data::List(vec![Data::Int(1), Data::Str("x".into())]))]);
        let found = misfit(&ports, &data);
        assert_eq!(found, (String::from(".web[1]"), String::from("expected an Int, found the string \"x\"")));
    }

    #[test]
    fn a_union_reports_the_member_that_accepts_most() {
        let list = Ty::Union([Ty::Null, Ty::List(Arc::new(Ty::Int))].into());
        assert_eq!(misfit(&list, &Data::List(vec![Data::Bool(true)])).0, "[0]");
        let zones = Ty::Union([Ty::LitStr(Name::new("north")), Ty::LitStr(Name::new("south"))].into());
        assert_eq!(misfit(&zones, &Data::Str("nort".into())).1, "did you mean `north`?");
        assert_eq!(fit(&Program::default(), &zones, &Data::Str("south".into())), Ok(Data::Str("south".into())));
    }

    #[test]
    fn records_reject_fields_that_they_do_not_have() {
        let record = Ty::Record([(Name::new("a"), Ty::Int)].into());
        let data = |key: &str| Data::Map(vec![(key.into(), Data::Int(1))]);
        assert_eq!(fit(&Program::default(), &record, &data("a")), Ok(data("a")));
        assert_eq!(misfit(&record, &data("b")), (String::from(".b"), String::from("no such field")));
    }
}
