//! Benchmark: importing many CustomResourceDefinitions.

use std::fmt::Write as _;

use criterion::{Criterion, criterion_group, criterion_main};
use forge_base::FileId;
use forge_import::{Input, LossPolicy, crds};

/// A definition of a typical size: about a hundred fields, nested lists, patterns.
fn definition(at: usize) -> String {
    let mut text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  group: g{}.example.org\n  names: {{kind: Kind{at}}}\n  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n          spec:\n            type: object\n            properties:\n",
        at % 50
    );
    for section in 0..12 {
        _ = write!(
            text,
            "              section{section}:\n                type: object\n                description: The part number {section} of the resource, and what it is good for in the long run.\n                properties:\n"
        );
        for field in 0..12 {
            _ = write!(
                text,
                "                  field{field}:\n                    description: A field that says something about section {section} of kind {at}.\n                    type: string\n                    maxLength: {}\n                    pattern: ^[a-z]{{{field},}}$\n",
                field + 20
            );
        }
        text.push_str("                  items:\n                    type: array\n                    items:\n                      type: object\n                      required: [name]\n                      properties: {name: {type: string}, value: {type: integer, minimum: 1}}\n                    x-kubernetes-list-type: map\n                    x-kubernetes-list-map-keys: [name]\n");
    }
    text
}

fn imports(c: &mut Criterion) {
    let inputs: Vec<Input> = (0..2000)
        .map(|at| Input { file: FileId(at as u32), name: format!("crd{at}"), text: definition(at).into() })
        .collect();
    let mut group = c.benchmark_group("import");
    group.sample_size(10);
    group.bench_function("2000 CRDs", |b| b.iter(|| crds(&inputs, LossPolicy::Reject).outputs.len()));
    group.finish();
}

criterion_group!(benches, imports);
criterion_main!(benches);
