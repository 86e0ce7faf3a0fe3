//! Each `Example:` in the documentation of the standard library is true.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use forge_base::stack;
use forge_driver::pipeline::{TestOptions, test};
use forge_driver::{MemoryWorld, Session};

/// Declarations that the examples use without importing them.
const HEAD: &str = r#"
import std.encoding
import std.files
import std.graph
import std.math
import std.net
import std.output
import std.regex
import std.secrets
import std.semver
import std.text

schema Node { name: String, address: String }
let nodes: [Node by name] = { "infra-1" = { address = "10.0.0.11" }, "infra-2" = { address = "10.0.0.12" } }
"#;

const ENCRYPTED: &str = "stringData:\n  password: ENC[AES256_GCM,data:a]\nsops:\n  mac: ENC[AES256_GCM,data:b]\n";

/// The modules of the library that do not use Kubernetes types.
fn modules() -> Vec<PathBuf> {
    let stdlib = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib");
    let files =
        |folder: PathBuf| fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = files(stdlib.clone()).chain(files(stdlib.join("prelude"))).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "forge"));
    paths.sort();
    paths
}

/// A test for each example, named after its location.
fn tests_of_examples() -> (String, usize) {
    let (mut text, mut count) = (String::from(HEAD), 0);
    for path in modules() {
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        for (line, content) in fs::read_to_string(&path).expect("it can be read").lines().enumerate() {
            let Some(example) = content.strip_prefix("/// Example: `").and_then(|rest| rest.strip_suffix('`')) else {
                assert!(!content.contains("Example:"), "{name}:{}: an example with another format", line + 1);
                continue;
            };
            writeln!(text, "test \"{name}:{}\" {{ assert ({example}) }}", line + 1).expect("a string takes it");
            count += 1;
        }
    }
    (text, count)
}

#[test]
fn each_example_of_the_standard_library_is_true() {
    let (tests, count) = tests_of_examples();
    assert!(count > 300, "there are {count} examples");
    let world = MemoryWorld::new()
        .with("/p/main.forge", tests)
        .with("/p/config/nginx.conf", "server {}\n")
        .with("/p/nodes.yaml", "nodes:\n- name: infra-1\n")
        .with("/p/crds.yaml", "a: 1\n---\na: 2\n---\na: 3\n")
        .with("/p/dashboard.json", "{\"title\": \"Nodes\"}")
        .with("/p/dashboards/nodes.json", "{}")
        .with("/p/settings.toml", "port = 80\n")
        .with("/p/logo.png", b"\x89PNG\r\n\x1a\n".to_vec())
        .with("/p/secrets/db.sops.yaml", ENCRYPTED);
    let mut session = Session::new(Arc::new(world), "/p");
    let options = TestOptions { target: Some("main.forge".into()), ..TestOptions::default() };
    let outcome = stack::with_large_stack(|| test(&mut session, &options));
    let errors: Vec<_> = outcome
        .diags
        .iter()
        .filter(|diag| diag.is_error())
        .map(|diag| {
            let location = diag.span().map(|span| outcome.files.location(span)).unwrap_or_default();
            format!("{location}: {}: {} {:?}", diag.code, diag.headline, diag.notes)
        })
        .collect();
    assert!(errors.is_empty(), "{}\n{}", errors.join("\n"), outcome.output);
    assert_eq!(outcome.output.lines().filter(|line| line.starts_with("ok")).count(), count);
}
