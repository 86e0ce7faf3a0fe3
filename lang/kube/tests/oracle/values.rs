//! Known values of fields from the package `kubernetes-models`, which is generated from Kubernetes 1.36.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The pinned version.
const PACKAGE: &str = "kubernetes-models@5.1.0";

/// The known values of each field, keyed like `apps/v1/DeploymentStrategy.type`.
pub(crate) type Values = BTreeMap<String, BTreeSet<String>>;

/// Unpacks the package once, below the target folder, without running any of its code.
pub(crate) fn theirs() -> io::Result<Values> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kubernetes-models");
    if !folder.join("package").is_dir() {
        std::fs::create_dir_all(&folder)?;
        let packed = super::theirs::run(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(&folder))?;
        super::theirs::run(Command::new("tar").args(["xzf", packed.trim()]).current_dir(&folder))?;
    }
    let mut values = Values::new();
    for group in children(&folder.join("package"))? {
        for version in children(&group)? {
            read_file(&version, &mut values)?;
            for file in children(&version)? {
                read_file(&file, &mut values)?;
            }
        }
    }
    Ok(values)
}

fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    folder.read_dir()?.map(|entry| Ok(entry?.path())).collect()
}

/// Reads a file such as `apps/v1/DeploymentStrategy.d.ts`. Files of the core group have no group folder.
fn read_file(path: &Path, values: &mut Values) -> io::Result<()> {
    let text = path.to_string_lossy().into_owned();
    let Some((_, type_path)) = text.strip_suffix(".d.ts").and_then(|text| text.split_once("/package/")) else {
        return Ok(());
    };
    let source = std::fs::read_to_string(path)?;
    let lines = source.lines().skip_while(|line| !line.starts_with("export interface")).take_while(|line| *line != "}");
    for line in lines {
        let Some((name, ty)) = line.trim().strip_prefix('"').and_then(|line| line.split_once('"')) else { continue };
        let ty = ty.trim_start_matches(['?', ':', ' ']).trim_end_matches(';');
        let ty = ty.strip_prefix("Array<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(ty);
        let literals = ty.split(" | ").map(|part| part.strip_prefix('"')?.strip_suffix('"'));
        let literals: Option<BTreeSet<String>> = literals.map(|part| part.map(str::to_owned)).collect();
        if let Some(literals) = literals.filter(|literals| literals.len() > 1) {
            values.insert(format!("{type_path}.{name}"), literals);
        }
    }
    Ok(())
}
