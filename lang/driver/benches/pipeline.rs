//! Benchmarks of whole commands on files in memory, from source to output.
//!
//! Run them with `cargo bench -p forge-driver`. Each group varies one dimension, so that its lines show how time grows with it.
//! Comparisons with other languages are in `benches/peers/`.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput};
use forge_driver::pipeline::{self, BuildOptions, CheckOptions, Destination, InputSource, Limits};
use forge_driver::{MemoryWorld, Session};

const ONE_RESOURCE: &str = "schema ConfigMap {
  apiVersion: \"v1\" = \"v1\"
  kind: \"ConfigMap\" = \"ConfigMap\"
  metadata: { name: String }
  data: {String: String}
}
config = ConfigMap { metadata = { name = \"x\" }, data = { a = \"1\" } }
";

fn session(text: &str) -> Session {
    Session::new(Arc::new(MemoryWorld::new().with("/p/main.forge", text)), "/p")
}

fn build(text: &str, inputs: &[(&str, &str)], jobs: usize) -> String {
    let options = BuildOptions {
        target: "main.forge".into(),
        inputs: inputs.iter().map(|(name, value)| InputSource::Value((*name).into(), (*value).into())).collect(),
        limits: Limits { jobs, ..Limits::default() },
        destination: Destination::Stdout,
    };
    let outcome = pipeline::build(&mut session(text), &options);
    assert!(!outcome.diags.iter().any(forge_base::Diag::is_error), "{:?}", outcome.diags);
    outcome.output
}

fn start(criterion: &mut Criterion) {
    criterion.bench_function("start/one resource", |bench| bench.iter(|| black_box(build(ONE_RESOURCE, &[], 1))));
}

fn peers_workload(criterion: &mut Criterion) {
    workload(criterion, "workload/toy types", include_str!("../../../benches/peers/forge/app.forge"));
    workload(criterion, "workload/types of Kubernetes", include_str!("../../../benches/peers/forge/typed.forge"));
}

fn workload(criterion: &mut Criterion, name: &str, text: &str) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20);
    for resources in [1_000_u64, 10_000] {
        group.throughput(Throughput::Elements(resources));
        for jobs in [1, 2] {
            let id = BenchmarkId::new(format!("{jobs} threads"), resources);
            group.bench_function(id, |bench| {
                bench.iter(|| black_box(build(text, &[("n", &resources.to_string())], jobs)));
            });
        }
    }
}

/// A program of about `lines` lines with schemas, instances, functions and loops.
fn large_program(lines: usize) -> String {
    let mut text = String::new();
    for i in 0..lines / 20 {
        let _ = write!(
            text,
            "/// Number {i}.
schema Web{i} {{
  name: String
  replicas: Int where it in 1..=100 = 2
  labels: {{String: String}} = {{ app = name, number = \"{i}\" }}
  image: String = \"registry.example.com/\\(name):{i}\"

  check replicas < 50, \"\\(name) wants \\(replicas)\"

  fn total(factor: Int): Int = replicas * factor + {i}
}}

let web{i} = Web{i} {{
  name = \"web-{i}\"
  replicas = if {i} % 2 == 0 {{ 3 }} else {{ 4 }}
  labels {{ extra = \"x\" }}
}}

let names{i} = [for x in 1..=3 if x != 2 {{ \"\\(web{i}.name)-\\(x)\" }}]

"
        );
    }
    text
}

fn check_lines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check lines");
    group.sample_size(10);
    for lines in [10_000, 100_000] {
        let text = large_program(lines);
        group.throughput(Throughput::Elements(text.lines().count() as u64));
        group.bench_function(BenchmarkId::from_parameter(lines), |bench| {
            bench.iter(|| {
                let options = CheckOptions { target: Some("main.forge".into()), ..CheckOptions::default() };
                let outcome = pipeline::check(&mut session(&text), &options);
                assert!(outcome.diags.is_empty(), "{:?}", outcome.diags.first());
            });
        });
    }
}

/// A resource with this data.
fn with_data(before: &str, data: &str) -> String {
    let resource = ONE_RESOURCE.replace("data = { a = \"1\" }", &format!("data = {data}"));
    format!("{before}\n{resource}")
}

fn comprehension(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("map comprehension");
    for keys in [1_000_u64, 10_000, 100_000] {
        let before =
            format!("let base: {{String: String}} = {{ for i in 0..<{keys} {{ \"key-\\(i)\" = \"value \\(i)\" }} }}");
        let text = with_data(&before, "{ for k, v in base { \"\\(k)x\" = \"\\(v)!\" } }");
        group.throughput(Throughput::Elements(keys));
        group.bench_function(BenchmarkId::from_parameter(keys), |bench| {
            bench.iter(|| black_box(build(&text, &[], 1)));
        });
    }
}

fn refinements(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("refinement chain");
    for length in [250_u64, 500, 1_000] {
        let mut before = String::from("schema S { a: String = \"0\", b: String = \"\\(a)!\" }\nlet s0 = S {}\n");
        before.extend((1..=length).map(|i| format!("let s{i} = s{} {{ a = \"{i}\" }}\n", i - 1)));
        let text = with_data(&before, &format!("{{ b = s{length}.b }}"));
        group.throughput(Throughput::Elements(length));
        group.bench_function(BenchmarkId::from_parameter(length), |bench| {
            bench.iter(|| black_box(build(&text, &[], 1)));
        });
    }
}

fn inheritance(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("inheritance levels");
    for levels in [5_u64, 10, 20] {
        let mut before = String::from("schema S0 { f0: String = \"0\" }\n");
        for i in 1..=levels {
            let _ = writeln!(before, "schema S{i} extends S{} {{ f{i}: String = \"\\(f{})+{i}\" }}", i - 1, i - 1);
        }
        let _ = write!(before, "let all = [for i in 0..<1000 {{ S{levels} {{ f0 = \"\\(i)\" }} }}]");
        let text = with_data(&before, &format!("{{ for i, s in all {{ \"\\(i)\" = s.f{levels} }} }}"));
        group.throughput(Throughput::Elements(levels));
        group.bench_function(BenchmarkId::from_parameter(levels), |bench| {
            bench.iter(|| black_box(build(&text, &[], 1)));
        });
    }
}

/// Benchmarks run on a large stack, as commands do.
fn main() {
    forge_base::stack::with_large_stack(|| {
        let mut criterion = Criterion::default().configure_from_args();
        for group in [start, peers_workload, check_lines, comprehension, refinements, inheritance] {
            group(&mut criterion);
        }
        criterion.final_summary();
    });
}
