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
];

/// The line of `.gitignore` for the folder that the documentation builds into.
const IGNORED: &str = include_str!("../../template/gitignore");

/// The starts of the names of files that a new repository may hold: they do not make a folder a project.
const REPOSITORY_FILES: [&str; 6] = ["readme", "license", "licence", "copying", "notice", "contributing"];

/// Whether an entry of a folder says nothing about what the folder is for: hidden ones, and what a hosting service creates.
fn is_repository_file(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with('.') || REPOSITORY_FILES.iter().any(|start| name.starts_with(start))
}

/// Creates a folder with a first program. An existing folder may hold only what a new repository holds.
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
    let entries = fs::read_dir(&folder).map(|entries| {
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| !is_repository_file(name)).min()
    });
    match entries {
        Ok(Some(entry)) => {
            let headline = format!("`{}` is not empty", options.path);
            let diag = Diag::error(Code::CANNOT_WRITE, headline).note(format!("it contains `{entry}`"));
            return Outcome::failed(Files::default(), diag.help("choose a new folder"));
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
    ignore_output(&folder.join(".gitignore"))
}

/// Adds the line for the output folder to `.gitignore`, which is created if needed.
fn ignore_output(path: &Path) -> io::Result<()> {
    let mut text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    if text.lines().any(|line| line == IGNORED.trim_end()) {
        return Ok(());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    fs::write(path, text + IGNORED)
}
