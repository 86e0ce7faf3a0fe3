//! Benchmarks of rendering: the modules of a small program, and whole modules.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use forge_base::FileId;
use forge_kube::{Selection, Version, kind, reachable, render};

/// The field names used by a program with a Deployment and a Service.
const FIELDS: &[&str] = &[
    "metadata",
    "name",
    "namespace",
    "labels",
    "annotations",
    "spec",
    "replicas",
    "selector",
    "matchLabels",
    "template",
    "containers",
    "image",
    "ports",
    "containerPort",
    "port",
    "targetPort",
    "resources",
    "requests",
    "limits",
    "env",
    "value",
];

fn closure() -> Vec<(&'static str, &'static str)> {
    reachable([("k8s.apps.v1", "Deployment"), ("k8s.core.v1", "Service")], &|field| FIELDS.contains(&field))
}

fn pruned(path: &str, closure: &[(&str, &str)]) -> usize {
    let declaration = |name: &str| closure.contains(&(path, name));
    let wanted = Selection::Pruned { declaration: &declaration, field: &|field| FIELDS.contains(&field) };
    render(path, Version::DEFAULT, FileId(0), wanted).map_or(0, |rendered| rendered.ast.items.len())
}

fn whole(path: &str) -> usize {
    render(path, Version::DEFAULT, FileId(0), Selection::Whole).map_or(0, |rendered| rendered.source.len())
}

fn benches(c: &mut Criterion) {
    let known = closure();
    c.bench_function("kind of a Deployment", |b| b.iter(|| kind(black_box("apps/v1"), "Deployment")));
    c.bench_function("what a Deployment and a Service reach", |b| b.iter(closure));
    c.bench_function("pruned Deployment and Service", |b| {
        b.iter(|| ["k8s.apps.v1", "k8s.core.v1", "k8s.meta.v1"].map(|path| pruned(black_box(path), &known)))
    });
    c.bench_function("whole k8s.core.v1", |b| b.iter(|| whole(black_box("k8s.core.v1"))));
    c.bench_function("whole crds.prometheus.v1", |b| b.iter(|| whole(black_box("crds.prometheus.v1"))));
}

criterion_group!(all, benches);
criterion_main!(all);
