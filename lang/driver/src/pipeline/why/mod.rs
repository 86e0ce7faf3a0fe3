//! `forgec why`: which places of the program made a value, which of them were replaced, and what each of them read.
//!
//! A value is named by its path, such as `grafana.deployment.spec.replicas` or `Deployment/grafana.spec.replicas`, by a line
//! of what a build wrote, or by a line of the program; then all values that the line has a say in are told.

use std::path::{Path, PathBuf};

use forge_base::{Code, Diag, Files};
use forge_check::ModuleId;

use crate::evaluate::EvalContext;
use crate::output;
use crate::pipeline::prepare::{Request, prepare_full};
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;

mod history;
mod line;
mod path;
mod resource;
mod source;

/// What to explain.
#[derive(Clone, Debug)]
pub struct WhyOptions {
    /// `file:line` of an output or of the program, or the path of a value.
    pub what: String,
    /// The module that was built; without one the working directory's, or that of the line's file.
    pub target: Option<String>,
    /// Inputs: name and value.
    pub inputs: Vec<(String, String)>,
    /// Limits.
    pub limits: Limits,
}

/// Where a value is looked for.
enum Query {
    /// At a path of names, keys and positions.
    Path(String),
    /// On a line of the YAML stream, or of a file below the output folder.
    Output(Option<String>, usize),
    /// On a line of the program.
    Source(PathBuf, usize),
}

/// Prints the history of a value.
pub fn why(session: &mut Session, options: &WhyOptions) -> Outcome {
    let place = match read_query(session, &options.what) {
        Ok(place) => place,
        Err(diag) => return Outcome::failed(Files::default(), *diag),
    };
    let target = match (&options.target, &place) {
        (Some(target), _) => target.clone(),
        (None, Query::Source(file, _)) if !session.world().is_file(&session.cwd().join("main.forge")) => {
            file.display().to_string()
        }
        (None, _) => String::from("."),
    };
    let request = Request { target: &target, inputs: &options.inputs, limits: &options.limits };
    let prepared = match prepare_full(session, &request) {
        Ok(prepared) => prepared,
        Err(outcome) => return *outcome,
    };
    let cwd = session.cwd().to_owned();
    let cx = prepared.eval_context(session.world());
    let found = match cx.check_inputs() {
        diags if !diags.is_empty() => Err(diags),
        _ => explain(&cx, prepared.module, &cwd, &place),
    };
    match found {
        Ok(output) => prepared.outcome(Vec::new(), output),
        Err(diags) => prepared.outcome(diags, String::new()),
    }
}

fn explain(cx: &EvalContext, module: ModuleId, cwd: &Path, place: &Query) -> Result<String, Vec<Diag>> {
    cx.run(|eval| match place {
        Query::Path(text) => path::follow(eval, module, text).map(|route| history::tell(eval, &route)),
        Query::Output(file, line) => line::find(eval, module, file.as_deref(), *line),
        Query::Source(file, line) => source::find(eval, module, cwd, file, *line),
    })
}

fn read_query(session: &Session, what: &str) -> Result<Query, Box<Diag>> {
    if let Some((file, line)) = file_and_line(session, what) {
        let path = session.cwd().join(file);
        if !session.world().is_file(&path) {
            return Err(Box::new(Diag::error(Code::NO_TARGET, format!("there is no file `{file}`"))));
        }
        if file.ends_with(".forge") {
            return Ok(Query::Source(PathBuf::from(file), line));
        }
        return Ok(Query::Output(output_path(&path), line));
    }
    if path::read(what).is_none() && !what.contains('/') {
        let diag = Diag::error(Code::BAD_USAGE, format!("`{what}` is neither a path nor a line of a file"));
        let help = "write `web.deployment.spec`, `Deployment/web.spec`, `out/web.yaml:12` or `web.forge:7`";
        return Err(Box::new(diag.help(help)));
    }
    Ok(Query::Path(what.to_owned()))
}

/// Reads `FILE:LINE`; a column behind it, as messages and editors print it, says nothing more.
fn file_and_line<'w>(session: &Session, what: &'w str) -> Option<(&'w str, usize)> {
    let (file, line) = what.rsplit_once(':')?;
    let line = line.parse().ok()?;
    match file.rsplit_once(':') {
        Some((file, first)) if session.world().is_file(&session.cwd().join(file)) => Some((file, first.parse().ok()?)),
        _ => Some((file, line)),
    }
}

/// The path of a file below the output folder that it was written into; `None` if a stream was saved.
fn output_path(path: &Path) -> Option<String> {
    let folder = path.ancestors().skip(1).find(|folder| output::is_folder(folder))?;
    let parts = path.strip_prefix(folder).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}
