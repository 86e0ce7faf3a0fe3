//! The readers. External readers get all documents in one call.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use forge_emit::yaml::Yaml;
use serde_json::{Value, json};

/// The required version: its behavior is part of the test.
const PYYAML: &str = "pyyaml==6.0.3";

/// The documents as every available reader reads them. `values` are the documents, `texts` their YAML.
pub(crate) fn read_all(values: &[Value], texts: &[String]) -> Vec<(String, Vec<Value>)> {
    let mut read = vec![("serde-saphyr".to_owned(), texts.iter().map(|text| saphyr(text)).collect())];
    match pyyaml(texts) {
        Ok(more) => read.extend(more),
        Err(error) => missing("PyYAML", &error),
    }
    match kubectl(values) {
        Ok(documents) => read.push(("kubectl".to_owned(), documents)),
        Err(error) => missing("kubectl", &error),
    }
    read
}

fn missing(reader: &str, error: &io::Error) {
    let is_required = std::env::var_os("FORGE_ORACLES").is_some_and(|value| value == "required");
    assert!(!is_required, "{reader} is required: {error}");
    // Directly to standard error: the test harness captures `eprintln!`.
    let _ = writeln!(io::stderr(), "SKIPPED: {reader} is not available: {error}");
}

fn saphyr(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| json!({"<error>": error.to_string()}))
}

fn pyyaml(texts: &[String]) -> io::Result<Vec<(String, Vec<Value>)>> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let python =
        PYTHON.get_or_init(|| python().map_err(|error| error.to_string())).clone().map_err(io::Error::other)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/yaml/pyyaml.py");
    let output = run(Command::new(python).arg(script), serde_json::to_string(texts)?.into_bytes())?;
    let read: serde_json::Map<String, Value> = serde_json::from_slice(&output)?;
    Ok(read.into_iter().map(|(name, values)| (name, values.as_array().cloned().unwrap_or_default())).collect())
}

/// A Python with PyYAML in a virtual environment of its own.
fn python() -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pyyaml");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if run(Command::new(&python).args(["-c", "import yaml"]), Vec::new()).is_err() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder), Vec::new())?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PYYAML]), Vec::new())?;
    }
    Ok(python)
}

/// Reads all documents as one stream of Kubernetes resources, which tests the splitting of documents too.
fn kubectl(values: &[Value]) -> io::Result<Vec<Value>> {
    let mut yaml = Yaml::new();
    for (at, value) in values.iter().enumerate() {
        yaml.begin_document();
        let name = format!("d{at}");
        super::write(
            &json!({"apiVersion": "example.com/v1", "kind": "Probe", "metadata": {"name": name}, "spec": value}),
            &mut yaml,
        );
    }
    let stream = yaml.finish();
    let output =
        run(Command::new("kubectl").args(["label", "--local", "-f", "-", "x=y", "-o", "json"]), stream.into_bytes())?;
    let resources = serde_json::Deserializer::from_slice(&output).into_iter::<Value>();
    resources.map(|resource| Ok(resource?.get_mut("spec").map(Value::take).unwrap_or_default())).collect()
}

/// Runs a command with some input; its standard error becomes the error.
fn run(command: &mut Command, input: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdin = child.stdin.take();
    let writer = std::thread::spawn(move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(&input)));
    let output = child.wait_with_output()?;
    let written = writer.join().map_err(|_| io::Error::other("the writer panicked"))?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    written.map(|()| output.stdout)
}
