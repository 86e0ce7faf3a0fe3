//! Generates the tables of types and documentation from the sources of pinned crates, which are read as text and
//! never compiled.
//!
//! [`sources`] locates the crates. [`core`] reads the built-in API and [`custom`] the custom resources into the
//! [`model`]. [`overlay`] and [`patches`] add what the sources lack. [`table`] writes the result.
//! `FORGE_SCHEMA_BUNDLE` names a folder with finished tables, for builds without network access.

mod core;
mod custom;
mod model;
mod names;
mod overlay;
mod patches;
mod sources;
mod table;
mod text;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

/// The generated files: types and documentation.
const TABLES: [&str; 2] = ["types.bin", "docs.bin"];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=overlay");
    println!("cargo::rerun-if-changed=schema-sources/Cargo.toml");
    println!("cargo::rerun-if-changed=schema-sources/Cargo.lock");
    println!("cargo::rerun-if-env-changed=FORGE_SCHEMA_BUNDLE");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    if let Some(bundle) = env::var_os("FORGE_SCHEMA_BUNDLE") {
        return copy_bundle(Path::new(&bundle), &out);
    }
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let packages = sources::find(&root.join("schema-sources"), &out)?;
    let overlay = overlay::read(&root.join("overlay"))?;
    let mut modules = core::read(&packages, &overlay)?;
    modules.extend(custom::read(&packages, &overlay)?);
    let (types, docs) = table::write(modules)?;
    fs::write(out.join(TABLES[0]), types)?;
    fs::write(out.join(TABLES[1]), docs)?;
    Ok(())
}

fn copy_bundle(bundle: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut tables = Vec::new();
    for name in TABLES {
        let from = bundle.join(name);
        println!("cargo::rerun-if-changed={}", from.display());
        let data = fs::read(&from).map_err(|error| format!("FORGE_SCHEMA_BUNDLE: {}: {error}", from.display()))?;
        if !data.starts_with(table::MAGIC) {
            return Err(format!("{} was not made by this version of the build script", from.display()).into());
        }
        tables.push(data);
    }
    if !table::belong_together(&tables[0], &tables[1]) {
        return Err(format!("the tables in {} were not made together", bundle.display()).into());
    }
    for (name, data) in TABLES.iter().zip(tables) {
        fs::write(out.join(name), data)?;
    }
    Ok(())
}
