//! `forgec build`: evaluates a module to YAML, on standard output or in a folder.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use forge_base::{Code, Diag};
use forge_build::OutputPart;
use forge_emit::documents::{append, separate};

use crate::evaluate::{as_files, documents_file, waive_warnings};
use crate::input::InputSource;
use crate::output::{self, OutputFile, Overwrite, Paint, Tree};
use crate::pipeline::prepare::{Prepared, Request, evaluate};
use crate::pipeline::{Limits, Outcome};
use crate::session::Session;
use crate::world::shown;

/// Options of `forgec build`.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// A file, folder or module path.
    pub target: String,
    /// Inputs.
    pub inputs: Vec<InputSource>,
    /// Limits.
    pub limits: Limits,
    /// Where output is written.
    pub destination: Destination,
}

/// Where the output of a build is written.
#[derive(Clone, Debug)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A folder.
    Folder(PathBuf, Overwrite),
    /// Nowhere: the output is only compared with a folder.
    Compare(PathBuf, Paint),
}

/// Evaluates a module and writes its output. If there are errors, nothing is written.
pub fn build(session: &mut Session, options: &BuildOptions) -> Outcome {
    let request = Request { target: &options.target, inputs: &options.inputs, limits: &options.limits };
    let output = |session: &Session, prepared: &Prepared| {
        let cx = prepared.eval_context(session.world());
        let diags = cx.check_inputs();
        if !diags.is_empty() {
            return (diags, Vec::new());
        }
        let output = cx.build(prepared.module, session.kubernetes(prepared.module));
        (output.diags, output.parts)
    };
    let (prepared, diags, mut parts) = match evaluate(session, &request, output) {
        Ok(evaluated) => evaluated,
        Err(outcome) => return *outcome,
    };
    let module = prepared.module;
    let documents = documents_file(session.module(module).path);
    let is_stream = matches!(options.destination, Destination::Stdout);
    let has_documents = !is_stream && parts.iter().any(|part| matches!(part, OutputPart::Documents(_)));
    let (tree, mut conflicts) = match is_stream {
        true => Tree::build(without_texts(&parts)),
        false => Tree::build(as_files(std::mem::take(&mut parts), &documents)),
    };
    if !conflicts.is_empty() {
        conflicts = located(session, &prepared, has_documents.then_some(documents));
        waive_warnings(&prepared.loaded, &mut conflicts);
    }
    let mut outcome = prepared.outcome(session, diags.into_iter().chain(conflicts).collect(), String::new());
    if outcome.diags.iter().any(Diag::is_error) {
        return outcome;
    }
    let target = session.module(module).path.as_str();
    match &options.destination {
        Destination::Stdout if parts.is_empty() => {
            let path = session.module(module).path;
            outcome.summary = Some(format!("nothing to write: no field of `{path}` contains a resource or a file"));
        }
        Destination::Stdout => outcome.output = stream(parts),
        Destination::Folder(folder, overwrite) => write(session, folder, &tree, target, *overwrite, &mut outcome),
        Destination::Compare(folder, paint) => compare(session, folder, &tree, target, *paint, &mut outcome),
    }
    outcome
}

/// The files of a stream with empty content, to check their paths. The stream itself has no name, so it conflicts with none.
fn without_texts(parts: &[OutputPart]) -> Vec<OutputFile> {
    let files = parts.iter().filter_map(|part| match part {
        OutputPart::File { path, .. } => Some(OutputFile { path: path.clone(), text: String::new(), span: None }),
        OutputPart::Documents(_) => None,
    });
    files.collect()
}

/// Reports conflicting paths of files, with the spans that create the files.
fn located(session: &Session, prepared: &Prepared, documents: Option<String>) -> Vec<Diag> {
    let created = prepared.eval_context(session.world()).run(|eval| forge_build::file_spans(eval, prepared.module));
    let documents = documents.map(|path| OutputFile { path, text: String::new(), span: None });
    let files = created.into_iter().map(|(path, span)| OutputFile { path, text: String::new(), span });
    Tree::build(documents.into_iter().chain(files).collect()).1
}

/// An upper bound of the bytes that a stream needs for a part besides its content and path: a separator and a comment sign.
const SEPARATOR_BYTES: usize = 8;

/// Documents and files as one YAML stream. A file starts with a comment that names it; a file that is not YAML becomes a comment.
fn stream(parts: Vec<OutputPart>) -> String {
    let size = |part: &OutputPart| match part {
        OutputPart::Documents(documents) => documents.len() + SEPARATOR_BYTES,
        OutputPart::File { path, text } => path.len() + text.len() + SEPARATOR_BYTES,
    };
    let mut text = String::new();
    if parts.len() > 1 {
        text.reserve(parts.iter().map(size).sum());
    }
    for part in parts {
        match part {
            OutputPart::Documents(documents) => append(&mut text, documents),
            OutputPart::File { path, text: content } if path.ends_with(".yaml") || path.ends_with(".yml") => {
                separate(&mut text, &content);
                _ = write!(text, "# {path}\n{content}");
            }
            OutputPart::File { path, text: content } => {
                _ = writeln!(text, "# {path}:");
                for line in content.lines() {
                    text.push_str(format!("# {line}").trim_end());
                    text.push('\n');
                }
            }
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

fn write(session: &Session, folder: &Path, tree: &Tree, target: &str, overwrite: Overwrite, outcome: &mut Outcome) {
    let whole = session.cwd().join(folder);
    match output::write(&whole, tree, target, overwrite) {
        Ok(written) => {
            let count = written.changed + written.unchanged;
            let files = if count == 1 { "file" } else { "files" };
            let folder = shown(&whole, session.cwd());
            let mut summary = format!(
                "{count} {files} in {}: {} written, {} unchanged, {} removed",
                folder.display(),
                written.changed,
                written.unchanged,
                written.removed
            );
            if written.others > 0 {
                summary.push_str(&format!("; {} of other modules", written.others));
            }
            outcome.summary = Some(summary);
        }
        Err(diags) => outcome.diags.extend(diags),
    }
}

fn compare(session: &Session, folder: &Path, tree: &Tree, target: &str, paint: Paint, outcome: &mut Outcome) {
    match output::compare(&session.cwd().join(folder), tree, target, paint) {
        Ok(diff) if diff.is_empty() => {}
        Ok(diff) => {
            let headline = format!("`{}` is out of date", folder.display());
            outcome.diags.push(Diag::error(Code::OUT_OF_DATE, headline).help("build again without `--check`"));
            outcome.output = diff;
        }
        Err(diags) => outcome.diags.extend(diags),
    }
}
