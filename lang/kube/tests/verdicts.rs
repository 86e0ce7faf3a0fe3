//! Compares our verdicts on manifests with those of `kubernetes-validate`, which checks schemas but no further rules.
//!
//! A document that does not match the schemas must have an error here as well. Without Python or the package the test is
//! skipped; with `FORGE_ORACLES=required` in the environment it fails.

mod manifest;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use forge_kube::validate::check_resource;
use forge_kube::{Resource, Version};

use manifest::{documents, name, tree};

const FILES: [&str; 13] = [
    "admission",
    "configs",
    "duplicates",
    "foreign",
    "metadata",
    "namespaces",
    "others",
    "pods",
    "references",
    "selectors",
    "services",
    "storage",
    "workloads",
];
/// Files with complete objects. The others have only the fields that the rules across resources read.
const WHOLE: [&str; 6] = ["configs", "metadata", "others", "pods", "services", "workloads"];
const PACKAGE: &str = "kubernetes-validate==1.37.0";

#[derive(serde::Deserialize)]
struct Verdict {
    file: String,
    number: usize,
    wrong: Option<String>,
}

#[test]
fn verdicts_agree_with_the_schemas_of_kubernetes() {
    let verdicts = match ask() {
        Ok(verdicts) => verdicts,
        Err(error) => {
            let is_required = std::env::var_os("FORGE_ORACLES").is_some_and(|value| value == "required");
            assert!(!is_required, "kubernetes-validate is required: {error}");
            let _ = writeln!(io::stderr(), "SKIPPED: nothing was compared with kubernetes-validate: {error}");
            return;
        }
    };
    assert!(verdicts.len() > 80, "all documents have a verdict");
    for verdict in verdicts {
        let file = Path::new(&verdict.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
        let documents = documents(file);
        let object = Resource::new(tree(&documents[verdict.number - 1])).expect("each document is a resource");
        let has_errors = check_resource(&object, Version::DEFAULT).iter().any(|found| found.diag.is_error());
        if let Some(wrong) = verdict.wrong.filter(|_| WHOLE.contains(&file)) {
            assert!(has_errors, "{file} {}, {}: {wrong}", verdict.number, name(&object));
        }
    }
}

fn ask() -> io::Result<Vec<Verdict>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let files = FILES.map(|file| tests.join(format!("manifests/{file}.yaml")));
    let mut command = Command::new(python()?);
    let output = run(command.arg(tests.join("manifest/verdict.py")).arg(Version::DEFAULT.to_string()).args(files))?;
    Ok(serde_json::from_slice(&output)?)
}

/// A Python interpreter with the package in its own virtual environment.
fn python() -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kubernetes-validate");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if run(Command::new(&python).args(["-c", "import kubernetes_validate"])).is_err() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
    }
    Ok(python)
}

fn run(command: &mut Command) -> io::Result<Vec<u8>> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
}
