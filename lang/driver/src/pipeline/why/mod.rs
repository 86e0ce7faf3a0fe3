//! `forgec why`: where a value was set, what it replaced, and which values it was computed from.
//!
//! A value is named by its path, such as `grafana.deployment.spec.replicas` or `Deployment/grafana.spec.replicas`, by a line of the
//! output, or by a line of the program; for the latter all values that the line affects are listed.

use std::path::{Path, PathBuf};

use forge_base::{Code, Diag, Files};
use forge_check::ModuleId;

use crate::evaluate::EvalContext;
use crate::input::InputSource;
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
    /// The module that is built; by default that of the working directory, or that of the line's file.
    pub target: Option<String>,
    /// Inputs.
    pub inputs: Vec<InputSource>,
    /// Limits.
    pub limits: Limits,
}

/// What a value is identified by.
enum Query {
    /// A path of names, keys and indices.
    Path(String),
    /// A line of the YAML stream, or of a file in the output folder.
    Output(Option<String>, usize),
    /// A line of the program.
    Source(PathBuf, usize),
}

/// Prints the history of a value.
pub fn why(session: &mut Session, options: &WhyOptions) -> Outcome {
    let query = match read_query(session, &options.what) {
        Ok(query) => query,
        Err(diag) => return Outcome::failed(Files::default(), *diag),
    };
    let target = match (&options.target, &query) {
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
        _ => explain(&cx, prepared.module, &cwd, &query),
    };
    match found {
        Ok(output) => prepared.outcome(session, Vec::new(), output),
        Err(diags) => prepared.outcome(session, diags, String::new()),
    }
}

fn explain(cx: &EvalContext, module: ModuleId, cwd: &Path, query: &Query) -> Result<String, Vec<Diag>> {
    cx.run(|eval| match query {
        Query::Path(text) => path::follow(eval, module, text).map(|route| history::explain(eval, &route)),
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
    if path::parse(what).is_none() && !what.contains('/') {
        let diag =
            Diag::error(Code::BAD_USAGE, format!("`{what}` is neither the path of a value nor a line of a file"));
        let help = "write `web.deployment.spec`, `Deployment/web.spec`, `out/web.yaml:12` or `web.forge:7`";
        return Err(Box::new(diag.help(help)));
    }
    Ok(Query::Path(what.to_owned()))
}

/// Parses `FILE:LINE`. A column after it, as in diagnostics, is ignored.
fn file_and_line<'w>(session: &Session, what: &'w str) -> Option<(&'w str, usize)> {
    let (file, line) = what.rsplit_once(':')?;
    let line = line.parse().ok()?;
    match file.rsplit_once(':') {
        Some((file, first)) if session.world().is_file(&session.cwd().join(file)) => Some((file, first.parse().ok()?)),
        _ => Some((file, line)),
    }
}

/// The path of a file inside its output folder; `None` if it is not in one.
fn output_path(path: &Path) -> Option<String> {
    let folder = path.ancestors().skip(1).find(|folder| output::is_output_folder(folder))?;
    let parts = path.strip_prefix(folder).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}
