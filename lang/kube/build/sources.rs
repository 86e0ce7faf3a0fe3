//! Locates the sources of the pinned crates.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The `src` folder of each package, by name.
pub(crate) type Packages = BTreeMap<String, PathBuf>;

/// Locates the packages with `cargo metadata`, which downloads missing ones.
///
/// The manifest is first copied to the output folder, so that no enclosing workspace applies and nothing is written
/// next to the sources.
pub(crate) fn find(manifest: &Path, out: &Path) -> Result<Packages, Box<dyn Error>> {
    let copy = out.join("schema-sources");
    fs::create_dir_all(copy.join("src"))?;
    for file in ["Cargo.toml", "Cargo.lock", "src/lib.rs"] {
        fs::copy(manifest.join(file), copy.join(file)).map_err(|error| format!("schema-sources/{file}: {error}"))?;
    }
    let output = Command::new(env::var("CARGO")?)
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(copy.join("Cargo.toml"))
        .output()?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "cannot fetch the crates that describe the Kubernetes API.\n\
             The build reads them once from the registry. Without network access, set FORGE_SCHEMA_BUNDLE to a folder\n\
             with types.bin and docs.bin from another build (in target/*/build/forge-kube-*/out).\n{stderr}"
        )
        .into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    Ok(packages
        .iter()
        .filter_map(|package| {
            let source = Path::new(package["manifest_path"].as_str()?).with_file_name("src");
            Some((package["name"].as_str()?.to_owned(), source))
        })
        .collect())
}

/// All Rust files below a folder, sorted by path.
pub(crate) fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
