//! Readers of YAML other than our own: PyYAML, kubectl, and serde-saphyr in the test itself.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What a reader saw in each text, in order.
pub(crate) type Seen = Vec<Result<Value, String>>;

/// Says that a reader is missing, which is a failure where all are required.
fn skip(reader: &str, why: &str) {
    eprintln!("SKIPPED: nothing is compared with {reader}: {why}");
    assert!(std::env::var_os("FORGE_REQUIRE_READERS").is_none(), "{reader} is required: {why}");
}

/// Reads as YAML 1.2.
pub(crate) fn saphyr(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str(text).map_err(|error| format!("{error}"))
}

/// Reads with both parsers of PyYAML. Empty where it cannot be had.
pub(crate) fn pyyaml(texts: &[String]) -> Vec<(String, Seen)> {
    let python = match python_with_yaml() {
        Ok(python) => python,
        Err(why) => {
            skip("PyYAML", &why);
            return Vec::new();
        }
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/yaml/read_pyyaml.py");
    let input = serde_json::to_vec(texts).unwrap();
    let output = run(Command::new(python).arg(script), input).unwrap();
    let answers: Vec<serde_json::Map<String, Value>> = serde_json::from_slice(&output).unwrap();
    assert_eq!(answers.len(), texts.len());
    let parsers: Vec<String> = answers.first().map_or_else(Vec::new, |first| first.keys().cloned().collect());
    let seen_by = |parser: &String| answers.iter().map(|answer| python_value(&answer[parser])).collect();
    parsers.iter().map(|parser| (format!("PyYAML ({parser})"), seen_by(parser))).collect()
}

fn python_value(value: &Value) -> Result<Value, String> {
    match value.as_str().and_then(|text| text.strip_prefix("!error ")) {
        Some(error) => Err(error.to_owned()),
        None => Ok(value.clone()),
    }
}

/// A Python that has PyYAML: the system's, or one of a virtual environment that is made for it.
fn python_with_yaml() -> Result<PathBuf, String> {
    let has_yaml = |python: &Path| {
        let status = Command::new(python).args(["-c", "import yaml"]).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    let system = PathBuf::from("python3");
    if has_yaml(&system) {
        return Ok(system);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pyyaml");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !has_yaml(&python) {
        run(Command::new(&system).args(["-m", "venv"]).arg(&folder), Vec::new())?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "pyyaml>=6,<7"]), Vec::new())?;
    }
    if has_yaml(&python) { Ok(python) } else { Err("pip did not install it".to_owned()) }
}

/// How many documents kubectl gets at once.
const BATCH: usize = 250;

/// Reads as Kubernetes does. `None` where there is no kubectl. Every text must be a map.
pub(crate) fn kubectl(texts: &[String]) -> Option<Seen> {
    if let Err(why) = run(Command::new("kubectl").args(["version", "--client"]), Vec::new()) {
        skip("kubectl", &why);
        return None;
    }
    Some(texts.chunks(BATCH).flat_map(kubectl_batch).collect())
}

fn kubectl_batch(texts: &[String]) -> Seen {
    match kubectl_read(texts) {
        Ok(values) => values.into_iter().map(Ok).collect(),
        Err(why) if texts.len() == 1 => vec![Err(why)],
        Err(_) => {
            let (left, right) = texts.split_at(texts.len() / 2);
            let mut seen = kubectl_batch(left);
            seen.extend(kubectl_batch(right));
            seen
        }
    }
}

fn kubectl_read(texts: &[String]) -> Result<Vec<Value>, String> {
    let documents: Vec<String> = texts.iter().map(|text| resource(text)).collect();
    let mut kubectl = Command::new("kubectl");
    kubectl.args(["label", "--local", "-f", "-", "a=b", "-o", "json"]);
    let output = run(&mut kubectl, documents.join("---\n").into_bytes())?;
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_slice(&output).into_iter().collect();
    let values = values.map_err(|error| error.to_string())?;
    if values.len() != texts.len() {
        return Err(format!("{} documents became {}", texts.len(), values.len()));
    }
    Ok(values.into_iter().map(|value| value.get("spec").cloned().unwrap_or_else(|| json!("nothing"))).collect())
}

/// A resource that holds the map of `text` in its `spec`.
fn resource(text: &str) -> String {
    let head = "apiVersion: example.org/v1\nkind: Thing\nmetadata:\n  name: x\nspec:";
    if text == "{}\n" {
        return format!("{head} {text}");
    }
    let mut document = format!("{head}\n");
    for line in text.split_inclusive('\n') {
        document.push_str(if line == "\n" { "" } else { "  " });
        document.push_str(line);
    }
    document
}

fn run(command: &mut Command, input: Vec<u8>) -> Result<Vec<u8>, String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    // A program that fails may not have read everything.
    let _ = writer.join();
    if output.status.success() { Ok(output.stdout) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}
