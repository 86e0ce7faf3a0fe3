//! `forgec import`: converts CRDs, JSON Schema, Helm values and manifests to Forge source.
//!
//! Files are read through the session's world and are among the outcome's files. Everything is converted before anything is written.

mod manifest;

use std::fs;
use std::path::{Path, PathBuf};

use forge_base::{Code, Diag, Files};
use forge_import::{Chart, Imported, Input, LossPolicy, Output};

use crate::output::create_file;
use crate::pipeline::Outcome;
use crate::session::Session;
use crate::world::{normalize, shown};

/// The maximum depth of folders that are searched.
const MAX_DEPTH: usize = 64;
/// The files of a chart that describe its values.
const CHART_FILES: [&str; 3] = ["values.schema.json", "values.yaml", "Chart.yaml"];
/// The marker in the documentation of every imported module.
const MARKER: &str = forge_check::GENERATED;

/// Options of `forgec import`.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The format of the files.
    pub format: ImportFormat,
    /// Files and folders.
    pub paths: Vec<String>,
    /// An output folder, or a file if there is one module; by default standard output.
    pub out: Option<String>,
    /// How parts that Forge cannot express are handled.
    pub loss: LossPolicy,
    /// Whether files that were not written by an import are overwritten.
    pub force: bool,
}

/// The format of files to import.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImportFormat {
    /// CustomResourceDefinitions.
    Crd,
    /// A JSON Schema.
    JsonSchema,
    /// The values of a Helm chart, given as its folder or its files.
    HelmValues,
    /// Kubernetes manifests.
    Yaml,
}

/// Reads and converts files, and writes or prints the modules.
pub fn import(session: &mut Session, options: &ImportOptions) -> Outcome {
    let mut outcome = Outcome::default();
    let inputs = read_inputs(session, options, &mut outcome);
    if outcome.diags.iter().any(Diag::is_error) {
        return outcome;
    }
    let Imported { outputs, diags } = match (options.format, inputs.as_slice()) {
        (ImportFormat::Crd, inputs) => forge_import::crds(inputs, options.loss),
        (ImportFormat::JsonSchema, [input]) => forge_import::json_schema(input, options.loss),
        (ImportFormat::JsonSchema, _) => {
            outcome.diags.push(Diag::error(Code::BAD_USAGE, "a JSON Schema must be a single file"));
            return outcome;
        }
        (ImportFormat::Yaml, inputs) => manifest::import(session, inputs, options.loss),
        (ImportFormat::HelmValues, inputs) => forge_import::helm_values(&chart(inputs), options.loss),
    };
    outcome.diags.extend(diags);
    if outcome.diags.iter().any(Diag::is_error) {
        return outcome;
    }
    match (&options.out, outputs.as_slice()) {
        (Some(out), outputs) => write_outputs(session, out, outputs, options, &mut outcome),
        (None, [output]) => outcome.output.clone_from(&output.text),
        (None, outputs) => {
            let names: Vec<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
            outcome.diags.push(
                Diag::error(Code::BAD_USAGE, format!("the import creates {} modules", outputs.len()))
                    .note(format!("they are {}", names.join(", ")))
                    .help("choose a folder for them with `--out`"),
            );
        }
    }
    outcome
}

fn read_inputs(session: &Session, options: &ImportOptions, outcome: &mut Outcome) -> Vec<Input> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in &options.paths {
        let whole = normalize(&session.cwd().join(path));
        let is_chart = options.format == ImportFormat::HelmValues;
        if is_chart && session.world().is_dir(&whole) {
            let files = CHART_FILES.iter().map(|name| whole.join(name));
            found.extend(files.filter(|path| session.world().is_file(path)));
        } else if session.world().is_dir(&whole) {
            let before = found.len();
            walk(session, &whole, 0, &mut found);
            if found.len() == before {
                let headline = format!("there is no `.yaml`, `.yml` or `.json` file in `{path}`");
                outcome.diags.push(Diag::error(Code::NO_TARGET, headline));
            }
        } else if session.world().is_file(&whole) {
            found.push(whole);
        } else {
            outcome.diags.push(Diag::error(Code::NO_TARGET, format!("there is no file or folder `{path}`")));
        }
    }
    let mut inputs = Vec::new();
    for path in found {
        let name = shown(&path, session.cwd());
        match session.world().read(&path) {
            Ok(text) => inputs.push(input(&mut outcome.files, &name, text)),
            Err(error) => {
                let headline = format!("cannot read `{}`: {error}", name.display());
                outcome.diags.push(Diag::error(Code::FILE_UNREADABLE, headline));
            }
        }
    }
    inputs
}

/// The files of a chart by their names.
fn chart(inputs: &[Input]) -> Chart {
    let mut chart = Chart::default();
    for input in inputs {
        let slot = match input.name.as_str() {
            "Chart" => &mut chart.chart,
            name if name.ends_with(".schema") || input.text.trim_start().starts_with('{') => &mut chart.schema,
            _ => &mut chart.values,
        };
        *slot = Some(input.clone());
    }
    chart
}

fn input(files: &mut Files, path: &Path, text: String) -> Input {
    let text: std::sync::Arc<str> = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text).into();
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Input { file: files.add(path, std::sync::Arc::clone(&text)), name, text }
}

fn walk(session: &Session, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    for entry in session.world().list(folder).unwrap_or_default() {
        let path = folder.join(&entry.name);
        if entry.is_dir {
            if depth < MAX_DEPTH && !entry.name.starts_with('.') {
                walk(session, &path, depth + 1, found);
            }
        } else if [".yaml", ".yml", ".json"].iter().any(|ending| entry.name.ends_with(ending)) {
            found.push(path);
        }
    }
}

fn write_outputs(session: &Session, out: &str, outputs: &[Output], options: &ImportOptions, outcome: &mut Outcome) {
    let out = normalize(&session.cwd().join(out));
    let is_file = out.extension().is_some_and(|extension| extension == "forge");
    let path_of = |output: &Output| if is_file { out.clone() } else { out.join(&output.path) };
    if is_file && outputs.len() > 1 {
        let headline = format!("`--out` is a file, but the import creates {} modules", outputs.len());
        outcome.diags.push(Diag::error(Code::BAD_USAGE, headline).help("choose a folder"));
        return;
    }
    for output in outputs {
        let path = path_of(output);
        if !options.force && is_foreign(&path) {
            let name = shown(&path, session.cwd());
            outcome.diags.push(
                Diag::error(Code::FOREIGN_FILE, format!("`{}` was not written by an import", name.display()))
                    .note("nothing was written")
                    .help("move it away, or import with `--force`"),
            );
        }
    }
    if !outcome.diags.iter().any(Diag::is_error) {
        outputs.iter().for_each(|output| write_output(session, &path_of(output), &output.text, outcome));
        let plural = if outputs.len() == 1 { "module" } else { "modules" };
        outcome.summary = Some(format!("wrote {} {plural}", outputs.len()));
    }
}

fn is_foreign(path: &Path) -> bool {
    fs::read_to_string(path)
        .is_ok_and(|text| !text.lines().take_while(|line| line.starts_with("//!")).any(|line| line.contains(MARKER)))
}

fn write_output(session: &Session, path: &Path, text: &str, outcome: &mut Outcome) {
    let parent = path.parent().unwrap_or(Path::new("/"));
    if let Err(error) = fs::create_dir_all(parent).and_then(|()| create_file(path, text)) {
        let headline = format!("cannot write `{}`: {error}", shown(path, session.cwd()).display());
        outcome.diags.push(Diag::error(Code::CANNOT_WRITE, headline));
    }
}
