//! Imports inputs and checks the results with the real checker.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::Arc;

use forge_base::{Diag, Files};
use forge_driver::pipeline::{
    BuildOptions, CheckOptions, Destination, EvalOptions, Limits, Notation, Outcome, build, check, eval,
};
use forge_driver::{MemoryWorld, Session};
use forge_import::{Chart, Imported, Input, LossPolicy};

/// A stand-in for `std.k8s.meta.v1`, so that the tests do not load the Kubernetes modules.
const META: &str = "abstract schema Resource { apiVersion: String, kind: String, metadata: ObjectMeta }\n\
                    schema ObjectMeta { name: String?, namespace: String?, labels: {String: String}? }\n";

pub(crate) struct Fixture {
    pub files: Files,
    pub imported: Imported,
}

pub(crate) fn input(files: &mut Files, name: &str, text: &str) -> Input {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Input { file: files.add(name, text), name: stem.to_owned(), text: text.into() }
}

pub(crate) fn crds(texts: &[&str]) -> Fixture {
    crds_with(texts, LossPolicy::Reject)
}

pub(crate) fn crds_with(texts: &[&str], loss: LossPolicy) -> Fixture {
    let mut files = Files::default();
    let inputs: Vec<Input> =
        texts.iter().enumerate().map(|(at, text)| input(&mut files, &format!("in{at}.yaml"), text)).collect();
    Fixture { imported: forge_import::crds(&inputs, loss), files }
}

/// A definition of the kind `Thing` of `example.org/v1` whose `spec` has this schema, given without indentation.
pub(crate) fn thing(spec: &str) -> String {
    let spec: String = spec.lines().map(|line| format!("              {line}\n")).collect();
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: things.example.org}}\n\
         spec:\n  group: example.org\n  names: {{kind: Thing, plural: things}}\n  versions:\n  - name: v1\n    served: true\n\
         \x20   schema:\n      openAPIV3Schema:\n        type: object\n        required: [spec]\n        properties:\n          spec:\n{spec}"
    )
}

pub(crate) fn json_schema(text: &str) -> Fixture {
    json_schema_with(text, LossPolicy::Reject)
}

pub(crate) fn json_schema_with(text: &str, loss: LossPolicy) -> Fixture {
    let mut files = Files::default();
    let input = input(&mut files, "settings.schema.json", text);
    Fixture { imported: forge_import::json_schema(&input, loss), files }
}

pub(crate) fn helm(schema: Option<&str>, values: Option<&str>, chart: Option<&str>) -> Fixture {
    let mut files = Files::default();
    let chart = Chart {
        schema: schema.map(|text| input(&mut files, "values.schema.json", text)),
        values: values.map(|text| input(&mut files, "values.yaml", text)),
        chart: chart.map(|text| input(&mut files, "Chart.yaml", text)),
    };
    Fixture { imported: forge_import::helm_values(&chart, LossPolicy::Reject), files }
}

impl Fixture {
    /// Messages as `location code headline: label`.
    pub(crate) fn messages(&self) -> Vec<String> {
        shown(&self.files, &self.imported.diags)
    }

    /// The source of the only module, which must be formatted and free of errors.
    pub(crate) fn text(&self) -> &str {
        let errors: Vec<String> = self
            .messages()
            .into_iter()
            .zip(&self.imported.diags)
            .filter(|(_, d)| d.is_error())
            .map(|(m, _)| m)
            .collect();
        assert_eq!(errors, [""; 0]);
        assert_eq!(self.imported.outputs.len(), 1, "{:?}", self.imported.outputs);
        assert_checks(&self.imported);
        &self.imported.outputs[0].text
    }

    /// Evaluates a program that imports the module as `m`.
    pub(crate) fn eval(&self, program: &str) -> String {
        self.text();
        let outcome = run(&self.imported, program, |session| {
            let target = Some(String::from("main.forge"));
            let (inputs, limits) = (Vec::new(), Limits::default());
            eval(session, &EvalOptions { target, expr: None, notation: Notation::Yaml, inputs, limits })
        });
        result(outcome)
    }

    /// Builds a program that imports the module as `m`.
    pub(crate) fn build(&self, program: &str) -> String {
        self.text();
        let outcome = run(&self.imported, program, |session| {
            let (inputs, limits) = (Vec::new(), Limits::default());
            let target = String::from("main.forge");
            build(session, &BuildOptions { target, inputs, limits, destination: Destination::Stdout })
        });
        result(outcome)
    }
}

fn result(outcome: Outcome) -> String {
    let wrong = shown(&outcome.files, &outcome.diags);
    if wrong.is_empty() { outcome.output } else { wrong.join("\n") }
}

pub(crate) fn shown(files: &Files, diags: &[Diag]) -> Vec<String> {
    let show = |diag: &Diag| {
        let location = diag.span().map_or_else(|| String::from("-"), |span| files.location(span));
        let label = diag.primary.as_ref().map(|label| format!(": {}", label.text)).unwrap_or_default();
        format!("{location} {} {}{label}", diag.code, diag.headline)
    };
    diags.iter().map(show).collect()
}

fn stand_in(text: &str) -> String {
    text.replace("import std.k8s.meta.v1 as meta", "import app.meta")
}

fn world(imported: &Imported) -> MemoryWorld {
    let mut world = MemoryWorld::new()
        .with("/w/forge.toml", "[package]\nname = \"app\"\nedition = \"2026\"\n")
        .with("/w/meta.forge", META);
    for output in &imported.outputs {
        world.add(format!("/w/{}", output.path), stand_in(&output.text));
    }
    world
}

/// Runs a program next to the modules; the first of them is imported as `m`.
fn run(imported: &Imported, program: &str, command: impl FnOnce(&mut Session) -> Outcome) -> Outcome {
    let path = imported.outputs[0].path.trim_end_matches(".forge").replace('/', ".");
    let program = format!("import app.{path} as m\n{program}");
    let world = world(imported).with("/w/main.forge", program);
    command(&mut Session::new(Arc::new(world), "/w"))
}

/// Asserts that all modules are formatted and check without errors and warnings.
pub(crate) fn assert_checks(imported: &Imported) {
    for output in &imported.outputs {
        let again = forge_syntax::format(forge_base::FileId(0), &output.text).expect("it parses");
        assert_eq!(again, output.text, "{} is formatted", output.path);
    }
    let mut session = Session::new(Arc::new(world(imported)), "/w");
    let outcome = check(&mut session, &CheckOptions::default());
    assert_eq!(shown(&outcome.files, &outcome.diags), [""; 0]);
}
