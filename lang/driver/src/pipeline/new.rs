//! `forgec new`: creates a package that builds.

use std::fs;
use std::io;
use std::path::Path;

use forge_base::{Code, Diag, Files};
use forge_kube::Version;

use crate::manifest::{FILE_NAME, is_package_name};
use crate::pipeline::Outcome;
use crate::session::Session;

/// Options of `forgec new`.
#[derive(Clone, Debug)]
pub struct NewOptions {
    /// The folder to create; its last part is the name of the package.
    pub path: String,
}

const FILES: &[(&str, &str)] = &[
    (FILE_NAME, include_str!("../../template/forge.toml")),
    ("main.forge", include_str!("../../template/main.forge")),
    (".gitignore", include_str!("../../template/gitignore")),
];

/// Creates a folder with a first program. An existing folder must be empty.
pub fn new(session: &Session, options: &NewOptions) -> Outcome {
    let folder = session.cwd().join(&options.path);
    let wrong = |code: Code, headline: String, help: &str| {
        Outcome::failed(Files::default(), Diag::error(code, headline).help(help))
    };
    let last = folder.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let name = last.to_lowercase().replace(['-', '.', ' '], "_");
    if !is_package_name(&name) {
        let help = "choose a folder name of lower-case letters, digits and `_` that starts with a letter";
        return wrong(Code::BAD_USAGE, format!("`{last}` is not a valid package name"), help);
    }
    match fs::read_dir(&folder).map(Iterator::count) {
        Ok(entries) if entries > 0 => {
            return wrong(Code::CANNOT_WRITE, format!("`{}` is not empty", options.path), "choose a new folder");
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return wrong(
                Code::CANNOT_WRITE,
                format!("cannot use `{}`: {error}", options.path),
                "choose another folder",
            );
        }
        _ => {}
    }
    if let Err(error) = write(&folder, &name) {
        return wrong(Code::CANNOT_WRITE, format!("cannot write `{}`: {error}", options.path), "choose another folder");
    }
    let path =
        if options.path.contains(char::is_whitespace) { format!("{:?}", options.path) } else { options.path.clone() };
    let summary = format!("created package `{name}`; build it with: forgec build {path}");
    Outcome { summary: Some(summary), ..Outcome::default() }
}

fn write(folder: &Path, name: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let version = Version::DEFAULT.to_string();
    for (file, text) in FILES {
        fs::write(folder.join(file), text.replace("PACKAGE", name).replace("VERSION", &version))?;
    }
    Ok(())
}
