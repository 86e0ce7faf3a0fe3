//! Validates the output of `--format sarif` with the published schema of SARIF 2.1.0.
//!
//! The schema is installed from npm and the validator from PyPI, both into the target folder. If they cannot be installed, the test is
//! skipped with a message, unless `FORGE_ORACLES=required` is set.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::project::{Project, WEB};

/// The npm package with the schema.
const SCHEMA: &str = "@microsoft/jest-sarif@1.0.0-beta.0";
/// The PyPI package with the validator.
const CHECKER: &str = "jsonschema==4.*";

fn run(command: &mut Command, input: &str) -> io::Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(text) } else { Err(io::Error::other(format!("{command:?}: {text}"))) }
}

/// The paths of a Python with the validator, and of the schema.
fn install() -> io::Result<(PathBuf, PathBuf)> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif");
    std::fs::create_dir_all(&folder)?;
    let python = folder.join(if cfg!(windows) { "venv/Scripts/python.exe" } else { "venv/bin/python" });
    if run(Command::new(&python).args(["-c", "import jsonschema"]), "").is_err() {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")), "")?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", CHECKER]), "")?;
    }
    let schema = folder.join("package/lib/schemas/sarif-2.1.0-rtm.5.json");
    if !schema.is_file() {
        let packed = run(Command::new("npm").args(["pack", "--silent", SCHEMA]).current_dir(&folder), "")?;
        let file = packed.lines().last().unwrap_or_default().trim().to_owned();
        run(Command::new("tar").args(["xzf", &file]).current_dir(&folder), "")?;
    }
    Ok((python, schema))
}

#[test]
fn logs_are_valid_sarif() {
    let (python, schema) = match install() {
        Ok(installed) => installed,
        Err(error) => {
            let is_required = std::env::var_os("FORGE_ORACLES").is_some_and(|value| value == "required");
            assert!(!is_required, "the schema of SARIF is required: {error}");
            // Written directly, so that the test harness does not capture it.
            let _ = writeln!(io::stderr(), "SKIPPED: no schema checked SARIF: {error}");
            return;
        }
    };
    let programs = [
        WEB.to_owned(),
        format!("import std.math\n{WEB}"),
        WEB.replace("name = \"web\"", "nmae = 1"),
        String::from("a = 5m + 1h\nb = \u{1F600}nope\nc = 3 {\n"),
        String::from("a = 1 / 0\nimport .nowhere\n"),
    ];
    for program in programs {
        let project = Project::new(&[("main.forge", &program)]);
        let log = project.run(&["check", "--format", "sarif"]);
        let text = if log.out.trim().is_empty() { log.err } else { log.out };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/sarif.py");
        let checked = run(Command::new(&python).arg(script).arg(&schema), &text);
        assert!(
            checked.is_ok(),
            "{program}\n{text}\n{}",
            checked.err().map_or(String::new(), |error| error.to_string())
        );
    }
}
