//! Calls the evaluator and the writers: no other code of the driver starts an evaluation.

use std::path::Path;
use std::sync::Arc;

use forge_base::diags::merge_instances;
use forge_base::{AnyCode, Code, Diag, Name, Span, World, memory};
use forge_build::{BuildTarget, LocatedViolation, OutputPart};
use forge_check::hir::{GlobalKind, Program};
use forge_check::{GlobalId, ModuleId};
use forge_emit::Sink;
use forge_emit::json::Json;
use forge_emit::walk::{NoTrace, Walker};
use forge_emit::yaml::Yaml;
use forge_eval::{Bump, Eval, Evaluator, Options, Value, Waivers};
use forge_kube::Version;

use crate::input::Inputs;
use crate::load::Loaded;
use crate::output::OutputFile;
use crate::pipeline::{Limits, Notation};

/// Everything that evaluations of a program need.
pub(crate) struct EvalContext<'m> {
    pub(crate) program: &'m Program,
    pub(crate) loaded: &'m Loaded,
    pub(crate) options: Options<'m>,
    jobs: usize,
}

/// The part of a module that is printed.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    /// All fields as one mapping.
    Fields,
    /// One field, `let` or input.
    Global(GlobalId),
}

/// The result of a test.
pub(crate) struct TestResult {
    /// Failed assertions and errors.
    pub(crate) diags: Vec<Diag>,
    /// Name, span and YAML of each snapshot.
    pub(crate) snapshots: Vec<(String, Span, String)>,
}

/// The result of a build.
#[derive(Default)]
pub(crate) struct BuildOutput {
    /// YAML documents and files in the order of the module.
    pub(crate) parts: Vec<OutputPart>,
    /// The number of output units: resources and files.
    pub(crate) units: usize,
    /// The number of resources that were validated.
    pub(crate) resources: usize,
    /// Diagnostics; if there are errors, nothing is written.
    pub(crate) diags: Vec<Diag>,
}

/// Violations of validation rules, except those that an `@allow` around the resource's source suppresses.
fn waive(loaded: &Loaded, found: Vec<LocatedViolation>) -> impl Iterator<Item = Diag> {
    let waived = if found.is_empty() { Vec::new() } else { loaded.waived() };
    let is_waived = move |found: &LocatedViolation| {
        let is_inside =
            |span: Span| waived.iter().any(|(item, code)| *code == found.diag.any_code() && item.contains(span));
        found.around.iter().any(|span| is_inside(*span))
    };
    found.into_iter().filter(move |found| !is_waived(found)).map(|found| found.diag)
}

/// Drops warnings about the source that an `@allow` around it suppresses.
pub(crate) fn waive_warnings(loaded: &Loaded, diags: &mut Vec<Diag>) {
    let waived = if diags.is_empty() { Vec::new() } else { loaded.waived() };
    diags.retain(|diag| {
        let is_inside = |(item, code): &(Span, AnyCode)| {
            *code == diag.any_code() && diag.span().is_some_and(|span| item.contains(span))
        };
        diag.is_error() || !waived.iter().any(is_inside)
    });
}

/// Rewrites an error in the value of an input.
fn bad_input(name: Name, mut diag: Diag) -> Diag {
    if diag.code != Code::MISSING_INPUT {
        diag.code = Code::BAD_INPUT;
        diag.headline = format!("invalid value for the input `{name}`: {}", diag.headline);
        let own = diag.span();
        diag.labels.retain(|label| Some(label.span) != own);
    }
    diag
}

