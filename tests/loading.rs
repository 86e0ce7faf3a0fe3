//! Pruned loading gives the same verdict, messages and bytes as loading everything.

use std::path::Path;
use std::sync::Arc;

use forge_base::{render, stack};
use forge_driver::pipeline::{self, BuildOptions, Destination, EvalOptions, InputSource, Limits, Notation, Outcome};
use forge_driver::{Loading, MemoryWorld, OsWorld, Session};
use forge_tests::page::{self, Case};
use forge_tests::{pages, root};
use proptest::prelude::*;
use rayon::prelude::*;

/// A program, and how to open a session for it.
struct Program {
    name: String,
    open: Box<dyn Fn() -> Session + Send + Sync>,
    target: String,
    inputs: Vec<InputSource>,
}

impl Program {
    fn of_case(case: Case) -> Program {
        let world = case
            .files
            .iter()
            .fold(MemoryWorld::new(), |world, (path, text)| world.with(Path::new("/case").join(path), text.as_str()));
        Program {
            name: format!("{} (line {})", case.name, case.line),
            open: Box::new(move || Session::new(Arc::new(world.clone()), "/case")),
            target: case.target,
            inputs: case.inputs.into_iter().map(InputSource::from).collect(),
        }
    }

    fn of_text(text: String) -> Program {
        let world = MemoryWorld::new().with("/p/main.forge", text.as_str());
        let open = Box::new(move || Session::new(Arc::new(world.clone()), "/p"));
        Program { name: text, open, target: String::from("main.forge"), inputs: Vec::new() }
    }

    /// The exit code, output and messages of a build and an evaluation.
    fn results(&self, loading: Loading) -> [String; 2] {
        let limits = Limits { steps: 5_000_000, memory: 256 << 20, jobs: 1 };
        let session = || {
            let mut session = (self.open)();
            session.set_loading(loading);
            session
        };
        let build = BuildOptions {
            target: self.target.clone(),
            inputs: self.inputs.clone(),
            limits: limits.clone(),
            destination: Destination::Stdout,
        };
        let eval = EvalOptions {
            target: Some(self.target.clone()),
            expr: None,
            notation: Notation::Yaml,
            inputs: self.inputs.clone(),
            limits,
        };
        stack::with_large_stack(|| {
            [pipeline::build(&mut session(), &build), pipeline::eval(&mut session(), &eval)].map(|found| shown(&found))
        })
    }

    /// The first difference between pruned and whole loading.
    fn difference(&self) -> Option<String> {
        let [pruned, whole] = [Loading::Pruned, Loading::Whole].map(|loading| self.results(loading));
        let differs = pruned.iter().zip(&whole).find(|(pruned, whole)| pruned != whole)?;
        Some(format!("{}\n--- pruned\n{}\n--- whole\n{}", self.name, differs.0, differs.1))
    }
}

fn shown(outcome: &Outcome) -> String {
    let messages = render::text(&outcome.files, &outcome.diags, render::Color::Never);
    format!("{:?}\n{}\n{messages}", outcome.exit(), outcome.output)
}

fn assert_equal(programs: Vec<Program>) {
    assert!(!programs.is_empty());
    let differences: Vec<String> = programs.par_iter().filter_map(Program::difference).collect();
    assert!(differences.is_empty(), "{} programs differ\n{}", differences.len(), differences.join("\n\n"));
}

#[test]
fn cases_of_all_pages() {
    let mut programs = Vec::new();
    for path in ["tests/spec", "docs"].iter().flat_map(|folder| pages(folder)) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let cases = page::read(&name, &std::fs::read_to_string(&path).unwrap());
        programs.extend(cases.into_iter().filter(|case| !case.is_fragment).map(Program::of_case));
    }
    assert_equal(programs);
}

#[test]
fn examples_and_clusters() {
    let mut programs = Vec::new();
    for folder in ["examples", "clusters"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap().flatten() {
            let path = entry.path();
            if path.join("main.forge").is_file() {
                programs.push(Program {
                    name: path.display().to_string(),
                    open: Box::new(move || Session::new(Arc::new(OsWorld), &path)),
                    target: String::from("."),
                    inputs: Vec::new(),
                });
            }
        }
    }
    assert_equal(programs);
}

