//! Generates tables of the embedded files: the standard library and the pages of the error codes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let root = here.join("../..");
    fs::write(out.join("stdlib.rs"), table("STDLIB", &root.join("stdlib"), "forge", "std/")?)?;
    fs::write(out.join("prelude.rs"), prelude(&root.join("stdlib/prelude"))?)?;
    fs::write(out.join("pages.rs"), table("PAGES", &root.join("docs/errors"), "md", "")?)
}

/// A sorted slice of `(name, content)` for all files below `folder` with this extension.
fn table(name: &str, folder: &Path, extension: &str, prefix: &str) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, extension, prefix, &mut files)?;
    }
    files.sort();
    let mut code = format!("static {name}: &[(&str, &str)] = &[\n");
    for (name, path) in files {
        let path = path.display().to_string();
        writeln!(code, "    ({name:?}, include_str!({path:?})),").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// A sorted slice of the modules of the prelude, each with its declarations: name and source, without documentation. Declarations are separated by
/// blank lines.
fn prelude(folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    collect(folder, "forge", "prelude/", &mut files)?;
    files.sort();
    let mut code = String::from("static PRELUDE: &[(&str, &[(&str, &str)])] = &[\n");
    for (name, path) in files {
        let text = fs::read_to_string(path)?;
        let declarations: Vec<(&str, &str)> = text.split_inclusive("\n\n").filter_map(declaration).collect();
        writeln!(code, "    ({name:?}, &{declarations:?}),").map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// The name and source of the declaration in a paragraph; `None` for the documentation of a module.
fn declaration(paragraph: &str) -> Option<(&str, &str)> {
    let mut text = paragraph;
    while text.starts_with("//") {
        text = text.split_once('\n')?.1;
    }
    let line = text.lines().find(|line| !line.starts_with('@'))?;
    let rest = ["fn ", "type "].iter().find_map(|word| line.strip_prefix(word))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some((&rest[..end], text))
}

fn collect(folder: &Path, extension: &str, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, extension, &format!("{prefix}{name}/"), files)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push((format!("{prefix}{name}"), path));
        }
    }
    Ok(())
}
