//! Measures the speed of writing YAML and JSON.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use forge_emit::Sink;
use forge_emit::json::Json;
use forge_emit::yaml::Yaml;

/// The number of Deployments per iteration.
const COUNT: usize = 1_000;

fn text_entries(sink: &mut impl Sink, entries: &[(&str, &str)]) {
    sink.begin_map();
    for (key, text) in entries {
        sink.key(key);
        sink.string(text);
    }
    sink.end_map();
}

fn entry(sink: &mut impl Sink, key: &str, entries: &[(&str, &str)]) {
    sink.key(key);
    text_entries(sink, entries);
}

fn container(sink: &mut impl Sink) {
    sink.begin_map();
    sink.key("name");
    sink.string("app");
    sink.key("image");
    sink.string("ghcr.io/example/app:1.25.3");
    sink.key("args");
    sink.begin_list();
    for argument in ["--listen=:8080", "--log-level=info", "--config=/etc/app/config.yaml"] {
        sink.item();
        sink.string(argument);
    }
    sink.end_list();
    sink.key("ports");
    sink.begin_list();
    sink.item();
    sink.begin_map();
    sink.key("containerPort");
    sink.int(8080);
    sink.end_map();
    sink.end_list();
    sink.key("resources");
    sink.begin_map();
    entry(sink, "requests", &[("cpu", "100m"), ("memory", "128Mi")]);
    entry(sink, "limits", &[("memory", "256Mi")]);
    sink.end_map();
    sink.end_map();
}

fn deployment(sink: &mut impl Sink) {
    let labels = [("app.kubernetes.io/name", "app"), ("app.kubernetes.io/instance", "app-prod")];
    sink.begin_map();
    sink.key("apiVersion");
    sink.string("apps/v1");
    sink.key("kind");
    sink.string("Deployment");
    sink.key("metadata");
    sink.begin_map();
    sink.key("name");
    sink.string("app");
    entry(sink, "labels", &labels);
    entry(sink, "annotations", &[("example.org/restart", "true"), ("example.org/revision", "42")]);
    sink.end_map();
    sink.key("spec");
    sink.begin_map();
    sink.key("replicas");
    sink.int(3);
    sink.key("selector");
    sink.begin_map();
    entry(sink, "matchLabels", &labels);
    sink.end_map();
    sink.key("template");
    sink.begin_map();
    sink.key("spec");
    sink.begin_map();
    sink.key("containers");
    sink.begin_list();
    sink.item();
    container(sink);
    sink.end_list();
    sink.end_map();
    sink.end_map();
    sink.end_map();
    sink.end_map();
}

fn deployments(yaml: &mut Yaml) {
    for _ in 0..COUNT {
        yaml.begin_document();
        deployment(yaml);
    }
}

/// A map of strings that need no quotes.
fn plain_strings(sink: &mut impl Sink) {
    sink.begin_map();
    for _ in 0..COUNT {
        sink.key("description");
        sink.string("a plain sentence of words, such as people write into annotations and descriptions");
    }
    sink.end_map();
}

/// Scripts and files, as ConfigMaps hold them.
fn blocks(sink: &mut Yaml) {
    let script = "#!/bin/sh\nset -eu\n\n# Wait for the database.\nuntil pg_isready -h \"$HOST\"; do\n  sleep 1\ndone\n"
        .repeat(8);
    sink.begin_map();
    for number in 0..COUNT {
        sink.key("data");
        sink.begin_map();
        sink.key("start.sh");
        sink.string(&script[number % 7..]);
        sink.end_map();
    }
    sink.end_map();
}

type Write = fn(&mut Yaml);

fn yaml_of(capacity: usize, write: Write) -> String {
    let mut yaml = Yaml::with_capacity(capacity);
    write(&mut yaml);
    yaml.finish()
}

fn writing(criterion: &mut Criterion) {
    let cases: [(&str, Write); 3] =
        [("deployments", deployments), ("plain strings", plain_strings), ("blocks", blocks)];
    let mut group = criterion.benchmark_group("yaml");
    for (name, write) in cases {
        let size = yaml_of(0, write).len();
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| (), |()| black_box(yaml_of(size + 64, write)), BatchSize::SmallInput);
        });
    }
    group.finish();
    let json = |mut json: Json| {
        json.begin_list();
        for _ in 0..COUNT {
            json.item();
            deployment(&mut json);
        }
        json.end_list();
        json.finish()
    };
    let mut group = criterion.benchmark_group("json");
    group.throughput(Throughput::Bytes(json(Json::new()).len() as u64));
    group.bench_function("deployments", |bencher| bencher.iter(|| black_box(json(Json::new()))));
    group.finish();
}

criterion_group!(benches, writing);
criterion_main!(benches);