/// Kinds, with bodies of which some are incomplete or wrong.
const KINDS: &[(&str, &str, &[&str])] = &[
    (
        "std.k8s.apps.v1",
        "Deployment",
        &[
            "",
            "spec {}",
            "spec { selector { matchLabels { a = \"b\" } } }",
            "spec { selector { matchLabels { a = \"b\" } }, template {} }",
            "spec { selector { matchLabels { a = \"b\" } }, template { metadata { labels { a = \"b\" } }, spec {} } }",
            "spec { selector { matchLabels { a = \"b\" } }, template { metadata { labels { a = \"b\" } }, spec { containers { c = { image = \"c:1\", ports = [{ containerPort = 1 }] } } } } }",
            "spec { selector {}, template { spec { volumes { v = {} }, containers { c = { volumeMounts { \"/x\" = { name = \"v\" } } } } } } }",
        ],
    ),
    (
        "std.k8s.core.v1",
        "Service",
        &["", "spec {}", "spec { ports = [{}] }", "spec { ports = [{ port = 80 }] }", "spec { typ = 1 }"],
    ),
    (
        "std.k8s.core.v1",
        "PersistentVolumeClaim",
        &["", "spec { accessModes = [\"ReadWriteOnce\"] }", "spec { resources {} }"],
    ),
    (
        "std.k8s.batch.v1",
        "CronJob",
        &["", "spec { schedule = \"0 0 * * *\" }", "spec { schedule = \"@daily\", jobTemplate {} }"],
    ),
    (
        "std.k8s.networking.v1",
        "Ingress",
        &["", "spec { rules = [{}] }", "spec { rules = [{ http { paths = [{}] } }] }", "spec { defaultBackend {} }"],
    ),
    ("std.k8s.networking.v1", "NetworkPolicy", &["", "spec {}", "spec { ingress = [{}] }"]),
    (
        "std.k8s.rbac.v1",
        "RoleBinding",
        &["", "roleRef {}", "roleRef { kind = \"Role\", name = \"r\" }", "subjects = [{}]"],
    ),
    (
        "std.k8s.autoscaling.v2",
        "HorizontalPodAutoscaler",
        &["", "spec {}", "spec { maxReplicas = 2 }", "spec { metrics = [{}] }"],
    ),
    ("std.k8s.policy.v1", "PodDisruptionBudget", &["", "spec {}", "spec { minAvailable = 1 }"]),
    ("std.crds.victoria_metrics.v1beta1", "VMRule", &["", "spec {}", "spec { groups = [{}] }"]),
    ("std.crds.flux.kustomize.v1", "Kustomization", &["", "spec {}", "spec { interval = \"1h\" }"]),
    ("std.crds.kustomize.config.v1beta1", "Kustomization", &["", "resources = [\"a\"]", "patches = [{}]"]),
];

/// Names that the program mentions without using them: they select what is loaded.
const MENTIONED: &[&str] =
    &["template", "spec", "containers", "port", "selector", "groups", "jobTemplate", "sourceRef", "unused"];

fn program() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(KINDS);
    let metadata = prop::sample::select(&["", "metadata {}", "metadata { name = \"a\" }", "metadata { nam = 1 }"][..]);
    let mentioned = prop::sample::subsequence(MENTIONED, 0..3);
    let form = prop::sample::select(&["plain", "refined", "held", "read"][..]);
    (kind, any::<prop::sample::Index>(), metadata, mentioned, form).prop_map(
        |((module, kind, bodies), index, metadata, mentioned, form)| {
            let body = [metadata, *index.get(bodies)].into_iter().filter(|part| !part.is_empty());
            let body = body.collect::<Vec<_>>().join("\n  ");
            let mentions: String = mentioned.iter().map(|name| format!("_{name} = {{ {name} = 1 }}\n")).collect();
            let value = match form {
                "refined" => {
                    format!("let base = {kind} {{ metadata {{ name = \"a\" }} }}\na = base {{\n  {body}\n}}\n")
                }
                "held" => format!("schema App {{ x: {kind} = {kind} {{\n  {body}\n}} }}\na = App {{}}\n"),
                "read" => format!("a = {kind} {{\n  {body}\n}}\n_n = a.metadata.name\n"),
                _ => format!("a = {kind} {{\n  {body}\n}}\n"),
            };
            format!("import {module}.{{{kind}}}\n{mentions}{value}")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_resources(text in program()) {
        prop_assert_eq!(Program::of_text(text).difference(), None);
    }
}