impl<'m> EvalContext<'m> {
    pub(crate) fn new(
        program: &'m Program,
        loaded: &'m Loaded,
        world: &'m Arc<dyn World>,
        inputs: &Inputs,
        limits: &Limits,
    ) -> EvalContext<'m> {
        let options = Options {
            max_steps: limits.steps,
            max_memory: memory::budget(limits.memory),
            inputs: inputs.clone(),
            world: Some(&**world),
            roots: loaded.roots.clone(),
            package: loaded.target_root().map(Path::to_path_buf),
            waivers: Some(loaded),
            cwd: loaded.cwd.clone(),
            write_yaml: Some(forge_emit::write_yaml),
            ..Options::default()
        };
        EvalContext { program, loaded, options, jobs: limits.jobs }
    }

    /// Runs `work` with a new evaluator.
    pub(crate) fn run<T>(&self, work: impl FnOnce(&Evaluator<'_>) -> T) -> T {
        let arena = Bump::new();
        let eval = Evaluator::new(&arena, self.program, &self.loaded.files, &self.options);
        work(&eval)
    }

    /// Reports inputs whose values do not match their declarations.
    pub(crate) fn check_inputs(&self) -> Vec<Diag> {
        if self.options.inputs.is_empty() {
            return Vec::new();
        }
        let mut ids: Vec<&GlobalId> = self.options.inputs.keys().collect();
        ids.sort();
        self.run(|eval| {
            let mut diags = Vec::new();
            for id in ids {
                if let Err(error) = eval.global(*id).and_then(|value| eval.force(value)) {
                    let name = self.program.global(*id).name;
                    diags.extend(eval.diags(error).into_iter().map(|diag| bad_input(name, diag)));
                }
            }
            diags
        })
    }

    /// Builds a module and validates its resources for a version of Kubernetes.
    pub(crate) fn build(&self, module: ModuleId, kubernetes: Version) -> BuildOutput {
        let target = BuildTarget {
            program: self.program,
            files: &self.loaded.files,
            options: &self.options,
            module,
            jobs: self.jobs,
            rules: Some(kubernetes),
        };
        let built = forge_build::build(target);
        let mut diags = built.diags;
        diags.extend(waive(self.loaded, built.violations));
        let diags = merge_instances(diags);
        BuildOutput { parts: built.parts, units: built.units, resources: built.resources, diags }
    }

    /// Prints a part of the module. With errors there is no output.
    pub(crate) fn show(&self, content: Content, notation: Notation) -> (Option<String>, Vec<Diag>) {
        let (text, diags) = match notation {
            Notation::Yaml => {
                let mut yaml = Yaml::new();
                yaml.begin_document();
                let diags = self.run(|eval| self.write(eval, content, &mut yaml));
                (yaml.finish(), diags)
            }
            Notation::Json => {
                let mut json = Json::new();
                let diags = self.run(|eval| self.write(eval, content, &mut json));
                (json.finish(), diags)
            }
        };
        let diags = merge_instances(diags);
        ((!diags.iter().any(Diag::is_error)).then_some(text), diags)
    }

    fn write<S: Sink>(&self, eval: &Evaluator<'_>, content: Content, sink: &mut S) -> Vec<Diag> {
        let mut diags = match content {
            Content::Fields => self.write_fields(eval, sink),
            Content::Global(id) => {
                let span = eval.program.global(id).span;
                let written = eval.global(id).and_then(|value| write_value(eval, sink, value, span));
                written.err().map(|error| eval.diags(error)).unwrap_or_default()
            }
        };
        diags.extend(eval.take_warnings());
        diags
    }

    fn write_fields<S: Sink>(&self, eval: &Evaluator<'_>, sink: &mut S) -> Vec<Diag> {
        let mut diags = Vec::new();
        sink.begin_map();
        let [module] = self.loaded.targets[..] else { return diags };
        for (index, global) in (0..).zip(&eval.program.module(module).globals) {
            if global.kind != GlobalKind::Field {
                continue;
            }
            sink.key(global.name.as_str());
            let value = eval.global(GlobalId { module, index });
            if let Err(error) = value.and_then(|value| write_value(eval, sink, value, global.span)) {
                diags.extend(eval.diags(error));
                // The output is discarded, but the writer requires a value after each key.
                sink.null();
            }
        }
        sink.end_map();
        diags
    }

    /// Runs a test of a module.
    pub(crate) fn run_test(&self, module: ModuleId, index: usize) -> TestResult {
        self.run(|eval| {
            let test = &eval.program.module(module).tests[index];
            let run = eval.run_test(test);
            let mut result = TestResult { diags: run.diags, snapshots: Vec::new() };
            for (name, span, value) in run.snapshots {
                let mut yaml = Yaml::new();
                yaml.begin_document();
                match write_value(eval, &mut yaml, value, span) {
                    Ok(()) => result.snapshots.push((name.to_owned(), span, yaml.finish())),
                    Err(error) => result.diags.extend(eval.diags(error)),
                }
            }
            result.diags.extend(eval.take_warnings());
            result.diags = merge_instances(result.diags);
            result
        })
    }
}

fn write_value<'a, S: Sink>(eval: &Evaluator<'a>, sink: &mut S, value: Value<'a>, span: Span) -> Eval<()> {
    Walker::new(eval, sink, &mut NoTrace).value(value, Some(span))
}

/// The name of the file for a module's documents in an output folder.
pub(crate) fn documents_file(module: Name) -> String {
    format!("{}.yaml", module.as_str().rsplit('.').next().unwrap_or("main"))
}

/// The files of a build; all documents are in one file with the name `documents`.
pub(crate) fn as_files(parts: Vec<OutputPart>, documents: &str) -> Vec<OutputFile> {
    let mut files = Vec::new();
    let mut stream = String::new();
    for part in parts {
        match part {
            OutputPart::Documents(text) => forge_emit::documents::append(&mut stream, text),
            OutputPart::File { path, text } => files.push(OutputFile { path, text, span: None }),
        }
    }
    if !stream.is_empty() {
        files.insert(0, OutputFile { path: documents.to_owned(), text: stream, span: None });
    }
    files
}
