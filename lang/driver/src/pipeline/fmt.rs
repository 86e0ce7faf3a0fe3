//! `forgec fmt`: formats source files.

use std::path::{Path, PathBuf};

use forge_base::{Code, Diag};

use crate::output::{Paint, replace_file, unified};
use crate::pipeline::Outcome;
use crate::session::Session;
use crate::world::shown;

/// The sources to format.
#[derive(Clone, Debug)]
pub enum FmtSource {
    /// Files and folders.
    Paths(Vec<String>),
    /// The content of standard input; the result is written to standard output.
    Text(String),
}

/// Options of `forgec fmt`.
#[derive(Clone, Debug)]
pub struct FmtOptions {
    /// The sources to format.
    pub source: FmtSource,
    /// Whether differences are only reported.
    pub check: bool,
    /// Whether differences are colored.
    pub paint: Paint,
}

/// Formats files in place, or reports which are not formatted. A file with syntax errors is not changed.
pub fn fmt(session: &mut Session, options: &FmtOptions) -> Outcome {
    let mut outcome = Outcome::default();
    let paths = match &options.source {
        FmtSource::Text(text) => {
            format_text(text, options, &mut outcome);
            return outcome;
        }
        FmtSource::Paths(paths) => paths,
    };
    let mut changed = 0;
    let files = find(session, paths, &mut outcome);
    for path in &files {
        changed += usize::from(format_file(session, path, options, &mut outcome));
    }
    if options.check && changed > 0 {
        let headline = format!("{changed} of {} not formatted", count(files.len()));
        outcome.diags.push(Diag::error(Code::NOT_FORMATTED, headline).help("run `forgec fmt`"));
    } else if changed > 0 {
        outcome.summary = Some(format!("formatted {changed} of {}", count(files.len())));
    }
    outcome
}

fn count(files: usize) -> String {
    if files == 1 { String::from("1 file") } else { format!("{files} files") }
}

fn find(session: &mut Session, paths: &[String], outcome: &mut Outcome) -> Vec<PathBuf> {
    let here = [String::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut found = Vec::new();
    for path in paths {
        match session.find_files(path) {
            Ok(files) => found.extend(files),
            Err(diag) => outcome.diags.push(*diag),
        }
    }
    found.sort();
    found.dedup();
    found
}

fn format_text(text: &str, options: &FmtOptions, outcome: &mut Outcome) {
    let file = outcome.files.add("<stdin>", text);
    match forge_syntax::format(file, text) {
        Err(diags) => outcome.diags = diags,
        Ok(new) if options.check => {
            outcome.output = unified(Some(text), Some(&new), "<stdin>", options.paint);
            if new != text {
                outcome.diags.push(Diag::error(Code::NOT_FORMATTED, "standard input is not formatted"));
            }
        }
        Ok(new) => outcome.output = new,
    }
}

/// Formats a file. Returns whether it was, or would be, changed.
fn format_file(session: &Session, path: &Path, options: &FmtOptions, outcome: &mut Outcome) -> bool {
    let name = shown(path, session.cwd());
    let text = match session.world().read(path) {
        Ok(text) => text,
        Err(error) => {
            let headline = format!("cannot read `{}`: {error}", name.display());
            outcome.diags.push(Diag::error(Code::FILE_UNREADABLE, headline));
            return false;
        }
    };
    let file = outcome.files.add(name.clone(), text.as_str());
    let new = match forge_syntax::format(file, &text) {
        Ok(new) => new,
        Err(diags) => {
            outcome.diags.extend(diags);
            return false;
        }
    };
    if new == text {
        return false;
    }
    if options.check {
        outcome.output.push_str(&unified(Some(&text), Some(&new), &name.display().to_string(), options.paint));
    } else if let Err(error) = replace_file(path, &new) {
        let headline = format!("cannot write `{}`: {error}", name.display());
        outcome.diags.push(Diag::error(Code::CANNOT_WRITE, headline));
        return false;
    }
    true
}
